//! What one code means, for the terminal. The words are the table's; the page of all codes is
//! [`findings_pages`].

use std::io;

use xenspect_model::Code;

pub use crate::page::{FindingsPage, findings_pages};

use crate::human::Style;
use crate::text::escape;
use crate::wrap::{severity_style, wrap};

/// Writes what the table says of a code: severity and title, meaning, advice, and what xapi
/// answers to an import or a restore.
///
/// # Errors
///
/// Those of `w`.
pub fn explain(code: Code, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    let entry = code.entry();
    let width = style.columns();
    // The table is ours, but it may use more than the terminal can show.
    let text = |text: &str| escape(text, style.unicode);

    let word = entry.severity.word();
    let head = format!("{word} {code}: {}", text(entry.title));
    let mut lines = wrap(&head, width, "", "  ");
    if let Some(first) = lines.first_mut() {
        *first = style
            .paint()
            .head(severity_style(entry.severity), first, word);
    }
    lines.push(String::new());
    lines.extend(wrap(&text(entry.meaning), width, "  ", "  "));
    lines.push(String::new());
    lines.extend(wrap(
        &format!("What to do: {}", text(entry.advice)),
        width,
        "  ",
        "  ",
    ));
    if let Some(error) = entry.xapi_error {
        lines.push(String::new());
        let what = if code.name().starts_with("db/") {
            "a restore"
        } else {
            "an import"
        };
        lines.extend(wrap(
            &format!("xapi answers {what} with {error}."),
            width,
            "  ",
            "  ",
        ));
    }
    for line in lines {
        writeln!(w, "{line}")?;
    }
    Ok(())
}
