//! What a search found, for people and as JSON.

use std::io;

use xenspect_model::inventory::{FindInput, FindReport, Hit};

use super::title;
use crate::human::Style;
use crate::json::write_quiet;
use crate::quantity::count;
use crate::text::{escape, shorten};
use crate::wrap::{DIM, wrap};

/// Writes the objects that were found, each with how it hangs together, and how many inputs have none. No line is
/// wider than the style's width, colours not counted.
///
/// # Errors
///
/// Those of `w`.
pub fn human(report: &FindReport, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    let (telling, silent): (Vec<_>, Vec<_>) = report
        .inputs
        .iter()
        .partition(|input| input.error.is_some() || !input.hits.is_empty());
    for (index, input) in telling.iter().enumerate() {
        if index > 0 {
            writeln!(w)?;
        }
        for line in lines_of(input, style) {
            writeln!(w, "{line}")?;
        }
    }
    if silent.is_empty() {
        return Ok(());
    }
    if !telling.is_empty() {
        writeln!(w)?;
    }
    let text = shorten(&report.text, 200, style.unicode);
    let where_not = match (silent.as_slice(), telling.len()) {
        ([only], _) if only.path != "-" => escape(&only.path, style.unicode),
        ([_], _) => "standard input".to_owned(),
        (all, 0) => format!("{} inputs", count(all.len() as u64)),
        (all, _) => format!("{} other inputs", count(all.len() as u64)),
    };
    let sentence = format!("nothing matches \"{text}\" in {where_not}");
    for line in wrap(&sentence, style.columns(), "", "  ") {
        writeln!(w, "{line}")?;
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

fn lines_of(input: &FindInput, style: &Style) -> Vec<String> {
    let mut lines = title(&input.path, input.kind, None, style);
    if let Some(error) = &input.error {
        let error = escape(error, style.unicode);
        lines.extend(wrap(&error, style.columns(), "  ", "  "));
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
