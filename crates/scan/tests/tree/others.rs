//! What is no tree of a host's files is left to others.

use xenspect_scan::{Error, Options, Progress, Source, TreeLimits, tree};
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
            "one of another root",
            Tar::new().file("etc/fstab", "").bytes(),
        ),
        (
            "one that leads out",
            Tar::new().file("../etc/xensource-inventory", "").bytes(),
        ),
    ] {
        assert_eq!(read(bytes.clone()), None, "{what}");
        for envelope in [Envelope::Gzip, Envelope::Zstd] {
            assert_eq!(read(envelope.encode(&bytes)), None, "{what} {envelope:?}");
        }
    }
}

#[test]
fn a_tree_need_not_begin_with_its_root() {
    let table = some(
        Tar::new()
            .file("etc/xensource-inventory", INVENTORY)
            .bytes(),
    );
    assert_eq!(table.files.len(), 1);
    assert!(!table.incomplete);
}

#[test]
fn a_stopped_run_gives_nothing() {
    let stopped = Progress::default();
    stopped.cancel();
    let bytes = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .bytes();
    let source = Source::memory(bytes);
    let limits = TreeLimits::default();
    let result = tree(source, &wanted, &limits, &Options::default(), &stopped);
    assert!(matches!(result, Err(Error::Interrupted)), "{result:?}");
}
