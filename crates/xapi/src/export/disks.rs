//! Which disks an importer expects to find in the stream, and in what order (`formats/xva.md` section 4). Whether they
//! are there is for who reads the stream.

use std::collections::BTreeMap;

use super::{Export, Object};
use crate::error::clip;

/// A disk the importer waits for. Texts that many disks may share (of the VM, the VBD and the SR) are cut at 256 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedDisk {
    /// Id of the VDI object, which is the directory name of its blocks.
    pub id: String,
    /// The VDI's uuid.
    pub vdi_uuid: Option<String>,
    /// The VDI's name.
    pub name_label: Option<String>,
    /// The VDI's size in bytes; `None` when it is missing or not a non-negative number.
    pub virtual_size: Option<u64>,
    /// The VDI's type as spelled: `user`, `system`, `suspend` and so on.
    pub vdi_type: Option<String>,
    /// `userdevice` of the first VBD that attaches it; `None` for a suspend image.
    pub user_device: Option<String>,
    /// Name of the VM that VBD belongs to, or of the suspended VM.
    pub vm_name: Option<String>,
    /// Id of that VM.
    pub vm_id: Option<String>,
    /// Number of VBDs other than CD drives that attach it. The exporter streams the disk that many times, so more than
    /// one makes an import fail.
    pub attachments: usize,
    /// Name of the SR it was in.
    pub sr_name: Option<String>,
    /// Type of the SR it was in.
    pub sr_type: Option<String>,
}

impl Export {
    /// The disks an importer expects, in stream order: VDIs that a VBD other than a CD drive attaches and whose SR
    /// holds no ISO images, and every VDI of type `suspend`; sorted by id as byte strings, so `Ref:10` comes before
    /// `Ref:2`. A metadata export lists its disks the same way and streams none.
    pub fn expected_disks(&self) -> Vec<ExpectedDisk> {
        let mut attaching: BTreeMap<&str, (&Object, usize)> = BTreeMap::new();
        for vbd in self.of_class("VBD").filter(|vbd| !vbd.is_cd()) {
            if let Some(vdi) = vbd.reference("VDI") {
                let (_, count) = attaching.entry(vdi).or_insert((vbd, 0));
                *count = count.saturating_add(1);
            }
        }
        let suspended: BTreeMap<&str, &Object> = self
            .of_class("VM")
            .filter_map(|vm| Some((vm.reference("suspend_VDI")?, vm)))
            .collect();

        let mut disks: Vec<ExpectedDisk> = self
            .of_class("VDI")
            .filter_map(|vdi| {
                let sr = self.follow(vdi, "SR");
                let iso = sr.is_some_and(|sr| sr.text("content_type") == Some("iso"));
                let attached = attaching.get(vdi.id.as_str()).copied().filter(|_| !iso);
                if attached.is_none() && !vdi.is("type", "suspend") {
                    return None;
                }
                let vm = match attached {
                    Some((vbd, _)) => self.follow(vbd, "VM"),
                    None => suspended.get(vdi.id.as_str()).copied(),
                };
                let owned = |text: Option<&str>| text.map(str::to_owned);
                // A hostile document could make a thousand disks share one huge name.
                let shared = |text: Option<&str>| text.map(clip);
                Some(ExpectedDisk {
                    id: vdi.id.clone(),
                    vdi_uuid: owned(vdi.uuid()),
                    name_label: owned(vdi.name_label()),
                    virtual_size: vdi.count("virtual_size"),
                    vdi_type: owned(vdi.text("type")),
                    user_device: attached.and_then(|(vbd, _)| shared(vbd.text("userdevice"))),
                    vm_name: vm.and_then(|vm| shared(vm.name_label())),
                    vm_id: vm.map(|vm| clip(&vm.id)),
                    attachments: attached.map_or(0, |(_, count)| count),
                    sr_name: sr.and_then(|sr| shared(sr.name_label())),
                    sr_type: sr.and_then(|sr| shared(sr.text("type"))),
                })
            })
            .collect();
        disks.sort_by(|a, b| a.id.cmp(&b.id));
        disks
    }
}
