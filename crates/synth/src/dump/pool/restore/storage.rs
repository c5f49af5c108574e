//! Storage: local SRs of each host, NFS and iSCSI for all of them.

use super::super::storage::{Sr, drivers, located, pbd};
use super::{Pool, Site};
use crate::dump::value::map;

/// References that the machines need.
pub(super) struct Storage {
    /// By host.
    pub(super) local: Vec<String>,
    pub(super) nfs: String,
    pub(super) iscsi: String,
}

/// Local SRs, and, where there are to be shared ones, those. Without them the first local one stands for them.
pub(super) fn add(pool: &mut Pool, sites: &[Site], shared: bool) -> Storage {
    let none = map::<&str, &str>(&[]);
    drivers(pool);
    let mut local = Vec::new();
    for site in sites {
        let label = format!("local {}", site.at);
        let own = sr(&label, "Local storage", "ext", "user", false, &none).add(pool);
        let device = format!("{}-part3", site.disk());
        pbd(pool, site.at, &own, "local", &[("device", &device)]);
        local.push(own);
        let label = format!("dvd {}", site.at);
        let kind = map(&[("type", "cd")]);
        let dvd = sr(&label, "DVD drives", "udev", "iso", false, &kind).add(pool);
        pbd(pool, site.at, &dvd, "dvd", &[("location", "/dev/xapi/cd")]);
    }
    let tools = sr("tools", "XenServer Tools", "iso", "iso", true, &none).add(pool);
    for site in sites {
        let config = [
            ("location", "/opt/xensource/packages/iso"),
            ("legacy_mode", "true"),
        ];
        pbd(pool, site.at, &tools, "tools", &config);
    }
    pool.add(
        "VDI",
        "tools iso",
        &[
            ("name__label", "guest-tools.iso".into()),
            ("SR", tools),
            ("location", "guest-tools.iso".into()),
            ("virtual_size", "15728640".into()),
            ("physical_utilisation", "15728640".into()),
            ("read_only", "true".into()),
            ("managed", "true".into()),
            ("is_tools_iso", "true".into()),
        ],
    );
    if !shared {
        let first = local[0].clone();
        return Storage {
            nfs: first.clone(),
            iscsi: first,
            local,
        };
    }
    let nfs = sr(
        "nfs",
        "NFS virtual disk storage",
        "nfs",
        "user",
        true,
        &none,
    )
    .add(pool);
    let thick = map(&[("allocation", "thick"), ("use_vhd", "true")]);
    let iscsi = sr(
        "iscsi",
        "iSCSI virtual disk storage",
        "lvmoiscsi",
        "user",
        true,
        &thick,
    );
    let iscsi = iscsi.add(pool);
    for site in sites {
        let config = [
            ("server", "10.0.0.20"),
            ("serverpath", "/export/pool"),
            ("nfsversion", "4"),
        ];
        pbd(pool, site.at, &nfs, "nfs", &config);
        let (password, _) = pool.secret(&format!("chappassword-{}", site.at));
        let config = [
            ("target", "10.0.0.21"),
            ("targetIQN", "iqn.2024-01.net.example:target"),
            ("SCSIid", "36001405a1b2c3d4"),
            ("chapuser", "initiator"),
            ("chappassword_secret", &password),
        ];
        pbd(pool, site.at, &iscsi, "iscsi", &config);
    }
    let base = vec![
        ("name__label", "base copy".to_owned()),
        ("SR", nfs.clone()),
        ("virtual_size", "21474836480".to_owned()),
        ("physical_utilisation", "5368709120".to_owned()),
        ("managed", "false".to_owned()),
    ];
    located(pool, "base copy", base);
    Storage { local, nfs, iscsi }
}

fn sr<'a>(
    label: &'a str,
    name: &'a str,
    ty: &'a str,
    content: &'a str,
    shared: bool,
    sm_config: &str,
) -> Sr<'a> {
    Sr {
        label,
        name,
        ty,
        content,
        shared,
        sm_config: sm_config.to_owned(),
    }
}
