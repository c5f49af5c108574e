//! Faults in the data chunks themselves: contents, lengths and numbers. Their order is in `order`.

use super::Damage::{Document, Members, Recipe};
use super::{Fault, reseal, victim};
use crate::document;
use crate::member::{Archive, Member, Role};
use crate::recipe;
use crate::xmlrpc::Value;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "flip-block-byte",
        "one bit in the middle of the victim flipped",
        "two-disks",
        Members(flip),
    ),
    Fault::new(
        "short-middle-block",
        "the victim 4096 bytes shorter than the chunk size, with a right checksum",
        "two-disks",
        Members(|archive| resize(archive, victim, -4096)),
    ),
    Fault::new(
        "long-middle-block",
        "the victim 4096 bytes longer than the chunk size, with a right checksum",
        "two-disks",
        Members(|archive| resize(archive, victim, 4096)),
    ),
    Fault::new(
        "short-last-block",
        "the last block of the last disk 512 bytes shorter, with a right checksum",
        "two-disks",
        Members(|archive| resize(archive, last_block, -512)),
    ),
    Fault::new(
        "long-last-block",
        "the last block of the last disk 512 bytes longer, with a right checksum",
        "two-disks",
        Members(|archive| resize(archive, last_block, 512)),
    ),
    Fault::new(
        "virtual-size-one-block-larger",
        "virtual_size of the first disk in ova.xml 1 MiB larger than its data",
        "two-disks",
        Document(|document| grow(document, 1_048_576)),
    ),
    Fault::new(
        "virtual-size-one-block-smaller",
        "virtual_size of the first disk in ova.xml 1 MiB smaller than its data",
        "two-disks",
        Document(|document| grow(document, -1_048_576)),
    ),
    Fault::new(
        "text-block-number",
        "the number of the victim (and of its checksum member) is no number",
        "two-disks",
        Members(|archive| spell_number(archive, |_| "0000000x".to_owned())),
    ),
    Fault::new(
        "seven-digit-block-number",
        "the number of the victim (and of its checksum member) has seven digits",
        "two-disks",
        Members(|archive| spell_number(archive, |number| format!("{number:07}"))),
    ),
    Fault::new(
        "odd-length-block",
        "virtual_size and with it the last block of the last disk no multiple of 512",
        "two-disks",
        Recipe(odd_length),
    ),
    Fault::new(
        "empty-first-block",
        "an empty chunk as number 0 of the last disk, its other numbers one up",
        "two-disks",
        Members(empty_first),
    ),
    Fault::new(
        "empty-last-block",
        "an empty chunk after the last one of the last disk",
        "two-disks",
        Members(empty_last),
    ),
    Fault::new(
        "first-block-not-1-mib",
        "the first block of the first disk written as two halves, later numbers one up",
        "two-disks",
        Members(halve_first),
    ),
    Fault::new(
        "exporter-last-partial-block-missing",
        "known exporter defect: the partial last block of the last disk and its checksum missing",
        "two-disks-26.1",
        Members(drop_partial_last),
    ),
    Fault::new(
        "exporter-duplicate-block-numbers",
        "known exporter defect: blocks 1 and 3 of the first disk written twice in a row",
        "two-disks-26.1",
        Members(duplicate_numbers),
    ),
    Fault::new(
        "exporter-tiny-disk-twice",
        "known exporter defect: block 0 of a disk of at most 1 MiB written twice",
        "tiny-disk-26.1",
        Members(tiny_twice),
    ),
];

fn last_block(archive: &Archive) -> Option<usize> {
    archive.blocks(archive.disks().last()?).last().copied()
}

fn flip(archive: &mut Archive) -> Option<()> {
    let at = victim(archive)?;
    let payload = &mut archive.members[at].payload;
    let middle = payload.len() / 2;
    *payload.get_mut(middle)? ^= 0x01;
    Some(())
}

fn resize(archive: &mut Archive, pick: fn(&Archive) -> Option<usize>, by: isize) -> Option<()> {
    let at = pick(archive)?;
    let payload = &mut archive.members[at].payload;
    let len = payload
        .len()
        .checked_add_signed(by)
        .filter(|&len| len > 0)?;
    payload.resize(len, 0x5a);
    reseal(archive, at)
}

fn grow(document: &mut document::Document, by: i64) -> Option<()> {
    let first = document.streamed_ids().into_iter().next()?;
    let vdi = document.find_mut("VDI", |vdi| vdi.id == first)?;
    let Value::Int(size) = vdi.get("virtual_size")? else {
        return None;
    };
    let size = size.checked_add(by).filter(|&size| size >= 0)?;
    vdi.set("virtual_size", Value::Int(size));
    Some(())
}

fn spell_number(archive: &mut Archive, spell: fn(u64) -> String) -> Option<()> {
    let block = victim(archive)?;
    let Role::Block { disk, number } = &archive.members[block].role else {
        return None;
    };
    let name = format!("{disk}/{}", spell(*number));
    if let Some(at) = archive.sum_of(block)
        && let Role::Sum { kind, .. } = archive.members[at].role
    {
        archive.members[at].name = format!("{name}{}", kind.extension()).into_bytes();
    }
    archive.members[block].name = name.into_bytes();
    Some(())
}

fn odd_length(recipe: &mut recipe::Recipe) -> Option<()> {
    recipe.disks.last_mut()?.virtual_size += 100;
    Some(())
}

/// An empty chunk with the header and the kind of checksum of the block at `like`.
fn empty_pair(archive: &Archive, like: usize, disk: &str, number: u64) -> Vec<Member> {
    let block = Member::block(
        archive.members[like].header.clone(),
        disk,
        number,
        Vec::new(),
    );
    let sum = archive
        .sum_of(like)
        .and_then(|at| match archive.members[at].role {
            Role::Sum { kind, .. } => block.sum(kind),
            _ => None,
        });
    std::iter::once(block).chain(sum).collect()
}

/// Adds one to the numbers of this disk from `from` on.
fn shift(archive: &mut Archive, of: &str, from: u64) {
    for member in &mut archive.members {
        if let Role::Block { disk, number } | Role::Sum { disk, number, .. } = &member.role
            && disk == of
            && *number >= from
        {
            let next = *number + 1;
            member.rename(of, next);
        }
    }
}

fn empty_first(archive: &mut Archive) -> Option<()> {
    let disk = archive.disks().pop()?;
    let first = archive.blocks(&disk).first().copied()?;
    let pair = empty_pair(archive, first, &disk, 0);
    shift(archive, &disk, 0);
    archive.members.splice(first..first, pair);
    Some(())
}

fn empty_last(archive: &mut Archive) -> Option<()> {
    let disk = archive.disks().pop()?;
    let last = last_block(archive)?;
    let Role::Block { number, .. } = archive.members[last].role else {
        return None;
    };
    let pair = empty_pair(archive, last, &disk, number + 1);
    let behind = archive.sum_of(last).unwrap_or(last) + 1;
    archive.members.splice(behind..behind, pair);
    Some(())
}

fn halve_first(archive: &mut Archive) -> Option<()> {
    let disk = archive.disks().into_iter().next()?;
    let first = archive.blocks(&disk).first().copied()?;
    let half = archive.members[first].payload.len() / 2 / 512 * 512;
    if half == 0 {
        return None;
    }
    let mut pair = empty_pair(archive, first, &disk, 1);
    pair[0].payload = archive.members[first].payload.split_off(half);
    if let [block, sum] = &mut pair[..]
        && let Role::Sum { kind, .. } = sum.role
    {
        sum.payload = kind.text(&block.payload).into_bytes();
    }
    reseal(archive, first)?;
    shift(archive, &disk, 1);
    let behind = archive.sum_of(first).unwrap_or(first) + 1;
    archive.members.splice(behind..behind, pair);
    Some(())
}

fn drop_partial_last(archive: &mut Archive) -> Option<()> {
    let last = last_block(archive)?;
    let sum = archive.sum_of(last)?;
    if archive.members[last]
        .payload
        .len()
        .is_multiple_of(1_048_576)
    {
        return None;
    }
    archive.members.drain(last..=sum);
    Some(())
}

fn repeat_pair(archive: &mut Archive, block: usize) -> Option<()> {
    let sum = archive.sum_of(block)?;
    let pair = archive.members[block..=sum].to_vec();
    archive.members.splice(sum + 1..sum + 1, pair);
    Some(())
}

fn duplicate_numbers(archive: &mut Archive) -> Option<()> {
    let blocks = archive.blocks(archive.disks().first()?);
    // The later one first, so that the earlier index still holds.
    repeat_pair(archive, *blocks.get(3)?)?;
    repeat_pair(archive, *blocks.get(1)?)
}

fn tiny_twice(archive: &mut Archive) -> Option<()> {
    let blocks = archive.blocks(archive.disks().first()?);
    let [only] = blocks[..] else { return None };
    repeat_pair(archive, only)
}
