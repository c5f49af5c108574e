//! Changes of VMs and snapshots.

use super::editor::{Editor, reference};
use super::{Change, change};
use crate::dump::planted;

const NULL: &str = "OpaqueRef:NULL";

pub(super) static CHANGES: &[Change] = &[
    change("vm-added", "a VM with a disk and a NIC", |pool| {
        added(pool, "proxy");
    }),
    change("vm-removed", "a running VM with its disk and NIC", |pool| {
        pool.remove(&[
            ("VM", "database"),
            ("VM_metrics", "database"),
            ("console", "database"),
            ("VBD", "database 0"),
            ("VDI", "database 0"),
            ("VIF", "database 0"),
        ]);
    }),
    change("vm-renamed", "a VM has another name", |pool| {
        pool.set("VM", "web", &[("name__label", "web-old")]);
    }),
    change("vm-started", "a halted VM runs", |pool| {
        let host = reference("host", "host 0");
        let running = [
            ("power_state", "Running"),
            ("resident_on", &host),
            ("domid", "9"),
            ("last_booted_record", "('struct' ('name_label' 'build'))"),
        ];
        pool.set("VM", "build", &running);
        pool.set(
            "VM_metrics",
            "build",
            &[("start_time", "20240602T07:00:00Z")],
        );
        pool.set(
            "VBD",
            "build 0",
            &[("currently_attached", "true"), ("device", "xvda")],
        );
        pool.set("VIF", "build 0", &[("currently_attached", "true")]);
        pool.copy(&[("console", "web", "build")]);
        let vm = reference("VM", "build");
        pool.set("console", "build", &[("VM", &vm)]);
    }),
    change("vm-moved-host", "a running VM is on another host", |pool| {
        let host = reference("host", "host 1");
        pool.set("VM", "web", &[("resident_on", &host), ("domid", "12")]);
    }),
    change("vm-memory", "a VM has more memory", |pool| {
        let bytes = (8_i64 << 30).to_string();
        let columns = [
            "memory__static_max",
            "memory__dynamic_max",
            "memory__target",
        ];
        pool.set("VM", "build", &columns.map(|column| (column, &*bytes)));
    }),
    change(
        "vm-description-long",
        "one line of a description of many",
        |pool| {
            pool.replace("VM", "web", "name__description", "on Mondays", "on Fridays");
        },
    )
    .with(|pool| pool.set("VM", "web", &[("name__description", DESCRIPTION)])),
    change("vm-tags", "a tag came and a tag went", |pool| {
        pool.replace("VM", "web", "tags", "'front end'", "'billing'");
    }),
    change(
        "vm-other-config-key",
        "a key of other_config came, one went, one has another value",
        |pool| {
            pool.replace("VM", "web", "other_config", " ('folder' '/shop')", "");
            pool.replace(
                "VM",
                "web",
                "other_config",
                "Debian Bookworm 12",
                "Debian Trixie 13",
            );
            pool.put("VM", "web", "other_config", "owner", "operations");
        },
    )
    .with(|pool| pool.put("VM", "web", "other_config", "folder", "/shop")),
    change("vm-secret", "a password in other_config", |pool| {
        let secret = planted(1, "vm-other-config");
        pool.replace(
            "VM",
            "web",
            "other_config",
            &secret,
            "PLANTED-SECRET-another",
        );
    }),
    change(
        "snapshot-taken",
        "a snapshot of a VM with two disks",
        |pool| {
            pool.copy(&snapshot("web snapshot 2", "web snapshot 3"));
            let (parent, own) = (
                reference("VM", "web snapshot 2"),
                reference("VM", "web snapshot 3"),
            );
            let columns = [
                ("name__label", "before update 3"),
                ("parent", &*parent),
                ("snapshot_time", "20240503T03:00:00Z"),
            ];
            pool.set("VM", "web snapshot 3", &columns);
            for at in 0..2 {
                let label = format!("web snapshot 3 {at}");
                pool.set("VDI", &label, &[("snapshot_time", "20240503T03:00:00Z")]);
            }
            pool.set("VM", "web", &[("parent", &own)]);
        },
    ),
    change("snapshot-deleted", "the older of two snapshots", |pool| {
        let rows = snapshot("web snapshot 1", "web snapshot 1");
        pool.remove(&rows.map(|(class, label, _)| (class, label)));
        pool.set("VM", "web snapshot 2", &[("parent", NULL)]);
    }),
];

const DESCRIPTION: &str = "Front end of the shop.\nOwner: operations.\nThe backup runs at three.\n\
    Updates are installed on Mondays.\nAsk before a restart.\nSee the page about the shop.";

/// Rows of a snapshot of `web`, with the labels to copy them to.
fn snapshot(
    from: &'static str,
    to: &'static str,
) -> [(&'static str, &'static str, &'static str); 7] {
    let nth = |label: &'static str, at: usize| match (label, at) {
        ("web snapshot 1", 0) => "web snapshot 1 0",
        ("web snapshot 1", _) => "web snapshot 1 1",
        ("web snapshot 2", 0) => "web snapshot 2 0",
        ("web snapshot 2", _) => "web snapshot 2 1",
        (_, 0) => "web snapshot 3 0",
        _ => "web snapshot 3 1",
    };
    [
        ("VM", from, to),
        ("VM_metrics", from, to),
        ("VDI", nth(from, 0), nth(to, 0)),
        ("VDI", nth(from, 1), nth(to, 1)),
        ("VBD", nth(from, 0), nth(to, 0)),
        ("VBD", nth(from, 1), nth(to, 1)),
        ("VIF", nth(from, 0), nth(to, 0)),
    ]
}

/// Adds a halted VM like `build`, by this label and name.
pub(super) fn added(pool: &mut Editor, name: &str) {
    let disk = format!("{name} 0");
    pool.copy(&[
        ("VM", "build", name),
        ("VM_metrics", "build", name),
        ("VBD", "build 0", &disk),
        ("VDI", "build 0", &disk),
        ("VIF", "build 0", &disk),
    ]);
    pool.set("VM", name, &[("name__label", name), ("other_config", "()")]);
    pool.set("VDI", &disk, &[("name__label", name)]);
    let mac = format!("02:00:5e:00:53:{:02x}", name.len());
    pool.set("VIF", &disk, &[("MAC", &mac)]);
}
