//! What both pages say of the restore of a host, not yet escaped.

use xenspect_model::preflight::{
    HostDatabase, HostIdentity, HostRestore, HostStage, Machine, Stage,
};
use xenspect_model::report::Formatted;

/// Reasons of one stage that are told.
const REASONS: usize = 3;

/// The stages, each with its label.
pub(super) fn stages(host: &HostRestore) -> Vec<(&'static str, String)> {
    host.stages.iter().map(stage).collect()
}

fn stage(stage: &HostStage) -> (&'static str, String) {
    let (label, yes, no) = match stage.stage {
        Stage::HostRestore => ("host-restore", "would be accepted", "WOULD BE REFUSED"),
        Stage::InstallerLists => ("installer", "would list it", "WOULD NOT LIST IT"),
        Stage::InstallerRestores => ("and then", "would restore it", "WOULD NOT RESTORE IT"),
    };
    let word = match stage.accepted {
        Some(true) => yes,
        Some(false) => no,
        None => "cannot be said",
    };
    let mut text = word.to_owned();
    if let Some(error) = &stage.xapi_error {
        text.push_str(&format!(" ({})", error.code));
    }
    let first: Vec<&str> = stage
        .reasons
        .iter()
        .take(REASONS)
        .map(String::as_str)
        .collect();
    if !first.is_empty() {
        text.push_str(&format!(": {}", first.join("; ")));
        let more = stage.reasons.len().saturating_sub(REASONS);
        if more > 0 {
            text.push_str(&format!("; and {more} more"));
        }
    }
    let by = formatted(stage.formatted);
    match (stage.accepted, stage.stage) {
        (Some(false), _) => text.push_str(&format!(". By then {by}.")),
        (_, Stage::HostRestore) => text.push_str(". It formats the spare partition."),
        (_, Stage::InstallerRestores) => text.push_str(". It formats the root."),
        (_, Stage::InstallerLists) => {}
    }
    (label, text)
}

const fn formatted(by: Formatted) -> &'static str {
    match by {
        Formatted::Nothing => "nothing is formatted",
        Formatted::SparePartition => "the spare partition is formatted",
        Formatted::RootAndEfi => {
            "the spare partition and the root are formatted: the host that is there is lost"
        }
    }
}

/// How the target compares with the machine that the backup is of.
pub(super) const fn machine(machine: Machine) -> &'static str {
    match machine {
        Machine::Unknown => "not known whether it is the machine that the backup is of",
        Machine::SameInstallation => "the very installation that the backup is of",
        Machine::InstalledAnew => "the machine that the backup is of, installed anew",
        Machine::Other => "ANOTHER MACHINE than the backup is of",
    }
}

/// What the host comes back as.
pub(super) fn identity(identity: &HostIdentity) -> Vec<(&'static str, String)> {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "not known".to_owned());
    let mut host = known(&identity.installation_uuid);
    if let Some(name) = &identity.name {
        host = format!("\"{name}\", {host}");
    }
    let mut rows = vec![
        ("host", host),
        ("dom0", known(&identity.control_domain_uuid)),
        ("product", known(&identity.product)),
        ("role", known(&identity.role)),
        (
            "management",
            format!(
                "{}, address {}",
                known(&identity.management_interface),
                known(&identity.management_address)
            ),
        ),
        (
            "pool secret",
            match identity.pool_secret {
                true => "that of the backup",
                false => "not in the backup",
            }
            .to_owned(),
        ),
    ];
    if !identity.macs.is_empty() {
        let nics = identity.macs.iter();
        let nics: Vec<String> = nics.map(|(nic, mac)| format!("{nic} {mac}")).collect();
        rows.push(("NICs", nics.join(", ")));
    }
    rows
}

/// What the embedded database was compared with.
pub(super) const fn database(database: HostDatabase) -> &'static str {
    match database {
        HostDatabase::None => "there is none that can be read",
        HostDatabase::NotOnMember => "not restored: the host is a member of its pool",
        HostDatabase::HostRestored => "compared with the host as it comes back",
        HostDatabase::TargetAsItIs => "compared with the target as it is",
    }
}
