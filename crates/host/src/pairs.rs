//! Files of a host that are lines of `KEY='value'`, as a person reads them (`formats/host-backup.md` sections 7 and 8): what
//! is in `etc/firstboot.d/data/`, and the inventory itself where it is only shown.

use std::collections::BTreeMap;

use crate::inventory::Inventory;

/// Pairs of a file; of two equal keys the last one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs(BTreeMap<String, String>);

impl Pairs {
    /// Reads a file: blank lines and those that begin with `#` are skipped, a line is cut at its first `=`, white space goes
    /// on both sides, and one pair of quotes of either kind.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let inventory = Inventory::parse(bytes);
        let entries = inventory.entries().into_iter();
        Self(
            entries
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// The value, if there is one and it is not empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = self.0.get(key).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// All of them, in the order of the keys, with those that are empty.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<String, String> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_whatever_their_quotes() {
        let text = b"# A='0'\nA='1'\n B = \"two words\" \r\nC=\n\nno pair\nD='a=b'\nA=last\nE='\n";
        let pairs = Pairs::parse(text);
        for (key, value) in [
            ("A", Some("last")),
            ("B", Some("two words")),
            ("C", None),
            ("D", Some("a=b")),
            ("E", Some("'")),
        ] {
            assert_eq!(pairs.get(key), value, "{key}");
        }
        assert_eq!(pairs.into_map().len(), 5);
    }
}
