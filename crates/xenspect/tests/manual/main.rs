//! The manual and the recipes hold: every example is run and answers as it is written, every option and command that a page
//! names is there, every page is in the book, every link leads somewhere. `XENSPECT_BLESS=1` writes the answers of the examples
//! into the pages; look at the difference before you keep it.

mod book;
mod examples;
mod help;
mod page;
mod recipes;
mod scene;
mod shell;

use std::fmt::Arguments;
use std::path::PathBuf;

/// The repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The sources of the book.
fn source() -> PathBuf {
    root().join("docs/manual/src")
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
