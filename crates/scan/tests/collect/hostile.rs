//! Archives that repeat, lead out, break off and lie.

use std::io::Write;

use tar::EntryType;
use xenspect_scan::{Container, Packing};

use super::support::*;

#[test]
fn the_last_of_a_repeated_name_counts() {
    let tar = Tar::new()
        .root()
        .file("./etc/xensource-inventory", "old")
        .file("etc//xensource-inventory", "new")
        .stored();
    let collected = some(&tar.path());
    assert_eq!(collected.form, Container::HostBackup);
    assert_eq!(texts(&collected), [("etc/xensource-inventory", "new")]);
}

#[test]
fn what_takes_the_place_of_a_file_takes_the_file_away() {
    for (kind, word) in [
        (EntryType::Symlink, "symbolic link"),
        (EntryType::Link, "hard link"),
        (EntryType::Fifo, "FIFO"),
        (EntryType::Block, "block device"),
    ] {
        let tar = Tar::new()
            .file("etc/xensource-inventory", "old")
            .member(kind, "etc/xensource-inventory", b"")
            .stored();
        let collected = some(&tar.path());
        assert_eq!(collected.files, []);
        let remark =
            format!("etc/xensource-inventory is left out: it is a {word} there, which is not read");
        assert_eq!(collected.remarks, [remark]);
    }
}

#[test]
fn names_that_lead_out_are_passed_by() {
    for name in [
        "/etc/xensource-inventory",
        "../xensource-inventory",
        "./a/../../xensource-inventory",
    ] {
        let tar = Tar::new().file(name, "evil").file("ip-link.json", "[]");
        let collected = some(&tar.stored().path());
        assert_eq!(texts(&collected), [("ip-link.json", "[]")], "{name}");
        let remark =
            format!("its member {name:?} is passed by: that name leads out of the archive");
        assert_eq!(collected.remarks, [remark]);
    }
}

#[test]
fn of_many_remarks_some_are_kept() {
    let tar = (0..80).fold(Tar::new().file("a", ""), |tar, n| {
        tar.file(&format!("/{n}"), "")
    });
    let collected = some(&tar.stored().path());
    assert_eq!(collected.remarks.len(), 51);
    assert_eq!(collected.remarks[50], "there are 30 further remarks");
}

#[test]
fn long_names_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let deep = format!("{}/{}", "d".repeat(200), "e".repeat(100));
    write(folder.path(), &format!("{deep}/xensource-inventory"), "x");
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("archive");
    for format in ["--format=gnu", "--format=pax"] {
        let arguments = ["-cf", path.to_str().unwrap(), format, "."];
        if !run("tar", &arguments, folder.path()) {
            return;
        }
        let collected = some(&path);
        assert_eq!(texts(&collected).len(), 1, "{format}");
    }
}

#[test]
fn of_a_cut_archive_what_came_before_is_there() {
    let whole = Tar::new()
        .root()
        .file("./etc/xensource-inventory", INVENTORY)
        .file(&format!("./{DATABASE}"), &"x".repeat(5000))
        .file("./etc/zzz", "")
        .bytes();
    for (cut, left_out) in [
        (512 * 5, 1),
        (512 * 4 + 100, 1),
        (512 * 3, 0),
        (512 * 3 + 7, 0),
    ] {
        let collected = some(&Stored::new(&whole[..cut]).path());
        assert_eq!(
            texts(&collected),
            [("etc/xensource-inventory", INVENTORY)],
            "{cut}"
        );
        assert!(collected.truncated);
        assert_eq!(collected.form, Container::HostBackup);
        assert_eq!(
            collected.remarks.len(),
            left_out + 1,
            "{:?}",
            collected.remarks
        );
        let last = collected.remarks.last().unwrap();
        assert!(last.starts_with("it ends at offset"), "{last}");
    }
}

#[test]
fn of_a_cut_packed_archive_what_came_before_is_there() {
    let mut state = 1_u32;
    let noise: String = (0..3 << 20)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'0' + (state >> 26) as u8)
        })
        .collect();
    let whole = Tar::new()
        .root()
        .file("./etc/xensource-inventory", INVENTORY)
        .file(&format!("./{DATABASE}"), &noise)
        .bytes();
    let folder = tempfile::tempdir().unwrap();
    for (program, suffix) in [("gzip", "gz"), ("bzip2", "bz2"), ("zstd", "zst")] {
        std::fs::write(folder.path().join("tar"), &whole).unwrap();
        if !run(program, &["-kf", "tar"], folder.path()) {
            continue;
        }
        let packed = std::fs::read(folder.path().join(format!("tar.{suffix}"))).unwrap();
        let collected = some(&Stored::new(&packed[..packed.len() * 3 / 4]).path());
        assert_eq!(
            texts(&collected),
            [("etc/xensource-inventory", INVENTORY)],
            "{program}"
        );
        assert!(collected.truncated);
        assert_eq!(collected.remarks.len(), 2, "{:?}", collected.remarks);
        assert!(collected.remarks[0].contains("it is cut short"));
        assert!(collected.remarks[1].starts_with("its compression breaks"));
    }
}

#[test]
fn a_wrong_checksum_behind_everything_is_told() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let tar = Tar::new()
        .root()
        .file("./etc/xensource-inventory", INVENTORY);
    encoder.write_all(&tar.bytes()).unwrap();
    let mut packed = encoder.finish().unwrap();
    let crc = packed.len() - 8;
    packed[crc] ^= 1;
    let collected = some(&Stored::new(&packed).path());
    assert_eq!(collected.packing, Packing::Gzip);
    assert_eq!(collected.files.len(), 1);
    assert!(!collected.truncated);
    assert_eq!(
        collected.remarks,
        ["its compression tells damage (its checksum is wrong): what was read of it may be wrong"]
    );
}

#[test]
fn a_wrong_checksum_behind_many_zeros_is_told() {
    let mut tar = Tar::new()
        .root()
        .file("./etc/xensource-inventory", INVENTORY)
        .bytes();
    tar.resize(tar.len() + (5 << 20), 0);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&tar).unwrap();
    let packed = encoder.finish().unwrap();
    let told = |packed: &[u8]| {
        let collected = some(&Stored::new(packed).path());
        assert_eq!(collected.files.len(), 1);
        collected.remarks
    };
    assert!(told(&packed).is_empty());
    let mut wrong = packed.clone();
    let crc = packed.len() - 8;
    wrong[crc] ^= 1;
    assert_eq!(
        told(&wrong),
        ["its compression tells damage (its checksum is wrong): what was read of it may be wrong"]
    );
    let cut = packed.len() - 4;
    assert_eq!(
        told(&packed[..cut]),
        [format!(
            "all its members were read, but behind them its compression breaks: it ends after {cut} bytes"
        )]
    );
}

#[test]
fn damage_between_members_costs_what_it_covers() {
    let mut bytes = Tar::new()
        .file("etc/xensource-inventory", INVENTORY)
        .file("xapi-db.xml", "old")
        .file("ip-link.json", "[]")
        .bytes();
    bytes[2 * 512..2 * 512 + 400].fill(0xff);
    let collected = some(&Stored::new(&bytes).path());
    let names: Vec<&str> = texts(&collected).iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["etc/xensource-inventory", "ip-link.json"]);
    assert!(
        collected
            .remarks
            .iter()
            .any(|remark| remark.contains("damaged")),
        "{:?}",
        collected.remarks
    );
}

#[test]
fn every_beginning_and_every_flipped_byte_is_borne() {
    let bytes = Tar::new()
        .root()
        .file("./etc/xensource-inventory", INVENTORY)
        .file(&format!("./{DATABASE}"), DUMP)
        .bytes();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&bytes).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tar"), &bytes).unwrap();
    let mut all = vec![bytes, packer.finish().unwrap()];
    if run("bzip2", &["-k", "tar"], folder.path()) {
        all.push(std::fs::read(folder.path().join("tar.bz2")).unwrap());
    }
    for bytes in all {
        for at in 0..bytes.len().min(1800) {
            let _ = taken(&Stored::new(&bytes[..at]).path()).unwrap();
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x55;
            let _ = taken(&Stored::new(&flipped).path()).unwrap();
        }
    }
}
