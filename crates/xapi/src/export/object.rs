//! One exported record and typed access to its fields. Accessors are lenient: they give what can be used, and what was
//! wrong with a field is in the oddities.

use super::is_null_text;
use crate::xmlrpc::Value;

/// One record of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Class as spelled, for example `VM`, `VBD`, `network`.
    pub class: String,
    /// Id within the document, for example `Ref:4`.
    pub id: String,
    /// Fields in document order. Nested names are joined with one underscore (`name_label`).
    pub fields: Vec<(String, Value)>,
}

impl Object {
    /// The first field of this name.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// A field that holds text, an enum or a reference.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.field(field)?.as_text()
    }

    /// A field that holds an integer.
    pub fn integer(&self, field: &str) -> Option<i64> {
        self.field(field)?.as_integer()
    }

    /// An integer field that counts something: `None` also when it is negative.
    pub fn count(&self, field: &str) -> Option<u64> {
        u64::try_from(self.integer(field)?).ok()
    }

    /// A field that holds a boolean, also one without its tag.
    pub fn boolean(&self, field: &str) -> Option<bool> {
        self.field(field)?.as_boolean()
    }

    /// A field that holds a map, as key and value pairs.
    pub fn map(&self, field: &str) -> Option<&[(String, Value)]> {
        self.field(field)?.as_struct()
    }

    /// The text under one key of a map field.
    pub fn map_text(&self, field: &str, key: &str) -> Option<&str> {
        self.field(field)?.member(key)?.as_text()
    }

    /// A field that holds a set.
    pub fn set(&self, field: &str) -> Option<&[Value]> {
        self.field(field)?.as_array()
    }

    /// A field that holds a reference: `None` when it is absent, empty or `OpaqueRef:NULL`. The `Ref:N` that may stand
    /// for null is only known to [`Export::is_null`](super::Export::is_null).
    pub fn reference(&self, field: &str) -> Option<&str> {
        self.text(field).filter(|text| !is_null_text(text))
    }

    /// True when an enum field has this value, in any case.
    pub fn is(&self, field: &str, value: &str) -> bool {
        self.text(field)
            .is_some_and(|text| text.eq_ignore_ascii_case(value))
    }

    /// The record's `uuid`.
    pub fn uuid(&self) -> Option<&str> {
        self.text("uuid")
    }

    /// The record's `name_label`.
    pub fn name_label(&self) -> Option<&str> {
        self.text("name_label")
    }

    /// A field whose name is matched in any case and behind the `vTPM'_` prefix that the exporter gives the fields of
    /// its hand-made VTPM record (`formats/xva.md` section 3.3).
    pub(crate) fn vtpm_field(&self, name: &str) -> Option<(&str, &Value)> {
        self.fields
            .iter()
            .find(|(key, _)| {
                let bare = match key.get(..VTPM_PREFIX.len()) {
                    Some(head) if head.eq_ignore_ascii_case(VTPM_PREFIX) => {
                        key.get(VTPM_PREFIX.len()..).unwrap_or_default()
                    }
                    _ => key,
                };
                bare.eq_ignore_ascii_case(name)
            })
            .map(|(key, value)| (key.as_str(), value))
    }

    /// A VBD an importer takes for a CD drive. Everything else, a missing type included, counts as a disk.
    pub(super) fn is_cd(&self) -> bool {
        self.is("type", "CD")
    }
}

const VTPM_PREFIX: &str = "vTPM'_";
