//! All files of a host backup in one pass: what each is, and a digest of its contents. Only contents that are asked for
//! are held. Nothing is unpacked to a disk, and no path is opened: they are names to compare.

pub(crate) mod contents;
pub(crate) mod member;
pub(crate) mod sparse;
pub(crate) mod table;

use xenspect_archive::tar::{HeaderSum, Member, MemberKind};
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::FileKind;
use xenspect_model::report::Envelope;

use crate::collect::{Bounds, Kept, Name, Packed, Packing, Taker, shown, walk_through};
use crate::error::Error;
use crate::feed::Feed;
use crate::members::Walked;
use crate::members::walk::{Stop, Walk};
use crate::options::{Options, Progress};
use crate::source::Source;
use contents::Contents;
use sparse::Layout;
use table::Table;

/// Bounds on what a tree of files can make us hold and do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLimits {
    /// Files that are kept; further ones are counted. A host has about a hundred thousand. Default 1 Mi.
    pub files: usize,
    /// Bytes of all paths and of all targets of links. Default 256 MiB.
    pub names: u64,
    /// Bytes in holes of sparse files that are hashed, of the whole archive. They take no room in it, so that nothing else
    /// bounds the time they cost. Default 32 GiB.
    pub holes: u64,
}

impl Default for TreeLimits {
    fn default() -> Self {
        Self {
            files: 1 << 20,
            names: 256 << 20,
            holes: 32 << 30,
        }
    }
}

/// Reads every member of a host backup, and holds the contents of those that `wanted` says yes to, within the limits that
/// [`collect`](crate::collect) has. `None`: it is something else, an export or a database for instance, or an archive that
/// is not of a host's root; of a stream the beginning is gone then.
///
/// # Errors
/// [`Error::Io`] when it cannot be read at all, [`Error::Interrupted`] when `progress` was told to stop. Damage is no
/// error: what was read is there, and a remark says so.
pub fn tree(
    source: Source,
    wanted: &dyn Fn(&str) -> bool,
    limits: &TreeLimits,
    options: &Options,
    progress: &Progress,
) -> Result<Option<FileTable>, Error> {
    let packed = match source {
        Source::File { reader, len, .. } => Packed::of_file(reader, len, options, progress)?,
        Source::Stream(reader) => Packed::of_stream(reader, options, progress)?,
    };
    let tree = Tree {
        kept: Kept::new(wanted, Bounds::of(options)),
        table: Table::new(limits),
        holes: limits.holes,
        buffer: Vec::new(),
    };
    match packed {
        Some(Packed::File(feed)) => tree.read(feed, Packing::Plain, progress),
        Some(Packed::Stream(feed, packing)) => tree.read(*feed, packing, progress),
        Some(Packed::Zip { .. }) | None => Ok(None),
    }
}

struct Tree<'a> {
    kept: Kept<'a>,
    table: Table,
    /// Bytes in holes that may still be hashed.
    holes: u64,
    /// A piece of a payload.
    buffer: Vec<u8>,
}

impl<'a> Taker<'a> for Tree<'a> {
    fn kept(&mut self) -> &mut Kept<'a> {
        &mut self.kept
    }

    fn take<F: Feed>(&mut self, walk: &mut Walk<'_, F>, member: &Member) -> Result<(), Walked> {
        let stored = member::text(&member.name);
        let name = Name::of(stored.as_bytes());
        let wanted = self.kept.see(&name);
        if !self.kept.may_be_host() {
            return Err(Walked::Enough);
        }
        let path = member::path(name, &stored);
        if member.header_sum != HeaderSum::Right {
            let path = shown(&path);
            self.kept
                .remark(format!("{path} is left out: it has a damaged header"));
            return Ok(());
        }
        // The second operand of host-backup, `boot/efi`, is packed again as links of each file to itself where it is a folder
        // of the root.
        let state = member::state(member);
        let is_itself = state.is == FileKind::HardLink && state.link.as_ref() == Some(&path);
        if is_itself && self.table.files.contains_key(&path) {
            return Ok(());
        }
        self.kept.forget(&path);
        if !self.table.insert(path.clone(), state) {
            return Ok(());
        }
        match member.kind {
            MemberKind::File | MemberKind::Contiguous | MemberKind::GnuSparse => {
                self.file(walk, member, &path, wanted.is_some())
            }
            MemberKind::HardLink => {
                self.hard_link(member, path, wanted.is_some());
                Ok(())
            }
            MemberKind::Directory => Ok(()),
            kind => {
                if wanted.is_some() {
                    let why = format!("is a {} there, which is not read", kind.name());
                    self.kept.leave_out(&path, &why);
                }
                Ok(())
            }
        }
    }
}

impl Tree<'_> {
    fn read<F: Feed>(
        mut self,
        feed: F,
        packing: Packing,
        progress: &Progress,
    ) -> Result<Option<FileTable>, Error> {
        let is_archive = walk_through(feed, &mut self, progress)?;
        if !is_archive || !self.kept.may_be_host() || !self.kept.is_host() {
            return Ok(None);
        }
        let left_out = self.table.left_out;
        if left_out > 0 {
            self.kept.remark(format!(
                "it has {left_out} more files than are read, which are left out"
            ));
        }
        let collected = self.kept.of_archive(packing);
        Ok(Some(FileTable {
            envelope: match packing {
                Packing::Plain => Some(Envelope::Plain),
                Packing::Gzip => Some(Envelope::Gzip),
                Packing::Zstd => Some(Envelope::Zstd),
                Packing::Bzip2 | Packing::Zip => None,
            },
            files: self.table.files,
            contents: collected.files.into_iter().collect(),
            left_out,
            // A cut, damage and every file that is left out have a remark each, and may be other than they seem.
            incomplete: !collected.remarks.is_empty(),
            remarks: collected.remarks,
        }))
    }

    /// Reads a file to its end, whatever way it is stored.
    fn file<F: Feed>(
        &mut self,
        walk: &mut Walk<'_, F>,
        member: &Member,
        path: &str,
        wanted: bool,
    ) -> Result<(), Walked> {
        // What was met between members is none of this one's.
        walk.feed.take_read_errors();
        let layout = match sparse::layout(walk, member) {
            Ok(Ok(layout)) => layout,
            Ok(Err(why)) => {
                self.unread(path, why);
                return Ok(());
            }
            Err(stop) => {
                self.unread(path, "is cut short");
                return Err(stop.walked(&walk.feed));
            }
        };
        self.table.set_length(path, layout.length);
        let Some(left) = self.holes.checked_sub(layout.holes()) else {
            let why = "has more bytes in holes than are read";
            self.unread(path, why);
            return Ok(());
        };
        self.holes = left;
        let holds = wanted && self.kept.room(path, Some(layout.length)).is_some();
        let mut contents = Contents::new(true, holds);
        if let Err(stop) = pieces(walk, &layout, &mut contents, &mut self.buffer) {
            self.unread(path, "is cut short");
            return Err(stop.walked(&walk.feed));
        }
        if !walk.feed.take_read_errors().is_empty() {
            self.unread(path, "lies where the storage cannot be read");
            return Ok(());
        }
        let (digest, bytes) = contents.finish();
        if let Some(digest) = digest {
            self.table.set_digest(path, digest);
        }
        if let Some(bytes) = bytes {
            self.kept.keep(path.to_owned(), bytes);
        }
        Ok(())
    }

    fn unread(&mut self, path: &str, why: &str) {
        let path = shown(path);
        self.kept
            .remark(format!("the contents of {path} are unknown: it {why}"));
    }

    /// A hard link is its target as it is by now, as tar links it: a later member of the target's name is another file.
    fn hard_link(&mut self, member: &Member, path: String, wanted: bool) {
        let stored = member::text(&member.link_name);
        let target = member::path(Name::of(stored.as_bytes()), &stored);
        self.table.link(&path, &target);
        if !wanted {
            return;
        }
        match self.kept.file(&target).map(<[u8]>::to_vec) {
            Some(bytes) => {
                if self.kept.room(&path, Some(bytes.len() as u64)).is_some() {
                    self.kept.keep(path, bytes);
                }
            }
            None => {
                let why = "is a hard link to a file that is not read";
                self.kept.leave_out(&path, why);
            }
        }
    }
}

/// Reads the payload of a file, with its holes.
pub(crate) fn pieces<F: Feed>(
    walk: &mut Walk<'_, F>,
    layout: &Layout,
    contents: &mut Contents,
    buffer: &mut Vec<u8>,
) -> Result<(), Stop> {
    let mut at = 0_u64;
    for piece in &layout.pieces {
        contents.hole(piece.offset.saturating_sub(at), walk)?;
        contents.data(piece.len, walk, buffer)?;
        at = piece.offset.saturating_add(piece.len);
    }
    contents.hole(layout.length.saturating_sub(at), walk)
}
