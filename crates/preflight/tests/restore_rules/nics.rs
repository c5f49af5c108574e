//! Checks 24 to 33, the table of NICs, and the renaming.

use xenspect_model::Code;
use xenspect_model::preflight::{NicState, Outcome, PreflightReport};
use xenspect_model::target::{RenameRule, Target, TargetNic};

use crate::build::{Dump, added, against, error, errors, find, mac, nic};

fn with(edit: impl FnOnce(&mut Dump, &mut Target)) -> PreflightReport {
    let mut dump = Dump::new(603);
    let mut target = dump.target();
    edit(&mut dump, &mut target);
    target.columns = Some(dump.columns());
    against(&dump, target)
}

/// The first is the management interface.
fn nics(cards: &[(&str, usize)]) -> Option<Vec<TargetNic>> {
    let mut nics: Vec<_> = cards
        .iter()
        .map(|(device, card)| nic(device, *card))
        .collect();
    if let Some(first) = nics.first_mut() {
        first.management = Some(true);
    }
    Some(nics)
}

fn states(report: &PreflightReport) -> Vec<(&str, NicState)> {
    report
        .nics
        .iter()
        .map(|row| (row.device.as_str(), row.state))
        .collect()
}

fn command(report: &PreflightReport) -> Option<&str> {
    report
        .renaming
        .as_ref()
        .map(|renaming| renaming.command.as_str())
}

#[test]
fn all_missing_nics_are_told_in_the_order_of_the_dump() {
    let report = with(|dump, target| {
        for number in 2..4 {
            dump.nic(number);
        }
        let listed = "('OpaqueRef:eth3' 'OpaqueRef:eth0' 'OpaqueRef:eth2' 'OpaqueRef:eth1')";
        dump.set("host", "host", "PIFs", listed);
        target.nics = nics(&[("eth0", 0)]);
    });
    let missing = |device| error("RESTORE_TARGET_MISSING_DEVICE", &[device]);
    assert_eq!(
        errors(&report),
        [missing("eth3"), missing("eth2"), missing("eth1")]
    );
    assert_eq!(added(&report), ["restore/nic-missing"; 3]);
    use NicState::{Missing, Same};
    assert_eq!(
        states(&report),
        [
            ("eth0", Same),
            ("eth1", Missing),
            ("eth2", Missing),
            ("eth3", Missing)
        ]
    );
    assert_eq!(command(&report), None);
}

#[test]
fn a_management_device_that_the_dump_does_not_have() {
    let report = with(|_, target| {
        target.nics = nics(&[("eth4", 4), ("eth0", 0), ("eth1", 1)]);
    });
    let devices = ["eth1", "eth0"];
    assert_eq!(
        errors(&report),
        [error("RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP", &devices)]
    );
    assert_eq!(
        added(&report),
        ["restore/management-not-in-dump", "restore/nic-forgotten"]
    );
}

#[test]
fn several_management_interfaces_or_none_are_not_tested_by_xapi() {
    for flags in [[Some(true), Some(true)], [Some(false), Some(false)]] {
        let report = with(|_, target| {
            for (nic, flag) in target.nics.as_mut().unwrap().iter_mut().zip(flags) {
                nic.management = flag;
            }
        });
        assert_eq!(report.preflight.accepted, Some(true));
        assert_eq!(added(&report), ["restore/management-count"]);
    }
}

#[test]
fn facts_that_are_missing() {
    let unknown = |report: &PreflightReport| -> Vec<u8> {
        let checks = report
            .checks
            .iter()
            .filter(|check| check.outcome == Outcome::Unknown);
        checks
            .filter_map(|check| check.number)
            .filter(|number| (24..34).contains(number))
            .collect()
    };
    let report = with(|_, target| target.nics = None);
    assert_eq!(unknown(&report), [24, 25, 26, 28, 29, 33]);
    assert_eq!(report.preflight.accepted, None);
    assert!(
        report
            .nics
            .iter()
            .all(|row| row.state == NicState::Unknown && row.in_input.is_some())
    );
    let report = with(|_, target| {
        for nic in target.nics.as_mut().unwrap() {
            nic.management = None;
        }
        target.rename_rules = None;
        target.management = xenspect_model::target::TargetManagement::default();
    });
    assert_eq!(unknown(&report), [25, 26, 27, 31, 32]);
    assert_eq!(report.preflight.accepted, None);
}

#[test]
fn a_bridge_that_the_dump_does_not_have() {
    let report = with(|_, target| target.management.bridge = Some("xenbr7".to_owned()));
    assert_eq!(added(&report), ["restore/management-bridge"]);
    // A network without a PIF of the coordinator does not help.
    let report = with(|dump, target| {
        dump.add(
            "network",
            "internal",
            &[
                ("uuid", "00000000-0000-4000-8000-0000000000cc"),
                ("bridge", "xapi0"),
            ],
        );
        target.management.bridge = Some("xapi0".to_owned());
    });
    assert_eq!(added(&report), ["restore/management-bridge"]);
}

/// A bond of eth0 and eth1: the bridge of a slave's network is no bridge any more.
fn bond(dump: &mut Dump) {
    dump.virtual_nic("bond-master", "bond0", 0, "-1");
    dump.set("PIF", "bond-master", "network", "OpaqueRef:network1");
    dump.set(
        "PIF",
        "bond-master",
        "uuid",
        "00000000-0000-4000-8000-0000000000b0",
    );
    dump.add(
        "Bond",
        "bond",
        &[
            ("uuid", "00000000-0000-4000-8000-0000000000b1"),
            ("master", "OpaqueRef:bond-master"),
        ],
    );
    for slave in ["eth0", "eth1"] {
        dump.set("PIF", slave, "bond_slave_of", "OpaqueRef:bond");
    }
}

#[test]
fn a_bridge_of_a_nic_that_is_in_a_bond() {
    let mut bridge = String::new();
    let report = with(|dump, target| {
        bond(dump);
        bridge = target.management.bridge.clone().unwrap();
    });
    assert_eq!(added(&report), ["restore/management-bridge"]);
    let finding = find(&report, Code::RestoreManagementBridge);
    assert_eq!(finding.facts.get("slave_of"), Some(&"bond0".into()));
    let advice = finding.advice.as_deref().unwrap();
    let way = "xe host-management-reconfigure pif-uuid=00000000-0000-4000-8000-0000000000b0";
    assert!(advice.contains(way), "{advice}");
    assert!(advice.contains(&bridge), "{advice}");
}

#[test]
fn a_pif_that_two_hosts_list_is_destroyed_before_the_second() {
    let with_member = |members: &[(&str, &str)]| {
        with(|dump, target| {
            for (member, pifs) in members {
                dump.add(
                    "host",
                    member,
                    &[
                        ("uuid", &format!("00000000-0000-4000-8000-00000000{member}")),
                        ("name__label", member),
                        ("address", "192.0.2.9"),
                        ("hostname", member),
                        ("PIFs", pifs),
                    ],
                );
            }
            // The missing row and the missing device come in the order of the set.
            let listed = "('OpaqueRef:eth1' 'OpaqueRef:eth0')";
            dump.set("host", "host", "PIFs", listed);
            target.nics = nics(&[("eth0", 0)]);
        })
    };
    let gone = |pif: &str| error("HANDLE_INVALID", &["PIF", pif]);
    let no_device = error("RESTORE_TARGET_MISSING_DEVICE", &["eth1"]);
    let report = with_member(&[("beta", "('OpaqueRef:eth0')")]);
    assert_eq!(errors(&report), [no_device.clone(), gone("OpaqueRef:eth0")]);
    let finding = find(&report, Code::RestorePifListedMissing);
    assert_eq!(finding.facts.get("destroyed_with"), Some(&"beta".into()));
    // Between two members the first loop already fails.
    let report = with_member(&[
        ("aaaa", "('OpaqueRef:eth0')"),
        ("beta", "('OpaqueRef:eth0')"),
    ]);
    assert_eq!(
        errors(&report),
        [gone("OpaqueRef:eth0"), no_device, gone("OpaqueRef:eth0")]
    );
}

#[test]
fn a_second_management_nic_may_be_among_the_untold() {
    let outcome = |flags: [Option<bool>; 2]| {
        let report = with(|_, target| {
            for (nic, flag) in target.nics.as_mut().unwrap().iter_mut().zip(flags) {
                nic.management = flag;
            }
        });
        let of = |number| {
            let mut checks = report.checks.iter();
            checks
                .find(|check| check.number == Some(number))
                .unwrap()
                .outcome
        };
        [of(25), of(26)]
    };
    use Outcome::{Found, Passed, Unknown};
    assert_eq!(outcome([Some(true), None]), [Unknown, Unknown]);
    assert_eq!(outcome([Some(true), Some(false)]), [Passed, Passed]);
    let two = outcome([Some(true), Some(true)]);
    assert!(two.contains(&Found) && !two.contains(&Unknown), "{two:?}");
}

#[test]
fn swapped_wires_are_accepted_by_xapi_and_told_here() {
    let report = with(|_, target| target.nics = nics(&[("eth0", 1), ("eth1", 0)]));
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(added(&report), ["restore/nic-moved"; 2]);
    assert_eq!(
        states(&report),
        [("eth0", NicState::Moved), ("eth1", NicState::Moved)]
    );
    assert_eq!(report.nics[0].now_at.as_deref(), Some("eth1"));
    let expected = format!("interface-rename --update eth0={} eth1={}", mac(0), mac(1));
    assert_eq!(command(&report), Some(expected.as_str()));
    let rules = &report.renaming.as_ref().unwrap().static_rules;
    assert_eq!(rules[0], format!("eth0:mac=\"{}\"", mac(0)));
    let advice = find(&report, Code::RestoreNicMoved)
        .advice
        .as_deref()
        .unwrap();
    assert!(advice.contains(&expected));
}

#[test]
fn a_missing_nic_that_is_there_under_another_name() {
    let report = with(|_, target| target.nics = nics(&[("eth0", 0), ("eth4", 1)]));
    assert_eq!(
        errors(&report),
        [error("RESTORE_TARGET_MISSING_DEVICE", &["eth1"])]
    );
    assert_eq!(
        added(&report),
        ["restore/nic-forgotten", "restore/nic-missing"]
    );
    let expected = format!("interface-rename --update eth0={} eth1={}", mac(0), mac(1));
    assert_eq!(command(&report), Some(expected.as_str()));
    let facts = &find(&report, Code::RestoreNicMissing).facts;
    assert_eq!(facts.get("same_mac_on_target"), Some(&"eth4".into()));
}

#[test]
fn another_card_is_a_note() {
    let report = with(|_, target| target.nics = nics(&[("eth0", 0), ("eth1", 7)]));
    assert_eq!(report.preflight.accepted, Some(true));
    assert_eq!(states(&report)[1], ("eth1", NicState::Replaced));
    assert_eq!(
        added(&report),
        ["restore/nic-replaced", "restore/pci-order"]
    );
    assert_eq!(command(&report), None);
}

#[test]
fn a_nic_that_the_dump_does_not_have() {
    let report = with(|_, target| {
        target.nics = nics(&[("eth0", 0), ("eth1", 1), ("eth10", 7), ("eth2", 8)]);
    });
    assert_eq!(added(&report), ["restore/nic-forgotten"; 2]);
    let devices: Vec<_> = report.nics.iter().map(|row| row.device.as_str()).collect();
    assert_eq!(devices, ["eth0", "eth1", "eth2", "eth10"]);
}

/// eth0 and eth1 are slaves of bond0, on which is a VLAN.
fn bonded(dump: &mut Dump) {
    dump.virtual_nic("bond0", "bond0", 0, "-1");
    dump.virtual_nic("vlan50", "bond0", 1, "50");
    dump.add(
        "Bond",
        "bond",
        &[
            ("uuid", "00000000-0000-4000-8000-0000000000b0"),
            ("master", "OpaqueRef:bond0"),
            ("slaves", "('OpaqueRef:eth0' 'OpaqueRef:eth1')"),
            ("primary_slave", "OpaqueRef:eth0"),
        ],
    );
    dump.add(
        "VLAN",
        "vlan",
        &[
            ("uuid", "00000000-0000-4000-8000-0000000000b1"),
            ("tagged_PIF", "OpaqueRef:bond0"),
            ("untagged_PIF", "OpaqueRef:vlan50"),
            ("tag", "50"),
        ],
    );
    for slave in ["eth0", "eth1"] {
        dump.set("PIF", slave, "bond_slave_of", "OpaqueRef:bond");
    }
}

#[test]
fn what_stands_on_a_nic_is_shown_and_missed() {
    let report = with(|dump, _| bonded(dump));
    let uses = |at: usize| report.nics[at].in_input.as_ref().unwrap().uses.clone();
    assert_eq!(uses(0), ["VLAN 50", "bond0"]);
    assert_eq!(uses(1), ["VLAN 50", "bond0"]);
    assert_eq!(report.preflight.accepted, Some(true));
    let report = with(|dump, target| {
        bonded(dump);
        target.nics = nics(&[("eth0", 0)]);
    });
    let finding = find(&report, Code::RestoreStackedOnMissing);
    let expected = vec!["VLAN 50".to_owned(), "bond0".to_owned()];
    assert_eq!(finding.facts.get("stands_on_it"), Some(&expected.into()));
    assert_eq!(report.preflight.further_errors, []);
}

#[test]
fn a_bond_without_its_nic() {
    let report = with(|dump, _| {
        bonded(dump);
        dump.set("Bond", "bond", "primary_slave", "OpaqueRef:gone");
    });
    assert!(
        added(&report).contains(&"restore/bond-member-missing"),
        "{:?}",
        added(&report)
    );
    assert_eq!(report.preflight.accepted, Some(true));
    let report = with(|dump, _| {
        bonded(dump);
        dump.set("VLAN", "vlan", "tagged_PIF", "OpaqueRef:gone");
    });
    assert!(added(&report).contains(&"restore/bond-member-missing"));
}

#[test]
fn a_bond_with_the_address_of_a_card_that_is_gone() {
    let report = with(|dump, target| {
        bonded(dump);
        target.nics = nics(&[("eth0", 7), ("eth1", 1)]);
    });
    assert!(added(&report).contains(&"restore/bond-mac"));
    let report = with(|dump, _| bonded(dump));
    assert!(!added(&report).contains(&"restore/bond-mac"));
}

#[test]
fn the_address_comes_from_the_dump() {
    // mode, address on the target; mode in the dump; whether it differs
    let table = [
        ("static", Some("192.0.2.1"), "Static", false),
        ("static", Some("192.0.2.9"), "Static", true),
        ("dhcp", Some("192.0.2.9"), "Static", true),
        ("dhcp", None, "Static", true),
        ("static", Some("192.0.2.1"), "DHCP", true),
        ("dhcp", Some("192.0.2.9"), "DHCP", false),
    ];
    for (mode, ip, ours, differs) in table {
        let report = with(|dump, target| {
            target.management.mode = Some(mode.to_owned());
            target.management.ip = ip.map(str::to_owned);
            dump.set("PIF", "eth0", "ip_configuration_mode", ours);
        });
        let codes: &[&str] = if differs {
            &["restore/management-address"]
        } else {
            &[]
        };
        assert_eq!(added(&report), codes, "{mode} {ip:?} {ours}");
    }
    let report = with(|_, target| target.management.netmask = Some("255.255.0.0".to_owned()));
    assert_eq!(added(&report), ["restore/management-address"]);
}

#[test]
fn rules_that_pin_a_name_to_another_card() {
    let rule = |device: &str, method: &str, value: &str| RenameRule {
        device: device.to_owned(),
        method: method.to_owned(),
        value: value.to_owned(),
    };
    let own = mac(0).to_uppercase();
    let other = mac(9);
    let table = [
        (vec![rule("eth0", "mac", &own)], false),
        (vec![rule("eth0", "mac", &other)], true),
        (vec![rule("eth0", "pci", "00:00.0")], false),
        (vec![rule("eth0", "pci", "0000:09:00.0")], true),
        (vec![rule("eth0", "pci", "0000:09:00.0[1]")], false),
        (vec![rule("eth0", "guess", "")], false),
        (vec![rule("eth9", "mac", &other)], false),
        // The later rule for a name counts.
        (
            vec![rule("eth0", "mac", &other), rule("eth0", "mac", &own)],
            false,
        ),
    ];
    for (rules, found) in table {
        let report = with(|_, target| target.rename_rules = Some(rules.clone()));
        let codes: &[&str] = if found {
            &["restore/rename-rules"]
        } else {
            &[]
        };
        assert_eq!(added(&report), codes, "{rules:?}");
    }
}

#[test]
fn a_card_in_another_slot() {
    let report = with(|_, target| {
        target.nics.as_mut().unwrap()[1].pci = Some("0000:7f:00.0".to_owned());
    });
    assert_eq!(added(&report), ["restore/pci-order"]);
    // A segment that is left out is none that differs.
    let report = with(|_, target| {
        target.nics.as_mut().unwrap()[1].pci = Some("01:00.0".to_owned());
    });
    assert_eq!(added(&report), Vec::<&str>::new());
}
