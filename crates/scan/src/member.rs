//! What is done with each member: documents are read, blocks and sums go to the assembly, and
//! everything is noted that an exporter would not have written.

use xenspect_archive::tar::{self, HeaderSum, MemberKind};
use xenspect_archive::xva::{
    BlockName, DiskToRead, MemberName, Named, Replay, Spelling, StoredSum, Structure, SumKind,
};
use xenspect_model::catalog::{Ending, Fact, Member as MemberFact, Metadata};
use xenspect_model::report::Kind;
use xenspect_xapi::legacy;

use crate::driver::{Driver, Open};
use crate::envelope::Broken;
use crate::feed::Feed;
use crate::hash::is_zero;
use crate::record::Entry;

/// What became of a member.
pub(crate) type Outcome = Result<Option<Ending>, Broken>;

/// Documents grow by this much at a time, so that a header's claim alone allocates nothing.
const DOCUMENT_STEP: usize = 64 << 10;

impl<F: Feed> Driver<'_, F> {
    /// Handles one member, its payload and padding. An ending is returned when the input ends
    /// inside of it.
    pub(crate) fn member(&mut self, member: &tar::Member) -> Outcome {
        let Named { name, dot_slash } = MemberName::classify(&member.name);
        let offset = member.header_offset;
        self.recognition.member(&name, &member.name);
        self.note_name(member, &name, dot_slash);
        // There is none before the first `ova.xml` is read.
        if let Some(replay) = &mut self.replay {
            let read_as = member.importers_name();
            let read_as = read_as.map(|name| MemberName::classify(&name));
            match (&read_as, dot_slash) {
                (None, false) => replay.member(offset, &name, member.size),
                (Some(read_as), _) if !read_as.dot_slash => {
                    replay.member(offset, &read_as.name, member.size);
                }
                _ => replay.member(offset, &MemberName::Foreign, member.size),
            }
        }
        let whole_file = matches!(
            member.kind,
            MemberKind::File | MemberKind::Contiguous | MemberKind::Other(_)
        );
        let entry = self.begin_entry(member);
        let is_block = matches!(name, MemberName::Block(_)) && whole_file;
        let ending = match name {
            MemberName::Block(_) | MemberName::Sum(..) if !whole_file => {
                // A part of the export in disguise: what it held is lost.
                self.bytes_lost();
                self.pass_by(member)?
            }
            _ if !whole_file => self.pass_by(member)?,
            MemberName::Metadata => self.metadata_member(member)?,
            MemberName::Block(block) => self.block(member, &block, entry)?,
            MemberName::Sum(block, kind) => self.sum(member, &block, kind)?,
            MemberName::LegacyTable => self.table_member(member)?,
            MemberName::ApplianceChunk { dir, number } => self.chunk(member, &dir, number)?,
            MemberName::BadNumber { .. } | MemberName::DiskFolder | MemberName::Foreign => {
                self.pass_by(member)?
            }
        };
        if !is_block {
            self.end_entry(entry);
        }
        self.note_structure();
        if let (Some(_), Some(replay)) = (&ending, &mut self.replay) {
            replay.end_of_input(self.feed.position());
        }
        Ok(ending)
    }

    /// Notes what is wrong with a member's name or kind.
    fn note_name(&mut self, member: &tar::Member, name: &MemberName, dot_slash: bool) {
        let offset = member.header_offset;
        let raw = || shown(&member.name);
        if let HeaderSum::Wrong { stored, computed } = member.header_sum {
            let fact = MemberFact::HeaderSum {
                name: raw(),
                stored,
                computed,
            };
            self.facts.push(offset, Fact::Member(fact));
        }
        if let Some(read_as) = member.importers_name() {
            let fact = MemberFact::Prefixed {
                name: raw(),
                read_as: shown(&read_as),
            };
            self.facts.push(offset, Fact::Member(fact));
        }
        if dot_slash {
            self.facts
                .push(offset, Fact::Member(MemberFact::DotSlash { name: raw() }));
        }
        let part = matches!(
            name,
            MemberName::Metadata
                | MemberName::Block(_)
                | MemberName::Sum(..)
                | MemberName::LegacyTable
        );
        if climbs(&member.name) {
            self.facts
                .push(offset, Fact::Member(MemberFact::UnsafeName { name: raw() }));
        } else if !matches!(member.kind, MemberKind::File | MemberKind::Contiguous) {
            let kind = member.kind;
            self.facts.push(
                offset,
                Fact::Member(MemberFact::Kind {
                    name: raw(),
                    kind,
                    part,
                }),
            );
        } else if *name == MemberName::Foreign {
            let fact = MemberFact::Foreign {
                name: raw(),
                size: member.size,
            };
            self.facts.push(offset, Fact::Member(fact));
        } else if matches!(name, MemberName::BadNumber { .. }) {
            self.facts
                .push(offset, Fact::Member(MemberFact::BadNumber { name: raw() }));
        }
    }

    fn block(&mut self, member: &tar::Member, name: &BlockName, entry: Option<Entry>) -> Outcome {
        let (header, data, size) = (member.header_offset, member.data_offset, member.size);
        self.note_behind_table(header);
        let settled = self.assembly.block(name, header, data, size);
        self.settle(settled);
        self.kept.opened();
        self.around.opened();
        let (payload, taken) = self.feed.block(size)?;
        if taken < size {
            self.assembly.cut_off();
            return Ok(Some(in_payload(member, taken)));
        }
        self.open = Some(Open {
            payload,
            number: self.block_members,
            entry,
        });
        self.block_members += 1;
        self.padding(member)
    }

    fn sum(&mut self, member: &tar::Member, name: &BlockName, kind: SumKind) -> Outcome {
        // Anything longer than a digest with white space around it is malformed anyway.
        let mut text = [0; StoredSum::MAX_TEXT + 1];
        let wanted = usize::try_from(member.size)
            .unwrap_or(usize::MAX)
            .min(text.len());
        let have = self.feed.read(&mut text[..wanted])?;
        let mut taken = have as u64;
        if have == wanted && taken < member.size {
            taken += self.feed.skip(member.size - taken)?;
        }
        if taken < member.size {
            self.assembly.cut_off();
            self.drop_open();
            return Ok(Some(in_payload(member, taken)));
        }
        let settled = self
            .assembly
            .sum(name, kind, member.header_offset, &text[..have]);
        self.settle(settled);
        for (offset, structure) in self.assembly.take_structure() {
            if let (Some(replay), true) = (&mut self.replay, text_differs(&structure)) {
                replay.sum_differs(offset);
            }
            self.facts.push(offset, Fact::Structure(structure));
        }
        self.padding(member)
    }

    fn metadata_member(&mut self, member: &tar::Member) -> Outcome {
        let offset = member.header_offset;
        let settled = self.assembly.close(offset);
        self.settle(settled);
        if !matches!(self.metadata, Metadata::Absent) {
            self.facts
                .push(offset, Fact::Member(MemberFact::MetadataDoubled));
            return self.pass_by(member);
        }
        if self.members > 1 {
            let first = self.recognition.first_member.clone().unwrap_or_default();
            self.facts
                .push(offset, Fact::Member(MemberFact::MetadataNotFirst { first }));
        }
        if member.size > self.options.limits.document {
            self.metadata = Metadata::TooLarge { size: member.size };
            return self.pass_by(member);
        }
        let document = match self.document(member)? {
            Ok(document) => document,
            Err(ending) => return Ok(Some(ending)),
        };
        self.metadata = self.read_metadata(&document);
        self.padding(member)
    }

    fn read_metadata(&mut self, document: &[u8]) -> Metadata {
        if legacy::is_appliance(document) {
            self.recognition.correct(Kind::XvaVersion1);
        }
        let limits = self.options.limits.of_documents();
        let export = match crate::document::metadata(document, &limits) {
            Metadata::Export(export) => export,
            other => return other,
        };
        let vsn = export.version.export_vsn;
        if vsn == 0 {
            self.assembly.without_inline_sums();
            self.kept.sums_in_table();
        }
        self.table.expect(vsn < 2);
        let disks = export.expected_disks().into_iter().map(|disk| DiskToRead {
            id: disk.id,
            virtual_size: disk.virtual_size.unwrap_or(0),
        });
        self.replay = Some(Replay::new(disks.collect(), vsn));
        Metadata::Export(export)
    }

    /// The whole payload, or the ending when the input ends inside of it.
    pub(crate) fn document(
        &mut self,
        member: &tar::Member,
    ) -> Result<Result<Vec<u8>, Ending>, Broken> {
        let size = usize::try_from(member.size).unwrap_or(usize::MAX);
        let mut document = Vec::new();
        while document.len() < size {
            let have = document.len();
            document.resize(have + (size - have).min(DOCUMENT_STEP), 0);
            let n = self.feed.read(&mut document[have..])?;
            if have + n < document.len() {
                return Ok(Err(in_payload(member, (have + n) as u64)));
            }
        }
        Ok(Ok(document))
    }

    /// Leaves the payload unread. Whatever block is open is closed by this member.
    pub(crate) fn pass_by(&mut self, member: &tar::Member) -> Outcome {
        let settled = self.assembly.close(member.header_offset);
        self.settle(settled);
        let taken = self.feed.skip(member.size)?;
        if taken < member.size {
            return Ok(Some(in_payload(member, taken)));
        }
        Ok(None)
    }

    /// Reads the padding, which is in the way anyhow, and looks whether it is empty. A padding
    /// that is cut short is the walker's to see.
    pub(crate) fn padding(&mut self, member: &tar::Member) -> Outcome {
        let mut padding = [0; tar::BLOCK];
        let len = usize::try_from(member.padding())
            .unwrap_or(0)
            .min(padding.len());
        let have = self.feed.read(&mut padding[..len])?;
        if !is_zero(&padding[..have]) {
            let name = shown(&member.name);
            self.facts.push(
                member.header_offset,
                Fact::Member(MemberFact::Padding { name }),
            );
        }
        Ok(None)
    }

    /// The name of a block by the index of its disk.
    pub(crate) fn block_name(&self, disk: usize, number: u64) -> BlockName {
        let disk = self
            .assembly
            .disks()
            .get(disk)
            .map(|disk| disk.id.clone())
            .unwrap_or_default();
        BlockName {
            disk,
            number,
            canonical: true,
        }
    }
}

/// Bytes of a member's name that facts keep: what an archive says must not decide on their size.
const SHOWN_NAME: usize = 255;

/// The beginning of a name, which is all of it but in hostile archives.
pub(crate) fn shown(name: &[u8]) -> Vec<u8> {
    name[..name.len().min(SHOWN_NAME)].to_vec()
}

/// The input ends inside of a member, `have` bytes into its payload.
pub(crate) fn in_payload(member: &tar::Member, have: u64) -> Ending {
    Ending::InPayload {
        name: shown(&member.name),
        offset: member.header_offset,
        size: member.size,
        have,
    }
}

/// Whether an importer finds the text of a sum different although its digest may be right.
fn text_differs(structure: &Structure) -> bool {
    matches!(
        structure,
        Structure::SumMalformed { .. }
            | Structure::SumSpelling {
                spelling: Spelling::OtherCase | Spelling::Padded,
                ..
            }
    )
}

/// An absolute name, or one with a `..` part.
fn climbs(name: &[u8]) -> bool {
    name.starts_with(b"/") || name.split(|&byte| byte == b'/').any(|part| part == b"..")
}
