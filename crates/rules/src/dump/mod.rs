//! Pool databases: dumps, hosts' own files and redo logs (`formats/pool-db.md` section 11). First what the document
//! itself has wrong (`document`), then what it holds (`contents`), then every row and value in one pass (`sweep`, by the
//! plans of `plan`, with `columns`, `references` and `values`; its
//! findings are in `remarks`) and the relations that it adds up (`relation`), last what the file is (`file`, `redo_log`).
//!
//! Rows that were lost make others hang in the air. Where the document tells of the loss, what follows from it is left
//! out: references and relations are judged only in a document that was read whole.

mod columns;
mod contents;
mod document;
mod file;
mod logins;
mod plan;
mod redo_log;
mod references;
mod relation;
mod remarks;
mod scope;
mod summary;
mod sweep;
mod values;

use xenspect_model::catalog::Dump;
use xenspect_model::report::{CopyChecks, DatabaseSummary, Input};
use xenspect_model::{Code, Finding};
use xenspect_xapi::db::Row;

use crate::sink::Sink;
use crate::{Judgement, facts, verdict};
use sweep::Outcome;

/// Tables whose class is never stored: the element is written, without rows (`formats/pool-db.md` section 5).
const NEVER_STORED: [&str; 12] = [
    "session",
    "task",
    "event",
    "message",
    "auth",
    "data_source",
    "sr_stat",
    "probe_result",
    "vdi_nbd_server_info",
    "VIF_metrics",
    "VBD_metrics",
    "Diagnostics",
];

/// What the rules ask of a dump again and again.
#[derive(Debug, Clone, Copy)]
struct Context<'d> {
    dump: &'d Dump,
    /// All of the document was read, so that what is not there was not there.
    whole: bool,
    /// The schema is newer than all that are known.
    newer: bool,
}

impl<'d> Context<'d> {
    fn of(dump: &'d Dump) -> Self {
        Self {
            dump,
            whole: dump.is_whole(),
            newer: contents::is_newer(dump),
        }
    }

    /// An offset in the dump as an offset in the input.
    fn offset(&self, offset: u64) -> u64 {
        let log = self.dump.redo_log.as_ref();
        offset.saturating_add(log.map_or(0, |log| log.database_offset))
    }

    /// A finding about a row.
    fn at_row(&self, code: Code, row: &Row<'_>) -> Finding {
        let mut finding = Finding::new(code).table(row.table());
        if let Some(reference) = row.reference() {
            finding = finding.row(&reference);
        }
        match row.offset() {
            Some(offset) => finding.at(self.offset(offset)),
            None => finding,
        }
    }

    /// A finding about a value.
    fn at_column(&self, code: Code, row: &Row<'_>, column: &str) -> Finding {
        let finding = self.at_row(code, row).column(column);
        match row.column_offset(column) {
            Some(offset) => finding.at(self.offset(offset)),
            None => finding,
        }
    }
}

/// Judges a dump by all rules.
pub(crate) fn judge(dump: &Dump) -> Judgement {
    judge_with(Context::of(dump)).0
}

fn judge_with(context: Context<'_>) -> (Judgement, Outcome) {
    let mut sink = Sink::default();
    facts::of_stream(context.dump.envelope, &context.dump.facts, &mut sink);
    document::judge(context, &mut sink);
    contents::judge(context, &mut sink);
    let outcome = sweep::judge(context, &mut sink);
    logins::judge(context, &mut sink);
    redo_log::judge(context, &mut sink);
    file::judge(context, &mut sink);
    let mut judgement = sink.finish();
    for finding in &mut judgement.findings {
        // Of a stream that is cut, an import says one thing and a restore another.
        let of_an_import = |error: &str| error.starts_with("IMPORT_ERROR_");
        if finding.xapi_error.as_deref().is_some_and(of_an_import) {
            finding.xapi_error = Some("INTERNAL_ERROR".to_owned());
        }
    }
    (judgement, outcome)
}

/// Whether all of a dump was read, so that a row that is not there was not there.
pub(crate) fn is_whole(dump: &Dump) -> bool {
    Context::of(dump).whole
}

/// A dump in a few words.
pub(crate) fn summary(dump: &Dump) -> DatabaseSummary {
    summary::of(dump)
}

/// Everything said about a dump.
pub(crate) fn input(path: String, dump: &Dump) -> Input {
    let context = Context::of(dump);
    let (judgement, outcome) = judge_with(context);
    Input {
        path,
        below: None,
        kind: Some(dump.kind),
        envelope: Some(dump.envelope),
        verdict: verdict::of_whole(&judgement, dump.interrupted),
        error: None,
        bytes: dump.bytes,
        stream_bytes: dump.stream_bytes,
        members: 0,
        exporter: None,
        database: Some(summary::of(dump)),
        host: None,
        vms: Vec::new(),
        disks: Vec::new(),
        import: None,
        copy: CopyChecks::default(),
        checked: scope::checked(context, &outcome),
        not_checked: scope::not_checked(context),
        findings: judgement.findings,
        omitted: judgement.omitted,
    }
}
