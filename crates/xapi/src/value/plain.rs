//! Sets and maps that stand as the database writes them, read in place. Most values of a dump do, and to check one no
//! copy of it is needed. Anything unusual (an escape, another white space, text behind the end) is left to
//! [`super::sexpr`], which knows it all.

use super::Raw;

/// Puts the members of a set into `members`, which is emptied first. False when the text is not in the plain form, which
/// does not mean that it is wrong.
///
/// ```
/// use xenspect_xapi::value::{Raw, plain};
///
/// let mut members = Vec::new();
/// assert!(plain::set(Raw::new(b"('a'%.'b' 'c')"), &mut members));
/// assert_eq!(members, [Raw::new(b"a"), Raw::new(b"b"), Raw::new(b"c")]);
/// assert!(!plain::set(Raw::new(br"('it\'s')"), &mut members));
/// ```
pub fn set<'a>(text: Raw<'a>, members: &mut Vec<Raw<'a>>) -> bool {
    members.clear();
    each(text, |rest| {
        let (member, after) = quoted(rest)?;
        // A protected character is none of a reference's, and the caller gets members as they stand.
        if memchr::memchr(b'%', member).is_some() {
            return None;
        }
        members.push(Raw::new(member));
        Some(after)
    })
}

/// True for a map in the plain form. False does not mean that it is wrong.
///
/// ```
/// use xenspect_xapi::value::{Raw, plain};
///
/// assert!(plain::is_map(Raw::new(b"()")));
/// assert!(plain::is_map(Raw::new(b"(('k'%.'v')%.('k2'%.''))")));
/// assert!(!plain::is_map(Raw::new(b"(('k'%.'v') ")));
/// ```
pub fn is_map(text: Raw<'_>) -> bool {
    each(text, pair)
}

/// Puts the keys of a map into `keys`, which is emptied first. False when the text is not in the plain form, or a key has
/// a protected character in it, of which there can be two spellings.
///
/// ```
/// use xenspect_xapi::value::{Raw, plain};
///
/// let mut keys = Vec::new();
/// assert!(plain::keys(Raw::new(b"(('k'%.'v%.w')%.('k2'%.''))"), &mut keys));
/// assert_eq!(keys, [Raw::new(b"k"), Raw::new(b"k2")]);
/// assert!(!plain::keys(Raw::new(b"(('k%.'%.'v'))"), &mut keys));
/// ```
pub fn keys<'a>(text: Raw<'a>, keys: &mut Vec<Raw<'a>>) -> bool {
    keys.clear();
    each(text, |rest| {
        let (key, after) = keyed(rest)?;
        if memchr::memchr(b'%', key).is_some() {
            return None;
        }
        keys.push(Raw::new(key));
        Some(after)
    })
}

/// Goes through a list in parentheses. `element` takes one and gives what is behind it, or `None` when it is not in the plain form.
fn each<'a>(text: Raw<'a>, mut element: impl FnMut(&'a [u8]) -> Option<&'a [u8]>) -> bool {
    let Some(mut rest) = text.as_bytes().strip_prefix(b"(") else {
        return false;
    };
    if rest == b")" {
        return true;
    }
    loop {
        let Some(after) = element(rest) else {
            return false;
        };
        if after == b")" {
            return true;
        }
        let Some(next) = separator(after) else {
            return false;
        };
        rest = next;
    }
}

fn pair(text: &[u8]) -> Option<&[u8]> {
    keyed(text).map(|(_, rest)| rest)
}

/// The key of a pair, and what follows the pair.
fn keyed(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, rest) = quoted(text.strip_prefix(b"(")?)?;
    let (_, rest) = quoted(separator(rest)?)?;
    Some((key, rest.strip_prefix(b")")?))
}

/// A string between single quotes, and what follows it.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let body = text.strip_prefix(b"'")?;
    // An escape or a reference could hide a quote, or be one.
    let end = memchr::memchr3(b'\'', b'\\', b'&', body)?;
    let rest = body.get(end..)?.strip_prefix(b"'")?;
    Some((body.get(..end)?, rest))
}

fn separator(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"%.").or(text.strip_prefix(b" "))
}
