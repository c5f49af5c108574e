//! Files of a host that are lines of `KEY='value'`, read leniently (`formats/host-backup.md` section 7): blank lines and
//! those that begin with `#` are skipped, the line is cut at its first `=`, one pair of quotes is stripped.

use std::collections::BTreeMap;

/// Pairs of a file; of two equal keys the last one counts.
#[derive(Debug, Default)]
pub(super) struct Pairs(BTreeMap<String, String>);

impl Pairs {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| line.split_once('='));
        Self(
            pairs
                .map(|(key, value)| (key.trim().to_owned(), unquoted(value.trim()).to_owned()))
                .collect(),
        )
    }

    /// The value, if there is one and it is not empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let value = self.0.get(key).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }
}

fn unquoted(value: &str) -> &str {
    ['\'', '"']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_whatever_their_quotes() {
        let text = b"# A='0'\nA='1'\n B = \"two words\" \nC=\n\nno pair\nD='a=b'\nA=last\nE='\n";
        let pairs = Pairs::parse(text);
        assert_eq!(pairs.get("A"), Some("last"));
        assert_eq!(pairs.get("B"), Some("two words"));
        assert_eq!(pairs.get("C"), None);
        assert_eq!(pairs.get("D"), Some("a=b"));
        assert_eq!(pairs.get("E"), Some("'"));
    }
}
