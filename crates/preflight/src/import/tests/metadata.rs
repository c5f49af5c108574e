//! Metadata-only exports: what they look for in the pool.

use xenspect_model::Severity::Warning;
use xenspect_synth::xmlrpc::Value;

use super::*;

fn pool() -> Pair {
    let mut pair = Pair::named("metadata-pool").with_disks();
    pair.target.product.version = Some("8.3.0".to_owned());
    pair.target.product.xapi = Some("26.1.3".to_owned());
    let groups = of_class(&pair.document, "GPU_group").map(|group| match group.get("GPU_types") {
        Some(Value::Array(types)) => {
            let mut types: Vec<String> = types
                .iter()
                .map(|ty| match ty {
                    Value::Text(text) => text.clone(),
                    _ => String::new(),
                })
                .collect();
            types.sort();
            types.join(",")
        }
        _ => String::new(),
    });
    pair.target.gpu_groups = Some(groups.collect());
    pair
}

#[test]
fn a_pool_that_has_the_disks_takes_it() {
    let report = Pair::named("metadata-only").with_disks().judge();
    assert_eq!(codes(&report), [""; 0]);
    assert_eq!(report.preflight.accepted, Some(true), "{:?}", report.checks);
    let report = pool().judge();
    assert_eq!(
        codes(&report),
        ["import/suspend-image"],
        "{:?}",
        report.findings
    );
    assert_eq!(report.preflight.accepted, Some(true), "{:?}", report.checks);
    assert_eq!(report.input.vms, 5);
}

#[test]
fn a_disk_that_is_not_there_stops_it() {
    let mut pair = Pair::named("metadata-only").with_disks();
    let vdi = pair.target.vdis.take().unwrap().remove(0);
    pair.target.vdis = Some(Vec::new());
    let report = pair.judge();
    assert_eq!(codes(&report), ["import/vdi-not-found"]);
    let expected = format!(
        "VDI_LOCATION_MISSING [{}; {}]",
        vdi.sr.clone().unwrap(),
        vdi.location.clone().unwrap()
    );
    assert_eq!(error(&report), Some(expected));

    // Without its SR, it is looked for by content.
    pair.target
        .srs
        .as_mut()
        .unwrap()
        .retain(|sr| Some(&sr.uuid) != vdi.sr.as_ref());
    assert_eq!(
        error(&pair.judge()).as_deref(),
        Some("VDI_CONTENT_ID_MISSING []")
    );

    // In another SR it is not found, but told.
    pair.target.vdis = Some(vec![TargetVdi {
        sr: Some("elsewhere".to_owned()),
        ..vdi
    }]);
    let report = pair.judge();
    assert!(
        report.findings[0]
            .advice
            .as_deref()
            .unwrap()
            .contains("vdi:"),
        "{:?}",
        report.findings
    );

    // A raw LUN is found wherever it is.
    let disk = pair.document.find_mut("VDI", |_| true).unwrap();
    disk.set("sm_config", Value::map(&[("SCSIid", "3600")]));
    pair.target.vdis.as_mut().unwrap()[0].scsi_id = Some("3600".to_owned());
    assert_eq!(codes(&pair.judge()), [""; 0]);
}

#[test]
fn force_leaves_the_disk_out_but_not_an_attached_one() {
    let mut pair = Pair::named("metadata-only").with_disks();
    pair.target.vdis = Some(Vec::new());
    pair.manner.force = true;
    let report = pair.judge();
    assert_eq!(
        codes(&report),
        ["import/attached-disk-missing", "import/vdi-not-found"]
    );
    assert_eq!(
        error(&report).as_deref(),
        Some("IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND []")
    );
    let vbd = pair
        .document
        .find_mut("VBD", |vbd| vbd.text("type") == Some("Disk"))
        .unwrap();
    vbd.set("currently_attached", Value::Bool(false));
    let report = pair.judge();
    assert_eq!(codes(&report), ["import/vdi-not-found"]);
    assert_eq!(report.findings[0].severity, Warning);
    assert_eq!(report.preflight.accepted, Some(true));
}

#[test]
fn disks_are_not_missing_where_they_are_not_known() {
    let mut pair = Pair::named("metadata-only").with_disks();
    pair.target.vdis = None;
    let report = pair.judge();
    assert_eq!(codes(&report), [""; 0]);
    assert_eq!(report.preflight.accepted, None);
}

#[test]
fn a_gpu_group_must_be_there() {
    let mut pair = pool();
    pair.target.gpu_groups = Some(Vec::new());
    let report = pair.judge();
    assert_eq!(
        codes(&report),
        ["import/gpu-group-missing", "import/suspend-image"]
    );
    assert_eq!(error(&report).as_deref(), Some("IMPORT_ERROR_GENERIC []"));
}

#[test]
fn memory_of_a_suspended_vm_is_looked_for() {
    let mut pair = pool();
    let image = of_class(&pair.document, "VM")
        .filter(|vm| vm.text("power_state") == Some("Suspended"))
        .find_map(|vm| pair.document.by_id(vm.text("suspend_VDI")?))
        .map(|vdi| text(vdi, "uuid"))
        .unwrap();
    pair.target
        .vdis
        .as_mut()
        .unwrap()
        .retain(|vdi| vdi.uuid != image);
    let report = pair.judge();
    assert_eq!(
        codes(&report),
        ["import/vdi-not-found", "import/suspend-image"]
    );
    let advice = report.findings[1].advice.as_deref().unwrap();
    assert!(advice.contains("vm-reset-powerstate"), "{advice}");
}
