//! What to build: the recipe of an archive and of its disks.
//!
//! The recipes with a name are in `catalog`; how a recipe becomes members is in `stream`.

use std::io::{self, Write};
use std::ops::Range;

use crate::catalog;
use crate::content::Content;
use crate::document::Document;
use crate::envelope::{Envelope, EnvelopeWriter};
use crate::header::HeaderStyle;
use crate::member::{Archive, Ending, Member};
use crate::release::Release;
use crate::stream;
use crate::sum::SumKind;
use crate::{metadata_pool, planted, records, xen_orchestra};

/// One mebibyte, the nominal length of a data chunk in bytes (`formats/xva.md` section 5).
pub const MIB: u64 = 1024 * 1024;

/// The overall form of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `ova.xml` and disks.
    Xva,
    /// `ova.xml` alone (`formats/xva.md` section 13).
    MetadataOnly,
    /// The chunks of one disk in directory `vdi`, no `ova.xml` (section 14).
    PerDisk,
    /// XVA version 1: `<appliance version="0.1">` and gzipped chunks (section 9).
    Version1,
    /// `ova.xml` with the records and ids of Xen Orchestra, last chunks padded (section 12).
    XenOrchestra,
}

/// Which checksum members are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sums {
    /// Those of the release.
    Release,
    /// These, whatever the release.
    Always(SumKind),
    /// None at all.
    None,
}

/// Which chunks are all zero and therefore left out. The first and the last chunk are written in any
/// case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holes {
    /// No chunk.
    None,
    /// The chunks in these ranges, counted from 0.
    Chunks(Vec<Range<u64>>),
    /// All but each n-th chunk.
    AllBut(u64),
}

/// One disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiskRecipe {
    /// Number in `Ref:N`, or the next free one in allocation order.
    pub id: Option<u64>,
    /// `VDI.name_label`.
    pub name_label: String,
    /// `VDI.virtual_size` in bytes.
    pub virtual_size: u64,
    /// What stored chunks hold.
    pub content: Content,
    /// Zero chunks that become gaps.
    pub holes: Holes,
    /// Zero chunks that are stored all the same, counted from 0.
    pub stored_zeros: Vec<u64>,
    /// Chunks before which an empty keep-alive chunk is sent (`formats/xva.md` section 5.1). Ignored for
    /// the first and last chunk, as by the exporter.
    pub keep_alives: Vec<u64>,
}

impl DiskRecipe {
    /// A disk of this many bytes that holds `content` all over.
    #[must_use]
    pub fn new(virtual_size: u64, content: Content) -> Self {
        Self {
            id: None,
            name_label: "disk".to_owned(),
            virtual_size,
            content,
            holes: Holes::None,
            stored_zeros: Vec::new(),
            keep_alives: Vec::new(),
        }
    }

    /// The same disk as `Ref:id`.
    #[must_use]
    pub fn id(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    /// The same disk with these chunks, counted from 0, left out as well.
    #[must_use]
    pub fn hole(mut self, chunks: Range<u64>) -> Self {
        match &mut self.holes {
            Holes::Chunks(ranges) => ranges.push(chunks),
            other => *other = Holes::Chunks([chunks].into()),
        }
        self
    }

    /// Whether this chunk is all zero and not stored.
    #[must_use]
    pub fn is_hole(&self, chunk: u64) -> bool {
        if self.stored_zeros.contains(&chunk) {
            return false;
        }
        self.content == Content::Zero
            || match &self.holes {
                Holes::None => false,
                Holes::Chunks(ranges) => ranges.iter().any(|range| range.contains(&chunk)),
                Holes::AllBut(nth) => !chunk.is_multiple_of(*nth),
            }
    }

    /// Whether this chunk holds nothing but zeros, stored or not.
    #[must_use]
    pub fn is_zero(&self, chunk: u64) -> bool {
        self.is_hole(chunk) || self.stored_zeros.contains(&chunk)
    }
}

/// Everything that decides the bytes of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Seed of contents, uuids and addresses.
    pub seed: u64,
    /// Overall form.
    pub kind: Kind,
    /// Exporting release.
    pub release: Release,
    /// Spelling of headers; `None` for that of the release.
    pub style: Option<HeaderStyle>,
    /// Whether a directory member precedes the chunks of each disk.
    pub directories: bool,
    /// Checksum members.
    pub sums: Sums,
    /// `export_vsn`: 2, or 0 and 1 for the forms of `formats/xva.md` section 9 (0 also drops the inline
    /// checksum members; both add `checksum.xml`).
    pub export_vsn: i64,
    /// Nominal chunk length in bytes; for version 1 the length before gzip.
    pub chunk_size: u64,
    /// The disks in order of their VBDs.
    pub disks: Vec<DiskRecipe>,
    /// Length in bytes of the memory image: the VM is suspended and the power state preserved.
    pub suspend_image: Option<u64>,
    /// First number used in `Ref:N`.
    pub first_id: u64,
    /// `VM.name_label`.
    pub vm_name: String,
    /// Number of VIFs, each on its own network.
    pub vifs: usize,
    /// Whether a CD drive with an ISO image in it is attached.
    pub cd_image: bool,
    /// Whether an empty CD drive is attached.
    pub empty_cd: bool,
    /// Whether the affinity host is among the objects; otherwise the reference dangles, as it mostly does.
    pub host: bool,
    /// Whether a VTPM with contents is attached.
    pub vtpm: bool,
    /// Whether `VM.NVRAM` holds EFI variables.
    pub nvram: bool,
    /// Whether fields keep references of the source pool.
    pub leftovers: bool,
    /// Whether the document is that of a whole pool with VMs of its own choice; disks, VIFs and the other fields about
    /// one VM are then without effect. Metadata-only exports alone can have it.
    pub pool: bool,
    /// Outer form.
    pub envelope: Envelope,
    /// What follows the last member.
    pub ending: Ending,
}

impl Recipe {
    /// A plain export of this release without disks.
    #[must_use]
    pub fn new(release: Release) -> Self {
        Self {
            seed: 1,
            kind: Kind::Xva,
            release,
            style: None,
            directories: false,
            sums: Sums::Release,
            export_vsn: 2,
            chunk_size: MIB,
            disks: Vec::new(),
            suspend_image: None,
            first_id: 20,
            vm_name: format!("example VM of {}", release.name()),
            vifs: 1,
            cd_image: false,
            empty_cd: false,
            host: false,
            vtpm: false,
            nvram: false,
            leftovers: false,
            pool: false,
            envelope: Envelope::Plain,
            ending: Ending::default(),
        }
    }

    /// The recipe of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        catalog::RECIPES
            .iter()
            .find(|entry| entry.name == name)
            .map(|entry| (entry.make)())
    }

    /// Names and one-line descriptions of the recipes.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        catalog::RECIPES
            .iter()
            .map(|entry| (entry.name, entry.description))
    }

    /// The algorithm of inline checksum members, `None` when there are none.
    #[must_use]
    pub fn sum_kind(&self) -> Option<SumKind> {
        match self.sums {
            _ if self.export_vsn == 0 => None,
            Sums::Release => Some(self.release.sum_kind()),
            Sums::Always(kind) => Some(kind),
            Sums::None => None,
        }
    }

    /// Spelling of the headers.
    #[must_use]
    pub fn header_style(&self) -> HeaderStyle {
        self.style.unwrap_or_else(|| self.release.header_style())
    }

    /// The tree of `ova.xml`; `None` for the kinds that have no such document.
    #[must_use]
    pub fn document(&self) -> Option<Document> {
        match self.kind {
            Kind::MetadataOnly if self.pool => Some(metadata_pool::document(self)),
            Kind::Xva | Kind::MetadataOnly => Some(records::document(self)),
            Kind::XenOrchestra => Some(xen_orchestra::document(self)),
            Kind::PerDisk | Kind::Version1 => None,
        }
    }

    /// The bytes of `ova.xml` alone, as people take it out of an archive; `None` for the kinds without one.
    #[must_use]
    pub fn document_text(&self) -> Option<Vec<u8>> {
        stream::document_text(self)
    }

    /// The secrets in the document: class and field, with the key where the field is a map, and the text.
    #[must_use]
    pub fn planted(&self) -> Vec<(String, String)> {
        self.document()
            .map(|document| planted::planted_in(&document))
            .unwrap_or_default()
    }

    /// The members of a small archive before encoding.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        stream::members(self, stream::document_text(self))
    }

    /// The members and the end of a small archive before encoding.
    #[must_use]
    pub fn archive(&self) -> Archive {
        Archive {
            members: self.members(),
            ending: self.ending.clone(),
        }
    }

    /// The bytes of a small archive, compressed if the recipe says so.
    #[must_use]
    pub fn build(&self) -> Vec<u8> {
        self.envelope.encode(&self.archive().encode())
    }

    /// Writes the archive chunk by chunk; memory does not grow with its length, except by the entries of
    /// `checksum.xml` where there is one.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        let mut out = EnvelopeWriter::new(self.envelope, out)?;
        let mut written = 0;
        stream::each_member(self, stream::document_text(self), &mut |member| {
            written += member.encoded_len() as u64;
            member.write_to(&mut out)
        })?;
        out.write_all(&self.ending.encode(written))?;
        out.finish()?.flush()
    }
}
