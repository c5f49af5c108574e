//! `redact`: a copy that still reads, and holds no secret.

use std::fs;

use serde_json::Value;
use xenspect_synth::{DumpRecipe, Envelope, Recipe};

use crate::run::{Folder, dump, good};

fn read(folder: &Folder, name: &str) -> String {
    String::from_utf8_lossy(&fs::read(folder.path().join(name)).unwrap()).into_owned()
}

/// Tables and their number of rows.
fn tables(folder: &Folder, name: &str) -> Vec<(Value, Value)> {
    let list = folder.run(&["ls", "--format", "json", name]).json();
    let list = list.as_array().unwrap();
    list.iter()
        .map(|table| (table["table"].clone(), table["rows"].clone()))
        .collect()
}

#[test]
fn a_redacted_database_keeps_its_structure_and_loses_its_secrets() {
    for recipe in [
        "pool-8.2",
        "pool-xs8",
        "pool-6.5",
        "pool-5.6",
        "pool-5.6-lines",
        "pool-zstd",
        "redo-log",
    ] {
        let made = DumpRecipe::named(recipe).unwrap();
        assert!(!made.planted().is_empty());
        let folder = Folder::with("pool.xml", &made.build());
        let answer = folder.run(&["redact", "pool.xml", "-o", "out.xml"]);
        assert_eq!(answer.status, 0, "{recipe}: {}", answer.stderr);
        let text = read(&folder, "out.xml");
        for (place, secret) in made.planted() {
            assert!(!text.contains(&secret), "{recipe}: {place} is still there");
        }
        assert_eq!(folder.run(&["secrets", "out.xml"]).status, 0, "{recipe}");
        let input = folder
            .run(&["verify", "--format", "json", "out.xml"])
            .input();
        assert_ne!(input["verdict"], "damaged", "{recipe}: {input:#}");
        if !recipe.starts_with("redo-log") {
            assert_eq!(tables(&folder, "pool.xml"), tables(&folder, "out.xml"));
        }
        let again = folder.run(&["redact", "out.xml", "-o", "again.xml"]);
        assert_eq!(again.status, 0, "{}", again.stderr);
        assert_eq!(read(&folder, "again.xml"), text, "{recipe}");
    }
}

#[test]
fn a_redacted_export_keeps_everything_but_the_secrets() {
    let made = Recipe::named("vtpm-nvram").unwrap();
    let archive = made.build();
    let folder = Folder::with("vm.xva", &archive);
    let answer = folder.run(&["redact", "--with-disks", "vm.xva", "-o", "out.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    let text = read(&folder, "out.xva");
    assert!(!made.planted().is_empty());
    for (place, secret) in made.planted() {
        assert!(!text.contains(&secret), "{place} is still there");
    }
    let before = folder
        .run(&["verify", "--format", "json", "vm.xva"])
        .input();
    let after = folder
        .run(&["verify", "--format", "json", "out.xva"])
        .input();
    assert_eq!(before["verdict"], after["verdict"]);
    assert_eq!(before["disks"], after["disks"]);
    assert_eq!(before["vms"], after["vms"]);

    let answer = folder.run(&["redact", "vm.xva", "-o", "description.xva"]);
    assert!(
        answer.stderr.contains("the disks were left out"),
        "{}",
        answer.stderr
    );
    let members = folder
        .run(&["ls", "--format", "json", "description.xva"])
        .json();
    assert_eq!(members.as_array().unwrap().len(), 1);
}

#[test]
fn equal_values_have_equal_stand_ins_and_a_key_makes_runs_agree() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    folder.put("key", b"a key of some length");
    let run = |out: &str, more: &[&str]| {
        let mut args = vec!["redact", "pool.xml", "-o", out];
        args.extend(more);
        let answer = folder.run(&args);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
        read(&folder, out)
    };
    let (one, two) = (run("1.xml", &[]), run("2.xml", &[]));
    assert_ne!(one, two, "without a key stand-ins can be guessed back");
    let (one, two) = (
        run("3.xml", &["--key-file", "key"]),
        run("4.xml", &["--key-file", "key"]),
    );
    assert_eq!(one, two);
}

#[test]
fn names_and_addresses_go_when_that_is_asked_for() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let answer = folder.run(&[
        "redact",
        "--names",
        "--addresses",
        "pool.xml",
        "-o",
        "out.xml",
    ]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    let rows = |input: &str, table: &str| {
        let rows = folder.run(&["inspect", "--format", "json", "--table", table, input]);
        let mut rows = rows.json().as_array().unwrap().clone();
        rows.sort_by_key(|row| row["uuid"].to_string());
        rows
    };
    let (before, after) = (rows("pool.xml", "nics"), rows("out.xml", "nics"));
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before["uuid"], after["uuid"]);
        let (old, new) = (
            before["mac"].as_str().unwrap(),
            after["mac"].as_str().unwrap(),
        );
        if !old.is_empty() {
            assert_ne!(old, new);
        }
        assert_eq!(old.len(), new.len());
    }
    let text = read(&folder, "out.xml");
    for vm in rows("pool.xml", "vms") {
        let name = vm["name"].as_str().unwrap().replace(' ', "%.");
        assert!(!text.contains(&format!("name__label=\"{name}\"")), "{name}");
    }
    let input = folder
        .run(&["verify", "--format", "json", "out.xml"])
        .input();
    assert_ne!(input["verdict"], "damaged", "{input:#}");
}

#[test]
fn nothing_is_replaced_or_half_written() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    folder.put("out.xml", b"precious");
    let answer = folder.run(&["redact", "pool.xml", "-o", "out.xml"]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("--force"), "{}", answer.stderr);
    assert_eq!(read(&folder, "out.xml"), "precious");
    assert_eq!(
        folder
            .run(&["redact", "--force", "pool.xml", "-o", "out.xml"])
            .status,
        0
    );

    let mut cut = dump("pool-8.2");
    cut.truncate(cut.len() / 2);
    folder.put("cut.xml", &cut);
    let mut cut = good("two-disks");
    cut.truncate(700);
    folder.put("cut.xva", &cut);
    folder.put("notes.txt", b"hello");
    for input in ["cut.xml", "cut.xva", "notes.txt"] {
        let answer = folder.run(&["redact", input, "-o", "new"]);
        assert_eq!(answer.status, 2, "{input}: {}", answer.stderr);
        assert!(!folder.path().join("new").exists(), "{input}");
    }
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What is packed, with a wrong check value, and without the last of it.
fn spoilt(envelope: Envelope, contents: &[u8]) -> [(&'static str, Vec<u8>); 2] {
    let packed = envelope.encode(contents);
    let end = match envelope {
        // The CRC of gzip, in front of the length.
        Envelope::Gzip => packed.len() - 8,
        _ => packed.len() - 4,
    };
    let mut wrong = packed.clone();
    wrong[end] ^= 1;
    [
        ("wrong", wrong),
        ("cut", packed[..packed.len() - 3].to_vec()),
    ]
}

#[test]
fn of_what_is_packed_and_damaged_no_sound_copy_is_made() {
    let export = Recipe::named("vtpm-nvram").unwrap();
    let description = export.archive().members[0].payload.clone();
    let export = export.build();
    let database = dump("pool-8.2");
    for envelope in [Envelope::Gzip, Envelope::Zstd] {
        for (contents, disks) in [
            (&export, &["--with-disks"][..]),
            (&export, &[]),
            (&description, &[]),
            (&database, &[]),
        ] {
            let folder = Folder::with("good", &envelope.encode(contents));
            let redact = |name| {
                let args = [&["redact", name, "-o", "copy"], disks].concat();
                folder.run(&args)
            };
            for (name, bytes) in spoilt(envelope, contents) {
                folder.put(name, &bytes);
                let answer = redact(name);
                let said = format!("{envelope:?} {name} {disks:?}: {}", answer.stderr);
                assert_eq!(answer.status, 2, "{said}");
                assert!(answer.stderr.contains("nothing was written"), "{said}");
                assert_eq!(folder.names().len(), 2, "{said}");
                fs::remove_file(folder.path().join(name)).unwrap();
            }
            let answer = redact("good");
            assert_eq!(answer.status, 0, "{}", answer.stderr);
        }
    }
}

#[test]
fn bytes_behind_what_is_packed_are_no_damage() {
    let mut packed = Envelope::Gzip.encode(&good("two-disks"));
    packed.extend([0; 600]);
    let folder = Folder::with("a.xva.gz", &packed);
    for disks in [&["--with-disks"][..], &[]] {
        let args = [&["redact", "--force", "a.xva.gz", "-o", "out.xva"], disks].concat();
        let answer = folder.run(&args);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
    }
}

#[test]
fn only_disks_are_copied_as_they_are() {
    let recipe = Recipe::named("vtpm-nvram").unwrap();
    let mut archive = recipe.archive();
    let mut second = archive.members[0].clone();
    second.name = b"backup/ova.xml".to_vec();
    archive.members.push(archive.members[0].clone());
    archive.members.push(second);
    let folder = Folder::with("a.xva", &archive.encode());
    let answer = folder.run(&["redact", "--with-disks", "a.xva", "-o", "out.xva"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    assert!(
        answer.stderr.contains("2 other members were left out"),
        "{}",
        answer.stderr
    );
    let text = read(&folder, "out.xva");
    for (place, secret) in recipe.planted() {
        assert!(!text.contains(&secret), "{place} is still there");
    }
}

#[cfg(unix)]
#[test]
fn neither_the_input_nor_what_is_no_file_is_replaced() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let before = read(&folder, "pool.xml");
    std::os::unix::fs::symlink("pool.xml", folder.path().join("link")).unwrap();
    fs::hard_link(folder.path().join("pool.xml"), folder.path().join("same")).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for output in ["pool.xml", "./pool.xml", "link", "same", "folder"] {
        let answer = folder.run(&["redact", "--force", "pool.xml", "-o", output]);
        assert_eq!(answer.status, 2, "{output}");
    }
    assert_eq!(read(&folder, "pool.xml"), before);
    let nowhere = folder.run(&["redact", "pool.xml", "-o", "no/such/folder"]);
    assert_eq!(nowhere.status, 2);
    assert!(!nowhere.stderr.contains(".tmp"), "{}", nowhere.stderr);
}

#[cfg(unix)]
#[test]
fn the_copy_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    assert_eq!(
        folder.run(&["redact", "pool.xml", "-o", "out.xml"]).status,
        0
    );
    let mode = fs::metadata(folder.path().join("out.xml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}
