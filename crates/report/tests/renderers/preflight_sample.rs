//! Preflights made by hand that have something of everything, `name` wherever a text comes from an input.

use xenspect_model::preflight::{
    Answer, Change, Changes, Check, Enforced, ForgottenHost, HostDatabase, HostIdentity,
    HostRestore, HostStage, Level, Machine, NicRow, NicSide, NicState, Outcome, PifChange,
    PreflightInput, PreflightReport, PreflightTarget, Renaming, SCHEMA, Stage, Step, VersionAnswer,
    VersionRelation, XapiError,
};
use xenspect_model::report::{Formatted, Kind, Named};
use xenspect_model::target::RenameRule;
use xenspect_model::{Code, Finding};

use crate::sample;

/// A name made to deceive terminals, Markdown and HTML.
pub(crate) const EVIL: &str = "\u{1b}[2Jweb|`x`\u{202e}<b>\n# h";

pub(crate) fn named(name: &str) -> Named {
    Named {
        name: name.to_owned(),
        uuid: "0bb15628-5b6b-1ed6-e6d8-bd61f7f34e98".to_owned(),
    }
}

pub(crate) fn side(mac: &str, management: bool) -> NicSide {
    NicSide {
        mac: Some(mac.to_owned()),
        pci: Some("0000:03:00.0".to_owned()),
        management,
        network: Some(EVIL.to_owned()),
        uses: vec!["bond0".to_owned(), "VLAN 50".to_owned()],
        ip: Some("10.80.226.1".to_owned()),
    }
}

pub(crate) fn stage(
    stage: Stage,
    accepted: Option<bool>,
    formatted: Formatted,
    name: &str,
) -> HostStage {
    HostStage {
        stage,
        accepted,
        xapi_error: (stage == Stage::HostRestore).then(|| XapiError {
            code: "RESTORE_SCRIPT_FAILED".to_owned(),
            params: Vec::new(),
        }),
        reasons: vec![format!("it is {name}"); 5],
        formatted,
    }
}

/// A report that has something of everything, `name` wherever a text comes from an input.
pub(crate) fn rich(name: &str) -> PreflightReport {
    let change = || Change {
        before: Some(name.to_owned()),
        after: None,
    };
    let error = |code: &str| XapiError {
        code: code.to_owned(),
        params: vec!["eth3".to_owned(), name.to_owned()],
    };
    let level = |minor: &str| Level {
        product: Some(name.to_owned()),
        xapi: Some("1.249.32".to_owned()),
        schema: Some(format!("5.{minor}")),
        releases: vec!["Citrix Hypervisor 8.2 CU1".to_owned()],
        builds: vec!["1.249.29".to_owned()],
    };
    PreflightReport {
        schema: SCHEMA,
        tool: sample::report(Vec::new()).tool,
        input: PreflightInput {
            path: format!("{name}.xml"),
            kind: Some(Kind::PoolDb),
            member: Some(name.to_owned()),
            pool: Some(named(name)),
            coordinator: Some(named(name)),
            hosts: Some(3),
            vms: 1,
            ..PreflightInput::default()
        },
        target: PreflightTarget {
            path: "host.xml".to_owned(),
            sources: vec!["pool database".to_owned()],
            name: Some(name.to_owned()),
            uuid: Some("3b1dccee-9da4-49c6-8250-e3725e0e4b2d".to_owned()),
        },
        preflight: Answer {
            accepted: Some(false),
            boots: Some(false),
            xapi_error: Some(error("RESTORE_TARGET_MISSING_DEVICE")),
            further_errors: vec![error("RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP"); 12],
            changes: Changes {
                hosts_forgotten: vec![ForgottenHost {
                    name: name.to_owned(),
                    address: Some("10.80.226.2".to_owned()),
                    local_srs: vec![named(name)],
                    pifs: 4,
                    ..ForgottenHost::default()
                }],
                pifs: vec![PifChange {
                    device: "eth0".to_owned(),
                    vlan: Some(50),
                    mac: Some(change()),
                    management: Some(false),
                }],
                management: Some(change()),
                host_uuid: Some(change()),
                control_domain_uuid: Some(change()),
                nics_forgotten: vec![name.to_owned()],
                orphans: [("Bond".to_owned(), 1)].into(),
                collected: [("PBD".to_owned(), 12_345)].into(),
                vms_halted: vec![named(name); 20],
                networks_created: vec![name.to_owned()],
                vms_replaced: vec![named(name)],
            },
        },
        host: Some(HostRestore {
            accepted: Some(false),
            stages: vec![
                stage(Stage::HostRestore, Some(false), Formatted::Nothing, name),
                stage(Stage::InstallerLists, None, Formatted::SparePartition, name),
                stage(
                    Stage::InstallerRestores,
                    Some(false),
                    Formatted::RootAndEfi,
                    name,
                ),
            ],
            machine: Machine::Other,
            comes_back_as: HostIdentity {
                installation_uuid: Some("0bb15628-5b6b-1ed6-e6d8-bd61f7f34e98".to_owned()),
                control_domain_uuid: None,
                name: Some(name.to_owned()),
                role: Some(format!("member of {name}")),
                management_interface: Some("xenbr0".to_owned()),
                management_address: Some(name.to_owned()),
                product: Some(name.to_owned()),
                pool_secret: true,
                macs: [("eth0".to_owned(), name.to_owned())].into(),
            },
            database: HostDatabase::TargetAsItIs,
        }),
        version: VersionAnswer {
            input: level("601"),
            target: level("603"),
            relation: VersionRelation::Older,
            way_out: vec![format!("Install {name}."), "Restore there.".to_owned()],
        },
        nics: vec![
            NicRow {
                device: "eth0".to_owned(),
                in_input: Some(side("00:16:3e:00:00:01", true)),
                in_target: Some(side("00:16:3e:00:00:02", false)),
                state: NicState::Moved,
                now_at: Some("eth2".to_owned()),
            },
            NicRow {
                device: name.to_owned(),
                in_input: Some(side(name, false)),
                in_target: None,
                state: NicState::Missing,
                now_at: None,
            },
        ],
        renaming: Some(Renaming {
            rules: vec![RenameRule {
                device: "eth0".to_owned(),
                method: "mac".to_owned(),
                value: "00:16:3e:00:00:01".to_owned(),
            }],
            command: "interface-rename --update eth0=00:16:3e:00:00:01".to_owned(),
            static_rules: vec!["eth0:mac=\"00:16:3e:00:00:01\"".to_owned()],
        }),
        findings: vec![
            Finding::new(Code::RestoreNicMissing).table("PIF").row(name).fact("device", name),
            Finding::new(Code::RestoreHostForgotten).fact("host", name).advice(name),
            Finding::new(Code::RestoreDumpAge),
        ],
        omitted: [(Code::RestoreVmSuspended, 3)].into(),
        checks: vec![
            Check {
                number: Some(24),
                title: "the target has all NICs",
                enforced: Enforced::ByXapi,
                outcome: Outcome::Found,
                lacks: Vec::new(),
                codes: &[Code::RestoreNicMissing],
            },
            Check {
                number: Some(37),
                title: "disks of local SRs are there",
                enforced: Enforced::Beyond,
                outcome: Outcome::Unknown,
                lacks: vec!["the target's disks".to_owned()],
                codes: &[Code::RestoreLocalSrGone],
            },
        ],
        runbook: vec![Step {
            title: format!("Reset {name}"),
            on: Some(name.to_owned()),
            note: Some(format!("It is {name}.")),
            commands: vec!["xe vm-reset-powerstate uuid=0bb15628-5b6b-1ed6-e6d8-bd61f7f34e98 force=true # ```` a long one".to_owned()],
        }],
        not_checked: vec!["What is on the SRs.".to_owned()],
    }
}
