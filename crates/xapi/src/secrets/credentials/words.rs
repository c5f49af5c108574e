//! What follows a word: `--password x` and `-u user:x` of a command line, `Bearer x` of a header, `rocommunity x` of a
//! configuration file.

use std::ops::Range;

use super::super::lookup::secret_name;
use super::{Found, next_word, quoted, word_len};

/// Words to look for that no pattern for names has.
pub(in super::super) const WORDS: &[&str] = &["bearer", "--user", "--proxy-user"];

/// Words of a configuration file that a shared secret follows.
const COMMUNITIES: &[&str] = &[
    "rocommunity",
    "rwcommunity",
    "rocommunity6",
    "rwcommunity6",
    "trapcommunity",
];
/// Arguments that a user and a password follow.
const USERS: &[&str] = &["-u", "--user", "--proxy-user"];
/// Length from which on anything behind `Bearer` is a token.
const TOKEN: usize = 16;

pub(super) fn find<'t>(text: &'t str, found: &mut Vec<Found<'t>>) {
    let mut at = 0;
    while let Some(word) = next_word(text, &mut at) {
        if let Some(range) = after(word, text, at) {
            found.push(Found {
                name: word.trim_start_matches(['-', '"', '\'', '(', '[']),
                range,
            });
        }
    }
}

/// The secret that follows a word, if one does.
fn after(word: &str, text: &str, rest: usize) -> Option<Range<usize>> {
    let bare = word.trim_start_matches(['"', '\'', '(', '[', '\\']);
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(bare));
    let next = || argument(text, rest);
    if is(COMMUNITIES) {
        return next();
    }
    if is(USERS) {
        let range = next()?;
        let login = text.get(range.clone())?;
        let (user, password) = login.split_once([':', '%'])?;
        // A user and a group by their numbers.
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let ids = digits(user) && digits(password);
        return (!ids).then(|| range.end.saturating_sub(password.len())..range.end);
    }
    let bearer = bare.trim_end_matches(':');
    if bearer.eq_ignore_ascii_case("bearer") {
        let range = next()?;
        let token = text.get(range.clone())?;
        let is_token = token.len() >= TOKEN || token.bytes().any(|byte| byte.is_ascii_digit());
        return is_token.then_some(range);
    }
    let name = bare.strip_prefix('-')?.trim_start_matches('-');
    // A sign in it, and what follows the sign is the value.
    if name.contains(['=', ':']) {
        return None;
    }
    secret_name(name)?;
    let range = next()?;
    (!text.get(range.clone())?.starts_with('-')).then_some(range)
}

/// The argument that starts behind white space, in quotes or not.
fn argument(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let bare = rest.trim_start_matches([' ', '\t', '\\']);
    let begin = text.len().checked_sub(bare.len())?;
    match bare.chars().next()? {
        quote @ ('"' | '\'') => quoted(text, begin, quote, word_len),
        _ => {
            let word = bare.get(..word_len(bare))?;
            // What is quoted around both is no part of either.
            let word = word.trim_end_matches(['"', '\'', ')', ']', '}', ',', ';', '\\']);
            Some(begin..begin.checked_add(word.len())?)
        }
    }
}
