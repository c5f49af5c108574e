//! Files that are compared key by key: the host's inventory, the rules by which its NICs are named, and what its installer
//! wrote down (`formats/host-backup.md` sections 7 and 8).

use std::borrow::Cow;
use std::collections::BTreeMap;

use xenspect_host::files;
use xenspect_host::pairs::Pairs;
use xenspect_host::paths::matches;
use xenspect_host::rename::{self, Dynamic, Rule};
use xenspect_model::diff::{Change, Delta, FieldChange, Shown};
use xenspect_xapi::datamodel::Value;
use xenspect_xapi::secrets;

/// Longest file that is read, in bytes. The real ones have some kilobytes.
const LONGEST: usize = 64 << 10;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Lines `KEY='value'`.
    Pairs,
    /// Lines `eth0:mac="00:11:22:33:44:55"`.
    StaticRules,
    /// The same with the number alone in front.
    InitialRules,
    /// `dynamic-rules.json`.
    LastStart,
}

const FORMS: [(&str, Form); 5] = [
    (files::INVENTORY, Form::Pairs),
    (files::INITIAL_RULES, Form::InitialRules),
    ("etc/firstboot.d/data/*.conf", Form::Pairs),
    (files::STATIC_RULES, Form::StaticRules),
    (files::DYNAMIC_RULES, Form::LastStart),
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
    // What is no text cannot be shown either.
    str::from_utf8(bytes).ok()?;
    Some(match form {
        Form::Pairs => Pairs::parse(bytes).into_map(),
        Form::StaticRules => rules(rename::static_rules(bytes)),
        Form::InitialRules => rules(rename::initial_rules(bytes)),
        Form::LastStart => last_start(rename::dynamic(bytes)?),
    })
}

/// Method and value of a rule, by device.
fn rules(rules: Vec<Rule>) -> BTreeMap<String, String> {
    let rules = rules.into_iter().map(|rule| {
        let told = format!("{} {}", rule.method, rule.value);
        (rule.device, told.trim_end().to_owned())
    });
    rules.collect()
}

/// MAC and PCI address of NICs, by list and name.
fn last_start(dynamic: Dynamic) -> BTreeMap<String, String> {
    let mut nics: BTreeMap<String, String> = BTreeMap::new();
    let lists = [
        ("lastboot", dynamic.last_boot.unwrap_or_default()),
        ("old", dynamic.old),
    ];
    for (list, entries) in lists {
        for nic in entries {
            let known = nics.entry(format!("{list} {}", nic.device)).or_default();
            if !known.is_empty() {
                known.push_str(", ");
            }
            known.push_str(&nic.mac);
            if let Some(pci) = nic.pci {
                known.push_str(" at ");
                known.push_str(&pci);
            }
        }
    }
    nics
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
                Some(Form::InitialRules),
            ),
            ("etc/firstboot.d/99-x", None),
            (
                &format!("{folder}/static-rules.conf"),
                Some(Form::StaticRules),
            ),
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

    fn keys(path: &str, text: &str) -> Option<BTreeMap<String, String>> {
        read(form(path).unwrap(), text.as_bytes())
    }

    #[test]
    fn files_by_key() {
        for (path, text, expected) in [
            (
                files::INVENTORY,
                "A='b'\nC=\n",
                &[("A", "b"), ("C", "")][..],
            ),
            (
                files::STATIC_RULES,
                "eth0:mac=\"00:11\"\neth2:guess\neth3:\nnone\n",
                &[("eth0", "mac 00:11"), ("eth2", "guess"), ("eth3", "guess")],
            ),
            (
                files::INITIAL_RULES,
                "0:mac=\"aa\"\n0:mac=\"bb\"\n",
                &[("eth0", "mac bb")],
            ),
            (
                files::DYNAMIC_RULES,
                "# note\n{\"lastboot\": [[\"aa\", \"03\", \"eth0\"], [\"x\"], 1], \
                 \"old\": [[\"bb\", \"04\", \"eth0\"], [\"cc\", \"05\", \"eth0\"]]}",
                &[
                    ("lastboot eth0", "aa at 03"),
                    ("old eth0", "bb at 04, cc at 05"),
                ],
            ),
        ] {
            assert_eq!(keys(path, text), Some(owned(expected)), "{path}");
        }
        assert_eq!(keys(files::DYNAMIC_RULES, "[]"), None);
        assert_eq!(read(Form::Pairs, b"A='\xff'"), None);
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
