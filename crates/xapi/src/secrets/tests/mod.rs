//! The policy against itself: one value planted for each rule, found in a dump and in an export, hidden by the masks.

mod everywhere;

use std::collections::BTreeSet;

use super::plant::{self, Planted};
use super::policy::{ANY, Part, RULES};
use super::*;
use crate::datamodel;
use crate::db::DumpLimits;
use crate::{Limits, export as ova};

fn read(text: &str) -> Database<'_> {
    Database::read(text.as_bytes(), &DumpLimits::default()).unwrap()
}

/// The uuid of the row that references to the table `secret` can refer to.
const UUID: &str = "61b6ac70-9062-fe58-bb77-47fe5d806037";

/// What is found in a dump with this row, and one in the table `secret`.
fn one_row(table: &str, column: &str, text: &str) -> Vec<(String, Kind)> {
    let value = crate::value::protect(text, crate::value::Protection::EverySpace);
    let value = crate::value::escape(&value).into_owned();
    let row = format!("<table name=\"{table}\"><row ref=\"r\" {column}=\"{value}\"/></table>");
    let secret = format!("<table name=\"secret\"><row ref=\"s\" uuid=\"{UUID}\"/></table>");
    let secret = if table == "secret" { "" } else { &secret };
    let dump = format!("<database><manifest/>{row}{secret}</database>");
    in_database(&read(&dump), Grade::Personal)
        .into_iter()
        .map(|secret| (secret.field, secret.kind))
        .collect()
}

fn secrets_only(planted: Vec<Planted>) -> Vec<Planted> {
    planted
        .into_iter()
        .filter(|one| one.rule.kind.grade() == Grade::Secret)
        .collect()
}

#[test]
fn the_table_is_in_order() {
    let grades: Vec<_> = RULES.iter().map(|rule| rule.kind.grade()).collect();
    assert!(grades.is_sorted_by(|a, b| a >= b), "secrets come first");
    for rule in RULES {
        if rule.column == ANY {
            assert!(
                rule.class == ANY && matches!(rule.part, Part::Keys(_) | Part::Credentials),
                "{rule:?}"
            );
        }
        // Every class and column is one that dumps or exports have, or had.
        let known = datamodel::field(rule.class, rule.column).is_some()
            || rule.class == ANY
            || rule.class == policy::MANIFEST
            // Of the two columns of a TPM the model lists neither.
            || rule.class == "VTPM";
        assert!(known, "{rule:?}");
    }
    let names: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
    let used: BTreeSet<_> = RULES.iter().map(|rule| rule.kind).collect();
    assert_eq!(used, Kind::ALL.into_iter().collect());
}

#[test]
fn one_of_each_is_found_in_a_dump() {
    for minor in [66, 790] {
        let planted = plant::all();
        let listed: Vec<_> = planted
            .iter()
            .filter(|one| one.rule.kind.grade() >= Grade::Personal)
            .collect();
        let dump = plant::dump(&planted, minor);
        let database = read(&dump);
        let found = in_database(&database, Grade::Personal);
        for one in &listed {
            let here: Vec<_> = found
                .iter()
                .filter(|secret| {
                    let row = database.by_reference(&secret.reference);
                    let text = row.and_then(|row| row.text(&one.column));
                    secret.class == one.class
                        && (text.as_deref() == Some(&*one.text) || secret.class == policy::MANIFEST)
                })
                .collect();
            if let Part::Record(_) = one.rule.part {
                assert!(!here.is_empty(), "{:?}", one.rule);
                continue;
            }
            let kinds: Vec<_> = here.iter().map(|secret| secret.kind).collect();
            assert!(kinds.contains(&one.rule.kind), "{:?} {kinds:?}", one.rule);
            for secret in here {
                let Some(offset) = secret.offset else {
                    assert_eq!(secret.class, policy::MANIFEST);
                    continue;
                };
                let at = usize::try_from(offset).unwrap();
                assert!(dump[..at].ends_with(&format!(" {}=\"", one.column)));
                assert!(secret.field.starts_with(&one.column));
            }
        }
        let all = format!("{found:?}");
        for one in &listed {
            assert!(one.cores.iter().all(|(core, _)| !all.contains(core)));
        }
        let secrets = in_database(&database, Grade::Secret);
        assert!(secrets.len() < found.len());
        assert!(
            secrets
                .iter()
                .all(|secret| secret.kind.grade() == Grade::Secret)
        );
    }
}

#[test]
fn one_of_each_is_found_in_an_export() {
    let planted = plant::all();
    let document = plant::ova_xml(&planted);
    let export = ova::parse(document.as_bytes(), &Limits::default()).unwrap();
    let found = in_export(&export, Grade::Personal);
    for (number, one) in planted.iter().enumerate() {
        let id = format!("Ref:{number}");
        let here: Vec<_> = found
            .iter()
            .filter(|secret| secret.reference == id)
            .collect();
        match one.rule.kind.grade() {
            Grade::Identity => assert!(here.iter().all(|secret| secret.kind != one.rule.kind)),
            _ if matches!(one.rule.part, Part::Record(_)) => assert!(!here.is_empty()),
            _ => assert!(
                here.iter().any(|secret| secret.kind == one.rule.kind),
                "{:?} {here:?}",
                one.rule
            ),
        }
        assert!(here.iter().all(|secret| secret.uuid.is_some()));
    }
}

#[test]
fn masks_hide_one_of_each() {
    let planted = secrets_only(plant::all());
    for one in &planted {
        let hidden = |shown: &str, what: &str| {
            assert!(shown.contains("(secret, "), "{what} {:?} {shown}", one.rule);
            // In a record there are personal values too, and those stay.
            for (core, kind) in &one.cores {
                let is_secret = kind.grade() == Grade::Secret;
                assert_eq!(
                    shown.contains(core),
                    !is_secret,
                    "{what} {kind:?} {:?} {shown}",
                    one.rule
                );
            }
        };
        let text = masked_text(&one.class, &one.column, one.text.as_str());
        hidden(&text, "text");
        let value = datamodel::decode(&one.class, &one.column, one.text.as_str());
        let value = masked(&one.class, &one.column, value);
        hidden(&format!("{value:?}"), "value");
    }
    let document = plant::ova_xml(&planted);
    let shown = masked_ova_xml(document.as_bytes(), &Limits::default()).unwrap();
    let shown = String::from_utf8(shown).unwrap();
    for (core, kind) in planted.iter().flat_map(|one| &one.cores) {
        assert_eq!(
            shown.contains(core),
            kind.grade() != Grade::Secret,
            "{kind:?}"
        );
    }
}

#[test]
fn what_is_no_secret() {
    for (table, column, text) in [
        ("secret", "value", ""),
        ("secret", "value", "REMOVED"),
        ("VM", "NVRAM", "REMOVED"),
        ("VM", "NVRAM", "(('EFI-variables-backend' 'xapidb'))"),
        ("VM", "snapshot_metadata", "REMOVED"),
        ("pool", "wlb_password", "OpaqueRef:NULL"),
        (
            "pool",
            "wlb_password",
            "OpaqueRef:61b6ac70-9062-fe58-bb77-47fe5d806037",
        ),
        (
            "PBD",
            "device_config",
            "(('password_secret' '61b6ac70-9062-fe58-bb77-47fe5d806037'))",
        ),
        (
            "pool",
            "health_check_config",
            "(('UploadTokenSecret' '61b6ac70-9062-fe58-bb77-47fe5d806037'))",
        ),
        (
            "subject",
            "other_config",
            "(('subject-password-expired' 'false'))",
        ),
        (
            "SM",
            "configuration",
            "(('chappassword' 'The password to be used'))",
        ),
        ("VM", "name__label", "(the) token password"),
        ("VM", "PV__args", "root=/dev/xvda1 ro password="),
        (
            "PBD",
            "device_config",
            "(('device' '/dev/sda3') ('location' '/opt/iso') ('server' 'localhost'))",
        ),
        (
            "host",
            "license_params",
            "(('restrict_email_alerting' 'true'))",
        ),
        ("role", "name__label", "pool-admin"),
        ("host", "address", "127.0.0.1"),
        ("secret", "value", "redacted-0123456789abcdef01234567"),
    ] {
        assert_eq!(one_row(table, column, text), [], "{table}.{column} {text}");
    }
}

#[test]
fn what_is_one() {
    for (table, column, text, field, kind) in [
        // No uuid, so no reference.
        (
            "pool",
            "other_config",
            "(('storagelink_password_secret' 'bla'))",
            "other_config:storagelink_password_secret",
            Kind::Password,
        ),
        (
            "VM",
            "xenstore_data",
            "(('secret' '61b6ac70-9062-fe58-bb77-47fe5d806037'))",
            "xenstore_data:secret",
            Kind::Token,
        ),
        (
            "VM",
            "PV__args",
            "ks=http://me:pw@h/",
            "PV__args",
            Kind::Credentials,
        ),
        (
            "Repository",
            "binary_url",
            "https://10.0.0.1/ token=x",
            "binary_url:token",
            Kind::Credentials,
        ),
        // A column and a table that no release has.
        (
            "Vendor",
            "their_password",
            "x",
            "their_password",
            Kind::Password,
        ),
        ("Vendor", "map", "(('ApiKey' 'x'))", "map:ApiKey", Kind::Key),
        // Not readable as what they should be.
        (
            "PBD",
            "device_config",
            "(('chappassword' 'x'",
            "device_config",
            Kind::Unreadable,
        ),
        ("Vendor", "map", "(('password' x))", "map", Kind::Unreadable),
        (
            "VM",
            "last_booted_record",
            "<value><struct>password",
            "last_booted_record",
            Kind::Unreadable,
        ),
        // Older quotes, and stray white space.
        (
            "PBD",
            "device_config",
            " ((\"PASSWORD\"\t\"x\"))",
            "device_config:PASSWORD",
            Kind::Password,
        ),
        (
            "VM",
            "snapshot_metadata",
            "(('NVRAM' '((\\'EFI-variables\\' \\'x\\'))'))",
            "snapshot_metadata:NVRAM:EFI-variables",
            Kind::EfiVariables,
        ),
    ] {
        let found = one_row(table, column, text);
        assert!(
            found.contains(&(field.to_owned(), kind)),
            "{text} {found:?}"
        );
        assert_eq!(
            found
                .iter()
                .filter(|(_, kind)| kind.grade() == Grade::Secret)
                .count(),
            1,
            "{text} {found:?}"
        );
    }
}

#[test]
fn lengths_are_those_of_values() {
    let dump = "<database><manifest><pair key='pool_token' value='a&lt;'/></manifest><table name='secret'>\
         <row ref='r' uuid='u' value='a%.%.&amp;é'/></table><table name='VM'><row ref='v' name__label='N' \
         other_config=\"(('password'%.'it\\'s'))\"/></table></database>";
    let found = in_database(&read(dump), Grade::Secret);
    let lengths: Vec<_> = found
        .iter()
        .map(|secret| {
            (
                secret.class.as_str(),
                secret.length,
                secret.offset.is_some(),
            )
        })
        .collect();
    assert_eq!(
        lengths,
        [("manifest", 2, false), ("secret", 6, true), ("VM", 4, true)]
    );
    assert_eq!(found[1].uuid.as_deref(), Some("u"));
    assert_eq!(found[2].name.as_deref(), Some("N"));
}

#[test]
fn a_walk_can_be_stopped() {
    let dump = plant::dump(&plant::all(), 790);
    let mut seen = 0;
    let flow = for_each_in_database(&read(&dump), Grade::Personal, &mut |_| {
        seen += 1;
        match seen {
            3 => ControlFlow::Break("enough"),
            _ => ControlFlow::Continue(()),
        }
    });
    assert_eq!((flow, seen), (ControlFlow::Break("enough"), 3));
}

#[test]
fn records_in_records_without_end() {
    let mut text = "(('xenstore_data' '((\\'password\\' \\'Deep0Q\\'))'))".to_owned();
    for _ in 0..10 {
        text = crate::value::sexpr::encode_map([("snapshot_metadata", &text)]);
    }
    let found = one_row("VM", "snapshot_metadata", &text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, Kind::Unreadable);
    assert!(!masked_text("VM", "snapshot_metadata", text.as_str()).contains("Deep0Q"));
}
