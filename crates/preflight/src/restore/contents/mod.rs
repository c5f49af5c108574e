//! Storage, VMs and hosts: checks 34 to 46 (`formats/restore.md` section 8.4). `forgotten` says what goes with the
//! other hosts, `fate` what becomes of VMs that are not halted, `local` which SRs stand on disks of one host; the
//! others make the checks.

mod cpu;
mod devices;
pub(super) mod fate;
pub(super) mod forgotten;
mod hosts;
pub(super) mod local;
mod pool;
mod room;
mod storage;
mod suspended;
mod unknown;
mod vms;

use xenspect_inventory::Record;
use xenspect_model::Finding;

pub(crate) use self::unknown::OWN_SECRETS;
pub(super) use self::unknown::not_checked;
use super::Restore;
use crate::checks::Id;
use crate::clash::{listed, word};
use crate::verdicts::Verdicts;

/// Makes the checks.
pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    // Without a coordinator xapi refuses, and who would be forgotten cannot be told.
    if restore.coordinator.is_some() {
        hosts::check(restore, verdicts);
        vms::check(restore, verdicts);
        suspended::check(restore, verdicts);
        local::check(restore, verdicts);
    } else {
        for number in 34..=37 {
            verdicts.lack(Id::Restore(number), "the coordinator of the dump");
        }
    }
    local::check_new(restore, verdicts);
    storage::check(restore, verdicts);
    pool::check(restore, verdicts);
    devices::check(restore, verdicts);
    room::check(restore, verdicts);
    cpu::check(restore, verdicts);
}

/// A finding about a record.
fn about(code: xenspect_model::Code, record: &Record<'_>) -> Finding {
    Finding::new(code)
        .table(record.class())
        .row(&record.reference())
}

/// The uuid as commands take it.
fn uuid(record: &Record<'_>) -> String {
    word(&record.uuid().unwrap_or_default(), "<uuid>")
}

/// A name, and the uuid that commands take: `web (0b7c…)`.
fn named(record: &Record<'_>) -> String {
    match (record.name(), record.uuid()) {
        (Some(name), Some(uuid)) => format!("{name} ({uuid})"),
        _ => record.title().into_owned(),
    }
}
