//! Files of a host that the fixture writer wrote, in each form that they come in.

use proptest::prelude::*;
use xenspect_synth::restore::{File, fresh_host, swapped};
use xenspect_synth::{FreshHost, Scene};
use xenspect_target::{
    Error, NamedFile, Reading, Target, is_database, is_wanted, of_database, of_files,
};
use xenspect_xapi::db::{Database, DumpLimits};

fn read(files: Vec<File>) -> Reading {
    let wanted = files.into_iter().filter(|(name, _)| is_wanted(name));
    let files: Vec<_> = wanted.map(NamedFile::from).collect();
    of_files(&files).expect("facts")
}

fn from_database(host: &FreshHost) -> Target {
    let bytes = host.database();
    let database = Database::read(&bytes, &DumpLimits::default()).expect("a database");
    of_database(&database)
}

/// Both tell it, and the same.
macro_rules! same {
    ($form:expr, $a:expr, $b:expr, $($field:tt)+) => {
        if let (Some(a), Some(b)) = (&$a.$($field)+, &$b.$($field)+) {
            assert_eq!(a, b, "{}: {}", $form, stringify!($($field)+));
        }
    };
}

#[test]
fn every_form_agrees_with_the_database() {
    for host in [fresh_host(), swapped()] {
        let expected = from_database(&host);
        for (form, files) in [
            ("folder", host.folder()),
            ("status report", host.status_report()),
            ("host backup", host.host_backup()),
        ] {
            let reading = read(files);
            assert_eq!(reading.remarks, [""; 0], "{form}");
            let found = reading.target;
            same!(form, found, expected, host.name);
            same!(form, found, expected, host.address);
            same!(form, found, expected, host.installation_uuid);
            same!(form, found, expected, host.control_domain_uuid);
            same!(form, found, expected, host.memory);
            same!(form, found, expected, host.cpus);
            same!(form, found, expected, host.cpu_vendor);
            same!(form, found, expected, host.cpu_features);
            same!(form, found, expected, host.edition);
            same!(form, found, expected, product.brand);
            same!(form, found, expected, product.version);
            same!(form, found, expected, product.build);
            same!(form, found, expected, product.platform);
            same!(form, found, expected, product.xapi);
            same!(form, found, expected, product.schema);
            same!(form, found, expected, management.bridge);
            same!(form, found, expected, management.device);
            same!(form, found, expected, management.mode);
            same!(form, found, expected, management.ip);
            same!(form, found, expected, management.netmask);
            same!(form, found, expected, management.gateway);
            same!(form, found, expected, members);
            same!(form, found, expected, networks);
            same!(form, found, expected, srs);
            same!(form, found, expected, vms);
            let pools = (
                found.pool.clone().expect("a pool"),
                expected.pool.clone().expect("a pool"),
            );
            same!(form, pools.0, pools.1, uuid);
            same!(form, pools.0, pools.1, name);
            same!(form, pools.0, pools.1, coordinator);
            same!(form, pools.0, pools.1, ha_enabled);
            same!(form, pools.0, pools.1, default_sr);
            same!(form, pools.0, pools.1, cpu_features);
            let sorted = |nics: &Option<Vec<_>>| {
                let mut nics: Vec<xenspect_model::target::TargetNic> = nics.clone().expect("NICs");
                nics.sort_by(|a, b| (&a.device, a.vlan).cmp(&(&b.device, b.vlan)));
                nics
            };
            let (nics, known) = (sorted(&found.nics), sorted(&expected.nics));
            assert_eq!(nics.len(), known.len(), "{form}");
            for (nic, known) in nics.iter().zip(&known) {
                assert_eq!(nic.device, known.device, "{form}");
                same!(form, nic, known, mac);
                same!(form, nic, known, pci);
                same!(form, nic, known, management);
                same!(form, nic, known, bridge);
                same!(form, nic, known, ip);
            }
            assert!(found.management_device().is_some(), "{form}");
        }
    }
}

#[test]
fn a_folder_tells_what_a_database_does_not() {
    let host = fresh_host();
    let reading = read(host.folder());
    let target = reading.target;
    assert_eq!(target.free_bytes, Some(16_000_000 * 1024));
    assert_eq!(target.host.ha_armed, Some(false));
    assert_eq!(target.host.inventory_lacks, Some([].into()));
    assert_eq!(target.rename_rules, Some(Vec::new()));
    let disks = target.disks.expect("disks");
    assert_eq!(disks.len(), host.disks.len());
    assert!(
        disks
            .iter()
            .any(|disk| Some(&disk.path) == target.host.primary_disk.as_ref())
    );
    let files = target.files.expect("files");
    assert!(files.contains("/var/lib/xcp/networkd.db"), "{files:?}");
    assert!(
        reading.sources.iter().any(|source| source == "lists of xe"),
        "{:?}",
        reading.sources
    );
    assert_eq!(
        reading.sources.first().map(String::as_str),
        Some("lists of xe")
    );
}

#[test]
fn without_a_listing_nobody_looked() {
    let mut files = fresh_host().folder();
    files.retain(|(name, _)| name != "var-lib-xcp.txt");
    assert_eq!(read(files).target.files, None);
}

#[test]
fn left_over_databases_of_an_archive_are_seen() {
    for name in [
        "./var/lib/xcp/ha_metadata.db",
        "b/var/lib/xcp/gen_metadata.db",
        "etc/krb5.keytab",
    ] {
        assert!(is_wanted(name), "{name}");
        let file = NamedFile::from((name.to_owned(), Vec::new()));
        let files = of_files(&[file])
            .expect("facts")
            .target
            .files
            .expect("files");
        let path = format!(
            "/{}",
            name.trim_start_matches("./").trim_start_matches("b/")
        );
        assert!(files.contains(&path), "{files:?}");
    }
}

/// A host backup whose inventory has another uuid, and another database.
fn backup_of(uuid: &str, database: &[u8]) -> Reading {
    let host = fresh_host();
    let coordinator = host.installation_uuid.clone().expect("a uuid");
    let mut files = host.host_backup();
    for (name, bytes) in &mut files {
        if name.ends_with("xensource-inventory") {
            let text = String::from_utf8(bytes.clone()).expect("text");
            *bytes = text.replace(&coordinator, uuid).into_bytes();
        } else if is_database(name) {
            *bytes = database.to_vec();
        }
    }
    read(files)
}

#[test]
fn a_database_that_does_not_know_the_uuid_is_still_the_hosts() {
    let host = fresh_host();
    let reading = backup_of("another", &host.database());
    let own = reading.target.host.installation_uuid.as_deref();
    assert_eq!(own, Some("another"));
    assert_eq!(reading.target.management_device(), Some("eth0"));
    assert_eq!(reading.remarks, [""; 0]);
}

#[test]
fn nics_of_the_coordinator_are_not_those_of_a_member() {
    let scene = Scene::good();
    let bytes = scene.dump();
    let database = Database::read(&bytes, &DumpLimits::default()).expect("a database");
    let pool = of_database(&database);
    let coordinator = pool.host.installation_uuid.clone();
    let members = pool.members.expect("members");
    let member = members
        .iter()
        .find(|member| Some(&member.uuid) != coordinator.as_ref());
    let member = member.expect("a member").uuid.clone();
    let reading = backup_of(&member, &bytes);
    assert_eq!(reading.remarks.len(), 1, "{:?}", reading.remarks);
    assert!(reading.remarks[0].contains("its NICs are left out"));
    // Those of its own files are there.
    let nics = reading.target.nics.expect("NICs");
    assert!(
        nics.iter().all(|nic| nic.physical && nic.bridge.is_none()),
        "{nics:?}"
    );
    assert_eq!(reading.target.host.installation_uuid, Some(member));
    assert_eq!(reading.target.host.name, None);
}

#[test]
fn a_file_that_is_not_what_it_is_called_is_a_remark() {
    let inventory = ("xensource-inventory".to_owned(), b"A='b'\n".to_vec());
    for (name, text) in [
        ("pif-list.txt", "You must provide a password\n"),
        ("ip-link.json", "Option \"-j\" is unknown\n"),
        ("dynamic-rules.json", "{"),
        ("management.conf", "x"),
        ("local.db", "x"),
        ("df.txt", "x"),
        ("lspci.txt", "sh: lspci: not found\n"),
        ("xapi-db.xml", "x"),
    ] {
        let file = (name.to_owned(), text.as_bytes().to_vec());
        let reading = read(vec![inventory.clone(), file]);
        assert_eq!(reading.remarks.len(), 1, "{name}");
        assert!(
            reading.remarks[0].starts_with(name),
            "{:?}",
            reading.remarks
        );
        assert_eq!(reading.sources, ["xensource-inventory"], "{name}");
    }
}

#[test]
fn a_database_that_is_cut_is_a_remark() {
    let mut database = fresh_host().database();
    database.truncate(database.len() - 40);
    let reading = read(vec![("b/xapi-db.xml".to_owned(), database)]);
    assert_eq!(
        reading.remarks,
        ["b/xapi-db.xml ends too early, so not all of it is known"]
    );
    assert!(reading.target.nics.is_none(), "there may be more");
}

#[test]
fn records_are_told_by_their_fields() {
    let files = fresh_host().folder();
    let records = files
        .into_iter()
        .filter(|(name, _)| name.ends_with("-list.txt"));
    let renamed: Vec<File> = records
        .enumerate()
        .map(|(at, (_, bytes))| (format!("out{at}.txt"), bytes))
        .collect();
    let target = read(renamed).target;
    assert_eq!(target.management_device(), Some("eth0"));
    assert!(target.srs.is_some() && target.networks.is_some() && target.pool.is_some());
}

#[test]
fn one_file_alone_is_read_wherever_it_lies() {
    for (name, bytes) in fresh_host().folder() {
        if name != "pif-list.txt" {
            continue;
        }
        for path in [
            "/tmp/pif-list.txt",
            "/root/a/b/pif-list.txt",
            "/root/a/pifs",
        ] {
            let file = NamedFile::from((path.to_owned(), bytes.clone()));
            let target = of_files(&[file]).expect("facts").target;
            assert_eq!(target.management_device(), Some("eth0"), "{path}");
        }
    }
}

#[test]
fn nothing_known() {
    assert_eq!(of_files(&[]), Err(Error::NothingKnown));
    let file = NamedFile::from(("notes.txt".to_owned(), b"buy milk".to_vec()));
    assert_eq!(of_files(&[file]), Err(Error::NothingKnown));
}

const NAMES: [&str; 18] = [
    "xensource-inventory",
    "management.conf",
    "local.db",
    "networkd.db",
    "static-rules.conf",
    "dynamic-rules.json",
    "initial_network_device_rules.conf",
    "ip-link.json",
    "pif-list.txt",
    "host-list.txt",
    "vm-list.txt",
    "var-lib-xcp.txt",
    "disks.txt",
    "lsblk.txt",
    "df.txt",
    "lspci.txt",
    "xapi-db.xml",
    "other.txt",
];

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,200}", name in any::<String>()) {
        let _ = (is_wanted(&name), is_database(&name));
        let files: Vec<_> = NAMES
            .iter()
            .map(|name| NamedFile::from(((*name).to_owned(), text.clone().into_bytes())))
            .collect();
        let _ = of_files(&files);
    }

    #[test]
    fn no_damage_makes_a_reader_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        let mut files = fresh_host().folder();
        for (_, bytes) in &mut files {
            if bytes.is_empty() {
                continue;
            }
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if cut {
                bytes.truncate(at);
            }
        }
        let files: Vec<_> = files.into_iter().map(NamedFile::from).collect();
        let _ = of_files(&files);
    }
}
