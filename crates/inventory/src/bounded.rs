//! Keeps tables from growing beyond their input: a document can make a hundred thousand rows refer to one object, so
//! what is taken from an object referred to is cut, and lists are made without comparing everything with everything.

use std::borrow::Cow;
use std::collections::HashSet;

/// Bytes of a text that rows share. Names of the API are shorter in practice.
const SHARED: usize = 256;

/// Bytes of a map that is taken apart for each object that refers to it.
pub(crate) const SHARED_MAP: usize = 16 << 10;

/// The text, cut at 256 bytes; a cut one ends in an ellipsis.
pub(crate) fn clip(text: Cow<'_, str>) -> String {
    if text.len() <= SHARED {
        return text.into_owned();
    }
    let mut end = SHARED;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

/// Each text once, in the order of their first occurrence; empty ones are left out.
pub(crate) fn distinct(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    texts.filter(|text| seen.insert(text.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_keeps_characters_whole() {
        let text = "a".repeat(SHARED - 1) + "é";
        assert_eq!(clip(text.into()), "a".repeat(SHARED - 1) + "…");
        assert_eq!(clip("short".into()), "short");
    }

    #[test]
    fn distinct_keeps_the_order() {
        let texts = ["b", "", "a", "b"].map(str::to_owned);
        assert_eq!(distinct(texts), ["b", "a"]);
    }
}
