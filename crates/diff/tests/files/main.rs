//! Files of two host backups.

mod any;
#[cfg(unix)]
mod archives;
mod changes;
mod keys;
mod support;
mod unread;
