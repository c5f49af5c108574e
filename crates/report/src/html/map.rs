//! The damage map of a disk: a picture of cells in rows of 64, where cells that follow one another and are alike are one path.

use std::io;

use askama::Template;
use xenspect_model::catalog::{BlockState, CellCounts};
use xenspect_model::report::{Disk, MapRun};

use super::parts::{render, shown};
use crate::quantity::{count, range, size};
use crate::text::shorten;
use crate::wrap::GLUE;

/// Cells in a row.
const COLUMNS: u64 = 64;
/// Runs of a picture; of one that has more, pairs of cells are joined. A run takes about 110 bytes.
const RUNS: usize = 400;
/// Ranges that are told in words beneath a picture.
const FAULTS: usize = 8;

struct Part {
    letter: char,
    path: String,
    title: String,
}

struct Picture {
    caption: String,
    scale: String,
    label: String,
    rows: u64,
    parts: Vec<Part>,
    faults: Vec<String>,
}

#[derive(Template)]
#[template(path = "map.html")]
struct Maps {
    maps: Vec<Picture>,
    legend: Vec<(char, &'static str)>,
}

/// What the states mean, in the order of the legend.
const LEGEND: [(BlockState, &str); 7] = [
    (BlockState::Present, "present: its checksum matches"),
    (BlockState::Zero, "zero: stored, all bytes zero"),
    (BlockState::Absent, "absent: left out, hence zero"),
    (BlockState::Unchecked, "unchecked"),
    (BlockState::Missing, "missing"),
    (BlockState::Doubled, "doubled or out of order"),
    (BlockState::Bad, "bad: its checksum does not match"),
];

/// The maps of the disks that have one; empty if none has.
pub(super) fn maps(disks: &[Disk]) -> io::Result<String> {
    let maps: Vec<Picture> = disks.iter().filter_map(picture).collect();
    if maps.is_empty() {
        return Ok(String::new());
    }
    let legend = LEGEND.iter().map(|(state, words)| (state.letter(), *words));
    let legend = legend.collect();
    render(&Maps { maps, legend })
}

/// Cells that are alike.
struct Run {
    first: u64,
    cells: u64,
    counts: CellCounts,
    state: BlockState,
}

fn picture(disk: &Disk) -> Option<Picture> {
    let map = disk.map.as_ref()?;
    let (mut cell, mut cells) = (map.cell_bytes, expanded(&map.runs()));
    if cells.is_empty() || cell == 0 {
        return None;
    }
    let mut runs = runs_of(&cells);
    while runs.len() > RUNS {
        cell = cell.saturating_mul(2);
        cells = cells
            .chunks(2)
            .map(|pair| {
                let mut sum = CellCounts::default();
                pair.iter().for_each(|cell| sum.join(cell));
                sum
            })
            .collect();
        runs = runs_of(&cells);
    }
    let end = disk.virtual_size.unwrap_or(0).max(disk.reached);
    let words = |run: &Run| {
        format!(
            "disk {}: {}",
            between(run.first, run.cells, cell, end),
            counted(&run.counts, run.cells)
        )
    };
    let mut all = CellCounts::default();
    cells.iter().for_each(|cell| all.join(cell));
    let parts = runs.iter().map(|run| Part {
        letter: run.state.letter(),
        path: outline(run.first, run.cells),
        title: words(run),
    });
    let name = disk.name.as_deref().filter(|name| !name.is_empty());
    let name = name.map_or_else(String::new, |name| {
        format!(" \"{}\"", shorten(name, 80, true))
    });
    let caption = format!("{}{name}", shown(&disk.id));
    Some(Picture {
        scale: format!("{}, a square is {}", size(end), size(cell)),
        label: format!("Damage map of {caption}: {}", counted(&all, 1)),
        caption,
        rows: (cells.len() as u64).div_ceil(COLUMNS),
        parts: parts.collect(),
        faults: faults(&runs, cell, end),
    })
}

fn expanded(runs: &[MapRun]) -> Vec<CellCounts> {
    let mut cells = Vec::new();
    for run in runs {
        // A map has no more cells than a screen has columns.
        cells.extend((0..run.cells).map(|_| run.counts));
    }
    cells
}

/// A cell that no block begins in belongs to the block before.
fn runs_of(cells: &[CellCounts]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut before = BlockState::Absent;
    for (first, counts) in (0..).zip(cells) {
        let state = counts.shown().unwrap_or(before);
        before = state;
        match runs.last_mut() {
            Some(run) if run.state == state && run.counts == *counts => run.cells += 1,
            _ => runs.push(Run {
                first,
                cells: 1,
                counts: *counts,
                state,
            }),
        }
    }
    runs
}

/// The range of some cells, `3–4 GiB`.
fn between(first: u64, cells: u64, cell: u64, end: u64) -> String {
    let start = first.saturating_mul(cell);
    let length = cells.saturating_mul(cell);
    let left = end.saturating_sub(start);
    let length = if left > 0 { length.min(left) } else { length };
    range(start, length, true).replace(GLUE, " ")
}

/// The cells of a fault, those that are next to each other together.
fn faults(runs: &[Run], cell: u64, end: u64) -> Vec<String> {
    let is_fault = |run: &&Run| run.state > BlockState::Unchecked;
    let mut stretches: Vec<(u64, u64, BlockState, u64)> = Vec::new();
    for run in runs.iter().filter(is_fault) {
        let blocks = u64::from(run.counts.get(run.state)).saturating_mul(run.cells);
        match stretches.last_mut() {
            Some((first, cells, state, all))
                if *state == run.state && *first + *cells == run.first =>
            {
                *cells += run.cells;
                *all = all.saturating_add(blocks);
            }
            _ => stretches.push((run.first, run.cells, run.state, blocks)),
        }
    }
    let more = stretches.len().saturating_sub(FAULTS) as u64;
    stretches.truncate(FAULTS);
    let words = |(first, cells, state, blocks): &(u64, u64, BlockState, u64)| {
        let range = between(*first, *cells, cell, end);
        format!("disk {range}: {} {}", count(*blocks), state.word())
    };
    let mut words: Vec<String> = stretches.iter().map(words).collect();
    if more > 0 {
        words.push(format!("and {} more", count(more)));
    }
    words
}

/// `1 bad, 1023 present`; of several cells that are alike all together.
fn counted(counts: &CellCounts, cells: u64) -> String {
    let parts = counts.iter().map(|(state, blocks)| {
        let all = u64::from(blocks).saturating_mul(cells);
        format!("{} {}", count(all), state.word())
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        "in the block before".to_owned()
    } else {
        parts.join(", ")
    }
}

/// The path around cells: what is left of the first row, whole rows, what begins the last one.
fn outline(first: u64, cells: u64) -> String {
    let mut path = String::new();
    let mut rect = |x: u64, y: u64, width: u64, height: u64| {
        path.push_str(&format!("M{x} {y}h{width}v{height}h-{width}z"));
    };
    let (mut first, mut left) = (first, cells);
    let (x, y) = (first % COLUMNS, first / COLUMNS);
    if x > 0 {
        let width = (COLUMNS - x).min(left);
        rect(x, y, width, 1);
        first += width;
        left -= width;
    }
    let rows = left / COLUMNS;
    if rows > 0 {
        rect(0, first / COLUMNS, COLUMNS, rows);
        first += rows * COLUMNS;
        left -= rows * COLUMNS;
    }
    if left > 0 {
        rect(0, first / COLUMNS, left, 1);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use xenspect_model::catalog::BlockMap;
    use xenspect_model::report::DiskMap;

    fn disk(map: &BlockMap, virtual_size: u64) -> Disk {
        Disk {
            id: "Ref:4".to_owned(),
            virtual_size: Some(virtual_size),
            reached: virtual_size,
            map: Some(DiskMap::of(map)),
            ..Disk::default()
        }
    }

    #[test]
    fn outlines_go_along_the_rows() {
        assert_eq!(outline(3, 5), "M3 0h5v1h-5z");
        assert_eq!(outline(60, 200), "M60 0h4v1h-4zM0 1h64v3h-64zM0 4h4v1h-4z");
        assert_eq!(outline(64, 64), "M0 1h64v1h-64z");
    }

    #[test]
    fn a_bad_block_of_two_tebibytes_has_its_range() {
        let mut map = BlockMap::default();
        map.put_run(BlockState::Present, 0, 3072);
        map.put_run(BlockState::Present, 3073 << 20, (2 << 20) - 3073);
        map.put(BlockState::Bad, 3 << 30);
        let page = maps(&[disk(&map, 2 << 40)]).unwrap();
        let title = "<title>disk 2–4 GiB: 1 bad, 2,047 present</title>";
        assert!(page.contains(title), "{page}");
        assert!(page.len() < 4096, "{}", page.len());
    }

    #[test]
    fn the_worst_map_stays_small() {
        let mut map = BlockMap::default();
        for index in 0..1024u64 {
            let start = index << 31;
            map.put_run(BlockState::Absent, start, 1900 + index % 97);
            map.put_run(BlockState::Bad, start, index % 7);
            map.put_run(BlockState::Present, start, 1 + index % 5);
            map.put_run(BlockState::Zero, start, 1 + index % 11);
        }
        let page = maps(&[disk(&map, 2 << 40)]).unwrap();
        assert!(page.len() < 60 << 10, "{}", page.len());
        assert!(page.matches("s-b").count() > 100);
    }
}
