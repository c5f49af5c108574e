//! Files that are compared key by key: the host's inventory, the rules by which its NICs are named, and what its installer
//! wrote down (`formats/host-backup.md` sections 7 and 8).

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value as Json;
use xenspect_model::diff::{Change, Delta, FieldChange, Shown};
use xenspect_xapi::datamodel::Value;
use xenspect_xapi::secrets;

use super::paths::matches;

/// Longest file that is read, in bytes. The real ones have some kilobytes.
const LONGEST: usize = 64 << 10;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Lines `KEY='value'`.
    Pairs,
    /// Lines `eth0:mac="00:11:22:33:44:55"`, or the number alone in front.
    Rules,
    /// `dynamic-rules.json`.
    LastStart,
}

const FORMS: [(&str, Form); 5] = [
    ("etc/xensource-inventory", Form::Pairs),
    (
        "etc/firstboot.d/data/initial_network_device_rules.conf",
        Form::Rules,
    ),
    ("etc/firstboot.d/data/*.conf", Form::Pairs),
    (
        "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf",
        Form::Rules,
    ),
    (
        "etc/sysconfig/network-scripts/interface-rename-data/dynamic-rules.json",
        Form::LastStart,
    ),
];

/// Whether a file of a host backup is compared key by key, for which its contents are needed.
#[must_use]
pub fn is_compared_by_key(path: &str) -> bool {
    form(path).is_some()
}

fn form(path: &str) -> Option<Form> {
    let mut forms = FORMS.iter();
    let found = forms.find(|(pattern, _)| matches(pattern, path))?;
    Some(found.1)
}

/// Keys that came, went or have another value, in their order; none where one of the two cannot be read so.
pub(super) fn compare(path: &str, old: &[u8], new: &[u8]) -> Vec<FieldChange> {
    let Some(form) = form(path) else {
        return Vec::new();
    };
    let (Some(old), Some(new)) = (read(form, old), read(form, new)) else {
        return Vec::new();
    };
    let added = new.keys().filter(|key| !old.contains_key(*key));
    let mut keys: Vec<&String> = old.keys().chain(added).collect();
    keys.sort_unstable();
    let changes = keys.into_iter().filter_map(|key| {
        let (old, new) = (old.get(key), new.get(key));
        (old != new).then(|| change(key, old, new))
    });
    changes.collect()
}

fn change(key: &str, old: Option<&String>, new: Option<&String>) -> FieldChange {
    let is_secret = [old, new]
        .into_iter()
        .flatten()
        .any(|value| is_secret(key, value));
    let delta = if is_secret {
        let change = match (old, new) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        Delta::Secret { change, key: None }
    } else {
        let shown = |value: Option<&String>| value.cloned().map(Shown::Text);
        Delta::Value {
            old: shown(old),
            new: shown(new),
        }
    };
    FieldChange {
        field: key.to_owned(),
        delta,
        is_told: false,
    }
}

/// Whether a value would be masked in a map of the database that anybody may put keys into.
fn is_secret(key: &str, value: &str) -> bool {
    // Passwords as the answers to an installation have them: `ROOT_PW_HASH`, `XSPASS`, `$6$…`.
    let key_tells = ["PASS", "PW", "HASH", "SECRET"];
    let upper = key.to_ascii_uppercase();
    let is_hash = value.starts_with('$') && value.get(1..).is_some_and(|rest| rest.contains('$'));
    if is_hash || key_tells.iter().any(|part| upper.contains(part)) {
        return true;
    }
    let text = |text: &str| Value::Text(Cow::Owned(text.to_owned()));
    let map = Value::Map(vec![(text(key), text(value))]);
    secrets::masked("host", "other_config", map.clone()) != map
}

fn read(form: Form, bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    if bytes.len() > LONGEST {
        return None;
    }
    let text = str::from_utf8(bytes).ok()?;
    match form {
        Form::Pairs => Some(pairs(text)),
        Form::Rules => Some(rules(text)),
        Form::LastStart => last_start(text),
    }
}

/// Cut at the first `=`, one pair of quotes off; of a key that is there twice the last line counts.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let lines = lines(text).filter_map(|line| line.split_once('='));
    lines
        .map(|(key, value)| (key.trim().to_owned(), unquoted(value).to_owned()))
        .collect()
}

/// Cut at the first colon; method and value stay together.
fn rules(text: &str) -> BTreeMap<String, String> {
    let lines = lines(text).filter_map(|line| line.split('#').next()?.split_once(':'));
    let rule = |rule: &str| match rule.split_once('=') {
        Some((method, value)) => format!("{} {}", method.trim(), unquoted(value)),
        None => rule.trim().to_owned(),
    };
    lines
        .map(|(device, rest)| (device.trim().to_owned(), rule(rest)))
        .collect()
}

/// `lastboot` and `old`: lists of MAC, PCI address and name, here by list and name.
fn last_start(text: &str) -> Option<BTreeMap<String, String>> {
    let json: String = lines(text).flat_map(|line| [line, "\n"]).collect();
    let Json::Object(lists) = serde_json::from_str(&json).ok()? else {
        return None;
    };
    let mut nics: BTreeMap<String, String> = BTreeMap::new();
    for (list, entries) in &lists {
        for entry in entries.as_array().into_iter().flatten() {
            let Some([Json::String(mac), Json::String(pci), Json::String(device)]) =
                entry.as_array().map(Vec::as_slice)
            else {
                continue;
            };
            let known = nics.entry(format!("{list} {device}")).or_default();
            if !known.is_empty() {
                known.push_str(", ");
            }
            known.push_str(mac);
            known.push_str(" at ");
            known.push_str(pci);
        }
    }
    Some(nics)
}

/// Lines that are neither empty nor comments.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let without = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    without('\'').or_else(|| without('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_read() {
        let folder = "etc/sysconfig/network-scripts/interface-rename-data";
        for (path, expected) in [
            ("etc/xensource-inventory", Some(Form::Pairs)),
            ("etc/xensource-inventory.bak", None),
            ("opt/etc/xensource-inventory", None),
            ("etc/firstboot.d/data/management.conf", Some(Form::Pairs)),
            (
                "etc/firstboot.d/data/initial_network_device_rules.conf",
                Some(Form::Rules),
            ),
            ("etc/firstboot.d/99-x", None),
            (&format!("{folder}/static-rules.conf"), Some(Form::Rules)),
            (
                &format!("{folder}/dynamic-rules.json"),
                Some(Form::LastStart),
            ),
            (&format!("{folder}/.from_install/static-rules.conf"), None),
        ] {
            assert_eq!(form(path), expected, "{path}");
        }
    }

    fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let pairs = pairs.iter();
        pairs
            .map(|&(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn pairs_of_a_text() {
        for (text, expected) in [
            ("A='b'\n", &[("A", "b")][..]),
            ("A=\"b c\"\nB=d=e", &[("A", "b c"), ("B", "d=e")]),
            ("# A='b'\n\n A = 'b' \r\n", &[("A", "b")]),
            ("A='1'\nA='2'\n", &[("A", "2")]),
            ("A=''\nB=\n", &[("A", ""), ("B", "")]),
            ("A='b\nC=\"d'", &[("A", "'b"), ("C", "\"d'")]),
            ("nothing\n", &[]),
        ] {
            assert_eq!(pairs(text), owned(expected), "{text:?}");
        }
    }

    #[test]
    fn rules_of_a_text() {
        for (text, expected) in [
            ("eth0:mac=\"00:11\"\n", &[("eth0", "mac 00:11")][..]),
            (
                " eth1 : pci = '0000:03:00.0[1]' # x",
                &[("eth1", "pci 0000:03:00.0[1]")],
            ),
            ("eth2:guess\neth3:\n", &[("eth2", "guess"), ("eth3", "")]),
            ("0:mac=\"aa\"\n0:mac=\"bb\"\n", &[("0", "mac bb")]),
            ("# eth0:mac=\"x\"\n", &[]),
        ] {
            assert_eq!(rules(text), owned(expected), "{text:?}");
        }
    }

    #[test]
    fn nics_of_the_last_start() {
        let text = "# note\n{\"lastboot\": [[\"aa\", \"03\", \"eth0\"], [\"x\"], 1], \
                    \"old\": [[\"bb\", \"04\", \"eth0\"], [\"cc\", \"05\", \"eth0\"]]}";
        let expected = owned(&[
            ("lastboot eth0", "aa at 03"),
            ("old eth0", "bb at 04, cc at 05"),
        ]);
        assert_eq!(last_start(text), Some(expected));
        for text in ["", "[]", "{"] {
            assert_eq!(last_start(text), None, "{text:?}");
        }
    }

    #[test]
    fn secrets_in_pairs_are_known() {
        for (key, value, expected) in [
            ("ADMIN_PASSWORD", "hunter2", true),
            ("PROXY", "http://user:hunter2@proxy", true),
            (
                "INSTALLATION_UUID",
                "3b1dccee-9da4-49c6-8250-e3725e0e4b2d",
                false,
            ),
            ("IQN", "iqn.2024-01.example:x", false),
            ("PRIMARY_DISK", "/dev/disk/by-id/scsi-1", false),
        ] {
            assert_eq!(is_secret(key, value), expected, "{key}");
        }
    }
}
