//! The head of a pool database: whose it is, of which release, which hosts, and how much of what.

use xenspect_model::report::{DatabaseSummary, Host, Named, RedoLog};

use super::{Row, Style, plural};
use crate::quantity::count;
use crate::text::shorten;

/// Hosts and releases named unless everything is asked for.
const NAMED: usize = 4;
/// Columns of a name or a version.
const TEXT: usize = 60;

/// Pool, schema, hosts and numbers, one label each.
pub(crate) fn rows(database: &DatabaseSummary, style: &Style) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(pool) = &database.pool {
        rows.push(Row::new("pool", named(pool, style)));
    }
    rows.push(Row::new("schema", schema(database, style)));
    rows.extend(hosts(database, style));
    if let Some(log) = &database.redo_log {
        rows.push(Row::new("redo log", redo_log(log)));
    }
    rows.push(Row::new("holds", holds(database)));
    rows
}

/// The pool's name, for a line that has other things to say.
pub(super) fn short(database: &DatabaseSummary, style: &Style) -> String {
    match &database.pool {
        Some(pool) if !pool.name.is_empty() => {
            format!("pool \"{}\", ", shorten(&pool.name, 30, style.unicode))
        }
        _ => String::new(),
    }
}

fn named(thing: &Named, style: &Style) -> String {
    let name = match thing.name.as_str() {
        "" => "without a name".to_owned(),
        name => format!("\"{}\"", shorten(name, TEXT, style.unicode)),
    };
    match thing.uuid.as_str() {
        "" => name,
        uuid => format!("{name}, uuid {}", shorten(uuid, TEXT, style.unicode)),
    }
}

fn schema(database: &DatabaseSummary, style: &Style) -> String {
    let number = |number: Option<i64>| number.map_or("?".to_owned(), |number| number.to_string());
    let mut text = format!(
        "{}.{}",
        number(database.schema_major),
        number(database.schema_minor)
    );
    let most = if style.verbose { usize::MAX } else { NAMED };
    let mut releases: Vec<String> = database
        .releases
        .iter()
        .take(most)
        .map(|release| shorten(release, TEXT, style.unicode))
        .collect();
    let more = database.releases.len().saturating_sub(most);
    if more > 0 {
        releases.push(format!("{more} more"));
    }
    if releases.is_empty() {
        text.push_str(" (no known release)");
    } else {
        text.push_str(&format!(" ({})", releases.join(", ")));
    }
    if let Some(generation) = database.generation {
        text.push_str(&format!(", generation {generation}"));
    }
    text
}

fn hosts(database: &DatabaseSummary, style: &Style) -> Vec<Row> {
    let most = if style.verbose { usize::MAX } else { NAMED };
    // The coordinator first: it may stand behind those that are left out.
    let is_coordinator = |host: &&Host| {
        let coordinator = database.coordinator.as_ref();
        coordinator.is_some_and(|coordinator| coordinator.uuid == host.uuid)
    };
    let first = database.hosts.iter().filter(is_coordinator);
    let others = database.hosts.iter().filter(|host| !is_coordinator(host));
    let mut rows = Vec::new();
    for host in first.chain(others).take(most) {
        let label = match (rows.is_empty(), database.hosts.len()) {
            (true, 1) => "host",
            (true, _) => "hosts",
            _ => "",
        };
        let coordinator = is_coordinator(&host) && database.hosts.len() > 1;
        rows.push(Row::new(label, self::host(host, coordinator, style)));
    }
    let more = database.hosts.len().saturating_sub(most);
    if more > 0 {
        let more = format!("and {} more (--verbose lists all)", count(more as u64));
        rows.push(Row::new("", more));
    }
    rows
}

fn host(host: &Host, coordinator: bool, style: &Style) -> String {
    let mut parts = vec![format!("\"{}\"", shorten(&host.name, TEXT, style.unicode))];
    if coordinator {
        parts.push("coordinator".to_owned());
    }
    if let Some(product) = &host.product {
        parts.push(shorten(product, TEXT, style.unicode));
    }
    if let Some(xapi) = &host.xapi {
        parts.push(format!("xapi {}", shorten(xapi, TEXT, style.unicode)));
    }
    parts.join(", ")
}

fn redo_log(log: &RedoLog) -> String {
    let half = if log.half == 1 { "first" } else { "second" };
    let mut text = format!(
        "{half} half, generation {}, {} put in",
        log.generation,
        plural(log.applied, "change")
    );
    if log.skipped > 0 {
        text.push_str(&format!(", {} not", count(log.skipped)));
    }
    text
}

fn holds(database: &DatabaseSummary) -> String {
    let counts = [
        (database.vms, "VM"),
        (database.templates, "template"),
        (database.snapshots, "snapshot"),
        (database.vdis, "VDI"),
        (database.srs, "SR"),
        (database.networks, "network"),
    ];
    let mut parts: Vec<String> = counts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, thing)| plural(number, thing))
        .collect();
    let rows = format!(
        "{} in {}",
        plural(database.rows, "row"),
        plural(database.tables, "table")
    );
    parts.push(rows);
    parts.join(", ")
}
