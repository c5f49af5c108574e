//! The one loop through a host backup, and what it makes of each member.

use std::collections::BTreeMap;

use xenspect_archive::tar::{self, HeaderSum, Member, MemberKind, Step};
use xenspect_model::catalog::{
    EmbeddedDatabase, EmbeddedState, Ending, Fact, Facts, FileTable, FolderSize, HostBackup,
    Member as MemberFact, Names,
};
use xenspect_model::diff::FileKind;
use xenspect_model::report::Envelope;

use super::names::{climbs, count, is_database, top};
use crate::collect::{Bounds, Kept, Name, shown, walker};
use crate::document;
use crate::envelope::{Broken, Packing};
use crate::error::Error;
use crate::feed::{Feed, source_fact};
use crate::members::walk::{Stop, Walk};
use crate::options::{Depth, Options, Progress};
use crate::serve::Served;
use crate::tree::contents::Contents;
use crate::tree::member::{path as path_of, state, text};
use crate::tree::table::Table;
use crate::tree::{TreeLimits, pieces, sparse};

/// Folders right in the root that are told apart; a host has some twenty.
const FOLDERS: usize = 1024;
/// What tar is given by itself behind the root, so that its files may be there twice.
const TWICE: &str = "boot/efi";

/// The state of a reading.
pub(super) struct Reader<'a, F> {
    walk: Walk<'a, F>,
    options: &'a Options,
    facts: Facts,
    kept: Kept<'a>,
    table: Table,
    places: BTreeMap<String, u64>,
    folders: BTreeMap<String, FolderSize>,
    databases: Vec<EmbeddedDatabase>,
    /// Bytes of databases that are held.
    held: u64,
    names: Names,
    newest: Option<i64>,
    members: u64,
    first_member: Vec<u8>,
    marker_seen: bool,
    damaged: bool,
    inside: Option<Vec<u8>>,
    /// Bytes in holes that may still be read.
    holes: u64,
    buffer: Vec<u8>,
}

impl<'a, F: Feed> Reader<'a, F> {
    pub(super) fn new(feed: F, options: &'a Options, progress: &'a Progress) -> Self {
        let limits = TreeLimits::default();
        Self {
            walk: Walk::with(walker(), feed, progress),
            options,
            facts: Facts::new(options.limits.facts),
            kept: Kept::new(&options.host_files, Bounds::of(options)),
            table: Table::new(&limits),
            places: BTreeMap::new(),
            folders: BTreeMap::new(),
            databases: Vec::new(),
            held: 0,
            names: Names::default(),
            newest: None,
            members: 0,
            first_member: Vec::new(),
            marker_seen: false,
            damaged: false,
            inside: None,
            holes: limits.holes,
            buffer: Vec::new(),
        }
    }

    pub(super) fn run(mut self, front: (Envelope, bool)) -> Result<HostBackup, Error> {
        let ending = match self.walk() {
            Ok(ending) => ending,
            Err(broken) => self.broken(broken),
        };
        self.note_oddities();
        if self.members == 0 && matches!(ending, Ending::Interrupted { .. }) {
            return Err(Error::Interrupted);
        }
        Ok(self.finish(front, ending))
    }

    fn walk(&mut self) -> Result<Ending, Broken> {
        self.walk.forget_blocks();
        loop {
            if self.walk.is_cancelled() {
                return Ok(self.interrupted());
            }
            self.walk.advance();
            let step = match self.walk.step()? {
                Served::Step(step) => step,
                Served::Nothing => return Ok(Ending::Tar(self.walk.walker.finish(0))),
                Served::Short(have) => return Ok(Ending::Tar(self.walk.walker.finish(have))),
            };
            self.note_oddities();
            match step {
                Step::More => {}
                Step::End => self.marker_seen = true,
                Step::Member(member) => {
                    // tar stops at the marker, so these are no files of the tree.
                    if self.marker_seen {
                        self.walk.feed.skip(member.size)?;
                        continue;
                    }
                    self.members = self.members.saturating_add(1);
                    self.inside = Some(crate::member::shown(&member.name));
                    match self.member(&member) {
                        Ok(()) => {}
                        Err(Stop::Broken(broken)) => return Err(broken),
                        Err(Stop::Interrupted) => return Ok(self.interrupted()),
                        Err(Stop::Short) => {
                            self.note_oddities();
                            let end = self.walk.feed.position();
                            return Ok(Ending::InPayload {
                                name: self.inside.take().unwrap_or_default(),
                                offset: member.header_offset,
                                size: member.size,
                                have: end.saturating_sub(member.data_offset),
                            });
                        }
                    }
                    self.inside = None;
                    self.walk.forget_blocks();
                }
            }
        }
    }

    fn interrupted(&self) -> Ending {
        Ending::Interrupted {
            offset: self.walk.feed.position(),
        }
    }

    /// The stream gave out. Behind the end marker that does not matter for the members.
    fn broken(&mut self, broken: Broken) -> Ending {
        let offset = self.walk.feed.position();
        let fact = match broken {
            // A pipe that stalled was left because of the order to stop.
            Broken::Io(_) if self.walk.is_cancelled() => return self.interrupted(),
            Broken::Io(error) => Fact::Source(source_fact(&error)),
            Broken::Fault(fault) => Fact::Envelope(fault),
        };
        self.facts.push(offset, fact);
        if self.marker_seen {
            return Ending::Tar(self.walk.walker.finish(0));
        }
        Ending::Broken {
            offset,
            inside: self.inside.take(),
        }
    }

    /// Takes over what walker and feed noticed.
    fn note_oddities(&mut self) {
        for tar::Located { offset, oddity } in self.walk.walker.take_oddities() {
            self.damaged |= matches!(
                oddity,
                tar::Oddity::Lost { .. } | tar::Oddity::HeaderSumWrong { .. }
            );
            // The member itself is told, with its name.
            if !matches!(oddity, tar::Oddity::HeaderSumWrong { believed: true, .. }) {
                self.facts.push(offset, Fact::Tar(oddity));
            }
        }
        let position = self.walk.feed.position();
        for fault in self.walk.feed.take_faults() {
            self.facts.push(position, Fact::Envelope(fault));
        }
        self.note_read_errors();
    }

    /// Takes over ranges that the storage refused, and says whether there are any.
    fn note_read_errors(&mut self) -> bool {
        let errors = self.walk.feed.take_read_errors();
        let any = !errors.is_empty();
        for (offset, fact) in errors {
            self.facts.push(offset, Fact::Source(fact));
        }
        any
    }

    fn member(&mut self, member: &Member) -> Result<(), Stop> {
        let offset = member.header_offset;
        if self.members == 1 {
            self.first_member = crate::member::shown(&member.name);
        }
        if let HeaderSum::Wrong { stored, computed } = member.header_sum {
            let name = crate::member::shown(&member.name);
            let fact = MemberFact::HeaderSum {
                name,
                stored,
                computed,
            };
            self.facts.push(offset, Fact::Member(fact));
            return self.pass(member.size);
        }
        let stored = text(&member.name);
        let name = Name::of(stored.as_bytes());
        if matches!(name, Name::Unsafe(_)) {
            count(&mut self.names.climbing, offset, || shown(&stored));
        }
        let unsafe_name = matches!(name, Name::Unsafe(_));
        let wanted = self.kept.see(&name).is_some();
        let path = path_of(name, &stored);
        let state = state(member);
        if unsafe_name {
            // It is in no place of the tree.
        } else {
            self.look_at_link(member, &path, state.link.as_deref());
            self.size(member, &path, state.is);
        }
        if let Some(earlier) = self.table.files.get(&path) {
            let folders = earlier.is == FileKind::Folder && state.is == FileKind::Folder;
            if !folders && !path.starts_with(TWICE) {
                count(&mut self.names.repeated, offset, || shown(&path));
            }
        }
        self.kept.forget(&path);
        self.places.remove(&path);
        self.drop_database(&path);
        let is_file = state.is == FileKind::File;
        let in_table = self.table.insert(path.clone(), state);
        if is_file {
            let mtime = member.mtime.and_then(|mtime| i64::try_from(mtime).ok());
            self.newest = self.newest.max(mtime);
            return self.file(member, path, wanted && in_table);
        }
        match member.kind {
            MemberKind::HardLink => self.hard_link(member, path, wanted),
            MemberKind::Directory => {}
            kind if wanted => {
                let why = format!("is a {} there, which is not read", kind.name());
                self.kept.leave_out(&path, &why);
            }
            _ => {}
        }
        self.pass(member.size)
    }

    fn look_at_link(&mut self, member: &Member, path: &str, link: Option<&str>) {
        let Some(link) = link else { return };
        let out = match member.kind {
            MemberKind::HardLink => matches!(Name::of(link.as_bytes()), Name::Unsafe(_)),
            _ => climbs(path, link),
        };
        if out {
            count(&mut self.names.links_out, member.header_offset, || {
                format!("{} -> {}", shown(path), shown(link))
            });
        }
    }

    fn size(&mut self, member: &Member, path: &str, kind: FileKind) {
        let mut folder = top(path, kind == FileKind::Folder);
        if !self.folders.contains_key(folder) && self.folders.len() >= FOLDERS {
            folder = ".";
        }
        let size = self.folders.entry(folder.to_owned()).or_default();
        size.members = size.members.saturating_add(1);
        if kind == FileKind::File {
            size.bytes = size.bytes.saturating_add(member.size);
        }
    }

    fn drop_database(&mut self, path: &str) {
        if !is_database(path) {
            return;
        }
        if let Some(at) = self.databases.iter().position(|there| there.path == path) {
            let gone = self.databases.remove(at);
            if let EmbeddedState::Read(dump) = gone.state {
                self.held = self.held.saturating_sub(dump.stream_bytes);
            }
        }
    }

    /// Passes by a payload. Of a stream it is unpacked all the same, and a plain file is read if it is to be read whole.
    fn pass(&mut self, len: u64) -> Result<(), Stop> {
        if self.options.depth == Depth::Full && len > 0 {
            return Contents::new(false, false).data(len, &mut self.walk, &mut self.buffer);
        }
        let taken = self.walk.feed.skip(len).map_err(Stop::Broken)?;
        if taken < len {
            Err(Stop::Short)
        } else {
            Ok(())
        }
    }

    /// Reads a file to its end, as far as it is asked for.
    fn file(&mut self, member: &Member, path: String, wanted: bool) -> Result<(), Stop> {
        let database = is_database(&path);
        let length = member.real_size.unwrap_or(member.size);
        self.table.set_length(&path, length);
        if !(database || wanted || self.options.digests) {
            return self.pass(member.size);
        }
        self.note_read_errors();
        let layout = match sparse::layout(&mut self.walk, member) {
            Ok(Ok(layout)) => layout,
            Ok(Err(why)) => {
                self.unread(member, &path, database, why);
                return self.rest(member);
            }
            Err(stop) => {
                self.cut(member, &path, database);
                return Err(stop);
            }
        };
        self.table.set_length(&path, layout.length);
        let Some(left) = self.holes.checked_sub(layout.holes()) else {
            self.unread(
                member,
                &path,
                database,
                "has more bytes in holes than are read",
            );
            return self.rest(member);
        };
        self.holes = left;
        let holds = if database {
            self.room(member, &path, layout.length)
        } else {
            wanted && self.kept.room(&path, Some(layout.length)).is_some()
        };
        let mut contents = Contents::new(self.options.digests, holds);
        if let Err(stop) = pieces(&mut self.walk, &layout, &mut contents, &mut self.buffer) {
            if holds || !database {
                self.cut(member, &path, database);
            }
            return Err(stop);
        }
        if self.note_read_errors() {
            self.unread(
                member,
                &path,
                database,
                "lies where the storage cannot be read",
            );
            return Ok(());
        }
        let (digest, bytes) = contents.finish();
        if let Some(digest) = digest {
            self.table.set_digest(&path, digest);
        }
        match bytes {
            Some(bytes) if database => self.database(member, path, bytes),
            Some(bytes) => {
                self.places.insert(path.clone(), member.header_offset);
                self.kept.keep(path, bytes);
            }
            None => {}
        }
        Ok(())
    }

    /// Passes by what is left of a payload of which the map was read.
    fn rest(&mut self, member: &Member) -> Result<(), Stop> {
        let end = member.data_offset.saturating_add(member.size);
        self.pass(end.saturating_sub(self.walk.feed.position()))
    }

    /// Whether there is room for a database; if not, that is told.
    fn room(&mut self, member: &Member, path: &str, size: u64) -> bool {
        let limit = self.options.limits.dump;
        let all = self.held.saturating_add(size);
        if size <= limit && all <= limit.saturating_mul(2) {
            return true;
        }
        self.embed(member, path.to_owned(), EmbeddedState::TooLarge { size });
        false
    }

    fn database(&mut self, member: &Member, path: String, bytes: Vec<u8>) {
        let len = bytes.len() as u64;
        let state = match document::embedded(bytes, Envelope::Plain, self.options) {
            Ok(dump) => {
                self.held = self.held.saturating_add(len);
                EmbeddedState::Read(Box::new(dump))
            }
            Err(error) => EmbeddedState::Unusable(error.to_string()),
        };
        self.embed(member, path, state);
    }

    fn embed(&mut self, member: &Member, path: String, state: EmbeddedState) {
        self.places.insert(path.clone(), member.header_offset);
        self.databases.push(EmbeddedDatabase {
            path,
            offset: member.header_offset,
            modified: member.mtime.and_then(|mtime| i64::try_from(mtime).ok()),
            state,
        });
    }

    fn cut(&mut self, member: &Member, path: &str, database: bool) {
        if database {
            self.embed(member, path.to_owned(), EmbeddedState::Cut);
        } else {
            self.unread(member, path, false, "is cut short");
        }
    }

    fn unread(&mut self, member: &Member, path: &str, database: bool, why: &str) {
        if database {
            let state = EmbeddedState::Unusable(format!("it {why}"));
            self.embed(member, path.to_owned(), state);
            return;
        }
        let path = shown(path);
        self.kept
            .remark(format!("the contents of {path} are unknown: it {why}"));
    }

    /// A hard link is its target as it is by now, as tar links it.
    fn hard_link(&mut self, member: &Member, path: String, wanted: bool) {
        let stored = text(&member.link_name);
        let target = path_of(Name::of(stored.as_bytes()), &stored);
        self.table.link(&path, &target);
        if is_database(&path) {
            self.unread(member, &path, true, "is a hard link, which is not followed");
            return;
        }
        if !wanted {
            return;
        }
        match self.kept.file(&target).map(<[u8]>::to_vec) {
            Some(bytes) => {
                if self.kept.room(&path, Some(bytes.len() as u64)).is_some() {
                    self.places.insert(path.clone(), member.header_offset);
                    self.kept.keep(path, bytes);
                }
            }
            None => {
                let why = "is a hard link to a file that is not read";
                self.kept.leave_out(&path, why);
            }
        }
    }

    fn finish(
        mut self,
        (envelope, readable_by_others): (Envelope, bool),
        ending: Ending,
    ) -> HostBackup {
        let left_out = self.table.left_out;
        if left_out > 0 {
            self.kept.remark(format!(
                "it has {left_out} more files than are read, which are left out"
            ));
        }
        let complete = matches!(
            ending,
            Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock)
        );
        let collected = self.kept.of_archive(Packing::Plain);
        HostBackup {
            envelope,
            bytes: self.walk.feed.consumed(),
            stream_bytes: self.walk.feed.position(),
            members: self.members,
            first_member: self.first_member,
            tree: FileTable {
                envelope: Some(envelope),
                files: self.table.files,
                contents: collected.files.into_iter().collect(),
                left_out,
                incomplete: !complete || self.damaged || left_out > 0,
                remarks: collected.remarks,
            },
            places: self.places,
            newest_file: self.newest,
            folders: self.folders,
            databases: self.databases,
            names: self.names,
            facts: self.facts,
            ending,
            trailing: self.walk.walker.trailing(),
            frames_without_checksum: self.walk.feed.frames_without_checksum(),
            readable_by_others,
        }
    }
}
