//! Comparisons of pool databases, as lines that a table can hold.

use xenspect_diff::{Settings, Side, diff};
use xenspect_model::Catalog;
use xenspect_model::diff::{
    Change, Delta, DiffReport, MatchedBy, Meaning, ObjectChange, ObjectRole, Piece, Shown,
};
use xenspect_model::report::Tool;
use xenspect_scan::{Options, Progress, Source, scan};

pub(crate) fn read(bytes: &[u8]) -> Catalog {
    let source = Source::memory(bytes.to_vec());
    scan(source, &Options::default(), &Progress::default()).unwrap()
}

pub(crate) fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0".to_owned(),
    }
}

pub(crate) fn side<'a>(path: &'a str, catalog: &'a Catalog) -> Side<'a> {
    Side {
        path,
        member: None,
        catalog: Some(catalog),
        files: None,
    }
}

pub(crate) fn compare(old: &[u8], new: &[u8]) -> DiffReport {
    compare_with(old, new, &Settings::default())
}

pub(crate) fn compare_with(old: &[u8], new: &[u8], settings: &Settings) -> DiffReport {
    let (old, new) = (read(old), read(new));
    let (old, new) = (side("old.xml", &old), side("new.xml", &new));
    diff(&tool(), &old, &new, settings)
}

/// The objects of a report, a line each: `nics + VIF NIC 2 of web | MAC, network`. What a change means is in
/// brackets, what differs in a field behind its name.
pub(crate) fn lines(report: &DiffReport) -> Vec<String> {
    let groups = report.groups.iter();
    let objects = groups.flat_map(|group| group.objects.iter().map(move |object| (group, object)));
    let line = |object: &ObjectChange| {
        let mark = match object.change {
            Change::Added => '+',
            Change::Removed => '-',
            Change::Changed => '~',
        };
        // A uuid is no name.
        let title = match &object.uuid {
            Some(uuid) if *uuid == object.title => "UUID",
            _ => &object.title,
        };
        let of = object.of.iter().map(|of| format!(" of {of}"));
        let means = object
            .means
            .iter()
            .map(|means| format!(" [{}]", meaning(means)));
        let fields = object.fields.iter().map(|field| match object.change {
            Change::Changed => format!("{}: {}", field.field, delta(&field.delta)),
            _ => field.field.clone(),
        });
        let role = match object.role {
            None => "",
            Some(ObjectRole::Snapshot) => " (snapshot)",
            Some(ObjectRole::Template) => " (template)",
            Some(ObjectRole::ControlDomain) => " (control domain)",
            Some(ObjectRole::DefaultTemplate) => " (default template)",
        };
        let head = format!(
            "{mark} {}{role} {title}{}{}",
            object.class,
            of.collect::<String>(),
            means.collect::<String>()
        );
        let fields = fields.collect::<Vec<_>>().join(", ");
        format!("{head} | {fields}")
            .trim_end_matches(" | ")
            .to_owned()
    };
    objects
        .map(|(group, object)| {
            let group = format!("{:?}", group.group).to_lowercase();
            format!("{group} {}", line(object))
        })
        .collect()
}

fn meaning(means: &Meaning) -> String {
    match means {
        Meaning::Renamed { old, new } => format!("renamed {old} -> {new}"),
        Meaning::Grown { old, new } => format!("grown {old} -> {new}"),
        Meaning::Shrunk { old, new } => format!("shrunk {old} -> {new}"),
        Meaning::Moved { old, new } => format!("moved {old} -> {new}"),
        Meaning::Attached { vm, disk, device } => format!("attached {disk} as {device} of {vm}"),
        Meaning::Detached { vm, disk, device } => format!("detached {disk} as {device} of {vm}"),
        Meaning::PowerState { old, new } => format!("state {old} -> {new}"),
        Meaning::Replaced { .. } => "replaced".to_owned(),
    }
}

fn delta(delta: &Delta) -> String {
    let one = |value: &Option<Shown>| value.as_ref().map_or_else(|| "nothing".to_owned(), shown);
    let all = |sign: char, values: &[Shown]| -> Vec<String> {
        values
            .iter()
            .map(|value| format!("{sign}{}", shown(value)))
            .collect()
    };
    let pairs = |sign: char, pairs: &[(String, Shown)]| -> Vec<String> {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| format!("{sign}{key}={}", shown(value)))
            .collect()
    };
    match delta {
        Delta::Value { old, new } => format!("{} -> {}", one(old), one(new)),
        Delta::Set { removed, added } => [all('-', removed), all('+', added)].concat().join(" "),
        Delta::Map {
            removed,
            added,
            changed,
        } => {
            let changed: Vec<String> = changed
                .iter()
                .map(|change| {
                    format!(
                        "~{}={}->{}",
                        change.key,
                        shown(&change.old),
                        shown(&change.new)
                    )
                })
                .collect();
            [pairs('-', removed), pairs('+', added), changed]
                .concat()
                .join(" ")
        }
        Delta::Text { by, pieces } => {
            let pieces = pieces.iter().filter_map(|piece| match piece {
                Piece::Removed { text } => Some(format!("-{text}")),
                Piece::Added { text } => Some(format!("+{text}")),
                _ => None,
            });
            format!("{by:?} {}", pieces.collect::<Vec<_>>().join(" "))
        }
        Delta::Secret { change, key } => {
            format!("secret {change:?} {}", key.as_deref().unwrap_or_default())
                .trim_end()
                .to_owned()
        }
    }
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Bool(value) => value.to_string(),
        Shown::Number(number) => number.to_string(),
        Shown::Object {
            title: Some(title), ..
        } => title.clone(),
        Shown::Object { .. } => "none".to_owned(),
        Shown::Text(text) => text.clone(),
    }
}

/// The counts of groups are those of their objects, and all that changed was found in the ways there are.
pub(crate) fn assert_sound(name: &str, report: &DiffReport) {
    for group in &report.groups {
        let count = |change: Change| {
            let objects = group.objects.iter();
            objects.filter(|object| object.change == change).count() as u64
        };
        let counted = [Change::Added, Change::Removed, Change::Changed].map(count);
        let told = [group.added, group.removed, group.changed];
        assert_eq!(told, counted, "{name}: {:?}", group.group);
        assert!(!group.objects.is_empty(), "{name}: {:?}", group.group);
        for object in &group.objects {
            let expected = match (object.change, &*object.class) {
                (Change::Changed, "pool") => {
                    vec![Some(MatchedBy::Uuid), Some(MatchedBy::Class)]
                }
                (Change::Changed, "VM_guest_metrics" | "host_metrics" | "PIF_metrics") => {
                    vec![Some(MatchedBy::Uuid), Some(MatchedBy::Owner)]
                }
                (Change::Changed, _) => vec![Some(MatchedBy::Uuid), Some(MatchedBy::Reference)],
                _ => vec![None],
            };
            assert!(
                expected.contains(&object.matched_by),
                "{name}: {:?} of {} {}",
                object.matched_by,
                object.class,
                object.title
            );
        }
    }
}

/// What the one has added the other has removed, and the same fields of the same objects changed.
pub(crate) fn assert_symmetric(name: &str, forth: &DiffReport, back: &DiffReport) {
    let told = |report: &DiffReport, change: Change| {
        let objects = report.groups.iter().flat_map(|group| &group.objects);
        let objects = objects.filter(|object| object.change == change);
        let mut told: Vec<(String, String, Vec<String>)> = objects
            .map(|object| {
                let mut fields: Vec<String> = object
                    .fields
                    .iter()
                    .map(|field| field.field.clone())
                    .collect();
                fields.sort();
                // One found by its uuid, or the pool, may have another reference.
                let reference = match change {
                    Change::Changed => String::new(),
                    _ => object.reference.clone(),
                };
                (object.class.clone(), reference, fields)
            })
            .collect();
        told.sort();
        told
    };
    assert_sound(name, forth);
    assert_sound(name, back);
    for (one, other) in [
        (Change::Added, Change::Removed),
        (Change::Removed, Change::Added),
        (Change::Changed, Change::Changed),
    ] {
        assert_eq!(told(forth, one), told(back, other), "{name}: {one:?}");
    }
    assert_eq!(forth.left_out, back.left_out, "{name}");
    assert_eq!(forth.same, back.same, "{name}");
}
