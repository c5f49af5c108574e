//! Backups that GNU tar packed with the options of the script. Skipped, visibly, where there is none.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use xenspect_synth::HostBackup;
use xenspect_synth::host_backup::{DUMP, Variant, pack};

use crate::run::{Folder, findings, say_skipped};

/// A folder with the tree of a host in `root`, and its backup in `host.xbk`; `None` without GNU tar.
fn packed(backup: &HostBackup) -> Option<Folder> {
    let version = Command::new("tar").arg("--version").output();
    let is_gnu =
        version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("GNU tar"));
    if !is_gnu {
        say_skipped(format_args!("skipped: tar is not GNU tar"));
        return None;
    }
    let folder = Folder::new();
    let root = folder.path().join("root");
    fs::create_dir(&root).unwrap();
    backup.write_tree(&root).unwrap();
    // tar fails without its second operand, as it would on a host.
    fs::create_dir_all(root.join("boot/efi")).unwrap();
    let path = folder.path().join("host.xbk");
    pack(&root, File::create(&path).unwrap()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    Some(folder)
}

#[test]
fn what_gnu_tar_packs_is_found_good() {
    for name in ["coordinator", "member", "xcp-ng-8.3"] {
        let variant = Variant::named(name).expect(name);
        let Some(folder) = packed(&HostBackup::new(variant)) else {
            return;
        };
        let bytes = fs::read(folder.path().join("host.xbk")).unwrap();
        let file = folder.run(&["verify", "--format", "json", "host.xbk"]);
        let pipe = folder.pipe(&["verify", "--format", "json", "-"], bytes);
        for answer in [file, pipe] {
            let input = answer.input();
            assert_eq!(input["kind"], "host-backup");
            let codes: Vec<&str> = findings(&input)
                .iter()
                .map(|finding| finding["code"].as_str().unwrap())
                .collect();
            assert_eq!(codes, variant.codes(), "{name}");
        }
    }
}

#[test]
fn it_holds_what_the_own_writer_writes() {
    let backup = HostBackup::named("coordinator").unwrap();
    let Some(folder) = packed(&backup) else {
        return;
    };
    super::put(&folder, "own.xbk", &backup);
    // Owners are those of who ran the test, and folders have other times; the files are compared.
    for path in ["etc/xensource-inventory", "etc/fstab"] {
        let theirs = folder.run(&["cat", "host.xbk", path]);
        let ours = folder.run(&["cat", "own.xbk", path]);
        assert_eq!((theirs.status, ours.status), (0, 0), "{path}");
        assert_eq!(theirs.stdout, ours.stdout, "{path}");
    }
    let show = ["cat", "--show-secrets"];
    let theirs = folder.run(&[&show[..], &["host.xbk", DUMP]].concat());
    assert_eq!(theirs.stdout.as_bytes(), backup.file(DUMP).unwrap());
    let summary = |name: &str| {
        let answer = folder.run(&["inspect", "--format", "json", name]);
        let sections = answer.input()["sections"].clone();
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        sections[0].clone()
    };
    assert_eq!(summary("host.xbk"), summary("own.xbk"));
}

/// The tree packed anew as POSIX has it, in which long names and sparse files are told by other means.
fn posix(folder: &Folder) {
    let done = Command::new("tar")
        .args(["--format=posix", "--gzip", "--sparse"])
        .args(["-cf", "../posix.xbk", ".", "boot/efi"])
        .current_dir(folder.path().join("root"))
        .status();
    assert!(done.unwrap().success());
    let path = folder.path().join("posix.xbk");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn the_other_format_of_gnu_tar_has_the_same_files() {
    let Some(folder) = packed(&HostBackup::named("coordinator").unwrap()) else {
        return;
    };
    posix(&folder);
    let answer = folder.run(&["diff", "host.xbk", "posix.xbk"]);
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
}

#[test]
fn the_other_format_of_gnu_tar_is_verified() {
    let Some(folder) = packed(&HostBackup::named("coordinator").unwrap()) else {
        return;
    };
    posix(&folder);
    let answer = folder.run(&["verify", "--format", "json", "posix.xbk"]);
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
    assert_eq!(answer.input()["kind"], "host-backup");
}

/// Where `boot/efi` is a folder like others, tar meets its files twice, and makes the second of them hard links to their own
/// paths.
#[test]
fn what_is_packed_twice_is_read() {
    let path = "boot/efi/EFI/xenserver/grub.cfg";
    let backup = HostBackup::named("coordinator").unwrap();
    let Some(folder) = packed(&backup) else {
        return;
    };
    super::put(&folder, "own.xbk", &super::broken("boot-efi-in-root"));
    for name in ["host.xbk", "own.xbk"] {
        let answer = folder.run(&["cat", name, path]);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{name}");
        assert_eq!(
            answer.stdout.as_bytes(),
            backup.file(path).unwrap(),
            "{name}"
        );
        let input = folder.run(&["verify", "--format", "json", name]).input();
        let not_checked = input["not_checked"].to_string();
        assert!(!not_checked.contains(path), "{not_checked}");
    }
}
