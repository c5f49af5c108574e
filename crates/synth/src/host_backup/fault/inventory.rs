//! Faults of `etc/xensource-inventory` (`formats/host-backup.md` sections 4, 5.1, 5.2 and 7).

use super::HostFault as Fault;
use crate::host_backup::{HostBackup, INVENTORY, What};

const KEY: &[&str] = &["host/inventory-key-missing"];
const UNREAD: &[&str] = &["host/file-not-read"];
const SHELL: &[&str] = &["host/inventory-shell"];
const DIFFER: &[&str] = &["host/inventory-readers-differ"];

/// A fault that leaves out a key that somebody needs.
macro_rules! without {
    ($name:literal, $key:literal) => {
        Fault::new(
            $name,
            concat!("the inventory lacks ", $key),
            KEY,
            |backup| without(backup, $key),
        )
    };
}

/// A fault in which a value has a character that means something to a shell.
macro_rules! shell {
    ($name:literal, $value:literal) => {
        Fault::new(
            $name,
            concat!("BRAND_CONSOLE of the inventory is ", $value),
            SHELL,
            |backup| backup.replace(INVENTORY, "='XenCenter'", concat!("=", $value)),
        )
    };
}

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "inventory-missing",
        "there is no etc/xensource-inventory",
        &["host/inventory-missing"],
        |backup| backup.remove(INVENTORY),
    ),
    Fault::new(
        "inventory-is-folder",
        "etc/xensource-inventory is a folder",
        &["host/inventory-missing"],
        |backup| replace(backup, What::Folder),
    ),
    Fault::new(
        "inventory-is-fifo",
        "etc/xensource-inventory is a FIFO",
        &["host/inventory-missing"],
        |backup| replace(backup, What::Fifo),
    ),
    Fault::new(
        "inventory-is-symbolic-link",
        "etc/xensource-inventory is a symbolic link to a file that is not there",
        UNREAD,
        |backup| replace(backup, What::Symlink("gone".to_owned())),
    ),
    Fault::new(
        "inventory-is-hard-link",
        "etc/xensource-inventory is another name of a file that stands before it",
        UNREAD,
        |backup| {
            let bytes = backup.file(INVENTORY)?.to_vec();
            backup.add_behind("etc", "./etc/inventory", What::File(bytes))?;
            replace(backup, What::HardLink("./etc/inventory".to_owned()))
        },
    ),
    without!("no-platform-version", "PLATFORM_VERSION"),
    without!("no-primary-disk", "PRIMARY_DISK"),
    without!("no-product-brand", "PRODUCT_BRAND"),
    without!("no-product-version", "PRODUCT_VERSION"),
    without!("no-product-version-text", "PRODUCT_VERSION_TEXT"),
    without!("no-build-number", "BUILD_NUMBER"),
    without!("no-partition-layout", "PARTITION_LAYOUT"),
    without!("no-installation-uuid", "INSTALLATION_UUID"),
    without!("no-control-domain-uuid", "CONTROL_DOMAIN_UUID"),
    without!("no-management-interface", "MANAGEMENT_INTERFACE"),
    Fault::new(
        "no-product-name",
        "the inventory lacks PRODUCT_NAME, for which PLATFORM_NAME stands in",
        &[],
        |backup| without(backup, "PRODUCT_NAME"),
    ),
    Fault::new(
        "no-name-at-all",
        "the inventory lacks PRODUCT_NAME and PLATFORM_NAME",
        KEY,
        |backup| {
            without(backup, "PRODUCT_NAME")?;
            without(backup, "PLATFORM_NAME")
        },
    ),
    shell!("shell-substitution", "'$(touch /etc/nologin)'"),
    shell!("shell-backticks", "'`id`'"),
    shell!("shell-second-command", "'x'; reboot; y='z'"),
    shell!("shell-redirection", "x>/etc/nologin"),
    shell!("shell-backslash", "'Xen\\Center'"),
    Fault::new(
        "readers-differ-blank",
        "a blank follows the closing quote of PRODUCT_BRAND",
        DIFFER,
        |backup| backup.replace(INVENTORY, "BRAND='XCP-ng'\n", "BRAND='XCP-ng' \n"),
    ),
    Fault::new(
        "readers-differ-blank-in-front",
        "a blank stands before the name MANAGEMENT_INTERFACE",
        &[
            "host/inventory-readers-differ",
            "host/inventory-key-missing",
        ],
        |backup| backup.replace(INVENTORY, "MANAGEMENT_INTERFACE", " MANAGEMENT_INTERFACE"),
    ),
    Fault::new(
        "readers-differ-double-quotes",
        "the value of PRIMARY_DISK stands in double quotes",
        DIFFER,
        |backup| {
            let disk = backup.site.disk();
            let (from, to) = (format!("'{disk}'"), format!("\"{disk}\""));
            backup.replace(INVENTORY, &from, &to)
        },
    ),
    Fault::new(
        "key-doubled",
        "PRODUCT_NAME is in the inventory twice, with two values",
        DIFFER,
        |backup| {
            backup.replace(
                INVENTORY,
                "PRODUCT_NAME=",
                "PRODUCT_NAME='other'\nPRODUCT_NAME=",
            )
        },
    ),
    Fault::new(
        "management-interface-empty",
        "MANAGEMENT_INTERFACE is empty, as on a host without a management interface",
        &[],
        |backup| {
            backup.replace(
                INVENTORY,
                "MANAGEMENT_INTERFACE='xenbr0'",
                "MANAGEMENT_INTERFACE=''",
            )
        },
    ),
    Fault::new(
        "platform-too-old",
        "PLATFORM_VERSION is below that of 7.0",
        &["host/platform-too-old"],
        |backup| {
            backup.replace(
                INVENTORY,
                "PLATFORM_VERSION='3.2.1'",
                "PLATFORM_VERSION='2.0.9'",
            )
        },
    ),
];

fn replace(backup: &mut HostBackup, what: What) -> Option<()> {
    backup.entry_mut(INVENTORY)?.what = what;
    Some(())
}

/// The line of a key is taken out.
fn without(backup: &mut HostBackup, key: &str) -> Option<()> {
    let text = String::from_utf8(backup.file(INVENTORY)?.to_vec()).ok()?;
    let start = format!("{key}=");
    let kept: String = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with(&start))
        .collect();
    if kept == text {
        return None;
    }
    backup.put(INVENTORY, kept)
}
