//! Real files of hosts. They are not in the repository; without them these tests say so and pass.

use std::path::PathBuf;

use xenspect_target::{NamedFile, Reading, of_files};

fn sample(name: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/host");
    let found = std::fs::read(root.join(name)).ok();
    if found.is_none() {
        let mut out = std::io::stderr();
        let _ = std::io::Write::write_fmt(&mut out, format_args!("skipped: no sample {name}\n"));
    }
    found
}

fn read(name: &str, sample_name: &str) -> Option<Reading> {
    let file = NamedFile {
        name: name.to_owned(),
        bytes: sample(sample_name)?,
    };
    Some(of_files(&[file]).expect("facts"))
}

#[test]
fn inventories() {
    for (name, brand, version, platform, bridge, uuid, disk) in [
        (
            "xcpng-8.2.1-xensource-inventory",
            Some("XCP-ng"),
            "8.2.1",
            Some("3.2.1"),
            "xapi1",
            "b8b63475-d28c-44d4-9d1e-c38298ad3a0d",
            "/dev/disk/by-id/scsi-123456789012345678901234567899012",
        ),
        (
            "xenserver8-8.3.0-xensource-inventory",
            Some("XenServer"),
            "8.3.0",
            Some("3.3.0"),
            "xenbr0",
            "58d847c4-da26-4d48-a47e-0f4d8db53f52",
            "/dev/disk/by-id/ata-ST1000NX0423_W470MWXE",
        ),
        (
            "xs-7.0.0-xensource-inventory",
            Some("XenServer"),
            "7.0.0",
            Some("2.1.0"),
            "xenbr0",
            "3f113c86-3bc6-4c22-bcf9-af1d78b2080a",
            "/dev/disk/by-id/ata-WDC_WD2000FYYZ-01UL1B1_WD-WMC1P0130319",
        ),
        (
            "xs-5.5.0-xensource-inventory",
            Some("XenServer"),
            "5.5.0",
            None,
            "xenbr2",
            "852ee692-71b4-439e-abfb-0eba72dc85f0",
            "/dev/disk/by-id/scsi-360022190add7fc001241a14e0ee3e85c",
        ),
    ] {
        for place in [
            name,
            "xensource-inventory",
            "./etc/xensource-inventory",
            "bug-report-1/etc/xensource-inventory",
        ] {
            let Some(reading) = read(place, name) else {
                return;
            };
            assert_eq!(reading.remarks, [""; 0], "{place}");
            assert_eq!(reading.sources, ["xensource-inventory"]);
            let target = reading.target;
            assert_eq!(target.product.brand.as_deref(), brand);
            assert_eq!(target.product.version.as_deref(), Some(version));
            assert_eq!(target.product.platform.as_deref(), platform);
            assert_eq!(target.management.bridge.as_deref(), Some(bridge));
            assert_eq!(target.host.installation_uuid.as_deref(), Some(uuid));
            assert_eq!(target.host.primary_disk.as_deref(), Some(disk));
            assert_eq!(target.host.inventory_lacks, Some([].into()), "{name}");
            assert_eq!(target.files, None);
        }
    }
}

#[test]
fn what_a_host_last_saw() {
    let Some(reading) = read(
        "dynamic-rules.json",
        "interface-rename/xs-6.2.0-dynamic-rules.json",
    ) else {
        return;
    };
    let nics = reading.target.nics.expect("NICs");
    let nics: Vec<_> = nics
        .iter()
        .map(|nic| {
            let text = |text: &Option<String>| text.clone().expect("a text");
            (nic.device.clone(), text(&nic.mac), text(&nic.pci))
        })
        .collect();
    let nic = |device: &str, mac: &str, pci: &str| (device.into(), mac.into(), pci.into());
    assert_eq!(
        nics,
        [
            nic("eth0", "08:00:27:49:a4:92", "0000:00:03.0"),
            nic("eth1", "08:00:27:9d:8c:71", "0000:00:08.0")
        ]
    );
}

#[test]
fn rules() {
    let Some(reading) = read(
        "static-rules.conf",
        "interface-rename/xs-6.2.0-static-rules.conf",
    ) else {
        return;
    };
    let rules = reading.target.rename_rules.expect("rules");
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| (&*rule.device, &*rule.method, &*rule.value))
        .collect();
    assert_eq!(
        rules,
        [
            ("eth0", "mac", "08:00:27:49:a4:92"),
            ("eth1", "mac", "08:00:27:9d:8c:71")
        ]
    );
}
