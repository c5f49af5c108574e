//! Everything that one scan established about one input, without any judgement.
//!
//! A scan fills it, rules read it. What is known depends on what the input is, so there is one shape
//! for each: [`Archive`], [`Dump`] and [`Document`].

mod archive;
mod block_map;
mod blocks;
mod change;
mod document;
mod dump;
mod fact;
mod files;
mod host_backup;
mod kept;
mod manifest;
mod stored;

use crate::report::{Envelope, Kind};

pub use archive::{
    ApplianceDisk, Archive, BlockCounts, Disk, Ending, Extent, LegacyTable, Metadata, Sampled,
};
pub use block_map::{BLOCK, BlockMap, BlockState, CELLS, CellCounts};
pub use blocks::{BlockSum, DiskBlocks, LostPart};
pub use change::Change;
pub use document::Document;
pub use dump::{Dump, RedoLogState, Rewritten, Uncompared};
pub use fact::{Block, Chunk, Compression, Fact, Legacy, Located, Member, Source, Unpacking};
pub use files::FileTable;
pub use host_backup::{Counted, EmbeddedDatabase, EmbeddedState, FolderSize, HostBackup, Names};
pub use kept::Facts;
pub use manifest::{Attributes, Manifest, ManifestEntry, Sha256, SumState};
pub use stored::{DigestKind, Flaw, StoredFile};

/// What a scan found.
#[derive(Debug)]
pub enum Catalog {
    /// A tar archive: an export, or one disk.
    Archive(Box<Archive>),
    /// A pool database.
    Dump(Box<Dump>),
    /// An `ova.xml` by itself.
    Document(Box<Document>),
    /// The root file system of a host.
    Host(Box<HostBackup>),
}

impl Catalog {
    /// What the input is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Archive(archive) => archive.kind,
            Self::Dump(dump) => dump.kind,
            Self::Document(_) => Kind::OvaXml,
            Self::Host(_) => Kind::HostBackup,
        }
    }

    /// The compression around it.
    #[must_use]
    pub fn envelope(&self) -> Envelope {
        match self {
            Self::Archive(archive) => archive.envelope,
            Self::Dump(dump) => dump.envelope,
            Self::Document(document) => document.envelope,
            Self::Host(host) => host.envelope,
        }
    }

    /// Deviations, in kinds.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        match self {
            Self::Archive(archive) => &archive.facts,
            Self::Dump(dump) => &dump.facts,
            Self::Document(document) => &document.facts,
            Self::Host(host) => &host.facts,
        }
    }

    /// The archive, if it is one.
    #[must_use]
    pub fn archive(&self) -> Option<&Archive> {
        match self {
            Self::Archive(archive) => Some(archive),
            _ => None,
        }
    }

    /// The archive itself, if it is one.
    #[must_use]
    pub fn into_archive(self) -> Option<Archive> {
        match self {
            Self::Archive(archive) => Some(*archive),
            _ => None,
        }
    }

    /// The host backup, if it is one.
    #[must_use]
    pub fn host_backup(&self) -> Option<&HostBackup> {
        match self {
            Self::Host(host) => Some(host),
            _ => None,
        }
    }

    /// The pool database, if it is one.
    #[must_use]
    pub fn dump(&self) -> Option<&Dump> {
        match self {
            Self::Dump(dump) => Some(dump),
            _ => None,
        }
    }
}
