//! The report for a ticket or a wiki: tables as GitHub reads them, and what differs in fenced blocks that are read as
//! diffs.

use std::io;

use xenspect_model::diff::{DiffReport, SeriesReport};

use super::lines::{Line, fenced};
use super::objects::Room;
use super::tracks::groups;
use super::{blocks, files, objects, tracks, words};
use crate::inspect::markdown::{plain, table_rows};
use crate::quantity::count;

/// Writes the comparison of two inputs, whole; with `ranges`, the parts of the disks that differ too.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &DiffReport, ranges: bool, w: &mut impl io::Write) -> io::Result<()> {
    writeln!(
        w,
        "# {} → {}\n\n**{}**\n",
        plain(&report.old.path),
        plain(&report.new.path),
        words::verdict(report)
    )?;
    writeln!(w, "- older: {}", plain(&words::input(&report.old)))?;
    writeln!(w, "- newer: {}", plain(&words::input(&report.new)))?;
    writeln!(w, "- differ: {}", plain(&words::sum(report)))?;
    let left_out: u64 = report.left_out.values().sum();
    if left_out > 0 {
        writeln!(w, "- left out: {}", plain(&words::left_out(left_out)))?;
    }
    for sentence in &report.not_compared {
        writeln!(w, "- not compared: {}", plain(sentence))?;
    }
    for group in &report.groups {
        let tally = words::tally(group.added, group.removed, group.changed);
        writeln!(w, "\n## {} ({tally})\n", words::group(group.group))?;
        block(&objects::group(group, Room::whole()), w)?;
    }
    if !report.disks.is_empty() {
        writeln!(w, "\n## Blocks\n")?;
        table_rows(&blocks::table(&report.disks), w)?;
        if ranges {
            writeln!(w)?;
            block(&blocks::ranges(&report.disks), w)?;
        }
    }
    if let Some(of_backup) = &report.files {
        writeln!(w, "\n## Files ({} are the same)\n", count(of_backup.same))?;
        block(&files::lines(of_backup, Room::whole()), w)?;
    }
    Ok(())
}

/// Writes the comparison of a series, whole.
///
/// # Errors
///
/// Those of `w`.
pub fn write_series(report: &SeriesReport, w: &mut impl io::Write) -> io::Result<()> {
    writeln!(
        w,
        "# {} inputs\n\n**{}**\n",
        report.inputs.len(),
        words::verdict_of_series(report)
    )?;
    table_rows(&tracks::inputs(report, false), w)?;
    for (group, of_group) in groups(report) {
        writeln!(w, "\n## {}\n", words::group(group))?;
        table_rows(&tracks::table(&of_group, report), w)?;
        let steps = tracks::steps(&of_group, report, Room::whole());
        if !steps.is_empty() {
            writeln!(w)?;
            block(&steps, w)?;
        }
    }
    writeln!(w)?;
    for (label, counts) in [("unchanged", &report.unchanged), ("others", &report.others)] {
        if !counts.is_empty() {
            writeln!(w, "- {label}: {}", plain(&words::counts(counts)))?;
        }
    }
    for sentence in &report.not_compared {
        writeln!(w, "- not compared: {}", plain(sentence))?;
    }
    Ok(())
}

/// A fenced block, whose fence is longer than any run of backticks in it.
fn block(lines: &[Line], w: &mut impl io::Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let lines = fenced(lines);
    let runs = lines.iter().flat_map(|line| line.split(|c| c != '`'));
    let longest = runs.map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    writeln!(w, "{fence}diff")?;
    for line in lines {
        writeln!(w, "{line}")?;
    }
    writeln!(w, "{fence}")
}
