//! Host backups against the host that they would be restored to (`formats/host-backup.md` sections 4 to 6): a good pair,
//! and pairs with one thing in the way.

mod build;
mod database;
mod hostile;
mod identity;
mod stages;
