//! Exports against one another, and an export against a pool database.

use xenspect_diff::Settings;
use xenspect_model::diff::{Change, Meaning};
use xenspect_synth::Recipe;

use crate::build::{SMALL, compare, dump, edited, objects, ova_xml, without};

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name><value>{value}</value></member>")
}

fn map(members: &[(&str, &str)]) -> String {
    let members = members.iter().map(|(name, value)| member(name, value));
    format!("<struct>{}</struct>", members.collect::<String>())
}

fn array(items: &[&str]) -> String {
    let items = items.iter().map(|item| format!("<value>{item}</value>"));
    format!("<array><data>{}</data></array>", items.collect::<String>())
}

fn object(class: &str, id: &str, fields: &[(&str, &str)]) -> String {
    let snapshot = map(fields);
    map(&[("class", class), ("id", id), ("snapshot", &snapshot)])
}

/// The VM of the small pool as an export has it; references begin with this number.
fn export(first: u32) -> String {
    let id = |n: u32| format!("Ref:{}", first + n);
    let no = "<boolean>0</boolean>";
    let config = map(&[("mac_seed", "s"), ("folder", "/a")]);
    let sm_config = map(&[("type", "vhd")]);
    let objects = [
        object(
            "VM",
            &id(0),
            &[
                ("uuid", "u-web"),
                ("name_label", "web01"),
                ("name_description", "a server"),
                ("power_state", "Halted"),
                ("resident_on", &id(90)),
                ("affinity", "OpaqueRef:NULL"),
                ("is_a_template", no),
                ("HVM_shadow_multiplier", "<double>1</double>"),
                ("memory_static_max", "1024"),
                (
                    "snapshot_time",
                    "<dateTime.iso8601>20260102T03:04:05Z</dateTime.iso8601>",
                ),
                ("tags", &array(&["web", "prod"])),
                ("other_config", &config),
                ("PV_args", "root=/dev/xvda quiet"),
                ("domid", "-1"),
                ("VBDs", &array(&[&id(1)])),
                ("only_in_the_api", "x"),
            ],
        ),
        object(
            "VBD",
            &id(1),
            &[
                ("uuid", "u-vbd"),
                ("VM", &id(0)),
                ("VDI", &id(2)),
                ("userdevice", "0"),
                ("type", "Disk"),
            ],
        ),
        object(
            "VDI",
            &id(2),
            &[
                ("uuid", "u-disk"),
                ("name_label", "root"),
                ("SR", &id(3)),
                ("virtual_size", "1073741824"),
                ("sm_config", &sm_config),
                ("type", "user"),
            ],
        ),
        object(
            "SR",
            &id(3),
            &[
                ("uuid", "u-sr"),
                ("name_label", "store"),
                ("type", "nfs"),
                ("VDIs", &array(&[&id(2)])),
            ],
        ),
        object(
            "VIF",
            &id(4),
            &[
                ("uuid", "u-vif"),
                ("VM", &id(0)),
                ("network", &id(5)),
                ("device", "0"),
                ("MAC", "aa:bb:cc:dd:ee:ff"),
            ],
        ),
        object(
            "network",
            &id(5),
            &[
                ("uuid", "u-net"),
                ("name_label", "lan"),
                ("bridge", "xenbr0"),
            ],
        ),
    ];
    let objects: Vec<_> = objects.iter().map(String::as_str).collect();
    let version = map(&[("hostname", "alpha"), ("export_vsn", "2")]);
    let document = map(&[("version", &version), ("objects", &array(&objects))]);
    format!("<value>{document}</value>")
}

#[test]
fn an_export_is_the_same_under_other_numbers() {
    let settings = Settings::default();
    let (old, new) = (ova_xml(export(1).as_bytes()), ova_xml(export(7).as_bytes()));
    let report = compare(&old, &new, &settings);
    assert!(report.same && report.left_out.is_empty(), "{report:#?}");
    let renamed = export(7).replace("web01", "web02");
    let report = compare(&old, &ova_xml(renamed.as_bytes()), &settings);
    let objects = objects(&report);
    assert_eq!((objects.len(), objects[0].means.len()), (1, 1));
    assert_eq!(report.new.name.as_deref(), Some("web02"));
}

#[test]
fn a_vm_that_is_as_it_was_exported_gives_nothing() {
    let (export, pool) = (ova_xml(export(1).as_bytes()), dump(SMALL.as_bytes()));
    for (old, new) in [(&export, &pool), (&pool, &export)] {
        for all in [false, true] {
            let settings = Settings {
                all,
                ..Settings::default()
            };
            let report = compare(old, new, &settings);
            // With everything told, the storage's own note in the dump is.
            assert_eq!(objects(&report).len(), usize::from(all), "{report:#?}");
            assert_eq!(report.not_compared.len(), 1);
        }
    }
}

#[test]
fn what_became_of_a_vm_since_its_export() {
    let settings = Settings::default();
    let export = ova_xml(export(1).as_bytes());
    let report = |text: &str| compare(&export, &dump(text.as_bytes()), &settings);

    let found = report(&edited("\"1024\"", "\"4096\""));
    assert_eq!(objects(&found).len(), 1);
    assert_eq!(objects(&found)[0].fields[0].field, "memory_static_max");

    // Another disk of the VM, with its VDI; the rest of the pool is none of the export's business.
    let more = "<row ref=\"OpaqueRef:b2\" uuid=\"u-b2\" VM=\"OpaqueRef:web\" VDI=\"OpaqueRef:other\" userdevice=\"1\"/>\
                <row ref=\"OpaqueRef:b3\" uuid=\"u-b3\" VM=\"OpaqueRef:none\" VDI=\"OpaqueRef:x\" userdevice=\"1\"/>";
    let found = report(&edited(
        "<table name=\"VBD\">",
        &format!("<table name=\"VBD\">{more}"),
    ));
    let added: Vec<_> = objects(&found)
        .iter()
        .map(|object| (object.change, &*object.class, &*object.title))
        .collect();
    let expected = [
        (Change::Added, "VBD", "xvdb"),
        (Change::Added, "VDI", "data"),
    ];
    assert_eq!(added, expected);

    // An exporter sets these, so nothing is known of what they were.
    assert!(report(&edited("\"Halted\"", "\"Running\"")).same);
    assert!(
        report(&edited(
            "is_a_template=\"false\"",
            "is_a_template=\"false\" is_a_snapshot=\"true\""
        ))
        .same
    );

    let found = report(&without("<row ref=\"OpaqueRef:vif\""));
    assert_eq!(objects(&found)[0].change, Change::Removed);

    let found = report(&edited(
        "network=\"OpaqueRef:net\" device",
        "network=\"OpaqueRef:net2\" device",
    ));
    let moved = Meaning::Moved {
        old: "lan".to_owned(),
        new: "dmz".to_owned(),
    };
    assert_eq!(objects(&found)[0].means, [moved]);

    let found = report(&without("<row ref=\"OpaqueRef:web\""));
    assert!(objects(&found).iter().any(|object| object.class == "VM"));
    assert!(found.not_compared[0].contains("No VM of the export"));
}

#[test]
fn every_made_up_export_is_the_same_as_itself() {
    let settings = Settings {
        all: true,
        ..Settings::default()
    };
    let mut met = 0;
    for (name, _) in Recipe::names() {
        let recipe = Recipe::named(name).unwrap();
        if let Some(text) = recipe.document().and(recipe.document_text()) {
            let report = compare(&ova_xml(&text), &ova_xml(&text), &settings);
            assert!(
                report.same && report.left_out.is_empty(),
                "{name}: {report:#?}"
            );
            met += 1;
        }
    }
    assert!(met > 0);
}
