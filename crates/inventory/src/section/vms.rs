//! The sections `vms` and `templates`.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{bytes, flag, int, list, names, natural, number, section, shared, text, title};
use crate::bounded::clip;
use crate::view::{Role, Vm};
use crate::{Relation, Relations};

pub(super) fn vms(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("state", "state"),
        text("host", "host").rank(3),
        bytes("memory", "memory").rank(1),
        int("vcpus", "vCPUs").rank(2),
        text("firmware", "boots").rank(4),
        text("secure_boot", "secure boot").rank(11),
        flag("vtpm", "vTPM").rank(10),
        flag("nvram", "NVRAM").rank(12),
        int("disks", "disks").rank(6),
        int("nics", "NICs").rank(7),
        int("snapshots", "snaps").rank(8),
        text("guest_os", "guest system").rank(9),
        list("addresses", "last seen at").rank(5),
        text("domain_type", "domain").rank(13),
        text("ha_priority", "HA").rank(15),
        text("home", "home").rank(16),
        list("cd", "CD").rank(17),
        list("tags", "tags").rank(18),
        text("description", "description").rank(19),
        text("uuid", "uuid").rank(14),
    ]);
    for vm in sorted(relations, |role| role == Role::Vm) {
        let record = vm.0;
        let snapshots = relations.of(Relation::SnapshotsOfVm, &record);
        let snapshots = snapshots
            .iter()
            .filter(|record| Vm(**record).role() == Role::Snapshot)
            .count();
        let vbds = relations.of(Relation::VbdsOfVm, &record);
        let cds = vbds
            .iter()
            .filter(|vbd| vbd.text("type").as_deref() == Some("CD"))
            .filter_map(|vbd| vbd.follow("VDI"))
            .map(|vdi| clip(vdi.title()))
            .collect();
        table.rows.push(vec![
            Cell::text(record.title()),
            vm.power_state().into(),
            title(vm.host()),
            vm.memory().into(),
            vm.vcpus().into(),
            vm.firmware()
                .map(|firmware| firmware.name().to_owned())
                .into(),
            vm.secure_boot().into(),
            Cell::Bool(vm.has_vtpm(relations)),
            Cell::Bool(vm.has_nvram()),
            number(vm.disks(relations).count()),
            number(relations.of(Relation::VifsOfVm, &record).len()),
            number(snapshots),
            shared(vm.guest_os()),
            Cell::List(vm.addresses()),
            vm.domain_type().into(),
            vm.ha_priority().into(),
            title(vm.home()),
            Cell::List(cds),
            names(record.set("tags").unwrap_or_default()),
            record.filled("name_description").into(),
            record.uuid().into(),
        ]);
    }
    section("vms", "VMs", table)
}

pub(super) fn templates(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("origin", "origin"),
        bytes("memory", "memory").rank(1),
        int("vcpus", "vCPUs").rank(2),
        text("firmware", "boots").rank(3),
        int("disks", "disks").rank(4),
        int("nics", "NICs").rank(5),
        text("description", "description").rank(7),
        text("uuid", "uuid").rank(6),
    ]);
    let is_template = |role| matches!(role, Role::Template | Role::DefaultTemplate);
    let mut templates = sorted(relations, is_template);
    // Those that someone made are what a reader looks for.
    templates.sort_by_key(|vm| vm.role() == Role::DefaultTemplate);
    let own = templates.partition_point(|vm| vm.role() != Role::DefaultTemplate);
    for vm in templates {
        let record = vm.0;
        let origin = match vm.role() {
            Role::DefaultTemplate => "product",
            _ => "own",
        };
        table.rows.push(vec![
            Cell::text(record.title()),
            Cell::text(origin),
            vm.memory().into(),
            vm.vcpus().into(),
            vm.firmware()
                .map(|firmware| firmware.name().to_owned())
                .into(),
            number(vm.disks(relations).count()),
            number(relations.of(Relation::VifsOfVm, &record).len()),
            record.filled("name_description").into(),
            record.uuid().into(),
        ]);
    }
    Section {
        foremost: Some(own),
        ..section("templates", "Templates", table)
    }
}

fn sorted<'a>(relations: &Relations<'a>, wanted: impl Fn(Role) -> bool) -> Vec<Vm<'a>> {
    let vms = relations.store().of_class("VM").map(Vm);
    let mut vms: Vec<_> = vms.filter(|vm| wanted(vm.role())).collect();
    vms.sort_by_cached_key(|vm| (natural(&vm.0.title()), vm.0.reference()));
    vms
}
