//! Damage that no rule was written for: bits flipped all over, every sector zeroed, dropped, doubled
//! or exchanged, every length cut. Whatever happens outside of `ova.xml`, which bears no
//! checksum, something must be said.

use std::ops::Range;

use xenspect_model::report::{Input, Verdict};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::{Recipe, Role};

const SECTOR: usize = 512;

fn verify(bytes: Vec<u8>) -> Option<Input> {
    let options = Options {
        threads: 1,
        ..Options::default()
    };
    let catalog = scan(Source::memory(bytes), &options, &Progress::default()).ok()?;
    Some(xenspect_rules::input("mutant".to_owned(), &catalog))
}

struct Subject {
    bytes: Vec<u8>,
    /// The text of `ova.xml`, without header and padding.
    document: Range<usize>,
    said: Input,
}

/// A small archive of two disks.
fn subject() -> Subject {
    let recipe = Recipe::named("tiny").unwrap();
    let (bytes, archive) = (recipe.build(), recipe.archive());
    let spans = archive.spans();
    let index = archive
        .members
        .iter()
        .position(|member| member.role == Role::Document)
        .unwrap();
    let document = spans[index].payload.clone();
    let said = verify(bytes.clone()).unwrap();
    assert_eq!(said.verdict, Verdict::Sound);
    Subject {
        bytes,
        document,
        said,
    }
}

impl Subject {
    /// Whether the report on a mutant says something that the report on the original does not.
    fn is_told(&self, mutant: Vec<u8>) -> bool {
        verify(mutant).is_none_or(|input| input.findings != self.said.findings)
    }

    /// Whether a mutant is called sound.
    fn is_called_sound(&self, mutant: Vec<u8>) -> bool {
        verify(mutant).is_some_and(|input| input.verdict == Verdict::Sound)
    }

    fn is_outside(&self, sector: usize) -> bool {
        let (start, end) = (sector * SECTOR, (sector + 1) * SECTOR);
        end <= self.document.start || start >= self.document.end
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / SECTOR
    }
}

/// Every so many bytes are damaged: prime to the size of a sector, so that all fields are met.
const STEP: usize = 5;

#[test]
fn flipped_bits_are_told() {
    let subject = subject();
    let mut silent = Vec::new();
    let outside = (0..subject.bytes.len()).filter(|at| !subject.document.contains(at));
    for at in outside.step_by(STEP) {
        // One bit of each byte, another one for each place.
        let mut mutant = subject.bytes.clone();
        mutant[at] ^= 1 << (at % 8);
        // A blank for a leading zero in the header's own checksum is another spelling of it.
        let respelled = subject.bytes[at] == b'0' && mutant[at] == b' ' && at % SECTOR == 148;
        if !respelled && !subject.is_told(mutant) {
            silent.push(at);
        }
    }
    assert!(silent.is_empty(), "nothing is said of flips at {silent:?}");
}

#[test]
fn no_cut_archive_is_called_sound() {
    let subject = subject();
    let whole = subject.bytes.len();
    let sound: Vec<_> = (0..whole)
        .step_by(61)
        .chain((0..whole).step_by(SECTOR))
        .filter(|&len| subject.is_called_sound(subject.bytes[..len].to_vec()))
        .collect();
    assert!(sound.is_empty(), "called sound when cut at {sound:?}");
}

#[test]
fn no_lost_doubled_or_zeroed_sector_is_called_sound() {
    let subject = subject();
    let sector = |index: usize| index * SECTOR..(index + 1) * SECTOR;
    let mut sound = Vec::new();
    for index in (0..subject.sectors()).filter(|&index| subject.is_outside(index)) {
        let original = &subject.bytes;
        let mut dropped = original.clone();
        dropped.drain(sector(index));
        let mut doubled = original.clone();
        doubled.splice(
            sector(index).end..sector(index).end,
            original[sector(index)].to_vec(),
        );
        let mut zeroed = original.clone();
        zeroed[sector(index)].fill(0);
        for (what, mutant) in [
            ("dropped", dropped),
            ("doubled", doubled),
            ("zeroed", zeroed),
        ] {
            // More or fewer zeros at the end are no damage, but for the last two blocks of them.
            let same = mutant.starts_with(original) || mutant == *original;
            if !same && subject.is_called_sound(mutant) {
                sound.push((what, index));
            }
        }
    }
    assert!(sound.is_empty(), "called sound: {sound:?}");
}

#[test]
fn no_two_exchanged_sectors_are_called_sound() {
    let subject = subject();
    let outside: Vec<_> = (0..subject.sectors())
        .filter(|&index| subject.is_outside(index))
        .collect();
    let mut sound = Vec::new();
    for (nth, &first) in outside.iter().enumerate() {
        for &second in &outside[nth + 1..] {
            let mut mutant = subject.bytes.clone();
            for byte in 0..SECTOR {
                mutant.swap(first * SECTOR + byte, second * SECTOR + byte);
            }
            if mutant != subject.bytes && subject.is_called_sound(mutant) {
                sound.push((first, second));
            }
        }
    }
    assert!(
        sound.is_empty(),
        "called sound with sectors exchanged: {sound:?}"
    );
}
