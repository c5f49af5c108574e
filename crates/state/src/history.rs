//! What became of inputs in the past.

use jiff::Timestamp;

use crate::error::StateError;
use crate::file::State;
use crate::key::{self, Key};
use crate::record::{self, COLUMNS, Record};
use crate::standing::{Verified, fully};

/// What of the past is wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// These inputs, and those below them where they are directories or prefixes; all if there are none.
    pub keys: Vec<Key>,
    /// Inputs with a verification since then, and of each those since then alone.
    pub since: Option<Timestamp>,
    /// Every verification of each input, not the last alone.
    pub series: bool,
}

/// The past of one input.
#[derive(Debug, Clone)]
pub struct Past {
    /// What it is known by.
    pub key: String,
    /// The path as it was given last.
    pub path: String,
    /// Verifications, the latest first: all that are wanted, or the last one.
    pub verifications: Vec<Record>,
    /// Number of verifications that are wanted.
    pub count: u64,
    /// The last good one in full of what the input was at its last verification.
    pub fully: Option<Verified>,
}

impl Past {
    /// Whether its file is there; `None` for what is no file of this machine, or cannot be looked at. Nothing is opened.
    #[must_use]
    pub fn exists(&self) -> Option<bool> {
        key::file(&self.key).and_then(|path| path.try_exists().ok())
    }
}

impl State {
    /// The past of inputs, those that were verified last first, and by their keys where that is the same.
    ///
    /// # Errors
    /// Those of the file.
    pub fn history(&self, wanted: &Wanted) -> Result<Vec<Past>, StateError> {
        let connection = self.lock();
        // One pass in the order of the inputs; sorting would need all rows at once.
        let mut statement = connection.prepare(&format!(
            "SELECT {COLUMNS}, i.id, i.key, i.path FROM inputs i JOIN verifications v ON v.input = i.id \
             ORDER BY i.id, v.id DESC"
        ))?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        let mut current: Option<(i64, Gathered)> = None;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(17)?;
            if current.as_ref().is_none_or(|(input, _)| *input != id) {
                if let Some((_, done)) = current.take() {
                    found.extend(done.past(wanted));
                }
                let key: String = row.get(18)?;
                current = Some((
                    id,
                    Gathered {
                        is_wanted: wanted.names(&key),
                        key,
                        path: row.get(19)?,
                        records: Vec::new(),
                    },
                ));
            }
            if let Some((_, gathered)) = &mut current
                && gathered.is_wanted
            {
                gathered.records.push(record::read(row, &gathered.key)?);
            }
        }
        if let Some((_, done)) = current {
            found.extend(done.past(wanted));
        }
        found.sort_by(|one: &Past, other| {
            let at = |past: &Past| past.verifications.first().map(|record| record.at);
            at(other)
                .cmp(&at(one))
                .then_with(|| one.key.cmp(&other.key))
        });
        Ok(found)
    }
}

impl Wanted {
    /// Whether an input with this key is meant.
    #[must_use]
    pub fn names(&self, key: &str) -> bool {
        let below = |wanted: &Key| {
            let rest = key.strip_prefix(wanted.text());
            rest.is_some_and(|rest| {
                rest.is_empty()
                    || wanted.text().ends_with(['/', '\\'])
                    || rest.starts_with(['/', '\\'])
            })
        };
        self.keys.is_empty() || self.keys.iter().any(below)
    }
}

/// What was read of one input.
struct Gathered {
    key: String,
    path: String,
    is_wanted: bool,
    records: Vec<Record>,
}

impl Gathered {
    fn past(mut self, wanted: &Wanted) -> Option<Past> {
        let print = self.records.first()?.print.clone();
        let fully = fully(&self.records, &print);
        if let Some(since) = wanted.since {
            self.records.retain(|record| record.at >= since);
        }
        let count = u64::try_from(self.records.len()).unwrap_or(u64::MAX);
        if count == 0 {
            return None;
        }
        if !wanted.series {
            self.records.truncate(1);
            self.records.shrink_to_fit();
        }
        Some(Past {
            key: self.key,
            path: self.path,
            verifications: self.records,
            count,
            fully,
        })
    }
}
