//! What is no container of files is left to others.

use std::io::{self, Cursor};

use xenspect_scan::{Error, Options, Progress, collect, collect_stream, read_text};
use xenspect_synth::{Envelope, Recipe};

use super::support::*;

#[test]
fn exports_databases_and_texts_are_no_containers() {
    let xva = Recipe::named("two-disks").unwrap().build();
    let metadata = Recipe::named("metadata-only").unwrap().build();
    let mut damaged = xva.clone();
    damaged[0] ^= 1;
    for (what, bytes) in [
        ("an export", xva),
        ("a metadata export", metadata),
        ("a damaged export", damaged),
        ("a database", DUMP.as_bytes().to_vec()),
        ("a profile", b"profile = 1\n[host]\n".to_vec()),
        ("a catalog", b"{\"profile\": 1}".to_vec()),
        ("nothing", Vec::new()),
        ("zeros", vec![0; 20_480]),
        (
            "noise",
            (0..200_000_u32)
                .map(|n| (n.wrapping_mul(n) >> 7) as u8)
                .collect(),
        ),
        ("a word", b"BZh9".to_vec()),
    ] {
        let stored = Stored::new(&bytes);
        assert_eq!(taken(&stored.path()).unwrap(), None, "{what}");
        for envelope in [Envelope::Gzip, Envelope::Zstd] {
            let stored = Stored::new(&envelope.encode(&bytes));
            assert_eq!(taken(&stored.path()).unwrap(), None, "{what} {envelope:?}");
        }
        let pipe = Box::new(Cursor::new(bytes));
        let none = collect_stream(pipe, &wanted, &Options::default(), &Progress::default());
        assert_eq!(none.unwrap(), None, "{what}");
    }
}

#[test]
fn an_export_with_folders_in_it_is_one_too() {
    let folder = tar::EntryType::Directory;
    let xva = Tar::new()
        .root()
        .member(folder, "./Ref:1/", b"")
        .file("./Ref:1/00000000", "x");
    assert_eq!(taken(&xva.stored().path()).unwrap(), None);
    let xva = Tar::new().file("README", "x").file("ova.xml", "<value/>");
    assert_eq!(taken(&xva.stored().path()).unwrap(), None);
}

#[test]
fn a_stopped_run_gives_nothing() {
    let stopped = Progress::default();
    stopped.cancel();
    let options = Options::default();
    let tar = Tar::new().file("ip-link.json", "[]").stored();
    let folder = host();
    for path in [tar.path(), folder.path().to_owned()] {
        let result = collect(&path, &wanted, &options, &stopped);
        assert!(matches!(result, Err(Error::Interrupted)), "{result:?}");
    }
}

#[test]
fn a_text_is_read_up_to_its_bound() {
    let stored = Stored::new(b"hello");
    assert_eq!(read_text(&stored.path(), 5).unwrap(), b"hello");
    let error = read_text(&stored.path(), 4).unwrap_err();
    assert!(matches!(error, Error::DocumentTooLarge { limit: 4 }));
    let folder = tempfile::tempdir().unwrap();
    let error = read_text(folder.path(), 4).unwrap_err();
    assert!(matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::InvalidInput));
}
