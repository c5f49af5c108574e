//! Tables, rows, objects and deviations.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};
use xenspect_xapi::db::{OddityKind, Table};

use super::{flag, read, rows, samples};

#[test]
fn tables_rows_and_manifest() {
    for sample in samples() {
        let (name, facts) = (&sample.name, &sample.facts);
        let database = read(&sample);
        assert!(database.is_complete(), "{name}");
        let counts: Vec<_> = database
            .tables()
            .map(|table| (table.name(), table.len()))
            .collect();
        let counts = Json::Object(
            counts
                .iter()
                .map(|&(name, rows)| (name.to_owned(), json!(rows)))
                .collect(),
        );
        assert_eq!(counts, facts["rows"], "{name}");
        assert_eq!(database.tables().len(), facts["tables"], "{name}");
        assert_eq!(database.row_count(), facts["rows_total"], "{name}");
        assert_eq!(
            database.tables().filter(Table::is_empty).count(),
            facts["empty_tables"],
            "{name}"
        );
        let manifest: BTreeMap<_, _> = database.manifest().collect();
        match &facts["manifest"] {
            Json::Null => assert!(manifest.is_empty()),
            expected => assert_eq!(json!(manifest), *expected, "{name}"),
        }
        let declaration = database.declaration();
        let declaration = declaration.map(|raw| String::from_utf8_lossy(raw.as_bytes()));
        assert_eq!(
            declaration.as_deref(),
            facts["xml_declaration"].as_str(),
            "{name}"
        );
        let ctimes = database.rows().filter(|row| row.ctime().is_some()).count();
        let mtimes = database.rows().filter(|row| row.mtime().is_some()).count();
        assert_eq!(ctimes, facts["rows_with___ctime"], "{name}");
        assert_eq!(mtimes, facts["rows_with___mtime"], "{name}");
        for row in database.rows().filter(|row| row.ctime().is_some()) {
            assert!(
                row.ctime() <= row.mtime() && row.mtime() <= database.generation(),
                "{name}"
            );
        }
        // Nothing but line ends and a comment may stand behind the database.
        assert!(usize::try_from(database.end()).unwrap() <= sample.bytes.len());
    }
}

#[test]
fn only_the_deviations_that_were_counted() {
    for sample in samples() {
        let (name, facts) = (&sample.name, &sample.facts);
        let database = read(&sample);
        let oddities = database.oddities();
        assert_eq!(
            oddities.count("ref-mismatch"),
            facts["row_ref_neq__ref"],
            "{name}"
        );
        assert_eq!(
            oddities.count("missing-ref"),
            facts["row_attr_ref_missing"],
            "{name}"
        );
        assert_eq!(
            oddities.count("duplicate-ref"),
            facts["duplicate_refs"],
            "{name}"
        );
        // A uuid that three rows have was counted once, and is two oddities.
        let twice: BTreeSet<_> = oddities
            .kept
            .iter()
            .filter_map(|oddity| match &oddity.kind {
                OddityKind::DuplicateUuid { uuid } => Some(uuid),
                _ => None,
            })
            .collect();
        assert_eq!(twice.len(), facts["duplicate_uuids"], "{name}");
        assert_eq!(
            oddities.count("no-manifest") == 1,
            facts["manifest"]
                .as_object()
                .is_none_or(|manifest| manifest.is_empty()),
            "{name}"
        );
        let known = [
            "ref-mismatch",
            "missing-ref",
            "duplicate-ref",
            "duplicate-uuid",
            "no-manifest",
        ];
        let other: Vec<_> = oddities
            .kept
            .iter()
            .filter(|oddity| !known.contains(&oddity.kind.name()))
            .collect();
        assert!(other.is_empty(), "{name}: {other:?}");
    }
}

#[test]
fn objects() {
    for sample in samples() {
        let (name, facts) = (&sample.name, &sample.facts);
        let database = read(&sample);
        let vms = rows(&database, "VM");
        let snapshots = vms.iter().filter(|vm| flag(vm, "is_a_snapshot")).count();
        let templates = vms
            .iter()
            .filter(|vm| flag(vm, "is_a_template") && !flag(vm, "is_a_snapshot"))
            .count();
        let dom0s = vms
            .iter()
            .filter(|vm| flag(vm, "is_control_domain"))
            .count();
        let real: Vec<_> = vms
            .iter()
            .filter(|vm| {
                !["is_a_snapshot", "is_a_template", "is_control_domain"]
                    .iter()
                    .any(|column| flag(vm, column))
            })
            .map(|vm| {
                json!({
                    "name": vm.text("name__label"), "uuid": vm.uuid(),
                    "power_state": vm.text("power_state"), "resident_on": vm.text("resident_on"),
                })
            })
            .collect();
        let counts = json!({
            "total": vms.len(), "templates": templates, "snapshots": snapshots, "control_domains": dom0s,
            "real_vms": real.len(),
        });
        assert_eq!(counts, facts["vm"], "{name}");
        assert_eq!(json!(real), facts["real_vms"], "{name}");
        let hosts: Vec<_> = rows(&database, "host")
            .iter()
            .map(|host| json!({
                "hostname": host.text("hostname"), "address": host.text("address"), "uuid": host.uuid(),
                "name_label": host.text("name__label"),
            }))
            .collect();
        assert_eq!(json!(hosts), facts["host_list"], "{name}");
        for (fact, table) in [
            ("hosts", "host"),
            ("pools", "pool"),
            ("pifs", "PIF"),
            ("bonds", "Bond"),
            ("vlans", "VLAN"),
            ("networks", "network"),
            ("vifs", "VIF"),
            ("srs", "SR"),
            ("pbds", "PBD"),
            ("vdis", "VDI"),
            ("vbds", "VBD"),
            ("secrets", "secret"),
        ] {
            assert_eq!(rows(&database, table).len(), facts[fact], "{name} {table}");
        }
        let mut types: BTreeMap<String, u64> = BTreeMap::new();
        for sr in rows(&database, "SR") {
            *types
                .entry(sr.text("type").unwrap().into_owned())
                .or_default() += 1;
        }
        assert_eq!(json!(types), facts["sr_types"], "{name}");
        let pifs = rows(&database, "PIF");
        let management = pifs.iter().filter(|pif| flag(pif, "management")).count();
        let vlans = pifs
            .iter()
            .filter(|pif| {
                pif.value("VLAN")
                    .and_then(|vlan| vlan.as_int())
                    .is_some_and(|tag| tag >= 0)
            })
            .count();
        assert_eq!(management, facts["pif_summary"]["management"], "{name}");
        assert_eq!(vlans, facts["pif_summary"]["vlan"], "{name}");
        let size: i64 = rows(&database, "VDI")
            .iter()
            .filter_map(|vdi| vdi.value("virtual_size")?.as_int())
            .sum();
        assert_eq!(size, facts["vdi_virtual_size_sum"], "{name}");
        let bridges: BTreeSet<_> = rows(&database, "network")
            .iter()
            .filter_map(|network| network.text("bridge").map(|text| text.into_owned()))
            .collect();
        let expected: BTreeSet<_> = facts["network_bridges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|bridge| bridge.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(bridges, expected, "{name}");
        for row in database.rows() {
            let reference = row.reference().unwrap();
            assert!(database.by_reference(&reference).is_some());
            if let Some(uuid) = row.uuid() {
                assert_eq!(database.by_uuid(&uuid).unwrap().uuid(), Some(uuid));
            }
        }
    }
}
