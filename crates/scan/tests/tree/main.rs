//! All files of a host backup: of archives by the system's tar, and of hostile ones.
#![cfg(unix)]

mod archives;
mod counted;
mod cut;
mod hostile;
mod others;
mod scanned;
mod stream;
mod support;
