//! Which record of the older side is which of the newer one. By uuid within a class, then by reference within a class
//! among those that are left, of exports only where there is no uuid; the pool by its class; what is made anew with each
//! start by its owner. Each record is matched at most once, of several with one uuid or one reference the first with the
//! first.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use xenspect_inventory::{Record, Store};
use xenspect_model::diff::MatchedBy;

use super::keys::Which;

/// What is made anew from time to time and belongs to one object: the owner's class and field, and its own class.
const OWNED: [(&str, &str, &str); 3] = [
    ("VM", "guest_metrics", "VM_guest_metrics"),
    ("host", "metrics", "host_metrics"),
    ("PIF", "metrics", "PIF_metrics"),
];

/// Two records that are one object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) old: Record<'a>,
    pub(super) new: Record<'a>,
    pub(super) by: MatchedBy,
}

/// A record with its number in its store.
type Numbered<'a> = (u32, Record<'a>);

/// The records of one side by class, in the order of the document.
pub(super) type ByClass<'a> = BTreeMap<&'a str, Vec<Numbered<'a>>>;

/// The numbers of records: those of rows in a dump, positions in an export.
#[derive(Debug)]
pub(super) struct Numbers<'a> {
    /// Of an export: the first object of each id.
    ids: HashMap<&'a str, u32>,
}

impl<'a> Numbers<'a> {
    fn of(store: Store<'a>) -> Self {
        let mut ids = HashMap::new();
        if let Store::Export(export) = store {
            for (number, object) in (0..).zip(&export.objects) {
                ids.entry(object.id.as_str()).or_insert(number);
            }
        }
        Self { ids }
    }

    /// The number of a record that a reference led to.
    fn get(&self, record: &Record<'a>) -> Option<u32> {
        match (record.row(), record.object()) {
            (Some(row), _) => Some(row.number()),
            (_, Some(object)) => self.ids.get(object.id.as_str()).copied(),
            _ => None,
        }
    }
}

/// All records of a store, by class.
pub(super) fn by_class(store: Store<'_>) -> ByClass<'_> {
    let mut all = ByClass::new();
    for (position, record) in (0..).zip(store.records()) {
        let number = record.row().map_or(position, |row| row.number());
        all.entry(record.class())
            .or_default()
            .push((number, record));
    }
    all
}

/// What was found.
#[derive(Debug)]
pub(super) struct Matching<'a> {
    pub(super) pairs: Vec<Pair<'a>>,
    /// Some object has another reference on the newer side: one text can lead to two objects, or two texts to one.
    pub(super) has_crossed: bool,
    /// Records that only the older side has.
    pub(super) removed: Vec<Record<'a>>,
    /// Records that only the newer side has.
    pub(super) added: Vec<Record<'a>>,
    old: Numbers<'a>,
    new: Numbers<'a>,
    /// By number of the older and of the newer record, one more than the index of its pair.
    pair_of_old: Vec<u32>,
    pair_of_new: Vec<u32>,
}

impl<'a> Matching<'a> {
    /// Matches the records of two stores. The work is linear in their number.
    pub(super) fn of(old: Store<'a>, new: Store<'a>) -> Self {
        let mut matching = Self {
            pairs: Vec::new(),
            has_crossed: false,
            removed: Vec::new(),
            added: Vec::new(),
            old: Numbers::of(old),
            new: Numbers::of(new),
            pair_of_old: Vec::new(),
            pair_of_new: Vec::new(),
        };
        // References of an export mean nothing outside of it.
        let by_reference = matches!((old, new), (Store::Pool(_), Store::Pool(_)));
        let mut news = by_class(new);
        for (class, old) in by_class(old) {
            let new = news.remove(class).unwrap_or_default();
            matching.class(class, &old, &new, by_reference);
        }
        let rest = news.into_values().flatten();
        matching.added.extend(rest.map(|(_, record)| record));
        matching.by_owner();
        matching
    }

    /// Matches what is made anew with each start, if its owners were matched.
    fn by_owner(&mut self) {
        let mut found = Vec::new();
        for Pair { old, new, .. } in &self.pairs {
            let Some((_, field, class)) = OWNED.iter().find(|(owner, ..)| *owner == new.class())
            else {
                continue;
            };
            if let (Some(one), Some(two)) = (old.follow(field), new.follow(field))
                && one.class() == *class
                && two.class() == *class
                && let (Some(at_old), Some(at_new)) = (self.old.get(&one), self.new.get(&two))
            {
                found.push(((at_old, one), (at_new, two)));
            }
        }
        for (one, two) in found {
            let is_free = |pairs: &[u32], number| get(pairs, number).is_none();
            if is_free(&self.pair_of_old, one.0) && is_free(&self.pair_of_new, two.0) {
                self.pair(&one, &two, MatchedBy::Owner);
            }
        }
        let (removed, added) = (
            std::mem::take(&mut self.removed),
            std::mem::take(&mut self.added),
        );
        let left = removed
            .into_iter()
            .filter(|record| self.old_pair(record).is_none());
        self.removed = left.collect();
        let left = added
            .into_iter()
            .filter(|record| self.new_pair(record).is_none());
        self.added = left.collect();
    }

    fn class(
        &mut self,
        class: &str,
        old: &[Numbered<'a>],
        new: &[Numbered<'a>],
        by_reference: bool,
    ) {
        let (mut old_left, mut new_left) = (vec![true; old.len()], vec![true; new.len()]);
        self.key(
            old,
            new,
            &mut old_left,
            &mut new_left,
            MatchedBy::Uuid,
            |record| record.uuid(),
        );
        if by_reference {
            self.key(
                old,
                new,
                &mut old_left,
                &mut new_left,
                MatchedBy::Reference,
                |record| Some(record.reference()).filter(|reference| !reference.is_empty()),
            );
        }
        // What has no uuid has nothing but its place, be it that of an export, or none at all.
        self.key(
            old,
            new,
            &mut old_left,
            &mut new_left,
            MatchedBy::Reference,
            |record| record.uuid().is_none().then(|| record.reference()),
        );
        if let ("pool", [one], [other]) = (class, old, new)
            && old_left == [true]
        {
            self.pair(one, other, MatchedBy::Class);
            return;
        }
        let left = |all: &[Numbered<'a>], left: &[bool]| {
            let all = all.iter().zip(left).filter(|(_, left)| **left);
            all.map(|((_, record), _)| *record).collect::<Vec<_>>()
        };
        self.removed.extend(left(old, &old_left));
        self.added.extend(left(new, &new_left));
    }

    /// Matches those that are left by a key of theirs.
    fn key(
        &mut self,
        old: &[Numbered<'a>],
        new: &[Numbered<'a>],
        old_left: &mut [bool],
        new_left: &mut [bool],
        by: MatchedBy,
        key: impl Fn(&Record<'a>) -> Option<Cow<'a, str>>,
    ) {
        // From the end, so that the first of several with one key is found first, and leads to the next.
        let mut first: HashMap<Cow<'a, str>, usize> = HashMap::with_capacity(new.len());
        let mut next = vec![usize::MAX; new.len()];
        for (at, ((_, record), left)) in new.iter().zip(&*new_left).enumerate().rev() {
            if !left {
                continue;
            }
            if let Some(key) = key(record)
                && let (Some(later), Some(slot)) = (first.insert(key, at), next.get_mut(at))
            {
                *slot = later;
            }
        }
        for (one, left) in old.iter().zip(old_left) {
            if !*left {
                continue;
            }
            let Some(at) = key(&one.1).and_then(|key| first.get_mut(&key)) else {
                continue;
            };
            let position = *at;
            if let (Some(other), Some(new_left)) = (new.get(position), new_left.get_mut(position)) {
                *at = next.get(position).copied().unwrap_or(usize::MAX);
                (*left, *new_left) = (false, false);
                self.pair(one, other, by);
            }
        }
    }

    fn pair(&mut self, old: &Numbered<'a>, new: &Numbered<'a>, by: MatchedBy) {
        // Nothing but its owner leads to what is matched by that.
        let leads = matches!(by, MatchedBy::Uuid | MatchedBy::Class);
        self.has_crossed |= leads && old.1.reference() != new.1.reference();
        self.pairs.push(Pair {
            old: old.1,
            new: new.1,
            by,
        });
        let pair = u32::try_from(self.pairs.len()).unwrap_or_default();
        set(&mut self.pair_of_old, old.0, pair);
        set(&mut self.pair_of_new, new.0, pair);
    }

    /// The pair that a record of a side is in.
    pub(super) fn pair_of(&self, which: Which, record: &Record<'a>) -> Option<&Pair<'a>> {
        let pair = match which {
            Which::Old => self.old_pair(record),
            Which::New => self.new_pair(record),
        };
        let index = usize::try_from(pair?).ok()?.checked_sub(1)?;
        self.pairs.get(index)
    }

    /// A number that only this record of the older side and its match have.
    pub(super) fn old_pair(&self, record: &Record<'a>) -> Option<u32> {
        get(&self.pair_of_old, self.old.get(record)?)
    }

    /// The same of a record of the newer side.
    pub(super) fn new_pair(&self, record: &Record<'a>) -> Option<u32> {
        get(&self.pair_of_new, self.new.get(record)?)
    }
}

fn set(pairs: &mut Vec<u32>, number: u32, pair: u32) {
    let Ok(at) = usize::try_from(number) else {
        return;
    };
    if at >= pairs.len() {
        pairs.resize(at.saturating_add(1), 0);
    }
    if let Some(slot) = pairs.get_mut(at) {
        *slot = pair;
    }
}

fn get(pairs: &[u32], number: u32) -> Option<u32> {
    let pair = pairs.get(usize::try_from(number).ok()?).copied()?;
    (pair != 0).then_some(pair)
}
