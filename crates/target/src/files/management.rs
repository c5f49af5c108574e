//! `management.conf`: how the installer set up the management interface (`formats/host-backup.md` section 8).

use super::inventory::unquoted;
use crate::Target;

/// What it tells; `None` where it names neither a NIC nor a mode.
pub(super) fn read(text: &str) -> Option<Target> {
    let mut target = Target::default();
    let management = &mut target.management;
    for line in text.lines() {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = unquoted(unquoted(value.trim(), '\''), '"').trim();
        if value.is_empty() {
            continue;
        }
        let value = Some(value.to_owned());
        match key.trim() {
            "LABEL" => management.device = value,
            "MODE" => management.mode = value.map(|mode| mode.to_ascii_lowercase()),
            "IP" => management.ip = value,
            "NETMASK" => management.netmask = value,
            "GATEWAY" => management.gateway = value,
            _ => {}
        }
    }
    let told = management.device.is_some() || management.mode.is_some();
    told.then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_a_shell() {
        let text = "LABEL='eth1'\nMODE=\"STATIC\"\nIP=10.0.0.5\nNETMASK='255.255.255.0'\nGATEWAY=''\nMODEV6='none'\n";
        let management = read(text).expect("facts").management;
        assert_eq!(management.device.as_deref(), Some("eth1"));
        assert_eq!(management.mode.as_deref(), Some("static"));
        assert_eq!(management.ip.as_deref(), Some("10.0.0.5"));
        assert_eq!(management.netmask.as_deref(), Some("255.255.255.0"));
        assert_eq!(management.gateway, None);
        assert_eq!(management.bridge, None);
    }

    #[test]
    fn another_text_is_none() {
        assert_eq!(read("hello\nA=b\n"), None);
    }
}
