//! Commands that are more than a call of the library.

mod host_backup;
mod store;
mod stream;

pub(crate) use host_backup::{HostBackupArgs, host_backup};
pub(crate) use store::{StoreArgs, store};
pub(crate) use stream::{StreamArgs, stream};
