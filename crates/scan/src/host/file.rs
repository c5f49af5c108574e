//! The contents of one file of a host backup, as far as they are asked for.

use xenspect_archive::tar::Member;
use xenspect_model::catalog::EmbeddedState;
use xenspect_model::hex;

use super::contents::Contents;
use super::names::is_database;
use super::reader::Reader;
use super::sparse::{self, Layout};
use crate::collect::shown;
use crate::feed::Feed;
use crate::members::walk::Stop;
use crate::options::Depth;

/// Bytes of a payload that are passed by at once.
const PIECE: u64 = 1 << 20;
/// The same where they are read. They stay in the cache.
const READ: usize = 256 << 10;

impl<F: Feed> Reader<'_, F> {
    /// Reads a file to its end, as far as it is asked for.
    pub(super) fn file(&mut self, member: &Member, path: String, wanted: bool) -> Result<(), Stop> {
        let database = is_database(&path);
        let length = member.real_size.unwrap_or(member.size);
        self.table.set_length(&path, length);
        if !(database || wanted || self.options.digests) {
            return match self.entry {
                Some(entry) => self.for_manifest(member, entry),
                None => self.pass(member.size),
            };
        }
        let layout = match sparse::layout(&mut self.walk, member) {
            Ok(Ok(layout)) => layout,
            Ok(Err(why)) => {
                self.unread(member, &path, database, why);
                return self.rest(member);
            }
            Err(stop) => return Err(self.stopped(member, &path, database, stop)),
        };
        self.table.set_length(&path, layout.length);
        let Some(left) = self.holes.checked_sub(layout.holes()) else {
            let why = "has more bytes in holes than are read";
            self.unread(member, &path, database, why);
            return self.rest(member);
        };
        self.holes = left;
        self.contents(member, path, wanted, &layout)
    }

    fn contents(
        &mut self,
        member: &Member,
        path: String,
        wanted: bool,
        layout: &Layout,
    ) -> Result<(), Stop> {
        let database = is_database(&path);
        let size = layout.length;
        let holds = match database {
            true => self.databases.has_room(size),
            false => wanted && self.kept.room(&path, Some(size)).is_some(),
        };
        if database && !holds {
            self.places.insert(path.clone(), member.header_offset);
            let state = EmbeddedState::TooLarge { size };
            self.databases.tell(member, path.clone(), state);
        }
        let digests = self.options.digests || self.entry.is_some();
        let mut contents = Contents::new(digests, holds);
        if let Err(stop) = contents.file(layout, &mut self.walk, &mut self.buffer) {
            return Err(match database && !holds {
                true => stop,
                false => self.stopped(member, &path, database, stop),
            });
        }
        self.note_read_errors();
        if self.walk.feed.is_unreadable(member.data_offset) {
            if holds || !database {
                let why = "lies where the storage cannot be read";
                self.unread(member, &path, database, why);
            }
            return Ok(());
        }
        let (digest, bytes) = contents.finish();
        if let Some(digest) = digest {
            self.record_contents(size, digest);
            if self.options.digests {
                self.table.set_digest(&path, hex::encode(&digest));
            }
        }
        if let Some(bytes) = bytes {
            self.places.insert(path.clone(), member.header_offset);
            match database {
                true => self.databases.read(member, path, bytes),
                false => self.kept.keep(path, bytes),
            }
        }
        Ok(())
    }

    /// Passes by a payload. Of a stream it is unpacked all the same, and a plain file is read if it is to be read whole.
    pub(super) fn pass(&mut self, len: u64) -> Result<(), Stop> {
        let reads = self.options.depth == Depth::Full && !self.walk.feed.skip_reads();
        let most = if reads { READ as u64 } else { PIECE };
        let mut left = len;
        while left > 0 {
            if self.walk.is_cancelled() {
                return Err(Stop::Interrupted);
            }
            let want = left.min(most);
            let taken = match reads {
                true => self.read_piece(want),
                false => self.walk.feed.skip(want),
            };
            if taken.map_err(Stop::Broken)? < want {
                return Err(Stop::Short);
            }
            left = left.saturating_sub(want);
            if left > 0 {
                self.walk.advance();
            }
        }
        Ok(())
    }

    pub(super) fn read_piece(&mut self, len: u64) -> Result<u64, crate::envelope::Broken> {
        self.buffer.resize(READ, 0);
        let len = usize::try_from(len).unwrap_or(READ);
        let piece = self.buffer.get_mut(..len).unwrap_or_default();
        Ok(self.walk.feed.read(piece)? as u64)
    }

    /// Passes by what is left of a payload of which the map was read.
    pub(super) fn rest(&mut self, member: &Member) -> Result<(), Stop> {
        let end = member.data_offset.saturating_add(member.size);
        self.pass(end.saturating_sub(self.walk.feed.position()))
    }

    /// Says that a file could not be read to its end.
    fn stopped(&mut self, member: &Member, path: &str, database: bool, stop: Stop) -> Stop {
        let why = match stop {
            Stop::Interrupted => "was not read to its end",
            Stop::Broken(_) | Stop::Short => "is cut short",
        };
        if database && !matches!(stop, Stop::Interrupted) {
            self.places.insert(path.to_owned(), member.header_offset);
            self.databases
                .tell(member, path.to_owned(), EmbeddedState::Cut);
        } else {
            self.unread(member, path, database, why);
        }
        stop
    }

    /// Says why the contents of a file are unknown.
    pub(super) fn unread(&mut self, member: &Member, path: &str, database: bool, why: &str) {
        if database {
            self.places.insert(path.to_owned(), member.header_offset);
            let state = EmbeddedState::Unusable(format!("it {why}"));
            self.databases.tell(member, path.to_owned(), state);
            return;
        }
        let path = shown(path);
        self.kept
            .remark(format!("the contents of {path} are unknown: it {why}"));
    }
}
