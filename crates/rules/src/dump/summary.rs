//! A pool database in a few words, for the head of a report: schema and releases, pool, hosts, and how much of what.

use xenspect_model::catalog::{Dump, RedoLogState};
use xenspect_model::report::{DatabaseSummary, Host, Named, RedoLog};
use xenspect_xapi::db::redo_log::Half;
use xenspect_xapi::db::{Database, Row};
use xenspect_xapi::releases;

/// Hosts that are described; no pool has so many.
const HOSTS: usize = 1000;

pub(super) fn of(dump: &Dump) -> DatabaseSummary {
    let database = &dump.database;
    let schema = database.schema();
    let rows = |table: &str| database.table(table).map_or(0, |table| table.len() as u64);
    let pool = database.table("pool").and_then(|table| table.rows().next());
    let coordinator = pool
        .and_then(|pool| pool.text("master"))
        .and_then(|master| database.by_reference(&master))
        .filter(|row| row.table() == "host");
    let hosts = database
        .table("host")
        .into_iter()
        .flat_map(|table| table.rows());
    let mut summary = DatabaseSummary {
        schema_major: schema.map(|(major, _)| major),
        schema_minor: schema.map(|(_, minor)| minor),
        releases: releases_of(schema),
        generation: database.generation(),
        pool: pool.as_ref().map(named),
        coordinator: coordinator.as_ref().map(named),
        hosts: hosts.take(HOSTS).map(|host| self::host(&host)).collect(),
        tables: database.tables().len() as u64,
        rows: database.row_count() as u64,
        srs: rows("SR"),
        vdis: rows("VDI"),
        networks: rows("network"),
        redo_log: dump.redo_log.as_ref().map(redo_log),
        ..DatabaseSummary::default()
    };
    count_vms(database, &mut summary);
    summary
}

fn count_vms(database: &Database<'_>, summary: &mut DatabaseSummary) {
    for vm in database
        .table("VM")
        .into_iter()
        .flat_map(|table| table.rows())
    {
        let is = |column| vm.get(column).is_some_and(|raw| raw.is("true"));
        let count = if is("is_control_domain") {
            &mut summary.control_domains
        } else if is("is_a_snapshot") {
            &mut summary.snapshots
        } else if is("is_a_template") {
            &mut summary.templates
        } else {
            &mut summary.vms
        };
        *count += 1;
    }
}

/// Products first; where there is none, the versions of xapi.
fn releases_of(schema: Option<(i64, i64)>) -> Vec<String> {
    let Some((releases::MAJOR, minor)) = schema else {
        return Vec::new();
    };
    let Some(schema) = u32::try_from(minor).ok().and_then(releases::schema) else {
        return Vec::new();
    };
    let products: Vec<String> = schema.products.iter().map(ToString::to_string).collect();
    if !products.is_empty() {
        return products;
    }
    let ranges = schema.xapi.iter().map(|range| {
        if range.first == range.last {
            format!("xapi {}", range.first)
        } else {
            format!("xapi {} to {}", range.first, range.last)
        }
    });
    ranges.collect()
}

/// Classes differ in how they write the name of their field.
fn name(row: &Row<'_>) -> String {
    let name = row.text("name__label").or_else(|| row.text("name_label"));
    name.unwrap_or_default().into_owned()
}

fn named(row: &Row<'_>) -> Named {
    Named {
        name: name(row),
        uuid: row.uuid().unwrap_or_default().into_owned(),
    }
}

fn host(row: &Row<'_>) -> Host {
    let version = row.value("software_version");
    let get = |key: &str| {
        let text = version.as_ref()?.get(key)?.as_text()?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    let parts: Vec<String> = ["product_brand", "product_version", "build_number"]
        .into_iter()
        .filter_map(|key| {
            let text = get(key)?;
            Some(if key == "build_number" {
                format!("build {text}")
            } else {
                text
            })
        })
        .collect();
    Host {
        name: name(row),
        uuid: row.uuid().unwrap_or_default().into_owned(),
        product: (!parts.is_empty()).then(|| parts.join(" ")),
        xapi: get("xapi_build").or_else(|| get("xapi")),
    }
}

fn redo_log(log: &RedoLogState) -> RedoLog {
    RedoLog {
        half: match log.half {
            Half::First => 1,
            Half::Second => 2,
        },
        generation: log.generation,
        applied: log.applied,
        skipped: log.skipped.len() as u64,
    }
}
