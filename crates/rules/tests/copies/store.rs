//! Folders of backups: each fact gives its finding.

use xenspect_model::store::{Leftover, StoreFact, StoreState};
use xenspect_model::{Code, Fact, Severity};
use xenspect_rules::copy::{StoreHint, store_finding};

fn finding(what: StoreState) -> xenspect_model::Finding {
    let fact = StoreFact {
        path: "xo-vm-backups/vm/n.json".to_owned(),
        what,
    };
    let hint = StoreHint {
        label: Some("web, 2026-11-01 02:00 UTC".to_owned()),
    };
    store_finding(&fact, &hint)
}

#[test]
fn each_fact_gives_its_finding() {
    let left = |kind, busy| StoreState::Leftover {
        kind,
        bytes: 5,
        busy,
    };
    let without = |busy| StoreState::MetadataMissing {
        expected: "n.json".to_owned(),
        busy,
    };
    let missing = StoreState::DataMissing(vec!["n.xva".to_owned()]);
    let cases = [
        (missing, Code::StoreDataMissing, Severity::Error),
        (
            without(false),
            Code::StoreMetadataMissing,
            Severity::Warning,
        ),
        (without(true), Code::StoreMetadataMissing, Severity::Note),
        (
            StoreState::MetadataUnusable("it is empty".to_owned()),
            Code::StoreMetadataUnusable,
            Severity::Warning,
        ),
        (
            left(Leftover::Temporary, false),
            Code::StoreLeftover,
            Severity::Warning,
        ),
        (
            left(Leftover::Temporary, true),
            Code::StoreLeftover,
            Severity::Note,
        ),
        (
            left(Leftover::Merge, true),
            Code::StoreLeftover,
            Severity::Note,
        ),
        (
            left(Leftover::Checksum, true),
            Code::StoreLeftover,
            Severity::Warning,
        ),
        (
            left(Leftover::Empty, false),
            Code::StoreLeftover,
            Severity::Warning,
        ),
        (
            left(Leftover::Lock, false),
            Code::StoreLeftover,
            Severity::Note,
        ),
        (
            StoreState::Encrypted("aes-256-gcm".to_owned()),
            Code::StoreEncrypted,
            Severity::Warning,
        ),
    ];
    for (what, code, severity) in cases {
        let found = finding(what.clone());
        assert_eq!((found.code, found.severity), (code, severity), "{what:?}");
        let label = Fact::Text("web, 2026-11-01 02:00 UTC".to_owned());
        assert_eq!(found.facts.get("backup"), Some(&label));
        if severity > Severity::Note {
            let advice = found.advice.expect("advice");
            assert!(!advice.contains("rm "), "{advice}");
        }
    }
}

#[test]
fn many_missing_disks_are_counted() {
    let names = (0..20).map(|number| format!("{number}.vhd")).collect();
    let found = finding(StoreState::DataMissing(names));
    assert_eq!(found.facts.get("missing_more"), Some(&Fact::Number(12)));
}
