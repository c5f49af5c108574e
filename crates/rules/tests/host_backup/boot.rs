//! What the installer needs to make the host start again, and room.

use xenspect_model::Severity;
use xenspect_model::report::{RestoreAnswer, Verdict};

use crate::build::{GRUB, INVENTORY, Scene, fact, found, only, verify};

const SPARE: &str = "the spare partition";
const ROOT: &str = "the root and the EFI partition";

/// Moves the configuration, as on a host that starts by BIOS.
fn move_config(scene: &mut Scene, path: &str) {
    let config = scene.files.remove(GRUB).expect("it is there");
    scene.files.insert(path.to_owned(), config);
}

#[test]
fn the_configuration_is_missing() {
    // Other files of boot/efi are there.
    let without = |scene: &mut Scene| {
        scene.files.remove(GRUB);
        let other = "boot/efi/EFI/BOOT/BOOTX64.EFI".to_owned();
        scene.files.insert(other, b"MZ".to_vec());
    };
    let input = verify(without);
    let finding = only(&input, "host/boot-loader-missing");
    assert_eq!(fact(finding, "stage"), "installer");
    assert_eq!(fact(finding, "formatted"), SPARE);
    assert_eq!(found(without), ["host/boot-loader-missing"]);
}

#[test]
fn nothing_is_below_boot_efi() {
    let input = verify(|scene| drop(scene.files.remove(GRUB)));
    let finding = only(&input, "host/boot-efi-missing");
    assert_eq!(fact(finding, "formatted"), SPARE);
    let codes = found(|scene| drop(scene.files.remove(GRUB)));
    assert_eq!(codes, ["host/boot-efi-missing"]);
    // With a configuration elsewhere the installer goes on to the end.
    let input = verify(|scene| move_config(scene, "boot/grub/grub.cfg"));
    let finding = only(&input, "host/boot-efi-missing");
    assert_eq!(fact(finding, "formatted"), ROOT);
    // Without a boot partition there is nothing to miss.
    let codes = found(|scene| {
        scene.files.remove(GRUB);
        scene.replace(INVENTORY, "BOOT,", "");
    });
    assert_eq!(codes, ["host/boot-loader-missing"]);
}

#[test]
fn a_host_that_starts_by_bios() {
    let bios = |scene: &mut Scene| {
        move_config(scene, "boot/grub/grub.cfg");
        scene.replace(
            "etc/fstab",
            "LABEL=BOOT-ABCDEF /boot/efi vfat defaults 0 2\n",
            "",
        );
    };
    let input = verify(bios);
    let finding = only(&input, "host/fstab-line");
    assert_eq!(finding.severity, Severity::Note);
    assert_eq!(fact(finding, "reader"), "installers later than that of 8.2");
    assert_eq!(found(bios), ["host/fstab-line"]);
    // Later installers would fail at it when the root is formatted.
    let installer = &input.host.as_ref().expect("it is of a host").installer;
    assert_eq!(installer.answer, RestoreAnswer::Accepted);
    assert_eq!(
        installer.only_on.as_deref(),
        Some("installers up to that of 8.2")
    );
    assert_eq!(
        installer.code.map(|code| code.name()),
        Some("host/fstab-line")
    );
    assert_eq!(input.verdict, Verdict::Sound);
}

#[test]
fn legacy_grub() {
    for path in ["boot/grub/menu.lst", "boot/grub/grub.conf"] {
        let input = verify(|scene| move_config(scene, path));
        let finding = only(&input, "host/boot-loader-legacy");
        assert_eq!(fact(finding, "stage"), "installer");
        assert_eq!(fact(finding, "formatted"), SPARE);
        let codes = found(|scene| move_config(scene, path));
        assert_eq!(codes, ["host/boot-loader-legacy"]);
        // It does not matter beside a newer one.
        let beside = found(|scene| drop(scene.files.insert(path.to_owned(), Vec::new())));
        assert_eq!(beside, Vec::<&str>::new());
    }
}

#[test]
fn the_label_of_the_root() {
    for (from, to, problem) in [
        (
            "root=LABEL=root-abcdef",
            "root=/dev/sda1",
            "the default entry has no root=LABEL=",
        ),
        ("root-abcdef", "rootabcdef", "there is no dash in the label"),
        ("\"0\"", "\"3\"", "there is no default entry"),
        ("menuentry", "entry", "there is no menu entry"),
    ] {
        let input = verify(|scene| scene.replace(GRUB, from, to));
        let finding = only(&input, "host/boot-label");
        assert_eq!(fact(finding, "problem"), problem);
        assert_eq!(fact(finding, "stage"), "installer");
        assert_eq!(fact(finding, "formatted"), ROOT);
        assert_eq!(
            found(|scene| scene.replace(GRUB, from, to)),
            ["host/boot-label"]
        );
    }
}

#[test]
fn the_line_in_fstab() {
    for change in [
        |scene: &mut Scene| scene.replace("etc/fstab", "/boot/efi", "/boot"),
        |scene: &mut Scene| scene.replace("etc/fstab", "LABEL=BOOT-ABCDEF", "UUID=1234-ABCD"),
        |scene: &mut Scene| drop(scene.files.remove("etc/fstab")),
    ] {
        let input = verify(change);
        let finding = only(&input, "host/fstab-line");
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(fact(finding, "formatted"), ROOT);
        assert_eq!(found(change), ["host/fstab-line"]);
    }
}

#[test]
fn room_on_the_spare_partition() {
    let with = |bytes: u64| verify(|scene| scene.bytes = bytes);
    let input = with(19 << 30);
    let finding = only(&input, "host/too-large");
    assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
    assert_eq!(fact(finding, "formatted"), SPARE);
    assert_eq!(input.verdict, Verdict::Damaged);
    // The file system takes some of it for itself.
    assert_eq!(with(18 << 30).verdict, Verdict::Damaged);
    assert_eq!(with(17 << 30).verdict, Verdict::Sound);
    // A thousand files that are rounded up by half a block each.
    let room = (18_432 << 20) - (128 << 20) - (18_432 << 20) / 64;
    assert_eq!(with(room - 1000 * 2048).verdict, Verdict::Sound);
    let close = with(room - 1000);
    assert_eq!(only(&close, "host/too-large").severity, Severity::Warning);
    // Before 7 it had 4 GiB.
    let old = |bytes: u64| {
        found(|scene| {
            scene.replace(INVENTORY, "PRODUCT_VERSION='8", "PRODUCT_VERSION='6");
            scene.bytes = bytes;
        })
    };
    assert!(old(5 << 30).contains(&"host/too-large"));
    assert!(!old(3 << 30).contains(&"host/too-large"));
}
