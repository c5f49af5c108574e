//! Faults of the embedded databases, and of the host against them (`formats/host-backup.md` sections 3 and 10).

use super::HostFault as Fault;
use crate::content::uuid;
use crate::host_backup::{DUMP, HostBackup, INVENTORY, STATE, What};

const POOL_CONF: &str = "etc/xensource/pool.conf";
const ROLE: &[&str] = &["host/role-differs"];

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "dump-missing",
        "there is no var/backup/pool-database-…",
        &["host/database-missing"],
        |backup| backup.remove(DUMP),
    ),
    Fault::new(
        "dump-several",
        "an earlier run of the script left its dump",
        &["host/database-several"],
        |backup| {
            let mut older = backup.entry_mut(DUMP)?.clone();
            older.name = "./var/backup/pool-database-2024-04-30--13-07-09".to_owned();
            older.modified -= 31 * 86_400;
            backup.entries.push(older);
            backup.put(
                "var/backup/pool-database-2024-04-30--13-07-09",
                backup.site.database(1),
            )
        },
    ),
    Fault::new(
        "dump-not-a-database",
        "the dump is other XML",
        &["host/database-unusable"],
        |backup| backup.put(DUMP, "<?xml version=\"1.0\"?><nothing/>"),
    ),
    Fault::new(
        "dump-empty",
        "the dump is empty, as when xapi did not run",
        &["host/database-unusable"],
        |backup| backup.put(DUMP, ""),
    ),
    Fault::new(
        "dump-cut",
        "the dump ends in the middle, in a whole archive",
        &["db/cut-short"],
        |backup| {
            let bytes = backup.file(DUMP)?.to_vec();
            backup.put(DUMP, &bytes[..bytes.len() / 2])
        },
    ),
    Fault::new(
        "dump-dangling",
        "a column of the dump names a row that is not there",
        &["db/reference-dangling", "db/set-side-differs"],
        |backup| {
            backup.database(DUMP, 5, |pool| {
                let row = pool.row_mut("PIF", |row| row.get("device") == Some("eth3"))?;
                row.set("network", "OpaqueRef:00000000-1111-2222-3333-444444444444");
                Some(())
            })
        },
    ),
    Fault::new(
        "dump-older",
        "the dump has a lower generation than state.db",
        &["host/database-older"],
        |backup| {
            let newer = backup.site.database(40);
            backup.put(STATE, newer)
        },
    ),
    Fault::new(
        "dump-stamp-old",
        "the dump is of a month before all else, and so is its name",
        &["host/database-stamp"],
        |backup| {
            for entry in &mut backup.entries {
                entry.modified += 30 * 86_400;
            }
            backup.entry_mut(DUMP)?.modified -= 30 * 86_400;
            // What else was changed while the host ran.
            backup.entry_mut(STATE)?.modified = 1_717_160_829 + 30 * 86_400;
            Some(())
        },
    ),
    Fault::new(
        "state-missing",
        "there is no var/lib/xcp/state.db",
        &[],
        |backup| backup.remove(STATE),
    ),
    Fault::new(
        "state-is-folder",
        "var/lib/xcp/state.db is a folder",
        &["host/database-unusable"],
        |backup| {
            backup.entry_mut(STATE)?.what = What::Folder;
            Some(())
        },
    ),
    Fault::new(
        "other-host",
        "INSTALLATION_UUID is in no row of the dump",
        &["host/uuid-not-in-database"],
        |backup| {
            let (own, other) = (backup.site.uuid().to_owned(), uuid(9, "another host"));
            backup.replace(INVENTORY, &own, &other)
        },
    ),
    Fault::new(
        "other-control-domain",
        "CONTROL_DOMAIN_UUID is that of another host's control domain",
        &["host/dom0-not-in-database", "host/dom0-uuid-differs"],
        |backup| {
            let other = HostBackup::named("member")?;
            let own = backup.site.control_domain().to_owned();
            backup.replace(INVENTORY, &own, other.site.control_domain())
        },
    ),
    Fault::new(
        "unknown-control-domain",
        "CONTROL_DOMAIN_UUID is in no row of the dump",
        &["host/dom0-not-in-database", "host/dom0-uuid-differs"],
        |backup| {
            let own = backup.site.control_domain().to_owned();
            backup.replace(INVENTORY, &own, &uuid(9, "another control domain"))
        },
    ),
    Fault::new(
        "xencommons-differs",
        "XEN_DOM0_UUID of etc/sysconfig/xencommons is another than CONTROL_DOMAIN_UUID",
        &["host/dom0-uuid-differs"],
        |backup| {
            let line = format!("XEN_DOM0_UUID={}\n", uuid(9, "another control domain"));
            backup.put("etc/sysconfig/xencommons", line)
        },
    ),
    Fault::new(
        "member-in-pool-conf",
        "pool.conf of the coordinator says that it is a member",
        &["host/role-differs", "host/member-only"],
        |backup| backup.put(POOL_CONF, "slave:192.0.2.12"),
    ),
    Fault::new(
        "coordinator-in-pool-conf",
        "pool.conf of a member says that it is the coordinator",
        ROLE,
        |backup| backup.put(POOL_CONF, "master"),
    )
    .of("member"),
    Fault::new(
        "pool-conf-broken",
        "pool.conf says that the role is broken",
        ROLE,
        |backup| backup.put(POOL_CONF, "broken"),
    ),
    Fault::new(
        "pool-conf-missing",
        "there is no pool.conf, which is read as broken",
        ROLE,
        |backup| backup.remove(POOL_CONF),
    ),
    Fault::new(
        "version-differs",
        "the dump has the host at an earlier version",
        &["host/version-differs"],
        |backup| {
            backup.replace(
                INVENTORY,
                "PRODUCT_VERSION='8.2.1'",
                "PRODUCT_VERSION='8.2.0'",
            )
        },
    ),
];
