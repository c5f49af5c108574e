//! The section `devices`: what is passed through to VMs, or can be, and virtual TPMs.

use xenspect_model::inventory::{Cell, Section, Table};

use super::{natural, section, shared, text, title};
use crate::Relations;
use crate::view::Device;

pub(super) fn devices(relations: &Relations<'_>) -> Section {
    let mut table = Table::new(&[
        text("vm", "VM"),
        text("kind", "kind"),
        text("what", "what").rank(1),
        text("address", "address").rank(3),
        text("host", "host").rank(2),
        text("uuid", "uuid").rank(4),
    ]);
    let mut devices = Device::all(relations);
    devices.sort_by_cached_key(|device| {
        let vm = device.vm.map(|vm| natural(&vm.title()));
        let host = device.host.map(|host| natural(&host.title()));
        (vm.is_none(), vm, host, device.kind, device.address.clone())
    });
    for device in devices {
        table.rows.push(vec![
            title(device.vm),
            Cell::text(device.kind),
            shared(device.what.map(Into::into)),
            shared(device.address),
            title(device.host),
            shared(device.record.uuid()),
        ]);
    }
    section("devices", "Devices", table)
}
