//! `etc/xensource-inventory`, which three readers take by three rules (`formats/host-backup.md` section 7).

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Characters that mean something to the shell which sources the file.
const MEANT: [char; 9] = ['\'', '`', '$', ';', '&', '|', '<', '>', '\\'];

/// An inventory, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inventory {
    /// Lines with a `=`, without those that are comments: number from 1, what stands before it, what stands behind.
    lines: Vec<(u64, String, String)>,
}

/// A value that the shell would not take as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Danger {
    /// Number of its line, from 1.
    pub line: u64,
    /// Its key.
    pub key: String,
    /// The first character that means something, or a control character.
    pub character: char,
}

impl Inventory {
    /// Reads the file; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let lines = (1..).zip(text.split('\n'));
        let lines = lines.filter(|(_, line)| !line.trim_start().starts_with('#'));
        let cut = |(number, line): (u64, &str)| {
            let (key, value) = line.split_once('=')?;
            Some((number, key.to_owned(), value.to_owned()))
        };
        Self {
            lines: lines.filter_map(cut).collect(),
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
        Some(inner.unwrap_or(value).trim())
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
        word(value)
    }

    /// What a person would say it is: white space and one pair of quotes of either kind off.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut lines = self.lines.iter().rev();
        let (.., value) = lines.find(|(_, name, _)| name.trim() == key)?;
        let value = value.trim();
        let pair = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        Some(pair('\'').or_else(|| pair('"')).unwrap_or(value))
    }

    /// Keys and values as [`get`](Self::get) has them, in the order of the keys.
    #[must_use]
    pub fn entries(&self) -> BTreeMap<&str, &str> {
        let keys = self.lines.iter().map(|(_, key, _)| key.trim());
        keys.filter_map(|key| Some((key, self.get(key)?))).collect()
    }

    /// Values with a character that means something to a shell, a control character, or a blank that is not quoted.
    #[must_use]
    pub fn dangers(&self) -> Vec<Danger> {
        let danger = |(line, key, value): &(u64, String, String)| {
            let value = value.trim_end();
            let inner = value
                .strip_prefix('\'')
                .and_then(|inner| inner.strip_suffix('\''));
            // In the key too: `$(reboot)=x` is a command.
            let mut all = key.chars().chain(inner.unwrap_or(value).chars());
            let is_bare = inner.is_none() && !value.starts_with('"');
            // What stands behind a blank that is not quoted is a command.
            let ends = |c: char| is_bare && c.is_whitespace();
            let character = all.find(|c| MEANT.contains(c) || c.is_control() || ends(*c))?;
            Some(Danger {
                line: *line,
                key: key.clone(),
                character,
            })
        };
        self.lines.iter().filter_map(danger).collect()
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

/// The one word that a shell makes of a text, without expansions; `None` where there would be some, or a second word.
fn word(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim_end_matches('\r');
    let plain = |text: &str| {
        !text.chars().any(|c| {
            c.is_whitespace()
                || MEANT.contains(&c)
                || matches!(c, '"' | '(' | ')' | '#' | '*' | '?' | '[')
        })
    };
    if plain(text) {
        return Some(Cow::Borrowed(text));
    }
    let mut out = String::new();
    let mut rest = text;
    loop {
        if rest.trim().is_empty() {
            return Some(Cow::Owned(out));
        }
        if let Some(inside) = rest.strip_prefix('\'') {
            let (quoted, after) = inside.split_once('\'')?;
            out.push_str(quoted);
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('"') {
            let (quoted, after) = inside.split_once('"')?;
            if quoted.contains(['$', '`', '\\']) {
                return None;
            }
            out.push_str(quoted);
            rest = after;
        } else {
            let end = rest.find(['\'', '"']).unwrap_or(rest.len());
            let (bare, after) = rest.split_at(end);
            // A blank ends the word, and what follows would be a command.
            if !plain(bare) {
                return None;
            }
            out.push_str(bare);
            rest = after;
        }
    }
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
            ("K='v'\r", Some("'v'"), Some("v"), Some("v")),
        ] {
            let inventory = Inventory::parse(line.as_bytes());
            assert_eq!(inventory.xapi("K"), xapi, "xapi {line:?}");
            assert_eq!(inventory.installer("K"), installer, "installer {line:?}");
            assert_eq!(inventory.shell("K").as_deref(), shell, "shell {line:?}");
        }
    }

    #[test]
    fn what_a_shell_would_run_is_seen() {
        for (line, character) in [
            ("K='v'", None),
            ("K='a b,c=d/e:f.g-h(i)'", None),
            ("K='v'; reboot; '", Some('\'')),
            ("K=$(reboot)", Some('$')),
            ("K='v' ", None),
            ("K=a reboot", Some(' ')),
            ("K= reboot", Some(' ')),
            ("K=\"a b\"", None),
            ("K=`reboot`", Some('`')),
            ("K='a\u{7}'", Some('\u{7}')),
            ("$(reboot)=x", Some('$')),
        ] {
            let dangers = Inventory::parse(line.as_bytes()).dangers();
            let first = dangers.first().map(|danger| danger.character);
            assert_eq!(first, character, "{line:?}");
        }
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
            for key in inventory.entries().keys() {
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
