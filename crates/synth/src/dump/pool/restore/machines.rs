//! VMs of the pool of three hosts: in each state, on each host.

use super::super::machines::{Columns, Disk, add_machine, disk, machine, nic, templates};
use super::super::storage::located;
use super::network::Networks;
use super::storage::Storage;
use super::{Extent, Pool, Site, host};
use crate::dump::value::{map, set};

const GIB: i64 = 1 << 30;

/// One VM with a disk and an interface.
struct Plan<'a> {
    name: &'a str,
    state: &'a str,
    /// Number of the host it is on.
    on: Option<usize>,
    sr: &'a str,
    /// Where its memory is.
    memory: Option<&'a str>,
    network: &'a str,
    more: Columns<'a>,
}

pub(super) fn add(
    pool: &mut Pool,
    sites: &[Site],
    storage: &Storage,
    networks: &Networks,
    busy: bool,
) {
    for site in sites {
        host::control_domain(pool, site);
    }
    templates(pool, Extent::Full);
    let [bond, vlan] = &networks.of_vms();
    let state = |busy_state| if busy { busy_state } else { "Halted" };
    let plan = |name, state, on, sr, network| Plan {
        name,
        state,
        on: if state == "Halted" { None } else { on },
        sr,
        memory: None,
        network,
        more: Vec::new(),
    };
    let (nfs, iscsi) = (storage.nfs.as_str(), storage.iscsi.as_str());
    let local = |at: usize| {
        if busy {
            storage.local[at].as_str()
        } else {
            nfs
        }
    };
    plan("web", state("Running"), Some(0), nfs, bond).add(pool);
    plan("database", state("Running"), Some(1), iscsi, vlan).add(pool);
    let mail = plan("mail", "Suspended", None, nfs, bond);
    Plan {
        memory: Some(nfs),
        ..mail
    }
    .add(pool);
    let build = plan("build", state("Suspended"), None, local(2), bond);
    let memory = busy.then(|| local(2));
    Plan { memory, ..build }.add(pool);
    plan("queue", state("Paused"), Some(2), nfs, vlan).add(pool);
    plan("archive", "Halted", None, local(0), bond).add(pool);
    windows(pool, plan("windows", "Halted", None, nfs, vlan));
    gateway(
        pool,
        plan("gateway", state("Running"), Some(0), nfs, bond),
        busy,
    );
}

impl Plan<'_> {
    fn add(self, pool: &mut Pool) -> String {
        let mut columns = machine(self.name, self.state, 2);
        if let Some(at) = self.on {
            columns.push(("resident_on", pool.reference("host", &format!("host {at}"))));
        }
        if self.state == "Paused" {
            columns.push(("domid", "9".into()));
        }
        if let Some(sr) = self.memory {
            let image = vec![
                ("name__label", "Suspend image".into()),
                ("SR", sr.to_owned()),
                ("type", "suspend".into()),
                ("virtual_size", (3 * GIB).to_string()),
                ("physical_utilisation", (2 * GIB).to_string()),
                ("managed", "true".into()),
            ];
            let image = located(pool, &format!("{} memory", self.name), image);
            columns.extend([("suspend_VDI", image), ("suspend_SR", sr.to_owned())]);
        }
        columns.extend(self.more);
        let vm = add_machine(pool, self.name, columns);
        let attached = self.state != "Halted";
        let name = format!("{} disk", self.name);
        let root = Disk {
            vm: &vm,
            label: format!("{} 0", self.name),
            name: &name,
            sr: self.sr,
            at: 0,
            attached,
            extra: Vec::new(),
        };
        disk(pool, root);
        nic(pool, &vm, self.name, 0, self.network, attached);
        vm
    }
}

/// UEFI, with a virtual TPM where the schema has its contents.
fn windows(pool: &mut Pool, mut plan: Plan<'_>) {
    let boot = map(&[("firmware", "uefi"), ("order", "cdn")]);
    plan.more = vec![("HVM__boot_params", boot), ("domain_type", "hvm".into())];
    let vm = plan.add(pool);
    if pool.schema.has_column("VTPM", "contents") {
        let (_, contents) = pool.base64_secret("vtpm");
        pool.add("VTPM", "windows", &[("VM", vm), ("contents", contents)]);
    }
}

/// A VM that has, in a busy pool, a device of the coordinator.
fn gateway(pool: &mut Pool, mut plan: Plan<'_>, busy: bool) {
    let vm = pool.reference("VM", "gateway");
    let device = host::nvme(pool, if busy { vec![vm] } else { Vec::new() });
    if busy {
        plan.more.extend([
            ("attached_PCIs", set([device])),
            ("other_config", map(&[("pci", "0/0000:5e:00.0")])),
        ]);
    }
    plan.add(pool);
}
