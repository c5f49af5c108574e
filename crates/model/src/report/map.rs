//! The map of a disk's blocks, written short: cells of equal length, those that follow one another and are alike told once.

use std::fmt::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::catalog::{BlockMap, BlockState, CELLS, CellCounts};

/// What is known of a disk's blocks by where they lie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiskMap {
    /// Bytes of the disk that one cell stands for.
    pub cell_bytes: u64,
    /// The cells from the beginning of the disk on, with a space between them. Each is a count of blocks behind the letter
    /// of their state: `p` present, `z` zero, `a` absent, `u` unchecked, `m` missing, `d` doubled, `b` bad; `-` is a cell
    /// that no block begins in. `12*p1` are twelve cells of one present block each.
    pub cells: String,
}

/// Cells of a map that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapRun {
    /// The first one.
    pub first: u64,
    /// How many.
    pub cells: u64,
    /// What each of them holds.
    pub counts: CellCounts,
}

impl DiskMap {
    /// The map as text.
    #[must_use]
    pub fn of(map: &BlockMap) -> Self {
        let mut cells = String::new();
        for run in map.cells().chunk_by(PartialEq::eq) {
            if !cells.is_empty() {
                cells.push(' ');
            }
            // Writing to a String cannot fail.
            if run.len() > 1 {
                let _ = write!(cells, "{}*", run.len());
            }
            let Some(counts) = run.first().filter(|counts| counts.iter().next().is_some()) else {
                cells.push('-');
                continue;
            };
            for (state, blocks) in counts.iter() {
                let _ = write!(cells, "{}{blocks}", state.letter());
            }
        }
        Self {
            cell_bytes: map.cell_bytes(),
            cells,
        }
    }

    /// The cells again. Of a text that no map writes what can be read, and never more cells than a map has.
    #[must_use]
    pub fn runs(&self) -> Vec<MapRun> {
        let mut runs = Vec::new();
        let mut first = 0u64;
        for word in self.cells.split(' ').take(CELLS) {
            let (cells, counts) = word.split_once('*').unwrap_or(("1", word));
            let most = (CELLS as u64).saturating_sub(first);
            let cells = cells.parse::<u64>().unwrap_or(1).min(most);
            if cells == 0 || word.is_empty() {
                continue;
            }
            runs.push(MapRun {
                first,
                cells,
                counts: counts_of(counts),
            });
            first = first.saturating_add(cells);
        }
        runs
    }
}

fn counts_of(text: &str) -> CellCounts {
    let mut counts = CellCounts::default();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let behind = rest.get(letter.len_utf8()..).unwrap_or_default();
        let end = behind.find(|c: char| !c.is_ascii_digit());
        let (digits, next) = behind
            .split_at_checked(end.unwrap_or(behind.len()))
            .unwrap_or((behind, ""));
        let state = BlockState::ALL
            .into_iter()
            .find(|state| state.letter() == letter);
        if let (Some(state), Ok(blocks)) = (state, digits.parse()) {
            counts.add(state, blocks);
        }
        rest = next;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_comes_back_as_it_was() {
        let mut map = BlockMap::default();
        map.put_run(BlockState::Present, 0, 12);
        map.put_run(BlockState::Absent, 13 << 20, 3);
        map.put(BlockState::Bad, 5 << 20);
        let short = DiskMap::of(&map);
        assert_eq!(short.cells, "5*p1 b1p1 6*p1 - 3*a1");
        let runs = short.runs();
        let cells: Vec<CellCounts> = runs
            .iter()
            .flat_map(|run| (0..run.cells).map(|_| run.counts))
            .collect();
        assert_eq!(cells, map.cells());
        assert_eq!((runs[3].first, runs[4].first), (12, 13));
    }

    #[test]
    fn texts_that_no_map_writes_stay_bounded() {
        for text in [
            "",
            "*",
            "99999999999*p1 5*b1",
            "p p9999999999999 é3",
            "0*b1",
            "-1*p1",
        ] {
            let map = DiskMap {
                cell_bytes: 1,
                cells: text.to_owned(),
            };
            let cells: u64 = map.runs().iter().map(|run| run.cells).sum();
            assert!(cells <= CELLS as u64);
        }
        let long = DiskMap {
            cell_bytes: 1,
            cells: "b1 ".repeat(5000),
        };
        assert!(long.runs().len() <= CELLS);
    }
}
