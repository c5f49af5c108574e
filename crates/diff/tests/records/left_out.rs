//! What is left out, and counted.

use xenspect_diff::{Ignored, Settings};

use crate::build::{SMALL, changed, compare, dump, edited, objects, without};

#[test]
fn volatile_and_derived_fields_are_counted_and_told_if_all_is_asked_for() {
    let all = Settings {
        all: true,
        ..Settings::default()
    };
    for (from, to, field) in [
        ("domid=\"-1\"", "domid=\"4\"", "VM.domid"),
        (
            "allowed_operations=\"('start')\"",
            "allowed_operations=\"()\"",
            "VM.allowed_operations",
        ),
        ("VBDs=\"('OpaqueRef:vbd')\"", "VBDs=\"()\"", "VM.VBDs"),
        ("'OpaqueRef:other')", "'OpaqueRef:x')", "SR.VDIs"),
        (
            "physical_utilisation=\"100\"",
            "physical_utilisation=\"101\"",
            "SR.physical_utilisation",
        ),
        ("device=\"\"", "device=\"xvda\"", "VBD.device"),
        (
            "('vhd-parent'%.'a')",
            "('vhd-parent'%.'b')",
            "VDI.sm_config",
        ),
    ] {
        let report = changed(from, to);
        assert!(report.same, "{field}: {:#?}", report.groups);
        let counted: Vec<_> = report.left_out.into_iter().collect();
        assert_eq!(counted, [(field.to_owned(), 1)]);

        let report = compare(
            &dump(SMALL.as_bytes()),
            &dump(edited(from, to).as_bytes()),
            &all,
        );
        assert!(report.left_out.is_empty());
        let objects = objects(&report);
        assert_eq!((objects.len(), objects[0].fields.len()), (1, 1), "{field}");
        let told = format!("{}.{}", objects[0].class, objects[0].fields[0].field);
        assert_eq!(told, field);
    }
}

/// Whether a disk is attached follows from whether its VM runs, where that is another thing on the newer side.
#[test]
fn a_disk_that_is_unplugged_is_told_unless_its_vm_was_stopped() {
    let attached = (
        "type=\"Disk\" currently_attached=\"false\"",
        "type=\"Disk\" currently_attached=\"true\"",
    );
    let report = changed(attached.0, attached.1);
    assert_eq!(objects(&report)[0].fields[0].field, "currently_attached");
    let started = edited(attached.0, attached.1);
    let started = started.replace("power_state=\"Halted\"", "power_state=\"Running\"");
    let report = crate::build::against(&started);
    assert_eq!(report.left_out["VBD.currently_attached"], 1);
    assert!(objects(&report).iter().all(|object| object.class == "VM"));
}

#[test]
fn the_order_of_a_volatile_set_is_not_even_counted() {
    let from = "('OpaqueRef:disk'%.'OpaqueRef:other')";
    let report = changed(from, "('OpaqueRef:other'%.'OpaqueRef:disk')");
    assert!(report.same && report.left_out.is_empty());
}

#[test]
fn rows_of_metrics_come_and_go() {
    let report = crate::build::against(&without("<row ref=\"OpaqueRef:gm\""));
    assert!(report.same);
    assert_eq!(report.left_out["VM_guest_metrics.*"], 1);
    let report = changed("os_version=\"()\"", "os_version=\"(('name' 'Debian'))\"");
    assert_eq!(objects(&report)[0].title, "guest agent");
}

#[test]
fn what_the_caller_names_is_left_out() {
    for (ignored, from, to, is_left_out) in [
        ("VM.name_label", "\"web01\"", "\"web02\"", true),
        ("VM.name__label", "\"web01\"", "\"web02\"", true),
        ("*.name_label", "\"web01\"", "\"web02\"", true),
        ("VM.*", "\"web01\"", "\"web02\"", true),
        ("VDI.name_label", "\"web01\"", "\"web02\"", false),
        ("VM.other_config:folder", "'/a'", "'/b'", true),
        ("VM.other_config:fo*", "'/a'", "'/b'", true),
        ("VM.other_config:of*", "'/a'", "'/b'", false),
        ("VM.other_config:mac_seed", "'/a'", "'/b'", false),
        (
            "VM.*",
            "<row ref=\"OpaqueRef:web\"",
            "<row ref=\"OpaqueRef:x\" uuid=\"u-x\"/><row ref=\"OpaqueRef:web\"",
            true,
        ),
    ] {
        for all in [false, true] {
            let settings = Settings {
                all,
                ignore: vec![Ignored::parse(ignored).unwrap()],
            };
            let new = dump(edited(from, to).as_bytes());
            let report = compare(&dump(SMALL.as_bytes()), &new, &settings);
            assert_eq!(report.same, is_left_out, "{ignored} {:#?}", report.groups);
            assert_eq!(report.left_out.len(), usize::from(is_left_out), "{ignored}");
        }
    }
}

#[test]
fn what_an_update_puts_into_new_fields_is_not_told() {
    let update = |columns: &str| {
        let text = edited("bridge=\"xenbr0\"", &format!("bridge=\"xenbr0\" {columns}"));
        text.replace("value=\"603\"", "value=\"790\"")
    };
    for (columns, field, is_told) in [
        ("purpose=\"()\"", "network.purpose", false),
        ("managed=\"true\"", "network.managed", false),
        ("managed=\"false\"", "network.managed", true),
        (
            "default_locking_mode=\"unlocked\"",
            "network.default_locking_mode",
            false,
        ),
        (
            "default_locking_mode=\"disabled\"",
            "network.default_locking_mode",
            true,
        ),
    ] {
        let report = crate::build::against(&update(columns));
        assert_eq!(report.same, !is_told, "{columns}");
        assert_eq!(report.left_out.contains_key(field), !is_told, "{columns}");
    }
}
