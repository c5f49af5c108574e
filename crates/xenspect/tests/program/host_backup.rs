//! Host backups, packed by GNU tar with the options of `xe host-backup` (`formats/host-backup.md` section 1).

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::run::{dump, path, program};
use tempfile::TempDir;

const DUMP: &str = "var/backup/pool-database-2024-05-31--13-07-09";
const PLANTED: &str = "planted-secret";

/// A folder with a host's root in `root`, and its backup in `host.xbk`.
fn packed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    let put = |name: &str, bytes: &[u8]| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put(
        "etc/xensource-inventory",
        b"PRODUCT_BRAND='XCP-ng'\nPRODUCT_VERSION='8.2.1'\nINSTALLATION_UUID='u-host'\n",
    );
    put("etc/xensource/pool.conf", b"master");
    put("etc/xensource/ptoken", PLANTED.as_bytes());
    put("etc/shadow", PLANTED.as_bytes());
    put(DUMP, &dump("pool-8.2"));
    put("boot/efi/EFI/xenserver/grub.cfg", b"set default=0\n");
    let tar = Command::new("tar")
        .args(["--gzip", "--sparse", "--preserve-permissions"])
        .args(["--one-file-system", "-cf", "../host.xbk", ".", "boot/efi"])
        .current_dir(&root)
        .status()
        .expect("GNU tar is there");
    assert!(tar.success());
    folder
}

/// Exit status, output and remarks.
fn run(folder: &TempDir, args: &[&str]) -> (Option<i32>, String, String) {
    let output = program().args(args).current_dir(folder.path()).output();
    let output = output.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The same with the backup on standard input.
fn piped(folder: &TempDir, args: &str) -> String {
    let line = format!("cat host.xbk | '{}' {args}", path().display());
    let output = Command::new("sh").args(["-c", &line]);
    let output = output.current_dir(folder.path()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn inspect_tells_a_host_from_a_file_and_a_pipe() {
    let folder = packed();
    let (status, file, remarks) = run(&folder, &["inspect", "--format", "json", "host.xbk"]);
    assert_eq!(status, Some(0), "{file}{remarks}");
    let pipe = piped(&folder, "inspect --format json -");
    let mut file: Value = serde_json::from_str(&file).unwrap();
    let pipe: Value = serde_json::from_str(&pipe).unwrap();
    assert_eq!(file["inputs"][0]["kind"], "host-backup");
    let summary = file["inputs"][0]["summary"].as_array().unwrap();
    let fact = |name: &str| {
        let fact = summary.iter().find(|fact| fact["name"] == name);
        fact.expect(name)["value"].as_str().unwrap().to_owned()
    };
    assert_eq!(fact("product"), "XCP-ng 8.2.1");
    assert_eq!(fact("pool_role"), "coordinator");
    assert!(fact("database").starts_with(DUMP));
    file["inputs"][0]["path"] = "-".into();
    assert_eq!(file, pipe);
}

#[test]
fn inspect_shows_the_database_in_it() {
    let folder = packed();
    let args = ["inspect", "--database", "--format", "json", "host.xbk"];
    let (status, shown, remarks) = run(&folder, &args);
    assert_eq!(status, Some(0), "{remarks}");
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["inputs"][0]["sections"][0]["name"], "pool");
}

#[test]
fn members_are_listed_and_printed() {
    let folder = packed();
    let (status, list, _) = run(&folder, &["ls", "host.xbk"]);
    assert_eq!(status, Some(0));
    assert!(list.contains("./etc/xensource/pool.conf"), "{list}");
    for path in ["etc/xensource/pool.conf", "./etc/xensource/pool.conf"] {
        let (status, text, remarks) = run(&folder, &["cat", "host.xbk", path]);
        assert_eq!((status, text.as_str()), (Some(0), "master"), "{remarks}");
    }
    let (status, text, remarks) = run(&folder, &["cat", "host.xbk", "etc/nothing"]);
    assert_eq!((status, text.as_str()), (Some(2), ""));
    assert!(remarks.contains("there is no etc/nothing"), "{remarks}");
}

#[test]
fn no_secret_is_shown() {
    let folder = packed();
    let (status, listed, remarks) = run(&folder, &["secrets", "host.xbk"]);
    assert_eq!(status, Some(1), "{remarks}");
    assert!(listed.contains("etc/xensource/ptoken"), "{listed}");
    assert!(listed.contains(DUMP), "{listed}");
    assert!(!listed.contains(PLANTED));
    assert_eq!(listed.lines().skip(1).collect::<Vec<_>>(), {
        let pipe = piped(&folder, "secrets -");
        pipe.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    });
    let (status, text, _) = run(&folder, &["cat", "host.xbk", "./etc/shadow"]);
    assert_eq!((status, text.as_str()), (Some(2), ""));
    let (status, text, _) = run(
        &folder,
        &["cat", "--show-secrets", "host.xbk", "etc/shadow"],
    );
    assert_eq!((status, text.as_str()), (Some(0), PLANTED));
}

#[test]
fn it_cannot_be_redacted() {
    let folder = packed();
    let (status, _, remarks) = run(&folder, &["redact", "host.xbk", "-o", "out"]);
    assert_eq!(status, Some(2), "{remarks}");
    assert!(!folder.path().join("out").exists());
}
