//! Damage by the dozen at random places of an archive with many disks. What is known of it beforehand is little, and must hold
//! each time: a flipped byte of a block or of its sum is told there, and nothing that differs outside of `ova.xml` is sound.

use std::io::Cursor;

use xenspect_model::report::{ImportAnswer, Input, Verdict};
use xenspect_synth::{Content, DiskRecipe, Recipe, Release, Role, Span};

use super::support::*;

/// Numbers that look random, the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// Twelve disks of different lengths, with many short blocks.
fn subject(release: Release) -> (Vec<u8>, Vec<Span>) {
    let disks = (0..12).map(|disk| DiskRecipe::new(4096 * (1 + disk) + 512, Content::Mixed));
    let recipe = Recipe {
        chunk_size: 1 << 20,
        disks: disks.collect(),
        ..Recipe::new(release)
    };
    (recipe.build(), recipe.archive().spans())
}

fn codes(input: &Input) -> Vec<&'static str> {
    let codes = input.findings.iter().map(|finding| finding.code.name());
    codes.collect()
}

#[test]
fn a_flipped_byte_of_a_block_or_of_its_sum_is_told_there() {
    for release in [Release::V7_0, Release::V8_3] {
        let (bytes, spans) = subject(release);
        let good = verify(bytes.clone());
        assert_eq!(good.verdict, Verdict::Sound);
        let good = codes(&good);
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        for _ in 0..300 {
            let span = &spans[1 + dice.below(spans.len() - 1)];
            let at = span.payload.start + dice.below(span.payload.len());
            let flip = 1 << dice.below(8);
            let mut mutant = bytes.clone();
            mutant[at] ^= flip;
            let input = verify(mutant);
            let codes = codes(&input);
            let told: Vec<_> = codes.iter().filter(|code| !good.contains(code)).collect();
            let expected: &[&str] = match &span.role {
                Role::Block { .. } => &["xva/block-checksum-mismatch"],
                // Another digit is another sum, a letter in the other case the same one, anything else is no sum.
                _ => &[
                    "xva/block-checksum-mismatch",
                    "xva/checksum-malformed",
                    "xva/checksum-letter-case",
                ],
            };
            assert!(
                matches!(told[..], [code] if expected.contains(code)),
                "byte {at} ^ {flip}: {codes:?}"
            );
            // A letter in the other case is a note, and an import objects to it.
            let respelled = *told[0] == "xva/checksum-letter-case";
            assert_eq!(
                input.verdict == Verdict::Sound,
                respelled,
                "byte {at} ^ {flip}"
            );
            let answer = input.import.as_ref().map(|import| import.answer);
            assert_ne!(answer, Some(ImportAnswer::Accepted), "byte {at} ^ {flip}");
            let finding = input.findings.iter().find(|f| f.code.name() == *told[0]);
            let place = &finding.unwrap().place;
            let (Role::Block { disk, number } | Role::Sum { disk, number, .. }) = &span.role else {
                panic!("{:?}", span.role);
            };
            assert_eq!(
                (place.disk.as_ref(), place.block),
                (Some(disk), Some(*number))
            );
        }
    }
}

/// One of the things that happen to files.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice, first: usize) {
    let len = bytes.len();
    let at = first + dice.below(len - first);
    let run = (1 + dice.below(3 * BLOCK)).min(len - at);
    match dice.below(9) {
        0 => bytes[at] ^= 1 << dice.below(8),
        1 => bytes[at..at + run].fill(0),
        2 => bytes[at..at + run].fill(0xff),
        3 => drop(bytes.drain(at..at + run)),
        4 => drop(bytes.drain(at / BLOCK * BLOCK..((at / BLOCK + 1) * BLOCK).min(len))),
        5 => {
            let piece = bytes[at..at + run].to_vec();
            bytes.splice(at..at, piece);
        }
        6 => {
            let sector = at / BLOCK * BLOCK;
            let piece = bytes[sector..(sector + BLOCK).min(len)].to_vec();
            let to = (first + dice.below(len - first)) / BLOCK * BLOCK;
            bytes.splice(to..to, piece);
        }
        7 => {
            let to = first + dice.below(len - first);
            let run = run.min(len - to);
            bytes.copy_within(at..at + run, to);
        }
        _ => bytes.truncate(at),
    }
}

#[test]
fn nothing_that_differs_is_sound() {
    let (bytes, spans) = subject(Release::V8_3);
    // What is in ova.xml is not known to any sum; damage begins behind it.
    let first = spans[0].end;
    let padding = |mutant: &[u8]| {
        // The zeros at the end may be more or fewer, down to two blocks.
        let trimmed = |bytes: &[u8]| {
            bytes
                .iter()
                .rposition(|byte| *byte != 0)
                .map_or(0, |at| at + 1)
        };
        let (mine, theirs) = (trimmed(mutant), trimmed(&bytes));
        mutant[..mine] == bytes[..theirs] && mutant.len() >= bytes.len()
    };
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut differing = 0;
    for round in 0..600 {
        let mut mutant = bytes.clone();
        for _ in 0..=(round % 12) {
            if mutant.len() > first + BLOCK {
                damage(&mut mutant, &mut dice, first);
            }
        }
        if padding(&mutant) {
            continue;
        }
        differing += 1;
        let filed = verify(mutant.clone());
        assert_ne!(filed.verdict, Verdict::Sound, "round {round}");
        assert_ne!(
            filed.verdict,
            Verdict::Unreadable,
            "round {round}: {:?}",
            filed.error
        );
        let piped = verify_stream(Cursor::new(mutant));
        assert_eq!(said(&filed), said(&piped), "round {round}");
    }
    assert!(differing > 500);
}
