//! Storage repositories, and their device configuration without its secrets.

use std::borrow::Cow;

use xenspect_xapi::secrets;
use xenspect_xapi::value::sexpr;

use crate::bounded::distinct;
use crate::{Record, Relation, Relations};

/// A record of class `SR`.
#[derive(Debug, Clone, Copy)]
pub struct Sr<'a>(pub Record<'a>);

/// What stands for a value that is not shown.
pub const HIDDEN: &str = "(hidden)";

/// Keys of a PBD's `device_config` whose values say where storage is and are no secrets. Values of any others are
/// hidden: a driver may keep a password under any name, and mount options may hold one.
const SHOWN: [&str; 38] = [
    "SCSIid",
    "LUNid",
    "LUNsn",
    "adapterid",
    "aggregate",
    "allocation",
    "backupservers",
    "chapuser",
    "clustered",
    "cluster",
    "device",
    "filer",
    "format",
    "fstype",
    "group-name",
    "host",
    "image-format",
    "incoming_chapuser",
    "legacy_mode",
    "location",
    "monitors",
    "mountpoint",
    "multihomelist",
    "nfsversion",
    "path",
    "pool",
    "port",
    "probeversion",
    "provider",
    "server",
    "serverpath",
    "storage_pool",
    "subdir",
    "target",
    "targetIQN",
    "type",
    "username",
    "vdi-type",
];

impl<'a> Sr<'a> {
    /// Its size in bytes; `None` also where the driver does not know (-1).
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.0.count("physical_size")
    }

    /// Bytes in use.
    #[must_use]
    pub fn used(&self) -> Option<u64> {
        self.0.count("physical_utilisation")
    }

    /// Whether what is in it comes and goes by itself: ISO images, drives and sticks, the tools.
    #[must_use]
    pub fn is_of_media(&self) -> bool {
        self.0.text("content_type").as_deref() == Some("iso")
            || matches!(self.0.text("type").as_deref(), Some("iso" | "udev"))
            || self.0.is("is_tools_sr")
    }

    /// The device configuration of its PBDs, `key=value`, each different one once, secrets hidden.
    #[must_use]
    pub fn device_config(&self, relations: &Relations<'a>) -> Vec<String> {
        let pbds = relations.of(Relation::PbdsOfSr, &self.0);
        distinct(pbds.iter().flat_map(shown_device_config))
    }
}

/// The device configuration of a PBD as `key=value`, secrets hidden.
#[must_use]
pub fn shown_device_config(pbd: &Record<'_>) -> Vec<String> {
    let text = pbd.text("device_config").unwrap_or_default();
    let text = secrets::masked_text("PBD", "device_config", text);
    let pairs = sexpr::decode_map(&text).unwrap_or_default();
    let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    pairs
        .map(|(key, value)| {
            if SHOWN.contains(&&*key) {
                format!("{key}={}", without_credentials(&value))
            } else {
                format!("{key}={HIDDEN}")
            }
        })
        .collect()
}

/// A URL or a share's path without the user and password that may stand before the host.
fn without_credentials(value: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = value.split_once("//") else {
        return Cow::Borrowed(value);
    };
    let authority = rest.find('/').map_or(rest, |at| &rest[..at]);
    match authority.rfind('@') {
        Some(at) => Cow::Owned(format!("{scheme}//{HIDDEN}{}", &rest[at..])),
        None => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_urls_are_hidden() {
        for (value, shown) in [
            ("//nas/iso", "//nas/iso"),
            ("smb://u:p@nas/iso@x", "smb://(hidden)@nas/iso@x"),
            ("//u:p@ss@nas", "//(hidden)@nas"),
            ("nas:/vol/u@x", "nas:/vol/u@x"),
        ] {
            assert_eq!(without_credentials(value), shown);
        }
    }
}
