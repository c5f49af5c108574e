//! Passwords inside free text: `name=value` and `name: value` where the name says so, and logins in addresses
//! (`http://user:password@host/`). Where the end of a password is not sure, more is taken rather than less.

use std::ops::Range;

use super::lookup::secret_name;

/// How far from `://` the `@` of a login is looked for, in bytes.
const LONGEST_LOGIN: usize = 1024;

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
    let mut from = 0;
    while let Some(sign) = position(text, from, |c| matches!(c, '=' | ':')) {
        let next = login(text, sign).or_else(|| assignment(text, sign));
        from = match next {
            Some(one) => {
                let end = one.range.end;
                found.push(one);
                end.max(sign.saturating_add(1))
            }
            None => sign.saturating_add(1),
        };
    }
    found
}

/// `://user:password@`, with the sign on its first colon. A slash in the password is accepted.
fn login(text: &str, sign: usize) -> Option<Found<'_>> {
    let after = text.get(sign..)?.strip_prefix("://")?;
    let start = sign.checked_add(3)?;
    // Bounded, so that many addresses in one word do not cost a look at the rest of it each.
    let near = (0..=LONGEST_LOGIN.min(after.len())).rev();
    let near = near.into_iter().find_map(|end| after.get(..end))?;
    let word = near.split(is_end_of_word).next()?;
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
    (begin < end).then_some(Found {
        name: "",
        range: begin..end,
    })
}

/// `name=value`, `name: value`, each side with or without quotes.
fn assignment(text: &str, sign: usize) -> Option<Found<'_>> {
    let (head, tail) = text.split_at_checked(sign)?;
    let colon = tail.starts_with(':');
    let bare = head.trim_end_matches([' ', '\t', '"', '\'', '\\']);
    let start = bare
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')))
        .map_or(0, |at| {
            at.saturating_add(bare.get(at..).map_or(1, first_len))
        });
    let name = bare.get(start..)?;
    secret_name(name)?;
    let value = tail.get(1..)?;
    let inner = value.trim_start_matches([' ', '\t', '\\']);
    let begin = text.len().checked_sub(inner.len())?;
    // After a colon the rest of the line may be the password, blanks in it included.
    let end = |rest: &str| match colon {
        true => rest.find(['\n', '\r']).unwrap_or(rest.len()),
        false => rest.find(is_end_of_word).unwrap_or(rest.len()),
    };
    let range = match inner.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted(text, begin, quote, end)?,
        _ => begin..begin.checked_add(end(inner))?,
    };
    (!range.is_empty()).then_some(Found { name, range })
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
    let ends = |c: char| is_end_of_word(c) || ",;})]>".contains(c);
    Some(match rest.chars().next() {
        Some(c) if !ends(c) => open..after.checked_add(end(rest))?,
        _ => begin..begin.checked_add(close)?,
    })
}

fn is_end_of_word(c: char) -> bool {
    c.is_whitespace()
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

fn position(text: &str, from: usize, is: impl Fn(char) -> bool) -> Option<usize> {
    let found = text.get(from..)?.find(is)?;
    from.checked_add(found)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn passwords_in_texts() {
        for (text, passwords) in [
            ("root=/dev/xvda1 ro quiet", &[][..]),
            ("ro password=a;b&c quiet", &["a;b&c"]),
            ("rootpw=x passwd='a b' y", &["x", "a b"]),
            ("{\"password\": \"a\\\"b\", \"user\": \"c\"}", &["a\\\"b"]),
            ("#cloud-config\npassword: a b c\nuser: d", &["a b c"]),
            ("passphrase=\"x\"y z", &["\"x\"y"]),
            ("password='open", &["open"]),
            ("token: \"a\"b c", &["\"a\"b c"]),
            ("ks=http://u:p@h/ks.cfg x", &["p"]),
            ("http://u:p/q@h/", &["p/q"]),
            ("http://h:80/a@b", &[]),
            ("http://u@h/", &[]),
            ("url=https://a:b:c@h token=d", &["b:c", "d"]),
            ("password=", &[]),
            ("password_timeout=5", &[]),
            ("my.api_key = k", &["k"]),
            ("étoken=é", &["é"]),
            ("=:=://:@", &[]),
        ] {
            let found: Vec<_> = find(text).into_iter().map(|one| &text[one.range]).collect();
            assert_eq!(found, passwords, "{text}");
        }
    }

    #[test]
    fn names_are_told() {
        let found = find("a boot.password=x");
        assert_eq!(found[0].name, "boot.password");
    }
}
