//! The real dumps: what is wrong with each. Complete ones that nobody edited have no error.

use std::fs;
use std::path::PathBuf;

use xenspect_model::Severity;
use xenspect_model::report::Verdict::{self, Damaged, Sound, Suspect};

use super::{codes, verify};

const CODES: [(&str, Verdict, &[&str]); 18] = [
    // Cut down or made by hand.
    (
        "cut-interesting-development.xml",
        Damaged,
        &[
            "error db/manifest-missing",
            "error db/ref-differs",
            "error db/reference-dangling x2",
            "error db/reference-wrong-table x2",
            "error db/value-undecodable x3",
        ],
    ),
    (
        "cut-interesting-production.xml",
        Damaged,
        &[
            "error db/manifest-missing",
            "error db/ref-differs",
            "error db/reference-wrong-table",
            "error db/value-undecodable x3",
        ],
    ),
    (
        "cut-licensing-pool-midnightride.xml",
        Damaged,
        &["error db/manifest-missing", "error db/ref-differs x4"],
    ),
    (
        "excerpt-schema-5.790.xml",
        Damaged,
        &[
            "error db/pool-rows",
            // Its table of PBDs was left out, and the sets of its SRs list them.
            "error db/reference-dangling",
            "warning db/edited",
            "warning db/set-side-differs x3",
            "warning db/table-missing",
        ],
    ),
    (
        "official-minimal-schema-5.35.xml",
        Damaged,
        &["error db/rolling-upgrade-stub"],
    ),
    // Complete, edited by hand.
    (
        "xs-5.1.0-george-2.xml",
        Damaged,
        &["error db/ref-differs", "warning db/uuid-doubled"],
    ),
    (
        "xs-5.5.0-krakout.xml",
        Damaged,
        &[
            "error db/reference-dangling x51",
            "warning db/value-undecodable x4",
        ],
    ),
    ("xs-5.6.0-state5.xml", Sound, &[]),
    // Complete.
    (
        "xs-5.5.0-snapshots.xml",
        Suspect,
        &["warning db/value-undecodable x2"],
    ),
    (
        "xs-5.5.0-state1.xml",
        Suspect,
        &["warning db/removed-markers", "warning db/uuid-doubled x2"],
    ),
    ("xs-5.5.0-state2.xml", Sound, &[]),
    ("xs-5.5.900-updates.xml", Sound, &[]),
    ("xs-5.6.900-cowley1.xml", Sound, &[]),
    (
        "xs-5.9.950-boston.xml",
        Suspect,
        &["warning db/redacted-copy"],
    ),
    ("xs-5.9.960-small-vms.xml", Sound, &[]),
    ("xs-6.0.50-tampa-livevdimove.xml", Sound, &[]),
    ("xs-6.0.50-tampa-pool16-23.xml", Sound, &[]),
    ("xs-6.1.0-tampa-poolofone.xml", Sound, &[]),
];

#[test]
fn each_sample_has_its_findings() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real/pool-db");
    if !root.is_dir() {
        eprintln!("skipped: no folder with real dumps");
        return;
    }
    for (name, verdict, expected) in CODES {
        let input = verify(fs::read(root.join(name)).expect(name));
        assert_eq!(codes(&input, Severity::Warning), expected, "{name}");
        assert_eq!(input.verdict, verdict, "{name}");
    }
    let found = fs::read_dir(&root).expect("the folder");
    assert_eq!(found.count(), CODES.len(), "a sample without a row");
}

/// What is left over in the plainest dump is said in notes, one for each column.
#[test]
fn leftovers_are_notes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/real/pool-db/xs-6.0.50-tampa-livevdimove.xml");
    let Ok(bytes) = fs::read(path) else {
        eprintln!("skipped: no folder with real dumps");
        return;
    };
    let input = verify(bytes);
    let notes: Vec<_> = input
        .findings
        .iter()
        .filter(|finding| finding.code.name() == "db/reference-left-over")
        .map(|finding| {
            let place = &finding.place;
            let column = place.table.as_deref().zip(place.column.as_deref());
            (
                column.expect("a column"),
                finding.facts.get("count").cloned(),
            )
        })
        .collect();
    assert_eq!(
        notes,
        [
            (("VBD", "metrics"), Some(6_u64.into())),
            (("VIF", "metrics"), Some(4_u64.into())),
            (("console", "VM"), Some(2_u64.into())),
        ]
    );
    let database = input.database.expect("a summary");
    assert_eq!(
        (database.schema_minor, database.generation),
        (Some(66), Some(39_565))
    );
    assert_eq!(database.releases, ["XenServer 6.1"]);
}
