//! Hosts that the restore forgets, and how they come back (`formats/restore.md` sections 3 and 6).

use xenspect_inventory::Record;
use xenspect_model::preflight::Step;

use super::{Facts, NEW, Told, step, uuid_of};

/// Adds the steps.
pub(super) fn add(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let members = facts.restore.members();
    if members.is_empty() {
        return;
    }
    let mut forget = step("Forget members that are still listed")
        .on(NEW)
        .note(
            "The restore has deleted their rows already, so `xe host-list` should show the new coordinator alone and \
             there is nothing to forget. Only for one that is still listed:",
        )
        .run("xe host-list params=uuid,name-label,enabled");
    let target = facts.restore.target.host.installation_uuid.as_deref();
    // The target may be one of them, installed anew as the coordinator.
    let is_target = |member: &Record<'_>| target.is_some() && member.uuid().as_deref() == target;
    for member in members.iter().filter(|member| !is_target(member)) {
        forget = forget.run(format!("xe host-forget uuid={}", uuid_of(member)));
    }
    steps.push(forget);
    let address = facts.address();
    for member in members.iter().filter(|member| !is_target(member)) {
        let title = member.title();
        steps.push(
            step(format!("Join {title} again"))
                .on(&title)
                .note(
                    "The pool does not know it any more, and it waits in emergency mode (HOST_UNKNOWN_TO_MASTER) for a \
                     coordinator that will not take it. Install it anew at the level of the coordinator, without \
                     touching disks of local SRs that are still needed, then join it. Its bonds, VLANs and addresses \
                     are not in the restored database: set them up again.",
                )
                .run(format!(
                    "xe pool-join master-address={address} master-username=root master-password=<password>"
                )),
        );
    }
}
