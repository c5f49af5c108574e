//! Readings of records by class: what a field means, and what has to be put together from several. One file a class or
//! family. Tables of them are in `section`.

mod device;
mod disk;
mod host;
mod nic;
mod pool;
mod snapshot;
mod sr;
mod vif;
mod vm;

pub use device::Device;
pub use disk::{Attachment, Disk, Orphan, disk_name};
pub use host::Host;
pub use nic::{Nic, NicKind};
pub use pool::Pool;
pub use snapshot::{Node, snapshot_trees};
pub use sr::{HIDDEN, Sr, shown_device_config};
pub use vif::Vif;
pub use vm::{Firmware, Role, Vm};
