//! The files of a host backup whose contents are kept by a scan.

/// Files by path, without `./` in front (`formats/host-backup.md` sections 5, 7 and 8).
const FILES: [&str; 24] = [
    "boot/efi/EFI/xenserver/grub.cfg",
    "boot/grub/grub.cfg",
    "boot/grub2/grub.cfg",
    "etc/firstboot.d/data/default-storage.conf",
    "etc/firstboot.d/data/host.conf",
    "etc/firstboot.d/data/initial_network_device_rules.conf",
    "etc/firstboot.d/data/iqn.conf",
    "etc/firstboot.d/data/management.conf",
    "etc/firstboot.d/data/sr-multipathing.conf",
    "etc/fstab",
    "etc/os-release",
    "etc/sysconfig/network-scripts/interface-rename-data/dynamic-rules.json",
    "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf",
    "etc/sysconfig/xencommons",
    "etc/xapi.conf",
    "etc/xensource-inventory",
    "etc/xensource/db.conf",
    "etc/xensource/network.conf",
    "etc/xensource/pool.conf",
    "etc/xensource/xapi-pool-tls.pem",
    "etc/xensource/xapi-ssl.pem",
    "var/lib/xcp/local.db",
    "var/lib/xcp/networkd.db",
    "var/xapi/network.dbcache",
];

/// Whether a scan is to keep what is in the file.
pub(crate) fn is_wanted(path: &str) -> bool {
    FILES.binary_search(&path).is_ok() || path.starts_with("etc/xensource/installed-repos/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_in_order() {
        assert!(FILES.is_sorted());
        assert!(is_wanted("etc/xensource-inventory"));
        assert!(is_wanted(
            "etc/xensource/installed-repos/xs:main/XS-REPOSITORY"
        ));
        assert!(!is_wanted("etc/shadow") && !is_wanted("etc/xensource/ptoken"));
    }
}
