//! Member names of an XVA. Splits a name into what it stands for; knows nothing of order or payload.

use std::fmt;

use super::sum::SumKind;

/// Name of the metadata member (`formats/xva.md` section 1).
const METADATA: &[u8] = b"ova.xml";
/// Name of the table that closes an archive of `export_vsn` 0 or 1 (section 9).
const LEGACY_TABLE: &[u8] = b"checksum.xml";
/// Folder of a per-disk `tar` export (section 14).
const VDI_FOLDER: &[u8] = b"vdi";
/// Digits of a block number below 10^8 (section 1).
const NUMBER_DIGITS: usize = 8;
/// Digits of the largest id. More of them are zeros in front, which no exporter writes; ids are kept, so their length must
/// not be the archive's to choose.
const ID_DIGITS: usize = 20;
/// Longest folder of a disk of XVA version 1, in bytes, which are kept as well.
const APPLIANCE_FOLDER: usize = 255;

/// The folder and number in the name of a block or of its checksum member.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockName {
    /// `Ref:N` of an export, or `vdi` of a per-disk export.
    pub disk: String,
    /// The block's number. A number is not an offset (section 5.1).
    pub number: u64,
    /// Whether the number is spelled as exporters do: zero-padded to eight digits, or more digits
    /// only where the value needs them.
    pub canonical: bool,
}

impl fmt::Display for BlockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:08}", self.disk, self.number)
    }
}

/// What a member is, by its name alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberName {
    /// `ova.xml`.
    Metadata,
    /// `checksum.xml`.
    LegacyTable,
    /// `Ref:N/NNNNNNNN`.
    Block(BlockName),
    /// `Ref:N/NNNNNNNN.checksum` or `.xxhash`.
    Sum(BlockName, SumKind),
    /// In a disk's folder, but what follows is no block number.
    BadNumber {
        /// The folder.
        disk: String,
        /// What stands where the number should be, lossily decoded.
        tail: String,
    },
    /// `DIR/chunk-NNNNNNNNN.gz` of XVA version 1, also seen without the dash (section 9).
    ApplianceChunk {
        /// The folder.
        dir: String,
        /// The chunk's number.
        number: u64,
    },
    /// The folder of a disk itself, written by tar programs but by no exporter.
    DiskFolder,
    /// Anything else.
    Foreign,
}

/// A classified name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the name stands for.
    pub name: MemberName,
    /// The name began with `./`, as `tar cf x.xva .` writes it. Importers want exact names.
    pub dot_slash: bool,
}

impl MemberName {
    /// Classifies the name of a member.
    #[must_use]
    pub fn classify(name: &[u8]) -> Named {
        let (bare, dot_slash) = match name.strip_prefix(b"./") {
            Some(rest) if !rest.is_empty() => (rest, true),
            _ => (name, false),
        };
        Named {
            name: Self::of_bare(bare),
            dot_slash,
        }
    }

    fn of_bare(name: &[u8]) -> Self {
        if name == METADATA {
            return Self::Metadata;
        }
        if name == LEGACY_TABLE {
            return Self::LegacyTable;
        }
        let Some(slash) = name.iter().position(|&b| b == b'/') else {
            return Self::Foreign;
        };
        let (folder, rest) = name.split_at(slash);
        let tail = rest.strip_prefix(b"/").unwrap_or_default();
        if let Some(disk) = disk_folder(folder) {
            return Self::in_disk(disk, tail);
        }
        appliance_chunk(folder, tail).unwrap_or(Self::Foreign)
    }

    fn in_disk(disk: String, tail: &[u8]) -> Self {
        if tail.is_empty() {
            return Self::DiskFolder;
        }
        let (digits, kind) = SumKind::ALL
            .into_iter()
            .find_map(|kind| Some((tail.strip_suffix(kind.extension())?, Some(kind))))
            .unwrap_or((tail, None));
        match decimal(digits) {
            Some(number) => {
                let canonical = digits.len() == NUMBER_DIGITS
                    || (digits.len() > NUMBER_DIGITS && !digits.starts_with(b"0"));
                let block = BlockName {
                    disk,
                    number,
                    canonical,
                };
                match kind {
                    Some(kind) => Self::Sum(block, kind),
                    None => Self::Block(block),
                }
            }
            None => Self::BadNumber {
                disk,
                tail: String::from_utf8_lossy(tail).into_owned(),
            },
        }
    }
}

/// The folder as text, if it is one that holds blocks.
fn disk_folder(folder: &[u8]) -> Option<String> {
    let digits = folder.strip_prefix(b"Ref:");
    let is_ref = digits.is_some_and(|d| d.len() <= ID_DIGITS && decimal(d).is_some());
    (is_ref || folder == VDI_FOLDER).then(|| String::from_utf8_lossy(folder).into_owned())
}

fn appliance_chunk(folder: &[u8], tail: &[u8]) -> Option<MemberName> {
    if folder.len() > APPLIANCE_FOLDER {
        return None;
    }
    let digits = tail.strip_prefix(b"chunk")?.strip_suffix(b".gz")?;
    let number = decimal(digits.strip_prefix(b"-").unwrap_or(digits))?;
    let dir = String::from_utf8_lossy(folder).into_owned();
    Some(MemberName::ApplianceChunk { dir, number })
}

/// Plain decimal without sign; `None` for anything else, and beyond 64 bits.
fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}
