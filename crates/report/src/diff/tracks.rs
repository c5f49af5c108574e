//! Objects along a series: a table of when each was seen, and what changed step by step.

use xenspect_model::diff::{DiffInput, Group, ObjectRole, SeriesReport, Track};
use xenspect_model::inventory::{Cell, Column, ColumnKind, Table};

use super::lines::{Line, Sign};
use super::objects::{Room, changed_fields};
use super::words;

/// Objects of a group unless everything is asked for.
const TRACKS: usize = 40;
/// Steps of an object.
const STEPS: usize = 12;

/// An input by its number from 1, with its date.
fn input(inputs: &[DiffInput], index: u32) -> String {
    let number = u64::from(index) + 1;
    let input = usize::try_from(index)
        .ok()
        .and_then(|index| inputs.get(index));
    match input.and_then(words::date) {
        Some(date) => format!("{number} ({date})"),
        None => number.to_string(),
    }
}

/// The folder that all inputs are in, with its last slash.
fn folder(inputs: &[DiffInput]) -> &str {
    let mut paths = inputs.iter().map(|input| input.path.as_str());
    let first = paths.next().unwrap_or_default();
    let mut folder = first.rfind('/').map_or("", |end| &first[..=end]);
    for path in paths {
        while !path.starts_with(folder) {
            let parent = folder.strip_suffix('/').unwrap_or(folder);
            folder = parent.rfind('/').map_or("", |end| &folder[..=end]);
        }
    }
    folder
}

/// The inputs with their numbers; on a page without the folder that they share, since there is little room.
pub(super) fn inputs(report: &SeriesReport, is_page: bool) -> Table {
    let folder = if is_page { folder(&report.inputs) } else { "" };
    let text = |text: Option<String>| text.map_or(Cell::None, Cell::Text);
    Table {
        columns: vec![
            Column::new("number", "#", ColumnKind::Int),
            Column::new("input", "input", ColumnKind::Text),
            Column::new("what", "what", ColumnKind::Text).rank(2),
            Column::new("name", "name", ColumnKind::Text).rank(3),
            Column::new("generation", "generation", ColumnKind::Int).rank(1),
            Column::new("newest_date", "newest date", ColumnKind::Time).rank(1),
        ],
        rows: (1..)
            .zip(&report.inputs)
            .map(|(number, input)| {
                let what = match input.kind {
                    Some(kind) => kind.phrase(),
                    None => "host backup",
                };
                vec![
                    Cell::Int(number),
                    Cell::Text(
                        input
                            .path
                            .get(folder.len()..)
                            .unwrap_or_default()
                            .to_owned(),
                    ),
                    Cell::Text(what.to_owned()),
                    text(input.name.clone()),
                    input.generation.map_or(Cell::None, Cell::Int),
                    input.newest_date.clone().map_or(Cell::None, Cell::Time),
                ]
            })
            .collect(),
    }
}

/// The index of the newest input.
fn last(report: &SeriesReport) -> u32 {
    u32::try_from(report.inputs.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

/// Tracks of each group, which stand together: those that are gone first, since they are what people look for.
pub(super) fn groups(report: &SeriesReport) -> Vec<(Group, Vec<&Track>)> {
    let mut groups: Vec<(Group, Vec<&Track>)> = Vec::new();
    for track in &report.tracks {
        match groups.last_mut() {
            Some((group, of_it)) if *group == track.group => of_it.push(track),
            _ => groups.push((track.group, vec![track])),
        }
    }
    let last = last(report);
    for (_, of_it) in &mut groups {
        of_it.sort_by_key(|track| {
            // Those of the product come and go with updates.
            let is_default = track.role == Some(ObjectRole::DefaultTemplate);
            (is_default, track.last_seen >= last)
        });
    }
    groups
}

/// Tracks of a group, as many as are shown, and how many are not.
pub(super) fn shown<'a>(tracks: &[&'a Track], all: bool) -> (Vec<&'a Track>, usize) {
    let most = if all { usize::MAX } else { TRACKS };
    let left = tracks.len().saturating_sub(most);
    (tracks.iter().take(most).copied().collect(), left)
}

/// What a track is called in a table: with what it belongs to, where it has no name of its own.
fn name(track: &Track) -> String {
    match (&track.of, track.class.as_str()) {
        (Some(of), "VBD" | "VIF" | "PIF" | "SR") => format!("{} of {of}", track.title),
        _ => track.title.clone(),
    }
}

/// Whether it is told in words that a track is gone; of the rest the table says so.
fn is_told_to_be_gone(track: &Track) -> bool {
    matches!(track.class.as_str(), "VM" | "VDI" | "host") && track.role.is_none()
}

/// When each was seen.
pub(super) fn table(tracks: &[&Track], report: &SeriesReport) -> Table {
    let last = last(report);
    let seen = |index| Cell::Text(input(&report.inputs, index));
    Table {
        columns: vec![
            Column::new("is", "", ColumnKind::Text),
            Column::new("name", "name", ColumnKind::Text),
            Column::new("class", "class", ColumnKind::Text).rank(2),
            Column::new("first_seen", "first seen", ColumnKind::Text),
            Column::new("last_seen", "last seen", ColumnKind::Text),
            Column::new("missing_in", "not in", ColumnKind::Text).rank(1),
            Column::new("changes", "changes", ColumnKind::Int),
            Column::new("uuid", "uuid", ColumnKind::Text).rank(4),
        ],
        rows: tracks
            .iter()
            .map(|track| {
                let is = match (track.first_seen, track.last_seen) {
                    (_, seen) if seen < last => "gone",
                    (first, _) if first > 0 => "new",
                    _ => "",
                };
                let missing = track.missing_in.iter();
                let missing: Vec<_> = missing.map(|index| (index + 1).to_string()).collect();
                let changes = i64::try_from(track.changes.len()).unwrap_or(i64::MAX);
                vec![
                    Cell::Text(is.to_owned()),
                    Cell::Text(name(track)),
                    Cell::Text(words::class(&track.class, track.role)),
                    seen(track.first_seen),
                    seen(track.last_seen),
                    match missing.is_empty() {
                        true => Cell::None,
                        false => Cell::Text(missing.join(", ")),
                    },
                    Cell::Int(changes),
                    track.uuid.clone().map_or(Cell::None, Cell::Text),
                ]
            })
            .collect(),
    }
}

/// What became of each, step by step: when it came, changed, was not there and went.
pub(super) fn steps(tracks: &[&Track], report: &SeriesReport, room: Room) -> Vec<Line> {
    let most = room.of(STEPS);
    let last = last(report);
    let place = |index| input(&report.inputs, index);
    let mut lines = Vec::new();
    for track in tracks {
        let is_gone = track.last_seen < last;
        let tells = is_gone && is_told_to_be_gone(track);
        if track.changes.is_empty() && track.missing_in.is_empty() && !tells {
            continue;
        }
        let of = track.of.as_ref().map(|of| format!(" of \"{of}\""));
        let title = format!(
            "{} \"{}\"{}",
            words::class(&track.class, track.role),
            track.title,
            of.unwrap_or_default()
        );
        let sign = if is_gone {
            Sign::Removed
        } else {
            Sign::Changed
        };
        lines.push(Line::new(0, sign, title));
        if is_gone {
            let gone = place(track.last_seen.saturating_add(1));
            let text = format!("last seen in {}, gone in {gone}", place(track.last_seen));
            lines.push(Line::new(1, Sign::Removed, text));
        }
        if !track.missing_in.is_empty() {
            let missing = track.missing_in.iter().take(most);
            let missing: Vec<_> = missing.map(|index| place(*index)).collect();
            let more = track.missing_in.len().saturating_sub(most);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            let text = format!(
                "was not there in {}{more}, and came back",
                missing.join(", ")
            );
            lines.push(Line::new(1, Sign::Changed, text));
        }
        for change in track.changes.iter().take(most) {
            let at = format!("in {}:", place(change.at));
            lines.push(Line::new(1, Sign::Plain, at));
            for meaning in &change.means {
                let text = words::meaning(&track.class, meaning);
                lines.push(Line::new(2, Sign::Changed, text));
            }
            changed_fields(&room.fields(&change.fields), 2, room, &mut lines);
        }
        let left = track.changes.len().saturating_sub(most);
        if left > 0 {
            let text = format!(
                "and {} (--verbose lists all)",
                words::some(left, "more step")
            );
            lines.push(Line::new(1, Sign::Aside, text));
        }
    }
    lines
}
