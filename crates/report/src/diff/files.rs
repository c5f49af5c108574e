//! Files of two host backups, in lines.

use xenspect_model::diff::{Change, FieldChange, FileChange, FileChanges, FileKind, FileState};

use super::lines::{Line, Sign};
use super::objects::{Room, changed_fields};
use super::words;
use crate::quantity::{count, size};

/// Files of one kind of change unless everything is asked for.
const FILES: usize = 40;

/// The lines of the files.
pub(super) fn lines(files: &FileChanges, room: Room) -> Vec<Line> {
    let most = room.of(FILES);
    let mut lines = Vec::new();
    for change in [Change::Removed, Change::Added, Change::Changed] {
        let of_it = files.changes.iter().filter(|file| file.change == change);
        let mut left: u64 = 0;
        for (index, shown) in of_it.enumerate() {
            if index < most {
                file(shown, room, &mut lines);
            } else {
                left += 1;
            }
        }
        if left > 0 {
            let text = format!(
                "and {} more {} (--verbose lists all)",
                count(left),
                words::change(change)
            );
            lines.push(Line::new(0, Sign::Aside, text));
        }
    }
    if files.more > 0 {
        let text = format!("and {} more, which were not kept", count(files.more));
        lines.push(Line::new(0, Sign::Aside, text));
    }
    if lines.is_empty() {
        lines.push(Line::new(0, Sign::Plain, "no file differs"));
    }
    if !files.volatile.is_empty() {
        let text = words::volatile(&files.volatile);
        lines.push(Line::new(0, Sign::Aside, text));
    }
    lines
}

fn file(file: &FileChange, room: Room, lines: &mut Vec<Line>) {
    let what = match (&file.old, &file.new) {
        (Some(old), Some(new)) => between(old, new),
        (Some(state), None) | (None, Some(state)) => alone(state),
        (None, None) => String::new(),
    };
    let text = match what.as_str() {
        "" => file.path.clone(),
        what => format!("{}: {what}", file.path),
    };
    lines.push(Line::new(0, file.change.into(), text));
    let keys: Vec<&FieldChange> = file.keys.iter().collect();
    changed_fields(&keys, 1, room, lines);
}

fn alone(state: &FileState) -> String {
    match (state.is, state.len, &state.link) {
        (FileKind::File, Some(len), _) => size(len),
        (kind, _, Some(link)) => format!("{} to {link}", words::file_kind(kind)),
        (kind, _, None) => words::file_kind(kind).to_owned(),
    }
}

/// What is different, in a few words.
fn between(old: &FileState, new: &FileState) -> String {
    let mut parts = Vec::new();
    if old.is != new.is {
        let (old, new) = (words::file_kind(old.is), words::file_kind(new.is));
        parts.push(format!("{old} -> {new}"));
    } else if old.link != new.link {
        let target = |link: &Option<String>| link.clone().unwrap_or_else(|| "nothing".to_owned());
        let (old, new) = (target(&old.link), target(&new.link));
        parts.push(format!("leads to {old} -> {new}"));
    }
    match (old.len, new.len) {
        (Some(old), Some(new)) if old != new => {
            let (old, new) = words::sizes(old, new);
            parts.push(format!("{old} -> {new}"));
        }
        _ if old.is == new.is && old.sha256 != new.sha256 => {
            parts.push("other contents, same length".to_owned());
        }
        _ => {}
    }
    if old.mode != new.mode {
        parts.push(format!("mode {} -> {}", old.mode, new.mode));
    }
    if old.owner != new.owner {
        parts.push(format!("owner {} -> {}", old.owner, new.owner));
    }
    // A file with secrets shows no digest, and all that is left to say is that it differs.
    if parts.is_empty() {
        parts.push("other contents".to_owned());
    }
    parts.join(", ")
}
