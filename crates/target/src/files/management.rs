//! `management.conf`: how the installer set up the management interface (`formats/host-backup.md` section 8).

use xenspect_host::pairs::Pairs;

use crate::Target;

/// What it tells; `None` where it names neither a NIC nor a mode.
pub(super) fn read(text: &str) -> Option<Target> {
    let pairs = Pairs::parse(text.as_bytes());
    let get = |key: &str| pairs.get(key).map(str::to_owned);
    let mut target = Target::default();
    let management = &mut target.management;
    management.device = get("LABEL");
    management.mode = get("MODE").map(|mode| mode.to_ascii_lowercase());
    management.ip = get("IP");
    management.netmask = get("NETMASK");
    management.gateway = get("GATEWAY");
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
