//! The files of a host whose contents are read (`formats/host-backup.md` sections 5, 7 and 8).

use crate::paths::matches;
use crate::{boot, repository};

/// The inventory.
pub const INVENTORY: &str = "etc/xensource-inventory";
/// The role in the pool.
pub const POOL_CONF: &str = "etc/xensource/pool.conf";
/// What `xcp-networkd` keeps.
pub const NETWORKD: &str = "var/lib/xcp/networkd.db";
/// The host's own settings.
pub const LOCAL_DB: &str = "var/lib/xcp/local.db";
/// How the installer set up the management interface.
pub const MANAGEMENT: &str = "etc/firstboot.d/data/management.conf";
/// What the installer made of the disks.
pub const STORAGE: &str = "etc/firstboot.d/data/default-storage.conf";
/// Whether storage is reached by several ways.
pub const MULTIPATHING: &str = "etc/firstboot.d/data/sr-multipathing.conf";
/// The name of the host for iSCSI.
pub const IQN: &str = "etc/firstboot.d/data/iqn.conf";
/// Names of NICs at the first start.
pub const INITIAL_RULES: &str = "etc/firstboot.d/data/initial_network_device_rules.conf";
/// Rules for names of NICs that somebody set.
pub const STATIC_RULES: &str =
    "etc/sysconfig/network-scripts/interface-rename-data/static-rules.conf";
/// Names of NICs at the last start.
pub const DYNAMIC_RULES: &str =
    "etc/sysconfig/network-scripts/interface-rename-data/dynamic-rules.json";
/// What is mounted where.
pub const FSTAB: &str = "etc/fstab";
/// Which switch carries the networks: `openvswitch` or `bridge`.
pub const NETWORK_CONF: &str = "etc/xensource/network.conf";
/// Certificates with their private keys: that for clients, and that for the pool.
pub const CERTIFICATES: [&str; 2] = [
    "etc/xensource/xapi-ssl.pem",
    "etc/xensource/xapi-pool-tls.pem",
];

/// Those that are not named above.
const OTHERS: [&str; 6] = [
    "etc/firstboot.d/data/host.conf",
    "etc/os-release",
    "etc/sysconfig/xencommons",
    "etc/xapi.conf",
    "etc/xensource/db.conf",
    "var/xapi/network.dbcache",
];

const NAMED: [&str; 13] = [
    INVENTORY,
    POOL_CONF,
    NETWORKD,
    LOCAL_DB,
    MANAGEMENT,
    STORAGE,
    MULTIPATHING,
    IQN,
    INITIAL_RULES,
    STATIC_RULES,
    DYNAMIC_RULES,
    FSTAB,
    NETWORK_CONF,
];

/// Whether a scan is to keep what is in the file of this path, without `./` in front. Of files that hold secrets there are
/// those alone of which a part is told that is none: certificates, and the settings of the host.
#[must_use]
pub fn is_wanted(path: &str) -> bool {
    let fixed = NAMED.iter().chain(&OTHERS).chain(&CERTIFICATES);
    let fixed = fixed.chain(&boot::CONFIGS).chain(&boot::LEGACY);
    fixed.into_iter().any(|wanted| *wanted == path)
        || path.starts_with(repository::FOLDER)
        || matches("etc/xapi.conf.d/", path)
}

/// Folders with what is of one host alone (`formats/host-backup.md` sections 3, 8 and 9), whatever is in them.
const OWN: [&str; 9] = [
    "boot/",
    "etc/",
    "home/",
    "root/",
    "var/backup/",
    "var/lib/",
    "var/opt/",
    "var/xapi/",
    "var/xsconfig/",
];

/// Whether a scan is to name the file of this path, where it is not to name all: a host has a hundred thousand, and few are
/// asked for by name. Named is also whatever is in the root, or in a folder of it.
#[must_use]
pub fn is_named(path: &str) -> bool {
    path.split('/').nth(2).is_none() || OWN.iter().any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitive::{Kind, PATHS};

    #[test]
    fn what_is_of_one_host_is_named_and_programs_are_not() {
        for (path, expected) in [
            (".", true),
            ("boot/efi/EFI/xenserver/grub.cfg", true),
            ("var/lib/xcp/blobs/rrds/x.gz", true),
            ("usr/bin", true),
            ("usr/bin/tar", false),
            ("opt/xensource/bin/xapi", false),
            ("var/log/messages", false),
        ] {
            assert_eq!(is_named(path), expected, "{path}");
        }
    }

    #[test]
    fn whatever_is_read_or_secret_is_named() {
        let fixed = NAMED.iter().chain(&OTHERS).chain(&CERTIFICATES);
        for path in fixed.chain(&boot::CONFIGS).chain(&boot::LEGACY) {
            assert!(is_named(path), "{path}");
        }
        for (_, patterns) in PATHS {
            for path in patterns {
                assert!(is_named(&format!("{path}a/b")), "{path}");
            }
        }
    }

    #[test]
    fn what_is_wanted() {
        for (path, expected) in [
            ("etc/xensource-inventory", true),
            ("boot/grub2/grub.cfg", true),
            ("boot/grub/menu.lst", true),
            ("etc/xensource/installed-repos/xs:main/XS-REPOSITORY", true),
            ("etc/xapi.conf.d/my.conf", true),
            ("etc/xapi.conf.d/", false),
            ("./etc/fstab", false),
            ("etc/shadow", false),
            ("etc/xensource/ptoken", false),
        ] {
            assert_eq!(is_wanted(path), expected, "{path}");
        }
    }

    #[test]
    fn secrets_are_wanted_for_a_reason() {
        let kept: Vec<_> = NAMED
            .iter()
            .chain(&OTHERS)
            .filter(|path| Kind::of(path).is_some())
            .collect();
        assert_eq!(kept, [&LOCAL_DB]);
    }
}
