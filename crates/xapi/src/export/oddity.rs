//! What can be not right in an export that could still be read. Facts only: how bad one is, and what to do about it, is
//! decided by who reads them.

use std::collections::{BTreeMap, BTreeSet};

use crate::xmlrpc::Unreadable;

/// A field of an object. Texts longer than 256 bytes are cut.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Class of the object.
    pub class: String,
    /// Id of the object.
    pub id: String,
    /// Name of the field.
    pub field: String,
}

/// One deviation. Texts taken from the document are cut at 256 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// An id that more than one object carries. Lookups take the first.
    DuplicateId {
        /// The id.
        id: String,
        /// Class of the object that has it again.
        class: String,
    },
    /// A field that an object has twice. Lookups take the first.
    DuplicateField {
        /// The field.
        place: Place,
    },
    /// A field the importer has no default for is missing (`formats/xva.md` section 3.3).
    MissingField {
        /// The field.
        place: Place,
    },
    /// A member of the version struct that the importer reads is missing.
    MissingVersionField {
        /// The member.
        field: &'static str,
    },
    /// A member of the version struct is of another type, or no number where one is needed.
    BadVersionField {
        /// The member.
        field: &'static str,
        /// What is there.
        found: String,
    },
    /// A boolean field is not `<boolean>0</boolean>` or `<boolean>1</boolean>`. Without the tag xapi refuses the
    /// record; with it, any text but `1` is false.
    BadBoolean {
        /// The field.
        place: Place,
        /// The text, or the type when it is no text.
        found: String,
        /// Whether the value stood in a `boolean` element.
        tagged: bool,
    },
    /// An integer field does not read as an integer.
    BadInteger {
        /// The field.
        place: Place,
        /// The text, or the type when it is no text.
        found: String,
    },
    /// An enum field has a value its type does not know, in any case.
    BadEnum {
        /// The field.
        place: Place,
        /// The text, or the type when it is no text.
        found: String,
    },
    /// A field has a value of another type than the datamodel gives it, which xapi does not convert.
    BadType {
        /// The field.
        place: Place,
        /// What it has to be, such as `date` or `map`.
        expected: &'static str,
        /// The text of what has to be a date or a float; else the type of what is there.
        found: String,
    },
    /// An element of XML-RPC does not hold what it says: `int`, `i4` or `i8` no integer, `double` no float, any but
    /// `string` nothing at all. xapi's reader stops there, whatever the value is for (`src/lib/xmlrpc.ml` of rpclib).
    Unreadable {
        /// Name of the element.
        element: &'static str,
        /// Its text, which may be a secret.
        found: String,
        /// Name of the field or the key that the value belongs to; empty when it belongs to none.
        member: String,
        /// Byte offset of its end tag in the document.
        offset: u64,
    },
    /// A map holds a member without a name. The exporter writes such a key, but xapi's reader stops at it
    /// (`src/lib/xmlrpc.ml` of rpclib, `name`).
    EmptyMemberName {
        /// The field the map is in.
        place: Place,
    },
    /// A link the importer follows names no object. A null where none is allowed counts too.
    DanglingReference {
        /// The field that holds the link.
        place: Place,
        /// What it names.
        to: String,
    },
    /// A link the importer follows names an object of another class.
    WrongReferenceClass {
        /// The field that holds the link.
        place: Place,
        /// The id it names.
        to: String,
        /// The class of the object with that id.
        found: String,
    },
    /// A host or metrics field of a VM names no object. Normal: hosts and metrics were left out for years, and the
    /// null reference can be written this way.
    DanglingHostReference {
        /// The field.
        place: Place,
        /// What it names.
        to: String,
    },
    /// A VBD that is no CD drive has no VDI. A full import fails on it (`formats/xva.md` section 4).
    DiskVbdWithoutVdi {
        /// The VBD's `VDI` field.
        place: Place,
        /// What it holds: empty, the null reference, or the `Ref:N` that stands for it.
        to: String,
    },
    /// One VDI is attached by more than one VBD that is no CD drive, so the exporter streams it more than once.
    SharedVdi {
        /// Id of the VDI.
        vdi: String,
        /// Number of VBDs that attach it.
        vbds: usize,
    },
    /// A class xapi does not export or import. Class names are case-sensitive.
    UnknownClass {
        /// The class.
        class: String,
        /// Id of the object.
        id: String,
    },
    /// Fields still hold references of the source pool. Normal and harmless.
    LeftoverOpaqueRefs {
        /// Number of values and map keys that are such a reference.
        count: u64,
    },
    /// A VDI's `virtual_size` is not a number, or negative.
    VirtualSizeInvalid {
        /// The field.
        place: Place,
        /// The text, or the type when it is no text.
        found: String,
    },
}

/// Name of [`Oddity::MissingField`].
pub(super) const MISSING_FIELD: &str = "missing-field";

const UNREADABLE: &str = "unreadable";

impl Oddity {
    /// A short stable name of the kind, for machines.
    pub fn name(&self) -> &'static str {
        match self {
            Oddity::DuplicateId { .. } => "duplicate-id",
            Oddity::DuplicateField { .. } => "duplicate-field",
            Oddity::MissingField { .. } => MISSING_FIELD,
            Oddity::MissingVersionField { .. } => "missing-version-field",
            Oddity::BadVersionField { .. } => "bad-version-field",
            // Two kinds, since readers refuse only one of them: what is kept of one must not push out the other.
            Oddity::BadBoolean { tagged: true, .. } => "odd-boolean",
            Oddity::BadBoolean { .. } => "bad-boolean",
            Oddity::BadInteger { .. } => "bad-integer",
            Oddity::BadEnum { .. } => "bad-enum",
            Oddity::BadType { .. } => "bad-type",
            Oddity::Unreadable { .. } => UNREADABLE,
            Oddity::EmptyMemberName { .. } => "empty-member-name",
            Oddity::DanglingReference { .. } => "dangling-reference",
            Oddity::WrongReferenceClass { .. } => "wrong-reference-class",
            Oddity::DanglingHostReference { .. } => "dangling-host-reference",
            Oddity::DiskVbdWithoutVdi { .. } => "disk-vbd-without-vdi",
            Oddity::SharedVdi { .. } => "shared-vdi",
            Oddity::UnknownClass { .. } => "unknown-class",
            Oddity::LeftoverOpaqueRefs { .. } => "leftover-opaque-refs",
            Oddity::VirtualSizeInvalid { .. } => "virtual-size-invalid",
        }
    }
}

/// Collects oddities, keeping the first so many of each kind, so that no kind can crowd out another.
pub(super) struct Log {
    limit: usize,
    kept: Vec<Oddity>,
    counts: BTreeMap<&'static str, usize>,
    dropped: BTreeMap<&'static str, u64>,
}

impl Log {
    pub(super) fn new(limit: usize) -> Self {
        Log {
            limit,
            kept: Vec::new(),
            counts: BTreeMap::new(),
            dropped: BTreeMap::new(),
        }
    }

    pub(super) fn push(&mut self, oddity: Oddity) {
        self.push_with(oddity.name(), || oddity);
    }

    /// As [`Log::push`], building the oddity only when it is kept: an object with no fields at all costs a few dozen
    /// bytes of document and has a few dozen missing ones. `name` is that of the kind.
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

    /// Adds those that the reader of XML-RPC stepped over, and how many more there are. One that is the reason of what
    /// its field has been found to be is not told again.
    pub(super) fn add_unreadable(&mut self, values: Vec<Unreadable>, more: u64) {
        let told: BTreeSet<(String, String)> = self
            .kept
            .iter()
            .filter_map(|oddity| match oddity {
                Oddity::BadInteger { place, found }
                | Oddity::VirtualSizeInvalid { place, found } => {
                    Some((place.field.clone(), found.clone()))
                }
                _ => None,
            })
            .collect();
        for value in values {
            let Unreadable {
                element,
                found,
                member,
                offset,
            } = value;
            let (member, found) = match (member, found) {
                pair if told.contains(&pair) => continue,
                pair => pair,
            };
            self.push(Oddity::Unreadable {
                element,
                found,
                member,
                offset,
            });
        }
        if more > 0 {
            let dropped = self.dropped.entry(UNREADABLE).or_default();
            *dropped = dropped.saturating_add(more);
        }
    }

    pub(super) fn finish(self) -> (Vec<Oddity>, BTreeMap<&'static str, u64>) {
        (self.kept, self.dropped)
    }
}
