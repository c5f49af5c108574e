//! The files of a host backup that its table names while it is verified. A host has a hundred thousand files, and rules ask
//! for few of them by name.

/// Folders that have what is of one host alone (`formats/host-backup.md` sections 3, 8 and 9), whatever is in them.
const FOLDERS: [&str; 8] = [
    "boot/",
    "etc/",
    "root/",
    "var/backup/",
    "var/lib/",
    "var/opt/",
    "var/xapi/",
    "var/xsconfig/",
];

/// Whether a scan is to name the file: also whatever is in the root or in a folder of it.
pub(crate) fn is_named(path: &str) -> bool {
    path.split('/').nth(2).is_none() || FOLDERS.iter().any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_one_host_is_named_and_programs_are_not() {
        for (path, expected) in [
            (".", true),
            ("boot/efi/EFI/xenserver/grub.cfg", true),
            ("var/lib/xcp/blobs/rrds/x.gz", true),
            ("var/opt/xapi-clusterd/db", true),
            ("usr/bin", true),
            ("usr/bin/tar", false),
            ("opt/xensource/bin/xapi", false),
            ("var/log/messages", false),
        ] {
            assert_eq!(is_named(path), expected, "{path}");
        }
        assert!(FOLDERS.is_sorted());
    }
}
