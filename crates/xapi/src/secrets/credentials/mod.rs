//! Passwords inside free text. Each form has a module of its own: `name=value` and `name: value` where the name says so
//! (`assignment`), logins in addresses (`login`), what follows a word of a command line or of a configuration file
//! (`words`), and elements of XML (`markup`). Bringing what they find together lives here. Where the end of a password is
//! not sure, more is taken rather than less.

mod assignment;
mod login;
mod markup;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;

pub(super) use words::WORDS;

/// A password in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<'t> {
    /// What the text calls it; empty for a login in an address.
    pub(crate) name: &'t str,
    /// Where it is, in bytes.
    pub(crate) range: Range<usize>,
}

/// All passwords in a text, in order, none inside another.
pub(crate) fn find(text: &str) -> Vec<Found<'_>> {
    let mut found = Vec::new();
    assignment::find(text, &mut found);
    login::find(text, &mut found);
    words::find(text, &mut found);
    markup::find(text, &mut found);
    found.retain(|one| !one.range.is_empty());
    found.sort_by_key(|one| (one.range.start, one.range.end));
    let mut apart: Vec<Found<'_>> = Vec::with_capacity(found.len());
    for one in found {
        match apart.last_mut() {
            // Two that overlap are one, so that no piece of either is left.
            Some(last) if one.range.start < last.range.end => {
                last.range.end = last.range.end.max(one.range.end);
            }
            _ => apart.push(one),
        }
    }
    apart
}

/// What is between quotes, without them. If more follows them, they are part of a longer value, which goes as far as
/// `end` says.
fn quoted(
    text: &str,
    open: usize,
    quote: char,
    end: impl Fn(&str) -> usize,
) -> Option<Range<usize>> {
    let begin = open.checked_add(1)?;
    let body = text.get(begin..)?;
    let mut escaped = false;
    let close = body.find(|c| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    let Some(close) = close else {
        return Some(begin..text.len());
    };
    let after = begin.checked_add(close)?.checked_add(1)?;
    let rest = text.get(after..)?;
    let ends = |c: char| c.is_whitespace() || ",;})]>".contains(c);
    Some(match rest.chars().next() {
        Some(c) if !ends(c) => open..after.checked_add(end(rest))?,
        _ => begin..begin.checked_add(close)?,
    })
}

/// The next word from a place on, which moves behind it.
fn next_word<'t>(text: &'t str, at: &mut usize) -> Option<&'t str> {
    let bare = text.get(*at..)?.trim_start();
    let begin = text.len().checked_sub(bare.len())?;
    let word = bare.get(..word_len(bare)).filter(|word| !word.is_empty())?;
    *at = begin.checked_add(word.len())?;
    Some(word)
}

/// Length up to the next white space.
fn word_len(text: &str) -> usize {
    text.find(char::is_whitespace).unwrap_or(text.len())
}

/// Length up to the end of the line.
fn line_len(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}
