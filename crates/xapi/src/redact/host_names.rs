//! The names of hosts that a document knows, and putting stand-ins into texts that hold them: as a whole word, and
//! nothing that is too short or too common to be told from other words.

use std::collections::{BTreeSet, HashMap};

use super::is_stand_in;
use super::stand_ins::StandIns;
use crate::db::Database;
use crate::secrets::address;
use crate::secrets::references::is_uuid;

/// Shortest name that is looked for, in bytes.
const SHORTEST: usize = 4;
/// Longest name that is looked for, in bytes.
const LONGEST: usize = 255;
/// What a host may be called that says nothing about it.
const COMMON: &[&str] = &[
    "localhost",
    "localhost.localdomain",
    "xenserver",
    "xcp-ng",
    "xapi",
    "host",
    "pool",
    "master",
    "slave",
    "true",
    "false",
    "none",
    "null",
    "default",
    "dhcp",
    "static",
    "linux",
    "windows",
];

/// The names of hosts.
#[derive(Debug, Default)]
pub(super) struct HostNames {
    /// Each spelling with the name it stands for.
    names: HashMap<String, String>,
    /// How long the names are.
    lengths: BTreeSet<usize>,
}

impl HostNames {
    /// Those of a database.
    pub(super) fn of(database: &Database<'_>) -> HostNames {
        let mut names = HostNames::default();
        for row in database
            .table("host")
            .into_iter()
            .flat_map(|table| table.rows())
        {
            for column in ["hostname", "name__label", "name_label"] {
                if let Some(name) = row.text(column) {
                    names.add(&name);
                }
            }
        }
        names
    }

    /// True for a column or field of a host that holds its name.
    pub(super) fn in_field(class: &str, field: &str) -> bool {
        class.eq_ignore_ascii_case("host") && matches!(field, "hostname" | "name_label")
    }

    /// Takes a name. One in other letters, capital or small, is found too where it is more than a word.
    pub(super) fn add(&mut self, name: &str) {
        let common = COMMON.iter().any(|word| word.eq_ignore_ascii_case(name));
        let plain = name
            .chars()
            .all(|c| is_of_word(c) || matches!(c, '.' | ' '));
        let sized = (SHORTEST..=LONGEST).contains(&name.len());
        let ends = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if common
            || !plain
            || !sized
            || !ends(name.chars().next())
            || !ends(name.chars().next_back())
            || is_stand_in(name)
            || is_uuid(name)
            || address::find(name).next().is_some()
        {
            return;
        }
        let mut spellings = vec![name.to_owned()];
        if !name.chars().all(char::is_alphabetic) {
            spellings.extend([name.to_lowercase(), name.to_uppercase()]);
        }
        for spelling in spellings {
            self.lengths.insert(spelling.len());
            self.names
                .entry(spelling)
                .or_insert_with(|| name.to_owned());
        }
    }

    /// The text with stand-ins for all names in it.
    pub(super) fn replace_in(&self, text: &str, stand_ins: &StandIns<'_>) -> Option<String> {
        if self
            .lengths
            .first()
            .is_none_or(|&shortest| text.len() < shortest)
        {
            return None;
        }
        let mut out = String::new();
        let mut copied = 0;
        let mut before = None;
        for (at, c) in text.char_indices() {
            let starts = at >= copied && c.is_alphanumeric() && !before.is_some_and(is_of_word);
            before = Some(c);
            if !starts {
                continue;
            }
            if let Some((end, name)) = self.at(text, at) {
                out.push_str(text.get(copied..at).unwrap_or_default());
                out.push_str(&stand_ins.text(name));
                copied = end;
            }
        }
        if copied == 0 {
            return None;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    /// The longest name that starts at a place, and where it ends.
    fn at(&self, text: &str, at: usize) -> Option<(usize, &str)> {
        self.lengths.iter().rev().find_map(|length| {
            let end = at.checked_add(*length)?;
            let name = self.names.get(text.get(at..end)?)?;
            let after = text.get(end..)?.chars().next();
            (!after.is_some_and(is_of_word)).then_some((end, name.as_str()))
        })
    }
}

/// True for what a word is made of. A dot ends one: what follows it is a domain.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_only() {
        let mut names = HostNames::default();
        for name in [
            "xen01",
            "xen01.corp.example",
            "alpha",
            "Rack 7",
            "abc",
            "localhost",
            "10.0.0.1",
            "it's",
            "dead",
            "redacted-0123456789abcdef01234567",
            "61b6ac70-9062-fe58-bb77-47fe5d806037",
            "-",
        ] {
            names.add(name);
        }
        let stand_ins = StandIns::new(|text| [u8::try_from(text.len()).unwrap(); 32]);
        let stand_in = |name: &str| stand_ins.text(name);
        for (text, expected) in [
            ("on xen01", format!("on {}", stand_in("xen01"))),
            (
                "xen01.corp.example:80",
                format!("{}:80", stand_in("xen01.corp.example")),
            ),
            ("xen01.lan XEN01", format!("{0}.lan {0}", stand_in("xen01"))),
            ("('Rack 7')", format!("('{}')", stand_in("Rack 7"))),
            ("(alpha)", format!("({})", stand_in("alpha"))),
        ] {
            assert_eq!(names.replace_in(text, &stand_ins), Some(expected), "{text}");
        }
        for text in [
            "",
            "xen012",
            "axen01",
            "xen01-a",
            "a_xen01",
            "Alpha",
            "abc",
            "localhost",
            "10.0.0.1",
            "it's",
            "61b6ac70-dead-fe58-bb77-47fe5d806037",
            "Rack 77",
        ] {
            assert_eq!(names.replace_in(text, &stand_ins), None, "{text}");
        }
    }
}
