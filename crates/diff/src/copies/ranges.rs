//! Neighbouring members that differ alike, joined to one range.

use xenspect_archive::xva::MemberName;
use xenspect_model::Range;
use xenspect_model::catalog::{Manifest, ManifestEntry};
use xenspect_model::report::{Carries, Difference, DifferingRange};

use super::holes::end;
use super::judge::block_before;

/// Ranges that are kept; further ones are counted.
pub(super) const KEPT: usize = 1000;

/// A member that differs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its index here.
    pub(super) h: Option<usize>,
    /// Its index there.
    pub(super) t: Option<usize>,
    /// How it differs.
    pub(super) differs: Difference,
    /// Which one is right.
    pub(super) right: Carries,
}

/// Collects ranges from members in their order.
pub(super) struct Runs<'a> {
    here: &'a Manifest,
    there: &'a Manifest,
    open: Option<Open>,
    ranges: Vec<DifferingRange>,
    more: u64,
}

struct Open {
    range: DifferingRange,
    last: Place,
    /// Not the first of its members: the name is made of the last one when the range is closed.
    last_differing: Place,
}

impl<'a> Runs<'a> {
    pub(super) fn new(here: &'a Manifest, there: &'a Manifest) -> Self {
        Self {
            here,
            there,
            open: None,
            ranges: Vec::new(),
            more: 0,
        }
    }

    /// Adds a member that differs.
    pub(super) fn push(&mut self, place: Place) {
        let Some(member) = self.member(place) else {
            return;
        };
        let disk = self.disk(place, &member);
        let name = disk.as_ref().map(|(disk, _)| disk.as_str());
        let joins = self
            .open
            .as_ref()
            .is_some_and(|open| open.goes_on(place, name));
        if !joins {
            self.close();
        }
        let here = range_of(self.here, place.h);
        let there = range_of(self.there, place.t);
        match &mut self.open {
            Some(open) => {
                let range = &mut open.range;
                range.members = range.members.saturating_add(1);
                range.here = joined(range.here, here);
                range.there = joined(range.there, there);
                range.disk_range = joined(range.disk_range, disk.and_then(|(_, range)| range));
                (open.last, open.last_differing) = (place, place);
            }
            None => {
                let (disk, disk_range) = disk.unzip();
                self.open = Some(Open {
                    range: DifferingRange {
                        first: String::from_utf8_lossy(&member.name).into_owned(),
                        last: None,
                        members: 1,
                        differs: place.differs,
                        here,
                        there,
                        disk,
                        disk_range: disk_range.flatten(),
                        right: place.right,
                    },
                    last: place,
                    last_differing: place,
                });
            }
        }
    }

    /// Passes over a member that is the same. The sum of a block that differs does not end a range.
    pub(super) fn pass(&mut self, h: Option<usize>, t: Option<usize>) {
        let Some(open) = &mut self.open else {
            return;
        };
        let (Some(here), Some(there)) = (h, t) else {
            return;
        };
        let follows = |last: Option<usize>, index: usize| last.is_none_or(|last| last + 1 == index);
        if !follows(open.last.h, here) || !follows(open.last.t, there) {
            return;
        }
        let is_sum = self
            .here
            .get(here)
            .is_some_and(|member| block_before(self.here, here, &member).is_some());
        if is_sum && open.last.h.is_some() && open.last.t.is_some() {
            (open.last.h, open.last.t) = (h, t);
        }
    }

    /// The ranges, and how many there are beyond those.
    pub(super) fn finish(mut self) -> (Vec<DifferingRange>, u64) {
        self.close();
        (self.ranges, self.more)
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        if self.ranges.len() >= KEPT {
            self.more += 1;
            return;
        }
        if open.range.members > 1 {
            let last = self.member(open.last_differing);
            open.range.last = last.map(|last| String::from_utf8_lossy(&last.name).into_owned());
        }
        self.ranges.push(open.range);
    }

    fn member(&self, place: Place) -> Option<ManifestEntry<'a>> {
        match (place.h, place.t) {
            (Some(h), _) => self.here.get(h),
            (None, Some(t)) => self.there.get(t),
            (None, None) => None,
        }
    }

    /// Of a block or a sum the disk, and where the block is on it.
    fn disk(&self, place: Place, member: &ManifestEntry<'_>) -> Option<(String, Option<Range>)> {
        let name = match MemberName::classify(&member.name).name {
            MemberName::Block(name) | MemberName::Sum(name, _) => name,
            _ => return None,
        };
        let range_in = |manifest: &Manifest, index: Option<usize>| {
            let member = manifest.get(index?)?;
            let block = block_before(manifest, index?, &member).unwrap_or(member);
            Some(Range {
                start: block.start?,
                length: block.size,
            })
        };
        let (here, there) = (range_in(self.here, place.h), range_in(self.there, place.t));
        // The one that is right has its block where it belongs: before it nothing is lost that moves it.
        let range = match place.right {
            Carries::Here => here.or(there),
            Carries::There => there.or(here),
            _ => [here, there]
                .into_iter()
                .flatten()
                .max_by_key(|range| (range.length, range.start)),
        };
        Some((name.disk, range))
    }
}

impl Open {
    /// Whether a member continues the range.
    fn goes_on(&self, place: Place, disk: Option<&str>) -> bool {
        let follows = |last: Option<usize>, next: Option<usize>| match (last, next) {
            (None, None) => true,
            (Some(last), Some(next)) => last + 1 == next,
            _ => false,
        };
        (self.range.differs, self.range.right) == (place.differs, place.right)
            && self.range.disk.as_deref() == disk
            && follows(self.last.h, place.h)
            && follows(self.last.t, place.t)
    }
}

/// Where a member is in its stream, from its header to behind what fills it up.
fn range_of(manifest: &Manifest, index: Option<usize>) -> Option<Range> {
    let member = manifest.get(index?)?;
    Some(Range {
        start: member.offset,
        length: end(member.offset, member.size) - member.offset,
    })
}

/// The range from the beginning of the first to the end of the second.
fn joined(first: Option<Range>, second: Option<Range>) -> Option<Range> {
    let (Some(first), Some(second)) = (first, second) else {
        return first.or(second);
    };
    let end = second.start.saturating_add(second.length);
    Some(Range {
        start: first.start,
        length: end.saturating_sub(first.start).max(first.length),
    })
}
