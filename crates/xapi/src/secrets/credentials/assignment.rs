//! `name=value` and `name: value`, on one line or on the lines that follow, as in JSON, YAML and kernel arguments.

use std::ops::Range;

use super::super::lookup::secret_name;
use super::{Found, line_len, quoted, word_len};

/// How much white space may be between a sign and a quoted value, in bytes.
const LONGEST_GAP: usize = 256;

pub(super) fn find<'t>(text: &'t str, found: &mut Vec<Found<'t>>) {
    let mut from = 0;
    while let Some(sign) = position(text, from) {
        from = sign.saturating_add(1);
        if let Some(one) = assignment(text, sign) {
            from = from.max(one.range.end);
            found.push(one);
        }
    }
}

fn position(text: &str, from: usize) -> Option<usize> {
    let rest = text.as_bytes().get(from..)?;
    memchr::memchr2(b'=', b':', rest)?.checked_add(from)
}

/// The value behind a sign whose left side is the name of a secret, each side with or without quotes.
fn assignment(text: &str, sign: usize) -> Option<Found<'_>> {
    let (head, tail) = text.split_at_checked(sign)?;
    let colon = tail.starts_with(':');
    let bare = head.trim_end_matches([' ', '\t', '"', '\'', '\\']);
    let start = bare
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'))
        .last()
        .map_or(bare.len(), |(at, _)| at);
    let name = bare.get(start..)?;
    secret_name(name)?;
    let value = tail.get(1..)?;
    let inner = value.trim_start_matches([' ', '\t', '\\']);
    let begin = text.len().checked_sub(inner.len())?;
    // After a colon the rest of the line may be the password, blanks in it included.
    let end = |rest: &str| match colon {
        true => line_len(rest),
        false => word_len(rest),
    };
    let range = match inner.chars().next()? {
        quote @ ('"' | '\'') => quoted(text, begin, quote, end)?,
        '\n' | '\r' => below(text, start, begin)?,
        // A block of YAML: its text is in the lines below.
        '|' | '>' if colon && is_block(inner.get(..line_len(inner))?) => {
            let line = begin.checked_add(line_len(inner))?;
            block(text, start, line).unwrap_or(begin..line)
        }
        bracket @ ('{' | '[') if colon => {
            let line = end(inner);
            begin..begin.checked_add(line.max(bracketed(inner, bracket)))?
        }
        _ => {
            let line = begin.checked_add(end(inner))?;
            let more = colon.then(|| block(text, start, line)).flatten();
            begin..more.map_or(line, |range| range.end)
        }
    };
    // White space at the end belongs to the line.
    let bare = text.get(range.clone())?.trim_end();
    let end = range.start.checked_add(bare.len())?;
    Some(Found {
        name,
        range: range.start..end,
    })
}

/// The head of a block: its sign, and how white space at its ends is meant.
fn is_block(line: &str) -> bool {
    let line = line.trim_ascii_end();
    line.len() <= 3
        && line
            .bytes()
            .skip(1)
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'))
}

/// A value that starts below its name: in quotes, or indented.
fn below(text: &str, name: usize, line_end: usize) -> Option<Range<usize>> {
    let rest = text.get(line_end..)?;
    let inner = rest.trim_ascii_start();
    let gap = rest.len().checked_sub(inner.len())?;
    match inner.chars().next()? {
        quote @ ('"' | '\'') if gap <= LONGEST_GAP => {
            quoted(text, line_end.checked_add(gap)?, quote, word_len)
        }
        _ => block(text, name, line_end),
    }
}

/// The lines that are indented deeper than that of the name that starts at `name`, without the white space around them.
fn block(text: &str, name: usize, line_end: usize) -> Option<Range<usize>> {
    let before = text.get(..name)?;
    let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let line = before.get(start..)?;
    // The dash of a list counts as white space.
    let margin = line.trim_start_matches([' ', '\t', '-']);
    let margin = line.len().checked_sub(margin.len())?;
    let mut range: Option<Range<usize>> = None;
    let mut at = line_end;
    for line in text.get(line_end..)?.split_inclusive('\n') {
        let bare = line.trim_ascii();
        let indent = line.len().checked_sub(line.trim_ascii_start().len())?;
        if !bare.is_empty() {
            let begin = at.checked_add(indent)?;
            if indent <= margin {
                break;
            }
            let end = begin.checked_add(bare.len())?;
            range = Some(range.map_or(begin, |range| range.start)..end);
        }
        at = at.checked_add(line.len())?;
    }
    range
}

/// Length up to the bracket that closes the first one, strings passed over.
fn bracketed(text: &str, open: char) -> usize {
    let close = if open == '{' { '}' } else { ']' };
    let (mut depth, mut string, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => string = !string,
            _ if string => {}
            _ if c == open => depth = depth.saturating_add(1),
            _ if c == close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at.saturating_add(1);
                }
            }
            _ => {}
        }
    }
    text.len()
}
