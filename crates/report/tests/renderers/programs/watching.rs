//! What watches over a site: the line for Nagios, and the metrics for Prometheus.

use std::collections::HashSet;

use xenspect_model::report::{Report, Verdict};
use xenspect_report::ending::{Ending, Totals};
use xenspect_report::nagios::{self, Status};
use xenspect_report::prometheus;

use super::{ENDING, Form, checked, reports};
use crate::sample;

#[test]
fn metrics_pass_the_checker_of_prometheus() {
    for report in reports() {
        let text = Form::Prometheus.render(&report);
        assert_series(&text);
        let checked = checked("promtool", &["check", "metrics"], &text);
        assert_eq!(checked.unwrap_or(Ok(())), Ok(()), "{text}");
    }
}

/// One pipe in front of the performance data, and none anywhere else.
pub(crate) fn assert_plugin_output(text: &str) {
    assert_eq!(text.matches('|').count(), 1, "{text}");
    let (first, _) = text.split_once('\n').expect("a line");
    let (said, data) = first.split_once(" | ").expect("performance data");
    assert!(said.starts_with("XENSPECT "), "{said}");
    for one in data.split(' ') {
        let (label, value) = one.split_once('=').expect("a value");
        assert!(label.starts_with('\'') && label.ends_with('\''), "{label}");
        let number = value.strip_suffix(";;;0").expect("a minimum");
        let number = number.strip_suffix('B').unwrap_or(number);
        assert!(number.parse::<u64>().is_ok(), "{value}");
    }
}

#[test]
fn plugin_output_keeps_to_the_guidelines() {
    for report in reports() {
        assert_plugin_output(&Form::Nagios.render(&report));
    }
    let mut shown = Vec::new();
    nagios::write_failure("a|b\nc", &mut shown).expect("a Vec takes everything");
    let shown = String::from_utf8(shown).expect("UTF-8");
    assert_eq!(shown, "XENSPECT UNKNOWN - a/b\\u{a}c\n");
}

#[test]
fn the_state_follows_from_the_exit_status() {
    let totals = |report: &Report| Totals::of(report);
    let sound = totals(&sample::report(vec![sample::sound()]));
    let warned = totals(&sample::report(vec![sample::suspect()]));
    let mut accepted = sample::suspect();
    for finding in &mut accepted.findings {
        finding.accepted = true;
    }
    let accepted = totals(&sample::report(vec![accepted]));
    for (exit_status, totals, state, code) in [
        (0, &sound, Status::Ok, 0),
        (0, &warned, Status::Warning, 1),
        (0, &accepted, Status::Ok, 0),
        (1, &warned, Status::Critical, 2),
        (2, &sound, Status::Unknown, 3),
        (130, &sound, Status::Unknown, 3),
    ] {
        let ending = Ending {
            exit_status,
            interrupted: exit_status == 130,
            ..ENDING
        };
        let status = Status::of(&ending, totals);
        assert_eq!((status, status.code()), (state, code));
    }
}

/// No series is there twice, each family is announced once, and a value is a number.
pub(crate) fn assert_series(text: &str) {
    let mut series = HashSet::new();
    let mut families = HashSet::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            assert!(families.insert(help.split(' ').next()), "{line}");
        } else if !line.starts_with("# TYPE ") {
            let (name, value) = line.rsplit_once(' ').expect("a value");
            assert!(name.starts_with("xenspect_"), "{line}");
            assert!(series.insert(name), "{line}");
            assert!(value.parse::<u64>().is_ok(), "{line}");
        }
    }
}

#[test]
fn a_large_store_has_no_more_series_than_are_allowed() {
    let mut inputs: Vec<_> = (0..3000)
        .map(|number| {
            let mut input = sample::sound();
            input.path = format!("{number}.xva");
            input
        })
        .collect();
    inputs[2999].verdict = Verdict::Damaged;
    let text = Form::Prometheus.render(&sample::report(inputs));
    assert_eq!(
        text.matches("xenspect_input_verdict{").count(),
        prometheus::INPUTS
    );
    assert!(text.contains("xenspect_input_verdict{input=\"2999.xva\",verdict=\"damaged\"} 1\n"));
    assert!(text.contains("xenspect_unlisted_inputs 2000\n"));
}

#[test]
fn an_input_that_is_given_twice_has_one_series_and_the_worse_verdict() {
    let mut worse = sample::sound();
    worse.verdict = Verdict::Damaged;
    let text = Form::Prometheus.render(&sample::report(vec![sample::sound(), worse]));
    assert_series(&text);
    assert_eq!(text.matches("xenspect_input_verdict{").count(), 1);
    assert!(text.contains("verdict=\"damaged\"} 1"));
}
