//! Reads the real `ova.xml` files of the shared sample data and compares with what was counted in them. Skips, and says
//! so, where the data is not there.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use xenspect_xapi::export::{self, Export, Oddity, PowerState};
use xenspect_xapi::{Limits, legacy};

fn real_data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    if folder.is_dir() {
        return Some(folder);
    }
    say_skipped(format_args!(
        "skipped: no sample data at {}",
        folder.display()
    ));
    None
}

/// Each `ova.xml` with the facts counted in it.
fn samples() -> Vec<(String, Vec<u8>, Json)> {
    let Some(folder) = real_data() else {
        return Vec::new();
    };
    let facts = std::fs::read(folder.join("FACTS.json")).unwrap();
    let facts: Json = serde_json::from_slice(&facts).unwrap();
    let samples: Vec<_> = facts["files"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, facts)| facts["kind"] == "ova-xml")
        .map(|(name, facts)| {
            let bytes = std::fs::read(folder.join(name)).unwrap();
            (name.clone(), bytes, facts.clone())
        })
        .collect();
    assert_eq!(samples.len(), 2);
    samples
}

fn parse(bytes: &[u8]) -> Export {
    export::parse(bytes, &Limits::default()).unwrap()
}

#[test]
fn version_and_objects() {
    for (name, bytes, facts) in samples() {
        let export = parse(&bytes);
        let version = &facts["version"];
        let text = |field: &str| version[field].as_str();
        let number = |field: &str| text(field).and_then(|text| text.parse().ok());
        assert_eq!(
            export.version.hostname.as_deref(),
            text("hostname"),
            "{name}"
        );
        assert_eq!(export.version.date.as_deref(), text("date"));
        assert_eq!(
            export.version.product_version.as_deref(),
            text("product_version")
        );
        assert_eq!(
            export.version.product_brand.as_deref(),
            text("product_brand")
        );
        assert_eq!(export.version.build_number.as_deref(), text("build_number"));
        assert_eq!(export.version.xapi_major, number("xapi_major"));
        assert_eq!(export.version.xapi_minor, number("xapi_minor"));
        assert_eq!(Some(export.version.export_vsn), number("export_vsn"));

        let counts = serde_json::to_value(export.class_counts()).unwrap();
        assert_eq!(counts, facts["classes"], "{name}");
        let ids: Vec<&str> = export
            .objects
            .iter()
            .map(|object| object.id.as_str())
            .collect();
        assert_eq!(serde_json::to_value(ids).unwrap(), facts["ids"], "{name}");
        for object in &export.objects {
            let counts = facts["field_counts"][&object.class].as_array().unwrap();
            assert!(
                counts.contains(&Json::from(object.fields.len())),
                "{name} {}",
                object.id
            );
        }
    }
}

#[test]
fn vms_disks_and_devices() {
    for (name, bytes, facts) in samples() {
        let export = parse(&bytes);
        let vms: Vec<_> = export.vms().collect();
        assert_eq!(vms.len(), facts["vms"].as_array().unwrap().len(), "{name}");
        for (vm, fact) in vms.iter().zip(facts["vms"].as_array().unwrap()) {
            assert_eq!(fact["id"], vm.id());
            assert_eq!(vm.name_label(), fact["name"].as_str());
            assert_eq!(vm.uuid(), fact["uuid"].as_str());
            assert_eq!(vm.power_state(), Some(PowerState::Halted));
            assert_eq!(fact["power_state"], "Halted");
            assert_eq!(fact["template"], vm.is_a_template());
            assert_eq!(fact["snapshot"], vm.is_a_snapshot());
            assert_eq!(fact["VBDs"], vm.vbds().count());
            assert_eq!(fact["VIFs"], vm.vifs().count());
            assert_eq!(
                vm.memory_static_max()
                    .map(|bytes| bytes.to_string())
                    .as_deref(),
                fact["memory_static_max"].as_str()
            );
            assert_eq!(
                vm.vcpus_max().map(|count| count.to_string()).as_deref(),
                fact["VCPUs_max"].as_str()
            );
            for (vif, fact) in vm.vifs().zip(facts["vifs"].as_array().unwrap()) {
                assert_eq!(vif.text("MAC"), fact["MAC"].as_str());
                assert_eq!(vif.text("device"), fact["device"].as_str());
                assert_eq!(vif.reference("network"), fact["network"].as_str());
            }
        }
        let disks = export.expected_disks();
        assert_eq!(
            disks.len(),
            facts["vdis"].as_array().unwrap().len(),
            "{name}"
        );
        for (disk, fact) in disks.iter().zip(facts["vdis"].as_array().unwrap()) {
            assert_eq!(fact["id"], disk.id);
            assert_eq!(disk.name_label.as_deref(), fact["name"].as_str());
            assert_eq!(disk.vdi_type.as_deref(), fact["type"].as_str());
            assert_eq!(
                disk.virtual_size.map(|bytes| bytes.to_string()).as_deref(),
                fact["virtual_size"].as_str()
            );
            assert_eq!(
                disk.user_device.as_deref(),
                facts["vbds"][0]["device"].as_str()
            );
            assert_eq!(disk.vm_name.as_deref(), facts["vms"][0]["name"].as_str());
            assert_eq!(disk.attachments, 1);
        }
        assert!(export.sensitive().is_empty());
    }
}

/// Hosts wrote these files, so nothing but the two normal things may be odd.
#[test]
fn only_the_normal_oddities() {
    for (name, bytes, facts) in samples() {
        let export = parse(&bytes);
        let mut dangling = Vec::new();
        for oddity in &export.oddities {
            match oddity {
                Oddity::DanglingHostReference { to, .. } => dangling.push(to.as_str()),
                Oddity::LeftoverOpaqueRefs { .. } => {}
                other => panic!("{name}: {other:?}"),
            }
        }
        dangling.sort_unstable();
        dangling.dedup();
        assert_eq!(
            serde_json::to_value(dangling).unwrap(),
            facts["dangling_Ref"],
            "{name}"
        );
        assert!(export.oddities_dropped.is_empty());
    }
}

#[test]
fn not_taken_for_an_appliance_and_truncation_is_seen() {
    for (_, bytes, _) in samples() {
        assert!(!legacy::is_appliance(&bytes));
        for end in (0..bytes.len()).step_by(997) {
            let error = export::parse(&bytes[..end], &Limits::default()).unwrap_err();
            assert_eq!(error.kind.name(), "truncated", "cut at {end}");
        }
    }
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
