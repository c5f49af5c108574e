//! What a path says of a file: whether it differs between any two backups, and whether it holds secrets. Both are lists of
//! patterns with what they are, which docs/diff-files.md shows.
//!
//! A pattern that ends in `/` is of everything below that folder; `*` stands for any characters; one without a `/` is of the
//! last part of a path.

/// Files for which the same can be said.
struct Row {
    patterns: &'static [&'static str],
    what: &'static str,
}

const fn row(patterns: &'static [&'static str], what: &'static str) -> Row {
    Row { patterns, what }
}

/// Files that differ by themselves.
static VOLATILE: [Row; 17] = [
    row(&["var/log/"], "logs"),
    row(&["var/lib/xcp/blobs/"], "RRDs and messages"),
    row(
        &[
            "var/backup/pool-database-*",
            "var/lib/xcp/state.db*",
            "var/xapi/state.db*",
        ],
        "pool databases",
    ),
    row(
        &["run/", "var/run/", "var/lock/"],
        "state of running programs",
    ),
    row(
        &["*.lock", "*.pid", "*.LCK"],
        "locks and numbers of processes",
    ),
    row(
        &["tmp/", "var/tmp/", "var/crash/"],
        "temporary files and crash dumps",
    ),
    row(&["var/cache/"], "caches"),
    row(&["var/lib/rpm/__db.*"], "shared memory of rpm"),
    row(
        &["var/lib/xenstored/", "var/lib/xen/"],
        "XenStore and state of VMs",
    ),
    row(
        &["var/lib/systemd/", "var/lib/random-seed"],
        "random seeds and timers",
    ),
    row(
        &["etc/adjtime", "var/lib/chrony/", "var/lib/ntp/"],
        "clock drift",
    ),
    row(
        &["var/lib/dhclient/", "var/lib/dhcp/"],
        "leases of addresses",
    ),
    row(&["var/lib/logrotate*"], "state of log rotation"),
    row(&["var/spool/"], "queues"),
    row(
        &["etc/lvm/archive/", "etc/lvm/backup/", "etc/lvm/cache/"],
        "copies of LVM metadata",
    ),
    row(
        &["var/lib/mlocate/", "var/lib/yum/history/"],
        "lists of files and of updates",
    ),
    row(
        &["root/.bash_history", "root/.lesshst", "root/.viminfo"],
        "console history",
    ),
];

/// `formats/host-backup.md` section 9: files that hold secrets.
static SENSITIVE: [Row; 9] = [
    row(
        &[
            "etc/shadow*",
            "etc/gshadow*",
            "etc/passwd*",
            "root/.ssh/",
            "home/*/.ssh/",
            "root/.bash_history",
            ".netrc",
            "etc/security/opasswd",
            "etc/ssh/ssh_host_*_key",
        ],
        "accounts",
    ),
    row(
        &[
            "etc/xensource/ptoken*",
            "var/lib/xcp/ptoken*",
            "etc/xensource/xapi-ssl.pem*",
            "etc/xensource/xapi-pool-tls.pem*",
            "etc/stunnel/",
            "etc/trusted-certs/",
            "var/lib/xcp/xapi-clientcert*",
            "etc/pki/tls/private/",
            "*.key",
            "*.p12",
            "*.pfx",
        ],
        "the pool's secrets, and private keys",
    ),
    row(
        &[
            "var/lib/xcp/state.db*",
            "var/xapi/state.db*",
            "var/lib/xcp/restore_db.db*",
            "restore_db.db",
            "var/backup/pool-database-*",
            "var/lib/xcp/local.db*",
            "var/lib/xcp/blobs/",
            "var/lib/xcp/lpe-cache*",
        ],
        "databases",
    ),
    row(
        &[
            "etc/krb5.keytab",
            "etc/krb5.conf",
            "var/lib/samba/",
            "var/lib/pbis/db/registry.db",
        ],
        "Active Directory",
    ),
    row(
        &[
            "etc/iscsi/",
            "var/lib/iscsi/",
            "etc/multipath.conf",
            "etc/xensource/static-vdis/",
        ],
        "storage: CHAP, and disks attached at boot",
    ),
    row(
        &[
            "etc/xensource/xhad.conf",
            "etc/xensource/remote.db.conf",
            "var/opt/xapi-clusterd/db",
            "etc/corosync/",
        ],
        "HA and clustering",
    ),
    row(
        &[
            "etc/snmp/",
            "var/lib/net-snmp/snmpd.conf",
            "etc/nagios/nrpe.cfg",
            "etc/ssmtp/ssmtp.conf",
            "etc/mail-alarm.conf",
        ],
        "monitoring and mail",
    ),
    row(
        &["etc/xensource/license*", "var/lib/varstored/"],
        "the licence, and UEFI keys of VMs",
    ),
    row(
        &["var/lib/systemd/random-seed", "var/lib/random-seed"],
        "seeds of random numbers",
    ),
];

/// What a file is that differs between any two backups; `None` of others.
pub(super) fn volatile(path: &str) -> Option<&'static str> {
    row_of(&VOLATILE, path).map(|row| row.what)
}

/// Whether a file holds secrets.
pub(super) fn is_sensitive(path: &str) -> bool {
    row_of(&SENSITIVE, path).is_some()
}

fn row_of(rows: &'static [Row], path: &str) -> Option<&'static Row> {
    let is_of = |row: &&Row| row.patterns.iter().any(|pattern| matches(pattern, path));
    rows.iter().find(is_of)
}

pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let last = || path.rsplit('/').next().unwrap_or(path);
    match pattern.strip_suffix('/') {
        Some(_) => begins(pattern, path),
        None if pattern.contains('/') => is_like(pattern, path),
        None => is_like(pattern, last()),
    }
}

/// Whether a text begins as a pattern says, and goes on behind that.
fn begins(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => text.len() > pattern.len() && text.starts_with(pattern),
        Some((head, tail)) => text
            .strip_prefix(head)
            .and_then(|rest| Some((rest.find(tail)?, rest.len())))
            .is_some_and(|(at, len)| at.saturating_add(tail.len()) < len),
    }
}

/// Whether all of a text is as a pattern with at most one star says.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text
            .strip_prefix(head)
            .is_some_and(|rest| rest.ends_with(tail)),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/diff-files.md");

    #[test]
    fn patterns() {
        for (pattern, path, expected) in [
            ("var/log/", "var/log/messages", true),
            ("var/log/", "var/log/a/b", true),
            ("var/log/", "var/log", false),
            ("var/log/", "var/logs/x", false),
            ("var/log/", "opt/var/log/x", false),
            ("etc/adjtime", "etc/adjtime", true),
            ("etc/adjtime", "etc/adjtime2", false),
            ("etc/shadow*", "etc/shadow", true),
            ("etc/shadow*", "etc/shadow-", true),
            ("etc/ssh/ssh_host_*_key", "etc/ssh/ssh_host_rsa_key", true),
            (
                "etc/ssh/ssh_host_*_key",
                "etc/ssh/ssh_host_rsa_key.pub",
                false,
            ),
            ("home/*/.ssh/", "home/a/.ssh/id", true),
            ("home/*/.ssh/", "home/a/.ssh/", false),
            ("*.lock", "a/b.lock", true),
            ("*.lock", ".lock", true),
            ("*.lock", "a.lock/b", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
        for row in VOLATILE.iter().chain(&SENSITIVE) {
            for pattern in row.patterns {
                assert!(pattern.matches('*').count() <= 1, "{pattern}");
            }
        }
    }

    /// The page lists the files as they stand here. `XENSPECT_BLESS=1` rewrites it.
    #[test]
    fn the_page_lists_all_files() {
        let mut page = std::fs::read_to_string(PAGE).unwrap();
        let before = page.clone();
        for (name, rows) in [("volatile", &VOLATILE[..]), ("sensitive", &SENSITIVE)] {
            let begin = format!("<!-- {name}: begin -->\n");
            let end = format!("<!-- {name}: end -->");
            let (head, rest) = page.split_once(&begin).unwrap();
            let (_, tail) = rest.split_once(&end).unwrap();
            page = format!("{head}{begin}{}{end}{tail}", listing(rows));
        }
        if std::env::var_os("XENSPECT_BLESS").is_some() {
            std::fs::write(PAGE, page).unwrap();
        } else {
            assert_eq!(before, page, "XENSPECT_BLESS=1 rewrites docs/diff-files.md");
        }
    }

    fn listing(rows: &[Row]) -> String {
        let mut text = "\n| files | what they are |\n| --- | --- |\n".to_owned();
        for row in rows {
            let patterns: Vec<_> = row
                .patterns
                .iter()
                .map(|name| format!("`{name}`"))
                .collect();
            let _ = writeln!(text, "| {} | {} |", patterns.join(", "), row.what);
        }
        text.push('\n');
        text
    }
}
