//! Properties of redaction, listing and hiding: no input makes them panic, a redacted document has the structure of
//! the one it came from, and a second redaction finds nothing left to do.

use std::ops::ControlFlow;

use proptest::prelude::*;
use xenspect_xapi::datamodel;
use xenspect_xapi::db::{Database, DumpLimits, write::Style};
use xenspect_xapi::redact::{self, Options, StandIns};
use xenspect_xapi::secrets::{self, Grade};
use xenspect_xapi::value::{Protection, escape, protect, sexpr};
use xenspect_xapi::{Limits, xmlrpc};

/// Text of characters that XML allows, with those that any layer treats specially made likely, and pieces that the
/// policy looks for.
fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "password=",
        "\"token\": ",
        "http://u:p@h/",
        "://",
        "@",
        "10.0.0.1",
        "fd00::1",
        "00:16:3e:00:00:01",
        "REMOVED",
        "OpaqueRef:NULL",
        "redacted-0123456789abcdef01234567",
        "<value>",
        "<struct></struct></value>",
        "('struct'",
        "(('a' 'b'))",
        "\\",
        "'",
        "\"",
        "(",
        ")",
        " ",
        "%",
        ".",
        "\n",
        "&",
        "=",
        ":",
        "é",
        "x",
        "/dev/disk/by-id/y",
        "--password ",
        "-u a:b ",
        "Bearer a1b2 ",
        "rocommunity ",
        "<password>",
        "</password>",
        "<key>token</key>",
        "iscsi:u:p@h ",
        "password: |\n  ",
        "password: {",
        "\n  ",
        "<!-- x -->",
        "<?x y?>",
        "node01",
        "dns.example,10.0.0.1",
        "00-16-3e-00-00-01",
        "00163e000001",
        "61b6ac70-9062-fe58-bb77-00163e000001",
    ]);
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// The text of a column: free, a map with keys of interest, a record, or one in another.
fn value() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "password",
        "EFI-variables",
        "username",
        "target",
        "SCSIid",
        "x_secret",
        "vm-data/x",
        "other",
        "mail-destination",
        "vm-data/pw",
        "key",
        "domain",
        "client_secret",
        "",
    ]);
    let map = prop::collection::vec((key, text()), 0..4).prop_map(sexpr::encode_map);
    let leaf = prop_oneof![text(), map];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let field = prop::sample::select(vec![
            "NVRAM",
            "xenstore_data",
            "snapshot_metadata",
            "last_booted_record",
            "PV__args",
            "name__label",
            "other_config",
        ]);
        prop::collection::vec((field, inner), 0..3).prop_map(sexpr::encode_map)
    })
}

type Rows = Vec<(&'static str, &'static str, String)>;

fn rows() -> impl Strategy<Value = Rows> {
    let table = prop::sample::select(vec![
        "VM",
        "PBD",
        "secret",
        "pool",
        "host",
        "PIF",
        "VTPM",
        "Vendor",
        "vendor_secret",
    ]);
    let column = prop::sample::select(vec![
        "NVRAM",
        "xenstore_data",
        "snapshot_metadata",
        "last_booted_record",
        "PV__args",
        "device_config",
        "value",
        "other_config",
        "wlb_url",
        "name__label",
        "IP",
        "MAC",
        "IPv6",
        "content",
        "their_password",
        "hostname",
        "DNS",
        "gui_config",
        "PV__kernel",
        "location",
        "nvram",
        "pv_args",
        "memory__target",
        "bios_strings",
        "tags",
    ]);
    prop::collection::vec((table, column, value()), 0..6)
}

fn dump(rows: &Rows, modern: bool) -> String {
    let (minor, protection) = match modern {
        true => (790, Protection::EverySpace),
        false => (66, Protection::SpacePairs),
    };
    let mut out = format!(
        "<database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"{minor}\"/></manifest>"
    );
    for (number, (table, column, value)) in rows.iter().enumerate() {
        let value = protect(value, protection);
        let value = escape(&value);
        out.push_str(&format!(
            "<table name=\"{table}\"><row ref=\"{number:03}\" {column}=\"{value}\" uuid=\"{number}\"/></table>"
        ));
    }
    out.push_str("</database>");
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

fn redacted(database: &Database<'_>, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    let style = Style::of(database);
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

fn options() -> impl Strategy<Value = Options> {
    any::<(bool, bool, bool)>().prop_map(|(personal, names, addresses)| Options {
        personal,
        names,
        addresses,
    })
}

proptest! {
    #[test]
    fn a_redacted_dump_has_its_structure(rows in rows(), modern in any::<bool>(), options in options()) {
        let text = dump(&rows, modern);
        let limits = DumpLimits::default();
        let before = Database::read(text.as_bytes(), &limits).unwrap();
        // Listing secrets alone takes a short cut, which must not miss any.
        let mut all = secrets::in_database(&before, Grade::Personal);
        all.retain(|secret| secret.kind.grade() == Grade::Secret);
        prop_assert_eq!(secrets::in_database(&before, Grade::Secret), all);
        let out = redacted(&before, &options);
        let after = Database::read(&out, &limits).unwrap();
        prop_assert!(after.oddities().kept.is_empty());
        prop_assert!(before.tables().all(|table| after.table(table.name()).unwrap().len() == table.len()));
        for row in before.rows() {
            let same = after.by_reference(&row.reference().unwrap()).unwrap();
            prop_assert_eq!((row.table(), row.uuid()), (same.table(), same.uuid()));
            for (column, raw) in row.columns() {
                let (old, new) = (raw.text(), same.text(column).unwrap());
                // What was a map still is one, with the same keys.
                let keys = |text| match datamodel::decode(row.table(), column, text) {
                    datamodel::Value::Map(pairs) => Some(pairs.into_iter().map(|(key, _)| key).collect::<Vec<_>>()),
                    _ => None,
                };
                prop_assert!(keys(new.clone()) == keys(old.clone()) || redact::is_stand_in(&new));
                let value = datamodel::decode(row.table(), column, old.clone());
                let hidden = secrets::masked(row.table(), column, value);
                let _ = format!("{hidden:?}");
                let _ = secrets::masked_text(row.table(), column, old);
            }
        }
        prop_assert_eq!(secrets::in_database(&after, Grade::Secret), []);
        if !options.addresses {
            prop_assert!(redacted(&after, &options) == out);
        }
    }

    #[test]
    fn a_redacted_export_has_its_structure(rows in rows(), options in options(), base64 in any::<bool>()) {
        let objects: String = rows
            .iter()
            .enumerate()
            .map(|(number, (class, column, value))| {
                let value = escape(value).replace('\r', "&#13;");
                let value = match base64 {
                    true => format!("<value><base64>{value}</base64></value>"),
                    false => format!("<value>{value}</value>"),
                };
                let column = column.replace("__", "_");
                format!(
                    "<value><struct><member><name>class</name><value>{class}</value></member><member><name>id</name>\
                     <value>Ref:{number}</value></member><member><name>snapshot</name><value><struct><member>\
                     <name>{column}</name>{value}</member></struct></value></member></struct></value>"
                )
            })
            .collect();
        let document = format!(
            "<value><struct><member><name>version</name><value><struct></struct></value></member><member><name>objects</name>\
             <value><array><data>{objects}</data></array></value></member></struct></value>"
        );
        let limits = Limits::default();
        let redact = |text: &[u8]| redact::ova_xml(text, &limits, &options, &mut StandIns::new(keyed)).unwrap();
        let out = redact(document.as_bytes());
        xmlrpc::parse(&out, &limits).unwrap();
        let export = xenspect_xapi::export::parse(&out, &limits).unwrap();
        prop_assert_eq!(export.objects.len(), rows.len());
        prop_assert_eq!(secrets::in_export(&export, Grade::Secret), []);
        if !options.addresses {
            prop_assert!(redact(&out) == out);
        }
        xmlrpc::parse(&secrets::masked_ova_xml(document.as_bytes(), &limits).unwrap(), &limits).unwrap();
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), options in options()) {
        let _ = redact::ova_xml(&bytes, &Limits::default(), &options, &mut StandIns::new(keyed));
        if let Ok(database) = Database::read(&bytes, &DumpLimits::default()) {
            redacted(&database, &options);
        }
    }
}
