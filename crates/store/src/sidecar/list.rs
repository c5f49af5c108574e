//! A whole list of digests, read once and asked for many files.

use std::ops::Range;

use xenspect_model::catalog::DigestKind;

use super::line::{Record, record};
use super::text::{plain, records};

/// Bytes of a list beyond which it is not read: half a million lines.
pub const LIST_LIMIT: u64 = 64 << 20;

/// Numbers of lines without a digest that are kept; further ones are counted.
pub const BAD_LINES: usize = 8;

/// A list of digests.
///
/// Names are relative to the folder of the list, without `./` before them. Of a name that is there twice with one kind of digest the
/// last line counts, as it does for a list that is appended to.
#[derive(Debug, Clone, Default)]
pub struct List {
    names: Vec<u8>,
    digests: Vec<u8>,
    /// Sorted by name, then by kind.
    below: Vec<Entry>,
    /// Those of absolute names, by their last part alone; the same order.
    absolute: Vec<Entry>,
    /// Folders of `below`, sorted, each once: the parts of names before the last slash.
    folders: Vec<Range<usize>>,
    /// The one digest without a name.
    lone: Option<Entry>,
    lines: u64,
    bad_lines: Vec<u64>,
    more_bad_lines: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    name: Range<usize>,
    digest: Range<usize>,
    kind: DigestKind,
    line: u64,
}

/// What a list tells of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told<'a> {
    /// Which digest.
    pub kind: DigestKind,
    /// Its bytes.
    pub digest: &'a [u8],
    /// Number of the line, counted from 1.
    pub line: u64,
    /// The name that stands there; empty where there is none.
    pub name: &'a [u8],
}

impl List {
    /// Reads a list. `kind` is what its own name says.
    #[must_use]
    pub fn parse(bytes: &[u8], kind: Option<DigestKind>) -> Self {
        let bytes = plain(bytes);
        let (ends, records) = records(&bytes);
        let mut list = Self::default();
        let mut lone = Vec::new();
        for (line, bytes) in (1..).zip(records) {
            match record(bytes, ends, kind) {
                Record::Blank => {}
                Record::OtherDigest => list.lines = list.lines.saturating_add(1),
                Record::Malformed => list.bad(line),
                Record::Lone { kind, digest } => {
                    let entry = list.entry(b"", &digest, kind, line);
                    lone.push(entry);
                }
                Record::Named { kind, digest, name } => {
                    list.lines = list.lines.saturating_add(1);
                    list.add(&name, &digest, kind, line);
                }
            }
        }
        list.settle(lone);
        list
    }

    fn add(&mut self, name: &[u8], digest: &[u8], kind: DigestKind, line: u64) {
        if let Some(name) = normal(name) {
            let entry = self.entry(&name, digest, kind, line);
            self.below.push(entry);
        } else if is_absolute(name)
            && let Some(last) = name.rsplit(|&byte| is_slash(byte)).next()
        {
            let entry = self.entry(last, digest, kind, line);
            self.absolute.push(entry);
        }
    }

    fn entry(&mut self, name: &[u8], digest: &[u8], kind: DigestKind, line: u64) -> Entry {
        let put = |all: &mut Vec<u8>, bytes: &[u8]| {
            let start = all.len();
            all.extend_from_slice(bytes);
            start..all.len()
        };
        Entry {
            name: put(&mut self.names, name),
            digest: put(&mut self.digests, digest),
            kind,
            line,
        }
    }

    fn bad(&mut self, line: u64) {
        if self.bad_lines.len() < BAD_LINES {
            self.bad_lines.push(line);
        } else {
            self.more_bad_lines = self.more_bad_lines.saturating_add(1);
        }
    }

    /// Brings the entries into their order, and takes out those that do not count.
    fn settle(&mut self, mut lone: Vec<Entry>) {
        // A digest without a name can only be that of the one file that the sidecar lies beside.
        let alone = self.below.is_empty() && self.absolute.is_empty();
        if let (true, [_]) = (alone, lone.as_slice()) {
            self.lines = self.lines.saturating_add(1);
            self.lone = lone.pop();
        }
        lone.iter().for_each(|entry| self.bad(entry.line));
        self.bad_lines.sort_unstable();
        let names = &self.names;
        let name = |entry: &Entry| names.get(entry.name.clone()).unwrap_or_default();
        let by_name =
            |a: &Entry, b: &Entry| (name(a), a.kind, b.line).cmp(&(name(b), b.kind, a.line));
        self.below.sort_unstable_by(by_name);
        self.below
            .dedup_by(|later, kept| (name(later), later.kind) == (name(kept), kept.kind));
        self.absolute.sort_unstable_by(by_name);
        let folder = |entry: &Entry| {
            let slash = name(entry).iter().rposition(|&byte| byte == b'/');
            let end = entry.name.start.saturating_add(slash.unwrap_or(0));
            entry.name.start..end
        };
        let spelled = |range: &Range<usize>| names.get(range.clone()).unwrap_or_default();
        self.folders = self.below.iter().map(folder).collect();
        self.folders
            .sort_unstable_by(|a, b| spelled(a).cmp(spelled(b)));
        self.folders.dedup_by(|a, b| spelled(a) == spelled(b));
    }

    /// What it tells of the file of a name below the list's folder, in the order of the kinds.
    pub fn get<'a>(&'a self, name: &[u8]) -> impl Iterator<Item = Told<'a>> + use<'a> {
        self.of_name(&self.below, name)
            .iter()
            .map(|entry| self.told(entry))
    }

    /// What it tells of a file of the list's own folder by absolute names that end so. A kind of digest that two lines tell does not
    /// count, since they may mean files of two folders.
    pub fn get_absolute<'a>(&'a self, name: &[u8]) -> impl Iterator<Item = Told<'a>> + use<'a> {
        self.of_name(&self.absolute, name)
            .chunk_by(|a, b| a.kind == b.kind)
            .filter_map(|same| match same {
                [one] => Some(self.told(one)),
                _ => None,
            })
    }

    /// What it tells of the one file that it is about, whatever name stands there; nothing if it is about several.
    pub fn of_the_only_one(&self) -> impl Iterator<Item = Told<'_>> {
        let all = || self.below.iter().chain(&self.absolute);
        let name = all().next().map(|entry| self.name(entry));
        let one = all().all(|entry| Some(self.name(entry)) == name);
        let named = all().filter(move |_| one);
        self.lone.iter().chain(named).map(|entry| self.told(entry))
    }

    /// Whether it names any file in a folder, given as its path below the list's folder; empty for that one.
    #[must_use]
    pub fn is_about(&self, folder: &[u8]) -> bool {
        if folder.is_empty() && !self.absolute.is_empty() {
            return true;
        }
        let name = |range: &Range<usize>| self.names.get(range.clone()).unwrap_or_default();
        self.folders
            .binary_search_by(|range| name(range).cmp(folder))
            .is_ok()
    }

    /// The names of all files below its folder that it names, sorted, each once. Standard input (`-`) is no file.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.below
            .chunk_by(|a, b| self.name(a) == self.name(b))
            .filter_map(|same| same.first())
            .map(|entry| self.name(entry))
            .filter(|name| *name != b"-")
    }

    /// Lines with a digest.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Numbers of the first lines without a digest that are neither empty nor a comment, counted from 1.
    #[must_use]
    pub fn bad_lines(&self) -> &[u64] {
        &self.bad_lines
    }

    /// How many more of them there are.
    #[must_use]
    pub fn more_bad_lines(&self) -> u64 {
        self.more_bad_lines
    }

    /// Whether it has a digest without a name and nothing else.
    #[must_use]
    pub fn is_lone(&self) -> bool {
        self.lone.is_some()
    }

    fn of_name<'a>(&'a self, entries: &'a [Entry], name: &[u8]) -> &'a [Entry] {
        let first = entries.partition_point(|entry| self.name(entry) < name);
        let rest = entries.get(first..).unwrap_or_default();
        let many = rest.partition_point(|entry| self.name(entry) == name);
        rest.get(..many).unwrap_or_default()
    }

    fn name(&self, entry: &Entry) -> &[u8] {
        self.names.get(entry.name.clone()).unwrap_or_default()
    }

    fn told(&self, entry: &Entry) -> Told<'_> {
        Told {
            kind: entry.kind,
            digest: self.digests.get(entry.digest.clone()).unwrap_or_default(),
            line: entry.line,
            name: self.name(entry),
        }
    }
}

/// The name without `./` and doubled slashes; `None` if it leads out of the list's folder, or nowhere.
#[must_use]
pub fn normal(name: &[u8]) -> Option<Vec<u8>> {
    let mut parts = Vec::new();
    for part in name.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return None,
            part => parts.push(part),
        }
    }
    let normal = parts.join(&b'/');
    // `./C:\x` has no root before its front is taken away.
    (!normal.is_empty() && !is_absolute(name) && !is_absolute(&normal)).then_some(normal)
}

fn is_slash(byte: u8) -> bool {
    byte == b'/' || byte == b'\\'
}

/// `/…`, `\…` or `C:\…`.
fn is_absolute(name: &[u8]) -> bool {
    match name {
        [b'/' | b'\\', ..] => true,
        [drive, b':', slash, ..] => drive.is_ascii_alphabetic() && is_slash(*slash),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
