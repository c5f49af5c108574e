//! Where secrets are: a list for people, by row, and the document for programs. No value is known here.

use std::io;

use serde_json::Value;
use xenspect_model::secret::{Grade, Secret, SecretsInput, SecretsReport};

use crate::human::Style;
use crate::json::{schema_of, write_quiet};
use crate::quantity::{count, size};
use crate::text::{columns, escape};
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
        let mut last = None;
        for secret in &input.secrets {
            let row = (&secret.member, &secret.class, &secret.reference);
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
    let path = match input.path.as_str() {
        "-" => "standard input".to_owned(),
        path => escape(path, style.unicode),
    };
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
    if let Some(member) = &secret.member {
        row = format!("{row}  in {}", text(member));
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
