//! Whether a value stands as its writer would write it, told from its bytes alone. Most values of a dump do, and to know
//! it none of them has to be decoded and encoded again. What the quick look is not sure of is left to the long way.

use crate::value::Protection;

/// A closing quote.
const QUOTE: u8 = 1;
/// A percent sign, which begins a protected character.
const PERCENT: u8 = 2;
/// An ampersand, which begins a reference.
const AMPERSAND: u8 = 4;
/// A space that is not protected.
const SPACE: u8 = 8;
/// A character that XML allows here and a writer never leaves as it is: `>`, a tab, a line end.
const UNUSUAL: u8 = 16;
/// A part of a character beyond ASCII.
const WIDE: u8 = 32;
/// What XML does not allow: a control character, `<`.
const WRONG: u8 = 64;

/// What each byte is.
const CLASSES: [u8; 256] = classes();

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "computed when the program is built"
)]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'"' => QUOTE,
            b'%' => PERCENT,
            b'&' => AMPERSAND,
            b' ' => SPACE,
            b'>' | b'\t' | b'\n' | b'\r' => UNUSUAL,
            b'<' | 0..=0x1F => WRONG,
            0x80.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

/// The form that a value, or all values of a row, have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form(u8);

impl Form {
    const EVERY_SPACE: u8 = 1;
    const SPACE_PAIRS: u8 = 2;

    /// Nothing is known of it.
    pub(super) const UNKNOWN: Form = Form(0);
    /// It is as any writer has it.
    pub(super) const PLAIN: Form = Form(Self::EVERY_SPACE | Self::SPACE_PAIRS);

    /// What holds for both.
    pub(super) fn and(self, other: Form) -> Form {
        Form(self.0 & other.0)
    }

    /// Whether a writer with this protection would write it so. False does not mean that it would not.
    pub(super) fn is_of(self, protection: Protection) -> bool {
        let bit = match protection {
            Protection::EverySpace => Self::EVERY_SPACE,
            Protection::SpacePairs => Self::SPACE_PAIRS,
        };
        self.0 & bit != 0
    }
}

/// The value that `text` begins with, up to the closing quote: its length and its form. `None` when it is not closed, or
/// when something in it needs a closer look than this one: a character or a reference that may be not right.
pub(super) fn value(text: &[u8]) -> Option<(usize, Form)> {
    let mut seen = 0;
    let mut len = None;
    for (at, &byte) in text.iter().enumerate() {
        let class = CLASSES.get(usize::from(byte)).copied().unwrap_or(WRONG);
        if class & (QUOTE | WRONG) != 0 {
            len = (class == QUOTE).then_some(at);
            break;
        }
        seen |= class;
    }
    let len = len?;
    if seen == 0 {
        return Some((len, Form::PLAIN));
    }
    let value = text.get(..len)?;
    if seen & AMPERSAND != 0 && !has_known_references(value) {
        return None;
    }
    if seen & WIDE != 0 && !is_text(value) {
        return None;
    }
    let form = match seen & (UNUSUAL | WIDE) {
        0 => coded(value),
        _ => Form::UNKNOWN,
    };
    Some((len, form))
}

/// Whether every ampersand begins one of the five references that XML has by itself.
fn has_known_references(value: &[u8]) -> bool {
    memchr::memchr_iter(b'&', value).all(|at| {
        let tail = value.get(at..).unwrap_or_default();
        [&b"&quot;"[..], b"&amp;", b"&lt;", b"&gt;", b"&apos;"]
            .iter()
            .any(|known| tail.starts_with(known))
    })
}

/// Whether it is UTF-8 without the two characters beyond ASCII that XML does not allow.
fn is_text(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| !text.contains(['\u{FFFE}', '\u{FFFF}']))
}

/// The form of a value with references, protected characters or spaces and nothing else of note.
fn coded(value: &[u8]) -> Form {
    let mut form = Form::PLAIN;
    let mut rest = value;
    while let Some(at) = memchr::memchr3(b'%', b'&', b' ', rest) {
        let code = rest.get(at..).unwrap_or_default();
        let (length, of) = match code {
            [b'%', b't' | b'n' | b'r' | b'%', ..] => (2, Form::PLAIN),
            [b'%', b'.', ..] => (2, Form(Form::EVERY_SPACE)),
            // One space of three is left as it is, and only behind the pair.
            [b'%', b'_', ..] => (2, Form(Form::SPACE_PAIRS)),
            [b' ', b' ' | b'%' | b'&', ..] | [b'%', ..] => return Form::UNKNOWN,
            [b' ', ..] => (1, Form(Form::SPACE_PAIRS)),
            _ if code.starts_with(b"&quot;") => (6, Form::PLAIN),
            _ if code.starts_with(b"&amp;") => (5, Form::PLAIN),
            _ if code.starts_with(b"&lt;") || code.starts_with(b"&gt;") => (4, Form::PLAIN),
            _ => return Form::UNKNOWN,
        };
        form = form.and(of);
        rest = code.get(length..).unwrap_or_default();
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Raw, escape, protect};

    /// The long way.
    fn is_written_so(value: &str, protection: Protection) -> bool {
        let text = Raw::new(value.as_bytes()).text();
        escape(&protect(&text, protection)) == value
    }

    /// Every text of up to so many of these pieces.
    fn texts(length: usize) -> Vec<String> {
        let pieces = [
            "a", " ", "%", ".", "_", "t", "&", "amp;", "&quot;", "&lt;", "&apos;", "'", ">", "\t",
            "#37;", "ä", "\u{FFFD}",
        ];
        let mut texts = vec![String::new()];
        let mut longest = texts.clone();
        for _ in 0..length {
            let longer = longest.iter().flat_map(|text| {
                let more = pieces.iter().map(move |piece| format!("{text}{piece}"));
                more.collect::<Vec<_>>()
            });
            longest = longer.collect();
            texts.extend(longest.iter().cloned());
        }
        texts
    }

    #[test]
    fn a_form_is_never_claimed_wrongly() {
        let mut claimed = 0;
        for text in texts(4) {
            let Some((len, form)) = value(format!("{text}\" b=\"c").as_bytes()) else {
                continue;
            };
            assert_eq!(len, text.len());
            for protection in [Protection::EverySpace, Protection::SpacePairs] {
                if form.is_of(protection) {
                    claimed += 1;
                    assert!(is_written_so(&text, protection), "{text:?} {protection:?}");
                    // A row's bookkeeping is escaped and not protected.
                    let plain = Raw::new(text.as_bytes()).unescaped();
                    assert_eq!(escape(&plain), text, "{text:?}");
                }
            }
        }
        assert!(claimed > 10_000, "{claimed}");
    }

    #[test]
    fn what_is_common_is_recognised() {
        let form = |text: &str| value(format!("{text}\"").as_bytes()).unwrap().1;
        for text in [
            "",
            "OpaqueRef:NULL",
            "()",
            "it's",
            "%t%n%r%%",
            "a&quot;&lt;&amp;&gt;b",
        ] {
            assert_eq!(form(text), Form::PLAIN, "{text}");
        }
        for text in ["('a'%.'b')", "a%.b%.c"] {
            assert!(form(text).is_of(Protection::EverySpace), "{text}");
            assert!(!form(text).is_of(Protection::SpacePairs), "{text}");
        }
        for text in ["('a' 'b')", "a%_ b", "a%_%_"] {
            assert!(!form(text).is_of(Protection::EverySpace), "{text}");
            assert!(form(text).is_of(Protection::SpacePairs), "{text}");
        }
    }

    #[test]
    fn what_may_be_wrong_is_left_alone() {
        for text in [
            "a",
            "a<\"",
            "a\u{1}\"",
            "a&\"",
            "a&b;\"",
            "a&#65;\"",
            "\u{FFFE}\"",
            "",
        ] {
            assert_eq!(value(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(value(b"\xFF\""), None);
    }
}
