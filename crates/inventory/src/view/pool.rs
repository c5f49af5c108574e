//! The pool itself.

use std::borrow::Cow;

use crate::{Record, Store};

/// A row of class `pool`. A database has one.
#[derive(Debug, Clone, Copy)]
pub struct Pool<'a>(pub Record<'a>);

impl<'a> Pool<'a> {
    /// The pool of a store; the first one, should there be several. Exports have none.
    #[must_use]
    pub fn of(store: Store<'a>) -> Option<Self> {
        store.of_class("pool").next().map(Self)
    }

    /// The coordinator, which older releases call the master.
    #[must_use]
    pub fn coordinator(&self) -> Option<Record<'a>> {
        self.0.follow("master")
    }

    /// The SR that new disks go to.
    #[must_use]
    pub fn default_sr(&self) -> Option<Record<'a>> {
        self.0.follow("default_SR")
    }

    /// Whether high availability is on.
    #[must_use]
    pub fn ha_enabled(&self) -> Option<bool> {
        self.0.bool("ha_enabled")
    }

    /// References and uuids of the VDIs that the pool itself uses: state files, redo logs and metadata.
    #[must_use]
    pub fn own_vdis(&self) -> Vec<Cow<'a, str>> {
        let mut vdis = Vec::new();
        for field in ["ha_statefiles", "metadata_VDIs"] {
            vdis.extend(self.0.set(field).unwrap_or_default());
        }
        vdis.extend(self.0.link("redo_log_vdi"));
        vdis
    }
}
