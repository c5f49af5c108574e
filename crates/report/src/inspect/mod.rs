//! Shows what is in backups ([`xenspect_model::inventory`]): a page for people ([`human`]), and [`json`],
//! [`markdown`] and [`csv`] for programs; and what a search found ([`find`]). What the tables hold is not decided here.
//!
//! ```
//! use xenspect_model::inventory::{Inventory, InventoryReport, SCHEMA};
//! use xenspect_model::report::Tool;
//! use xenspect_report::human::Style;
//! use xenspect_report::inspect;
//!
//! let report = InventoryReport {
//!     schema: SCHEMA,
//!     tool: Tool { name: "xenspect".to_owned(), version: "0.1.0".to_owned() },
//!     inputs: vec![Inventory::unreadable("notes.txt".to_owned(), "This is no backup.".to_owned())],
//! };
//! let mut shown = Vec::new();
//! inspect::human::write(&report, &Style::default(), &mut shown)?;
//! assert_eq!(String::from_utf8_lossy(&shown), "notes.txt\n  This is no backup.\n");
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod csv;
pub mod find;
pub(crate) mod grid;
pub mod human;
pub mod json;
pub mod markdown;

use xenspect_model::inventory::Cell;
use xenspect_model::report::{Envelope, Kind};

use crate::human::{Style, path_name};
use crate::quantity::size;
use crate::wrap::{DIM, wrap};

/// Columns of a label such as `coordinator`.
const LABEL: usize = 13;

/// Text beside a label; the lines behind the first stand under the text.
fn labelled(label: &str, text: &str, indent: usize, style: &Style) -> Vec<String> {
    let first = format!("{:indent$}{label:LABEL$} ", "");
    let rest = " ".repeat(crate::text::columns(&first));
    let mut lines = wrap(text, style.columns(), &first, &rest);
    if let Some(line) = lines.first_mut() {
        *line = style.paint().head(DIM, line, label);
    }
    lines
}

/// The line an input begins with: its path and what it is.
fn title(path: &str, kind: Option<Kind>, envelope: Option<Envelope>, style: &Style) -> Vec<String> {
    let path = path_name(path, style);
    let envelope = match envelope {
        None | Some(Envelope::Plain) => String::new(),
        Some(envelope) => format!(", {}", envelope.name()),
    };
    let text = match kind {
        Some(kind) => format!("{path}  {}{envelope}", kind.phrase()),
        None => path,
    };
    wrap(&text, style.columns(), "", "  ")
}

/// A cell for people, not yet escaped. Nothing is an empty text.
pub(crate) fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Bytes(bytes) => size(*bytes),
        Cell::Bool(true) => "yes".to_owned(),
        Cell::Bool(false) => "no".to_owned(),
        Cell::Time(time) => time.clone(),
        Cell::List(items) => items.join(", "),
        Cell::None => String::new(),
    }
}
