//! `inspect`: what is in a backup, and where something is in many.

use serde_json::Value;
use xenspect_synth::{DumpRecipe, Envelope, HostBackup, Recipe};

use crate::run::{Folder, dump, good};

#[test]
fn a_pool_is_a_page_of_tables() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let answer = folder.run(&["inspect", "pool.xml"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    // It is older every day.
    let (ages, page): (Vec<_>, Vec<_>) = answer
        .stdout
        .lines()
        .partition(|line| line.starts_with("  age  "));
    assert!(ages.len() == 1 && ages[0].ends_with("days") || ages[0].ends_with("years"));
    insta::assert_snapshot!("inspect_pool", page.join("\n"));
}

#[test]
fn of_a_dump_that_is_cut_the_rest_is_shown_and_that_is_said() {
    let mut cut = dump("pool-8.2");
    cut.truncate(cut.len() * 3 / 4);
    let folder = Folder::with("cut.xml", &cut);
    for args in [
        &["inspect", "cut.xml"][..],
        &["inspect", "--find", "host-1", "cut.xml"],
        &["ls", "cut.xml"],
        &["cat", "cut.xml", "PIF"],
        &["cat", "cut.xml", "manifest"],
    ] {
        let answer = folder.run(args);
        assert_eq!(answer.status, 1, "{args:?}");
        let said = format!("{}{}", answer.stdout, answer.stderr).to_lowercase();
        assert!(said.contains("it ends too early"), "{args:?}: {said}");
    }
}

#[test]
fn of_what_is_packed_and_damaged_that_is_said() {
    let packed = Envelope::Gzip.encode(&dump("pool-8.2"));
    let folder = Folder::with("good.gz", &packed);
    let mut wrong = packed.clone();
    let crc = wrong.len() - 8;
    wrong[crc] ^= 1;
    folder.put("wrong.gz", &wrong);
    folder.put("cut.gz", &packed[..packed.len() - 5]);
    let rows = folder.run(&["cat", "good.gz", "PIF"]).json();
    let row = format!("PIF/{}", rows[0]["uuid"].as_str().unwrap());
    for args in [
        &["inspect"][..],
        &["inspect", "--find", "host-1"],
        &["ls"],
        &["cat", "PIF"],
        &["cat", &row],
        &["cat", "manifest"],
    ] {
        for (name, status) in [("good.gz", 0), ("wrong.gz", 1), ("cut.gz", 1)] {
            let mut args = args.to_vec();
            args.insert(if args[0] == "cat" { 1 } else { args.len() }, name);
            let answer = folder.run(&args);
            let said = format!("{}{}", answer.stdout, answer.stderr).to_lowercase();
            assert_eq!(answer.status, status, "{args:?}: {said}");
            let told = said.contains("it is damaged, so what");
            assert_eq!(told, status == 1, "{args:?}: {said}");
        }
    }
}

#[test]
fn of_an_archive_that_is_packed_and_damaged_that_is_said() {
    let mut backup = HostBackup::named("member").unwrap();
    backup.envelope = Envelope::Gzip;
    for (bytes, commands) in [
        (Envelope::Gzip.encode(&good("small")), &["ls"][..]),
        (backup.bytes(), &["ls", "inspect"]),
    ] {
        let folder = Folder::with("good.gz", &bytes);
        let mut wrong = bytes.clone();
        let crc = wrong.len() - 8;
        wrong[crc] ^= 1;
        folder.put("wrong.gz", &wrong);
        folder.put("cut.gz", &bytes[..bytes.len() - 5]);
        for command in commands {
            for (name, status) in [("good.gz", 0), ("wrong.gz", 1), ("cut.gz", 1)] {
                let answer = folder.run(&[command, name]);
                let said = format!("{}{}", answer.stdout, answer.stderr);
                assert_eq!(answer.status, status, "{command} {name}: {said}");
                let words = ["damage", "compression", "too early"];
                let told = words.iter().any(|word| said.contains(word));
                assert!(told || status == 0, "{command} {name}: {said}");
            }
        }
    }
}

#[test]
fn of_a_description_that_is_packed_and_damaged_that_is_said() {
    let description = Recipe::named("two-disks").unwrap().archive();
    let mut packed = Envelope::Gzip.encode(&description.members[0].payload);
    let crc = packed.len() - 8;
    packed[crc] ^= 1;
    let folder = Folder::with("ova.xml.gz", &packed);
    for args in [
        &["inspect", "ova.xml.gz"][..],
        &["cat", "ova.xml.gz", "ova.xml"],
    ] {
        let answer = folder.run(args);
        assert_eq!(answer.status, 1, "{args:?}: {}", answer.stderr);
        let said = format!("{}{}", answer.stdout, answer.stderr).to_lowercase();
        assert!(said.contains("it is damaged, so what"), "{args:?}: {said}");
    }
}

#[test]
fn the_width_that_is_asked_for_is_kept() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let mut command = crate::run::program();
    command.current_dir(folder.path()).env("COLUMNS", "60");
    let output = command.args(["inspect", "pool.xml"]).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    for line in page.lines() {
        let columns = xenspect_report::text::columns(line);
        assert!(columns <= 60, "{columns} columns: {line}");
    }
}

#[test]
fn an_export_is_a_page_of_tables() {
    let folder = Folder::with("web.xva", &good("good-8.2"));
    let answer = folder.run(&["inspect", "web.xva"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("inspect_export", answer.stdout);
}

#[test]
fn nothing_is_wider_than_eighty_columns() {
    let folder = Folder::new();
    for (name, bytes) in everything() {
        folder.put("input", &bytes);
        for args in [&["inspect", "input"][..], &["inspect", "-v", "input"]] {
            let answer = folder.run(args);
            assert_eq!(answer.status, 0, "{name}: {}", answer.stderr);
            for line in answer.stdout.lines() {
                let columns = xenspect_report::text::columns(line);
                assert!(columns <= 80, "{name}: {columns} columns: {line}");
            }
        }
    }
}

/// Every good archive and database there is a recipe for.
fn everything() -> Vec<(&'static str, Vec<u8>)> {
    let databases = DumpRecipe::names()
        .filter(|(name, _)| *name != "pool-large")
        .map(|(name, _)| (name, dump(name)));
    let archives = Recipe::names()
        .filter(|(name, _)| !name.starts_with("per-disk"))
        .map(|(name, _)| (name, good(name)));
    databases.chain(archives).collect()
}

#[test]
fn what_is_packed_or_piped_is_shown_the_same() {
    let folder = Folder::new();
    for bytes in [dump("pool-8.2"), good("two-disks")] {
        folder.put("input", &bytes);
        let plain = folder.run(&["inspect", "--format", "json", "input"]);
        for envelope in [Envelope::Gzip, Envelope::Zstd] {
            folder.put("input", &envelope.encode(&bytes));
            let packed = folder.run(&["inspect", "--format", "json", "input"]);
            let mut packed = packed.input();
            let mut plain = plain.input();
            // What a disk takes is told by jumping ahead, which a stream cannot.
            for input in [&mut packed, &mut plain] {
                input["envelope"] = Value::Null;
                strip_column(input, "stored");
                strip_column(input, "stored_percent");
            }
            assert_eq!(packed, plain);
        }
        let piped = folder.pipe(&["inspect", "-"], Envelope::Gzip.encode(&bytes));
        assert_eq!(piped.status, 0, "{}", piped.stderr);
        assert!(
            piped.stdout.starts_with("standard input"),
            "{}",
            piped.stdout
        );
    }
}

fn strip_column(input: &mut Value, name: &str) {
    for section in input["sections"].as_array_mut().unwrap() {
        if let Some(rows) = section["rows"].as_array_mut() {
            for row in rows {
                row.as_object_mut().unwrap().remove(name);
            }
        }
    }
}

#[test]
fn a_table_alone_is_for_other_programs() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let json = folder.run(&["inspect", "--format", "json", "--table", "vms", "pool.xml"]);
    let rows = json.json();
    let rows = rows.as_array().unwrap();
    assert!(rows.len() > 2);
    assert!(rows.iter().all(|row| row["uuid"].is_string()));

    let csv = folder.run(&["inspect", "--format", "csv", "--table", "vms", "pool.xml"]);
    assert_eq!(csv.stdout.lines().count(), rows.len() + 1);
    assert!(csv.stdout.lines().next().unwrap().contains("uuid"));

    let markdown = folder.run(&[
        "inspect", "--format", "markdown", "--table", "vms", "pool.xml",
    ]);
    let lines = markdown.stdout.lines().filter(|line| line.starts_with('|'));
    assert_eq!(lines.count(), rows.len() + 2, "{}", markdown.stdout);
}

#[test]
fn sections_are_picked_by_name() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let answer = folder.run(&["inspect", "--section", "hosts,nics", "pool.xml"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains("\nHosts"), "{}", answer.stdout);
    assert!(!answer.stdout.contains("\nVMs"), "{}", answer.stdout);
}

#[test]
fn a_wrong_name_is_answered_with_the_right_ones() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    for args in [
        &["inspect", "--section", "nonsense", "pool.xml"][..],
        &["inspect", "--table", "nonsense", "pool.xml"],
        &["inspect", "--format", "csv", "pool.xml"],
    ] {
        let answer = folder.run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{args:?}");
        assert!(answer.stderr.contains("hosts"), "{}", answer.stderr);
    }
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_shown() {
    let folder = Folder::new();
    folder.put("notes.txt", b"hello");
    folder.put("pool.xml", &dump("pool-8.2"));
    let answer = folder.run(&["inspect", "notes.txt", "pool.xml"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stdout.contains("is not a backup"),
        "{}",
        answer.stdout
    );
    assert!(answer.stdout.contains("\nHosts"), "{}", answer.stdout);
}

#[test]
fn an_object_is_found_in_many_inputs() {
    let folder = Folder::new();
    folder.put("store/pool.xml", &dump("pool-8.2"));
    folder.put("store/other.xml", &dump("pool-6.5"));
    folder.put("store/web.xva", &good("two-disks"));
    let vms = folder.run(&[
        "inspect",
        "--format",
        "json",
        "--table",
        "vms",
        "store/pool.xml",
    ]);
    let uuid = vms.json()[0]["uuid"].as_str().unwrap().to_owned();

    let answer = folder.run(&["inspect", "--find", &uuid, "-r", "store"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(answer.stdout.contains(&uuid), "{}", answer.stdout);

    let json = folder.run(&[
        "inspect", "--format", "json", "--find", &uuid, "-r", "store",
    ]);
    let json = json.json();
    let inputs = json["inputs"].as_array().unwrap();
    let with_hits: Vec<_> = inputs
        .iter()
        .filter(|input| !input["hits"].as_array().unwrap().is_empty())
        .map(|input| input["path"].as_str().unwrap())
        .collect();
    // Both databases were made with one seed.
    assert_eq!(with_hits, ["store/other.xml", "store/pool.xml"]);

    let nowhere = folder.run(&["inspect", "--find", "no such thing", "-r", "store"]);
    assert_eq!(nowhere.status, 1, "{}", nowhere.stderr);
}
