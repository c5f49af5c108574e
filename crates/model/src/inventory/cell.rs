//! Tables and what stands in them. In JSON a row is an object by the names of its columns, each value of its own type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

/// A table. Every row has a cell for every column, in the order of the columns.
///
/// A table whose first column is named `depth` is a tree: a row belongs to the nearest one above it that is less deep.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The columns, in the order in which to show them.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Column {
    /// Machine name, the key in JSON and the head in CSV.
    pub name: &'static str,
    /// Heading for people.
    pub title: &'static str,
    /// What its cells are.
    pub kind: ColumnKind,
    /// How readily it is left out where there is no room for all: those of the highest rank go first, rank 0 stays.
    #[serde(skip)]
    pub rank: u8,
}

/// What the cells of a column are. Any may be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A number.
    Int,
    /// A size in bytes.
    Bytes,
    /// A truth value.
    Bool,
    /// A point in time, as text of ISO 8601.
    Time,
    /// Several texts.
    List,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A number.
    Int(i64),
    /// A size in bytes.
    Bytes(u64),
    /// A truth value.
    Bool(bool),
    /// A point in time as text of ISO 8601: `2012-10-17T15:30:14Z`.
    Time(String),
    /// Several texts.
    List(Vec<String>),
    /// Nothing known.
    #[default]
    None,
}

impl Column {
    /// A column that stays whatever the room.
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str, kind: ColumnKind) -> Self {
        Self {
            name,
            title,
            kind,
            rank: 0,
        }
    }

    /// The column with a rank.
    #[must_use]
    pub const fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Position of a column.
    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|other| other.name == column)
    }

    /// A cell by row and column.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<&Cell> {
        self.rows.get(row)?.get(self.position(column)?)
    }

    /// Whether the rows make a tree.
    #[must_use]
    pub fn is_tree(&self) -> bool {
        self.columns
            .first()
            .is_some_and(|column| column.name == "depth")
    }

    /// A row as JSON shows it.
    pub fn row_object<'a>(&'a self, row: &'a [Cell]) -> impl Serialize + 'a {
        RowObject {
            columns: &self.columns,
            row,
            first: None,
        }
    }

    /// A row as JSON shows it, with one more member in front.
    pub fn row_object_of<'a>(
        &'a self,
        key: &'static str,
        value: &'a str,
        row: &'a [Cell],
    ) -> impl Serialize + 'a {
        RowObject {
            columns: &self.columns,
            row,
            first: Some((key, value)),
        }
    }
}

impl Cell {
    /// Text, unless it is empty.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }

    /// Whether nothing is known: no value, or a list without members.
    #[must_use]
    pub fn is_none(&self) -> bool {
        match self {
            Self::None => true,
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }
}

impl From<Option<Cow<'_, str>>> for Cell {
    fn from(text: Option<Cow<'_, str>>) -> Self {
        text.map_or(Self::None, |text| Self::text(text.into_owned()))
    }
}

impl From<Option<String>> for Cell {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::None, Self::text)
    }
}

impl From<Option<bool>> for Cell {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Self::None, Self::Bool)
    }
}

impl From<Option<i64>> for Cell {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::None, Self::Int)
    }
}

/// A size. What is negative or unknown is none.
impl From<Option<u64>> for Cell {
    fn from(bytes: Option<u64>) -> Self {
        bytes.map_or(Self::None, Self::Bytes)
    }
}

struct RowObject<'a> {
    columns: &'a [Column],
    row: &'a [Cell],
    first: Option<(&'static str, &'a str)>,
}

impl Serialize for RowObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((key, value)) = self.first {
            map.serialize_entry(key, value)?;
        }
        for (column, cell) in self.columns.iter().zip(self.row) {
            map.serialize_entry(column.name, cell)?;
        }
        map.end()
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Rows<'a>(&'a Table);
        impl Serialize for Rows<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let table = self.0;
                serializer.collect_seq(table.rows.iter().map(|row| table.row_object(row)))
            }
        }
        let mut shape = serializer.serialize_struct("Table", 2)?;
        shape.serialize_field("columns", &self.columns)?;
        shape.serialize_field("rows", &Rows(self))?;
        shape.end()
    }
}

/// What a table is in JSON.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct TableShape {
    /// The columns, in the order in which to show them.
    columns: Vec<Column>,
    /// The rows: an object each, by the names of the columns.
    rows: Vec<BTreeMap<String, Cell>>,
}

impl JsonSchema for Table {
    fn schema_name() -> Cow<'static, str> {
        "Table".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        TableShape::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_told_by_its_first_column() {
        let depth = Column::new("depth", "", ColumnKind::Int);
        let name = Column::new("name", "name", ColumnKind::Text);
        assert!(Table::new(&[depth, name]).is_tree());
        assert!(!Table::new(&[name, depth]).is_tree());
    }

    #[test]
    fn nothing_is_not_empty_text() {
        assert_eq!(Cell::text(""), Cell::None);
        assert!(Cell::List(Vec::new()).is_none());
        assert!(!Cell::Bool(false).is_none());
    }
}
