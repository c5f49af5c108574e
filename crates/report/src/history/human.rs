//! The past of inputs for people: one line for each of them, or the series of a few.

use std::collections::BTreeMap;
use std::io;

use xenspect_model::report::history::{HistoryInput, HistoryReport, ReadExtent, Verification};
use xenspect_model::report::{Kind, Verdict};

use crate::human::Style;
use crate::quantity::{count, size};
use crate::shared_directory::shared_directory;
use crate::text::{columns, escape, shorten};
use crate::wrap::{DIM, GLUE, verdict_style, wrap};

/// Columns of a time, to the minute.
const WHEN: usize = 16;
/// Columns of a verdict.
const VERDICT: usize = 10;
/// Columns of a size.
const SIZE: usize = 10;
/// Digits of a digest that are shown unless everything is asked for.
const DIGITS: usize = 12;
/// Paths of files that are gone, named unless everything is asked for.
const GONE: usize = 3;

/// Writes the past for people: with `series` every verification of each input below its path, otherwise one line for each input. No
/// line is wider than the style's width, colours not counted.
///
/// # Errors
///
/// Those of `w`.
pub fn write(
    report: &HistoryReport,
    series: bool,
    style: &Style,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let lines = if report.due.is_none() && series {
        series_lines(report, style)
    } else {
        overview(report, style)
    };
    for line in lines {
        writeln!(w, "{line}")?;
    }
    Ok(())
}

/// One line for each input, and how many there are.
fn overview(report: &HistoryReport, style: &Style) -> Vec<String> {
    let is_gone = |input: &&HistoryInput| input.gone == Some(true);
    let (gone, there): (Vec<_>, Vec<_>) = report.inputs.iter().partition(is_gone);
    let mut lines = table(&there, report.due.is_some(), style);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let about = |text: &str| wrap(text, style.columns(), "", "  ");
    match &report.due {
        None => lines.extend(about(&counted(&report.inputs))),
        Some(due) => {
            let due = escape(due, style.unicode);
            let words = match there.len() {
                0 => {
                    format!("Nothing that is there is due: all was verified in full within {due}.")
                }
                1 => format!("1 input was not verified in full with a good verdict within {due}."),
                n => format!(
                    "{} inputs were not verified in full with a good verdict within {due}.",
                    count(n as u64)
                ),
            };
            lines.extend(about(&words));
            if !gone.is_empty() {
                lines.extend(about(&gone_words(&gone, style)));
            }
        }
    }
    lines
}

/// The table of some inputs; nothing without any.
fn table(inputs: &[&HistoryInput], due: bool, style: &Style) -> Vec<String> {
    let rows: Vec<_> = inputs
        .iter()
        .filter_map(|input| Some((*input, input.verifications.first()?)))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let kind = |seen: &Verification| seen.kind.map_or("-", Kind::name);
    let kinds = rows.iter().map(|(_, seen)| kind(seen).len());
    let kinds = kinds.max().unwrap_or(0).max("kind".len());
    let shared = shared_directory(
        &rows
            .iter()
            .map(|(input, _)| &*input.path)
            .collect::<Vec<_>>(),
    );
    let mut lines = Vec::new();
    if shared > 0 {
        let directory = rows.first().and_then(|(input, _)| input.path.get(..shared));
        let directory = escape(directory.unwrap_or_default(), style.unicode);
        lines.extend(wrap(
            &format!("below {directory}"),
            style.columns(),
            "",
            "  ",
        ));
    }
    let when = if due { "in full (UTC)" } else { "last (UTC)" };
    let head = format!(
        "{when:WHEN$}  {:VERDICT$}  {:kinds$}  {:>SIZE$}  path",
        "verdict", "kind", "size"
    );
    lines.push(style.paint().paint(DIM, &head));
    for (input, seen) in rows {
        let when = if due {
            let full = input.fully.as_ref();
            full.map_or_else(|| "never".to_owned(), |full| minute(&full.at, style))
        } else {
            minute(&seen.at, style)
        };
        let front = format!(
            "{when:WHEN$}  {}  {:kinds$}  {:>SIZE$}",
            verdict(seen.verdict, style),
            kind(seen),
            size(seen.size)
        );
        let path = input.path.get(shared..).unwrap_or(&input.path);
        let path = escape(path, style.unicode);
        let taken = WHEN + VERDICT + kinds + SIZE + 4 * 2;
        if taken + columns(&path) <= style.columns() {
            lines.push(format!("{front}  {path}"));
        } else {
            lines.push(front);
            lines.extend(wrap(&path, style.columns(), "    ", "      "));
        }
    }
    lines
}

/// How many inputs there are, and with what verdicts they were left.
fn counted(inputs: &[HistoryInput]) -> String {
    let mut verdicts: BTreeMap<Verdict, u64> = BTreeMap::new();
    for seen in inputs
        .iter()
        .filter_map(|input| input.verifications.first())
    {
        *verdicts.entry(seen.verdict).or_default() += 1;
    }
    if verdicts.is_empty() {
        return "No verification is recorded.".to_owned();
    }
    let each: Vec<_> = verdicts
        .iter()
        .map(|(verdict, n)| format!("{}{GLUE}{}", count(*n), verdict.word()))
        .collect();
    let total = match verdicts.values().sum() {
        1 => "1 input".to_owned(),
        n => format!("{} inputs", count(n)),
    };
    format!("{total}: {}", each.join(", "))
}

/// Files that are due and gone, the first ones by name.
fn gone_words(gone: &[&HistoryInput], style: &Style) -> String {
    let shown = if style.verbose { gone.len() } else { GONE };
    let mut names: Vec<_> = gone
        .iter()
        .take(shown)
        .map(|input| escape(&input.path, style.unicode))
        .collect();
    if gone.len() > shown {
        names.push("...".to_owned());
    }
    let verb = if gone.len() == 1 { "is" } else { "are" };
    format!(
        "{} more {verb} gone from the disk: {}",
        count(gone.len() as u64),
        names.join(", ")
    )
}

/// Each input with its series below.
fn series_lines(report: &HistoryReport, style: &Style) -> Vec<String> {
    if report.inputs.is_empty() {
        return vec!["No verification is recorded.".to_owned()];
    }
    let mut lines = Vec::new();
    for input in &report.inputs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let path = escape(&input.path, style.unicode);
        lines.extend(wrap(&path, style.columns(), "", "  "));
        let words = match &input.fully {
            None => "as it is now: never verified in full with a good verdict".to_owned(),
            Some(full) => {
                let at = minute(&full.at, style);
                let parts = full.parts.map(|parts| format!(", in {parts} parts"));
                format!(
                    "as it is now: verified in full at {at}{}: {}",
                    parts.unwrap_or_default(),
                    full.verdict.word()
                )
            }
        };
        lines.extend(wrap(&words, style.columns(), "  ", "    "));
        let head = format!(
            "  {:WHEN$}  {:VERDICT$}  {:7}  {:>SIZE$}  {:>7}  SHA-256",
            "when (UTC)", "verdict", "read", "size", "took"
        );
        // Where the line is too short for it, the digest is left to those who ask for everything.
        let fits = columns(&head) - "SHA-256".len() + DIGITS + 3 <= style.columns();
        let head = if fits && !style.verbose {
            head.as_str()
        } else {
            head.trim_end_matches("  SHA-256")
        };
        lines.push(style.paint().paint(DIM, head));
        for (index, seen) in input.verifications.iter().enumerate() {
            lines.extend(seen_lines(seen, fits, style));
            if seen.changed && index + 1 < input.verifications.len() {
                let line = "  it changed between the one above and those below";
                lines.push(style.paint().paint(DIM, line));
            }
        }
    }
    lines
}

fn seen_lines(seen: &Verification, fits: bool, style: &Style) -> Vec<String> {
    let read = match (seen.extent, seen.part) {
        (ReadExtent::Part, Some(part)) => format!("{}/{}", part.number, part.of),
        (extent, _) => extent.word().to_owned(),
    };
    let line = format!(
        "  {:WHEN$}  {}  {:7}  {:>SIZE$}  {:>7}",
        minute(&seen.at, style),
        verdict(seen.verdict, style),
        shorten(&read, 7, style.unicode),
        size(seen.size),
        took(seen.duration_ms)
    );
    let digest = seen.sha256.as_deref().unwrap_or_default();
    let digest = escape(digest, style.unicode);
    if digest.is_empty() {
        return vec![line];
    }
    if style.verbose {
        let digest = format!("SHA-256 {digest}");
        let mut lines = vec![line];
        lines.extend(wrap(&digest, style.columns(), "      ", "      "));
        return lines;
    }
    if !fits {
        return vec![line];
    }
    let more = if style.unicode { "…" } else { "..." };
    let first: String = digest.chars().take(DIGITS).collect();
    vec![format!("{line}  {first}{more}")]
}

/// A verdict in its column, in its colour.
fn verdict(verdict: Verdict, style: &Style) -> String {
    let word = verdict.word();
    let padding = " ".repeat(VERDICT.saturating_sub(word.len()));
    let word = style.paint().paint(verdict_style(verdict), word);
    format!("{word}{padding}")
}

/// A time to the minute, of one as RFC 3339 has it.
fn minute(at: &str, style: &Style) -> String {
    let minute = at.get(..WHEN).unwrap_or(at).replace('T', " ");
    shorten(&minute, WHEN, style.unicode)
}

/// A duration in at most seven columns.
fn took(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        0..10 => format!("{}.{} s", seconds, milliseconds % 1000 / 100),
        10..600 => format!("{seconds} s"),
        600..36_000 => format!("{} min", seconds / 60),
        36_000..3_600_000 => format!("{} h", seconds / 3600),
        _ => "> 999 h".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_fit_their_column() {
        for (milliseconds, shown) in [
            (0, "0.0 s"),
            (340, "0.3 s"),
            (9_999, "9.9 s"),
            (12_000, "12 s"),
            (900_000, "15 min"),
            (35_999_999, "599 min"),
            (86_400_000, "24 h"),
            (u64::MAX, "> 999 h"),
        ] {
            assert_eq!(took(milliseconds), shown);
            assert!(shown.len() <= 7);
        }
    }
}
