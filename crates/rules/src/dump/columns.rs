//! Which columns the rows of each table have, added up by shape. What it means if one is missing or unknown is said in
//! `contents`.

use std::collections::{BTreeMap, HashMap};

use xenspect_xapi::db::Database;

use super::{Context, contents};
use crate::sink::Sink;

/// Which columns the rows of each table have.
pub(super) struct Columns<'d> {
    tables: BTreeMap<&'d str, Table<'d>>,
}

struct Table<'d> {
    rows: u64,
    /// Rows that have a column.
    with: BTreeMap<&'d str, u64>,
}

impl<'d> Columns<'d> {
    pub(super) fn of(database: &'d Database<'_>) -> Self {
        let tables = database.tables().map(|table| {
            let mut shapes: HashMap<u32, u64> = HashMap::new();
            let mut last = (u32::MAX, 0);
            for row in table.rows() {
                let shape = row.shape();
                if shape != last.0 {
                    *shapes.entry(last.0).or_default() += last.1;
                    last = (shape, 0);
                }
                last.1 += 1;
            }
            *shapes.entry(last.0).or_default() += last.1;
            let mut with: BTreeMap<&str, u64> = BTreeMap::new();
            for (&shape, &rows) in shapes.iter().filter(|(_, rows)| **rows > 0) {
                for column in database.shape_names(shape) {
                    *with.entry(column).or_default() += rows;
                }
            }
            let rows = table.len() as u64;
            (table.name(), Table { rows, with })
        });
        Self {
            tables: tables.collect(),
        }
    }

    /// Whether all rows of a table have a column. A table without rows has every column.
    pub(super) fn in_all_rows(&self, table: &str, column: &str) -> bool {
        self.tables
            .get(table)
            .is_some_and(|table| table.with.get(column).copied().unwrap_or_default() >= table.rows)
    }

    /// Columns that no class has, and columns that some rows lack.
    pub(super) fn judge(&self, context: Context<'_>, sink: &mut Sink) {
        for (&name, table) in &self.tables {
            contents::columns(context, name, table.rows, &table.with, sink);
        }
    }
}
