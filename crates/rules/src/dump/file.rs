//! What the file is: edited, a copy without its secrets, open to others (`formats/pool-db.md` sections 9 to 11). Values
//! of secrets are looked at and never told.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use xenspect_model::catalog::{Dump, Rewritten};
use xenspect_model::{Code, Finding, Severity};
use xenspect_xapi::db::Row;
use xenspect_xapi::redact::is_stand_in;
use xenspect_xapi::secrets::{self, Grade};

use super::{Context, document};
use crate::sink::Sink;

/// Columns whose value is a secret as a whole; a status report removes them.
const WHOLE: [(&str, &str); 2] = [("secret", "value"), ("Cluster", "cluster_token")];
/// Tables in which a removed value can stand anywhere, and which are never large.
const SMALL: [&str; 5] = ["pool", "host", "PBD", "SR", "VMPP"];
pub(super) const REMOVED: &str = "REMOVED";

pub(super) fn judge(context: Context<'_>, sink: &mut Sink) {
    let dump = context.dump;
    let markers = Markers::of(dump);
    let redacted = markers.judge(sink);
    if let Rewritten::Differs { offset } = dump.rewritten
        && !redacted
        && !document::is_odd(dump)
    {
        sink.push(Finding::new(Code::DbEdited).at(context.offset(offset)));
    }
    let kinds = kinds_of_secrets(dump);
    let has_secrets = !kinds.is_empty();
    if has_secrets {
        let total: u64 = kinds.values().sum();
        let mut finding = Finding::new(Code::DbSecrets).fact("count", total);
        for (kind, count) in kinds {
            finding = finding.fact(kind, count);
        }
        sink.push(finding);
    }
    if dump.readable_by_others {
        let finding = Finding::new(Code::DbReadableByOthers);
        sink.push(if has_secrets {
            finding
        } else {
            let mut finding = finding.severity(Severity::Note);
            finding.advice = None;
            finding
        });
    }
}

/// Number of secrets by their kind.
fn kinds_of_secrets(dump: &Dump) -> BTreeMap<&'static str, u64> {
    let mut kinds = BTreeMap::new();
    let _: ControlFlow<()> =
        secrets::for_each_in_database(&dump.database, Grade::Secret, &mut |secret| {
            *kinds.entry(secret.kind.name()).or_default() += 1;
            ControlFlow::Continue(())
        });
    kinds
}

/// Where secrets were taken out.
#[derive(Default)]
struct Markers {
    /// Values that are secrets as a whole and were taken out.
    whole: u64,
    /// Such values that are still there.
    kept: u64,
    /// The word `REMOVED` elsewhere.
    elsewhere: u64,
    /// Stand-ins that `xenspect redact` put in.
    stand_ins: u64,
    columns: BTreeMap<String, u64>,
    /// The document was written by a general XML program, as that of a status report is.
    reserialised: bool,
}

impl Markers {
    fn of(dump: &Dump) -> Self {
        let database = &dump.database;
        let mut markers = Markers {
            reserialised: database
                .declaration()
                .is_some_and(|text| text.as_bytes().contains(&b'\'')),
            ..Markers::default()
        };
        for (table, column) in WHOLE {
            for row in database
                .table(table)
                .into_iter()
                .flat_map(|table| table.rows())
            {
                markers.look_at_whole(&row, column);
            }
        }
        for table in SMALL {
            for row in database
                .table(table)
                .into_iter()
                .flat_map(|table| table.rows())
            {
                markers.look_at(&row);
            }
        }
        // Where a VM has UEFI variables, all of the column is taken out.
        for row in database
            .table("VM")
            .into_iter()
            .flat_map(|table| table.rows())
        {
            if row.get("NVRAM").is_some_and(|raw| raw.is(REMOVED)) {
                markers.elsewhere += 1;
                markers.count(&row, "NVRAM");
            }
        }
        markers
    }

    fn look_at_whole(&mut self, row: &Row<'_>, column: &str) {
        let text = row.text(column).unwrap_or_default();
        let seen = match &*text {
            "" => return,
            REMOVED => &mut self.whole,
            text if is_stand_in(text) => &mut self.stand_ins,
            _ => {
                self.kept += 1;
                return;
            }
        };
        *seen += 1;
        self.count(row, column);
    }

    fn look_at(&mut self, row: &Row<'_>) {
        for (column, raw) in row.columns() {
            let bytes = raw.as_bytes();
            let in_map = bytes.windows(9).any(|part| part == b"'REMOVED'");
            if in_map || bytes == REMOVED.as_bytes() {
                self.elsewhere += 1;
                self.count(row, column);
            }
        }
    }

    fn count(&mut self, row: &Row<'_>, column: &str) {
        let place = format!("{}.{column}", row.table());
        *self.columns.entry(place).or_default() += 1;
    }

    /// Says what was taken out. True if all secrets were.
    fn judge(&self, sink: &mut Sink) -> bool {
        let gone = self.whole + self.stand_ins;
        if gone + self.elsewhere == 0 {
            return false;
        }
        let copy = gone > 0 && self.kept == 0;
        let code = if copy {
            Code::DbRedactedCopy
        } else {
            Code::DbRemoved
        };
        let mut finding = Finding::new(code).fact("values", gone + self.elsewhere);
        if copy {
            let by = if self.stand_ins > 0 {
                "xenspect redact"
            } else {
                "the collector of a status report"
            };
            finding = finding.fact("made_by", by);
            if self.reserialised {
                finding = finding.fact("written_again", true);
            }
        }
        let columns = self.columns.keys().map(String::as_str);
        sink.push(crate::list(finding, "columns", columns));
        copy
    }
}
