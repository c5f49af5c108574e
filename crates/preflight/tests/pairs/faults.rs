//! Each fault against its row of the table.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::preflight::{Outcome, PreflightReport};
use xenspect_synth::{RestoreFault, Scene};

use super::expected::EXPECTED;
use super::{added, judge_scene, line};

#[test]
fn the_good_pair_is_accepted_and_boots() {
    for schema in [603, 783] {
        let report = judge_scene(&Scene::of_schema(schema));
        let answer = &report.preflight;
        assert_eq!(answer.xapi_error, None, "{schema}");
        assert_eq!((answer.accepted, answer.boots), (Some(true), Some(true)));
        assert!(answer.further_errors.is_empty());
        let unknown: Vec<_> = report
            .checks
            .iter()
            .filter(|check| check.outcome == Outcome::Unknown)
            .map(|check| (check.number, &check.lacks))
            .collect();
        assert!(unknown.is_empty(), "{schema}: {unknown:?}");
    }
}

#[test]
fn each_fault_gives_exactly_its_findings() {
    let mut good: BTreeMap<u32, PreflightReport> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in EXPECTED {
        let fault = RestoreFault::named(row.fault).expect(row.fault);
        let scene = fault.build();
        let good = good
            .entry(fault.good().recipe.schema)
            .or_insert_with(|| judge_scene(&fault.good()));
        let report = judge_scene(&scene);
        let answer = &report.preflight;
        let error = line(answer.xapi_error.as_ref());
        let codes = added(good, &report);
        let same = (answer.accepted, answer.boots) == (row.accepted, row.boots)
            && error == row.error
            && codes.iter().eq(row.codes);
        if !same {
            wrong.push(format!(
                "    row({:?}, {:?}, {:?}, {error:?}, &{codes:?}),",
                row.fault, answer.accepted, answer.boots
            ));
        }
    }
    assert!(wrong.is_empty(), "found:\n{}", wrong.join("\n"));
}

#[test]
fn no_fault_is_left_out() {
    let known: BTreeSet<_> = EXPECTED.iter().map(|row| row.fault).collect();
    let all: BTreeSet<_> = RestoreFault::all().map(RestoreFault::name).collect();
    assert_eq!(known, all);
    assert_eq!(known.len(), EXPECTED.len());
}

#[test]
fn the_check_of_a_fault_is_the_one_that_finds_it() {
    for fault in RestoreFault::all() {
        let report = judge_scene(&fault.build());
        let check = report
            .checks
            .iter()
            .find(|check| check.number == Some(fault.check()))
            .expect("a check");
        assert_eq!(check.outcome, Outcome::Found, "{}", fault.name());
    }
}
