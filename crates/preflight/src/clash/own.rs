//! What VMs of the dump have that must be nowhere else.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use xenspect_inventory::view::{Role, Vif, Vm};
use xenspect_inventory::{Record, Relation};

use crate::restore::Restore;

/// VMs by what must be theirs alone. Templates, snapshots and control domains are left out: they have the same seeds
/// and addresses as the VMs that they were made of, and never run.
pub(super) struct Own<'r, 'a> {
    pub(super) restore: &'r Restore<'a>,
    /// By uuid.
    pub(super) vms: HashMap<Cow<'a, str>, Record<'a>>,
    /// By MAC address, in lower case.
    pub(super) macs: HashMap<String, Record<'a>>,
    /// By MAC seed.
    pub(super) seeds: HashMap<String, Record<'a>>,
}

impl<'r, 'a> Own<'r, 'a> {
    pub(super) fn of(restore: &'r Restore<'a>) -> Self {
        let vms = restore
            .store
            .of_class("VM")
            .filter(|vm| Vm(*vm).role() == Role::Vm);
        let vms: Vec<_> = vms.collect();
        let seeds = vms.iter().filter_map(|vm| {
            let seed = vm.map_text("other_config", "mac_seed")?;
            Some((seed.to_ascii_lowercase(), *vm))
        });
        let macs = restore.store.of_class("VIF").filter_map(|vif| {
            let vm = Vif(vif).vm().filter(|vm| Vm(*vm).role() == Role::Vm)?;
            Some((vif.filled("MAC")?.to_ascii_lowercase(), vm))
        });
        Self {
            restore,
            macs: macs.collect(),
            seeds: seeds.collect(),
            vms: vms
                .iter()
                .filter_map(|vm| Some((vm.uuid()?, *vm)))
                .collect(),
        }
    }

    /// Uuids of the SRs with disks of a VM.
    pub(super) fn srs_of(&self, vm: &Record<'a>) -> BTreeSet<String> {
        let vbds = self
            .restore
            .relations
            .of_reference(Relation::VbdsOfVm, &vm.reference());
        let disks = vbds
            .iter()
            .filter(|vbd| vbd.text("type").as_deref() != Some("CD"));
        let srs = disks.filter_map(|vbd| vbd.follow("VDI")?.follow("SR")?.uuid());
        srs.map(Cow::into_owned).collect()
    }
}
