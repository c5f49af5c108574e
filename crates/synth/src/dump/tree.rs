//! A pool database as tables and rows that tests and faults can edit before it is written. How it is written is in
//! `write`; what is in it comes from `pool`.

use std::collections::BTreeMap;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The attribute `ref`.
    pub reference: String,
    /// `__ctime`: the generation at which the row was made.
    pub created: i64,
    /// `__mtime`: the generation of its last change.
    pub modified: i64,
    /// The columns, `_ref` included, with their text before white space is protected.
    pub columns: BTreeMap<String, String>,
}

impl Row {
    /// The text of a column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.columns.get(column).map(String::as_str)
    }

    /// Sets a column.
    pub fn set(&mut self, column: &str, text: impl Into<String>) {
        self.columns.insert(column.to_owned(), text.into());
    }

    /// `uuid`, empty where there is none.
    #[must_use]
    pub fn uuid(&self) -> &str {
        self.get("uuid").unwrap_or_default()
    }
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its rows in the order they are written.
    pub rows: Vec<Row>,
}

/// The whole database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump {
    /// Keys and values in order.
    pub manifest: Vec<(String, String)>,
    /// The tables in the order they are written.
    pub tables: Vec<Table>,
}

impl Dump {
    /// A value of the manifest.
    pub fn manifest_mut(&mut self, key: &str) -> Option<&mut String> {
        self.manifest
            .iter_mut()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value)
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The table of this name.
    pub fn table_mut(&mut self, name: &str) -> Option<&mut Table> {
        self.tables.iter_mut().find(|table| table.name == name)
    }

    /// The rows of a table, none when there is no such table.
    #[must_use]
    pub fn rows(&self, table: &str) -> &[Row] {
        self.table(table).map_or(&[], |table| &table.rows)
    }

    /// The first row of a table for which `pick` holds.
    pub fn row_mut(&mut self, table: &str, pick: impl Fn(&Row) -> bool) -> Option<&mut Row> {
        self.table_mut(table)?.rows.iter_mut().find(|row| pick(row))
    }

    /// Number of rows in all tables.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tables.iter().map(|table| table.rows.len()).sum()
    }

    /// Whether no table has rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
