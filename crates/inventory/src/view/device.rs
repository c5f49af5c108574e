//! What of the machine is passed through to VMs, or made for them beside disks and NICs: GPUs, PCI and USB devices,
//! virtual TPMs.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::{Record, Relation, Relations};

/// A device of a VM, or one of a host that can be passed through.
#[derive(Debug, Clone)]
pub struct Device<'a> {
    /// The record.
    pub record: Record<'a>,
    /// What it is: `vgpu`, `gpu`, `pci`, `usb` or `vtpm`; with `host-` in front where no VM has it.
    pub kind: &'static str,
    /// The VM that has it.
    pub vm: Option<Record<'a>>,
    /// The host it is in.
    pub host: Option<Record<'a>>,
    /// Model or type.
    pub what: Option<String>,
    /// Its address: a PCI id, or a USB path.
    pub address: Option<Cow<'a, str>>,
}

impl<'a> Device<'a> {
    /// All of a store: those of VMs first, then GPUs and USB devices of hosts that no VM has.
    #[must_use]
    pub fn all(relations: &Relations<'a>) -> Vec<Self> {
        let store = relations.store();
        let mut devices = Vec::new();
        devices.extend(store.of_class("VGPU").map(Self::vgpu));
        devices.extend(store.of_class("VM").flat_map(Self::pcis));
        devices.extend(
            store
                .of_class("VUSB")
                .map(|vusb| Self::usb(relations, vusb)),
        );
        devices.extend(store.of_class("VTPM").map(Self::vtpm));
        let taken: HashSet<_> = devices
            .iter()
            .map(|device| device.record.reference())
            .collect();
        let gpus = store.of_class("PGPU").map(Self::pgpu);
        let gpus: Vec<_> = gpus
            .filter(|gpu| {
                let pci = gpu.record.link("PCI");
                pci.is_none_or(|pci| !taken.contains(&pci))
            })
            .collect();
        devices.extend(gpus);
        let usbs = store.of_class("PUSB");
        let usbs =
            usbs.filter(|usb| usb.is("passthrough_enabled") && !taken.contains(&usb.reference()));
        devices.extend(usbs.map(Self::pusb));
        devices
    }

    fn vgpu(record: Record<'a>) -> Self {
        let ty = record.follow("type");
        let model = ty.and_then(|ty| ty.filled("model_name"));
        let group = record.follow("GPU_group").and_then(|group| group.name());
        Self {
            record,
            kind: "vgpu",
            vm: record.follow("VM"),
            host: record
                .follow("resident_on")
                .and_then(|pgpu| pgpu.follow("host")),
            what: model.or(group).map(Cow::into_owned),
            address: record.follow("PCI").and_then(|pci| pci.filled("pci_id")),
        }
    }

    /// PCI devices that a VM has, and those it asks for by address (`other_config:pci`).
    fn pcis(vm: Record<'a>) -> Vec<Self> {
        let attached = vm.set("attached_PCIs").unwrap_or_default();
        let attached = attached.iter().filter_map(|pci| vm.store().resolve(pci));
        let mut devices: Vec<_> = attached
            .map(|pci| Self {
                kind: "pci",
                vm: Some(vm),
                ..Self::pci(pci)
            })
            .collect();
        // `0/0000:04:01.0,0/0000:04:01.1`
        let mut known: HashSet<String> = devices
            .iter()
            .filter_map(|device| Some(device.address.as_deref()?.to_owned()))
            .collect();
        if let Some(asked) = vm.map_text("other_config", "pci") {
            for part in asked.split(',') {
                let address = part.rsplit('/').next().unwrap_or(part).trim();
                if !address.is_empty() && known.insert(address.to_owned()) {
                    devices.push(Self {
                        record: vm,
                        kind: "pci",
                        vm: Some(vm),
                        host: None,
                        what: Some("asked for by its address".to_owned()),
                        address: Some(Cow::Owned(address.to_owned())),
                    });
                }
            }
        }
        devices
    }

    fn pci(pci: Record<'a>) -> Self {
        let parts = [pci.filled("vendor_name"), pci.filled("device_name")];
        let what: Vec<_> = parts.into_iter().flatten().collect();
        Self {
            record: pci,
            kind: "host-pci",
            vm: None,
            host: pci.follow("host"),
            what: (!what.is_empty()).then(|| what.join(" ")),
            address: pci.filled("pci_id"),
        }
    }

    fn pgpu(pgpu: Record<'a>) -> Self {
        let pci = pgpu.follow("PCI").map(Self::pci);
        Self {
            record: pgpu,
            kind: "host-gpu",
            vm: None,
            host: pgpu.follow("host"),
            what: pci.as_ref().and_then(|pci| pci.what.clone()),
            address: pci.and_then(|pci| pci.address),
        }
    }

    fn usb(relations: &Relations<'a>, vusb: Record<'a>) -> Self {
        let group = vusb.link("USB_group").unwrap_or_default();
        let pusb = relations
            .of_reference(Relation::PusbsOfGroup, &group)
            .first();
        let device = pusb.map(|pusb| Self::pusb(*pusb));
        Self {
            kind: "usb",
            vm: vusb.follow("VM"),
            ..device.unwrap_or(Self {
                record: vusb,
                kind: "usb",
                vm: None,
                host: None,
                what: None,
                address: None,
            })
        }
    }

    fn pusb(pusb: Record<'a>) -> Self {
        let parts = [pusb.filled("vendor_desc"), pusb.filled("product_desc")];
        let what: Vec<_> = parts.into_iter().flatten().collect();
        Self {
            record: pusb,
            kind: "host-usb",
            vm: None,
            host: pusb.follow("host"),
            what: (!what.is_empty()).then(|| what.join(" ")),
            address: pusb.filled("path"),
        }
    }

    fn vtpm(vtpm: Record<'a>) -> Self {
        let traits = [("is_unique", "unique"), ("is_protected", "protected")];
        let traits: Vec<_> = traits
            .into_iter()
            .filter(|(field, _)| vtpm.is(field))
            .map(|(_, word)| word)
            .collect();
        let mut what = "virtual TPM".to_owned();
        if !traits.is_empty() {
            what = format!("{what}, {}", traits.join(", "));
        }
        Self {
            record: vtpm,
            kind: "vtpm",
            vm: vtpm.follow("VM"),
            host: None,
            what: Some(what),
            address: None,
        }
    }
}
