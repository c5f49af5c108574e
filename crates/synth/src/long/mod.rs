//! Archives of any length, written in constant memory and as fast as a pipe takes them: the blocks are few distinct ones over
//! and over, whose checksums are computed once.
//!
//! The form is that of any other export (`formats/xva.md` sections 4 and 5), and so is the description in front, which says
//! the sizes that are there. What is wrong with the blocks is in `fault`, how they are written in `pen`.

mod fault;
mod pen;

use std::io::{self, Write};

pub use fault::LongFault;

use pen::{At, Pen, Piece};

use crate::content::Content;
use crate::header::BLOCK;
use crate::member::Ending;
use crate::recipe::{DiskRecipe, MIB, Recipe};
use crate::release::Release;
use crate::stream::{block_header, document_text, streamed};
use crate::sum::SumKind;

/// Distinct blocks of an archive.
const DISTINCT: u64 = 4;
/// Seed of their contents, and of the ids in the description.
const SEED: u64 = 1;

/// An archive of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Long {
    /// Bytes of all disks together. Each disk is a multiple of 512 bytes, so the sum of them can be a little more.
    pub size: u64,
    /// How many disks there are, at least one, of the same size.
    pub disks: u64,
    /// Length of a block in bytes. Exporters write 1 MiB; shorter ones make many members in few bytes.
    pub block: u64,
    /// Algorithm of the checksums, which also decides on the release.
    pub sums: SumKind,
    /// The blocks hold nothing but zeros, as a host writes those of a disk that was overwritten. They compress to nothing.
    pub zeros: bool,
    /// What is wrong, in turns.
    pub faults: Vec<LongFault>,
    /// Something is wrong with each so manieth block, the first one included.
    pub every: u64,
}

impl Default for Long {
    /// One sound disk of 1 GiB with XXH64 sums.
    fn default() -> Self {
        Self {
            size: 1 << 30,
            disks: 1,
            block: MIB,
            sums: SumKind::Xxh64,
            zeros: false,
            faults: Vec::new(),
            every: 1,
        }
    }
}

impl Long {
    /// What the description is made of.
    fn recipe(&self) -> Recipe {
        let count = self.disks.max(1);
        let size = self.size.div_ceil(count).next_multiple_of(BLOCK as u64);
        let release = match self.sums {
            SumKind::Sha1 => Release::V7_0,
            SumKind::Xxh64 => Release::V8_3,
        };
        Recipe {
            seed: SEED,
            disks: (0..count)
                .map(|_| DiskRecipe::new(size, Content::Random))
                .collect(),
            ..Recipe::new(release)
        }
    }

    fn piece(&self, which: u64, len: u64) -> io::Result<Piece> {
        let len = usize::try_from(len).map_err(io::Error::other)?;
        let content = if self.zeros {
            Content::Zero
        } else {
            Content::Random
        };
        let bytes = content.chunk(SEED, 0, which, len);
        let sum = self.sums.text(&bytes);
        Ok(Piece { bytes, sum })
    }

    fn fault(&self, block: u64) -> Option<LongFault> {
        let every = self.every.max(1);
        if self.faults.is_empty() || !block.is_multiple_of(every) {
            return None;
        }
        let turn = (block / every) % self.faults.len() as u64;
        self.faults.get(usize::try_from(turn).ok()?).copied()
    }

    /// Writes the archive. Memory does not grow with its length.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        let recipe = self.recipe();
        let block = self.block.max(1);
        let pieces: Vec<Piece> = (0..DISTINCT)
            .map(|which| self.piece(which, block))
            .collect::<io::Result<_>>()?;
        let empty = self.piece(0, 0)?;
        let document = document_text(&recipe).unwrap_or_default();
        let mut pen = Pen {
            out,
            written: 0,
            header: block_header(&recipe),
            sums: self.sums,
        };
        pen.member("ova.xml", &document, &pen.header.clone())?;
        let mut met = 0_u64;
        for (disk, _, of) in streamed(&recipe) {
            let blocks = of.virtual_size.div_ceil(block);
            let mut number = 0;
            for index in 0..blocks {
                let rest = of.virtual_size - index * block;
                let short;
                let piece = if rest < block {
                    short = self.piece(DISTINCT, rest)?;
                    &short
                } else {
                    &pieces[usize::try_from(met % DISTINCT).unwrap_or_default()]
                };
                let other = &pieces[usize::try_from((met + 1) % DISTINCT).unwrap_or_default()];
                let fault = self.fault(met);
                met += 1;
                if fault == Some(LongFault::KeepAlive) {
                    pen.pair(&disk, number, &empty)?;
                    number += 1;
                }
                let at = At {
                    disk: &disk,
                    number,
                    met,
                };
                match fault {
                    None | Some(LongFault::KeepAlive) => pen.pair(&disk, number, piece)?,
                    Some(LongFault::SecondDocument) => {
                        pen.member("ova.xml", &document, &pen.header.clone())?;
                        pen.pair(&disk, number, piece)?;
                    }
                    Some(fault) => pen.broken(fault, &at, piece, other)?,
                }
                number += 1;
            }
        }
        let ending = Ending::default().encode(pen.written);
        pen.out.write_all(&ending)?;
        pen.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_archive_is_the_one_that_its_recipe_makes() {
        for (sums, disks) in [(SumKind::Xxh64, 1), (SumKind::Sha1, 3)] {
            let long = Long {
                size: 2 * MIB + 700,
                disks,
                sums,
                ..Long::default()
            };
            let mut bytes = Vec::new();
            long.write_to(&mut bytes).expect("memory takes it");
            let theirs = long.recipe().build();
            assert_eq!(bytes.len(), theirs.len());
            // Contents and the date of the description aside, headers and order are the same.
            let names = |bytes: &[u8]| -> Vec<String> {
                tar::Archive::new(bytes)
                    .entries()
                    .expect("a tar archive")
                    .map(|entry| {
                        let entry = entry.expect("a member");
                        String::from_utf8_lossy(&entry.path_bytes()).into_owned()
                    })
                    .collect()
            };
            assert_eq!(names(&bytes), names(&theirs));
        }
    }

    #[test]
    fn faults_come_in_turns_and_as_often_as_they_should() {
        let long = Long {
            faults: vec![LongFault::SumWrong, LongFault::Foreign],
            every: 3,
            ..Long::default()
        };
        let met: Vec<_> = (0..8).map(|block| long.fault(block)).collect();
        let (wrong, foreign) = (Some(LongFault::SumWrong), Some(LongFault::Foreign));
        assert_eq!(met, [wrong, None, None, foreign, None, None, wrong, None]);
    }

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        for fault in LongFault::all() {
            assert_eq!(LongFault::named(fault.name()), Some(fault));
        }
    }
}
