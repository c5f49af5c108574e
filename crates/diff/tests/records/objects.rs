//! Objects that came, went or changed: how they are matched, what the change means, where it is told.

use xenspect_model::diff::{Change, Group, MatchedBy, Meaning, ObjectChange};

use crate::build::{against, changed, edited, objects, without};

fn only(text: &str) -> (Group, ObjectChange) {
    let report = against(text);
    let [group] = report.groups.as_slice() else {
        panic!("{:#?}", report.groups);
    };
    let [object] = group.objects.as_slice() else {
        panic!("{:#?}", group.objects);
    };
    (group.group, object.clone())
}

fn owned(text: &str) -> String {
    text.to_owned()
}

#[test]
fn changes_have_meanings() {
    let gib = 1_u64 << 30;
    let moved = |old, new| {
        let (old, new) = (owned(old), owned(new));
        Meaning::Moved { old, new }
    };
    let cases = [
        (
            "\"web01\"",
            "\"web02\"",
            Group::Vms,
            "web02",
            Meaning::Renamed {
                old: owned("web01"),
                new: owned("web02"),
            },
        ),
        (
            "\"1073741824\"",
            "\"2147483648\"",
            Group::Disks,
            "root",
            Meaning::Grown {
                old: gib,
                new: 2 * gib,
            },
        ),
        (
            "\"1073741824\"",
            "\"5\"",
            Group::Disks,
            "root",
            Meaning::Shrunk { old: gib, new: 5 },
        ),
        (
            "SR=\"OpaqueRef:sr\" virtual",
            "SR=\"OpaqueRef:sr2\" virtual",
            Group::Disks,
            "root",
            moved("store", "second store"),
        ),
        (
            "network=\"OpaqueRef:net\" device",
            "network=\"OpaqueRef:net2\" device",
            Group::Nics,
            "NIC 0",
            moved("lan", "dmz"),
        ),
        (
            "network=\"OpaqueRef:net\" VLAN",
            "network=\"OpaqueRef:net2\" VLAN",
            Group::Nics,
            "eth0",
            moved("lan", "dmz"),
        ),
        (
            "\"Halted\"",
            "\"Running\"",
            Group::Vms,
            "web01",
            Meaning::PowerState {
                old: owned("Halted"),
                new: owned("Running"),
            },
        ),
        (
            "\"u-net2\"",
            "\"u-net3\"",
            Group::Networks,
            "dmz",
            Meaning::Replaced {
                old: owned("u-net2"),
                new: owned("u-net3"),
            },
        ),
    ];
    for (from, to, group, title, meaning) in cases {
        let (in_group, object) = only(&edited(from, to));
        assert_eq!((in_group, &*object.title), (group, title), "{from}");
        assert_eq!(object.change, Change::Changed);
        assert_eq!(object.means, [meaning], "{from}");
        assert!(object.fields.iter().all(|field| field.is_told), "{from}");
    }
}

#[test]
fn a_vm_that_starts_has_not_moved() {
    let (_, object) = only(&edited(
        "resident_on=\"OpaqueRef:NULL\"",
        "resident_on=\"OpaqueRef:host\"",
    ));
    assert_eq!((object.means.len(), object.fields.len()), (0, 1));
}

#[test]
fn disks_come_to_vms_and_go() {
    let place = |disk| (owned("web01"), owned(disk), owned("xvda"));
    let attached = |disk| {
        let (vm, disk, device) = place(disk);
        Meaning::Attached { vm, disk, device }
    };
    let detached = |disk| {
        let (vm, disk, device) = place(disk);
        Meaning::Detached { vm, disk, device }
    };
    let (group, object) = only(&edited("VDI=\"OpaqueRef:disk\"", "VDI=\"OpaqueRef:other\""));
    assert_eq!(group, Group::Disks);
    assert_eq!(
        (&*object.title, object.of.as_deref()),
        ("xvda", Some("web01"))
    );
    assert_eq!(object.means, [detached("root"), attached("data")]);

    let (_, object) = only(&without("<row ref=\"OpaqueRef:vbd\""));
    assert_eq!(object.change, Change::Removed);
    assert_eq!(object.means, [detached("root")]);

    let more = "<row ref=\"OpaqueRef:b2\" uuid=\"u-b2\" VM=\"OpaqueRef:web\" VDI=\"OpaqueRef:other\" userdevice=\"0\"/>";
    let (_, object) = only(&edited(
        "<table name=\"VBD\">",
        &format!("<table name=\"VBD\">{more}"),
    ));
    assert_eq!(object.change, Change::Added);
    assert_eq!(object.means, [attached("data")]);
}

#[test]
fn what_came_or_went_is_told_with_a_few_fields() {
    let (group, object) = only(&without("<row ref=\"OpaqueRef:web\""));
    assert_eq!((group, object.change), (Group::Vms, Change::Removed));
    let fields: Vec<_> = object.fields.iter().map(|field| &*field.field).collect();
    assert_eq!(fields, ["power_state", "memory_static_max"]);
    for (row, group, title, of) in [
        ("OpaqueRef:pif\"", Group::Nics, "eth0", Some("alpha")),
        ("OpaqueRef:vif\"", Group::Nics, "NIC 0", Some("web01")),
        ("OpaqueRef:pbd\"", Group::Srs, "store", Some("alpha")),
        ("OpaqueRef:other\"", Group::Disks, "data", Some("store")),
        ("OpaqueRef:sr2\"", Group::Srs, "second store", None),
        ("OpaqueRef:host2\"", Group::Hosts, "beta", None),
        ("OpaqueRef:net2\"", Group::Networks, "dmz", None),
        ("OpaqueRef:pool\"", Group::Pool, "lab", None),
        ("OpaqueRef:secret\"", Group::Rest, "u-secret", None),
    ] {
        let (in_group, object) = only(&without(&format!("<row ref=\"{row}")));
        assert_eq!(object.change, Change::Removed);
        let told = (in_group, &*object.title, object.of.as_deref());
        assert_eq!(told, (group, title, of));
    }
}

#[test]
fn records_are_matched_by_uuid_then_by_reference_and_the_pool_by_its_class() {
    // All that refers to the network follows it to its new reference.
    let moved = crate::build::SMALL.replace("\"OpaqueRef:net\"", "\"OpaqueRef:new\"");
    assert!(against(&moved).same);

    let (_, object) = only(&edited("\"u-net2\"", "\"u-x\""));
    assert_eq!(object.matched_by, Some(MatchedBy::Reference));
    let (_, object) = only(&edited("\"dmz\"", "\"zone\""));
    assert_eq!(object.matched_by, Some(MatchedBy::Uuid));
    let other = edited(
        "ref=\"OpaqueRef:pool\" uuid=\"u-pool\"",
        "ref=\"OpaqueRef:p\" uuid=\"u-p\"",
    );
    let (_, object) = only(&other);
    assert_eq!(object.matched_by, Some(MatchedBy::Class));

    let other = edited(
        "ref=\"OpaqueRef:net2\" uuid=\"u-net2\"",
        "ref=\"OpaqueRef:n\" uuid=\"u-n\"",
    );
    let report = against(&other);
    let changes: Vec<_> = objects(&report)
        .iter()
        .map(|object| object.change)
        .collect();
    assert_eq!(changes, [Change::Removed, Change::Added]);
    assert_eq!((report.groups[0].removed, report.groups[0].added), (1, 1));
}

#[test]
fn of_doubled_uuids_the_first_goes_with_the_first() {
    let twice = |first: &str, second: &str| {
        let row = |name: &str| {
            format!("<row ref=\"OpaqueRef:{name}\" uuid=\"u-twice\" name__label=\"{name}\"/>")
        };
        edited(
            "<table name=\"network\">",
            &format!("<table name=\"network\">{}{}", row(first), row(second)),
        )
    };
    let compare = |old: &str, new: &str| {
        let settings = xenspect_diff::Settings::default();
        let (old, new) = (
            crate::build::dump(old.as_bytes()),
            crate::build::dump(new.as_bytes()),
        );
        crate::build::compare(&old, &new, &settings)
    };
    assert!(compare(&twice("a", "b"), &twice("a", "b")).same);
    let report = compare(&twice("a", "b"), &edited("\"u-net2\"", "\"u-twice\""));
    let titles: Vec<_> = objects(&report)
        .iter()
        .map(|object| (object.change, object.title.clone()))
        .collect();
    let expected = [
        (Change::Removed, owned("b")),
        (Change::Changed, owned("dmz")),
    ];
    assert_eq!(
        titles,
        [
            (expected[0].clone()),
            (Change::Removed, owned("dmz")),
            expected[1].clone()
        ]
    );
}

#[test]
fn references_that_lead_nowhere_are_compared_as_they_stand() {
    let report = changed("affinity=\"OpaqueRef:NULL\"", "affinity=\"OpaqueRef:gone\"");
    assert_eq!(objects(&report).len(), 1);
    let old = edited("affinity=\"OpaqueRef:NULL\"", "affinity=\"OpaqueRef:gone\"");
    let (old, new) = (
        crate::build::dump(old.as_bytes()),
        crate::build::dump(old.replace("web01", "web02").as_bytes()),
    );
    let report = crate::build::compare(&old, &new, &xenspect_diff::Settings::default());
    assert_eq!(objects(&report)[0].fields.len(), 1);
}

/// The SRs have changed references, and the VDI goes on naming one of them: it is in another SR now.
#[test]
fn the_same_reference_can_lead_elsewhere() {
    let text = edited("<row ref=\"OpaqueRef:sr\"", "<row ref=\"OpaqueRef:was-sr\"");
    let text = text.replace("<row ref=\"OpaqueRef:sr2\"", "<row ref=\"OpaqueRef:sr\"");
    let text = text.replace(
        "<row ref=\"OpaqueRef:was-sr\"",
        "<row ref=\"OpaqueRef:sr2\"",
    );
    let report = against(&text);
    let moved: Vec<_> = objects(&report)
        .into_iter()
        .filter(|object| object.class == "VDI")
        .flat_map(|object| object.means.clone())
        .collect();
    let meaning = Meaning::Moved {
        old: owned("store"),
        new: owned("second store"),
    };
    assert!(moved.contains(&meaning), "{report:#?}");
    assert!(!report.same);
}
