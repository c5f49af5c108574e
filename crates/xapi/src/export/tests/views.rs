//! What is made of the objects: expected disks, views of VMs, sensitive places.

use super::{Record, at, good, network, oddities, read, sr, vbd, vdi, vif, vm};
use crate::export::{Oddity, PowerState, Sensitive};

fn disk_ids(records: &[Record]) -> Vec<String> {
    read(records)
        .expected_disks()
        .into_iter()
        .map(|disk| disk.id)
        .collect()
}

#[test]
fn disk_of_a_good_export() {
    let disks = read(&good()).expected_disks();
    assert_eq!(disks.len(), 1);
    let disk = &disks[0];
    assert_eq!(disk.id, "Ref:4");
    assert_eq!(disk.virtual_size, Some(10_737_418_240));
    assert_eq!(disk.name_label.as_deref(), Some("web 0"));
    assert_eq!(disk.user_device.as_deref(), Some("0"));
    assert_eq!(disk.vm_name.as_deref(), Some("web"));
    assert_eq!(disk.vm_id.as_deref(), Some("Ref:0"));
    assert_eq!(disk.sr_name.as_deref(), Some("Local storage"));
    assert_eq!(disk.sr_type.as_deref(), Some("ext"));
    assert_eq!(disk.vdi_type.as_deref(), Some("user"));
    assert_eq!(disk.attachments, 1);
}

#[test]
fn disks_are_those_the_importer_waits_for() {
    let base = || {
        vec![
            vm(),
            sr("Ref:5", "user"),
            sr("Ref:6", "iso"),
            network(),
            vif(),
        ]
    };
    let with = |records: &[Record]| [base(), records.to_vec()].concat();
    // Ids are compared as text.
    let sorted = with(&[
        vdi("Ref:9"),
        vdi("Ref:10"),
        vdi("Ref:100"),
        vdi("Ref:2222"),
        vbd("Ref:31", "Disk", "Ref:9"),
        vbd("Ref:32", "disk", "Ref:10"),
        vbd("Ref:33", "Floppy", "Ref:100"),
        vbd("Ref:34", "Disk", "Ref:2222"),
    ]);
    assert_eq!(
        disk_ids(&sorted),
        ["Ref:10", "Ref:100", "Ref:2222", "Ref:9"]
    );
    // CD drives, disks on an ISO SR, disks nothing attaches and VDIs that are not there do not count.
    for (records, ids) in [
        (vec![vdi("Ref:4"), vbd("Ref:31", "CD", "Ref:4")], vec![]),
        (vec![vdi("Ref:4"), vbd("Ref:31", "cd", "Ref:4")], vec![]),
        (
            vec![
                vdi("Ref:4").set("SR", "Ref:6"),
                vbd("Ref:31", "Disk", "Ref:4"),
            ],
            vec![],
        ),
        (vec![vdi("Ref:4")], vec![]),
        (vec![vbd("Ref:31", "Disk", "Ref:4")], vec![]),
        (vec![vbd("Ref:31", "Disk", "OpaqueRef:NULL")], vec![]),
        (vec![vdi("Ref:4").set("type", "suspend")], vec!["Ref:4"]),
        (
            vec![vdi("Ref:4").set("type", "Suspend").set("SR", "Ref:6")],
            vec!["Ref:4"],
        ),
        (
            vec![
                vdi("Ref:4").set("SR", "Ref:77"),
                vbd("Ref:31", "Disk", "Ref:4"),
            ],
            vec!["Ref:4"],
        ),
        (
            vec![
                vdi("Ref:4"),
                vbd("Ref:31", "CD", "Ref:4"),
                vbd("Ref:32", "Disk", "Ref:4"),
            ],
            vec!["Ref:4"],
        ),
    ] {
        assert_eq!(disk_ids(&with(&records)), ids);
    }
}

#[test]
fn one_vdi_attached_twice() {
    let mut records = good();
    records.push(vbd("Ref:6", "Disk", "Ref:4"));
    assert_eq!(
        oddities(&records),
        [Oddity::SharedVdi {
            vdi: "Ref:4".to_owned(),
            vbds: 2
        }]
    );
    let disks = read(&records).expected_disks();
    assert_eq!((disks.len(), disks[0].attachments), (1, 2));
}

#[test]
fn suspend_image_belongs_to_its_vm() {
    let records = vec![
        vm().set("power_state", "Suspended")
            .set("suspend_VDI", "Ref:4"),
        vdi("Ref:4")
            .set("type", "suspend")
            .set("virtual_size", "nine"),
        sr("Ref:5", "user"),
    ];
    let disks = read(&records).expected_disks();
    assert_eq!(disks.len(), 1);
    assert_eq!(disks[0].vm_name.as_deref(), Some("web"));
    assert_eq!(disks[0].user_device, None);
    assert_eq!(disks[0].virtual_size, None);
    assert_eq!(disks[0].attachments, 0);
}

#[test]
fn view_of_a_vm() {
    let export = read(&good());
    let vm = export.vms().next().unwrap();
    assert_eq!(vm.id(), "Ref:0");
    assert_eq!(vm.name_label(), Some("web"));
    assert_eq!(vm.power_state(), Some(PowerState::Halted));
    assert_eq!(vm.memory_static_max(), Some(1 << 30));
    assert_eq!((vm.vcpus_max(), vm.vcpus_at_startup()), (Some(2), Some(2)));
    assert_eq!(vm.firmware(), Some("uefi"));
    assert_eq!(vm.mac_seed(), Some("seed"));
    assert_eq!(vm.suspend_vdi(), None);
    assert!(!vm.is_a_template() && !vm.is_a_snapshot() && !vm.is_control_domain());
    assert_eq!(
        vm.vbds().map(|vbd| vbd.id.as_str()).collect::<Vec<_>>(),
        ["Ref:3"]
    );
    assert_eq!(
        vm.vifs().map(|vif| vif.id.as_str()).collect::<Vec<_>>(),
        ["Ref:1"]
    );
    assert_eq!(vm.vtpms().count(), 0);
    assert_eq!(export.group_by("VBD", "VM")["Ref:0"].len(), 1);
    let vdi = export.object("Ref:4").unwrap();
    assert_eq!(export.follow(vdi, "SR").unwrap().id, "Ref:5");
    assert_eq!(export.class_counts()["VBD"], 1);

    let records = [vm_template(), good()[1].clone()];
    let export = read(&records);
    let template = export.vms().next().unwrap();
    assert!(template.is_a_template() && template.is_default_template());
    assert_eq!(template.power_state(), None);
}

fn vm_template() -> Record {
    vm().set("is_a_template", "<value>true</value>")
        .set("other_config", "{default_template=<value>true</value>}")
        .set("power_state", "Resting")
}

#[test]
fn sensitive_places_and_no_values() {
    let vtpm = |content: &str| {
        Record::new(
            "VTPM",
            "Ref:7",
            &[
                ("vTPM'_VM", "Ref:0"),
                ("vTPM'_is_unique", "false"),
                ("vTPM'_is_protected", "false"),
                ("vTPM'_content", content),
            ],
        )
    };
    let secret = "c2VjcmV0";
    let mut records = good();
    records[0] = vm().set("NVRAM", &format!("{{EFI-variables={secret}}}"));
    records.push(vtpm(secret));
    assert_eq!(oddities(&records), []);
    let export = read(&records);
    assert_eq!(
        export.sensitive(),
        [
            Sensitive::EfiVariables {
                place: at("VM", "Ref:0", "NVRAM")
            },
            Sensitive::VtpmContent {
                place: at("VTPM", "Ref:7", "vTPM'_content")
            },
        ]
    );
    assert!(!format!("{:?}", export.sensitive()).contains(secret));
    assert!(export.has_vtpm_content());
    let vm = export.vms().next().unwrap();
    assert!(vm.has_efi_variables());
    assert_eq!(vm.vtpms().count(), 1);

    let mut records = good();
    records[0] = vm_with_empty_nvram();
    records.push(vtpm(""));
    let export = read(&records);
    assert_eq!(export.sensitive(), []);
    assert!(!export.has_vtpm_content());
}

fn vm_with_empty_nvram() -> Record {
    vm().set("NVRAM", "{EFI-variables=}")
}
