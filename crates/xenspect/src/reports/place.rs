//! Whether a file can be written where a report shall be. An older report of the same form is replaced, because a timer runs the same
//! line every night; nothing else is.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::args::{Format, ReportFile};
use crate::new_file::{Access, NewFile, is_free};
use crate::seals::is_named_like_a_seal;
use crate::sidecars::is_sidecar;

use super::shown;

/// Bytes at its beginning by which a file is taken for a report.
const HEAD: u64 = 4096;

/// The other files of a run.
#[derive(Debug, Default)]
pub(crate) struct Others<'a> {
    /// Files that are read, so that no report may be written over them.
    pub(crate) read: Vec<&'a Path>,
    /// Files below folders that are tried, and read if they are backups. A report of an earlier run can be one of those.
    pub(crate) met: Vec<&'a Path>,
    /// Files that are written, each with its option.
    pub(crate) written: Vec<(&'static str, &'a Path)>,
}

/// Whether each of the reports can be where it shall be.
///
/// # Errors
/// In words: the first one that cannot, and why.
pub(super) fn check(reports: &[ReportFile], others: &Others<'_>) -> Result<(), String> {
    let mut taken: Vec<(PathBuf, String)> = others
        .written
        .iter()
        .map(|(option, path)| (place(path), format!("what {option} writes")))
        .collect();
    for ReportFile { format, path } in reports {
        let place = place(path);
        if let Some((_, what)) = taken.iter().find(|(known, _)| *known == place) {
            return Err(format!("{} cannot be a report and {what}", shown(path)));
        }
        taken.push((place, "another one".to_owned()));
        is_named_for_itself(path)?;
        is_free(path, others.read.iter().copied(), true).map_err(|there| there.words())?;
        if path.exists() && !is_older_report(*format, path) {
            let is_met = is_free(path, others.met.iter().copied(), true).is_err();
            let what = match is_met {
                true => "one of the inputs",
                false => "there already",
            };
            return Err(format!(
                "{} is {what} and does not begin as a report of the form {} does; name another file, or remove it",
                shown(path),
                format.name()
            ));
        }
    }
    Ok(())
}

/// Gives a report its name, over nothing but an older one: something else can have come there while inputs were read.
///
/// # Errors
/// Those of the file system, and what is there by now.
pub(super) fn settle(file: NewFile, format: Format, path: &Path) -> io::Result<()> {
    is_free(path, [], true).map_err(|there| io::Error::other(there.words()))?;
    if path.exists() && !is_older_report(format, path) {
        return Err(io::Error::other("something else is there by now"));
    }
    // Without a rename that replaces nothing: not every file system that reports go to has one.
    file.finish(path, true)
}

/// Whether the baseline `--write-baseline` asks for can be where it shall be, and its folder be written: an older one is replaced,
/// nothing else. `read` is the baseline that is used, which can be the same file.
///
/// # Errors
/// In words: why not.
pub(crate) fn check_baseline(
    path: &Path,
    read: Option<&Path>,
    others: &Others<'_>,
) -> Result<(), String> {
    let own = place(path);
    let mut written = others.written.iter();
    if let Some((option, _)) =
        written.find(|(option, other)| *option != WRITE_BASELINE && place(other) == own)
    {
        return Err(format!(
            "{} cannot be a baseline and what {option} writes",
            shown(path)
        ));
    }
    is_named_for_itself(path)?;
    let of_others = others.read.iter().chain(&others.met);
    let is_other = |other: &&&Path| Some(**other) != read;
    is_free(path, of_others.filter(is_other).copied(), true).map_err(|there| there.words())?;
    if path.exists() && !is_older_baseline(path) {
        return Err(format!(
            "{} is there already and is no baseline; name another file, or remove it",
            shown(path)
        ));
    }
    // It is tried, and written at the end.
    NewFile::create(path, Access::Usual)
        .map(drop)
        .map_err(|error| format!("{} cannot be written: {error}", shown(path)))
}

/// Whether a file does not go by a name that verifications look for.
fn is_named_for_itself(path: &Path) -> Result<(), String> {
    if is_sidecar(path) || is_named_like_a_seal(path) {
        return Err(format!(
            "{} is named like a digest or a seal, and would be taken for one",
            shown(path)
        ));
    }
    Ok(())
}

/// The option that writes a baseline.
pub(crate) const WRITE_BASELINE: &str = "--write-baseline";

/// Whether a file begins as a baseline does, or is empty.
pub(crate) fn is_older_baseline(path: &Path) -> bool {
    head(path).is_some_and(|head| head.is_empty() || head.starts_with(b"{\n  \"baseline\": "))
}

/// How a file begins; `None` if it cannot be read.
fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok().then_some(head)
}

/// A path by which two spellings of it are told to be one.
fn place(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Whether a file begins as a report of this form does, or is empty.
fn is_older_report(format: Format, path: &Path) -> bool {
    head(path).is_some_and(|head| begins_as(format, &head))
}

fn begins_as(format: Format, head: &[u8]) -> bool {
    if head.is_empty() {
        return true;
    }
    let text = String::from_utf8_lossy(head);
    let begins = |with: &str| text.starts_with(with);
    match format {
        Format::Human => is_human(&text),
        Format::Json => begins("{\n  \"schema\": ") && text.contains("\n  \"tool\": {"),
        Format::Jsonl => begins("{\"type\":\"begin\","),
        Format::Junit => begins("<?xml ") && text.contains("<testsuites name=\"xenspect\""),
        Format::Sarif => begins("{\n  \"$schema\": ") && text.contains("sarif"),
        Format::Markdown => begins("# Backups: "),
        Format::Html => {
            begins("<!doctype html>")
                && text.contains("<meta name=\"generator\" content=\"xenspect\">")
        }
        Format::Nagios => begins("XENSPECT "),
        Format::Prometheus => begins("# HELP xenspect_"),
    }
}

/// A verdict stands in each report for people, behind a path or in front of one; or there is nothing but what was left.
fn is_human(text: &str) -> bool {
    const VERDICTS: [&str; 5] = ["sound", "suspect", "incomplete", "damaged", "unreadable"];
    if text.contains('\0') || text.starts_with('<') {
        return false;
    }
    text.lines().any(|line| {
        let last = line.rsplit(' ').next().unwrap_or_default();
        let first = line.split_whitespace().next().unwrap_or_default();
        VERDICTS
            .iter()
            .any(|verdict| last == verdict.to_uppercase())
            || line.starts_with("  ") && (VERDICTS.contains(&first) || first == "left")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_known_by_its_beginning_and_nothing_else_is() {
        for (format, report) in [
            (Format::Human, "web01.xva  SOUND\n"),
            (
                Format::Human,
                "Below /srv:\n  sound  xva  1 GiB  web01.xva\n",
            ),
            (
                Format::Human,
                "  left         3 inputs not in this run's part\n",
            ),
            (Format::Json, "{\n  \"schema\": 1,\n  \"tool\": {\n"),
            (Format::Jsonl, "{\"type\":\"begin\",\"schema\":1"),
            (Format::Markdown, "# Backups: good\n"),
            (
                Format::Html,
                "<!doctype html>\n<meta name=\"generator\" content=\"xenspect\">\n",
            ),
            (Format::Nagios, "XENSPECT OK - 1 sound"),
            (Format::Prometheus, "# HELP xenspect_info Version"),
        ] {
            assert!(begins_as(format, report.as_bytes()), "{report}");
            assert!(begins_as(format, b""));
            for other in [
                "ova.xml\0\0\0",
                "<?xml version=\"1.0\"?><database>",
                "{\"a\": 1}",
                "notes of a meeting\n",
                "<!doctype html>\n<title>Somebody else's page</title>\n",
                "d41d8cd98f00b204e9800998ecf8427e  web01.xva\n",
            ] {
                assert!(!begins_as(format, other.as_bytes()), "{format:?} {other}");
            }
        }
    }
}
