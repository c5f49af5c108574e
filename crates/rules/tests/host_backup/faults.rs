//! Every fault of the fixture writer, scanned as the program does it: exactly its codes, and an answer that goes with them.

use std::collections::BTreeSet;

use xenspect_host::files::{is_named, is_wanted};
use xenspect_model::Severity;
use xenspect_model::report::{Input, RestoreAnswer, Verdict};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::HostFault;

/// Files of many GiB, which take seconds.
const LONG: [&str; 2] = ["too-large", "too-large-for-6.5"];

fn verify(fault: &HostFault) -> Input {
    let options = Options {
        host_files: is_wanted,
        host_table: is_named,
        ..Options::default()
    };
    let source = Source::memory(fault.build().bytes());
    let catalog = scan(source, &options, &Progress::default()).expect("a catalog");
    xenspect_rules::input("host.xbk".to_owned(), &catalog)
}

#[test]
fn every_fault_gives_its_codes_and_no_others() {
    let mut objections = Vec::new();
    for fault in HostFault::all() {
        // Who may read the file is not known of bytes in memory.
        if LONG.contains(&fault.name()) || fault.name() == "readable-by-others" {
            continue;
        }
        let input = verify(fault);
        let told = |above: bool| {
            let findings = input.findings.iter();
            let codes = findings.filter(|finding| finding.severity > Severity::Note || !above);
            codes
                .map(|finding| finding.code.name())
                .collect::<BTreeSet<_>>()
        };
        let expected: BTreeSet<&str> = fault.codes().iter().copied().collect();
        if !told(true).is_subset(&expected) || !expected.is_subset(&told(false)) {
            objections.push(format!("{}: {:?}", fault.name(), told(true)));
        }
    }
    assert!(objections.is_empty(), "{}", objections.join("\n"));
}

#[test]
fn what_tar_cannot_unpack_is_not_restored() {
    let of_tar = |fault: &&HostFault| fault.codes() == ["host/not-unpacked"];
    for fault in HostFault::all().filter(of_tar) {
        let input = verify(fault);
        let name = fault.name();
        assert_eq!(input.verdict, Verdict::Damaged, "{name}");
        let mut told = input.findings.iter();
        let finding = told.find(|finding| finding.code.name() == "host/not-unpacked");
        let finding = finding.expect(name);
        assert_eq!(finding.xapi_error.as_deref(), Some("RESTORE_SCRIPT_FAILED"));
        assert!(finding.place.offset.is_some() && finding.place.member.is_some());
        let host = input.host.expect("it is of a host");
        assert_eq!(host.host_restore.answer, RestoreAnswer::Refused, "{name}");
        assert_eq!(host.installer.answer, RestoreAnswer::NotListed, "{name}");
    }
}
