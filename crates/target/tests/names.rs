//! Which files are read, by their names.

use xenspect_synth::restore::fresh_host;
use xenspect_target::{is_database, is_wanted, newest_database};

#[test]
fn names_that_are_wanted() {
    for name in [
        "xensource-inventory",
        "./etc/xensource-inventory",
        "target/pif-list.txt",
        "xe_pif_list.txt",
        "host-param-list.txt",
        "IP-LINK.json",
        "anything.txt",
        "bug-report-20240531130709/xapi-db.xml",
        "var/backup/pool-database-2024-05-31--13-07-09",
        "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf",
        "lsblk.txt",
        "host1-df.txt",
    ] {
        assert!(is_wanted(name), "{name}");
    }
    for name in [
        "etc/passwd",
        "root/pif-list.txt",
        "usr/share/doc/df.txt",
        "a/b/pif-list.txt",
        "var/lib/xcp/blobs/rrds/x",
        "etc/xensource/ptoken",
        "a/anything.txt",
        "",
        "/",
    ] {
        assert!(!is_wanted(name), "{name}");
    }
}

#[test]
fn what_the_documented_command_writes_is_wanted() {
    let text = include_str!("../../../docs/manual/src/collect.md");
    let command = text.split("```").nth(1).expect("a command");
    let mut names: Vec<&str> = command
        .split([' ', ';', ')', '\n'])
        .filter_map(|word| word.strip_prefix('>'))
        .collect();
    let copied = command
        .lines()
        .find(|line| line.starts_with("cp "))
        .expect("copies");
    names.extend(
        copied
            .split(' ')
            .filter_map(|path| path.rsplit_once('/'))
            .map(|(_, name)| name),
    );
    assert_eq!(names.len(), 23, "{names:?}");
    for name in names {
        for place in ["", "facts-host/"] {
            assert!(is_wanted(&format!("{place}{name}")), "{name}");
        }
        assert!(
            text.split("## What is not")
                .next()
                .expect("text")
                .matches(name)
                .count()
                > 1,
            "{name}"
        );
    }
}

#[test]
fn names_of_databases() {
    for (name, expected) in [
        ("./var/backup/pool-database-1", true),
        ("a/var/lib/xcp/state.db", true),
        ("var/xapi/state.db", true),
        ("bug-report-1/xapi-db.xml", true),
        ("xapi-db-dumped.xml", true),
        ("pool-database-1", false),
        ("var/lib/xcp/local.db", false),
        ("state.db", false),
        ("my-var/backup/pool-database-1", false),
    ] {
        assert_eq!(is_database(name), expected, "{name}");
    }
    let host = fresh_host();
    let found = newest_database(
        host.host_backup()
            .into_iter()
            .filter(|(name, _)| is_database(name))
            .collect(),
    );
    let (name, bytes) = found.expect("a database");
    assert_eq!(name, "./var/backup/pool-database-2024-05-31--13-07-09");
    assert_eq!(bytes, host.database());
}
