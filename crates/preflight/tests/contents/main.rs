//! Storage, VMs and hosts of a pool database, other pools, and what would change: one fault at a time, against exactly
//! what must be said.

mod build;
mod changes;
mod clashes;
mod faults;
mod unknown;
