//! The pool row and the rows that hang on nothing else: users, roles, clusters, update sources.

use super::hosts::Hosts;
use super::storage::Storage;
use super::{Extent, NULL, Pool};
use crate::dump::value::{map, set};

pub(super) fn add(pool: &mut Pool, hosts: &Hosts, storage: &Storage, extent: Extent) {
    pool_row(pool, hosts, storage);
    pool.add(
        "user",
        "root",
        &[
            ("short_name", "root".into()),
            ("fullname", "superuser".into()),
        ],
    );
    if extent == Extent::Small {
        return;
    }
    let role = pool.add(
        "role",
        "pool-admin",
        &[("name__label", "pool-admin".into())],
    );
    pool.add(
        "subject",
        "operators",
        &[
            (
                "subject_identifier",
                "S-1-5-21-1004336348-1177238915-682003330-512".into(),
            ),
            (
                "other_config",
                map(&[
                    ("subject-name", "EXAMPLE\\operators"),
                    ("subject-upn", "operators@example.net"),
                    ("subject-is-group", "true"),
                ]),
            ),
            ("roles", set([&role])),
        ],
    );
    cluster(pool, hosts);
    pool.add(
        "Repository",
        "base",
        &[
            ("name__label", "base".into()),
            ("binary_url", "https://updates.example.net/base".into()),
            (
                "source_url",
                "https://updates.example.net/base-source".into(),
            ),
            ("update", "true".into()),
        ],
    );
    let archive = pool.plant("VMPP.archive_target_config[password]", "vmpp-archive");
    let alarm = pool.plant("VMPP.alarm_config[smtp_password]", "vmpp-alarm");
    if pool.schema.0 <= 66 {
        pool.add(
            "VMPP",
            "nightly",
            &[
                ("name__label", "nightly".into()),
                ("archive_target_type", "cifs".into()),
                (
                    "archive_target_config",
                    map(&[
                        ("location", "//198.51.100.22/archive"),
                        ("username", "archiver"),
                        ("password", &archive),
                    ]),
                ),
                (
                    "alarm_config",
                    map(&[
                        ("email_address", "ops@example.net"),
                        ("smtp_server", "mail.example.net"),
                        ("smtp_password", &alarm),
                    ]),
                ),
            ],
        );
    }
}

fn pool_row(pool: &mut Pool, hosts: &Hosts, storage: &Storage) {
    let modern = pool.schema.0 > 61;
    // A row of `secret` since these exist, before that the password itself.
    let wlb = if modern {
        pool.secret("wlb_password").1
    } else {
        pool.plant("pool.wlb_password", "wlb_password")
    };
    let (_, proxy) = pool.secret("repository_proxy_password");
    let (_, telemetry) = pool.secret("telemetry_uuid");
    let mail = pool.plant("pool.other_config[ssmtp-password]", "ssmtp-password");
    let agent = pool.plant("pool.guest_agent_config[password]", "guest-agent");
    let health = pool.plant("pool.health_check_config[UploadToken]", "health-check");
    pool.add(
        "pool",
        "pool",
        &[
            ("name_label", "Example pool".into()),
            (
                "name_description",
                "Written for tests: <tags> & \"quotes\" 50% off,\tand a\nline end".into(),
            ),
            ("master", hosts.hosts[0].clone()),
            ("default_SR", storage.shared.clone()),
            ("suspend_image_SR", storage.shared.clone()),
            ("crash_dump_SR", storage.shared.clone()),
            ("wlb_url", "wlb.example.net:8012".into()),
            ("wlb_username", "wlb".into()),
            ("wlb_password", wlb),
            (
                "repository_proxy_url",
                "http://proxy.example.net:3128".into(),
            ),
            ("repository_proxy_username", "proxy".into()),
            ("repository_proxy_password", proxy),
            ("telemetry_uuid", telemetry),
            ("redo_log_vdi", NULL.into()),
            (
                "other_config",
                map(&[
                    ("mail-destination", "ops@example.net"),
                    ("ssmtp-mailhub", "mail.example.net:25"),
                    ("ssmtp-password", &mail),
                ]),
            ),
            (
                "guest_agent_config",
                map(&[
                    ("auto_update_url", "https://updates.example.net"),
                    ("password", &agent),
                ]),
            ),
            (
                "health_check_config",
                map(&[("Enrollment", "false"), ("UploadToken", &health)]),
            ),
            (
                "gui_config",
                map(&[("XenCenter.CustomFields", "<CustomFieldDefinitions/>")]),
            ),
            (
                "restrictions",
                map(&[("restrict_wlb", "true"), ("restrict_rbac", "false")]),
            ),
            (
                "cpu_info",
                map(&[
                    ("cpu_count", "8"),
                    ("socket_count", "2"),
                    ("vendor", "GenuineIntel"),
                ]),
            ),
            ("tags", set(["tests", "two words"])),
        ],
    );
}

fn cluster(pool: &mut Pool, hosts: &Hosts) {
    let token = pool.plant("Cluster.cluster_token", "cluster-token");
    let members: Vec<String> = (0..hosts.hosts.len())
        .map(|at| pool.reference("Cluster_host", &at.to_string()))
        .collect();
    let cluster = pool.add(
        "Cluster",
        "cluster",
        &[
            ("cluster_hosts", set(&members)),
            ("cluster_token", token),
            ("pool_auto_join", "true".into()),
        ],
    );
    for (at, host) in hosts.hosts.iter().enumerate() {
        let pif = pool.reference("PIF", &format!("eth2 {at}"));
        pool.add(
            "Cluster_host",
            &at.to_string(),
            &[
                ("cluster", cluster.clone()),
                ("host", host.clone()),
                ("PIF", pif),
                ("enabled", "true".into()),
                ("joined", "true".into()),
            ],
        );
    }
}
