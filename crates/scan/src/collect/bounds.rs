//! Bounds on what a container can make us hold.

use crate::options::Options;

/// Largest file that is no database: text files of a host have some kilobytes.
const TEXT: u64 = 16 << 20;
/// Files of one container.
const FILES: usize = 4096;

/// Bounds for one container.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Largest database in bytes.
    dump: u64,
    /// Bytes of all files.
    pub(super) total: u64,
    /// Number of files.
    pub(super) files: usize,
}

impl Bounds {
    pub(crate) fn of(options: &Options) -> Self {
        let dump = options.limits.dump;
        Self {
            dump,
            total: dump.saturating_mul(2),
            files: FILES,
        }
    }

    /// Bytes that a file of this name may have.
    pub(super) fn of_file(self, name: &str) -> u64 {
        let last = name.rsplit('/').next().unwrap_or(name);
        let database = last.ends_with(".xml")
            || last.ends_with(".db")
            || last.contains("pool-database-")
            || last.contains("pool-dump");
        if database {
            self.dump
        } else {
            self.dump.min(TEXT)
        }
    }
}
