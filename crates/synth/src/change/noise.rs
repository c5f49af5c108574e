//! Changes that nobody asks about.

use super::{Change, change};

pub(super) static CHANGES: &[Change] = &[
    change(
        "volatile-only",
        "what xapi and guests write all the time",
        |pool| {
            let later = "20240701T11:00:00Z";
            pool.set(
                "VM_metrics",
                "web",
                &[("last_updated", later), ("memory__actual", "2147000000")],
            );
            pool.set(
                "VM_guest_metrics",
                "web",
                &[("last_updated", later), ("memory", "(('free' '1024'))")],
            );
            pool.set(
                "host_metrics",
                "host 0",
                &[("last_updated", later), ("memory__free", "34000000000")],
            );
            pool.set(
                "PIF_metrics",
                "eth2 0",
                &[("last_updated", later), ("io__read_kbs", "12.")],
            );
            pool.set("VDI", "web 0", &[("physical_utilisation", "5500000000")]);
            pool.set(
                "SR",
                "nfs",
                &[
                    ("physical_utilisation", "224748364800"),
                    ("virtual_allocation", "332122547200"),
                ],
            );
            pool.set(
                "VM",
                "web",
                &[
                    ("allowed_operations", "('clean_shutdown' 'snapshot')"),
                    ("current_operations", "(('OpaqueRef:task' 'snapshot'))"),
                    ("memory__target", "2000000000"),
                ],
            );
            pool.set("VDI", "web 0", &[("allowed_operations", "('snapshot')")]);
            pool.set(
                "VBD",
                "web 0",
                &[("runtime_properties", "(('backend' '1'))")],
            );
            let (key, host) = ("other_config", "host 0");
            pool.replace("host", host, key, "'1717236000.'", "'1719828000.'");
            pool.replace("host", host, key, "'1717235900.'", "'1719827000.'");
            // Made anew when the VM starts.
            pool.copy(&[("console", "web", "web again")]);
            pool.remove(&[("console", "web")]);
        },
    ),
    change(
        "schema-raised",
        "the columns of a newer release, at their defaults",
        |pool| {
            pool.raise(783);
        },
    ),
];
