//! Faults in the document of a whole pool, where there are more VMs than one, and devices one VM seldom has.

use super::Damage::{Document as Tree, Members};
use super::Fault;
use super::archive::zero_blocks;
use crate::content::Content;
use crate::document::{Document, Object};
use crate::header::{Header, HeaderStyle};
use crate::member::{Member, Role};
use crate::xmlrpc::Value;

const NOWHERE: &str = "Ref:99999";

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "metadata-snapshot-of-dangling",
        "snapshot_of of a snapshot names no object",
        "metadata-pool",
        Tree(|document| {
            vm(document, "web snapshot 1", |vm| {
                vm.set("snapshot_of", Value::text(NOWHERE));
            })
        }),
    ),
    Fault::new(
        "metadata-snapshot-of-null",
        "snapshot_of of a snapshot is null: the VM it was made of is gone",
        "metadata-pool",
        Tree(|document| {
            vm(document, "web snapshot 1", |vm| {
                vm.set("snapshot_of", Value::text("OpaqueRef:NULL"));
            })
        }),
    )
    .harmless(),
    Fault::new(
        "metadata-parent-dangling",
        "parent of a snapshot names no object",
        "metadata-pool",
        Tree(|document| {
            vm(document, "web snapshot 2", |vm| {
                vm.set("parent", Value::text(NOWHERE));
            })
        }),
    ),
    Fault::new(
        "metadata-parent-circle",
        "the first snapshot has the VM itself as its parent",
        "metadata-pool",
        Tree(|document| {
            let web = document
                .find_mut("VM", |vm| vm.text("name_label") == Some("web"))?
                .id
                .clone();
            vm(document, "web snapshot 1", |vm| {
                vm.set("parent", Value::text(web));
            })
        }),
    ),
    Fault::new(
        "metadata-suspend-vdi-dangling",
        "suspend_VDI of the suspended VM names no object",
        "metadata-pool",
        Tree(|document| {
            vm(document, "mail", |vm| {
                vm.set("suspend_VDI", Value::text(NOWHERE));
            })
        }),
    ),
    Fault::new(
        "metadata-suspended-without-vdi",
        "the suspended VM has no suspend_VDI",
        "metadata-pool",
        Tree(|document| {
            vm(document, "mail", |vm| {
                vm.set("suspend_VDI", Value::text("OpaqueRef:NULL"));
            })
        }),
    ),
    Fault::new(
        "metadata-vgpu-group-dangling",
        "VGPU.GPU_group names no object",
        "metadata-pool",
        Tree(|document| {
            first(document, "VGPU", |vgpu| {
                vgpu.set("GPU_group", Value::text(NOWHERE));
            })
        }),
    ),
    Fault::new(
        "metadata-vgpu-vm-dangling",
        "VGPU.VM names no object",
        "metadata-pool",
        Tree(|document| {
            first(document, "VGPU", |vgpu| {
                vgpu.set("VM", Value::text(NOWHERE));
            })
        }),
    ),
    Fault::new(
        "metadata-vtpm-vm-dangling",
        "the VM of the VTPM names no object",
        "metadata-pool",
        Tree(|document| {
            first(document, "VTPM", |vtpm| {
                vtpm.set("vTPM'_VM", Value::text(NOWHERE));
            })
        }),
    ),
    Fault::new(
        "metadata-duplicate-uuid",
        "two VMs with one uuid",
        "metadata-pool",
        Tree(|document| {
            let uuid = document
                .find_mut("VM", |vm| vm.text("name_label") == Some("web"))?
                .get("uuid")?
                .clone();
            vm(document, "mail", |vm| vm.set("uuid", uuid))
        }),
    ),
    Fault::new(
        "metadata-set-lacks-member",
        "VM.VIFs of web is empty though two VIFs name the VM",
        "metadata-pool",
        Tree(|document| vm(document, "web", |vm| vm.set("VIFs", Value::Array(vec![])))),
    ),
    Fault::new(
        "metadata-bad-power-state",
        "power_state of web is Sleeping",
        "metadata-pool",
        Tree(|document| {
            vm(document, "web", |vm| {
                vm.set("power_state", Value::text("Sleeping"));
            })
        }),
    ),
    Fault::new(
        "metadata-unknown-class",
        "an object of a class that no release exports",
        "metadata-pool",
        Tree(|document| {
            let snapshot = vec![(
                "uuid".to_owned(),
                Value::text("00000000-dead-4000-8000-000000000008"),
            )];
            document.objects.as_mut()?.push(Object {
                class: "VM_flavour".to_owned(),
                id: "Ref:8008".to_owned(),
                snapshot,
            });
            Some(())
        }),
    ),
    Fault::new(
        "metadata-no-vms",
        "no VM objects: the devices hang in the air",
        "metadata-pool",
        Tree(|document| {
            document
                .objects
                .as_mut()?
                .retain(|object| object.class != "VM");
            Some(())
        }),
    ),
    Fault::new(
        "metadata-extra-member",
        "a member behind ova.xml, where a metadata-only export has no other",
        "metadata-pool",
        Members(|archive| {
            let bytes = Content::Text.chunk(1, 0, 0, 700);
            archive.members.push(Member {
                name: b"notes.txt".to_vec(),
                payload: bytes,
                header: Header::new(HeaderStyle::XapiNew),
                role: Role::Foreign,
            });
            Some(())
        }),
    ),
    Fault::new(
        "metadata-single-end-block",
        "one zero block at the end",
        "metadata-pool",
        Members(|archive| zero_blocks(archive, 1)),
    )
    .harmless(),
    Fault::new(
        "metadata-no-end-blocks",
        "cut before the zero blocks at the end",
        "metadata-pool",
        Members(|archive| zero_blocks(archive, 0)),
    )
    .harmless(),
];

fn vm(document: &mut Document, name: &str, edit: impl FnOnce(&mut Object)) -> Option<()> {
    document
        .find_mut("VM", |vm| vm.text("name_label") == Some(name))
        .map(edit)
}

fn first(document: &mut Document, class: &str, edit: impl FnOnce(&mut Object)) -> Option<()> {
    document.find_mut(class, |_| true).map(edit)
}
