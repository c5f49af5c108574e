//! The summary of an inventory: what a reader wants to know before any table.

use std::collections::BTreeMap;

use xenspect_model::catalog::Dump;
use xenspect_model::inventory::{Cell, Item};
use xenspect_xapi::datamodel::{self, DateTime, Type};
use xenspect_xapi::db::Database;
use xenspect_xapi::export::Export;
use xenspect_xapi::releases;
use xenspect_xapi::secrets::{self, Grade};

use crate::bounded::clip;
use crate::view::{Host, Pool, Role, Vm};
use crate::{Record, Relations, Store, iso_8601};

/// Hosts, or kinds of hosts, that are told apart.
const HOST_LINES: usize = 8;

/// Products of a schema that are named.
const PRODUCTS: usize = 4;

pub(crate) fn item(name: &'static str, label: &'static str, value: Cell) -> Item {
    Item { name, label, value }
}

/// Of a pool database with so many orphaned disks.
pub(crate) fn of_pool(
    database: &Database<'_>,
    relations: &Relations<'_>,
    orphans: usize,
) -> Vec<Item> {
    let store = relations.store();
    let mut items = Vec::new();
    if let Some(pool) = Pool::of(store) {
        let name = pool.0.name().map_or_else(|| "(no name)".to_owned(), quoted);
        items.push(item("pool", "pool", Cell::Text(name)));
        items.push(item("pool_uuid", "pool uuid", pool.0.uuid().into()));
        if let Some(host) = pool.coordinator() {
            let mut text = quoted(host.title());
            if let Some(address) = host.filled("address") {
                text = format!("{text}, {}", clip(address));
            }
            items.push(item("coordinator", "coordinator", Cell::Text(text)));
        }
    }
    if let Some((major, minor)) = database.schema() {
        items.push(item("schema", "schema", Cell::Text(schema(major, minor))));
    }
    items.push(item(
        "generation",
        "generation",
        database.generation().into(),
    ));
    items.extend(
        hosts(store)
            .into_iter()
            .map(|text| item("host", "host", Cell::Text(text))),
    );
    if let Some((date, field)) = newest_date(database) {
        let text = format!("{} ({field})", iso_8601(date));
        items.push(item("newest_date", "newest date", Cell::Text(text)));
    }
    items.push(item(
        "contents",
        "contents",
        Cell::Text(contents(relations, orphans)),
    ));
    if !database.is_complete() {
        let text = format!("the document ends early, at byte {}", database.end());
        items.push(item("incomplete", "incomplete", Cell::Text(text)));
    }
    items.retain(|item| !item.value.is_none());
    items
}

/// What there is to say of a redo log beside its database.
pub(crate) fn of_redo_log(dump: &Dump) -> Option<Item> {
    let state = dump.redo_log.as_ref()?;
    let mut text = format!(
        "database of generation {}, {} put in",
        state.generation,
        plural(state.applied, "later change")
    );
    if !state.skipped.is_empty() {
        let skipped = plural(state.skipped.len() as u64, "change");
        text = format!("{text}, {skipped} that could not be");
    }
    Some(item("redo_log", "redo log", Cell::Text(text)))
}

/// Of an export.
pub(crate) fn of_export(export: &Export, relations: &Relations<'_>) -> Vec<Item> {
    let version = &export.version;
    let text = |text: &Option<String>| {
        let text = text.as_deref().filter(|text| !text.is_empty());
        text.map(|text| clip(text.into()))
    };
    let mut exporter = [text(&version.product_brand), text(&version.product_version)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    if exporter.is_empty() {
        exporter.push_str("unnamed product");
    }
    if let Some(build) = text(&version.build_number) {
        exporter = format!("{exporter}, build {build}");
    }
    if let (Some(major), Some(minor)) = (version.xapi_major, version.xapi_minor) {
        exporter = format!("{exporter}, xapi {major}.{minor}");
    }
    let store = relations.store();
    let vms = store.of_class("VM").map(Vm);
    let vms: Vec<_> = vms.filter(|vm| vm.role() != Role::Snapshot).collect();
    let mut items = vec![item("exporter", "exporter", Cell::Text(exporter))];
    if let [vm] = vms.as_slice() {
        items.push(item("vm", "VM", Cell::Text(quoted(vm.0.title()))));
        items.push(item("vm_uuid", "VM uuid", vm.0.uuid().into()));
    }
    items.push(item(
        "contents",
        "contents",
        Cell::Text(contents(relations, 0)),
    ));
    items.retain(|item| !item.value.is_none());
    items
}

fn quoted(text: std::borrow::Cow<'_, str>) -> String {
    format!("\"{}\"", clip(text))
}

/// The schema with the releases it means.
fn schema(major: i64, minor: i64) -> String {
    let number = format!("{major}.{minor}");
    let known = u32::try_from(minor)
        .ok()
        .filter(|_| major == releases::MAJOR);
    let Some(minor) = known else {
        return format!("{number}, of no known release");
    };
    if let Some(schema) = releases::schema(minor) {
        let mut names: Vec<String> = schema.products.iter().map(ToString::to_string).collect();
        if names.is_empty() {
            names = schema
                .xapi
                .iter()
                .map(|range| match range.first == range.last {
                    true => format!("xapi {}", range.first),
                    false => format!("xapi {} to {}", range.first, range.last),
                })
                .collect();
        }
        let more = names.len().saturating_sub(PRODUCTS);
        names.truncate(PRODUCTS);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        return format!("{number}: {}{more}", names.join(", "));
    }
    let name = |schema: &releases::Schema| {
        let product = schema.products.first().map(ToString::to_string);
        let product = product.map_or_else(String::new, |product| format!(", {product}"));
        format!("5.{}{product}", schema.minor)
    };
    match releases::neighbours(minor) {
        (Some(below), None) => format!("{number}, later than the last known ({})", name(below)),
        (None, Some(above)) => format!("{number}, earlier than the first known ({})", name(above)),
        (Some(below), Some(above)) => {
            format!("{number}, between {} and {}", name(below), name(above))
        }
        (None, None) => number,
    }
}

/// Product and xapi of every host; hosts that are alike together, where there are many.
fn hosts(store: Store<'_>) -> Vec<String> {
    let mut alike: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut lines = Vec::new();
    for host in store.of_class("host").map(Host) {
        let mut what = host
            .product()
            .map_or_else(|| "unnamed product".to_owned(), |text| clip(text.into()));
        if let Some(build) = host.software("build_number") {
            what = format!("{what}, build {}", clip(build));
        }
        if let Some(xapi) = host.xapi() {
            what = format!("{what}, xapi {}", clip(xapi));
        }
        if let Some(schema) = host.software("db_schema") {
            what = format!("{what}, schema {}", clip(schema));
        }
        let name = quoted(host.0.title());
        lines.push(format!("{name}: {what}"));
        alike.entry(what).or_default().push(name);
    }
    if lines.len() <= HOST_LINES {
        return lines;
    }
    let mut groups: Vec<_> = alike.into_iter().collect();
    groups.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
    let more = groups.len().saturating_sub(HOST_LINES);
    let mut lines: Vec<String> = groups
        .into_iter()
        .take(HOST_LINES)
        .map(|(what, names)| match names.as_slice() {
            [name] => format!("{name}: {what}"),
            names => format!("{} hosts: {what}", names.len()),
        })
        .collect();
    if more > 0 {
        lines.push(format!("and {more} other kinds of hosts"));
    }
    lines
}

/// The newest date that xapi itself put into a database, and the field it is in. How old the dump is follows from it:
/// the dump bears no date of its own. Dates that people or guests decide about do not count.
#[must_use]
pub fn newest_date(database: &Database<'_>) -> Option<(DateTime, String)> {
    let mut newest: Option<(DateTime, String)> = None;
    for table in database.tables() {
        if matches!(
            table.name(),
            "Certificate" | "session" | "Caller" | "Repository"
        ) {
            continue;
        }
        let dates = datamodel::fields_of(table.name()).iter();
        let dates = dates.filter(|field| {
            field.ty == Type::DateTime && !matches!(field.column, "ssh_expiry" | "not_after")
        });
        for field in dates {
            for row in table.rows() {
                let Some(date) = row.text(field.column) else {
                    continue;
                };
                let Some(date) = DateTime::parse(&date) else {
                    continue;
                };
                if date.unix() > newest.as_ref().map_or(0, |(newest, _)| newest.unix()) {
                    newest = Some((date, format!("{}.{}", table.name(), field.api_field)));
                }
            }
        }
    }
    newest
}

/// How many there are of what; in an export nothing is known of orphans.
fn contents(relations: &Relations<'_>, orphans: usize) -> String {
    let store = relations.store();
    let mut states: BTreeMap<String, u64> = BTreeMap::new();
    let mut roles = [0_u64; 5];
    for vm in store.of_class("VM").map(Vm) {
        let role = vm.role();
        roles[role as usize] += 1;
        if role == Role::Vm {
            let state = vm.power_state().unwrap_or_default().to_lowercase();
            *states.entry(clip(state.into())).or_default() += 1;
        }
    }
    let [
        vms,
        templates,
        default_templates,
        snapshots,
        control_domains,
    ] = roles;
    let count = |class| store.count(class) as u64;
    let mut parts = Vec::new();
    let mut part = |n: u64, thing: &str, detail: String| {
        if n > 0 {
            parts.push(format!("{}{detail}", plural(n, thing)));
        }
    };
    let states: Vec<_> = states
        .into_iter()
        .filter(|(state, _)| !state.is_empty())
        .take(4)
        .map(|(state, n)| format!("{} {state}", grouped(n)))
        .collect();
    let states = match states.as_slice() {
        [] => String::new(),
        states => format!(" ({})", states.join(", ")),
    };
    part(count("host"), "host", String::new());
    part(vms, "VM", states);
    part(snapshots, "VM snapshot", String::new());
    part(templates, "own template", String::new());
    part(default_templates, "template of the product", String::new());
    if count("host") == 0 {
        part(control_domains, "control domain", String::new());
    }
    let orphaned = match orphans {
        0 => String::new(),
        n => format!(" ({} orphaned)", grouped(n as u64)),
    };
    part(count("VDI"), "disk image", orphaned);
    part(count("SR"), "SR", String::new());
    part(count("network"), "network", String::new());
    part(count("VIF"), "NIC of VMs", String::new());
    if let Store::Pool(database) = store {
        let secrets = secrets::in_database(database, Grade::Secret).len();
        part(secrets as u64, "secret", String::new());
    }
    if parts.is_empty() {
        parts.push("nothing".to_owned());
    }
    parts.join(", ")
}

pub(crate) fn plural(n: u64, thing: &str) -> String {
    let number = grouped(n);
    if n == 1 {
        return format!("{number} {thing}");
    }
    // The noun is in front of the first `of`.
    match thing.split_once(" of ") {
        Some((noun, rest)) => format!("{number} {noun}s of {rest}"),
        None => format!("{number} {thing}s"),
    }
}

/// A count with commas between thousands.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut shown = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A record in words, for a reader: `VM "web01"`.
pub(crate) fn named(record: Record<'_>) -> String {
    format!("{} \"{}\"", record.class(), clip(record.title()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_told_with_their_releases() {
        assert!(schema(5, 66).starts_with("5.66: XenServer 6.1"));
        assert!(schema(5, 70_000).contains("later than the last known"));
        assert!(schema(5, 1).contains("earlier than the first known (5.19"));
        assert_eq!(schema(6, 1), "6.1, of no known release");
    }

    #[test]
    fn counts_are_in_words() {
        assert_eq!(plural(1, "NIC of VMs"), "1 NIC of VMs");
        assert_eq!(plural(1200, "NIC of VMs"), "1,200 NICs of VMs");
        assert_eq!(plural(0, "later change"), "0 later changes");
    }
}
