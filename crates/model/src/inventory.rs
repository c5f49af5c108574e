//! What is in a backup, as tables: the shapes that `inspect` fills and renderers show. How a table comes about is the
//! business of `xenspect-inventory`; what is right or wrong is not said here. The JSON contract is the one of
//! [`crate::report`]: fields, sections and columns are added, never renamed or removed.

mod cell;
mod find;

pub use cell::{Cell, Column, ColumnKind, Table};
pub use find::{FindInput, FindReport, Hit};

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Envelope, Kind, Tool};

/// Version of the shape of the documents of this module.
pub const SCHEMA: u32 = 1;

/// What is in one or several inputs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct InventoryReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// One entry per input, in the order given.
    pub inputs: Vec<Inventory>,
}

/// What is in one input.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Inventory {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// What it is; absent when that could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Compression; absent when the input could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<Envelope>,
    /// Why there is nothing else, or not everything, in one sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The most telling facts, in the order in which to show them.
    pub summary: Vec<Item>,
    /// The sections, those without rows included.
    pub sections: Vec<Section>,
}

/// A fact with its label.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Item {
    /// Machine name, for example `pool_uuid`. Some names occur several times, for example `host`.
    pub name: &'static str,
    /// What it is called for people, at most 13 characters.
    pub label: &'static str,
    /// The fact.
    pub value: Cell,
}

/// One part of an inventory.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Section {
    /// Machine name, for example `vms`.
    pub name: &'static str,
    /// Its heading for people.
    pub title: &'static str,
    /// What is in it.
    #[serde(flatten)]
    pub table: Table,
    /// How many rows, from the first, are of interest on a page; the others are there for who looks for them, such as
    /// the templates of the product. `None`: all.
    #[serde(skip)]
    pub foremost: Option<usize>,
}

impl Inventory {
    /// An input of which nothing can be said but why.
    #[must_use]
    pub fn unreadable(path: String, error: String) -> Self {
        Self {
            path,
            kind: None,
            envelope: None,
            error: Some(error),
            summary: Vec::new(),
            sections: Vec::new(),
        }
    }

    /// The section of that name. `nics` names the NICs of VMs (`vifs`) where the input has no hosts.
    #[must_use]
    pub fn section(&self, name: &str) -> Option<&Section> {
        let find = |name: &str| self.sections.iter().find(|section| section.name == name);
        find(name).or_else(|| (name == "nics").then(|| find("vifs"))?)
    }

    /// Leaves only the named sections, in the order of the names.
    ///
    /// # Errors
    ///
    /// The first name that is no section of this inventory. Nothing is left out then.
    pub fn keep(&mut self, names: &[impl AsRef<str>]) -> Result<(), String> {
        let mut kept: Vec<Section> = Vec::new();
        for name in names {
            let name = name.as_ref();
            let section = self.section(name).ok_or_else(|| name.to_owned())?;
            if !kept.iter().any(|other| other.name == section.name) {
                kept.push(section.clone());
            }
        }
        self.sections = kept;
        Ok(())
    }
}
