//! Pool database dumps (`formats/pool-db.md`), any schema, without knowing one.
//!
//! - [`Reader`]: a dump as a stream of [`Event`]s, one row in memory at a time.
//! - [`Database`]: all of it, by table, reference and uuid. It borrows the document and keeps an index of it.
//! - [`write`](mod@write): a database back to the bytes xapi would have written.
//! - [`redo_log`]: the block device that holds a dump and what changed since.
//!
//! A value here is raw attribute text; [`crate::value`] takes its layers off and [`crate::datamodel`] knows its type.

mod cells;
mod compare;
mod database;
mod error;
mod event;
mod form;
mod index;
mod indexed;
mod limits;
mod oddity;
mod parts;
mod reader;
pub mod redo_log;
mod shape;
mod split;
mod tag;
#[cfg(test)]
mod tests;
mod unindexed;
mod view;
pub mod write;

pub use database::Database;
pub use error::{Error, ErrorKind};
pub use event::{Event, Pair, RowEvent};
pub use limits::DumpLimits;
pub use oddity::{Oddities, Oddity, OddityKind};
pub use parts::{Part, Parted};
pub use reader::Reader;
pub use split::Split;
pub use tag::Attribute;
pub use unindexed::{ByReference, ByUuid, Unindexed};
pub use view::{Row, Rows, Table};

fn offset_of(position: usize) -> u64 {
    u64::try_from(position).unwrap_or(u64::MAX)
}
