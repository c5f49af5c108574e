"""The `ova.xml` of a VM with one disk, as xapi writes it."""

DISK = "Ref:1"
VM, SR, VBD = "Ref:0", "Ref:2", "Ref:3"


def value(of):
    """XML-RPC text in the form of xapi: integers and text untyped, booleans typed."""
    if isinstance(of, bool):
        return f"<value><boolean>{int(of)}</boolean></value>"
    if isinstance(of, dict):
        members = "".join(f"<member><name>{k}</name>{value(v)}</member>" for k, v in of.items())
        return f"<value><struct>{members}</struct></value>"
    if isinstance(of, list):
        return f"<value><array><data>{''.join(map(value, of))}</data></array></value>"
    return f"<value>{of}</value>"


def ova_xml(virtual_size, sha1):
    """A VM with one disk, with the fields that an importer has no default for."""
    null = "OpaqueRef:NULL"
    idle = {
        "status_code": 0,
        "status_detail": "",
        "runtime_properties": {},
        "qos_algorithm_type": "",
        "qos_algorithm_params": {},
        "qos_supported_algorithms": [],
        "other_config": {},
        "currently_attached": False,
    }
    memory = 1 << 30
    vm = {
        "uuid": "00000000-0000-4000-8000-000000000001",
        "name_label": "archive of real files",
        "power_state": "Halted",
        "user_version": 1,
        "is_a_template": False,
        "is_a_snapshot": False,
        "suspend_VDI": null,
        "resident_on": null,
        "affinity": null,
        "memory_static_max": memory,
        "memory_dynamic_max": memory,
        "memory_dynamic_min": memory,
        "memory_static_min": memory,
        "VCPUs_params": {},
        "VCPUs_max": 1,
        "VCPUs_at_startup": 1,
        "actions_after_shutdown": "destroy",
        "actions_after_reboot": "restart",
        "actions_after_crash": "restart",
        "VIFs": [],
        "VBDs": [VBD],
        "PV_bootloader": "",
        "PV_kernel": "",
        "PV_ramdisk": "",
        "PV_args": "",
        "PV_bootloader_args": "",
        "PV_legacy_args": "",
        "HVM_boot_policy": "BIOS order",
        "HVM_boot_params": {"order": "c"},
        "platform": {},
        "PCI_bus": "",
        "other_config": {},
        "domid": -1,
        "domarch": "",
        "is_control_domain": False,
        "metrics": null,
        "guest_metrics": null,
        "recommendations": "",
    }
    vbd = {
        "uuid": "00000000-0000-4000-8000-000000000003",
        "VM": VM,
        "VDI": DISK,
        "userdevice": 0,
        "bootable": True,
        "mode": "RW",
        "type": "Disk",
        "storage_lock": False,
        "empty": False,
        **idle,
    }
    vdi = {
        "uuid": "00000000-0000-4000-8000-000000000002",
        "name_label": "disk",
        "SR": SR,
        "VBDs": [VBD],
        "virtual_size": virtual_size,
        "physical_utilisation": virtual_size,
        "type": "user",
        "sharable": False,
        "read_only": False,
        "other_config": {},
        "storage_lock": False,
        "managed": True,
        "missing": False,
        "parent": null,
    }
    sr = {
        "uuid": "00000000-0000-4000-8000-000000000004",
        "name_label": "storage",
        "VDIs": [DISK],
        "virtual_allocation": virtual_size,
        "physical_utilisation": virtual_size,
        "physical_size": 2 * virtual_size,
        "type": "lvm",
        "content_type": "user",
        "shared": False,
        "other_config": {},
    }
    version = {
        "hostname": "localhost",
        "date": "2018-01-01" if sha1 else "2021-01-01",
        "product_version": "7.6.0" if sha1 else "8.2.1",
        "product_brand": "XenServer" if sha1 else "XCP-ng",
        "build_number": "1",
        "xapi_major": 1,
        "xapi_minor": 20,
        "export_vsn": 2,
    }
    objects = [("VM", VM, vm), ("VBD", VBD, vbd), ("VDI", DISK, vdi), ("SR", SR, sr)]
    objects = [{"class": c, "id": i, "snapshot": s} for c, i, s in objects]
    return value({"version": version, "objects": objects})
