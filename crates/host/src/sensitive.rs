//! Files of a host that hold secrets, by their paths (`formats/host-backup.md` section 9). They are never read for this.

use crate::paths::matches;

/// What the files are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Accounts, and keys of SSH.
    Accounts,
    /// The pool's secret, certificates and private keys.
    Pool,
    /// Databases of xapi.
    Database,
    /// Active Directory.
    ActiveDirectory,
    /// Storage: CHAP, and disks attached at boot.
    Storage,
    /// HA and clustering.
    Availability,
    /// Monitoring and mail.
    Monitoring,
    /// The licence, and UEFI keys of VMs.
    Licence,
    /// Seeds of random numbers.
    Seeds,
}

/// Patterns of paths, as [`matches()`] takes them, by kind. Beside the paths of section 9 there are copies of them that
/// programs leave (`shadow-`, `ptoken.bak`), the same files at their places on older and newer releases, and places in which
/// people keep keys.
pub const PATHS: [(Kind, &[&str]); 9] = [
    (
        Kind::Accounts,
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
    ),
    (
        Kind::Pool,
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
    ),
    (
        Kind::Database,
        &[
            "var/lib/xcp/state.db*",
            "var/xapi/state.db*",
            "restore_db.db*",
            "var/backup/pool-database-*",
            "var/lib/xcp/local.db*",
            "var/lib/xcp/blobs/",
            "var/lib/xcp/lpe-cache*",
            "var/lib/xcp/lpe-cache/",
        ],
    ),
    (
        Kind::ActiveDirectory,
        &[
            "etc/krb5.keytab",
            "etc/krb5.conf",
            "var/lib/samba/",
            "var/lib/pbis/db/registry.db",
        ],
    ),
    (
        Kind::Storage,
        &[
            "etc/iscsi/",
            "var/lib/iscsi/",
            "etc/multipath.conf",
            "etc/xensource/static-vdis/",
        ],
    ),
    (
        Kind::Availability,
        &[
            "etc/xensource/xhad.conf",
            "etc/xensource/remote.db.conf",
            "var/opt/xapi-clusterd/db",
            "etc/corosync/",
        ],
    ),
    (
        Kind::Monitoring,
        &[
            "etc/snmp/",
            "var/lib/net-snmp/snmpd.conf",
            "etc/nagios/nrpe.cfg",
            "etc/ssmtp/ssmtp.conf",
            "etc/mail-alarm.conf",
        ],
    ),
    (
        Kind::Licence,
        &["etc/xensource/license*", "var/lib/varstored/"],
    ),
    (
        Kind::Seeds,
        &["var/lib/systemd/random-seed", "var/lib/random-seed"],
    ),
];

impl Kind {
    /// What a path is, without `./` in front; `None` for most.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let is = |pattern: &&str| matches(pattern, path);
        let of_path = |(_, patterns): &&(Self, &[&str])| patterns.iter().any(is);
        PATHS.iter().find(of_path).map(|(kind, _)| *kind)
    }

    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Pool => "pool",
            Self::Database => "database",
            Self::ActiveDirectory => "active-directory",
            Self::Storage => "storage",
            Self::Availability => "availability",
            Self::Monitoring => "monitoring",
            Self::Licence => "licence",
            Self::Seeds => "seeds",
        }
    }

    /// What it is called for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Accounts => "accounts, keys of SSH",
            Self::Pool => "secret and keys of the pool",
            Self::Database => "databases of xapi",
            Self::ActiveDirectory => "Active Directory",
            Self::Storage => "storage, CHAP",
            Self::Availability => "HA and clustering",
            Self::Monitoring => "monitoring and mail",
            Self::Licence => "licence, firmware of VMs",
            Self::Seeds => "seeds of random numbers",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_by_kind() {
        for (path, kind) in [
            ("etc/shadow", Some(Kind::Accounts)),
            ("etc/shadow-", Some(Kind::Accounts)),
            ("etc/passwd", Some(Kind::Accounts)),
            ("root/.bash_history", Some(Kind::Accounts)),
            ("etc/ssh/ssh_host_rsa_key", Some(Kind::Accounts)),
            ("etc/ssh/ssh_host_rsa_key.pub", None),
            ("root/.ssh/authorized_keys", Some(Kind::Accounts)),
            ("etc/xensource/ptoken", Some(Kind::Pool)),
            ("var/lib/xcp/ptoken.bak", Some(Kind::Pool)),
            ("etc/xensource/xapi-ssl.pem", Some(Kind::Pool)),
            ("etc/xensource/xapi-pool-tls.pem", Some(Kind::Pool)),
            ("etc/stunnel/xapi.conf", Some(Kind::Pool)),
            ("etc/trusted-certs/ca-bundle.pem", Some(Kind::Pool)),
            ("var/lib/xcp/xapi-clientcert.pem", Some(Kind::Pool)),
            (
                "var/backup/pool-database-2024-05-31--13-07-09",
                Some(Kind::Database),
            ),
            ("var/lib/xcp/state.db.generation", Some(Kind::Database)),
            ("var/lib/xcp/restore_db.db", Some(Kind::Database)),
            ("var/lib/xcp/local.db", Some(Kind::Database)),
            ("var/lib/xcp/blobs/rrds/a.gz", Some(Kind::Database)),
            ("var/lib/xcp/lpe-cache", Some(Kind::Database)),
            ("var/lib/xcp/lpe-cache/x/y", Some(Kind::Database)),
            ("etc/krb5.keytab", Some(Kind::ActiveDirectory)),
            ("etc/krb5.conf", Some(Kind::ActiveDirectory)),
            ("var/lib/samba/private/x", Some(Kind::ActiveDirectory)),
            ("var/lib/pbis/db/registry.db", Some(Kind::ActiveDirectory)),
            ("etc/iscsi/iscsid.conf", Some(Kind::Storage)),
            ("var/lib/iscsi/nodes/iqn/a", Some(Kind::Storage)),
            ("etc/multipath.conf", Some(Kind::Storage)),
            ("etc/xensource/static-vdis/0_x/disk", Some(Kind::Storage)),
            ("etc/xensource/xhad.conf", Some(Kind::Availability)),
            ("etc/xensource/remote.db.conf", Some(Kind::Availability)),
            ("var/opt/xapi-clusterd/db", Some(Kind::Availability)),
            ("etc/corosync/corosync.conf", Some(Kind::Availability)),
            ("etc/snmp/snmpd.conf", Some(Kind::Monitoring)),
            ("var/lib/net-snmp/snmpd.conf", Some(Kind::Monitoring)),
            ("etc/nagios/nrpe.cfg", Some(Kind::Monitoring)),
            ("etc/ssmtp/ssmtp.conf", Some(Kind::Monitoring)),
            ("etc/mail-alarm.conf", Some(Kind::Monitoring)),
            ("etc/xensource/license", Some(Kind::Licence)),
            ("var/lib/varstored/x", Some(Kind::Licence)),
            ("var/lib/random-seed", Some(Kind::Seeds)),
            ("etc/xensource-inventory", None),
            ("etc/fstab", None),
            ("usr/bin/shadow", None),
            (".", None),
        ] {
            assert_eq!(Kind::of(path), kind, "{path}");
        }
    }

    #[test]
    fn patterns_have_one_star_at_most() {
        for pattern in PATHS.iter().flat_map(|(_, patterns)| *patterns) {
            assert!(pattern.matches('*').count() <= 1, "{pattern}");
        }
    }
}
