//! The table of files as it grows, within its bounds.

use std::collections::BTreeMap;

use xenspect_model::diff::{FileKind, FileState};

use super::TreeLimits;

/// Files by path.
#[derive(Debug)]
pub(crate) struct Table {
    limits: TreeLimits,
    pub(crate) files: BTreeMap<String, FileState>,
    /// Files beyond the bounds.
    pub(crate) left_out: u64,
    /// Bytes of paths and links.
    names: u64,
}

impl Table {
    pub(crate) fn new(limits: &TreeLimits) -> Self {
        Self {
            limits: limits.clone(),
            files: BTreeMap::new(),
            left_out: 0,
            names: 0,
        }
    }

    /// Takes a file, in the place of an earlier one of its name. `false` where there is no room: it is counted then, and
    /// the earlier one, which it would have replaced, is gone.
    pub(crate) fn insert(&mut self, path: String, state: FileState) -> bool {
        if let Some(earlier) = self.files.remove(&path) {
            self.names = self.names.saturating_sub(names(&path, &earlier));
        }
        let more = self.names.saturating_add(names(&path, &state));
        if self.files.len() >= self.limits.files || more > self.limits.names {
            self.left_out = self.left_out.saturating_add(1);
            return false;
        }
        self.names = more;
        self.files.insert(path, state);
        true
    }

    pub(crate) fn set_length(&mut self, path: &str, length: u64) {
        if let Some(state) = self.files.get_mut(path) {
            state.len = Some(length);
        }
    }

    pub(crate) fn set_digest(&mut self, path: &str, digest: String) {
        if let Some(state) = self.files.get_mut(path) {
            state.sha256 = Some(digest);
        }
    }

    /// Gives a hard link what its target has.
    pub(crate) fn link(&mut self, path: &str, target: &str) {
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
