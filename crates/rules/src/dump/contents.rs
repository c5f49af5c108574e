//! What the database holds as a whole: manifest, schema, tables and columns, the pool, its coordinator and that one's
//! control domain (`formats/pool-db.md` sections 2 and 11).

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::catalog::Dump;
use xenspect_model::{Code, Finding, Severity};
use xenspect_xapi::datamodel::{self, Field, Type};
use xenspect_xapi::db::Row;
use xenspect_xapi::parse_integer;
use xenspect_xapi::releases::{self, MAJOR};

use super::{Context, NEVER_STORED};
use crate::sink::Sink;

/// Schema and generation of the document that xapi hands out during a rolling upgrade (section 1).
const STUB: ((i64, i64), i64) = ((5, 35), 103);

/// The first schema whose dumps hold the sets of relations (6.0).
const BOTH_SIDES_SINCE: u32 = 63;

/// Whether the schema is newer than all that are known, so that it may well have columns that are not.
pub(super) fn is_newer(dump: &Dump) -> bool {
    let newest = releases::schemas()
        .last()
        .map(|schema| i64::from(schema.minor));
    dump.database
        .schema()
        .is_some_and(|(major, minor)| major == MAJOR && Some(minor) > newest)
}

/// Whether a table is that of a known class.
pub(super) fn is_known(table: &str) -> bool {
    !datamodel::fields_of(table).is_empty() || NEVER_STORED.contains(&table)
}

pub(super) fn judge(context: Context<'_>, sink: &mut Sink) {
    manifest(context, sink);
    let database = &context.dump.database;
    for table in database.tables() {
        tables(
            context,
            table.name(),
            table.len() as u64,
            table.offset(),
            sink,
        );
    }
    if !context.whole {
        return;
    }
    if database.row_count() > 0 {
        missing_tables(context, sink);
    } else {
        let stub = database.schema() == Some(STUB.0) && database.generation() == Some(STUB.1);
        sink.push(if stub {
            Finding::new(Code::DbStub)
        } else {
            Finding::new(Code::DbNoRows).fact("tables", database.tables().len() as u64)
        });
        return;
    }
    let pools: Vec<Row<'_>> = database
        .table("pool")
        .map(|table| table.rows().collect())
        .unwrap_or_default();
    if pools.len() != 1 {
        let mut finding = Finding::new(Code::DbPoolRows)
            .table("pool")
            .fact("pools", pools.len() as u64);
        if let Some(offset) = pools.get(1).and_then(Row::offset) {
            finding = finding.at(context.offset(offset));
        }
        let names: Vec<String> = pools.iter().map(pool_name).collect();
        sink.push(crate::list(
            finding,
            "found",
            names.iter().map(String::as_str),
        ));
    }
    for pool in &pools {
        coordinator(context, pool, sink);
    }
    control_domains(context, &pools, sink);
}

fn manifest(context: Context<'_>, sink: &mut Sink) {
    let database = &context.dump.database;
    // Where the manifest itself is missing, or the document was cut, what lacks in it is told.
    let told = !database.is_complete() || database.oddities().count("no-manifest") > 0;
    for key in ["schema_major_vsn", "schema_minor_vsn", "generation_count"] {
        let found = database.manifest_value(key);
        let number = found.and_then(parse_integer);
        if number.is_some_and(|number| number >= 0) || found.is_none() && told {
            continue;
        }
        let finding = Finding::new(Code::DbManifestKey).fact("key", key);
        sink.push(match found {
            Some(found) => finding.fact("found", found),
            None => finding,
        });
    }
    let Some((major, minor)) = database.schema() else {
        return;
    };
    let known = u32::try_from(minor).ok().and_then(releases::schema);
    if major != MAJOR || known.is_none() {
        let finding =
            Finding::new(Code::DbSchemaUnknown).fact("schema", format!("{major}.{minor}"));
        sink.push(if context.newer {
            to_note(finding.fact("newer_than_known", true))
        } else {
            finding
        });
    }
}

fn tables(context: Context<'_>, name: &str, rows: u64, offset: u64, sink: &mut Sink) {
    let at = |code| {
        let finding = Finding::new(code).table(name).fact("rows", rows);
        finding.at(context.offset(offset))
    };
    if NEVER_STORED.contains(&name) {
        if rows > 0 {
            sink.push(at(Code::DbRowsNotStored));
        }
    } else if !is_known(name) && !name.is_empty() {
        let mut finding = at(Code::DbTableUnknown);
        // Without rows it is taken, and in the way when it is written back.
        if rows == 0 {
            finding.xapi_error = None;
        }
        sink.push(if context.newer {
            to_note(finding)
        } else {
            finding
        });
    }
}

/// Something that may well be right.
fn to_note(mut finding: Finding) -> Finding {
    finding.advice = None;
    finding.xapi_error = None;
    finding.severity(Severity::Note)
}

/// The schema of a dump, if it is a known one.
fn known_minor(context: Context<'_>) -> Option<u32> {
    let (major, minor) = context.dump.database.schema()?;
    let minor = u32::try_from(minor).ok()?;
    (major == MAJOR && releases::schema(minor).is_some()).then_some(minor)
}

/// The schema of a dump whose set of tables and columns is known: one that is new enough to hold both sides of relations.
fn minor_of(context: Context<'_>) -> Option<u32> {
    known_minor(context).filter(|minor| *minor >= BOTH_SIDES_SINCE)
}

/// Whether a column belongs to a schema beyond doubt: the model says so, and it was seen in a dump or is dated. Of others
/// the model can name releases that are too old.
fn is_of(field: &Field, minor: u32) -> bool {
    (field.observed || is_dated(field)) && is_of_by_model(field, minor)
}

/// Whether the model says of the column itself which release brought it. The first release also stands where nobody said.
/// Later products have all that earlier ones had, which need not be so for hotfixes and for versions of xapi: 8.2 went
/// its own way (schemas 602 and 603), and vendors use one number for several sets of columns (section 6).
fn is_dated(field: &Field) -> bool {
    let mut releases = releases::releases().iter().skip(1);
    releases
        .find(|release| release.name == field.since)
        .is_some_and(|release| {
            let product = release.product;
            !product.starts_with("XAPI ") && !product.contains("Hotfix")
        })
}

/// Whether a release before the schema brought a column, and none took it away.
fn is_of_by_model(field: &Field, minor: u32) -> bool {
    // Up to 5.6 FP1 dumps hold no sets of relations, and what was not dated may have come later.
    let held = minor >= BOTH_SIDES_SINCE
        || !matches!(field.ty, Type::Set(_)) && (is_dated(field) || has_no_default(field));
    held && since(field).is_some_and(|since| since < minor) && is_published(field)
}

/// Whether rows of a schema cannot be without a column that has no default. A release that adds a column to a class gives
/// it a default, so one without came with the class, be it seen in a dump or not (section 2.1).
fn is_mandatory(field: &Field, minor: u32) -> bool {
    let since = since(field).is_some_and(|since| since <= minor);
    since && is_published(field) && has_no_default(field)
}

/// The schema of the release that brought a column, by the model.
fn since(field: &Field) -> Option<u32> {
    let mut releases = releases::releases().iter();
    releases
        .find(|release| release.name == field.since)
        .and_then(|release| release.minor)
}

/// Whether the model has a column, and no release took it away.
fn is_published(field: &Field) -> bool {
    field.removed.is_empty() && !field.api_field.is_empty()
}

/// Classes of the schema that have no element.
fn missing_tables(context: Context<'_>, sink: &mut Sink) {
    let Some(minor) = minor_of(context).filter(|_| context.whole) else {
        return;
    };
    let database = &context.dump.database;
    let mut missing: Vec<&str> = Vec::new();
    for field in datamodel::fields() {
        let counts = missing.last() != Some(&field.class)
            && !NEVER_STORED.contains(&field.class)
            && is_of(field, minor)
            && database.table(field.class).is_none();
        if counts {
            missing.push(field.class);
        }
    }
    if !missing.is_empty() {
        let finding = Finding::new(Code::DbTableMissing).fact("count", missing.len() as u64);
        sink.push(crate::list(finding, "tables", missing.into_iter()));
    }
}

/// Judges the columns of a table, given by the number of rows that have each.
pub(super) fn columns(
    context: Context<'_>,
    table: &str,
    rows: u64,
    with: &BTreeMap<&str, u64>,
    sink: &mut Sink,
) {
    if !is_known(table) || rows == 0 {
        return;
    }
    let minor = known_minor(context);
    let expected = |is_of: fn(&Field, u32) -> bool| {
        datamodel::fields_of(table)
            .iter()
            .filter(move |field| minor.is_some_and(|minor| is_of(field, minor)))
            .map(|field| field.column)
    };
    let lacks_one = expected(is_of_by_model).any(|column| !with.contains_key(column));
    let mut unknown = false;
    for (&column, &having) in with {
        let bookkeeping = matches!(column, "ref" | "_ref" | "__ctime" | "__mtime");
        if bookkeeping || datamodel::field(table, column).is_some() {
            continue;
        }
        unknown = true;
        let finding = Finding::new(Code::DbColumnUnknown)
            .table(table)
            .column(column)
            .fact("rows", having);
        // Builds have columns of their own. One that is in every row is hardly a slip, unless it is in another's place.
        sink.push(if context.newer || having == rows && !lacks_one {
            to_note(finding)
        } else {
            finding
        });
    }
    let keys = ["_ref", "uuid"].into_iter().filter(|key| {
        let has = *key == "_ref" || datamodel::field(table, key).is_some();
        has && !with.contains_key(key)
    });
    let judged = minor_of(context).is_some() && context.dump.redo_log.is_none();
    let keys: Vec<&str> = keys.filter(|_| judged).collect();
    if context.whole {
        for key in &keys {
            let mut finding = Finding::new(Code::DbColumnMissing)
                .table(table)
                .column(key)
                .fact("rows", rows)
                .fact("rows_without", rows)
                .severity(Severity::Error);
            finding.xapi_error = Some("INTERNAL_ERROR".to_owned());
            sink.push(finding);
        }
    }
    // A column by a wrong name is not missing too, and a change in a redo log need not name all columns.
    if unknown || !context.whole || context.dump.redo_log.is_some() {
        return;
    }
    let all = with.keys().copied().chain(expected(is_of));
    let all: BTreeSet<&str> = all.chain(expected(is_mandatory)).collect();
    let lacking = |column: &str| rows - with.get(column).copied().unwrap_or_default().min(rows);
    let missing = all
        .into_iter()
        .filter(|column| *column != "ref" && !keys.contains(column) && lacking(column) > 0);
    let (refused, filled): (Vec<&str>, Vec<&str>) =
        missing.partition(|column| datamodel::field(table, column).is_some_and(has_no_default));
    for (columns, is_refused) in [(refused, true), (filled, false)] {
        let Some(most) = columns.iter().map(|column| lacking(column)).max() else {
            continue;
        };
        let mut finding = Finding::new(Code::DbColumnMissing)
            .table(table)
            .fact("rows", rows)
            .fact("rows_without", most);
        if let [column] = columns.as_slice() {
            finding = finding.column(column);
        } else {
            finding = crate::list(finding, "columns", columns.into_iter());
        }
        if is_refused {
            finding = finding.severity(Severity::Error);
            finding.xapi_error = Some("INTERNAL_ERROR".to_owned());
        }
        sink.push(finding);
    }
}

/// Whether a restore refuses a row without the column. Sets are empty if nothing is said of them.
fn has_no_default(field: &Field) -> bool {
    let derived = matches!(field.ty, Type::Set(_) | Type::Map(..) | Type::Unlisted);
    field.default.is_empty() && !derived
}

fn pool_name(pool: &Row<'_>) -> String {
    let uuid = pool.uuid().unwrap_or_default();
    let name = pool.text("name_label").or_else(|| pool.text("name__label"));
    match name.as_deref() {
        None | Some("") => uuid.into_owned(),
        Some(name) => format!("{uuid} ({name})"),
    }
}

fn coordinator(context: Context<'_>, pool: &Row<'_>, sink: &mut Sink) {
    let master = pool.text("master").unwrap_or_default();
    if host(context, &master).is_none() {
        sink.push(
            context
                .at_column(Code::DbCoordinator, pool, "master")
                .fact("to", master.into_owned()),
        );
    }
}

/// Whether the pool's coordinator is there.
pub(super) fn is_coordinated(context: Context<'_>) -> bool {
    let pools = context.dump.database.table("pool");
    pools.is_some_and(|pools| {
        let mut masters = pools.rows().filter_map(|pool| pool.text("master"));
        masters.any(|master| host(context, &master).is_some())
    })
}

/// The host of a reference.
fn host<'d>(context: Context<'d>, reference: &str) -> Option<Row<'d>> {
    let row = context.dump.database.by_reference(reference);
    row.filter(|row| row.table() == "host")
}

/// Control domains by the hosts that name them. Before 7.1 hosts did not.
fn control_domains(context: Context<'_>, pools: &[Row<'_>], sink: &mut Sink) {
    let database = &context.dump.database;
    let Some(hosts) = database.table("host") else {
        return;
    };
    let coordinators: Vec<u32> = pools
        .iter()
        .filter_map(|pool| host(context, &pool.text("master")?))
        .map(|host| host.number())
        .collect();
    for host in hosts.rows() {
        let Some(domain) = host.text("control_domain") else {
            continue;
        };
        let found = database.by_reference(&domain);
        let is_coordinator = coordinators.contains(&host.number());
        let is_domain = |row: Row<'_>| {
            let denied = row
                .text("is_control_domain")
                .is_some_and(|is| is == "false");
            row.table() == "VM" && !(is_coordinator && denied)
        };
        if found.is_some_and(is_domain) {
            continue;
        }
        let code = if is_coordinator {
            Code::DbControlDomain
        } else {
            Code::DbReferenceDangling
        };
        sink.push_with(code, || {
            let finding = context
                .at_column(code, &host, "control_domain")
                .fact("to", domain.into_owned());
            if is_coordinator || coordinators.is_empty() {
                return finding;
            }
            // So it is with a host that was removed.
            let mut finding = finding.severity(Severity::Warning);
            finding.xapi_error = None;
            finding
        });
    }
}
