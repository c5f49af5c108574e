//! Host backups with one fault each: exactly the findings that it must give, and what a restore would come to.

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod archive;
mod boot;
mod build;
mod databases;
mod every_code;
mod faults;
mod identity;
mod inventory;
mod mutations;
mod real;
mod restore;
mod scanned;
