//! Both sides, device by device, and what follows from the comparison: checks 28, 29 and 33.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use xenspect_inventory::Record;
use xenspect_inventory::view::Nic;
use xenspect_model::preflight::{NicRow, NicSide, NicState, Renaming};
use xenspect_model::target::{Target, TargetNic};
use xenspect_model::{Code, Finding};

use super::own::{Own, above, mac_of, pci_of};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

/// A row for every physical device of either side, `eth2` before `eth10`.
pub(super) fn of<'a>(restore: &Restore<'a>, own: &Own<'a>) -> Vec<NicRow> {
    let nics = restore.target.physical_nics();
    let targets = nics.clone().unwrap_or_default();
    let mut devices: Vec<String> = own
        .in_database()
        .map(|(device, _)| device.into_owned())
        .collect();
    devices.extend(targets.iter().map(|nic| nic.device.clone()));
    devices.sort_by(|a, b| by_number(a, b));
    devices.dedup();
    let mut cards: HashMap<String, Vec<&str>> = HashMap::new();
    for nic in &targets {
        if let Some(mac) = &nic.mac {
            cards
                .entry(mac.to_ascii_lowercase())
                .or_default()
                .push(&nic.device);
        }
    }
    let mut macs: HashMap<String, Vec<String>> = HashMap::new();
    for (device, pif) in own.in_database() {
        if let Some(mac) = mac_of(pif) {
            macs.entry(mac).or_default().push(device.into_owned());
        }
    }
    let by_device: HashMap<&str, &TargetNic> = targets
        .iter()
        .rev()
        .map(|nic| (nic.device.as_str(), *nic))
        .collect();
    let rows = devices.into_iter().map(|device| {
        let pif = own.of_device(&device);
        let nic = by_device.get(device.as_str()).copied();
        let ours = pif.and_then(mac_of);
        let bearers = ours.as_ref().and_then(|mac| cards.get(mac));
        let mut bearers = bearers.into_iter().flatten();
        let now_at = bearers
            .find(|other| **other != device)
            .map(|other| (*other).to_owned());
        let state = match (pif, nic) {
            _ if nics.is_none() => NicState::Unknown,
            (Some(_), None) => NicState::Missing,
            (None, Some(_)) => NicState::Forgotten,
            (None, None) => NicState::Unknown,
            (Some(_), Some(nic)) => match (&ours, &nic.mac) {
                (Some(ours), Some(_)) if is_mac(nic, ours) => NicState::Same,
                (Some(_), Some(theirs)) => {
                    let owners = macs.get(&theirs.to_ascii_lowercase());
                    let elsewhere =
                        owners.is_some_and(|all| all.iter().any(|other| *other != device));
                    if now_at.is_some() || elsewhere {
                        NicState::Moved
                    } else {
                        NicState::Replaced
                    }
                }
                _ => NicState::Unknown,
            },
        };
        NicRow {
            in_input: pif.map(|pif| of_pif(restore, own, pif)),
            in_target: nic.map(|nic| of_nic(restore.target, nic)),
            // Where the name is right nothing has moved, whoever else has that address.
            now_at: now_at.filter(|_| state != NicState::Same),
            device,
            state,
        }
    });
    rows.collect()
}

fn is_mac(nic: &TargetNic, mac: &str) -> bool {
    nic.mac
        .as_deref()
        .is_some_and(|own| own.eq_ignore_ascii_case(mac))
}

/// Names by their letters, then by their number.
pub(super) fn by_number(a: &str, b: &str) -> Ordering {
    let split = |name: &str| {
        let letters = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (letters, digits) = name.split_at(letters);
        (letters.to_owned(), digits.parse::<u64>().ok())
    };
    split(a).cmp(&split(b)).then_with(|| a.cmp(b))
}

fn of_pif<'a>(restore: &Restore<'a>, own: &Own<'a>, pif: &Record<'a>) -> NicSide {
    let stacked = above(restore, own, pif);
    let network = pif.follow("network");
    let mut uses: Vec<String> = stacked.iter().map(|(name, _)| name.clone()).collect();
    uses.sort_by(|a, b| by_number(a, b));
    uses.dedup();
    NicSide {
        mac: mac_of(pif),
        pci: pci_of(pif),
        management: pif.is("management") || stacked.iter().any(|(_, above)| above.is("management")),
        network: network
            .and_then(|network| network.name().or_else(|| network.filled("bridge")))
            .map(|name| name.into_owned()),
        uses,
        ip: ip_of(pif),
    }
}

/// The name of the target's network on a bridge, or else the bridge.
fn network_of(target: &Target, bridge: &str) -> String {
    let networks = target.networks.as_deref().unwrap_or_default();
    let mut same = networks
        .iter()
        .filter(|network| network.bridge.as_deref() == Some(bridge));
    let name = same.next().and_then(|network| network.name.clone());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| bridge.to_owned())
}

fn ip_of(pif: &Record<'_>) -> Option<String> {
    let mode = Nic(*pif).ip_mode()?;
    if mode.eq_ignore_ascii_case("dhcp") {
        return Some("DHCP".to_owned());
    }
    Nic(*pif).addresses().into_iter().next()
}

fn of_nic(target: &Target, nic: &TargetNic) -> NicSide {
    let all = target.nics.as_deref().unwrap_or_default();
    let on_it = all
        .iter()
        .filter(|other| !other.physical && other.device == nic.device);
    let on_it: Vec<&TargetNic> = on_it.collect();
    let vlans: BTreeSet<i64> = on_it.iter().filter_map(|other| other.vlan).collect();
    NicSide {
        mac: nic.mac.as_ref().map(|mac| mac.to_ascii_lowercase()),
        pci: nic.pci.as_ref().map(|pci| pci.to_ascii_lowercase()),
        management: nic.is_management() || on_it.iter().any(|other| other.is_management()),
        network: nic
            .bridge
            .as_deref()
            .map(|bridge| network_of(target, bridge)),
        uses: vlans.into_iter().map(|tag| format!("VLAN {tag}")).collect(),
        ip: nic.ip.clone(),
    }
}

/// Checks 28, 29 and 33.
pub(super) fn check(
    restore: &Restore<'_>,
    own: &Own<'_>,
    rows: &[NicRow],
    renaming: Option<&Renaming>,
    verdicts: &mut Verdicts,
) {
    let Some(nics) = restore.target.physical_nics() else {
        for number in [28, 29, 33] {
            verdicts.lack(Id::Restore(number), "the target's NICs");
        }
        return;
    };
    if !nics.is_empty() && nics.iter().all(|nic| nic.mac.is_none()) {
        verdicts.lack(Id::Restore(28), "MAC addresses of the target's NICs");
    }
    for row in rows {
        match row.state {
            NicState::Moved => verdicts.find(moved(row, rows, renaming)),
            NicState::Replaced => verdicts.find(replaced(row)),
            NicState::Forgotten if restore.coordinator.is_some() => verdicts.find(forgotten(row)),
            _ => {}
        }
    }
    slots(own, rows, verdicts);
}

fn macs(row: &NicRow, mut finding: Finding) -> Finding {
    for (name, side) in [
        ("mac_in_dump", &row.in_input),
        ("mac_on_target", &row.in_target),
    ] {
        if let Some(mac) = side.as_ref().and_then(|side| side.mac.clone()) {
            finding = finding.fact(name, mac);
        }
    }
    finding
}

fn moved(row: &NicRow, rows: &[NicRow], renaming: Option<&Renaming>) -> Finding {
    let finding = Finding::new(Code::RestoreNicMoved).fact("device", row.device.as_str());
    let mut finding = macs(row, finding);
    if let Some(now) = &row.now_at {
        finding = finding.fact("now_at", now.as_str());
    }
    let here = row.in_target.as_ref().and_then(|side| side.mac.as_deref());
    let before = rows.iter().find(|other| {
        let mac = other.in_input.as_ref().and_then(|side| side.mac.as_deref());
        other.device != row.device && mac.is_some() && mac == here
    });
    if let Some(before) = before {
        finding = finding.fact("was_in_dump", before.device.as_str());
    }
    match renaming {
        Some(renaming) => {
            let command = &renaming.command;
            finding.advice(format!(
                "Give the NICs the names of the dump on the target before the restore: `{command}`, then reboot, and look \
                 whether `ip -j link` shows every MAC address under its old name. Re-plugging the wires does as well."
            ))
        }
        None => finding,
    }
}

fn replaced(row: &NicRow) -> Finding {
    macs(
        row,
        Finding::new(Code::RestoreNicReplaced).fact("device", row.device.as_str()),
    )
}

fn forgotten(row: &NicRow) -> Finding {
    let finding = Finding::new(Code::RestoreNicForgotten).fact("device", row.device.as_str());
    let finding = macs(row, finding);
    let is_management = row.in_target.as_ref().is_some_and(|side| side.management);
    finding.fact("management", is_management)
}

/// Check 33: the same name and card, and another slot. A card that has moved is told as that.
fn slots(own: &Own<'_>, rows: &[NicRow], verdicts: &mut Verdicts) {
    let check = Id::Restore(33);
    if own.in_database().all(|(_, pif)| pci_of(pif).is_none()) {
        verdicts.nothing(check);
        return;
    }
    let both = rows.iter().filter_map(|row| {
        row.in_input
            .as_ref()
            .zip(row.in_target.as_ref())
            .map(|sides| (row, sides))
    });
    let mut compared = false;
    for (row, (ours, theirs)) in both {
        let Some((before, now)) = ours.pci.as_deref().zip(theirs.pci.as_deref()) else {
            continue;
        };
        compared = true;
        if whole(before) != whole(now) && row.state != NicState::Moved {
            let finding = Finding::new(Code::RestorePciOrder)
                .fact("device", row.device.as_str())
                .fact("slot_in_dump", before)
                .fact("slot_on_target", now);
            verdicts.find(finding);
        }
    }
    if !compared {
        verdicts.lack(check, "PCI addresses of the target's NICs");
    }
}

/// A PCI address with its segment, which some tools leave out.
pub(super) fn whole(pci: &str) -> String {
    let pci = pci.to_ascii_lowercase();
    if pci.matches(':').count() == 1 {
        format!("0000:{pci}")
    } else {
        pci
    }
}
