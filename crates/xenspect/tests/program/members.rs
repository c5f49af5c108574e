//! `ls` and `cat`: members of archives, tables of pool databases.

use serde_json::Value;
use xenspect_synth::{Envelope, Recipe, Role};

use crate::run::{Folder, damaged, dump, good};

#[test]
fn members_are_listed_in_their_order_with_sums() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    let answer = folder.run(&["ls", "a.xva"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("ls_archive", answer.stdout);

    let members = folder.run(&["ls", "--format", "json", "a.xva"]).json();
    let names: Vec<_> = members
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["member"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<_> = Recipe::named("two-disks")
        .unwrap()
        .archive()
        .members
        .iter()
        .filter(|member| !matches!(member.role, Role::Sum { .. }))
        .map(|member| String::from_utf8(member.name.clone()).unwrap())
        .collect();
    assert_eq!(names, expected);
    let block = &members[1];
    assert_eq!(block["sum_kind"], "XXH64");
    assert_eq!(block["sum"].as_str().unwrap().len(), 16);
}

#[test]
fn a_list_of_a_broken_archive_says_so() {
    let folder = Folder::new();
    let mut cut = good("two-disks");
    cut.truncate(cut.len() / 2);
    folder.put("cut.xva", &cut);
    let answer = folder.run(&["ls", "cut.xva"]);
    assert_eq!(answer.status, 1);
    assert!(answer.stdout.lines().count() > 2);
    assert!(
        answer.stderr.contains("it ends at offset"),
        "{}",
        answer.stderr
    );

    let mut broken = Envelope::Gzip.encode(&good("two-disks"));
    broken.truncate(broken.len() - 100);
    folder.put("cut.xva.gz", &broken);
    let answer = folder.run(&["ls", "cut.xva.gz"]);
    assert_eq!(answer.status, 1);
    assert!(answer.stderr.contains("compression"), "{}", answer.stderr);
}

#[test]
fn tables_are_listed_with_their_rows() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let answer = folder.run(&["ls", "--format", "json", "pool.xml"]);
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    let tables = answer.json();
    let hosts = tables
        .as_array()
        .unwrap()
        .iter()
        .find(|table| table["table"] == "host")
        .unwrap();
    assert_eq!(hosts["rows"], 2);
    let human = folder.run(&["ls", "pool.xml"]);
    assert!(human.stdout.starts_with("      offset     rows table\n"));
}

#[test]
fn a_member_comes_out_as_it_is() {
    let archive = good("two-disks");
    let folder = Folder::new();
    let members = {
        folder.put("a.xva", &archive);
        folder.run(&["ls", "--format", "json", "a.xva"]).json()
    };
    for stored in [archive.clone(), Envelope::Zstd.encode(&archive)] {
        folder.put("a.xva", &stored);
        let member = &members[1];
        let at = member["data_offset"].as_u64().unwrap() as usize;
        let size = member["size"].as_u64().unwrap() as usize;
        let name = member["member"].as_str().unwrap();
        let mut command = crate::run::program();
        command
            .current_dir(folder.path())
            .args(["cat", "a.xva", name]);
        let output = command.output().unwrap();
        assert!(output.status.success());
        assert!(output.stdout == archive[at..at + size]);
    }
    let description = folder.run(&["cat", "a.xva", "./ova.xml"]);
    assert!(
        description.stdout.starts_with("<value>"),
        "{}",
        description.stdout
    );
}

#[test]
fn a_description_can_be_laid_out() {
    let folder = Folder::with("a.xva", &good("two-disks"));
    let plain = folder.run(&["cat", "a.xva", "ova.xml"]);
    let pretty = folder.run(&["cat", "--pretty", "a.xva", "ova.xml"]);
    assert_eq!(pretty.status, 0, "{}", pretty.stderr);
    assert!(pretty.stdout.lines().count() > 100);
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(bare(&plain.stdout), bare(&pretty.stdout));
}

#[test]
fn a_table_is_an_array_of_rows() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let hosts = folder.run(&["cat", "pool.xml", "host"]);
    assert_eq!(hosts.status, 0, "{}", hosts.stderr);
    let hosts = hosts.json();
    let hosts = hosts.as_array().unwrap();
    assert_eq!(hosts.len(), 2);
    let host = &hosts[0];
    assert!(host["name__label"].is_string());
    assert!(host["enabled"].is_boolean());
    assert!(host["API_version__major"].is_i64());
    assert!(host["PIFs"].is_array());
    assert!(host["software_version"].is_object());

    for id in ["uuid", "_ref"] {
        let row = format!("host/{}", host[id].as_str().unwrap());
        let one = folder.run(&["cat", "--pretty", "pool.xml", &row]);
        assert_eq!(&one.json(), host, "{row}");
    }
    let empty = folder.run(&["cat", "pool.xml", "session"]);
    assert_eq!(empty.json(), Value::Array(Vec::new()));
}

#[test]
fn what_is_not_there_is_said_in_a_sentence() {
    let folder = Folder::new();
    folder.put("a.xva", &good("two-disks"));
    folder.put("pool.xml", &dump("pool-8.2"));
    folder.put("notes.txt", b"hello");
    for (args, words) in [
        (
            &["cat", "a.xva", "nothing"][..],
            "there is no nothing in a.xva",
        ),
        (&["cat", "pool.xml", "nothing"], "there is no table nothing"),
        (
            &["cat", "pool.xml", "host/nothing"],
            "there is no row nothing",
        ),
        (&["cat", "notes.txt", "ova.xml"], "is not a backup"),
        (&["ls", "notes.txt"], "is not a backup"),
        (&["ls", "absent.xva"], "cannot be opened"),
    ] {
        let answer = folder.run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{args:?}");
        assert!(answer.stderr.contains(words), "{args:?}: {}", answer.stderr);
    }
}

#[test]
fn a_member_that_is_cut_is_not_passed_off_as_whole() {
    let mut cut = good("two-disks");
    cut.truncate(700);
    let folder = Folder::with("cut.xva", &cut);
    let answer = folder.run(&["cat", "cut.xva", "ova.xml"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (1, ""));
    assert!(answer.stderr.contains("ends inside"), "{}", answer.stderr);
}

#[test]
fn names_of_members_cannot_act_on_the_terminal() {
    let folder = Folder::with("a.xva", &damaged("member-name-with-control-characters"));
    for args in [
        &["ls", "a.xva"][..],
        &["ls", "--format", "json", "a.xva"],
        &["cat", "a.xva", "\u{1b}[2J"],
    ] {
        let answer = folder.run(args);
        let shown = format!("{}{}", answer.stdout, answer.stderr);
        assert!(
            !shown.contains(|c: char| c.is_control() && c != '\n'),
            "{shown:?}"
        );
    }
}
