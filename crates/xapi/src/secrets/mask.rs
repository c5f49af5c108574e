//! Values with their secrets hidden, for every place that shows values. Only [`Grade::Secret`] is hidden.

use std::borrow::Cow;

use super::lookup::ColumnRules;
use super::shape::Text;
use super::walk::{Leaf, Walker};
use super::{Grade, export};
use crate::datamodel;
use crate::xmlrpc;
use crate::{Error, Limits};

/// A decoded column with each secret replaced by a text such as `(secret, 12 bytes)`.
///
/// ```
/// use xenspect_xapi::{datamodel, secrets};
///
/// let value = datamodel::decode("PBD", "device_config", "(('target' 'san') ('chappassword' 'hunter2'))");
/// let shown = secrets::masked("PBD", "device_config", value);
/// let map = shown.as_map().unwrap();
/// assert_eq!(map[0].1.as_text(), Some("san"));
/// assert_eq!(map[1].1.as_text(), Some("(secret, 7 bytes)"));
/// ```
pub fn masked<'a>(
    class: &str,
    column: &str,
    mut value: datamodel::Value<'a>,
) -> datamodel::Value<'a> {
    let rules = ColumnRules::of(class, column).at_least(Grade::Secret);
    Walker::default().column(&rules, column, &mut value, &mut hide);
    value
}

/// The text of a column (the layers of XML and of white space off) with its secrets hidden.
pub fn masked_text<'a>(class: &str, column: &str, text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let rules = ColumnRules::of(class, column).at_least(Grade::Secret);
    let mut text = Text::new(text);
    Walker::default().column(&rules, column, &mut text, &mut hide);
    text.into_text()
}

/// A value of the manifest of a dump with its secret hidden.
pub fn masked_manifest<'a>(key: &str, value: &'a str) -> Cow<'a, str> {
    masked_text(super::policy::MANIFEST, key, value)
}

/// An `ova.xml` with its secrets hidden. Comments, processing instructions and attributes, which mean nothing to an
/// importer and could hold anything, come out empty; every other byte stays.
///
/// # Errors
///
/// As [`xmlrpc::parse`]; what it holds need not be an export.
pub fn masked_ova_xml(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Error> {
    let mut document = xmlrpc::parse(bytes, limits)?;
    export::walk(&mut document, &mut |_, leaf| hide(leaf));
    xmlrpc::splice(bytes, limits, &document)
}

/// The text that stands for a hidden value.
pub fn mask(length: usize) -> String {
    match length {
        1 => "(secret, 1 byte)".to_owned(),
        length => format!("(secret, {length} bytes)"),
    }
}

fn hide(leaf: &Leaf<'_>) -> Option<String> {
    (leaf.kind.grade() == Grade::Secret).then(|| mask(leaf.text.len()))
}
