//! What is put in the place of a value. Equal values get equal stand-ins, different ones different ones, and an address
//! stays an address. Which values are replaced is decided next door.

use std::collections::{HashMap, HashSet};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::secrets::address::Address;

/// What every stand-in for a text starts with. Hexadecimal digits follow; see [`is_stand_in`].
pub const STAND_IN_PREFIX: &str = "redacted-";

/// How many bytes of the keyed function a stand-in for a text shows.
const SHOWN_BYTES: usize = 12;

/// A locally administered MAC address that starts so is a stand-in.
const MAC_PREFIX: [u8; 3] = [0x0A, 0x58, 0x53];
/// A unique local IPv6 address that starts so is a stand-in.
const V6_PREFIX: [u8; 6] = [0xFD, 0x58, 0x53, 0x70, 0x65, 0x63];

/// True for a stand-in for a text.
///
/// ```
/// use xenspect_xapi::redact::{StandIns, is_stand_in};
///
/// let stand_ins = StandIns::new(|_| [7; 32]);
/// assert!(is_stand_in(&stand_ins.text("hunter2")));
/// assert!(!is_stand_in("redacted-by hand"));
/// ```
pub fn is_stand_in(text: &str) -> bool {
    text.strip_prefix(STAND_IN_PREFIX).is_some_and(|digits| {
        digits.len() == SHOWN_BYTES.saturating_mul(2)
            && digits
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Turns a value into bytes that do not tell it.
type Keyed<'k> = dyn Fn(&str) -> [u8; 32] + 'k;

/// Makes stand-ins. The function that turns a value into bytes comes from outside and has to be keyed (a MAC, such as
/// HMAC-SHA-256 with a random key): a plain hash of a password can be guessed. With one key the stand-ins of several
/// inputs agree.
pub struct StandIns<'k> {
    keyed: Box<Keyed<'k>>,
    addresses: HashMap<Address, Address>,
    taken: HashSet<Address>,
}

impl<'k> StandIns<'k> {
    /// Takes the keyed function.
    pub fn new(keyed: impl Fn(&str) -> [u8; 32] + 'k) -> Self {
        StandIns {
            keyed: Box::new(keyed),
            addresses: HashMap::new(),
            taken: HashSet::new(),
        }
    }

    /// The stand-in for a text: word characters and `-`, so that it needs no escape anywhere.
    pub fn text(&self, text: &str) -> String {
        let mut out = String::from(STAND_IN_PREFIX);
        for byte in (self.keyed)(text).iter().take(SHOWN_BYTES) {
            for digit in [byte >> 4, byte & 0xF] {
                out.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        out
    }

    /// The stand-in for an address. Two may only meet in one when nearly all of 10.0.0.0/8 is in use.
    pub(super) fn address(&mut self, address: Address) -> Address {
        if let Some(&known) = self.addresses.get(&address) {
            return known;
        }
        let mut stand_in = address;
        for attempt in 0_u32..1000 {
            let text = match address {
                Address::V4(ip) => format!("{ip}#{attempt}"),
                Address::V6(ip) => format!("{ip}#{attempt}"),
                Address::Mac(mac) => format!("{mac:02x?}#{attempt}"),
            };
            stand_in = like(address, &(self.keyed)(&text));
            if stand_in != address && self.taken.insert(stand_in) {
                break;
            }
        }
        self.addresses.insert(address, stand_in);
        stand_in
    }
}

/// An address of the same kind made of these bytes.
fn like(address: Address, bytes: &[u8; 32]) -> Address {
    let [a, b, c, d, e, f, g, h, i, j, ..] = *bytes;
    match address {
        // No network and no broadcast address, whatever the mask is taken to be.
        Address::V4(_) => Address::V4(Ipv4Addr::new(10, a, b, c.clamp(1, 254))),
        Address::V6(_) => {
            let [p, q, r, s, t, u] = V6_PREFIX;
            let octets = [p, q, r, s, t, u, a, b, c, d, e, f, g, h, i, j];
            Address::V6(Ipv6Addr::from(octets))
        }
        Address::Mac(_) => {
            let [p, q, r] = MAC_PREFIX;
            Address::Mac([p, q, r, a, b, c])
        }
    }
}

/// True for an address that can be told to be a stand-in. An IPv4 address cannot.
pub(super) fn is_stand_in_address(address: Address) -> bool {
    match address {
        Address::V4(_) => false,
        Address::V6(ip) => ip.octets().starts_with(&V6_PREFIX),
        Address::Mac(mac) => mac.starts_with(&MAC_PREFIX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_for_equal_and_different_for_different() {
        // A function with only four results for addresses, so that they meet at once.
        let mut stand_ins = StandIns::new(|text| {
            let mut bytes = [0; 32];
            bytes[0] = text.bytes().fold(0, u8::wrapping_add) & 3;
            bytes
        });
        let four: Vec<_> = (1..=4)
            .map(|last| Address::V4(Ipv4Addr::new(192, 0, 2, last)))
            .collect();
        let first: Vec<_> = four.iter().map(|&ip| stand_ins.address(ip)).collect();
        let again: Vec<_> = four.iter().map(|&ip| stand_ins.address(ip)).collect();
        assert_eq!(first, again);
        assert_eq!(first.iter().collect::<HashSet<_>>().len(), 4);
    }

    #[test]
    fn an_address_stays_one() {
        let mut stand_ins = StandIns::new(|_| [0xFF; 32]);
        let Address::V4(ip) = stand_ins.address(Address::V4(Ipv4Addr::new(192, 0, 2, 1))) else {
            panic!();
        };
        assert!(ip.is_private() && ip.octets()[3] == 254);
        let v6 = stand_ins.address(Address::V6("2001:db8::1".parse().unwrap()));
        assert!(is_stand_in_address(v6));
        assert!(matches!(v6, Address::V6(ip) if ip.is_unique_local()));
        let mac = stand_ins.address(Address::Mac([0, 0x16, 0x3E, 1, 2, 3]));
        assert!(is_stand_in_address(mac));
        // Locally administered, and of one interface.
        assert!(matches!(mac, Address::Mac([first, ..]) if first & 3 == 2));
    }
}
