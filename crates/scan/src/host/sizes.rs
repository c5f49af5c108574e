//! What takes up room, by top folder, and which names were met. Of a name that is there twice the last member counts, so
//! what each name stands for is known by a digest of it: that takes some 40 bytes, whatever the name's length. A tree holds
//! them and no hash table, which would be twice as large for a while whenever it grows.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use xenspect_model::catalog::FolderSize;
use xenspect_model::diff::FileKind;

use super::names::top;

/// Folders right in the root that are told apart; a host has some twenty.
const FOLDERS: usize = 1024;
/// Bytes of a digest that tell names apart.
pub(super) const DIGEST: usize = 16;

/// What a name stands for. Numbers are bytes, so that nothing is lost between them; there can be a million of these.
#[derive(Debug, Clone, Copy)]
struct Seen {
    bytes: [u8; 8],
    /// Its folder, by number.
    folder: [u8; 2],
    is: FileKind,
}

/// Sizes by folder, and names.
#[derive(Debug)]
pub(super) struct Sizes {
    numbers: BTreeMap<String, u16>,
    sizes: Vec<FolderSize>,
    seen: BTreeMap<[u8; DIGEST], Seen>,
    /// Names that are told apart at most.
    most: usize,
    /// The folder that was asked for last, and is reached through folders. Members of one folder follow one another.
    folder: Option<String>,
}

impl Sizes {
    pub(super) fn new(most: usize) -> Self {
        Self {
            numbers: BTreeMap::new(),
            sizes: Vec::new(),
            seen: BTreeMap::new(),
            most,
            folder: None,
        }
    }

    /// What tar meets on the way to a path by now: the first part of it that is no folder.
    pub(super) fn on_the_way(&mut self, path: &str) -> Option<FileKind> {
        let (folder, _) = path.rsplit_once('/')?;
        if self.folder.as_deref() == Some(folder) {
            return None;
        }
        let ends = folder.match_indices('/').map(|(at, _)| at);
        let mut folders = ends
            .chain([folder.len()])
            .filter_map(|end| folder.get(..end));
        let met = folders.find_map(|folder| {
            let seen = self.seen.get(&digest(folder))?;
            (seen.is != FileKind::Folder).then_some(seen.is)
        });
        if met.is_none() {
            self.folder = Some(folder.to_owned());
        }
        met
    }

    /// Whether all names are told apart, so that one that is not known was not met.
    pub(super) fn knows_all(&self) -> bool {
        self.seen.len() < self.most
    }

    /// Whether a member of the name was met.
    pub(super) fn has(&self, path: &str) -> bool {
        self.kind(path).is_some()
    }

    /// What the last member of the name was.
    pub(super) fn kind(&self, path: &str) -> Option<FileKind> {
        self.seen.get(&digest(path)).map(|seen| seen.is)
    }

    /// The bytes of the last member of the name.
    pub(super) fn bytes(&self, path: &str) -> Option<u64> {
        let seen = self.seen.get(&digest(path))?;
        Some(u64::from_ne_bytes(seen.bytes))
    }

    /// Takes a member of so many bytes, in the place of an earlier one of its name. Says what that one was.
    pub(super) fn take(&mut self, path: &str, is: FileKind, bytes: u64) -> Option<FileKind> {
        let folder = self.folder(top(path, is == FileKind::Folder));
        let is_above = |folder: &String| {
            let below = folder.strip_prefix(path);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        if is != FileKind::Folder && self.folder.as_ref().is_some_and(is_above) {
            self.folder = None;
        }
        let key = digest(path);
        let seen = Seen {
            bytes: bytes.to_ne_bytes(),
            folder: folder.to_ne_bytes(),
            is,
        };
        let earlier = if self.seen.len() < self.most || self.seen.contains_key(&key) {
            self.seen.insert(key, seen)
        } else {
            None
        };
        if let Some(earlier) = earlier
            && let Some(size) = self
                .sizes
                .get_mut(usize::from(u16::from_ne_bytes(earlier.folder)))
        {
            size.members = size.members.saturating_sub(1);
            size.bytes = size.bytes.saturating_sub(u64::from_ne_bytes(earlier.bytes));
        }
        if let Some(size) = self.sizes.get_mut(usize::from(folder)) {
            size.members = size.members.saturating_add(1);
            size.bytes = size.bytes.saturating_add(bytes);
        }
        earlier.map(|earlier| earlier.is)
    }

    /// The number of a folder; of one too many that of the root.
    fn folder(&mut self, name: &str) -> u16 {
        let name = match self.numbers.get(name) {
            Some(number) => return *number,
            None if self.numbers.len() >= FOLDERS => ".",
            None => name,
        };
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u16::try_from(self.sizes.len()).unwrap_or(u16::MAX);
        self.sizes.push(FolderSize::default());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    /// The sizes by folder. One that all members were taken out of again is none.
    pub(super) fn into_folders(self) -> BTreeMap<String, FolderSize> {
        let sizes = self.sizes;
        let named = self.numbers.into_iter();
        named
            .filter_map(|(name, number)| Some((name, *sizes.get(usize::from(number))?)))
            .filter(|(_, size)| size.members > 0)
            .collect()
    }
}

/// Nobody makes two names of one digest, as of a quicker one.
pub(super) fn digest(path: &str) -> [u8; DIGEST] {
    let digest = Sha256::digest(path.as_bytes());
    let mut key = [0; DIGEST];
    for (to, from) in key.iter_mut().zip(digest) {
        *to = from;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_takes_no_more_than_its_parts() {
        assert_eq!(size_of::<([u8; DIGEST], Seen)>(), DIGEST + 11);
    }

    #[test]
    fn the_last_of_a_name_counts() {
        let mut sizes = Sizes::new(10);
        assert_eq!(sizes.take("etc/a", FileKind::File, 100), None);
        assert_eq!(sizes.take("etc/b", FileKind::File, 10), None);
        assert_eq!(
            sizes.take("etc/a", FileKind::Symlink, 0),
            Some(FileKind::File)
        );
        assert_eq!(sizes.take("top", FileKind::File, 1), None);
        assert_eq!(sizes.take("top", FileKind::Folder, 0), Some(FileKind::File));
        assert!(sizes.has("etc/b") && !sizes.has("etc"));
        let size = |members, bytes| FolderSize { members, bytes };
        let folders = sizes.into_folders();
        let expected = [("etc", size(2, 10)), ("top", size(1, 0))];
        let expected = expected.map(|(name, size)| (name.to_owned(), size));
        assert_eq!(folders, BTreeMap::from(expected));
    }

    #[test]
    fn what_is_on_the_way_is_seen() {
        use FileKind::{File, Folder, Symlink};
        let mut sizes = Sizes::new(10);
        for (path, is, expected) in [
            ("a", Folder, None),
            ("a/b", File, None),
            ("a/b/x", File, Some(File)),
            ("a/l", Symlink, None),
            ("a/l/x", File, Some(Symlink)),
            ("a/l/x/y", File, Some(Symlink)),
            ("a/link", File, None),
            ("i/j/k", File, None),
            // In the place of a folder that was asked for.
            ("i", Symlink, None),
            ("i/j/k", File, Some(Symlink)),
            ("i", Folder, None),
            ("i/j/k", File, None),
        ] {
            assert_eq!(sizes.on_the_way(path), expected, "{path}");
            sizes.take(path, is, 0);
        }
    }

    #[test]
    fn names_and_folders_are_bounded() {
        let mut sizes = Sizes::new(2);
        for name in ["a", "b", "c", "c"] {
            assert_eq!(sizes.take(name, FileKind::File, 1), None);
        }
        assert_eq!(sizes.take("a", FileKind::File, 1), Some(FileKind::File));
        let mut sizes = Sizes::new(10_000);
        for number in 0..FOLDERS + 50 {
            sizes.take(&format!("{number}/x"), FileKind::File, 1);
        }
        let folders = sizes.into_folders();
        assert_eq!(folders.len(), FOLDERS + 1);
        assert_eq!(folders["."].members, 50);
    }
}
