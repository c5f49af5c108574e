//! What can be not right in a dump that could still be read. Facts only: how bad one is, and what to do about it, is
//! decided by who reads them.

use std::collections::BTreeMap;

use crate::error::clip;

/// One deviation and its place. Texts taken from the document are cut at 256 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// What it is.
    pub kind: OddityKind,
    /// The table it is in, where there is one.
    pub table: Option<String>,
    /// Reference of the row it is in, as it stands in the document, where there is one.
    pub row: Option<String>,
    /// The column it is in, where there is one.
    pub column: Option<String>,
    /// Byte offset of the element, the value or the text that is meant, counted from the first byte of the input.
    pub offset: u64,
}

/// The kinds of deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OddityKind {
    /// A row has a column more than once; lookups take the first. Not well-formed XML, so xapi refuses the document.
    DoubleColumn,
    /// A row has no `ref`. xapi refuses the document.
    MissingRef,
    /// `ref` is not the first attribute of its row. Releases up to 24.x refuse the document.
    RefNotFirst,
    /// `ref` and `_ref` of a row differ.
    RefMismatch {
        /// Text of `_ref`.
        other: String,
    },
    /// `__ctime` or `__mtime` is no number.
    BadTime {
        /// Text of the attribute.
        found: String,
    },
    /// A reference that an earlier row has, in any table. Lookups by reference take the earlier one.
    DuplicateRef,
    /// A uuid that an earlier row has, in any table; empty text counts (`formats/pool-db.md` section 2.1). Lookups by
    /// uuid take the earlier one.
    DuplicateUuid {
        /// The uuid.
        uuid: String,
    },
    /// An element the format does not have. It and all inside it is passed over; xapi refuses the document.
    UnknownElement {
        /// Its name.
        name: String,
    },
    /// An element of the format where it does not belong, such as a row outside a table. It and all inside it is passed
    /// over.
    MisplacedElement {
        /// Its name.
        name: String,
        /// The element around it.
        inside: &'static str,
    },
    /// A table that was there before. Its rows are added to those of the first.
    TableTwice,
    /// A table without a `name`. Its rows are kept under the empty name.
    TableWithoutName,
    /// An attribute that `table` or `pair` does not have.
    UnknownAttribute {
        /// Its name.
        name: String,
    },
    /// A `pair` without a `key` or a `value`. It is passed over.
    BadPair,
    /// A `pair` with its `value` before its `key`. xapi refuses the document.
    PairOrder,
    /// A key that the manifest has already, with another value. xapi takes the last one, and so does
    /// [`Database::manifest_value`](super::Database::manifest_value).
    KeyTwice {
        /// The key.
        key: String,
    },
    /// No manifest at all.
    NoManifest,
    /// The manifest comes after a table.
    ManifestLate,
    /// A second manifest. Its pairs are passed over.
    ManifestTwice,
    /// Text other than white space between elements. xapi ignores it.
    TextBetweenElements,
    /// A reference to an entity other than the five of XML, or to a character XML does not allow. It stays as it
    /// stands.
    Entity {
        /// Its name.
        name: String,
    },
    /// A `&` that starts no reference.
    BareAmpersand,
    /// A `<` inside a value.
    BareLess,
    /// A document type declaration. It is passed over and nothing in it is ever used.
    Doctype,
    /// The XML declaration names an encoding other than UTF-8. The document is read as UTF-8 all the same.
    Encoding {
        /// What it names.
        name: String,
    },
    /// A tag or other markup that is not well-formed. What was read of it before that is kept.
    Malformed {
        /// What is wrong.
        reason: String,
    },
    /// A control character, or another one XML does not allow. xapi refuses the document.
    IllegalCharacter {
        /// Its code point.
        code: u32,
    },
    /// Bytes that are not UTF-8. They read as U+FFFD.
    InvalidUtf8,
    /// An end tag that does not fit. If it closes an outer element, so are all inside it closed; else it is passed over.
    MismatchedEnd {
        /// The element that is open.
        expected: &'static str,
        /// Name in the end tag.
        found: String,
    },
    /// The document ends inside an element. The offset is where the piece starts that could not be read.
    Cut {
        /// The innermost element that was open.
        inside: &'static str,
    },
    /// Something other than white space and comments after the end of the database.
    DataAfterEnd {
        /// Number of bytes from there to the end of the input.
        bytes: u64,
    },
}

impl OddityKind {
    /// A short stable name of the kind, for machines.
    pub fn name(&self) -> &'static str {
        match self {
            OddityKind::DoubleColumn => "double-column",
            OddityKind::MissingRef => "missing-ref",
            OddityKind::RefNotFirst => "ref-not-first",
            OddityKind::RefMismatch { .. } => "ref-mismatch",
            OddityKind::BadTime { .. } => "bad-time",
            OddityKind::DuplicateRef => "duplicate-ref",
            OddityKind::DuplicateUuid { .. } => "duplicate-uuid",
            OddityKind::UnknownElement { .. } => "unknown-element",
            OddityKind::MisplacedElement { .. } => "misplaced-element",
            OddityKind::TableTwice => "table-twice",
            OddityKind::TableWithoutName => "table-without-name",
            OddityKind::UnknownAttribute { .. } => "unknown-attribute",
            OddityKind::BadPair => "bad-pair",
            OddityKind::PairOrder => "pair-order",
            OddityKind::KeyTwice { .. } => "key-twice",
            OddityKind::NoManifest => "no-manifest",
            OddityKind::ManifestLate => "manifest-late",
            OddityKind::ManifestTwice => "manifest-twice",
            OddityKind::TextBetweenElements => "text-between-elements",
            OddityKind::Entity { .. } => "entity",
            OddityKind::BareAmpersand => "bare-ampersand",
            OddityKind::BareLess => "bare-less",
            OddityKind::Doctype => "doctype",
            OddityKind::Encoding { .. } => "encoding",
            OddityKind::Malformed { .. } => "malformed",
            OddityKind::IllegalCharacter { .. } => "illegal-character",
            OddityKind::InvalidUtf8 => "invalid-utf8",
            OddityKind::MismatchedEnd { .. } => "mismatched-end",
            OddityKind::Cut { .. } => "cut",
            OddityKind::DataAfterEnd { .. } => "data-after-end",
        }
    }

    /// Whether the document is no well-formed one of its format there, so that something of it may be lost or misread.
    pub fn is_damage(&self) -> bool {
        matches!(
            self,
            OddityKind::DoubleColumn
                | OddityKind::UnknownElement { .. }
                | OddityKind::MisplacedElement { .. }
                | OddityKind::Entity { .. }
                | OddityKind::BareAmpersand
                | OddityKind::BareLess
                | OddityKind::Malformed { .. }
                | OddityKind::IllegalCharacter { .. }
                | OddityKind::InvalidUtf8
                | OddityKind::MismatchedEnd { .. }
                | OddityKind::Cut { .. }
        )
    }

    /// At an offset, in no table.
    pub(super) fn at(self, offset: usize) -> Oddity {
        Oddity {
            kind: self,
            table: None,
            row: None,
            column: None,
            offset: super::offset_of(offset),
        }
    }
}

impl Oddity {
    pub(super) fn in_table(mut self, table: &str) -> Self {
        self.table = Some(clip(table));
        self
    }

    pub(super) fn in_row(mut self, row: Option<&str>) -> Self {
        self.row = row.map(clip);
        self
    }

    pub(super) fn in_column(mut self, column: &str) -> Self {
        self.column = Some(clip(column));
        self
    }
}

/// Oddities of one document: the first so many of each kind, so that no kind can crowd out another, and how many more
/// there were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oddities {
    /// Those that are kept, in the order they were met.
    pub kept: Vec<Oddity>,
    /// Number of those that are not, by [`OddityKind::name`].
    pub dropped: BTreeMap<&'static str, u64>,
    counts: BTreeMap<&'static str, usize>,
    limit: usize,
}

impl Oddities {
    pub(super) fn new(limit: usize) -> Self {
        Oddities {
            limit,
            ..Oddities::default()
        }
    }

    /// How many there were of a kind, kept or not.
    pub fn count(&self, name: &str) -> u64 {
        let kept = self.counts.get(name).copied().unwrap_or_default();
        let dropped = self.dropped.get(name).copied().unwrap_or_default();
        super::offset_of(kept).saturating_add(dropped)
    }

    /// Drops all of some kinds.
    pub(super) fn forget(&mut self, names: &[&str]) {
        self.kept
            .retain(|oddity| !names.contains(&oddity.kind.name()));
        for &name in names {
            self.counts.remove(name);
            self.dropped.remove(name);
        }
    }

    /// Adds those of what follows.
    pub(super) fn append(&mut self, more: Oddities) {
        for oddity in more.kept {
            self.push(oddity);
        }
        for (name, count) in more.dropped {
            self.count_more(name, count);
        }
    }

    /// Counts more of a kind without keeping them.
    pub(super) fn count_more(&mut self, name: &'static str, more: u64) {
        if more > 0 {
            let dropped = self.dropped.entry(name).or_default();
            *dropped = dropped.saturating_add(more);
        }
    }

    pub(super) fn push(&mut self, oddity: Oddity) {
        self.push_with(oddity.kind.name(), || oddity);
    }

    /// As [`Oddities::push`], building the oddity only when it is kept. `name` is that of its kind.
    pub(super) fn push_with(&mut self, name: &'static str, oddity: impl FnOnce() -> Oddity) {
        let count = self.counts.entry(name).or_default();
        if *count < self.limit {
            *count = count.saturating_add(1);
            self.kept.push(oddity());
        } else {
            let dropped = self.dropped.entry(name).or_default();
            *dropped = dropped.saturating_add(1);
        }
    }
}
