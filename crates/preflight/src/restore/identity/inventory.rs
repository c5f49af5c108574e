//! The two uuids that xapi takes from the target's inventory: checks 14 and 15 (`formats/restore.md` section 3, 3). It
//! writes them into the dump without looking whether they are there already; the next start does, and ends.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use xenspect_inventory::Record;
use xenspect_inventory::view::Host;
use xenspect_model::{Code, Finding};

use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::{Step, Verdicts};

const INSTALLATION: &str = "INSTALLATION_UUID";
const CONTROL_DOMAIN: &str = "CONTROL_DOMAIN_UUID";

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let host = &restore.target.host;
    let lacks = host.inventory_lacks.as_ref();
    let mut found = Vec::new();
    for (key, uuid) in [
        (INSTALLATION, host.installation_uuid.as_deref()),
        (CONTROL_DOMAIN, host.control_domain_uuid.as_deref()),
    ] {
        let is_missing = lacks.is_some_and(|lacks| lacks.contains(key));
        match uuid {
            Some(uuid) if !uuid.is_empty() && !is_missing => {
                if !is_uuid(uuid) {
                    // xapi takes any text.
                    let mut finding = Finding::new(Code::RestoreInventoryKey)
                        .fact("key", key)
                        .fact("found", uuid);
                    finding.xapi_error = None;
                    verdicts.find(finding);
                }
                found.push((key, uuid));
            }
            None if !is_missing => {
                let fact = format!("{key} of the target's inventory");
                verdicts.lack(Id::Restore(14), &fact);
                verdicts.lack(Id::Restore(15), &fact);
            }
            _ => {
                let finding = Finding::new(Code::RestoreInventoryKey).fact("key", key);
                let params = vec!["inventory key missing".to_owned(), key.to_owned()];
                verdicts.refuse(Step::Identity, params, finding);
                verdicts.lack(Id::Restore(15), &format!("{key} of the target's inventory"));
            }
        }
    }
    clashes(restore, &found, verdicts);
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// Rows that keep a uuid which the coordinator or its control domain is given.
fn clashes(restore: &Restore<'_>, uuids: &[(&'static str, &str)], verdicts: &mut Verdicts) {
    if let [(_, first), (_, second)] = uuids
        && first == second
    {
        let finding = Finding::new(Code::RestoreUuidClash)
            .fact("uuid", *first)
            .fact("taken_by", "the target's own other uuid")
            .advice(
                "The inventory of the target gives one uuid to the host and to its control domain. Re-install the target \
                 before the restore.",
            );
        verdicts.find(finding);
    }
    let gone = rewritten_or_deleted(restore);
    let domains = control_domains(restore);
    for row in restore.dump.database.rows() {
        let taken = uuids
            .iter()
            .find(|(_, uuid)| row.get("uuid").is_some_and(|raw| raw.is(uuid)));
        let Some((key, uuid)) = taken else {
            continue;
        };
        let reference = row.reference().unwrap_or_default();
        if gone.contains(&reference) {
            continue;
        }
        let record = restore.store.resolve(&reference);
        let owner = record.and_then(|record| member_of(&domains, &record));
        let mut finding = Finding::new(Code::RestoreUuidClash)
            .table(row.table())
            .row(&reference)
            .column("uuid")
            .fact("key", *key)
            .fact("uuid", *uuid);
        finding = match &owner {
            Some(host) => finding
                .fact(
                    "taken_by",
                    format!("the control domain of the member {host}"),
                )
                .advice(former_member(host)),
            None => {
                let title = record
                    .map(|record| record.title().into_owned())
                    .unwrap_or_default();
                finding.fact("taken_by", format!("{} {title}", row.table()))
            }
        };
        if let Some(offset) = row.column_offset("uuid") {
            finding = finding.at(offset);
        }
        verdicts.find(finding);
    }
}

/// Rows whose uuid is another one, or which are gone, when xapi starts: the coordinator and its control domain, the
/// other hosts and the PIFs that these list.
fn rewritten_or_deleted<'a>(restore: &Restore<'a>) -> BTreeSet<Cow<'a, str>> {
    let mut gone = BTreeSet::new();
    if let Some(coordinator) = restore.coordinator {
        gone.insert(coordinator.reference());
        let domain = Host(coordinator).control_domain(&restore.relations);
        gone.extend(domain.map(|domain| domain.reference()));
    }
    for member in restore.members() {
        gone.insert(member.reference());
        gone.extend(member.set("PIFs").unwrap_or_default());
    }
    gone
}

/// The other hosts by their control domains.
fn control_domains<'a>(restore: &Restore<'a>) -> BTreeMap<Cow<'a, str>, Record<'a>> {
    let members = restore.members().into_iter();
    let named = members.filter_map(|host| {
        let domain = Host(host).control_domain(&restore.relations)?;
        Some((domain.reference(), host))
    });
    named.collect()
}

/// The name of the host whose control domain a row is.
fn member_of(domains: &BTreeMap<Cow<'_, str>, Record<'_>>, vm: &Record<'_>) -> Option<String> {
    let host = domains.get(&vm.reference())?;
    Some(host.title().into_owned())
}

fn former_member(host: &str) -> String {
    format!(
        "The target was the member {host}, and kept its uuids. The dry run passes, but after the reboot xapi finds two rows \
         with one uuid and does not start. Re-install the target, which gives it new uuids, or restore to another host. \
         Editing /etc/xensource-inventory does not help: the running xapi goes on with the uuids that it read when it \
         started."
    )
}
