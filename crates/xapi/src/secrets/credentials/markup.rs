//! Elements of XML in a text, which need not be well-formed: what is in an element with the name of a secret, and what
//! follows an element that has such a name as its text (`<key>password</key><string>x</string>`).

use std::ops::Range;

use super::super::lookup::secret_name;
use super::Found;

/// How many tags into an element, or behind one, texts are taken for the secret.
const MAX_TAGS: usize = 16;

pub(super) fn find<'t>(text: &'t str, found: &mut Vec<Found<'t>>) {
    let mut from = 0;
    while let Some(tag) = next_tag(text, from) {
        from = tag.end;
        if tag.closes || tag.is_empty {
            continue;
        }
        if secret_name(tag.name).is_some() {
            from = element(text, &tag, found).max(from);
        } else if let Some(named) = named(text, &tag) {
            from = named.range.end.max(from);
            found.push(named);
        }
    }
}

struct Tag<'t> {
    /// Without a prefix.
    name: &'t str,
    closes: bool,
    is_empty: bool,
    /// Where it starts, and where what follows it does.
    start: usize,
    end: usize,
}

fn next_tag(text: &str, from: usize) -> Option<Tag<'_>> {
    let mut from = from;
    loop {
        let start = memchr::memchr(b'<', text.as_bytes().get(from..)?)?.checked_add(from)?;
        let body = text.get(start.checked_add(1)?..)?;
        let closes = body.starts_with('/');
        let name = body.get(usize::from(closes)..)?;
        let length = name
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')))
            .unwrap_or(name.len());
        let end = memchr::memchr2(b'>', b'<', body.as_bytes())?;
        from = start.checked_add(1)?;
        if length == 0 || body.as_bytes().get(end) == Some(&b'<') {
            continue;
        }
        let name = name.get(..length)?;
        return Some(Tag {
            name: name.rsplit_once(':').map_or(name, |(_, name)| name),
            closes,
            is_empty: body.get(..end)?.ends_with('/'),
            start,
            end: start.checked_add(end)?.checked_add(2)?,
        });
    }
}

/// Takes the texts inside an element, and gives the place up to which it was read.
fn element<'t>(text: &'t str, open: &Tag<'t>, found: &mut Vec<Found<'t>>) -> usize {
    let mut from = open.end;
    for _ in 0..MAX_TAGS {
        let tag = next_tag(text, from);
        let end = tag.as_ref().map_or(text.len(), |tag| tag.start);
        if let Some(range) = bare(text, from..end) {
            found.push(Found {
                name: open.name,
                range,
            });
        }
        from = end;
        match tag {
            Some(tag) if !(tag.closes && tag.name == open.name) => from = tag.end,
            _ => break,
        }
    }
    from
}

/// What follows an element whose text is the name of a secret.
fn named<'t>(text: &'t str, open: &Tag<'t>) -> Option<Found<'t>> {
    let mut tag = next_tag(text, open.end)?;
    let name = text.get(open.end..tag.start)?.trim();
    if !tag.closes || name.contains(char::is_whitespace) {
        return None;
    }
    secret_name(name)?;
    for _ in 0..MAX_TAGS {
        let from = tag.end;
        let next = next_tag(text, from);
        let end = next.as_ref().map_or(text.len(), |tag| tag.start);
        if let Some(range) = bare(text, from..end) {
            return Some(Found { name, range });
        }
        tag = next?;
    }
    None
}

/// A text between tags without the white space around it. A truth value is no secret.
fn bare(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(range.clone())?;
    let start = piece.trim_start();
    let begin = range.end.checked_sub(start.len())?;
    let bare = start.trim_end();
    let plain = bare.is_empty() || matches!(bare, "true" | "false");
    (!plain).then_some(begin..begin.checked_add(bare.len())?)
}
