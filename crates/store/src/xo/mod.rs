//! Folders of backups as Xen Orchestra lays them out, judged by names, lengths and the small JSON files alone.
//!
//! From its source (`@xen-orchestra/backups` and `@xen-orchestra/backup-archive`, as of 2026):
//!
//! ```text
//! xo-vm-backups/VM/NAME.json              describes a backup; NAME is YYYYMMDDThhmmssZ, with _SCHEDULE behind it in later versions
//! xo-vm-backups/VM/NAME.xva               a full backup: what xapi exported, plain, gzip or zstd
//! xo-vm-backups/VM/NAME.xva.checksum      of its stored bytes; later versions remove it when they clean up
//! xo-vm-backups/VM/vdis/JOB/VDI/NAME.vhd  a disk of a delta backup, or NAME.alias.vhd, which leads to a folder below data/
//! xo-vm-backups/VM/cache.json.gz          all the JSON files at once
//! xo-vm-backups/VM.lock                   a folder (or an empty object), while a job is at work on the VM
//! xo-pool-metadata-backups/SCHEDULE/POOL/NAME/{metadata.json,data}   data is a pool database in XML, never packed
//! xo-config-backups/SCHEDULE/NAME/{metadata.json,data.json or data}
//! xo-backup-log/DAY/…                     a log of what was written and removed
//! encryption.json                         {"algorithm": "none"}, or another one: all but checksums and the log is encrypted then
//! ```
//!
//! Data is written to `.NAME` in the same folder and renamed when it is whole (`abstract.js`, `_outputStream`); the JSON follows.
//! The state of a merge is `.NAME.vhd.merge.json`.

mod describe;
mod place;
mod survey;

pub use describe::{DESCRIPTION_LIMIT, Description, Mode, describe};
pub use place::{MARKS, Place, place};
pub use survey::{Entry, EntryKind, Passed, Role, Survey, survey};

#[cfg(test)]
mod tests;
