//! The coordinator itself, and what runs on it.

use xenspect_inventory::view::{Host, Role, Vm};
use xenspect_inventory::{Record, Relation, Relations};
use xenspect_model::target::{TargetHost, TargetProduct};

/// What the database tells of the machine.
pub(super) fn host<'a>(relations: &Relations<'a>, own: &Record<'a>) -> TargetHost {
    let view = Host(*own);
    let pcis = relations.store().of_class("PCI");
    let pcis = pcis.filter(|pci| pci.link("host").as_deref() == Some(&*own.reference()));
    TargetHost {
        name: own
            .name()
            .or_else(|| own.filled("hostname"))
            .map(Into::into),
        address: own.filled("address").map(Into::into),
        installation_uuid: own.uuid().map(Into::into),
        control_domain_uuid: control_domain(relations, own)
            .and_then(|vm| vm.uuid())
            .map(Into::into),
        memory: view.memory(),
        cpus: view.cpus().and_then(|cpus| u64::try_from(cpus).ok()),
        cpu_vendor: own.map_text("cpu_info", "vendor").map(Into::into),
        cpu_features: super::features(own),
        edition: own.filled("edition").map(Into::into),
        pci_devices: Some(
            pcis.filter_map(|pci| pci.filled("pci_id"))
                .map(Into::into)
                .collect(),
        ),
        ..TargetHost::default()
    }
}

/// Before 7.1 a host did not name its control domain; it is the one that is on it.
pub(super) fn control_domain<'a>(
    relations: &Relations<'a>,
    host: &Record<'a>,
) -> Option<Record<'a>> {
    host.follow("control_domain").or_else(|| {
        let on_it = relations.of(Relation::VmsOfHost, host);
        let mut domains = on_it
            .iter()
            .filter(|vm| Vm(**vm).role() == Role::ControlDomain);
        domains.next().copied()
    })
}

/// What the host says of its software.
pub(super) fn product(own: &Record<'_>) -> TargetProduct {
    let host = Host(*own);
    let of = |key| host.software(key).map(Into::into);
    TargetProduct {
        brand: of("product_brand").or_else(|| of("platform_name")),
        version: of("product_version"),
        build: of("build_number"),
        platform: of("platform_version"),
        xapi: host.xapi().map(Into::into),
        schema: of("db_schema"),
    }
}
