//! Known answers. Whether the tables are those of the shared data is in `tests/tables.rs`.

use super::{
    compare, latest, neighbours, releases, schema, schemas, schemas_of_product, schemas_of_xapi,
};

#[test]
fn schemas_are_sorted_and_each_says_something() {
    assert!(schemas().is_sorted_by_key(|schema| schema.minor));
    for known in schemas() {
        assert_eq!(schema(known.minor), Some(known));
        assert!(
            !known.products.is_empty() || !known.xapi.is_empty(),
            "{}",
            known.minor
        );
    }
    assert_eq!(schema(66).unwrap().products[0].to_string(), "XenServer 6.1");
    assert_eq!(schema(12345), None);
    assert_eq!(latest(), 909);
}

#[test]
fn versions_of_xapi() {
    for (version, minors) in [
        ("1.9.4", &[67][..]),
        ("1.10.0", &[80, 101]),
        ("1.249.5", &[601]),
        ("1.249.6", &[602]),
        ("1.249.28", &[602]),
        ("1.249.29", &[603]),
        ("24.14.0", &[776]),
        ("24.19.2", &[779]),
        ("25.6.0", &[786]),
        ("26.1.12", &[794]),
        ("26.17.0", &[909]),
        ("99.0.0", &[]),
        ("", &[]),
    ] {
        assert_eq!(schemas_of_xapi(version), minors, "{version}");
    }
}

#[test]
fn versions_of_products() {
    for (name, version, minors) in [
        ("XenServer", "6.1.0", &[66][..]),
        ("XenServer", "6.2.0", &[67, 68, 69, 70, 71]),
        ("XenServer", "7.6.0", &[203]),
        ("Citrix Hypervisor", "8.2.1", &[601, 602, 603]),
        ("xcp-ng", "8.2.0", &[601, 602, 603]),
        ("XCP-ng", "8.3.0", &[779, 780, 787, 790, 792, 793]),
        ("XenServer", "60", &[]),
        ("Xen", "6.1", &[]),
    ] {
        assert_eq!(
            schemas_of_product(name, version),
            minors,
            "{name} {version}"
        );
    }
}

#[test]
fn unknown_numbers_have_neighbours() {
    let minors = |minor| {
        let (below, above) = neighbours(minor);
        (
            below.map(|schema| schema.minor),
            above.map(|schema| schema.minor),
        )
    };
    assert_eq!(minors(650), (Some(603), Some(700)));
    assert_eq!(minors(603), (Some(602), Some(700)));
    assert_eq!(minors(1), (None, Some(19)));
    assert_eq!(minors(1000), (Some(909), None));
}

#[test]
fn release_names() {
    let boston = releases()
        .iter()
        .find(|release| release.name == "boston")
        .unwrap();
    assert_eq!(boston.product, "XenServer 6.0");
    assert_eq!(boston.minor, Some(63));
}

#[test]
fn versions_compare_by_number() {
    assert!(compare("1.9", "1.10").is_lt());
    assert!(compare("1.9.0", "1.9").is_eq());
    assert!(compare("24.19.2", "24.20.0").is_lt());
    assert!(compare("x", "1").is_gt());
}
