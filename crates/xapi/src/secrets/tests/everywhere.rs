//! Secrets in places that no rule names: any column with a text in it, any depth, any part of an export; and texts that
//! look like a reference to a secret.

use super::{UUID, one_row, read};
use crate::Limits;
use crate::datamodel;
use crate::secrets::*;

/// Passwords are found wherever a text can be, and a map at any depth is looked through.
#[test]
fn what_is_one_wherever_it_is() {
    let login = "http://u:Deep0Q@h/x";
    let nested = "(('a' '((\\'password\\' \\'Deep0Q\\'))'))";
    let value = format!("(('x' '{login}'))");
    let set = format!("('{login}' 'x')");
    for (table, column, text) in [
        ("SR", "sm_config", &*value),
        ("VDI", "sm_config", &value),
        ("VDI", "xenstore_data", "(('vm-data/x' 'password=Deep0Q'))"),
        ("VM", "platform", "(('args' '-vnc password=Deep0Q'))"),
        ("VM", "HVM__boot_params", "(('args' 'password=Deep0Q'))"),
        ("VM", "bios_strings", "(('oem-9' 'password=Deep0Q'))"),
        ("PIF", "properties", "(('gro' 'password=Deep0Q'))"),
        ("host", "chipset_info", &value),
        (
            "host",
            "external_auth_configuration",
            "(('bind' 'password=Deep0Q'))",
        ),
        ("VM_guest_metrics", "other", &value),
        ("Vendor", "text", "password=Deep0Q"),
        ("Vendor", "set", &set),
        ("VM", "PV__kernel", login),
        ("VM", "PV__ramdisk", login),
        ("console", "location", login),
        ("VDI", "location", login),
        ("host", "logging", "(('syslog_destination' 'u:Deep0Q@h'))"),
        ("host", "license_server", &value),
        ("pool", "health_check_config", &value),
        ("pool", "gui_config", &value),
        ("pool", "wlb_url", login),
        ("VMPP", "archive_target_config", &value),
        ("VMPP", "alarm_config", &value),
        ("Observer", "endpoints", &set),
        ("Repository", "name__label", login),
        ("VM", "name__description", login),
        ("VM", "tags", &set),
        ("VM", "actions__after_crash", "password=Deep0Q"),
        // Records and maps where none is expected.
        ("VM", "other_config", nested),
        ("VM", "name__label", nested),
        ("VM", "other_config", "(('a' '(\\'password=Deep0Q\\')'))"),
        (
            "Vendor",
            "record",
            "<value><struct><member><name>password</name><value>Deep0Q</value></member></struct></value>",
        ),
        (
            "Vendor",
            "record",
            "('struct' ('a' ('struct' ('pw' 'Deep0Q'))))",
        ),
        (
            "Vendor",
            "snapshot",
            "(('NVRAM' '((\\'EFI-variables\\' \\'Deep0Q\\'))'))",
        ),
        // Names in other letters, and keys that look like references.
        ("vm", "nvram", "(('x' 'Deep0Q'))"),
        ("VM", "NVRAM", "(('EFI-variables' 'Deep0Q"),
        ("VM", "NVRAM", "(('old' 'Deep0Q"),
        (
            "VM",
            "snapshot_metadata",
            "(('NVRAM' '((\\'old\\' \\'Deep0Q\\'))'))",
        ),
        (
            "VM",
            "Last_Booted_Record",
            "(('PV__args' 'password=Deep0Q'))",
        ),
        ("vendor_secret", "value", "Deep0Q"),
        ("PBD", "device_config", "(('key' 'Deep0Q'))"),
        ("PBD", "device_config", "(('cephx_key' 'Deep0Q'))"),
        ("VM", "xenstore_data", "(('vm-data/pass' 'Deep0Q'))"),
        ("VM", "xenstore_data", "(('vm-data/pw' 'Deep0Q'))"),
        ("VM", "other_config", "(('Authorization' 'Deep0Q'))"),
        ("VM", "other_config", "(('wpa_psk' 'Deep0Q'))"),
    ] {
        let secrets = |found: Vec<(String, Kind)>| {
            let found = found.into_iter();
            found
                .filter(|(_, kind)| kind.grade() == Grade::Secret)
                .count()
        };
        assert_eq!(
            secrets(one_row(table, column, text)),
            1,
            "{table}.{column} {text}"
        );
        let shown = masked_text(table, column, text);
        assert!(!shown.contains("Deep0Q"), "{table}.{column} {shown}");
        let value = masked(table, column, datamodel::decode(table, column, text));
        assert!(!format!("{value:?}").contains("Deep0Q"), "{table}.{column}");
    }
}

#[test]
fn a_uuid_is_a_reference_only_where_there_is_a_row() {
    let other = UUID.replace('6', "7");
    for (key, uuid, expected) in [
        ("password_secret", UUID, 0),
        ("DiagnosticToken.Secret", UUID, 0),
        ("client_secret", UUID, 0),
        ("client_secret", &other, 1),
        ("password_secret", &other, 1),
        ("DiagnosticToken.Secret", &other, 1),
    ] {
        let text = format!("(('{key}' '{uuid}'))");
        assert_eq!(
            one_row("PBD", "device_config", &text).len(),
            expected,
            "{key}"
        );
        // Where the rows are not known the name has to tell.
        let shown = masked_text("PBD", "device_config", text.as_str());
        assert_eq!(shown == text, key == "password_secret", "{key}");
    }
}

#[test]
fn names_of_rows_hide_what_they_hold() {
    let dump = "<database><manifest/><table name='secret'><row ref='r' name__label='http://u:Deep0Q@h' value='x'/>\
         </table></database>";
    let found = in_database(&read(dump), Grade::Secret);
    assert_eq!(found.len(), 2);
    let name = found[0].name.as_deref();
    assert_eq!(name, Some("http://u:(secret, 6 bytes)@h"));
}

#[test]
fn every_part_of_an_export_is_searched() {
    let member = |name: &str, value: &str| {
        format!("<member><name>{name}</name><value>{value}</value></member>")
    };
    let tree = |members: &str| format!("<struct>{members}</struct>");
    let secret = member("password", "Deep0Q");
    let object = |members: &str, fields: &str| {
        let class = member("class", "VM") + &member("id", "Ref:1");
        let snapshot = member("snapshot", &tree(fields));
        let object = tree(&format!("{class}{snapshot}{members}"));
        let objects = format!("<array><data><value>{object}</value></data></array>");
        tree(&member("objects", &objects))
    };
    let array = |value: &str| format!("<array><data><value>{value}</value></data></array>");
    for document in [
        tree(&secret),
        tree(&member("vendor", &tree(&secret))),
        tree(&member("vendor", &tree(&member("x", &tree(&secret))))),
        tree(&member("vendor", &array(&tree(&secret)))),
        array(&tree(&secret)),
        "password=Deep0Q".to_owned(),
        object(&secret, ""),
        object(&member("extra", "password=Deep0Q"), ""),
        object(
            &member("Snapshot", &tree(&member("PV_args", "password=Deep0Q"))),
            "",
        ),
        object(
            "",
            &member("other_config", &tree(&member("a", &tree(&secret)))),
        ),
        object("", &member("other_config", &array(&tree(&secret)))),
        object(
            "",
            &member(
                "other_config",
                &tree(&member("apikey", "<int>Deep0Q</int>")),
            ),
        ),
        object(
            "",
            &member(
                "other_config",
                &tree(&member("apikey", "<base64>Deep0Q</base64>")),
            ),
        ),
        object(
            "",
            &member(
                "other_config",
                &tree(&member("a", &array("password=Deep0Q"))),
            ),
        ),
        object("", &member("pv_args", "password=Deep0Q")),
        object("", &member("Nvram", &tree(&member("x", "Deep0Q")))),
        object("", &member("vendor_password", "Deep0Q")),
        object(
            "",
            &member(
                "last_booted_record",
                &tree(&member("other_config", &tree(&secret))),
            ),
        ),
        // What is beside the values.
        "<!-- Deep0Q --><?a Deep0Q?>x".to_owned(),
        "<string a='Deep0Q'>x</string>".to_owned(),
        object(
            "",
            &member(
                "last_booted_record",
                "&lt;value&gt;&lt;!-- Deep0Q --&gt;&lt;struct a='Deep0Q'/&gt;&lt;/value&gt;",
            ),
        ),
    ] {
        let document = format!("<value>{document}</value>");
        let shown = masked_ova_xml(document.as_bytes(), &Limits::default()).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert!(!shown.contains("Deep0Q"), "{document}\n{shown}");
        assert_ne!(shown, document);
    }
}
