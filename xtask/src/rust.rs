//! Rust source text.

/// First line of a generated file. `what` is the argument that makes it.
pub(crate) fn banner(what: &str) -> String {
    format!("//! Made by `cargo run -p xtask -- {what}`. Not to be edited.\n")
}

/// A string literal.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}
