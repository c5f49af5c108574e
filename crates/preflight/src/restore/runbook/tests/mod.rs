//! Runbooks of a small restore: a coordinator and two members, to the coordinator installed anew.

mod steps;

use std::collections::BTreeSet;

use xenspect_model::preflight::{NicRow, Renaming, Step, VersionAnswer};
use xenspect_model::report::Tool;
use xenspect_model::target::{Target, TargetPool};
use xenspect_model::{Catalog, Code, Finding};
use xenspect_scan::{Options, Progress, Source, scan};

use crate::restore::Restore;
use crate::verdicts::Verdicts;
use crate::{Known, Manner, Question};

const POOL: &str = r#"<table name="pool"><row ref="OpaqueRef:p" uuid="pool-uuid" name_label="Lab" master="OpaqueRef:h1" POOL/></table>"#;
const HOSTS: &str = r#"<table name="host">
<row ref="OpaqueRef:h1" uuid="h1-uuid" name__label="alpha" address="192.0.2.11" edition="xcp-ng" PIFs="('OpaqueRef:e0')" HOST/>
<row ref="OpaqueRef:h2" uuid="h2-uuid" name__label="beta" address="192.0.2.12"/>
<row ref="OpaqueRef:h3" uuid="h3-uuid" name__label="it's; reboot" address="192.0.2.13"/></table>"#;
const REST: &str = r#"<table name="PIF"><row ref="OpaqueRef:e0" uuid="e0-uuid" device="eth0" VLAN="-1" physical="true" host="OpaqueRef:h1"/></table>
<table name="SR">
<row ref="OpaqueRef:s1" uuid="s1-uuid" name__label="Shared" type="nfs" shared="true" content_type="user"/>
<row ref="OpaqueRef:s2" uuid="s2-uuid" name__label="Local of beta" type="lvm" shared="false" content_type="user"/></table>
<table name="PBD">
<row ref="OpaqueRef:b1" host="OpaqueRef:h1" SR="OpaqueRef:s1"/>
<row ref="OpaqueRef:b2" host="OpaqueRef:h2" SR="OpaqueRef:s2" device_config="(('device' '/dev/disk/by-id/scsi-1-part3'))"/></table>
<table name="VDI">
<row ref="OpaqueRef:m1" uuid="m1-uuid" SR="OpaqueRef:s1"/>
<row ref="OpaqueRef:m2" uuid="m2-uuid" SR="OpaqueRef:s2"/></table>"#;
const VMS: &str = r#"<table name="VM">
<row ref="OpaqueRef:v1" uuid="v1-uuid" name__label="web" power_state="Running" resident_on="OpaqueRef:h2" is_a_template="false" is_control_domain="false" is_a_snapshot="false"/>
<row ref="OpaqueRef:v2" uuid="v2-uuid" name__label="mail" power_state="Suspended" suspend_VDI="OpaqueRef:m1" resident_on="OpaqueRef:NULL" is_a_template="false" is_control_domain="false" is_a_snapshot="false"/>
<row ref="OpaqueRef:v3" uuid="v3-uuid" name__label="db" power_state="Suspended" suspend_VDI="OpaqueRef:m2" resident_on="OpaqueRef:NULL" is_a_template="false" is_control_domain="false" is_a_snapshot="false"/>
<row ref="OpaqueRef:v4" uuid="v4-uuid" name__label="batch" power_state="Paused" resident_on="OpaqueRef:h3" is_a_template="false" is_control_domain="false" is_a_snapshot="false"/></table>"#;

/// What a runbook is made from, with nothing in the way.
struct Scene {
    dump: String,
    member: Option<&'static str>,
    target: Target,
    version: VersionAnswer,
    nics: Vec<NicRow>,
    renaming: Option<Renaming>,
    accepted: Option<bool>,
    codes: Vec<Code>,
}

impl Scene {
    fn new(tables: &[&str]) -> Self {
        let mut target = Target::default();
        target.host.installation_uuid = Some("new-uuid".to_owned());
        target.host.address = Some("192.0.2.99".to_owned());
        target.files = Some(BTreeSet::new());
        target.srs = Some(Vec::new());
        target.pool = Some(TargetPool::default());
        Self {
            dump: tables.concat(),
            member: None,
            target,
            version: VersionAnswer::default(),
            nics: Vec::new(),
            renaming: None,
            accepted: Some(true),
            codes: Vec::new(),
        }
    }

    /// The pool of three hosts, with columns added to its pool row and its coordinator's.
    fn pool(pool: &str, host: &str, more: &str) -> Self {
        Self::new(&[
            &POOL.replace("POOL", pool),
            &HOSTS.replace("HOST", host),
            REST,
            more,
        ])
    }

    fn steps(&self) -> Vec<Step> {
        let manifest = r#"<manifest><pair key="schema_major_vsn" value="5"/><pair key="schema_minor_vsn" value="603"/></manifest>"#;
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><database>{manifest}{}</database>",
            self.dump
        );
        let source = Source::memory(text.into_bytes());
        let catalog = scan(source, &Options::default(), &Progress::default()).unwrap();
        let Catalog::Dump(dump) = &catalog else {
            panic!("no dump")
        };
        let tool = Tool {
            name: "xenspect".to_owned(),
            version: "0".to_owned(),
        };
        let known = Known {
            target: self.target.clone(),
            ..Known::default()
        };
        let question = Question {
            tool: &tool,
            path: "lab pool.dump",
            member: self.member,
            catalog: &catalog,
            known: &known,
            manner: &Manner::default(),
        };
        let restore = Restore::new(question, dump);
        let mut verdicts = Verdicts::default();
        for code in &self.codes {
            verdicts.find(Finding::new(*code));
        }
        super::of(
            &restore,
            &self.version,
            &self.nics,
            self.renaming.as_ref(),
            self.accepted,
            &verdicts,
        )
    }

    fn titles(&self) -> Vec<String> {
        self.steps().into_iter().map(|step| step.title).collect()
    }

    /// The commands of the step whose title begins like this.
    fn commands(&self, title: &str) -> Vec<String> {
        let steps = self.steps();
        let titles: Vec<_> = steps.iter().map(|step| step.title.clone()).collect();
        let step = steps.into_iter().find(|step| step.title.starts_with(title));
        step.unwrap_or_else(|| panic!("{title}: {titles:?}"))
            .commands
    }
}
