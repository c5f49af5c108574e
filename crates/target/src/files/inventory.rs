//! `/etc/xensource-inventory`, as xapi reads it (`formats/host-backup.md` section 7).

use xenspect_host::inventory::Inventory;

use crate::Target;

/// What an inventory file tells; `None` where the text has no line of a key and a value.
pub(super) fn read(text: &str) -> Option<Target> {
    // What was collected may have passed through an editor that ends lines otherwise.
    let text = text.replace("\r\n", "\n");
    let inventory = Inventory::parse(text.as_bytes());
    if inventory.entries().is_empty() {
        return None;
    }
    let known = |key: &str| inventory.xapi(key).map(str::to_owned);
    // Whatever else is empty says nothing. An empty bridge says that the host has no management interface.
    let filled = |key: &str| known(key).filter(|value| !value.is_empty());
    let mut target = Target::default();
    target.host.installation_uuid = known("INSTALLATION_UUID");
    target.host.control_domain_uuid = known("CONTROL_DOMAIN_UUID");
    target.host.primary_disk = filled("PRIMARY_DISK");
    // That the file has no such line is a fact, too.
    target.host.backup_partition = Some(known("BACKUP_PARTITION").unwrap_or_default());
    target.host.partition_layout = Some(known("PARTITION_LAYOUT").unwrap_or_default());
    target.host.inventory_lacks = Some(inventory.lacks_for_xapi());
    target.product.brand = filled("PRODUCT_BRAND");
    target.product.version = filled("PRODUCT_VERSION");
    target.product.build = filled("BUILD_NUMBER");
    target.product.platform = filled("PLATFORM_VERSION");
    target.management.bridge = known("MANAGEMENT_INTERFACE");
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_by_the_rule_of_xapi() {
        for (line, value) in [
            ("PRIMARY_DISK='/dev/sda'", Some("/dev/sda")),
            ("PRIMARY_DISK=/dev/sda", Some("/dev/sda")),
            ("PRIMARY_DISK=' /dev/sda '", Some("/dev/sda")),
            // The blank behind the quote keeps the quotes.
            ("PRIMARY_DISK='/dev/sda' ", Some("'/dev/sda'")),
            ("PRIMARY_DISK='/dev/a=b'", Some("/dev/a=b")),
            (
                "PRIMARY_DISK='/dev/sda'\nPRIMARY_DISK='/dev/sdb'",
                Some("/dev/sdb"),
            ),
            ("PRIMARY_DISK='/dev/sda'\r", Some("/dev/sda")),
            ("PRIMARY_DISK=''", None),
            (" PRIMARY_DISK='/dev/sda'", None),
            ("#PRIMARY_DISK='/dev/sda'\nA=b", None),
        ] {
            let target = read(&format!("{line}\n")).expect("a pair");
            assert_eq!(target.host.primary_disk.as_deref(), value, "{line:?}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let target = read("INSTALLATION_UUID=''\n").expect("a pair");
        let lacks = target.host.inventory_lacks.expect("a list");
        assert_eq!(
            lacks.iter().map(String::as_str).collect::<Vec<_>>(),
            ["CONTROL_DOMAIN_UUID", "MANAGEMENT_INTERFACE"]
        );
        assert_eq!(target.host.installation_uuid.as_deref(), Some(""));
        assert_eq!(target.management.bridge, None);
    }

    #[test]
    fn an_empty_bridge_is_a_fact() {
        let target = read("MANAGEMENT_INTERFACE=''\n").expect("a pair");
        assert_eq!(target.management.bridge.as_deref(), Some(""));
    }

    #[test]
    fn a_text_without_pairs_is_no_inventory() {
        assert_eq!(read("\n# nothing\n"), None);
    }
}
