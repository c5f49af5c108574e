//! The head of a host backup: which host, its databases, and how far a restore would come.

use xenspect_model::Code;
use xenspect_model::report::{HostDatabase, HostRole, HostSummary, RestoreAnswer, StageAnswer};

use super::{Row, Style, plural};
use crate::quantity::size;
use crate::text::shorten;

/// Databases shown unless everything is asked for.
const DATABASES: usize = 4;
/// Columns of a text of the inventory.
const TEXT: usize = 80;

/// The host, what is in it, and both stages of a restore, one label each.
pub(crate) fn rows(host: &HostSummary, style: &Style) -> Vec<Row> {
    let mut rows = vec![Row::new("host", who(host, style))];
    if let Some(uuid) = &host.installation_uuid {
        rows.push(Row::new("uuid", shorten(uuid, TEXT, style.unicode)));
    }
    if let Some(disk) = &host.primary_disk {
        rows.push(Row::new("disk", shorten(disk, TEXT, style.unicode)));
    }
    rows.push(Row::new("files", files(host, style)));
    rows.extend(databases(&host.databases, style));
    let host_restore = host_restore(&host.host_restore, style);
    rows.push(Row::new("host-restore", host_restore));
    rows.push(Row::new("installer", installer(&host.installer, style)));
    rows
}

/// The product, for a line that has other things to say.
pub(super) fn short(host: &HostSummary, style: &Style) -> String {
    match product(host, style) {
        Some(product) => format!("{product}, "),
        None => String::new(),
    }
}

fn product(host: &HostSummary, style: &Style) -> Option<String> {
    let parts: Vec<String> = [&host.product_brand, &host.product_version]
        .into_iter()
        .flatten()
        .map(|text| shorten(text, TEXT, style.unicode))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn who(host: &HostSummary, style: &Style) -> String {
    let text = |text: &str| shorten(text, TEXT, style.unicode);
    let mut parts: Vec<String> = product(host, style).into_iter().collect();
    if let Some(platform) = &host.platform_version {
        parts.push(format!("platform {}", text(platform)));
    }
    if let Some(build) = &host.build_number {
        parts.push(format!("build {}", text(build)));
    }
    match (host.role, &host.coordinator_address) {
        (Some(HostRole::Coordinator), _) => parts.push("coordinator of its pool".to_owned()),
        (Some(HostRole::Member), Some(address)) if !address.is_empty() => {
            parts.push(format!("member, coordinator {}", text(address)));
        }
        (Some(HostRole::Member), _) => parts.push("member of a pool".to_owned()),
        (Some(HostRole::Broken), _) => parts.push("no role in a pool".to_owned()),
        (None, _) => {}
    }
    if parts.is_empty() {
        "not known: the inventory was not read".to_owned()
    } else {
        parts.join(", ")
    }
}

fn files(host: &HostSummary, style: &Style) -> String {
    let mut text = format!(
        "{} unpacked, of {} on the spare partition",
        size(host.unpacked_bytes),
        size(host.partition_bytes)
    );
    if !host.fits_old_layout {
        text.push_str(" (too much for the 4 GiB of hosts up to 6.x)");
    }
    if let Some(newest) = &host.newest_file {
        let newest = shorten(newest, TEXT, style.unicode);
        text.push_str(&format!("; newest file of {newest}"));
    }
    text
}

fn databases(databases: &[HostDatabase], style: &Style) -> Vec<Row> {
    let most = if style.verbose { usize::MAX } else { DATABASES };
    let mut rows = Vec::new();
    for base in databases.iter().take(most) {
        let label = match (rows.is_empty(), databases.len()) {
            (true, 1) => "database",
            (true, _) => "databases",
            _ => "",
        };
        let several = databases.len() > 1;
        rows.push(Row::new(label, database(base, several, style)));
    }
    let more = databases.len().saturating_sub(most);
    if more > 0 {
        let more = format!("and {more} more (--verbose lists all)");
        rows.push(Row::new("", more));
    }
    rows
}

fn database(base: &HostDatabase, several: bool, style: &Style) -> String {
    let path = shorten(&base.path, 200, style.unicode);
    let Some(summary) = &base.database else {
        return format!("{path}: could not be read");
    };
    let mut parts = Vec::new();
    if let Some(pool) = &summary.pool {
        parts.push(match pool.name.as_str() {
            "" => "pool without a name".to_owned(),
            name => format!("pool \"{}\"", shorten(name, 60, style.unicode)),
        });
    }
    if let Some(generation) = summary.generation {
        parts.push(format!("generation {generation}"));
    }
    parts.push(plural(summary.hosts.len() as u64, "host"));
    parts.push(plural(summary.vms, "VM"));
    parts.push(plural(summary.srs, "SR"));
    if base.preferred && several {
        parts.push("the one to use".to_owned());
    }
    format!("{path}: {}", parts.join(", "))
}

fn host_restore(answer: &StageAnswer, style: &Style) -> String {
    match answer.answer {
        RestoreAnswer::Accepted => match answer.code {
            Some(code) => {
                format!("would be accepted, and run what is in the inventory as root ({code})")
            }
            None => {
                "would be accepted; it formats the spare partition and unpacks there".to_owned()
            }
        },
        RestoreAnswer::Refused => {
            let error = match &answer.xapi_error {
                Some(error) => format!(" with {}", shorten(error, 60, style.unicode)),
                None => String::new(),
            };
            stopped(answer, &format!("would be refused{error}"), style)
        }
        _ => UNKNOWN.to_owned(),
    }
}

fn installer(answer: &StageAnswer, style: &Style) -> String {
    match answer.answer {
        RestoreAnswer::Accepted => accepted(answer, style),
        RestoreAnswer::NotListed => stopped(answer, "would not list it", style),
        RestoreAnswer::Stops => stopped(answer, "would list it, and fail while it restores", style),
        RestoreAnswer::Refused => stopped(answer, "would refuse it", style),
        RestoreAnswer::Unknown => UNKNOWN.to_owned(),
    }
}

const UNKNOWN: &str = "cannot be told from what was read";

/// By which installers it is taken, and what is wrong with it all the same.
fn accepted(answer: &StageAnswer, style: &Style) -> String {
    let mut text = "would list it and restore it".to_owned();
    if let Some(platform) = &answer.needs_platform {
        let platform = shorten(platform, TEXT, style.unicode);
        text.push_str(&format!(", if its own platform is {platform} or later"));
    }
    match (&answer.only_on, answer.code) {
        (Some(only_on), code) => {
            let only_on = shorten(only_on, TEXT, style.unicode);
            text.push_str(&format!("; {only_on} only{}", in_brackets(code)));
        }
        (None, Some(code)) => text.push_str(&format!("; xapi would not start on it ({code})")),
        (None, None) => {}
    }
    text
}

fn in_brackets(code: Option<Code>) -> String {
    code.map(|code| format!(" ({code})")).unwrap_or_default()
}

/// What happens, where it does, why, and what is lost by then.
fn stopped(answer: &StageAnswer, what: &str, style: &Style) -> String {
    let only_on = answer.only_on.as_deref();
    let mut text = match only_on.map(|only_on| shorten(only_on, TEXT, style.unicode)) {
        Some(only_on) if only_on.starts_with("installers") => format!("{only_on} {what}"),
        Some(only_on) => format!("{what} on {only_on}"),
        None => what.to_owned(),
    };
    text.push_str(&in_brackets(answer.code));
    if let Some(formatted) = answer.formatted {
        text.push_str(&format!("; formatted by then: {}", formatted.words()));
    }
    text
}
