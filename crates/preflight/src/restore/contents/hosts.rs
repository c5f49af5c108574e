//! Hosts that are forgotten, and rows of theirs that stay: check 34.

use xenspect_model::{Code, Finding};

use super::forgotten::{Forgotten, listed_pifs};
use super::{about, local, named};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let members = restore.members();
    if members.is_empty() {
        verdicts.nothing(Id::Restore(34));
        return;
    }
    for host in &members {
        let name = host.title();
        let mut finding = about(Code::RestoreHostForgotten, host).fact("host", &*name);
        if let Some(uuid) = host.uuid() {
            finding = finding.fact("uuid", &*uuid);
        }
        if let Some(address) = host.filled("address") {
            finding = finding.fact("address", &*address);
        }
        let srs = local::of_host(restore, host);
        let srs: Vec<_> = srs.iter().map(|(sr, _)| named(sr)).collect();
        let mut advice = format!(
            "Shut {name} down before the restore, and keep it off. Afterwards reset it or install it again, and join \
             it: `xe pool-join master-address=<new coordinator> master-username=root master-password=<password>`."
        );
        if !srs.is_empty() {
            advice.push_str(
                " Its local SRs are lost from view; do not format their disks. Note their uuids, and introduce them \
                 again once it has joined.",
            );
            finding = finding.fact("local_srs", srs);
        }
        let finding = finding.fact("pifs", listed_pifs(host).len() as u64);
        verdicts.find(finding.advice(advice));
    }
    let orphans = Forgotten::of(restore).orphans(restore);
    if !orphans.is_empty() {
        let finding = Finding::new(Code::RestoreRowsOrphaned);
        let finding = orphans.iter().fold(finding, |finding, (table, count)| {
            finding.fact(table, *count)
        });
        verdicts.find(finding);
    }
}
