//! From rows to the bytes of a dump (`formats/pool-db.md` sections 2, 3 and 7). Nothing is decided here but spelling.

use std::io::{self, Write};

use super::tree::{Dump, Row};
use super::value::{Protection, attribute, unprotected};

/// The XML declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Declaration {
    /// None.
    None,
    /// With double quotes, as xapi writes it.
    Double,
    /// With single quotes, as the bug tool's serialiser writes it.
    Single,
}

/// Order of the columns of a row behind `ref`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By bytes.
    Ascending,
    /// By bytes, backwards: schema 63.
    Descending,
    /// That of a hash table: schemas up to 61. Tables too are in that order.
    Hash,
}

/// White space between elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// None at all.
    OneLine,
    /// Each element on a line of its own, indented by tabs, with this line end.
    Lines(&'static str),
}

/// Differences between writers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Style {
    /// The declaration.
    pub declaration: Declaration,
    /// Protection of spaces.
    pub protection: Protection,
    /// Order of columns.
    pub order: Order,
    /// Whether rows have `__ctime` and `__mtime`.
    pub bookkeeping: bool,
    /// White space between elements.
    pub layout: Layout,
    /// End of elements without content: `/>` or ` />`.
    pub empty_end: &'static str,
}

impl Style {
    /// How xapi of this schema writes.
    #[must_use]
    pub fn of_schema(minor: u32) -> Self {
        Self {
            declaration: if minor > 66 {
                Declaration::Double
            } else {
                Declaration::None
            },
            protection: if minor >= 133 {
                Protection::Every
            } else {
                Protection::Pairs
            },
            order: match minor {
                0..=61 => Order::Hash,
                62..=63 => Order::Descending,
                _ => Order::Ascending,
            },
            bookkeeping: minor > 63,
            layout: Layout::OneLine,
            empty_end: "/>",
        }
    }
}

/// Writes a dump piece by piece.
pub(crate) struct Writer<W> {
    out: W,
    style: Style,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    pub(crate) fn new(out: W, style: Style) -> Self {
        Self {
            out,
            style,
            line: Vec::new(),
        }
    }

    fn element(&mut self, depth: usize, text: &str) -> io::Result<()> {
        self.indent(depth)?;
        self.out.write_all(text.as_bytes())?;
        self.line_end()
    }

    fn indent(&mut self, depth: usize) -> io::Result<()> {
        match self.style.layout {
            Layout::OneLine => Ok(()),
            Layout::Lines(_) => self.out.write_all(&b"\t\t\t"[..depth]),
        }
    }

    fn line_end(&mut self) -> io::Result<()> {
        match self.style.layout {
            Layout::OneLine => Ok(()),
            Layout::Lines(end) => self.out.write_all(end.as_bytes()),
        }
    }

    pub(crate) fn start(&mut self, manifest: &[(String, String)]) -> io::Result<()> {
        let declaration = match self.style.declaration {
            Declaration::None => "",
            Declaration::Double => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            Declaration::Single => "<?xml version='1.0' encoding='UTF-8'?>\n",
        };
        self.out.write_all(declaration.as_bytes())?;
        self.element(0, "<database>")?;
        self.element(1, "<manifest>")?;
        for (key, value) in manifest {
            let mut line = format!("<pair key=\"{key}\" value=\"").into_bytes();
            unprotected(&mut line, value);
            line.push(b'"');
            self.indent(2)?;
            self.out.write_all(&line)?;
            self.out.write_all(self.style.empty_end.as_bytes())?;
            self.line_end()?;
        }
        self.element(1, "</manifest>")
    }

    pub(crate) fn empty_table(&mut self, name: &str) -> io::Result<()> {
        let end = self.style.empty_end;
        self.element(1, &format!("<table name=\"{name}\"{end}"))
    }

    pub(crate) fn open_table(&mut self, name: &str) -> io::Result<()> {
        self.element(1, &format!("<table name=\"{name}\">"))
    }

    pub(crate) fn close_table(&mut self) -> io::Result<()> {
        self.element(1, "</table>")
    }

    pub(crate) fn row(&mut self, row: &Row) -> io::Result<()> {
        self.indent(2)?;
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.extend_from_slice(b"<row ref=\"");
        unprotected(&mut line, &row.reference);
        line.push(b'"');
        if self.style.bookkeeping {
            line.extend_from_slice(
                format!(" __ctime=\"{}\" __mtime=\"{}\"", row.created, row.modified).as_bytes(),
            );
        }
        let mut columns: Vec<(&String, &String)> = row.columns.iter().collect();
        match self.style.order {
            Order::Ascending => {}
            Order::Descending => columns.reverse(),
            Order::Hash => columns.sort_by_key(|(name, _)| hash(name)),
        }
        for (name, text) in columns {
            line.push(b' ');
            line.extend_from_slice(name.as_bytes());
            line.extend_from_slice(b"=\"");
            attribute(&mut line, text, self.style.protection);
            line.push(b'"');
        }
        line.extend_from_slice(self.style.empty_end.as_bytes());
        self.out.write_all(&line)?;
        self.line = line;
        self.line_end()
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.element(0, "</database>")?;
        Ok(self.out)
    }
}

/// Any order will do that is neither sorted nor dependent on the platform (32-bit FNV-1a).
pub(crate) fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Writes a whole database.
pub(crate) fn write<W: Write>(dump: &Dump, style: Style, out: W) -> io::Result<W> {
    let mut writer = Writer::new(out, style);
    writer.start(&dump.manifest)?;
    for table in &dump.tables {
        if table.rows.is_empty() {
            writer.empty_table(&table.name)?;
            continue;
        }
        writer.open_table(&table.name)?;
        table.rows.iter().try_for_each(|row| writer.row(row))?;
        writer.close_table()?;
    }
    writer.finish()
}
