//! How old the dump is: check 13. What day it is is not known here, so the date is told and not judged.

use xenspect_inventory::iso_8601;
use xenspect_model::{Code, Finding};
use xenspect_xapi::datamodel::DateTime;

use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// Columns that xapi writes itself, of things that happen all the time. A date that people set, or an expiry, says
/// nothing of the dump.
const DATES: [(&str, &str); 11] = [
    ("host_metrics", "last_updated"),
    ("VM_metrics", "last_updated"),
    ("VM_metrics", "start_time"),
    ("VM_metrics", "install_time"),
    ("VM_guest_metrics", "last_updated"),
    ("PIF_metrics", "last_updated"),
    ("VM", "snapshot_time"),
    ("VDI", "snapshot_time"),
    ("blob", "last_updated"),
    ("crashdump", "timestamp"),
    ("host", "last_software_update"),
];

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let check = Id::Restore(13);
    let newest = newest(restore);
    if let Some((date, column)) = &newest {
        let finding = Finding::new(Code::RestoreDumpAge)
            .fact("newest_date", iso_8601(*date))
            .fact("found_in", column.as_str());
        let finding = match restore.dump.database.generation() {
            Some(generation) => finding.fact("generation", generation.to_string()),
            None => finding,
        };
        verdicts.find(finding);
    }
    let own = restore.pool.and_then(|pool| pool.uuid());
    let target = restore.target.pool.as_ref();
    let generations = (
        restore.dump.database.generation(),
        target.and_then(|pool| pool.generation),
    );
    let same = target.and_then(|pool| pool.uuid.as_deref()) == own.as_deref() && own.is_some();
    match generations {
        (Some(dump), Some(now)) if same && now > dump => {
            let finding = Finding::new(Code::RestoreRollBack)
                .table("pool")
                .fact("generation_in_dump", dump.to_string())
                .fact("generation_on_target", now.to_string())
                .fact("changes_lost", now.saturating_sub(dump).to_string());
            verdicts.find(finding);
        }
        _ if newest.is_none() => verdicts.lack(check, "a date in the dump"),
        _ => {}
    }
}

/// The newest date, and where it stands.
fn newest(restore: &Restore<'_>) -> Option<(DateTime, String)> {
    let mut newest: Option<(DateTime, String)> = None;
    for (class, field) in DATES {
        for record in restore.store.of_class(class) {
            let Some(date) = record.date_time(field) else {
                continue;
            };
            if newest
                .as_ref()
                .is_none_or(|(known, _)| known.unix() < date.unix())
            {
                newest = Some((date, format!("{class}.{field}")));
            }
        }
    }
    newest
}
