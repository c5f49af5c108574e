//! One change of one field each, with exactly the difference it must give.

use xenspect_model::diff::{Delta, FieldChange, KeyChange, Piece, Shown, TextUnit};

use crate::build::{changed, objects};

fn text(text: &str) -> Shown {
    Shown::Text(text.to_owned())
}

fn value(old: Shown, new: Shown) -> Delta {
    Delta::Value {
        old: Some(old),
        new: Some(new),
    }
}

fn object(reference: &str, title: &str) -> Shown {
    Shown::Object {
        reference: reference.to_owned(),
        title: Some(title.to_owned()),
    }
}

fn null() -> Shown {
    Shown::Object {
        reference: "OpaqueRef:NULL".to_owned(),
        title: None,
    }
}

fn map(removed: &[(&str, &str)], added: &[(&str, &str)], changed: &[(&str, &str, &str)]) -> Delta {
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(key, value)| ((*key).to_owned(), text(value)))
            .collect()
    };
    let changed = changed.iter().map(|(key, old, new)| KeyChange {
        key: (*key).to_owned(),
        old: text(old),
        new: text(new),
    });
    Delta::Map {
        removed: pairs(removed),
        added: pairs(added),
        changed: changed.collect(),
    }
}

/// The only field of the only object that differs.
fn only(from: &str, to: &str) -> FieldChange {
    let report = changed(from, to);
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    let objects = objects(&report);
    let [object] = objects.as_slice() else {
        panic!("{objects:#?}");
    };
    let [field] = object.fields.as_slice() else {
        panic!("{object:#?}");
    };
    field.clone()
}

#[test]
fn a_change_gives_its_difference() {
    let cases = [
        (
            "name__description=\"a%.server\"",
            "name__description=\"b\"",
            "name_description",
            value(text("a server"), text("b")),
        ),
        (
            "memory__static_max=\"1024\"",
            "memory__static_max=\"2048\"",
            "memory_static_max",
            value(Shown::Number(1024), Shown::Number(2048)),
        ),
        (
            "is_a_template=\"false\"",
            "is_a_template=\"true\"",
            "is_a_template",
            value(Shown::Bool(false), Shown::Bool(true)),
        ),
        (
            "HVM__shadow_multiplier=\"1.\"",
            "HVM__shadow_multiplier=\"1.5\"",
            "HVM_shadow_multiplier",
            value(text("1"), text("1.5")),
        ),
        (
            "20260102T03:04:05Z",
            "20260102T03:04:06Z",
            "snapshot_time",
            value(text("2026-01-02T03:04:05Z"), text("2026-01-02T03:04:06Z")),
        ),
        (
            "affinity=\"OpaqueRef:NULL\"",
            "affinity=\"OpaqueRef:host\"",
            "affinity",
            value(null(), object("OpaqueRef:host", "alpha")),
        ),
        (
            "default_SR=\"OpaqueRef:sr\"",
            "default_SR=\"OpaqueRef:sr2\"",
            "default_SR",
            value(
                object("OpaqueRef:sr", "store"),
                object("OpaqueRef:sr2", "second store"),
            ),
        ),
        (
            "tags=\"('prod'%.'web')\"",
            "tags=\"('web'%.'test'%.'web')\"",
            "tags",
            Delta::Set {
                removed: vec![text("prod")],
                added: vec![text("test"), text("web")],
            },
        ),
        (
            "('folder'%.'/a')%.",
            "('folder'%.'/b')%.",
            "other_config",
            map(&[], &[], &[("folder", "/a", "/b")]),
        ),
        (
            "('folder'%.'/a')%.",
            "",
            "other_config",
            map(&[("folder", "/a")], &[], &[]),
        ),
        (
            "('folder'%.'/a')%.",
            "('new'%.'1')%.('folder'%.'/a')%.",
            "other_config",
            map(&[], &[("new", "1")], &[]),
        ),
        // A column that no datamodel has is a map if it reads as one.
        (
            "vendor_extra=\"(('a'%.'1'))\"",
            "vendor_extra=\"(('a'%.'2'))\"",
            "vendor_extra",
            map(&[], &[], &[("a", "1", "2")]),
        ),
        (
            "vendor_extra=\"(('a'%.'1'))\"",
            "vendor_extra=\"text\"",
            "vendor_extra",
            value(text("a: 1"), text("text")),
        ),
        (
            "VLAN=\"-1\"",
            "VLAN=\"x\"",
            "VLAN",
            value(Shown::Number(-1), text("x")),
        ),
    ];
    for (from, to, field, delta) in cases {
        let found = only(from, to);
        assert_eq!(
            (&*found.field, &found.delta),
            (field, &delta),
            "{from} {to}"
        );
    }
}

#[test]
fn long_texts_are_compared_in_pieces() {
    let found = only("one%nlong%ntext", "one%nlonger%ntext");
    let piece = |text: &str| text.to_owned();
    let expected = Delta::Text {
        by: TextUnit::Lines,
        pieces: vec![
            Piece::Same { text: piece("one") },
            Piece::Removed {
                text: piece("long"),
            },
            Piece::Added {
                text: piece("longer"),
            },
            Piece::Same {
                text: piece("text"),
            },
            Piece::Skipped { count: 2 },
        ],
    };
    assert_eq!(found.delta, expected);
}

#[test]
fn another_spelling_is_no_difference() {
    for (from, to) in [
        (
            "HVM__shadow_multiplier=\"1.\"",
            "HVM__shadow_multiplier=\"1.000\"",
        ),
        ("20260102T03:04:05Z", "2026-01-02T04:04:05+01:00"),
        ("affinity=\"OpaqueRef:NULL\"", "affinity=\"\""),
        ("tags=\"('prod'%.'web')\"", "tags=\"('web' 'prod')\""),
        (
            "(('folder'%.'/a')%.('mac_seed'%.'s'))",
            "((&quot;mac_seed&quot; 's') ('folder' '/a'))",
        ),
        ("power_state=\"Halted\"", "power_state=\"halted\""),
        (
            "name__description=\"a%.server\"",
            "name__description=\"a server\"",
        ),
        (
            "memory__static_max=\"1024\"",
            "memory__static_max=\"01024\"",
        ),
        ("__mtime=\"6\"", "__mtime=\"7\""),
        ("value=\"7\"", "value=\"8\""),
    ] {
        let report = changed(from, to);
        assert!(
            report.same && report.left_out.is_empty(),
            "{to}: {report:#?}"
        );
    }
}

#[test]
fn a_column_of_one_side_alone_is_told() {
    let found = only(" bridge=\"xenbr0\"", "");
    let old = Some(text("xenbr0"));
    assert_eq!(found.delta, Delta::Value { old, new: None });
    let found = only(" bridge=\"xenbr0\"", " bridge=\"xenbr0\" MTU=\"1500\"");
    let new = Some(Shown::Number(1500));
    assert_eq!(found.delta, Delta::Value { old: None, new });
}
