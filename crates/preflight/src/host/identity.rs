//! Which machine the target is, who the host is afterwards, and who else has that identity (`formats/host-backup.md`
//! section 5.3).

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::preflight::{HostIdentity, Machine};
use xenspect_model::{Code, Finding, Severity};

use super::backup::Backup;
use crate::Known;
use crate::checks::Id;
use crate::verdicts::Verdicts;

/// NICs that are told.
const NICS: usize = 64;

/// Makes the checks 12 to 14.
pub(super) fn check(backup: &Backup<'_>, verdicts: &mut Verdicts) -> Machine {
    product(backup, verdicts);
    alive(backup, verdicts);
    machine(backup, verdicts)
}

fn product(backup: &Backup<'_>, verdicts: &mut Verdicts) {
    let product = &backup.target.product;
    let mut finding = Finding::new(Code::HostRestoreProduct);
    let (mut differs, mut compared) = (false, false);
    for (name, key, theirs) in [
        ("brand", "PRODUCT_BRAND", &product.brand),
        ("version", "PRODUCT_VERSION", &product.version),
        ("build", "BUILD_NUMBER", &product.build),
    ] {
        let (Some(ours), Some(theirs)) = (backup.filled(key), theirs.as_deref()) else {
            continue;
        };
        compared = true;
        if ours != theirs {
            differs = true;
            finding = finding
                .fact(&format!("{name}_of_backup"), ours)
                .fact(&format!("{name}_of_target"), theirs);
        }
    }
    if differs {
        verdicts.find(finding);
    } else if !compared {
        verdicts.lack(Id::Host(12), "product and version of both sides");
    }
}

/// MAC addresses of the host's NICs by device, as its row in the embedded database has them.
fn macs(backup: &Backup<'_>) -> BTreeMap<String, String> {
    let pifs = backup.pifs();
    let physical = pifs.iter().filter(|pif| pif.is("physical")).take(NICS);
    let pairs = physical.filter_map(|pif| {
        let mac = pif.filled("MAC")?.to_ascii_lowercase();
        Some((pif.text("device")?.into_owned(), mac))
    });
    pairs.collect()
}

/// Check 13.
fn machine(backup: &Backup<'_>, verdicts: &mut Verdicts) -> Machine {
    let host = &backup.target.host;
    let own = backup.filled("INSTALLATION_UUID");
    if own.is_some() && own == host.installation_uuid.as_deref() {
        return Machine::SameInstallation;
    }
    let disk = backup.filled("PRIMARY_DISK");
    let has_disk = disk.and_then(|disk| {
        let disks = backup.target.disks.as_ref();
        let mut disks = disks.into_iter().flatten().map(|disk| disk.path.as_str());
        if host.primary_disk.as_deref() == Some(disk) || disks.any(|path| path == disk) {
            return Some(true);
        }
        (host.primary_disk.is_some() || backup.target.disks.is_some()).then_some(false)
    });
    let ours: BTreeSet<String> = macs(backup).into_values().collect();
    let theirs: Option<BTreeSet<String>> = backup.target.physical_nics().map(|nics| {
        let macs = nics.iter().filter_map(|nic| nic.mac.as_deref());
        macs.map(str::to_ascii_lowercase).collect()
    });
    let shared = theirs
        .filter(|theirs| !theirs.is_empty() && !ours.is_empty())
        .map(|theirs| ours.intersection(&theirs).count() as u64);
    let machine = match (has_disk, shared) {
        (None, None) => Machine::Unknown,
        (_, Some(0)) => Machine::Other,
        (Some(false), None) => Machine::Other,
        (_, Some(_)) | (Some(true), None) => Machine::InstalledAnew,
    };
    let said = match machine {
        Machine::Other => "another machine",
        Machine::InstalledAnew => "the same machine, installed anew",
        Machine::SameInstallation | Machine::Unknown => {
            verdicts.lack(Id::Host(13), "the target's uuid, disks and NICs");
            return machine;
        }
    };
    let mut finding = Finding::new(Code::HostRestoreMachine).fact("target_is", said);
    if let Some(uuid) = own {
        finding = finding.fact("uuid_of_backup", uuid);
    }
    if let Some(uuid) = &host.installation_uuid {
        finding = finding.fact("uuid_of_target", uuid.as_str());
    }
    if let Some(has_disk) = has_disk {
        finding = finding.fact("has_primary_disk", has_disk);
    }
    if let Some(shared) = shared {
        finding = finding
            .fact("nics_of_backup", ours.len() as u64)
            .fact("of_these_in_target", shared);
    }
    if machine == Machine::Other {
        finding = finding.severity(Severity::Warning);
    }
    verdicts.find(finding);
    machine
}

/// Check 14: a pool that lives has the host, and it is not the target.
fn alive(backup: &Backup<'_>, verdicts: &mut Verdicts) {
    let Some(uuid) = backup.filled("INSTALLATION_UUID") else {
        verdicts.lack(Id::Host(14), "INSTALLATION_UUID of the backup");
        return;
    };
    let known = backup.question.known;
    let is_target = known.target.host.installation_uuid.as_deref() == Some(uuid);
    let others = backup.question.manner.also.iter();
    let target = (!is_target).then_some(known);
    for pool in target.into_iter().chain(others) {
        let Some(name) = has_host(pool, uuid) else {
            continue;
        };
        let mut finding = Finding::new(Code::HostRestoreAlive)
            .fact("installation_uuid", uuid)
            .fact("told_by", pool.path.as_str())
            .fact("host", name);
        if backup.is_member() {
            finding = finding.severity(Severity::Note).advice(
                "That is as it must be if this is the pool that the host was a member of: its row is still there, and \
                 the restored host takes it up again. Make sure that the machine itself is off.",
            );
        }
        verdicts.find(finding);
    }
}

/// The name of the host of this uuid, if a pool has one.
fn has_host(pool: &Known, uuid: &str) -> Option<String> {
    let target = &pool.target;
    let mut members = target.members.iter().flatten();
    if let Some(member) = members.find(|member| member.uuid == uuid) {
        return Some(member.name.clone().unwrap_or_default());
    }
    let host = &target.host;
    let is_it = host.installation_uuid.as_deref() == Some(uuid);
    is_it.then(|| host.name.clone().unwrap_or_default())
}

/// What the host is afterwards.
pub(super) fn of(backup: &Backup<'_>) -> HostIdentity {
    let key = |key: &str| backup.filled(key).map(str::to_owned);
    let own = backup.own_row();
    HostIdentity {
        installation_uuid: key("INSTALLATION_UUID"),
        control_domain_uuid: key("CONTROL_DOMAIN_UUID"),
        name: own.and_then(|host| host.name().map(std::borrow::Cow::into_owned)),
        role: backup.role_text(),
        management_interface: key("MANAGEMENT_INTERFACE"),
        management_address: address(backup),
        product: backup.product(),
        pool_secret: backup.has_secret(),
        macs: macs(backup),
    }
}

/// The address of the management interface, by the host's own PIF, or else by `management.conf`.
fn address(backup: &Backup<'_>) -> Option<String> {
    let pifs = backup.pifs();
    if let Some(pif) = pifs.iter().find(|pif| pif.is("management")) {
        let mode = pif.text("ip_configuration_mode");
        if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("dhcp")) {
            return Some("DHCP".to_owned());
        }
        if let Some(address) = pif.filled("IP") {
            return Some(address.into_owned());
        }
    }
    let written = backup.management()?;
    match written.get("MODE")? {
        "dhcp" => Some("DHCP".to_owned()),
        _ => written
            .get("IP")
            .filter(|address| !address.is_empty())
            .map(str::to_owned),
    }
}
