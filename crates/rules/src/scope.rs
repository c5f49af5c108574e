//! What was checked and what could not be: a verdict is only worth what it covers.

use xenspect_archive::tar;
use xenspect_model::catalog::{Archive, Ending, LegacyTable, Metadata, Sampled};
use xenspect_model::report::{Envelope, Kind};

use crate::survey::Survey;

/// Sentences on what was checked.
pub(crate) fn checked(catalog: &Archive, survey: &Survey<'_>) -> Vec<String> {
    let mut checked = Vec::new();
    let compared: u64 = catalog
        .disks
        .iter()
        .map(|disk| disk.blocks.good + disk.blocks.bad)
        .sum();
    if compared > 0 {
        let kinds = kinds(catalog).join(" and ");
        checked.push(format!(
            "Contents of {} against {kinds}",
            count(compared, "block")
        ));
    }
    checked.push(format!(
        "Header, name, order and size of {}",
        count(catalog.members, "member")
    ));
    checked.extend(metadata(&catalog.metadata));
    let sized = survey
        .all_expected()
        .filter(|disk| disk.virtual_size.is_some() && survey.was_reached(&disk.id))
        .count() as u64;
    if sized > 0 && catalog.kind == Kind::Xva {
        checked.push(format!(
            "Length of {} against virtual_size",
            count(sized, "disk")
        ));
    }
    if let LegacyTable::Compared { entries, .. } = catalog.legacy_table {
        checked.push(format!(
            "checksum.xml: {} compared in both directions",
            count_entries(entries)
        ));
    }
    let chunks: u64 = catalog.appliance.values().map(|disk| disk.chunks).sum();
    if chunks > 0 && catalog.blocks_read {
        checked.push(format!("CRC and length of {}", count(chunks, "chunk")));
    }
    if !matches!(
        catalog.ending,
        Ending::Broken { .. } | Ending::Interrupted { .. }
    ) {
        checked.extend(envelope(catalog.envelope, catalog.frames_without_checksum));
    }
    checked
}

/// The sentence on the check values of the compressed stream.
pub(crate) fn envelope(envelope: Envelope, without_checksum: bool) -> Option<String> {
    let sentence = match envelope {
        Envelope::Plain => return None,
        Envelope::Gzip => "CRC and length of the gzip stream",
        Envelope::Zstd if without_checksum => return None,
        Envelope::Zstd => "Content checksum of the zstd stream",
    };
    Some(sentence.to_owned())
}

/// The sentence on the description of the VM.
pub(crate) fn metadata(metadata: &Metadata) -> Option<String> {
    match metadata {
        Metadata::Export(export) => Some(format!(
            "ova.xml: {}, their references and the fields that importers need",
            count(export.objects.len() as u64, "object")
        )),
        Metadata::Appliance(_) => Some("ova.xml of version 1: its list of disks".to_owned()),
        _ => None,
    }
}

/// That nothing protects the description.
pub(crate) const NO_CHECKSUM: &str =
    "ova.xml bears no checksum, so a change that still reads well is not seen";

/// What is said of blocks that the archive does not have.
const LEFT_OUT: &str = "left out of the archive, which means zeros: a block that was lost together with its sum looks the same";
/// What is said of blocks that nothing in the archive tells the contents of.
const WITHOUT_SUM: &str = "without a usable sum";

/// Whether a sentence on what was not checked is about something that a seal tells: contents that nothing in the input protects, and
/// members that may be gone.
pub(crate) fn is_told_by_a_seal(sentence: &str) -> bool {
    const WORDS: [&str; 4] = [
        "bears no checksum",
        "has no checksums of its own",
        LEFT_OUT,
        WITHOUT_SUM,
    ];
    WORDS.iter().any(|words| sentence.contains(words))
}

/// Sentences on what was not checked.
pub(crate) fn not_checked(catalog: &Archive, survey: &Survey<'_>) -> Vec<String> {
    let mut open = Vec::new();
    if !catalog.blocks_read {
        open.push("Contents of blocks and chunks: only headers were asked for".to_owned());
    } else {
        let unchecked: u64 = catalog.disks.iter().map(|disk| disk.blocks.unchecked).sum();
        let left = catalog.sampled.map_or(0, |sampled| sampled.left);
        let unchecked = unchecked.saturating_sub(left);
        if let Some(sampled) = catalog.sampled.filter(|_| left > 0) {
            open.push(sample(sampled));
        }
        if unchecked > 0 {
            open.push(format!(
                "Contents of {} {WITHOUT_SUM}",
                count(unchecked, "block")
            ));
        }
    }
    // Where the order is broken, a number that seems left out may stand elsewhere.
    let in_order = catalog.disks.iter().filter(|disk| disk.shape.unplaced == 0);
    let absent: u64 = in_order.map(|disk| disk.shape.absent).sum();
    if absent > 0 {
        open.push(format!("{} {LEFT_OUT}", count(absent, "block")));
    }
    if catalog.kind != Kind::VdiTar {
        open.push(NO_CHECKSUM.to_owned());
    }
    if catalog.kind == Kind::VdiTar {
        open.push("The disk's length: it is not stored in a per-disk export".to_owned());
    }
    if catalog.kind == Kind::Metadata {
        open.push("Disk data: there is none in a metadata-only export".to_owned());
        open.push(
            "Whether the target has the storage, disks and GPU groups that ova.xml names \
             (VDI_LOCATION_MISSING, VDI_CONTENT_ID_MISSING): they are not inside"
                .to_owned(),
        );
    }
    if catalog.second_archive.is_some() {
        open.push("The second archive behind this one".to_owned());
    }
    match catalog.ending {
        Ending::Tar(tar::Ending::Complete) => {}
        Ending::Interrupted { .. } => open.push("Everything behind the interruption".to_owned()),
        _ if survey.cut => {
            open.push("Whatever followed the end of what is there".to_owned());
        }
        _ => {}
    }
    open
}

/// That only a part of the blocks was compared.
fn sample(sampled: Sampled) -> String {
    let Sampled { index, of, left } = sampled;
    format!(
        "Contents of {}: one block of {of} was compared this time (part {} of {of})",
        count(left, "block"),
        index.saturating_add(1)
    )
}

fn kinds(catalog: &Archive) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    if catalog.disks.iter().any(|disk| disk.shape.sums.xxh64 > 0) {
        kinds.push("XXH64");
    }
    if catalog.disks.iter().any(|disk| disk.shape.sums.sha1 > 0) || kinds.is_empty() {
        kinds.push("SHA-1");
    }
    kinds
}

/// A number of things.
pub(crate) fn count(number: u64, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

fn count_entries(number: u64) -> String {
    if number == 1 {
        "1 entry".to_owned()
    } else {
        format!("{number} entries")
    }
}
