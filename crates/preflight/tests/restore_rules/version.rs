//! Checks 4 to 6: every release against every other, and the columns that betray a newer dump.

use xenspect_model::Code;
use xenspect_model::preflight::{Outcome, VersionRelation};
use xenspect_synth::Scene;

use crate::build::{Dump, added, against, error, errors, find, read, run};

/// Releases with their schema, ascending.
const RELEASES: [(&str, u32); 19] = [
    ("XenServer 5.6", 60),
    ("XenServer 6.0", 63),
    ("XenServer 6.1", 66),
    ("XenServer 6.2", 67),
    ("XenServer 6.5", 72),
    ("XenServer 7.0", 93),
    ("XenServer 7.1", 108),
    ("XenServer 7.2", 120),
    ("XenServer 7.6", 203),
    ("8.0", 400),
    ("8.1", 504),
    ("8.2 GA", 601),
    ("8.2 CU1", 603),
    ("XenServer 8, xapi 24.10", 775),
    ("XCP-ng 8.3 GA", 779),
    ("XCP-ng 8.3, xapi 25.6", 787),
    ("XCP-ng 8.3, xapi 25.27", 790),
    ("XenServer 8 and XCP-ng 8.3, xapi 26.1", 793),
    ("xapi 26.17", 909),
];

#[test]
fn all_pairs_of_releases() {
    for (from, ours) in RELEASES {
        let dump = Dump::new(ours);
        for (to, theirs) in RELEASES {
            let mut target = dump.target();
            target.product.schema = Some(format!("5.{theirs}"));
            let report = against(&dump, target);
            let pair = format!("{from} to {to}");
            let (relation, code) = match ours.cmp(&theirs) {
                std::cmp::Ordering::Less => {
                    (VersionRelation::Older, Some(Code::RestoreSchemaOlder))
                }
                std::cmp::Ordering::Equal => (VersionRelation::Same, None),
                std::cmp::Ordering::Greater => {
                    (VersionRelation::Newer, Some(Code::RestoreSchemaNewer))
                }
            };
            assert_eq!(report.version.relation, relation, "{pair}");
            assert_eq!(
                report.preflight.accepted,
                Some(ours == theirs),
                "{pair}: {:?}",
                report.findings
            );
            let refused = error("RESTORE_INCOMPATIBLE_VERSION", &[]);
            assert_eq!(report.preflight.xapi_error, code.map(|_| refused), "{pair}");
            let of_version: Vec<_> = report
                .findings
                .iter()
                .map(|finding| finding.code)
                .filter(|code| matches!(code, Code::RestoreSchemaOlder | Code::RestoreSchemaNewer))
                .collect();
            assert_eq!(of_version, Vec::from_iter(code), "{pair}");
            assert_eq!(report.version.way_out.is_empty(), ours == theirs, "{pair}");
            assert_eq!(report.version.input.schema, Some(format!("5.{ours}")));
            let named = !report.version.input.releases.is_empty()
                || !report.version.input.builds.is_empty();
            assert!(named, "{from}");
        }
    }
}

#[test]
fn another_major_number_is_refused() {
    let mut dump = Dump::new(603);
    let target = dump.target();
    for (major, code) in [(4, Code::RestoreSchemaOlder), (6, Code::RestoreSchemaNewer)] {
        dump.major = major;
        let report = against(&dump, target.clone());
        assert_eq!(
            errors(&report),
            [error("RESTORE_INCOMPATIBLE_VERSION", &[])]
        );
        find(&report, code);
    }
}

#[test]
fn a_newer_dump_fails_at_the_first_column_that_the_target_lacks() {
    let mut dump = Dump::new(790);
    let mut target = dump.target();
    target.product.schema = Some("5.603".to_owned());
    dump.set("pool", "pool", "tls_verification_enabled", "false");
    dump.set("host", "host", "https_only", "false");
    let told = against(&dump, target.clone());
    let column = |table, column| error("INTERNAL_ERROR", &["missing column", table, column]);
    assert_eq!(
        errors(&told),
        [
            column("host", "https_only"),
            column("pool", "tls_verification_enabled"),
            error("RESTORE_INCOMPATIBLE_VERSION", &[]),
        ]
    );
    // Without the target's own database the datamodel tells the same.
    target.columns = None;
    let report = against(&dump, target);
    let first = report.preflight.xapi_error.clone().unwrap();
    assert_eq!(first, column("host", "https_only"));
    let mut columns = report
        .findings
        .iter()
        .filter(|finding| finding.code == Code::RestoreColumnUnknown);
    assert!(columns.any(|finding| finding.place.table.as_deref() == Some("pool")));
}

#[test]
fn a_table_that_the_target_lacks() {
    let mut dump = Dump::new(603);
    let target = dump.target();
    dump.add(
        "Blueprint",
        "blue",
        &[("uuid", "00000000-0000-4000-8000-0000000000aa")],
    );
    let report = against(&dump, target);
    assert_eq!(
        errors(&report),
        [error("INTERNAL_ERROR", &["missing table", "Blueprint"])]
    );
    assert!(added(&report).contains(&"restore/table-unknown"));
}

/// A synthetic pool has all columns of its release, so one more is seen as a build's own.
#[test]
fn a_column_of_one_build_needs_the_same_build_where_the_target_shows_none() {
    let mut scene = Scene::of_schema(603);
    let rows = &mut scene.pool.table_mut("VM").unwrap().rows;
    rows.iter_mut().for_each(|row| row.set("flavour", "plain"));
    let software = "(('product_brand' 'XCP-ng') ('xapi_build' '1.249.32'))";
    let rows = &mut scene.pool.table_mut("host").unwrap().rows;
    rows.iter_mut()
        .for_each(|row| row.set("software_version", software));
    let catalog = read(&String::from_utf8(scene.dump()).unwrap());
    let mut target = Dump::new(603).target();
    target.columns = None;
    target.product.brand = Some("XCP-ng".to_owned());
    for (build, outcome) in [
        (Some("1.249.32"), Outcome::Passed),
        (Some("1.249.41"), Outcome::Unknown),
        (None, Outcome::Unknown),
    ] {
        target.product.xapi = build.map(str::to_owned);
        let report = run(&catalog, target.clone());
        let check = report
            .checks
            .iter()
            .find(|check| check.number == Some(6))
            .unwrap();
        assert_eq!(check.outcome, outcome, "{build:?} {:?}", check.lacks);
    }
}

#[test]
fn a_column_without_default_must_be_there() {
    let mut dump = Dump::new(603);
    dump.add(
        "SR",
        "sr",
        &[
            ("uuid", "00000000-0000-4000-8000-0000000000ab"),
            ("type", "nfs"),
        ],
    );
    let target = dump.target();
    dump.tables.get_mut("SR").unwrap()[0].1.remove("type");
    let report = against(&dump, target);
    let reason = "missing default value: datamodel upgrade failed";
    assert_eq!(
        errors(&report),
        [error("INTERNAL_ERROR", &[reason, "SR", "type"])]
    );
    assert_eq!(added(&report), ["restore/column-missing"]);
}

#[test]
fn a_schema_that_is_not_told_follows_from_xapi_or_the_product() {
    // brand, version, xapi, what is known of the target, relation of a dump of 603
    let table = [
        (
            "XCP-ng",
            "8.2.1",
            "1.249.32-2.1.xcpng8.2",
            Some("5.603"),
            VersionRelation::Same,
        ),
        (
            "XCP-ng",
            "8.3.0",
            "25.6.0-1.9.xcpng8.3",
            Some("5.787"),
            VersionRelation::Older,
        ),
        (
            "XenServer",
            "7.6.0",
            "",
            Some("5.203"),
            VersionRelation::Newer,
        ),
        // The version of an interface says nothing of the schema.
        (
            "XenServer",
            "7.6.0",
            "1.20",
            Some("5.203"),
            VersionRelation::Newer,
        ),
        // Several, and the dump's is one of them.
        ("XCP-ng", "8.2.1", "", None, VersionRelation::Unknown),
        // Several, and it is none of them.
        ("XCP-ng", "8.3.0", "", None, VersionRelation::Older),
        ("", "", "", None, VersionRelation::Unknown),
    ];
    let dump = Dump::new(603);
    for (brand, version, xapi, schema, relation) in table {
        let mut target = dump.target();
        target.product.schema = None;
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        target.product.brand = filled(brand);
        target.product.version = filled(version);
        target.product.xapi = filled(xapi);
        let report = against(&dump, target);
        let what = format!("{brand} {version} {xapi}");
        assert_eq!(report.version.target.schema.as_deref(), schema, "{what}");
        assert_eq!(report.version.relation, relation, "{what}");
        let accepted = match relation {
            VersionRelation::Unknown => None,
            relation => Some(relation == VersionRelation::Same),
        };
        assert_eq!(report.preflight.accepted, accepted, "{what}");
    }
}

#[test]
fn equal_numbers_of_another_vendor_or_build_are_warned_about() {
    let software = |brand: &str, build: &str| {
        format!(
            "(('product_brand' '{brand}') ('product_version' '8.2.1') ('build_number' '{build}'))"
        )
    };
    for (brand, build, differs) in [
        ("XCP-ng", "a", false),
        ("XCP-ng", "b", true),
        ("Citrix Hypervisor", "a", true),
    ] {
        let mut dump = Dump::new(603);
        dump.set("host", "host", "software_version", &software(brand, build));
        let mut target = dump.target();
        target.product.brand = Some("XCP-ng".to_owned());
        target.product.version = Some("8.2.1".to_owned());
        target.product.build = Some("a".to_owned());
        let report = against(&dump, target);
        assert_eq!(report.preflight.accepted, Some(true));
        let relation = if differs {
            VersionRelation::SameNumber
        } else {
            VersionRelation::Same
        };
        assert_eq!(report.version.relation, relation);
        let codes: &[&str] = if differs {
            &["restore/other-build"]
        } else {
            &[]
        };
        assert_eq!(added(&report), codes, "{brand} {build}");
    }
}

#[test]
fn the_way_out_names_what_to_install() {
    let dump = Dump::new(603);
    let mut target = dump.target();
    target.product.schema = Some("5.790".to_owned());
    target.product.brand = Some("XCP-ng".to_owned());
    target.product.version = Some("8.3.0".to_owned());
    let way_out = against(&dump, target.clone()).version.way_out;
    assert!(
        way_out[0].contains("Citrix Hypervisor 8.2 CU1"),
        "{way_out:?}"
    );
    assert!(
        way_out.last().unwrap().contains("XCP-ng 8.3.0"),
        "{way_out:?}"
    );
    // A newer one of the same product is a matter of updates.
    let mut dump = Dump::new(793);
    let software = "(('product_brand' 'XCP-ng') ('product_version' '8.3.0'))";
    dump.set("host", "host", "software_version", software);
    target.columns = Some(dump.columns());
    let way_out = against(&dump, target).version.way_out;
    assert!(
        way_out[0].starts_with("Update the target to XCP-ng 8.3.0"),
        "{way_out:?}"
    );
}
