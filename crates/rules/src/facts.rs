//! Facts that are findings by themselves. One conversion for each kind of fact.

use xenspect_archive::tar::{MemberKind, Oddity};
use xenspect_archive::xva::{BlockName, NOMINAL_BLOCK, Spelling, Structure};
use xenspect_model::catalog::{
    Archive, Block, Chunk, Compression, Fact, Facts, Legacy, Located, Member, Source, Unpacking,
};
use xenspect_model::report::Envelope;
use xenspect_model::{Code, Finding, Range, Severity};

use crate::Judgement;
use crate::sink::Sink;
use crate::survey::Survey;

/// Converts all facts, and accounts for those that were not kept.
pub(crate) fn judge(catalog: &Archive, survey: &Survey<'_>, judgement: &mut Judgement) {
    for (kept, more) in catalog.facts.kinds() {
        let mut code = None;
        for located in kept {
            let Some(finding) = finding(catalog, survey, located) else {
                continue;
            };
            // Said once for the archive, with the number of members.
            let once = finding.code == Code::MemberDotSlash;
            if once && code.is_some() {
                continue;
            }
            code = Some(finding.code);
            let finding = if once {
                finding.fact("members", kept.len() as u64 + more)
            } else {
                finding
            };
            judgement.findings.push(finding);
        }
        match code {
            _ if more == 0 || code == Some(Code::MemberDotSlash) => {}
            Some(code) => *judgement.omitted.entry(code).or_default() += more,
            // All that were kept are told elsewhere, but those beyond them need not be.
            None => judgement
                .findings
                .push(Finding::new(Code::ScanLimit).fact("facts_not_listed", more)),
        }
    }
}

fn finding(catalog: &Archive, survey: &Survey<'_>, located: &Located) -> Option<Finding> {
    let offset = located.offset;
    match &located.fact {
        Fact::Tar(oddity) => tar(catalog, survey, offset, oddity),
        Fact::Structure(structure) => self::structure(catalog, survey, structure),
        Fact::Block(block) => Some(self::block(block)),
        Fact::Member(member) => Some(self::member(catalog, offset, member)),
        Fact::Envelope(fault) => {
            let finding = compression(catalog.envelope, fault);
            Some(if finding.severity == Severity::Error {
                crate::ending::last_whole(catalog, finding)
            } else {
                finding
            })
        }
        Fact::Legacy(difference) => Some(legacy(difference)),
        Fact::Chunk(deviation) => Some(chunk(deviation)),
        Fact::Source(deviation) => Some(source(deviation)),
    }
    .map(|finding| finding.at(offset))
}

fn tar(catalog: &Archive, survey: &Survey<'_>, offset: u64, oddity: &Oddity) -> Option<Finding> {
    if let Oddity::Lost { bytes } = oddity {
        return lost(catalog, survey, offset, *bytes);
    }
    let finding = of_tar(oddity)?;
    Some(match oddity {
        Oddity::MembersAfterEnd { .. } if catalog.second_archive == Some(offset) => {
            second_archive(finding)
        }
        Oddity::MembersAfterEnd { .. } => with_lost_disks(survey, offset, finding),
        Oddity::HeaderSumSigned => before_disks(catalog, offset, finding),
        Oddity::SizeUnreadable { .. } | Oddity::SizeTooLarge { .. } => {
            before_disks(catalog, offset, with_lost_disks(survey, offset, finding))
        }
        _ => finding,
    })
}

/// A deviation of the tar stream, whatever is in the archive.
pub(crate) fn of_tar(oddity: &Oddity) -> Option<Finding> {
    Some(match oddity {
        Oddity::Lost { bytes } => Finding::new(Code::TarBytesLost).fact("bytes", *bytes),
        Oddity::HeaderSumSigned => Finding::new(Code::TarHeaderSigned),
        Oddity::LoneZeroBlock => Finding::new(Code::TarSingleZeroBlock),
        Oddity::MembersAfterEnd {
            end_marker,
            between,
        } => Finding::new(Code::TarMembersAfterEnd)
            .fact("end_marker_offset", *end_marker)
            .fact("bytes_between", *between),
        Oddity::SizeUnreadable { field } => {
            let field = String::from_utf8_lossy(field).into_owned();
            Finding::new(Code::TarSizeInvalid).fact("field", field)
        }
        Oddity::SizeTooLarge { size } => Finding::new(Code::TarSizeInvalid).fact("size", *size),
        Oddity::ExtensionTooLarge { size, limit, .. } => Finding::new(Code::TarExtensionInvalid)
            .fact("size", *size)
            .fact("limit", *limit as u64),
        Oddity::ExtensionMalformed { .. } => {
            Finding::new(Code::TarExtensionInvalid).fact("problem", "it cannot be read")
        }
        Oddity::ExtensionRepeated { .. } => Finding::new(Code::TarExtensionInvalid)
            .severity(Severity::Note)
            .fact("problem", "there are two of a kind for one member"),
        Oddity::TooManyExtensions { limit } => Finding::new(Code::TarExtensionInvalid)
            .fact("problem", "there are too many in a row")
            .fact("limit", *limit as u64),
        Oddity::DanglingExtension => {
            Finding::new(Code::TarExtensionInvalid).fact("problem", "no member follows it")
        }
        Oddity::SparseMapMalformed | Oddity::SparseMapTooLong { .. } => {
            Finding::new(Code::TarExtensionInvalid).fact("problem", "its sparse map is unusable")
        }
        Oddity::Unlisted { count } => {
            Finding::new(Code::ScanLimit).fact("oddities_not_listed", *count)
        }
        // The run that follows tells it; the member's kind tells it; not odd in an export.
        _ => return None,
    })
}

/// A header whose sum is wrong, and which was believed all the same.
pub(crate) fn header_sum(name: &[u8], stored: Option<u64>, computed: u64) -> Finding {
    let finding = Finding::new(Code::TarHeaderChecksum).member(name);
    let finding = match stored {
        Some(stored) => finding.fact("stored", stored),
        None => finding.fact("stored", "not a number"),
    };
    finding.fact("computed", computed)
}

/// A run of bytes without a header, unless the header's size field told it already.
fn lost(catalog: &Archive, survey: &Survey<'_>, offset: u64, bytes: u64) -> Option<Finding> {
    if survey.is_told_by_size(offset) {
        return None;
    }
    let finding = Finding::new(Code::TarBytesLost).fact("bytes", bytes);
    let was_metadata = offset == 0 && crate::metadata::is_absent(catalog);
    let finding = if was_metadata {
        finding.fact("held", "probably ova.xml")
    } else {
        finding
    };
    Some(before_disks(
        catalog,
        offset,
        with_lost_disks(survey, offset, finding),
    ))
}

/// Names the disks that are missing where the loss is.
fn with_lost_disks(survey: &Survey<'_>, offset: u64, finding: Finding) -> Finding {
    let disks = survey.lost_at(offset).iter().map(String::as_str);
    crate::list(finding, "disks_not_found", disks)
}

/// A whole archive behind the first one: the first is judged alone, as importers read it.
fn second_archive(finding: Finding) -> Finding {
    let mut finding = finding
        .severity(Severity::Warning)
        .fact("behind_it", "a second archive, which was not looked at")
        .advice(
            "Two archives were joined. Importers read the first one only: split the file at the offset above, \
             and verify the second part on its own.",
        );
    finding.xapi_error = None;
    finding
}

/// The first header's fault shows as another error: without `ova.xml` in front an importer tries
/// other forms of archive.
fn before_disks(catalog: &Archive, offset: u64, mut finding: Finding) -> Finding {
    if offset == 0 {
        finding.xapi_error = Some(crate::import::not_ova_first(catalog).to_owned());
    }
    finding
}

fn at_block(code: Code, block: &BlockName) -> Finding {
    Finding::new(code)
        .member(block.to_string().as_bytes())
        .block(&block.disk, block.number)
}

fn structure(catalog: &Archive, survey: &Survey<'_>, structure: &Structure) -> Option<Finding> {
    Some(match structure {
        Structure::SumMissing { block } => at_block(Code::ChecksumMissing, block),
        Structure::BlockMissing {
            named,
            doubled: true,
        } => at_block(Code::ChecksumDoubled, named),
        Structure::BlockMissing { named, .. } => at_block(Code::ChecksumWithoutBlock, named),
        Structure::SumMisplaced { block } => at_block(Code::ChecksumMisplaced, block),
        Structure::SumForeign { block, named } => {
            at_block(Code::ChecksumForeign, block).fact("named_for", named.to_string())
        }
        Structure::SumMalformed { block, kind, text } => at_block(Code::ChecksumMalformed, block)
            .fact("kind", kind.to_string())
            .fact("expected_digits", kind.digits() as u64)
            .fact("length", text.len)
            .fact("text", text.text.clone()),
        Structure::SumSpelling {
            block,
            kind,
            spelling,
        } => {
            let code = match spelling {
                Spelling::Padded => Code::ChecksumPadded,
                _ => Code::ChecksumCase,
            };
            at_block(code, block).fact("kind", kind.to_string())
        }
        Structure::BlockDoubled { block, len } => {
            if survey.is_attached_twice(&block.disk) {
                return None;
            }
            let finding = at_block(Code::BlockDoubled, block).fact("length", *len);
            match doubling_exporter(catalog, survey, block) {
                Some(cause) => finding.fact("likely_cause", cause).advice(UPDATE_EXPORTER),
                None => finding,
            }
        }
        Structure::BlockOutOfOrder { block, last } => {
            if survey.is_attached_twice(&block.disk) {
                return None;
            }
            at_block(Code::BlockOutOfOrder, block).fact("after_block", *last)
        }
        Structure::BlockBeyondRange { block } => at_block(Code::BlockBeyondRange, block),
        Structure::BlockNumberSpelling { block } => at_block(Code::BlockNumberSpelling, block),
        Structure::FirstBlockMissing { block } => {
            at_block(Code::FirstBlockMissing, block).fact("first_number", block.number)
        }
        Structure::DiskResumed { block, after } => {
            // Blocks of a disk that nobody knows are the fault, not the disk they interrupt.
            if survey.is_unknown(after) {
                return None;
            }
            at_block(Code::DiskResumed, block).fact("after_disk", after.as_str())
        }
        Structure::TooManyDisks { disk, limit } => Finding::new(Code::ScanLimit)
            .disk(disk)
            .fact("disks", *limit as u64),
    })
}

const UPDATE_EXPORTER: &str = "Update the host that exported it and export again; copying this archive again does \
    not help.";

/// The exporters that are known to write a block number twice (section 5.2).
fn doubling_exporter(
    catalog: &Archive,
    survey: &Survey<'_>,
    block: &BlockName,
) -> Option<&'static str> {
    let version = &catalog.metadata.export()?.version;
    if version.xapi_major != Some(26) {
        return None;
    }
    let tiny = survey
        .size(&block.disk)
        .is_some_and(|size| size <= NOMINAL_BLOCK);
    Some(if tiny {
        "defect of the xapi 26.1 exporter with vhd-legacy-blocks-format=false: a disk of up to 1 MiB gets block \
         0 twice"
    } else {
        "defect of XCP-ng's xapi 26.1.3-1.4 and -1.5 (March 2026): doubled block numbers of QCOW2 disks"
    })
}

fn block(block: &Block) -> Finding {
    match block {
        Block::Mismatch {
            name,
            start,
            len,
            stored,
            computed,
        } => {
            let mut finding = at_block(Code::BlockChecksum, name)
                .fact("kind", stored.kind().to_string())
                .fact("stored", stored.to_string())
                .fact("computed", computed.to_string());
            finding.place.disk_range = start.map(|start| Range {
                start,
                length: *len,
            });
            finding
        }
        Block::Unstable { name } => at_block(Code::SourceUnstable, name),
    }
}

fn member(catalog: &Archive, offset: u64, member: &Member) -> Finding {
    match member {
        Member::HeaderSum {
            name,
            stored,
            computed,
        } => before_disks(catalog, offset, header_sum(name, *stored, *computed)),
        Member::Foreign { name, size } => Finding::new(Code::MemberForeign)
            .member(name)
            .fact("size", *size),
        Member::Prefixed { name, read_as } => {
            let read_as = String::from_utf8_lossy(read_as).into_owned();
            let finding = Finding::new(Code::MemberForeign)
                .member(name)
                .fact("importers_read", read_as);
            before_disks(catalog, offset, finding)
        }
        Member::BadNumber { name } => Finding::new(Code::BlockNumberInvalid).member(name),
        Member::DotSlash { name } => {
            let mut finding = Finding::new(Code::MemberDotSlash).member(name);
            if crate::import::is_prefixed_metadata(name) {
                finding.xapi_error = Some(crate::import::not_ova_first(catalog).to_owned());
            }
            finding
        }
        Member::UnsafeName { name } => Finding::new(Code::TarUnsafeName).member(name),
        Member::Kind { name, kind, part } => {
            let finding = Finding::new(Code::TarMemberType)
                .member(name)
                .fact("type", kind_word(*kind));
            // Readers take unknown types for files, and so it was read.
            if *part && !matches!(kind, MemberKind::Other(_)) {
                finding.severity(Severity::Error)
            } else {
                finding
            }
        }
        Member::Padding { name } => Finding::new(Code::TarPadding).member(name),
        Member::Unpacking { name, fault } => not_unpacked(name, *fault),
        Member::MetadataDoubled => Finding::new(Code::MetadataDoubled).member(b"ova.xml"),
        Member::MetadataNotFirst { first } => {
            let mut finding = Finding::new(Code::MetadataNotFirst)
                .member(b"ova.xml")
                .fact("first_member", String::from_utf8_lossy(first).into_owned());
            finding.xapi_error = Some(crate::import::not_ova_first(catalog).to_owned());
            finding
        }
    }
}

/// A member of a host backup over whose header GNU tar stumbles.
pub(crate) fn not_unpacked(name: &[u8], fault: Unpacking) -> Finding {
    let finding = Finding::new(Code::HostNotUnpacked).member(name);
    match fault {
        Unpacking::Number(field) => finding.fact("no_number", field.name()),
        Unpacking::Size { kind, size } => finding.fact("type", kind_word(kind)).fact("size", size),
        Unpacking::Type(flag) => finding.fact("type", kind_word(MemberKind::Other(flag))),
    }
}

fn kind_word(kind: MemberKind) -> String {
    match kind {
        MemberKind::HardLink => "hard link",
        MemberKind::Symlink => "symbolic link",
        MemberKind::CharDevice => "character device",
        MemberKind::BlockDevice => "block device",
        MemberKind::Directory => "folder",
        MemberKind::Fifo => "FIFO",
        MemberKind::GnuSparse => "sparse file",
        MemberKind::Other(flag) => return format!("unknown type 0x{flag:02x}"),
        _ => "file",
    }
    .to_owned()
}

/// Converts the deviations of storage and compression of an input that is no archive.
pub(crate) fn of_stream(envelope: Envelope, facts: &Facts, sink: &mut Sink) {
    for (kept, more) in facts.kinds() {
        let mut code = None;
        for located in kept {
            let finding = match &located.fact {
                Fact::Envelope(fault) => compression(envelope, fault),
                Fact::Source(deviation) => source(deviation),
                _ => continue,
            };
            code = Some(finding.code);
            sink.push(finding.at(located.offset));
        }
        if let Some(code) = code {
            sink.count_more(code, more);
        }
    }
}

pub(crate) fn compression(envelope: Envelope, fault: &Compression) -> Finding {
    let (code, at) = match fault {
        Compression::Truncated { at } => (Code::EnvelopeTruncated, at),
        Compression::Corrupt { at, .. } => (Code::EnvelopeCorrupt, at),
        Compression::Checksum { at } => (Code::EnvelopeChecksum, at),
        Compression::Length { at } => (Code::EnvelopeLength, at),
        Compression::Trailing { at, .. } => (Code::EnvelopeTrailing, at),
        Compression::Window { at, .. } => (Code::EnvelopeWindow, at),
    };
    let mut finding = Finding::new(code)
        .fact("envelope", envelope.name())
        .fact("compressed_offset", *at);
    match fault {
        Compression::Corrupt { reason, .. } => finding = finding.fact("reason", reason.as_str()),
        Compression::Trailing { bytes, zero, .. } => {
            finding = finding.fact("bytes", *bytes).fact("all_zero", *zero);
            if *zero {
                finding = finding.severity(Severity::Note);
            }
        }
        Compression::Window { asked, allowed, .. } => {
            finding = finding.fact("window", *asked).fact("allowed", *allowed);
        }
        _ => {}
    }
    finding
}

fn legacy(difference: &Legacy) -> Finding {
    match difference {
        Legacy::Mismatch {
            name,
            stored,
            computed,
        } => at_block(Code::LegacyTableMismatch, name)
            .fact("stored", stored.as_str())
            .fact("computed", computed.to_string()),
        Legacy::EntryMissing { name } => at_block(Code::LegacyEntryMissing, name),
        Legacy::TableDoubled => Finding::new(Code::LegacyTableDoubled).member(b"checksum.xml"),
        Legacy::BlocksBehindTable => {
            Finding::new(Code::LegacyTableMisplaced).member(b"checksum.xml")
        }
        Legacy::EntryExtra { name } => {
            Finding::new(Code::LegacyEntryExtra).fact("entry", name.as_str())
        }
    }
}

fn chunk(deviation: &Chunk) -> Finding {
    match deviation {
        Chunk::Corrupt { name, reason } => Finding::new(Code::ApplianceChunkBad)
            .member(name)
            .fact("reason", reason.as_str()),
        Chunk::Missing {
            dir,
            expected,
            found,
        } => Finding::new(Code::ApplianceChunkMissing)
            .disk(dir)
            .fact("expected", *expected)
            .fact("found", *found),
    }
}

pub(crate) fn source(deviation: &Source) -> Finding {
    match deviation {
        Source::ReadError { len, reason } => Finding::new(Code::SourceReadError)
            .fact("bytes", *len)
            .fact("reason", reason.as_str()),
        Source::Shrunk { size } => Finding::new(Code::SourceChanged).fact("size_before", *size),
    }
}
