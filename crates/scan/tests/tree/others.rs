//! What is no tree of a host's files is left to others.

use tar::EntryType;
use xenspect_scan::{Catalog, Error, Progress, Source, scan};
use xenspect_synth::{Envelope, Recipe};

use super::support::*;

#[test]
fn exports_databases_and_other_archives_are_no_trees() {
    let xva = Recipe::named("two-disks").unwrap().build();
    let mut damaged = xva.clone();
    damaged[0] ^= 1;
    let database = b"<?xml version=\"1.0\"?>\n<database/>".to_vec();
    let report = "bug-report-20240531130709";
    for (what, bytes) in [
        ("an export", xva),
        ("a damaged export", damaged),
        (
            "an export with its folder",
            Tar::rooted().file("./ova.xml", "<value/>").bytes(),
        ),
        ("a database", database),
        ("a text", b"hello".to_vec()),
        ("nothing", Vec::new()),
        ("zeros", vec![0; 20_480]),
        ("a zip archive", b"PK\x05\x06\0\0".to_vec()),
        (
            "a status report",
            Tar::new()
                .file(&format!("{report}/etc/xensource-inventory"), INVENTORY)
                .file("etc/xensource-inventory", INVENTORY)
                .bytes(),
        ),
        (
            "another archive",
            Tar::new().file("src/main.rs", "").bytes(),
        ),
        (
            "one that leads out",
            Tar::new().file("../etc/xensource-inventory", "").bytes(),
        ),
    ] {
        assert!(!is_host(bytes.clone()), "{what}");
        for envelope in [Envelope::Gzip, Envelope::Zstd] {
            assert!(!is_host(envelope.encode(&bytes)), "{what} {envelope:?}");
        }
    }
}

fn is_host(bytes: Vec<u8>) -> bool {
    let scanned = scan(Source::memory(bytes), &options(), &Progress::default());
    matches!(scanned, Ok(Catalog::Host(_)))
}

#[test]
fn a_tree_need_not_begin_with_its_root() {
    for (name, expected) in [
        ("etc/xensource-inventory", true),
        ("./etc/xensource-inventory", true),
        ("./usr/bin/tool", true),
        ("boot", true),
        ("etcetera/x", false),
        ("./home/x", false),
        ("/etc/x", false),
        ("x/etc/xensource-inventory", false),
    ] {
        let bytes = Tar::new().file(name, INVENTORY).bytes();
        assert_eq!(is_host(bytes.clone()), expected, "{name}");
        assert_eq!(is_host(Envelope::Gzip.encode(&bytes)), expected, "{name}");
    }
}

#[test]
fn what_stands_in_front_of_the_root_does_not_hide_it() {
    let long =
        |kind, link: &[u8]| Tar::new().member(EntryType::new(kind), b"././@LongLink", "", link);
    let record = b"30 mtime=1711111111.123456789\n";
    for (what, tar) in [
        ("a long name", long(b'L', b"./\0")),
        ("a long link", long(b'K', b"./x\0")),
        ("pax records", long(b'x', record)),
        ("pax records for all", long(b'g', record)),
        (
            "both",
            long(b'g', record).member(EntryType::XHeader, b"./PaxHeaders/.", "", record),
        ),
    ] {
        let tar = tar
            .member(EntryType::Directory, b"./", "", b"")
            .file("./etc/xensource-inventory", INVENTORY);
        let bytes = ended(tar.bytes());
        assert!(is_host(bytes.clone()), "{what}");
        let backup = scanned(bytes);
        assert_eq!(backup.first_member, b"./", "{what}");
        assert_eq!(backup.members, 2, "{what}");
    }
}

#[test]
fn a_damaged_first_header_does_not_hide_it() {
    let tar = Tar::rooted().file("./etc/xensource-inventory", INVENTORY);
    for at in [0, 100, 150] {
        let mut bytes = ended(tar.clone().bytes());
        bytes[at] ^= 1;
        let backup = scanned(bytes);
        assert!(!backup.facts.is_empty() && backup.tree.incomplete, "{at}");
        assert_eq!(backup.tree.contents.len(), 1, "{at}");
    }
}

#[test]
fn a_stopped_run_gives_nothing() {
    let stopped = Progress::default();
    stopped.cancel();
    let bytes = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .bytes();
    let result = scan(Source::memory(bytes), &options(), &stopped);
    assert!(matches!(result, Err(Error::Interrupted)), "{result:?}");
}
