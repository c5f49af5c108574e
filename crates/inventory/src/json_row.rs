//! A row of a pool database as a JSON object: each column by its name, with the value that its type
//! gives. Dates stay as they are written.

use std::collections::HashSet;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use xenspect_xapi::datamodel::{self, Value};
use xenspect_xapi::db::Row;
use xenspect_xapi::secrets;

/// A row, to be serialised as one object.
///
/// Text, words of enumerations, dates and references are strings, integers and floats numbers, truth values `true` and
/// `false`, sets arrays and maps objects (of two equal keys the first). A value that is none of its type, and one whose
/// type is not known, is the text that stands there. A row without `_ref` gets it from its `ref`.
#[derive(Debug, Clone, Copy)]
pub struct JsonRow<'d> {
    /// The row.
    pub row: Row<'d>,
    /// Whether secrets are shown; otherwise a text such as `(secret, 12 bytes)` stands for each.
    pub show_secrets: bool,
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let table = self.row.table();
        let mut map = serializer.serialize_map(None)?;
        let mut seen = HashSet::new();
        if self.row.get("_ref").is_none()
            && let Some(reference) = self.row.reference()
        {
            map.serialize_entry("_ref", &reference)?;
        }
        for (column, raw) in self.row.columns() {
            if !seen.insert(column) {
                continue;
            }
            let text = raw.text();
            match datamodel::decode(table, column, text.clone()) {
                // JSON has no number for what a float can be beside one.
                Value::Float(value) if !value.is_finite() => map.serialize_entry(column, &text)?,
                Value::DateTime(_) => map.serialize_entry(column, &text)?,
                value if self.show_secrets => map.serialize_entry(column, &Json(&value))?,
                value => {
                    let value = secrets::masked(table, column, value);
                    map.serialize_entry(column, &Json(&value))?;
                }
            }
        }
        map.end()
    }
}

struct Json<'v, 'a>(&'v Value<'a>);

impl Serialize for Json<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text)
            | Value::Enum(text)
            | Value::Ref(text)
            | Value::Unknown(text)
            | Value::Undecodable { text, .. } => serializer.serialize_str(text),
            Value::Int(value) => serializer.serialize_i64(*value),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Float(value) => serializer.serialize_f64(*value),
            Value::DateTime(date) => serializer.serialize_str(&crate::iso_8601(*date)),
            Value::Set(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(&Json(item))?;
                }
                seq.end()
            }
            Value::Map(pairs) => {
                let mut map = serializer.serialize_map(None)?;
                let mut seen = HashSet::new();
                for (key, value) in pairs {
                    let key = key_text(key);
                    map_entry(&mut map, &mut seen, key, value)?;
                }
                map.end()
            }
        }
    }
}

fn map_entry<M: SerializeMap>(
    map: &mut M,
    seen: &mut HashSet<String>,
    key: String,
    value: &Value<'_>,
) -> Result<(), M::Error> {
    if seen.contains(&key) {
        return Ok(());
    }
    map.serialize_entry(&key, &Json(value))?;
    seen.insert(key);
    Ok(())
}

/// Keys of objects are strings.
fn key_text(key: &Value<'_>) -> String {
    match key {
        Value::Int(value) => value.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::DateTime(date) => crate::iso_8601(*date),
        other => other.as_text().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use xenspect_xapi::db::{Database, DumpLimits};

    fn shown(row: &str, show_secrets: bool) -> serde_json::Value {
        let dump = format!(
            "<database><manifest/><table name=\"PBD\"><row ref=\"OpaqueRef:1\" {row}/></table></database>"
        );
        let database = Database::read(dump.as_bytes(), &DumpLimits::default()).unwrap();
        let row = database.by_reference("OpaqueRef:1").unwrap();
        serde_json::to_value(JsonRow { row, show_secrets }).unwrap()
    }

    #[test]
    fn values_have_the_type_of_their_column() {
        assert_eq!(
            shown(
                "currently_attached=\"true\" SR=\"OpaqueRef:2\" no_such=\"1\" other_config=\"(('a'%.'b'))\"",
                false
            ),
            serde_json::json!({
                "_ref": "OpaqueRef:1",
                "currently_attached": true,
                "SR": "OpaqueRef:2",
                "no_such": "1",
                "other_config": {"a": "b"},
            })
        );
    }

    #[test]
    fn what_is_none_of_its_type_stays_text() {
        let value = shown("currently_attached=\"yes\" other_config=\"((\"", false);
        assert_eq!(value["currently_attached"], "yes");
        assert_eq!(value["other_config"], "((");
    }

    #[test]
    fn of_two_equal_keys_the_first_counts() {
        let value = shown(
            "other_config=\"(('a'%.'1')%.('a'%.'2'))\" uuid=\"x\" uuid=\"y\"",
            false,
        );
        assert_eq!(value["other_config"]["a"], "1");
        assert_eq!(value["uuid"], "x");
    }

    #[test]
    fn secrets_are_shown_only_when_asked_for() {
        let row = "device_config=\"(('chappassword'%.'hunter2'))\"";
        assert_eq!(
            shown(row, false)["device_config"]["chappassword"],
            "(secret, 7 bytes)"
        );
        assert_eq!(shown(row, true)["device_config"]["chappassword"], "hunter2");
    }
}
