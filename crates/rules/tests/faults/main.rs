//! Every fault that the fixture writer knows, one at a time, against exactly the findings that it
//! must give, from a file and from a pipe, with one thread and with several.

mod expected;
mod maps;

use std::collections::BTreeSet;
use std::io::Cursor;

use expected::EXPECTED;
use xenspect_model::report::{ImportAnswer, Input, Verdict};
use xenspect_scan::{Error, Options, Progress, Source, scan};
use xenspect_synth::{Fault, Recipe};

/// The one fault that leaves nothing to judge.
const NOTHING_LEFT: &str = "truncated-to-nothing";

fn options(threads: usize) -> Options {
    Options {
        threads,
        ..Options::default()
    }
}

fn verify(bytes: Vec<u8>) -> Input {
    let catalog = scan(Source::memory(bytes), &options(2), &Progress::default()).unwrap();
    xenspect_rules::input("fixture".to_owned(), &catalog)
}

fn codes(input: &Input) -> Vec<&'static str> {
    input
        .findings
        .iter()
        .map(|finding| finding.code.name())
        .collect()
}

/// Findings of the damaged archive that the undamaged one does not have.
fn added(damaged: &Input, undamaged: &Input) -> Vec<&'static str> {
    let mut known = codes(undamaged);
    let mut added = codes(damaged);
    added.retain(|code| match known.iter().position(|other| other == code) {
        Some(at) => {
            known.remove(at);
            false
        }
        None => true,
    });
    added
}

#[test]
fn each_fault_gives_exactly_its_findings() {
    let mut wrong = Vec::new();
    for row in EXPECTED {
        let fault = Fault::named(row.fault).expect(row.fault);
        let undamaged = verify(fault.default_recipe().build());
        let damaged = verify(fault.build());
        let import = damaged.import.as_ref().expect("an outlook on the import");
        let found = (
            damaged.verdict,
            added(&damaged, &undamaged),
            import.answer,
            import.xapi_error.as_deref(),
        );
        let expected = (row.verdict, row.codes.to_vec(), row.answer, row.xapi_error);
        if found != expected {
            wrong.push(format!("{}: {found:?} instead of {expected:?}", row.fault));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_fault_is_left_out() {
    let expected: BTreeSet<_> = EXPECTED.iter().map(|row| row.fault).collect();
    let all: BTreeSet<_> = Fault::all()
        .map(Fault::name)
        // Those of metadata-only exports have a test of their own.
        .filter(|name| *name != NOTHING_LEFT && !name.starts_with("metadata-"))
        .collect();
    assert_eq!(expected, all);
    let nothing = Fault::named(NOTHING_LEFT).unwrap().build();
    let error = scan(Source::memory(nothing), &options(1), &Progress::default()).unwrap_err();
    assert!(matches!(error, Error::Empty), "{error}");
}

#[test]
fn damage_is_never_called_sound() {
    // Spelled in another way, or left out in a way that is legal: nothing an archive tells shows
    // damage here.
    const SOUND: [&str; 8] = [
        "seven-digit-block-number",
        "lower-case-sum",
        "upper-case-sum",
        "mixed-sum-kinds",
        "missing-middle-pair-looks-like-a-gap",
        "size-field-base-256",
        "trailing-zeros",
        "integers-with-tags",
    ];
    for row in EXPECTED {
        assert_eq!(
            row.verdict == Verdict::Sound,
            SOUND.contains(&row.fault),
            "{}",
            row.fault
        );
    }
}

#[test]
fn the_importers_answer_agrees_with_the_fixture_writer() {
    for row in EXPECTED {
        let fault = Fault::named(row.fault).unwrap();
        if fault.is_harmless() {
            assert_eq!(row.answer, ImportAnswer::Accepted, "{}", row.fault);
        }
    }
}

#[test]
fn a_finding_carries_the_error_that_the_importer_stops_with() {
    for row in EXPECTED {
        let damaged = verify(Fault::named(row.fault).unwrap().build());
        let Some(import) = damaged
            .import
            .filter(|import| import.answer != ImportAnswer::Accepted)
        else {
            continue;
        };
        let carried = damaged
            .findings
            .iter()
            .any(|finding| finding.xapi_error == import.xapi_error);
        assert!(
            carried,
            "{}: no finding carries {:?}",
            row.fault, import.xapi_error
        );
    }
}

#[test]
fn reports_do_not_depend_on_threads_or_on_the_kind_of_source() {
    for fault in Fault::all().filter(|fault| fault.name() != NOTHING_LEFT) {
        let bytes = fault.build();
        let report = |source: Source, threads| {
            let catalog = scan(source, &options(threads), &Progress::default()).unwrap();
            let mut input = xenspect_rules::input("fixture".to_owned(), &catalog);
            // A pipe of a plain archive counts what it took, and it takes all there is.
            input.bytes = 0;
            input
        };
        let one = report(Source::memory(bytes.clone()), 1);
        assert_eq!(
            one,
            report(Source::memory(bytes.clone()), 5),
            "{}",
            fault.name()
        );
        let pipe = || Source::Stream(Box::new(Cursor::new(bytes.clone())));
        assert_eq!(one, report(pipe(), 1), "{} from a pipe", fault.name());
        assert_eq!(one, report(pipe(), 5), "{} from a pipe", fault.name());
    }
}

#[test]
fn every_good_recipe_is_free_of_errors_and_importable() {
    // A first block that importers cannot take, forms that they no longer read, and folders where
    // they want blocks.
    const NOT_IMPORTABLE: [&str; 5] = [
        "tiny-first-disk",
        "export-vsn-0",
        "gnu-tar",
        "ustar-tar",
        "xva-version-1",
    ];
    for (name, _) in Recipe::names() {
        let input = verify(Recipe::named(name).unwrap().build());
        let errors: Vec<_> = input
            .findings
            .iter()
            .filter(|f| f.severity == xenspect_model::Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        if let Some(import) = &input.import {
            let importable = import.answer == ImportAnswer::Accepted;
            assert_ne!(importable, NOT_IMPORTABLE.contains(&name), "{name}");
        }
    }
}
