//! What takes up room, by top folder, and which names were met. Of a name that is there twice the last member counts, so
//! what each name stands for is known by a digest of it: that takes 32 bytes, whatever the name's length.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use xenspect_model::catalog::FolderSize;
use xenspect_model::diff::FileKind;

use super::names::top;

/// Folders right in the root that are told apart; a host has some twenty.
const FOLDERS: usize = 1024;
/// Bytes of a digest that tell names apart.
const DIGEST: usize = 16;

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
struct Seen {
    bytes: u64,
    /// Its folder, by number.
    folder: u16,
    is: FileKind,
}

/// Sizes by folder, and names.
#[derive(Debug)]
pub(super) struct Sizes {
    numbers: BTreeMap<String, u16>,
    sizes: Vec<FolderSize>,
    seen: HashMap<[u8; DIGEST], Seen>,
    /// Names that are told apart at most.
    most: usize,
    /// The folder that was asked for last, and is behind no link. Members of one folder follow one another.
    no_link: Option<String>,
}

impl Sizes {
    pub(super) fn new(most: usize) -> Self {
        Self {
            numbers: BTreeMap::new(),
            sizes: Vec::new(),
            seen: HashMap::new(),
            most,
            no_link: None,
        }
    }

    /// Whether a folder in the path is a symbolic link by now.
    pub(super) fn leads_through_link(&mut self, path: &str) -> bool {
        let Some((folder, _)) = path.rsplit_once('/') else {
            return false;
        };
        if self.no_link.as_deref() == Some(folder) {
            return false;
        }
        let ends = folder.match_indices('/').map(|(at, _)| at);
        let mut folders = ends
            .chain([folder.len()])
            .filter_map(|end| folder.get(..end));
        let leads = folders.any(|folder| self.is_link(folder));
        if !leads {
            self.no_link = Some(folder.to_owned());
        }
        leads
    }

    fn is_link(&self, path: &str) -> bool {
        let seen = self.seen.get(&digest(path));
        seen.is_some_and(|seen| seen.is == FileKind::Symlink)
    }

    /// Whether a member of the name was met.
    pub(super) fn has(&self, path: &str) -> bool {
        self.seen.contains_key(&digest(path))
    }

    /// Takes a member of so many bytes, in the place of an earlier one of its name. Says what that one was.
    pub(super) fn take(&mut self, path: &str, is: FileKind, bytes: u64) -> Option<FileKind> {
        let folder = self.folder(top(path, is == FileKind::Folder));
        if is == FileKind::Symlink {
            self.no_link = None;
        }
        let key = digest(path);
        let seen = Seen { bytes, folder, is };
        let earlier = if self.seen.len() < self.most || self.seen.contains_key(&key) {
            self.seen.insert(key, seen)
        } else {
            None
        };
        if let Some(earlier) = earlier
            && let Some(size) = self.sizes.get_mut(usize::from(earlier.folder))
        {
            size.members = size.members.saturating_sub(1);
            size.bytes = size.bytes.saturating_sub(earlier.bytes);
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
fn digest(path: &str) -> [u8; DIGEST] {
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
    fn names_behind_links_are_seen() {
        let mut sizes = Sizes::new(10);
        for (path, is, expected) in [
            ("a", FileKind::Folder, false),
            ("a/b", FileKind::File, false),
            ("a/l", FileKind::Symlink, false),
            ("a/l/x", FileKind::File, true),
            ("a/l/x/y", FileKind::File, true),
            ("a/link", FileKind::File, false),
            // A link in the place of a folder that was asked for.
            ("a", FileKind::Symlink, false),
            ("a/b", FileKind::File, true),
            ("a", FileKind::Folder, false),
            ("a/b", FileKind::File, false),
        ] {
            assert_eq!(sizes.leads_through_link(path), expected, "{path}");
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
