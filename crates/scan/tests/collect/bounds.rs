//! Files that are too large, too many, or small only as long as they are packed.

use std::io::Write;

use xenspect_scan::{Collected, Limits, Options, Progress, collect};

use super::support::*;

/// Takes everything, with databases of at most 1 MiB.
fn taken_within(bytes: &[u8]) -> Collected {
    let options = Options {
        limits: Limits {
            dump: 1 << 20,
            ..Limits::default()
        },
        ..Options::default()
    };
    let stored = Stored::new(bytes);
    let collected = collect(&stored.path(), &|_| true, &options, &Progress::default());
    collected.unwrap().expect("a container")
}

#[test]
fn a_file_that_is_too_large_is_left_out() {
    let tar = Tar::new()
        .file("a.xml", &"x".repeat(1 << 20))
        .file("b.xml", &"x".repeat((1 << 20) + 1))
        .file("c", "small");
    let collected = taken_within(&tar.bytes());
    let names: Vec<&str> = texts(&collected).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["a.xml", "c"]);
    assert_eq!(
        collected.remarks,
        [
            "b.xml is left out: it has more bytes than are read (at most 1048576 of such a file, and 2097152 of all)"
        ]
    );
}

#[test]
fn all_files_together_have_a_bound() {
    let third = "x".repeat(700_000);
    let tar = Tar::new()
        .file("a.xml", &third)
        .file("b.xml", &third)
        .file("a.xml", &third)
        .file("c.xml", &third);
    let collected = taken_within(&tar.bytes());
    // The repeated one counts once.
    let names: Vec<&str> = texts(&collected).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["a.xml", "b.xml"]);
    assert_eq!(collected.remarks.len(), 1);
}

#[test]
fn files_have_a_bound_of_number() {
    let tar = (0..4100).fold(Tar::new(), |tar, n| tar.file(&format!("f{n}"), ""));
    let collected = taken_within(&tar.bytes());
    assert_eq!(collected.files.len(), 4096);
    assert_eq!(
        collected.remarks,
        ["it has more files than the 4096 that are read"]
    );
}

/// A gigabyte of zeros in a member, packed.
fn bomb(pack: impl FnOnce(&mut dyn FnMut(&mut dyn Write)) -> Vec<u8>, name: &str) -> Vec<u8> {
    const SIZE: u64 = 1 << 30;
    let mut header = tar::Header::new_gnu();
    header.set_path(name).unwrap();
    header.set_size(SIZE);
    header.set_cksum();
    let header = header.as_bytes().to_vec();
    let zeros = vec![0; 1 << 20];
    let end = Tar::new().file("z", "behind").bytes();
    pack(&mut |to| {
        to.write_all(&header).unwrap();
        for _ in 0..SIZE >> 20 {
            to.write_all(&zeros).unwrap();
        }
        to.write_all(&end).unwrap();
    })
}

#[test]
fn bombs_cost_time_and_no_memory() {
    for name in ["bomb.xml", "bomb"] {
        let gzip = bomb(
            |write| {
                let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                write(&mut to);
                to.finish().unwrap()
            },
            name,
        );
        let zstd = bomb(
            |write| {
                let mut to = zstd::Encoder::new(Vec::new(), 1).unwrap();
                write(&mut to);
                to.finish().unwrap()
            },
            name,
        );
        for packed in [gzip, zstd] {
            assert!(packed.len() < 16 << 20);
            let collected = taken_within(&packed);
            assert_eq!(texts(&collected), [("z", "behind")]);
            assert_eq!(collected.remarks.len(), 1, "{:?}", collected.remarks);
        }
    }
}
