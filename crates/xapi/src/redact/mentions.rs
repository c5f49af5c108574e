//! Where known addresses stand in a text, whatever surrounds them and however they are spelled. What is known is decided
//! in `addresses`.

use std::collections::HashSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use crate::secrets::address::{self, Address};
use crate::secrets::references::is_uuid;

/// Length of a uuid in text, in bytes.
const UUID: usize = 36;
/// Longest IPv6 address in text, in bytes.
const LONGEST: usize = 45;
/// Most groups of an address between colons, the empty ones of `::` included.
const MAX_GROUPS: usize = 9;

/// The known addresses in a text with their places, in order, none inside another.
pub(super) fn find(text: &str, known: &HashSet<Address>) -> Vec<(Range<usize>, Address)> {
    let mut found = Vec::new();
    // Addresses that stand alone, known or not: a piece of another address is no mention of one.
    let mut alone = address::find(text).peekable();
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        if !byte.is_ascii_hexdigit() && byte != b':' {
            at = at.saturating_add(1);
            continue;
        }
        // The end of a uuid may look like a MAC address, and stays.
        if starts_number(text, at)
            && let Some(end) = at.checked_add(UUID)
            && text.get(at..end).is_some_and(is_uuid)
        {
            at = end;
            continue;
        }
        while alone.next_if(|(range, _)| range.end <= at).is_some() {}
        let apart = match alone.peek() {
            Some((range, address)) if range.contains(&at) => {
                if range.start == at && known.contains(address) {
                    found.push((range.clone(), *address));
                    at = range.end;
                    continue;
                }
                matches!(address, Address::V4(_))
            }
            _ => true,
        };
        let one = starts_number(text, at)
            .then(|| v4(text, at, known).or_else(|| mac(text, at, known)))
            .flatten()
            .or_else(|| apart.then(|| colons(text, at, known)).flatten());
        match one {
            Some((end, address)) => {
                found.push((at..end, address));
                at = end;
            }
            None => at = at.saturating_add(1),
        }
    }
    found
}

/// True where a run of letters and digits starts, or digits follow letters.
fn starts_number(text: &str, at: usize) -> bool {
    let byte = |at: usize| text.as_bytes().get(at).copied();
    let before = at.checked_sub(1).and_then(byte);
    match byte(at) {
        Some(b'0'..=b'9') => before.is_none_or(|byte| !byte.is_ascii_digit()),
        Some(b'a'..=b'f' | b'A'..=b'F') => before.is_none_or(|byte| !byte.is_ascii_alphanumeric()),
        _ => false,
    }
}

fn v4(text: &str, at: usize, known: &HashSet<Address>) -> Option<(usize, Address)> {
    let rest = text.as_bytes().get(at..)?;
    let next = |count: usize| count.saturating_add(1);
    let (mut length, mut dots, mut digits) = (0, 0, 0);
    for &byte in rest {
        match byte {
            b'0'..=b'9' if digits < 3 => digits = next(digits),
            b'.' if digits > 0 && dots < 3 => (dots, digits) = (next(dots), 0),
            b'0'..=b'9' => return None,
            _ => break,
        }
        length = next(length);
    }
    let end = at.checked_add(length)?;
    let address = Address::V4(text.get(at..end)?.parse::<Ipv4Addr>().ok()?);
    known.contains(&address).then_some((end, address))
}

/// A MAC address with other signs between its digits than colons, or none.
fn mac(text: &str, at: usize, known: &HashSet<Address>) -> Option<(usize, Address)> {
    let alphanumeric = |at: usize| {
        let byte = text.as_bytes().get(at);
        byte.is_some_and(u8::is_ascii_alphanumeric)
    };
    if at.checked_sub(1).is_some_and(alphanumeric) {
        return None;
    }
    let mut lengths = [17, 14, 12].into_iter();
    lengths.find_map(|length: usize| {
        let end = at.checked_add(length)?;
        if alphanumeric(end) {
            return None;
        }
        let address = Address::Mac(address::mac_of_any_spelling(text.get(at..end)?)?);
        known.contains(&address).then_some((end, address))
    })
}

/// An address between colons that is glued to something else.
fn colons(text: &str, at: usize, known: &HashSet<Address>) -> Option<(usize, Address)> {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let rest = bytes.get(at..)?;
    match rest {
        [b':', b':', ..] => {}
        [byte, ..] if byte.is_ascii_hexdigit() => {
            if before.is_some_and(|byte| byte.is_ascii_hexdigit()) {
                return None;
            }
        }
        _ => return None,
    }
    let run = rest
        .iter()
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_hexdigit() || **byte == b':')
        .count();
    let run = rest.get(..run)?;
    memchr::memchr(b':', run)?;
    // Ends of groups, the farthest first.
    let ends = (1..=run.len()).filter(|&end| {
        let next = rest.get(end);
        !next.is_some_and(u8::is_ascii_hexdigit)
    });
    let ends: Vec<_> = ends.take(MAX_GROUPS.saturating_mul(2)).collect();
    ends.into_iter().rev().find_map(|length| {
        let end = at.checked_add(length)?;
        let piece = text.get(at..end)?;
        if !piece.contains(':') {
            return None;
        }
        let address = match piece.parse::<Ipv6Addr>() {
            Ok(ip) => Address::V6(ip),
            Err(_) => Address::Mac(address::mac_of_any_spelling(piece)?),
        };
        known.contains(&address).then_some((end, address))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_addresses_in_texts() {
        let known = [
            Address::V4("192.0.2.7".parse().unwrap()),
            Address::V6("2001:db8::7".parse().unwrap()),
            Address::Mac([0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 1]),
        ]
        .into();
        for (text, places) in [
            ("192.0.2.7", &["192.0.2.7"][..]),
            ("iqn.x:192.0.2.7.a", &["192.0.2.7"]),
            ("deadbeef.192.0.2.7", &["192.0.2.7"]),
            ("x192.0.2.7y,192.0.2.7:80", &["192.0.2.7", "192.0.2.7"]),
            ("1.192.0.2.7", &["192.0.2.7"]),
            ("::ffff:192.0.2.7", &["192.0.2.7"]),
            ("1192.0.2.7 192.0.2.77 192.0.2.8", &[]),
            ("iqn.x:2001:db8::7.a", &["2001:db8::7"]),
            ("[2001:DB8:0::7]:80", &["2001:DB8:0::7"]),
            ("2001:db8::77 1:2001:db8::7", &[]),
            ("mac=aa:bb:cc:dd:ee:01", &["aa:bb:cc:dd:ee:01"]),
            ("xaa:bb:cc:dd:ee:01", &["aa:bb:cc:dd:ee:01"]),
            ("AA-BB-CC-DD-EE-01", &["AA-BB-CC-DD-EE-01"]),
            ("aabb.ccdd.ee01", &["aabb.ccdd.ee01"]),
            ("tap-aabbccddee01.x", &["aabbccddee01"]),
            ("aabbccddee011 xaabbccddee01", &[]),
            ("61b6ac70-9062-fe58-bb77-aabbccddee01", &[]),
            ("é:192.0.2.7é", &["192.0.2.7"]),
        ] {
            let found = find(text, &known).into_iter();
            let found: Vec<_> = found.map(|(range, _)| &text[range]).collect();
            assert_eq!(found, places, "{text}");
        }
    }

    #[test]
    fn long_texts() {
        let known = [Address::V6("2001:db8::7".parse().unwrap())].into();
        for piece in ["a:", "::", "1.", "aa-", "0", "a"] {
            let text = piece.repeat((1 << 17) / piece.len());
            assert_eq!(find(&text, &known), [], "{piece}");
        }
    }
}
