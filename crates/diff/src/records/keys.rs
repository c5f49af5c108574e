//! What two values are compared by: the meaning of each, whatever source spells it.

use xenspect_inventory::{Record, Store};
use xenspect_xapi::datamodel::Value;

use super::budget::Budget;
use super::matching::Matching;
use super::titles::Names;

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Which {
    Old,
    New,
}

/// The two stores with what is known of them.
#[derive(Debug)]
pub(super) struct Sides<'a> {
    pub(super) old: Store<'a>,
    pub(super) new: Store<'a>,
    pub(super) old_names: Names<'a>,
    pub(super) new_names: Names<'a>,
    pub(super) matching: Matching<'a>,
    pub(super) budget: Budget,
}

/// A value by its meaning: equal if the values are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A reference of an export to what was not exported: it may be anything.
    Open,
    Null,
    /// A reference to an object of both sides.
    Pair(u32),
    /// A reference to an object of one export alone.
    Only(Which, String),
    Text(String),
    Int(i64),
    Bool(bool),
    Float(u64),
    Date(i64),
    /// Members, sorted: of a set each, of a map keys and values.
    List(Vec<Key>),
}

impl<'a> Sides<'a> {
    pub(super) fn new(old: Store<'a>, new: Store<'a>) -> Self {
        Self {
            old,
            new,
            old_names: Names::new(old),
            new_names: Names::new(new),
            matching: Matching::of(old, new),
            budget: Budget::default(),
        }
    }

    /// Whether one is an export and the other a dump.
    pub(super) fn are_mixed(&self) -> bool {
        matches!(
            (self.old, self.new),
            (Store::Pool(_), Store::Export(_)) | (Store::Export(_), Store::Pool(_))
        )
    }

    pub(super) fn store(&self, which: Which) -> Store<'a> {
        match which {
            Which::Old => self.old,
            Which::New => self.new,
        }
    }

    pub(super) fn names(&self, which: Which) -> &Names<'a> {
        match which {
            Which::Old => &self.old_names,
            Which::New => &self.new_names,
        }
    }

    fn pair(&self, which: Which, record: &Record<'a>) -> Option<u32> {
        match which {
            Which::Old => self.matching.old_pair(record),
            Which::New => self.matching.new_pair(record),
        }
    }

    /// What a value of a side is compared by. Recursion goes as deep as the type.
    pub(super) fn key(&self, which: Which, value: &Value<'_>) -> Key {
        match value {
            Value::Text(text) | Value::Unknown(text) | Value::Undecodable { text, .. } => {
                Key::Text(text.clone().into_owned())
            }
            // A dump spells words of an enumeration with capitals, an export without.
            Value::Enum(text) => Key::Text(text.to_lowercase()),
            Value::Int(number) => Key::Int(*number),
            Value::Bool(value) => Key::Bool(*value),
            // The two zeros are one number.
            Value::Float(number) => Key::Float((number + 0.0).to_bits()),
            Value::DateTime(date) => Key::Date(date.unix()),
            Value::Ref(reference) => self.reference(which, reference),
            Value::Set(items) => {
                let mut keys: Vec<_> = items.iter().map(|item| self.key(which, item)).collect();
                keys.sort_unstable();
                Key::List(keys)
            }
            Value::Map(pairs) => {
                let pair = |(key, value): &(Value<'_>, Value<'_>)| {
                    Key::List(vec![self.key(which, key), self.key(which, value)])
                };
                let mut keys: Vec<_> = pairs.iter().map(pair).collect();
                keys.sort_unstable();
                Key::List(keys)
            }
        }
    }

    fn reference(&self, which: Which, reference: &str) -> Key {
        if reference.is_empty() || reference == "OpaqueRef:NULL" {
            return Key::Null;
        }
        let store = self.store(which);
        let found = store.resolve(reference);
        if let Some(pair) = found.and_then(|record| self.pair(which, &record)) {
            return Key::Pair(pair);
        }
        match (store, found) {
            // References of a pool stay what they are.
            (Store::Pool(_), _) => Key::Text(reference.to_owned()),
            (Store::Export(_), Some(_)) => Key::Only(which, reference.to_owned()),
            (Store::Export(_), None) => Key::Open,
        }
    }
}

/// Whether two values are the same, as far as can be told.
pub(super) fn agree(old: &Key, new: &Key) -> bool {
    old == new || *old == Key::Open || *new == Key::Open
}
