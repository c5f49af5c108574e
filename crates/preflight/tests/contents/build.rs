//! A small pool of two hosts, the host that it is restored to, and the preflight of both.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::preflight::PreflightReport;
use xenspect_model::report::Tool;
use xenspect_model::target::{
    Target, TargetDisk, TargetMember, TargetNic, TargetPool, TargetSr, TargetVm,
};
use xenspect_model::{Code, Finding};
use xenspect_preflight::{Known, Manner, Question, preflight};
use xenspect_scan::{Options, Progress, Source, scan};

/// A uuid by number.
pub(crate) fn uuid(number: u32) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

/// A reference by name.
pub(crate) fn to(name: &str) -> String {
    format!("OpaqueRef:{name}")
}

pub(crate) const NULL: &str = "OpaqueRef:NULL";
pub(crate) const NOWHERE: &str = "OpaqueRef:nowhere";

/// A row: its reference and its columns.
type Row = (String, BTreeMap<String, String>);

/// Rows by table.
#[derive(Clone)]
pub(crate) struct Pool(BTreeMap<String, Vec<Row>>);

impl Pool {
    /// one, the coordinator, and two, a member, each with a NIC and a local SR; a shared SR with the disk of the VM web.
    pub(crate) fn new() -> Self {
        let mut pool = Self(BTreeMap::new());
        let features = "(('features_hvm'%.'0000000f-00000003')%.('vendor'%.'GenuineIntel'))";
        pool.add(
            "pool",
            "pool",
            &[
                ("uuid", &uuid(1)),
                ("master", &to("one")),
                ("default_SR", &to("nfs")),
                ("suspend_image_SR", NULL),
                ("cpu_info", features),
            ],
        );
        for (number, name) in [(10, "one"), (20, "two")] {
            let (dom0, nic, metrics) = (
                format!("{name}-dom0"),
                format!("{name}-eth0"),
                format!("{name}-metrics"),
            );
            pool.add(
                "host",
                name,
                &[
                    ("uuid", &uuid(number)),
                    ("name__label", name),
                    ("address", &format!("192.0.2.{number}")),
                    ("control_domain", &to(&dom0)),
                    ("PIFs", &format!("('{}')", to(&nic))),
                    ("metrics", &to(&metrics)),
                ],
            );
            pool.add("host_metrics", &metrics, &[("uuid", &uuid(number + 6))]);
            pool.add(
                "VM",
                &dom0,
                &[
                    ("uuid", &uuid(number + 1)),
                    ("is_control_domain", "true"),
                    ("power_state", "Running"),
                    ("resident_on", &to(name)),
                ],
            );
            pool.add(
                "PIF",
                &nic,
                &[
                    ("uuid", &uuid(number + 2)),
                    ("host", &to(name)),
                    ("device", "eth0"),
                    ("MAC", &format!("02:00:00:00:00:{number}")),
                    ("physical", "true"),
                    ("management", "true"),
                    ("VLAN", "-1"),
                    ("network", &to("network")),
                ],
            );
            pool.sr(&format!("{name}-local"), number + 3, "false");
            let device = format!("(('device'%.'/dev/disk/by-id/scsi-{number}-part3'))");
            pool.pbd(&format!("{name}-local"), name, number + 4, &device);
            pool.pbd("nfs", name, number + 5, "()");
        }
        pool.add(
            "network",
            "network",
            &[
                ("uuid", &uuid(30)),
                ("name__label", "lan"),
                ("bridge", "xenbr0"),
            ],
        );
        pool.sr("nfs", 31, "true");
        pool.vdi("web-disk", 33, "nfs");
        pool.vm("web", 32);
        pool.add(
            "VBD",
            "web-vbd",
            &[
                ("uuid", &uuid(34)),
                ("VM", &to("web")),
                ("VDI", &to("web-disk")),
                ("type", "Disk"),
                ("empty", "false"),
                ("userdevice", "0"),
            ],
        );
        pool.add(
            "VIF",
            "web-vif",
            &[
                ("uuid", &uuid(35)),
                ("VM", &to("web")),
                ("network", &to("network")),
                ("MAC", "02:00:00:00:01:01"),
            ],
        );
        pool
    }

    pub(crate) fn add(&mut self, table: &str, name: &str, columns: &[(&str, &str)]) {
        let columns = columns
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let row = (to(name), columns.collect());
        self.0.entry(table.to_owned()).or_default().push(row);
    }

    pub(crate) fn set(&mut self, table: &str, name: &str, column: &str, value: &str) {
        let rows = self.0.get_mut(table).expect(table);
        let row = rows
            .iter_mut()
            .rev()
            .find(|(reference, _)| *reference == to(name));
        row.expect(name)
            .1
            .insert(column.to_owned(), value.to_owned());
    }

    /// A halted VM.
    pub(crate) fn vm(&mut self, name: &str, number: u32) {
        self.add(
            "VM",
            name,
            &[
                ("uuid", &uuid(number)),
                ("name__label", name),
                ("is_control_domain", "false"),
                ("is_a_template", "false"),
                ("is_a_snapshot", "false"),
                ("power_state", "Halted"),
                ("resident_on", NULL),
                (
                    "other_config",
                    &format!("(('mac_seed'%.'{}'))", uuid(number + 900)),
                ),
            ],
        );
    }

    /// The VM web in a state, on a host.
    pub(crate) fn web(&mut self, state: &str, host: &str) {
        self.set("VM", "web", "power_state", state);
        self.set("VM", "web", "resident_on", host);
    }

    /// The VM web is suspended, its memory in a VDI of an SR.
    pub(crate) fn suspended_on(&mut self, sr: &str) {
        self.web("Suspended", NULL);
        self.vdi("memory", 50, sr);
        self.set("VM", "web", "suspend_VDI", &to("memory"));
    }

    pub(crate) fn sr(&mut self, name: &str, number: u32, shared: &str) {
        self.add(
            "SR",
            name,
            &[
                ("uuid", &uuid(number)),
                ("name__label", name),
                ("type", if shared == "true" { "nfs" } else { "lvm" }),
                ("content_type", "user"),
                ("shared", shared),
            ],
        );
    }

    fn pbd(&mut self, sr: &str, host: &str, number: u32, config: &str) {
        self.add(
            "PBD",
            &format!("{host}-{sr}"),
            &[
                ("uuid", &uuid(number)),
                ("SR", &to(sr)),
                ("host", &to(host)),
                ("device_config", config),
            ],
        );
    }

    pub(crate) fn vdi(&mut self, name: &str, number: u32, sr: &str) {
        self.add(
            "VDI",
            name,
            &[
                ("uuid", &uuid(number)),
                ("name__label", name),
                ("SR", &to(sr)),
                ("managed", "true"),
                ("missing", "false"),
            ],
        );
    }

    fn text(&self) -> Vec<u8> {
        let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<database><manifest>\
            <pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"779\"/>\
            <pair key=\"generation_count\" value=\"100\"/></manifest>"
            .to_owned();
        for (table, rows) in &self.0 {
            text.push_str(&format!("<table name=\"{table}\">"));
            for (reference, columns) in rows {
                text.push_str(&format!("<row ref=\"{reference}\" _ref=\"{reference}\""));
                for (name, value) in columns {
                    text.push_str(&format!(" {name}=\"{value}\""));
                }
                text.push_str("/>");
            }
            text.push_str("</table>");
        }
        text.push_str("</database>");
        text.into_bytes()
    }
}

/// The coordinator's machine, installed anew and alone in a pool of its own.
pub(crate) fn host() -> Target {
    let mut target = Target::default();
    target.host.name = Some("fresh".to_owned());
    target.host.installation_uuid = Some(uuid(100));
    target.host.control_domain_uuid = Some(uuid(101));
    target.host.primary_disk = Some("/dev/disk/by-id/scsi-10".to_owned());
    target.host.cpu_vendor = Some("GenuineIntel".to_owned());
    target.product.schema = Some("5.779".to_owned());
    target.pool = Some(TargetPool {
        uuid: Some(uuid(102)),
        coordinator: Some(uuid(100)),
        cpu_features: Some("0000000f-00000003".to_owned()),
        ..TargetPool::default()
    });
    target.nics = Some(vec![TargetNic {
        device: "eth0".to_owned(),
        mac: Some("02:00:00:00:00:aa".to_owned()),
        management: Some(true),
        ..TargetNic::default()
    }]);
    target.disks = Some(vec![TargetDisk {
        path: "/dev/disk/by-id/scsi-10".to_owned(),
        size: Some(500 << 30),
    }]);
    target.members = Some(vec![member(100)]);
    target.networks = Some(Vec::new());
    target.srs = Some(Vec::new());
    target.vms = Some(Vec::new());
    target.files = Some(BTreeSet::new());
    target.free_bytes = Some(1 << 30);
    target
}

pub(crate) fn member(number: u32) -> TargetMember {
    TargetMember {
        uuid: uuid(number),
        name: Some(format!("host {number}")),
        control_domain_uuid: Some(uuid(number + 1)),
    }
}

pub(crate) fn sr(number: u32, kind: &str, shared: bool) -> TargetSr {
    TargetSr {
        uuid: uuid(number),
        name: Some(format!("sr {number}")),
        kind: Some(kind.to_owned()),
        content_type: Some("user".to_owned()),
        shared: Some(shared),
        ..TargetSr::default()
    }
}

pub(crate) fn vm(number: u32, state: &str) -> TargetVm {
    TargetVm {
        uuid: uuid(number),
        name: Some(format!("vm {number}")),
        power_state: Some(state.to_owned()),
        ..TargetVm::default()
    }
}

/// Another pool that lives, with nothing in it that the dump has.
pub(crate) fn living() -> Target {
    let mut target = host();
    target.host.name = Some("living".to_owned());
    target.host.installation_uuid = Some(uuid(200));
    target.members = Some(vec![member(200)]);
    if let Some(pool) = &mut target.pool {
        pool.uuid = Some(uuid(202));
    }
    target
}

pub(crate) fn judge(pool: &Pool, target: Target, also: Vec<Target>) -> PreflightReport {
    let (options, progress) = (Options::default(), Progress::default());
    let catalog = scan(Source::memory(pool.text()), &options, &progress).expect("a catalog");
    let known = |path: &str, target| Known {
        path: path.to_owned(),
        sources: Vec::new(),
        target,
    };
    let manner = Manner {
        also: also
            .into_iter()
            .map(|target| known("also.xml", target))
            .collect(),
        ..Manner::default()
    };
    preflight(Question {
        tool: &Tool {
            name: "xenspect".to_owned(),
            version: "0".to_owned(),
        },
        path: "pool.xml",
        member: None,
        catalog: &catalog,
        known: &known("target", target),
        manner: &manner,
    })
}

/// Findings of the codes that are tested here.
pub(crate) fn own(report: &PreflightReport) -> Vec<&Finding> {
    let first = Code::ALL
        .iter()
        .position(|code| *code == Code::RestoreHostForgotten);
    let last = Code::ALL
        .iter()
        .position(|code| *code == Code::ClashMacSeed);
    let own = &Code::ALL[first.unwrap()..=last.unwrap()];
    let found = report.findings.iter();
    found
        .filter(|finding| own.contains(&finding.code))
        .collect()
}

pub(crate) fn codes(report: &PreflightReport) -> Vec<String> {
    let mut codes: Vec<_> = own(report)
        .iter()
        .map(|finding| finding.code.to_string())
        .collect();
    codes.sort();
    codes
}

pub(crate) fn one(report: &PreflightReport, code: Code) -> &Finding {
    let mut found = report
        .findings
        .iter()
        .filter(|finding| finding.code == code);
    let finding = found.next().expect("a finding");
    assert!(found.next().is_none(), "{code} once");
    finding
}
