use super::*;

const HOSTS: &str = "uuid ( RO) : h1\n name-label ( RW): one\n software-version (MRO): product_version: 8.2.1; \
    product_brand: XCP-ng; xapi: 1.20; xapi_build: 1.249.32; db_schema: 5.603; build_number: a/b\n cpu_info (MRO): \
    cpu_count: 8; vendor: GenuineIntel; features: 1-2; features_hvm: 3-4\n memory-total ( RO): 1024\n \
    control-domain-uuid ( RO): d1\n\n\nuuid ( RO) : h2\n name-label ( RW): two\n software-version (MRO): \n";
const PIFS: &str = "uuid ( RO) : p1\n device ( RO): eth0\n MAC ( RO): AA:00:00:00:00:01\n physical ( RO): true\n \
    VLAN ( RO): -1\n bond-master-of ( RO): \n management ( RO): true\n network-uuid ( RO): n1\n host-uuid ( RO): h1\n \
    IP-configuration-mode ( RO): DHCP\n IP ( RO): 10.0.0.1\n gateway ( RO): \n carrier ( RO): false\n \
    pci-bus-path ( RO): 0000:03:00.0\n\nuuid ( RO) : p2\n device ( RO): eth0\n MAC ( RO): fe:ff:ff:ff:ff:ff\n \
    physical ( RO): false\n VLAN ( RO): 12\n bond-master-of ( RO): \n management ( RO): false\n host-uuid ( RO): h1\n \
    IP ( RO): \n pci-bus-path ( RO): N/A\n\nuuid ( RO) : p3\n device ( RO): eth7\n bond-master-of ( RO): \n \
    management ( RO): true\n host-uuid ( RO): h2\n";
const NETWORKS: &str = "uuid ( RO) : n1\n name-label ( RW): LAN\n bridge ( RO): xenbr0\n";
const POOL: &str = "uuid ( RO) : p\n name-label ( RW): \n master ( RO): h2\n default-SR ( RW): <not in database>\n \
    ha-enabled ( RO): true\n";

fn lists(texts: &[(&str, &str)]) -> Lists {
    let mut lists = Lists::default();
    for (name, text) in texts {
        assert!(lists.add(name, text), "{name}");
    }
    lists
}

fn all() -> Lists {
    lists(&[("a", HOSTS), ("b", PIFS), ("c", NETWORKS), ("d", POOL)])
}

#[test]
fn the_host_of_the_inventory() {
    let target = all().target(Some("h1")).expect("facts");
    let host = &target.host;
    assert_eq!(host.name.as_deref(), Some("one"));
    assert_eq!(host.control_domain_uuid.as_deref(), Some("d1"));
    assert_eq!(host.memory, Some(1024));
    assert_eq!(host.cpus, Some(8));
    assert_eq!(host.cpu_vendor.as_deref(), Some("GenuineIntel"));
    assert_eq!(host.cpu_features.as_deref(), Some("1-2"));
    assert_eq!(target.product.xapi.as_deref(), Some("1.249.32"));
    assert_eq!(target.schema(), Some((5, 603)));
    let nic = TargetNic {
        device: "eth0".to_owned(),
        mac: Some("aa:00:00:00:00:01".to_owned()),
        pci: Some("0000:03:00.0".to_owned()),
        management: Some(true),
        bridge: Some("xenbr0".to_owned()),
        ip: Some("10.0.0.1".to_owned()),
        carrier: Some(false),
        ..TargetNic::default()
    };
    let vlan = TargetNic {
        device: "eth0".to_owned(),
        mac: Some("fe:ff:ff:ff:ff:ff".to_owned()),
        physical: false,
        management: Some(false),
        vlan: Some(12),
        ..TargetNic::default()
    };
    assert_eq!(target.nics, Some(vec![nic, vlan]));
    let management = &target.management;
    assert_eq!(management.bridge.as_deref(), Some("xenbr0"));
    assert_eq!(management.device.as_deref(), Some("eth0"));
    assert_eq!(management.mode.as_deref(), Some("dhcp"));
    assert_eq!(management.gateway, None);
    assert_eq!(target.members.map(|members| members.len()), Some(2));
}

#[test]
fn else_the_coordinator() {
    for own in [None, Some("other")] {
        let target = all().target(own).expect("facts");
        assert_eq!(target.host.name.as_deref(), Some("two"));
        assert_eq!(target.management_device(), Some("eth7"));
    }
}

#[test]
fn the_pool() {
    let pool = all()
        .target(None)
        .and_then(|target| target.pool)
        .expect("a pool");
    assert_eq!(pool.coordinator.as_deref(), Some("h2"));
    assert_eq!(pool.default_sr.as_deref(), Some(""));
    assert_eq!(pool.ha_enabled, Some(true));
    assert_eq!(pool.redo_log_enabled, None);
}

#[test]
fn several_management_interfaces_are_left_alone() {
    let target = lists(&[("pif-list.txt", PIFS)])
        .target(None)
        .expect("facts");
    assert_eq!(target.nics.as_ref().map(Vec::len), Some(3));
    assert_eq!(target.management_device(), None);
    assert_eq!(target.management.device, None);
}

#[test]
fn machines_and_their_addresses() {
    let vms = "uuid ( RO) : v1\n name-label ( RW): web\n is-a-template ( RW): false\n is-control-domain ( RO): false\n \
        power-state ( RO): halted\n other-config (MRW): mac_seed: s1; a: b\n version ( RO): 3\n\n\
        uuid ( RO) : v2\n is-control-domain ( RO): true\n power-state ( RO): running\n\n\
        uuid ( RO) : v3\n is-a-template ( RW): true\n power-state ( RO): halted\n";
    let vifs = "uuid ( RO) : f1\n vm-uuid ( RO): v1\n MAC ( RO): AA:BB:00:00:00:01\n";
    let vdis = "uuid ( RO) : i1\n sr-uuid ( RO): s1\n location ( RO): i1\n sm-config (MRO): SCSIid: 36; vdi_type: vhd\n";
    let pcis = "uuid ( RO) : c1\n pci-id ( RO): 0000:03:00.0\n";
    let target = lists(&[("a", vms), ("b", vifs), ("c", vdis), ("d", pcis)])
        .target(None)
        .expect("facts");
    let vm = TargetVm {
        uuid: "v1".to_owned(),
        name: Some("web".to_owned()),
        power_state: Some("Halted".to_owned()),
        version: Some(3),
        mac_seed: Some("s1".to_owned()),
        macs: ["aa:bb:00:00:00:01".to_owned()].into(),
    };
    assert_eq!(target.vms, Some(vec![vm]));
    let vdis = target.vdis.expect("disks");
    assert_eq!(vdis[0].scsi_id.as_deref(), Some("36"));
    let devices = target.host.pci_devices.expect("devices");
    assert!(devices.contains("0000:03:00.0"));
    assert_eq!(target.nics, None);
    assert_eq!(target.pool, None);
}

#[test]
fn a_name_tells_where_the_fields_do_not() {
    let text = "uuid ( RO) : a\n device ( RO): eth3\n";
    let target = lists(&[("xe_pif_list.txt", text)]).target(None);
    assert_eq!(
        target.and_then(|target| target.nics).map(|nics| nics.len()),
        Some(1)
    );
    assert_eq!(lists(&[("out.txt", text)]).target(None), None);
}

#[test]
fn names_of_lists() {
    for (name, class) in [
        ("pif-list.txt", Some(Class::Pif)),
        ("xe_host_param_list.out", Some(Class::Host)),
        ("host1-vm-list.txt", Some(Class::Vm)),
        ("package-list.txt", None),
        ("list.txt", None),
    ] {
        assert_eq!(Class::of_name(name), class, "{name}");
    }
}
