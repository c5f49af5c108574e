//! Secrets in the real dumps and exports of the shared sample data: how many of which kind, and that none comes through a
//! redaction. No value is ever printed. Skips, and says so, where the data is not there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use xenspect_xapi::datamodel;
use xenspect_xapi::db::{Database, DumpLimits, write};
use xenspect_xapi::redact::{self, Options, StandIns};
use xenspect_xapi::secrets::{self, Grade, Kind};
use xenspect_xapi::{Limits, export};

/// Secrets of each dump by place and kind. Dumps that are not here have none.
const SECRETS: &[(&str, &str, Kind, usize)] = &[
    (
        "cut-interesting-development",
        "pool.wlb_password",
        Kind::Password,
        1,
    ),
    (
        "cut-interesting-production",
        "pool.wlb_password",
        Kind::Password,
        1,
    ),
    (
        "xs-5.1.0-george-2",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    (
        "xs-5.5.0-krakout",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    ("xs-5.5.0-krakout", "secret.value", Kind::SecretRow, 2),
    (
        "xs-5.5.0-snapshots",
        "PBD.device_config:cifspassword_transformed",
        Kind::Password,
        1,
    ),
    (
        "xs-5.5.0-snapshots",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    (
        "xs-5.5.0-state1",
        "PBD.device_config:password_transformed",
        Kind::Password,
        2,
    ),
    (
        "xs-5.5.0-state1",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    (
        "xs-5.5.0-state2",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    (
        "xs-5.5.900-updates",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    ("xs-5.5.900-updates", "secret.value", Kind::SecretRow, 4),
    // The table is spelled `Secret` there.
    ("xs-5.6.0-state5", "Secret.value", Kind::SecretRow, 1),
    (
        "xs-5.6.0-state5",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
    (
        "xs-5.6.0-state5",
        "pool.other_config:storagelink_password_secret",
        Kind::Password,
        1,
    ),
    (
        "xs-5.6.900-cowley1",
        "manifest.pool_token",
        Kind::PoolSecret,
        1,
    ),
];

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    let Ok(entries) = std::fs::read_dir(data.join(folder)) else {
        say_skipped(format_args!(
            "skipped: no sample data at {}",
            data.display()
        ));
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    };
    paths.iter().map(read).collect()
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}

fn read(bytes: &[u8]) -> Database<'_> {
    Database::read(bytes, &DumpLimits::default()).unwrap()
}

fn redacted(database: &Database<'_>, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    let style = write::Style::of(database);
    let _: ControlFlow<()> = redact::dump(
        database,
        &style,
        options,
        &mut StandIns::new(keyed),
        &mut |piece| {
            out.extend_from_slice(piece);
            ControlFlow::Continue(())
        },
    );
    out
}

/// Different for different texts, which is all a test needs.
fn keyed(text: &str) -> [u8; 32] {
    let mut out = [0; 32];
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    for (place, slot) in out.iter_mut().enumerate() {
        for byte in text.bytes().chain([place as u8]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        *slot = (state >> 32) as u8;
    }
    out
}

const ALL: Options = Options {
    personal: true,
    names: true,
    addresses: true,
};

#[test]
fn secrets_of_each_dump() {
    for (name, bytes) in files("pool-db") {
        let mut found: BTreeMap<_, usize> = BTreeMap::new();
        for secret in secrets::in_database(&read(&bytes), Grade::Secret) {
            let place = format!("{}.{}", secret.class, secret.field);
            *found.entry((place, secret.kind)).or_default() += 1;
        }
        let expected: BTreeMap<_, _> = SECRETS
            .iter()
            .filter(|(dump, ..)| *dump == name)
            .map(|&(_, place, kind, count)| ((place.to_owned(), kind), count))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn personal_data_of_one_dump() {
    for (name, bytes) in files("pool-db") {
        if name != "xs-5.5.0-state2" {
            continue;
        }
        let database = read(&bytes);
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for secret in secrets::in_database(&database, Grade::Personal) {
            *counts.entry(secret.kind).or_default() += 1;
            assert_eq!(secret.offset.is_some(), secret.class != "manifest");
        }
        let expected = [
            (Kind::PoolSecret, 1),
            (Kind::UserName, 4),
            (Kind::Directory, 12),
            (Kind::Licence, 6),
            (Kind::Address, 4),
            (Kind::StorageId, 27),
            (Kind::GuestSystem, 12),
        ];
        assert_eq!(counts, BTreeMap::from(expected));
    }
}

#[test]
fn what_was_redacted_is_gone_and_the_rest_is_there() {
    for (name, bytes) in files("pool-db") {
        let before = read(&bytes);
        for options in [Options::default(), ALL] {
            let out = redacted(&before, &options);
            let after = read(&out);
            assert_eq!(before.row_count(), after.row_count(), "{name}");
            for (a, b) in before.rows().zip(after.rows()) {
                assert!(
                    a.table() == b.table() || before.schema() >= Some((5, 63)),
                    "{name}"
                );
            }
            for row in before.rows() {
                let Some(reference) = row.reference() else {
                    continue;
                };
                let same = after.by_reference(&reference).unwrap();
                // Two rows of one reference: the first is found.
                if before.by_reference(&reference).unwrap().offset() != row.offset() {
                    continue;
                }
                assert_eq!(
                    (row.table(), row.uuid()),
                    (same.table(), same.uuid()),
                    "{name}"
                );
                for (column, _) in row.columns() {
                    let fault = |value: Option<datamodel::Value<'_>>| {
                        value.is_some_and(|value| value.fault().is_some())
                    };
                    assert_eq!(
                        fault(row.value(column)),
                        fault(same.value(column)),
                        "{name} {column}"
                    );
                }
            }
            assert_eq!(secrets::in_database(&after, Grade::Secret), [], "{name}");
            // Without any MAC address it does not show that IPv4 addresses were replaced.
            let shows = !options.addresses || before.rows().any(|row| row.get("MAC").is_some());
            assert!(
                !shows || redacted(&after, &options) == out,
                "{name}: not settled"
            );
            // The values themselves, taken from where they are known to be.
            let text = String::from_utf8_lossy(&out);
            let rows = ["secret", "Secret"]
                .into_iter()
                .filter_map(|table| before.table(table));
            let values = rows
                .flat_map(|table| table.rows())
                .filter_map(|row| row.text("value"))
                .map(|value| value.into_owned());
            let token = before.manifest_value("pool_token").map(str::to_owned);
            let password = before
                .table("pool")
                .into_iter()
                .flat_map(|table| table.rows());
            let password =
                password.filter_map(|row| row.text("wlb_password").map(|text| text.into_owned()));
            for value in values.chain(token).chain(password) {
                let plain = value.len() < 5
                    || value.starts_with("OpaqueRef:")
                    || secrets::is_removed_marker(&value);
                assert!(
                    plain || !text.contains(&value),
                    "{name}: a secret came through"
                );
            }
        }
    }
}

#[test]
fn addresses_of_guests_and_hosts_are_gone_on_request() {
    for (name, bytes) in files("pool-db") {
        let before = read(&bytes);
        let out = redacted(&before, &ALL);
        let text = String::from_utf8_lossy(&out);
        let columns = [
            ("host", "address"),
            ("PIF", "IP"),
            ("PIF", "MAC"),
            ("VIF", "MAC"),
        ];
        for (table, column) in columns {
            let rows = before
                .table(table)
                .into_iter()
                .flat_map(|table| table.rows());
            for address in rows.filter_map(|row| row.text(column)) {
                assert!(
                    address.is_empty() || !text.contains(&*address),
                    "{name} {table}.{column}"
                );
            }
        }
        // The new ones are addresses too, and as many different ones.
        let after = read(&out);
        let macs = |database: &Database<'_>| {
            let rows = database
                .table("VIF")
                .into_iter()
                .flat_map(|table| table.rows());
            let mut macs: Vec<_> = rows
                .filter_map(|row| Some(row.text("MAC")?.to_ascii_lowercase()))
                .collect();
            macs.sort();
            macs.dedup();
            macs
        };
        assert_eq!(macs(&before).len(), macs(&after).len(), "{name}");
        assert!(
            macs(&after)
                .iter()
                .all(|mac| mac.is_empty() || mac.len() == 17)
        );
    }
}

#[test]
fn the_real_exports_have_no_secrets() {
    for (name, bytes) in files("ova-xml") {
        let limits = Limits::default();
        let export = export::parse(&bytes, &limits).unwrap();
        assert_eq!(secrets::in_export(&export, Grade::Secret), [], "{name}");
        assert!(
            secrets::masked_ova_xml(&bytes, &limits).unwrap() == bytes,
            "{name}"
        );
        let mut stand_ins = StandIns::new(keyed);
        let without = Options {
            personal: false,
            ..Options::default()
        };
        let same = redact::ova_xml(&bytes, &limits, &without, &mut stand_ins).unwrap();
        assert!(same == bytes, "{name}");
        let out = redact::ova_xml(&bytes, &limits, &ALL, &mut stand_ins).unwrap();
        let after = export::parse(&out, &limits).unwrap();
        assert_eq!(after.oddities, export.oddities, "{name}");
        for (old, new) in export.objects.iter().zip(&after.objects) {
            for field in ["MAC", "name_label", "name_description"] {
                let same = old.text(field) == new.text(field);
                assert_eq!(
                    same,
                    old.text(field).is_none_or(str::is_empty),
                    "{name} {} {field}",
                    old.id
                );
            }
        }
    }
}
