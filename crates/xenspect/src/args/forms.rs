//! The forms of a report of `verify`, and where they go: one to standard output, any number to files.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

/// What the report is written as.
#[derive(Debug, Args)]
pub(crate) struct Forms {
    /// Form of the report on standard output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,

    /// Also write the report to FILE in this form; can be given several times
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = OsStringValueParser::new().try_map(report_file))]
    pub(crate) files: Vec<ReportFile>,
}

/// Forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs: one document, whose fields are added to but never renamed
    Json,
    /// For programs: a JSON object a line, as inputs are done
    Jsonl,
    /// JUnit XML, which CI systems show as test results
    Junit,
    /// SARIF 2.1.0, for code scanning and collectors of findings
    Sarif,
    /// For the summary of a CI job
    Markdown,
    /// One page by itself, for a browser and for printing
    Html,
    /// One line for Nagios and Icinga; the exit status is theirs: 0, 1, 2 or 3
    Nagios,
    /// Metrics for the textfile collector of Prometheus
    Prometheus,
}

impl Format {
    /// Its name on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Nagios => "nagios",
            Self::Prometheus => "prometheus",
        }
    }
}

/// A file that a report goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportFile {
    pub(crate) format: Format,
    pub(crate) path: PathBuf,
}

/// Takes `FORMAT=FILE` apart. A file's name may be anything that the system allows.
// Called by the parser, which hands over what it has.
#[allow(clippy::needless_pass_by_value)]
fn report_file(argument: OsString) -> Result<ReportFile, String> {
    let (format, path) = parted(&argument).ok_or_else(|| {
        format!(
            "must be a form and a file, `junit=report.xml` for instance; the forms are {}",
            names()
        )
    })?;
    let format = Format::value_variants()
        .iter()
        .copied()
        .find(|known| known.name() == format)
        .ok_or_else(|| format!("is no form of a report; the forms are {}", names()))?;
    match path.as_os_str().to_str() {
        Some("") => Err("names no file".to_owned()),
        Some("-") => Err("standard output is what --format is for".to_owned()),
        _ => Ok(ReportFile { format, path }),
    }
}

fn names() -> String {
    let names: Vec<&str> = Format::value_variants()
        .iter()
        .map(|format| format.name())
        .collect();
    names.join(", ")
}

#[cfg(unix)]
fn parted(argument: &OsStr) -> Option<(&str, PathBuf)> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = argument.as_bytes();
    let at = bytes.iter().position(|byte| *byte == b'=')?;
    let format = std::str::from_utf8(bytes.get(..at)?).ok()?;
    let path = OsStr::from_bytes(bytes.get(at.checked_add(1)?..)?);
    Some((format, Path::new(path).to_owned()))
}

#[cfg(not(unix))]
fn parted(argument: &OsStr) -> Option<(&str, PathBuf)> {
    let (format, path) = argument.to_str()?.split_once('=')?;
    Some((format, Path::new(path).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_parser() {
        for format in Format::value_variants() {
            let value = format.to_possible_value().unwrap();
            assert_eq!(value.get_name(), format.name());
        }
    }

    #[test]
    fn a_form_and_a_file() {
        let file = report_file("json=a=b/c.json".into()).unwrap();
        assert_eq!(file.format, Format::Json);
        assert_eq!(file.path, Path::new("a=b/c.json"));
        for wrong in ["", "json", "json=", "json=-", "=a", "xml=a", "JSON=a"] {
            assert!(report_file(wrong.into()).is_err(), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_utf_8() {
        use std::os::unix::ffi::OsStrExt;
        let argument = OsStr::from_bytes(b"sarif=\xff.sarif").to_owned();
        let file = report_file(argument).unwrap();
        assert_eq!(file.path.as_os_str().as_bytes(), b"\xff.sarif");
    }
}
