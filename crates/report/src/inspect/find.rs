//! What a search found, for people and as JSON.

use std::io;

use xenspect_model::inventory::{FindInput, FindReport, Hit};

use super::title;
use crate::human::Style;
use crate::json::write_quiet;
use crate::quantity::count;
use crate::text::{escape, shorten};
use crate::wrap::{DIM, wrap};

/// Writes the objects that were found, each with how it hangs together. No line is wider than the style's width,
/// colours not counted.
///
/// # Errors
///
/// Those of `w`.
pub fn human(report: &FindReport, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    for (index, input) in report.inputs.iter().enumerate() {
        if index > 0 {
            writeln!(w)?;
        }
        for line in lines_of(input, &report.text, style) {
            writeln!(w, "{line}")?;
        }
    }
    Ok(())
}

/// Writes the same as one JSON document.
///
/// # Errors
///
/// Those of `w`.
pub fn json(report: &FindReport, w: &mut impl io::Write) -> io::Result<()> {
    write_quiet(report, w)
}

fn lines_of(input: &FindInput, text: &str, style: &Style) -> Vec<String> {
    let mut lines = title(&input.path, input.kind, None, style);
    let mut say = |text: &str| lines.extend(wrap(text, style.columns(), "  ", "  "));
    if let Some(error) = &input.error {
        say(&escape(error, style.unicode));
        return lines;
    }
    if input.hits.is_empty() {
        say(&format!(
            "nothing in it matches \"{}\"",
            shorten(text, 200, style.unicode)
        ));
        return lines;
    }
    for hit in &input.hits {
        lines.push(String::new());
        lines.extend(hit_lines(hit, style));
    }
    if input.omitted > 0 {
        lines.push(String::new());
        let more = format!(
            "and {} more objects; a longer text would tell them apart",
            count(input.omitted)
        );
        lines.extend(wrap(&more, style.columns(), "  ", "  "));
    }
    lines
}

fn hit_lines(hit: &Hit, style: &Style) -> Vec<String> {
    let text = |text: &str| shorten(text, 200, style.unicode);
    let name = match hit.name.as_str() {
        "" => String::new(),
        name => format!(" \"{}\"", text(name)),
    };
    let head = format!("{}{name}", text(&hit.class));
    let mut lines = wrap(&head, style.columns(), "  ", "    ");
    let bold = anstyle::Style::new().bold();
    for line in &mut lines {
        let part = line.trim_start().to_owned();
        *line = style.paint().head(bold, line, &part);
    }
    let uuid = match hit.uuid.as_str() {
        "" => String::new(),
        uuid => format!("uuid {}, ", text(uuid)),
    };
    let identity = format!(
        "{uuid}{}; found by its {}",
        text(&hit.reference),
        text(&hit.field)
    );
    let identity = wrap(&identity, style.columns(), "    ", "    ");
    lines.extend(identity.iter().map(|line| style.paint().paint(DIM, line)));
    for statement in &hit.chain {
        let statement = shorten(statement, 600, style.unicode);
        lines.extend(wrap(&statement, style.columns(), "    - ", "      "));
    }
    lines
}
