//! What the streaming reader hands out: pieces of a dump that borrow from the document.

use std::borrow::Cow;

use super::form::Form;
use super::tag::Attribute;
use crate::parse_integer;
use crate::value::Raw;

/// A key of the manifest and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    /// The key.
    pub key: Raw<'a>,
    /// The value.
    pub value: Raw<'a>,
}

/// One piece of a dump, in the order of the document.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'r, 'a> {
    /// The manifest, once it is complete.
    Manifest {
        /// Its pairs, in order.
        pairs: &'r [Pair<'a>],
        /// Byte offset of the element.
        offset: u64,
    },
    /// A table starts. One without rows is followed by the next table.
    Table {
        /// Its name; empty when it has none.
        name: &'r str,
        /// Byte offset of the element.
        offset: u64,
    },
    /// A row of the table that started last.
    Row(RowEvent<'r, 'a>),
    /// The end. Nothing follows.
    End {
        /// The database was closed. If not, there is a [`Cut`](super::OddityKind::Cut) among the oddities.
        complete: bool,
        /// Byte offset just after what was read.
        offset: u64,
    },
}

/// Where a row's bookkeeping attributes stand among its attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles {
    pub(super) reference: Option<usize>,
    pub(super) ctime: Option<usize>,
    pub(super) mtime: Option<usize>,
    pub(super) own_reference: Option<usize>,
    pub(super) uuid: Option<usize>,
}

impl Roles {
    /// The first attribute of a name counts.
    pub(super) fn of<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut roles = Roles::default();
        for (position, name) in names.enumerate() {
            let role = match name {
                "ref" => &mut roles.reference,
                "__ctime" => &mut roles.ctime,
                "__mtime" => &mut roles.mtime,
                "_ref" => &mut roles.own_reference,
                "uuid" => &mut roles.uuid,
                _ => continue,
            };
            role.get_or_insert(position);
        }
        roles
    }
}

/// True for the attributes of a row that are no columns.
pub(super) fn is_bookkeeping(name: &str) -> bool {
    matches!(name, "ref" | "__ctime" | "__mtime")
}

/// A row as it streams by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowEvent<'r, 'a> {
    pub(super) table: &'r str,
    pub(super) attributes: &'r [Attribute<'a>],
    pub(super) roles: Roles,
    /// The names are those of the row before, of whatever table.
    pub(super) same_names: bool,
    pub(super) form: Form,
    pub(super) at: usize,
}

impl<'r, 'a> RowEvent<'r, 'a> {
    /// Name of the table.
    pub fn table(&self) -> &'r str {
        self.table
    }

    /// Byte offset of the element.
    pub fn offset(&self) -> u64 {
        super::offset_of(self.at)
    }

    /// The reference, without protection of white space even when it looks so (`formats/pool-db.md` section 2).
    pub fn reference(&self) -> Option<Cow<'a, str>> {
        self.role(self.roles.reference).map(Raw::unescaped)
    }

    /// `__ctime`: the generation at which the row was made. `None` when absent or no number.
    pub fn ctime(&self) -> Option<i64> {
        number(self.role(self.roles.ctime)?)
    }

    /// `__mtime`: the generation of the last change. `None` when absent or no number.
    pub fn mtime(&self) -> Option<i64> {
        number(self.role(self.roles.mtime)?)
    }

    /// Columns in the order of the document, without `ref`, `__ctime` and `__mtime`.
    pub fn columns(&self) -> impl Iterator<Item = Attribute<'a>> + use<'r, 'a> {
        self.attributes
            .iter()
            .filter(|attribute| !is_bookkeeping(attribute.name))
            .copied()
    }

    /// The first column of that name.
    pub fn get(&self, column: &str) -> Option<Raw<'a>> {
        self.columns()
            .find(|attribute| attribute.name == column)
            .map(|attribute| attribute.value)
    }

    pub(super) fn role(&self, position: Option<usize>) -> Option<Raw<'a>> {
        let attribute = self.attributes.get(position?)?;
        Some(attribute.value)
    }
}

/// A generation number. The plain form is tried first: there are two in every row.
pub(super) fn number(raw: Raw<'_>) -> Option<i64> {
    parse_integer(&raw.unescaped())
}
