//! One row for each verification, as CSV (RFC 4180), in the way of the tables of `inspect`.

use std::io;

use xenspect_model::Severity;
use xenspect_model::report::Kind;
use xenspect_model::report::history::HistoryReport;

use crate::inspect::csv::text;

/// The columns.
const COLUMNS: [&str; 15] = [
    "path",
    "key",
    "at",
    "verdict",
    "kind",
    "worst",
    "extent",
    "part",
    "size",
    "modified",
    "changed",
    "sha256",
    "duration_ms",
    "bytes_read",
    "version",
];

/// Writes the verifications that a report holds, those of one input together.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &HistoryReport, w: &mut impl io::Write) -> io::Result<()> {
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(w);
    out.write_record(COLUMNS)?;
    for input in &report.inputs {
        for seen in &input.verifications {
            let part = seen
                .part
                .map(|part| format!("{} of {}", part.number, part.of));
            out.write_record([
                text(&input.path),
                text(&input.key),
                text(&seen.at),
                seen.verdict.word().to_owned(),
                seen.kind.map(Kind::name).unwrap_or_default().to_owned(),
                seen.worst
                    .map(Severity::word)
                    .unwrap_or_default()
                    .to_owned(),
                seen.extent.word().to_owned(),
                part.unwrap_or_default(),
                seen.size.to_string(),
                text(seen.modified.as_deref().unwrap_or_default()),
                seen.changed.to_string(),
                text(seen.sha256.as_deref().unwrap_or_default()),
                seen.duration_ms.to_string(),
                seen.bytes_read.to_string(),
                text(&seen.version),
            ])?;
        }
    }
    out.flush()
}
