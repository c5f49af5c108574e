//! The JSON report and its schema. What a field means is said where the field is, in
//! `xenspect_model::report`; the contract with readers is `docs/manual/src/json.md`.

use std::fmt::Write as _;
use std::io;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;
use xenspect_model::report::Report;

use crate::text::is_hidden;

/// The schema's `$id`; its last part is [`xenspect_model::report::SCHEMA`].
const ID: &str = "urn:xenspect:report:1";

/// Writes the report as one JSON document: two spaces per level, a line end at the end.
///
/// Characters that a terminal would act on are written as `\u…` escapes, so the document can be
/// looked at as it is.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

/// Writes any document in the form of [`write()`].
pub(crate) fn write_quiet<T: Serialize + ?Sized>(
    document: &T,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let mut out = Quiet { out: &mut *w };
    // The report of a large store is not held a second time.
    serde_json::to_writer_pretty(&mut out, document)?;
    w.write_all(b"\n")
}

/// Escapes on the way out what [`quiet()`] does.
struct Quiet<'a, W> {
    out: &'a mut W,
}

impl<W: io::Write> io::Write for Quiet<'_, W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let is_plain = |&byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
        if piece.iter().all(is_plain) {
            self.out.write_all(piece)?;
        } else {
            // `serde_json` hands out texts piece by piece and parts none of them inside of a character.
            let text = std::str::from_utf8(piece).map_err(io::Error::other)?;
            self.out.write_all(quiet(text).as_bytes())?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a value as an element of a document that is written piece by piece, without a line end:
/// on one line, or laid out as [`write()`] does.
///
/// # Errors
///
/// Those of `w`.
pub fn write_element<T: Serialize + ?Sized>(
    value: &T,
    pretty: bool,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let value = if pretty {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    w.write_all(quiet(&value.map_err(io::Error::other)?).as_bytes())
}

/// Escapes what `serde_json` leaves as it is although it cannot be seen: such characters occur
/// within strings only, because the rest of a document is ASCII.
fn quiet(document: &str) -> String {
    let mut quiet = String::with_capacity(document.len());
    for c in document.chars() {
        if c != '\n' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(quiet, "\\u{unit:04x}");
            }
        } else {
            quiet.push(c);
        }
    }
    quiet
}

/// The JSON Schema (draft 2020-12) of what [`write()`] writes; `docs/report.schema.json` is this.
#[must_use]
pub fn schema() -> Value {
    schema_of::<Report>(ID, "xenspect report")
}

/// The schema of a document of ours.
pub(crate) fn schema_of<T: JsonSchema>(id: &str, title: &str) -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), id.into());
    schema.insert("title".to_owned(), title.into());
    schema.insert(
        "description".to_owned(),
        "Later versions add fields, codes, sections, columns and values of enumerations; a reader \
         has to pass over those that it does not know."
            .into(),
    );
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_bears_the_version_of_the_shape() {
        assert_eq!(
            ID,
            format!("urn:xenspect:report:{}", xenspect_model::report::SCHEMA)
        );
    }

    #[test]
    fn escaped_documents_mean_the_same() {
        let value = Value::from("a\u{9b}1m\u{202e}b\u{e0041}\u{7f}\n\u{1b}é");
        let document = serde_json::to_string_pretty(&value).unwrap();
        let quiet = quiet(&document);
        assert!(quiet.chars().all(|c| !is_hidden(c)), "{quiet}");
        assert_eq!(serde_json::from_str::<Value>(&quiet).unwrap(), value);
        let mut written = Vec::new();
        write_quiet(&value, &mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), quiet + "\n");
    }
}
