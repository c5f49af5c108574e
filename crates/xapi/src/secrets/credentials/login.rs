//! Logins in addresses: `http://user:password@host/`, `iscsi:user:password@host`, and `user:password@host` where it is
//! all there is.

use super::{Found, next_word};

/// How far from `://` the `@` of a login is looked for, in bytes.
const LONGEST_LOGIN: usize = 1024;

/// What an address can start with that has no slashes behind its colon.
const SCHEMES: &[&str] = &[
    "iscsi", "nbd", "nfs", "cifs", "smb", "rbd", "sheepdog", "ftp",
];
/// What a colon may follow that no password follows.
const CONTACTS: &[&str] = &[
    "mailto", "mail", "email", "e-mail", "sip", "sips", "xmpp", "contact",
];

pub(super) fn find<'t>(text: &'t str, found: &mut Vec<Found<'t>>) {
    let mut from = 0;
    while let Some(at) = position(text, from) {
        from = at.saturating_add(1);
        if let Some(one) = with_slashes(text, at) {
            from = from.max(one.range.end);
            found.push(one);
        }
    }
    let length = text.trim().len();
    let mut end = 0;
    while let Some(word) = next_word(text, &mut end) {
        found.extend(without_slashes(word, end, word.len() == length));
    }
}

fn position(text: &str, from: usize) -> Option<usize> {
    memchr::memmem::find(text.as_bytes().get(from..)?, b"://")?.checked_add(from)
}

/// `://user:password@`, with the sign on its first colon. A slash in the password is accepted.
fn with_slashes(text: &str, sign: usize) -> Option<Found<'_>> {
    let start = sign.checked_add(3)?;
    let after = text.get(start..)?;
    // Bounded, so that many addresses in one word do not cost a look at the rest of it each.
    let near = (0..=LONGEST_LOGIN.min(after.len())).rev();
    let near = near.into_iter().find_map(|end| after.get(..end))?;
    memchr::memchr(b'@', near.as_bytes())?;
    let word = near.split(char::is_whitespace).next()?;
    let authority = word.split(['/', '?', '#']).next()?;
    let user = match authority.rfind('@') {
        Some(at) => authority.get(..at)?,
        None => {
            // A port is no password; anything else before an `@` may be one with a slash in it.
            let (_, port) = authority.split_once(':')?;
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            word.get(..word.rfind('@')?)?
        }
    };
    let colon = user.find(':')?;
    let begin = start.checked_add(colon)?.checked_add(1)?;
    let end = start.checked_add(user.len())?;
    Some(Found {
        name: "",
        range: begin..end,
    })
}

/// `scheme:user:password@` at the start of a word or behind its `=`, and, in a word that is `alone`, `user:password@`.
/// The word ends at `end`.
fn without_slashes<'t>(word: &'t str, end: usize, alone: bool) -> Option<Found<'t>> {
    if word.contains("://") {
        return None;
    }
    let word = word.trim_start_matches(['"', '\'', '\\']);
    let (head, host) = word.rsplit_once('@')?;
    let address = match head.split_once(['=', ':']) {
        Some((name, rest)) if word.get(name.len()..)?.starts_with('=') => rest,
        _ => head,
    };
    let address = address.trim_start_matches(['"', '\'', '\\']);
    let (first, rest) = address.split_once(':')?;
    let named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(first));
    let password = if named(SCHEMES) {
        rest.split_once(':')?.1
    } else if alone && !first.is_empty() && !named(CONTACTS) {
        rest
    } else {
        return None;
    };
    if !host.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '[' | '/' | '<' | '$')) {
        return None;
    }
    let end = end.checked_sub(host.len())?.checked_sub(1)?;
    Some(Found {
        name: "",
        range: end.checked_sub(password.len())?..end,
    })
}
