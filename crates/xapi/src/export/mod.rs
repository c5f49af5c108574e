//! An export as `ova.xml` describes it (`formats/xva.md` sections 3 and 4): the version, the objects, and what an
//! importer makes of them. Reading the document and looking objects up live here; the checks that produce oddities,
//! the field tables and the views on disks and VMs are in the files beside. Disk contents are another crate's.

mod check;
mod disks;
mod object;
mod oddity;
mod schema;
mod sensitive;
#[cfg(test)]
mod tests;
mod types;
mod version;
mod vm;

use std::collections::{BTreeMap, BTreeSet};

pub use disks::ExpectedDisk;
pub use object::Object;
pub use oddity::{Oddity, Place};
pub use sensitive::Sensitive;
pub use version::Version;
pub use vm::{PowerState, Vm};

use crate::error::clip;
use crate::xmlrpc::{self, Parsed, Value};
use crate::{Error, ErrorKind, Limits};

/// The reference that names nothing.
pub const NULL_REFERENCE: &str = "OpaqueRef:NULL";

/// Everything `ova.xml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Which xapi wrote it.
    pub version: Version,
    /// The objects in document order, unknown classes included.
    pub objects: Vec<Object>,
    /// Deviations that were stepped over, at most [`Limits::oddities`] of a kind.
    pub oddities: Vec<Oddity>,
    /// For each kind of oddity ([`Oddity::name`]), how many more there were than were kept.
    pub oddities_dropped: BTreeMap<&'static str, u64>,
    /// Position in `objects` of the first object with each id.
    by_id: BTreeMap<String, usize>,
    /// Ids of no object that stand for the null reference; see [`Export::is_null`].
    null_ids: BTreeSet<String>,
}

/// Reads an `ova.xml`.
///
/// # Errors
///
/// Whatever [`xmlrpc::parse`] refuses, and a document in which `version`, `objects`, or an object's `class`, `id` or
/// `snapshot` is missing or of the wrong type: xapi imports nothing from such a document either.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Export, Error> {
    let Parsed {
        value,
        offset,
        unreadable,
        unreadable_dropped,
    } = xmlrpc::read(bytes, limits)?;
    let (version, version_oddities, objects) = read(value).map_err(|kind| kind.at(offset))?;

    let mut by_id = BTreeMap::new();
    for (position, object) in objects.iter().enumerate() {
        by_id.entry(object.id.clone()).or_insert(position);
    }
    let mut export = Export {
        version,
        objects,
        oddities: Vec::new(),
        oddities_dropped: BTreeMap::new(),
        by_id,
        null_ids: BTreeSet::new(),
    };
    export.null_ids = export.find_null_ids();
    let mut log = oddity::Log::new(limits.oddities);
    version_oddities
        .into_iter()
        .for_each(|oddity| log.push(oddity));
    check::run(&export, &mut log);
    log.add_unreadable(unreadable, unreadable_dropped);
    (export.oddities, export.oddities_dropped) = log.finish();
    Ok(export)
}

fn read(root: Value) -> Result<(Version, Vec<Oddity>, Vec<Object>), ErrorKind> {
    let mut top = members(root, "the document")?;
    let version = members(take(&mut top, "version", String::new)?, "version")?;
    let (version, oddities) = Version::read(&version);
    let objects = match take(&mut top, "objects", String::new)? {
        Value::Array(items) => items,
        other => return Err(wrong_shape("objects".to_owned(), "array", &other)),
    };
    let objects = objects
        .into_iter()
        .enumerate()
        .map(|(number, value)| read_object(number, value))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((version, oddities, objects))
}

fn read_object(number: usize, value: Value) -> Result<Object, ErrorKind> {
    let place = || format!("objects[{number}]");
    let mut object = members(value, &place())?;
    let mut text = |name| match take(&mut object, name, place)? {
        Value::Text(text) => Ok(text),
        other => Err(wrong_shape(format!("{}.{name}", place()), "text", &other)),
    };
    let class = text("class")?;
    let id = text("id")?;
    let snapshot = take(&mut object, "snapshot", place)?;
    let fields = members(snapshot, &format!("{}.snapshot", place()))?;
    Ok(Object { class, id, fields })
}

fn members(value: Value, what: &str) -> Result<Vec<(String, Value)>, ErrorKind> {
    match value {
        Value::Struct(members) => Ok(members),
        other => Err(wrong_shape(what.to_owned(), "struct", &other)),
    }
}

/// Takes the first member of this name, in any case: at these two levels xapi's derived readers ignore case.
fn take(
    members: &mut Vec<(String, Value)>,
    name: &'static str,
    inside: impl Fn() -> String,
) -> Result<Value, ErrorKind> {
    let position = members
        .iter()
        .position(|(key, _)| key.eq_ignore_ascii_case(name));
    match position {
        // Not `swap_remove`: the first of two members with one name has to stay the first.
        Some(position) => Ok(members.remove(position).1),
        None => Err(ErrorKind::MissingMember {
            name,
            inside: inside(),
        }),
    }
}

fn wrong_shape(what: String, expected: &'static str, found: &Value) -> ErrorKind {
    ErrorKind::WrongShape {
        what,
        expected,
        found: found.type_name(),
    }
}

impl Export {
    /// The object with this id; the first one where an id is used twice.
    pub fn object(&self, id: &str) -> Option<&Object> {
        self.objects
            .get(*self.by_id.get(id)?)
            .filter(|object| object.id == id)
    }

    /// The objects of one class, in document order. Class names are case-sensitive.
    pub fn of_class<'a>(&'a self, class: &'a str) -> impl Iterator<Item = &'a Object> {
        self.objects
            .iter()
            .filter(move |object| object.class == class)
    }

    /// The VM records: VMs, templates and snapshots alike.
    pub fn vms(&self) -> impl Iterator<Item = Vm<'_>> {
        self.of_class("VM").map(|object| Vm::new(self, object))
    }

    /// The object that a reference field of `object` names.
    pub fn follow(&self, object: &Object, field: &str) -> Option<&Object> {
        self.object(object.reference(field)?)
    }

    /// The objects of `class` whose field `field` names `id`, for example the VBDs of a VM by `VM`. Looks at every
    /// object; for all owners at once see [`Export::group_by`].
    pub fn referring<'a>(
        &'a self,
        class: &'a str,
        field: &'a str,
        id: &'a str,
    ) -> impl Iterator<Item = &'a Object> {
        self.of_class(class)
            .filter(move |object| object.reference(field) == Some(id))
    }

    /// The objects of `class` by what their field `field` names, in document order; those where it is null are left
    /// out. `group_by("VBD", "VM")` gives the VBDs of every VM in one pass.
    pub fn group_by<'a>(
        &'a self,
        class: &'a str,
        field: &str,
    ) -> BTreeMap<&'a str, Vec<&'a Object>> {
        let mut groups: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
        for object in self.of_class(class) {
            if let Some(id) = object.reference(field) {
                groups.entry(id).or_default().push(object);
            }
        }
        groups
    }

    /// True for a reference that names nothing on purpose: `OpaqueRef:NULL`, the empty text, or the `Ref:N` that the
    /// exporter gave to the null reference. That one is recognised as an id of no object that a host, metrics or
    /// affinity field of a VM carries (`formats/xva.md` section 3.2); a host that was left out looks the same.
    pub fn is_null(&self, reference: &str) -> bool {
        is_null_text(reference) || self.null_ids.contains(reference)
    }

    /// Classes with their number of objects.
    pub fn class_counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for object in &self.objects {
            let count: &mut usize = counts.entry(object.class.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    fn find_null_ids(&self) -> BTreeSet<String> {
        self.of_class("VM")
            .flat_map(|vm| {
                schema::HOST_AND_METRICS_FIELDS
                    .iter()
                    .filter_map(|field| vm.reference(field))
            })
            .filter(|id| self.object(id).is_none())
            .map(str::to_owned)
            .collect()
    }
}

/// True for the two spellings of null that need no look at the objects.
pub(crate) fn is_null_text(reference: &str) -> bool {
    reference.is_empty() || reference == NULL_REFERENCE
}

fn place(object: &Object, field: &str) -> Place {
    Place {
        class: clip(&object.class),
        id: clip(&object.id),
        field: clip(field),
    }
}
