//! How the archive ends: cut short and where, or complete and what is behind it (`formats/xva.md`
//! section 8).

use xenspect_archive::tar;
use xenspect_archive::xva::MemberName;
use xenspect_model::catalog::{Archive, Ending, LegacyTable};
use xenspect_model::report::Kind;
use xenspect_model::{Code, Finding};

use crate::survey::Survey;

/// Whether the stream ends before the archive does.
pub(crate) fn is_cut(catalog: &Archive, survey: &Survey<'_>) -> bool {
    if catalog.second_archive.is_some() {
        return false;
    }
    match &catalog.ending {
        Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock) => false,
        // It has no disks that could be cut off.
        Ending::Tar(tar::Ending::NoEndBlocks) if catalog.kind == Kind::Metadata => false,
        Ending::Tar(tar::Ending::NoEndBlocks) => {
            catalog.unpaired_at_end.is_some()
                || survey.ends_early()
                || only_the_marker_tells_the_end(catalog)
        }
        _ => true,
    }
}

/// Whether nothing but the end marker says that the archive is complete: the sizes of its disks
/// are not known.
fn only_the_marker_tells_the_end(catalog: &Archive) -> bool {
    match catalog.kind {
        Kind::VdiTar => true,
        Kind::Xva => catalog.metadata.export().is_none(),
        Kind::XvaVersion1 => crate::metadata::is_absent(catalog),
        _ => false,
    }
}

/// Judges the end.
pub(crate) fn judge(catalog: &Archive, survey: &Survey<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(cut(catalog, survey));
    findings.extend(behind(catalog));
    findings.extend(legacy_table(catalog, survey));
    if !catalog.blocks_read {
        findings.push(Finding::new(Code::ScanHeadersOnly));
    }
    if let Some(panic) = &catalog.internal_error {
        findings.push(Finding::new(Code::ScanInternalError).fact("reason", panic.as_str()));
    }
    findings
}

fn cut(catalog: &Archive, survey: &Survey<'_>) -> Option<Finding> {
    // This archive ended where the second one begins; how that one ends is its own affair.
    if catalog.second_archive.is_some() {
        return None;
    }
    let end = catalog.stream_bytes;
    let finding = match &catalog.ending {
        Ending::Tar(tar::Ending::Complete | tar::Ending::InLostRun) => return None,
        Ending::Tar(tar::Ending::SingleZeroBlock) => {
            if survey.loses_until(end.saturating_sub(2 * tar::BLOCK as u64)) {
                return None;
            }
            return Some(
                Finding::new(Code::TarEndMissing)
                    .at(end)
                    .fact("zero_blocks", 1u64),
            );
        }
        Ending::Tar(tar::Ending::NoEndBlocks) if !survey.cut => {
            return Some(
                Finding::new(Code::TarEndMissing)
                    .at(end)
                    .fact("zero_blocks", 0u64),
            );
        }
        Ending::Tar(tar::Ending::NoEndBlocks) => match &catalog.unpaired_at_end {
            Some(block) => Finding::new(Code::TruncatedBetweenPair)
                .member(block.to_string().as_bytes())
                .block(&block.disk, block.number),
            None => Finding::new(Code::TruncatedBetweenPairs),
        },
        Ending::Tar(
            tar::Ending::InHeader { have }
            | tar::Ending::InExtension { have }
            | tar::Ending::InSparseMap { have },
        ) => Finding::new(Code::TruncatedInHeader)
            .fact("present_bytes", *have as u64)
            .fact("expected_bytes", 512u64),
        Ending::InPayload {
            name, size, have, ..
        } => in_payload(name, *size, *have),
        // The walk is further than the blocks that were looked at by then, so the last one that it met says nothing.
        Ending::Interrupted { offset } => {
            return Some(not_reached(
                survey,
                Finding::new(Code::ScanInterrupted).at(*offset),
            ));
        }
        // The compression or the storage said so itself; or nobody asked for more.
        Ending::Broken { .. } | Ending::NotRead { .. } => return None,
    };
    Some(not_reached(survey, last_whole(catalog, finding.at(end))))
}

fn in_payload(name: &[u8], size: u64, have: u64) -> Finding {
    let code = match MemberName::classify(name).name {
        MemberName::Metadata => Code::TruncatedInMetadata,
        _ => Code::TruncatedInBlock,
    };
    let finding = Finding::new(code)
        .member(name)
        .fact("present_bytes", have)
        .fact("expected_bytes", size);
    match MemberName::classify(name).name {
        MemberName::Block(block) | MemberName::Sum(block, _) => {
            finding.block(&block.disk, block.number)
        }
        _ => finding,
    }
}

/// Adds the last block that is there with its sum. Whether the two fit is told by other findings.
pub(crate) fn last_whole(catalog: &Archive, finding: Finding) -> Finding {
    match &catalog.last_whole {
        Some(block) => finding.fact("last_whole_block", block.to_string()),
        None => finding.fact("last_whole_block", "none"),
    }
}

fn not_reached(survey: &Survey<'_>, finding: Finding) -> Finding {
    let disks = survey.not_reached().map(|disk| disk.id.as_str());
    crate::list(finding, "disks_not_reached", disks)
}

/// Zeros behind the end beyond which they are rather the place of lost blocks, in bytes. Tar
/// programs fill up to 10 240.
const ZEROS: u64 = 64 << 10;

fn behind(catalog: &Archive) -> Option<Finding> {
    let trailing = catalog.trailing;
    let finding = Finding::new(Code::TarTrailingData).fact("bytes", trailing.bytes);
    if let Some(first) = trailing.first_odd {
        return Some(finding.at(first));
    }
    let suspicious = only_the_marker_tells_the_end(catalog) && trailing.bytes > ZEROS;
    suspicious.then(|| finding.at(catalog.stream_bytes).fact("all_zero", true))
}

/// The table of sums that archives of `export_vsn` 0 and 1 end in (section 9).
fn legacy_table(catalog: &Archive, survey: &Survey<'_>) -> Option<Finding> {
    let export = catalog.metadata.export()?;
    let expected = export.version.export_vsn < 2 && catalog.kind == Kind::Xva;
    match &catalog.legacy_table {
        LegacyTable::Absent if expected && !survey.cut && !catalog.disks.is_empty() => {
            Some(Finding::new(Code::LegacyTableMissing).at(catalog.stream_bytes))
        }
        LegacyTable::Malformed { offset, error } => Some(
            Finding::new(Code::LegacyTableMalformed)
                .member(b"checksum.xml")
                .at(*offset)
                .fact("reason", error.to_string()),
        ),
        LegacyTable::NotCompared { offset } | LegacyTable::Compared { offset, .. }
            if export.version.export_vsn >= 2 =>
        {
            Some(
                Finding::new(Code::LegacyTableUnexpected)
                    .member(b"checksum.xml")
                    .at(*offset),
            )
        }
        LegacyTable::TooLarge { offset } => Some(
            Finding::new(Code::ScanLimit)
                .member(b"checksum.xml")
                .at(*offset),
        ),
        _ => None,
    }
}
