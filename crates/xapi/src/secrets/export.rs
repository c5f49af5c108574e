//! The walk over an export: which class each field belongs to. `ova.xml` is taken as the value tree it is, because a
//! document with a second `objects` or an odd record still has to be searched.

use super::lookup::ColumnRules;
use super::shape::Shape;
use super::walk::{Leaf, Walker};
use crate::export::Object;
use crate::xmlrpc::Value;

/// Shows every leaf of a document with the class it is in.
pub(crate) fn walk(document: &mut Value, visit: &mut dyn FnMut(&str, &Leaf<'_>) -> Option<String>) {
    let mut walker = Walker::default();
    let Value::Struct(members) = document else {
        return;
    };
    for (name, value) in members {
        match value {
            Value::Array(items) if name.eq_ignore_ascii_case("objects") => {
                for item in items {
                    object(&mut walker, item, visit);
                }
            }
            other => {
                let rules = ColumnRules::of("", name);
                walker.column(&rules, name, other, &mut |leaf| visit("", leaf));
            }
        }
    }
}

/// One item of `objects`: every record in it is searched, not only the one an importer would take.
fn object(
    walker: &mut Walker,
    item: &mut Value,
    visit: &mut dyn FnMut(&str, &Leaf<'_>) -> Option<String>,
) {
    let Value::Struct(members) = item else {
        return;
    };
    let class = members
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("class"))
        .and_then(|(_, value)| value.as_text())
        .unwrap_or_default()
        .to_owned();
    for (_, value) in members {
        if let Value::Struct(_) = value {
            walker.fields(&class, value, &mut |leaf| visit(&class, leaf));
        }
    }
}

/// Shows every leaf of one object of an export. What is given for one is dropped: the object is only looked at.
pub(crate) fn look_at(object: &Object, walker: &mut Walker, see: &mut dyn FnMut(&Leaf<'_>)) {
    for (field, value) in &object.fields {
        let rules = ColumnRules::of(&object.class, field);
        if rules.leave_out(value.is_map()) {
            continue;
        }
        walker.column(&rules, field, &mut value.clone(), &mut |leaf| {
            see(leaf);
            None
        });
    }
}
