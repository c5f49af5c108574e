//! Oddities: each test breaks one thing and expects exactly that one, or shows that a form xapi reads is none.

use super::{Record, VERSION, at, broken, document, good, member, oddities, read, vbd, vdi, xml};
use crate::Limits;
use crate::export::{Oddity, parse};

#[test]
fn a_good_export_has_only_its_dangling_host() {
    let export = read(&good());
    assert_eq!(
        export.oddities,
        [Oddity::DanglingHostReference {
            place: at("VM", "Ref:0", "resident_on"),
            to: "Ref:9".to_owned()
        }]
    );
    assert!(export.oddities_dropped.is_empty());
    assert!(export.is_null("Ref:9"));
    assert!(export.is_null("OpaqueRef:NULL"));
    assert!(!export.is_null("Ref:4"));
    assert!(!export.is_null("Ref:77"));
}

#[test]
fn every_mandatory_field_is_missed() {
    for record in good() {
        for (field, _) in &record.fields {
            if ["power_state", "name_label", "suspend_VDI"].contains(field) {
                continue;
            }
            let found: Vec<Oddity> = broken(record.id, |record| record.without(field))
                .into_iter()
                .filter(|oddity| matches!(oddity, Oddity::MissingField { .. }))
                .collect();
            let place = at(record.class, record.id, field);
            assert_eq!(found, [Oddity::MissingField { place }]);
        }
    }
}

#[test]
fn fields_of_a_wrong_type() {
    let untagged = broken("Ref:4", |vdi| vdi.set("managed", "<value>1</value>"));
    assert_eq!(
        untagged,
        [Oddity::BadBoolean {
            place: at("VDI", "Ref:4", "managed"),
            found: "1".to_owned(),
            tagged: false
        }]
    );
    let spelled = broken("Ref:0", |vm| {
        vm.set("is_a_template", "<value><boolean>true</boolean></value>")
    });
    assert_eq!(
        spelled,
        [Oddity::BadBoolean {
            place: at("VM", "Ref:0", "is_a_template"),
            found: "true".to_owned(),
            tagged: true
        }]
    );
    for (value, found) in [("many", "many"), ("", ""), ("<value><nil/></value>", "nil")] {
        assert_eq!(
            broken("Ref:0", |vm| vm.set("VCPUs_max", value)),
            [Oddity::BadInteger {
                place: at("VM", "Ref:0", "VCPUs_max"),
                found: found.to_owned()
            }]
        );
    }
    assert_eq!(
        broken("Ref:3", |vbd| vbd.set("mode", "RWX")),
        [Oddity::BadEnum {
            place: at("VBD", "Ref:3", "mode"),
            found: "RWX".to_owned()
        }]
    );
    for value in ["ten", "-1", "1e9", "9223372036854775808"] {
        assert_eq!(
            broken("Ref:4", |vdi| vdi.set("virtual_size", value)),
            [Oddity::VirtualSizeInvalid {
                place: at("VDI", "Ref:4", "virtual_size"),
                found: value.to_owned()
            }]
        );
    }
}

#[test]
fn fields_of_a_type_that_xapi_does_not_convert() {
    for (id, class, field, value, expected, found) in [
        ("Ref:0", "VM", "platform", "x", "map", "text"),
        ("Ref:0", "VM", "tags", "x", "set", "text"),
        ("Ref:0", "VM", "tags", "{}", "set", "struct"),
        ("Ref:0", "VM", "other_config", "[]", "map", "array"),
        ("Ref:0", "VM", "name_description", "{}", "text", "struct"),
        ("Ref:0", "VM", "suspend_SR", "false", "text", "boolean"),
        (
            "Ref:0",
            "VM",
            "snapshot_time",
            "yesterday",
            "date",
            "yesterday",
        ),
        (
            "Ref:4",
            "VDI",
            "snapshot_time",
            "<value><dateTime.iso8601>197]0101T00:00:00Z</dateTime.iso8601></value>",
            "date",
            "197]0101T00:00:00Z",
        ),
        (
            "Ref:1",
            "VIF",
            "qos_algorithm_params",
            "{k=[]}",
            "text",
            "array",
        ),
    ] {
        assert_eq!(
            broken(id, |record| record.set(field, value)),
            [Oddity::BadType {
                place: at(class, id, field),
                expected,
                found: found.to_owned()
            }],
            "{field} {value}"
        );
    }
}

#[test]
fn values_that_are_not_what_their_element_says() {
    // Whatever the field, and also where there is none of that name.
    for (field, element, found) in [
        ("name_description", "i4", "abc"),
        ("name_description", "int", ""),
        ("a_field_of_the_future", "i8", "1.5"),
        ("a_field_of_the_future", "double", "1x"),
        ("a_field_of_the_future", "double", ""),
        ("a_field_of_the_future", "base64", ""),
        ("snapshot_time", "dateTime.iso8601", ""),
        ("is_a_snapshot", "boolean", ""),
    ] {
        let oddities = broken("Ref:0", |vm| {
            vm.set(
                field,
                &format!("<value><{element}>{found}</{element}></value>"),
            )
        });
        let [
            Oddity::Unreadable {
                element: told,
                found: text,
                member,
                offset,
            },
        ] = oddities.as_slice()
        else {
            panic!("{oddities:?}");
        };
        assert_eq!(
            (*told, text.as_str(), member.as_str()),
            (element, found, field)
        );
        assert!(*offset > 0);
    }
}

#[test]
fn a_field_that_is_no_integer_is_told_once() {
    assert_eq!(
        broken("Ref:0", |vm| vm
            .set("VCPUs_max", "<value><i4>two</i4></value>")),
        [Oddity::BadInteger {
            place: at("VM", "Ref:0", "VCPUs_max"),
            found: "two".to_owned()
        }]
    );
    assert_eq!(
        broken("Ref:4", |vdi| vdi
            .set("virtual_size", "<value><i8/></value>")),
        [Oddity::VirtualSizeInvalid {
            place: at("VDI", "Ref:4", "virtual_size"),
            found: String::new()
        }]
    );
}

#[test]
fn what_xapi_reads_is_no_oddity() {
    for (id, field, value) in [
        ("Ref:0", "power_state", "halted"),
        ("Ref:0", "actions_after_crash", "Coredump_And_Restart"),
        ("Ref:3", "type", "disk"),
        ("Ref:3", "type", "FLOPPY"),
        ("Ref:4", "type", "System"),
        ("Ref:4", "virtual_size", "0x2_8000_0000"),
        ("Ref:0", "VCPUs_max", "<value><i4>2</i4></value>"),
        ("Ref:0", "name_label", "<value><string>x</string></value>"),
        ("Ref:0", "a_field_of_the_future", "true"),
        ("Ref:0", "tags", "[]"),
        ("Ref:0", "tags", "<value><array/></value>"),
        ("Ref:0", "platform", "<value><struct/></value>"),
        ("Ref:0", "snapshot_time", "20161117T11:11:15Z"),
        ("Ref:0", "name_description", "<value><string/></value>"),
        (
            "Ref:1",
            "a_field_of_the_future",
            "<value><double> -1_0.5e3</double></value>",
        ),
        ("Ref:0", "last_booted_record", "('OpaqueRef:x' in text)"),
        ("Ref:5", "introduced_by", "OpaqueRef:NULL"),
    ] {
        assert_eq!(broken(id, |r| r.set(field, value)), [], "{field} {value}");
    }
}

#[test]
fn links_the_importer_follows() {
    for (id, class, field, target) in [
        ("Ref:3", "VBD", "VM", "Ref:4"),
        ("Ref:3", "VBD", "VDI", "Ref:0"),
        ("Ref:1", "VIF", "VM", "Ref:4"),
        ("Ref:1", "VIF", "network", "Ref:0"),
        ("Ref:4", "VDI", "SR", "Ref:0"),
    ] {
        assert_eq!(
            broken(id, |record| record.set(field, "Ref:77")),
            [Oddity::DanglingReference {
                place: at(class, id, field),
                to: "Ref:77".to_owned()
            }]
        );
        let wrong = broken(id, |record| record.set(field, target));
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].name(), "wrong-reference-class");
    }
    for (id, class, field) in [("Ref:3", "VBD", "VM"), ("Ref:4", "VDI", "SR")] {
        assert_eq!(
            broken(id, |record| record.set(field, "OpaqueRef:NULL")),
            [Oddity::DanglingReference {
                place: at(class, id, field),
                to: "OpaqueRef:NULL".to_owned()
            }]
        );
    }
    let other_classes = [
        Record::new(
            "VGPU",
            "Ref:10",
            &[
                ("uuid", "u"),
                ("VM", "Ref:0"),
                ("GPU_group", "Ref:11"),
                ("type", "Ref:9"),
            ],
        ),
        Record::new("GPU_group", "Ref:11", &[("uuid", "u")]),
        Record::new(
            "PVS_proxy",
            "Ref:12",
            &[("uuid", "u"), ("VIF", "Ref:1"), ("site", "Ref:78")],
        ),
        Record::new(
            "VTPM",
            "Ref:13",
            &[("vTPM'_VM", "Ref:77"), ("vTPM'_content", "")],
        ),
    ];
    let found = oddities(&[good(), other_classes.to_vec()].concat());
    assert_eq!(
        found,
        [
            Oddity::DanglingReference {
                place: at("PVS_proxy", "Ref:12", "site"),
                to: "Ref:78".to_owned()
            },
            Oddity::DanglingReference {
                place: at("VTPM", "Ref:13", "vTPM'_VM"),
                to: "Ref:77".to_owned()
            },
        ]
    );
}

#[test]
fn null_vdi_of_a_disk_and_of_a_cd() {
    // `Ref:9` is what `resident_on` holds: perhaps a host, perhaps the null reference.
    for null in ["OpaqueRef:NULL", "", "Ref:9"] {
        assert_eq!(
            broken("Ref:3", |vbd| vbd.set("VDI", null)),
            [Oddity::DiskVbdWithoutVdi {
                place: at("VBD", "Ref:3", "VDI"),
                to: null.to_owned()
            }]
        );
    }
    for vdi in ["OpaqueRef:NULL", "", "Ref:9", "Ref:77"] {
        let cd = vbd("Ref:6", "cd", vdi);
        assert_eq!(oddities(&[good(), vec![cd]].concat()), [], "{vdi}");
    }
}

#[test]
fn suspend_vdi_matters_to_a_suspended_vm_only() {
    assert_eq!(broken("Ref:0", |vm| vm.set("suspend_VDI", "Ref:77")), []);
    let suspended = broken("Ref:0", |vm| {
        vm.set("suspend_VDI", "Ref:77")
            .set("power_state", "Suspended")
    });
    assert_eq!(
        suspended,
        [Oddity::DanglingReference {
            place: at("VM", "Ref:0", "suspend_VDI"),
            to: "Ref:77".to_owned()
        }]
    );
}

#[test]
fn objects_that_do_not_belong() {
    let mut records = good();
    records.push(vdi("Ref:4"));
    assert_eq!(
        oddities(&records),
        [Oddity::DuplicateId {
            id: "Ref:4".to_owned(),
            class: "VDI".to_owned()
        }]
    );
    for class in ["vm", "VMPP", ""] {
        let mut records = good();
        records.push(Record::new(class, "Ref:20", &[]));
        assert_eq!(
            oddities(&records),
            [Oddity::UnknownClass {
                class: class.to_owned(),
                id: "Ref:20".to_owned()
            }]
        );
        assert!(read(&records).object("Ref:20").is_some());
    }
}

#[test]
fn contents_of_any_field() {
    let found = broken("Ref:2", |network| {
        let ips = member("OpaqueRef:aaaa", &xml("10.0.0.1"));
        network
            .set("assigned_ips", &format!("<value><struct>{ips}</struct></value>"))
            .set(
                "PIFs",
                "<value><array><data><value>OpaqueRef:bbbb</value><value>OpaqueRef:NULL</value></data></array></value>",
            )
    });
    assert_eq!(found, [Oddity::LeftoverOpaqueRefs { count: 2 }]);
    assert_eq!(
        broken("Ref:0", |vm| vm.set("other_config", "{=x}")),
        [Oddity::EmptyMemberName {
            place: at("VM", "Ref:0", "other_config")
        }]
    );
    let mut records = good();
    records[5].fields.push(("shared", xml("true")));
    assert_eq!(
        oddities(&records),
        [Oddity::DuplicateField {
            place: at("SR", "Ref:5", "shared")
        }]
    );
}

#[test]
fn oddities_of_a_kind_are_kept_up_to_the_limit() {
    let records: Vec<Record> = (0..5).map(|_| Record::new("x", "Ref:0", &[])).collect();
    let limits = Limits {
        oddities: 2,
        ..Limits::default()
    };
    let export = parse(document(VERSION, &records).as_bytes(), &limits).unwrap();
    assert_eq!(export.oddities.len(), 4);
    let dropped: Vec<_> = export.oddities_dropped.into_iter().collect();
    assert_eq!(dropped, [("duplicate-id", 2), ("unknown-class", 3)]);
}
