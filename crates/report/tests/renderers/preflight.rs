//! Preflights: widths, escapes, and that no form changes what is said. What users see of real pairs is kept by the
//! tests of the program.

use serde_json::Value;
use xenspect_model::preflight::{
    Answer, Change, Changes, Check, Enforced, ForgottenHost, HostDatabase, HostIdentity,
    HostRestore, HostStage, Level, Machine, NicRow, NicSide, NicState, Outcome, PifChange,
    PreflightInput, PreflightReport, PreflightTarget, Renaming, SCHEMA, Stage, Step, VersionAnswer,
    VersionRelation, XapiError,
};
use xenspect_model::report::{Formatted, Kind, Named};
use xenspect_model::target::RenameRule;
use xenspect_model::{Code, Finding};
use xenspect_report::human::Style;
use xenspect_report::preflight::{human, json, markdown};
use xenspect_report::text::columns;

use crate::sample;

/// A name made to deceive terminals, Markdown and HTML.
const EVIL: &str = "\u{1b}[2Jweb|`x`\u{202e}<b>\n# h";

fn named(name: &str) -> Named {
    Named {
        name: name.to_owned(),
        uuid: "0bb15628-5b6b-1ed6-e6d8-bd61f7f34e98".to_owned(),
    }
}

fn side(mac: &str, management: bool) -> NicSide {
    NicSide {
        mac: Some(mac.to_owned()),
        pci: Some("0000:03:00.0".to_owned()),
        management,
        network: Some(EVIL.to_owned()),
        uses: vec!["bond0".to_owned(), "VLAN 50".to_owned()],
        ip: Some("10.80.226.1".to_owned()),
    }
}

fn stage(stage: Stage, accepted: Option<bool>, formatted: Formatted, name: &str) -> HostStage {
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
fn rich(name: &str) -> PreflightReport {
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

fn page(report: &PreflightReport, style: &Style) -> String {
    let mut shown = Vec::new();
    human::write(report, style, &mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("a page is UTF-8")
}

fn table(report: &PreflightReport) -> String {
    let mut shown = Vec::new();
    markdown::write(report, &mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("Markdown is UTF-8")
}

#[test]
fn a_page_of_everything() {
    insta::assert_snapshot!(page(&rich("web"), &Style::default()));
}

#[test]
fn markdown_of_everything() {
    insta::assert_snapshot!(table(&rich("web")));
}

#[test]
fn a_host_that_comes_back() {
    let mut report = rich("web");
    if let Some(host) = &mut report.host {
        host.accepted = Some(true);
        host.machine = Machine::SameInstallation;
        host.database = HostDatabase::HostRestored;
        for stage in &mut host.stages {
            *stage = HostStage {
                accepted: Some(true),
                xapi_error: None,
                reasons: Vec::new(),
                ..stage.clone()
            };
        }
    }
    report.preflight = Answer {
        accepted: Some(true),
        boots: Some(true),
        ..Answer::default()
    };
    let page = page(&report, &Style::default());
    let head: Vec<&str> = page.lines().take(6).collect();
    assert_eq!(
        head,
        [
            "web.xml → host.xml  WOULD BE ACCEPTED",
            "  host-restore would be accepted. It formats the spare partition.",
            "  installer    would list it",
            "  and then     would restore it. It formats the root.",
            "  database     compared with the host as it comes back",
            "  host boots   yes, the restored host would start",
        ]
    );
    assert!(page.contains("  which is     the very installation that the backup is of"));
}

#[test]
fn no_line_is_wider_than_asked_for_but_commands() {
    for name in ["web", EVIL, &"a long name ".repeat(20), &"x".repeat(300)] {
        let report = rich(name);
        for (width, verbose) in [(60, false), (80, false), (80, true), (120, true)] {
            let style = Style {
                width,
                verbose,
                ..Style::default()
            };
            for line in page(&report, &style).lines() {
                let is_command = line.trim_start().starts_with("xe ");
                assert!(is_command || columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn names_act_on_nothing() {
    let report = rich(EVIL);
    for (unicode, color) in [(true, false), (false, false)] {
        let style = Style {
            unicode,
            color,
            verbose: true,
            ..Style::default()
        };
        let page = page(&report, &style);
        assert!(!page.contains(['\u{1b}', '\u{202e}']), "{page}");
        assert!(unicode || page.is_ascii(), "{page}");
    }
    let table = table(&report);
    assert!(
        !table.contains(['\u{1b}', '\u{202e}']) && !table.contains("<b>"),
        "{table}"
    );
    // A line of a name would be a heading.
    assert!(
        !table.lines().any(|line| line.starts_with("# h")),
        "{table}"
    );
    // The fence is longer than what a command holds.
    assert!(table.contains("\n   `````sh\n"), "{table}");
}

#[test]
fn the_document_fits_its_schema() {
    let report = rich(EVIL);
    let mut shown = Vec::new();
    json::write(&report, &mut shown).expect("a Vec takes everything");
    let document: Value = serde_json::from_slice(&shown).expect("a document");
    let validator = jsonschema::draft202012::new(&json::schema()).expect("the schema is one");
    let errors: Vec<_> = validator
        .iter_errors(&document)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(document, serde_json::to_value(&report).expect("a value"));
    assert_eq!(document["preflight"]["xapi_error"]["params"][0], "eth3");
}
