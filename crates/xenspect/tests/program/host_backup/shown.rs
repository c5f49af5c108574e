//! `inspect`, `ls`, `cat`, `secrets` and `redact` of a host backup.

use serde_json::Value;
use xenspect_synth::host_backup::{DUMP, INVENTORY, STATE, Variant, What};
use xenspect_synth::{Envelope, HostBackup};

use super::{broken, folder, good};

/// A fact of the summary.
fn fact(input: &Value, name: &str) -> String {
    let summary = input["summary"].as_array().expect("a summary");
    let fact = summary.iter().find(|fact| fact["name"] == name);
    let value = &fact.unwrap_or_else(|| panic!("{name}: {summary:?}"))["value"];
    value.as_str().expect("a text").to_owned()
}

#[test]
fn inspect_tells_each_kind_of_host_from_a_file_and_a_pipe() {
    for variant in Variant::all() {
        let backup = HostBackup::new(variant);
        let folder = folder(&backup);
        let answer = folder.run(&["inspect", "--format", "json", "host.xbk"]);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
        let mut file = answer.input();
        let args = ["inspect", "--format", "json", "-"];
        let pipe = folder.pipe(&args, backup.bytes()).input();
        file["path"] = "-".into();
        assert_eq!(file, pipe, "{}", variant.name());
        let inventory = String::from_utf8(backup.file(INVENTORY).expect("it").to_vec()).unwrap();
        let value = |key: &str| {
            let line = inventory.lines().find(|line| line.starts_with(key));
            let value = line.expect(key).split('\'').nth(1);
            value.expect("a value").to_owned()
        };
        let product = format!("{} {}", value("PRODUCT_BRAND="), value("PRODUCT_VERSION="));
        assert_eq!(fact(&file, "product"), product);
        assert!(fact(&file, "platform").contains(&value("PLATFORM_VERSION=")));
        assert_eq!(fact(&file, "host_uuid"), backup.site.uuid());
        let role = fact(&file, "pool_role");
        let expected = match variant.name() {
            "member" => "member",
            _ => "coordinator",
        };
        assert!(role.starts_with(expected), "{role}");
        let whole = file.to_string();
        for told in [DUMP, STATE, "Example pool", "xenbr0", "192.0.2.1"] {
            assert!(whole.contains(told), "{}: {told}", variant.name());
        }
    }
}

#[test]
fn inspect_has_nics_networkd_certificates_packs_and_folders() {
    let backup = good("coordinator");
    let whole = folder(&backup)
        .run(&["inspect", "--format", "json", "host.xbk"])
        .input()
        .to_string();
    for told in [
        "eth0",
        "0000:03:00.1",
        "balance-slb",
        "bond0",
        "xapi1",
        "xcp-1.example.net",
        "usr",
        "etc/xensource/ptoken",
    ] {
        assert!(whole.contains(told), "{told}");
    }
}

#[test]
fn inspect_names_supplemental_packs() {
    let args = ["inspect", "--format", "json", "host.xbk"];
    let whole = folder(&good("coordinator")).run(&args).input().to_string();
    assert!(whole.contains("XCP-ng Pack"), "{whole}");
}

#[test]
fn inspect_shows_the_database_in_it() {
    let args = ["inspect", "--database", "--format", "json", "host.xbk"];
    let shown = folder(&good("member")).run(&args).input();
    assert_eq!(shown["sections"][0]["name"], "pool");
    assert!(shown.to_string().contains("xcp-3"));
}

#[test]
fn every_member_is_listed_in_every_envelope() {
    let mut backup = good("bios");
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        backup.envelope = envelope;
        let folder = folder(&backup);
        let answer = folder.run(&["ls", "--format", "json", "host.xbk"]);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
        for entry in &backup.entries {
            let name = Value::from(entry.name.as_str()).to_string();
            assert!(answer.stdout.contains(&name), "{name}");
        }
        let piped = folder.pipe(&["ls", "-"], backup.bytes()).stdout;
        assert_eq!(folder.run(&["ls", "host.xbk"]).stdout, piped);
    }
}

#[test]
fn cat_prints_a_file_with_and_without_the_dot() {
    let backup = good("coordinator");
    let folder = folder(&backup);
    let long = backup
        .entries
        .iter()
        .find(|entry| entry.name.len() > 100)
        .expect("a long name");
    let paths = [
        "etc/xensource/pool.conf",
        "./etc/xensource/pool.conf",
        INVENTORY,
        "boot/efi/EFI/xenserver/grub.cfg",
        "./boot/efi/EFI/xenserver/grub.cfg",
        long.path(),
    ];
    for path in paths.iter().filter(|path| !path.ends_with("y")) {
        let expected = backup.file(path.trim_start_matches("./")).expect(path);
        let answer = folder.run(&["cat", "host.xbk", path]);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{path}");
        assert_eq!(answer.stdout.as_bytes(), expected, "{path}");
        let piped = folder.pipe(&["cat", "-", path], backup.bytes());
        assert_eq!(piped.stdout, answer.stdout, "{path}");
    }
}

#[test]
fn cat_of_what_is_not_there_is_2_and_a_sentence() {
    let folder = folder(&good("coordinator"));
    for path in [
        "etc/nothing",
        "./etc/nothing",
        "../etc/passwd",
        "/etc/fstab",
    ] {
        let answer = folder.run(&["cat", "host.xbk", path]);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{path}");
        assert_eq!(answer.stderr.lines().count(), 1, "{}", answer.stderr);
    }
    let answer = folder.run(&["cat", "host.xbk", "etc/nothing"]);
    assert!(
        answer.stderr.contains("there is no etc/nothing"),
        "{}",
        answer.stderr
    );
}

#[test]
fn cat_does_not_print_secrets_unless_told_to() {
    let backup = good("coordinator");
    let folder = folder(&backup);
    for (path, secret) in backup.planted() {
        for path in [path.clone(), format!("./{path}")] {
            let answer = folder.run(&["cat", "host.xbk", &path]);
            assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{path}");
            assert!(!answer.stderr.contains(&secret));
            let answer = folder.run(&["cat", "--show-secrets", "host.xbk", &path]);
            assert_eq!(answer.status, 0, "{}", answer.stderr);
            assert!(answer.stdout.contains(&secret), "{path}");
        }
    }
}

#[test]
fn cat_follows_hard_links_but_not_to_secrets() {
    let mut backup = good("coordinator");
    let link = |to: &str| What::HardLink(format!("./{to}"));
    backup
        .add_behind(INVENTORY, "./etc/same", link(INVENTORY))
        .unwrap();
    backup
        .add_behind(INVENTORY, "./etc/innocent", link("etc/shadow"))
        .unwrap();
    backup
        .add_behind(INVENTORY, "./etc/loop", link("etc/loop"))
        .unwrap();
    let folder = folder(&backup);
    let cat = |path: &str| folder.run(&["cat", "host.xbk", path]);
    assert_eq!(cat("etc/same").stdout, cat(INVENTORY).stdout);
    for (path, sentence) in [
        ("etc/innocent", "etc/shadow holds secrets of a host"),
        ("etc/loop", "is a hard link that leads to no file"),
    ] {
        let answer = cat(path);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{path}");
        assert!(answer.stderr.contains(sentence), "{}", answer.stderr);
    }
    let piped = folder.pipe(&["cat", "-", "etc/innocent"], backup.bytes());
    assert_eq!((piped.status, piped.stdout.as_str()), (2, ""));
    let sentence = "is a hard link to etc/shadow; ask for that";
    assert!(piped.stderr.contains(sentence), "{}", piped.stderr);
}

#[test]
fn a_pool_database_of_another_name_is_not_printed() {
    let mut backup = good("coordinator");
    let dump = backup.file(DUMP).expect("it").to_vec();
    backup.put("etc/group", dump).unwrap();
    let folder = folder(&backup);
    let answer = folder.run(&["cat", "host.xbk", "etc/group"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (1, ""));
    assert!(answer.stderr.contains("its secrets cannot be hidden"));
}

/// The dump has the higher generation and is cut; the host's own database is whole.
#[test]
fn every_command_takes_the_database_that_is_whole() {
    let folder = folder(&broken("dump-cut"));
    let verified = folder
        .run(&["verify", "--format", "json", "host.xbk"])
        .input();
    let bases = verified["host"]["databases"].as_array().expect("databases");
    let preferred = bases.iter().find(|base| base["preferred"] == true);
    assert_eq!(preferred.expect("one")["path"], STATE);
    let args = ["inspect", "--database", "--format", "json", "host.xbk"];
    assert_eq!(fact(&folder.run(&args).input(), "database"), STATE);
    let args = [
        "preflight",
        "host.xbk",
        "--target",
        "host.xbk",
        "--format",
        "json",
    ];
    assert_eq!(folder.run(&args).json()["input"]["member"], STATE);
    let compared = folder.run(&["diff", "--format", "json", "host.xbk", "host.xbk"]);
    assert_eq!(compared.json()["old"]["member"], STATE);
}

#[test]
fn secrets_names_every_path_from_a_file_and_a_pipe() {
    let backup = good("coordinator");
    let folder = folder(&backup);
    let answer = folder.run(&["secrets", "host.xbk"]);
    assert_eq!(answer.status, 1, "{}", answer.stderr);
    let paths = backup.planted().into_iter().map(|(path, _)| path);
    for path in paths.chain([DUMP.to_owned(), STATE.to_owned()]) {
        assert!(answer.stdout.contains(&path), "{path}");
    }
    let piped = folder.pipe(&["secrets", "-"], backup.bytes()).stdout;
    let rest = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rest(&answer.stdout), rest(&piped));
}

#[test]
fn it_cannot_be_redacted() {
    let folder = folder(&good("coordinator"));
    let answer = folder.run(&["redact", "host.xbk", "-o", "out"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    assert_eq!(answer.stderr.lines().count(), 1, "{}", answer.stderr);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn what_people_see() {
    let folder = folder(&good("coordinator"));
    insta::assert_snapshot!(
        "host_backup_inspect",
        folder.run(&["inspect", "host.xbk"]).stdout
    );
    insta::assert_snapshot!(
        "host_backup_secrets",
        folder.run(&["secrets", "host.xbk"]).stdout
    );
}
