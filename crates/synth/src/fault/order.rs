//! Faults in which blocks are there, in what order, and of which disk.

use super::Damage::{DocumentAndMembers, Members};
use super::{Fault, document, victim, victim_pair};
use crate::member::{Archive, Member, Role};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "missing-block",
        "the victim missing, its checksum member still there",
        "two-disks",
        Members(|archive| {
            let block = victim(archive)?;
            archive.sum_of(block)?;
            archive.members.remove(block);
            Some(())
        }),
    ),
    Fault::new(
        "missing-first-pair",
        "the first block of the last disk and its checksum missing",
        "two-disks",
        Members(|archive| {
            let disk = archive.disks().pop()?;
            take(archive, &disk, 0).map(|_| ())
        }),
    ),
    Fault::new(
        "missing-middle-pair-looks-like-a-gap",
        "the victim and its checksum missing: cannot be told from a gap of zeros",
        "two-disks",
        Members(|archive| {
            let disk = archive.disks().into_iter().next()?;
            (archive.blocks(&disk).len() > 2).then_some(())?;
            take(archive, &disk, 1).map(|_| ())
        }),
    )
    .harmless(),
    Fault::new(
        "missing-last-pair",
        "the last block of the first disk and its checksum missing",
        "two-disks",
        Members(|archive| {
            let disk = archive.disks().into_iter().next()?;
            let last = archive.blocks(&disk).len().checked_sub(1)?;
            take(archive, &disk, last).map(|_| ())
        }),
    ),
    Fault::new(
        "pairs-swapped",
        "the victim with its checksum and the next pair have changed places",
        "two-disks",
        Members(|archive| {
            let disk = archive.disks().into_iter().next()?;
            let pair = take(archive, &disk, 2)?;
            let at = *archive.blocks(&disk).get(1)?;
            archive.members.splice(at..at, pair);
            Some(())
        }),
    ),
    Fault::new(
        "pair-doubled",
        "the victim and its checksum twice in a row",
        "two-disks",
        Members(|archive| {
            let (block, sum) = victim_pair(archive)?;
            let pair = archive.members[block..=sum].to_vec();
            archive.members.splice(sum + 1..sum + 1, pair);
            Some(())
        }),
    ),
    Fault::new(
        "disks-swapped",
        "all members of the last disk before those of the first",
        "two-disks",
        Members(|archive| {
            let disks = archive.disks();
            let (first, last) = (disks.first()?, disks.last().filter(|_| disks.len() > 1)?);
            let run = take_disk(archive, last);
            let at = *archive.blocks(first).first()?;
            archive.members.splice(at..at, run);
            Some(())
        }),
    ),
    Fault::new(
        "disks-interleaved",
        "the first pair of the second disk behind the second pair of the first disk",
        "two-disks",
        Members(|archive| {
            let disks = archive.disks();
            let pair = take(archive, disks.get(1)?, 0)?;
            let at = *archive.blocks(&disks[0]).get(2)?;
            archive.members.splice(at..at, pair);
            Some(())
        }),
    ),
    Fault::new(
        "disk-resumed",
        "the last pair of the first disk behind the last pair of the last disk",
        "two-disks",
        Members(|archive| {
            let disks = archive.disks();
            (disks.len() > 1).then_some(())?;
            let last = archive
                .blocks(&disks[0])
                .len()
                .checked_sub(1)
                .filter(|&last| last > 0)?;
            let pair = take(archive, &disks[0], last)?;
            let behind = end_of_disk(archive, disks.last()?)?;
            archive.members.splice(behind..behind, pair);
            Some(())
        }),
    ),
    Fault::new(
        "first-disk-missing",
        "no block of the first disk there, ova.xml unchanged",
        "two-disks",
        Members(|archive| {
            let disk = archive.disks().into_iter().next()?;
            take_disk(archive, &disk);
            Some(())
        }),
    ),
    Fault::new(
        "last-disk-missing",
        "no block of the last disk there, ova.xml unchanged",
        "two-disks",
        Members(|archive| {
            let disk = archive.disks().pop()?;
            take_disk(archive, &disk);
            Some(())
        }),
    ),
    Fault::new(
        "unknown-disk-last",
        "one block of a disk Ref:999 that ova.xml does not have, behind the others",
        "two-disks",
        Members(|archive| {
            let behind = end_of_disk(archive, &archive.disks().pop()?)?;
            add_stranger(archive, "Ref:999", behind)
        }),
    ),
    Fault::new(
        "unknown-disk-between",
        "one block of a disk that ova.xml does not have, between the first and the second disk",
        "two-disks",
        Members(|archive| {
            let disks = archive.disks();
            let at = *archive.blocks(disks.get(1)?).first()?;
            add_stranger(archive, &format!("{}5", disks[0]), at)
        }),
    ),
    Fault::new(
        "block-named-for-longer-id",
        "the victim and its checksum, of disk Ref:1, named for disk Ref:10",
        "prefix-ids",
        Members(|archive| rename_second(archive, 0, 1)),
    ),
    Fault::new(
        "block-named-for-shorter-id",
        "the second pair of disk Ref:10 named for disk Ref:1",
        "prefix-ids",
        Members(|archive| rename_second(archive, 1, 0)),
    ),
    Fault::new(
        "vdi-attached-and-streamed-twice",
        "a second VBD for the first disk, whose blocks are written twice in a row",
        "two-disks",
        DocumentAndMembers(document::attach_twice, |archive| {
            let disk = archive.disks().into_iter().next()?;
            let run = take_disk(archive, &disk);
            let at = archive
                .members
                .iter()
                .position(|member| member.role != Role::Document)?;
            archive.members.splice(at..at, [run.clone(), run].concat());
            Some(())
        }),
    ),
];

/// Takes out the n-th stored block of this disk with its checksum member.
fn take(archive: &mut Archive, disk: &str, nth: usize) -> Option<Vec<Member>> {
    let block = *archive.blocks(disk).get(nth)?;
    let sum = archive.sum_of(block)?;
    Some(archive.members.drain(block..=sum).collect())
}

fn belongs(member: &Member, of: &str) -> bool {
    matches!(&member.role, Role::Block { disk, .. } | Role::Sum { disk, .. } if disk == of)
}

fn take_disk(archive: &mut Archive, disk: &str) -> Vec<Member> {
    let (run, rest) = std::mem::take(&mut archive.members)
        .into_iter()
        .partition(|m| belongs(m, disk));
    archive.members = rest;
    run
}

fn end_of_disk(archive: &Archive, disk: &str) -> Option<usize> {
    archive
        .members
        .iter()
        .rposition(|member| belongs(member, disk))
        .map(|at| at + 1)
}

fn add_stranger(archive: &mut Archive, name: &str, at: usize) -> Option<()> {
    let (block, sum) = victim_pair(archive)?;
    let mut pair = vec![archive.members[block].clone(), archive.members[sum].clone()];
    for member in &mut pair {
        member.rename(name, 0);
    }
    archive.members.splice(at..at, pair);
    Some(())
}

fn rename_second(archive: &mut Archive, from: usize, to: usize) -> Option<()> {
    let disks = archive.disks();
    let (from, to) = (disks.get(from)?, disks.get(to)?);
    let block = *archive.blocks(from).get(1)?;
    let sum = archive.sum_of(block)?;
    let Role::Block { number, .. } = archive.members[block].role else {
        return None;
    };
    archive.members[block].rename(to, number);
    archive.members[sum].rename(to, number);
    Some(())
}
