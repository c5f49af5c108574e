//! Host backups: what is in them, that faults differ, and that GNU tar reads them as they are meant. The tests with GNU tar
//! are skipped, visibly, where it is not installed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xenspect_synth::host_backup::{DUMP, INVENTORY, STATE, Variant, What};
use xenspect_synth::{Envelope, HostBackup, HostFault};

/// Faults that are too long to be built again and again.
const LONG: [&str; 2] = ["too-large", "too-large-for-6.5"];

fn text(backup: &HostBackup, path: &str) -> String {
    String::from_utf8(backup.file(path).expect(path).to_vec()).expect("UTF-8")
}

#[test]
fn names_are_told_apart() {
    let variants = Variant::all().map(Variant::name);
    let faults = HostFault::all().map(HostFault::name);
    let names: Vec<&str> = variants.chain(faults).collect();
    let unique: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names.len(), unique.len());
    assert!(HostBackup::named("no such host").is_none());
    assert!(HostFault::named("no such fault").is_none());
}

#[test]
fn the_same_name_gives_the_same_bytes() {
    for variant in Variant::all() {
        let bytes = HostBackup::new(variant).bytes();
        assert!(bytes == HostBackup::new(variant).bytes());
        assert!(bytes.starts_with(&[0x1f, 0x8b, 8, 0]), "{}", variant.name());
    }
}

#[test]
fn the_stream_is_as_gnu_tar_leaves_it() {
    for variant in Variant::all() {
        let mut backup = HostBackup::new(variant);
        backup.envelope = Envelope::Plain;
        let bytes = backup.bytes();
        assert_eq!(bytes.len() % 10_240, 0);
        assert!(bytes.starts_with(b"./\0"));
        assert!(bytes.ends_with(&[0; 1024]));
        let last = backup.entries.last().expect("members");
        let outside = last.name.starts_with("boot/efi/");
        assert_eq!(outside, !variant.name().starts_with("xenserver"));
        // Each folder is before what is in it, and there is no member twice but boot/efi.
        let mut seen = BTreeSet::new();
        for entry in &backup.entries {
            if let Some((above, _)) = entry.path().rsplit_once('/') {
                assert!(seen.contains(above), "{}", entry.name);
            }
            let fresh = seen.insert(entry.path());
            assert!(fresh || entry.path() == "boot/efi", "{}", entry.name);
        }
        let mut sorted: Vec<&str> = backup.entries.iter().map(|entry| entry.path()).collect();
        sorted.sort_unstable();
        assert!(
            sorted
                .iter()
                .zip(&backup.entries)
                .any(|(a, b)| *a != b.path())
        );
    }
}

#[test]
fn every_fault_differs_from_the_good_one_and_from_all_others() {
    let mut seen = BTreeSet::new();
    for fault in HostFault::all().filter(|fault| !LONG.contains(&fault.name())) {
        let (good, bad) = (fault.good().bytes(), fault.build());
        let changed = good != bad.bytes() || bad.readable_by_others;
        assert!(changed, "{} changed nothing", fault.name());
        assert!(
            seen.insert(bad.bytes()),
            "{} is that of another",
            fault.name()
        );
        assert!(!fault.description().is_empty());
    }
}

#[test]
fn what_a_host_says_of_itself_agrees() {
    for variant in Variant::all() {
        let backup = HostBackup::new(variant);
        let inventory = text(&backup, INVENTORY);
        let (dump, state) = (text(&backup, DUMP), text(&backup, STATE));
        let site = &backup.site;
        for uuid in [site.uuid(), site.control_domain()] {
            assert!(inventory.contains(uuid) && dump.contains(uuid) && state.contains(uuid));
        }
        let version = inventory
            .lines()
            .find_map(|line| line.strip_prefix("PRODUCT_VERSION="))
            .expect("a version")
            .trim_matches('\'');
        assert!(dump.contains(&format!("'{version}'")), "{version}");
        let generation = |dump: &str| -> i64 {
            let rest = dump.split("generation_count\" value=\"").nth(1);
            let count = rest.and_then(|rest| rest.split('"').next());
            count.expect("a generation").parse().expect("a number")
        };
        assert_eq!(generation(&dump), generation(&state) + 5);
        for (path, secret) in backup.planted() {
            assert!(text(&backup, &path).contains(&secret), "{path}");
        }
    }
}

/// `None`, said visibly, without GNU tar.
fn tar(folder: &Path, arguments: &[&str]) -> Option<Output> {
    let run = |arguments: &[&str]| {
        Command::new("tar")
            .args(arguments)
            .current_dir(folder)
            .envs([("LC_ALL", "C"), ("TZ", "UTC")])
            .output()
    };
    let is_gnu = run(&["--version"])
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("GNU tar"));
    if !is_gnu {
        say_skipped(format_args!("skipped: tar is not GNU tar"));
        return None;
    }
    let output = run(arguments).expect("tar ran before");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(output)
}

fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}

#[test]
fn gnu_tar_lists_every_member() {
    for variant in Variant::all() {
        for envelope in [Envelope::Plain, Envelope::Gzip] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut backup = HostBackup::new(variant);
            backup.envelope = envelope;
            fs::write(folder.path().join("a.xbk"), backup.bytes()).expect("written");
            let listed = ["--force-local", "--quoting-style=literal", "-tvf", "a.xbk"];
            let Some(output) = tar(folder.path(), &listed) else {
                return;
            };
            let listed = String::from_utf8(output.stdout).expect("UTF-8");
            let kinds: String = listed
                .lines()
                .filter_map(|line| line.chars().next())
                .collect();
            let expected: String = backup
                .entries
                .iter()
                .map(|entry| match entry.what {
                    What::Folder => 'd',
                    What::HardLink(_) => 'h',
                    What::Symlink(_) => 'l',
                    What::Character(..) => 'c',
                    What::Block(..) => 'b',
                    What::Fifo => 'p',
                    _ => '-',
                })
                .collect();
            assert_eq!(kinds, expected, "{}", variant.name());
            for (line, entry) in listed.lines().zip(&backup.entries) {
                let name = line.split(" -> ").next().unwrap_or(line);
                let name = name.split(" link to ").next().unwrap_or(name);
                assert!(name.ends_with(&entry.name), "{line}");
            }
            let sparse = listed.lines().find(|line| line.ends_with("__db.001"));
            assert!(
                sparse.is_some_and(|line| line.contains(" 8388608 ")),
                "{sparse:?}"
            );
            assert!(listed.contains(" 4000000/4000000 "), "{listed}");
            assert!(listed.contains("-rwsr-xr-x"), "{listed}");
            assert!(
                listed.contains("2024-05-31 13:07 ./var/backup/"),
                "{listed}"
            );
        }
    }
}

/// What is at each path: permissions, and bytes or the target of a link. Devices and pipes are left out, for not every user
/// may make them.
#[cfg(unix)]
fn tree(root: &Path) -> BTreeMap<String, (u32, Vec<u8>)> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let data = fs::symlink_metadata(&path).expect("there");
            let bytes = if data.is_symlink() {
                let to = fs::read_link(&path).expect("a link");
                to.as_os_str().as_bytes().to_vec()
            } else if data.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else if data.is_file() {
                fs::read(&path).expect("readable")
            } else {
                continue;
            };
            let name = path
                .strip_prefix(root)
                .expect("below")
                .display()
                .to_string();
            found.insert(name, (data.permissions().mode() & 0o7777, bytes));
        }
    }
    found
}

#[cfg(unix)]
#[test]
fn what_gnu_tar_unpacks_is_the_tree() {
    use std::os::unix::fs::MetadataExt;
    for variant in Variant::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
        let backup = HostBackup::new(variant);
        for path in [&ours, &theirs] {
            fs::create_dir(path).expect("made");
        }
        backup.write_tree(&ours).expect("a tree");
        backup.write_tree(&ours).expect("the same once more");
        fs::write(folder.path().join("a.xbk"), backup.bytes()).expect("written");
        // Devices are for root alone.
        let arguments = [
            "--force-local",
            "-xpzf",
            "../a.xbk",
            "--no-same-owner",
            "--exclude=./lib/udev/devices/*",
        ];
        if tar(&theirs, &arguments).is_none() {
            return;
        }
        assert!(tree(&ours) == tree(&theirs), "{}", variant.name());
        let inode = |name: &str| fs::metadata(theirs.join(name)).expect("there").ino();
        assert_eq!(inode("usr/bin/perl"), inode("usr/bin/perl5.16.3"));
        let sparse = fs::metadata(theirs.join("var/lib/rpm/__db.001")).expect("there");
        assert_eq!(sparse.len(), 8 << 20);
    }
}

#[cfg(unix)]
#[test]
fn gnu_tar_packs_the_tree_with_the_options_of_the_script() {
    let folder = tempfile::tempdir().expect("a folder");
    if tar(folder.path(), &["--version"]).is_none() {
        return;
    }
    let root = folder.path().join("root");
    fs::create_dir(&root).expect("made");
    HostBackup::named("coordinator")
        .expect("a host")
        .write_tree(&root)
        .expect("a tree");
    // What the script leaves out, at any depth.
    for path in [
        "var/tmp/.previousInventory",
        "var/crash/core",
        "opt/tmp/x",
        "var/log/audit.log",
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, "left out").expect("written");
    }
    let out = fs::File::create(folder.path().join("a.xbk")).expect("made");
    xenspect_synth::host_backup::pack(&root, out).expect("packed");
    let listed = tar(folder.path(), &["-tzf", "a.xbk"]).expect("tar ran before");
    let listed = String::from_utf8(listed.stdout).expect("UTF-8");
    let names: Vec<&str> = listed.lines().collect();
    assert_eq!(names.first(), Some(&"./"));
    assert!(names.contains(&"boot/efi/EFI/xenserver/grub.cfg"));
    assert!(names.contains(&"./opt/tmp/"));
    for part in ["previousInventory", "core", "tmp/x", "audit"] {
        assert!(!listed.contains(part), "{part}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_of_the_folder() {
    for name in ["absolute-name", "climbing-name", "climbing-name-within"] {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("a");
        fs::create_dir(&root).expect("made");
        let backup = HostFault::named(name).expect(name).build();
        let error = backup.write_tree(&root).expect_err("it is refused");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    }
}
