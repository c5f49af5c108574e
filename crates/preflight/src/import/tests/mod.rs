//! Exports against targets: a good pair, and pairs with one fault each.

mod faults;
mod metadata;
mod pairs;
mod single;

use std::collections::BTreeSet;

use xenspect_model::preflight::PreflightReport;
use xenspect_model::report::Tool;
use xenspect_model::target::{Target, TargetNetwork, TargetSr, TargetVdi, TargetVm};
use xenspect_scan::{Depth, Options, Progress, Source, scan};
use xenspect_synth::{Document, Object, Recipe};

use crate::{Known, Manner, Question};

const GIB: u64 = 1 << 30;
const SR: &str = "2e1f3a5c-0000-4000-8000-00000000005a";

/// An export and the pool that it comes to.
struct Pair {
    recipe: Recipe,
    document: Document,
    target: Target,
    manner: Manner,
}

impl Pair {
    /// A pair with nothing in the way: an 8.2 host that has everything the export asks for.
    fn new(recipe: Recipe) -> Self {
        let document = recipe.document().unwrap();
        let mut target = Target::default();
        target.product.brand = Some("XCP-ng".to_owned());
        target.product.version = Some("8.2.1".to_owned());
        target.product.xapi = Some("1.249.32".to_owned());
        target.host.cpus = Some(16);
        target.host.memory = Some(256 * GIB);
        target.pool = Some(xenspect_model::target::TargetPool {
            default_sr: Some(SR.to_owned()),
            ..Default::default()
        });
        target.srs = Some(vec![TargetSr {
            uuid: SR.to_owned(),
            name: Some("Disks".to_owned()),
            kind: Some("ext".to_owned()),
            content_type: Some("user".to_owned()),
            size: Some(1024 * GIB),
            used: Some(0),
            ..TargetSr::default()
        }]);
        target.vms = Some(Vec::new());
        target.vdis = Some(Vec::new());
        target.gpu_groups = Some(Vec::new());
        let networks = of_class(&document, "network");
        let networks = networks.map(|network| TargetNetwork {
            name: network.text("name_label").map(str::to_owned),
            bridge: network.text("bridge").map(str::to_owned),
            ..TargetNetwork::default()
        });
        target.networks = Some(networks.collect());
        Self {
            recipe,
            document,
            target,
            manner: Manner::default(),
        }
    }

    fn named(name: &str) -> Self {
        Self::new(Recipe::named(name).unwrap())
    }

    /// The target has the SRs and the disks of the export.
    fn with_disks(mut self) -> Self {
        let srs = self.target.srs.get_or_insert_default();
        srs.extend(of_class(&self.document, "SR").map(|sr| TargetSr {
            uuid: text(sr, "uuid"),
            ..TargetSr::default()
        }));
        let vdis = of_class(&self.document, "VDI").map(|vdi| TargetVdi {
            uuid: text(vdi, "uuid"),
            sr: vdi
                .text("SR")
                .and_then(|sr| self.document.by_id(sr))
                .map(|sr| text(sr, "uuid")),
            location: vdi.text("location").map(str::to_owned),
            ..TargetVdi::default()
        });
        self.target.vdis = Some(vdis.collect());
        self
    }

    /// The export's VM, in the pool as well.
    fn same_vm(&self) -> TargetVm {
        let vm = of_class(&self.document, "VM").next().unwrap();
        TargetVm {
            uuid: text(vm, "uuid"),
            name: Some("there already".to_owned()),
            power_state: Some("Halted".to_owned()),
            version: Some(-1),
            mac_seed: None,
            macs: BTreeSet::new(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut archive = self.recipe.archive();
        archive.members[0].payload = self.document.to_xml().into_bytes();
        archive.encode()
    }

    fn judge(&self) -> PreflightReport {
        self.judge_bytes(self.bytes(), Depth::Metadata)
    }

    fn judge_bytes(&self, bytes: Vec<u8>, depth: Depth) -> PreflightReport {
        let options = Options {
            threads: 1,
            depth,
            ..Options::default()
        };
        let catalog = scan(Source::memory(bytes), &options, &Progress::default()).unwrap();
        let tool = Tool {
            name: "xenspect".to_owned(),
            version: "0".to_owned(),
        };
        let known = Known {
            target: self.target.clone(),
            ..Known::default()
        };
        crate::preflight(Question {
            tool: &tool,
            path: "backup of web.xva",
            member: None,
            catalog: &catalog,
            known: &known,
            manner: &self.manner,
        })
    }
}

fn of_class<'d>(document: &'d Document, class: &'d str) -> impl Iterator<Item = &'d Object> {
    document
        .objects()
        .iter()
        .filter(move |object| object.class == class)
}

fn text(object: &Object, field: &str) -> String {
    object.text(field).unwrap().to_owned()
}

/// Codes of the findings, in their order.
fn codes(report: &PreflightReport) -> Vec<&'static str> {
    report
        .findings
        .iter()
        .map(|finding| finding.code.name())
        .collect()
}

/// The error that comes first, with its parameters.
fn error(report: &PreflightReport) -> Option<String> {
    let error = report.preflight.xapi_error.as_ref()?;
    Some(format!("{} [{}]", error.code, error.params.join("; ")))
}
