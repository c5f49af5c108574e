//! How an input compares with another copy: one sentence, and a table of the places where they differ.

use xenspect_model::report::{Against, AgainstState, Carries, Difference, DifferingRange};

use super::super::{Style, plural};
use crate::quantity::count;
use crate::text::{columns, ellipsis, escape, shorten_middle};
use crate::wrap::DIM;

/// Ranges shown unless all are asked for.
const RANGES: usize = 10;

const INDENT: usize = 2;
const GAP: usize = 2;

/// How the two compare.
pub(super) fn sentence(against: &Against, style: &Style) -> String {
    let path = escape(&against.path, style.unicode);
    let ranges = (against.ranges.len() as u64).saturating_add(against.ranges_more);
    let places = plural(ranges, "place");
    let differ = if ranges == 1 { "differs" } else { "differ" };
    let same = match against.same {
        1 => "1 member is".to_owned(),
        same => format!("{} members are", count(same)),
    };
    let words = match against.state {
        AgainstState::Same if ranges == 0 => match against.same {
            1 => "its only member is the same".to_owned(),
            same => format!("all {} members are the same", count(same)),
        },
        AgainstState::Same if all(against, Carries::Untold) => {
            format!("{same} the same; {places} in another order")
        }
        AgainstState::Same => format!("{same} the same; {places} damaged in both"),
        AgainstState::OneIsRight if all(against, Carries::Here) => {
            format!("{places} {differ}, and this copy is right; {same} the same")
        }
        AgainstState::OneIsRight if all(against, Carries::There) => {
            format!("{places} {differ}, and the other copy is right; {same} the same")
        }
        AgainstState::OneIsRight => format!(
            "{places} {differ}, and each has a right copy, so a whole archive can be made of both; {same} the same"
        ),
        AgainstState::Undecided if ranges == 0 => format!("{same} the same; not all were compared"),
        AgainstState::Undecided => {
            format!("{places} {differ}, and not all of them have a right copy; {same} the same")
        }
        AgainstState::OtherArchive => format!(
            "the two are no copies of one archive: {same} the same, {} different, {} only here, {} only there",
            count(against.different),
            count(against.only_here),
            count(against.only_there)
        ),
    };
    format!("{path}: {words}")
}

fn all(against: &Against, right: Carries) -> bool {
    against.ranges_more == 0 && against.ranges.iter().all(|range| range.right == right)
}

/// Heads of the columns of [`cells`], behind that of the members.
pub(crate) const HEADS: [&str; 4] = ["differ", "offset here", "offset there", "right"];

/// What is told of a range beside its members. Offsets are those of the headers in the decompressed streams.
pub(crate) fn cells(range: &DifferingRange) -> [String; 4] {
    let offset = |range: Option<xenspect_model::Range>| {
        range.map_or_else(|| "-".to_owned(), |range| range.start.to_string())
    };
    [
        difference(range.differs).to_owned(),
        offset(range.here),
        offset(range.there),
        right(range.right).to_owned(),
    ]
}

/// The ranges that are of use: of two archives that have nothing to do with one another nearly everything differs.
pub(crate) fn ranges<'a>(against: &'a Against, style: &Style) -> &'a [DifferingRange] {
    match against.state {
        AgainstState::OtherArchive if !style.verbose => &[],
        _ => &against.ranges,
    }
}

/// One line for each range, with an empty one in front and behind; nothing if there is none.
pub(super) fn table(against: &Against, style: &Style) -> Vec<String> {
    let ranges = ranges(against, style);
    if ranges.is_empty() {
        return Vec::new();
    }
    let most = if style.verbose { usize::MAX } else { RANGES };
    let shown = ranges.len().min(most);
    let row = |first: &str, [a, b, c, d]: [String; 4]| [first.to_owned(), a, b, c, d];
    let mut rows = vec![row("members", HEADS.map(str::to_owned))];
    rows.extend(ranges.iter().take(most).map(|range| row("", cells(range))));
    let mut widths = [0; 5];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = columns(cell).max(*width);
        }
    }
    let others: usize = widths[1..].iter().map(|width| width + GAP).sum();
    let room = style.columns().saturating_sub(INDENT + others).max(12);
    for (row, range) in rows.iter_mut().skip(1).zip(&against.ranges) {
        row[0] = members(range, room, style);
        widths[0] = widths[0].max(columns(&row[0]));
    }
    let mut lines = vec![String::new()];
    for (index, row) in rows.iter().enumerate() {
        let mut line = " ".repeat(INDENT);
        for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
            let blanks = " ".repeat(width.saturating_sub(columns(cell)));
            let gap = if at == 0 { "" } else { "  " };
            line.push_str(gap);
            let is_number = at == 2 || at == 3;
            if is_number {
                line.push_str(&blanks);
            }
            line.push_str(cell);
            if !is_number {
                line.push_str(&blanks);
            }
        }
        let line = line.trim_end();
        lines.push(if index == 0 {
            style.paint().paint(DIM, line)
        } else {
            line.to_owned()
        });
    }
    let more = (against.ranges.len() - shown) as u64;
    if more > 0 {
        lines.push(format!(
            "  {} and {} more (--verbose lists all, JSON has them)",
            ellipsis(style.unicode),
            count(more)
        ));
    }
    if against.ranges_more > 0 {
        lines.push(format!(
            "  {} and {} more that were only counted",
            ellipsis(style.unicode),
            count(against.ranges_more)
        ));
    }
    lines.push(String::new());
    lines
}

/// The names of a range: the first one, how the last one ends, and how many there are.
pub(crate) fn members(range: &DifferingRange, room: usize, style: &Style) -> String {
    let Some(last) = &range.last else {
        return shorten_middle(&range.first, room, style.unicode);
    };
    let number = format!(" ({})", count(range.members));
    let room = room.saturating_sub(number.len());
    // Of two blocks of a disk the number tells the second one.
    let folder = range.first.rfind('/').map_or(0, |slash| slash + 1);
    let same_folder = range.first.get(..folder) == last.get(..folder);
    let short = last.get(folder..).filter(|_| same_folder).unwrap_or(last);
    let both = format!("{} to {short}", range.first);
    if columns(&escape(&both, style.unicode)) <= room {
        return format!("{}{number}", escape(&both, style.unicode));
    }
    let dots = ellipsis(style.unicode);
    let room = room.saturating_sub(1 + dots.len());
    let first = shorten_middle(&range.first, room, style.unicode);
    format!("{first} {dots}{number}")
}

const fn difference(differs: Difference) -> &'static str {
    match differs {
        Difference::Contents => "contents",
        Difference::OnlyHere => "only here",
        Difference::OnlyThere => "only there",
        Difference::Unread => "not read",
        Difference::Order => "order",
        Difference::Alike => "alike",
    }
}

const fn right(right: Carries) -> &'static str {
    match right {
        Carries::Here => "here",
        Carries::There => "there",
        Carries::Both => "both",
        Carries::Neither => "neither",
        Carries::Untold => "unknown",
    }
}
