//! Sequences of members for the two state machines that put them together: the one that says what
//! is there, and the one that foretells an import.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_archive::xva::{
    Assembly, BlockName, DiskToRead, Import, ImportError, MemberName, NOMINAL_BLOCK, Replay,
    Settled, StoredSum, SumKind,
};

use crate::actions::Actions;

/// Few disks, so that the limit is met.
const DISKS: usize = 3;
/// What a disk may remember of its irregular blocks.
const IRREGULAR: usize = 64;
/// More than one member can be told to deviate by.
const DEVIATIONS: usize = 8;

fn name(actions: &mut Actions<'_>) -> Option<BlockName> {
    let choice = actions.byte()?;
    let disk = format!("Ref:{}", choice % 5);
    let number = actions.number()?;
    Some(BlockName {
        disk,
        number,
        canonical: choice < 250,
    })
}

fn kind(choice: u8) -> SumKind {
    if choice.is_multiple_of(2) {
        SumKind::Sha1
    } else {
        SumKind::Xxh64
    }
}

/// Text of a checksum member: a digest, or what the input says.
fn sum_text(actions: &mut Actions<'_>, kind: SumKind) -> Option<Vec<u8>> {
    Some(match actions.byte()? {
        choice @ 0..=9 => vec![b'0' + choice; kind.digits()],
        choice => actions.bytes(usize::from(choice)).to_vec(),
    })
}

/// Blocks that were fed, and what became of them; by offset, which each member has of its own.
#[derive(Default)]
struct Account {
    open: BTreeSet<u64>,
    settled: u64,
    disks: BTreeMap<usize, Counted>,
}

/// What the settled blocks of a disk add up to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    blocks: u64,
    unplaced: u64,
    empty: u64,
    irregular: u64,
    odd: u64,
    stored: u128,
}

impl Account {
    fn settle(&mut self, settled: Option<Settled>, disks: usize) {
        let Some(Settled { block, .. }) = settled else {
            return;
        };
        assert!(
            self.open.remove(&block.header_offset),
            "settled twice, or never fed: {block:?}"
        );
        assert!(block.disk < disks);
        self.settled += 1;
        let counted = self.disks.entry(block.disk).or_default();
        counted.blocks += 1;
        counted.stored += u128::from(block.len);
        if block.place.is_none() {
            counted.unplaced += 1;
        } else if block.len == 0 {
            counted.empty += 1;
        } else if !block.len.is_multiple_of(512) {
            counted.odd += 1;
        } else if block.len != NOMINAL_BLOCK {
            counted.irregular += 1;
        }
    }
}

pub(crate) fn assemble(actions: &mut Actions<'_>) {
    let mut assembly = Assembly::new(DISKS);
    if actions
        .byte()
        .is_some_and(|choice| choice.is_multiple_of(4))
    {
        assembly.without_inline_sums();
    }
    let mut account = Account::default();
    let (mut offset, mut blocks, mut cut, mut fed) = (0, 0, 0, 0);
    while let Some(action) = actions.byte() {
        offset += 512;
        let settled = match action % 8 {
            0..=2 => {
                let (Some(name), Some(len)) = (name(actions), actions.len()) else {
                    break;
                };
                let settled = assembly.block(&name, offset, offset + 512, len);
                if assembly.disks().iter().any(|disk| disk.id == name.disk) {
                    account.open.insert(offset);
                    blocks += 1;
                    fed += u128::from(len);
                }
                settled
            }
            3 | 4 => {
                let Some(name) = name(actions) else { break };
                let kind = kind(action);
                let Some(text) = sum_text(actions, kind) else {
                    break;
                };
                let settled = assembly.sum(&name, kind, offset, &text);
                if let Some(sum) = settled.as_ref().and_then(|settled| settled.sum) {
                    assert!(
                        StoredSum::parse(sum.digest.kind(), sum.digest.to_string().as_bytes())
                            .is_ok()
                    );
                }
                settled
            }
            5 => assembly.close(offset),
            6 => {
                assembly.bytes_lost();
                None
            }
            // What follows a cut is the end of the input.
            _ => {
                if action > 128 {
                    assembly.cut_off();
                    cut = account.open.len();
                    account.open.clear();
                    assert!(cut <= 1, "{cut} blocks were open");
                } else {
                    let closed = assembly.close_at_cut();
                    account.settle(closed.map(|(settled, _)| settled), assembly.disks().len());
                }
                break;
            }
        };
        account.settle(settled, assembly.disks().len());
        assert!(account.open.len() <= 1, "more than one block is open");
        assert!(assembly.take_structure().len() <= DEVIATIONS);
        check_disks(&assembly);
    }
    let settled = assembly.close(offset + 512);
    account.settle(settled, assembly.disks().len());
    assert!(assembly.close(offset + 512).is_none());
    assert!(account.open.is_empty(), "never settled: {:?}", account.open);
    assert_eq!(account.settled + cut as u64, blocks);
    check_disks(&assembly);
    for (index, disk) in assembly.disks().iter().enumerate() {
        let counted = account.disks.remove(&index).unwrap_or_default();
        let told = Counted {
            blocks: disk.blocks,
            unplaced: disk.unplaced,
            empty: disk.empty,
            irregular: disk.irregular_count,
            odd: disk.odd_count,
            // A sum beyond 64 bits cannot be told.
            stored: if fed > u128::from(u64::MAX) {
                counted.stored
            } else {
                disk.stored.into()
            },
        };
        assert_eq!(told, counted, "{disk:?}");
    }
}

fn check_disks(assembly: &Assembly) {
    let disks = assembly.disks();
    assert!(disks.len() <= DISKS);
    for (index, disk) in disks.iter().enumerate() {
        assert!(
            disks
                .iter()
                .skip(index + 1)
                .all(|other| other.id != disk.id),
            "one disk twice"
        );
        for (kept, count) in [
            (&disk.irregular, disk.irregular_count),
            (&disk.odd, disk.odd_count),
        ] {
            assert!(kept.len() <= IRREGULAR && kept.len() as u64 <= count);
            for block in kept {
                assert!(block.start <= disk.position, "{block:?} of {disk:?}");
            }
        }
        let uncommon = disk.irregular_count + disk.odd_count + disk.empty + disk.unplaced;
        assert!(uncommon <= disk.blocks, "{disk:?}");
        assert!(disk.blocks > 0 || disk.stored == 0, "{disk:?}");
        assert!(disk.first_number <= disk.last_number, "{disk:?}");
        assert!(disk.first_offset <= disk.last_offset, "{disk:?}");
    }
}

/// Feeds until the input is used up or the importer has stopped. Returns the offsets fed.
pub(crate) fn replay(actions: &mut Actions<'_>) {
    let mut disks = Vec::new();
    for index in 0..actions.byte().unwrap_or(0) % 4 {
        let virtual_size = actions.len().unwrap_or(0);
        disks.push(DiskToRead {
            id: format!("Ref:{index}"),
            virtual_size,
        });
    }
    let export_vsn = u32::from(actions.byte().unwrap_or(2) % 3);
    let none_to_read = disks.iter().all(|disk| disk.virtual_size == 0);
    let mut replay = Replay::new(disks, export_vsn);
    if none_to_read && export_vsn == 2 {
        assert_eq!(replay.answer(), Import::Accepted);
    }
    let (mut offset, mut differed) = (0, false);
    let mut stopped = None;
    while let Some(action) = actions.byte() {
        offset += 512;
        match action % 10 {
            0..=2 => {
                let (Some(name), Some(len)) = (name(actions), actions.len()) else {
                    break;
                };
                replay.member(offset, &MemberName::Block(name), len);
            }
            3..=5 => {
                let Some(name) = name(actions) else { break };
                let len = if action > 250 {
                    3
                } else {
                    kind(action).digits() as u64
                };
                replay.member(offset, &MemberName::Sum(name, kind(action)), len);
            }
            6 => {
                let name = match action % 3 {
                    0 => MemberName::Foreign,
                    1 => MemberName::LegacyTable,
                    _ => MemberName::Metadata,
                };
                replay.member(offset, &name, 100);
            }
            7 => {
                differed = true;
                if action > 128 {
                    replay.table_differs(offset);
                } else {
                    replay.sum_differs(offset);
                }
            }
            8 => replay.unreadable_header(offset),
            _ if action > 128 => replay.end_marker(offset),
            _ => replay.end_of_input(offset),
        }
        let answer = replay.answer();
        assert_eq!(answer, replay.answer());
        check_answer(answer, offset, differed);
        // A stop in the structure is final. Sums are compared later than members are met, so an
        // earlier difference may still come before it.
        let at = match answer {
            Import::Refused(stop) if stop.offset != u64::MAX && !differed => Some(stop),
            _ => None,
        };
        if let (Some(before), false) = (stopped, differed) {
            assert_eq!(at, Some(before), "went on after a stop");
        }
        stopped = at;
    }
}

fn check_answer(answer: Import, offset: u64, differed: bool) {
    match answer {
        Import::Accepted => {}
        Import::OnlyWithForce(stop) => {
            assert!(differed && stop.offset <= offset);
            assert!(matches!(
                stop.error,
                ImportError::Generic | ImportError::SomeChecksumsFailed
            ));
        }
        Import::Refused(stop) => {
            let open = stop.offset == u64::MAX && stop.error == ImportError::PrematureEof;
            assert!(
                open || stop.offset <= offset,
                "{stop:?} is ahead of {offset}"
            );
        }
    }
}
