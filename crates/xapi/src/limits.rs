//! The budget a caller gives a parser. Only the numbers live here; each parser checks them before it allocates.

/// What one document may cost. A limit that is passed is an [`ErrorKind`](crate::ErrorKind) of its own, so that "too
/// big for this run" is never mistaken for damage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest document in bytes. Default 256 MiB.
    pub bytes: usize,
    /// How deep values (or, outside XML-RPC, elements) may nest. xapi's own exports stay below ten. Default 64; more
    /// than [`Limits::MAX_DEPTH`] counts as that.
    pub depth: usize,
    /// Number of values in one document, nested ones included. Default 4 000 000.
    pub values: usize,
    /// Number of attributes on one element. Default 256.
    pub attributes: usize,
    /// How many oddities of one kind are kept in full; the rest are counted. Default 1000.
    pub oddities: usize,
}

impl Limits {
    /// The greatest depth that can be asked for. A nested value is dropped and compared by recursion, which this keeps
    /// within the smallest usual stack.
    pub const MAX_DEPTH: usize = 1024;

    pub(crate) fn effective_depth(&self) -> usize {
        self.depth.min(Self::MAX_DEPTH)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 256 << 20,
            depth: 64,
            values: 4_000_000,
            attributes: 256,
            oddities: 1000,
        }
    }
}
