//! What both pages say of answers, checks, levels and changes, not yet escaped.

use xenspect_model::Severity;
use xenspect_model::preflight::{
    Answer, Change, Changes, Check, Enforced, Level, Outcome, PreflightInput, PreflightReport,
    XapiError,
};
use xenspect_model::report::{Kind, Named};

use crate::human::plural;
use crate::quantity::count;

/// The word for whether it would be accepted.
pub(super) const fn verdict(answer: &Answer) -> &'static str {
    match answer.accepted {
        Some(true) => "WOULD BE ACCEPTED",
        Some(false) => "WOULD BE REFUSED",
        None => "CANNOT BE SAID",
    }
}

/// An error as xapi spells it: `RESTORE_TARGET_MISSING_DEVICE [eth3]`.
pub(super) fn error(error: &XapiError) -> String {
    format!("{} [{}]", error.code, error.params.join("; "))
}

/// Whether what would be restored is a pool database, or a host.
pub(super) fn is_pool(report: &PreflightReport) -> bool {
    report.host.is_some() || matches!(report.input.kind, Some(Kind::PoolDb | Kind::RedoLog))
}

/// Whether the host would boot, as a sentence.
pub(super) const fn boots(report: &PreflightReport) -> &'static str {
    match (report.preflight.boots, &report.host) {
        (Some(true), None) => "yes, xapi would start with the restored database",
        (Some(false), None) => "NO, xapi would not start with the restored database",
        (Some(true), Some(_)) => "yes, the restored host would start",
        (Some(false), Some(_)) => "NO, the restored host or its xapi would not start",
        (None, _) => "not known: facts are missing, or the file cannot be read whole",
    }
}

/// A name with a uuid.
pub(super) fn named(named: &Named) -> String {
    match (named.name.as_str(), named.uuid.as_str()) {
        (name, "") => format!("\"{name}\""),
        ("", uuid) => format!("without a name, {uuid}"),
        (name, uuid) => format!("\"{name}\", {uuid}"),
    }
}

/// What the input is.
pub(super) fn content(input: &PreflightInput) -> String {
    let mut parts = vec![
        input
            .kind
            .map_or("of an unknown kind", Kind::phrase)
            .to_owned(),
    ];
    if let Some(member) = &input.member {
        parts[0] = format!("{} {member} in a host backup", parts[0]);
    }
    if let Some(hosts) = input.hosts {
        parts.push(plural(hosts, "host"));
    }
    if input.kind != Some(Kind::HostBackup) {
        parts.push(plural(input.vms, "VM"));
    }
    parts.join(", ")
}

/// The facts of a level beside their labels.
pub(super) fn level(level: &Level) -> [(&'static str, String); 3] {
    let schema = [level.schema.clone().unwrap_or_default(), schema_of(level)];
    let schema = schema.into_iter().filter(|part| !part.is_empty());
    [
        ("product", level.product.clone().unwrap_or_default()),
        ("xapi", level.xapi.clone().unwrap_or_default()),
        ("schema", schema.collect::<Vec<_>>().join(" of ")),
    ]
}

/// How many findings of each severity there are.
pub(super) fn found(report: &PreflightReport) -> String {
    let parts = Severity::ALL.into_iter().rev().filter_map(|severity| {
        let kept = report.findings.iter();
        let kept = kept.filter(|finding| finding.severity == severity).count() as u64;
        let omitted = report.omitted.iter();
        let omitted = omitted.filter(|(code, _)| code.entry().severity == severity);
        let number = kept + omitted.map(|(_, more)| more).sum::<u64>();
        (number > 0).then(|| plural(number, severity.word()))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Products with a schema, or else the builds.
fn schema_of(level: &Level) -> String {
    if level.releases.is_empty() {
        match level.builds.as_slice() {
            [] => String::new(),
            builds => format!("xapi {}", builds.join(", ")),
        }
    } else {
        level.releases.join(", ")
    }
}

/// What would be different, a label and its lines each.
pub(super) fn changes(changes: &Changes) -> Vec<(&'static str, Vec<String>)> {
    let moved = |change: &Option<Change>| -> Vec<String> {
        let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        let change = change.iter();
        change
            .map(|change| format!("{} becomes {}", known(&change.before), known(&change.after)))
            .collect()
    };
    let hosts = changes.hosts_forgotten.iter().map(|host| {
        let mut text = named(&Named {
            name: host.name.clone(),
            uuid: host.uuid.clone(),
        });
        if let Some(address) = &host.address {
            text.push_str(&format!(", {address}"));
        }
        if !host.local_srs.is_empty() {
            let srs = host.local_srs.iter().map(|sr| format!("\"{}\"", sr.name));
            text.push_str(&format!(
                "; local SRs {}",
                srs.collect::<Vec<_>>().join(", ")
            ));
        }
        format!("{text}; {}", plural(host.pifs, "PIF"))
    });
    let pifs = changes.pifs.iter().filter_map(|pif| {
        let mut parts = Vec::new();
        if let Some(mac) = &pif.mac {
            let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            parts.push(format!(
                "MAC {} becomes {}",
                known(&mac.before),
                known(&mac.after)
            ));
        }
        match pif.management {
            Some(true) => parts.push("becomes management".to_owned()),
            Some(false) => parts.push("is management no more".to_owned()),
            None => {}
        }
        let vlan = pif
            .vlan
            .map_or_else(String::new, |tag| format!(" VLAN {tag}"));
        (!parts.is_empty()).then(|| format!("{}{vlan}: {}", pif.device, parts.join(", ")))
    });
    let rows = |tables: &std::collections::BTreeMap<String, u64>| -> Vec<String> {
        let rows = tables
            .iter()
            .map(|(table, rows)| format!("{} {table}", count(*rows)));
        let rows = rows.collect::<Vec<_>>().join(", ");
        if rows.is_empty() {
            Vec::new()
        } else {
            vec![rows]
        }
    };
    let all = [
        ("forgotten", hosts.collect()),
        ("host uuid", moved(&changes.host_uuid)),
        ("dom0 uuid", moved(&changes.control_domain_uuid)),
        ("management", moved(&changes.management)),
        ("PIFs", pifs.collect()),
        ("NICs lost", changes.nics_forgotten.clone()),
        ("halted VMs", changes.vms_halted.iter().map(named).collect()),
        ("rows left", rows(&changes.orphans)),
        ("rows gone", rows(&changes.collected)),
        (
            "networks",
            changes
                .networks_created
                .iter()
                .map(|name| format!("\"{name}\" is made"))
                .collect(),
        ),
        (
            "destroyed",
            changes.vms_replaced.iter().map(named).collect(),
        ),
    ];
    all.into_iter()
        .filter(|(_, lines): &(_, Vec<String>)| !lines.is_empty())
        .collect()
}

/// How the checks went, in numbers.
pub(super) fn tally(checks: &[Check]) -> String {
    let of = |outcome| {
        checks
            .iter()
            .filter(|check| check.outcome == outcome)
            .count() as u64
    };
    let parts = [
        (Outcome::Passed, "passed"),
        (Outcome::Found, "found something"),
        (Outcome::Unknown, "lack facts"),
        (Outcome::NotApplicable, "have nothing to check"),
    ];
    let parts = parts
        .into_iter()
        .map(|(outcome, words)| (of(outcome), words));
    let parts = parts.filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, words)| format!("{} {words}", count(number)))
        .collect();
    format!(
        "{}: {}",
        plural(checks.len() as u64, "check"),
        parts.join(", ")
    )
}

/// The check, and what it lacks.
pub(super) fn lacking(check: &Check) -> Option<String> {
    (check.outcome == Outcome::Unknown)
        .then(|| format!("{}: lacks {}", numbered(check), check.lacks.join(", ")))
}

/// The check with its number.
pub(super) fn numbered(check: &Check) -> String {
    match check.number {
        Some(number) => format!("{number} {}", check.title),
        None => check.title.to_owned(),
    }
}

/// Who makes a check.
pub(super) const fn made_by(check: &Check) -> &'static str {
    match check.enforced {
        Enforced::ByXapi => "xapi",
        Enforced::ByInstaller => "the installer",
        Enforced::AtBoot => "xapi at boot",
        Enforced::Beyond => "beyond xapi",
    }
}

/// How a check went, in a word or two.
pub(super) const fn outcome(check: &Check) -> &'static str {
    match check.outcome {
        Outcome::Passed => "passed",
        Outcome::Found => "found",
        Outcome::Unknown => "lacks facts",
        Outcome::NotApplicable => "nothing to check",
    }
}
