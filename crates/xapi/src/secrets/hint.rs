//! A quick look at bytes for the words that name secrets, so that the many values without one are not taken apart. It
//! may say yes too often, and never no where the walk would find something.

use std::sync::LazyLock;

use super::Grade;
use super::credentials::WORDS;
use super::lookup::is_hinted;
use super::policy::{KEY_NAMES, PASSWORD_NAMES, Part, RULES, TOKEN_NAMES};

/// How many bytes of a word are looked up at once.
const HEAD: usize = 3;
/// Of each byte five bits count, which are the same in both cases; of three bytes, so many.
const MASK: usize = 0x7FFF;

/// True when there may be a secret in a text: one that a key names, a password inside it, or a record with either. The
/// text can be taken as it stands in a document: the encodings leave letters alone, and what a writer would not do to
/// hide one counts as a hint of its own.
pub(crate) fn may_hold_secret(bytes: &[u8]) -> bool {
    may_hold_login(bytes) || has_word(bytes)
}

/// `user:password@host`: a colon somewhere before an at sign.
fn may_hold_login(bytes: &[u8]) -> bool {
    let head = memchr::memrchr(b'@', bytes).and_then(|at| bytes.get(..at));
    head.is_some_and(|head| memchr::memchr(b':', head).is_some())
}

fn has_word(bytes: &[u8]) -> bool {
    let hints = &*HINTS;
    let mut place = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        place = next(place, byte);
        let group = hints.groups_by_place.get(place).copied();
        if let Some(group @ 1..) = group {
            let start = at.saturating_sub(HEAD.saturating_sub(1));
            if hints.confirm(group, bytes.get(start..).unwrap_or_default()) {
                return true;
            }
        }
    }
    false
}

/// Where in the table a head is, by where the one before it was.
fn next(place: usize, byte: u8) -> usize {
    place.wrapping_mul(32) & MASK | usize::from(byte & 0x1F)
}

struct Hints {
    /// For each head the number of the group of words that start so; zero for none.
    groups_by_place: Vec<u8>,
    groups: Vec<Vec<&'static [u8]>>,
}

impl Hints {
    fn confirm(&self, group: u8, bytes: &[u8]) -> bool {
        match bytes {
            // A character that is written as a number, a letter behind a backslash.
            [b'&', b'#', ..] => true,
            [b'\\', letter, ..] => letter.is_ascii_alphanumeric(),
            // `-u`, with any white space behind it in any spelling.
            [b'-', b'u' | b'U', next, ..] if !next.is_ascii_alphanumeric() => true,
            [b'p' | b'P', b'w' | b'W', next, ..] if !next.is_ascii_alphanumeric() => true,
            _ => self
                .groups
                .get(usize::from(group))
                .into_iter()
                .flatten()
                .any(|word| {
                    let head = bytes.get(..word.len());
                    head.is_some_and(|head| head.eq_ignore_ascii_case(word))
                }),
        }
    }

    /// Adds a word. More groups than a byte can count would only make the groups larger.
    fn add(&mut self, word: &'static [u8]) {
        let place = word
            .iter()
            .take(HEAD)
            .fold(0, |place, &byte| next(place, byte));
        let Some(slot) = self.groups_by_place.get_mut(place) else {
            return;
        };
        if *slot == 0 {
            *slot = u8::try_from(self.groups.len()).unwrap_or(u8::MAX);
            if self.groups.len() <= usize::from(*slot) {
                self.groups.push(Vec::new());
            }
        }
        if let Some(group) = self.groups.get_mut(usize::from(*slot)) {
            group.push(word);
        }
    }

    /// Marks every head of these two bytes.
    fn add_any(&mut self, first: u8, second: u8) {
        for third in 0..32 {
            let place = [first, second, third].into_iter().fold(0, next);
            if let Some(slot) = self.groups_by_place.get_mut(place)
                && *slot == 0
            {
                *slot = u8::MAX;
            }
        }
    }
}

static HINTS: LazyLock<Hints> = LazyLock::new(|| {
    let mut hints = Hints {
        groups_by_place: vec![0; MASK.saturating_add(1)],
        // The group zero is none.
        groups: vec![Vec::new()],
    };
    words().for_each(|word| hints.add(word));
    hints.add_any(b'&', b'#');
    hints.add_any(b'-', b'u');
    hints.add_any(b'p', b'w');
    for second in 0..32 {
        hints.add_any(b'\\', second);
    }
    hints
});

/// The words of all patterns that make a key or a name a secret, of the columns of a record whose values are secrets
/// whatever they are, and of `credentials`. The two patterns that are shorter are known to [`Hints::confirm`].
fn words() -> impl Iterator<Item = &'static [u8]> {
    let secrets = || {
        RULES
            .iter()
            .filter(|rule| rule.kind.grade() == Grade::Secret)
    };
    let keys = secrets().filter_map(|rule| match rule.part {
        Part::Keys(patterns) => Some(patterns),
        _ => None,
    });
    let columns = secrets().filter(|rule| !is_hinted(rule.part));
    let columns = columns.filter(|rule| has_record(rule.class));
    keys.chain([PASSWORD_NAMES, TOKEN_NAMES, KEY_NAMES])
        .flatten()
        .map(|pattern| pattern.trim_matches('*'))
        .chain(columns.map(|rule| rule.column))
        .chain(WORDS.iter().copied())
        .map(str::as_bytes)
        .filter(|word| word.len() >= HEAD)
}

/// True when a record of the class may be inside a text.
fn has_record(class: &str) -> bool {
    RULES
        .iter()
        .any(|rule| matches!(rule.part, Part::Record(of) if of == class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_hints() {
        let patterns = [PASSWORD_NAMES, TOKEN_NAMES, KEY_NAMES];
        for pattern in patterns.into_iter().flatten() {
            let word = pattern.trim_matches('*');
            assert!(
                may_hold_secret(format!("'{word}' ").as_bytes()),
                "{pattern}"
            );
        }
        assert!(HINTS.groups.len() < 255);
    }

    #[test]
    fn hints() {
        for text in [
            "x PASSWORD y",
            "pwd",
            "http://a:b@c",
            "pa\\ssword",
            "p&#97;ssword",
            "(('EFI-variables' 'x'))",
            "my_private-key",
            "(('pw' 'x'))",
            "x-pw=y",
            "(('nvram' '()'))",
            "curl%.-u%.a:b",
            "iscsi:a:b@c",
            "bearer x",
        ] {
            assert!(may_hold_secret(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "pa",
            "http://a/b",
            "it\\'s \\\\'",
            "(('mac_seed' 'x'))",
            "key",
            "a@b ://",
            "(('pwm' 'x') ('a-user' 'x'))",
        ] {
            assert!(!may_hold_secret(text.as_bytes()), "{text}");
        }
    }
}
