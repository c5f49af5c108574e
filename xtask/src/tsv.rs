//! Tab-separated tables with a header line. Lines that start with `#` are comments.

use crate::Result;

/// A table, cells by the names of its header.
pub(crate) struct Table<'a> {
    header: Vec<&'a str>,
    rows: Vec<Vec<&'a str>>,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'t> {
    header: &'t [&'t str],
    cells: &'t [&'t str],
}

impl<'a> Table<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self> {
        let mut lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.split('\t').collect::<Vec<_>>());
        let header = lines.next().ok_or("a table without a header")?;
        let rows: Vec<_> = lines.collect();
        match rows.iter().find(|row| row.len() != header.len()) {
            Some(row) => Err(format!("a row of another length than the header: {row:?}").into()),
            None => Ok(Table { header, rows }),
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row {
            header: &self.header,
            cells,
        })
    }
}

impl<'t> Row<'t> {
    pub(crate) fn get(&self, name: &str) -> Result<&'t str> {
        let at = self.header.iter().position(|column| *column == name);
        match at.and_then(|at| self.cells.get(at)) {
            Some(cell) => Ok(cell),
            None => Err(format!("no column {name}").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn cells_by_name() {
        let table = Table::parse("# note\na\tb\n1\t2\n").unwrap();
        let row = table.rows().next().unwrap();
        assert_eq!(row.get("b").unwrap(), "2");
        assert!(row.get("c").is_err());
        assert!(Table::parse("a\tb\n1\n").is_err());
        assert!(Table::parse("").is_err());
    }
}
