//! How a redo log was put together: the changes that are not in it, and how they end (`formats/pool-db.md` section 8.2).

use xenspect_model::{Code, Finding, Severity};
use xenspect_xapi::db::redo_log::{EndOfDeltas, SkipReason};

use super::Context;
use crate::sink::Sink;

pub(super) fn judge(context: Context<'_>, sink: &mut Sink) {
    let Some(log) = &context.dump.redo_log else {
        return;
    };
    for change in &log.skipped {
        let finding = Finding::new(Code::RedoLogSkipped).at(change.offset);
        sink.push(match change.reason {
            SkipReason::OutOfSequence { expected } => finding
                .fact("problem", "it does not follow the change before")
                .fact(
                    "expected_generation",
                    u64::try_from(expected).unwrap_or_default(),
                ),
            SkipReason::Bad(bad) => finding
                .severity(Severity::Error)
                .fact("problem", bad.to_string()),
            SkipReason::NoSuchRow => finding
                .severity(Severity::Error)
                .fact("problem", "it is of a row that is not there"),
            SkipReason::RowExists => finding
                .severity(Severity::Error)
                .fact("problem", "it makes a row that is there already"),
            SkipReason::NoColumn => finding
                .severity(Severity::Error)
                .fact("problem", "it gives a value to what is no column"),
            SkipReason::Limit => Finding::new(Code::ScanLimit).at(change.offset),
        });
    }
    let end = Finding::new(Code::RedoLogEnd).at(log.end_offset);
    match log.end {
        EndOfDeltas::NoLength => {}
        EndOfDeltas::OtherMarker => {
            sink.push(end.fact("problem", "a change of another run follows"));
        }
        EndOfDeltas::BadLength => {
            sink.push(end.fact(
                "problem",
                "what follows is no change, and not the end either",
            ));
        }
        EndOfDeltas::Incomplete => sink.push(end.fact("problem", "a change follows that is cut")),
        EndOfDeltas::Limit => {
            sink.push(Finding::new(Code::ScanLimit).at(log.end_offset));
        }
    }
}
