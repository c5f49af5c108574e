//! Where secrets are: a list for people, by row, and the document for programs. No value is known here.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;
use xenspect_model::secret::{Grade, Secret, SecretsInput, SecretsReport};

use crate::human::{Style, path_name};
use crate::json::{schema_of, write_quiet};
use crate::quantity::{count, size};
use crate::text::{columns, ellipsis, escape};
use crate::wrap::{DIM, wrap};

/// Columns of a field in front of what it is.
const FIELD: usize = 34;

/// Writes the list for people. No line is wider than the style's width.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &SecretsReport, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    for (index, input) in report.inputs.iter().enumerate() {
        if index > 0 {
            writeln!(w)?;
        }
        for line in heading(input, style) {
            writeln!(w, "{line}")?;
        }
        let (files, others): (Vec<_>, Vec<_>) =
            input.secrets.iter().partition(|secret| is_file(secret));
        for line in file_lines(&files, style) {
            writeln!(w, "{line}")?;
        }
        let mut last = None;
        let mut member = None;
        for secret in others {
            let row = (&secret.member, &secret.class, &secret.reference);
            if member != secret.member.as_ref() {
                member = secret.member.as_ref();
                for line in member.into_iter().flat_map(|member| inside(member, style)) {
                    writeln!(w, "{line}")?;
                }
            }
            if last != Some(row) {
                for line in row_lines(secret, style) {
                    writeln!(w, "{line}")?;
                }
                last = Some(row);
            }
            for line in secret_lines(secret, style) {
                writeln!(w, "{line}")?;
            }
        }
    }
    Ok(())
}

/// Writes the document for programs.
///
/// # Errors
///
/// Those of `w`.
pub fn write_json(report: &SecretsReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// The JSON Schema (draft 2020-12) of what [`write_json`] writes.
#[must_use]
pub fn schema() -> Value {
    schema_of::<SecretsReport>("urn:xenspect:secrets:1", "xenspect secrets")
}

fn heading(input: &SecretsInput, style: &Style) -> Vec<String> {
    let path = path_name(&input.path, style);
    let counted = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{} {many}", count(number as u64)),
    };
    let secrets = counted(input.count(Grade::Secret), "secret", "secrets");
    let personal = input.count(Grade::Personal);
    let mut title = match (input.kind, personal) {
        (None, _) => format!("{path}  UNREADABLE"),
        (_, 0) => format!("{path}  {secrets}"),
        (_, personal) => {
            let personal = counted(personal, "personal datum", "personal data");
            format!("{path}  {secrets}, {personal}")
        }
    };
    if input.kind.is_some() && input.secrets.is_empty() {
        title = format!("{path}  no secrets");
    }
    let mut lines = wrap(&title, style.columns(), "", "  ");
    if let Some(error) = &input.error {
        let error = escape(error, style.unicode);
        lines.extend(wrap(&error, style.columns(), "  ", "  "));
    }
    lines
}

/// Files of a kind that are listed for people.
const FILES: usize = 12;

/// Whether it is a file of a host, of which the contents are the secret.
fn is_file(secret: &Secret) -> bool {
    secret.member.is_none() && secret.class == "file"
}

/// The files of a host that hold secrets, below what they are about.
fn file_lines(files: &[&Secret], style: &Style) -> Vec<String> {
    let mut kinds: BTreeMap<&str, Vec<&Secret>> = BTreeMap::new();
    for file in files {
        kinds.entry(file.title).or_default().push(file);
    }
    let mut lines = Vec::new();
    for (title, files) in kinds {
        let number = count(files.len() as u64);
        lines.extend(wrap(
            &format!("files: {title} ({number})"),
            style.columns(),
            "  ",
            "      ",
        ));
        for file in files.iter().take(FILES) {
            let path = escape(&file.reference, style.unicode);
            let line = format!("{path}, {}", size(file.length));
            lines.extend(wrap(&line, style.columns(), "    ", "      "));
        }
        let more = files.len().saturating_sub(FILES);
        if more > 0 {
            let more = format!(
                "    {} {} more; `--format json` lists all",
                ellipsis(style.unicode),
                count(more as u64)
            );
            lines.push(style.paint().paint(DIM, &more));
        }
    }
    lines
}

/// The line above the rows of a document inside of an archive.
fn inside(member: &str, style: &Style) -> Vec<String> {
    let member = escape(member, style.unicode);
    let lines = wrap(&format!("in {member}:"), style.columns(), "  ", "      ");
    lines
        .iter()
        .map(|line| style.paint().paint(DIM, line))
        .collect()
}

/// The row that secrets are in.
fn row_lines(secret: &Secret, style: &Style) -> Vec<String> {
    let text = |text: &str| escape(text, style.unicode);
    let mut row = text(&secret.class);
    if let Some(name) = &secret.name {
        row = format!("{row} \"{}\"", text(name));
    }
    let id = secret.uuid.as_deref().filter(|uuid| !uuid.is_empty());
    let id = text(id.unwrap_or(&secret.reference));
    if !id.is_empty() {
        row = format!("{row}  {id}");
    }
    wrap(&row, style.columns(), "  ", "      ")
}

fn secret_lines(secret: &Secret, style: &Style) -> Vec<String> {
    let field = escape(&secret.field, style.unicode);
    let padding = " ".repeat(FIELD.saturating_sub(columns(&field)));
    let what = format!("{}, {}", secret.title, size(secret.length));
    let line = format!("    {field}{padding}  {what}");
    if columns(&line) <= style.columns() {
        let line = match secret.grade {
            Grade::Secret => line,
            Grade::Personal => style.paint().paint(DIM, &line),
        };
        return vec![line];
    }
    let mut lines = wrap(&field, style.columns(), "    ", "      ");
    lines.extend(wrap(&what, style.columns(), "        ", "        "));
    lines
}

#[cfg(test)]
mod tests {
    use xenspect_model::report::{Kind, Tool};
    use xenspect_model::secret::SCHEMA;

    use super::*;

    fn secret(class: &str, reference: &str, member: Option<&str>) -> Secret {
        Secret {
            class: class.to_owned(),
            reference: reference.to_owned(),
            uuid: None,
            name: None,
            field: "contents".to_owned(),
            kind: "accounts",
            title: "accounts",
            grade: Grade::Secret,
            length: 25,
            offset: None,
            member: member.map(str::to_owned),
        }
    }

    #[test]
    fn files_of_a_host_come_first_and_rows_below_their_database() {
        let mut secrets: Vec<_> = (0..14)
            .map(|n| secret("file", &format!("root/.ssh/{n:02}"), None))
            .collect();
        let dump = "var/lib/xcp/state.db";
        secrets.push(secret("secret", "OpaqueRef:a", Some(dump)));
        secrets.push(secret("secret", "OpaqueRef:b", Some(dump)));
        let report = SecretsReport {
            schema: SCHEMA,
            tool: Tool {
                name: "xenspect".to_owned(),
                version: "0.1.0".to_owned(),
            },
            inputs: vec![SecretsInput {
                path: "host.xbk".to_owned(),
                kind: Some(Kind::HostBackup),
                envelope: None,
                error: None,
                secrets,
            }],
        };
        let mut shown = Vec::new();
        write(&report, &Style::default(), &mut shown).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(
            lines[..3],
            [
                "host.xbk  16 secrets",
                "  files: accounts (14)",
                "    root/.ssh/00, 25 B"
            ]
        );
        assert_eq!(
            lines[14..17],
            [
                "    … 2 more; `--format json` lists all",
                "  in var/lib/xcp/state.db:",
                "  secret  OpaqueRef:a"
            ]
        );
        assert_eq!(lines.len(), 20);
    }
}
