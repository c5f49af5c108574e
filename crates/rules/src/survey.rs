//! The disks that `ova.xml` lists and the disks that the archive holds, side by side, with what
//! losses account for. A survey judges nothing; rules ask it. It is made once, and every question
//! is answered by a look-up: archives can list a great many disks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};

use xenspect_archive::tar::Oddity;
use xenspect_model::catalog::{Archive, Disk, Fact, Located};
use xenspect_xapi::export::ExpectedDisk;

/// Expected and found disks, side by side.
pub(crate) struct Survey<'a> {
    /// What `ova.xml` lists, by id, which is also the stream's order; `None` when it could not be
    /// read.
    pub(crate) expected: Option<BTreeMap<String, ExpectedDisk>>,
    pub(crate) found: BTreeMap<&'a str, &'a Disk>,
    /// The stream ends before the disks do, so what is missing at its end is no fault of its own.
    pub(crate) cut: bool,
    last_found: Option<&'a str>,
    /// Where bytes were lost between members.
    losses: BTreeSet<u64>,
    /// Losses that a header's size field tells already.
    told_by_size: BTreeSet<u64>,
    /// The furthest end of such a loss.
    lost_until: u64,
    /// Missing disks by the beginning of the stretch in which they should be, with its end.
    missing_in: BTreeMap<u64, (u64, Vec<String>)>,
}

impl<'a> Survey<'a> {
    pub(crate) fn of(catalog: &'a Archive) -> Self {
        let expected = catalog.metadata.export().map(|export| {
            let disks = export.expected_disks().into_iter();
            disks.map(|disk| (disk.id.clone(), disk)).collect()
        });
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
        let mut survey = Self {
            expected,
            found,
            cut: false,
            last_found,
            losses: BTreeSet::new(),
            told_by_size: BTreeSet::new(),
            lost_until: 0,
            missing_in: BTreeMap::new(),
        };
        for located in catalog.facts.iter() {
            survey.note_loss(located, catalog.second_archive);
        }
        survey.missing_in = survey.missing_by_stretch();
        survey.cut = crate::ending::is_cut(catalog, &survey);
        survey
    }

    fn note_loss(&mut self, located: &Located, second_archive: Option<u64>) {
        let offset = located.offset;
        match located.fact {
            Fact::Tar(Oddity::Lost { bytes }) => {
                self.losses.insert(offset);
                self.lost_until = self.lost_until.max(offset.saturating_add(bytes));
            }
            Fact::Tar(Oddity::SizeUnreadable { .. } | Oddity::SizeTooLarge { .. }) => {
                self.losses.insert(offset);
                self.told_by_size.insert(offset);
            }
            Fact::Tar(Oddity::MembersAfterEnd { .. }) if second_archive != Some(offset) => {
                self.losses.insert(offset);
            }
            _ => {}
        }
    }

    fn missing_by_stretch(&self) -> BTreeMap<u64, (u64, Vec<String>)> {
        let mut stretches: BTreeMap<u64, (u64, Vec<String>)> = BTreeMap::new();
        for disk in self.missing() {
            let gap = self.gap(&disk.id);
            let stretch = stretches.entry(gap.start).or_default();
            stretch.0 = gap.end;
            stretch.1.push(disk.id.clone());
        }
        stretches
    }

    /// What `ova.xml` says of a disk.
    pub(crate) fn disk(&self, id: &str) -> Option<&ExpectedDisk> {
        self.expected.as_ref()?.get(id)
    }

    /// All disks that `ova.xml` lists, in the stream's order.
    pub(crate) fn all_expected(&self) -> impl Iterator<Item = &ExpectedDisk> {
        self.expected.iter().flat_map(BTreeMap::values)
    }

    /// Whether `ova.xml` is readable and does not list this disk.
    pub(crate) fn is_unknown(&self, id: &str) -> bool {
        self.expected.is_some() && self.disk(id).is_none()
    }

    /// Whether the exporter wrote this disk more than once.
    pub(crate) fn is_attached_twice(&self, id: &str) -> bool {
        self.disk(id).is_some_and(|disk| disk.attachments > 1)
    }

    /// Expected disks that have no block at all, although they have a size.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &ExpectedDisk> {
        self.all_expected().filter(|disk| {
            disk.virtual_size.is_some_and(|size| size > 0)
                && !self.found.contains_key(disk.id.as_str())
        })
    }

    /// Missing disks that a cut stream did not reach: those behind the last one found.
    pub(crate) fn not_reached(&self) -> impl Iterator<Item = &ExpectedDisk> {
        let last = self.found.keys().rev().find(|id| !self.is_unknown(id));
        self.missing()
            .filter(move |disk| last.is_none_or(|last| disk.id.as_str() > *last))
    }

    /// Missing disks for which a loss accounts: their place in the order is where it happened.
    pub(crate) fn lost_at(&self, offset: u64) -> &[String] {
        let stretch = self.missing_in.range(..=offset).next_back();
        match stretch {
            Some((_, (end, ids))) if offset < *end => ids,
            _ => &[],
        }
    }

    /// Whether the size field of a header tells a loss already.
    pub(crate) fn is_told_by_size(&self, offset: u64) -> bool {
        self.told_by_size.contains(&offset)
    }

    /// Whether unreadable bytes reach to an offset or behind it.
    pub(crate) fn loses_until(&self, offset: u64) -> bool {
        self.lost_until >= offset
    }

    /// Whether a loss accounts for a missing disk.
    pub(crate) fn is_accounted_for(&self, disk: &ExpectedDisk) -> bool {
        self.losses.range(self.gap(&disk.id)).next().is_some()
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
        start..end.max(start)
    }

    /// Whether the last disk of the stream is not complete, or one that should follow it is not
    /// there.
    pub(crate) fn ends_early(&self) -> bool {
        let last_is_short = self.last_found.is_some_and(|id| {
            let size = self.size(id);
            let reached = self.found.get(id).map(|disk| disk.shape.position);
            matches!((size, reached), (Some(size), Some(reached)) if reached < size)
        });
        last_is_short || self.not_reached().next().is_some()
    }

    /// Whether all that should be there of a disk was reached, be it right or wrong.
    pub(crate) fn was_reached(&self, id: &str) -> bool {
        self.found.contains_key(id) && !(self.cut && self.last_found == Some(id))
    }

    /// The disk's size in `ova.xml`.
    pub(crate) fn size(&self, id: &str) -> Option<u64> {
        self.disk(id)?.virtual_size
    }
}
