//! Pool databases: real ones, and each fault that the fixture writer knows, against exactly the findings they must give.

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod expected;
mod faults;
mod handmade;
mod mutations;
mod real;
mod threads;
mod uncompared;

use std::collections::BTreeMap;

use xenspect_model::report::Input;
use xenspect_model::{Finding, Severity};
use xenspect_scan::{Error, Options, Progress, Source, scan};

pub(crate) fn try_verify(bytes: Vec<u8>) -> Result<Input, Error> {
    let (options, progress) = (Options::default(), Progress::default());
    let catalog = scan(Source::memory(bytes), &options, &progress)?;
    Ok(xenspect_rules::input("fixture".to_owned(), &catalog))
}

pub(crate) fn verify(bytes: Vec<u8>) -> Input {
    try_verify(bytes).expect("a catalog")
}

/// Severity and code of each finding that is not routine, with its number where there are several.
pub(crate) fn codes(input: &Input, least: Severity) -> Vec<String> {
    let told = |finding: &&Finding| finding.severity >= least;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in input.findings.iter().filter(told) {
        let code = format!("{} {}", finding.severity, finding.code);
        *counts.entry(code).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(code, count)| match count {
            1 => code,
            count => format!("{code} x{count}"),
        })
        .collect()
}
