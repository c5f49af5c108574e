//! The report of a whole store, which is too long to read from end to end: the sound inputs as a table first, then what is to be
//! said of the others, then all of those once more by name, and the totals. What somebody has to look at stands last.

use std::collections::BTreeMap;
use std::io;

use xenspect_model::report::{Input, Left, LeftReason, Report};

use super::{Row, Style, body, is_plainly_sound, plural, verdict_line, write_lines};
use crate::quantity::{count, size};
use crate::shared_directory::shared_directory;
use crate::text::{columns, ellipsis, escape, shorten, shorten_middle};
use crate::wrap::{DIM, verdict_style};

/// More inputs than this are a store.
pub(super) const STORE: usize = 20;
/// Sound inputs that are listed unless all are asked for.
const SOUND: usize = 1000;
/// Others that are named a second time.
const OTHERS: usize = 50;
/// Inputs left for another run that are named.
const LEFT: usize = 3;

const INDENT: usize = 2;
const GAP: usize = 2;
/// The widest name of what is in an input.
const LABEL: usize = 20;
/// The narrowest that it is cut to for the sake of paths.
const LEAST_LABEL: usize = 8;

/// Writes the inputs of a store. Totals are up to the caller.
pub(super) fn write(report: &Report, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    let (sound, others): (Vec<&Input>, Vec<&Input>) = report
        .inputs
        .iter()
        .partition(|input| is_plainly_sound(input));
    let mut lines = Vec::new();
    if !sound.is_empty() {
        lines.extend(table(&sound, SOUND, style));
        write_lines(&mut lines, w)?;
    }
    for (index, &input) in others.iter().enumerate() {
        if index > 0 || !sound.is_empty() {
            lines.push(String::new());
        }
        lines.extend(verdict_line(input, style));
        lines.extend(body(input, style));
        write_lines(&mut lines, w)?;
    }
    // One or two are still in sight.
    if others.len() > 2 {
        lines.push(String::new());
        lines.extend(table(&others, OTHERS, style));
    }
    write_lines(&mut lines, w)
}

/// One line for each input: verdict, kind, size, path, and what is in it.
fn table(inputs: &[&Input], most: usize, style: &Style) -> Vec<String> {
    let paths: Vec<&str> = inputs.iter().map(|input| input.path.as_str()).collect();
    let shared = shared_directory(&paths);
    let folder = paths.first().and_then(|path| path.get(..shared));
    let folder = folder.unwrap_or_default();
    let shown = &inputs[..inputs.len().min(most)];
    let rows: Vec<[String; 5]> = shown
        .iter()
        .map(|input| {
            let path = input.path.get(folder.len()..).unwrap_or(&input.path);
            [
                input.verdict.word().to_owned(),
                input.kind.map_or("-", |kind| kind.name()).to_owned(),
                size(input.bytes),
                path.to_owned(),
                shorten(label(input), LABEL, style.unicode),
            ]
        })
        .collect();
    let widest = |at: usize| rows.iter().map(|row| columns(&row[at])).max().unwrap_or(0);
    let (verdict, kind, bytes) = (widest(0), widest(1), widest(2));
    let fixed = INDENT + verdict + kind + bytes + 3 * GAP;
    let room = style.columns().saturating_sub(fixed);
    let whole_path = rows
        .iter()
        .map(|row| columns(&escape(&row[3], style.unicode)))
        .max()
        .unwrap_or(0);
    // Names give way to paths, and paths to what is then left of names.
    let beside = room.saturating_sub(whole_path + GAP);
    let name = widest(4).min(beside.max(LEAST_LABEL));
    let path_room = match name {
        0 => room,
        name => room.saturating_sub(GAP + name),
    };
    let paths: Vec<String> = rows
        .iter()
        .map(|row| shorten_middle(&row[3], path_room, style.unicode))
        .collect();
    let path_width = paths.iter().map(|path| columns(path)).max().unwrap_or(0);
    let mut lines = Vec::with_capacity(rows.len() + 2);
    if !folder.is_empty() {
        let heading = format!("Below {}:", escape(folder, style.unicode));
        lines.extend(crate::wrap::wrap(&heading, style.columns(), "", "  "));
    }
    for ((row, path), input) in rows.iter().zip(&paths).zip(shown) {
        let blanks = |width: usize, text: &str| " ".repeat(width.saturating_sub(columns(text)));
        let mut line = format!(
            "  {}{}  {}{}  {}{}  {path}",
            style.paint().paint(verdict_style(input.verdict), &row[0]),
            blanks(verdict, &row[0]),
            row[1],
            blanks(kind, &row[1]),
            blanks(bytes, &row[2]),
            row[2],
        );
        if name > 0 && !row[4].is_empty() {
            line.push_str(&blanks(path_width + GAP, path));
            line.push_str(&shorten(label(input), name, style.unicode));
        }
        lines.push(line);
    }
    if shown.len() < inputs.len() {
        let more = format!(
            "  {} and {} more (--verbose lists all, JSON has them)",
            ellipsis(style.unicode),
            count((inputs.len() - shown.len()) as u64)
        );
        lines.push(style.paint().paint(DIM, &more));
    }
    lines
}

/// The name of what is in an input, or else what the repository calls it; empty if it has none, or several.
fn label(input: &Input) -> &str {
    match input.vms.as_slice() {
        [vm] => return &vm.name,
        [] => {}
        _ => return "",
    }
    let pool = input
        .database
        .as_ref()
        .and_then(|database| database.pool.as_ref());
    match pool {
        Some(pool) => &pool.name,
        None => input.copy.label.as_deref().unwrap_or_default(),
    }
}

/// What was left for another run: how many for which reason, and the first ones of each.
pub(crate) fn left(left: &[Left], style: &Style) -> Vec<Row> {
    let mut by_reason: BTreeMap<usize, Vec<&Left>> = BTreeMap::new();
    for one in left {
        by_reason.entry(rank(one.reason)).or_default().push(one);
    }
    let mut rows = Vec::new();
    for of_reason in by_reason.values() {
        let Some(first) = of_reason.first() else {
            continue;
        };
        let most = if style.verbose { usize::MAX } else { LEFT };
        let mut text = format!(
            "{} {}",
            plural(of_reason.len() as u64, "input"),
            words(first.reason)
        );
        let named = of_reason.iter().take(most).map(|one| {
            let path = escape(&one.path, style.unicode);
            match (one.reason, one.detail.as_str()) {
                (LeftReason::NotInSample, _) | (_, "") => path,
                (_, detail) => format!("{path} ({})", escape(detail, style.unicode)),
            }
        });
        let named: Vec<String> = named.collect();
        let more = of_reason.len() - named.len();
        text.push_str(&format!(": {}", named.join(", ")));
        if more > 0 {
            text.push_str(&format!(" and {} more", count(more as u64)));
        }
        let label = if rows.is_empty() { "left" } else { "" };
        rows.push(Row::new(label, text));
    }
    rows
}

const fn rank(reason: LeftReason) -> usize {
    match reason {
        LeftReason::StillGrowing => 0,
        LeftReason::VerifiedRecently => 1,
        LeftReason::NotInSample => 2,
    }
}

const fn words(reason: LeftReason) -> &'static str {
    match reason {
        LeftReason::StillGrowing => "still being written",
        LeftReason::VerifiedRecently => "verified a short while ago",
        LeftReason::NotInSample => "not in this run's part",
    }
}
