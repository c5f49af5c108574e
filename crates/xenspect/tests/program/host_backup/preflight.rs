//! `preflight` of a host backup: against the same host, against the machine installed anew, and against others.

use serde_json::Value;
use xenspect_synth::{HostBackup, Scene};

use super::{broken, folder, good, put};
use crate::run::Answer;

/// Two backups: what would be restored, and the host as it runs.
fn compare(backup: &HostBackup, target: &HostBackup) -> Answer {
    let folder = folder(backup);
    put(&folder, "target.xbk", target);
    let args = ["preflight", "host.xbk", "--target", "target.xbk"];
    folder.run(&[&args[..], &["--format", "json"]].concat())
}

fn codes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings");
    let code = |finding: &Value| finding["code"].as_str().expect("a code").to_owned();
    findings.iter().map(code).collect()
}

#[test]
fn the_embedded_dump_is_compared_with_the_machine_installed_anew() {
    let folder = folder(&good("coordinator"));
    folder.put("fresh.xml", &Scene::good().host.database());
    let args = ["preflight", "host.xbk", "--target", "fresh.xml"];
    let answer = folder.run(&[&args[..], &["--format", "json"]].concat());
    let report = answer.json();
    let member = report["input"]["member"].as_str().expect("a member");
    assert_eq!(member, xenspect_synth::host_backup::DUMP);
    let whole = report.to_string();
    for told in ["Example pool", "xcp-1", "xcp-2"] {
        assert!(whole.contains(told), "{told}");
    }
    assert!(answer.status < 2, "{}", answer.stderr);
}

#[test]
fn each_reason_against_a_restore_is_found() {
    for (backup, target, code) in [
        ("xenserver-6.5", "coordinator", "host/old-layout"),
        (
            "coordinator",
            "xenserver-6.5",
            "host-restore/partition-layout",
        ),
        ("xcp-ng-8.3", "coordinator", "host-restore/platform-newer"),
        ("member", "coordinator", "host-restore/which-machine"),
    ] {
        let answer = compare(&good(backup), &good(target));
        let codes = codes(&answer.json());
        assert!(codes.iter().any(|found| found == code), "{code}: {codes:?}");
        assert_eq!(answer.status, 1, "{code}");
    }
    let answer = compare(&broken("not-gzip"), &good("coordinator"));
    let found = codes(&answer.json());
    assert!(
        found.iter().any(|code| code == "host/not-gzip"),
        "{found:?}"
    );
}

#[test]
fn a_disk_that_is_not_there_is_found() {
    let files = folder(&good("member"));
    put(&files, "own.xbk", &good("coordinator"));
    for (name, bytes) in Scene::good().host.folder() {
        files.put(&format!("facts/{name}"), &bytes);
    }
    for (name, is_gone) in [("host.xbk", true), ("own.xbk", false)] {
        let args = ["preflight", name, "--target", "facts", "--format", "json"];
        let found = codes(&files.run(&args).json());
        let told = found
            .iter()
            .any(|code| code == "host-restore/primary-disk-gone");
        assert_eq!(told, is_gone, "{name}: {found:?}");
    }
}

#[test]
fn the_same_host_may_be_restored() {
    let answer = compare(&good("coordinator"), &good("coordinator"));
    let found = codes(&answer.json());
    for code in [
        "partition-layout",
        "platform-newer",
        "primary-disk-gone",
        "too-large",
    ] {
        let code = format!("host-restore/{code}");
        assert!(!found.contains(&code), "{found:?}");
    }
}

#[test]
fn no_secret_is_shown() {
    let backup = good("coordinator");
    for target in ["coordinator", "member"] {
        let answer = compare(&backup, &good(target));
        for (path, secret) in backup.planted() {
            let shown = answer.stdout.contains(&secret) || answer.stderr.contains(&secret);
            assert!(!shown, "{path}");
        }
    }
}
