//! Compares the objects of an export with what an importer expects and logs what differs. It changes nothing and
//! refuses nothing; the tables it works from are in `schema`.

use std::collections::{BTreeMap, BTreeSet};

use super::oddity::{Log, MISSING_FIELD};
use super::schema::{self, Class, Link};
use super::types;
use super::{Export, Object, Oddity, is_null_text, place};
use crate::datamodel::{self, Type};
use crate::error::clip;
use crate::xmlrpc::Value;

/// Runs every check, object by object in document order, then those over the whole export.
pub(super) fn run(export: &Export, log: &mut Log) {
    let mut ids = BTreeSet::new();
    let mut attached: BTreeMap<&str, usize> = BTreeMap::new();
    let mut leftovers: u64 = 0;
    for object in &export.objects {
        if !ids.insert(object.id.as_str()) {
            log.push(Oddity::DuplicateId {
                id: clip(&object.id),
                class: clip(&object.class),
            });
        }
        match schema::class(&object.class) {
            Some(class) => check_object(export, object, class, log),
            None => log.push(Oddity::UnknownClass {
                class: clip(&object.class),
                id: clip(&object.id),
            }),
        }
        leftovers = leftovers.saturating_add(check_contents(object, log));
        if object.class == "VBD"
            && !object.is_cd()
            && let Some(vdi) = object.reference("VDI")
            && export.object(vdi).is_some()
        {
            let vbds = attached.entry(vdi).or_default();
            *vbds = vbds.saturating_add(1);
        }
    }
    for (vdi, vbds) in attached {
        if vbds > 1 {
            let vdi = clip(vdi);
            log.push(Oddity::SharedVdi { vdi, vbds });
        }
    }
    if leftovers > 0 {
        log.push(Oddity::LeftoverOpaqueRefs { count: leftovers });
    }
}

fn check_object(export: &Export, object: &Object, class: &Class, log: &mut Log) {
    for field in class.mandatory {
        if object.field(field).is_none() {
            log.push_with(MISSING_FIELD, || Oddity::MissingField {
                place: place(object, field),
            });
        }
    }
    check_types(object, class, log);
    for link in class.links {
        if let Some(value) = object.field(link.field) {
            check_link(export, object, link.field, value, link, log);
        }
    }
    match class.name {
        "VM" => check_vm(export, object, log),
        "VBD" => check_vbd(export, object, log),
        "VDI" => check_virtual_size(object, log),
        "VTPM" => check_vtpm(export, object, log),
        _ => {}
    }
}

/// Values against the types of the datamodel. Fields that it does not have are not read by any importer.
fn check_types(object: &Object, class: &Class, log: &mut Log) {
    for (field, values) in class.enums {
        if let Some(value) = object.field(field)
            && !value
                .as_text()
                .is_some_and(|text| values.iter().any(|known| known.eq_ignore_ascii_case(text)))
        {
            log.push(Oddity::BadEnum {
                place: place(object, field),
                found: types::found(value),
            });
        }
    }
    let mut names = BTreeSet::new();
    for (name, value) in &object.fields {
        // Of two fields with one name, xapi reads the first.
        if names.insert(name.as_str())
            && !class.has_rule_of_its_own(name)
            && let Some(field) = datamodel::api_field(class.name, name)
            && let Some(oddity) = types::oddity(object, name, value, &field.ty)
        {
            log.push(oddity);
        }
    }
}

fn check_link(
    export: &Export,
    object: &Object,
    field: &str,
    value: &Value,
    link: &Link,
    log: &mut Log,
) {
    let to = value.as_text().unwrap_or_default();
    if link.nullable && export.is_null(to) {
        return;
    }
    match export.object(to) {
        None => log.push(Oddity::DanglingReference {
            place: place(object, field),
            to: clip(to),
        }),
        Some(target) if target.class != link.class => log.push(Oddity::WrongReferenceClass {
            place: place(object, field),
            to: clip(to),
            found: clip(&target.class),
        }),
        Some(_) => {}
    }
}

/// The importer reads `suspend_VDI` of a suspended VM only, and takes a host or metrics it cannot find for null.
fn check_vm(export: &Export, vm: &Object, log: &mut Log) {
    const SUSPEND: Link = Link {
        field: "suspend_VDI",
        class: "VDI",
        nullable: false,
    };
    for field in schema::HOST_AND_METRICS_FIELDS {
        if let Some(to) = vm.reference(field)
            && export.object(to).is_none()
        {
            log.push(Oddity::DanglingHostReference {
                place: place(vm, field),
                to: clip(to),
            });
        }
    }
    if vm.is("power_state", "Suspended")
        && let Some(value) = vm.field(SUSPEND.field)
    {
        check_link(export, vm, SUSPEND.field, value, &SUSPEND, log);
    }
}

/// An empty CD drive points to null, perhaps written as a `Ref:N`, and a CD whose image is gone is ejected; a disk
/// needs its VDI.
fn check_vbd(export: &Export, vbd: &Object, log: &mut Log) {
    const VDI: Link = Link {
        field: "VDI",
        class: "VDI",
        nullable: false,
    };
    let Some(value) = vbd.field(VDI.field).filter(|_| !vbd.is_cd()) else {
        return;
    };
    match value.as_text() {
        Some(to) if export.is_null(to) => log.push(Oddity::DiskVbdWithoutVdi {
            place: place(vbd, VDI.field),
            to: clip(to),
        }),
        _ => check_link(export, vbd, VDI.field, value, &VDI, log),
    }
}

fn check_virtual_size(vdi: &Object, log: &mut Log) {
    if let Some(value) = vdi.field("virtual_size")
        && vdi.count("virtual_size").is_none()
    {
        log.push(Oddity::VirtualSizeInvalid {
            place: place(vdi, "virtual_size"),
            found: types::found(value),
        });
    }
}

fn check_vtpm(export: &Export, vtpm: &Object, log: &mut Log) {
    const OWNER: Link = Link {
        field: "VM",
        class: "VM",
        nullable: false,
    };
    match vtpm.vtpm_field(OWNER.field) {
        Some((field, value)) => check_link(export, vtpm, field, value, &OWNER, log),
        None => log.push(Oddity::MissingField {
            place: place(vtpm, "vTPM'_VM"),
        }),
    }
    if vtpm.vtpm_field("content").is_none() {
        log.push(Oddity::MissingField {
            place: place(vtpm, "vTPM'_content"),
        });
    }
    for name in ["is_unique", "is_protected"] {
        if let Some((field, value)) = vtpm.vtpm_field(name)
            && let Some(oddity) = types::oddity(vtpm, field, value, &Type::Bool)
        {
            log.push(oddity);
        }
    }
}

/// Looks through all values of an object, of known class or not. Returns the number of references of the source pool.
fn check_contents(object: &Object, log: &mut Log) -> u64 {
    let mut names = BTreeSet::new();
    let mut leftovers: u64 = 0;
    for (field, value) in &object.fields {
        if !names.insert(field.as_str()) {
            log.push(Oddity::DuplicateField {
                place: place(object, field),
            });
        }
        let mut nameless = field.is_empty();
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            match value {
                Value::Text(text) if is_leftover(text) => leftovers = leftovers.saturating_add(1),
                Value::Array(items) => pending.extend(items),
                Value::Struct(members) => {
                    for (key, value) in members {
                        nameless |= key.is_empty();
                        if is_leftover(key) {
                            leftovers = leftovers.saturating_add(1);
                        }
                        pending.push(value);
                    }
                }
                _ => {}
            }
        }
        if nameless {
            log.push(Oddity::EmptyMemberName {
                place: place(object, field),
            });
        }
    }
    leftovers
}

fn is_leftover(text: &str) -> bool {
    text.starts_with("OpaqueRef:") && !is_null_text(text)
}
