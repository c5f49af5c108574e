//! The budget for reading a dump. Only the numbers live here; whoever allocates checks them first.

/// What one dump may cost. The largest real ones are some tens of megabytes with some hundred columns in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DumpLimits {
    /// Largest input in bytes. Default 1 GiB.
    pub bytes: usize,
    /// How deep elements may nest; a dump needs four levels. Default 32.
    pub depth: usize,
    /// Number of attributes on one element. Default 1024.
    pub attributes: usize,
    /// Longest value in bytes, as it stands in the document. Default 64 MiB.
    pub value_bytes: usize,
    /// Number of rows. Default 4 000 000.
    pub rows: usize,
    /// Number of tables, and of manifest pairs. Default 4096.
    pub tables: usize,
    /// Number of different column names. Default 65 536. Only [`Database`](super::Database) keeps them.
    pub columns: usize,
    /// How many oddities of one kind are kept in full; the rest are counted. Default 1000.
    pub oddities: usize,
}

impl Default for DumpLimits {
    fn default() -> Self {
        DumpLimits {
            bytes: 1 << 30,
            depth: 32,
            attributes: 1024,
            value_bytes: 64 << 20,
            rows: 4_000_000,
            tables: 4096,
            columns: 65_536,
            oddities: 1000,
        }
    }
}
