//! Real files of hosts of several releases. Skips, and says so, where the shared data is not there.

use std::io::Write as _;
use std::path::Path;

use xenspect_host::inventory::Inventory;
use xenspect_host::rename;

/// The bytes of a file, by its name in the folder of real files of hosts.
fn real(name: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/host");
    if !folder.is_dir() {
        // Straight to standard error: the test harness hides what its own macros print.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no sample data at {}",
            folder.display()
        );
        return None;
    }
    Some(std::fs::read(folder.join(name)).unwrap())
}

#[test]
fn all_readers_agree_on_inventories_that_installers_wrote() {
    for (release, version, platform, disk, keys) in [
        (
            "xs-5.5.0",
            "5.5.0",
            None,
            "scsi-360022190add7fc001241a14e0ee3e85c",
            14,
        ),
        (
            "xs-7.0.0",
            "7.0.0",
            Some("2.1.0"),
            "ata-WDC_WD2000FYYZ-01UL1B1_WD-WMC1P0130319",
            25,
        ),
        (
            "xcpng-8.2.1",
            "8.2.1",
            Some("3.2.1"),
            "scsi-123456789012345678901234567899012",
            23,
        ),
        (
            "xenserver8-8.3.0",
            "8.3.0",
            Some("3.3.0"),
            "ata-ST1000NX0423_W470MWXE",
            23,
        ),
    ] {
        let Some(bytes) = real(&format!("{release}-xensource-inventory")) else {
            return;
        };
        let inventory = Inventory::parse(&bytes);
        assert_eq!(inventory.get("PRODUCT_VERSION"), Some(version), "{release}");
        assert_eq!(inventory.get("PLATFORM_VERSION"), platform, "{release}");
        let disk = format!("/dev/disk/by-id/{disk}");
        assert_eq!(inventory.get("PRIMARY_DISK"), Some(&*disk), "{release}");
        assert_eq!(inventory.entries().len(), keys, "{release}");
        assert!(inventory.dangers().is_empty(), "{release}");
        assert!(inventory.keys_doubled().is_empty(), "{release}");
        for (key, value) in inventory.entries() {
            assert_eq!(inventory.xapi(key), Some(value), "{release} {key}");
            assert_eq!(inventory.installer(key), Some(value), "{release} {key}");
            let shell = inventory.shell(key);
            assert_eq!(shell.as_deref(), Some(value), "{release} {key}");
        }
    }
}

#[test]
fn rules_for_names_of_nics() {
    let (Some(fixed), Some(dynamic)) = (
        real("interface-rename/xs-6.2.0-static-rules.conf"),
        real("interface-rename/xs-6.2.0-dynamic-rules.json"),
    ) else {
        return;
    };
    let rules = rename::static_rules(&fixed);
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| (&*rule.device, &*rule.method, &*rule.value))
        .collect();
    assert_eq!(
        rules,
        [
            ("eth0", "mac", "08:00:27:49:A4:92"),
            ("eth1", "mac", "08:00:27:9D:8C:71")
        ]
    );
    let dynamic = rename::dynamic(&dynamic).unwrap();
    let nics = dynamic.last_boot.unwrap();
    let nics: Vec<_> = nics
        .iter()
        .map(|nic| (&*nic.mac, nic.pci.as_deref(), &*nic.device))
        .collect();
    assert_eq!(
        nics,
        [
            ("08:00:27:49:a4:92", Some("0000:00:03.0"), "eth0"),
            ("08:00:27:9d:8c:71", Some("0000:00:08.0"), "eth1")
        ]
    );
    assert!(dynamic.old.is_empty());
}
