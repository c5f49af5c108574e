//! What the lists of `xe` tell, taken together.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::target::{
    TargetMember, TargetNetwork, TargetNic, TargetPool, TargetSr, TargetVdi, TargetVm,
};

use super::xe::{Record, records};
use crate::Target;

/// What the records of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    Host,
    Network,
    Pci,
    Pif,
    Pool,
    Sr,
    Vdi,
    Vif,
    Vm,
    /// One that is told nothing of here.
    Other,
}

/// Names of lists, and a field that no record of another class has.
const CLASSES: [(&str, &str, Class); 9] = [
    ("host", "software-version", Class::Host),
    ("network", "bridge", Class::Network),
    ("pci", "pci-id", Class::Pci),
    ("pif", "bond-master-of", Class::Pif),
    ("pool", "default-SR", Class::Pool),
    ("sr", "physical-size", Class::Sr),
    ("vdi", "sm-config", Class::Vdi),
    ("vif", "MAC", Class::Vif),
    ("vm", "power-state", Class::Vm),
];

impl Class {
    /// The class that a file's name tells: `xe-pif-list.txt`, `host-param-list.txt`.
    pub(super) fn of_name(base: &str) -> Option<Self> {
        let base = base.to_ascii_lowercase().replace('_', "-");
        let (before, _) = base
            .split_once("-param-list")
            .or_else(|| base.split_once("-list"))?;
        let kind = before.rsplit('-').next().unwrap_or(before);
        let found = CLASSES.iter().find(|(name, _, _)| *name == kind);
        found.map(|(_, _, class)| *class)
    }

    /// The class that a record's fields tell, `SR` before `VDI`, both of which have `sm-config`, and `PIF` before `VIF`.
    fn of_record(record: &Record) -> Option<Self> {
        let found = CLASSES.iter().find(|(_, field, _)| record.has(field));
        found.map(|(_, _, class)| *class)
    }
}

/// Records by their class.
#[derive(Debug, Default)]
pub(super) struct Lists {
    by_class: BTreeMap<Class, Vec<Record>>,
}

impl Lists {
    /// Adds the records of a text; what they are, their fields tell, and where these do not, the file's name. `false`
    /// where there are none.
    pub(super) fn add(&mut self, base: &str, text: &str) -> bool {
        let records = records(text);
        let any = !records.is_empty();
        for record in records {
            let class = Class::of_record(&record).or_else(|| Class::of_name(base));
            let known = self
                .by_class
                .entry(class.unwrap_or(Class::Other))
                .or_default();
            known.push(record);
        }
        any
    }

    /// A list that has records. An empty one may be one that could not be had.
    fn of(&self, class: Class) -> Option<&[Record]> {
        self.by_class.get(&class).map(Vec::as_slice)
    }

    /// What they tell of the host that has this uuid, or of the coordinator; `None` where they tell nothing.
    pub(super) fn target(&self, own: Option<&str>) -> Option<Target> {
        if self.by_class.keys().all(|class| *class == Class::Other) {
            return None;
        }
        let pool = self.of(Class::Pool).and_then(<[Record]>::first);
        let host = self.host(own, pool);
        let uuid = host.and_then(|host| host.get("uuid"));
        let uuid = uuid.or_else(|| pool.and_then(|pool| pool.get("master")));
        let mut target = Target {
            pool: pool.map(pool_facts),
            members: self.each(Class::Host, member),
            networks: self.each(Class::Network, network),
            srs: self.each(Class::Sr, sr),
            vdis: self.each(Class::Vdi, vdi),
            vms: self.vms(),
            ..Target::default()
        };
        if let Some(host) = host {
            host_facts(&mut target, host);
        }
        self.nics(&mut target, uuid);
        let pci = self.of(Class::Pci).map(|records| {
            let own = records.iter().filter(|record| is_of(record, uuid));
            own.filter_map(|record| record.filled("pci-id")).collect()
        });
        target.host.pci_devices = pci;
        Some(target)
    }

    fn each<T>(&self, class: Class, fact: fn(&Record) -> Option<T>) -> Option<Vec<T>> {
        let records = self.of(class)?;
        Some(records.iter().filter_map(fact).collect())
    }

    fn host(&self, own: Option<&str>, pool: Option<&Record>) -> Option<&Record> {
        let hosts = self.of(Class::Host)?;
        let with = |uuid: Option<&str>| {
            let uuid = uuid?;
            hosts.iter().find(|host| host.get("uuid") == Some(uuid))
        };
        let only = hosts.first().filter(|_| hosts.len() == 1);
        with(own)
            .or_else(|| with(pool.and_then(|pool| pool.get("master"))))
            .or(only)
    }

    fn nics(&self, target: &mut Target, host: Option<&str>) {
        let Some(pifs) = self.of(Class::Pif) else {
            return;
        };
        let networks = self.of(Class::Network).unwrap_or_default();
        let bridges: BTreeMap<_, _> = networks
            .iter()
            .filter_map(|network| Some((network.get("uuid")?, network.filled("bridge")?)))
            .collect();
        let own = pifs.iter().filter(|pif| is_of(pif, host));
        let nics = own.clone().filter_map(|pif| nic(pif, &bridges));
        target.nics = Some(nics.collect());
        let mut flagged = own.filter(|pif| pif.flag("management") == Some(true));
        let (Some(pif), None) = (flagged.next(), flagged.next()) else {
            return;
        };
        let management = &mut target.management;
        management.bridge = pif
            .get("network-uuid")
            .and_then(|uuid| bridges.get(uuid).cloned());
        management.device = pif.filled("device");
        management.mode = pif
            .filled("IP-configuration-mode")
            .map(|mode| mode.to_ascii_lowercase());
        management.ip = pif.filled("IP");
        management.netmask = pif.filled("netmask");
        management.gateway = pif.filled("gateway");
    }

    /// Neither templates nor snapshots nor control domains.
    fn vms(&self) -> Option<Vec<TargetVm>> {
        let mut macs: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for vif in self.of(Class::Vif).unwrap_or_default() {
            if let (Some(vm), Some(mac)) = (vif.get("vm-uuid"), vif.filled("MAC")) {
                macs.entry(vm).or_default().insert(mac.to_ascii_lowercase());
            }
        }
        let is_vm = |record: &&Record| {
            ["is-a-template", "is-a-snapshot", "is-control-domain"]
                .iter()
                .all(|field| record.flag(field) != Some(true))
        };
        let vm = |record: &Record| {
            let uuid = record.filled("uuid")?;
            Some(TargetVm {
                name: record.get("name-label").map(str::to_owned),
                power_state: record
                    .get("power-state")
                    .filter(|state| !state.is_empty())
                    .map(capitalised),
                version: record
                    .get("version")
                    .and_then(|version| version.parse().ok()),
                mac_seed: record.entry("other-config", "mac_seed"),
                macs: macs.get(uuid.as_str()).cloned().unwrap_or_default(),
                uuid,
            })
        };
        let records = self.of(Class::Vm)?.iter().filter(is_vm);
        Some(records.filter_map(vm).collect())
    }
}

/// Whether a record is of this host; without a host to ask for all are.
fn is_of(record: &Record, host: Option<&str>) -> bool {
    host.is_none() || record.get("host-uuid").is_none_or(|own| Some(own) == host)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn nic(pif: &Record, bridges: &BTreeMap<&str, String>) -> Option<TargetNic> {
    let vlan = pif.get("VLAN").and_then(|tag| tag.parse::<i64>().ok());
    let bridge = pif.get("network-uuid").and_then(|uuid| bridges.get(uuid));
    Some(TargetNic {
        device: pif.filled("device")?,
        mac: pif.filled("MAC").map(|mac| mac.to_ascii_lowercase()),
        pci: pif.filled("pci-bus-path"),
        physical: pif.flag("physical").unwrap_or(true),
        management: pif.flag("management"),
        vlan: vlan.filter(|tag| *tag >= 0),
        bridge: bridge.cloned(),
        ip: pif.filled("IP"),
        carrier: pif.flag("carrier"),
    })
}

fn host_facts(target: &mut Target, record: &Record) {
    let software = |key: &str| record.entry("software-version", key);
    let cpu = |key: &str| record.entry("cpu_info", key);
    let host = &mut target.host;
    host.name = record.filled("name-label");
    host.address = record.filled("address");
    host.installation_uuid = record.filled("uuid");
    host.control_domain_uuid = record.filled("control-domain-uuid");
    host.memory = record.number("memory-total");
    host.cpus = cpu("cpu_count").and_then(|count| count.parse().ok());
    host.cpu_vendor = cpu("vendor");
    host.cpu_features = cpu("features").or_else(|| cpu("features_hvm"));
    host.edition = record.filled("edition");
    let product = &mut target.product;
    product.brand = software("product_brand");
    product.version = software("product_version");
    product.build = software("build_number");
    product.platform = software("platform_version");
    product.xapi = software("xapi_build").or_else(|| software("xapi"));
    product.schema = software("db_schema");
}

fn pool_facts(record: &Record) -> TargetPool {
    let cpu = |key: &str| record.entry("cpu_info", key);
    TargetPool {
        uuid: record.filled("uuid"),
        name: record.get("name-label").map(str::to_owned),
        coordinator: record.filled("master"),
        generation: None,
        ha_enabled: record.flag("ha-enabled"),
        redo_log_enabled: record.flag("redo-log-enabled"),
        default_sr: record
            .has("default-SR")
            .then(|| record.filled("default-SR").unwrap_or_default()),
        cpu_features: cpu("features_hvm").or_else(|| cpu("features")),
    }
}

fn member(record: &Record) -> Option<TargetMember> {
    Some(TargetMember {
        uuid: record.filled("uuid")?,
        name: record.filled("name-label"),
        control_domain_uuid: record.filled("control-domain-uuid"),
    })
}

fn network(record: &Record) -> Option<TargetNetwork> {
    Some(TargetNetwork {
        uuid: Some(record.filled("uuid")?),
        name: record.get("name-label").map(str::to_owned),
        bridge: record.filled("bridge"),
    })
}

fn sr(record: &Record) -> Option<TargetSr> {
    Some(TargetSr {
        uuid: record.filled("uuid")?,
        name: record.get("name-label").map(str::to_owned),
        kind: record.filled("type"),
        content_type: record.get("content-type").map(str::to_owned),
        shared: record.flag("shared"),
        size: record.number("physical-size"),
        used: record.number("physical-utilisation"),
    })
}

fn vdi(record: &Record) -> Option<TargetVdi> {
    Some(TargetVdi {
        uuid: record.filled("uuid")?,
        sr: record.filled("sr-uuid"),
        location: record.filled("location"),
        scsi_id: record.entry("sm-config", "SCSIid"),
    })
}

#[cfg(test)]
mod tests;
