//! What is said of an object is what is said of the file.

use std::io::Cursor;

use xenspect_scan::{Depth, Source};
use xenspect_synth::{DumpRecipe, Envelope, Fault, HostBackup, Recipe};

use crate::support::{Store, catalog};

fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let plain = Recipe::named("two-disks").expect("a recipe").build();
    let host = HostBackup::named("coordinator").expect("a host");
    vec![
        ("gzip.xva.gz", Envelope::Gzip.encode(&plain)),
        ("zstd.xva.zst", Envelope::Zstd.encode(&plain)),
        ("cut.xva", plain[..plain.len() / 2].to_vec()),
        ("cut.xva.zst", {
            let packed = Envelope::Zstd.encode(&plain);
            packed[..packed.len() / 2].to_vec()
        }),
        (
            "bad.xva",
            Fault::named("flip-block-byte").expect("a fault").build(),
        ),
        (
            "pool.xml",
            DumpRecipe::named("pool-8.2").expect("a recipe").build(),
        ),
        ("host.xbk", host.bytes()),
        ("empty.xva", Vec::new()),
        ("text.xva", b"hello".to_vec()),
        ("plain.xva", plain),
    ]
}

#[test]
fn an_object_read_by_ranges_gives_the_catalog_of_the_file() {
    let store = Store::new();
    let remote = store.remote();
    for (name, bytes) in inputs() {
        let url = store.put(name, &bytes);
        for depth in [Depth::Full, Depth::Headers, Depth::Metadata] {
            let object = remote.open_random(&url).expect(name);
            let found = catalog(object, depth);
            let expected = catalog(Source::memory(bytes.clone()), depth);
            assert_eq!(found, expected, "{name} {depth:?}");
        }
    }
}

#[test]
fn an_object_read_in_one_stream_gives_the_catalog_of_the_same_through_a_pipe() {
    let store = Store::new();
    let remote = store.remote();
    for (name, bytes) in inputs() {
        let url = store.put(name, &bytes);
        for depth in [Depth::Full, Depth::Metadata] {
            let object = remote.open_stream(&url).expect(name);
            let found = catalog(object, depth);
            let pipe = Source::Stream(Box::new(Cursor::new(bytes.clone())));
            assert_eq!(found, catalog(pipe, depth), "{name} {depth:?}");
        }
    }
}

#[test]
fn keys_are_taken_as_they_are() {
    let store = Store::new();
    let remote = store.remote();
    for key in [
        "with space.xva",
        "per%cent%20.xva",
        "plus+and&and=.xva",
        "what?#.xva",
        "Sicherung äöü 備份.xva",
        ".hidden",
        "..two",
        "a/b c/.d/e",
        "quote'\"<>|^`{}[]~",
        "back\\slash",
        "comma,semi;colon:at@dollar$!*()",
        "trailing ",
    ] {
        let url = store.put(key, key.as_bytes());
        let got = remote.small(&url, 1000).expect(key);
        assert_eq!(got, key.as_bytes(), "{key}");
        let about = remote.about(&url).expect(key);
        assert_eq!(about.size, key.len() as u64);
    }
}

#[test]
fn an_empty_object_is_small() {
    let store = Store::new();
    let url = store.put("empty", b"");
    assert_eq!(store.remote().small(&url, 0), Ok(Vec::new()));
}
