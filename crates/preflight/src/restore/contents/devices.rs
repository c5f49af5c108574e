//! Devices of a host that VMs have: check 42. They are bound to the machine that they are in.

use xenspect_inventory::view::{Device, Role, Vm};
use xenspect_model::Code;

use super::{about, uuid, word};
use crate::checks::Id;
use crate::restore::Restore;
use crate::verdicts::Verdicts;

pub(super) fn check(restore: &Restore<'_>, verdicts: &mut Verdicts) {
    let known = restore.target.host.pci_devices.as_ref();
    let mut any = false;
    for device in Device::all(&restore.relations) {
        let Some(vm) = device.vm.filter(|vm| Vm(*vm).role() == Role::Vm) else {
            continue;
        };
        if !matches!(device.kind, "pci" | "gpu" | "vgpu" | "usb") {
            continue;
        }
        any = true;
        let name = vm.title();
        let mut finding = about(Code::RestorePassThrough, &device.record)
            .fact("vm", &*name)
            .fact("vm_uuid", uuid(&vm))
            .fact("kind", device.kind);
        if let Some(what) = device.what.as_deref().filter(|what| !what.is_empty()) {
            finding = finding.fact("device", what);
        }
        let address = device.address.as_deref();
        if let Some(address) = address {
            finding = finding.fact("address", address);
        }
        if let Some(host) = device.host {
            finding = finding.fact("host", &*host.title());
        }
        let is_pci = device.kind == "pci";
        if let (Some(known), Some(address), true) = (known, address, is_pci) {
            finding = finding.fact("address_on_target", known.contains(address));
        }
        let uuid = uuid(&vm);
        let advice = match device.kind {
            "pci" => format!(
                "Before you start {name}, look what is at this address on the target (`lspci -s {0}`). If it is \
                 another device, `xe vm-param-remove uuid={uuid} param-name=other-config param-key=pci`, hide the \
                 right one from dom0, and `xe vm-param-set uuid={uuid} other-config:pci=0/<address>`.",
                word(address.unwrap_or_default(), "<address>")
            ),
            "usb" => format!(
                "Plug the device into the target. Then `xe pusb-list`, `xe pusb-param-set uuid=<pusb> \
                 passthrough-enabled=true`, and `xe vusb-create usb-group-uuid=<group> vm-uuid={uuid}`. {name} may \
                 not start until `xe vusb-destroy` has taken the old one away."
            ),
            _ => format!(
                "Compare the GPUs of the target (`xe pgpu-list`, `xe gpu-group-list`). If none fits, `xe vgpu-list \
                 vm-uuid={uuid}` and `xe vgpu-destroy uuid=<vgpu>` let {name} start without it."
            ),
        };
        verdicts.find(finding.advice(advice));
    }
    if !any {
        verdicts.nothing(Id::Restore(42));
    }
}
