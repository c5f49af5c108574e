//! Changes of the pool's settings, and of what belongs to nothing else.

use super::editor::reference;
use super::{Change, change};

pub(super) static CHANGES: &[Change] = &[
    change("pool-renamed", "the pool has another name", |pool| {
        pool.set("pool", "pool", &[("name_label", "Production")]);
    }),
    change("default-sr-changed", "new disks go to another SR", |pool| {
        let sr = reference("SR", "iscsi");
        pool.set("pool", "pool", &[("default_SR", &sr)]);
    }),
    change("ha-enabled", "high availability is on", |pool| {
        let columns = [
            ("ha_enabled", "true"),
            ("ha_host_failures_to_tolerate", "1"),
            ("ha_plan_exists_for", "1"),
            ("ha_configuration", "(('timeout' '60'))"),
        ];
        pool.set("pool", "pool", &columns);
    }),
    change(
        "pool-coordinator-moved",
        "the other host is the coordinator",
        |pool| {
            let host = reference("host", "host 1");
            pool.set("pool", "pool", &[("master", &host)]);
        },
    ),
    change(
        "secret-value",
        "a password in the table of secrets",
        |pool| {
            pool.set(
                "secret",
                "wlb_password",
                &[("value", "PLANTED-SECRET-another")],
            );
        },
    ),
    change(
        "subject-added",
        "a user of the directory may log in",
        |pool| {
            pool.copy(&[("subject", "operators", "auditors")]);
            let columns = [(
                "subject_identifier",
                "S-1-5-21-1004336348-1177238915-682003330-1107",
            )];
            pool.set("subject", "auditors", &columns);
            let (from, to) = ("EXAMPLE\\\\operators", "EXAMPLE\\\\auditors");
            pool.replace("subject", "auditors", "other_config", from, to);
        },
    ),
];
