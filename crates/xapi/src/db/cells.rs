//! Where the values of all rows are. Those of a second part stay where they were read to: copying them behind the first ones
//! would need them twice for a while, and they can be larger than the document (eight bytes for an empty value with a
//! name of two letters).

use super::shape::position;

/// A value: where it starts, counted from the row's base, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: u32,
    pub(super) len: u32,
}

impl Cell {
    pub(super) fn new(start: usize, len: usize) -> Option<Cell> {
        Some(Cell {
            start: u32::try_from(start).ok()?,
            len: u32::try_from(len).ok()?,
        })
    }

    pub(super) fn of(self, bytes: &[u8], base: usize) -> Option<&[u8]> {
        let start = base.checked_add(position(self.start)?)?;
        bytes.get(start..start.checked_add(position(self.len)?)?)
    }
}

/// Cells by their numbers. Those of one row follow one another.
#[derive(Debug, Default)]
pub(super) struct Cells {
    first: Vec<Cell>,
    /// Numbered on from the first ones.
    behind: Vec<Cell>,
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.first.len().saturating_add(self.behind.len())
    }

    pub(super) fn get(&self, number: usize) -> Option<Cell> {
        if let Some(&cell) = self.first.get(number) {
            return Some(cell);
        }
        let number = number.checked_sub(self.first.len())?;
        self.behind.get(number).copied()
    }

    pub(super) fn push(&mut self, cell: Cell) {
        match self.behind.is_empty() {
            true => self.first.push(cell),
            false => self.behind.push(cell),
        }
    }

    /// Puts those of another part behind these.
    pub(super) fn append(&mut self, other: Cells) {
        match self.behind.is_empty() {
            true => self.behind = other.first,
            false => self.behind.extend(other.first),
        }
        self.behind.extend(other.behind);
    }

    /// Gives memory back that is not needed for what is there now.
    pub(super) fn shrink_to_fit(&mut self) {
        self.first.shrink_to_fit();
        self.behind.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(numbers: std::ops::Range<u32>) -> Cells {
        let mut cells = Cells::default();
        for start in numbers {
            cells.push(Cell { start, len: 1 });
        }
        cells
    }

    #[test]
    fn numbers_go_on_over_the_border() {
        for border in 0..=6 {
            let mut joined = cells(0..border);
            joined.append(cells(border..6));
            joined.push(Cell { start: 6, len: 1 });
            joined.append(cells(7..9));
            joined.shrink_to_fit();
            let starts: Vec<_> = (0..joined.len())
                .map(|number| joined.get(number).unwrap().start)
                .collect();
            assert_eq!(starts, (0..9).collect::<Vec<_>>(), "{border}");
            assert_eq!(joined.get(9), None);
            assert_eq!(joined.get(usize::MAX), None);
        }
    }

    #[test]
    fn those_of_a_second_part_are_not_copied() {
        let (mut joined, second) = (cells(0..100), cells(100..200));
        let place = second.first.as_ptr();
        joined.append(second);
        assert_eq!(joined.behind.as_ptr(), place);
    }
}
