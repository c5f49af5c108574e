//! A host backup scanned, listed, and files taken out of it.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use tar::EntryType;
use xenspect_archive::tar::Ending as TarEnding;
use xenspect_model::catalog::{EmbeddedState, Ending, FolderSize, HostBackup};
use xenspect_model::report::Envelope;
use xenspect_scan::{
    Catalog, Contents, Depth, Extracted, Options, Progress, Source, Walked, extract, list, scan,
};

use super::support::*;

const DUMP: &str = "var/backup/pool-database-2024-05-31--13-07-09";

/// What does not depend on the compression.
fn core(backup: &HostBackup) -> String {
    let databases: Vec<_> = backup
        .databases
        .iter()
        .map(|db| (&db.path, db.offset))
        .collect();
    let mut tree = backup.tree.clone();
    tree.envelope = None;
    format!(
        "{tree:?} {:?} {:?} {:?} {databases:?} {:?} {} {:?}",
        backup.places, backup.folders, backup.names, backup.ending, backup.members, backup.facts
    )
}

#[test]
fn of_a_file_and_a_pipe_and_however_packed_it_is_the_same() {
    let host = host();
    write(host.path(), DUMP, DATABASE.as_bytes());
    let holes = host.path().join("etc/holes");
    let mut file = File::create(holes).unwrap();
    for at in 0..60_u64 {
        file.seek(SeekFrom::Start(at << 16)).unwrap();
        file.write_all(b"x").unwrap();
    }
    let mut cores = Vec::new();
    for (how, envelope) in [
        (&[][..], Envelope::Plain),
        (&["--gzip"], Envelope::Gzip),
        (&["--zstd"], Envelope::Zstd),
    ] {
        let Some(bytes) = as_a_host(host.path(), how) else {
            return;
        };
        let backup = scanned(bytes.clone());
        assert_eq!(backup.envelope, envelope);
        assert_eq!(core(&host_of(pipe(&bytes), &options())), core(&backup));
        assert_eq!(backup.first_member, b"./");
        assert!(matches!(backup.ending, Ending::Tar(TarEnding::Complete)));
        assert!(backup.facts.is_empty(), "{:?}", backup.facts);
        assert_eq!(backup.names.repeated.total, 0);
        let [database] = backup.databases.as_slice() else {
            panic!("{:?}", backup.databases);
        };
        assert_eq!(database.path, DUMP);
        assert!(matches!(&database.state, EmbeddedState::Read(dump)
            if dump.database.schema() == Some((5, 603))));
        assert!(backup.tree.contents.contains_key("etc/xensource-inventory"));
        assert!(!backup.tree.contents.contains_key(DUMP));
        assert_eq!(backup.tree.contents["etc/holes"].len(), (59 << 16) + 1);
        cores.push(core(&backup));
    }
    assert!(cores.iter().all(|core| *core == cores[0]));
}

#[test]
fn without_digests_and_with_any_depth_the_files_are_the_same() {
    let tar = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .file("./usr/big", &"b".repeat(700_000))
        .file("./top", "xyz");
    let bytes = ended(tar.bytes());
    let plain = |depth| Options {
        digests: false,
        depth,
        threads: 1,
        ..options()
    };
    let backup = host_of(Source::memory(bytes.clone()), &plain(Depth::Full));
    assert_eq!(backup.tree.files["usr/big"].sha256, None);
    assert_eq!(backup.tree.files["usr/big"].len, Some(700_000));
    for depth in [Depth::Metadata, Depth::Headers] {
        let other = host_of(Source::memory(bytes.clone()), &plain(depth));
        assert_eq!(core(&other), core(&backup), "{depth:?}");
    }
    let size = |members, bytes| FolderSize { members, bytes };
    assert_eq!(backup.folders["usr"], size(1, 700_000));
    assert_eq!(backup.folders["."], size(2, 3));
}

#[test]
fn names_that_no_host_writes() {
    let tar = Tar::rooted()
        .file("/etc/passwd", "x")
        .file("./a/../../b", "x")
        .member(EntryType::Symlink, b"./etc/up", "../../x", b"")
        .member(EntryType::Symlink, b"./bin", "/usr/bin", b"")
        .member(EntryType::Link, b"./etc/hard", "../x", b"")
        .file("./etc/twice", "1")
        .file("etc/twice", "22")
        .member(EntryType::Directory, b"./boot/efi/", "", b"")
        .member(EntryType::Directory, b"boot/efi/", "", b"")
        .file("./boot/efi/grub.cfg", "x")
        .file("boot/efi/grub.cfg", "x");
    let names = scanned(ended(tar.bytes())).names;
    let texts = |counted: &xenspect_model::catalog::Counted| -> Vec<String> {
        counted.first.iter().map(|(_, text)| text.clone()).collect()
    };
    assert_eq!(texts(&names.climbing), ["/etc/passwd", "./a/../../b"]);
    assert_eq!(
        texts(&names.links_out),
        ["etc/up -> ../../x", "etc/hard -> ../x"]
    );
    assert_eq!(texts(&names.repeated), ["etc/twice"]);
}

#[test]
fn cut_at_any_place_it_never_looks_complete() {
    let tar = Tar::rooted()
        .file("./etc/xensource-inventory", INVENTORY)
        .file(&format!("./{DUMP}"), DATABASE);
    let whole = tar.bytes();
    let end = whole.len() - 1024;
    for cut in (1024..=end).step_by(100) {
        let backup = scanned(whole[..cut].to_vec());
        assert!(
            !matches!(backup.ending, Ending::Tar(TarEnding::Complete)),
            "{cut}"
        );
        assert!(backup.tree.incomplete, "{cut}");
    }
    let inside = scanned(whole[..end - 512].to_vec());
    let state = &inside.databases[0].state;
    assert!(matches!(state, EmbeddedState::Cut), "{state:?}");
    let name = format!("./{DUMP}").into_bytes();
    assert!(matches!(inside.ending, Ending::InPayload { name: of, .. } if of == name));
}

#[test]
fn damage_is_told() {
    let tar = Tar::rooted()
        .file("./etc/first", "x")
        .file("./etc/second", "y")
        .file("./etc/third", "z");
    let mut bytes = ended(tar.bytes());
    bytes[512 + 1024 + 3] ^= 1;
    let backup = scanned(bytes.clone());
    assert!(!backup.facts.is_empty());
    assert!(backup.tree.incomplete);
    assert!(backup.tree.files.contains_key("etc/third"));
    let mut packed = xenspect_synth::Envelope::Gzip.encode(&ended(Tar::rooted().bytes()));
    let at = packed.len() - 6;
    packed[at] ^= 1;
    assert!(!scanned(packed).facts.is_empty());
}

#[test]
fn an_export_that_was_packed_with_its_folder_stays_one() {
    let tar = Tar::rooted().file("./ova.xml", "<value/>");
    let scanned = scan(
        Source::memory(tar.bytes()),
        &options(),
        &Progress::default(),
    );
    assert!(matches!(scanned, Ok(Catalog::Archive(_))), "{scanned:?}");
}

fn taken(source: Source, name: &str) -> (Extracted, Vec<u8>) {
    let mut out = Vec::new();
    let (options, progress) = (Options::default(), Progress::default());
    let taken = extract(source, name.as_bytes(), &options, &progress, &mut out);
    (taken.unwrap(), out)
}

#[test]
fn files_are_taken_out_by_name() {
    let tar = Tar::rooted()
        .file("./etc/twice", "old")
        .member(EntryType::Link, b"./etc/hard", "./etc/once", b"")
        .member(EntryType::Link, b"./etc/loop", "./etc/loop", b"")
        .member(EntryType::Symlink, b"./etc/soft", "once", b"")
        .file("./etc/once", "1")
        .file("etc/twice", "newer");
    let bytes = ended(tar.bytes());
    for bytes in [bytes.clone(), xenspect_synth::Envelope::Gzip.encode(&bytes)] {
        let file = |name| taken(Source::memory(bytes.clone()), name);
        let pipe = |name| taken(pipe(&bytes), name);
        for name in ["etc/twice", "./etc/twice"] {
            assert_eq!(file(name).1, b"newer");
            assert_eq!(pipe(name).1, b"newer");
        }
        for (what, to) in [
            (file("etc/hard"), "etc/once"),
            (pipe("etc/hard"), "etc/once"),
            (file("etc/loop"), "etc/loop"),
        ] {
            let (Extracted::LinkTo(target), out) = what else {
                panic!("{to}");
            };
            assert_eq!((target.as_str(), out.as_slice()), (to, &b""[..]));
        }
        let (Extracted::NoContents(why), out) = file("etc/soft") else {
            panic!("a symbolic link has no contents");
        };
        assert_eq!(why, "is a symbolic link to once");
        assert!(out.is_empty());
        assert!(matches!(
            file("etc/none").0,
            Extracted::Absent {
                walked: Walked::Complete
            }
        ));
    }
}

#[test]
fn all_members_are_listed() {
    let Some(bytes) = as_a_host(host().path(), &["--gzip"]) else {
        return;
    };
    let mut names = Vec::new();
    let (options, progress) = (Options::default(), Progress::default());
    let contents = list(Source::memory(bytes), &options, &progress, &mut |listed| {
        names.push(String::from_utf8(listed.member.name.clone()).unwrap());
        ControlFlow::Continue(())
    });
    let Contents::Members { walked, lost, .. } = contents.unwrap() else {
        panic!("a document");
    };
    assert_eq!((walked, lost), (Walked::Complete, 0));
    assert_eq!(names.first().map(String::as_str), Some("./"));
    assert!(names.contains(&"boot/efi/grub.cfg".to_owned()));
}
