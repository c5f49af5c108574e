//! The datamodel: which column of which class has which type, over all releases. The table in `generated` is made from
//! the published model by `cargo run -p xtask -- datamodel`; decoding by it lives here. Which schema has which column
//! is not said: a vendor's build may add columns, and one that the API has dropped stays in dumps for some releases.
//!
//! ```
//! use xenspect_xapi::datamodel::{self, Type, Value};
//!
//! let slaves = datamodel::field("Bond", "slaves").unwrap();
//! assert_eq!(slaves.ty, Type::Set(&Type::Ref("PIF")));
//! assert_eq!(datamodel::decode("VM", "memory__static_max", "1024"), Value::Int(1024));
//! assert_eq!(datamodel::decode("VM", "no_such_column", "x"), Value::Unknown("x".into()));
//! ```

mod date_time;
mod decode;
#[rustfmt::skip]
mod generated;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use date_time::DateTime;
pub(crate) use decode::is_float;
pub use decode::{Value, Why, decode, decode_as};
use generated::FIELDS;

/// The type of a column (`formats/pool-db.md` section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text.
    String,
    /// A 64-bit integer.
    Int,
    /// `true` or `false`.
    Bool,
    /// A number.
    Float,
    /// A point in time.
    DateTime,
    /// One of a named list of words. The words are not in the table.
    Enum(&'static str),
    /// A reference to a row of a class.
    Ref(&'static str),
    /// Any number of one type.
    Set(&'static Type),
    /// Keys of one type, each with a value of another.
    Map(&'static Type, &'static Type),
    /// A set of none or one.
    Option(&'static Type),
    /// A record of a class. Columns of this type are in classes that never have rows.
    Record(&'static str),
    /// Not in the published model: a column that dumps have nevertheless.
    Unlisted,
}

/// Who sets a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// Clients may write it.
    ReadWrite,
    /// Clients give it once, when the object is made.
    Constructor,
    /// Only xapi writes it.
    Runtime,
    /// Not in the published model.
    Unlisted,
}

/// A column of a class. Releases are named as in [`crate::releases::releases`]; an empty name means never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The class, which is the table's name.
    pub class: &'static str,
    /// The column.
    pub column: &'static str,
    /// Name of the field in the API; empty when it is not in the published model.
    pub api_field: &'static str,
    /// Its type.
    pub ty: Type,
    /// Who sets it.
    pub qualifier: Qualifier,
    /// Release that brought it.
    pub since: &'static str,
    /// Release that deprecated it.
    pub deprecated: &'static str,
    /// Release that took it out of the API. Dumps of that release may still have the column.
    pub removed: &'static str,
    /// Its default as the model prints it; empty when it has none.
    pub default: &'static str,
    /// Found in a real dump; else the name is derived from the rule for column names.
    pub observed: bool,
}

/// All columns, by class, then by column, both in the order of bytes.
pub fn fields() -> &'static [Field] {
    FIELDS
}

/// The column of a class. `_ref` is a column of every table and of no class, so it is not here.
pub fn field(class: &str, column: &str) -> Option<&'static Field> {
    // The keys of a static map are as good as shorter-lived ones.
    let index: &HashMap<(&str, &str), &'static Field> = &INDEX;
    index.get(&(class, column)).copied()
}

/// Decoding a dump looks up every value, for which a search in the table is the larger part of the cost.
static INDEX: LazyLock<HashMap<(&str, &str), &Field>> = LazyLock::new(|| {
    let key = |field: &'static Field| ((field.class, field.column), field);
    FIELDS.iter().map(key).collect()
});

/// The field of a class by its name in the API, which records of an export have.
pub(crate) fn api_field(class: &str, name: &str) -> Option<&'static Field> {
    let index: &HashMap<(&str, &str), &'static Field> = &API_INDEX;
    index.get(&(class, name)).copied()
}

static API_INDEX: LazyLock<HashMap<(&str, &str), &Field>> = LazyLock::new(|| {
    let listed = FIELDS.iter().filter(|field| !field.api_field.is_empty());
    let key = |field: &'static Field| ((field.class, field.api_field), field);
    listed.map(key).collect()
});

/// The columns of a class.
pub fn fields_of(class: &str) -> &'static [Field] {
    let start = FIELDS.partition_point(|field| field.class < class);
    let rest = FIELDS.get(start..).unwrap_or_default();
    let count = rest.partition_point(|field| field.class == class);
    rest.get(..count).unwrap_or_default()
}
