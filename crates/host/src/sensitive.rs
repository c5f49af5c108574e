//! Files of a host that hold secrets, by their paths (`formats/host-backup.md` section 9). They are never read for this.

/// What the files are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Accounts of the host, and keys of its SSH server.
    Accounts,
    /// The secret and the certificates of the pool.
    Pool,
    /// Databases of xapi.
    Database,
    /// The machine account of a domain.
    ActiveDirectory,
    /// Logins of storage.
    Storage,
    /// HA and clustering.
    Availability,
    /// Monitoring and mail.
    Monitoring,
    /// The licence, and firmware variables of VMs.
    Licence,
}

/// Paths by kind. One that ends in `*` is a beginning, one that ends in `/` a folder with all that is in it.
const PATHS: [(Kind, &[&str]); 8] = [
    (
        Kind::Accounts,
        &[
            "etc/shadow",
            "etc/shadow-",
            "etc/passwd",
            "root/.ssh/",
            "root/.bash_history",
            "etc/ssh/ssh_host_*",
        ],
    ),
    (
        Kind::Pool,
        &[
            "etc/xensource/ptoken",
            "var/lib/xcp/ptoken*",
            "etc/xensource/xapi-ssl.pem",
            "etc/xensource/xapi-pool-tls.pem",
            "etc/stunnel/",
            "etc/trusted-certs/",
            "var/lib/xcp/xapi-clientcert*",
        ],
    ),
    (
        Kind::Database,
        &[
            "var/lib/xcp/state.db*",
            "var/lib/xcp/restore_db.db",
            "var/backup/pool-database-*",
            "var/lib/xcp/local.db",
            "var/lib/xcp/blobs/",
            "var/lib/xcp/lpe-cache*",
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
            "var/lib/iscsi/nodes/",
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
        &["etc/xensource/license", "var/lib/varstored/"],
    ),
];

impl Kind {
    /// What a path is, without `./` in front.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        // The public half of a key of the SSH server is no secret.
        if path.starts_with("etc/ssh/") && !path.ends_with("_key") {
            return None;
        }
        let is = |pattern: &&str| match pattern.strip_suffix('*') {
            Some(beginning) => path.starts_with(beginning),
            None if pattern.ends_with('/') => path.starts_with(pattern),
            None => path == *pattern,
        };
        let of_path = |(_, patterns): &&(Self, &[&str])| patterns.iter().any(is);
        PATHS.iter().find(of_path).map(|(kind, _)| *kind)
    }

    /// For machines.
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
        }
    }

    /// For people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Accounts => "accounts, keys of SSH",
            Self::Pool => "secret and certificates of the pool",
            Self::Database => "databases of xapi",
            Self::ActiveDirectory => "Active Directory",
            Self::Storage => "storage, CHAP",
            Self::Availability => "HA and clustering",
            Self::Monitoring => "monitoring and mail",
            Self::Licence => "licence, firmware of VMs",
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
            ("etc/shadow.rpmnew", None),
            ("etc/ssh/ssh_host_rsa_key", Some(Kind::Accounts)),
            ("etc/ssh/ssh_host_rsa_key.pub", None),
            ("root/.ssh/authorized_keys", Some(Kind::Accounts)),
            ("etc/xensource/ptoken", Some(Kind::Pool)),
            (
                "var/backup/pool-database-2024-05-31--13-07-09",
                Some(Kind::Database),
            ),
            ("var/lib/xcp/state.db.generation", Some(Kind::Database)),
            ("etc/krb5.keytab", Some(Kind::ActiveDirectory)),
            ("var/lib/iscsi/nodes/iqn/a", Some(Kind::Storage)),
            ("etc/corosync/corosync.conf", Some(Kind::Availability)),
            ("etc/snmp/snmpd.conf", Some(Kind::Monitoring)),
            ("var/lib/varstored/x", Some(Kind::Licence)),
            ("etc/xensource-inventory", None),
        ] {
            assert_eq!(Kind::of(path), kind, "{path}");
        }
    }
}
