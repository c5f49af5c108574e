//! One field of two records: whether it differs, and how that is told. A set is a set and a map is a map.

use std::collections::HashMap;

use xenspect_model::diff::{Delta, KeyChange};
use xenspect_xapi::datamodel::Value;
use xenspect_xapi::secrets;
use xenspect_xapi::value::sexpr;

use super::keys::{Key, Sides, Which, agree};
use super::policy::LeftOut;
use super::shown::{Hidden, hidden, same_but_masks, secret};
use super::text;

/// A field that is compared.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) class: &'a str,
    /// Its column in a dump.
    pub(super) column: String,
    pub(super) left_out: LeftOut,
}

/// Which parts of two values differ, by position.
#[derive(Debug)]
enum Parts {
    Same,
    Whole,
    Set(Vec<usize>, Vec<usize>),
    Map(Vec<usize>, Vec<usize>, Vec<(usize, usize)>),
}

impl Sides<'_> {
    /// Whether two values are the same, as far as can be told.
    pub(super) fn same(&self, field: &Field<'_>, old: Value<'_>, new: Value<'_>) -> bool {
        let (old, new) = (taken_apart(field, old), taken_apart(field, new));
        matches!(self.parts(&old, &new), Parts::Same)
    }

    /// How two values differ, and how many of the differences are left out.
    pub(super) fn deltas<'v>(
        &self,
        field: &Field<'_>,
        old: Value<'v>,
        new: Value<'v>,
    ) -> (Vec<Delta>, u64) {
        let mask = |value: &Value<'v>| {
            let masked = secrets::masked(field.class, &field.column, value.clone());
            taken_apart(field, masked)
        };
        let (masked_old, masked_new) = (mask(&old), mask(&new));
        let (old, new) = (taken_apart(field, old), taken_apart(field, new));
        let mut found = Found {
            sides: self,
            left_out: &field.left_out,
            deltas: Vec::new(),
            count: 0,
        };
        match self.parts(&old, &new) {
            Parts::Same => {}
            Parts::Whole => {
                let delta = found.whole(&old, &new, &masked_old, &masked_new);
                found.deltas.push(delta);
            }
            Parts::Set(removed, added) => {
                let alike = items(&old).len() == items(&masked_old).len()
                    && items(&new).len() == items(&masked_new).len();
                match alike {
                    true => found.set(
                        (items(&old), items(&masked_old), &removed),
                        (items(&new), items(&masked_new), &added),
                    ),
                    false => found.deltas.push(secret(&old, &new, None)),
                }
            }
            Parts::Map(removed, added, changed) => {
                match (
                    old.as_map(),
                    new.as_map(),
                    masked_old.as_map(),
                    masked_new.as_map(),
                ) {
                    (Some(old), Some(new), Some(m_old), Some(m_new))
                        if old.len() == m_old.len() && new.len() == m_new.len() =>
                    {
                        found.map((old, m_old, &removed), (new, m_new, &added), &changed);
                    }
                    _ => found.deltas.push(secret(&old, &new, None)),
                }
            }
        }
        (found.deltas, found.count)
    }

    fn parts(&self, old: &Value<'_>, new: &Value<'_>) -> Parts {
        match (old, new) {
            (Value::Set(old), Value::Set(new)) => self.set_parts(old, new),
            (Value::Map(old), Value::Map(new)) => self.map_parts(old, new),
            // An empty text of no known type reads as either.
            (Value::Map(old), Value::Set(new)) if old.is_empty() => self.set_parts(&[], new),
            (Value::Set(old), Value::Map(new)) if new.is_empty() => self.set_parts(old, &[]),
            (old, new) => match agree(&self.key(Which::Old, old), &self.key(Which::New, new)) {
                true => Parts::Same,
                false => Parts::Whole,
            },
        }
    }

    fn set_parts(&self, old: &[Value<'_>], new: &[Value<'_>]) -> Parts {
        let keys = |which, items: &[Value<'_>]| -> Vec<_> {
            items.iter().map(|item| self.key(which, item)).collect()
        };
        let (old, new) = (keys(Which::Old, old), keys(Which::New, new));
        let (removed, added) = (missing(&old, &new), missing(&new, &old));
        // What was not exported may be any one of the others, or nothing.
        let open = |keys: &[Key]| keys.iter().filter(|key| **key == Key::Open).count();
        let (open_old, open_new) = (open(&old), open(&new));
        let known = |all: usize, open: usize| all.saturating_sub(open);
        let is_excused = open_old.saturating_add(open_new) > 0
            && known(removed.len(), open_old) <= open_new
            && known(added.len(), open_new) <= open_old;
        match (removed.is_empty() && added.is_empty()) || is_excused {
            true => Parts::Same,
            false => Parts::Set(removed, added),
        }
    }

    fn map_parts(&self, old: &[(Value<'_>, Value<'_>)], new: &[(Value<'_>, Value<'_>)]) -> Parts {
        // Of two equal keys, the first counts.
        let first = |which, pairs: &[(Value<'_>, Value<'_>)]| {
            let mut index = HashMap::with_capacity(pairs.len());
            for (at, (key, _)) in pairs.iter().enumerate() {
                index.entry(self.key(which, key)).or_insert(at);
            }
            index
        };
        let (olds, mut news) = (first(Which::Old, old), first(Which::New, new));
        let (mut removed, mut changed) = (Vec::new(), Vec::new());
        for (key, at) in olds {
            let Some(other) = news.remove(&key) else {
                removed.push(at);
                continue;
            };
            let (Some((_, one)), Some((_, two))) = (old.get(at), new.get(other)) else {
                continue;
            };
            if !agree(&self.key(Which::Old, one), &self.key(Which::New, two)) {
                changed.push((at, other));
            }
        }
        let mut added: Vec<_> = news.into_values().collect();
        removed.sort_unstable();
        added.sort_unstable();
        changed.sort_unstable_by_key(|(_, new)| *new);
        match removed.is_empty() && added.is_empty() && changed.is_empty() {
            true => Parts::Same,
            false => Parts::Map(removed, added, changed),
        }
    }
}

/// Members of a set; anything else has none.
fn items<'v>(value: &'v Value<'v>) -> &'v [Value<'v>] {
    value.as_set().unwrap_or_default()
}

/// The positions of those that the others lack; one that is there twice is to be twice among the others.
fn missing(keys: &[Key], others: &[Key]) -> Vec<usize> {
    let mut counts: HashMap<&Key, u64> = HashMap::with_capacity(others.len());
    for other in others {
        let count = counts.entry(other).or_default();
        *count = count.saturating_add(1);
    }
    let mut missing = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        match counts.get_mut(key) {
            Some(count) if *count > 0 => *count = count.saturating_sub(1),
            _ => missing.push(at),
        }
    }
    missing
}

type Members<'v> = (&'v [Value<'v>], &'v [Value<'v>], &'v [usize]);
type Pairs<'v> = (
    &'v [(Value<'v>, Value<'v>)],
    &'v [(Value<'v>, Value<'v>)],
    &'v [usize],
);

/// What is being told of a field. Values come as they are and masked, the latter to be shown.
struct Found<'f, 'a> {
    sides: &'f Sides<'a>,
    left_out: &'f LeftOut,
    deltas: Vec<Delta>,
    count: u64,
}

impl Found<'_, '_> {
    fn whole(
        &self,
        old: &Value<'_>,
        new: &Value<'_>,
        masked_old: &Value<'_>,
        masked_new: &Value<'_>,
    ) -> Delta {
        match hidden(old, masked_old).max(hidden(new, masked_new)) {
            Hidden::Wholly => return secret(old, new, None),
            Hidden::Partly if same_but_masks(masked_old, masked_new) => {
                return secret(old, new, None);
            }
            _ => {}
        }
        if let (Value::Text(old) | Value::Unknown(old), Value::Text(new) | Value::Unknown(new)) =
            (masked_old, masked_new)
            && let Some(delta) = text::compare(old, new, &self.sides.budget)
        {
            return delta;
        }
        Delta::Value {
            old: Some(self.sides.shown(Which::Old, masked_old)),
            new: Some(self.sides.shown(Which::New, masked_new)),
        }
    }

    fn set(&mut self, old: Members<'_>, new: Members<'_>) {
        let mut is_secret = false;
        let mut shown = |which, (raw, masked, at): Members<'_>| {
            let mut shown = Vec::new();
            for &at in at {
                let (Some(raw), Some(masked)) = (raw.get(at), masked.get(at)) else {
                    continue;
                };
                match hidden(raw, masked) {
                    Hidden::Wholly => is_secret = true,
                    _ => shown.push(self.sides.shown(which, masked)),
                }
            }
            shown
        };
        let (removed, added) = (shown(Which::Old, old), shown(Which::New, new));
        if !removed.is_empty() || !added.is_empty() {
            self.deltas.push(Delta::Set { removed, added });
        }
        if is_secret {
            let changed = Value::Bool(true);
            self.deltas.push(secret(&changed, &changed, None));
        }
    }

    fn map(&mut self, old: Pairs<'_>, new: Pairs<'_>, both: &[(usize, usize)]) {
        let mut secrets = Vec::new();
        let empty = Value::Text("".into());
        let mut removed = Vec::new();
        for &at in old.2 {
            let (Some((_, raw)), Some((key, value))) = (old.0.get(at), old.1.get(at)) else {
                continue;
            };
            let Some(key) = self.key(Which::Old, key) else {
                continue;
            };
            match hidden(raw, value) {
                Hidden::Wholly => secrets.push(secret(raw, &empty, Some(key))),
                _ => removed.push((key, self.sides.shown(Which::Old, value))),
            }
        }
        let mut added = Vec::new();
        for &at in new.2 {
            let (Some((_, raw)), Some((key, value))) = (new.0.get(at), new.1.get(at)) else {
                continue;
            };
            let Some(key) = self.key(Which::New, key) else {
                continue;
            };
            match hidden(raw, value) {
                Hidden::Wholly => secrets.push(secret(&empty, raw, Some(key))),
                _ => added.push((key, self.sides.shown(Which::New, value))),
            }
        }
        let mut changed = Vec::new();
        for &(one, two) in both {
            let (Some((_, raw_old)), Some((_, masked_old))) = (old.0.get(one), old.1.get(one))
            else {
                continue;
            };
            let (Some((_, raw_new)), Some((key, masked_new))) = (new.0.get(two), new.1.get(two))
            else {
                continue;
            };
            let Some(key) = self.key(Which::New, key) else {
                continue;
            };
            let hidden = hidden(raw_old, masked_old).max(hidden(raw_new, masked_new));
            if hidden == Hidden::Wholly
                || (hidden == Hidden::Partly && same_but_masks(masked_old, masked_new))
            {
                secrets.push(secret(raw_old, raw_new, Some(key)));
                continue;
            }
            changed.push(KeyChange {
                key,
                old: self.sides.shown(Which::Old, masked_old),
                new: self.sides.shown(Which::New, masked_new),
            });
        }
        if !removed.is_empty() || !added.is_empty() || !changed.is_empty() {
            self.deltas.push(Delta::Map {
                removed,
                added,
                changed,
            });
        }
        self.deltas.extend(secrets);
    }

    /// The text of a key, unless the key is left out, which is counted.
    fn key(&mut self, which: Which, key: &Value<'_>) -> Option<String> {
        let text = self.sides.text(which, key);
        if self.left_out.has_key(&text) {
            self.count = self.count.saturating_add(1);
            return None;
        }
        Some(text)
    }
}

/// A value as what it is compared as: text of no known type, and a record in a text, are maps or sets if they read so.
fn taken_apart<'v>(field: &Field<'_>, value: Value<'v>) -> Value<'v> {
    let is_record =
        field.class == "VM" && matches!(&*field.column, "snapshot_metadata" | "last_booted_record");
    let text = match &value {
        Value::Unknown(text) => text,
        Value::Text(text) if is_record => text,
        _ => return value,
    };
    if !text.starts_with('(') {
        return value;
    }
    let unknown = |text: std::borrow::Cow<'_, str>| Value::Unknown(text.into_owned().into());
    if let Ok(pairs) = sexpr::decode_map(text) {
        let pairs = pairs.into_iter();
        return Value::Map(
            pairs
                .map(|(key, value)| (unknown(key), unknown(value)))
                .collect(),
        );
    }
    match sexpr::decode_set(text) {
        Ok(items) => Value::Set(items.into_iter().map(unknown).collect()),
        Err(_) => value,
    }
}
