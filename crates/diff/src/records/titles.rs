//! What to call records by. Most have a name; what has none is known by its place: the device of a VBD, the VM of a
//! VIF, the host of a PIF.

use std::borrow::Cow;

use xenspect_inventory::view::disk_name;
use xenspect_inventory::{Record, Relation, Relations, Store};

/// Bytes of a title. Many objects can refer to one, so what is taken from it is cut.
const LONGEST: usize = 256;

/// Names of the records of one side.
#[derive(Debug)]
pub(super) struct Names<'a> {
    relations: Relations<'a>,
}

/// A title, and what it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Title {
    pub(super) title: String,
    pub(super) of: Option<String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(store: Store<'a>) -> Self {
        let relations = Relations::new(store);
        Self { relations }
    }

    /// What to call a record by, and what it belongs to.
    pub(super) fn title(&self, record: &Record<'a>) -> Title {
        let own = || clip(record.title());
        let text = |field| record.filled(field).map(clip);
        let of = |field| Some(clip(record.follow(field)?.title()));
        let of_host = |field| {
            let pif = record.follow(field)?;
            Some(clip(pif.follow("host")?.title()))
        };
        let (title, of) = match record.class() {
            "VBD" => (device(record), of("VM")),
            "VIF" => (
                text("device").map(|device| format!("NIC {device}")),
                of("VM"),
            ),
            "PIF" => (nic(record), of("host")),
            "PBD" => (of("SR"), of("host")),
            "Bond" => (self.device_of(record, "master"), of_host("master")),
            "VLAN" => {
                let tag = record.int("tag").map(|tag| format!("VLAN {tag}"));
                (tag, of_host("tagged_PIF"))
            }
            "tunnel" => (self.device_of(record, "access_PIF"), of_host("access_PIF")),
            "network_sriov" => (
                self.device_of(record, "physical_PIF"),
                of_host("physical_PIF"),
            ),
            "VDI" => (None, of("SR")),
            "VM" => (None, of("snapshot_of")),
            "VTPM" => (Some("TPM".to_owned()), of("VM")),
            "VUSB" => (Some("USB device".to_owned()), of("VM")),
            "VGPU" => (of("type").or_else(|| text("device")), of("VM")),
            "console" => (text("protocol"), of("VM")),
            "crashdump" => (Some("crash dump".to_owned()), of("VM")),
            "VM_guest_metrics" => (
                Some("guest agent".to_owned()),
                self.owner(Relation::VmOfGuestMetrics, record),
            ),
            "VM_metrics" => (
                Some("metrics".to_owned()),
                self.owner(Relation::VmOfMetrics, record),
            ),
            "host_metrics" => (
                Some("state".to_owned()),
                self.owner(Relation::HostOfMetrics, record),
            ),
            "PIF_metrics" => {
                let pif = self.relations.first(Relation::PifOfMetrics, record);
                let title = pif.and_then(|pif| Some(format!("link of {}", nic(&pif)?)));
                let host = pif.and_then(|pif| Some(clip(pif.follow("host")?.title())));
                (title, host)
            }
            "host_cpu" => (
                text("number").map(|number| format!("CPU {number}")),
                of("host"),
            ),
            // Older schemas give them no name.
            "Certificate" => (
                text("name").or_else(|| Some("certificate".to_owned())),
                of("host"),
            ),
            // Every host has some of the same name.
            "SR" if !record.is("shared") => (None, self.only_host(record)),
            "host_patch" | "host_crashdump" | "Feature" | "Host_driver" => {
                (text("name").or_else(|| text("name_label")), of("host"))
            }
            "PCI" => (text("device_name").or_else(|| text("pci_id")), of("host")),
            "PGPU" => (self.device_of(record, "PCI"), of("host")),
            "PUSB" => (text("description").or_else(|| text("path")), of("host")),
            "Cluster_host" => (of("host"), None),
            "subject" => {
                let name = record.map_text("other_config", "subject-name").map(clip);
                (name.or_else(|| text("subject_identifier")), None)
            }
            "blob" | "role" | "SM" => (text("name_label"), None),
            _ => (None, None),
        };
        Title {
            title: title.unwrap_or_else(own),
            of,
        }
    }

    /// What a reference leads to is called, in one text: `xvda of web01`.
    pub(super) fn full(&self, record: &Record<'a>) -> String {
        let Title { title, of } = self.title(record);
        match of {
            Some(of) if record.name().is_none() || record.class() == "PBD" => {
                format!("{title} of {of}")
            }
            _ => title,
        }
    }

    /// The host that an SR is plugged into, if it is a single one.
    fn only_host(&self, sr: &Record<'a>) -> Option<String> {
        match self.relations.of(Relation::PbdsOfSr, sr) {
            [pbd] => Some(clip(pbd.follow("host")?.title())),
            _ => None,
        }
    }

    /// The device of a PIF, or the name of a PCI device, that a record names.
    fn device_of(&self, record: &Record<'a>, field: &str) -> Option<String> {
        let device = record.follow(field)?;
        match device.class() {
            "PIF" => nic(&device),
            _ => device.filled("device_name").map(clip),
        }
    }

    /// The VM that refers to a record.
    /// The VM whose guest reported something.
    pub(super) fn vm_of_guest_metrics(&self, record: &Record<'a>) -> Option<Record<'a>> {
        self.relations.first(Relation::VmOfGuestMetrics, record)
    }

    fn owner(&self, relation: Relation, record: &Record<'a>) -> Option<String> {
        let owner = self.relations.first(relation, record)?;
        Some(clip(owner.title()))
    }
}

/// The place of a VBD at its VM: `xvda`.
pub(super) fn device(vbd: &Record<'_>) -> Option<String> {
    let position = vbd.filled("userdevice");
    let device = vbd.filled("device").map(clip);
    device.or_else(|| {
        let position = position?;
        Some(disk_name(&position).unwrap_or_else(|| clip(position)))
    })
}

/// The device of a PIF; those of VLANs have the device below as theirs.
fn nic(pif: &Record<'_>) -> Option<String> {
    let device = clip(pif.filled("device")?);
    Some(match pif.int("VLAN") {
        Some(tag) if tag >= 0 => format!("{device} VLAN {tag}"),
        _ => device,
    })
}

/// The text, cut; a cut one ends in an ellipsis.
pub(super) fn clip(text: Cow<'_, str>) -> String {
    if text.len() <= LONGEST {
        return text.into_owned();
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    format!("{}…", text.get(..end).unwrap_or_default())
}
