//! The host against its own database.

use xenspect_model::Severity;
use xenspect_xapi::db::{Database, DumpLimits};

use crate::build::{INVENTORY, Scene, fact, found, only, verify};

const POOL_CONF: &str = "etc/xensource/pool.conf";

#[test]
fn uuid_and_control_domain() {
    let with = |from: &str, to: &str| found(|scene| scene.replace(INVENTORY, from, to));
    assert_eq!(
        with("INSTALLATION_UUID='", "INSTALLATION_UUID='x"),
        ["host/uuid-not-in-database"]
    );
    assert_eq!(
        with("CONTROL_DOMAIN_UUID='", "CONTROL_DOMAIN_UUID='x"),
        ["host/dom0-not-in-database"]
    );
    assert_eq!(
        with("PRODUCT_VERSION='8", "PRODUCT_VERSION='9"),
        ["host/version-differs"]
    );
}

#[test]
fn what_xen_is_told() {
    let with = |text: &'static str| {
        found(move |scene| {
            let path = "etc/sysconfig/xencommons".to_owned();
            scene.files.insert(path, text.as_bytes().to_vec());
        })
    };
    let differs = ["host/dom0-uuid-differs"];
    assert_eq!(
        with("XEN_DOM0_UUID=04891f22-eab8-4735-a0bb-a24a23654de3\n"),
        differs
    );
    assert_eq!(
        with("#XEN_DOM0_UUID=1\nXEN_DOM0_UUID=\n"),
        Vec::<&str>::new()
    );
    let same = found(|scene| {
        let text = String::from_utf8(scene.files[INVENTORY].clone()).expect("text");
        let line = text
            .lines()
            .find(|line| line.starts_with("CONTROL_DOMAIN_UUID="))
            .expect("it is there");
        let line = line.replace("CONTROL_DOMAIN_UUID", "XEN_DOM0_UUID");
        scene
            .files
            .insert("etc/sysconfig/xencommons".to_owned(), line.into_bytes());
    });
    assert_eq!(same, Vec::<&str>::new());
}

/// Uuids of a control domain, and of a host, that are not the coordinator's.
fn of_another(scene: &Scene) -> Option<(String, String)> {
    let bytes = scene.databases[0].1.clone();
    let database = Database::from_vec(bytes, &DumpLimits::default()).expect("a database");
    let inventory = String::from_utf8(scene.files[INVENTORY].clone()).expect("text");
    let uuids = |table: &str, dom0: bool| {
        let rows = database.table(table).expect("it is there").rows();
        rows.filter(|row| !dom0 || row.get("is_control_domain").expect("a flag").is("true"))
            .map(|row| row.uuid().expect("a uuid").into_owned())
            .find(|uuid| !inventory.contains(uuid.as_str()))
    };
    Some((uuids("VM", true)?, uuids("host", false)?))
}

#[test]
fn the_control_domain_of_another_host() {
    let Some((dom0, _)) = of_another(&Scene::good()) else {
        panic!("the pool has two hosts");
    };
    let input = verify(|scene| {
        let text = String::from_utf8(scene.files[INVENTORY].clone()).expect("text");
        let line = text
            .lines()
            .find(|line| line.starts_with("CONTROL_DOMAIN_UUID="))
            .expect("it is there");
        let other = format!("CONTROL_DOMAIN_UUID='{dom0}'");
        scene.replace(INVENTORY, line, &other);
    });
    let finding = only(&input, "host/dom0-not-in-database");
    assert!(
        finding.facts.get("belongs_to_host").is_some(),
        "{finding:?}"
    );
}

#[test]
fn the_role() {
    let with =
        |text: &'static str| move |scene: &mut Scene| scene.replace(POOL_CONF, "master", text);
    assert_eq!(
        found(with("slave:10.0.0.1")),
        ["host/role-differs", "host/member-only"]
    );
    assert_eq!(found(with("broken")), ["host/role-differs"]);
    assert_eq!(
        found(|scene| drop(scene.files.remove(POOL_CONF))),
        ["host/role-differs"]
    );
    let input = verify(with("slave:10.0.0.1"));
    let finding = only(&input, "host/role-differs");
    assert_eq!(fact(finding, "pool_conf"), "slave:10.0.0.1");
    assert_eq!(fact(finding, "in_database"), "coordinator");
    assert_eq!(finding.severity, Severity::Error);
}

/// The backup of a member, with what its pool.conf says of the coordinator's address.
fn member(scene: &mut Scene, address: Option<&str>) {
    let (dom0, host) = of_another(scene).expect("the pool has two hosts");
    let bytes = scene.databases[0].1.clone();
    let database = Database::from_vec(bytes, &DumpLimits::default()).expect("a database");
    let mut pools = database.table("pool").expect("it is there").rows();
    let master = pools
        .next()
        .expect("a pool")
        .text("master")
        .expect("a coordinator");
    let mut hosts = database.table("host").expect("it is there").rows();
    let coordinator = hosts.find(|row| row.reference().expect("a reference") == master);
    let there = coordinator
        .expect("it is there")
        .text("address")
        .expect("an address")
        .into_owned();
    let text = String::from_utf8(scene.files[INVENTORY].clone()).expect("text");
    let lines = text.lines().map(|line| match line.split_once('=') {
        Some(("INSTALLATION_UUID", _)) => format!("INSTALLATION_UUID='{host}'\n"),
        Some(("CONTROL_DOMAIN_UUID", _)) => format!("CONTROL_DOMAIN_UUID='{dom0}'\n"),
        _ => format!("{line}\n"),
    });
    scene
        .files
        .insert(INVENTORY.to_owned(), lines.collect::<String>().into_bytes());
    let conf = format!("slave:{}", address.unwrap_or(&there));
    scene.files.insert(POOL_CONF.to_owned(), conf.into_bytes());
}

#[test]
fn a_member_comes_back_alone() {
    let input = verify(|scene| member(scene, None));
    assert_eq!(only(&input, "host/member-only").severity, Severity::Warning);
    assert_eq!(found(|scene| member(scene, None)), ["host/member-only"]);
    let codes = found(|scene| member(scene, Some("192.0.2.77")));
    assert_eq!(codes, ["host/role-differs", "host/member-only"]);
    let input = verify(|scene| member(scene, Some("192.0.2.77")));
    assert_eq!(
        only(&input, "host/role-differs").severity,
        Severity::Warning
    );
    // A name may be that of the address.
    assert_eq!(
        found(|scene| member(scene, Some("xcp-1"))),
        ["host/member-only"]
    );
}
