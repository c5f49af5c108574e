//! Files of two host backups, by their paths: what came, what went, and what has other contents, another kind, mode or
//! owner. Times are not compared. What a file is for is told by its path alone (`formats/host-backup.md`).

mod keyed;
mod paths;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{
    Change, Delta, FieldChange, FileChange, FileChanges, FileKind, FileState,
};

use crate::Settings;

pub use keyed::is_compared_by_key;

/// Changes that are kept; further ones are counted.
const KEPT: usize = 10_000;

/// Compares the files of two host backups.
pub(crate) fn compare(
    old: &FileTable,
    new: &FileTable,
    settings: &Settings,
    not_compared: &mut Vec<String>,
) -> FileChanges {
    for (side, table) in [("older", old), ("newer", new)] {
        let remarks = table.remarks.iter();
        not_compared.extend(remarks.map(|remark| format!("files of the {side} one: {remark}")));
    }
    let mut comparison = Comparison {
        old,
        new,
        all: settings.all,
        found: FileChanges::default(),
        perhaps_removed: 0,
        perhaps_added: 0,
    };
    comparison.walk();
    comparison.tell(not_compared);
    comparison.found
}

struct Comparison<'a> {
    old: &'a FileTable,
    new: &'a FileTable,
    all: bool,
    found: FileChanges,
    /// Files that only the older one has, where the newer one may have had them.
    perhaps_removed: u64,
    /// The same the other way round.
    perhaps_added: u64,
}

impl Comparison<'_> {
    /// Both tables are in the order of their paths, so one walk along them pairs all.
    fn walk(&mut self) {
        let (mut olds, mut news) = (pairs(&self.old.files), pairs(&self.new.files));
        let (mut old, mut new) = (olds.next(), news.next());
        loop {
            let order = match (old, new) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((old, _)), Some((new, _))) => old.cmp(new),
            };
            let has_old = old.filter(|_| order != Ordering::Greater);
            let has_new = new.filter(|_| order != Ordering::Less);
            match (has_old, has_new) {
                (Some((path, old)), Some((_, new))) => self.both(path, old, new),
                (Some((path, old)), None) => self.one(path, Change::Removed, old),
                (None, Some((path, new))) => self.one(path, Change::Added, new),
                (None, None) => return,
            }
            if has_old.is_some() {
                old = olds.next();
            }
            if has_new.is_some() {
                new = news.next();
            }
        }
    }

    fn one(&mut self, path: &str, change: Change, state: &FileState) {
        if self.leaves_out(path) {
            return;
        }
        let (other, perhaps) = match change {
            Change::Removed => (self.new, &mut self.perhaps_removed),
            Change::Added | Change::Changed => (self.old, &mut self.perhaps_added),
        };
        if other.incomplete {
            *perhaps = perhaps.saturating_add(1);
            return;
        }
        if self.is_full() {
            return;
        }
        let state = Some(shown(path, state));
        let (old, new) = match change {
            Change::Removed => (state, None),
            Change::Added | Change::Changed => (None, state),
        };
        self.found.changes.push(FileChange {
            change,
            path: path.to_owned(),
            old,
            new,
            keys: Vec::new(),
        });
    }

    fn both(&mut self, path: &str, old: &FileState, new: &FileState) {
        let contents = contents(old, new);
        let attributes = old.mode == new.mode && old.owner == new.owner;
        if contents == Contents::Same && attributes {
            self.found.same = self.found.same.saturating_add(1);
            return;
        }
        if self.leaves_out(path) {
            return;
        }
        if contents == Contents::Unknown {
            self.found.unknown = self.found.unknown.saturating_add(1);
            if attributes {
                return;
            }
        }
        if self.is_full() {
            return;
        }
        let keys = match contents {
            Contents::Same | Contents::Unknown => Vec::new(),
            Contents::Other if paths::is_sensitive(path) => vec![secret_contents()],
            Contents::Other => self.keys(path),
        };
        // A digest of a file with a secret in it would tell whether a guess is right.
        let holds_secret = keys
            .iter()
            .any(|key| matches!(key.delta, Delta::Secret { .. }));
        let state = |state| {
            let state = shown(path, state);
            FileState {
                sha256: state.sha256.filter(|_| !holds_secret),
                ..state
            }
        };
        self.found.changes.push(FileChange {
            change: Change::Changed,
            path: path.to_owned(),
            old: Some(state(old)),
            new: Some(state(new)),
            keys,
        });
    }

    fn keys(&self, path: &str) -> Vec<FieldChange> {
        match (self.old.contents.get(path), self.new.contents.get(path)) {
            (Some(old), Some(new)) => keyed::compare(path, old, new),
            _ => Vec::new(),
        }
    }

    /// Whether a file that differs is one that always does. It is counted then.
    fn leaves_out(&mut self, path: &str) -> bool {
        let Some(what) = paths::volatile(path).filter(|_| !self.all) else {
            return false;
        };
        let count = self.found.volatile.entry(what.to_owned()).or_default();
        *count = count.saturating_add(1);
        true
    }

    /// Whether a further change can only be counted, which is done then.
    fn is_full(&mut self) -> bool {
        let full = self.found.changes.len() >= KEPT;
        if full {
            self.found.more = self.found.more.saturating_add(1);
        }
        full
    }

    fn tell(&self, not_compared: &mut Vec<String>) {
        let files = |count: u64| match count {
            1 => "1 file".to_owned(),
            count => format!("{count} files"),
        };
        if self.found.unknown > 0 {
            let files = files(self.found.unknown);
            not_compared.push(format!(
                "the contents of {files} cannot be compared: they are not known of both sides"
            ));
        }
        for (count, has, lacks) in [
            (self.perhaps_removed, "older", "newer"),
            (self.perhaps_added, "newer", "older"),
        ] {
            if count > 0 {
                let files = files(count);
                not_compared.push(format!(
                    "{files} of the {has} one may be in the {lacks} one or not: that was not read whole"
                ));
            }
        }
    }
}

fn pairs(files: &BTreeMap<String, FileState>) -> impl Iterator<Item = (&str, &FileState)> {
    files.iter().map(|(path, state)| (path.as_str(), state))
}

/// How what two files are compares, mode and owner aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contents {
    Same,
    Other,
    /// The digests are not known of both, and the lengths do not tell them apart.
    Unknown,
}

/// Which of several names of a file an archive has as the file and which as links to it is a matter of the order in which
/// tar met them. So a hard link is compared as the file that it is.
fn contents(old: &FileState, new: &FileState) -> Contents {
    let is_regular = |state: &FileState| matches!(state.is, FileKind::File | FileKind::HardLink);
    if !is_regular(old) || !is_regular(new) {
        return match old.is == new.is && old.link == new.link {
            true => Contents::Same,
            false => Contents::Other,
        };
    }
    match (&old.sha256, &new.sha256) {
        (Some(old), Some(new)) if old == new => Contents::Same,
        (Some(_), Some(_)) => Contents::Other,
        _ => match (old.len, new.len) {
            (Some(old), Some(new)) if old != new => Contents::Other,
            _ => Contents::Unknown,
        },
    }
}

/// A file as it is shown: of one that holds secrets, the digest would let anybody try what they are.
fn shown(path: &str, state: &FileState) -> FileState {
    let mut state = state.clone();
    if paths::is_sensitive(path) {
        state.sha256 = None;
    }
    state
}

/// All that is told of other contents of a file that holds secrets.
fn secret_contents() -> FieldChange {
    FieldChange {
        field: "contents".to_owned(),
        delta: Delta::Secret {
            change: Change::Changed,
            key: None,
        },
        is_told: false,
    }
}
