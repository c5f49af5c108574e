//! The inventory: what its readers need, on what they disagree, and what a shell would run.

use xenspect_model::Severity;
use xenspect_model::report::Verdict;

use crate::build::{INVENTORY, fact, found, only, verify};

fn with(from: &str, to: &str) -> Vec<&'static str> {
    found(|scene| scene.replace(INVENTORY, from, to))
}

#[test]
fn it_is_missing() {
    let input = verify(|scene| drop(scene.files.remove(INVENTORY)));
    let finding = only(&input, "host/inventory-missing");
    assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
    assert_eq!(fact(finding, "stage"), "host-restore");
    assert_eq!(fact(finding, "formatted"), "the spare partition");
    let codes = found(|scene| drop(scene.files.remove(INVENTORY)));
    assert_eq!(codes, ["host/inventory-missing"]);
}

#[test]
fn keys_that_somebody_needs() {
    let (spare, root) = ("the spare partition", "the root and the EFI partition");
    for (key, reader, stage, formatted, severity) in [
        (
            "PLATFORM_VERSION",
            "installer",
            "installer",
            spare,
            Severity::Error,
        ),
        (
            "PRIMARY_DISK",
            "installer",
            "installer",
            spare,
            Severity::Error,
        ),
        (
            "PRODUCT_VERSION",
            "installer",
            "installer",
            spare,
            Severity::Error,
        ),
        // Where PRODUCT_NAME is there, the brand must be.
        (
            "PRODUCT_BRAND",
            "installer",
            "installer",
            spare,
            Severity::Error,
        ),
        (
            "PARTITION_LAYOUT",
            "installer",
            "installer",
            spare,
            Severity::Error,
        ),
        (
            "PRODUCT_VERSION_TEXT",
            "installers later than that of 8.2",
            "installer",
            spare,
            Severity::Warning,
        ),
        (
            "BUILD_NUMBER",
            "installers up to that of 8.2",
            "installer",
            spare,
            Severity::Warning,
        ),
        (
            "INSTALLATION_UUID",
            "xapi",
            "start of the restored host",
            root,
            Severity::Error,
        ),
        (
            "CONTROL_DOMAIN_UUID",
            "xapi",
            "start of the restored host",
            root,
            Severity::Error,
        ),
        (
            "MANAGEMENT_INTERFACE",
            "xapi",
            "start of the restored host",
            root,
            Severity::Error,
        ),
    ] {
        let input = verify(|scene| scene.replace(INVENTORY, &format!("{key}="), "X="));
        let finding = only(&input, "host/inventory-key-missing");
        assert_eq!(fact(finding, "key"), key);
        assert_eq!(fact(finding, "reader"), reader, "{key}");
        assert_eq!(fact(finding, "stage"), stage, "{key}");
        assert_eq!(fact(finding, "formatted"), formatted, "{key}");
        assert_eq!(finding.severity, severity, "{key}");
        let others = with(&format!("{key}="), "X=");
        assert_eq!(others, ["host/inventory-key-missing"], "{key}");
    }
    for key in ["PRODUCT_NAME", "PLATFORM_NAME", "BACKUP_PARTITION"] {
        assert_eq!(with(&format!("{key}="), "X="), Vec::<&str>::new(), "{key}");
    }
}

#[test]
fn names_of_the_product() {
    let codes = |change: fn(&mut String)| {
        let input = verify(|scene| {
            let file = scene.files.get_mut(INVENTORY).expect("it is there");
            let mut text = String::from_utf8(file.clone()).expect("text");
            change(&mut text);
            *file = text.into_bytes();
        });
        let keys = input
            .findings
            .iter()
            .filter(|finding| finding.code.name() == "host/inventory-key-missing");
        keys.map(|finding| (fact(finding, "key"), fact(finding, "formatted")))
            .collect::<Vec<_>>()
    };
    let pair = |key: &str, formatted: &str| (key.to_owned(), formatted.to_owned());
    // One of the two names is enough; without the product's name the brand is only needed for the boot entry.
    let neither = codes(|text| {
        *text = text
            .replace("PRODUCT_NAME=", "X=")
            .replace("PLATFORM_NAME=", "Y=");
    });
    assert_eq!(neither, [pair("PRODUCT_NAME", "the spare partition")]);
    let brand = codes(|text| {
        *text = text
            .replace("PRODUCT_NAME=", "X=")
            .replace("PRODUCT_BRAND=", "Y=");
    });
    assert_eq!(
        brand,
        [pair("PRODUCT_BRAND", "the root and the EFI partition")]
    );
    let oem = codes(|text| *text = text.replace("PRODUCT_VERSION_TEXT=", "OEM_VERSION="));
    assert_eq!(oem, []);
}

#[test]
fn a_key_that_is_empty_counts_as_its_reader_takes_it() {
    let key = ["host/inventory-key-missing"];
    assert_eq!(with("'xenbr0'", "''"), Vec::<&str>::new());
    assert_eq!(with("'/dev/disk/by-id/scsi-1'", "''"), key);
    assert_eq!(with("'3.2.1'", "''"), key);
    assert_eq!(
        with("'release/yangtze/master/58'", "''"),
        Vec::<&str>::new()
    );
    let uuid = found(|scene| {
        let file = scene.files.get_mut(INVENTORY).expect("it is there");
        let text = String::from_utf8(file.clone()).expect("text");
        let lines = text.lines().map(|line| match line.split_once('=') {
            Some(("INSTALLATION_UUID", _)) => "INSTALLATION_UUID=''\n".to_owned(),
            _ => format!("{line}\n"),
        });
        *file = lines.collect::<String>().into_bytes();
    });
    assert_eq!(uuid, key);
}

#[test]
fn the_platform() {
    assert_eq!(with("'3.2.1'", "'2.0.0'"), ["host/platform-too-old"]);
    assert_eq!(with("'3.2.1'", "'2.1.0'"), Vec::<&str>::new());
    assert_eq!(with("'3.2.1'", "'3.4.0'"), Vec::<&str>::new());
    assert_eq!(with("'3.2.1'", "'three'"), ["host/platform-too-old"]);
    assert_eq!(with("'3.2.1'", "'3..1'"), ["host/platform-too-old"]);
    let input = verify(|scene| scene.replace(INVENTORY, "'3.2.1'", "'2.0.0'"));
    let finding = only(&input, "host/platform-too-old");
    assert_eq!(fact(finding, "stage"), "installer");
    assert_eq!(fact(finding, "formatted"), "the spare partition");
}

#[test]
fn readers_that_disagree() {
    assert_eq!(
        with("'XCP-ng'", "'XCP-ng' "),
        ["host/inventory-readers-differ"]
    );
    assert_eq!(
        with("'XCP-ng'", "\"XCP-ng\""),
        ["host/inventory-readers-differ"]
    );
    let input = verify(|scene| scene.replace(INVENTORY, "'XCP-ng'", "'XCP-ng' "));
    let finding = only(&input, "host/inventory-readers-differ");
    assert_eq!(fact(finding, "key"), "PRODUCT_BRAND");
    assert_eq!(fact(finding, "xapi"), "'XCP-ng'");
    assert_eq!(fact(finding, "installer"), "XCP-ng' ");
    assert_eq!(fact(finding, "shell"), "XCP-ng");
    assert_eq!(input.verdict, Verdict::Suspect);
    // All of them take the last of two.
    let input = verify(|scene| {
        scene.replace(
            INVENTORY,
            "BUILD_NUMBER=",
            "BUILD_NUMBER='1'\nBUILD_NUMBER=",
        );
    });
    let doubled = only(&input, "host/inventory-readers-differ");
    assert_eq!(doubled.severity, Severity::Note);
    assert_eq!(input.verdict, Verdict::Sound);
}

#[test]
fn what_a_shell_would_run() {
    for value in [
        "'x'; reboot; 'y'",
        "$(reboot)",
        "'a`reboot`'",
        "'$(reboot)'",
        "xenbr0 reboot",
        "'a|b'",
        "'a\\b'",
    ] {
        let input = verify(|scene| scene.replace(INVENTORY, "'xenbr0'", value));
        let finding = only(&input, "host/inventory-shell");
        assert_eq!(fact(finding, "key"), "MANAGEMENT_INTERFACE", "{value}");
        assert_eq!(fact(finding, "stage"), "host-restore", "{value}");
        assert_eq!(input.verdict, Verdict::Damaged, "{value}");
        assert_eq!(with("'xenbr0'", value), ["host/inventory-shell"], "{value}");
    }
}

#[test]
fn a_backup_of_6_x() {
    // The brand, the platform and boot files are as they are not on such a host; none of it is asked for.
    let input = verify(|scene| {
        scene.replace(INVENTORY, "PRODUCT_VERSION='8", "PRODUCT_VERSION='6");
        scene.replace(INVENTORY, "PARTITION_LAYOUT=", "X=");
        scene.replace(INVENTORY, "PLATFORM_VERSION=", "Y=");
        scene.files.remove(crate::build::GRUB);
        scene.files.remove("etc/fstab");
    });
    let finding = only(&input, "host/old-layout");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
    assert_eq!(fact(finding, "only_on"), "hosts of 8.0 and later");
    let others = input
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note);
    let others: Vec<_> = others.map(|finding| finding.code.name()).collect();
    assert_eq!(others, ["host/old-layout", "host/version-differs"]);
}
