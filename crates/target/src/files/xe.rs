//! Records as `xe …-list params=all` and `xe …-param-list` print them:
//!
//! ```text
//! uuid ( RO)                : 3f0ac2c7-…
//!           name-label ( RW): web
//!         other-config (MRW): mac_seed: 2f6e…; base_template_name: Debian
//! ```

use std::collections::BTreeMap;

use super::MOST;

/// Fields of a record by their names, which have dashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Record {
    fields: BTreeMap<String, String>,
}

impl Record {
    /// A value that the host knows; an empty one is known.
    pub(super) fn get(&self, field: &str) -> Option<&str> {
        let value = self.fields.get(field).map(|value| value.trim());
        value.filter(|value| {
            !matches!(
                *value,
                "<not in database>" | "<unknown>" | "<error>" | "N/A"
            )
        })
    }

    /// A value that is not empty.
    pub(super) fn filled(&self, field: &str) -> Option<String> {
        let value = self.get(field).filter(|value| !value.is_empty());
        value.map(str::to_owned)
    }

    /// A truth value.
    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        self.get(field)?.parse().ok()
    }

    /// A number that is not negative: -1 stands for one that is not known.
    pub(super) fn number(&self, field: &str) -> Option<u64> {
        self.get(field)?.parse().ok()
    }

    /// The value of a key in a map.
    pub(super) fn entry(&self, field: &str, key: &str) -> Option<String> {
        let pairs = self.get(field)?.split("; ");
        let mut pairs = pairs.filter_map(|pair| pair.split_once(':'));
        let (_, value) = pairs.find(|(known, _)| known.trim() == key)?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Whether it has a field at all.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }
}

/// The records of a text. Each begins with its uuid; a line that is no field goes on with the value before it.
pub(super) fn records(text: &str) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut last: Option<String> = None;
    for line in text.lines() {
        match field(line) {
            Some(("uuid", value)) => {
                if records.len() >= MOST {
                    break;
                }
                let mut record = Record::default();
                record.fields.insert("uuid".to_owned(), value.to_owned());
                records.push(record);
                last = None;
            }
            Some((name, value)) => {
                let Some(record) = records.last_mut() else {
                    continue;
                };
                // A value over several lines may look like a field; the first of a name is the record's own.
                record
                    .fields
                    .entry(name.to_owned())
                    .or_insert_with(|| value.to_owned());
                last = Some(name.to_owned());
            }
            None => {
                let known = last
                    .as_ref()
                    .and_then(|name| records.last_mut()?.fields.get_mut(name));
                if let Some(value) = known.filter(|_| !line.trim().is_empty()) {
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    records
}

/// Name and value of a line that begins a field.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.split_once('(')?;
    let name = name.trim();
    let (mark, rest) = rest.split_once(')')?;
    let (may, is) = (mark.trim(), mark.len() == 3);
    let is_mark = is && (may.ends_with("RO") || may.ends_with("RW") || may.ends_with("WO"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_name) || !is_mark {
        return None;
    }
    let rest = rest.trim_start();
    let rest = rest.strip_prefix("[DEPRECATED]").unwrap_or(rest);
    let value = rest.trim_start().strip_prefix(':')?;
    Some((name, value.strip_prefix(' ').unwrap_or(value)))
}

/// Whether a text begins as a record does.
pub(super) fn is_list(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first
        .and_then(field)
        .is_some_and(|(name, _)| name == "uuid")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "uuid ( RO)                : a\n          name-label ( RW): one (two): three\n    \
        name-description ( RW): first\n\nsecond\n          other-config (MRW): mac_seed: 12; k: a:b; empty: \n        \
        capabilities (SRO): x; y\n             PCI-id ( RO) [DEPRECATED]: old\n      memory-total ( RO): 1024\n\
        physical-size ( RO): -1\n          shared ( RW): true\n   master ( RO): <not in database>\n\n\n\
        uuid ( RO)    : b\n  name-label ( RW): \n";

    #[test]
    fn fields_of_records() {
        let records = records(TEXT);
        assert_eq!(records.len(), 2);
        let record = &records[0];
        assert_eq!(record.get("uuid"), Some("a"));
        assert_eq!(record.get("name-label"), Some("one (two): three"));
        assert_eq!(record.get("name-description"), Some("first\nsecond"));
        assert_eq!(record.get("PCI-id"), Some("old"));
        assert_eq!(record.get("master"), None);
        assert!(record.has("master"));
        assert_eq!(record.number("memory-total"), Some(1024));
        assert_eq!(record.number("physical-size"), None);
        assert_eq!(record.flag("shared"), Some(true));
        assert_eq!(
            record.entry("other-config", "mac_seed").as_deref(),
            Some("12")
        );
        assert_eq!(record.entry("other-config", "k").as_deref(), Some("a:b"));
        assert_eq!(record.entry("other-config", "empty"), None);
        assert_eq!(records[1].get("name-label"), Some(""));
        assert_eq!(records[1].filled("name-label"), None);
    }

    #[test]
    fn a_value_cannot_replace_a_field_before_it() {
        let text = "uuid ( RO) : a\n device ( RO): eth0\n note ( RW): x\n device ( RO): eth9\n";
        assert_eq!(records(text)[0].get("device"), Some("eth0"));
    }

    #[test]
    fn only_lists_are_lists() {
        assert!(is_list("\n\nuuid ( RO)   : a\n"));
        for text in [
            "",
            "uuid: a",
            "name ( RO): a",
            "The uuid you supplied was invalid.",
        ] {
            assert!(!is_list(text), "{text}");
            assert_eq!(records(text), [], "{text}");
        }
    }
}
