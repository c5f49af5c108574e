//! Addresses inside a text: IPv4, IPv6, MAC, and the name of a server where one is expected. Only finding them lives
//! here; what is put in their place is in [`crate::redact`].

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::Kind;

/// An address, whatever its spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    V4(Ipv4Addr),
    V6(Ipv6Addr),
    Mac([u8; 6]),
}

impl Address {
    /// True for one that says nothing about a network: unspecified, loopback, broadcast, multicast.
    pub(crate) fn is_general(self) -> bool {
        match self {
            Address::V4(ip) => {
                ip.is_unspecified() || ip.is_loopback() || ip.is_broadcast() || ip.is_multicast()
            }
            Address::V6(ip) => ip.is_unspecified() || ip.is_loopback() || ip.is_multicast(),
            Address::Mac(mac) => mac == [0; 6] || mac == [0xFF; 6],
        }
    }
}

/// Longest run of characters that is tried as an address, in bytes.
const LONGEST: usize = 64;

/// Addresses in a text with their places, in order. General ones are left out.
pub(crate) fn find(text: &str) -> impl Iterator<Item = (Range<usize>, Address)> {
    let runs = Runs { text, from: 0 };
    runs.flat_map(|(start, run)| in_run(start, run))
        .filter(|(_, address)| !address.is_general())
}

/// Runs of the characters that addresses are made of.
struct Runs<'t> {
    text: &'t str,
    from: usize,
}

impl<'t> Iterator for Runs<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.from..)?;
            let start = rest.bytes().position(is_of_address)?;
            let run = rest.get(start..)?;
            let length = run.bytes().position(|byte| !is_of_address(byte));
            let run = run.get(..length.unwrap_or(run.len()))?;
            let start = self.from.checked_add(start)?;
            self.from = start.checked_add(run.len())?;
            if run.len() > 2 && run.contains([':', '.']) {
                return Some((start, run));
            }
        }
    }
}

fn is_of_address(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')
}

/// The addresses of one run: the run as a whole, or its parts between colons (an IPv4 address with a port).
fn in_run(start: usize, run: &str) -> Vec<(Range<usize>, Address)> {
    let whole = || {
        let end = run.trim_end_matches('.');
        // A single colon at the end comes from what follows (`host:/path`); two are part of an IPv6 address.
        let end = match end.strip_suffix(':') {
            Some(cut) if !cut.ends_with(':') => cut,
            _ => end,
        };
        let bare = end.trim_start_matches('.');
        let skipped = end.len().checked_sub(bare.len())?;
        let address = parse(bare)?;
        let begin = start.checked_add(skipped)?;
        Some((begin..begin.checked_add(bare.len())?, address))
    };
    if let Some(found) = whole() {
        return vec![found];
    }
    let mut found = Vec::new();
    let mut begin = start;
    for piece in run.split(':') {
        let bare = piece.trim_end_matches('.');
        if let (Ok(ip), Some(end)) = (bare.parse(), begin.checked_add(bare.len())) {
            found.push((begin..end, Address::V4(ip)));
        }
        begin = begin.saturating_add(piece.len()).saturating_add(1);
    }
    found
}

fn parse(text: &str) -> Option<Address> {
    if text.len() > LONGEST {
        return None;
    }
    match text.parse() {
        Ok(IpAddr::V4(ip)) => Some(Address::V4(ip)),
        Ok(IpAddr::V6(ip)) => Some(Address::V6(ip)),
        Err(_) => mac(text).map(Address::Mac),
    }
}

/// A MAC address in any of its spellings: pairs between colons or dashes, groups of four between dots, or digits alone.
pub(crate) fn mac_of_any_spelling(text: &str) -> Option<[u8; 6]> {
    let digits: Cow<'_, str> = match (text.len(), text.as_bytes().get(2), text.as_bytes().get(4)) {
        (17, Some(b':'), _) => return mac(text),
        (17, Some(b'-'), _) => return mac(&text.replace('-', ":")),
        (14, _, Some(b'.')) if text.as_bytes().get(9) == Some(&b'.') => {
            text.replace('.', "").into()
        }
        (12, ..) => text.into(),
        _ => return None,
    };
    if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut mac = [0; 6];
    for (byte, at) in mac.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(at..)?.get(..2)?, 16).ok()?;
    }
    Some(mac)
}

/// Six pairs of hexadecimal digits between colons.
fn mac(text: &str) -> Option<[u8; 6]> {
    let mut mac = [0; 6];
    let mut pairs = text.split(':');
    for byte in &mut mac {
        let pair = pairs.next()?;
        if pair.len() != 2 || !pair.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    pairs.next().is_none().then_some(mac)
}

/// The names of servers in the value of a field that holds some: each as [`server`] finds it, between commas, and in
/// a list of name servers between blanks too.
pub(crate) fn servers(kind: Kind, text: &str) -> Vec<Range<usize>> {
    // A comma in a path, or in an address with one, stands for itself.
    if text.contains('/') || text.contains('\\') {
        return server(text).into_iter().collect();
    }
    let ends = |c: char| matches!(c, ',' | ';') || kind == Kind::Network && c.is_whitespace();
    let mut start: usize = 0;
    let mut found = Vec::new();
    for piece in text.split(ends) {
        if let Some(range) = server(piece) {
            let (begin, end) = (range.start, range.end);
            found.push(start.saturating_add(begin)..start.saturating_add(end));
        }
        // All signs that end a piece but some white space have one byte.
        let next = start.saturating_add(piece.len());
        let sign = text.get(next..).and_then(|rest| rest.chars().next());
        start = next.saturating_add(sign.map_or(0, char::len_utf8));
    }
    found
}

/// The name of the server in the value of a field that holds one: alone, with a port, in a URL, `server:/path` or
/// `//server/share`. `None` for a path, for an address in digits, and for the local host.
fn server(text: &str) -> Option<Range<usize>> {
    let after_scheme = match text.split_once("://") {
        Some((_, after)) => after,
        None => match text.get(..2) {
            Some("//" | "\\\\") => text.get(2..)?,
            _ => text,
        },
    };
    if after_scheme.contains(char::is_whitespace) {
        return None;
    }
    let authority = after_scheme.split(['/', '\\', '?', '#', ',']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let begin = text
        .len()
        .checked_sub(after_scheme.len())?
        .checked_add(authority.len().checked_sub(host.len())?)?;
    let (host, port) = host.split_once(':').unwrap_or((host, ""));
    if !port.bytes().all(|byte| byte.is_ascii_digit()) || find(text).next().is_some() {
        return None;
    }
    let is_name = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        && host.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !is_name || host.eq_ignore_ascii_case("localhost") {
        return None;
    }
    Some(begin..begin.checked_add(host.len())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_texts() {
        for (text, places) in [
            ("10.80.224.21", &["10.80.224.21"][..]),
            ("10.0.0.1:3260,10.0.0.2:3260", &["10.0.0.1", "10.0.0.2"]),
            ("10.0.0.1:/path", &["10.0.0.1"]),
            ("at 10.0.0.1.", &["10.0.0.1"]),
            ("https://[fd00::1]:443/", &["fd00::1"]),
            ("fe80::1%eth0", &["fe80::1"]),
            ("2001:db8::", &["2001:db8::"]),
            ("00:16:3e:aa:BB:0c", &["00:16:3e:aa:BB:0c"]),
            ("mac=00:16:3e:aa:bb:0c;", &["00:16:3e:aa:bb:0c"]),
            ("\\'10.0.0.1\\'", &["10.0.0.1"]),
            ("12:34:56", &[]),
            ("0.0.0.0 127.0.0.1 :: ::1 FF:FF:FF:FF:FF:FF", &[]),
            ("61b6ac70-9062-fe58-bb77-47fe5d806037", &[]),
            ("5.6.900-28413c", &[]),
            ("::::::....", &[]),
        ] {
            let found: Vec<_> = find(text).map(|(range, _)| &text[range]).collect();
            assert_eq!(found, places, "{text}");
        }
        let address = |text: &str| find(text).next().map(|(_, address)| address);
        assert_eq!(address("FE80::0:1"), address("fe80::1"));
        assert_eq!(address("00:16:3E:AA:BB:CC"), address("00:16:3e:aa:bb:cc"));
    }

    #[test]
    fn one_server() {
        for (text, expected) in [
            ("filer", Some("filer")),
            ("filer.example:3260", Some("filer.example")),
            ("filer:/export/x", Some("filer")),
            ("//filer/share", Some("filer")),
            ("\\\\filer\\share", Some("filer")),
            ("http://u:p@repo.example/x", Some("repo.example")),
            ("/dev/sda", None),
            ("10.0.0.1", None),
            ("slave:10.0.0.1", None),
            ("ce:4d:54:60:6b:fc", None),
            ("a:b", None),
            ("localhost", None),
            ("file:///x", None),
            ("two words", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(server(text).map(|range| &text[range]), expected, "{text}");
        }
    }

    #[test]
    fn several_servers() {
        for (text, network, address) in [
            (
                "dns1.example,192.0.2.53",
                &["dns1.example"][..],
                &["dns1.example"][..],
            ),
            ("dns1 10.0.0.1  dns2", &["dns1", "dns2"], &[]),
            (
                "a.example:3260,b.example:3260",
                &["a.example", "b.example"],
                &["a.example", "b.example"],
            ),
            ("dns1\u{2003}dns2", &["dns1", "dns2"], &[]),
            ("/srv/a,b", &[], &[]),
            ("filer:/srv/a,b", &["filer"], &["filer"]),
            (",;", &[], &[]),
        ] {
            for (kind, expected) in [(Kind::Network, network), (Kind::Address, address)] {
                let found: Vec<_> = servers(kind, text)
                    .into_iter()
                    .map(|range| &text[range])
                    .collect();
                assert_eq!(found, expected, "{kind:?} {text}");
            }
        }
    }
}
