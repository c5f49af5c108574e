//! The members of an input with a digest of each, where a scan was asked for them: what a seal is made of, and what two copies
//! are compared by.

use std::borrow::Cow;
use std::collections::HashMap;

/// SHA-256 of some bytes.
pub type Sha256 = [u8; 32];

/// The members of an archive in their order, each with the SHA-256 of its contents. A document that is no archive (a pool
/// database, a redo log, an `ova.xml` by itself) has one member, its unpacked bytes, named `pool-db`, `redo-log` or `ova.xml`. Of a redo log
/// that is the part of the device that is ever used.
///
/// Contents are what `tar -xO` gives: of a sparse file with its holes, of what has no contents (a folder, a link, a device)
/// nothing. Everything else that tar has of a member of a host backup is in its [attributes](ManifestEntry::attributes).
/// Those of an export are all alike and mean nothing to an importer, so they are not looked at.
///
/// Takes 80 bytes a member for the names of an export, so that the eight million members of four TiB of disks fit.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    members: Vec<Packed>,
    folders: Vec<Box<[u8]>>,
    known: HashMap<Box<[u8]>, u32>,
    others: Vec<Box<[u8]>>,
    name_bytes: u64,
    /// Members beyond the number that is kept, or whose names have no room.
    pub left_out: u64,
    /// The walk came to the proper end, and nothing in between was lost: a member that is not here is not in the input.
    pub complete: bool,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestEntry<'a> {
    /// Its name, as stored.
    pub name: Cow<'a, [u8]>,
    /// Bytes of its contents.
    pub size: u64,
    /// SHA-256 of its contents; `None` where they could not be read to their end.
    pub sha256: Option<Sha256>,
    /// Offset of its header in the decompressed stream.
    pub offset: u64,
    /// Of a block: its first byte on its disk.
    pub start: Option<u64>,
    /// Of a block: what its own sum says of it.
    pub sum: SumState,
    /// Of a member of a host backup: a digest of all that is not contents. [`Attributes`] has the rule.
    pub attributes: Option<Attributes>,
}

/// The first 16 bytes of a SHA-256 over what a header has of a member beside its name, its place and its contents: lines of
/// ASCII that end in a line feed, in this order, then the target of the link as it is stored.
///
/// ```text
/// kind KIND          the word for the kind of entry, or `other N` with its type flag in decimal digits
/// mode MODE          permissions in four octal digits
/// uid UID            in decimal digits
/// gid GID
/// mtime SECONDS      since 1970
/// device MAJOR MINOR of a device, in decimal digits; a line that is only there for those
/// link LENGTH        bytes of the target, 0 for what is no link
/// ```
///
/// What a header does not tell is written as `?`.
pub type Attributes = [u8; 16];

/// What a block's own sum says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SumState {
    /// There is none, or it is no block.
    #[default]
    None,
    /// The block is as its sum says.
    Right,
    /// It is not.
    Wrong,
}

/// Bytes that keeping a name takes beside the name itself.
const OVERHEAD: usize = 16;

/// A member as it is kept.
#[derive(Debug, Clone)]
struct Packed {
    sha256: Sha256,
    size: u64,
    offset: u64,
    detail: Detail,
    name: Name,
    read: bool,
    sum: SumState,
}

/// What blocks have, or members of a host backup, but none has both. In bytes, so that the tag finds room.
#[derive(Debug, Clone, Copy)]
enum Detail {
    None,
    Start([u8; 8]),
    Attributes(Attributes),
}

impl Detail {
    fn start(start: Option<u64>) -> Self {
        start.map_or(Self::None, |start| Self::Start(start.to_ne_bytes()))
    }
}

/// A name without the parts that thousands have in common.
#[derive(Debug, Clone, Copy)]
enum Name {
    /// `FOLDER/NNNNNNNN` with at least eight digits, the way exporters write numbers.
    Block { folder: u32, number: u32 },
    /// The same with `.checksum` behind.
    Sha1 { folder: u32, number: u32 },
    /// The same with `.xxhash` behind.
    Xxh64 { folder: u32, number: u32 },
    /// Any other, by index.
    Other(u32),
}

impl Manifest {
    /// Adds a member behind the others. Members of one order are to be added in that order.
    pub fn push(&mut self, entry: &ManifestEntry<'_>) {
        self.name_bytes = self.name_bytes_with(&entry.name);
        let name = self.pack(&entry.name);
        self.members.push(Packed {
            sha256: entry.sha256.unwrap_or_default(),
            read: entry.sha256.is_some(),
            size: entry.size,
            offset: entry.offset,
            detail: match entry.attributes {
                Some(attributes) => Detail::Attributes(attributes),
                None => Detail::start(entry.start),
            },
            name,
            sum: entry.sum,
        });
    }

    /// Bytes that names would take with one more member of this name. Blocks and sums of one disk share theirs.
    #[must_use]
    pub fn name_bytes_with(&self, name: &[u8]) -> u64 {
        let more = match split(name) {
            Some((folder, _, b"" | b".checksum" | b".xxhash")) => {
                match self.known.contains_key(folder) {
                    true => 0,
                    // Once in order, and once to find it.
                    false => 2 * (folder.len() + OVERHEAD),
                }
            }
            _ => name.len() + OVERHEAD,
        };
        self.name_bytes.saturating_add(more as u64)
    }

    /// Sets what was found of a member that was added before it was read.
    pub fn found(&mut self, index: usize, sha256: Option<Sha256>, sum: SumState) {
        if let Some(member) = self.members.get_mut(index) {
            member.read = sha256.is_some();
            member.sha256 = sha256.unwrap_or_default();
            member.sum = sum;
        }
    }

    /// Sets where a block lies that was added before that was known.
    pub fn placed(&mut self, index: usize, start: u64) {
        if let Some(member) = self.members.get_mut(index) {
            member.detail = Detail::start(Some(start));
        }
    }

    /// Sets the attributes of a member that was added without.
    pub fn described(&mut self, index: usize, attributes: Attributes) {
        if let Some(member) = self.members.get_mut(index) {
            member.detail = Detail::Attributes(attributes);
        }
    }

    /// Sets how long the contents of a member are that was added before that was known.
    pub fn sized(&mut self, index: usize, size: u64) {
        if let Some(member) = self.members.get_mut(index) {
            member.size = size;
        }
    }

    /// Number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The member of an index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<ManifestEntry<'_>> {
        self.members.get(index).map(|member| self.entry(member))
    }

    /// The members in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ManifestEntry<'_>> {
        self.members.iter().map(|member| self.entry(member))
    }

    fn entry(&self, member: &Packed) -> ManifestEntry<'_> {
        ManifestEntry {
            name: self.unpack(member.name),
            size: member.size,
            sha256: member.read.then_some(member.sha256),
            offset: member.offset,
            start: match member.detail {
                Detail::Start(start) => Some(u64::from_ne_bytes(start)),
                _ => None,
            },
            sum: member.sum,
            attributes: match member.detail {
                Detail::Attributes(attributes) => Some(attributes),
                _ => None,
            },
        }
    }

    fn pack(&mut self, name: &[u8]) -> Name {
        let split = split(name).filter(|(_, _, suffix)| {
            // A folder is kept for those alone that share it.
            matches!(*suffix, b"" | b".checksum" | b".xxhash")
        });
        let Some((folder, number, suffix)) = split else {
            return self.other(name);
        };
        let Some(folder) = self.folder(folder) else {
            return self.other(name);
        };
        match suffix {
            b"" => Name::Block { folder, number },
            b".checksum" => Name::Sha1 { folder, number },
            b".xxhash" => Name::Xxh64 { folder, number },
            _ => self.other(name),
        }
    }

    fn folder(&mut self, folder: &[u8]) -> Option<u32> {
        if let Some(&index) = self.known.get(folder) {
            return Some(index);
        }
        let index = u32::try_from(self.folders.len()).ok()?;
        self.folders.push(folder.into());
        self.known.insert(folder.into(), index);
        Some(index)
    }

    fn other(&mut self, name: &[u8]) -> Name {
        // More than four thousand million names do not fit into memory.
        let index = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
        self.others.push(name.into());
        Name::Other(index)
    }

    fn unpack(&self, name: Name) -> Cow<'_, [u8]> {
        let (folder, number, suffix) = match name {
            Name::Block { folder, number } => (folder, number, ""),
            Name::Sha1 { folder, number } => (folder, number, ".checksum"),
            Name::Xxh64 { folder, number } => (folder, number, ".xxhash"),
            Name::Other(index) => {
                let name = self.others.get(index as usize).map(|name| &name[..]);
                return Cow::Borrowed(name.unwrap_or_default());
            }
        };
        let mut whole = self
            .folders
            .get(folder as usize)
            .map_or_else(Vec::new, |folder| folder.to_vec());
        whole.extend_from_slice(format!("/{number:08}{suffix}").as_bytes());
        Cow::Owned(whole)
    }
}

/// Folder, number and what follows of a block's or sum's name, if it is written as exporters write it.
fn split(name: &[u8]) -> Option<(&[u8], u32, &[u8])> {
    let slash = name.iter().rposition(|&byte| byte == b'/')?;
    let (folder, rest) = (name.get(..slash)?, name.get(slash + 1..)?);
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, suffix) = rest.split_at_checked(digits)?;
    let number: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let as_written = format!("{number:08}");
    (as_written.as_bytes() == digits).then_some((folder, number, suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &[u8], size: u64) -> ManifestEntry<'_> {
        ManifestEntry {
            name: Cow::Borrowed(name),
            size,
            sha256: Some([7; 32]),
            offset: 512,
            start: None,
            sum: SumState::None,
            attributes: None,
        }
    }

    #[test]
    fn every_name_comes_back_as_it_was() {
        let names: [&[u8]; 12] = [
            b"ova.xml",
            b"Ref:4/00000017",
            b"Ref:4/00000017.checksum",
            b"Ref:4/00000017.xxhash",
            b"Ref:4/00000017.md5",
            b"Ref:4/17",
            b"Ref:4/123456789",
            b"Ref:4/99999999999",
            b"a/b/00000000",
            b"/00000000",
            b"",
            b"\xff\xfe/00000001x",
        ];
        let mut manifest = Manifest::default();
        for (size, name) in (0..).zip(names) {
            manifest.push(&entry(name, size));
        }
        for (index, name) in names.into_iter().enumerate() {
            let got = manifest.get(index).unwrap();
            assert_eq!(got, entry(name, index as u64));
        }
        assert_eq!(manifest.len(), names.len());
    }

    #[test]
    fn a_member_takes_the_memory_that_is_said() {
        assert_eq!(size_of::<Packed>(), 80);
    }

    #[test]
    fn what_is_found_later_takes_its_place() {
        let mut manifest = Manifest::default();
        manifest.push(&ManifestEntry {
            sha256: None,
            start: Some(1 << 20),
            ..entry(b"Ref:1/00000001", 1 << 20)
        });
        assert_eq!(manifest.get(0).unwrap().sha256, None);
        manifest.found(0, Some([9; 32]), SumState::Wrong);
        let got = manifest.get(0).unwrap();
        assert_eq!(
            (got.sha256, got.sum, got.start),
            (Some([9; 32]), SumState::Wrong, Some(1 << 20))
        );
        manifest.placed(0, 3 << 20);
        manifest.sized(0, 5);
        let got = manifest.get(0).unwrap();
        assert_eq!((got.start, got.size), (Some(3 << 20), 5));
    }

    #[test]
    fn attributes_come_back() {
        let mut manifest = Manifest::default();
        let entry = ManifestEntry {
            attributes: Some([3; 16]),
            ..entry(b"./etc", 0)
        };
        manifest.push(&entry);
        assert_eq!(manifest.get(0), Some(entry));
    }
}
