//! The disks that `ova.xml` lists and the disks that the archive holds, side by side, with what
//! losses account for. A survey judges nothing; rules ask it.

use std::collections::BTreeMap;
use std::ops::{Bound, Range};

use xenspect_archive::tar::Oddity;
use xenspect_model::Catalog;
use xenspect_model::catalog::{Disk, Fact, Located};
use xenspect_xapi::export::ExpectedDisk;

/// Expected and found disks, side by side.
pub(crate) struct Survey<'a> {
    /// What `ova.xml` lists, in stream order; `None` when it could not be read.
    pub(crate) expected: Option<Vec<ExpectedDisk>>,
    pub(crate) found: BTreeMap<&'a str, &'a Disk>,
    /// The stream ends before the disks do, so what is missing at its end is no fault of its own.
    pub(crate) cut: bool,
    last_found: Option<&'a str>,
    /// Where bytes were lost between members.
    losses: Vec<u64>,
    /// Where such losses end.
    loss_ends: Vec<u64>,
}

impl<'a> Survey<'a> {
    pub(crate) fn of(catalog: &'a Catalog) -> Self {
        let expected = catalog
            .metadata
            .export()
            .map(|export| export.expected_disks());
        let found = catalog
            .disks
            .iter()
            .map(|disk| (disk.shape.id.as_str(), disk))
            .collect();
        let last_found = catalog
            .disks
            .iter()
            .max_by_key(|disk| disk.shape.last_offset)
            .map(|disk| disk.shape.id.as_str());
        let losses = catalog.facts.iter().filter_map(loss).collect();
        let loss_ends = catalog
            .facts
            .iter()
            .filter_map(|located| match located.fact {
                Fact::Tar(Oddity::Lost { bytes }) => Some(located.offset.saturating_add(bytes)),
                _ => None,
            })
            .collect();
        let mut survey = Self {
            expected,
            found,
            cut: false,
            last_found,
            losses,
            loss_ends,
        };
        survey.cut = crate::ending::is_cut(catalog, &survey);
        survey
    }

    /// Whether `ova.xml` is readable and does not list this disk.
    pub(crate) fn is_unknown(&self, id: &str) -> bool {
        self.expected
            .as_ref()
            .is_some_and(|all| !all.iter().any(|disk| disk.id == id))
    }

    /// Whether the exporter wrote this disk more than once.
    pub(crate) fn is_attached_twice(&self, id: &str) -> bool {
        let mut all = self.expected.iter().flatten();
        all.any(|disk| disk.id == id && disk.attachments > 1)
    }

    /// Expected disks that have no block at all, although they have a size.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &ExpectedDisk> {
        self.expected.iter().flatten().filter(|disk| {
            disk.virtual_size.is_some_and(|size| size > 0)
                && !self.found.contains_key(disk.id.as_str())
        })
    }

    /// Missing disks for which a loss accounts: their place in the order is where it happened.
    pub(crate) fn lost_at(&self, offset: u64) -> Vec<String> {
        let here = |disk: &&ExpectedDisk| self.gap(&disk.id).contains(&offset);
        self.missing()
            .filter(here)
            .map(|disk| disk.id.clone())
            .collect()
    }

    /// Whether unreadable bytes reach to an offset or behind it.
    pub(crate) fn loses_until(&self, offset: u64) -> bool {
        self.loss_ends.iter().any(|&end| end >= offset)
    }

    /// Whether a loss accounts for a missing disk.
    pub(crate) fn is_accounted_for(&self, disk: &ExpectedDisk) -> bool {
        let gap = self.gap(&disk.id);
        self.losses.iter().any(|loss| gap.contains(loss))
    }

    /// The stretch of the stream in which a missing disk should be: between the disks before and
    /// behind it in the order of ids.
    fn gap(&self, id: &str) -> Range<u64> {
        let before = self
            .found
            .range::<str, _>((Bound::Unbounded, Bound::Excluded(id)))
            .next_back();
        let behind = self
            .found
            .range::<str, _>((Bound::Excluded(id), Bound::Unbounded))
            .next();
        let start = before.map_or(0, |(_, disk)| disk.shape.last_offset);
        let end = behind.map_or(u64::MAX, |(_, disk)| disk.shape.first_offset);
        start..end
    }

    /// Whether the last disk of the stream, or one that should follow it, is not complete.
    pub(crate) fn ends_early(&self) -> bool {
        let last_is_short = self.last_found.is_some_and(|id| {
            let size = self.size(id);
            let reached = self.found.get(id).map(|disk| disk.shape.position);
            matches!((size, reached), (Some(size), Some(reached)) if reached < size)
        });
        last_is_short || self.missing().next().is_some()
    }

    /// Whether all that should be there of a disk was reached, be it right or wrong.
    pub(crate) fn was_reached(&self, id: &str) -> bool {
        self.found.contains_key(id) && !(self.cut && self.last_found == Some(id))
    }

    /// The disk's size in `ova.xml`.
    pub(crate) fn size(&self, id: &str) -> Option<u64> {
        self.expected
            .iter()
            .flatten()
            .find(|disk| disk.id == id)?
            .virtual_size
    }
}

/// Where a fact says that bytes between members were lost.
fn loss(located: &Located) -> Option<u64> {
    let lost = matches!(
        located.fact,
        Fact::Tar(
            Oddity::Lost { .. }
                | Oddity::MembersAfterEnd { .. }
                | Oddity::SizeUnreadable { .. }
                | Oddity::SizeTooLarge { .. }
        )
    );
    lost.then_some(located.offset)
}
