//! The report as one HTML page: whether the inputs are the same, then a table of changes for each group of objects, for the
//! blocks of disks and for files; of a series when each object was seen.

use std::io;

use askama::Template;
use xenspect_model::diff::{DiffReport, SeriesReport};

use super::lines::{Line, Sign};
use super::objects::Room;
use super::tracks::groups;
use super::{blocks, files, objects, tracks, words};
use crate::html::parts::{foot, head, inventory_table, path, render, shown};
use crate::html::{Section, verdict};
use crate::quantity::count;

struct HtmlLine {
    class: &'static str,
    depth: usize,
    mark: char,
    word: &'static str,
    text: String,
}

#[derive(Template)]
#[template(path = "changes.html")]
struct Changes {
    lines: Vec<HtmlLine>,
}

/// Writes the comparison of two inputs, whole; with `ranges`, the parts of the disks that differ too.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &DiffReport, ranges: bool, w: &mut impl io::Write) -> io::Result<()> {
    let sides = format!("{} → {}", path(&report.old.path), path(&report.new.path));
    let answer = words::verdict(report);
    head(&format!("{answer}: {sides}"), w)?;
    let sum = shown(&words::sum(report));
    verdict((tone(report.same), answer), sides, sum, w)?;
    let mut section = Section::new("Inputs");
    let mut fact = |label: &str, text: String| section.facts.push((label.to_owned(), shown(&text)));
    fact("older", words::input(&report.old));
    fact("newer", words::input(&report.new));
    let left_out: u64 = report.left_out.values().sum();
    if left_out > 0 {
        fact("left out", words::left_out(left_out));
    }
    for sentence in &report.not_compared {
        fact("not compared", sentence.clone());
    }
    section.write(w)?;
    for group in &report.groups {
        let tally = words::tally(group.added, group.removed, group.changed);
        let mut section = Section::new(format!("{} ({tally})", words::group(group.group)));
        section.body = changes(&objects::group(group, Room::whole()))?;
        section.write(w)?;
    }
    if !report.disks.is_empty() {
        let mut section = Section::new("Blocks");
        section.body = inventory_table("Blocks", &blocks::table(&report.disks))?;
        if ranges {
            section
                .body
                .push_str(&changes(&blocks::ranges(&report.disks))?);
        }
        section.write(w)?;
    }
    if let Some(of_backup) = &report.files {
        let mut section = Section::new(format!("Files ({} are the same)", count(of_backup.same)));
        section.body = changes(&files::lines(of_backup, Room::whole()))?;
        section.write(w)?;
    }
    foot(&report.tool, false, w)
}

/// Writes the comparison of a series, whole.
///
/// # Errors
///
/// Those of `w`.
pub fn write_series(report: &SeriesReport, w: &mut impl io::Write) -> io::Result<()> {
    let answer = words::verdict_of_series(report);
    let heading = format!("{} inputs", report.inputs.len());
    head(&format!("{answer}: {heading}"), w)?;
    verdict((tone(report.same), answer), heading, String::new(), w)?;
    let mut section = Section::new("Inputs");
    section.body = inventory_table("Inputs", &tracks::inputs(report, false))?;
    section.write(w)?;
    for (group, of_group) in groups(report) {
        let name = words::group(group);
        let mut section = Section::new(name);
        section.body = inventory_table(name, &tracks::table(&of_group, report))?;
        let steps = tracks::steps(&of_group, report, Room::whole());
        section.body.push_str(&changes(&steps)?);
        section.write(w)?;
    }
    let mut section = Section::new("Beside these");
    for (label, counts) in [("unchanged", &report.unchanged), ("others", &report.others)] {
        if !counts.is_empty() {
            let counts = shown(&words::counts(counts));
            section.facts.push((label.to_owned(), counts));
        }
    }
    for sentence in &report.not_compared {
        let text = shown(sentence);
        section.facts.push(("not compared".to_owned(), text));
    }
    if !section.facts.is_empty() {
        section.write(w)?;
    }
    foot(&report.tool, false, w)
}

/// Nothing is wrong with what differs.
const fn tone(same: bool) -> &'static str {
    if same { "good" } else { "warn" }
}

fn changes(lines: &[Line]) -> io::Result<String> {
    if lines.is_empty() {
        return Ok(String::new());
    }
    let lines = lines.iter().map(|line| {
        let (class, mark, word) = match line.sign {
            Sign::Removed => ("del", '−', "removed"),
            Sign::Added => ("add", '+', "added"),
            Sign::Changed => ("mod", '~', "changed"),
            Sign::Plain => ("plain", ' ', ""),
            Sign::Aside => ("aside", ' ', ""),
        };
        HtmlLine {
            class,
            depth: line.depth.min(3),
            mark,
            word,
            text: shown(&line.text),
        }
    });
    let lines = lines.collect();
    render(&Changes { lines })
}
