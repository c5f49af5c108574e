//! The disks that `ova.xml` lists against the disks that the archive holds (`formats/xva.md`
//! sections 4 and 5).

use std::collections::{BTreeMap, BTreeSet};

use xenspect_archive::tar;
use xenspect_archive::xva::{ImportError, Irregular, NOMINAL_BLOCK};
use xenspect_model::catalog::{Archive, Disk, Ending, LegacyTable};
use xenspect_model::report::Kind;
use xenspect_model::{Code, Finding, Range, Severity};
use xenspect_xapi::export::ExpectedDisk;

use crate::few::Few;
use crate::survey::Survey;

/// xapi versions whose exporter left out a last block that is not a whole MiB (section 5.2).
const PARTIAL_LAST_BLOCK: u32 = 26;

/// Judges the disks one by one, and their order.
pub(crate) fn judge(catalog: &Archive, survey: &Survey<'_>) -> Few {
    let mut findings = Few::default();
    for disk in &catalog.disks {
        let size = survey.size(&disk.shape.id);
        let reached = survey.was_reached(&disk.shape.id);
        findings.extend(lengths(catalog, disk, size, reached));
        findings.extend(edges(disk));
        if survey.is_unknown(&disk.shape.id) && catalog.kind != Kind::VdiTar {
            findings.push(unknown(disk));
        }
    }
    if is_without_disks(catalog) {
        findings.extend(no_disks(catalog, survey));
    } else {
        let not_reached: BTreeSet<&str> = survey
            .not_reached()
            .filter(|_| survey.cut)
            .map(|disk| disk.id.as_str())
            .collect();
        let unaccounted = survey.missing().filter(|disk| {
            !survey.is_accounted_for(disk) && !not_reached.contains(disk.id.as_str())
        });
        findings.extend(unaccounted.map(missing));
    }
    findings.extend(order(catalog, survey));
    findings.extend(survey.all_expected().filter_map(|disk| twice(disk, survey)));
    findings.extend(unit(catalog));
    findings.extend(kinds(catalog));
    findings
}

/// Counts blocks of unusual length beyond those that a disk remembers.
pub(crate) fn count_not_kept(catalog: &Archive, omitted: &mut BTreeMap<Code, u64>) {
    for Disk { shape, .. } in &catalog.disks {
        let lists = [
            (Code::BlockShort, &shape.irregular, shape.irregular_count),
            (Code::BlockNotSectors, &shape.odd, shape.odd_count),
        ];
        for (code, kept, count) in lists {
            let more = count.saturating_sub(kept.len() as u64);
            if more > 0 {
                *omitted.entry(code).or_default() += more;
            }
        }
    }
}

/// Lengths of blocks, and their sum against the disk's size.
fn lengths(catalog: &Archive, disk: &Disk, size: Option<u64>, reached: bool) -> Vec<Finding> {
    let shape = &disk.shape;
    let mut findings = Vec::new();
    // No reader gets across a block that is no multiple of 512, wherever it is.
    findings.extend(
        shape
            .odd
            .iter()
            .map(|block| irregular(&shape.id, block, size, false)),
    );
    let Some(size) = size.filter(|_| reached) else {
        // Without a size the last block may be as short as it likes.
        let inner = shape
            .irregular
            .iter()
            .filter(|block| block.number != shape.last_number);
        findings.extend(inner.map(|block| irregular(&shape.id, block, None, false)));
        return findings;
    };
    let ends_right = shape.position == size;
    let explained = !ends_right && explained_by_lengths(disk, size);
    for block in &shape.irregular {
        let is_proper_end =
            block.len < NOMINAL_BLOCK && block.start.saturating_add(block.len) == size;
        if !is_proper_end {
            findings.push(irregular(&shape.id, block, Some(size), explained));
        }
    }
    if ends_right && shape.last_len == 0 && shape.last_gap > 0 {
        // The numbers go on to the end with a keep-alive, so the block before it is not zero but
        // lost: the last one is always written.
        findings.push(short(catalog, disk, size));
    }
    if ends_right || explained {
        return findings;
    }
    if shape.position < size {
        if !shape.lost_at_end {
            findings.push(short(catalog, disk, size));
        }
    } else if shape.lost == 0 || shape.position - size >= NOMINAL_BLOCK {
        findings.push(long(disk, size));
    }
    findings
}

/// Whether blocks that are too short or too long make up the whole difference to the size.
fn explained_by_lengths(disk: &Disk, size: u64) -> bool {
    let shape = &disk.shape;
    let kept = shape.irregular.len() + shape.odd.len();
    if shape.irregular_count + shape.odd_count != kept as u64 {
        return false;
    }
    let all = || shape.irregular.iter().chain(&shape.odd);
    let due = |block: &Irregular| {
        let is_last = block.number == shape.last_number;
        let rest = size.saturating_sub(block.start);
        if is_last && rest > 0 {
            rest.min(NOMINAL_BLOCK)
        } else {
            NOMINAL_BLOCK
        }
    };
    // Where all blocks before it shifted it, the last one's own length says nothing.
    let shift = |nominal_end: bool| -> i128 {
        all()
            .filter(|block| !nominal_end || block.number != shape.last_number)
            .map(|block| i128::from(block.len) - i128::from(due(block)))
            .sum()
    };
    let difference = i128::from(shape.position) - i128::from(size);
    let inner = all().any(|block| block.number != shape.last_number);
    kept > 0 && (shift(false) == difference || inner && shift(true) == difference)
}

fn irregular(disk: &str, block: &Irregular, size: Option<u64>, shifts: bool) -> Finding {
    let beyond = size.is_some_and(|size| block.start.saturating_add(block.len) > size);
    let code = if !block.len.is_multiple_of(512) {
        Code::BlockNotSectors
    } else if block.len > NOMINAL_BLOCK || beyond {
        Code::BlockTooLong
    } else {
        Code::BlockShort
    };
    let mut finding = Finding::new(code)
        .block(disk, block.number)
        .at(block.header_offset)
        .fact("length", block.len)
        .fact("nominal_length", NOMINAL_BLOCK);
    if let Some(size) = size {
        finding = finding.fact("virtual_size", size);
    }
    if shifts {
        finding = finding.severity(Severity::Error);
        let error = if code == Code::BlockTooLong {
            ImportError::VdiIo
        } else {
            ImportError::Generic
        };
        finding.xapi_error = Some(error.code().to_owned());
    }
    finding.place.disk_range = Some(Range {
        start: block.start,
        length: block.len,
    });
    finding
}

fn short(catalog: &Archive, disk: &Disk, size: u64) -> Finding {
    let shape = &disk.shape;
    let missing = size - shape.position;
    let mut finding = Finding::new(Code::LastBlockMissing)
        .disk(&shape.id)
        .at(shape.last_offset)
        .fact("virtual_size", size)
        .fact("reached", shape.position)
        .fact("missing", missing)
        .fact("last_block", shape.last_number);
    finding.place.disk_range = Some(Range {
        start: shape.position,
        length: missing,
    });
    let exporter = catalog
        .metadata
        .export()
        .and_then(|export| export.version.xapi_major);
    if exporter == Some(PARTIAL_LAST_BLOCK) && missing < NOMINAL_BLOCK {
        finding = finding
            .fact("likely_cause", "defect of the xapi 26.0 exporter for VHD and QCOW2 disks")
            .advice(
                "The exporter of xapi 26.0 to 26.12 (and later until mid-2026) left out a last block that is not \
                 a whole MiB. Update the host and export again; copying this archive again does not help.",
            );
    }
    finding
}

fn long(disk: &Disk, size: u64) -> Finding {
    let shape = &disk.shape;
    let mut finding = Finding::new(Code::DiskTooLong)
        .disk(&shape.id)
        .at(shape.last_offset)
        .fact("virtual_size", size)
        .fact("reached", shape.position)
        .fact("beyond", shape.position - size);
    finding.place.disk_range = Some(Range {
        start: size,
        length: shape.position - size,
    });
    finding
}

/// Keep-alives where none belong.
fn edges(disk: &Disk) -> Option<Finding> {
    let shape = &disk.shape;
    let placed = shape.blocks > shape.unplaced;
    let (number, offset, edge) = if placed && shape.first_len == 0 {
        (shape.first_number, shape.first_offset, "the beginning")
    } else if placed && shape.last_len == 0 && !shape.lost_at_end {
        (shape.last_number, shape.last_offset, "the end")
    } else {
        return None;
    };
    Some(
        Finding::new(Code::BlockEmptyAtEdge)
            .block(&shape.id, number)
            .at(offset)
            .fact("at", edge),
    )
}

fn unknown(disk: &Disk) -> Finding {
    Finding::new(Code::DiskUnknown)
        .disk(&disk.shape.id)
        .at(disk.shape.first_offset)
        .fact("blocks", disk.shape.blocks)
}

fn missing(disk: &ExpectedDisk) -> Finding {
    let finding = Finding::new(Code::DiskMissing)
        .disk(&disk.id)
        .fact("virtual_size", disk.virtual_size.unwrap_or_default());
    let finding = match &disk.name_label {
        Some(name) => finding.fact("name", name.as_str()),
        None => finding,
    };
    match &disk.vdi_uuid {
        Some(uuid) => finding.fact("vdi_uuid", uuid.as_str()),
        None => finding,
    }
}

/// Whether there are to be no disks: nothing but `ova.xml`, or an `ova.xml` that says so.
fn is_without_disks(catalog: &Archive) -> bool {
    let told = || {
        let export = catalog.metadata.export();
        export.is_some_and(|export| !crate::metadata_only::signs(export).is_empty())
    };
    let complete = matches!(catalog.ending, Ending::Tar(tar::Ending::Complete));
    catalog.kind == Kind::Metadata || catalog.disks.is_empty() && complete && told()
}

/// Disks without data, in an archive that holds nothing else. What it is, its description may tell.
fn no_disks(catalog: &Archive, survey: &Survey<'_>) -> Option<Finding> {
    let mut missing = survey.missing().peekable();
    missing.peek()?;
    let signs = catalog
        .metadata
        .export()
        .map(crate::metadata_only::signs)
        .unwrap_or_default();
    if !signs.is_empty() {
        return Some(Finding::new(Code::MetadataOnly).fact("signs", signs));
    }
    let bytes = survey
        .missing()
        .filter_map(|disk| disk.virtual_size)
        .fold(0, u64::saturating_add);
    let finding = Finding::new(Code::NoDisks).fact("virtual_size", bytes);
    Some(crate::list(
        finding,
        "disks",
        missing.map(|disk| disk.id.as_str()),
    ))
}

/// Known disks must come sorted by their ids as texts.
fn order(catalog: &Archive, survey: &Survey<'_>) -> Option<Finding> {
    let found: Vec<&str> = catalog
        .disks
        .iter()
        .map(|disk| disk.shape.id.as_str())
        .filter(|id| !survey.is_unknown(id))
        .collect();
    let sorted: BTreeSet<&str> = found.iter().copied().collect();
    let first = found
        .iter()
        .zip(&sorted)
        .find(|(found, sorted)| found != sorted)?
        .0;
    let offset = survey
        .found
        .get(first)
        .map(|disk| disk.shape.first_offset)
        .unwrap_or_default();
    let finding = Finding::new(Code::DiskOrder).disk(first).at(offset);
    let finding = crate::list(finding, "found", found.iter().copied());
    Some(crate::list(finding, "expected", sorted.iter().copied()))
}

fn twice(disk: &ExpectedDisk, survey: &Survey<'_>) -> Option<Finding> {
    if disk.attachments < 2 {
        return None;
    }
    let found = survey.found.get(disk.id.as_str());
    let finding = Finding::new(Code::DiskSharedTwice)
        .disk(&disk.id)
        .fact("vbds", disk.attachments as u64);
    let streamed_again = found.is_some_and(|disk| disk.shape.unplaced > 0);
    Some(if streamed_again {
        let mut finding = finding.severity(Severity::Error);
        finding.xapi_error = Some(ImportError::Generic.code().to_owned());
        finding
    } else {
        finding
    })
}

/// An importer's unit for absent blocks is the first block's length (section 5.1).
fn unit(catalog: &Archive) -> Option<Finding> {
    let first = catalog
        .disks
        .first()
        .filter(|_| catalog.kind == Kind::Xva)?;
    let len = first.shape.first_len;
    let gaps = catalog.disks.iter().any(|disk| disk.shape.absent > 0);
    let first_is_there = first.shape.blocks > first.shape.unplaced;
    (first_is_there && len != NOMINAL_BLOCK && len > 0 && gaps).then(|| {
        Finding::new(Code::FirstBlockUnit)
            .block(&first.shape.id, first.shape.first_number)
            .at(first.shape.first_offset)
            .fact("length", len)
    })
}

/// Kinds of checksums in the archive.
fn kinds(catalog: &Archive) -> Option<Finding> {
    let sum = |count: fn(&Disk) -> u64| -> u64 { catalog.disks.iter().map(count).sum() };
    let sha1 = sum(|disk| disk.shape.sums.sha1);
    let xxh64 = sum(|disk| disk.shape.sums.xxh64);
    let table = matches!(catalog.legacy_table, LegacyTable::Compared { .. });
    let finding = match (sha1, xxh64) {
        (0, _) if !table => return None,
        (_, 0) => Finding::new(Code::ChecksumSha1),
        _ if sha1 > 0 => Finding::new(Code::ChecksumKindsMixed),
        _ => return None,
    };
    Some(finding.fact("sha1", sha1).fact("xxh64", xxh64))
}
