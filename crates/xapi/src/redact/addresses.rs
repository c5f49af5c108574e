//! The addresses that a document knows, and putting stand-ins into texts that hold them. They are collected from the
//! columns that hold addresses; the same characters elsewhere are replaced too, and nothing that merely looks like one
//! (a version number, a time of day).

use std::collections::HashSet;

use super::mentions;
use super::stand_ins::{StandIns, is_stand_in_address};
use crate::secrets::Kind;
use crate::secrets::address::{self, Address};

/// The addresses of a document.
#[derive(Debug, Default)]
pub(super) struct Known {
    addresses: HashSet<Address>,
    /// A MAC address that is a stand-in was met, and one that is none.
    macs: (bool, bool),
}

impl Known {
    /// Takes the addresses in a text that a rule says to hold some.
    pub(super) fn add(&mut self, kind: Kind, text: &str) {
        if !matches!(kind, Kind::Address | Kind::Network) {
            return;
        }
        // Some write a MAC address with dashes.
        let other = address::mac_of_any_spelling(text).map(Address::Mac);
        let found = address::find(text).map(|(_, address)| address);
        for address in found.chain(other) {
            if address.is_general() {
                continue;
            }
            if let Address::Mac(_) = address {
                match is_stand_in_address(address) {
                    true => self.macs.0 = true,
                    false => self.macs.1 = true,
                }
            }
            if !is_stand_in_address(address) {
                self.addresses.insert(address);
            }
        }
    }

    /// A document whose MAC addresses are stand-ins has been through this before. Its IPv4 addresses do not show it, and
    /// stay as they are.
    pub(super) fn settle(&mut self) {
        if self.macs == (true, false) {
            self.addresses.clear();
        }
    }

    /// The text with stand-ins for all known addresses in it.
    pub(super) fn replace_in(&self, text: &str, stand_ins: &mut StandIns<'_>) -> Option<String> {
        if self.addresses.is_empty() {
            return None;
        }
        let mut out = String::new();
        let mut copied = 0;
        for (range, address) in mentions::find(text, &self.addresses) {
            out.push_str(text.get(copied..range.start).unwrap_or_default());
            let original = text.get(range.clone()).unwrap_or_default();
            out.push_str(&spelled_like(stand_ins.address(address), original));
            copied = range.end;
        }
        if copied == 0 {
            return None;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }
}

/// The address in the letters and with the signs of the one it stands for.
fn spelled_like(address: Address, original: &str) -> String {
    let text = match address {
        Address::V4(ip) => ip.to_string(),
        Address::V6(ip) => ip.to_string(),
        Address::Mac([a, b, c, d, e, f]) if original.contains('.') => {
            format!("{a:02x}{b:02x}.{c:02x}{d:02x}.{e:02x}{f:02x}")
        }
        Address::Mac(bytes) => {
            let sign = [":", "-"].into_iter().find(|sign| original.contains(sign));
            bytes
                .map(|byte| format!("{byte:02x}"))
                .join(sign.unwrap_or_default())
        }
    };
    match original.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => text.to_ascii_uppercase(),
        false => text,
    }
}
