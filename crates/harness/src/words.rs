//! Short texts that people, databases and lists bring: addresses of objects, fields that are left out, codes, points in time,
//! numbers, and any text that is shown.

use xenspect_diff::Ignored;
use xenspect_policy::{Age, PathGlob, Pattern, Size};
use xenspect_remote::{Url, UrlError};
use xenspect_report::text::{columns, escape, shorten, shorten_middle};
use xenspect_store::shard::{Sample, Shard};
use xenspect_xapi::datamodel::DateTime;
use xenspect_xapi::parse_integer;

/// Reads the bytes as each kind of text.
///
/// Invariants:
/// - what is read is written as it was, and reads the same;
/// - an address that is not taken is shown without what may be a password, and no message repeats that;
/// - of the shards of a store, and of as many runs of a sample in a row, exactly one takes a file;
/// - a pattern of paths without a star matches itself alone;
/// - a number is what its digits say, by arithmetic of 128 bits;
/// - a point in time is later than all that are earlier by one of its fields;
/// - a text that is shown has nothing that a terminal acts on, and is no wider than it may be.
///
/// # Panics
///
/// When one of them does not hold.
pub fn words(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    address(&text);
    if let Ok(ignored) = Ignored::parse(&text) {
        assert_eq!(Ignored::parse(&ignored.to_string()), Ok(ignored));
    }
    if let Ok(pattern) = Pattern::read(&text) {
        assert_eq!(pattern.to_string(), text);
    }
    amounts(&text);
    parts(&text);
    integer(&text);
    point_in_time(&text);
    shown(&text);
}

fn address(text: &str) {
    let is_remote = Url::is_remote(text);
    match Url::parse(text) {
        Ok(url) => {
            assert!(is_remote);
            assert_eq!(
                url.to_string().trim_end_matches('/'),
                text.trim_end_matches('/')
            );
            assert_eq!(Url::parse(&url.to_string()).as_ref(), Ok(&url));
            assert_eq!(Url::shown(text), text);
            assert!(!url.bucket().is_empty() && !url.bucket().contains(['@', '/']));
            let beside = url.beside("name");
            assert_eq!(beside.file_name(), "name");
            assert_eq!(beside.bucket(), url.bucket());
            let parts = url.key().split('/');
            assert!(!parts.clone().any(|part| matches!(part, "." | "..")));
        }
        Err(why) if is_remote => {
            // Of a message, the scheme is all that comes from the address: the others have nothing to repeat, and would not fit here
            // if they had.
            let scheme = match why {
                UrlError::Scheme(scheme) => scheme,
                UrlError::NoBucket
                | UrlError::Credentials
                | UrlError::BadBucket
                | UrlError::BadAccount
                | UrlError::BadKey => String::new(),
            };
            let told = [Url::shown(text), scheme];
            // What stands before an `@`, and all behind a `?`, may be a secret, unless it stands elsewhere too.
            let (_, rest) = text.split_once("://").unwrap_or_default();
            let password = rest.rsplit_once('@').map(|(front, _)| front);
            let signature = rest.split_once('?').map(|(_, signature)| signature);
            for secret in [password, signature].into_iter().flatten() {
                // The mark that stands for a secret may be a part of one.
                if secret.contains('…') {
                    continue;
                }
                if secret.len() > 12 && !text.replacen(secret, "", 1).contains(secret) {
                    assert!(!told.iter().any(|told| told.contains(secret)), "{told:?}");
                }
            }
        }
        Err(_) => assert_eq!(Url::shown(text), text),
    }
}

fn amounts(text: &str) {
    if let Ok(size) = Size::try_from(text.to_owned()) {
        assert_eq!(Size::try_from(size.to_string()), Ok(size));
    }
    if let Ok(age) = Age::try_from(text.to_owned()) {
        assert_eq!(Age::try_from(age.to_string()), Ok(age));
    }
    let (pattern, path) = text.split_once('\n').unwrap_or((text, text));
    if let Ok(glob) = PathGlob::try_from(pattern.to_owned()) {
        assert_eq!(String::from(glob.clone()), pattern);
        let is_literal = |c: char| !"*?[]{}\\!,".contains(c);
        if pattern.chars().all(is_literal) && !pattern.contains('/') && !path.contains('/') {
            assert_eq!(glob.takes(path), path == pattern, "{pattern:?} {path:?}");
        }
    }
}

fn parts(text: &str) {
    if let Ok(shard) = text.parse::<Shard>() {
        assert_eq!(shard.to_string().parse(), Ok(shard));
        // Of many there is no time to ask all.
        if shard.of() <= 16 {
            let of = (1..=shard.of()).filter_map(|k| Shard::new(k, shard.of()));
            assert_eq!(of.filter(|shard| shard.takes(text)).count(), 1);
        }
    }
    if let Ok(sample) = text.parse::<Sample>() {
        assert_eq!(sample.to_string().parse(), Ok(sample));
        if sample.of() <= 16 {
            let runs = (7..).take(sample.of() as usize);
            assert_eq!(runs.filter(|run| sample.takes(text, *run)).count(), 1);
        }
    }
}

/// The decimal numbers by what the standard library makes of them.
fn integer(text: &str) {
    let read = parse_integer(text);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_decimal = !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if is_decimal {
        let value = text.parse::<i128>().ok();
        assert_eq!(
            read,
            value.and_then(|value| i64::try_from(value).ok()),
            "{text}"
        );
        return;
    }
    let hex = unsigned
        .strip_prefix("0x")
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if let Some(digits) = hex {
        let value = u64::from_str_radix(digits, 16).ok();
        let signed = |value: u64| match text.starts_with('-') {
            true => value.wrapping_neg().cast_signed(),
            false => value.cast_signed(),
        };
        assert_eq!(read, value.map(signed), "{text}");
    }
}

fn point_in_time(text: &str) {
    let Some(point) = DateTime::parse(text) else {
        return;
    };
    let earlier = DateTime {
        second: point.second.saturating_sub(1),
        ..point
    };
    let last_year = DateTime {
        year: point.year - 1,
        ..point
    };
    assert_eq!(
        point.unix() - earlier.unix(),
        i64::from(point.second - earlier.second)
    );
    let year = point.unix() - last_year.unix();
    assert!((365 * 86_400..=366 * 86_400).contains(&year), "{point:?}");
}

fn shown(text: &str) {
    for unicode in [true, false] {
        let whole = escape(text, unicode);
        crate::shown::harmless(whole.clone().into_bytes());
        assert!(!whole.contains('\n'), "a line end is shown as it is");
        assert!(unicode || whole.is_ascii());
        for width in [4, 9, 20] {
            for short in [
                shorten(text, width, unicode),
                shorten_middle(text, width, unicode),
            ] {
                crate::shown::harmless(short.clone().into_bytes());
                assert!(columns(&short) <= width, "{short:?} is wider than {width}");
                assert!(short == whole || columns(&whole) > width, "{short:?}");
            }
        }
    }
}
