//! The one loop through an input: it brings the walker what it wants, hands members to their
//! handlers, and joins everything into a catalog.

use std::collections::BTreeMap;

use xenspect_archive::tar::{self, Step, Walker};
use xenspect_archive::xva::{
    Assembly, BlockAt, Digest, Disk as Shape, Import, ImportError, MemberName, NOMINAL_BLOCK,
    Replay, Settled, Stop,
};
use xenspect_model::catalog::{
    ApplianceDisk, Archive, Block, Disk, DiskBlocks, Ending, Extent, Fact, Facts, Metadata,
    Sampled, Source, SumState,
};
use xenspect_model::report::{Envelope, Kind};
use xenspect_xapi::export::Export;

use crate::envelope::{Broken, compression_words};
use crate::error::Error;
use crate::feed::{Feed, Payload, source_fact};
use crate::legacy::Table;
use crate::mapping::Surroundings;
use crate::member::shown;
use crate::options::{Depth, Options, Part, Progress, Sums};
use crate::recognise::{Recognition, never_has_disks};
use crate::record::{Entry, Record};
use crate::serve::{Served, serve};
use crate::sums::{Kept, Slot};
use crate::workers::{Deviation, Job, Tally, What, Workers};

/// Tar programs fill an archive up with zeros to a multiple of this.
const TAR_RECORD: u64 = 10_240;

/// Largest block, checksum text and document that are believed after damage. The bounds are tight,
/// because everything that a damaged size spans is lost with it.
const BELIEVED_BLOCK: u64 = NOMINAL_BLOCK;
const BELIEVED_TEXT: u64 = 64;
const BELIEVED_DOCUMENT: u64 = 64 << 20;

/// Whether a header is one of an export, as far as name and size tell.
pub(crate) fn believed(name: &[u8], size: u64) -> bool {
    match MemberName::classify(name).name {
        MemberName::Metadata | MemberName::LegacyTable => size <= BELIEVED_DOCUMENT,
        MemberName::Block(_) => size <= BELIEVED_BLOCK,
        MemberName::Sum(..) => size <= BELIEVED_TEXT,
        MemberName::ApplianceChunk { .. } => true,
        _ => false,
    }
}

/// Longest pax or long-name header that is followed. Names of an export need none at all.
const EXTENSION: usize = 4 << 10;

/// A damaged header's size is a hint only as far as blocks reach.
pub(crate) fn walk_limits() -> tar::Limits {
    tar::Limits {
        believed_payload: BELIEVED_BLOCK,
        extension_bytes: EXTENSION,
        ..tar::Limits::default()
    }
}

/// A block that is not settled yet.
pub(crate) struct Open {
    pub(crate) payload: Payload,
    /// Its number among the blocks along the archive.
    pub(crate) number: u64,
    /// Its place in the manifest.
    pub(crate) entry: Option<Entry>,
}

/// The state of a scan.
pub(crate) struct Driver<'a, F> {
    pub(crate) feed: F,
    walker: Walker,
    pub(crate) assembly: Assembly,
    pub(crate) replay: Option<Replay>,
    pub(crate) facts: Facts,
    workers: Option<Workers>,
    pub(crate) open: Option<Open>,
    /// Blocks met so far.
    pub(crate) block_members: u64,
    /// Blocks that were left for other runs, by index of the disk.
    left: Vec<u64>,
    /// The manifest, if one is wanted.
    record: Option<Record>,
    /// Unreadable bytes were passed by.
    loss: bool,
    pub(crate) recognition: Recognition,
    pub(crate) metadata: Metadata,
    pub(crate) table: Table,
    pub(crate) kept: Kept,
    pub(crate) appliance: BTreeMap<String, (u64, ApplianceDisk)>,
    pub(crate) members: u64,
    envelope: Envelope,
    pub(crate) options: &'a Options,
    progress: &'a Progress,
    marker_seen: bool,
    inside: Option<Vec<u8>>,
    pub(crate) second_archive: Option<u64>,
    extents: Vec<Extent>,
    /// What is around the blocks that workers read.
    pub(crate) around: Surroundings,
}

impl<'a, F: Feed> Driver<'a, F> {
    pub(crate) fn new(
        feed: F,
        envelope: Envelope,
        workers: Workers,
        options: &'a Options,
        progress: &'a Progress,
        record: Option<Record>,
    ) -> Self {
        Self {
            feed,
            walker: Walker::new(walk_limits(), believed),
            assembly: Assembly::new(options.limits.disks),
            replay: None,
            facts: Facts::new(options.limits.facts),
            workers: Some(workers),
            open: None,
            block_members: 0,
            left: Vec::new(),
            record,
            loss: false,
            recognition: Recognition::default(),
            metadata: Metadata::Absent,
            table: Table::default(),
            kept: Kept::default(),
            appliance: BTreeMap::new(),
            members: 0,
            envelope,
            options,
            progress,
            marker_seen: false,
            inside: None,
            second_archive: None,
            extents: Vec::new(),
            around: Surroundings::default(),
        }
    }

    /// Walks to the end and joins the facts.
    pub(crate) fn run(mut self) -> Result<Archive, Error> {
        let ending = match self.walk() {
            Ok(ending) => ending,
            Err(broken) => self.broken(broken)?,
        };
        let Some(kind) = self.recognition.kind() else {
            return Err(match ending {
                Ending::Interrupted { .. } => Error::Interrupted,
                _ => self.give_up(),
            });
        };
        self.finish(kind, ending)
    }

    /// What to say of an input whose kind never became known. What would have told it may lie where the storage cannot be read.
    fn give_up(&mut self) -> Error {
        self.note_oddities();
        let unread = self.facts.iter().find_map(|located| match &located.fact {
            Fact::Source(Source::ReadError { reason, .. }) => Some(reason.clone()),
            _ => None,
        });
        unread.map_or_else(|| self.recognition.give_up(self.envelope), Error::Unread)
    }

    fn walk(&mut self) -> Result<Ending, Broken> {
        let mut block = [0; tar::BLOCK];
        loop {
            if self.progress.is_cancelled() {
                return Ok(Ending::Interrupted {
                    offset: self.feed.position(),
                });
            }
            if self.hopeless() {
                return Ok(Ending::Tar(tar::Ending::InLostRun));
            }
            let recognition = &mut self.recognition;
            let served = serve(&mut self.feed, &mut self.walker, &mut block, |block| {
                recognition.block(block);
            })?;
            let step = match served {
                Served::Step(step) => step,
                Served::Nothing => return Ok(Ending::Tar(self.walker.finish(0))),
                Served::Short(have) => return Ok(self.end_of_input(have)),
            };
            if let Step::Member(member) = &step {
                self.look_for_second_archive(member);
            }
            self.note_oddities();
            match step {
                Step::More => {}
                Step::End => {
                    self.marker_seen = true;
                    let marker = self.walker.offset().saturating_sub(2 * tar::BLOCK as u64);
                    if let Some(replay) = &mut self.replay {
                        replay.end_marker(marker);
                    }
                }
                Step::Member(member) => {
                    if self.second_archive.is_some() {
                        self.feed.skip(member.size)?;
                        continue;
                    }
                    if self.options.depth == Depth::Metadata
                        && !matches!(self.metadata, Metadata::Absent)
                    {
                        self.extents = self.feed.extents(member.header_offset);
                        let offset = member.data_offset;
                        return Ok(Ending::NotRead { offset });
                    }
                    self.members += 1;
                    self.inside = Some(shown(&member.name));
                    if let Some(ending) = self.member(&member)? {
                        return Ok(ending);
                    }
                    self.inside = None;
                }
            }
            self.progress.advance(self.feed.consumed());
        }
    }

    /// An archive that was joined to the end of this one begins with an `ova.xml` of its own
    /// behind the end marker. This one ends there, with whatever it lacks.
    fn look_for_second_archive(&mut self, member: &tar::Member) {
        let begins = self.marker_seen
            && self.second_archive.is_none()
            && !matches!(self.metadata, Metadata::Absent)
            && MemberName::classify(&member.name).name == MemberName::Metadata;
        if begins {
            self.second_archive = Some(member.header_offset);
            let settled = self.assembly.close(member.header_offset);
            self.settle(settled);
        }
    }

    /// Nothing of an export was met for so long that the input must be something else.
    fn hopeless(&self) -> bool {
        let limits = &self.options.limits;
        self.recognition.kind().is_none()
            && (self.recognition.foreign > limits.foreign_members
                || self.members == 0 && self.feed.position() > limits.unrecognised)
    }

    fn end_of_input(&mut self, have: usize) -> Ending {
        let ending = self.walker.finish(have);
        self.note_oddities();
        let offset = self.feed.position();
        if let Some(replay) = &mut self.replay {
            replay.end_of_input(offset);
        }
        Ending::Tar(ending)
    }

    /// The stream gave out. Behind the end marker that does not matter for the members.
    fn broken(&mut self, broken: Broken) -> Result<Ending, Error> {
        let offset = self.feed.position();
        // A pipe that stalled was left because of the order to stop.
        if matches!(broken, Broken::Io(_)) && self.progress.is_cancelled() {
            return Ok(Ending::Interrupted { offset });
        }
        let fact = match broken {
            Broken::Io(error) if self.members == 0 => return Err(Error::Io(error)),
            Broken::Io(error) => Fact::Source(source_fact(&error)),
            Broken::Fault(fault) => {
                if self.members == 0 {
                    let reason = compression_words(&fault);
                    return Err(Error::BrokenAtOnce {
                        envelope: self.envelope.name(),
                        reason,
                    });
                }
                Fact::Envelope(fault)
            }
        };
        self.facts.push(offset, fact);
        self.note_oddities();
        if self.marker_seen {
            return Ok(Ending::Tar(self.walker.finish(0)));
        }
        self.assembly.cut_off();
        self.drop_open();
        if let Some(replay) = &mut self.replay {
            replay.end_of_input(offset);
        }
        Ok(Ending::Broken {
            offset,
            inside: self.inside.take(),
        })
    }

    /// Takes over what walker and feed noticed.
    fn note_oddities(&mut self) {
        for tar::Located { offset, oddity } in self.walker.take_oddities() {
            if self.second_archive.is_some_and(|begin| offset > begin) {
                continue;
            }
            match oddity {
                tar::Oddity::Lost { .. } | tar::Oddity::HeaderSumWrong { .. } => {
                    if matches!(oddity, tar::Oddity::Lost { .. }) {
                        self.bytes_lost();
                    }
                    if let Some(replay) = &mut self.replay {
                        replay.unreadable_header(offset);
                    }
                }
                // Readers like GNU tar take it, importers do not (`formats/xva.md` section 2.2).
                tar::Oddity::HeaderSumSigned => {
                    if let Some(replay) = &mut self.replay {
                        replay.unreadable_header(offset);
                    }
                }
                tar::Oddity::MembersAfterEnd { .. } if self.second_archive.is_none() => {
                    self.bytes_lost();
                }
                _ => {}
            }
            // The member itself is told, with its name.
            if !matches!(oddity, tar::Oddity::HeaderSumWrong { believed: true, .. }) {
                self.facts.push(offset, Fact::Tar(oddity));
            }
        }
        let position = self.feed.position();
        for fault in self.feed.take_faults() {
            self.facts.push(position, Fact::Envelope(fault));
        }
        for (offset, fact) in self.feed.take_read_errors() {
            self.facts.push(offset, Fact::Source(fact));
        }
    }

    /// Unreadable bytes lie between the last member and the next.
    pub(crate) fn bytes_lost(&mut self) {
        self.loss = true;
        self.assembly.bytes_lost();
        self.kept.bytes_lost();
        self.around.bytes_lost();
    }

    /// Takes over what the assembly noticed.
    pub(crate) fn note_structure(&mut self) {
        for (offset, structure) in self.assembly.take_structure() {
            self.facts.push(offset, Fact::Structure(structure));
        }
    }

    /// Hands a settled block to the workers.
    pub(crate) fn settle(&mut self, settled: Option<Settled>) {
        let Some(settled) = settled else {
            return self.drop_open();
        };
        let Some(open) = self.open.take() else {
            return;
        };
        let block = settled.block;
        let stored = settled.sum.map(|sum| sum.digest);
        let slot = self.keep(&block, stored);
        let shape = self.assembly.disks().get(block.disk);
        self.around
            .block(&block, shape.map_or(0, |shape| shape.lost));
        if self.options.depth != Depth::Full {
            self.around.not_read(&block);
            return;
        }
        let start = block.place.map(|place| place.start);
        if let (Some(record), Some(entry), Some(start)) = (&self.record, open.entry, start) {
            record.placed(entry, start);
        }
        if block.len > 0 && self.part().is_some_and(|part| !part.has(open.number)) {
            self.leave(block.disk);
            self.around.not_read(&block);
            return;
        }
        let keep_sha1 = self.table.wants_digest(self.options.limits.kept_digests);
        let job = Job {
            disk: block.disk,
            number: block.number,
            start,
            len: block.len,
            header_offset: block.header_offset,
            stored,
            keep_sha1,
            slot,
            entry: open.entry,
            payload: open.payload,
        };
        if let Some(workers) = &mut self.workers {
            workers.submit(job);
        }
    }

    /// Forgets the open block, which is none of those that are looked at, or whose sum is cut off. Its digest is made all the
    /// same.
    pub(crate) fn drop_open(&mut self) {
        let part = self.part();
        if let (Some(open), Some(workers)) = (self.open.take(), &mut self.workers)
            && let Some(entry) = open.entry
            && part.is_none_or(|part| part.has(open.number))
        {
            workers.submit(Job::loose(entry, open.payload));
        }
    }

    /// The part of the blocks that is read, if it is not all of them.
    fn part(&self) -> Option<Part> {
        let all = self.feed.skip_reads()
            || self.options.depth != Depth::Full
            || self.options.sums == Sums::Computed
            || self.table.is_expected();
        self.options.sample.filter(|_| !all)
    }

    /// Leaves a block for another run.
    fn leave(&mut self, disk: usize) {
        if self.left.len() <= disk {
            self.left.resize(disk + 1, 0);
        }
        self.left[disk] += 1;
    }

    /// Adds a member to the manifest.
    pub(crate) fn begin_entry(&mut self, member: &tar::Member) -> Option<Entry> {
        let entry = self.record.as_ref()?.member(member);
        self.feed.begin_payload(member.size);
        entry
    }

    /// Sets the digest of a member that is no block.
    pub(crate) fn end_entry(&mut self, entry: Option<Entry>) {
        if let (Some(record), Some(entry)) = (&self.record, entry) {
            record.found(entry, self.feed.payload_digest(), SumState::None);
        }
    }

    /// Keeps a block, if that is asked for. The slot is for the digest that is to be computed.
    fn keep(&mut self, block: &BlockAt, stored: Option<Digest>) -> Option<Slot> {
        let sum = match self.options.sums {
            Sums::Drop => return None,
            Sums::Stored => stored,
            Sums::Computed => None,
        };
        let shape = self.assembly.disks().get(block.disk);
        let known_lost = shape.map_or(0, |shape| shape.lost);
        let limit = self.options.limits.kept_blocks;
        let slot = self.kept.block(block, sum, known_lost, limit);
        slot.filter(|_| self.options.sums == Sums::Computed)
    }

    /// What was kept, with the sums that were not known when a block was met.
    fn blocks(
        &mut self,
        shapes: &[Shape],
        tally: &Tally,
        table: Option<Vec<(String, String)>>,
        marked: bool,
    ) -> Vec<DiskBlocks> {
        let mut kept = std::mem::take(&mut self.kept);
        match self.options.sums {
            Sums::Drop => return Vec::new(),
            Sums::Stored => {
                if let Some(entries) = table {
                    kept.fill_from_table(shapes, entries);
                }
            }
            Sums::Computed => kept.fill(&tally.computed),
        }
        let expected = self.metadata.export().map(Export::expected_disks);
        let sizes: BTreeMap<String, u64> = expected
            .into_iter()
            .flatten()
            .filter_map(|disk| Some((disk.id, disk.virtual_size?)))
            .collect();
        kept.finish(shapes, marked, |disk| sizes.get(disk).copied())
    }

    fn finish(mut self, kind: Kind, mut ending: Ending) -> Result<Archive, Error> {
        // Behind an end marker, even half of one, nothing of the archive can follow.
        let marked = self.second_archive.is_some()
            || matches!(
                ending,
                Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock)
            );
        let (settled, unpaired_at_end) = if marked {
            (self.assembly.close(self.feed.position()), None)
        } else {
            self.assembly.close_at_cut().unzip()
        };
        self.settle(settled);
        self.note_structure();
        self.note_oddities();
        let last_whole = self.assembly.last_whole().cloned();
        let (mut tally, internal_error) = match self.workers.take().map(Workers::finish) {
            Some(Ok(tally)) => (tally, None),
            Some(Err(panic)) => (Tally::default(), Some(panic)),
            None => (Tally::default(), None),
        };
        // The walk may have come to the end of what it knows before the blocks were read.
        if let Some(offset) = tally.stopped {
            ending = Ending::Interrupted { offset };
        }
        if let Some(record) = &self.record {
            let whole = marked && tally.stopped.is_none() && internal_error.is_none();
            record.complete(whole && !self.loss && self.second_archive.is_none());
        }
        self.note_deviations(&tally);
        let table_entries = self.table_entries();
        let legacy_table = self.compare_table(&tally, &ending);
        let shapes = std::mem::replace(&mut self.assembly, Assembly::new(0)).into_disks();
        let blocks = self.blocks(&shapes, &tally, table_entries, marked);
        let mut maps = std::mem::take(&mut self.around.maps);
        maps.join(std::mem::take(&mut tally.maps));
        let sampled = self.part().map(|part| Sampled {
            index: part.index(),
            of: part.of(),
            left: self.left.iter().sum(),
        });
        let disks = shapes
            .into_iter()
            .enumerate()
            .map(|(index, shape)| {
                let mut blocks = tally.disks.get(index).copied().unwrap_or_default();
                if self.options.depth != Depth::Full {
                    blocks.unchecked = shape.blocks.saturating_sub(shape.empty);
                }
                blocks.unchecked += self.left.get(index).copied().unwrap_or_default();
                let map = maps.take(index);
                Disk { shape, blocks, map }
            })
            .collect();
        Ok(Archive {
            kind: self.final_kind(kind, &ending),
            envelope: self.envelope,
            bytes: self.feed.consumed(),
            stream_bytes: self.feed.position(),
            members: self.members,
            disks,
            blocks,
            ending,
            trailing: self.walker.trailing(),
            last_whole,
            unpaired_at_end,
            second_archive: self.second_archive,
            import: self.import(),
            legacy_table,
            appliance: self
                .appliance
                .into_iter()
                .map(|(dir, (_, disk))| (dir, disk))
                .collect(),
            frames_without_checksum: self.feed.frames_without_checksum(),
            blocks_read: self.options.depth == Depth::Full,
            sampled,
            internal_error,
            metadata: self.metadata,
            extents: self.extents,
            facts: self.facts,
        })
    }

    /// What an importer would do. One that does not see how the input is packed tries gzip, and ends there
    /// (`formats/xva.md` section 7).
    fn import(&self) -> Option<Import> {
        let answer = self.replay.as_ref()?.answer();
        let unseen = Import::Refused(Stop {
            offset: 0,
            error: ImportError::PrematureEof,
        });
        Some(match self.feed.hides_its_packing() {
            true => unseen,
            false => answer,
        })
    }

    /// An export that ended right behind `ova.xml` is a metadata-only one, as far as its contents tell
    /// (`formats/xva.md` section 13).
    fn final_kind(&self, kind: Kind, ending: &Ending) -> Kind {
        let Metadata::Export(export) = &self.metadata else {
            return kind;
        };
        let alone = self.members == 1 && self.second_archive.is_none();
        let ended = match ending {
            // More zeros than tar programs fill up with are rather the place of what is lost.
            Ending::Tar(tar::Ending::Complete) => self.walker.trailing().bytes <= TAR_RECORD,
            // Where disks follow there is a header, so that this is what is left of the end marker.
            Ending::Tar(tar::Ending::SingleZeroBlock) => true,
            // All of the marker is lost, or all disks are.
            Ending::Tar(tar::Ending::NoEndBlocks) => never_has_disks(export),
            _ => false,
        };
        if kind == Kind::Xva && alone && ended {
            Kind::Metadata
        } else {
            kind
        }
    }

    /// Turns what the workers found into facts, and tells the replay.
    fn note_deviations(&mut self, tally: &Tally) {
        for kind in [&tally.mismatches, &tally.unstable, &tally.unread] {
            for deviation in &kind.first {
                let (offset, fact) = self.deviation_fact(deviation);
                if let (Some(replay), What::Mismatch { .. }) = (&mut self.replay, &deviation.what) {
                    replay.sum_differs(deviation.header_offset);
                }
                self.facts.push(offset, fact);
            }
            let more = kind.total.saturating_sub(kind.first.len() as u64);
            if let Some(first) = kind.first.first().filter(|_| more > 0) {
                let label = self.deviation_fact(first).1.kind();
                self.facts.count_more(label, more);
            }
        }
    }

    fn deviation_fact(&self, deviation: &Deviation) -> (u64, Fact) {
        let name = self.block_name(deviation.disk, deviation.number);
        let offset = deviation.header_offset;
        match &deviation.what {
            &What::Mismatch { stored, computed } => {
                let (start, len) = (deviation.start, deviation.len);
                (
                    offset,
                    Fact::Block(Block::Mismatch {
                        name,
                        start,
                        len,
                        stored,
                        computed,
                    }),
                )
            }
            What::Unstable => (offset, Fact::Block(Block::Unstable { name })),
            What::Unread { offset, reason } => {
                let len = deviation.len;
                (
                    *offset,
                    Fact::Source(Source::ReadError {
                        len,
                        reason: reason.clone(),
                    }),
                )
            }
            &What::Shrunk { offset, size } => (offset, Fact::Source(Source::Shrunk { size })),
        }
    }
}
