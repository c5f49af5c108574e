//! Parts of an input that are read in turn, and how much of one a verification read.

use std::fmt;

use jiff::Timestamp;

/// One part of several that an input is read in, one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    index: u32,
    of: u32,
}

impl Part {
    /// A part, counted from zero; `None` if there is no such part.
    #[must_use]
    pub const fn new(index: u32, of: u32) -> Option<Self> {
        if index < of {
            Some(Self { index, of })
        } else {
            None
        }
    }

    /// The first of several; `None` if there are none.
    #[must_use]
    pub const fn first(of: u32) -> Option<Self> {
        Self::new(0, of)
    }

    /// The part of the day, for who keeps no state: days since 1970 in UTC, modulo `of`. Over `of` days in a row with one run each,
    /// every part is read once.
    #[must_use]
    pub fn of_day(now: Timestamp, of: u32) -> Option<Self> {
        let day = now.as_second().div_euclid(86_400);
        let index = day.checked_rem_euclid(i64::from(of))?;
        Self::new(u32::try_from(index).ok()?, of)
    }

    /// The one that follows; the first one behind the last.
    #[must_use]
    pub const fn next(self) -> Self {
        let index = self.index.saturating_add(1);
        Self {
            index: if index < self.of { index } else { 0 },
            of: self.of,
        }
    }

    /// Which one, counted from zero.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// How many there are.
    #[must_use]
    pub const fn of(self) -> u32 {
        self.of
    }
}

/// Counted from one, as people do: `3/7`.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", u64::from(self.index).saturating_add(1), self.of)
    }
}

/// How much of an input a verification read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, to the depth that is usual.
    Full,
    /// One part of its blocks.
    Part(Part),
    /// Less, as with `--depth headers`. Such a one proves nothing to later runs, but what it found bad counts.
    Headers,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_one_another() {
        assert_eq!(Part::new(7, 7), None);
        assert_eq!(Part::first(0), None);
        let mut part = Part::first(3).unwrap();
        let mut seen = Vec::new();
        for _ in 0..4 {
            seen.push(part.to_string());
            part = part.next();
        }
        assert_eq!(seen, ["1/3", "2/3", "3/3", "1/3"]);
        let last = Part::new(u32::MAX - 1, u32::MAX).unwrap();
        assert_eq!(last.next().index(), 0);
    }

    #[test]
    fn the_part_of_the_day() {
        for (second, index) in [(0, 0), (86_399, 0), (86_400, 1), (7 * 86_400, 0), (-1, 6)] {
            let now = Timestamp::from_second(second).unwrap();
            assert_eq!(Part::of_day(now, 7), Part::new(index, 7), "{second}");
        }
        assert_eq!(Part::of_day(Timestamp::UNIX_EPOCH, 0), None);
    }
}
