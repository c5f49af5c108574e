//! Names that no host writes, and what a name says of the place of a file.

use std::collections::BTreeSet;

use xenspect_model::catalog::Counted;

use super::sizes::{DIGEST, digest};

/// Names of a kind that are kept.
const FIRST: usize = 100;
/// Databases of a host backup (`formats/host-backup.md` section 3).
const DUMPS: &str = "var/backup/pool-database-";
const STATE: [&str; 2] = ["var/lib/xcp/state.db", "var/xapi/state.db"];

/// Whether a pool database stands there.
pub(super) fn is_database(path: &str) -> bool {
    let dump = path.strip_prefix(DUMPS);
    dump.is_some_and(|stamp| !stamp.is_empty() && !stamp.contains('/')) || STATE.contains(&path)
}

/// What tar is given by itself behind the root (`formats/host-backup.md` section 1).
const TWICE: &str = "boot/efi";

fn is_given_twice(path: &str) -> bool {
    let behind = path.strip_prefix(TWICE);
    behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('/'))
}

/// Names that may be there twice in a backup that is in order: once as a part of the root, with `./`, and behind it once
/// more without (`formats/host-backup.md` section 2).
#[derive(Debug)]
pub(super) struct Pairs {
    /// Those of which only the first was met.
    once: BTreeSet<[u8; DIGEST]>,
    /// Names that are kept at most.
    most: usize,
}

impl Pairs {
    pub(super) const fn new(most: usize) -> Self {
        Self {
            once: BTreeSet::new(),
            most,
        }
    }

    /// Takes a name as it is stored. Whether it is the second one of a pair.
    pub(super) fn is_second(&mut self, path: &str, stored: &[u8]) -> bool {
        if !is_given_twice(path) {
            return false;
        }
        let of_root = stored.starts_with(b"./");
        let name = digest(path);
        let was_met = self.once.remove(&name);
        if of_root && !was_met && self.once.len() < self.most {
            self.once.insert(name);
        }
        was_met && !of_root
    }
}

/// Adds one to a list.
pub(super) fn count(counted: &mut Counted, offset: u64, text: impl FnOnce() -> String) {
    counted.total = counted.total.saturating_add(1);
    if counted.first.len() < FIRST {
        counted.first.push((offset, text()));
    }
}

/// Whether a symbolic link climbs above the root. An absolute target begins at the root of whoever follows it.
pub(super) fn climbs(path: &str, target: &str) -> bool {
    if target.starts_with('/') {
        return false;
    }
    let mut depth = path.split('/').count().saturating_sub(1);
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return true,
            },
            _ => depth = depth.saturating_add(1),
        }
    }
    false
}

/// The folder that a file counts for; `.` for what stands right in the root.
pub(super) fn top(path: &str, is_folder: bool) -> &str {
    match path.split_once('/') {
        Some((top, _)) => top,
        None if is_folder => path,
        None => ".",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_climb_out() {
        for (path, target, expected) in [
            ("etc/kernel", "../boot/vmlinuz", false),
            ("etc/kernel", "../../boot", true),
            ("a", "..", true),
            ("a", "b/../c", false),
            ("a", "/usr/bin", false),
            ("a/b/c", "./../../x", false),
            ("a/b/c", "../../../x", true),
        ] {
            assert_eq!(climbs(path, target), expected, "{path} {target}");
        }
    }

    #[test]
    fn what_may_be_there_twice() {
        let with = |path: &str| format!("./{path}").into_bytes();
        let without = |path: &str| path.as_bytes().to_vec();
        for (path, expected) in [
            ("boot/efi", true),
            ("boot/efi/EFI/xenserver/grub.cfg", true),
            ("boot/efivars", false),
            ("boot", false),
            ("x/boot/efi", false),
        ] {
            let mut pairs = Pairs::new(10);
            assert!(!pairs.is_second(path, &with(path)), "{path}");
            assert_eq!(pairs.is_second(path, &without(path)), expected, "{path}");
            // Not a third time.
            assert!(!pairs.is_second(path, &without(path)), "{path}");
        }
        let path = "boot/efi/x";
        for (first, second) in [
            (without(path), without(path)),
            (without(path), with(path)),
            (with(path), with(path)),
        ] {
            let mut pairs = Pairs::new(10);
            assert!(!pairs.is_second(path, &first));
            assert!(!pairs.is_second(path, &second));
        }
        let mut none = Pairs::new(0);
        assert!(!none.is_second(path, &with(path)) && !none.is_second(path, &without(path)));
    }

    #[test]
    fn databases_by_path() {
        for (path, expected) in [
            ("var/backup/pool-database-2024-05-31--13-07-09", true),
            ("var/lib/xcp/state.db", true),
            ("var/xapi/state.db", true),
            ("var/lib/xcp/state.db.generation", false),
            ("var/backup/pool-database-", false),
            ("var/backup/pool-database-x/y", false),
        ] {
            assert_eq!(is_database(path), expected, "{path}");
        }
    }

    #[test]
    fn what_a_file_counts_for() {
        for (path, is_folder, expected) in [
            ("etc/fstab", false, "etc"),
            ("etc", true, "etc"),
            (".autorelabel", false, "."),
            (".", true, "."),
        ] {
            assert_eq!(top(path, is_folder), expected, "{path}");
        }
    }
}
