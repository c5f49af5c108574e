//! A small pool as text, a host that fits it, and the preflight of both.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::preflight::{PreflightReport, XapiError};
use xenspect_model::report::Tool;
use xenspect_model::target::{Target, TargetNic};
use xenspect_model::{Catalog, Code, Finding};
use xenspect_preflight::{Known, Manner, Question, preflight};
use xenspect_scan::{Options, Progress, Source, scan};

pub(crate) const POOL_UUID: &str = "00000000-0000-4000-8000-000000000001";
pub(crate) const HOST_UUID: &str = "00000000-0000-4000-8000-000000000002";
pub(crate) const DOM0_UUID: &str = "00000000-0000-4000-8000-000000000003";
pub(crate) const MEMBER_UUID: &str = "00000000-0000-4000-8000-000000000004";
pub(crate) const MEMBER_DOM0_UUID: &str = "00000000-0000-4000-8000-000000000005";
pub(crate) const NEW_UUID: &str = "10000000-0000-4000-8000-000000000001";
pub(crate) const NEW_DOM0_UUID: &str = "10000000-0000-4000-8000-000000000002";

/// A reference, and columns with their values.
pub(crate) type Row = (String, BTreeMap<String, String>);

/// A dump as tables of rows.
#[derive(Clone)]
pub(crate) struct Dump {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) generation: u32,
    pub(crate) tables: BTreeMap<String, Vec<Row>>,
}

impl Dump {
    /// Two hosts; the coordinator has eth0, which is its management interface, and eth1.
    pub(crate) fn new(minor: u32) -> Self {
        let mut dump = Self {
            major: 5,
            minor,
            generation: 100,
            tables: BTreeMap::new(),
        };
        dump.add(
            "pool",
            "pool",
            &[("uuid", POOL_UUID), ("master", "OpaqueRef:host")],
        );
        dump.add(
            "host",
            "host",
            &[
                ("uuid", HOST_UUID),
                ("name__label", "one"),
                ("hostname", "one"),
                ("address", "192.0.2.1"),
                ("control_domain", "OpaqueRef:dom0"),
                ("PIFs", "('OpaqueRef:eth0' 'OpaqueRef:eth1')"),
                ("edition", "free"),
            ],
        );
        dump.add(
            "host",
            "member",
            &[
                ("uuid", MEMBER_UUID),
                ("name__label", "two"),
                ("hostname", "two"),
                ("address", "192.0.2.2"),
                ("control_domain", "OpaqueRef:dom0-2"),
                ("PIFs", "()"),
                ("edition", "free"),
            ],
        );
        for (reference, uuid, host) in [
            ("dom0", DOM0_UUID, "host"),
            ("dom0-2", MEMBER_DOM0_UUID, "member"),
        ] {
            let on = format!("OpaqueRef:{host}");
            dump.add(
                "VM",
                reference,
                &[
                    ("uuid", uuid),
                    ("is_control_domain", "true"),
                    ("resident_on", &on),
                ],
            );
        }
        for number in 0..2 {
            dump.nic(number);
        }
        dump.set("PIF", "eth0", "management", "true");
        dump.set("PIF", "eth0", "ip_configuration_mode", "Static");
        dump.set("PIF", "eth0", "IP", "192.0.2.1");
        dump.set("PIF", "eth0", "netmask", "255.255.255.0");
        dump
    }

    /// A physical NIC of the coordinator, with its network and PCI device.
    pub(crate) fn nic(&mut self, number: usize) {
        let (device, network) = (format!("eth{number}"), format!("network{number}"));
        let pci = format!("pci{number}");
        self.add(
            "network",
            &network,
            &[
                ("uuid", &uuid(20 + number)),
                ("bridge", &format!("xenbr{number}")),
            ],
        );
        self.add(
            "PCI",
            &pci,
            &[("uuid", &uuid(30 + number)), ("pci_id", &slot(number))],
        );
        self.add(
            "PIF",
            &device,
            &[
                ("uuid", &uuid(40 + number)),
                ("host", "OpaqueRef:host"),
                ("device", &device),
                ("physical", "true"),
                ("management", "false"),
                ("MAC", &mac(number)),
                ("VLAN", "-1"),
                ("bond_slave_of", "OpaqueRef:NULL"),
                ("network", &format!("OpaqueRef:{network}")),
                ("PCI", &format!("OpaqueRef:{pci}")),
            ],
        );
    }

    /// A PIF of the coordinator that is not physical.
    pub(crate) fn virtual_nic(&mut self, reference: &str, device: &str, number: usize, vlan: &str) {
        self.add(
            "PIF",
            reference,
            &[
                ("uuid", &uuid(50 + number)),
                ("host", "OpaqueRef:host"),
                ("device", device),
                ("physical", "false"),
                ("management", "false"),
                ("MAC", &mac(number)),
                ("VLAN", vlan),
                ("network", "OpaqueRef:NULL"),
                ("PCI", "OpaqueRef:NULL"),
                ("bond_slave_of", "OpaqueRef:NULL"),
            ],
        );
        let listed = self
            .get("host", "host", "PIFs")
            .replace(')', &format!(" 'OpaqueRef:{reference}')"));
        self.set("host", "host", "PIFs", &listed);
    }

    pub(crate) fn add(&mut self, table: &str, reference: &str, columns: &[(&str, &str)]) {
        let columns = columns
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let row = (format!("OpaqueRef:{reference}"), columns.collect());
        self.tables.entry(table.to_owned()).or_default().push(row);
    }

    pub(crate) fn get(&self, table: &str, reference: &str, column: &str) -> String {
        let reference = format!("OpaqueRef:{reference}");
        let row = self.tables[table]
            .iter()
            .find(|row| row.0 == reference)
            .unwrap();
        row.1[column].clone()
    }

    pub(crate) fn set(&mut self, table: &str, reference: &str, column: &str, value: &str) {
        let reference = format!("OpaqueRef:{reference}");
        let rows = self.tables.get_mut(table).unwrap();
        let row = rows.iter_mut().find(|row| row.0 == reference).unwrap();
        row.1.insert(column.to_owned(), value.to_owned());
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "<?xml version=\"1.0\"?><database><manifest><pair key=\"schema_major_vsn\" value=\"{}\"/>\
             <pair key=\"schema_minor_vsn\" value=\"{}\"/><pair key=\"generation_count\" value=\"{}\"/></manifest>",
            self.major, self.minor, self.generation
        );
        for (table, rows) in &self.tables {
            text.push_str(&format!("<table name=\"{table}\">"));
            for (reference, columns) in rows {
                text.push_str(&format!(
                    "<row ref=\"{reference}\" __ctime=\"1\" __mtime=\"2\" _ref=\"{reference}\""
                ));
                for (name, value) in columns {
                    text.push_str(&format!(" {name}=\"{}\"", value.replace(' ', "%.")));
                }
                text.push_str("/>");
            }
            text.push_str("</table>");
        }
        text.push_str("</database>");
        text
    }

    /// The tables and columns that it has, as a target's own.
    pub(crate) fn columns(&self) -> BTreeMap<String, BTreeSet<String>> {
        let columns = self.tables.iter().map(|(table, rows)| {
            let names = rows.iter().flat_map(|row| row.1.keys().cloned());
            (table.clone(), names.collect())
        });
        columns.collect()
    }

    /// A new installation that it fits.
    pub(crate) fn target(&self) -> Target {
        let mut target = Target::default();
        target.host.name = Some("new".to_owned());
        target.host.installation_uuid = Some(NEW_UUID.to_owned());
        target.host.control_domain_uuid = Some(NEW_DOM0_UUID.to_owned());
        target.host.edition = Some("free".to_owned());
        target.host.inventory_lacks = Some(BTreeSet::new());
        target.product.schema = Some(format!("5.{}", self.minor));
        target.management.bridge = Some("xenbr0".to_owned());
        target.management.mode = Some("static".to_owned());
        target.management.ip = Some("192.0.2.1".to_owned());
        target.pool = Some(xenspect_model::target::TargetPool {
            uuid: Some(uuid(99)),
            ha_enabled: Some(false),
            ..Default::default()
        });
        target.nics = Some(
            (0..2)
                .map(|number| nic(&format!("eth{number}"), number))
                .collect(),
        );
        target.nics.as_mut().unwrap()[0].management = Some(true);
        target.rename_rules = Some(Vec::new());
        target.files = Some(BTreeSet::new());
        target.columns = Some(self.columns());
        target
    }
}

/// A NIC of a target: a name, and the card that bears it.
pub(crate) fn nic(device: &str, card: usize) -> TargetNic {
    TargetNic {
        device: device.to_owned(),
        mac: Some(mac(card)),
        pci: Some(slot(card)),
        management: Some(false),
        ..TargetNic::default()
    }
}

pub(crate) fn uuid(number: usize) -> String {
    format!("00000000-0000-4000-8000-0000000001{number:02}")
}

pub(crate) fn mac(card: usize) -> String {
    format!("02:00:00:00:00:{card:02x}")
}

pub(crate) fn slot(card: usize) -> String {
    format!("0000:{card:02x}:00.0")
}

pub(crate) fn read(text: &str) -> Catalog {
    let source = Source::memory(text.as_bytes().to_vec());
    scan(source, &Options::default(), &Progress::default()).unwrap()
}

pub(crate) fn run(catalog: &Catalog, target: Target) -> PreflightReport {
    let known = Known {
        target,
        ..Known::default()
    };
    preflight(Question {
        tool: &Tool {
            name: "xenspect".to_owned(),
            version: "0".to_owned(),
        },
        path: "dump.xml",
        member: None,
        catalog,
        known: &known,
        manner: &Manner::default(),
    })
}

pub(crate) fn against(dump: &Dump, target: Target) -> PreflightReport {
    run(&read(&dump.text()), target)
}

/// The codes that a pair gives and the good pair does not.
pub(crate) fn added(report: &PreflightReport) -> Vec<&'static str> {
    let good = Dump::new(603);
    let good = against(&good, good.target());
    let usual: BTreeSet<Code> = good.findings.iter().map(|finding| finding.code).collect();
    let own = ["restore/", "db/"];
    let mut codes: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| !usual.contains(&finding.code))
        .map(|finding| finding.code.name())
        .filter(|code| own.iter().any(|prefix| code.starts_with(prefix)))
        .collect();
    codes.sort_unstable();
    codes
}

pub(crate) fn find(report: &PreflightReport, code: Code) -> &Finding {
    let mut found = report.findings.iter();
    found
        .find(|finding| finding.code == code)
        .unwrap_or_else(|| panic!("{code} is not there"))
}

pub(crate) fn error(code: &str, params: &[&str]) -> XapiError {
    XapiError {
        code: code.to_owned(),
        params: params.iter().map(|&param| param.to_owned()).collect(),
    }
}

/// What xapi says, first and then.
pub(crate) fn errors(report: &PreflightReport) -> Vec<XapiError> {
    let first = report.preflight.xapi_error.iter();
    first
        .chain(&report.preflight.further_errors)
        .cloned()
        .collect()
}
