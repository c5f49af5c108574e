//! Why a scan gives no catalog at all. What is wrong *within* a backup is a fact of the catalog.

use std::io;

/// The input cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It has no bytes.
    #[error("is empty: it has no bytes")]
    Empty,
    /// The storage refused the first bytes.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// All that was looked at are zeros.
    #[error("holds nothing but zeros: an allocated file that was never written, or a lost one")]
    Zeros,
    /// Its contents are unknown.
    #[error(
        "is not a backup that xenspect knows (neither a tar archive, nor one packed by gzip or zstd)"
    )]
    NotTar,
    /// Its contents are unknown, and parts of them cannot be read.
    #[error(
        "is not a backup that xenspect knows, as far as it can be read; of the rest the storage says: {0}. Look at the system log, and copy it to other storage (`ddrescue` keeps what can be read)"
    )]
    Unread(String),
    /// Its contents are something else that is known.
    #[error("is {what}, not a backup that xenspect knows; {next}")]
    Foreign {
        /// What it is, with an article.
        what: &'static str,
        /// What can be done.
        next: &'static str,
    },
    /// Packed by bzip2, in which no backup comes from its exporter.
    #[error(
        "is bzip2 data, in which no backup is read: unpack it (`bunzip2`), and give what comes out"
    )]
    Bzip2,
    /// Compressed, and what comes out is unknown.
    #[error("is {0} data, but what is packed in it is not a backup that xenspect knows")]
    NotTarInside(&'static str),
    /// Compressed, and cannot be decompressed from the start.
    #[error(
        "begins like {envelope} data, but breaks before the first member; the decompressor says: {reason}"
    )]
    BrokenAtOnce {
        /// The compression.
        envelope: &'static str,
        /// What the decompressor says.
        reason: String,
    },
    /// A pool database or redo log whose compression breaks before its parser knows enough.
    #[error(
        "is {envelope} data that breaks before the pool database in it can be read; the decompressor says: {reason}"
    )]
    BrokenInside {
        /// The compression.
        envelope: &'static str,
        /// What the decompressor says.
        reason: String,
    },
    /// A tar archive of something else.
    #[error(
        "is a tar archive, but no XVA: it has neither ova.xml nor blocks (its first member is {first:?})"
    )]
    OtherTar {
        /// Name of the first member, lossily decoded and shortened.
        first: String,
    },
    /// A host backup, where an export was to be written anew.
    #[error(
        "is a host backup (xe host-backup), which is not written anew; take the pool database var/backup/pool-database-* out of it (`xenspect cat`) for that"
    )]
    HostBackup,
    /// Bytes that were to be a pool database are something else that is known.
    #[error("is no pool database, but something else that xenspect reads")]
    NoDatabase,
    /// An XML document of something else.
    #[error(
        "is an XML document, but neither a pool database (its first element would be `database`) nor an ova.xml (`value`)"
    )]
    OtherXml,
    /// A document longer than what is held in memory.
    #[error("is a document of more than {limit} bytes, the most that is read")]
    DocumentTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A pool database or redo log that cannot be read, or passes a limit.
    #[error("is no readable pool database: {0}")]
    Database(#[from] xenspect_xapi::db::Error),
    /// The run was stopped before anything was known.
    #[error("the run was interrupted before it could be told what the input is")]
    Interrupted,
}
