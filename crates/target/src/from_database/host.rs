//! The coordinator itself, and what runs on it.

use xenspect_inventory::view::Host;
use xenspect_inventory::{Record, Relations};
use xenspect_model::target::{TargetHost, TargetProduct};

/// What the database tells of the machine.
pub(super) fn host<'a>(relations: &Relations<'a>, own: &Record<'a>) -> TargetHost {
    let view = Host(*own);
    let pcis = relations.store().of_class("PCI");
    let pcis = pcis.filter(|pci| pci.link("host").as_deref() == Some(&*own.reference()));
    let of_cpu = |key| own.map_text("cpu_info", key).map(Into::into);
    TargetHost {
        name: own
            .name()
            .or_else(|| own.filled("hostname"))
            .map(Into::into),
        address: own.filled("address").map(Into::into),
        installation_uuid: own.uuid().map(Into::into),
        control_domain_uuid: view
            .control_domain(relations)
            .and_then(|vm| vm.uuid())
            .map(Into::into),
        memory: view.memory(),
        cpus: view.cpus().and_then(|cpus| u64::try_from(cpus).ok()),
        cpu_vendor: of_cpu("vendor"),
        cpu_features: of_cpu("features").or_else(|| of_cpu("features_hvm")),
        edition: own.filled("edition").map(Into::into),
        pci_devices: Some(
            pcis.filter_map(|pci| pci.filled("pci_id"))
                .map(Into::into)
                .collect(),
        ),
        ..TargetHost::default()
    }
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
