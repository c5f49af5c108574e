//! How facts from several sources are put together. Of a fact that several tell, the one that weighs most counts: xapi
//! compares with its own database, so that goes before the kernel's list of links; but it reads uuids, the primary disk
//! and the management bridge from the inventory file (`formats/restore.md` section 3).

use xenspect_model::target::{
    Target, TargetHost, TargetManagement, TargetNic, TargetPool, TargetProduct,
};

/// What a source weighs. The first weighs most, but for what [`of_inventory`] takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// The host's pool database.
    Database,
    /// Records that `xe` printed.
    Xe,
    /// The inventory file.
    Inventory,
    /// Rules and records of interface-rename.
    Rules,
    /// What the kernel says.
    Kernel,
    /// Anything else.
    Other,
}

/// What one source tells.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// What it weighs.
    pub(crate) weight: Weight,
    /// What it is, in words.
    pub(crate) source: &'static str,
    /// What it tells.
    pub(crate) target: Target,
}

/// Puts facts together. Of sources of one weight the earlier counts.
pub(crate) fn merge(mut pieces: Vec<Piece>) -> Target {
    pieces.sort_by_key(|piece| piece.weight);
    let mut target = Target::default();
    for piece in &pieces {
        fill(&mut target, &piece.target);
    }
    let inventories = pieces
        .iter()
        .filter(|piece| piece.weight == Weight::Inventory);
    if let Some(inventory) = inventories.map(|piece| &piece.target).next() {
        of_inventory(&mut target, inventory);
    }
    name_management(&mut target);
    target
}

/// What xapi itself takes from the inventory. What that lacks is not made up for by a database: xapi would not do so.
fn of_inventory(target: &mut Target, inventory: &Target) {
    let host = &inventory.host;
    target
        .host
        .installation_uuid
        .clone_from(&host.installation_uuid);
    target
        .host
        .control_domain_uuid
        .clone_from(&host.control_domain_uuid);
    target
        .host
        .inventory_lacks
        .clone_from(&host.inventory_lacks);
    if host.primary_disk.is_some() {
        target.host.primary_disk.clone_from(&host.primary_disk);
    }
    if inventory.management.bridge.is_some() {
        target
            .management
            .bridge
            .clone_from(&inventory.management.bridge);
    }
}

/// Gives `$to` each field of `$from` that it lacks.
macro_rules! fill_fields {
    ($to:expr, $from:expr, $($field:ident),* $(,)?) => {
        $(if $to.$field.is_none() {
            $to.$field.clone_from(&$from.$field);
        })*
    };
}

fn fill(to: &mut Target, from: &Target) {
    let Target {
        profile: _,
        host,
        product,
        management,
        pool,
        nics,
        files,
        ..
    } = from;
    fill_host(&mut to.host, host);
    fill_product(&mut to.product, product);
    fill_management(&mut to.management, management);
    match (&mut to.pool, pool) {
        (Some(to), Some(from)) => fill_pool(to, from),
        (None, Some(from)) => to.pool = Some(from.clone()),
        (_, None) => {}
    }
    match (&mut to.nics, nics) {
        (Some(to), Some(from)) => fill_nics(to, from),
        (None, Some(from)) => to.nics = Some(from.clone()),
        (_, None) => {}
    }
    // Each source names some of them.
    if let Some(files) = files {
        to.files
            .get_or_insert_default()
            .extend(files.iter().cloned());
    }
    fill_fields!(
        to,
        from,
        rename_rules,
        disks,
        members,
        networks,
        srs,
        vms,
        vdis,
        gpu_groups,
        free_bytes,
        columns,
    );
}

fn fill_host(to: &mut TargetHost, from: &TargetHost) {
    fill_fields!(
        to,
        from,
        name,
        address,
        installation_uuid,
        control_domain_uuid,
        primary_disk,
        backup_partition,
        partition_layout,
        memory,
        cpus,
        cpu_vendor,
        cpu_features,
        edition,
        inventory_lacks,
        pci_devices,
        ha_armed,
    );
}

fn fill_product(to: &mut TargetProduct, from: &TargetProduct) {
    fill_fields!(to, from, brand, version, build, platform, xapi, schema);
}

fn fill_management(to: &mut TargetManagement, from: &TargetManagement) {
    fill_fields!(to, from, bridge, device, mode, ip, netmask, gateway);
}

fn fill_pool(to: &mut TargetPool, from: &TargetPool) {
    fill_fields!(
        to,
        from,
        uuid,
        name,
        coordinator,
        generation,
        ha_enabled,
        redo_log_enabled,
        default_sr,
        cpu_features,
    );
}

/// NICs that weigh less add what is not known of the physical ones, unless they speak of another card under that name;
/// they add no NIC, since what xapi's database does not have xapi does not look at.
fn fill_nics(to: &mut [TargetNic], from: &[TargetNic]) {
    for nic in to.iter_mut().filter(|nic| nic.physical) {
        let is_same = |other: &&TargetNic| {
            let contradicts = nic.mac.is_some() && other.mac.is_some() && nic.mac != other.mac;
            other.physical && other.device == nic.device && !contradicts
        };
        if let Some(other) = from.iter().find(is_same) {
            fill_fields!(nic, other, mac, pci, management, bridge, ip, carrier);
        }
    }
}

/// Where no NIC says whether it is the management interface, what the installer and the inventory say decides.
fn name_management(target: &mut Target) {
    let Some(nics) = &mut target.nics else {
        return;
    };
    if nics.iter().any(|nic| nic.management.is_some()) {
        return;
    }
    let bridge = target.management.bridge.as_deref();
    let of_bridge = bridge
        .and_then(|bridge| bridge.strip_prefix("xenbr"))
        .map(|number| format!("eth{number}"));
    let Some(device) = target.management.device.clone().or(of_bridge) else {
        return;
    };
    if nics.iter().any(|nic| nic.device == device) {
        for nic in nics {
            nic.management = Some(nic.device == device);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nic(device: &str) -> TargetNic {
        TargetNic {
            device: device.to_owned(),
            ..TargetNic::default()
        }
    }

    fn piece(weight: Weight, target: Target) -> Piece {
        Piece {
            weight,
            source: "a test",
            target,
        }
    }

    fn uuids(installation: Option<&str>, name: Option<&str>) -> Target {
        let mut target = Target::default();
        target.host.installation_uuid = installation.map(str::to_owned);
        target.host.name = name.map(str::to_owned);
        target
    }

    #[test]
    fn uuids_are_those_of_the_inventory() {
        let both = || {
            vec![
                piece(Weight::Database, uuids(Some("row"), Some("xen1"))),
                piece(Weight::Inventory, uuids(Some("file"), Some("other"))),
            ]
        };
        let mut reversed = both();
        reversed.reverse();
        for pieces in [both(), reversed] {
            let target = merge(pieces);
            assert_eq!(target.host.installation_uuid.as_deref(), Some("file"));
            assert_eq!(target.host.name.as_deref(), Some("xen1"));
        }
        let lacking = vec![
            piece(Weight::Database, uuids(Some("row"), None)),
            piece(Weight::Inventory, uuids(None, None)),
        ];
        assert_eq!(
            merge(lacking).host.installation_uuid,
            None,
            "xapi would not find it either"
        );
    }

    #[test]
    fn nics_are_those_of_the_database_with_what_others_know_of_them() {
        let mut own = nic("eth0");
        own.mac = Some("00:00:00:00:00:01".to_owned());
        own.management = Some(true);
        let of_database = Target {
            nics: Some(vec![
                own.clone(),
                TargetNic {
                    physical: false,
                    ..nic("bond0")
                },
            ]),
            ..Target::default()
        };
        let mut seen = nic("eth0");
        seen.pci = Some("0000:03:00.0".to_owned());
        // Another card under that name says nothing of this one.
        let mut other = nic("eth0");
        other.mac = Some("00:00:00:00:00:02".to_owned());
        other.carrier = Some(true);
        let of_kernel = Target {
            nics: Some(vec![other, seen, nic("eth1"), nic("bond0")]),
            ..Target::default()
        };
        let target = merge(vec![
            piece(Weight::Kernel, of_kernel),
            piece(Weight::Database, of_database),
        ]);
        let nics = target.nics.expect("NICs");
        assert_eq!(nics.len(), 2);
        own.pci = Some("0000:03:00.0".to_owned());
        assert_eq!(nics[0], own);
    }

    #[test]
    fn the_management_interface_is_named_where_no_nic_says() {
        for (device, bridge, managing) in [
            (Some("eth1"), Some("xenbr0"), Some("eth1")),
            (None, Some("xenbr0"), Some("eth0")),
            (None, Some("xapi1"), None),
            (Some("eth7"), None, None),
            (None, None, None),
        ] {
            let mut target = Target {
                nics: Some(vec![nic("eth0"), nic("eth1")]),
                ..Target::default()
            };
            target.management.device = device.map(str::to_owned);
            target.management.bridge = bridge.map(str::to_owned);
            let target = merge(vec![piece(Weight::Kernel, target)]);
            assert_eq!(
                target.management_device(),
                managing,
                "{device:?} {bridge:?}"
            );
            let known = target.nics.expect("NICs")[0].management.is_some();
            assert_eq!(known, managing.is_some());
        }
    }

    #[test]
    fn files_are_those_that_any_source_names() {
        let files = |name: &str| Target {
            files: Some([name.to_owned()].into()),
            ..Target::default()
        };
        let target = merge(vec![
            piece(Weight::Other, files("/a")),
            piece(Weight::Other, files("/b")),
        ]);
        assert_eq!(target.files.expect("files").len(), 2);
    }
}
