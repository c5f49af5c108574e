//! Puts members together: each block with its checksum member, each block on its disk, and the
//! disks in their order. Facts come out; what they are worth is for the rules.
//!
//! Only the shape is seen here. Payload bytes, digests and `ova.xml` are elsewhere.

use std::collections::BTreeMap;

use super::disk::{BlockAt, Disk, Settled};
use super::name::BlockName;
use super::placement::{NOMINAL_BLOCK, NotPlaced, Place};
use super::structure::Structure;
use super::sum::{Spelling, StoredSum, SumKind, SumMalformed};

#[derive(Debug, Clone)]
struct Pending {
    block: BlockAt,
    name: BlockName,
    /// A sum of its name that stood in front of it.
    early: Option<EarlySum>,
}

#[derive(Debug, Clone)]
struct EarlySum {
    name: BlockName,
    kind: SumKind,
    offset: u64,
    text: Result<StoredSum, SumMalformed>,
    /// Something unreadable stood before it, so its block may have been there.
    after_loss: bool,
}

/// The state of putting together, fed member by member in archive order.
#[derive(Debug)]
pub struct Assembly {
    disks: Vec<Disk>,
    index: BTreeMap<String, usize>,
    current: Option<usize>,
    pending: Option<Pending>,
    early: Option<EarlySum>,
    last_paired: Option<BlockName>,
    last_whole: Option<BlockName>,
    loss: bool,
    inline_sums: bool,
    max_disks: usize,
    structure: Vec<(u64, Structure)>,
}

impl Assembly {
    /// Starts with no disk seen. Beyond `max_disks` further disks are refused.
    #[must_use]
    pub fn new(max_disks: usize) -> Self {
        Self {
            disks: Vec::new(),
            index: BTreeMap::new(),
            current: None,
            pending: None,
            early: None,
            last_paired: None,
            last_whole: None,
            loss: false,
            inline_sums: true,
            max_disks,
            structure: Vec::new(),
        }
    }

    /// Says that blocks of this archive have no checksum member (`export_vsn` 0, section 9).
    pub fn without_inline_sums(&mut self) {
        self.inline_sums = false;
    }

    /// The disks, in the order of their first member.
    #[must_use]
    pub fn disks(&self) -> &[Disk] {
        &self.disks
    }

    /// Gives the disks away.
    #[must_use]
    pub fn into_disks(self) -> Vec<Disk> {
        self.disks
    }

    /// The last block that is whole: with its checksum member, or with its payload where the
    /// archive has no inline sums.
    #[must_use]
    pub fn last_whole(&self) -> Option<&BlockName> {
        self.last_whole.as_ref()
    }

    /// Takes the deviations noted since the last call, in order.
    pub fn take_structure(&mut self) -> Vec<(u64, Structure)> {
        std::mem::take(&mut self.structure)
    }

    /// A block. Returns the block before it, if that one is now settled without a sum of its own
    /// behind it; the new one is settled by what follows.
    pub fn block(
        &mut self,
        name: &BlockName,
        header_offset: u64,
        data_offset: u64,
        len: u64,
    ) -> Option<Settled> {
        let settled = self.close_pending(header_offset);
        let Some(disk) = self.disk_index(name, header_offset) else {
            return settled;
        };
        if !name.canonical {
            self.note(
                header_offset,
                Structure::BlockNumberSpelling {
                    block: name.clone(),
                },
            );
        }
        let early = self.take_early_for(name);
        self.enter(disk, name, header_offset);
        let place = self.place(disk, name, header_offset, len);
        let block = BlockAt {
            disk,
            number: name.number,
            place,
            len,
            header_offset,
            data_offset,
        };
        self.pending = Some(Pending {
            block,
            name: name.clone(),
            early,
        });
        self.loss = false;
        settled
    }

    /// A checksum member with its text. Returns the block that it settles, if any.
    pub fn sum(
        &mut self,
        name: &BlockName,
        kind: SumKind,
        offset: u64,
        text: &[u8],
    ) -> Option<Settled> {
        let parsed = StoredSum::parse(kind, text);
        match self.pending.take() {
            Some(pending) if pending.name == *name => {
                if let Some(early) = pending.early {
                    let named = early.name;
                    let doubled = Structure::BlockMissing {
                        named,
                        doubled: true,
                    };
                    self.note(early.offset, doubled);
                }
                self.resolve_early();
                self.loss = false;
                if let Some(disk) = self.disks.get_mut(pending.block.disk) {
                    disk.sums.count(kind);
                    disk.lost_at_end = false;
                }
                self.last_paired = Some(name.clone());
                self.last_whole = Some(name.clone());
                let sum = self.usable(name, kind, offset, parsed);
                Some(Settled {
                    block: pending.block,
                    sum,
                })
            }
            Some(pending) => {
                if pending.early.is_some() {
                    self.pending = Some(pending);
                    let settled = self.close(offset);
                    self.hold_early(name, kind, offset, parsed);
                    settled
                } else {
                    let block = pending.name.clone();
                    if !self.loss {
                        self.note(
                            offset,
                            Structure::SumForeign {
                                block,
                                named: name.clone(),
                            },
                        );
                    }
                    self.loss = false;
                    Some(Settled {
                        block: pending.block,
                        sum: None,
                    })
                }
            }
            None => {
                self.hold_early(name, kind, offset, parsed);
                None
            }
        }
    }

    /// Any other member, the end marker, or the end of input: whatever is open is closed.
    pub fn close(&mut self, offset: u64) -> Option<Settled> {
        let settled = self.close_pending(offset);
        self.resolve_early();
        settled
    }

    fn close_pending(&mut self, offset: u64) -> Option<Settled> {
        let pending = self.pending.take()?;
        let Some(early) = pending.early else {
            if !self.inline_sums {
                self.last_whole = Some(pending.name);
            } else if !self.loss {
                let missing = Structure::SumMissing {
                    block: pending.name,
                };
                self.note(offset, missing);
            }
            return Some(Settled {
                block: pending.block,
                sum: None,
            });
        };
        self.last_whole = Some(pending.name.clone());
        let misplaced = Structure::SumMisplaced {
            block: pending.name.clone(),
        };
        self.note(pending.block.header_offset, misplaced);
        let sum = self.usable(&pending.name, early.kind, early.offset, early.text);
        Some(Settled {
            block: pending.block,
            sum,
        })
    }

    /// The input ends here, cut short: an open block lacks its sum for that reason alone. Returns
    /// it with its name.
    pub fn close_at_cut(&mut self) -> Option<(Settled, BlockName)> {
        self.resolve_early();
        let pending = self.pending.take()?;
        Some((
            Settled {
                block: pending.block,
                sum: pending.early.and_then(|early| early.text.ok()),
            },
            pending.name,
        ))
    }

    /// Forgets an open block whose payload was cut off, so that nothing is said about its sum.
    pub fn cut_off(&mut self) {
        let cut = self.pending.take();
        if let Some(disk) = cut
            .as_ref()
            .and_then(|cut| self.disks.get_mut(cut.block.disk))
        {
            disk.lost = disk.lost.saturating_add(1);
            disk.lost_at_end = true;
        }
        if let Some(cut) = cut {
            self.take_back(&cut.block);
        }
        self.early = None;
    }

    /// Unreadable bytes lie between the last member and the next.
    pub fn bytes_lost(&mut self) {
        self.loss = true;
        if let Some(disk) = self.current.and_then(|current| self.disks.get_mut(current)) {
            disk.lost_at_end = true;
        }
    }

    /// A block that turned out not to be whole accounts for nothing.
    fn take_back(&mut self, block: &BlockAt) {
        let Some(disk) = self.disks.get_mut(block.disk) else {
            return;
        };
        disk.blocks = disk.blocks.saturating_sub(1);
        disk.stored = disk.stored.saturating_sub(block.len);
        let Some(place) = block.place else {
            disk.unplaced = disk.unplaced.saturating_sub(1);
            return;
        };
        disk.position = place.start;
        if block.len == 0 {
            disk.empty = disk.empty.saturating_sub(1);
        } else if block.len != NOMINAL_BLOCK {
            let (kept, count) = if block.len.is_multiple_of(512) {
                (&mut disk.irregular, &mut disk.irregular_count)
            } else {
                (&mut disk.odd, &mut disk.odd_count)
            };
            *count = count.saturating_sub(1);
            let header_offset = block.header_offset;
            kept.pop_if(|last| last.header_offset == header_offset);
        }
    }

    fn note(&mut self, offset: u64, structure: Structure) {
        self.structure.push((offset, structure));
    }

    fn usable(
        &mut self,
        name: &BlockName,
        kind: SumKind,
        offset: u64,
        parsed: Result<StoredSum, SumMalformed>,
    ) -> Option<StoredSum> {
        match parsed {
            Ok(sum) => {
                if sum.spelling != Spelling::Exact {
                    let spelling = sum.spelling;
                    self.note(
                        offset,
                        Structure::SumSpelling {
                            block: name.clone(),
                            kind,
                            spelling,
                        },
                    );
                }
                Some(sum)
            }
            Err(text) => {
                self.note(
                    offset,
                    Structure::SumMalformed {
                        block: name.clone(),
                        kind,
                        text,
                    },
                );
                None
            }
        }
    }

    /// Keeps a checksum member that has no block before it: the block may follow.
    fn hold_early(
        &mut self,
        name: &BlockName,
        kind: SumKind,
        offset: u64,
        text: Result<StoredSum, SumMalformed>,
    ) {
        self.resolve_early();
        let after_loss = std::mem::take(&mut self.loss);
        self.early = Some(EarlySum {
            name: name.clone(),
            kind,
            offset,
            text,
            after_loss,
        });
    }

    fn take_early_for(&mut self, name: &BlockName) -> Option<EarlySum> {
        if self.early.as_ref().is_some_and(|early| early.name == *name) {
            return self.early.take();
        }
        self.resolve_early();
        None
    }

    /// A held checksum member whose block did not follow: its block is lost.
    fn resolve_early(&mut self) {
        let Some(early) = self.early.take() else {
            return;
        };
        let doubled = self.last_paired.as_ref() == Some(&early.name);
        // Blocks of a disk beyond the limit were not looked at, so nothing is known to be lost.
        let known = doubled || self.count_lost(&early);
        if known && !early.after_loss {
            self.note(
                early.offset,
                Structure::BlockMissing {
                    named: early.name,
                    doubled,
                },
            );
        }
    }

    /// A block was there once, and it has its share of the disk. False for a disk beyond the
    /// limit.
    fn count_lost(&mut self, sum: &EarlySum) -> bool {
        let index = self.disk_index(&sum.name, sum.offset);
        let Some(disk) = index.and_then(|index| self.disks.get_mut(index)) else {
            return false;
        };
        disk.lost = disk.lost.saturating_add(1);
        if disk.placement.place(sum.name.number, NOMINAL_BLOCK).is_ok() {
            disk.position = disk.placement.position();
            disk.lost_at_end = true;
        }
        true
    }

    fn disk_index(&mut self, name: &BlockName, offset: u64) -> Option<usize> {
        if let Some(&known) = self.index.get(&name.disk) {
            return Some(known);
        }
        let index = self.disks.len();
        if index >= self.max_disks {
            let (disk, limit) = (name.disk.clone(), self.max_disks);
            self.note(offset, Structure::TooManyDisks { disk, limit });
            return None;
        }
        self.index.insert(name.disk.clone(), index);
        self.disks.push(Disk::new(name.disk.clone(), offset));
        Some(index)
    }

    /// Makes `disk` the current one, and notes a return to a disk already left.
    fn enter(&mut self, disk: usize, name: &BlockName, offset: u64) {
        let Some(before) = self.current.replace(disk) else {
            return;
        };
        let begun = self.disks.get(disk).is_some_and(|disk| disk.blocks > 0);
        if before != disk && begun {
            let after = self
                .disks
                .get(before)
                .map(|disk| disk.id.clone())
                .unwrap_or_default();
            self.note(
                offset,
                Structure::DiskResumed {
                    block: name.clone(),
                    after,
                },
            );
        }
    }

    fn place(&mut self, index: usize, name: &BlockName, offset: u64, len: u64) -> Option<Place> {
        let disk = self.disks.get_mut(index)?;
        let first = disk.blocks == 0;
        disk.blocks = disk.blocks.saturating_add(1);
        disk.stored = disk.stored.saturating_add(len);
        let begun_after_loss = self.loss || disk.lost > 0;
        let placed = disk.placement.place(name.number, len);
        let note = match placed {
            Ok(place) => {
                disk.admit(first, name.number, place, len, offset);
                (first && name.number > 0 && !begun_after_loss).then(|| {
                    Structure::FirstBlockMissing {
                        block: name.clone(),
                    }
                })
            }
            Err(problem) => {
                disk.unplaced = disk.unplaced.saturating_add(1);
                Some(match problem {
                    NotPlaced::Doubled => Structure::BlockDoubled {
                        block: name.clone(),
                        len,
                    },
                    NotPlaced::OutOfOrder { last } => Structure::BlockOutOfOrder {
                        block: name.clone(),
                        last,
                    },
                    NotPlaced::BeyondRange => Structure::BlockBeyondRange {
                        block: name.clone(),
                    },
                })
            }
        };
        if let Some(note) = note {
            self.note(offset, note);
        }
        placed.ok()
    }
}
