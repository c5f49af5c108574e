//! Which tables and columns a schema has, and what stands in a column nobody set. The list itself is `schema.txt`: a
//! class with its first schema, then its columns with the first schema, the schema that dropped it (or `-`), a letter
//! for the type and the default where it is not that of the type.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static LIST: &str = include_str!("schema.txt");

/// The first schema whose dumps lack the columns that the API dropped long before (`formats/pool-db.md` section 2.1).
const DROPS_REMOVED: u32 = 775;

struct Column {
    since: u32,
    dropped: Option<u32>,
    default: &'static str,
}

struct Class {
    since: u32,
    never: bool,
    columns: BTreeMap<&'static str, Column>,
}

static CLASSES: LazyLock<BTreeMap<&'static str, Class>> = LazyLock::new(read);

fn read() -> BTreeMap<&'static str, Class> {
    let mut classes = BTreeMap::new();
    let mut name = "";
    for line in LIST.lines() {
        if let Some(line) = line.strip_prefix(' ') {
            let (column, rest) = line.split_once(' ').expect("a column and its schema");
            let mut words = rest.splitn(4, ' ');
            let since = number(words.next());
            let dropped = words.next().and_then(|word| word.parse().ok());
            let default = default(words.next().expect("a type"), words.next());
            let class: &mut Class = classes.get_mut(name).expect("columns follow their class");
            class.columns.insert(
                column,
                Column {
                    since,
                    dropped,
                    default,
                },
            );
        } else {
            let mut words = line.split(' ');
            name = words.next().expect("a class");
            let since = number(words.next());
            let never = words.next() == Some("never");
            classes.insert(
                name,
                Class {
                    since,
                    never,
                    columns: BTreeMap::new(),
                },
            );
        }
    }
    classes
}

fn number(word: Option<&str>) -> u32 {
    word.and_then(|word| word.parse().ok())
        .expect("a schema number")
}

fn default(ty: &str, given: Option<&'static str>) -> &'static str {
    given.unwrap_or(match ty {
        "i" => "0",
        "b" => "false",
        "f" => "0.",
        "d" => "19700101T00:00:00Z",
        "r" => "OpaqueRef:NULL",
        "S" | "M" => "()",
        _ => "",
    })
}

/// One schema, `5.minor`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema(pub(crate) u32);

impl Schema {
    /// Its tables, ascending.
    pub(crate) fn tables(self) -> impl Iterator<Item = &'static str> {
        CLASSES
            .iter()
            .filter(move |(_, class)| class.since <= self.0)
            .map(|(name, _)| *name)
    }

    pub(crate) fn has_table(self, table: &str) -> bool {
        CLASSES
            .get(table)
            .is_some_and(|class| class.since <= self.0)
    }

    /// Tables that never have rows (`formats/pool-db.md` section 5).
    pub(crate) fn never_stored(table: &str) -> bool {
        CLASSES.get(table).is_some_and(|class| class.never)
    }

    fn has(self, column: &Column) -> bool {
        column.since <= self.0
            && (self.0 < DROPS_REMOVED || column.dropped.is_none_or(|schema| schema > self.0))
    }

    /// The columns of a table with their defaults, ascending.
    pub(crate) fn columns(self, table: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
        let class = CLASSES.get(table);
        class
            .into_iter()
            .flat_map(|class| &class.columns)
            .filter(move |(_, column)| self.has(column))
            .map(|(name, column)| (*name, column.default))
    }

    pub(crate) fn has_column(self, table: &str, column: &str) -> bool {
        CLASSES
            .get(table)
            .and_then(|class| class.columns.get(column))
            .is_some_and(|column| self.has(column))
    }

    /// Whether any schema has the column: what a recipe sets must at least be spelled right.
    pub(crate) fn knows(table: &str, column: &str) -> bool {
        CLASSES
            .get(table)
            .is_some_and(|class| class.columns.contains_key(column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_columns_come_and_go() {
        assert_eq!(Schema(909).tables().count(), 73);
        assert!(!Schema(61).has_table("PCI") && Schema(63).has_table("PCI"));
        assert!(
            Schema(603).has_column("VBD", "metrics") && !Schema(783).has_column("VBD", "metrics")
        );
        assert!(Schema::never_stored("task") && !Schema::never_stored("VM"));
        assert_eq!(
            Schema(603).columns("PIF").find(|(name, _)| *name == "VLAN"),
            Some(("VLAN", "0"))
        );
    }
}
