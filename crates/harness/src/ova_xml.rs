//! Any bytes as the documents of an export.

use std::collections::BTreeMap;

use xenspect_xapi::export::{self, Export, Object};
use xenspect_xapi::xmlrpc::{self, Value};
use xenspect_xapi::{Error, Limits, legacy, parse_integer};

/// So tight that small documents reach every limit.
const TIGHT: Limits = Limits {
    bytes: 4096,
    depth: 6,
    values: 64,
    attributes: 2,
    oddities: 1,
};

/// How far the root element of an appliance is looked for, in bytes.
const SNIFF: usize = 64 << 10;

/// Reads the bytes as `ova.xml`, as the legacy table and as an `<appliance>` document, and asks
/// what was read for everything that it can tell.
///
/// Invariants:
/// - an error points into the document and can be told;
/// - with tight limits a document reads as without them, or a limit is what is told, or an error
///   that was met before it;
/// - no list is longer than its limit, and what was left out is counted;
/// - objects are found by their ids; expected disks are VDIs of the export, in the order of their
///   ids as byte strings;
/// - what is an `<appliance>` is told by its root as it is by its parser.
///
/// # Panics
///
/// When one of them does not hold.
pub fn ova_xml(data: &[u8]) {
    read_values(data);
    read_export(data);
    read_legacy(data);
    if let Ok(text) = std::str::from_utf8(data) {
        parse_integer(text);
    }
}

fn check_error(error: &Error, data: &[u8]) {
    assert!(
        error.offset <= data.len() as u64,
        "{error} is behind the document"
    );
    assert!(!error.to_string().is_empty() && !error.kind.name().is_empty());
}

fn read_values(data: &[u8]) {
    let loose = xmlrpc::parse(data, &Limits::default());
    match &loose {
        Ok(value) => ask_value(value),
        Err(error) => check_error(error, data),
    }
    match (xmlrpc::parse(data, &TIGHT), loose) {
        (Ok(tight), loose) => assert_eq!(Ok(tight), loose, "limits changed what was read"),
        (Err(tight), loose) if !tight.kind.is_limit() => {
            assert_eq!(Err(tight), loose, "limits changed what is wrong");
        }
        (Err(tight), _) => check_error(&tight, data),
    }
}

fn ask_value(value: &Value) {
    assert!(!value.type_name().is_empty());
    value.as_integer();
    value.as_boolean();
    value.as_double();
    assert!(
        value
            .as_date_time()
            .is_none_or(|_| value.as_text().is_none())
    );
    for item in value.as_array().unwrap_or_default() {
        ask_value(item);
    }
    for (name, member) in value.as_struct().unwrap_or_default() {
        assert!(value.member(name).is_some());
        ask_value(member);
    }
}

fn read_export(data: &[u8]) {
    let loose = export::parse(data, &Limits::default());
    match &loose {
        Ok(export) => ask_export(export, &Limits::default()),
        Err(error) => check_error(error, data),
    }
    match export::parse(data, &TIGHT) {
        Ok(tight) => {
            ask_export(&tight, &TIGHT);
            let loose = loose.expect("it reads with tight limits");
            assert_eq!(tight.objects, loose.objects);
            assert_eq!(tight.version, loose.version);
            let count = |export: &Export| {
                export.oddities.len() as u64 + export.oddities_dropped.values().sum::<u64>()
            };
            assert_eq!(count(&tight), count(&loose), "oddities were lost uncounted");
        }
        Err(error) => check_error(&error, data),
    }
}

fn ask_export(export: &Export, limits: &Limits) {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for oddity in &export.oddities {
        let kept = kinds.entry(oddity.name()).or_default();
        *kept += 1;
        assert!(*kept <= limits.oddities, "too many of {}", oddity.name());
    }
    for (kind, dropped) in &export.oddities_dropped {
        assert!(
            *dropped > 0 && kinds.get(kind) == Some(&limits.oddities),
            "{kind}"
        );
    }
    for object in &export.objects {
        let found = export
            .object(&object.id)
            .expect("an object is found by its id");
        assert_eq!(found.id, object.id);
        ask_object(export, object);
    }
    let counted: usize = export.class_counts().values().sum();
    assert_eq!(counted, export.objects.len());
    assert!(export.sensitive().len() <= export.objects.len());
    export.has_vtpm_content();
    for vm in export.vms() {
        vm.power_state();
        vm.is_a_template();
        vm.is_default_template();
        vm.is_a_snapshot();
        vm.is_control_domain();
        vm.has_efi_variables();
        vm.mac_seed();
        vm.firmware();
        vm.memory_static_max();
        vm.vcpus_max();
        vm.suspend_vdi();
        vm.snapshot_of();
        assert!(vm.vbds().all(|vbd| vbd.class == "VBD"));
        assert!(vm.vifs().all(|vif| vif.class == "VIF"));
        assert!(vm.vtpms().all(|vtpm| vtpm.class == "VTPM"));
    }
    let disks = export.expected_disks();
    assert!(disks.is_sorted_by(|a, b| a.id.as_bytes() <= b.id.as_bytes()));
    for disk in &disks {
        assert!(
            export.of_class("VDI").any(|vdi| vdi.id == disk.id),
            "{} is no VDI",
            disk.id
        );
    }
}

fn ask_object(export: &Export, object: &Object) {
    object.uuid();
    object.name_label();
    for (name, _) in &object.fields {
        object.text(name);
        object.integer(name);
        object.boolean(name);
        object.set(name);
        if let Some(count) = object.count(name) {
            assert_eq!(object.integer(name), i64::try_from(count).ok());
        }
        for (key, _) in object.map(name).unwrap_or_default() {
            object.map_text(name, key);
        }
        if let Some(reference) = object.reference(name) {
            export.is_null(reference);
        }
        if let Some(target) = export.follow(object, name) {
            assert_eq!(object.reference(name), Some(target.id.as_str()));
        }
    }
}

fn read_legacy(data: &[u8]) {
    match legacy::parse_checksum_table(data, &Limits::default()) {
        Ok(entries) => {
            let value = xmlrpc::parse(data, &Limits::default()).expect("a table is a value");
            assert_eq!(value.as_struct().map(<[_]>::len), Some(entries.len()));
        }
        Err(error) => check_error(&error, data),
    }
    let is_appliance = legacy::is_appliance(data);
    match legacy::parse_appliance(data, &Limits::default()) {
        Ok(_) => assert!(
            is_appliance || data.len() > SNIFF,
            "an appliance not recognised"
        ),
        Err(error) => check_error(&error, data),
    }
    if let Err(error) = legacy::parse_appliance(data, &TIGHT) {
        check_error(&error, data);
    }
}
