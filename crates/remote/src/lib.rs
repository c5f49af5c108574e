//! Backups in object stores, read by ranges or in one stream.
