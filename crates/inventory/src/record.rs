//! One record, from either source. Fields go by their names in the API (`name_label`, `memory_static_max`); the
//! columns of a dump have other names for some, which is known to the datamodel. Accessors are lenient: they give what
//! can be used, and judging the rest is for others. There are no defaults: what is absent is `None`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use xenspect_xapi::datamodel::{self, DateTime, Type, Value};
use xenspect_xapi::db::Row;
use xenspect_xapi::export::Object;
use xenspect_xapi::secrets;
use xenspect_xapi::value::sexpr;
use xenspect_xapi::{parse_integer, xmlrpc};

use crate::Store;

/// Fields that are shown as they are and that people write: a login can be in them (`https://user:password@…`).
const WRITTEN_BY_HAND: [&str; 4] = ["name_label", "name_description", "location", "tags"];

/// A record of a pool database or of an export.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    store: Store<'a>,
    of: Of<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Of<'a> {
    Row(Row<'a>),
    Object(&'a Object),
}

impl<'a> Record<'a> {
    /// A row of a database; `store` is where it is from.
    pub(crate) fn of_row(store: Store<'a>, row: Row<'a>) -> Self {
        let of = Of::Row(row);
        Self { store, of }
    }

    /// An object of an export; `store` is where it is from.
    pub(crate) fn of_object(store: Store<'a>, object: &'a Object) -> Self {
        let of = Of::Object(object);
        Self { store, of }
    }

    /// Where it is from.
    #[must_use]
    pub fn store(&self) -> Store<'a> {
        self.store
    }

    /// Its class, which is its table's name.
    #[must_use]
    pub fn class(&self) -> &'a str {
        match self.of {
            Of::Row(row) => row.table(),
            Of::Object(object) => &object.class,
        }
    }

    /// What others refer to it by: `OpaqueRef:…`, or `Ref:N` in an export. Empty for a row without one.
    #[must_use]
    pub fn reference(&self) -> Cow<'a, str> {
        match self.of {
            Of::Row(row) => row.reference().unwrap_or_default(),
            Of::Object(object) => Cow::Borrowed(&object.id),
        }
    }

    /// Its uuid, unless it is empty.
    #[must_use]
    pub fn uuid(&self) -> Option<Cow<'a, str>> {
        let uuid = match self.of {
            Of::Row(row) => row.uuid(),
            Of::Object(_) => self.text("uuid"),
        };
        uuid.filter(|uuid| !uuid.is_empty())
    }

    /// Its `name_label`, unless it is empty. The table `pool` spells the column with one underscore, others with two.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'a, str>> {
        self.filled("name_label")
    }

    /// The name, or else the uuid, or else the reference: something to call it by.
    #[must_use]
    pub fn title(&self) -> Cow<'a, str> {
        self.name()
            .or_else(|| self.uuid())
            .unwrap_or_else(|| self.reference())
    }

    /// The row of a database; `None` for an object of an export.
    #[must_use]
    pub fn row(&self) -> Option<Row<'a>> {
        match self.of {
            Of::Row(row) => Some(row),
            Of::Object(_) => None,
        }
    }

    /// The object of an export; `None` for a row of a database.
    #[must_use]
    pub fn object(&self) -> Option<&'a Object> {
        match self.of {
            Of::Row(_) => None,
            Of::Object(object) => Some(object),
        }
    }

    /// The names of its fields in the API's spelling, in the order of the document.
    pub fn fields(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let class = self.class();
        let (row, object) = match self.of {
            Of::Row(row) => (Some(row), None),
            Of::Object(object) => (None, Some(object)),
        };
        let columns = row.into_iter().flat_map(|row| row.columns());
        let columns = columns.filter(|(column, _)| *column != "_ref");
        let columns = columns.map(move |(column, _)| field_of(class, column));
        let members = object.into_iter().flat_map(|object| &object.fields);
        columns.chain(members.map(move |(name, _)| member_name(class, name)))
    }

    /// A field as text. Numbers, truth values and dates of an export are given as a dump spells them; sets and maps
    /// of a dump are S-expressions, those of an export are `None`.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<Cow<'a, str>> {
        let (class, text) = match self.of {
            Of::Row(row) => (row.table(), row.text(column_of(row.table(), field))?),
            Of::Object(object) => (object.class.as_str(), scalar(member(object, field)?)?),
        };
        Some(if WRITTEN_BY_HAND.contains(&field) {
            secrets::masked_text(class, field, text)
        } else {
            text
        })
    }

    /// A field as text, unless it is empty.
    #[must_use]
    pub fn filled(&self, field: &str) -> Option<Cow<'a, str>> {
        self.text(field).filter(|text| !text.is_empty())
    }

    /// A field that holds an integer.
    #[must_use]
    pub fn int(&self, field: &str) -> Option<i64> {
        match self.of {
            Of::Row(_) => parse_integer(&self.text(field)?),
            Of::Object(object) => member(object, field)?.as_integer(),
        }
    }

    /// An integer field that counts something: `None` also when it is negative.
    #[must_use]
    pub fn count(&self, field: &str) -> Option<u64> {
        u64::try_from(self.int(field)?).ok()
    }

    /// A field that holds a truth value.
    #[must_use]
    pub fn bool(&self, field: &str) -> Option<bool> {
        match self.of {
            Of::Row(row) => {
                let raw = row.get(column_of(row.table(), field))?;
                match (raw.is("true"), raw.is("false")) {
                    (true, _) => Some(true),
                    (_, true) => Some(false),
                    _ => None,
                }
            }
            Of::Object(object) => member(object, field)?.as_boolean(),
        }
    }

    /// Whether a truth value is there and true.
    #[must_use]
    pub fn is(&self, field: &str) -> bool {
        self.bool(field) == Some(true)
    }

    /// A field that holds a point in time. The epoch, which stands for "never", is `None`.
    #[must_use]
    pub fn date_time(&self, field: &str) -> Option<DateTime> {
        DateTime::parse(&self.text(field)?).filter(|date| date.unix() != 0)
    }

    /// A field that holds a set of texts or references, in the order of the document.
    #[must_use]
    pub fn set(&self, field: &str) -> Option<Vec<Cow<'a, str>>> {
        match self.of {
            Of::Row(_) => match self.text(field)? {
                Cow::Borrowed(text) => sexpr::decode_set(text).ok(),
                Cow::Owned(text) => {
                    let items = sexpr::decode_set(&text).ok()?;
                    Some(items.into_iter().map(owned).collect())
                }
            },
            Of::Object(object) => {
                let items = member(object, field)?.as_array()?;
                Some(items.iter().filter_map(scalar).collect())
            }
        }
    }

    /// A field that holds a map from text to text, in the order of the document.
    #[must_use]
    pub fn map(&self, field: &str) -> Option<Vec<(Cow<'a, str>, Cow<'a, str>)>> {
        match self.of {
            Of::Row(_) => match self.text(field)? {
                Cow::Borrowed(text) => sexpr::decode_map(text).ok(),
                Cow::Owned(text) => {
                    let pairs = sexpr::decode_map(&text).ok()?;
                    Some(
                        pairs
                            .into_iter()
                            .map(|(k, v)| (owned(k), owned(v)))
                            .collect(),
                    )
                }
            },
            Of::Object(object) => {
                let pairs = member(object, field)?.as_struct()?;
                let pairs = pairs
                    .iter()
                    .filter_map(|(key, value)| Some((Cow::Borrowed(key.as_str()), scalar(value)?)));
                Some(pairs.collect())
            }
        }
    }

    /// The text under a key of a map field, unless it is empty. Of two equal keys, the first counts.
    #[must_use]
    pub fn map_text(&self, field: &str, key: &str) -> Option<Cow<'a, str>> {
        let text = match self.of {
            Of::Row(row) => {
                let raw = row.get(column_of(row.table(), field))?;
                // Most maps do not have the key, and looking for it is cheaper than taking the map apart. A text with
                // escapes may spell a key in other ways.
                let bytes = str::from_utf8(raw.as_bytes()).ok();
                if bytes.is_some_and(|text| !text.contains(['\\', '&', '%']) && !text.contains(key))
                {
                    return None;
                }
                let text = raw.text();
                if !text.contains(key) && !text.contains('\\') {
                    return None;
                }
                let pairs = sexpr::decode_map(&text).ok()?;
                let (_, value) = pairs.into_iter().find(|(name, _)| name == key)?;
                owned(value)
            }
            Of::Object(object) => scalar(member(object, field)?.member(key)?)?,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// How many bytes a field is about, without reading it: in a dump those of its text; in an export the members of a
    /// map or a set count 64 each, which is more than most have.
    pub(crate) fn weight(&self, field: &str) -> usize {
        match self.of {
            Of::Row(row) => row
                .get(column_of(row.table(), field))
                .map_or(0, |raw| raw.len()),
            Of::Object(object) => match member(object, field) {
                Some(xmlrpc::Value::Struct(members)) => 64 * members.len(),
                Some(xmlrpc::Value::Array(items)) => 64 * items.len(),
                Some(value) => scalar(value).map_or(0, |text| text.len()),
                None => 0,
            },
        }
    }

    /// A field that holds a reference, unless it names nothing on purpose.
    #[must_use]
    pub fn link(&self, field: &str) -> Option<Cow<'a, str>> {
        self.text(field)
            .filter(|reference| !self.store.is_null(reference))
    }

    /// The record that a reference field names. `None` also when there is no such record.
    #[must_use]
    pub fn follow(&self, field: &str) -> Option<Record<'a>> {
        self.store.resolve(&self.link(field)?)
    }

    /// A field by its type in the datamodel, the same for both sources. Text of an unknown field is
    /// [`Value::Unknown`]; an unknown set or map of an export is one of unknown texts.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<Value<'a>> {
        match self.of {
            Of::Row(row) => row.value(column_of(row.table(), field)),
            Of::Object(object) => {
                let column = column_of(&object.class, field);
                let ty = datamodel::field(&object.class, column).map(|field| field.ty);
                Some(typed(member(object, field)?, ty.unwrap_or(Type::Unlisted)))
            }
        }
    }
}

/// The column of a field. Names that the datamodel does not list are the same.
fn column_of<'f>(class: &str, field: &'f str) -> &'f str {
    // Only names of several words are spelled in two ways.
    if !field.contains('_') {
        return field;
    }
    // The keys of a static map are as good as shorter-lived ones.
    let index: &HashMap<(&str, &str), &'static str> = &COLUMNS;
    index.get(&(class, field)).copied().unwrap_or(field)
}

static COLUMNS: LazyLock<HashMap<(&str, &str), &str>> = LazyLock::new(|| {
    datamodel::fields()
        .iter()
        .filter(|field| !field.api_field.is_empty() && field.api_field != field.column)
        .map(|field| ((field.class, field.api_field), field.column))
        .collect()
});

/// The API's name of a column.
fn field_of<'c>(class: &str, column: &'c str) -> Cow<'c, str> {
    match datamodel::field(class, column) {
        Some(field) if !field.api_field.is_empty() => Cow::Borrowed(field.api_field),
        // The path of a name space is joined by two underscores in a dump and by one in the API.
        _ if column.contains("__") => Cow::Owned(column.replace("__", "_")),
        _ => Cow::Borrowed(column),
    }
}

/// What the exporter puts in front of the fields of its hand-made VTPM record (`formats/xva.md` section 3.3).
const VTPM_PREFIX: &str = "vTPM'_";

fn member_name<'m>(class: &str, name: &'m str) -> Cow<'m, str> {
    match name.strip_prefix(VTPM_PREFIX) {
        Some(bare) if class == "VTPM" => Cow::Borrowed(bare),
        _ => Cow::Borrowed(name),
    }
}

fn member<'a>(object: &'a Object, field: &str) -> Option<&'a xmlrpc::Value> {
    let found = object.field(field);
    if found.is_some() || object.class != "VTPM" {
        return found;
    }
    let named = |(name, _): &&(String, xmlrpc::Value)| {
        let bare = name.strip_prefix(VTPM_PREFIX).unwrap_or(name);
        bare.eq_ignore_ascii_case(field)
    };
    object.fields.iter().find(named).map(|(_, value)| value)
}

fn owned<'a>(text: Cow<'_, str>) -> Cow<'a, str> {
    Cow::Owned(text.into_owned())
}

/// The text of a value that is neither set nor map.
fn scalar(value: &xmlrpc::Value) -> Option<Cow<'_, str>> {
    use xmlrpc::Value as V;
    Some(Cow::Borrowed(match value {
        V::Text(text) | V::Double(text) | V::DateTime(text) | V::Base64(text) => text,
        V::Boolean(true) => "true",
        V::Boolean(false) => "false",
        V::OddBoolean(text) => text,
        V::Nil => "",
        V::Array(_) | V::Struct(_) => return None,
    }))
}

/// Recursion goes as deep as the type, which never comes from an input.
fn typed(value: &xmlrpc::Value, ty: Type) -> Value<'_> {
    use xmlrpc::Value as V;
    match (value, ty) {
        (V::Array(items), Type::Set(inner) | Type::Option(inner)) => {
            Value::Set(items.iter().map(|item| typed(item, *inner)).collect())
        }
        (V::Array(items), _) => Value::Set(items.iter().map(unknown).collect()),
        (V::Struct(members), Type::Map(key, inner)) => Value::Map(
            members
                .iter()
                .map(|(name, value)| {
                    let name = datamodel::decode_as(key, name.as_str());
                    (name, typed(value, *inner))
                })
                .collect(),
        ),
        (V::Struct(members), _) => Value::Map(
            members
                .iter()
                .map(|(name, value)| (Value::Unknown(name.as_str().into()), unknown(value)))
                .collect(),
        ),
        // Third parties leave the tag of a boolean out.
        (value, Type::Bool) if value.as_boolean().is_some() => {
            Value::Bool(value.as_boolean() == Some(true))
        }
        (value, ty) => datamodel::decode_as(&ty, scalar(value).unwrap_or_default()),
    }
}

fn unknown(value: &xmlrpc::Value) -> Value<'_> {
    Value::Unknown(scalar(value).unwrap_or_default())
}
