//! The one loop through a host backup, and how it ends.

use std::collections::BTreeMap;

use xenspect_archive::tar::{self, Member, Step};
use xenspect_model::catalog::{Ending, Fact, Facts, FileTable, HostBackup, Names};
use xenspect_model::report::Envelope;

use super::databases::Databases;
use super::names::Pairs;
use super::sizes::Sizes;
use super::table::Table;
use crate::collect::{Bounds, Kept, walker};
use crate::envelope::{Broken, Packing};
use crate::error::Error;
use crate::feed::{Feed, source_fact};
use crate::members::walk::{Stop, Walk};
use crate::options::{Options, Progress};
use crate::record::{Entry, Record};
use crate::serve::Served;

/// The state of a reading.
pub(super) struct Reader<'a, F> {
    pub(super) walk: Walk<'a, F>,
    pub(super) options: &'a Options,
    pub(super) facts: Facts,
    pub(super) kept: Kept<'a>,
    pub(super) table: Table,
    pub(super) places: BTreeMap<String, u64>,
    pub(super) sizes: Sizes,
    pub(super) pairs: Pairs,
    pub(super) databases: Databases<'a>,
    pub(super) names: Names,
    pub(super) newest: Option<i64>,
    pub(super) members: u64,
    pub(super) first_member: Vec<u8>,
    marker_seen: bool,
    /// Members stand behind the marker.
    behind_marker: bool,
    /// A header is damaged, or bytes are lost.
    damaged: bool,
    inside: Option<Vec<u8>>,
    /// Bytes in holes that may still be read.
    pub(super) holes: u64,
    /// The same for files that nothing but the manifest asks for.
    pub(super) manifest_holes: u64,
    /// The manifest, if one is wanted.
    pub(super) record: Option<&'a Record>,
    /// The member that is being read, in it.
    pub(super) entry: Option<Entry>,
    /// A piece of a payload.
    pub(super) buffer: Vec<u8>,
}

impl<'a, F: Feed> Reader<'a, F> {
    pub(super) fn new(
        feed: F,
        options: &'a Options,
        progress: &'a Progress,
        record: Option<&'a Record>,
    ) -> Self {
        let limits = &options.limits;
        Self {
            walk: Walk::with(walker(), feed, progress),
            options,
            facts: Facts::new(limits.facts),
            kept: Kept::new(&options.host_files, Bounds::of(options)),
            table: Table::new(limits),
            places: BTreeMap::new(),
            sizes: Sizes::new(limits.files),
            pairs: Pairs::new(limits.files),
            databases: Databases::new(options),
            names: Names::default(),
            newest: None,
            members: 0,
            first_member: Vec::new(),
            marker_seen: false,
            behind_marker: false,
            damaged: false,
            inside: None,
            holes: limits.holes,
            manifest_holes: limits.holes,
            record,
            entry: None,
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
                        self.behind_marker = true;
                        self.walk.feed.skip(member.size)?;
                    } else if let Some(ending) = self.look_at(&member)? {
                        return Ok(ending);
                    }
                    self.walk.forget_blocks();
                }
            }
        }
    }

    /// Looks at a member and reads its payload. `Some`: the archive ends there.
    fn look_at(&mut self, member: &Member) -> Result<Option<Ending>, Broken> {
        self.members = self.members.saturating_add(1);
        self.inside = Some(crate::member::shown(&member.name));
        self.begin_entry(member);
        match self.member(member) {
            Ok(()) => {
                self.end_entry();
                self.inside = None;
                Ok(None)
            }
            Err(Stop::Broken(broken)) => Err(broken),
            Err(Stop::Interrupted) => Ok(Some(self.interrupted())),
            Err(Stop::Short) => {
                self.note_oddities();
                let end = self.walk.feed.position();
                Ok(Some(Ending::InPayload {
                    name: self.inside.take().unwrap_or_default(),
                    offset: member.header_offset,
                    size: member.size,
                    have: end.saturating_sub(member.data_offset),
                }))
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
        self.note_oddities();
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
            // Behind the end marker there is nothing of the tree.
            self.damaged |= !self.marker_seen
                && matches!(
                    oddity,
                    tar::Oddity::Lost { .. } | tar::Oddity::HeaderSumWrong { .. }
                );
            // The member itself is told, with its name.
            let of_member = matches!(
                oddity,
                tar::Oddity::HeaderSumWrong { believed: true, .. }
                    | tar::Oddity::HeaderOnlySize {
                        payload_assumed: true,
                        ..
                    }
            );
            if !of_member {
                self.facts.push(offset, Fact::Tar(oddity));
            }
        }
        let position = self.walk.feed.position();
        for fault in self.walk.feed.take_faults() {
            self.facts.push(position, Fact::Envelope(fault));
        }
        self.note_read_errors();
    }

    /// Takes over ranges that the storage refused.
    pub(super) fn note_read_errors(&mut self) {
        for (offset, fact) in self.walk.feed.take_read_errors() {
            self.facts.push(offset, Fact::Source(fact));
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
        let databases = self.databases.left_out;
        if databases > 0 {
            self.kept.remark(format!(
                "it has {databases} more pool databases than are read, which are left out"
            ));
        }
        let complete = matches!(
            ending,
            Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock)
        );
        if let Some(record) = self.record {
            record.complete(complete && !self.damaged && !self.behind_marker);
        }
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
            folders: self.sizes.into_folders(),
            databases: self.databases.found,
            names: self.names,
            facts: self.facts,
            ending,
            trailing: self.walk.walker.trailing(),
            frames_without_checksum: self.walk.feed.frames_without_checksum(),
            readable_by_others,
        }
    }
}
