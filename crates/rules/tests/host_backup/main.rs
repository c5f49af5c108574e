//! Host backups with one fault each: exactly the findings that it must give.

mod build;

use build::{FRESH, GRUB, INVENTORY, STATE, Scene};
use xenspect_model::catalog::Counted;

/// What a good one says all the same.
const ALWAYS: [&str; 2] = ["db/secrets-inside", "host/identity"];

/// What is found beyond that.
fn found(change: impl FnOnce(&mut Scene)) -> Vec<&'static str> {
    let mut scene = Scene::good();
    change(&mut scene);
    let mut codes = scene.codes();
    codes.retain(|code| !ALWAYS.contains(code));
    codes
}

#[test]
fn a_good_one_is_good() {
    let codes = Scene::good().codes();
    assert_eq!(
        codes,
        ["db/secrets-inside", "db/secrets-inside", "host/identity"]
    );
}

#[test]
fn names_and_the_first_member() {
    let one = || Counted {
        first: vec![(512, "x".to_owned())],
        total: 1,
    };
    assert_eq!(
        found(|scene| scene.first_member = b"etc/".to_vec()),
        ["host/first-member"]
    );
    assert_eq!(
        found(|scene| scene.names.climbing = one()),
        ["host/name-climbs"]
    );
    assert_eq!(
        found(|scene| scene.names.links_out = one()),
        ["host/link-leads-out"]
    );
    assert_eq!(
        found(|scene| scene.names.repeated = one()),
        ["host/name-repeated"]
    );
}

#[test]
fn files_that_are_missing() {
    let without = |path: &str| found(|scene| drop(scene.files.remove(path)));
    assert_eq!(without(INVENTORY), ["host/inventory-missing"]);
    assert_eq!(
        without(GRUB),
        ["host/boot-loader-missing", "host/boot-efi-missing"]
    );
    assert_eq!(without("etc/fstab"), ["host/fstab-line"]);
    // What is not there may be in the part that is missing.
    let cut = |path: &str| {
        found(|scene| {
            scene.incomplete = true;
            scene.files.remove(path);
        })
    };
    assert_eq!(cut(INVENTORY), Vec::<&str>::new());
    assert_eq!(cut(GRUB), Vec::<&str>::new());
}

#[test]
fn the_inventory() {
    let with = |from: &str, to: &str| found(|scene| scene.replace(INVENTORY, from, to));
    assert_eq!(
        with("PLATFORM_VERSION='3.2.1'\n", ""),
        ["host/inventory-key-missing"]
    );
    assert_eq!(
        with("PARTITION_LAYOUT=", "LAYOUT="),
        ["host/inventory-key-missing"]
    );
    assert_eq!(with("'xenbr0'", "''"), Vec::<&str>::new());
    assert_eq!(with("'3.2.1'", "'2.0.0'"), ["host/platform-too-old"]);
    assert_eq!(with("'3.2.1'", "'2.1.0'"), Vec::<&str>::new());
    assert_eq!(
        with("'XCP-ng'", "'XCP-ng' "),
        ["host/inventory-readers-differ"]
    );
    assert_eq!(
        with("'xenbr0'", "'x'; reboot; 'y'"),
        ["host/inventory-readers-differ", "host/inventory-shell"]
    );
    assert_eq!(
        with("PRODUCT_VERSION='8", "PRODUCT_VERSION='6"),
        ["host/old-layout", "host/version-differs"]
    );
}

#[test]
fn the_boot_loader_and_room() {
    let grub = |from: &str, to: &str| found(|scene| scene.replace(GRUB, from, to));
    assert_eq!(
        grub("root=LABEL=root-abcdef", "root=/dev/sda1"),
        ["host/boot-label"]
    );
    assert_eq!(grub("root-abcdef", "rootabcdef"), ["host/boot-label"]);
    assert_eq!(grub("\"0\"", "\"3\""), ["host/boot-label"]);
    let fstab = found(|scene| scene.replace("etc/fstab", "/boot/efi", "/boot"));
    assert_eq!(fstab, ["host/fstab-line"]);
    assert_eq!(found(|scene| scene.bytes = 19 << 30), ["host/too-large"]);
    assert_eq!(found(|scene| scene.bytes = 18 << 30), Vec::<&str>::new());
}

#[test]
fn databases() {
    let fresh =
        |change: fn(&mut Vec<(String, Vec<u8>)>)| found(|scene| change(&mut scene.databases));
    assert_eq!(fresh(|all| drop(all.remove(0))), ["host/database-missing"]);
    assert_eq!(fresh(|all| drop(all.remove(1))), Vec::<&str>::new());
    assert_eq!(
        fresh(|all| all.push((format!("{FRESH}-2"), all[0].1.clone()))),
        ["host/database-several"]
    );
    assert_eq!(
        fresh(|all| all[0].1 = b"<?xml version=\"1.0\"?><nothing/>".to_vec()),
        ["host/database-unusable"]
    );
    let newer = found(|scene| {
        let text = String::from_utf8(scene.databases[1].1.clone()).unwrap();
        let text = text.replacen(
            "generation_count\" value=\"",
            "generation_count\" value=\"9",
            1,
        );
        assert_eq!(scene.databases[1].0, STATE);
        scene.databases[1].1 = text.into_bytes();
    });
    assert_eq!(newer, ["host/database-older"]);
}

#[test]
fn the_host_against_its_database() {
    let uuid =
        found(|scene| scene.replace(INVENTORY, "INSTALLATION_UUID='", "INSTALLATION_UUID='x"));
    assert_eq!(uuid, ["host/uuid-not-in-database"]);
    let dom0 =
        found(|scene| scene.replace(INVENTORY, "CONTROL_DOMAIN_UUID='", "CONTROL_DOMAIN_UUID='x"));
    assert_eq!(dom0, ["host/dom0-not-in-database"]);
    let version =
        found(|scene| scene.replace(INVENTORY, "PRODUCT_VERSION='8", "PRODUCT_VERSION='9"));
    assert_eq!(version, ["host/version-differs"]);
    let conf = "etc/xensource/pool.conf";
    let member = found(|scene| scene.replace(conf, "master", "slave:10.0.0.1"));
    assert_eq!(member, ["host/role-differs", "host/member-only"]);
    let broken = found(|scene| scene.replace(conf, "master", "broken"));
    assert_eq!(broken, ["host/role-differs"]);
}
