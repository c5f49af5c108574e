//! A series of dated pool databases.

use super::editor::{Editor, reference};
use super::{good, hosts, machines, written};
use crate::dump::Dump;

/// Five databases of one pool, a day apart, from 1 to 5 July 2024:
///
/// 1. three hosts, no VM `proxy` yet;
/// 2. `proxy` is there, on `host-2`, with two disks;
/// 3. it is called `gateway`, is on `host-1` and has lost its second disk, whose VDI stays;
/// 4. it is gone with its first disk and its NIC, and `host-3` has left;
/// 5. it is back as it was, halted.
#[must_use]
pub fn series() -> [Vec<u8>; 5] {
    let before = good().tree().expect("a pool with rows");
    let first = step(&before, 1, hosts::added);
    let second = step(&first, 2, |pool| {
        machines::added(pool, "proxy");
        run_on(pool, "host 1");
        pool.copy(&[("VDI", "proxy 0", "proxy 1"), ("VBD", "proxy 0", "proxy 1")]);
        pool.set("VDI", "proxy 1", &[("name__label", "proxy cache")]);
        let disk = reference("VDI", "proxy 1");
        let columns = [("VDI", &*disk), ("userdevice", "1"), ("device", "xvdb")];
        pool.set("VBD", "proxy 1", &columns);
    });
    let third = step(&second, 3, |pool| {
        pool.set("VM", "proxy", &[("name__label", "gateway")]);
        run_on(pool, "host 0");
        pool.remove(&[("VBD", "proxy 1")]);
    });
    // The host goes as it came, and what else there is stays.
    let mut fourth = third.clone();
    for table in &mut fourth.tables {
        let with = first.rows(&table.name);
        let without = before.rows(&table.name);
        table.rows.retain(|row| {
            let is_of = |rows: &[crate::dump::Row]| {
                rows.iter().any(|other| other.reference == row.reference)
            };
            !is_of(with) || is_of(without)
        });
    }
    let fourth = step(&fourth, 4, |pool| {
        pool.remove(&MACHINE);
        let gone = reference("Cluster_host", "2");
        pool.replace(
            "Cluster",
            "cluster",
            "cluster_hosts",
            &format!(" '{gone}'"),
            "",
        );
    });
    let fifth = step(&fourth, 5, |pool| {
        for (class, label) in MACHINE {
            let reference = reference(class, label);
            let mut rows = third.rows(class).iter();
            let row = rows.find(|row| row.reference == reference).cloned();
            pool.rows(class).extend(row);
        }
        let halted = [
            ("power_state", "Halted"),
            ("domid", "-1"),
            ("resident_on", "OpaqueRef:NULL"),
        ];
        pool.set("VM", "proxy", &halted);
    });
    [first, second, third, fourth, fifth].map(|dump| written(&dump, None))
}

/// What comes and goes with the VM.
const MACHINE: [(&str, &str); 5] = [
    ("VM", "proxy"),
    ("VM_metrics", "proxy"),
    ("VBD", "proxy 0"),
    ("VDI", "proxy 0"),
    ("VIF", "proxy 0"),
];

fn run_on(pool: &mut Editor, host: &str) {
    let host = reference("host", host);
    pool.set(
        "VM",
        "proxy",
        &[("power_state", "Running"), ("resident_on", &host)],
    );
}

/// The next database, of this day.
fn step(before: &Dump, day: u32, edit: impl FnOnce(&mut Editor)) -> Dump {
    let mut pool = Editor::new(before.clone());
    let date = format!("202407{day:02}T10:00:00Z");
    for host in ["host 0", "host 1"] {
        pool.set("host_metrics", host, &[("last_updated", &date)]);
    }
    edit(&mut pool);
    pool.finish()
}
