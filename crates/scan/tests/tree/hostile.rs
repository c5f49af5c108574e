//! Archives that repeat, lead out, break off and lie.

use std::io::{self, Write};
use std::sync::Arc;

use tar::EntryType;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::FileKind;
use xenspect_scan::{Limits, Progress, ReadAt, Source, scan};

use super::support::*;

const NAME: &str = "etc/xensource-inventory";

fn paths(table: &FileTable) -> Vec<&str> {
    table.files.keys().map(String::as_str).collect()
}

#[test]
fn the_last_of_a_repeated_name_counts() {
    let tar = Tar::rooted()
        .file("./etc/xensource-inventory", "old")
        .file(NAME, "newer");
    let table = some(tar.bytes());
    assert_eq!(paths(&table), [".", NAME]);
    assert_eq!(table.files[NAME].len, Some(5));
    assert_eq!(table.files[NAME].sha256, digest(b"newer"));
    assert_eq!(table.contents[NAME], b"newer");
    assert!(!table.incomplete);
}

#[test]
fn what_takes_the_place_of_a_file_takes_its_contents_away() {
    for (kind, is, word) in [
        (EntryType::Symlink, FileKind::Symlink, "symbolic link"),
        (EntryType::Fifo, FileKind::Fifo, "FIFO"),
        (EntryType::Block, FileKind::Device, "block device"),
        (
            EntryType::new(b'V'),
            FileKind::Other,
            "file of another type",
        ),
    ] {
        let tar = Tar::rooted()
            .file(NAME, "old")
            .member(kind, NAME.as_bytes(), "x", b"");
        let table = some(tar.bytes());
        let state = &table.files[NAME];
        assert_eq!((state.is, &state.sha256, state.len), (is, &None, None));
        assert_eq!(state.link.is_some(), is == FileKind::Symlink);
        assert!(table.contents.is_empty());
        let remark = format!("{NAME} is left out: it is a {word} there, which is not read");
        assert_eq!(table.remarks, [remark]);
    }
}

#[test]
fn a_hard_link_is_its_target_as_it_was_then() {
    let tar = Tar::rooted()
        .file("./etc/xensource-inventory", "first")
        .member(
            EntryType::Link,
            b"./etc/linked",
            "./etc/xensource-inventory",
            b"",
        )
        .member(EntryType::Link, b"./again", "etc/linked", b"")
        .file("./etc/xensource-inventory", "second");
    let table = some(tar.bytes());
    for name in ["etc/linked", "again"] {
        assert_eq!(table.files[name].is, FileKind::HardLink);
        assert_eq!(table.files[name].sha256, digest(b"first"), "{name}");
    }
    assert_eq!(table.files["etc/linked"].link.as_deref(), Some(NAME));
    assert_eq!(table.contents["etc/linked"], b"first");
    assert_eq!(table.contents[NAME], b"second");
}

#[test]
fn a_hard_link_to_nothing_has_no_contents() {
    let tar = Tar::rooted().member(EntryType::Link, NAME.as_bytes(), "etc/gone", b"");
    let table = some(tar.bytes());
    assert_eq!(
        (table.files[NAME].len, &table.files[NAME].sha256),
        (None, &None)
    );
    let remark = format!("{NAME} is left out: it is a hard link to a file that is not read");
    assert_eq!(table.remarks, [remark]);
}

#[test]
fn names_that_lead_out_are_names() {
    let names = ["/etc/xensource-inventory", "../x", "./a/../../x"];
    for name in names {
        let table = some(Tar::rooted().file(name, "evil").bytes());
        assert_eq!(table.files[name].sha256, digest(b"evil"), "{name}");
        assert!(table.contents.is_empty());
        assert_eq!(table.remarks, [""; 0]);
    }
}

#[test]
fn names_that_are_no_text_do_not_become_one() {
    let file = |tar: Tar, name: &[u8]| tar.member(EntryType::Regular, name, "", name);
    let tar = file(file(Tar::rooted(), b"./a\xff"), b"./a\xfe");
    let table = some(tar.bytes());
    assert_eq!(paths(&table), [".", "a\\xfe", "a\\xff"]);
    assert_eq!(table.files["a\\xfe"].sha256, digest(b"./a\xfe"));
}

#[test]
fn files_and_names_are_bounded() {
    let bytes = || {
        let tar = Tar::rooted()
            .file("./a", "1")
            .file("./b", "2")
            .file("./cccccc", "3");
        tar.file("./etc/xensource-inventory", INVENTORY).bytes()
    };
    let files = Limits {
        files: 3,
        ..Limits::default()
    };
    let names = Limits {
        names: 8,
        ..Limits::default()
    };
    for (limits, expected, left_out) in [
        (files, vec![".", "a", "b"], 2),
        (names, vec![".", "a", "b"], 2),
    ] {
        let table = within(bytes(), limits);
        assert_eq!(paths(&table), expected);
        assert_eq!(table.left_out, left_out);
        assert!(table.incomplete);
        assert!(table.contents.is_empty());
        let remark = format!("it has {left_out} more files than are read, which are left out");
        assert_eq!(table.remarks, [remark]);
    }
}

#[test]
fn of_a_cut_archive_what_came_before_is_there() {
    let whole = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .file("./boot/vmlinuz", &"x".repeat(5000))
        .file("./zzz", "")
        .bytes();
    // The root, two blocks of the inventory, header and ten blocks of the kernel.
    for (cut, files, unread) in [
        (512 * 3, 2, 0),
        (512 * 3 + 7, 2, 0),
        (512 * 4, 3, 1),
        (512 * 5 + 100, 3, 1),
        (512 * 14, 3, 0),
    ] {
        let table = some(whole[..cut].to_vec());
        assert!(table.incomplete, "{cut}");
        assert_eq!(table.files.len(), files, "{cut}");
        assert_eq!(table.contents[NAME], INVENTORY.as_bytes());
        assert_eq!(table.remarks.len(), unread + 1, "{:?}", table.remarks);
        if unread > 0 {
            let kernel = &table.files["boot/vmlinuz"];
            assert_eq!((kernel.len, &kernel.sha256), (Some(5000), &None));
            let remark = "the contents of boot/vmlinuz are unknown: it is cut short";
            assert_eq!(table.remarks[0], remark);
        }
        let last = table.remarks.last().unwrap();
        assert!(last.starts_with("it ends at offset"), "{last}");
    }
}

#[test]
fn of_a_cut_packed_archive_what_came_before_is_there() {
    let mut state = 1_u32;
    let noise: String = (0..1 << 20)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'0' + (state >> 26) as u8)
        })
        .collect();
    let whole = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .file("./boot/vmlinuz", &noise)
        .bytes();
    for envelope in [
        xenspect_synth::Envelope::Gzip,
        xenspect_synth::Envelope::Zstd,
    ] {
        let packed = envelope.encode(&whole);
        let table = some(packed[..packed.len() * 3 / 4].to_vec());
        assert!(table.incomplete);
        assert_eq!(paths(&table), [".", "boot/vmlinuz", NAME]);
        assert_eq!(table.files["boot/vmlinuz"].sha256, None);
        assert_eq!(table.remarks.len(), 2, "{:?}", table.remarks);
        assert!(table.remarks[1].starts_with("its compression breaks"));
    }
}

#[test]
fn a_damaged_header_costs_its_file() {
    let mut bytes = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .file("./etc/hosts", "x")
        .file("./etc/passwd", "y")
        .bytes();
    bytes[3 * 512 + 2] ^= 0x20;
    let table = some(bytes);
    assert!(table.incomplete);
    assert_eq!(paths(&table), [".", "etc/passwd", NAME]);
    assert_eq!(
        table.remarks,
        ["Etc/hosts is left out: it has a damaged header"]
    );
}

#[test]
fn a_wrong_checksum_behind_everything_is_told() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let tar = Tar::rooted().file("./etc/xensource-inventory", INVENTORY);
    encoder.write_all(&tar.bytes()).unwrap();
    let mut packed = encoder.finish().unwrap();
    let crc = packed.len() - 8;
    packed[crc] ^= 1;
    let table = some(packed);
    let remark =
        "its compression tells damage (its checksum is wrong): what was read of it may be wrong";
    assert_eq!(table.remarks, [remark]);
    assert_eq!(table.files.len(), 2);
}

/// Bytes of which some cannot be read.
struct BadSectors(Vec<u8>, std::ops::Range<u64>);

impl ReadAt for BadSectors {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let end = offset + buf.len() as u64;
        if offset < self.1.end && self.1.start < end {
            return Err(io::Error::other("bad sector"));
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn contents_that_the_storage_does_not_give_are_unknown() {
    let bytes = Tar::rooted()
        .file("./etc/xensource-inventory", &"x".repeat(2 << 20))
        .file("./etc/hosts", "x")
        .bytes();
    let source = Source::File {
        len: bytes.len() as u64,
        reader: Arc::new(BadSectors(bytes, 1_048_576..1_049_088)),
        readable_by_others: false,
    };
    let table = table_of(host_of(source, &options()));
    assert_eq!(
        (table.files[NAME].len, &table.files[NAME].sha256),
        (Some(2 << 20), &None)
    );
    assert!(table.contents.is_empty());
    assert_eq!(table.files["etc/hosts"].sha256, digest(b"x"));
    let remark = "the contents of etc/xensource-inventory are unknown: it lies where the storage cannot be read";
    assert_eq!(table.remarks, [remark]);
}

#[test]
fn every_beginning_and_every_flipped_byte_is_borne() {
    let mut sparse = tar::Header::new_gnu();
    sparse.as_mut_bytes()[..5].copy_from_slice(b"./gap");
    sparse.set_entry_type(EntryType::GNUSparse);
    sparse.as_gnu_mut().unwrap().realsize = *b"00000002000\0";
    let piece = &mut sparse.as_gnu_mut().unwrap().sparse[0];
    (piece.offset, piece.numbytes) = (*b"00000001000\0", *b"00000000004\0");
    sparse.set_size(4);
    sparse.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    let rooted = Tar::rooted().bytes();
    builder.get_mut().extend_from_slice(&rooted[..512]);
    builder.append(&sparse, b"gap!".as_slice()).unwrap();
    let bytes = builder.into_inner().unwrap();
    let mut expected = vec![0; 1024];
    expected[512..516].copy_from_slice(b"gap!");
    assert_eq!(some(bytes.clone()).files["gap"].sha256, digest(&expected));
    for at in 0..bytes.len() {
        let _ = scan(
            Source::memory(bytes[..at].to_vec()),
            &options(),
            &Progress::default(),
        );
        for flip in [1, 0x55, 0x80] {
            let mut flipped = bytes.clone();
            flipped[at] ^= flip;
            let _ = scan(Source::memory(flipped), &options(), &Progress::default());
        }
    }
}
