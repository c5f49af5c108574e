//! Text of an archive, made harmless for a terminal: what cannot be seen is spelled out, and
//! cutting counts columns. Quantities are in `quantity`, breaking of lines is in `wrap`.
//!
//! A backslash stays as it is, so a name that spells `\u{1b}` itself looks like an escaped one;
//! the JSON report tells them apart.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// Marks that may sit on one character before further ones are spelled out. Real scripts need
/// fewer; heaps of them reach into the lines above and below.
const MARKS: usize = 4;

/// The text with control characters, line ends, bidirectional controls and other characters
/// that show nothing written as `\u{1b}`. Without `unicode` everything beyond ASCII is.
///
/// ```
/// use xenspect_report::text::escape;
///
/// assert_eq!(escape("web\u{1b}[2J\u{202e}gpj.exe", true), r"web\u{1b}[2J\u{202e}gpj.exe");
/// assert_eq!(escape("Müller", true), "Müller");
/// assert_eq!(escape("Müller", false), r"M\u{fc}ller");
/// ```
#[must_use]
pub fn escape(text: &str, unicode: bool) -> String {
    Pieces::new(text, unicode).map(|piece| piece.text).collect()
}

/// The text as by [`escape`], cut to at most `width` columns; a cut one ends in an ellipsis.
///
/// ```
/// use xenspect_report::text::shorten;
///
/// assert_eq!(shorten("system disk", 8, true), "system …");
/// assert_eq!(shorten("system disk", 8, false), "syste...");
/// assert_eq!(shorten("system disk", 11, false), "system disk");
/// ```
#[must_use]
pub fn shorten(text: &str, width: usize, unicode: bool) -> String {
    let mark = ellipsis(unicode);
    let room = width.saturating_sub(mark.chars().count());
    let mut shown = String::new();
    // Length in bytes of what would stand in front of the ellipsis.
    let mut kept = 0;
    let mut columns = 0;
    for piece in Pieces::new(text, unicode) {
        columns += piece.width;
        if columns > width {
            shown.truncate(kept);
            shown.push_str(mark);
            return shown;
        }
        shown.push_str(&piece.text);
        if columns <= room {
            kept = shown.len();
        }
    }
    shown
}

/// The text as by [`escape`], cut to at most `width` columns in its middle: of a path the end tells more than what is before it.
///
/// ```
/// use xenspect_report::text::shorten_middle;
///
/// assert_eq!(shorten_middle("2026-11-01/nightly/web01.xva", 16, true), "2026-…/web01.xva");
/// assert_eq!(shorten_middle("web01.xva", 9, true), "web01.xva");
/// ```
#[must_use]
pub fn shorten_middle(text: &str, width: usize, unicode: bool) -> String {
    let pieces: Vec<Piece> = Pieces::new(text, unicode).collect();
    let whole: usize = pieces.iter().map(|piece| piece.width).sum();
    if whole <= width {
        return pieces.into_iter().map(|piece| piece.text).collect();
    }
    let mark = ellipsis(unicode);
    let room = width.saturating_sub(mark.chars().count());
    let (mut front, mut back) = (room / 3, room - room / 3);
    let head = pieces.iter().take_while(|piece| {
        let fits = piece.width <= front;
        front = front.saturating_sub(piece.width);
        fits
    });
    let head: String = head.map(|piece| piece.text.as_str()).collect();
    let tail = pieces.iter().rev().take_while(|piece| {
        let fits = piece.width <= back;
        back = back.saturating_sub(piece.width);
        fits
    });
    let mut tail: Vec<&Piece> = tail.collect();
    // A mark would sit on the ellipsis.
    while tail.last().is_some_and(|piece| piece.width == 0) {
        tail.pop();
    }
    let tail: String = tail.iter().rev().map(|piece| piece.text.as_str()).collect();
    format!("{head}{mark}{tail}")
}

/// The columns that a text takes which [`escape`] has been over.
#[must_use]
pub fn columns(text: &str) -> usize {
    // By character: never less than what a terminal takes for the whole.
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// What stands for text left out.
pub(crate) const fn ellipsis(unicode: bool) -> &'static str {
    if unicode { "…" } else { "..." }
}

/// Whether a character shows nothing, moves what is shown, or changes its neighbour's width.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A character as it is shown; never cut in the middle.
struct Piece {
    text: String,
    width: usize,
}

struct Pieces<'a> {
    rest: std::str::Chars<'a>,
    unicode: bool,
    /// Marks that the last visible character can still take.
    marks: usize,
}

impl<'a> Pieces<'a> {
    fn new(text: &'a str, unicode: bool) -> Self {
        // None at the beginning, where a mark would sit on our own text.
        Self {
            rest: text.chars(),
            unicode,
            marks: 0,
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let c = self.rest.next()?;
        let width = c.width().unwrap_or(0);
        let plain = if is_hidden(c) || (!self.unicode && !c.is_ascii()) {
            false
        } else if width == 0 {
            self.marks > 0
        } else {
            true
        };
        if !plain {
            self.marks = 0;
            let mut text = String::new();
            // Writing to a String cannot fail.
            let _ = write!(text, "\\u{{{:x}}}", u32::from(c));
            let width = text.len();
            return Some(Piece { text, width });
        }
        self.marks = if width == 0 { self.marks - 1 } else { MARKS };
        Some(Piece {
            text: c.to_string(),
            width,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_or_hides_is_spelled_out() {
        for (text, shown) in [
            ("a\nb\r\tc", r"a\u{a}b\u{d}\u{9}c"),
            ("\u{1b}]0;title\u{7}", r"\u{1b}]0;title\u{7}"),
            ("\u{9b}31m\u{7f}", r"\u{9b}31m\u{7f}"),
            ("\u{2066}x\u{2069}\u{200f}", r"\u{2066}x\u{2069}\u{200f}"),
            ("a\u{200b}b\u{feff}\u{2028}", r"a\u{200b}b\u{feff}\u{2028}"),
            ("\u{e0041}", r"\u{e0041}"),
            ("❤\u{fe0f}", r"❤\u{fe0f}"),
        ] {
            assert_eq!(escape(text, true), shown);
        }
    }

    #[test]
    fn marks_stay_on_their_letter_but_do_not_heap_up() {
        assert_eq!(escape("e\u{301}te\u{301}", true), "e\u{301}te\u{301}");
        assert_eq!(escape("\u{301}e", true), r"\u{301}e");
        let heap = format!("e{}", "\u{301}".repeat(6));
        assert_eq!(
            escape(&heap, true),
            format!("e{}{}", "\u{301}".repeat(4), r"\u{301}\u{301}")
        );
    }

    #[test]
    fn cutting_counts_columns_and_keeps_escapes_whole() {
        assert_eq!(shorten("日本語のディスク", 7, true), "日本語…");
        assert_eq!(shorten("日本語", 6, true), "日本語");
        assert_eq!(shorten("ab\u{1b}cd", 6, true), "ab…");
        assert_eq!(shorten("ab\u{1b}cd", 10, true), r"ab\u{1b}cd");
        assert_eq!(shorten("abc", 0, true), "…");
    }
}
