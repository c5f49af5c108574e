//! What is counted, named and replaced: sizes by folder, names that are there twice, databases.

use tar::EntryType;
use xenspect_archive::tar::MemberKind;
use xenspect_model::catalog::{EmbeddedState, Fact, FolderSize, HostBackup, Member, Unpacking};
use xenspect_model::diff::FileKind;
use xenspect_scan::{Depth, Options, Source};

use super::support::*;

const STATE: &str = "var/lib/xcp/state.db";

fn size(members: u64, bytes: u64) -> FolderSize {
    FolderSize { members, bytes }
}

/// Without digests, and nothing in the table that is not kept.
fn bare() -> Options {
    Options {
        digests: false,
        host_table: |_| false,
        ..options()
    }
}

fn repeated(backup: &HostBackup) -> Vec<&str> {
    let first = backup.names.repeated.first.iter();
    first.map(|(_, name)| name.as_str()).collect()
}

#[test]
fn of_a_repeated_name_the_last_member_takes_up_room() {
    let tar = Tar::rooted()
        .file("./etc/a", &"x".repeat(1000))
        .file("./etc/b", "12")
        .file("etc/a", "123")
        .member(EntryType::Symlink, b"./etc/b", "a", b"")
        .file("./boot/efivars", "1")
        .file("./boot/efivars", "22");
    let bytes = ended(tar.bytes());
    for options in [options(), bare()] {
        let backup = host_of(Source::memory(bytes.clone()), &options);
        assert_eq!(backup.folders["etc"], size(2, 3));
        assert_eq!(backup.folders["boot"], size(1, 2));
        assert_eq!(backup.folders["."], size(1, 0));
        assert_eq!(repeated(&backup), ["etc/a", "etc/b", "boot/efivars"]);
    }
}

#[test]
fn links_and_devices_take_up_no_room_and_unknown_members_do() {
    let tar = Tar::rooted()
        .file("./dev/file", "12345")
        .member(EntryType::Link, b"./dev/link", "./dev/file", b"")
        .member(EntryType::Char, b"./dev/char", "", b"")
        .member(EntryType::Block, b"./dev/block", "", b"")
        .member(EntryType::Fifo, b"./dev/fifo", "", b"")
        .member(EntryType::new(b'?'), b"./dev/other", "", b"123");
    let backup = scanned(ended(tar.bytes()));
    assert_eq!(backup.folders["dev"], size(6, 8));
    let kinds = ["link", "char", "block", "fifo", "other"];
    let kinds = kinds.map(|name| backup.tree.files[&format!("dev/{name}")].is);
    let expected = [
        FileKind::HardLink,
        FileKind::Device,
        FileKind::Device,
        FileKind::Fifo,
        FileKind::Other,
    ];
    assert_eq!(kinds, expected);
    assert!(backup.facts.is_empty(), "{:?}", backup.facts);
}

#[test]
fn a_device_with_a_size_is_told_and_walked_over() {
    let tar = Tar::rooted()
        .member(EntryType::Block, b"./dev/block", "", &[b'x'; 700])
        .file("./etc/behind", "1");
    let backup = scanned(ended(tar.bytes()));
    let facts: Vec<_> = backup.facts.iter().map(|located| &located.fact).collect();
    let fault = Unpacking::Size {
        kind: MemberKind::BlockDevice,
        size: 700,
    };
    let name = b"./dev/block".to_vec();
    assert_eq!(facts, [&Fact::Member(Member::Unpacking { name, fault })]);
    assert_eq!(backup.folders["dev"], size(1, 0));
    assert_eq!(backup.tree.files["etc/behind"].sha256, digest(b"1"));
}

#[test]
fn sizes_of_numbers_beyond_octal_digits_are_read() {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..10].copy_from_slice(b"./etc/huge");
    header.as_mut_bytes()[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]);
    header.set_mtime(1 << 40);
    header.set_uid(u64::from(u32::MAX) + 7);
    header.set_gid(0);
    header.set_mode(0o640);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    let rooted = Tar::rooted().bytes();
    let mut bytes = rooted[..512].to_vec();
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(b"abc");
    bytes.resize(bytes.len().next_multiple_of(512) + 1024, 0);
    let backup = scanned(bytes);
    let state = &backup.tree.files["etc/huge"];
    assert_eq!((state.len, &state.sha256), (Some(3), &digest(b"abc")));
    assert_eq!(state.owner, "4294967302:0");
    assert_eq!(backup.newest_file, Some(1 << 40));
}

#[test]
fn what_is_not_asked_for_is_not_in_the_table() {
    let tar = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .file(&format!("./{STATE}"), DATABASE)
        .file("./usr/bin/tool", "1");
    let bytes = ended(tar.bytes());
    let backup = host_of(Source::memory(bytes.clone()), &bare());
    let paths: Vec<&str> = backup.tree.files.keys().map(String::as_str).collect();
    assert_eq!(paths, ["etc/xensource-inventory", STATE]);
    assert!(backup.tree.contents.contains_key("etc/xensource-inventory"));
    assert_eq!((backup.members, backup.tree.left_out), (4, 0));
    let all = scanned(bytes);
    assert_eq!((all.folders, all.places), (backup.folders, backup.places));
}

/// The offset of the database's member, and whether it was read.
fn databases(backup: &HostBackup) -> Vec<(u64, bool)> {
    let of = |db: &xenspect_model::catalog::EmbeddedDatabase| {
        assert_eq!(db.path, STATE);
        (db.offset, matches!(db.state, EmbeddedState::Read(_)))
    };
    backup.databases.iter().map(of).collect()
}

#[test]
fn the_last_of_a_databases_members_counts() {
    let first = || Tar::rooted().file(&format!("./{STATE}"), DATABASE);
    let second = 512 + 512 + DATABASE.len().next_multiple_of(512) as u64;
    let link = |kind, target| first().member(kind, STATE.as_bytes(), target, b"");
    for (what, tar, expected) in [
        ("once", first(), vec![(512, true)]),
        ("again", first().file(STATE, DATABASE), vec![(second, true)]),
        ("a text", first().file(STATE, "x"), vec![(second, false)]),
        (
            "a symbolic link",
            link(EntryType::Symlink, "x"),
            vec![(second, false)],
        ),
        (
            "a hard link",
            link(EntryType::Link, "./etc/x"),
            vec![(second, false)],
        ),
        (
            "a hard link to itself",
            link(EntryType::Link, "./var/lib/xcp/state.db"),
            vec![(512, true)],
        ),
        (
            "a folder",
            link(EntryType::Directory, ""),
            vec![(second, false)],
        ),
    ] {
        let bytes = ended(tar.bytes());
        for options in [options(), bare()] {
            let backup = host_of(Source::memory(bytes.clone()), &options);
            assert_eq!(databases(&backup), expected, "{what}");
            let places: Vec<u64> = backup.places.values().copied().collect();
            let offsets: Vec<u64> = expected.iter().map(|(offset, _)| *offset).collect();
            assert_eq!(places, offsets, "{what}");
        }
    }
}

#[test]
fn a_database_that_is_too_large_is_told() {
    let tar = Tar::rooted().file(&format!("./{STATE}"), DATABASE);
    let mut options = bare();
    options.limits.dump = 100;
    let backup = host_of(Source::memory(ended(tar.bytes())), &options);
    let size = DATABASE.len() as u64;
    assert!(matches!(backup.databases[0].state,
        EmbeddedState::TooLarge { size: told } if told == size));
}

#[test]
fn many_databases_are_bounded() {
    let mut tar = Tar::rooted();
    for number in 0..300 {
        tar = tar.file(&format!("./var/backup/pool-database-{number}"), "x");
    }
    let backup = scanned(ended(tar.bytes()));
    assert_eq!(backup.databases.len(), 256);
    let remark = "it has 44 more pool databases than are read, which are left out";
    assert_eq!(backup.tree.remarks, [remark]);
}

#[test]
fn files_that_are_linked_to_themselves_keep_their_contents() {
    let host = host();
    let efi = host.path().join("boot/efi");
    write(host.path(), "boot/efi/EFI/xenserver/grub.cfg", b"set x");
    std::fs::hard_link(efi.join("EFI/xenserver/grub.cfg"), efi.join("again")).unwrap();
    let Some(bytes) = as_a_host(host.path(), &[]) else {
        return;
    };
    let backup = scanned(bytes);
    for name in ["boot/efi/again", "boot/efi/EFI/xenserver/grub.cfg"] {
        assert_eq!(backup.tree.files[name].sha256, digest(b"set x"), "{name}");
    }
    assert_eq!(repeated(&backup), [""; 0]);
    assert_eq!(backup.tree.remarks, [""; 0]);
    // Two names of one file, and the kernel beside it.
    assert_eq!(backup.folders["boot"].bytes, 300_000 + 5 + 5);
}

#[test]
fn times_are_those_of_files() {
    let host = host();
    let Some(bytes) = as_a_host(host.path(), &["--mtime=@1717160829"]) else {
        return;
    };
    for depth in [Depth::Headers, Depth::Full] {
        let options = Options { depth, ..bare() };
        let backup = host_of(Source::memory(bytes.clone()), &options);
        assert_eq!(backup.newest_file, Some(1_717_160_829));
    }
}
