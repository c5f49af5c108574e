//! Changes to the rows of a good pool database. Rows go by the labels that they were made with.

use crate::content::uuid;
use crate::dump::value::quoted;
use crate::dump::{Dump, Row, Schema, relink};

const SEED: u64 = 1;

/// A database being changed.
#[derive(Debug)]
pub(super) struct Editor {
    dump: Dump,
    before: Dump,
}

/// The reference of the row of this class and label.
pub(super) fn reference(class: &str, label: &str) -> String {
    format!("OpaqueRef:{}", uuid(SEED, &format!("ref {class} {label}")))
}

/// The uuid of the row of this class and label.
pub(super) fn identity(class: &str, label: &str) -> String {
    uuid(SEED, &format!("uuid {class} {label}"))
}

impl Editor {
    pub(super) fn new(dump: Dump) -> Self {
        Self {
            before: dump.clone(),
            dump,
        }
    }

    /// The changed database: set sides filled, rows in order, what changed marked as such.
    pub(super) fn finish(mut self) -> Dump {
        relink(&mut self.dump);
        let generation = count(&self.dump);
        let mut changes = 0;
        for table in &mut self.dump.tables {
            table.rows.sort_by(|a, b| a.reference.cmp(&b.reference));
            let known = self.before.rows(&table.name);
            for row in &mut table.rows {
                let same = known
                    .binary_search_by(|known| known.reference.cmp(&row.reference))
                    .ok()
                    .and_then(|at| known.get(at));
                if same != Some(row) {
                    changes += 1;
                    row.modified = generation + changes;
                }
                if same.is_none() {
                    row.created = row.modified;
                }
            }
        }
        set_count(&mut self.dump, generation + changes);
        self.dump
    }

    /// The database as one that was written after another.
    pub(super) fn later(mut dump: Dump, other: &Dump) -> Dump {
        set_count(&mut dump, count(other) + 2);
        dump
    }

    pub(super) fn rows(&mut self, class: &str) -> &mut Vec<Row> {
        &mut self
            .dump
            .table_mut(class)
            .expect("a table of that name")
            .rows
    }

    pub(super) fn row(&mut self, class: &str, label: &str) -> &mut Row {
        let reference = reference(class, label);
        self.dump
            .row_mut(class, |row| row.reference == reference)
            .unwrap_or_else(|| panic!("no {class} {label}"))
    }

    pub(super) fn set(&mut self, class: &str, label: &str, columns: &[(&str, &str)]) {
        let row = self.row(class, label);
        for (column, text) in columns {
            assert!(row.get(column).is_some(), "no {class}.{column}");
            row.set(column, *text);
        }
    }

    /// Puts one text in a column in the place of another, which is there.
    pub(super) fn replace(&mut self, class: &str, label: &str, column: &str, from: &str, to: &str) {
        let row = self.row(class, label);
        let text = row.get(column).unwrap_or_default();
        assert!(text.contains(from), "{class}.{column}: {text}");
        let text = text.replacen(from, to, 1);
        row.set(column, text);
    }

    /// Adds a pair to a map.
    pub(super) fn put(&mut self, class: &str, label: &str, column: &str, key: &str, value: &str) {
        self.append(
            class,
            label,
            column,
            &format!("({} {})", quoted(key), quoted(value)),
        );
    }

    /// Adds a member to a set.
    pub(super) fn join(&mut self, class: &str, label: &str, column: &str, member: &str) {
        self.append(class, label, column, &quoted(member));
    }

    fn append(&mut self, class: &str, label: &str, column: &str, item: &str) {
        let row = self.row(class, label);
        let text = row.get(column).unwrap_or_default();
        let items = text
            .trim_matches(|c| c == ' ')
            .strip_suffix(')')
            .unwrap_or("(");
        let gap = if items.len() > 1 { " " } else { "" };
        let text = format!("{items}{gap}{item})");
        row.set(column, text);
    }

    /// Adds a row with defaults in all columns but the given ones.
    pub(super) fn add(&mut self, class: &str, label: &str, columns: &[(&str, &str)]) {
        let own = reference(class, label);
        let mut row = Row {
            reference: own.clone(),
            created: 0,
            modified: 0,
            columns: Schema(603)
                .columns(class)
                .map(|(column, text)| (column.to_owned(), text.to_owned()))
                .collect(),
        };
        row.set("_ref", own);
        row.set("uuid", identity(class, label));
        self.rows(class).push(row);
        self.set(class, label, columns);
    }

    /// Copies rows from one label to another. What they say of one another is said of the copies.
    pub(super) fn copy(&mut self, rows: &[(&str, &str, &str)]) {
        let names: Vec<(String, String)> = rows
            .iter()
            .flat_map(|(class, from, to)| {
                [
                    (reference(class, from), reference(class, to)),
                    (identity(class, from), identity(class, to)),
                ]
            })
            .collect();
        for (class, from, to) in rows {
            let mut row = self.row(class, from).clone();
            row.reference = reference(class, to);
            for text in row.columns.values_mut() {
                for (old, new) in &names {
                    if text.contains(old.as_str()) {
                        *text = text.replace(old.as_str(), new);
                    }
                }
            }
            self.rows(class).push(row);
        }
    }

    pub(super) fn remove(&mut self, rows: &[(&str, &str)]) {
        for (class, label) in rows {
            let reference = self.row(class, label).reference.clone();
            self.rows(class).retain(|row| row.reference != reference);
        }
    }

    /// Gives all rows the columns that a newer schema has, with their defaults, and the database its number.
    pub(super) fn raise(&mut self, schema: u32) {
        for table in &mut self.dump.tables {
            for (column, default) in Schema(schema).columns(&table.name) {
                for row in &mut table.rows {
                    if row.get(column).is_none() {
                        row.set(column, default);
                    }
                }
            }
        }
        if let Some(text) = self.dump.manifest_mut("schema_minor_vsn") {
            *text = schema.to_string();
        }
    }
}

/// `generation_count`.
pub(super) fn count(dump: &Dump) -> i64 {
    let pair = dump
        .manifest
        .iter()
        .find(|(key, _)| key == "generation_count");
    pair.and_then(|(_, text)| text.parse().ok())
        .unwrap_or_default()
}

fn set_count(dump: &mut Dump, generation: i64) {
    if let Some(text) = dump.manifest_mut("generation_count") {
        *text = generation.to_string();
    }
}
