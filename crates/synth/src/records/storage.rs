//! VBD, VDI and SR records.

use super::{EPOCH, NULL, Record, Scene, VbdIds};
use crate::document::Object;
use crate::release::Release;
use crate::xmlrpc::Value;

pub(super) fn vbd(scene: &Scene<'_>, at: usize, ids: &VbdIds) -> Object {
    let cd = ids.disk.is_none();
    // Drive letters go on behind `xvdd`, the usual place of the CD drive.
    let device = format!(
        "xvd{}",
        char::from(b'a' + u8::try_from(at % 26).unwrap_or_default())
    );
    let mut vbd = Record::default();
    vbd.text("uuid", &scene.uuid(&format!("VBD {at}")))
        .operations()
        .text("VM", &scene.ids.vm)
        .text("VDI", &ids.vdi)
        .text("device", if cd && ids.vdi == NULL { "" } else { &device })
        .text("userdevice", &at.to_string())
        .flag("bootable", ids.disk == Some(0))
        .text("mode", if cd { "RO" } else { "RW" })
        .text("type", if cd { "CD" } else { "Disk" })
        .flag("unpluggable", !cd)
        .flag("storage_lock", false)
        .flag("empty", ids.vdi == NULL)
        .map("other_config", if cd { &[] } else { &[("owner", "")] })
        .flag(
            "currently_attached",
            scene.preserve && scene.recipe.suspend_image.is_none(),
        );
    status(&mut vbd);
    vbd.text("metrics", NULL);
    vbd.object("VBD", &ids.vbd)
}

/// The fields VBD and VIF have in common.
pub(super) fn status(record: &mut Record) {
    record
        .int("status_code", 0)
        .text("status_detail", "")
        .map("runtime_properties", &[])
        .text("qos_algorithm_type", "")
        .map("qos_algorithm_params", &[])
        .none("qos_supported_algorithms");
}

struct Vdi<'a> {
    id: &'a str,
    label: String,
    name: &'a str,
    size: u64,
    kind: &'a str,
    sr: &'a str,
    vbds: Vec<String>,
    iso: bool,
}

pub(super) fn vdis(scene: &Scene<'_>) -> Vec<Object> {
    let mut objects = Vec::new();
    for ids in scene.ids.vbds.iter().rev() {
        if let Some(ordinal) = ids.disk {
            let disk = &scene.recipe.disks[ordinal];
            objects.push(vdi(
                scene,
                &Vdi {
                    id: &ids.vdi,
                    label: format!("VDI {ordinal}"),
                    name: &disk.name_label,
                    size: disk.virtual_size,
                    kind: if ordinal == 0 { "system" } else { "user" },
                    sr: &scene.ids.disk_sr,
                    vbds: vec![ids.vbd.clone()],
                    iso: false,
                },
            ));
        } else if ids.vdi != NULL {
            objects.push(vdi(
                scene,
                &Vdi {
                    id: &ids.vdi,
                    label: "VDI iso".to_owned(),
                    name: "guest-tools.iso",
                    size: 15_728_640,
                    kind: "user",
                    sr: &scene.ids.iso_sr,
                    vbds: vec![ids.vbd.clone()],
                    iso: true,
                },
            ));
        }
    }
    if let (Some((id, sr)), Some(size)) = (&scene.ids.suspend, scene.recipe.suspend_image) {
        let name = "Suspend image";
        let label = "VDI suspend".to_owned();
        objects.push(vdi(
            scene,
            &Vdi {
                id,
                label,
                name,
                size,
                kind: "suspend",
                sr,
                vbds: vec![],
                iso: false,
            },
        ));
    }
    objects
}

fn vdi(scene: &Scene<'_>, from: &Vdi<'_>) -> Object {
    let uuid = scene.uuid(&from.label);
    let mut vdi = Record::default();
    vdi.text("uuid", &uuid)
        .text("name_label", from.name)
        .text("name_description", "Created by template provisioner")
        .operations()
        .text("SR", from.sr)
        .set("VBDs", from.vbds.iter().cloned())
        .none("crash_dumps")
        .bytes("virtual_size", from.size)
        .bytes("physical_utilisation", from.size)
        .text("type", from.kind)
        .flag("sharable", false)
        .flag("read_only", from.iso)
        .map(
            "other_config",
            &[(
                "content_id",
                scene.uuid(&format!("content {}", from.label)).as_str(),
            )],
        )
        .flag("storage_lock", false)
        .text("location", if from.iso { from.name } else { &uuid })
        .flag("managed", true)
        .flag("missing", false)
        .text("parent", NULL)
        .map("xenstore_data", &[])
        .map(
            "sm_config",
            if from.iso {
                &[]
            } else {
                &[("vdi_type", "vhd")]
            },
        );
    if scene.has(Release::V6_2) {
        vdi.flag("is_a_snapshot", false)
            .text("snapshot_of", &scene.leftover("VDI snapshot_of"));
        if scene.recipe.leftovers {
            vdi.set(
                "snapshots",
                [scene.leftover(&format!("snapshot of {}", from.label))],
            );
        } else {
            vdi.none("snapshots");
        }
        vdi.date("snapshot_time", EPOCH)
            .none("tags")
            .flag("allow_caching", false)
            .text("on_boot", "persist")
            .text(
                "metadata_of_pool",
                if scene.has(Release::V8_0) { NULL } else { "" },
            )
            .flag("metadata_latest", false);
    }
    if scene.has(Release::V7_0) {
        vdi.flag("is_tools_iso", false);
    }
    if scene.has(Release::V8_0) {
        vdi.flag("cbt_enabled", false);
    }
    vdi.object("VDI", from.id)
}

pub(super) fn srs(scene: &Scene<'_>) -> Vec<Object> {
    let ids = &scene.ids;
    let mut objects = Vec::new();
    if !ids.iso_sr.is_empty() {
        let images: Vec<String> = ids
            .vbds
            .iter()
            .filter(|vbd| vbd.disk.is_none() && vbd.vdi != NULL)
            .map(|vbd| vbd.vdi.clone())
            .collect();
        objects.push(sr(scene, &ids.iso_sr, true, &images));
    }
    if !ids.disk_sr.is_empty() {
        let mut disks: Vec<String> = ids
            .vbds
            .iter()
            .filter(|vbd| vbd.disk.is_some())
            .map(|vbd| vbd.vdi.clone())
            .collect();
        disks.extend(ids.suspend.iter().map(|(vdi, _)| vdi.clone()));
        objects.push(sr(scene, &ids.disk_sr, false, &disks));
    }
    objects
}

fn sr(scene: &Scene<'_>, id: &str, iso: bool, vdis: &[String]) -> Object {
    let allocated: u64 = scene
        .recipe
        .disks
        .iter()
        .map(|disk| disk.virtual_size)
        .sum();
    let mut sr = Record::default();
    sr.text("uuid", &scene.uuid(if iso { "SR iso" } else { "SR disk" }))
        .text(
            "name_label",
            if iso { "ISO library" } else { "Local storage" },
        )
        .text("name_description", "")
        .operations()
        .set("VDIs", vdis.iter().cloned())
        .none("PBDs")
        .bytes("virtual_allocation", allocated)
        .bytes("physical_utilisation", allocated)
        .int("physical_size", 138_210_705_408)
        .text("type", if iso { "iso" } else { "lvm" })
        .text("content_type", if iso { "iso" } else { "user" })
        .flag("shared", iso)
        .map(
            "other_config",
            if iso {
                &[]
            } else {
                &[("i18n-key", "local-storage")]
            },
        );
    if scene.has(Release::V6_2) {
        sr.none("tags")
            .map(
                "sm_config",
                if iso {
                    &[]
                } else {
                    &[("allocation", "thick"), ("use_vhd", "true")]
                },
            )
            .put("blobs", Value::Struct(Vec::new()))
            .flag("local_cache_enabled", false)
            .text("introduced_by", NULL);
    }
    if scene.has(Release::V7_0) {
        sr.flag("clustered", false).flag("is_tools_sr", false);
    }
    sr.object("SR", id)
}
