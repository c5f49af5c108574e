//! What a search is for, in all its readings, and whether a record has it.

use std::net::IpAddr;

use crate::Record;
use crate::view::Vm;

/// How well a record matches, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// By a uuid, a reference, or an address.
    Exact,
    /// By its whole name.
    Name,
    /// By a part of its name.
    PartOfName,
    /// By a reference to another object, such as the parent of its VHD.
    Other,
}

/// The readings of a text.
pub(super) struct Needle {
    /// As given, without blanks around it.
    text: String,
    /// In lower case.
    lower: String,
    uuid: Option<String>,
    mac: Option<[u8; 12]>,
    ip: Option<IpAddr>,
}

impl Needle {
    /// `None` for a text that is empty.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self {
            text: text.to_owned(),
            lower: text.to_lowercase(),
            uuid: uuid(text),
            mac: mac(text),
            ip: ip(text),
        })
    }

    /// The field of a record that has it.
    pub(super) fn field_of(&self, record: &Record<'_>) -> Option<(Match, String)> {
        let exact = |field: &str| Some((Match::Exact, field.to_owned()));
        let reference = record.reference();
        if *reference == *self.text {
            return exact("ref");
        }
        if record.uuid().is_some_and(|uuid| self.is_uuid(&uuid)) {
            return exact("uuid");
        }
        if self.is_uuid(reference.trim_start_matches("OpaqueRef:")) {
            return exact("ref");
        }
        if let Some(field) = self.exact_field(record) {
            return exact(&field);
        }
        for field in ["name_label", "hostname"] {
            if field == "hostname" && record.class() != "host" {
                continue;
            }
            let Some(name) = record.filled(field) else {
                continue;
            };
            if contains(&name, &self.lower) {
                let whole = name.len() == self.text.len();
                let quality = if whole {
                    Match::Name
                } else {
                    Match::PartOfName
                };
                return Some((quality, field.to_owned()));
            }
        }
        self.other_field(record)
    }

    /// A field of an address or an identifier.
    fn exact_field(&self, record: &Record<'_>) -> Option<String> {
        match record.class() {
            "VIF" => self.mac_in(record).or_else(|| {
                self.ip_in(
                    record,
                    &[
                        "ipv4_addresses",
                        "ipv6_addresses",
                        "ipv4_allowed",
                        "ipv6_allowed",
                    ],
                )
            }),
            "PIF" => self
                .mac_in(record)
                .or_else(|| self.ip_in(record, &["IP", "IPv6", "gateway", "ipv6_gateway"])),
            "host" => self.ip_in(record, &["address"]).or_else(|| {
                let iqn = record
                    .filled("iscsi_iqn")
                    .or_else(|| record.map_text("other_config", "iscsi_iqn"));
                self.lower
                    .starts_with("iqn.")
                    .then(|| iqn.is_some_and(|iqn| iqn == self.text))?
                    .then(|| "iscsi_iqn".to_owned())
            }),
            "VM" => {
                let ip = self.ip?;
                let addresses = Vm(*record).addresses();
                addresses
                    .iter()
                    .any(|address| self::ip(address) == Some(ip))
                    .then(|| "guest_metrics.networks".to_owned())
            }
            "VDI" => {
                let location = record.filled("location")?;
                let is = *location == *self.text
                    || uuid(&location).is_some_and(|uuid| self.is_uuid(&uuid));
                is.then(|| "location".to_owned())
            }
            "network" => (record.filled("bridge")? == self.text).then(|| "bridge".to_owned()),
            "Certificate" => ["fingerprint", "fingerprint_sha256", "fingerprint_sha1"]
                .into_iter()
                .find(|field| {
                    record
                        .filled(field)
                        .is_some_and(|print| print.eq_ignore_ascii_case(&self.text))
                })
                .map(str::to_owned),
            "PBD" => self.in_device_config(record),
            _ => None,
        }
    }

    /// A field that speaks of another object.
    fn other_field(&self, record: &Record<'_>) -> Option<(Match, String)> {
        let uuid = self.uuid.as_deref()?;
        let key = "vhd-parent";
        let is = record.class() == "VDI"
            && record
                .map_text("sm_config", key)
                .is_some_and(|parent| parent.eq_ignore_ascii_case(uuid));
        is.then(|| (Match::Other, format!("sm_config:{key}")))
    }

    fn is_uuid(&self, text: &str) -> bool {
        self.uuid
            .as_deref()
            .is_some_and(|uuid| uuid.eq_ignore_ascii_case(text))
    }

    fn mac_in(&self, record: &Record<'_>) -> Option<String> {
        let is = mac(&record.filled("MAC")?)? == self.mac?;
        is.then(|| "MAC".to_owned())
    }

    fn ip_in(&self, record: &Record<'_>, fields: &[&str]) -> Option<String> {
        let wanted = self.ip?;
        let is = |text: &str| ip(text) == Some(wanted);
        let has = |field: &&&str| {
            let Some(text) = record.filled(field) else {
                let items = record.set(field).unwrap_or_default();
                return items.iter().any(|item| is(item));
            };
            // The set of a dump is text too.
            is(&text)
                || record
                    .set(field)
                    .unwrap_or_default()
                    .iter()
                    .any(|item| is(item))
        };
        fields.iter().find(has).map(|field| (*field).to_owned())
    }

    /// Where storage is: a server's address, a device's id. Only keys that hold no secrets.
    fn in_device_config(&self, record: &Record<'_>) -> Option<String> {
        const KEYS: [&str; 8] = [
            "server",
            "target",
            "host",
            "location",
            "SCSIid",
            "targetIQN",
            "device",
            "serverpath",
        ];
        let pairs = record.map("device_config")?;
        let has = |value: &str| match self.ip {
            Some(wanted) => value
                .split(|c: char| !(c.is_ascii_hexdigit() || c == '.' || c == ':'))
                .any(|part| ip(part.trim_end_matches(':')) == Some(wanted)),
            None => value.eq_ignore_ascii_case(&self.text),
        };
        let (key, _) = pairs
            .into_iter()
            .find(|(key, value)| KEYS.contains(&&**key) && has(value))?;
        Some(format!("device_config:{key}"))
    }
}

/// Whether a name has a text in it, case not counting. `lower` is in lower case.
fn contains(name: &str, lower: &str) -> bool {
    if name.len() >= lower.len() && name.is_ascii() && lower.is_ascii() {
        let (name, lower) = (name.as_bytes(), lower.as_bytes());
        return name
            .windows(lower.len())
            .any(|part| part.eq_ignore_ascii_case(lower));
    }
    name.to_lowercase().contains(lower)
}

/// The uuid that a text is, or that the name of a disk's file or volume is made of.
fn uuid(text: &str) -> Option<String> {
    let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
    let bare = |name: &str| {
        let is = name.len() == 36
            && name.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            });
        is.then(|| name.to_lowercase())
    };
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let stem = ["VHD-", "LV-", "QCOW2-", "OpaqueRef:"]
        .into_iter()
        .find_map(|prefix| stem.strip_prefix(prefix))
        .unwrap_or(stem);
    bare(stem)
}

/// The digits of a MAC address in lower case: `aa:bb:cc:dd:ee:ff`, with dashes, `aabb.ccdd.eeff`, or bare.
fn mac(text: &str) -> Option<[u8; 12]> {
    let separator = |byte: u8| matches!(byte, b':' | b'-' | b'.');
    let mut digits = [0; 12];
    let mut count = 0;
    for byte in text.bytes().filter(|byte| !separator(*byte)) {
        if !byte.is_ascii_hexdigit() {
            return None;
        }
        *digits.get_mut(count)? = byte.to_ascii_lowercase();
        count += 1;
    }
    // `de.ad.beef.cafe` and the like would be no MAC.
    let shape: Vec<usize> = text.split([':', '-', '.']).map(str::len).collect();
    let known = matches!(shape.as_slice(), [2, 2, 2, 2, 2, 2] | [4, 4, 4] | [12]);
    (count == 12 && known).then_some(digits)
}

/// An address, also one with a prefix length behind it.
fn ip(text: &str) -> Option<IpAddr> {
    let text = text.split('/').next().unwrap_or(text);
    text.trim_start_matches('[')
        .trim_end_matches(']')
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "0a1b2c3d-0000-4000-8000-00000000000f";

    #[test]
    fn files_and_volumes_name_uuids() {
        let upper = UUID.to_uppercase();
        for text in [
            UUID.to_owned(),
            upper,
            format!("/run/sr-mount/x/{UUID}.vhd"),
            format!("/dev/VG_XenStorage-x/VHD-{UUID}"),
            format!("OpaqueRef:{UUID}"),
            format!("C:\\copy\\{UUID}.qcow2"),
        ] {
            assert_eq!(uuid(&text).as_deref(), Some(UUID), "{text}");
        }
        assert_eq!(uuid("web"), None);
        assert_eq!(uuid(&UUID.replace('-', "x")), None);
    }

    #[test]
    fn spellings_of_one_address_are_equal() {
        for text in [
            "AA:bb:cc:dd:ee:0f",
            "aa-bb-cc-dd-ee-0f",
            "aabb.ccdd.ee0f",
            "AABBCCDDEE0F",
        ] {
            assert_eq!(mac(text), Some(*b"aabbccddee0f"), "{text}");
        }
        for text in [
            "aa:bb:cc:dd:ee",
            "aabb.ccdd.ee0f.",
            "aa:bb:cc:dd:ee:0g",
            "aabbccddee0f00",
            "",
        ] {
            assert_eq!(mac(text), None, "{text}");
        }
        assert_eq!(ip("fe80:0::1/64"), ip("fe80::1"));
        assert_eq!(ip("10.0.0"), None);
    }

    #[test]
    fn names_are_searched_in_any_case() {
        assert!(contains("Web Server", "b s"));
        assert!(contains("MÜLLER", "müll"));
        assert!(!contains("we", "web"));
    }
}
