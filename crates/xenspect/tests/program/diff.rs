//! `diff`: every pair of inputs that can be compared, a series, and how it ends.

use std::io::Write;

use serde_json::Value;

use crate::run::{Answer, Folder, damaged, good};

/// A pool database of one VM.
fn pool(name: &str, memory: u64, more: &str) -> Vec<u8> {
    format!(
        concat!(
            r#"<?xml version="1.0"?><database><manifest><pair key="schema_major_vsn" value="5"/>"#,
            r#"<pair key="schema_minor_vsn" value="603"/><pair key="generation_count" value="7"/></manifest>"#,
            r#"<table name="pool"><row ref="OpaqueRef:p" uuid="4dc2f53b-2e6d-c26f-29c8-615bce87ed14" name_label="lab"/></table>"#,
            r#"<table name="VM"><row ref="OpaqueRef:v" uuid="668b53e9-0dfa-a495-506c-13cd1234c424" name__label="{name}" "#,
            r#"power_state="Halted" is_a_template="false" memory__static_max="{memory}" other_config="(('folder' '/a'))"/>{more}</table></database>"#
        ),
        name = name,
        memory = memory,
        more = more
    )
    .into_bytes()
}

const SECOND: &str = r#"<row ref="OpaqueRef:w" uuid="6f200e27-6252-4dd5-7249-22087cb220eb" name__label="database" power_state="Running" is_a_template="false" memory__static_max="1073741824"/>"#;

fn two(old: &[u8], new: &[u8]) -> Folder {
    let folder = Folder::with("old.xml", old);
    folder.put("new.xml", new);
    folder
}

fn compare(folder: &Folder, more: &[&str]) -> Answer {
    let mut args = vec!["diff", "old.xml", "new.xml"];
    args.extend(more);
    folder.run(&args)
}

fn status(answer: &Answer) -> (i32, &str) {
    (answer.status, answer.stderr.as_str())
}

#[test]
fn no_difference_is_0_and_differences_are_1() {
    let (web, www) = (pool("web", 1 << 30, ""), pool("www", 2 << 30, SECOND));
    let answer = compare(&two(&web, &web), &[]);
    assert_eq!(status(&answer), (0, ""), "{}", answer.stdout);
    assert!(answer.stdout.starts_with("old.xml → new.xml  SAME\n"));
    let answer = compare(&two(&web, &www), &[]);
    assert_eq!(status(&answer), (1, ""), "{}", answer.stdout);
    insta::assert_snapshot!("diff_two_pools", answer.stdout);
    let answer = compare(&two(&web, &www), &["--format", "markdown"]);
    insta::assert_snapshot!("diff_two_pools_markdown", answer.stdout);
    let report = compare(&two(&web, &www), &["--format", "json"]).json();
    assert_eq!(report["same"], false);
    assert_eq!(report["groups"][0]["added"], 1);
    assert_eq!(report["groups"][0]["changed"], 1);
}

#[test]
fn fields_can_be_left_out() {
    let folder = two(&pool("web", 1 << 30, ""), &pool("web", 2 << 30, ""));
    assert_eq!(compare(&folder, &[]).status, 1);
    let answer = compare(&folder, &["--ignore", "VM.memory_static_max"]);
    assert_eq!(status(&answer), (0, ""), "{}", answer.stdout);
    let answer = compare(&folder, &["--ignore", "memory_static_max"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("TABLE.FIELD"), "{}", answer.stderr);
}

#[test]
fn what_cannot_be_compared_is_2() {
    let folder = Folder::with("old.xml", &pool("web", 1, ""));
    folder.put("notes.txt", b"no backup");
    for args in [
        &["diff", "old.xml"][..],
        &["diff", "old.xml", "missing.xml"],
        &["diff", "old.xml", "notes.txt"],
        &["diff", "-", "-"],
    ] {
        let answer = folder.run(args);
        assert_eq!(answer.status, 2, "{args:?} {}", answer.stderr);
        assert_eq!(answer.stdout, "", "{args:?}");
        assert!(!answer.stderr.is_empty(), "{args:?}");
    }
}

/// Nobody can say that what is cut short is the same, even as itself.
#[test]
fn what_was_not_read_whole_is_not_the_same() {
    let whole = good("two-disks");
    let folder = two(&whole[..whole.len() - 4096], &whole[..whole.len() - 4096]);
    let dump = pool("web", 1 << 30, SECOND);
    folder.put("cut.xml", &dump[..dump.len() - 20]);
    for args in [
        ["diff", "old.xml", "new.xml"],
        ["diff", "cut.xml", "cut.xml"],
    ] {
        let answer = folder.run(&args);
        assert_eq!(answer.status, 1, "{args:?} {}", answer.stderr);
        let head = answer.stdout.lines().next().unwrap();
        assert!(head.ends_with("NOT WHOLLY COMPARED"), "{head}");
        let report = folder
            .run(&[&args[..], &["--format", "json"]].concat())
            .json();
        assert_eq!(
            (&report["same"], &report["incomplete"]),
            (&false.into(), &true.into())
        );
    }
}

/// Damage that leaves all that was read alike.
#[test]
fn what_is_damaged_is_not_the_same() {
    for fault in ["ova-not-well-formed", "ova-missing"] {
        let folder = two(&good("two-disks"), &damaged(fault));
        let answer = compare(&folder, &["--format", "json"]);
        assert_ne!(answer.status, 0, "{fault}: {}", answer.stdout);
    }
    // Zeros over a piece of a row that nobody compares.
    let whole = pool("web", 1 << 30, "");
    let text = String::from_utf8(whole.clone()).unwrap();
    let zeros = text.replacen(" power_state=", " domid=\"\0\0\0\" power_state=", 1);
    let answer = compare(&two(&whole, zeros.as_bytes()), &["--ignore", "VM.domid"]);
    assert_eq!(answer.status, 1, "{}", answer.stdout);
    assert!(
        answer.stdout.contains("NOT WHOLLY COMPARED"),
        "{}",
        answer.stdout
    );
    for fault in ["gzip-crc-wrong", "gzip-isize-wrong", "zstd-checksum-wrong"] {
        let broken = damaged(fault);
        let answer = compare(&two(&broken, &broken), &[]);
        assert_eq!(answer.status, 1, "{fault}: {}", answer.stdout);
        assert!(answer.stdout.contains("NOT WHOLLY COMPARED"), "{fault}");
    }
}

/// A host backup of these files, as tar writes it.
fn host_backup(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Directory);
    header.set_path("./").unwrap();
    header.set_mode(0o755);
    header.set_size(0);
    header.set_cksum();
    tar.append(&header, std::io::empty()).unwrap();
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("./{name}"), *bytes)
            .unwrap();
    }
    tar.into_inner().unwrap()
}

#[test]
fn host_backups_are_compared_by_files_and_databases() {
    let inventory = |version: &str| format!("PRODUCT_VERSION='{version}'\nDOM0_MEM='4096'\n");
    let backup = |version: &str, name: &str, token: &str| {
        host_backup(&[
            ("etc/xensource-inventory", inventory(version).as_bytes()),
            ("etc/xensource/ptoken", token.as_bytes()),
            ("usr/bin/tool", b"the same"),
            (
                "etc/firstboot.d/data/admin.conf",
                format!("ROOT_PW_HASH='$6$a${token}'\nXSPASS='{token}'\n").as_bytes(),
            ),
            ("var/backup/pool-database-1", &pool(name, 1 << 30, "")),
        ])
    };
    let old = backup("8.2.0", "web", "planted-token-1");
    let answer = compare(&two(&old, &old), &[]);
    assert_eq!(status(&answer), (0, ""), "{}", answer.stdout);
    let folder = two(&old, &backup("8.2.1", "www", "planted-token-2"));
    let answer = compare(&folder, &[]);
    assert_eq!(status(&answer), (1, ""), "{}", answer.stdout);
    insta::assert_snapshot!("diff_two_host_backups", answer.stdout);
    for format in ["human", "markdown", "json"] {
        let answer = compare(&folder, &["--all", "--verbose", "--format", format]);
        assert!(!answer.stdout.contains("planted"), "{}", answer.stdout);
    }
    // A database that cannot be read does not keep the files from being compared.
    let broken = host_backup(&[
        ("etc/xensource-inventory", inventory("8.2.0").as_bytes()),
        (
            "var/backup/pool-database-1",
            b"<?xml version=\"1.0\"?><database><manifest",
        ),
    ]);
    let answer = compare(&two(&broken, &broken), &[]);
    assert_eq!(answer.status, 1, "{}{}", answer.stdout, answer.stderr);
    assert!(
        answer.stdout.contains("NOT WHOLLY COMPARED"),
        "{}",
        answer.stdout
    );
}

#[test]
fn exports_are_compared_by_their_blocks() {
    let (old, new) = (good("two-disks"), damaged("flip-block-byte"));
    let folder = two(&old, &new);
    // The sums beside the blocks are the same: what differs is told by reading.
    assert_eq!(compare(&folder, &[]).status, 0);
    let answer = compare(&folder, &["--read-blocks", "--blocks"]);
    assert_eq!(status(&answer), (1, ""), "{}", answer.stdout);
    insta::assert_snapshot!("diff_two_exports", answer.stdout);
}

#[test]
fn standard_input_can_be_a_side() {
    let folder = two(&pool("web", 1 << 30, ""), b"");
    let other = pool("www", 1 << 30, "");
    let answer = folder.pipe(&["diff", "old.xml", "-"], other);
    assert_eq!(status(&answer), (1, ""), "{}", answer.stdout);
    assert!(answer.stdout.contains("renamed"), "{}", answer.stdout);
}

#[test]
fn packed_inputs_are_the_same() {
    let web = pool("web", 1 << 30, "");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&web).unwrap();
    let answer = compare(&two(&web, &gzip.finish().unwrap()), &[]);
    assert_eq!(status(&answer), (0, ""), "{}", answer.stdout);
}

#[test]
fn a_series_tells_when_a_vm_vanished() {
    let folder = Folder::with("1.xml", &pool("web", 1 << 30, SECOND));
    folder.put("2.xml", &pool("web", 1 << 30, SECOND));
    folder.put("3.xml", &pool("www", 1 << 30, ""));
    let answer = folder.run(&["diff", "1.xml", "2.xml", "3.xml"]);
    assert_eq!(status(&answer), (1, ""), "{}", answer.stdout);
    insta::assert_snapshot!("diff_series", answer.stdout);
    let report = folder
        .run(&["diff", "--format", "json", "1.xml", "2.xml", "3.xml"])
        .json();
    let tracks = report["tracks"].as_array().unwrap();
    let gone = tracks.iter().find(|track| track["title"] == "database");
    assert_eq!(gone.unwrap()["last_seen"], 1);
    let answer = folder.run(&["diff", "2.xml", "2.xml", "2.xml"]);
    assert_eq!(status(&answer), (0, ""), "{}", answer.stdout);
}

/// A dump with a date that xapi wrote.
fn dated(date: &str, more: &str) -> Vec<u8> {
    let text = String::from_utf8(pool("web", 1 << 30, more)).unwrap();
    let metrics = format!(
        r#"<table name="VM_metrics"><row ref="OpaqueRef:m" uuid="c0ffee00-0dfa-a495-506c-13cd1234c424" start_time="{date}"/></table></database>"#
    );
    text.replace("</database>", &metrics).into_bytes()
}

#[test]
fn a_series_can_be_put_in_the_order_of_dates() {
    let folder = Folder::with("a.xml", &dated("20260301T00:00:00Z", SECOND));
    folder.put("b.xml", &dated("20260101T00:00:00Z", ""));
    folder.put("c.xml", &dated("20260201T00:00:00Z", ""));
    let args = [
        "diff",
        "--by-date",
        "--format",
        "json",
        "a.xml",
        "b.xml",
        "c.xml",
    ];
    let report = folder.run(&args).json();
    let paths: Vec<&Value> = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| &input["path"])
        .collect();
    assert_eq!(paths, ["b.xml", "c.xml", "a.xml"]);
    folder.put("b.xml", &pool("web", 1, ""));
    let answer = folder.run(&args);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("no date"), "{}", answer.stderr);
}

#[test]
fn secrets_are_compared_and_not_shown() {
    let with = |secret: &str| {
        let table = format!(
            r#"<table name="secret"><row ref="OpaqueRef:s" uuid="b240fb2b-976f-486f-b538-88c8abc44f6c" value="{secret}"/></table></database>"#
        );
        let text = String::from_utf8(pool("web", 1, "")).unwrap();
        text.replace("</database>", &table).into_bytes()
    };
    let folder = two(&with("hunter-one"), &with("hunter-two"));
    for format in ["human", "markdown", "json"] {
        let answer = compare(&folder, &["--format", format, "--all", "--verbose"]);
        assert_eq!(answer.status, 1);
        assert!(answer.stdout.contains("secret"), "{}", answer.stdout);
        let all = format!("{}{}", answer.stdout, answer.stderr);
        assert!(!all.contains("hunter"), "{all}");
    }
}
