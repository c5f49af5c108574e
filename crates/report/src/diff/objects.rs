//! Objects that came, went or changed, in lines.

use xenspect_model::diff::{
    Change, Delta, FieldChange, GroupChanges, Meaning, ObjectChange, ObjectRole, Piece, Shown,
    TextUnit,
};

use super::lines::{Line, Sign};
use super::words;

/// Objects of a group by what became of them, fields of an object, members of a set or map, and lines of a text, unless
/// everything is asked for.
const OBJECTS: usize = 20;
const FIELDS: usize = 8;
const MEMBERS: usize = 12;
const PIECES: usize = 40;

/// How much of a list is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    all: bool,
    told: bool,
}

impl Room {
    /// Everything, or the beginnings of lists without what is told already.
    pub(super) const fn new(all: bool) -> Self {
        Self { all, told: all }
    }

    /// Whole lists without what is told already.
    pub(super) const fn whole() -> Self {
        Self {
            all: true,
            told: false,
        }
    }

    /// The fields that are shown.
    pub(super) fn fields(self, fields: &[FieldChange]) -> Vec<&FieldChange> {
        let fields = fields.iter();
        fields.filter(|field| self.told || !field.is_told).collect()
    }

    pub(super) const fn of(self, most: usize) -> usize {
        if self.all { usize::MAX } else { most }
    }
}

/// The lines of a group.
pub(super) fn group(group: &GroupChanges, room: Room) -> Vec<Line> {
    let mut lines = Vec::new();
    let most = room.of(OBJECTS);
    for change in [Change::Removed, Change::Added, Change::Changed] {
        let objects = group.objects.iter();
        let mut objects: Vec<_> = objects.filter(|object| object.change == change).collect();
        objects.sort_by_key(|object| (stands_back(object), !is_main(&object.class)));
        let mut left: usize = 0;
        let all = objects.len();
        // Those of the product come and go by the dozen with an update, and have nothing to do with what people made.
        objects.retain(|object| room.all || !is_of_product(object));
        let of_product = all.saturating_sub(objects.len());
        if of_product > 0 {
            let what = words::some(of_product, "default template");
            let text = format!("{what} (--verbose lists all)");
            lines.push(Line::new(0, change.into(), text));
        }
        for (index, shown) in objects.into_iter().enumerate() {
            if index < most {
                object(shown, room, &mut lines);
            } else {
                left += 1;
            }
        }
        if left > 0 {
            let text = format!(
                "and {left} more {} (--verbose lists all)",
                words::change(change)
            );
            lines.push(Line::new(0, Sign::Aside, text));
        }
    }
    lines
}

/// What a group is called after, and not what hangs on it.
fn is_main(class: &str) -> bool {
    matches!(class, "VM" | "VDI" | "network" | "host" | "SR" | "pool")
}

/// What came or went and is no VM but of that class: pools have dozens of templates, and people look for VMs.
fn stands_back(object: &ObjectChange) -> bool {
    object.change != Change::Changed && object.role.is_some()
}

/// A template of the product that came or went.
fn is_of_product(object: &ObjectChange) -> bool {
    object.change != Change::Changed && object.role == Some(ObjectRole::DefaultTemplate)
}

fn object(object: &ObjectChange, room: Room, lines: &mut Vec<Line>) {
    let fields = room.fields(&object.fields);
    // A VBD that came or went is little more than the disk in its place.
    if let [Meaning::Attached { disk, .. } | Meaning::Detached { disk, .. }] = &*object.means
        && object.class == "VBD"
        && object.change != Change::Changed
    {
        let text = format!("{}, disk \"{disk}\"", title(object));
        lines.push(Line::new(0, object.change.into(), text));
        return;
    }
    lines.push(Line::new(0, object.change.into(), title(object)));
    for meaning in &object.means {
        let text = words::meaning(&object.class, meaning);
        lines.push(Line::new(1, sign_of(meaning), text));
    }
    if object.change == Change::Changed {
        changed_fields(&fields, 1, room, lines);
    } else if let Some(text) = one_sided(&fields) {
        lines.push(Line::new(1, Sign::Plain, text));
    }
}

fn sign_of(meaning: &Meaning) -> Sign {
    match meaning {
        Meaning::Attached { .. } => Sign::Added,
        Meaning::Detached { .. } => Sign::Removed,
        _ => Sign::Changed,
    }
}

/// `VBD "xvda" of "web01", uuid`.
fn title(object: &ObjectChange) -> String {
    let mut text = words::class(&object.class, object.role);
    // What is called by its uuid need not be told twice.
    let has_name = object.uuid.as_deref() != Some(object.title.as_str());
    if has_name && object.class != "pool" {
        text.push_str(&format!(" \"{}\"", object.title));
    }
    if let Some(of) = &object.of {
        text.push_str(&format!(" of \"{of}\""));
    }
    let uuid = object.uuid.as_deref().unwrap_or(&object.reference);
    format!("{text}, {uuid}")
}

/// The fields of an object that one side has, in one line.
fn one_sided(fields: &[&FieldChange]) -> Option<String> {
    let facts: Vec<String> = fields
        .iter()
        .filter_map(|field| match &field.delta {
            Delta::Value { old, new } => {
                let value = new.as_ref().or(old.as_ref())?;
                Some(format!(
                    "{} {}",
                    field.field,
                    words::shown(&field.field, value)
                ))
            }
            _ => None,
        })
        .collect();
    (!facts.is_empty()).then(|| facts.join(", "))
}

/// The fields that differ.
pub(super) fn changed_fields(
    fields: &[&FieldChange],
    depth: usize,
    room: Room,
    lines: &mut Vec<Line>,
) {
    let most = room.of(FIELDS);
    for shown in fields.iter().take(most) {
        field(shown, depth, room, lines);
    }
    let left = fields.len().saturating_sub(most);
    if left > 0 {
        let text = format!(
            "and {} (--verbose lists all)",
            words::some(left, "more field")
        );
        lines.push(Line::new(depth, Sign::Aside, text));
    }
}

fn field(field: &FieldChange, depth: usize, room: Room, lines: &mut Vec<Line>) {
    let name = &field.field;
    let value = |value: &Shown| words::shown(name, value);
    let inner = depth + 1;
    match &field.delta {
        Delta::Value { old, new } => {
            let (sign, text) = match (old, new) {
                (Some(old), Some(new)) => (
                    Sign::Changed,
                    format!("{name}: {}", words::from_to(name, old, new)),
                ),
                (Some(old), None) => (Sign::Removed, format!("{name}: {}", value(old))),
                (None, Some(new)) => (Sign::Added, format!("{name}: {}", value(new))),
                (None, None) => (Sign::Changed, name.clone()),
            };
            lines.push(Line::new(depth, sign, text));
        }
        Delta::Set { removed, added } => {
            lines.push(Line::new(depth, Sign::Changed, format!("{name}:")));
            let members = removed
                .iter()
                .map(|member| (Sign::Removed, value(member)))
                .chain(added.iter().map(|member| (Sign::Added, value(member))));
            list(members, room.of(MEMBERS), inner, lines);
        }
        Delta::Map {
            removed,
            added,
            changed,
        } => {
            lines.push(Line::new(depth, Sign::Changed, format!("{name}:")));
            let pair = |(key, of_key): &(String, Shown)| format!("{key} = {}", value(of_key));
            let pairs = removed
                .iter()
                .map(|removed| (Sign::Removed, pair(removed)))
                .chain(added.iter().map(|added| (Sign::Added, pair(added))))
                .chain(changed.iter().map(|change| {
                    let text = words::from_to(name, &change.old, &change.new);
                    (Sign::Changed, format!("{}: {text}", change.key))
                }));
            list(pairs, room.of(MEMBERS), inner, lines);
        }
        Delta::Text { by, pieces } => {
            lines.push(Line::new(depth, Sign::Changed, format!("{name}:")));
            match by {
                TextUnit::Lines => {
                    list(
                        pieces.iter().flat_map(lines_of),
                        room.of(PIECES),
                        inner,
                        lines,
                    );
                }
                TextUnit::Words => lines.push(Line::new(inner, Sign::Plain, words_in_one(pieces))),
            }
        }
        Delta::Secret { change, key } => {
            let key = key
                .as_ref()
                .map(|key| format!(":{key}"))
                .unwrap_or_default();
            let text = format!(
                "{name}{key}: {}, a secret, not shown",
                words::change(*change)
            );
            lines.push(Line::new(depth, (*change).into(), text));
        }
    }
}

fn list(
    members: impl Iterator<Item = (Sign, String)>,
    most: usize,
    depth: usize,
    lines: &mut Vec<Line>,
) {
    let mut left: usize = 0;
    for (index, (sign, text)) in members.enumerate() {
        if index < most {
            lines.push(Line::new(depth, sign, text));
        } else {
            left += 1;
        }
    }
    if left > 0 {
        let text = format!("and {left} more (--verbose lists all)");
        lines.push(Line::new(depth, Sign::Aside, text));
    }
}

/// The lines of a piece of a text that is compared line by line.
fn lines_of(piece: &Piece) -> Vec<(Sign, String)> {
    let (sign, text) = match piece {
        Piece::Same { text } => (Sign::Plain, text),
        Piece::Removed { text } => (Sign::Removed, text),
        Piece::Added { text } => (Sign::Added, text),
        Piece::Skipped { count } => {
            return vec![(Sign::Aside, format!("[{count} lines are the same]"))];
        }
    };
    let bare = |line: &str| line.trim_end_matches('\r').to_owned();
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.split('\n').map(|line| (sign, bare(line))).collect()
}

/// A text that is compared word by word: what went and what came stand in brackets.
fn words_in_one(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Same { text } => text.clone(),
            Piece::Removed { text } => format!("[-{text}-]"),
            Piece::Added { text } => format!("{{+{text}+}}"),
            Piece::Skipped { .. } => " [...] ".to_owned(),
        })
        .collect()
}
