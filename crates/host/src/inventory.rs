//! `etc/xensource-inventory`, which three readers take by three rules (`formats/host-backup.md` section 7).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::shell::{danger, word};

/// An inventory, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// Lines with a `=`, without those that are comments: number from 1, what stands before it, what stands behind.
    lines: Vec<(u64, String, String)>,
    /// What a shell would do more with than assign it.
    dangers: Vec<Danger>,
}

/// A line that is more to a shell than the assignment of a plain word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// Its number, from 1.
    pub line: u64,
    /// What stands before its `=`; the first word of a line without one.
    pub key: String,
    /// The first character that makes it so: one that means something to a shell or is a control character, also where
    /// quotes protect it; a blank with a command behind it; one that no name of a variable has; or the first one of a line
    /// that is a command.
    pub character: char,
}

/// Keys without which xapi does not start (`formats/host-backup.md` section 7).
pub const NEEDED_BY_XAPI: [&str; 3] = [
    "INSTALLATION_UUID",
    "CONTROL_DOMAIN_UUID",
    "MANAGEMENT_INTERFACE",
];

impl Inventory {
    /// Those of [`NEEDED_BY_XAPI`] that are not there as xapi reads the file.
    #[must_use]
    pub fn lacks_for_xapi(&self) -> BTreeSet<String> {
        let lacking = NEEDED_BY_XAPI.iter().filter(|key| self.xapi(key).is_none());
        lacking.map(|key| (*key).to_owned()).collect()
    }

    /// Reads the file; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let lines = || (1..).zip(text.split('\n'));
        let is_comment = |line: &str| line.trim_start().starts_with('#');
        let cut = |(number, line): (u64, &str)| {
            let (key, value) = line.split_once('=').filter(|_| !is_comment(line))?;
            Some((number, key.to_owned(), value.to_owned()))
        };
        let danger = |(number, line): (u64, &str)| {
            let (key, character) = danger(line)?;
            Some(Danger {
                line: number,
                key: key.to_owned(),
                character,
            })
        };
        Self {
            lines: lines().filter_map(cut).collect(),
            dangers: lines().filter_map(danger).collect(),
        }
    }

    /// Of a key that is there twice the last one counts, for every reader.
    fn last(&self, key: &str) -> Option<&str> {
        let mut lines = self.lines.iter().rev();
        let found = lines.find(|(_, name, _)| name == key);
        found.map(|(_, _, value)| value.as_str())
    }

    /// What xapi takes: one pair of single quotes is taken off, then white space. Keys are not trimmed.
    #[must_use]
    pub fn xapi(&self, key: &str) -> Option<&str> {
        let value = self.last(key)?;
        let inner = value
            .strip_prefix('\'')
            .and_then(|inner| inner.strip_suffix('\''));
        Some(inner.unwrap_or(value).trim_ascii())
    }

    /// What the installer takes: the line end goes, then all single quotes on both sides.
    #[must_use]
    pub fn installer(&self, key: &str) -> Option<&str> {
        let value = self.last(key)?;
        Some(value.trim_end_matches(['\r', '\n']).trim_matches('\''))
    }

    /// What a shell that sources the file has in the variable; `None` also where the line is no mere assignment of a word.
    #[must_use]
    pub fn shell(&self, key: &str) -> Option<Cow<'_, str>> {
        let mut lines = self.lines.iter().rev();
        let (.., value) = lines.find(|(_, name, _)| name.trim_start() == key)?;
        word(value).ok().map(Cow::Owned)
    }

    /// What a person would say it is: white space and one pair of quotes of either kind off.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut lines = self.lines.iter().rev();
        let (.., value) = lines.find(|(_, name, _)| name.trim() == key)?;
        Some(bare(value))
    }

    /// Keys and values as [`get`](Self::get) has them, in the order of the keys.
    #[must_use]
    pub fn entries(&self) -> BTreeMap<&str, &str> {
        // Of two that are equal a map keeps the later one.
        let lines = self.lines.iter();
        lines
            .map(|(_, key, value)| (key.trim(), bare(value)))
            .collect()
    }

    /// Lines that a shell would do more with than assign a plain word to a name, in their order. The file is sourced as root
    /// by the restore script, so what stands there is run.
    #[must_use]
    pub fn dangers(&self) -> Vec<Danger> {
        self.dangers.clone()
    }

    /// Keys that are there more than once.
    #[must_use]
    pub fn keys_doubled(&self) -> Vec<&str> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for (_, key, _) in &self.lines {
            let count = counts.entry(key.trim()).or_default();
            *count = count.saturating_add(1);
        }
        let doubled = counts.into_iter().filter(|(_, count)| *count > 1);
        doubled.map(|(key, _)| key).collect()
    }
}

/// A value without white space around it and one pair of quotes of either kind.
fn bare(value: &str) -> &str {
    let value = value.trim();
    let pair = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    pair('\'').or_else(|| pair('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_readers_by_three_rules() {
        // Line, xapi, installer, shell.
        for (line, xapi, installer, shell) in [
            ("K='v'", Some("v"), Some("v"), Some("v")),
            ("K=v", Some("v"), Some("v"), Some("v")),
            ("K=''", Some(""), Some(""), Some("")),
            ("K=", Some(""), Some(""), Some("")),
            ("K='a b'", Some("a b"), Some("a b"), Some("a b")),
            ("K=' a '", Some("a"), Some(" a "), Some(" a ")),
            ("K='v' ", Some("'v'"), Some("v' "), Some("v")),
            ("K=\"v\"", Some("\"v\""), Some("\"v\""), Some("v")),
            ("K=''v''", Some("'v'"), Some("v"), Some("v")),
            ("K=a b", Some("a b"), Some("a b"), None),
            (
                "K='$(reboot)'",
                Some("$(reboot)"),
                Some("$(reboot)"),
                Some("$(reboot)"),
            ),
            ("K=$(reboot)", Some("$(reboot)"), Some("$(reboot)"), None),
            (" K=v", None, None, Some("v")),
            ("#K=v", None, None, None),
            ("K=a\nK=b", Some("b"), Some("b"), Some("b")),
            ("K=a=b", Some("a=b"), Some("a=b"), Some("a=b")),
            // The value keeps the carriage return.
            ("K='v'\r", Some("'v'"), Some("v"), Some("v\r")),
            (
                "K=\"a\" reboot",
                Some("\"a\" reboot"),
                Some("\"a\" reboot"),
                None,
            ),
            (
                "K='v'; reboot; '",
                Some("v'; reboot;"),
                Some("v'; reboot; "),
                None,
            ),
        ] {
            let inventory = Inventory::parse(line.as_bytes());
            assert_eq!(inventory.xapi("K"), xapi, "xapi {line:?}");
            assert_eq!(inventory.installer("K"), installer, "installer {line:?}");
            assert_eq!(inventory.shell("K").as_deref(), shell, "shell {line:?}");
        }
    }

    #[test]
    fn what_a_shell_would_run_is_seen() {
        let text =
            "A='v'\n# $(x)\nB=a reboot\n\nreboot -f\nC=\"a\" reboot\nD='$(reboot)'\n E = v\n1F=v\n";
        let inventory = Inventory::parse(text.as_bytes());
        let dangers = inventory.dangers();
        let dangers = dangers.iter();
        let dangers: Vec<_> = dangers
            .map(|danger| (danger.line, danger.key.as_str(), danger.character))
            .collect();
        assert_eq!(
            dangers,
            [
                (3, "B", ' '),
                (5, "reboot", 'r'),
                (6, "C", ' '),
                (7, "D", '$'),
                (8, "E ", ' '),
                (9, "1F", '1'),
            ]
        );
    }

    #[test]
    fn many_keys_are_no_burden() {
        let text: String = (0..200_000).map(|n| format!("K{n}='v'\n")).collect();
        let inventory = Inventory::parse(text.as_bytes());
        assert_eq!(inventory.entries().len(), 200_000);
        assert!(inventory.keys_doubled().is_empty());
    }

    #[test]
    fn a_person_sees_through_blanks_and_quotes() {
        let inventory = Inventory::parse(b" A = \"x\" \nB='y'\nB='z'\n");
        assert_eq!(inventory.get("A"), Some("x"));
        assert_eq!(inventory.entries().get("B"), Some(&"z"));
        assert_eq!(inventory.keys_doubled(), ["B"]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(bytes: Vec<u8>) {
            let inventory = Inventory::parse(&bytes);
            for key in inventory.entries().keys().take(64) {
                let _ = (inventory.xapi(key), inventory.installer(key), inventory.shell(key));
            }
            let _ = inventory.dangers();
        }

        #[test]
        fn what_the_installer_writes_all_read_alike(value in "[A-Za-z0-9 ,./:_-]{0,40}") {
            let value = value.trim();
            let text = format!("KEY='{value}'\n");
            let inventory = Inventory::parse(text.as_bytes());
            proptest::prop_assert_eq!(inventory.xapi("KEY"), Some(value));
            proptest::prop_assert_eq!(inventory.installer("KEY"), Some(value));
            let shell = inventory.shell("KEY");
            proptest::prop_assert_eq!(shell.as_deref(), Some(value));
            proptest::prop_assert!(inventory.dangers().is_empty());
        }
    }
}
