//! The walk over an export: which class each field belongs to. `ova.xml` is taken as the value tree it is, because a
//! document with a second `objects` or an odd record still has to be searched.

use super::lookup::{self, ColumnRules};
use super::shape::{Edit, Shape};
use super::walk::{Leaf, Walker};
use crate::export::Object;
use crate::xmlrpc::Value;

/// Shows every leaf of a document with the class it is in, wherever it is.
pub(crate) fn walk(document: &mut Value, visit: &mut dyn FnMut(&str, &Leaf<'_>) -> Option<String>) {
    let mut walker = Walker::default();
    match document {
        Value::Struct(members) => {
            for (name, value) in members {
                match value {
                    Value::Array(items) if is_objects(name) => {
                        for item in items {
                            object(&mut walker, item, visit);
                        }
                    }
                    other => field(&mut walker, name, other, visit),
                }
            }
        }
        other => walker.inside(other, &mut |leaf| visit("", leaf)),
    }
}

fn is_objects(name: &str) -> bool {
    name.eq_ignore_ascii_case("objects")
}

/// A field that belongs to no class.
fn field(
    walker: &mut Walker,
    name: &str,
    value: &mut Value,
    visit: &mut dyn FnMut(&str, &Leaf<'_>) -> Option<String>,
) {
    let rules = ColumnRules::of("", name);
    walker.column(&rules, name, value, &mut |leaf| visit("", leaf));
}

/// One item of `objects`: every record in it is searched, not only the one an importer would take, and what stands
/// beside them.
fn object(
    walker: &mut Walker,
    item: &mut Value,
    visit: &mut dyn FnMut(&str, &Leaf<'_>) -> Option<String>,
) {
    let Value::Struct(members) = item else {
        walker.inside(item, &mut |leaf| visit("", leaf));
        return;
    };
    let class = members
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("class"))
        .and_then(|(_, value)| value.as_text())
        .unwrap_or_default()
        .to_owned();
    for (name, value) in members {
        match value {
            Value::Struct(_) => walker.fields(&class, value, &mut |leaf| visit(&class, leaf)),
            other => field(walker, name, other, visit),
        }
    }
}

/// Lets every text of the records of an export be changed that is free: no reference, no uuid, no key.
pub(crate) fn each_text(document: &mut Value, edit: &mut Edit<'_>) {
    let Value::Struct(members) = document else {
        return;
    };
    for (_, value) in members.iter_mut().filter(|(name, _)| is_objects(name)) {
        let items = match value {
            Value::Array(items) => items.as_mut_slice(),
            _ => &mut [],
        };
        for item in items {
            object_texts(item, edit);
        }
    }
}

fn object_texts(item: &mut Value, edit: &mut Edit<'_>) {
    let class = item.member("class").and_then(Value::as_text);
    let class = class.unwrap_or_default().to_owned();
    let Value::Struct(members) = item else {
        return;
    };
    for (_, record) in members {
        let Value::Struct(fields) = record else {
            continue;
        };
        for (name, value) in fields {
            if lookup::is_free_text(&class, name) {
                value.whole(edit);
            }
        }
    }
}

/// Shows every leaf of one object of an export. What is given for one is dropped: the object is only looked at.
pub(crate) fn look_at(object: &Object, walker: &mut Walker, see: &mut dyn FnMut(&Leaf<'_>)) {
    for (field, value) in &object.fields {
        let rules = ColumnRules::of(&object.class, field);
        if rules.leave_out(value.is_map()) && !rules.search {
            continue;
        }
        walker.column(&rules, field, &mut value.clone(), &mut |leaf| {
            see(leaf);
            None
        });
    }
}
