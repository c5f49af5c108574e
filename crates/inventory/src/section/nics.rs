//! The sections `nics` (of hosts), `vifs` (of VMs) and `networks`.

use std::collections::HashMap;

use xenspect_model::inventory::{Cell, Section, Table};

use super::{flag, int, list, names, natural, number, section, shared, text, title};
use crate::bounded::distinct;
use crate::view::{Nic, NicKind, Role, Vif, Vm};
use crate::{Record, Relation, Relations};

pub(super) fn nics(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("host", "host"),
        text("device", "device"),
        text("kind", "kind").rank(6),
        text("mac", "MAC").rank(1),
        int("vlan", "VLAN").rank(4),
        list("on", "on").rank(7),
        text("bond_mode", "bond mode").rank(9),
        text("bond", "bond").rank(5),
        text("network", "network").rank(8),
        flag("management", "mgmt").rank(2),
        text("ip_mode", "mode").rank(10),
        list("addresses", "addresses").rank(3),
        text("gateway", "gateway").rank(12),
        text("dns", "DNS").rank(13),
        flag("attached", "attached").rank(11),
        int("mtu", "MTU").rank(14),
        text("uuid", "uuid").rank(15),
    ]);
    let mut nics: Vec<Nic<'_>> = relations.store().of_class("PIF").map(Nic).collect();
    nics.sort_by_cached_key(|nic| {
        let host = nic.0.follow("host").map(|host| natural(&host.title()));
        let device = natural(&nic.device().unwrap_or_default());
        (host, device, nic.vlan(), nic.0.reference())
    });
    for nic in nics {
        let record = nic.0;
        let kind = nic.kind(relations);
        let device = |nic: &Nic<'_>| nic.device().unwrap_or_default().into_owned();
        let mut on: Vec<String> = nic.below(relations).iter().map(device).collect();
        on.sort_by_cached_key(|device| natural(device));
        let mode = match kind {
            NicKind::Bond => nic.bond_mode(relations),
            _ => None,
        };
        table.rows.push(vec![
            title(record.follow("host")),
            nic.device().into(),
            Cell::text(kind.name()),
            record.filled("MAC").into(),
            nic.vlan().into(),
            Cell::List(on),
            mode.into(),
            nic.bond().as_ref().map(device).into(),
            title(record.follow("network")),
            record.bool("management").into(),
            nic.ip_mode().into(),
            Cell::List(nic.addresses()),
            record.filled("gateway").into(),
            record.filled("DNS").into(),
            record.bool("currently_attached").into(),
            record.int("MTU").into(),
            record.uuid().into(),
        ]);
    }
    section("nics", "NICs of hosts", table)
}

pub(super) fn networks(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("bridge", "bridge").rank(1),
        int("mtu", "MTU").rank(5),
        list("nics", "host NICs").rank(3),
        list("vlans", "VLANs").rank(4),
        int("vifs", "VM NICs").rank(2),
        list("purpose", "purpose").rank(7),
        text("description", "description").rank(8),
        text("uuid", "uuid").rank(6),
    ]);
    let mut networks: Vec<_> = relations.store().of_class("network").collect();
    networks.sort_by_cached_key(|network| (natural(&network.title()), network.reference()));
    for network in networks {
        let pifs = relations.of(Relation::PifsOfNetwork, &network);
        let nics = || pifs.iter().map(|pif| Nic(*pif));
        let mut devices = distinct(nics().filter_map(|nic| Some(nic.device()?.into_owned())));
        let mut tags = distinct(nics().filter_map(|nic| Some(nic.vlan()?.to_string())));
        devices.sort_by_cached_key(|device| natural(device));
        tags.sort_by_cached_key(|tag| natural(tag));
        let vifs = relations.of(Relation::VifsOfNetwork, &network).len();
        table.rows.push(vec![
            Cell::text(network.title()),
            network.filled("bridge").into(),
            network.int("MTU").into(),
            Cell::List(devices),
            Cell::List(tags),
            number(vifs),
            names(network.set("purpose").unwrap_or_default()),
            network.filled("name_description").into(),
            network.uuid().into(),
        ]);
    }
    section("networks", "Networks", table)
}

pub(super) fn vifs(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("vm", "VM"),
        text("device", "#"),
        text("mac", "MAC"),
        text("network", "network").rank(1),
        text("bridge", "bridge").rank(2),
        list("addresses", "addresses").rank(3),
        int("mtu", "MTU").rank(5),
        flag("attached", "attached").rank(6),
        text("locking_mode", "locking").rank(7),
        flag("mac_generated", "MAC made").rank(8),
        text("uuid", "uuid").rank(4),
    ]);
    let mut vifs: Vec<Vif<'_>> = relations.store().of_class("VIF").map(Vif).collect();
    // Those of templates and snapshots stand last.
    let is_of_vm = |vm: &Record<'_>| Vm(*vm).role() == Role::Vm;
    vifs.sort_by_cached_key(|vif| {
        let device = natural(&vif.device().unwrap_or_default());
        let vm = vif.vm();
        (
            !vm.as_ref().is_some_and(is_of_vm),
            vm.map(|vm| natural(&vm.title())),
            vif.0.link("VM"),
            device,
            vif.0.reference(),
        )
    });
    let foremost = vifs.partition_point(|vif| vif.vm().as_ref().is_some_and(is_of_vm));
    // Those of one VM stand together, so what its guest reports is taken apart once.
    let mut reported = (None, HashMap::new());
    for vif in vifs {
        let record = vif.0;
        let network = vif.network();
        let vm = record.link("VM");
        if reported.0 != vm {
            let addresses = vif.vm().map(|vm| Vm(vm).addresses_by_device());
            reported = (vm, addresses.unwrap_or_default());
        }
        let addresses = vif.device().and_then(|device| reported.1.get(&*device));
        table.rows.push(vec![
            title(vif.vm()),
            vif.device().into(),
            record.filled("MAC").into(),
            title(network),
            shared(network.and_then(|network| network.filled("bridge"))),
            Cell::List(addresses.cloned().unwrap_or_default()),
            record.int("MTU").into(),
            record.bool("currently_attached").into(),
            record.filled("locking_mode").into(),
            record.bool("MAC_autogenerated").into(),
            record.uuid().into(),
        ]);
    }
    Section {
        foremost: Some(foremost),
        ..section("vifs", "NICs of VMs", table)
    }
}
