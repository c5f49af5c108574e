//! The facts of a host, put down from what was written for it: what readers of all its forms have to come to.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::target::{
    RenameRule, Target, TargetDisk, TargetHost, TargetManagement, TargetMember, TargetNetwork,
    TargetNic, TargetPool, TargetProduct, TargetSr,
};
use xenspect_synth::FreshHost;
use xenspect_synth::dump::Row;

/// A map whose texts have no quotes.
fn map(row: &Row, column: &str) -> BTreeMap<String, String> {
    let pieces: Vec<&str> = row
        .get(column)
        .unwrap_or_default()
        .split('\'')
        .skip(1)
        .step_by(2)
        .collect();
    pieces
        .chunks_exact(2)
        .map(|pair| (pair[0].to_owned(), pair[1].to_owned()))
        .collect()
}

fn text(row: &Row, column: &str) -> Option<String> {
    row.get(column)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn number(row: &Row, column: &str) -> Option<u64> {
    row.get(column)?.parse().ok()
}

fn truth(row: &Row, column: &str) -> Option<bool> {
    row.get(column)?.parse().ok()
}

/// A column of the row that a reference leads to.
fn of(host: &FreshHost, table: &str, reference: Option<&str>, column: &str) -> Option<String> {
    let mut rows = host.dump.rows(table).iter();
    let row = rows.find(|row| Some(row.reference.as_str()) == reference)?;
    text(row, column)
}

pub(crate) fn of_host(host: &FreshHost) -> Target {
    let dump = &host.dump;
    let (own, pool) = (&dump.rows("host")[0], &dump.rows("pool")[0]);
    let manifest = |key: &str| {
        let mut pairs = dump.manifest.iter();
        pairs.find(|(known, _)| known == key).map(|(_, v)| &**v)
    };
    let major = manifest("schema_major_vsn").expect("a number");
    let minor = manifest("schema_minor_vsn").expect("a number");
    let software = map(own, "software_version");
    let software = |key: &str| software.get(key).cloned();
    let managed = |row: &&Row| row.get("device") == Some(&host.label);
    let managed = dump.rows("PIF").iter().find(managed).expect("a PIF");
    let names = dump.tables.iter().map(|table| {
        let rows = table.rows.iter();
        let columns = rows.flat_map(|row| row.columns.keys().cloned());
        let columns = columns.filter(|column| column != "_ref").collect();
        (table.name.clone(), columns)
    });
    Target {
        host: machine(host),
        product: TargetProduct {
            brand: software("product_brand"),
            version: software("product_version"),
            build: software("build_number"),
            platform: software("platform_version"),
            xapi: software("xapi"),
            schema: Some(format!("{major}.{minor}")),
        },
        management: TargetManagement {
            bridge: Some(host.bridge.clone()),
            device: Some(host.label.clone()),
            mode: Some(host.mode.to_owned()),
            ip: text(managed, "IP"),
            netmask: text(managed, "netmask"),
            gateway: text(managed, "gateway"),
        },
        pool: Some(TargetPool {
            uuid: text(pool, "uuid"),
            name: text(pool, "name_label"),
            coordinator: text(own, "uuid"),
            generation: manifest("generation_count").and_then(|text| text.parse().ok()),
            ha_enabled: Some(false),
            redo_log_enabled: Some(false),
            default_sr: of(host, "SR", pool.get("default_SR"), "uuid"),
            cpu_features: map(pool, "cpu_info").get("features_hvm").cloned(),
        }),
        nics: Some(dump.rows("PIF").iter().map(|row| nic(host, row)).collect()),
        rename_rules: Some(host.static_rules.iter().map(|line| rule(line)).collect()),
        disks: Some(host.disks.iter().map(|name| disk(name)).collect()),
        members: Some(vec![TargetMember {
            uuid: own.uuid().to_owned(),
            name: text(own, "name__label"),
            control_domain_uuid: of(host, "VM", own.get("control_domain"), "uuid"),
        }]),
        networks: Some(dump.rows("network").iter().map(network).collect()),
        srs: Some(dump.rows("SR").iter().map(sr).collect()),
        vms: Some(Vec::new()),
        vdis: Some(Vec::new()),
        gpu_groups: Some(Vec::new()),
        files: Some(
            host.files
                .iter()
                .map(|name| format!("/var/lib/xcp/{name}"))
                .collect(),
        ),
        free_bytes: Some(host.free * 1024),
        columns: Some(names.collect()),
        ..Target::default()
    }
}

fn machine(host: &FreshHost) -> TargetHost {
    let own = &host.dump.rows("host")[0];
    let cpu = map(own, "cpu_info");
    let keys = [
        ("INSTALLATION_UUID", &host.installation_uuid),
        ("CONTROL_DOMAIN_UUID", &host.control_domain_uuid),
    ];
    let lacks = keys.iter().filter(|(_, value)| value.is_none());
    let lacks: BTreeSet<String> = lacks.map(|(key, _)| (*key).to_owned()).collect();
    let slots = host.dump.rows("PCI").iter();
    TargetHost {
        name: text(own, "name__label"),
        address: text(own, "address"),
        installation_uuid: host.installation_uuid.clone(),
        control_domain_uuid: host.control_domain_uuid.clone(),
        primary_disk: Some(format!("/dev/disk/by-id/{}", host.disks[0])),
        backup_partition: Some(format!("/dev/disk/by-id/{}-part2", host.disks[0])),
        partition_layout: Some("ROOT,BACKUP,LOG,BOOT,SWAP,SR".to_owned()),
        memory: Some(64 << 30),
        cpus: Some(4),
        cpu_vendor: cpu.get("vendor").cloned(),
        cpu_features: cpu.get("features_hvm").cloned(),
        edition: text(own, "edition"),
        inventory_lacks: Some(lacks),
        pci_devices: Some(slots.filter_map(|row| text(row, "pci_id")).collect()),
        ha_armed: Some(host.ha_armed),
    }
}

fn nic(host: &FreshHost, row: &Row) -> TargetNic {
    TargetNic {
        device: text(row, "device").unwrap_or_default(),
        mac: text(row, "MAC"),
        pci: of(host, "PCI", row.get("PCI"), "pci_id"),
        physical: true,
        management: truth(row, "management"),
        vlan: None,
        bridge: of(host, "network", row.get("network"), "bridge"),
        ip: text(row, "IP"),
        carrier: Some(true),
    }
}

/// `eth3:mac="…"`.
fn rule(line: &str) -> RenameRule {
    let (device, rest) = line.split_once(':').expect("a device");
    let (method, value) = rest.split_once('=').expect("a method");
    RenameRule {
        device: device.to_owned(),
        method: method.to_owned(),
        value: value.trim_matches('"').to_owned(),
    }
}

fn disk(name: &str) -> TargetDisk {
    TargetDisk {
        path: format!("/dev/disk/by-id/{name}"),
        size: None,
    }
}

fn network(row: &Row) -> TargetNetwork {
    TargetNetwork {
        uuid: text(row, "uuid"),
        name: text(row, "name__label"),
        bridge: text(row, "bridge"),
    }
}

fn sr(row: &Row) -> TargetSr {
    TargetSr {
        uuid: row.uuid().to_owned(),
        name: text(row, "name__label"),
        kind: text(row, "type"),
        content_type: text(row, "content_type"),
        shared: truth(row, "shared"),
        size: number(row, "physical_size"),
        used: number(row, "physical_utilisation"),
    }
}
