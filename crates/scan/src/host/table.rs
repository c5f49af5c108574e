//! The table of files as it grows, within its bounds.

use std::collections::BTreeMap;

use xenspect_model::diff::{FileKind, FileState};

use crate::options::Limits;

/// Files by path.
#[derive(Debug)]
pub(super) struct Table {
    /// Files that are kept at most.
    most: usize,
    /// Bytes of names that are kept at most.
    most_names: u64,
    pub(super) files: BTreeMap<String, FileState>,
    /// Files beyond the bounds.
    pub(super) left_out: u64,
    /// Bytes of paths and links.
    names: u64,
}

impl Table {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.files,
            most_names: limits.names,
            files: BTreeMap::new(),
            left_out: 0,
            names: 0,
        }
    }

    /// Takes a file, in the place of an earlier one of its name. `false` where there is no room: it is counted then, and
    /// the earlier one, which it would have replaced, is gone.
    pub(super) fn insert(&mut self, path: String, state: FileState) -> bool {
        self.forget(&path);
        let more = self.names.saturating_add(names(&path, &state));
        if self.files.len() >= self.most || more > self.most_names {
            self.left_out = self.left_out.saturating_add(1);
            return false;
        }
        self.names = more;
        self.files.insert(path, state);
        true
    }

    /// Takes a file out that is no longer of interest.
    pub(super) fn forget(&mut self, path: &str) {
        if let Some(earlier) = self.files.remove(path) {
            self.names = self.names.saturating_sub(names(path, &earlier));
        }
    }

    pub(super) fn set_length(&mut self, path: &str, length: u64) {
        if let Some(state) = self.files.get_mut(path) {
            state.len = Some(length);
        }
    }

    pub(super) fn set_digest(&mut self, path: &str, digest: String) {
        if let Some(state) = self.files.get_mut(path) {
            state.sha256 = Some(digest);
        }
    }

    /// Gives a hard link what its target has.
    pub(super) fn link(&mut self, path: &str, target: &str) {
        let is_file = |state: &&FileState| matches!(state.is, FileKind::File | FileKind::HardLink);
        let Some(target) = self.files.get(target).filter(is_file) else {
            return;
        };
        let (len, sha256) = (target.len, target.sha256.clone());
        if let Some(state) = self.files.get_mut(path) {
            state.len = len;
            state.sha256 = sha256;
        }
    }
}

fn names(path: &str, state: &FileState) -> u64 {
    let link = state.link.as_ref().map_or(0, String::len);
    path.len().saturating_add(link) as u64
}
