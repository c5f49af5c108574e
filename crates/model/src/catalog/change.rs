//! What became of a file while it was read.

/// Why the file at an input's path is not the one that it was before the input was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was written to: its length or its time of change is another one. Lengths are in bytes.
    Written {
        /// The length before.
        before: u64,
        /// The length behind the reading.
        now: u64,
    },
    /// Another file has its name.
    Replaced,
    /// There is no file of its name any more, or none that can be looked at.
    Gone,
}
