//! The commands, one file each.

pub(crate) mod cat;
pub(crate) mod completions;
pub(crate) mod diff;
mod each;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod inspect;
pub(crate) mod ls;
pub(crate) mod man;
pub(crate) mod policy;
pub(crate) mod preflight;
pub(crate) mod prove;
pub(crate) mod redact;
pub(crate) mod refused;
pub(crate) mod report;
pub(crate) mod seal;
pub(crate) mod secrets;
pub(crate) mod verify;
