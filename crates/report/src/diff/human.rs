//! The page for people: whether anything differs, then what, in groups.

use std::io;

use anstyle::AnsiColor;
use xenspect_model::diff::{DiffReport, SeriesReport};
use xenspect_model::inventory::Table;

use super::lines::{Line, page};
use super::objects::Room;
use super::{blocks, files, objects, tracks, words};
use crate::human::{Style, labelled, part, path_name, plural};
use crate::inspect::grid::lay_out;
use crate::quantity::count;
use crate::text::{escape, shorten};
use crate::wrap::{CAUTION, DIM, wrap};

/// Columns of a text from an input, unless everything is asked for.
const TEXT: usize = 600;
/// Disks in the table of blocks, unless everything is asked for.
const DISKS: usize = 40;

/// Writes the comparison of two inputs; with `ranges`, the parts of the disks that differ too. No line is wider than the
/// style's width, colours not counted.
///
/// # Errors
///
/// Those of `w`.
pub fn write(
    report: &DiffReport,
    style: &Style,
    ranges: bool,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let mut lines = head(
        &format!(
            "{} {} {}",
            path_name(&report.old.path, style),
            arrow(style),
            path_name(&report.new.path, style)
        ),
        words::verdict(report),
        style,
    );
    for (label, input) in [("older", &report.old), ("newer", &report.new)] {
        let text = shorten(&words::input(input), 400, style.unicode);
        lines.extend(labelled(label, &text, style));
    }
    lines.extend(labelled("differ", &words::sum(report), style));
    for group in &report.groups {
        let tally = words::tally(group.added, group.removed, group.changed);
        let heading = format!("{} ({tally})", words::group(group.group));
        let room = Room::new(style.verbose);
        part(
            &mut lines,
            &heading,
            style,
            page(&objects::group(group, room), style),
        );
    }
    part(
        &mut lines,
        "Blocks",
        style,
        block_lines(report, style, ranges),
    );
    if let Some(of_backup) = &report.files {
        let heading = format!("Files ({} are the same)", count(of_backup.same));
        let of_it = page(&files::lines(of_backup, Room::new(style.verbose)), style);
        part(&mut lines, &heading, style, of_it);
    }
    let left_out: u64 = report.left_out.values().sum();
    ending(&mut lines, left_out, &report.not_compared, style);
    if style.verbose {
        for (field, count) in &report.left_out {
            let text = escape(&format!("{field} {count}"), style.unicode);
            lines.extend(wrap(&text, style.columns(), "    ", "      "));
        }
    }
    lines.into_iter().try_for_each(|line| writeln!(w, "{line}"))
}

/// Writes the comparison of a series.
///
/// # Errors
///
/// Those of `w`.
pub fn write_series(
    report: &SeriesReport,
    style: &Style,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let inputs = plural(
        u64::try_from(report.inputs.len()).unwrap_or(u64::MAX),
        "input",
    );
    let mut lines = head(&inputs, words::verdict_of_series(report), style);
    lines.extend(table(&tracks::inputs(report, true), style));
    for (group, of_group) in tracks::groups(report) {
        let (shown, left) = tracks::shown(&of_group, style.verbose);
        let mut of_it = table(&tracks::table(&shown, report), style);
        if left > 0 {
            let text = format!("and {left} more (--verbose lists all)");
            of_it.extend(wrap(&text, style.columns(), "  ", "  "));
        }
        let steps: Vec<Line> = tracks::steps(&shown, report, Room::new(style.verbose));
        if !steps.is_empty() {
            of_it.push(String::new());
            of_it.extend(page(&steps, style));
        }
        part(&mut lines, words::group(group), style, of_it);
    }
    let counts = [
        (
            "unchanged",
            "in all of them, and never changed",
            &report.unchanged,
        ),
        ("others", "came, went or changed", &report.others),
    ];
    if counts.iter().any(|(_, _, counts)| !counts.is_empty()) {
        lines.push(String::new());
    }
    for (label, what, counts) in counts {
        if !counts.is_empty() {
            let text = format!("{what}: {}", words::counts(counts));
            lines.extend(labelled(label, &escape(&text, style.unicode), style));
        }
    }
    ending(&mut lines, 0, &report.not_compared, style);
    lines.into_iter().try_for_each(|line| writeln!(w, "{line}"))
}

const fn arrow(style: &Style) -> &'static str {
    if style.unicode { "→" } else { "->" }
}

fn head(title: &str, word: &str, style: &Style) -> Vec<String> {
    let colour = match word {
        "SAME" => AnsiColor::Green.on_default().bold(),
        _ => CAUTION,
    };
    let mut lines = wrap(&format!("{title}  {word}"), style.columns(), "", "  ");
    if let Some(last) = lines.last_mut() {
        *last = style.paint().tail(colour, last, word);
    }
    lines
}

fn table(table: &Table, style: &Style) -> Vec<String> {
    lay_out(table, table.rows.len(), style).lines
}

fn block_lines(report: &DiffReport, style: &Style, ranges: bool) -> Vec<String> {
    if report.disks.is_empty() {
        return Vec::new();
    }
    let of_disks = blocks::table(&report.disks);
    let rows = if style.verbose { usize::MAX } else { DISKS };
    let mut lines = lay_out(&of_disks, rows.min(of_disks.rows.len()), style).lines;
    let left = of_disks.rows.len().saturating_sub(rows);
    if left > 0 {
        let text = format!(
            "and {} (--verbose lists all)",
            words::some(left, "more disk")
        );
        lines.extend(wrap(&text, style.columns(), "  ", "  "));
    }
    if ranges {
        lines.extend(page(&blocks::ranges(&report.disks), style));
    } else if report.disks.iter().any(blocks::differs) {
        let hint = "  --blocks shows which parts of the disks.";
        lines.push(style.paint().paint(DIM, hint));
    }
    lines
}

fn ending(lines: &mut Vec<String>, left_out: u64, not_compared: &[String], style: &Style) {
    if left_out > 0 || !not_compared.is_empty() {
        lines.push(String::new());
    }
    if left_out > 0 {
        lines.extend(labelled("left out", &words::left_out(left_out), style));
    }
    let room = if style.verbose { usize::MAX } else { TEXT };
    for (index, sentence) in not_compared.iter().enumerate() {
        let label = if index == 0 { "not compared" } else { "" };
        let text = shorten(sentence, room, style.unicode);
        lines.extend(labelled(label, &text, style));
    }
}
