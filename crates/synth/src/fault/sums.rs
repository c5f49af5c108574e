//! Faults in checksum members.

use super::Damage::Members;
use super::{Fault, victim_pair};
use crate::member::{Archive, Role};
use crate::sum::SumKind;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "flip-sum-digit",
        "one digit of the victim's checksum text changed to another digit",
        "two-disks",
        Members(|archive| edit(archive, |text| flip_digit(text))),
    ),
    Fault::new(
        "lower-case-sum",
        "the victim's XXH64 text in lower case",
        "two-disks",
        Members(|archive| edit(archive, |text| recase(text, u8::to_ascii_lowercase))),
    ),
    Fault::new(
        "upper-case-sum",
        "the victim's SHA-1 text in upper case",
        "two-disks-sha1",
        Members(|archive| edit(archive, |text| recase(text, u8::to_ascii_uppercase))),
    ),
    Fault::new(
        "newline-after-sum",
        "a line end after the victim's checksum text",
        "two-disks",
        Members(|archive| {
            edit(archive, |text| {
                text.push(b'\n');
                Some(())
            })
        }),
    ),
    Fault::new(
        "short-sum",
        "the last digit of the victim's checksum text missing",
        "two-disks",
        Members(|archive| edit(archive, |text| text.pop().map(|_| ()))),
    ),
    Fault::new(
        "empty-sum",
        "the victim's checksum member without payload",
        "two-disks",
        Members(|archive| {
            edit(archive, |text| {
                text.clear();
                Some(())
            })
        }),
    ),
    Fault::new(
        "non-hex-sum",
        "a letter beyond F in the victim's checksum text",
        "two-disks",
        Members(|archive| {
            edit(archive, |text| {
                *text.get_mut(3)? = b'Z';
                Some(())
            })
        }),
    ),
    Fault::new(
        "sum-of-other-algorithm",
        "the victim's checksum text is that of the other algorithm, the name unchanged",
        "two-disks",
        Members(other_algorithm),
    ),
    Fault::new(
        "mixed-sum-kinds",
        "the checksum member of each second block is of the other kind, name and text",
        "two-disks",
        Members(mixed_kinds),
    )
    .harmless(),
    Fault::new(
        "missing-sum",
        "the victim's checksum member missing",
        "two-disks",
        Members(|archive| {
            let (_, sum) = victim_pair(archive)?;
            archive.members.remove(sum);
            Some(())
        }),
    ),
    Fault::new(
        "doubled-sum",
        "the victim's checksum member twice",
        "two-disks",
        Members(|archive| {
            let (_, sum) = victim_pair(archive)?;
            archive.members.insert(sum, archive.members[sum].clone());
            Some(())
        }),
    ),
    Fault::new(
        "sum-named-for-other-block",
        "the victim's checksum member carries a number no block has",
        "two-disks",
        Members(|archive| {
            let (block, sum) = victim_pair(archive)?;
            let Role::Block { disk, number } = archive.members[block].role.clone() else {
                return None;
            };
            archive.members[sum].rename(&disk, number + 1000);
            Some(())
        }),
    ),
    Fault::new(
        "sum-before-block",
        "the victim's checksum member before the victim",
        "two-disks",
        Members(|archive| {
            let (block, sum) = victim_pair(archive)?;
            archive.members.swap(block, sum);
            Some(())
        }),
    ),
    Fault::new(
        "sums-in-each-others-place",
        "the checksum members of the victim and of the next block have changed places",
        "two-disks",
        Members(|archive| {
            let (one, two) = two_sums(archive)?;
            archive.members.swap(one, two);
            Some(())
        }),
    ),
    Fault::new(
        "sum-texts-exchanged",
        "the checksum texts of the victim and of the next block have changed places, the names not",
        "two-disks",
        Members(|archive| {
            let (one, two) = two_sums(archive)?;
            let text = std::mem::take(&mut archive.members[one].payload);
            archive.members[one].payload =
                std::mem::replace(&mut archive.members[two].payload, text);
            Some(())
        }),
    ),
];

fn edit(archive: &mut Archive, step: fn(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    let (_, sum) = victim_pair(archive)?;
    step(&mut archive.members[sum].payload)
}

fn flip_digit(text: &mut [u8]) -> Option<()> {
    let digit = text.get_mut(5)?;
    *digit = if *digit == b'0' { b'1' } else { b'0' };
    Some(())
}

/// `None` when the text has no letter, so that case makes no difference.
fn recase(text: &mut [u8], case: fn(&u8) -> u8) -> Option<()> {
    let mut changed = false;
    for byte in text.iter_mut() {
        changed |= *byte != case(byte);
        *byte = case(byte);
    }
    changed.then_some(())
}

fn other(kind: SumKind) -> SumKind {
    match kind {
        SumKind::Sha1 => SumKind::Xxh64,
        SumKind::Xxh64 => SumKind::Sha1,
    }
}

fn other_algorithm(archive: &mut Archive) -> Option<()> {
    let (block, sum) = victim_pair(archive)?;
    let Role::Sum { kind, .. } = archive.members[sum].role else {
        return None;
    };
    archive.members[sum].payload = other(kind)
        .text(&archive.members[block].payload)
        .into_bytes();
    Some(())
}

fn mixed_kinds(archive: &mut Archive) -> Option<()> {
    let mut changed = false;
    for disk in archive.disks() {
        for block in archive.blocks(&disk).into_iter().skip(1).step_by(2) {
            let sum = archive.sum_of(block)?;
            let Role::Sum { kind, .. } = archive.members[sum].role else {
                return None;
            };
            archive.members[sum] = archive.members[block].sum(other(kind))?;
            changed = true;
        }
    }
    changed.then_some(())
}

fn two_sums(archive: &Archive) -> Option<(usize, usize)> {
    let (block, one) = victim_pair(archive)?;
    let blocks = archive.blocks(archive.disks().first()?);
    let next = blocks.iter().copied().find(|&at| at > block)?;
    Some((one, archive.sum_of(next)?))
}
