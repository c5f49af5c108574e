//! Objects along a series of inputs: when each was first and last seen, and what changed on the way. Two neighbours are
//! compared at a time, so that no more than two inputs have to be in memory. What no comparison mentions was there from
//! the beginning and never changed.

use std::collections::{BTreeMap, HashMap};

use xenspect_model::diff::{
    Change, Delta, FieldChange, Group, MatchedBy, Meaning, ObjectChange, SCHEMA, SeriesReport,
    Track, TrackChange,
};
use xenspect_model::report::Tool;

use crate::{Settings, Side, blocks, diff, records};

/// The classes whose unchanged objects are counted: those that people ask about.
const ASKED_ABOUT: [&str; 7] = ["VM", "VDI", "VIF", "PIF", "network", "host", "SR"];

/// The classes that have tracks.
const TRACKED: [&str; 9] = [
    "VM", "VDI", "VBD", "VIF", "PIF", "network", "host", "SR", "pool",
];

/// Sentences about what could not be compared that are kept.
const SENTENCES: usize = 100;

/// A series that is being compared.
#[derive(Debug)]
pub struct Series {
    report: SeriesReport,
    settings: Settings,
    known: Known,
    /// What was told of an object when it went, by index of its track.
    gone: HashMap<usize, Vec<FieldChange>>,
}

/// Where the track of an object is: by class and uuid, by class and reference.
#[derive(Debug, Default)]
struct Known {
    by_uuid: HashMap<(String, String), usize>,
    by_reference: HashMap<(String, String), usize>,
}

impl Known {
    fn find(&self, object: &ObjectChange) -> Option<usize> {
        let key = |text: &str| (object.class.clone(), text.to_owned());
        let uuid = object.uuid.as_deref();
        let by_uuid = uuid.and_then(|uuid| self.by_uuid.get(&key(uuid)));
        let replaced = object.means.iter().find_map(|meaning| match meaning {
            Meaning::Replaced { old, .. } => self.by_uuid.get(&key(old)),
            _ => None,
        });
        // References of an export are of no meaning in another one, and the uuid goes first.
        let by_reference = || match object.matched_by {
            Some(MatchedBy::Reference) => self.by_reference.get(&key(&object.reference)),
            _ if object.uuid.is_none() => self.by_reference.get(&key(&object.reference)),
            _ => None,
        };
        by_uuid.or(replaced).or_else(by_reference).copied()
    }

    fn note(&mut self, object: &ObjectChange, track: usize) {
        let key = |text: &str| (object.class.clone(), text.to_owned());
        if let Some(uuid) = &object.uuid {
            self.by_uuid.insert(key(uuid), track);
        }
        self.by_reference.insert(key(&object.reference), track);
    }
}

impl Series {
    /// Begins with the oldest side.
    #[must_use]
    pub fn new(tool: &Tool, first: &Side<'_>, settings: &Settings) -> Self {
        let mut unchanged = BTreeMap::new();
        if let Some(store) = first.store() {
            for class in ASKED_ABOUT {
                let count = u64::try_from(store.count(class)).unwrap_or(u64::MAX);
                unchanged.insert(class.to_owned(), count);
            }
        }
        Self {
            report: SeriesReport {
                schema: SCHEMA,
                tool: tool.clone(),
                inputs: vec![first.shown()],
                same: true,
                incomplete: false,
                tracks: Vec::new(),
                unchanged,
                others: BTreeMap::new(),
                not_compared: Vec::new(),
            },
            settings: settings.clone(),
            known: Known::default(),
            gone: HashMap::new(),
        }
    }

    /// Goes on from a side to the next one.
    pub fn next(&mut self, old: &Side<'_>, new: &Side<'_>) {
        let at = u32::try_from(self.report.inputs.len()).unwrap_or(u32::MAX);
        let step = diff(&self.report.tool, old, new, &self.settings);
        self.report.same &= step.same;
        self.report.incomplete |= step.incomplete;
        self.report.inputs.push(step.new);
        let disks = step
            .disks
            .iter()
            .filter(|disk| !blocks::is_same(disk))
            .count();
        let files = step.files.as_ref().map_or(0, |files| files.changes.len());
        let mut sentences = step.not_compared;
        if disks > 0 || files > 0 {
            sentences.push(format!(
                "From {} to {}, blocks of {disks} disks and {files} files differ: compare the two alone to see which.",
                old.path, new.path
            ));
        }
        for sentence in sentences {
            if self.report.not_compared.len() < SENTENCES
                && !self.report.not_compared.contains(&sentence)
            {
                self.report.not_compared.push(sentence);
            }
        }
        for group in step.groups {
            for object in group.objects {
                if TRACKED.contains(&&*object.class) {
                    self.object(group.group, object, at);
                } else {
                    let count = self.report.others.entry(object.class).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
    }

    fn object(&mut self, group: Group, object: ObjectChange, at: u32) {
        let index = match self.known.find(&object) {
            Some(index) => index,
            None => self.begin(group, &object, at),
        };
        self.known.note(&object, index);
        let Some(track) = self.report.tracks.get_mut(index) else {
            return;
        };
        match object.change {
            Change::Removed => {
                track.last_seen = at.saturating_sub(1);
                self.gone.insert(index, object.fields);
                return;
            }
            Change::Added => {
                if let Some(before) = self.gone.remove(&index) {
                    let means = match track.title == object.title {
                        true => Vec::new(),
                        false => vec![Meaning::Renamed {
                            old: track.title.clone(),
                            new: object.title.clone(),
                        }],
                    };
                    track
                        .missing_in
                        .extend(track.last_seen.saturating_add(1)..at);
                    let fields = since(&before, &object.fields);
                    if !fields.is_empty() || !means.is_empty() {
                        track.changes.push(TrackChange { at, means, fields });
                    }
                }
            }
            Change::Changed => track.changes.push(TrackChange {
                at,
                means: object.means,
                fields: object.fields,
            }),
        }
        track.last_seen = u32::MAX;
        track.role = object.role;
        track.title = object.title;
        track.of = object.of;
        track.uuid = object.uuid;
        track.reference = object.reference;
    }

    /// A track for an object that has none yet. One that did not just come was there from the beginning.
    fn begin(&mut self, group: Group, object: &ObjectChange, at: u32) -> usize {
        let was_there = object.change != Change::Added;
        if was_there && let Some(count) = self.report.unchanged.get_mut(&object.class) {
            *count = count.saturating_sub(1);
        }
        self.report.tracks.push(Track {
            group,
            class: object.class.clone(),
            role: object.role,
            title: object.title.clone(),
            of: object.of.clone(),
            uuid: object.uuid.clone(),
            reference: object.reference.clone(),
            first_seen: if was_there { 0 } else { at },
            last_seen: u32::MAX,
            missing_in: Vec::new(),
            changes: Vec::new(),
        });
        self.report.tracks.len().saturating_sub(1)
    }

    /// Adds a track for each of the main objects that never changed; `last` is the newest side.
    pub fn add_unchanged(&mut self, last: &Side<'_>) {
        let Some(store) = last.store() else { return };
        for (group, object) in records::all(store, &ASKED_ABOUT) {
            if self.known.find(&object).is_none() {
                let index = self.begin(group, &object, 0);
                self.known.note(&object, index);
            }
        }
    }

    /// What became of all objects.
    #[must_use]
    pub fn finish(mut self) -> SeriesReport {
        let inputs = u32::try_from(self.report.inputs.len()).unwrap_or(u32::MAX);
        let last = inputs.saturating_sub(1);
        for track in &mut self.report.tracks {
            track.last_seen = track.last_seen.min(last);
        }
        self.report.tracks.sort_by(|a, b| {
            let key = |track: &Track| (track.group, track.class.clone(), track.role);
            key(a)
                .cmp(&key(b))
                .then_with(|| a.title.cmp(&b.title))
                .then_with(|| a.of.cmp(&b.of))
                .then_with(|| a.first_seen.cmp(&b.first_seen))
                .then_with(|| a.reference.cmp(&b.reference))
        });
        self.report.unchanged.retain(|_, count| *count > 0);
        self.report
    }
}

/// What is different of an object that came back, by the few fields that were told when it went and when it came. One that
/// is not told then is empty.
fn since(before: &[FieldChange], now: &[FieldChange]) -> Vec<FieldChange> {
    let was = |field: &FieldChange| match &field.delta {
        Delta::Value { old, .. } => old.clone(),
        _ => None,
    };
    let is = |field: &FieldChange| match &field.delta {
        Delta::Value { new, .. } => new.clone(),
        _ => None,
    };
    let named = |fields: &[FieldChange], name: &str| {
        let mut fields = fields.iter();
        fields.find(|field| field.field == name).cloned()
    };
    let mut names: Vec<&str> = now.iter().map(|field| &*field.field).collect();
    let gone = before.iter().map(|field| &*field.field);
    names.extend(gone.filter(|name| !now.iter().any(|field| field.field == *name)));
    names
        .into_iter()
        .filter_map(|name| {
            let old = named(before, name).as_ref().and_then(was);
            let new = named(now, name).as_ref().and_then(is);
            (old != new).then(|| FieldChange {
                field: name.to_owned(),
                delta: Delta::Value { old, new },
                is_told: false,
            })
        })
        .collect()
}
