//! Faults inside a row: references, uuids, values, bookkeeping.

use super::Damage::Rows;
use super::DumpFault as Fault;
use crate::dump::tree::{Dump, Row};
use crate::dump::value::set;

/// References that no row has.
const NOWHERE: &str = "OpaqueRef:00000000-dead-4000-8000-000000000001";
const GONE: &str = "OpaqueRef:00000000-dead-4000-8000-000000000002";

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "dump-master-dangling",
        "pool.master names no row",
        "pool-8.2",
        Rows(|dump| first(dump, "pool", |pool| pool.set("master", NOWHERE))),
    ),
    Fault::new(
        "dump-master-null",
        "pool.master is null",
        "pool-8.2",
        Rows(|dump| first(dump, "pool", |pool| pool.set("master", "OpaqueRef:NULL"))),
    ),
    Fault::new(
        "dump-ref-mismatch",
        "_ref of the VM web is not its ref",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("_ref", NOWHERE))),
    ),
    Fault::new(
        "dump-duplicate-ref",
        "two networks with one ref",
        "pool-8.2",
        Rows(|dump| duplicate_ref(dump, "network", "network")),
    ),
    Fault::new(
        "dump-duplicate-ref-across-tables",
        "a host_cpu with the ref of a VM_appliance",
        "pool-8.2",
        Rows(|dump| duplicate_ref(dump, "VM_appliance", "host_cpu")),
    ),
    Fault::new(
        "dump-duplicate-uuid",
        "a console with the uuid of the VM web",
        "pool-8.2",
        Rows(duplicate_uuid),
    ),
    Fault::new(
        "dump-empty-uuid",
        "one host_cpu without a uuid: no row shares the empty text",
        "pool-8.2",
        Rows(|dump| first(dump, "host_cpu", |cpu| cpu.set("uuid", ""))),
    )
    .harmless(),
    Fault::new(
        "dump-empty-uuid-twice",
        "two host_cpu rows with an empty uuid",
        "pool-8.2",
        Rows(|dump| {
            let rows = &mut dump.table_mut("host_cpu")?.rows;
            rows.iter_mut().take(2).for_each(|row| row.set("uuid", ""));
            (rows.len() > 1).then_some(())
        }),
    ),
    Fault::new(
        "dump-vbd-vm-dangling",
        "VBD.VM of a disk names no row",
        "pool-8.2",
        Rows(|dump| move_vbd(dump, NOWHERE)),
    ),
    Fault::new(
        "dump-vdi-sr-dangling",
        "VDI.SR of the orphan names no row",
        "pool-8.2",
        Rows(|dump| {
            let vdi = dump.row_mut("VDI", |row| {
                row.get("name__label") == Some("left over from a migration")
            })?;
            vdi.set("SR", NOWHERE);
            let reference = vdi.reference.clone();
            dump.table_mut("SR")?
                .rows
                .iter_mut()
                .for_each(|sr| drop_member(sr, "VDIs", &reference));
            Some(())
        }),
    ),
    Fault::new(
        "dump-leftover-vbd-metrics",
        "VBD.metrics of every disk names rows that are never stored, as in real dumps",
        "pool-8.2",
        Rows(|dump| {
            dump.table_mut("VBD")?
                .rows
                .iter_mut()
                .for_each(|row| row.set("metrics", GONE));
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-leftover-affinity",
        "VM.affinity of web names a host that is gone",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("affinity", GONE))),
    )
    .harmless(),
    Fault::new(
        "dump-set-lacks-member",
        "VM.VBDs of web lacks a VBD that names the VM",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("VBDs", "()"))),
    ),
    Fault::new(
        "dump-set-one-too-many",
        "host.PIFs of the first host has a PIF of the other host too",
        "pool-8.2",
        Rows(|dump| {
            let [host, ..] = dump.rows("host") else {
                return None;
            };
            let reference = host.reference.clone();
            let foreign = dump
                .rows("PIF")
                .iter()
                .find(|pif| pif.get("host") != Some(&reference))?
                .reference
                .clone();
            first(dump, "host", |host| {
                let members = host
                    .get("PIFs")
                    .unwrap_or_default()
                    .replace(')', &format!(" '{foreign}')"));
                host.set("PIFs", members);
            })
        }),
    ),
    Fault::new(
        "dump-set-of-missing-ref",
        "VM.attached_PCIs of web holds a reference to no row",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("attached_PCIs", set([NOWHERE])))),
    ),
    Fault::new(
        "dump-bad-int",
        "VM.memory__static_max of web is 2 GiB",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("memory__static_max", "2 GiB"))),
    ),
    Fault::new(
        "dump-int-overflow",
        "VM.memory__static_max of web is 2^63",
        "pool-8.2",
        Rows(|dump| {
            web(dump, |vm| {
                vm.set("memory__static_max", "9223372036854775808");
            })
        }),
    ),
    Fault::new(
        "dump-bad-bool",
        "VM.is_a_template of web is yes",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("is_a_template", "yes"))),
    ),
    Fault::new(
        "dump-bad-float",
        "VM.HVM__shadow_multiplier of web is one",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("HVM__shadow_multiplier", "one"))),
    ),
    Fault::new(
        "dump-bad-date",
        "VM.snapshot_time of web is yesterday",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("snapshot_time", "yesterday"))),
    ),
    Fault::new(
        "dump-bad-ref",
        "VM.affinity of web is the name of a host",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("affinity", "host-1"))),
    ),
    Fault::new(
        "dump-bad-set",
        "VM.tags of web lacks the closing bracket",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("tags", "('production'"))),
    ),
    Fault::new(
        "dump-bad-map",
        "VM.platform of web has an entry without a value",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("platform", "(('acpi'))"))),
    ),
    Fault::new(
        "dump-bare-words-in-set",
        "VM.tags of web holds bare words, which xapi reads but refuses as members",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("tags", "(production)"))),
    ),
    Fault::new(
        "dump-double-quotes-in-map",
        "VM.platform of web in double quotes: what xapi reads, not what it writes",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("platform", "((\"acpi\" \"1\"))"))),
    )
    .harmless(),
    Fault::new(
        "dump-deep-sexpr",
        "VM.platform of web: 100,000 brackets",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.set("platform", "(".repeat(100_000)))),
    ),
    Fault::new(
        "dump-ctime-after-mtime",
        "the VM web was changed before it was made",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.modified = vm.created - 1)),
    ),
    Fault::new(
        "dump-mtime-after-generation",
        "the VM web was changed after generation_count",
        "pool-8.2",
        Rows(|dump| web(dump, |vm| vm.modified = 1_000_000)),
    ),
    Fault::new(
        "dump-secret-removed",
        "the value of one secret is REMOVED",
        "pool-8.2",
        Rows(|dump| first(dump, "secret", |row| row.set("value", "REMOVED"))),
    ),
];

fn first(dump: &mut Dump, table: &str, edit: impl FnOnce(&mut Row)) -> Option<()> {
    dump.row_mut(table, |_| true).map(edit)
}

fn web(dump: &mut Dump, edit: impl FnOnce(&mut Row)) -> Option<()> {
    dump.row_mut("VM", |row| row.get("name__label") == Some("web"))
        .map(edit)
}

fn drop_member(row: &mut Row, column: &str, member: &str) {
    let quoted = format!("'{member}'");
    if let Some(text) = row.get(column).filter(|text| text.contains(&quoted)) {
        let text = text
            .replace(&format!("{quoted} "), "")
            .replace(&format!(" {quoted}"), "")
            .replace(&quoted, "");
        row.set(column, text);
    }
}

/// A copy of the first row of one table, with a uuid of its own, among the rows of another under the same reference.
fn duplicate_ref(dump: &mut Dump, from: &str, to: &str) -> Option<()> {
    let reference = dump.rows(from).last()?.reference.clone();
    let mut copy = dump.rows(to).last()?.clone();
    copy.reference.clone_from(&reference);
    copy.set("_ref", reference);
    copy.set("uuid", "00000000-dead-4000-8000-000000000003");
    for column in ["PIFs", "VIFs"] {
        if copy.get(column).is_some() {
            copy.set(column, "()");
        }
    }
    // A second processor of that host would be missing in its set.
    if to == "host_cpu" {
        copy.set("host", "OpaqueRef:NULL");
    }
    let rows = &mut dump.table_mut(to)?.rows;
    rows.push(copy);
    rows.sort_by(|a, b| a.reference.cmp(&b.reference));
    Some(())
}

fn duplicate_uuid(dump: &mut Dump) -> Option<()> {
    let mut uuid = String::new();
    web(dump, |vm| vm.uuid().clone_into(&mut uuid))?;
    first(dump, "console", |console| console.set("uuid", uuid))
}

/// Lets a disk VBD of `web` name another VM; the set of `web` follows.
fn move_vbd(dump: &mut Dump, vm: &str) -> Option<()> {
    let mut reference = String::new();
    web(dump, |row| reference.clone_from(&row.reference))?;
    let vbd = dump.row_mut("VBD", |row| {
        row.get("VM") == Some(&reference) && row.get("type") == Some("Disk")
    })?;
    vbd.set("VM", vm);
    let vbd = vbd.reference.clone();
    web(dump, |row| drop_member(row, "VBDs", &vbd))
}
