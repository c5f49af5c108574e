//! What becomes of VMs that the database does not have as halted (`formats/restore.md` section 6).

use std::borrow::Cow;
use std::collections::BTreeMap;

use xenspect_inventory::Record;
use xenspect_inventory::view::{Role, Vm};

use crate::restore::Restore;

/// VMs by what becomes of them. Templates, snapshots and control domains are not among them.
#[derive(Default)]
pub(in crate::restore) struct Fates<'a> {
    /// On the coordinator, or running nowhere: they come up halted, since no such domain is found.
    pub(in crate::restore) halted: Vec<Record<'a>>,
    /// Running on a host that is forgotten, by that host's reference: they come up halted, and may still run there.
    pub(in crate::restore) elsewhere: BTreeMap<Cow<'a, str>, Vec<Record<'a>>>,
    /// Paused and not on the coordinator: they stay so.
    pub(in crate::restore) paused: Vec<Record<'a>>,
    /// Suspended: they stay so.
    pub(in crate::restore) suspended: Vec<Record<'a>>,
}

impl<'a> Fates<'a> {
    pub(in crate::restore) fn of(restore: &Restore<'a>) -> Self {
        let mut fates = Self::default();
        let coordinator = restore.coordinator.map(|host| host.reference());
        for vm in restore.store.of_class("VM") {
            let state = Vm(vm).power_state();
            if Vm(vm).role() != Role::Vm {
                continue;
            }
            let host = Vm(vm).host().map(|host| host.reference());
            let here = host.is_some() && host == coordinator;
            match (state.as_deref(), host) {
                (Some("Running"), Some(host)) if !here => {
                    fates.elsewhere.entry(host).or_default().push(vm);
                }
                (Some("Running"), _) => fates.halted.push(vm),
                (Some("Paused"), _) if here => fates.halted.push(vm),
                (Some("Paused"), _) => fates.paused.push(vm),
                (Some("Suspended"), _) => fates.suspended.push(vm),
                _ => {}
            }
        }
        fates
    }
}
