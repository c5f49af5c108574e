//! What a scan of a host backup establishes (`formats/host-backup.md`). Offsets are in bytes of the tar stream.

use std::collections::BTreeMap;

use xenspect_archive::tar;

use super::{Dump, Ending, Facts, FileTable};
use crate::report::Envelope;

/// The root file system of a host, as `xe host-backup` packs it.
#[derive(Debug)]
pub struct HostBackup {
    /// The compression around the stream.
    pub envelope: Envelope,
    /// Bytes of the input that were read, as stored.
    pub bytes: u64,
    /// Bytes of the decompressed stream that were reached.
    pub stream_bytes: u64,
    /// Members met.
    pub members: u64,
    /// The first member's name, as stored.
    pub first_member: Vec<u8>,
    /// The files: what each is, and the contents of those that are read. Digests are there if they were asked for.
    pub tree: FileTable,
    /// Where the members of those files begin whose contents were read, and of the embedded databases: by path.
    pub places: BTreeMap<String, u64>,
    /// Latest time of change of a regular file, in seconds since 1970.
    pub newest_file: Option<i64>,
    /// What takes up room once it is unpacked, by top folder; `.` for files right in the root. All files count, whether the
    /// table names them or not; of a name that is there twice the last one does.
    pub folders: BTreeMap<String, FolderSize>,
    /// The embedded pool databases, in the order of the archive; of a name that is there twice the last. The
    /// first 256; a remark of the tree says how many more there are.
    pub databases: Vec<EmbeddedDatabase>,
    /// Names that are absolute or climb out, links that lead out of the tree, and names that are there twice.
    pub names: Names,
    /// Deviations, in kinds.
    pub facts: Facts,
    /// How the stream ended.
    pub ending: Ending,
    /// What is behind the end marker.
    pub trailing: tar::Trailing,
    /// Whether zstd frames were met that carry no content checksum.
    pub frames_without_checksum: bool,
    /// Others than its owner may read the file. Never true of a stream.
    pub readable_by_others: bool,
}

impl HostBackup {
    /// The pool database to restore a pool from, as [`best_database`](Self::best_database) chooses among all.
    #[must_use]
    pub fn database_to_use(&self) -> Option<(&EmbeddedDatabase, &Dump)> {
        self.best_database(|_| true)
    }

    /// The best database among those at paths that are wanted: of those that are [whole](Dump::is_whole), or else of the others,
    /// the one with the highest generation; of two with the same one the one that the backup made for itself
    /// (`formats/host-backup.md` section 3).
    #[must_use]
    pub fn best_database(
        &self,
        wanted: impl Fn(&str) -> bool,
    ) -> Option<(&EmbeddedDatabase, &Dump)> {
        let read = self.databases.iter().filter_map(|base| match &base.state {
            EmbeddedState::Read(dump) if wanted(&base.path) => Some((base, &**dump)),
            _ => None,
        });
        read.max_by_key(|(base, dump)| {
            let is_made_for_it = base.path.starts_with("var/backup/");
            let database = &dump.database;
            (
                dump.is_whole(),
                database.generation(),
                is_made_for_it,
                &base.path,
            )
        })
    }
}

/// What the files of a folder take up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FolderSize {
    /// Members.
    pub members: u64,
    /// Bytes of data; of a sparse file those that are stored.
    pub bytes: u64,
}

/// A pool database inside of a host backup.
#[derive(Debug)]
pub struct EmbeddedDatabase {
    /// Its path: `var/backup/pool-database-…`, `var/lib/xcp/state.db`.
    pub path: String,
    /// Offset of its member's header.
    pub offset: u64,
    /// When it was last changed, in seconds since 1970.
    pub modified: Option<i64>,
    /// What it is.
    pub state: EmbeddedState,
}

/// What became of an embedded database.
#[derive(Debug)]
pub enum EmbeddedState {
    /// It was read. Offsets in it are in the document.
    Read(Box<Dump>),
    /// It cannot be read; why, in words.
    Unusable(String),
    /// It is longer than the limit for databases.
    TooLarge {
        /// Its length in bytes.
        size: u64,
    },
    /// The archive ends inside of it.
    Cut,
}

/// Names that no host writes. The first ones of each kind are kept, with the offset of the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Absolute ones, and those with a `..` part, as stored.
    pub climbing: Counted,
    /// Symbolic and hard links that lead out of the tree: the link, and where it leads.
    pub links_out: Counted,
    /// Members below a symbolic link of the archive: they land where it leads, or are not unpacked.
    pub through_links: Counted,
    /// Members that tar cannot unpack: below a file, in the place of a folder, hard links to what is not there or to a
    /// folder, and symbolic links without a target.
    pub not_unpacked: Counted,
    /// Names that are there twice; the last one counts.
    pub repeated: Counted,
}

/// The first of several, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Each with the offset of its header.
    pub first: Vec<(u64, String)>,
    /// All of them.
    pub total: u64,
}
