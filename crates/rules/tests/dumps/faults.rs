//! Each fault of the fixture writer, and each of its good recipes.

use std::collections::BTreeSet;

use xenspect_model::report::Verdict;
use xenspect_model::{Finding, Severity};
use xenspect_synth::{DumpFault, DumpRecipe};

use super::expected::{EXPECTED, REFUSED};
use super::{codes, try_verify, verify};

/// Findings that the undamaged database does not have, without those that are told of it too.
fn added(fault: &DumpFault) -> (Verdict, Vec<String>) {
    let undamaged = verify(fault.default_recipe().build());
    let mut damaged = verify(fault.build());
    let same = |a: &Finding, b: &Finding| {
        (a.code, a.severity, &a.place.table, &a.place.column)
            == (b.code, b.severity, &b.place.table, &b.place.column)
    };
    damaged
        .findings
        .retain(|finding| !undamaged.findings.iter().any(|known| same(known, finding)));
    (damaged.verdict, codes(&damaged, Severity::Note))
}

#[test]
fn each_fault_gives_exactly_its_findings() {
    let mut wrong = Vec::new();
    for row in EXPECTED {
        let (verdict, found) = added(DumpFault::named(row.fault).expect(row.fault));
        if (verdict, found.as_slice())
            != (
                row.verdict,
                &*row
                    .codes
                    .iter()
                    .map(|&code| code.to_owned())
                    .collect::<Vec<_>>(),
            )
        {
            wrong.push(format!(
                "    row({:?}, {verdict:?}, &{found:?}),",
                row.fault
            ));
        }
    }
    assert!(wrong.is_empty(), "found:\n{}", wrong.join("\n"));
}

#[test]
fn some_leave_nothing_to_judge() {
    for name in REFUSED {
        let fault = DumpFault::named(name).expect(name);
        assert!(try_verify(fault.build()).is_err(), "{name}");
    }
}

#[test]
fn no_fault_is_left_out() {
    let rows = EXPECTED.iter().map(|row| row.fault);
    let known: BTreeSet<_> = rows.chain(REFUSED.iter().copied()).collect();
    let all: BTreeSet<_> = DumpFault::all().map(DumpFault::name).collect();
    assert_eq!(known, all);
}

#[test]
fn harmless_faults_are_no_errors() {
    for fault in DumpFault::all().filter(|fault| fault.is_harmless()) {
        let input = verify(fault.build());
        assert_ne!(input.worst(), Some(Severity::Error), "{}", fault.name());
    }
}

#[test]
fn good_recipes_are_sound() {
    const NOT_GOOD: [(&str, &[&str]); 2] = [
        ("rolling-upgrade-stub", &["error db/rolling-upgrade-stub"]),
        ("bugtool-copy", &["warning db/redacted-copy"]),
    ];
    for (name, _) in DumpRecipe::names() {
        let recipe = DumpRecipe::named(name).expect(name);
        // Streamed ones are large, and lack columns.
        if recipe.vms.is_some() {
            continue;
        }
        let found = codes(&verify(recipe.build()), Severity::Warning);
        let known = NOT_GOOD.iter().find(|(known, _)| *known == name);
        let expected = known.map(|(_, codes)| *codes).unwrap_or_default();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn reports_do_not_depend_on_the_kind_of_source() {
    use std::io::Cursor;
    use xenspect_scan::{Options, Progress, Source, scan};

    for fault in DumpFault::all().filter(|fault| !REFUSED.contains(&fault.name())) {
        let bytes = fault.build();
        let report = |source: Source| {
            let catalog =
                scan(source, &Options::default(), &Progress::default()).expect("a catalog");
            xenspect_rules::input("fixture".to_owned(), &catalog)
        };
        let mut file = report(Source::memory(bytes.clone()));
        let mut pipe = report(Source::Stream(Box::new(Cursor::new(bytes))));
        // A pipe counts what it took, which can be more than was needed.
        file.bytes = 0;
        pipe.bytes = 0;
        assert_eq!(file, pipe, "{}", fault.name());
    }
}
