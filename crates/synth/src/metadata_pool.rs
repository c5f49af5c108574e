//! A metadata-only export of a whole pool, `all=true` with snapshots (`formats/xva.md` section 13): the one-VM documents
//! of `records` put together around one host, its networks and its storage, with what one VM alone does not have.

use std::collections::BTreeMap;

use crate::content::uuid;
use crate::document::{Document, Object};
use crate::dump::planted;
use crate::recipe::{DiskRecipe, MIB, Recipe};
use crate::records;
use crate::xmlrpc::{Fields, Value};

/// Order of the classes (`formats/xva.md` section 3.3).
const CLASSES: [&str; 15] = [
    "host",
    "VM",
    "VM_metrics",
    "VM_guest_metrics",
    "VBD",
    "VIF",
    "network",
    "VDI",
    "SR",
    "VGPU_type",
    "VGPU",
    "GPU_group",
    "PVS_proxy",
    "PVS_site",
    "VTPM",
];

/// Classes of which the first document's objects stand for those of the others.
const SHARED: [&str; 3] = ["host", "network", "SR"];

struct Member {
    name: &'static str,
    disks: usize,
    vifs: usize,
    edit: fn(&mut Recipe),
    power_state: &'static str,
}

const fn member(
    name: &'static str,
    disks: usize,
    vifs: usize,
    power_state: &'static str,
) -> Member {
    Member {
        name,
        disks,
        vifs,
        edit: |_| {},
        power_state,
    }
}

/// The order is that in which ids are given out.
static MEMBERS: [Member; 9] = [
    Member {
        edit: |recipe| recipe.cd_image = true,
        ..member("web", 2, 2, "Running")
    },
    member("web snapshot 1", 2, 1, "Halted"),
    member("web snapshot 2", 2, 1, "Halted"),
    Member {
        edit: |recipe| recipe.suspend_image = Some(3072 * MIB),
        ..member("mail", 1, 1, "Suspended")
    },
    Member {
        edit: |recipe| {
            recipe.nvram = true;
            recipe.vtpm = true;
        },
        ..member("windows", 1, 1, "Halted")
    },
    Member {
        edit: |recipe| recipe.empty_cd = true,
        ..member("gpu", 1, 1, "Halted")
    },
    member("pass-through", 1, 0, "Running"),
    member("our base image", 1, 1, "Halted"),
    member("Control domain on host: host-1", 0, 0, "Running"),
];

/// The tree.
pub(crate) fn document(recipe: &Recipe) -> Document {
    let mut objects: Vec<Object> = Vec::new();
    for (at, member) in MEMBERS.iter().enumerate() {
        let part = part(recipe, at, member);
        merge(&mut objects, part);
    }
    let mut document = Document {
        version: Some(recipe.release.version(recipe.export_vsn)),
        objects: Some(objects),
        spelling: recipe.release.spelling(),
    };
    power(&mut document);
    snapshots(recipe, &mut document);
    devices(recipe, &mut document);
    secrets(recipe, &mut document);
    if let Some(objects) = &mut document.objects {
        objects.sort_by_key(|object| CLASSES.iter().position(|class| *class == object.class));
    }
    document
}

/// The document of one VM as if it were exported alone. Each has its own hundred of ids.
fn part(recipe: &Recipe, at: usize, member: &Member) -> Vec<Object> {
    let number = at as u64;
    let disks = (0..member.disks).map(|disk| DiskRecipe {
        name_label: format!("{} disk {disk}", member.name),
        ..DiskRecipe::new(20 * 1024 * MIB, crate::Content::Zero)
    });
    let mut one = Recipe {
        seed: recipe.seed.wrapping_mul(1000).wrapping_add(number),
        pool: false,
        host: true,
        disks: disks.collect(),
        vifs: member.vifs,
        vm_name: member.name.to_owned(),
        first_id: recipe.first_id + 100 * number,
        ..recipe.clone()
    };
    (member.edit)(&mut one);
    records::document(&one).objects.unwrap_or_default()
}

/// Adds the objects of one more VM. Its host, networks and storage become those that are there already.
fn merge(objects: &mut Vec<Object>, part: Vec<Object>) {
    let mut renamed = BTreeMap::new();
    let mut own = Vec::new();
    for object in part {
        let known = objects.iter_mut().find(|known| {
            let name = known.text("name_label");
            SHARED.contains(&object.class.as_str())
                && known.class == object.class
                && name == object.text("name_label")
        });
        let Some(known) = known else {
            own.push(object);
            continue;
        };
        renamed.insert(object.id.clone(), known.id.clone());
        for field in ["VIFs", "VDIs"] {
            if let Some(Value::Array(more)) = object.get(field) {
                append(known, field, more.clone());
            }
        }
    }
    for object in &mut own {
        object
            .snapshot
            .iter_mut()
            .for_each(|(_, value)| rename(value, &renamed));
    }
    objects.extend(own);
}

fn append(object: &mut Object, field: &str, more: Vec<Value>) {
    match object.snapshot.iter_mut().find(|(name, _)| name == field) {
        Some((_, Value::Array(items))) => items.extend(more),
        _ => object.set(field, Value::Array(more)),
    }
}

fn rename(value: &mut Value, renamed: &BTreeMap<String, String>) {
    match value {
        Value::Text(text) => {
            if let Some(new) = renamed.get(text) {
                text.clone_from(new);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        _ => {}
    }
}

fn vm<'a>(document: &'a mut Document, name: &str) -> &'a mut Object {
    document
        .find_mut("VM", |vm| vm.text("name_label") == Some(name))
        .expect("every member has a VM")
}

/// Power states, the host of those that run, and what is attached.
fn power(document: &mut Document) {
    let host = document
        .find_mut("host", |_| true)
        .map(|host| host.id.clone())
        .unwrap_or_default();
    let mut resident = Vec::new();
    for member in &MEMBERS {
        let vm = vm(document, member.name);
        let running = member.power_state == "Running";
        vm.set("power_state", Value::text(member.power_state));
        vm.set("domid", Value::Int(if running { 7 } else { -1 }));
        if running {
            vm.set("resident_on", Value::text(&*host));
            resident.push(Value::text(&*vm.id));
        }
        let id = vm.id.clone();
        for device in document
            .objects
            .iter_mut()
            .flatten()
            .filter(|object| object.text("VM") == Some(&id))
        {
            if device.get("currently_attached").is_some() {
                device.set("currently_attached", Value::Bool(running));
            }
        }
    }
    let control = vm(document, "Control domain on host: host-1");
    control.set("is_control_domain", Value::Bool(true));
    control.set("domid", Value::Int(0));
    vm(document, "our base image").set("is_a_template", Value::Bool(true));
    if let Some(host) = document.find_mut("host", |_| true) {
        host.set("resident_VMs", Value::Array(resident));
    }
}

/// Two snapshots of `web`, the second made after the first. Sets of snapshots and children keep what they hold in the
/// source pool.
fn snapshots(recipe: &Recipe, document: &mut Document) {
    let web = vm(document, "web").id.clone();
    let mut parent = "OpaqueRef:NULL".to_owned();
    let mut inner = Vec::new();
    for (name, time) in [
        ("web snapshot 1", "20240501T03:00:00Z"),
        ("web snapshot 2", "20240502T03:00:00Z"),
    ] {
        let snapshot = vm(document, name);
        snapshot.set("is_a_snapshot", Value::Bool(true));
        snapshot.set("is_a_template", Value::Bool(true));
        snapshot.set("snapshot_of", Value::text(&*web));
        snapshot.set("snapshot_time", Value::Date(time.to_owned()));
        snapshot.set(
            "snapshot_info",
            Value::map(&[
                ("power-state-at-snapshot", "Running"),
                ("disk-snapshot-type", "crash_consistent"),
            ]),
        );
        snapshot.set("parent", Value::text(parent));
        parent = snapshot.id.clone();
        inner.push(format!("OpaqueRef:{}", uuid(recipe.seed, name)));
        for disk in 0..2 {
            let label = format!("{name} disk {disk}");
            if let Some(vdi) =
                document.find_mut("VDI", |vdi| vdi.text("name_label") == Some(&label))
            {
                vdi.set("is_a_snapshot", Value::Bool(true));
                vdi.set("snapshot_time", Value::Date(time.to_owned()));
                vdi.set(
                    "snapshot_of",
                    Value::text(format!(
                        "OpaqueRef:{}",
                        uuid(recipe.seed, &format!("web disk {disk}"))
                    )),
                );
            }
        }
    }
    let web = vm(document, "web");
    web.set("parent", Value::text(parent));
    web.set("snapshots", Value::set(inner));
}

/// A GPU with its type and group, and a PCI device passed through.
fn devices(recipe: &Recipe, document: &mut Document) {
    let id = |number: u64| {
        format!(
            "Ref:{}",
            recipe.first_id + 100 * MEMBERS.len() as u64 + number
        )
    };
    let (vgpu, ty, group) = (id(0), id(1), id(2));
    let machine = vm(document, "gpu");
    machine.set("VGPUs", Value::set([&*vgpu]));
    let machine = machine.id.clone();
    let null = || Value::text("OpaqueRef:NULL");
    let record = |class: &str, id: &str, fields: Vec<(&str, Value)>| {
        let mut snapshot: Fields = vec![("uuid".to_owned(), Value::text(uuid(recipe.seed, class)))];
        snapshot.extend(
            fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        Object {
            class: class.to_owned(),
            id: id.to_owned(),
            snapshot,
        }
    };
    let added = [
        record(
            "VGPU",
            &vgpu,
            vec![
                ("allowed_operations", Value::Array(vec![])),
                ("current_operations", Value::map(&[])),
                ("VM", Value::text(machine)),
                ("GPU_group", Value::text(&*group)),
                ("device", Value::text("0")),
                ("currently_attached", Value::Bool(false)),
                ("other_config", Value::map(&[])),
                ("type", Value::text(&*ty)),
                ("resident_on", null()),
                ("scheduled_to_be_resident_on", null()),
                ("compatibility_metadata", Value::map(&[])),
                ("extra_args", Value::text("")),
                ("PCI", null()),
            ],
        ),
        record(
            "VGPU_type",
            &ty,
            vec![
                ("vendor_name", Value::text("")),
                ("model_name", Value::text("passthrough")),
                ("framebuffer_size", Value::Int(0)),
                ("max_heads", Value::Int(0)),
                ("max_resolution_x", Value::Int(0)),
                ("max_resolution_y", Value::Int(0)),
                ("supported_on_PGPUs", Value::Array(vec![])),
                ("enabled_on_PGPUs", Value::Array(vec![])),
                ("VGPUs", Value::set([&*vgpu])),
                ("supported_on_GPU_groups", Value::set([&*group])),
                ("enabled_on_GPU_groups", Value::set([&*group])),
                ("implementation", Value::text("passthrough")),
                ("identifier", Value::text("0001:passthrough")),
                ("experimental", Value::Bool(false)),
                ("compatible_types_in_vm", Value::Array(vec![])),
            ],
        ),
        record(
            "GPU_group",
            &group,
            vec![
                (
                    "name_label",
                    Value::text("Group of NVIDIA Corporation GP104GL [Tesla P4] GPUs"),
                ),
                ("name_description", Value::text("")),
                ("PGPUs", Value::Array(vec![])),
                ("VGPUs", Value::set([&*vgpu])),
                ("GPU_types", Value::set(["10de/1bb3"])),
                ("other_config", Value::map(&[])),
                ("allocation_algorithm", Value::text("depth_first")),
                ("supported_VGPU_types", Value::set([&*ty])),
                ("enabled_VGPU_types", Value::set([&*ty])),
            ],
        ),
    ];
    if let Some(objects) = &mut document.objects {
        objects.extend(added);
    }
    let machine = vm(document, "pass-through");
    machine.set(
        "attached_PCIs",
        Value::set([format!("OpaqueRef:{}", uuid(recipe.seed, "PCI"))]),
    );
    machine.set("other_config", Value::map(&[("pci", "0/0000:5e:00.0")]));
}

/// Texts where secrets stand in real exports.
fn secrets(recipe: &Recipe, document: &mut Document) {
    let plant = |what: &str| planted(recipe.seed, what);
    let web = vm(document, "web");
    web.set(
        "xenstore_data",
        Value::map(&[
            ("vm-data/password", &plant("xenstore")),
            ("vm-data/role", "front"),
        ]),
    );
    web.set(
        "PV_args",
        Value::text(format!("console=hvc0 root_password={}", plant("pv-args"))),
    );
    web.set(
        "other_config",
        Value::map(&[
            ("base_template_name", "Debian Bookworm 12"),
            ("auto_password", &plant("vm-other-config")),
        ]),
    );
    web.set(
        "last_booted_record",
        Value::text(format!(
            "('struct' ('name_label' 'web') ('PV_args' 'password={}'))",
            plant("last-booted-record")
        )),
    );
    let inner = format!(
        "(('uuid' '{}') ('xenstore_data' '((\\'vm-data/password\\' \\'{}\\'))'))",
        uuid(recipe.seed, "before"),
        plant("snapshot-metadata")
    );
    vm(document, "web snapshot 1").set("snapshot_metadata", Value::text(inner));
    vm(document, "windows").set(
        "NVRAM",
        Value::map(&[("EFI-variables", &plant("efi-variables"))]),
    );
    if let Some(vtpm) = document.find_mut("VTPM", |_| true) {
        vtpm.set(
            "vTPM'_content",
            Value::text(format!(
                "{}{}",
                plant("vtpm").replace('-', "0"),
                "A".repeat(400)
            )),
        );
    }
}
