//! Faults in the records of `ova.xml`: ids, references and fields.

use super::Damage::Document as Tree;
use super::Fault;
use crate::document::{Document, Object};
use crate::xmlrpc::Value;

const NOWHERE: &str = "Ref:99999";

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "duplicate-object-id",
        "the network record twice under one id",
        "two-disks",
        Tree(|document| {
            let objects = document.objects.as_mut()?;
            let at = objects.iter().position(|object| object.class == "network")?;
            objects.insert(at, objects[at].clone());
            Some(())
        }),
    ),
    Fault::new(
        "vbd-vm-dangling",
        "VBD.VM of the first disk names no object",
        "two-disks",
        Tree(|document| first_disk_vbd(document, |vbd| vbd.set("VM", Value::text(NOWHERE)))),
    ),
    Fault::new(
        "vbd-vdi-dangling",
        "one more disk VBD, whose VDI names no object",
        "two-disks",
        Tree(|document| add_disk_vbd(document, NOWHERE)),
    ),
    Fault::new(
        "vbd-disk-with-null-vdi",
        "one more disk VBD, whose VDI is null",
        "two-disks",
        Tree(|document| add_disk_vbd(document, "OpaqueRef:NULL")),
    ),
    Fault::new(
        "vdi-sr-dangling",
        "VDI.SR of the first disk names no object",
        "two-disks",
        Tree(|document| first_vdi(document, |vdi| vdi.set("SR", Value::text(NOWHERE)))),
    ),
    Fault::new(
        "vif-network-dangling",
        "VIF.network names no object",
        "two-disks",
        Tree(|document| first(document, "VIF", |vif| vif.set("network", Value::text(NOWHERE)))),
    ),
    Fault::new(
        "vm-field-missing",
        "no VM.memory_static_max, which has no default",
        "two-disks",
        Tree(|document| remove(document, "VM", "memory_static_max")),
    ),
    Fault::new(
        "vdi-field-missing",
        "no VDI.virtual_size for the first disk",
        "two-disks",
        Tree(|document| {
            first_vdi(document, |vdi| {
                vdi.remove("virtual_size");
            })
        }),
    ),
    Fault::new(
        "vbd-field-missing",
        "no VBD.userdevice for the first disk",
        "two-disks",
        Tree(|document| {
            first_disk_vbd(document, |vbd| {
                vbd.remove("userdevice");
            })
        }),
    ),
    Fault::new(
        "bad-enum",
        "VBD.mode of the first disk is RX",
        "two-disks",
        Tree(|document| first_disk_vbd(document, |vbd| vbd.set("mode", Value::text("RX")))),
    ),
    Fault::new(
        "bad-boolean",
        "VBD.bootable of the first disk is <boolean>yes</boolean>",
        "two-disks",
        Tree(|document| {
            first_disk_vbd(document, |vbd| vbd.set("bootable", Value::Raw("<boolean>yes</boolean>".to_owned())))
        }),
    ),
    Fault::new(
        "boolean-without-tag",
        "VBD.bootable of the first disk is the text 1",
        "two-disks",
        Tree(|document| first_disk_vbd(document, |vbd| vbd.set("bootable", Value::text("1")))),
    ),
    Fault::new(
        "bad-integer",
        "VM.VCPUs_max is the text two",
        "two-disks",
        Tree(|document| first(document, "VM", |vm| vm.set("VCPUs_max", Value::text("two")))),
    ),
    Fault::new(
        "virtual-size-text",
        "virtual_size of the first disk is the text 5 MiB",
        "two-disks",
        Tree(|document| first_vdi(document, |vdi| vdi.set("virtual_size", Value::text("5 MiB")))),
    ),
    Fault::new(
        "virtual-size-negative",
        "virtual_size of the first disk is -1048576",
        "two-disks",
        Tree(|document| first_vdi(document, |vdi| vdi.set("virtual_size", Value::Int(-1_048_576)))),
    ),
    Fault::new(
        "virtual-size-overflow",
        "virtual_size of the first disk is 2^64",
        "two-disks",
        Tree(|document| first_vdi(document, |vdi| vdi.set("virtual_size", Value::text("18446744073709551616")))),
    ),
    Fault::new(
        "integers-with-tags",
        "virtual_size of the first disk as <i8> and VM.VCPUs_max as <int>: what xapi reads, not what it writes",
        "two-disks",
        Tree(tagged_integers),
    )
    .harmless(),
];

fn first(document: &mut Document, class: &str, edit: impl FnOnce(&mut Object)) -> Option<()> {
    document.find_mut(class, |_| true).map(edit)
}

fn remove(document: &mut Document, class: &str, field: &str) -> Option<()> {
    document
        .find_mut(class, |_| true)?
        .remove(field)
        .then_some(())
}

fn first_vdi(document: &mut Document, edit: impl FnOnce(&mut Object)) -> Option<()> {
    let id = document.streamed_ids().into_iter().next()?;
    document.find_mut("VDI", |vdi| vdi.id == id).map(edit)
}

fn first_disk_vbd(document: &mut Document, edit: impl FnOnce(&mut Object)) -> Option<()> {
    let id = document.streamed_ids().into_iter().next()?;
    document
        .find_mut("VBD", |vbd| vbd.text("VDI") == Some(&id))
        .map(edit)
}

/// Adds a copy of the first disk's VBD that has an id, uuid and position of its own and this VDI.
fn add_disk_vbd(document: &mut Document, vdi: &str) -> Option<()> {
    const ID: &str = "Ref:7001";
    let mut copy = None;
    first_disk_vbd(document, |vbd| copy = Some(vbd.clone()))?;
    let mut vbd = copy?;
    vbd.id = ID.to_owned();
    vbd.set("uuid", Value::text("0b3c5a6e-4f1d-4c55-9a53-0d4e5b1f7a90"));
    vbd.set("userdevice", Value::text("9"));
    vbd.set("device", Value::text("xvdj"));
    vbd.set("bootable", Value::Bool(false));
    vbd.set("VDI", Value::text(vdi));
    let attach = |object: &mut Object, field: &str| {
        if let Some((_, Value::Array(items))) =
            object.snapshot.iter_mut().find(|(name, _)| name == field)
        {
            items.push(Value::text(ID));
        }
    };
    first(document, "VM", |vm| attach(vm, "VBDs"))?;
    if let Some(vdi) = document.find_mut("VDI", |object| object.id == vdi) {
        attach(vdi, "VBDs");
    }
    let objects = document.objects.as_mut()?;
    let at = objects.iter().position(|object| object.class == "VBD")?;
    objects.insert(at, vbd);
    Some(())
}

/// A second VBD for the first disk.
pub(super) fn attach_twice(document: &mut Document) -> Option<()> {
    let id = document.streamed_ids().into_iter().next()?;
    add_disk_vbd(document, &id)
}

fn tagged_integers(document: &mut Document) -> Option<()> {
    let tag = |object: &mut Object, field: &str, tag: &str| {
        if let Some(Value::Int(number)) = object.get(field) {
            let text = format!("<{tag}>{number}</{tag}>");
            object.set(field, Value::Raw(text));
        }
    };
    first_vdi(document, |vdi| tag(vdi, "virtual_size", "i8"))?;
    first(document, "VM", |vm| tag(vm, "VCPUs_max", "int"))
}
