//! The manifest of a host backup: the contents of each file as they are once unpacked, and the rest of what a header says as
//! attributes.

use xenspect_archive::tar::{HeaderSum, Member};
use xenspect_model::catalog::{Sha256, SumState};
use xenspect_model::diff::FileKind;

use super::attributes::attributes;
use super::contents::Contents;
use super::reader::Reader;
use super::sparse;
use super::state::kind;
use crate::feed::Feed;
use crate::members::walk::Stop;
use crate::record::Entry;

impl<F: Feed> Reader<'_, F> {
    /// Adds a member.
    pub(super) fn begin_entry(&mut self, member: &Member) {
        let Some(record) = self.record else { return };
        self.entry = record.member(member);
        let Some(entry) = self.entry else { return };
        let header = self.walk.header_and_map(member).next();
        if let Some(header) = header {
            record.attributes(entry, attributes(member, header));
        }
        // Files tell their digest themselves: what is stored of one may be without its holes.
        let is_file = kind(member.kind) == FileKind::File;
        if member.header_sum != HeaderSum::Right {
            // It may be another member that is damaged, with a size that is none.
            self.entry = None;
        } else if !is_file {
            self.walk.feed.begin_payload(member.size);
        }
    }

    /// A member was read to its end. What is no file has its payload for contents, which is nothing for most kinds.
    pub(super) fn end_entry(&mut self) {
        if let (Some(record), Some(entry)) = (self.record, self.entry.take())
            && let Some(digest) = self.walk.feed.payload_digest()
        {
            record.found(entry, Some(digest), SumState::None);
        }
    }

    /// Sets the digest of the file that is being read, and its length with its holes.
    pub(super) fn record_contents(&mut self, length: u64, digest: Sha256) {
        if let (Some(record), Some(entry)) = (self.record, self.entry.take()) {
            record.sized(entry, length);
            record.found(entry, Some(digest), SumState::None);
        }
    }

    /// Reads a file that nothing else asks for. What cannot be read of it has no digest, and nothing more is said of that.
    pub(super) fn for_manifest(&mut self, member: &Member, entry: Entry) -> Result<(), Stop> {
        self.entry = None;
        let layout = match sparse::layout(&mut self.walk, member)? {
            Ok(layout) => layout,
            Err(_) => return self.rest(member),
        };
        let Some(left) = self.manifest_holes.checked_sub(layout.holes()) else {
            return self.rest(member);
        };
        self.manifest_holes = left;
        let mut contents = Contents::new(true, false);
        contents.file(&layout, &mut self.walk, &mut self.buffer)?;
        let is_whole = !self.walk.feed.is_unreadable(member.data_offset);
        if let (Some(digest), true) = (contents.finish().0, is_whole) {
            self.entry = Some(entry);
            self.record_contents(layout.length, digest);
        }
        Ok(())
    }
}
