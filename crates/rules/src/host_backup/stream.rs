//! The archive as a stream: compression, headers, and how it ends. What GNU tar makes of each, and with it host-restore, was
//! tried with GNU tar 1.34 and `tar -xzp`, as the script has it.

use xenspect_archive::tar::{Ending as TarEnding, Oddity};
use xenspect_model::catalog::{Compression, Ending, Fact, HostBackup, Located, Member};
use xenspect_model::report::Envelope;
use xenspect_model::{Code, Finding, Severity};

use super::ruling::{Point, Ruling};
use crate::facts;

/// For damage of the stream, in the place of advice about exports.
const TAKE_AGAIN: &str = "Copy the archive again from where it was made, and verify the copy. If the original shows the \
    same, take a new backup while the host runs (`xe host-backup file-name=<file>`).";

pub(super) fn judge(host: &HostBackup, ruling: &mut Ruling) {
    if host.envelope != Envelope::Gzip {
        let finding = Finding::new(Code::HostNotGzip).fact("envelope", host.envelope.name());
        ruling.stop(Point::Unpacking, finding);
    }
    for (kept, more) in host.facts.kinds() {
        let mut code = None;
        for located in kept {
            code = fact(host, located, ruling).or(code);
        }
        if let Some(code) = code {
            ruling.sink.count_more(code, more);
        }
    }
    ending(host, ruling);
    if let Some(first) = host.trailing.first_odd {
        let finding = Finding::new(Code::TarTrailingData)
            .at(first)
            .fact("bytes", host.trailing.bytes);
        ruling.push(finding);
    }
}

/// Judges one fact, and says by which code.
fn fact(host: &HostBackup, located: &Located, ruling: &mut Ruling) -> Option<Code> {
    let (finding, stops) = match &located.fact {
        Fact::Envelope(fault) => {
            let finding = facts::compression(host.envelope, fault);
            // gzip ends with an error at bytes behind it too, unless they are zero.
            let stops = finding.severity > Severity::Note;
            (inside(host, fault, finding), stops)
        }
        Fact::Source(deviation) => (facts::source(deviation), false),
        Fact::Tar(oddity) => {
            // tar goes on behind what it cannot read, and ends with an error; at the end marker it stops without one.
            let stops = matches!(
                oddity,
                Oddity::Lost { .. } | Oddity::SizeUnreadable { .. } | Oddity::SizeTooLarge { .. }
            );
            (facts::of_tar(oddity)?, stops)
        }
        Fact::Member(Member::HeaderSum {
            name,
            stored,
            computed,
        }) => (facts::header_sum(name, *stored, *computed), true),
        Fact::Member(Member::Unpacking { name, fault }) => {
            (facts::not_unpacked(name, *fault), true)
        }
        _ => return None,
    };
    let code = finding.code;
    let mut finding = finding.at(located.offset);
    finding.xapi_error = None;
    // GNU tar writes none between members, so it stands where a header was; tar goes on with a remark.
    if matches!(&located.fact, Fact::Tar(Oddity::LoneZeroBlock)) {
        finding = finding.severity(Severity::Error);
    }
    if matches!(&located.fact, Fact::Tar(Oddity::HeaderSumSigned)) {
        finding = finding.severity(Severity::Note);
    }
    let of_storage = matches!(code, Code::SourceReadError | Code::SourceChanged);
    if finding.severity == Severity::Error && !of_storage && code != Code::ScanLimit {
        finding = finding.advice(TAKE_AGAIN);
    }
    if stops {
        ruling.stop(Point::Unpacking, finding);
    } else {
        ruling.push(finding);
    }
    Some(code)
}

/// The file in which the compressed stream gave out.
fn inside(host: &HostBackup, fault: &Compression, finding: Finding) -> Finding {
    match (&host.ending, fault) {
        (_, Compression::Trailing { .. }) => finding,
        (
            Ending::Broken {
                inside: Some(name), ..
            },
            _,
        ) => finding.member(name),
        _ => finding,
    }
}

fn ending(host: &HostBackup, ruling: &mut Ruling) {
    let end = host.stream_bytes;
    match &host.ending {
        Ending::InPayload {
            name,
            offset,
            size,
            have,
        } => {
            let finding = Finding::new(Code::HostCutInFile)
                .member(name)
                .at(*offset)
                .fact("present_bytes", *have)
                .fact("expected_bytes", *size);
            ruling.stop(Point::Unpacking, finding);
        }
        Ending::Tar(TarEnding::SingleZeroBlock) => {
            let finding = Finding::new(Code::TarEndMissing)
                .at(end)
                .fact("zero_blocks", 1_u64)
                .advice(
                    "Compare the size with the original's, and take the backup again if it can be done.",
                );
            ruling.push(finding);
        }
        // tar takes such an archive for whole.
        Ending::Tar(TarEnding::NoEndBlocks) => {
            let finding = Finding::new(Code::HostCutBetween).at(end);
            ruling.push(finding.fact("zero_blocks", 0_u64));
        }
        Ending::Tar(
            TarEnding::InHeader { have }
            | TarEnding::InExtension { have }
            | TarEnding::InSparseMap { have },
        ) => {
            let finding = Finding::new(Code::HostCutBetween)
                .at(end)
                .fact("bytes_of_header", u64::try_from(*have).unwrap_or(u64::MAX));
            ruling.stop(Point::Unpacking, finding);
        }
        Ending::Interrupted { offset } => {
            ruling.push(Finding::new(Code::ScanInterrupted).at(*offset));
        }
        // The fact that broke it off was told, or nothing is wrong.
        Ending::Tar(TarEnding::Complete | TarEnding::InLostRun)
        | Ending::Broken { .. }
        | Ending::NotRead { .. } => {}
    }
}
