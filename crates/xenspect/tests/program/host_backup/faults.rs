//! `verify`: what is found in good backups and in those with a fault, from a file and from a pipe, in every envelope.

use std::collections::BTreeSet;

use serde_json::Value;
use xenspect_synth::host_backup::Variant;
use xenspect_synth::{Envelope, HostBackup, HostFault};

use super::{broken, folder, good};
use crate::run::{Answer, Folder};

/// Files of many GiB, which take seconds.
const LONG: [&str; 2] = ["too-large", "too-large-for-6.5"];

fn verify(folder: &Folder) -> Answer {
    folder.run(&["verify", "--format", "json", "host.xbk"])
}

/// Code and severity of each finding.
fn found(input: &Value) -> Vec<(String, String)> {
    let findings = input["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    findings
        .iter()
        .map(|finding| (text(&finding["code"]), text(&finding["severity"])))
        .collect()
}

/// What is wrong with the findings, if anything is: each code must be there, and beyond them only notes.
fn objection(backup: &HostBackup, codes: &[&str]) -> Option<String> {
    let answer = verify(&folder(backup));
    if answer.status > 1 {
        return Some(answer.stderr);
    }
    let found = found(&answer.input());
    let all: BTreeSet<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
    let above_notes = found.iter().filter(|(_, severity)| severity != "note");
    let mut beyond = above_notes.filter(|(code, _)| !codes.contains(&code.as_str()));
    let is_right = codes.iter().all(|code| all.contains(code)) && beyond.next().is_none();
    (!is_right).then(|| format!("expected {codes:?}, found {found:?}"))
}

#[test]
fn good_backups_have_only_what_is_said_of_their_host() {
    for variant in Variant::all() {
        let objection = objection(&HostBackup::new(variant), variant.codes());
        assert_eq!(objection, None, "{}", variant.name());
    }
}

#[test]
fn every_fault_gives_its_codes_and_no_others() {
    let mut objections = Vec::new();
    for fault in HostFault::all() {
        let name = fault.name();
        if LONG.contains(&name) {
            continue;
        }
        if let Some(objection) = objection(&fault.build(), fault.codes()) {
            objections.push(format!("{name}: {objection}"));
        }
    }
    assert!(objections.is_empty(), "{}", objections.join("\n"));
}

#[test]
fn the_long_ones_are_faults() {
    for name in LONG {
        assert!(HostFault::named(name).is_some(), "{name}");
    }
}

#[test]
fn what_does_not_fit_is_counted_by_its_data() {
    let codes = ["host/too-large", "host/not-gzip"];
    let found = found(&verify(&folder(&broken("too-large-for-6.5"))).input());
    assert!(found.iter().any(|(code, _)| code == codes[0]), "{found:?}");
    // Nearly all of it is a hole.
    assert_eq!(
        objection(&broken("sparse-larger-than-partition"), &[]),
        None
    );
}

#[test]
fn a_pipe_and_every_envelope_give_the_same() {
    for name in ["coordinator", "member"] {
        let mut backup = good(name);
        let mut reports = Vec::new();
        for (_, envelope) in Envelope::NAMES {
            backup.envelope = envelope;
            let files = folder(&backup);
            let mut file = verify(&files).input();
            let args = ["verify", "--format", "json", "-"];
            let pipe = files.pipe(&args, backup.bytes()).input();
            file["path"] = "-".into();
            assert_eq!(file, pipe, "{name}");
            let codes: BTreeSet<String> = found(&pipe)
                .into_iter()
                .map(|(code, _)| code)
                .filter(|code| code != "host/not-gzip")
                .collect();
            assert_eq!(pipe["kind"], "host-backup");
            reports.push((codes, pipe["stream_bytes"].clone(), pipe["members"].clone()));
        }
        assert!(
            reports.windows(2).all(|two| two[0] == two[1]),
            "{reports:?}"
        );
    }
}

#[test]
fn what_is_found_in_a_dump_has_its_place_there() {
    let input = verify(&folder(&broken("dump-dangling"))).input();
    let findings = input["findings"].as_array().expect("findings");
    let mut findings = findings.iter();
    let finding = findings.find(|finding| finding["code"] == "db/reference-dangling");
    let place = &finding.expect("a finding")["place"];
    let member = place["member"].as_str().expect("a member");
    assert!(member.starts_with("var/backup/pool-database-"), "{member}");
    assert!(
        place["table"] == "PIF" || place["row"] != Value::Null,
        "{place}"
    );
}

#[test]
fn the_exit_status_is_that_of_the_worst_finding() {
    for (backup, expected) in [
        (good("coordinator"), 0),
        (broken("inventory-missing"), 1),
        (broken("shell-substitution"), 1),
        (broken("gzip-crc"), 1),
        (broken("gzip-cut"), 1),
    ] {
        assert_eq!(verify(&folder(&backup)).status, expected);
    }
}

#[test]
fn no_secret_is_in_any_report() {
    for backup in [
        good("coordinator"),
        broken("other-host"),
        broken("cut-in-dump"),
    ] {
        let folder = folder(&backup);
        for args in [
            "verify --format json host.xbk",
            "verify --verbose host.xbk",
            "inspect --format json host.xbk",
            "inspect --database --verbose host.xbk",
            "secrets --format json host.xbk",
            "ls --format json host.xbk",
        ] {
            let words: Vec<&str> = args.split(' ').collect();
            let answer = folder.run(&words);
            assert!(!answer.stdout.is_empty(), "{args}: {}", answer.stderr);
            for (path, secret) in backup.planted() {
                let shown = answer.stdout.contains(&secret) || answer.stderr.contains(&secret);
                assert!(!shown, "{args} shows that of {path}");
            }
        }
    }
}

#[test]
fn hostile_names_do_not_reach_the_terminal() {
    let folder = folder(&broken("hostile-name"));
    for command in ["verify", "inspect", "ls", "secrets"] {
        let answer = folder.run(&[command, "host.xbk"]);
        let is_hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!answer.stdout.contains(is_hostile), "{command}");
        assert!(!answer.stderr.contains(is_hostile), "{command}");
    }
}

#[test]
fn what_people_see() {
    let page = |backup: &HostBackup| folder(backup).run(&["verify", "host.xbk"]).stdout;
    insta::assert_snapshot!("host_backup_good", page(&good("coordinator")));
    insta::assert_snapshot!("host_backup_member", page(&good("member")));
    insta::assert_snapshot!("host_backup_of_6_5", page(&good("xenserver-6.5")));
    insta::assert_snapshot!("host_backup_tampered", page(&broken("shell-substitution")));
    insta::assert_snapshot!("host_backup_cut", page(&broken("gzip-cut")));
}
