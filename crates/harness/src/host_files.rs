//! Any bytes as each of the text files of a host, by the rules of each of their readers.

use std::collections::BTreeSet;

use xenspect_host::boot::Loader;
use xenspect_host::inventory::{Danger, Inventory, NEEDED_BY_XAPI};
use xenspect_host::networkd::Config;
use xenspect_host::pairs::Pairs;
use xenspect_host::pool_conf::Role;
use xenspect_host::{files, fstab, local_db, paths, rename, repository, sensitive};

/// Reads the bytes as each kind of file; the first line also as a path.
///
/// Invariants:
/// - lines that are told lie in the file, in its order;
/// - what a shell has of a key is what stands there, where nothing in the file is more to it than an assignment, and the readers
///   agree on a value without quotes and blanks;
/// - a key is lacking to xapi exactly if it has no value for it;
/// - a device of the rules is a NIC and there once; what was read of lists is no more than there was room for in the file;
/// - the default entry of a boot loader is one that it has, and its label is a word;
/// - a path is matched as a plain comparison of all its beginnings matches it; what may hold a secret is not among the files whose
///   names are told.
///
/// # Panics
///
/// When one of them does not hold.
pub fn host_files(data: &[u8]) {
    inventory(data);
    lists(data);
    loader(data);
    let text = String::from_utf8_lossy(data);
    let path = text.lines().next().unwrap_or_default();
    let _ = (files::is_wanted(path), files::is_named(path));
    for (kind, patterns) in sensitive::PATHS {
        for pattern in patterns {
            let found = paths::matches(pattern, path);
            assert_eq!(found, plainly(pattern, path), "{pattern} {path:?}");
            assert!(!found || sensitive::Kind::of(path).is_some(), "{kind:?}");
        }
    }
}

/// The same as [`paths::matches`] by trying every length that a star may stand for.
fn plainly(pattern: &str, path: &str) -> bool {
    let text = match pattern.contains('/') {
        true => path,
        false => path.rsplit('/').next().unwrap_or_default(),
    };
    let is_folder = pattern.ends_with('/');
    let fits = |pattern: &str| match is_folder {
        true => text.len() > pattern.len() && text.starts_with(pattern),
        false => text == pattern,
    };
    let Some((head, tail)) = pattern.split_once('*') else {
        return fits(pattern);
    };
    let ends = (0..=text.len()).filter(|end| text.is_char_boundary(*end));
    ends.filter_map(|end| text.get(head.len()..end))
        .any(|star| fits(&format!("{head}{star}{tail}")))
}

fn inventory(data: &[u8]) {
    let inventory = Inventory::parse(data);
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.split('\n').collect();
    let dangers = inventory.dangers();
    assert!(dangers.is_sorted_by(|one, next| one.line < next.line));
    for danger in &dangers {
        let at = usize::try_from(danger.line).expect("a small number") - 1;
        assert!(lines[at].contains(&danger.key), "{danger:?}");
        assert!(
            danger.key.is_empty()
                || danger.character == '='
                || lines[at].contains(danger.character)
        );
    }
    // A line that assigns nothing bears its first word, which may be the key of another line.
    let assigns = |danger: &&Danger| {
        let line = usize::try_from(danger.line).expect("a small number");
        lines[line - 1].contains('=')
    };
    let dangerous: BTreeSet<&str> = dangers
        .iter()
        .filter(assigns)
        .map(|danger| danger.key.as_str())
        .collect();
    for (key, value) in inventory.entries() {
        assert_eq!(inventory.get(key), Some(value));
        let is_plain = |text: &str| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-._/:".contains(c))
        };
        // Also the line must be nothing but the two.
        let line = format!("{key}={value}");
        let mut of_key = lines.iter().rev().filter(|line| {
            let before = line.split_once('=').map(|(key, _)| key.trim());
            before == Some(key) && !line.trim_start().starts_with('#')
        });
        let last = of_key.next().copied();
        if is_plain(value) && is_plain(key) && last == Some(line.as_str()) {
            assert_eq!(inventory.xapi(key), Some(value));
            assert_eq!(inventory.installer(key), Some(value));
            if !key.contains(['-', '.', '/', ':']) {
                assert_eq!(inventory.shell(key).as_deref(), Some(value));
                assert!(
                    key.starts_with(|c: char| c.is_ascii_digit())
                        || of_key.next().is_some()
                        || !dangerous.contains(key)
                );
            }
        }
    }
    let lacking = inventory.lacks_for_xapi();
    for key in NEEDED_BY_XAPI {
        assert_eq!(lacking.contains(key), inventory.xapi(key).is_none());
    }
    for key in inventory.keys_doubled() {
        assert!(inventory.get(key).is_some());
    }
    let bytes = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let pairs = Pairs::parse(bytes).into_map();
    assert!(pairs.len() <= lines.len());
    for (key, value) in &pairs {
        assert_eq!(key.trim(), key);
        assert!(value.len() <= bytes.len() * 3);
    }
}

fn lists(data: &[u8]) {
    let lines = data.iter().filter(|byte| **byte == b'\n').count() + 1;
    for entry in fstab::parse(data) {
        assert!(!entry.spec.starts_with('#'));
        for word in [&entry.spec, &entry.file] {
            assert!(!word.is_empty() && !word.contains(char::is_whitespace));
        }
    }
    for rules in [rename::static_rules(data), rename::initial_rules(data)] {
        let devices: BTreeSet<&str> = rules.iter().map(|rule| rule.device.as_str()).collect();
        assert_eq!(devices.len(), rules.len(), "a device is there twice");
        assert!(rules.len() <= lines + data.iter().filter(|byte| **byte == b'\r').count());
        for rule in &rules {
            assert!(rename::is_nic(&rule.device), "{rule:?}");
            let known = ["mac", "pci", "ppn", "label", "guess"];
            assert!(known.contains(&rule.method.as_str()), "{rule:?}");
        }
    }
    if let Some(dynamic) = rename::dynamic(data) {
        let nics = dynamic.last_boot.iter().flatten().chain(&dynamic.old);
        // The least that one takes is `["","","",]`.
        assert!(nics.count() * 10 <= data.len());
    }
    if let Some(config) = Config::parse(data) {
        let names = |len: usize| len * 4 <= data.len();
        assert!(names(config.bridges.len()) && names(config.interfaces.len()));
        let in_order = |names: Vec<&str>| names.is_sorted_by(|one, next| one < next);
        assert!(in_order(
            config.bridges.iter().map(|b| b.name.as_str()).collect()
        ));
        assert!(in_order(
            config.interfaces.iter().map(|i| i.name.as_str()).collect()
        ));
    }
    if let Some(rows) = local_db::parse(data) {
        assert!(rows.len() * "<row key=\"\"value=\"\"".len() <= data.len());
    }
    let pack = repository::parse(data);
    assert!(pack.description.is_none_or(|text| !text.is_empty()));
    match Role::parse(data) {
        Role::Coordinator => assert_eq!(data.trim_ascii(), b"master"),
        Role::Member(address) => assert!(String::from_utf8_lossy(data).contains(&address)),
        Role::Broken => {}
    }
}

fn loader(data: &[u8]) {
    let loader = Loader::parse(data);
    assert!(loader.has_entries() || !loader.has_default());
    if let Some(label) = loader.root_label() {
        assert!(loader.has_default());
        assert!(!label.contains(char::is_whitespace));
        assert!(String::from_utf8_lossy(data).contains(label));
    }
}
