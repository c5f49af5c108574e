//! The address that the host comes up with: check 31. IP configuration is the dump's, whatever the target was given.

use std::borrow::Cow;

use xenspect_inventory::view::Nic;
use xenspect_inventory::{Record, Relation};
use xenspect_model::{Code, Finding};

use super::own::Own;
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// What is compared: its name, in the dump, on the target.
type Pair<'p> = (&'static str, Option<Cow<'p, str>>, Option<&'p str>);

pub(super) fn check<'a>(restore: &Restore<'a>, own: &Own<'a>, verdicts: &mut Verdicts) {
    if restore.coordinator.is_none() {
        return;
    }
    let check = Id::Restore(31);
    let management = &restore.target.management;
    // The NIC's own address where no configuration is known.
    let nics = restore.target.nics.as_deref().unwrap_or_default();
    let flagged = nics.iter().find(|nic| nic.is_management());
    let ip = management.ip.as_deref().or_else(|| flagged?.ip.as_deref());
    let ip = ip.map(|ip| ip.split('/').next().unwrap_or(ip));
    if ip.is_none() && management.mode.is_none() {
        verdicts.lack(check, "the target's management address");
        return;
    }
    let Some(pif) = management_pif(restore, own) else {
        verdicts.nothing(check);
        return;
    };
    let mode = Nic(pif).ip_mode();
    let is_dhcp = |mode: &str| mode.eq_ignore_ascii_case("dhcp");
    let dhcp = (
        mode.as_deref().map(is_dhcp),
        management.mode.as_deref().map(is_dhcp),
    );
    let by_dhcp =
        dhcp.0 == Some(true) && dhcp.1 != Some(false) || dhcp == (Some(false), Some(true));
    let pairs: [Pair<'_>; 4] = [
        ("mode", mode.clone(), management.mode.as_deref()),
        // What DHCP gave at one time need not be what it gives at another.
        ("ip", pif.filled("IP").filter(|_| !by_dhcp), ip),
        (
            "netmask",
            pif.filled("netmask").filter(|_| !by_dhcp),
            management.netmask.as_deref(),
        ),
        (
            "gateway",
            pif.filled("gateway").filter(|_| !by_dhcp),
            management.gateway.as_deref(),
        ),
    ];
    let mut finding = Finding::new(Code::RestoreAddress)
        .table("PIF")
        .row(&pif.reference())
        .fact(
            "device",
            pif.text("device").unwrap_or_default().into_owned(),
        );
    let mut differs = false;
    for (name, ours, theirs) in pairs {
        let (Some(ours), Some(theirs)) = (ours, theirs.filter(|text| !text.is_empty())) else {
            continue;
        };
        if !ours.eq_ignore_ascii_case(theirs) {
            differs = true;
            finding = finding
                .fact(&format!("{name}_in_dump"), ours.into_owned())
                .fact(&format!("{name}_on_target"), theirs);
        }
    }
    if differs {
        let told = finding.facts.get("ip_in_dump").is_some();
        if let Some(address) = pif.filled("IP").filter(|_| !told && dhcp.0 == Some(false)) {
            finding = finding.fact("ip_in_dump", address.into_owned());
        }
        verdicts.find(finding);
    }
}

/// The PIF that becomes the management interface: that of the inventory's bridge, or else of the management device, or
/// else the one that was it in the dump.
fn management_pif<'a>(restore: &Restore<'a>, own: &Own<'a>) -> Option<Record<'a>> {
    let bridge = restore
        .target
        .management
        .bridge
        .as_deref()
        .filter(|bridge| !bridge.is_empty());
    let by_bridge = bridge.and_then(|bridge| {
        let mut networks = restore.store.of_class("network");
        let network =
            networks.find(|network| network.text("bridge").is_some_and(|own| own == bridge))?;
        let pifs = restore.relations.of(Relation::PifsOfNetwork, &network);
        let is_own = |pif: &&Record<'a>| {
            own.all
                .iter()
                .any(|known| known.reference() == pif.reference())
        };
        pifs.iter().find(is_own).copied()
    });
    let device = restore.target.management_device();
    let by_device = || {
        let of_device = |pif: &&Record<'a>| pif.text("device").as_deref() == device;
        let mut listed = own.listed.iter().filter(of_device);
        listed
            .find(|pif| Nic(**pif).vlan().is_none())
            .copied()
            .filter(|_| device.is_some())
    };
    let by_flag = || own.listed.iter().find(|pif| pif.is("management")).copied();
    by_bridge.or_else(by_device).or_else(by_flag)
}
