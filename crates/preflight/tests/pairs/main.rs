//! A good pair of pool database and target, and each fault that the fixture writer knows of, against exactly what must be
//! said.

mod demonstration;
mod expected;
mod facts;
mod faults;
mod forms;

use std::collections::BTreeMap;

use xenspect_model::Severity;
use xenspect_model::preflight::{PreflightReport, XapiError};
use xenspect_model::report::Tool;
use xenspect_model::target::Target;
use xenspect_preflight::{Known, Manner, Question, preflight};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::Scene;

/// What a preflight of a pool database against these facts says.
pub(crate) fn judge(dump: Vec<u8>, target: Target) -> PreflightReport {
    let (options, progress) = (Options::default(), Progress::default());
    let catalog = scan(Source::memory(dump), &options, &progress).expect("a catalog");
    let known = Known {
        path: "host".to_owned(),
        sources: Vec::new(),
        target,
    };
    preflight(Question {
        tool: &Tool {
            name: "xenspect".to_owned(),
            version: "0".to_owned(),
        },
        path: "pool.xml",
        member: None,
        catalog: &catalog,
        known: &known,
        manner: &Manner::default(),
    })
}

/// The same against all there is to know of the host.
pub(crate) fn judge_scene(scene: &Scene) -> PreflightReport {
    judge(scene.dump(), facts::of_host(&scene.host))
}

/// Codes, with their number where there are several, that the second report has more often than the first with the
/// same severity.
pub(crate) fn added(good: &PreflightReport, bad: &PreflightReport) -> Vec<String> {
    let count = |report: &PreflightReport| {
        let mut counts: BTreeMap<(String, Severity), u64> = BTreeMap::new();
        for finding in &report.findings {
            let key = (finding.code.to_string(), finding.severity);
            *counts.entry(key).or_default() += 1;
        }
        counts
    };
    let before = count(good);
    let mut more: BTreeMap<String, u64> = BTreeMap::new();
    for (key, count) in count(bad) {
        let known = before.get(&key).copied().unwrap_or_default();
        *more.entry(key.0).or_default() += count.saturating_sub(known);
    }
    more.into_iter()
        .filter_map(|(code, count)| match count {
            0 => None,
            1 => Some(code),
            count => Some(format!("{code} x{count}")),
        })
        .collect()
}

/// An error in one line. Reasons of `INTERNAL_ERROR` are not spelled for sure, the places are.
pub(crate) fn line(error: Option<&XapiError>) -> String {
    let Some(error) = error else {
        return String::new();
    };
    if error.code == "INTERNAL_ERROR" {
        return error.code.clone();
    }
    let mut words = vec![error.code.clone()];
    words.extend(error.params.iter().cloned());
    words.join(" ")
}
