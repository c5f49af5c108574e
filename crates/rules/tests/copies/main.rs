//! What is said of an input by what lies beside it, and of a folder of backups.

mod sidecars;
mod store;
