//! Reports made by hand that have something of everything, `name` wherever a text comes from an input.

use xenspect_model::diff::{
    BlockRange, Change, Delta, DiffInput, DiffReport, DiskChange, Extent, FieldChange, FileChange,
    FileChanges, FileKind, FileState, Group, GroupChanges, KeyChange, MatchedBy, Meaning,
    ObjectChange, Piece, RangeKind, SCHEMA, SeriesReport, Shown, TextUnit, Track, TrackChange,
};
use xenspect_model::report::{Envelope, Kind, Tool};

const UUID: &str = "0bb15628-5b6b-1ed6-e6d8-bd61f7f34e98";
const GIB: u64 = 1 << 30;

fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0.1.0".to_owned(),
    }
}

pub(crate) fn words(text: &str) -> Shown {
    Shown::Text(text.to_owned())
}

fn object(reference: &str, title: Option<&str>) -> Shown {
    Shown::Object {
        reference: reference.to_owned(),
        title: title.map(str::to_owned),
    }
}

pub(crate) fn field(field: &str, delta: Delta) -> FieldChange {
    FieldChange {
        field: field.to_owned(),
        delta,
        is_told: false,
    }
}

pub(crate) fn value(
    name: &str,
    old: impl Into<Option<Shown>>,
    new: impl Into<Option<Shown>>,
) -> FieldChange {
    let (old, new) = (old.into(), new.into());
    field(name, Delta::Value { old, new })
}

fn told(name: &str, old: &str, new: &str) -> FieldChange {
    FieldChange {
        is_told: true,
        ..value(name, words(old), words(new))
    }
}

pub(crate) fn changed(class: &str, title: &str, fields: Vec<FieldChange>) -> ObjectChange {
    ObjectChange {
        change: Change::Changed,
        class: class.to_owned(),
        role: None,
        title: title.to_owned(),
        of: None,
        uuid: Some(UUID.to_owned()),
        reference: "OpaqueRef:1".to_owned(),
        matched_by: Some(MatchedBy::Uuid),
        means: Vec::new(),
        fields,
    }
}

fn alone(change: Change, class: &str, title: &str, fields: Vec<FieldChange>) -> ObjectChange {
    ObjectChange {
        change,
        matched_by: None,
        ..changed(class, title, fields)
    }
}

pub(crate) fn group(group: Group, objects: Vec<ObjectChange>) -> GroupChanges {
    let of = |change| {
        let objects = objects.iter().filter(|object| object.change == change);
        u64::try_from(objects.count()).expect("few")
    };
    GroupChanges {
        group,
        added: of(Change::Added),
        removed: of(Change::Removed),
        changed: of(Change::Changed),
        objects,
    }
}

fn vms(name: &str) -> GroupChanges {
    let renamed = ObjectChange {
        means: vec![
            Meaning::Renamed {
                old: format!("{name} old"),
                new: name.to_owned(),
            },
            Meaning::PowerState {
                old: "Running".to_owned(),
                new: "Halted".to_owned(),
            },
            Meaning::Moved {
                old: "host 1".to_owned(),
                new: "host 2".to_owned(),
            },
        ],
        ..changed(
            "VM",
            name,
            vec![
                told("name_label", &format!("{name} old"), name),
                value(
                    "memory_static_max",
                    Shown::Number(1 << 30),
                    Shown::Number(2 << 30),
                ),
                // Rounded, these look the same.
                value(
                    "memory_target",
                    Shown::Number((1 << 30) + 1),
                    Shown::Number((1 << 30) + 2),
                ),
                value("is_a_template", Shown::Bool(false), Shown::Bool(true)),
                field(
                    "tags",
                    Delta::Set {
                        removed: vec![words("prod")],
                        added: vec![words(name)],
                    },
                ),
                field(
                    "platform",
                    Delta::Map {
                        removed: vec![("acpi".to_owned(), words("1"))],
                        added: vec![("nx".to_owned(), words("true"))],
                        changed: vec![KeyChange {
                            key: "timeoffset".to_owned(),
                            old: words("0"),
                            new: words("-3600"),
                        }],
                    },
                ),
                field("name_description", by_words(name)),
                field("user_data", by_lines(name)),
                // The ninth of those that are not told already.
                value("order", Shown::Number(0), Shown::Number(7)),
                value("version", Shown::Number(0), Shown::Number(1)),
            ],
        )
    };
    let known = |value: &str| Some(words(value));
    group(
        Group::Vms,
        vec![
            alone(
                Change::Removed,
                "VM",
                "gone01",
                vec![value("power_state", known("Halted"), None)],
            ),
            alone(
                Change::Added,
                "VM",
                name,
                vec![
                    value("power_state", None, known("Running")),
                    value("memory_static_max", None, Some(Shown::Number(4 << 30))),
                ],
            ),
            renamed,
        ],
    )
}

fn by_words(name: &str) -> Delta {
    Delta::Text {
        by: TextUnit::Words,
        pieces: vec![
            Piece::Same {
                text: "Serves the ".to_owned(),
            },
            Piece::Removed {
                text: "old".to_owned(),
            },
            Piece::Added {
                text: name.to_owned(),
            },
            Piece::Skipped { count: 3 },
        ],
    }
}

fn by_lines(name: &str) -> Delta {
    Delta::Text {
        by: TextUnit::Lines,
        pieces: vec![
            Piece::Skipped { count: 12 },
            Piece::Same {
                text: "packages:\n".to_owned(),
            },
            Piece::Removed {
                text: "- ntp\r\n- curl\n".to_owned(),
            },
            Piece::Added {
                text: name.to_owned(),
            },
        ],
    }
}

fn disks(name: &str) -> GroupChanges {
    let of = |of: &str, means: Vec<Meaning>, object: ObjectChange| ObjectChange {
        of: Some(of.to_owned()),
        means,
        ..object
    };
    let place = |vm: &str| (vm.to_owned(), name.to_owned(), "xvdb".to_owned());
    let attached = |vm: &str| {
        let (vm, disk, device) = place(vm);
        Meaning::Attached { vm, disk, device }
    };
    let detached = |vm: &str| {
        let (vm, disk, device) = place(vm);
        Meaning::Detached { vm, disk, device }
    };
    let moved = Meaning::Moved {
        old: "local".to_owned(),
        new: name.to_owned(),
    };
    let grown = Meaning::Grown {
        old: 10 * GIB,
        new: 20 * GIB,
    };
    let shrunk = Meaning::Shrunk {
        old: 2 * GIB,
        new: GIB,
    };
    let replaced = Meaning::Replaced {
        old: "5e1b0a9c-0000-4000-8000-000000000001".to_owned(),
        new: UUID.to_owned(),
    };
    group(
        Group::Disks,
        vec![
            of(
                name,
                vec![detached("web01")],
                alone(Change::Removed, "VBD", "xvdb", Vec::new()),
            ),
            of(
                "db01",
                vec![attached("db01")],
                alone(Change::Added, "VBD", "xvdb", Vec::new()),
            ),
            of(
                name,
                vec![grown, moved],
                changed("VDI", "root", vec![told("SR", "local", name)]),
            ),
            of(
                "SR",
                vec![shrunk, replaced],
                ObjectChange {
                    matched_by: Some(MatchedBy::Reference),
                    ..changed("VDI", UUID, Vec::new())
                },
            ),
        ],
    )
}

fn others(name: &str) -> Vec<GroupChanges> {
    let one = |of: Group, object: ObjectChange| group(of, vec![object]);
    let secret = |name: &str, change: Change, key: Option<&str>| {
        let key = key.map(str::to_owned);
        field(name, Delta::Secret { change, key })
    };
    vec![
        one(
            Group::Nics,
            changed(
                "PIF",
                "eth0",
                vec![
                    value(
                        "network",
                        object("OpaqueRef:2", Some(name)),
                        object("OpaqueRef:NULL", None),
                    ),
                    value(
                        "bond_slave_of",
                        object("OpaqueRef:3", None),
                        object("OpaqueRef:4", None),
                    ),
                    value("IP", Some(words("")), Some(words("10.0.0.1"))),
                ],
            ),
        ),
        one(
            Group::Networks,
            changed(
                "network",
                name,
                vec![value("MTU", Shown::Number(1500), Shown::Number(-1))],
            ),
        ),
        one(
            Group::Hosts,
            changed(
                "host",
                "host 1",
                vec![value("uefi_certificates", None, Some(words(name)))],
            ),
        ),
        one(
            Group::Srs,
            changed(
                "PBD",
                UUID,
                vec![
                    secret("device_config", Change::Changed, Some("chappassword")),
                    secret("device_config", Change::Added, Some("password")),
                    secret("token", Change::Removed, None),
                ],
            ),
        ),
        one(
            Group::Pool,
            ObjectChange {
                matched_by: Some(MatchedBy::Class),
                ..changed(
                    "pool",
                    name,
                    vec![value("ha_enabled", Some(Shown::Bool(true)), None)],
                )
            },
        ),
        one(
            Group::Rest,
            changed("role", "r", vec![value("odd", None, None)]),
        ),
    ]
}

pub(crate) fn disk(title: &str, change: Change) -> DiskChange {
    let extent = |blocks: u64| Extent {
        blocks,
        bytes: blocks << 20,
    };
    let range = |is, start: u64, len: u64| BlockRange { is, start, len };
    let ranges = vec![
        range(RangeKind::Changed, 0, 2 << 20),
        range(RangeKind::Appeared, 5 << 20, 1 << 20),
        range(RangeKind::Vanished, 9 << 20, 3 << 20),
        range(RangeKind::Unknown, 20 << 20, 4 << 20),
    ];
    DiskChange {
        change,
        title: title.to_owned(),
        uuid: Some(UUID.to_owned()),
        old_reference: Some("Ref:4".to_owned()),
        new_reference: (change != Change::Removed).then(|| "Ref:7".to_owned()),
        same: extent(10_000),
        changed: extent(2),
        appeared: extent(1),
        vanished: extent(3),
        unknown: extent(4),
        ranges,
        more_ranges: 17,
    }
}

fn state(is: FileKind, len: Option<u64>, link: Option<&str>) -> FileState {
    FileState {
        is,
        len,
        sha256: len.map(|len| format!("{len:064x}")),
        link: link.map(str::to_owned),
        mode: "0644".to_owned(),
        owner: "0:0".to_owned(),
    }
}

fn files(name: &str) -> FileChanges {
    let file = |path: &str, old: Option<FileState>, new: Option<FileState>| FileChange {
        change: match (&old, &new) {
            (Some(_), None) => Change::Removed,
            (None, _) => Change::Added,
            (Some(_), Some(_)) => Change::Changed,
        },
        path: path.to_owned(),
        old,
        new,
        keys: Vec::new(),
    };
    let plain = |len: u64| Some(state(FileKind::File, Some(len), None));
    let of = |is: FileKind| Some(state(is, None, None));
    let secret = || Some(state(FileKind::File, None, None));
    let private = FileState {
        mode: "0600".to_owned(),
        owner: "0:12".to_owned(),
        ..state(FileKind::File, Some(1300), None)
    };
    let read = FileChange {
        keys: vec![value("MANAGEMENT_INTERFACE", words("xenbr0"), words(name))],
        ..file("etc/xensource-inventory", plain(1200), plain(1229))
    };
    let link = |to: &str| Some(state(FileKind::Symlink, None, Some(to)));
    FileChanges {
        same: 12_345,
        unknown: 2,
        changes: vec![
            file("dev/fifo", of(FileKind::Fifo), None),
            file("dev/null", of(FileKind::Device), None),
            file("dev/odd", of(FileKind::Other), None),
            file("etc/hosts", plain(4096), None),
            file("etc/cron.d", None, of(FileKind::Folder)),
            file(
                name,
                None,
                Some(state(FileKind::HardLink, None, Some(name))),
            ),
            file("etc/localtime", link("UTC"), link(name)),
            file("etc/motd", plain(5), link("motd.new")),
            file("etc/ntp.conf", plain(1200), Some(private)),
            file("etc/shadow", secret(), secret()),
            read,
        ],
        more: 3,
        volatile: [("logs".to_owned(), 42)].into(),
    }
}

pub(crate) fn input(path: &str, name: &str) -> DiffInput {
    DiffInput {
        path: path.to_owned(),
        kind: Some(Kind::PoolDb),
        envelope: Some(Envelope::Plain),
        member: None,
        name: Some(name.to_owned()),
        generation: Some(123_456),
        schema_version: Some("5.603".to_owned()),
        newest_date: Some("2026-01-31T23:59:59Z".to_owned()),
    }
}

/// Two sides that are the same.
pub(crate) fn same() -> DiffReport {
    DiffReport {
        schema: SCHEMA,
        tool: tool(),
        old: input("monday.xml", "pool"),
        new: DiffInput {
            path: "-".to_owned(),
            envelope: Some(Envelope::Gzip),
            ..input("", "pool")
        },
        same: true,
        incomplete: false,
        groups: Vec::new(),
        disks: Vec::new(),
        files: None,
        left_out: [("VM_metrics.last_updated".to_owned(), 312)].into(),
        not_compared: Vec::new(),
    }
}

/// Something of everything.
pub(crate) fn rich(name: &str) -> DiffReport {
    let mut groups = vec![vms(name), disks(name)];
    groups.extend(others(name));
    DiffReport {
        old: DiffInput {
            member: Some("var/backup/pool-database-1".to_owned()),
            kind: None,
            envelope: None,
            ..input("monday.xbk", name)
        },
        new: DiffInput {
            path: "tuesday.xbk".to_owned(),
            ..DiffInput::default()
        },
        same: false,
        incomplete: false,
        groups,
        disks: vec![
            disk(name, Change::Changed),
            disk("new", Change::Added),
            disk("old", Change::Removed),
        ],
        files: Some(files(name)),
        not_compared: vec![format!("The disk {name} is not compared.")],
        ..same()
    }
}

fn track(group: Group, class: &str, title: &str, seen: (u32, u32)) -> Track {
    Track {
        group,
        class: class.to_owned(),
        role: None,
        title: title.to_owned(),
        of: None,
        uuid: Some(UUID.to_owned()),
        reference: "OpaqueRef:1".to_owned(),
        first_seen: seen.0,
        last_seen: seen.1,
        missing_in: Vec::new(),
        changes: Vec::new(),
    }
}

/// Four inputs: a VM that stays and changes, one that goes, one that comes, one that is away for a while.
pub(crate) fn series(name: &str) -> SeriesReport {
    let dated = |path: &str, date: &str| DiffInput {
        newest_date: Some(format!("{date}T12:00:00Z")),
        ..input(path, name)
    };
    let steps = vec![TrackChange {
        at: 2,
        means: vec![Meaning::Renamed {
            old: "a".to_owned(),
            new: name.to_owned(),
        }],
        fields: vec![
            told("name_label", "a", name),
            value("VCPUs_max", Shown::Number(2), Shown::Number(4)),
        ],
    }];
    SeriesReport {
        schema: SCHEMA,
        tool: tool(),
        inputs: vec![
            dated("a.xml", "2026-01-01"),
            dated("b.xml", "2026-01-02"),
            DiffInput {
                path: "c.xml".to_owned(),
                ..DiffInput::default()
            },
            dated("d.xml", "2026-01-04"),
        ],
        same: false,
        incomplete: false,
        tracks: vec![
            Track {
                changes: steps,
                ..track(Group::Vms, "VM", name, (0, 3))
            },
            Track {
                missing_in: vec![1, 2],
                ..track(Group::Vms, "VM", "away", (0, 3))
            },
            track(Group::Vms, "VM", "lost", (0, 1)),
            track(Group::Vms, "VM", "young", (2, 3)),
            Track {
                of: Some(name.to_owned()),
                ..track(Group::Disks, "VDI", "root", (1, 2))
            },
        ],
        others: [("PCI".to_owned(), 3), ("Certificate".to_owned(), 1)].into(),
        unchanged: [("VM".to_owned(), 1234), ("host".to_owned(), 3)].into(),
        not_compared: vec!["The schemas differ.".to_owned()],
    }
}
