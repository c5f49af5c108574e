//! `xensource-inventory`, `management.conf` and `local.db` (`formats/host-backup.md` sections 7 and 8).

use super::super::host::FreshHost;
use super::record::pairs;

pub(super) fn inventory(host: &FreshHost) -> String {
    let software = host.row("host").get("software_version").unwrap_or_default();
    let software = |key: &str| {
        let found = pairs(software).into_iter().find(|(known, _)| *known == key);
        found.map(|(_, value)| value.to_owned())
    };
    let disk = host
        .disks
        .first()
        .map(|name| format!("/dev/disk/by-id/{name}"));
    let text = |text: &str| Some(text.to_owned());
    let keys = [
        ("PRODUCT_BRAND", software("product_brand")),
        ("PRODUCT_NAME", text("xenenterprise")),
        ("PRODUCT_VERSION", software("product_version")),
        ("PRODUCT_VERSION_TEXT", software("product_version_text")),
        ("PLATFORM_NAME", text("XCP")),
        ("PLATFORM_VERSION", software("platform_version")),
        ("PARTITION_LAYOUT", text("ROOT,BACKUP,LOG,BOOT,SWAP,SR")),
        ("BUILD_NUMBER", software("build_number")),
        ("INSTALLATION_DATE", text("2024-06-02 09:12:44.077945")),
        ("PRIMARY_DISK", disk.clone()),
        ("BACKUP_PARTITION", disk.map(|disk| disk + "-part2")),
        ("INSTALLATION_UUID", host.installation_uuid.clone()),
        ("CONTROL_DOMAIN_UUID", host.control_domain_uuid.clone()),
        ("DOM0_MEM", text("4096")),
        ("DOM0_VCPUS", text("4")),
        ("MANAGEMENT_INTERFACE", Some(host.bridge.clone())),
        ("MANAGEMENT_ADDRESS_TYPE", text("IPv4")),
        ("CURRENT_INTERFACES", Some(host.bridge.clone())),
    ];
    keys.into_iter()
        .filter_map(|(key, value)| value.map(|value| format!("{key}='{value}'\n")))
        .collect()
}

pub(super) fn management(host: &FreshHost) -> String {
    let mut text = format!("LABEL='{}'\nMODE='{}'\n", host.label, host.mode);
    if host.mode == "static" {
        let pif = host.dump.rows("PIF").iter();
        let mut pif = pif.filter(|row| row.get("device") == Some(&host.label));
        let row = pif.next();
        for (key, column) in [
            ("IP", "IP"),
            ("NETMASK", "netmask"),
            ("GATEWAY", "gateway"),
            ("DNS", "DNS"),
        ] {
            let value = row.and_then(|row| row.get(column)).unwrap_or_default();
            text.push_str(&format!("{key}='{value}'\n"));
        }
    }
    text.push_str("MODEV6='none'\n");
    text
}

pub(super) fn local_database(host: &FreshHost) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config><row key=\"redo_log.enabled\" value=\"false\"/>\
         <row key=\"ha.armed\" value=\"{}\"/></config>",
        host.ha_armed
    )
}
