//! How an object hangs together with others, in words. A statement never holds the value of a secret.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use xenspect_xapi::datamodel::{self, Type};

use super::words::{network_text, place, slot, sr_text, taken, vm_text, with_uuid};
use crate::bounded::clip;
use crate::summary::named;
use crate::view::{Attachment, Disk, Nic, NicKind, Pool, Role, Sr, Vm};
use crate::{Record, Relation, Relations};

/// Statements of one kind about one object.
const OF_A_KIND: usize = 8;

pub(super) struct Chains<'r, 'a> {
    relations: &'r Relations<'a>,
    /// VDIs by the uuid of the VHD that theirs is a difference to.
    by_parent: OnceCell<HashMap<String, Vec<Record<'a>>>>,
    /// [`Disk::in_use`].
    in_use: OnceCell<HashSet<Cow<'a, str>>>,
}

/// What to call an object in a list of matches: its name, or what tells it from others of its class.
pub(super) fn name_of(record: &Record<'_>) -> String {
    let name = match record.class() {
        "PIF" | "VIF" => record.filled("device"),
        "VBD" => record.filled("userdevice"),
        "VM_guest_metrics" => record.map_text("os_version", "name"),
        _ => record.name().or_else(|| record.filled("hostname")),
    };
    name.map(clip).unwrap_or_default()
}

impl<'r, 'a> Chains<'r, 'a> {
    pub(super) fn new(relations: &'r Relations<'a>) -> Self {
        Self {
            relations,
            by_parent: OnceCell::new(),
            in_use: OnceCell::new(),
        }
    }

    /// The statements about an object.
    pub(super) fn of(&self, record: &Record<'a>) -> Vec<String> {
        let mut say = Vec::new();
        match record.class() {
            "VDI" => self.disk(record, &mut say),
            "VM" => self.vm(record, &mut say),
            "VIF" => {
                let device = record.filled("device").map(clip).unwrap_or_default();
                if let Some(vm) = record.follow("VM") {
                    say.push(format!("NIC {device} of {}", vm_text(vm)));
                    say.extend(place(vm));
                }
                if let Some(network) = record.follow("network") {
                    say.push(format!("on {}", network_text(network)));
                }
            }
            "PIF" => self.nic(record, &mut say),
            "host" => self.host(record, &mut say),
            "SR" => self.sr(record, &mut say),
            "network" => self.network(record, &mut say),
            "PBD" => {
                if let (Some(sr), Some(host)) = (record.follow("SR"), record.follow("host")) {
                    say.push(format!("connects {} to {}", sr_text(sr), named(host)));
                }
            }
            "VBD" => {
                let attachment = Attachment::of(*record);
                let place = slot(&attachment);
                match (attachment.vm, record.follow("VDI")) {
                    (Some(vm), Some(vdi)) => {
                        say.push(format!(
                            "attaches {} to {} as {place}",
                            named(vdi),
                            named(vm)
                        ));
                    }
                    (Some(vm), None) => say.push(format!("{place} of {}, empty", named(vm))),
                    _ => {}
                }
            }
            "VM_guest_metrics" => self.metrics(Relation::VmOfGuestMetrics, record, &mut say),
            "VM_metrics" => self.metrics(Relation::VmOfMetrics, record, &mut say),
            "secret" => self.secret(record, &mut say),
            "pool" => {
                if let Some(host) = Pool(*record).coordinator() {
                    say.push(format!("its coordinator is {}", named(host)));
                }
            }
            _ => references(record, &mut say),
        }
        say
    }

    fn disk(&self, vdi: &Record<'a>, say: &mut Vec<String>) {
        let disk = Disk(*vdi);
        let attachments = disk.attachments(self.relations);
        limited(say, attachments.iter(), |attachment, say| {
            let place = slot(attachment);
            match attachment.vm {
                Some(vm) => {
                    say.push(format!("{place} of {}", vm_text(vm)));
                    say.extend(self::place(vm));
                }
                None => say.push(format!("{place} of a VM that is gone")),
            }
        });
        let suspended = self.relations.of(Relation::SuspendedInVdi, vdi);
        limited(say, suspended.iter(), |vm, say| {
            say.push(format!("holds the memory of {}", vm_text(*vm)));
        });
        if let Some(sr) = vdi.follow("SR") {
            say.push(format!("on {}", sr_text(sr)));
        }
        if vdi.is("is_a_snapshot") {
            let of = match vdi.follow("snapshot_of") {
                Some(of) => with_uuid(of),
                None => "a disk that is gone".to_owned(),
            };
            say.push(format!("snapshot of {of}{}", taken(vdi)));
        }
        let snapshots = self.relations.of(Relation::SnapshotsOfVdi, vdi).len();
        if snapshots > 0 {
            say.push(format!("snapshots of it: {snapshots}"));
        }
        if let Some(parent) = disk.vhd_parent() {
            let known = vdi.store().by_uuid(&parent);
            let known = known.filter(|known| known.class() == "VDI");
            say.push(match known {
                Some(parent) => format!("its VHD is a difference to that of {}", with_uuid(parent)),
                None => format!(
                    "its VHD is a difference to {}, of which there is no record",
                    clip(parent)
                ),
            });
        }
        if let Some(uuid) = vdi.uuid() {
            let children = self.by_parent().get(&*uuid.to_lowercase());
            limited(say, children.into_iter().flatten(), |child, say| {
                say.push(format!("parent of {}", with_uuid(*child)));
            });
        }
        let in_use = self.in_use.get_or_init(|| Disk::in_use(self.relations));
        if let Some(why) = disk.orphan(self.relations, in_use) {
            say.push(format!("orphaned: {}", why.reason()));
        }
    }

    fn by_parent(&self) -> &HashMap<String, Vec<Record<'a>>> {
        self.by_parent.get_or_init(|| {
            let mut by_parent: HashMap<_, Vec<_>> = HashMap::new();
            for vdi in self.relations.store().of_class("VDI") {
                if let Some(parent) = Disk(vdi).vhd_parent() {
                    by_parent
                        .entry(parent.to_lowercase())
                        .or_default()
                        .push(vdi);
                }
            }
            by_parent
        })
    }

    fn vm(&self, record: &Record<'a>, say: &mut Vec<String>) {
        let vm = Vm(*record);
        match vm.role() {
            Role::Vm => {}
            Role::Template => say.push("a template".to_owned()),
            Role::DefaultTemplate => say.push("a template of the product".to_owned()),
            Role::ControlDomain => say.push("a control domain".to_owned()),
            Role::Snapshot => {
                let of = match record.follow("snapshot_of") {
                    Some(of) => with_uuid(of),
                    None => "a VM that is gone".to_owned(),
                };
                say.push(format!("snapshot of {of}{}", taken(record)));
            }
        }
        say.extend(place(*record));
        let disks: Vec<_> = vm.disks(self.relations).map(Attachment::of).collect();
        limited(say, disks.iter(), |disk, say| {
            if let Some(vdi) = disk.vbd.follow("VDI") {
                let sr = vdi.follow("SR");
                let sr = sr.map_or_else(String::new, |sr| format!(", on {}", sr_text(sr)));
                say.push(format!("{}: {}{sr}", slot(disk), with_uuid(vdi)));
            }
        });
        let vifs = self.relations.of(Relation::VifsOfVm, record);
        limited(say, vifs.iter(), |vif, say| {
            let device = vif.filled("device").map(clip).unwrap_or_default();
            let mac = vif.filled("MAC").map(clip).unwrap_or_default();
            let network = vif.follow("network");
            let network = network.map_or_else(String::new, |network| {
                format!(", on {}", network_text(network))
            });
            say.push(format!("NIC {device}: {mac}{network}"));
        });
        let addresses = vm.addresses();
        if !addresses.is_empty() {
            let some: Vec<_> = addresses.into_iter().take(OF_A_KIND).collect();
            say.push(format!("its guest reported {}", some.join(", ")));
        }
        let snapshots = self.relations.of(Relation::SnapshotsOfVm, record).len();
        if snapshots > 0 {
            say.push(format!("snapshots of it: {snapshots}"));
        }
    }

    fn nic(&self, record: &Record<'a>, say: &mut Vec<String>) {
        let nic = Nic(*record);
        let device = |nic: &Nic<'_>| nic.device().map(clip).unwrap_or_default();
        if let Some(host) = record.follow("host") {
            let management = match record.is("management") {
                true => ", its management interface",
                false => "",
            };
            say.push(format!(
                "NIC {} of {}{management}",
                device(&nic),
                named(host)
            ));
        }
        let below: Vec<_> = nic
            .below(self.relations)
            .iter()
            .take(OF_A_KIND)
            .map(device)
            .collect();
        match nic.kind(self.relations) {
            NicKind::Bond => say.push(format!("a bond of {}", below.join(", "))),
            NicKind::Vlan => {
                let tag = nic.vlan().unwrap_or_default();
                say.push(format!("VLAN {tag} on {}", below.join(", ")));
            }
            NicKind::Tunnel => say.push(format!("a tunnel over {}", below.join(", "))),
            NicKind::Sriov => say.push(format!("SR-IOV on {}", below.join(", "))),
            NicKind::Physical | NicKind::Other => {}
        }
        if let Some(bond) = nic.bond() {
            say.push(format!("part of the bond {}", device(&bond)));
        }
        if let Some(network) = record.follow("network") {
            say.push(format!("on {}", network_text(network)));
        }
    }

    fn host(&self, record: &Record<'a>, say: &mut Vec<String>) {
        let host = crate::view::Host(*record);
        let pool = Pool::of(record.store());
        if host.is_coordinator(pool.as_ref()) {
            let name = pool.and_then(|pool| pool.0.name()).map(clip);
            let name = name.map_or_else(String::new, |name| format!(" \"{name}\""));
            say.push(format!("coordinator of the pool{name}"));
        }
        if let Some(address) = record.filled("address") {
            say.push(format!("its address is {}", clip(address)));
        }
        say.push(format!("VMs on it: {}", host.running(self.relations)));
    }

    fn sr(&self, record: &Record<'a>, say: &mut Vec<String>) {
        let hosts = self.relations.of(Relation::PbdsOfSr, record);
        limited(say, hosts.iter(), |pbd, say| {
            if let Some(host) = pbd.follow("host") {
                let attached = match pbd.bool("currently_attached") {
                    Some(false) => ", not attached",
                    _ => "",
                };
                say.push(format!("connected to {}{attached}", named(host)));
            }
        });
        let config = Sr(*record).device_config(self.relations);
        if !config.is_empty() {
            let some: Vec<_> = config
                .into_iter()
                .take(OF_A_KIND)
                .map(|pair| clip(pair.into()))
                .collect();
            say.push(some.join(", "));
        }
        let disks = self.relations.of(Relation::VdisOfSr, record).len();
        say.push(format!("disks in it: {disks}"));
    }

    fn network(&self, record: &Record<'a>, say: &mut Vec<String>) {
        if let Some(bridge) = record.filled("bridge") {
            say.push(format!("bridge {}", clip(bridge)));
        }
        let pifs = self.relations.of(Relation::PifsOfNetwork, record);
        limited(say, pifs.iter(), |pif, say| {
            if let Some(host) = pif.follow("host") {
                let device = pif.filled("device").map(clip).unwrap_or_default();
                let tag = Nic(*pif).vlan();
                let tag = tag.map_or_else(String::new, |tag| format!(", VLAN {tag}"));
                say.push(format!("NIC {device} of {}{tag}", named(host)));
            }
        });
        let vifs = self.relations.of(Relation::VifsOfNetwork, record).len();
        say.push(format!("NICs of VMs on it: {vifs}"));
    }

    fn metrics(&self, relation: Relation, record: &Record<'a>, say: &mut Vec<String>) {
        let vms = self.relations.of(relation, record);
        limited(say, vms.iter(), |vm, say| {
            say.push(format!("reported for {}", vm_text(*vm)));
            say.extend(place(*vm));
        });
    }

    /// Who uses a secret, by the fields that hold its uuid.
    fn secret(&self, record: &Record<'a>, say: &mut Vec<String>) {
        let (uuid, reference) = (record.uuid().unwrap_or_default(), record.reference());
        let mut users = Vec::new();
        for class in ["PBD", "pool", "host", "VTPM", "VMPP", "Repository"] {
            for user in self.relations.store().of_class(class) {
                for field in user.fields() {
                    let text = user.text(&field).unwrap_or_default();
                    let has = |id: &str| has_id(&text, id);
                    if has(&uuid) || has(&reference) {
                        let pairs = user.map(&field).unwrap_or_default();
                        let key = pairs.into_iter().find(|(_, value)| has_id(value, &uuid));
                        let field = match key {
                            Some((key, _)) => format!("{field}:{}", clip(key)),
                            None => field.into_owned(),
                        };
                        users.push((user, field));
                    }
                }
            }
        }
        limited(say, users.iter(), |(user, field), say| {
            let sr = user.follow("SR");
            let of = match sr {
                Some(sr) => format!(", which connects {}", sr_text(sr)),
                None => String::new(),
            };
            say.push(format!("used by {} in {field}{of}", with_uuid(*user)));
        });
    }
}

fn has_id(text: &str, id: &str) -> bool {
    !id.is_empty() && text.contains(id)
}

/// Statements about the first ones of a kind, and how many more there are.
fn limited<T>(
    say: &mut Vec<String>,
    mut items: impl Iterator<Item = T>,
    mut statement: impl FnMut(T, &mut Vec<String>),
) {
    for item in items.by_ref().take(OF_A_KIND) {
        statement(item, say);
    }
    match items.count() {
        0 => {}
        more => say.push(format!("and {more} more of that kind")),
    }
}

/// Objects that a record refers to, for classes of which nothing else is known.
fn references(record: &Record<'_>, say: &mut Vec<String>) {
    let fields = record.fields().filter(|field| {
        let ty = datamodel::fields_of(record.class())
            .iter()
            .find(|known| known.api_field == field.as_ref())
            .map(|known| known.ty);
        matches!(ty, Some(Type::Ref(_)))
    });
    let named =
        fields.filter_map(|field| Some(format!("{field}: {}", named(record.follow(&field)?))));
    say.extend(named.take(OF_A_KIND));
}
