//! Lines of `ls`: members of an archive as they come by, and the tables of a pool database. Rows are
//! written one at a time, so widths are fixed; what is wider pushes the rest to the right.

use std::borrow::Cow;

use serde::Serialize;
use xenspect_model::MemberText;

use crate::quantity::count;
use crate::text::{columns, escape};

/// A member, as a listing shows it.
#[derive(Debug, Clone, Serialize)]
pub struct MemberLine {
    /// Its name.
    #[serde(flatten)]
    pub name: MemberText,
    /// Offset of its header in the stream, in bytes.
    pub offset: u64,
    /// Offset of its payload.
    pub data_offset: u64,
    /// Length of its payload in bytes.
    pub size: u64,
    /// What it is: `file`, `directory` and so on.
    pub kind: Cow<'static, str>,
    /// Length of the file once it is unpacked, where the payload is not that: a sparse file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub real_size: Option<u64>,
    /// Where a link leads, as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Algorithm of the sum that is stored for it, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum_kind: Option<String>,
    /// The sum's text as stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sum: Option<String>,
}

/// A table, as a listing shows it.
#[derive(Debug, Clone, Serialize)]
pub struct TableLine {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// Offset of the element in the document, in bytes.
    pub offset: u64,
}

/// The heading over members.
pub const MEMBERS: &str = "      offset     size name            sum";
/// The heading over tables.
pub const TABLES: &str = "      offset     rows table";

/// Columns of a block's name: `Ref:123/00000000`.
const NAME: usize = 15;

impl MemberLine {
    /// The line for people.
    #[must_use]
    pub fn line(&self, unicode: bool) -> String {
        let name = escape(&self.name.text, unicode);
        let sum = self.sum.as_ref().map(|sum| escape(sum, unicode));
        let kind = match (&*self.kind, self.real_size) {
            ("file", None) => String::new(),
            (kind, None) => format!("  ({kind})"),
            (kind, Some(size)) => format!("  ({kind}, {size} bytes unpacked)"),
        };
        let link = self.link.as_ref();
        let link = link.map(|link| format!(" -> {}", escape(link, unicode)));
        let name = name + &link.unwrap_or_default();
        let padding = match sum {
            Some(_) => " ".repeat(NAME.saturating_sub(columns(&name)) + 1),
            None => String::new(),
        };
        let (offset, size) = (self.offset, self.size);
        let sum = sum.unwrap_or_default();
        format!("{offset:>12} {size:>8} {name}{padding}{sum}{kind}")
    }
}

impl TableLine {
    /// The line for people.
    #[must_use]
    pub fn line(&self, unicode: bool) -> String {
        let (offset, rows) = (self.offset, count(self.rows));
        format!("{offset:>12} {rows:>8} {}", escape(&self.table, unicode))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(name: &str, sum: Option<&str>) -> MemberLine {
        MemberLine {
            name: MemberText::from(name.as_bytes()),
            offset: 107_374_182_400,
            data_offset: 107_374_182_912,
            size: 1 << 20,
            kind: "file".into(),
            real_size: None,
            link: None,
            sum_kind: sum.map(|_| "SHA-1".to_owned()),
            sum: sum.map(str::to_owned),
        }
    }

    #[test]
    fn a_line_with_the_longest_sum_fits_eighty_columns() {
        let line = block("Ref:24/00000017", Some(&"a".repeat(40))).line(true);
        assert_eq!(line.len(), 12 + 1 + 8 + 1 + 15 + 1 + 40);
    }

    #[test]
    fn links_and_sparse_files_tell_more() {
        let mut line = block("./bin", None);
        line.kind = "symbolic link".into();
        line.link = Some("usr/bin\u{1b}".to_owned());
        assert_eq!(
            line.line(true),
            r"107374182400  1048576 ./bin -> usr/bin\u{1b}  (symbolic link)"
        );
        let mut line = block("./core", None);
        line.kind = "old-GNU sparse file".into();
        line.real_size = Some(5_242_880);
        assert_eq!(
            line.line(true),
            "107374182400  1048576 ./core  (old-GNU sparse file, 5242880 bytes unpacked)"
        );
    }

    #[test]
    fn names_cannot_act_on_the_terminal() {
        assert_eq!(
            block("a\u{1b}[2J", None).line(true),
            r"107374182400  1048576 a\u{1b}[2J"
        );
    }
}
