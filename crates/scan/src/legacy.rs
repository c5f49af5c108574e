//! The table of sums at the end of archives of `export_vsn` 0 and 1 (`formats/xva.md` section 9):
//! kept until all blocks are hashed, then compared in both directions.

use std::collections::BTreeMap;

use xenspect_archive::tar;
use xenspect_archive::xva::{Digest, MemberName, Named};
use xenspect_model::catalog::{Ending, Fact, Legacy, LegacyTable};
use xenspect_xapi::legacy::parse_checksum_table;

use crate::driver::Driver;
use crate::feed::Feed;
use crate::member::Outcome;
use crate::options::{Depth, Sums};
use crate::workers::{KeptSha1, Tally};

/// The table as far as it was met.
#[derive(Debug, Default)]
pub(crate) struct Table {
    expected: bool,
    digests: u64,
    too_many: bool,
    found: Option<Found>,
}

#[derive(Debug)]
struct Found {
    offset: u64,
    document: Option<Vec<u8>>,
    /// A block came behind it.
    followed: bool,
}

impl Table {
    /// Says whether the archive is of a kind that ends in a table.
    pub(crate) fn expect(&mut self, expected: bool) {
        self.expected = expected;
    }

    /// Whether the archive is of a kind that ends in a table.
    pub(crate) fn is_expected(&self) -> bool {
        self.expected
    }

    /// Whether the next block's SHA-1 is to be kept.
    pub(crate) fn wants_digest(&mut self, limit: u64) -> bool {
        if !self.expected {
            return false;
        }
        self.digests += 1;
        self.too_many |= self.digests > limit;
        !self.too_many
    }
}

impl<F: Feed> Driver<'_, F> {
    /// Notes a block behind the table, which should be the last member.
    pub(crate) fn note_behind_table(&mut self, offset: u64) {
        if let Some(found) = &mut self.table.found
            && !std::mem::replace(&mut found.followed, true)
        {
            self.facts
                .push(offset, Fact::Legacy(Legacy::BlocksBehindTable));
        }
    }

    /// Reads `checksum.xml`.
    pub(crate) fn table_member(&mut self, member: &tar::Member) -> Outcome {
        let offset = member.header_offset;
        if self.table.found.is_some() {
            self.facts.push(offset, Fact::Legacy(Legacy::TableDoubled));
            return self.pass_by(member);
        }
        let mut found = Found {
            offset,
            document: None,
            followed: false,
        };
        if member.size > self.options.limits.document {
            self.table.found = Some(found);
            return self.pass_by(member);
        }
        let settled = self.assembly.close(offset);
        self.settle(settled);
        match self.document(member)? {
            Ok(document) => found.document = Some(document),
            Err(ending) => return Ok(Some(ending)),
        }
        self.table.found = Some(found);
        self.padding(member)
    }

    /// What the table says, where the sums of blocks are wanted.
    pub(crate) fn table_entries(&self) -> Option<Vec<(String, String)>> {
        let document = self.table.found.as_ref()?.document.as_ref()?;
        if !self.table.expected || self.options.sums != Sums::Stored {
            return None;
        }
        parse_checksum_table(document, &self.options.limits.of_documents()).ok()
    }

    /// Compares the table with the blocks.
    pub(crate) fn compare_table(&mut self, tally: &Tally, ending: &Ending) -> LegacyTable {
        let Some(found) = self.table.found.take() else {
            return LegacyTable::Absent;
        };
        let offset = found.offset;
        if !self.table.expected || self.options.depth != Depth::Full {
            return LegacyTable::NotCompared { offset };
        }
        let Some(document) = found.document.filter(|_| !self.table.too_many) else {
            return LegacyTable::TooLarge { offset };
        };
        let limits = self.options.limits.of_documents();
        let entries = match parse_checksum_table(&document, &limits) {
            Ok(entries) => entries,
            Err(error) => {
                self.table_differs(offset);
                return LegacyTable::Malformed { offset, error };
            }
        };
        let count = entries.len() as u64;
        self.compare_entries(offset, entries, &tally.sha1s, ending);
        LegacyTable::Compared {
            offset,
            entries: count,
        }
    }

    fn compare_entries(
        &mut self,
        offset: u64,
        entries: Vec<(String, String)>,
        sha1s: &[KeptSha1],
        ending: &Ending,
    ) {
        let mut entries: BTreeMap<String, String> = entries.into_iter().collect();
        for kept in sha1s {
            let name = self.block_name(kept.disk, kept.number);
            match entries.remove(&name.to_string()) {
                None => {
                    self.table_differs(offset);
                    let fact = Legacy::EntryMissing { name };
                    self.facts.push(kept.header_offset, Fact::Legacy(fact));
                }
                Some(stored) => {
                    let computed = Digest::Sha1(kept.digest);
                    if stored != computed.to_string() {
                        self.table_differs(offset);
                        let fact = Legacy::Mismatch {
                            name,
                            stored,
                            computed,
                        };
                        self.facts.push(kept.header_offset, Fact::Legacy(fact));
                    }
                }
            }
        }
        // Blocks that were not reached are missing for another reason.
        let complete = matches!(ending, Ending::Tar(_));
        for name in entries.into_keys().filter(|_| complete) {
            self.table_differs(offset);
            let Named { name: parsed, .. } = MemberName::classify(name.as_bytes());
            let name = match parsed {
                MemberName::Block(block) => block.to_string(),
                _ => name,
            };
            self.facts
                .push(offset, Fact::Legacy(Legacy::EntryExtra { name }));
        }
    }

    fn table_differs(&mut self, offset: u64) {
        if let Some(replay) = &mut self.replay {
            replay.table_differs(offset);
        }
    }
}
