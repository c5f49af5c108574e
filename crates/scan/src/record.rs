//! The manifest as it grows: the walk adds the members in their order, and whoever has read one sets its digest.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xenspect_archive::tar::Member;
use xenspect_model::catalog::{Attributes, Manifest, ManifestEntry, Sha256, SumState};

use crate::options::Limits;

/// A member of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry(usize);

/// The manifest, shared by the walk and the workers.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    manifest: Arc<Mutex<Manifest>>,
    /// Members that are kept at most.
    most: usize,
    /// Bytes of their names that are kept at most.
    most_names: u64,
}

impl Record {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            manifest: Arc::default(),
            most: limits.members,
            most_names: limits.names,
        }
    }

    fn manifest(&self) -> MutexGuard<'_, Manifest> {
        // A worker that failed makes the catalog useless anyhow.
        self.manifest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a member of which nothing was read yet. `None` where there is no room for it.
    pub(crate) fn member(&self, member: &Member) -> Option<Entry> {
        self.add(&ManifestEntry {
            name: Cow::Borrowed(&member.name),
            size: member.size,
            sha256: None,
            offset: member.header_offset,
            start: None,
            sum: SumState::None,
            attributes: None,
        })
    }

    /// Adds a member.
    pub(crate) fn add(&self, entry: &ManifestEntry<'_>) -> Option<Entry> {
        let mut manifest = self.manifest();
        let index = manifest.len();
        if index >= self.most || manifest.name_bytes_with(&entry.name) > self.most_names {
            manifest.left_out = manifest.left_out.saturating_add(1);
            return None;
        }
        manifest.push(entry);
        Some(Entry(index))
    }

    /// Sets the digest of a member; `None` where it could not be read.
    pub(crate) fn found(&self, entry: Entry, sha256: Option<Sha256>, sum: SumState) {
        self.manifest().found(entry.0, sha256, sum);
    }

    /// Sets where a block lies on its disk.
    pub(crate) fn placed(&self, entry: Entry, start: u64) {
        self.manifest().placed(entry.0, start);
    }

    /// Sets how long the contents are, where that is not what the header says.
    pub(crate) fn sized(&self, entry: Entry, size: u64) {
        self.manifest().sized(entry.0, size);
    }

    /// Sets the digest of what is no contents.
    pub(crate) fn attributes(&self, entry: Entry, attributes: Attributes) {
        self.manifest().described(entry.0, attributes);
    }

    /// Says whether the walk came to the proper end and met everything on its way.
    pub(crate) fn complete(&self, complete: bool) {
        let mut manifest = self.manifest();
        manifest.complete = complete && manifest.left_out == 0;
    }

    /// The manifest, when everybody is done.
    pub(crate) fn into_manifest(self) -> Manifest {
        std::mem::take(&mut *self.manifest())
    }
}
