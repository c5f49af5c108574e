//! `ova.xml` as a tree that tests can edit before it is written.
//!
//! The tree of a recipe comes from `records` (or `xen_orchestra`); the text form from [`crate::xmlrpc`].

use crate::xmlrpc::{Fields, Spelling, Value};

/// One exported object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Class, spelled as in `formats/xva.md` section 3.3.
    pub class: String,
    /// Id, usually `Ref:N`.
    pub id: String,
    /// The record.
    pub snapshot: Fields,
}

impl Object {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.snapshot
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value)
    }

    /// The text of a field that holds text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Replaces the value of a field, or appends the field.
    pub fn set(&mut self, field: &str, value: Value) {
        match self.snapshot.iter_mut().find(|(name, _)| name == field) {
            Some((_, old)) => *old = value,
            None => self.snapshot.push((field.to_owned(), value)),
        }
    }

    /// Takes a field out; false when there is none of that name.
    pub fn remove(&mut self, field: &str) -> bool {
        let before = self.snapshot.len();
        self.snapshot.retain(|(name, _)| name != field);
        self.snapshot.len() < before
    }
}

/// The whole document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Members of `version`; `None` leaves the struct out.
    pub version: Option<Fields>,
    /// The objects in order; `None` leaves the array out.
    pub objects: Option<Vec<Object>>,
    /// How it is written.
    pub spelling: Spelling,
}

impl Document {
    /// The text: no declaration, no line end (`formats/xva.md` section 3).
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::from("<value><struct>");
        if let Some(version) = &self.version {
            self.spelling
                .write_member(&mut out, "version", &Value::Struct(version.clone()));
        }
        if let Some(objects) = &self.objects {
            let items = objects.iter().map(|object| {
                Value::Struct(vec![
                    ("class".to_owned(), Value::text(&*object.class)),
                    ("id".to_owned(), Value::text(&*object.id)),
                    (
                        "snapshot".to_owned(),
                        Value::Struct(object.snapshot.clone()),
                    ),
                ])
            });
            self.spelling
                .write_member(&mut out, "objects", &Value::Array(items.collect()));
        }
        out.push_str("</struct></value>");
        out
    }

    /// The objects, none when the array was taken out.
    #[must_use]
    pub fn objects(&self) -> &[Object] {
        self.objects.as_deref().unwrap_or_default()
    }

    /// The first object of a class for which `pick` holds.
    pub fn find_mut(&mut self, class: &str, pick: impl Fn(&Object) -> bool) -> Option<&mut Object> {
        self.objects
            .as_mut()?
            .iter_mut()
            .find(|object| object.class == class && pick(object))
    }

    /// The object of this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Object> {
        self.objects().iter().find(|object| object.id == id)
    }

    /// Ids of the VDIs that are no ISO image, sorted as their data is (`formats/xva.md` section 4).
    #[must_use]
    pub fn streamed_ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self
            .objects()
            .iter()
            .filter(|object| object.class == "VDI")
            .filter(|vdi| {
                let sr = vdi.text("SR").and_then(|id| self.by_id(id));
                sr.and_then(|sr| sr.text("content_type")) != Some("iso")
            })
            .map(|vdi| vdi.id.clone())
            .collect();
        ids.sort();
        ids
    }
}
