//! The pool databases in a host backup, as they come. Of a name that is there twice the last one counts.

use xenspect_archive::tar::Member;
use xenspect_model::catalog::{EmbeddedDatabase, EmbeddedState};
use xenspect_model::report::Envelope;

use super::names::is_database;
use crate::document;
use crate::options::Options;

/// Databases that are told; a host has a handful.
const MOST: usize = 256;

/// Databases within bounds.
#[derive(Debug)]
pub(super) struct Databases<'a> {
    options: &'a Options,
    pub(super) found: Vec<EmbeddedDatabase>,
    /// Bytes that are held.
    held: u64,
    /// Those beyond the number that is told.
    pub(super) left_out: u64,
}

impl<'a> Databases<'a> {
    pub(super) fn new(options: &'a Options) -> Self {
        Self {
            options,
            found: Vec::new(),
            held: 0,
            left_out: 0,
        }
    }

    /// Forgets what was there under this name.
    pub(super) fn forget(&mut self, path: &str) {
        if !is_database(path) {
            return;
        }
        if let Some(at) = self.found.iter().position(|there| there.path == path) {
            let gone = self.found.remove(at);
            if let EmbeddedState::Read(dump) = gone.state {
                self.held = self.held.saturating_sub(dump.stream_bytes);
            }
        }
    }

    /// Whether there is room for one of so many bytes. `false` where it is to be told that it is too large.
    pub(super) fn has_room(&self, size: u64) -> bool {
        let limit = self.options.limits.dump;
        let all = self.held.saturating_add(size);
        size <= limit && all <= limit.saturating_mul(2) && self.found.len() < MOST
    }

    /// Reads one.
    pub(super) fn read(&mut self, member: &Member, path: String, bytes: Vec<u8>) {
        let len = bytes.len() as u64;
        let state = match document::embedded(bytes, Envelope::Plain, self.options) {
            Ok(dump) => {
                self.held = self.held.saturating_add(len);
                EmbeddedState::Read(Box::new(dump))
            }
            Err(error) => EmbeddedState::Unusable(error.to_string()),
        };
        self.tell(member, path, state);
    }

    /// Says what became of one.
    pub(super) fn tell(&mut self, member: &Member, path: String, state: EmbeddedState) {
        if self.found.len() >= MOST {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        self.found.push(EmbeddedDatabase {
            path,
            offset: member.header_offset,
            modified: member.mtime.and_then(|mtime| i64::try_from(mtime).ok()),
            state,
        });
    }
}
