//! The rules of a run: a descriptor for each code that was found, with the words of the table.

use std::collections::BTreeSet;

use serde_json::json;
use serde_sarif::sarif::{MultiformatMessageString, ReportingConfiguration, ReportingDescriptor};
use xenspect_model::Code;
use xenspect_model::report::Report;

/// The codes that were found, in the order of the table.
pub(super) struct Rules(Vec<Code>);

impl Rules {
    pub(super) fn of(report: &Report) -> Self {
        let codes: BTreeSet<Code> = report
            .inputs
            .iter()
            .flat_map(|input| {
                let kept = input.findings.iter().map(|finding| finding.code);
                kept.chain(input.omitted.keys().copied())
            })
            .collect();
        Self(codes.into_iter().collect())
    }

    /// Where a code is among the descriptors.
    pub(super) fn index(&self, code: Code) -> Option<i64> {
        let index = self.0.binary_search(&code).ok()?;
        i64::try_from(index).ok()
    }

    pub(super) fn descriptors(&self) -> Vec<ReportingDescriptor> {
        self.0.iter().map(|code| descriptor(*code)).collect()
    }
}

fn descriptor(code: Code) -> ReportingDescriptor {
    let entry = code.entry();
    let level = ReportingConfiguration::builder()
        .level(json!(entry.severity.word()))
        .build();
    ReportingDescriptor::builder()
        .id(code.name())
        .short_description(text(&capital(entry.title)))
        .full_description(text(entry.meaning))
        .help(text(&format!("What to do: {}", entry.advice)))
        .default_configuration(level)
        .build()
}

fn text(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder()
        .text(text.replace('{', "{{").replace('}', "}}"))
        .build()
}

/// A title as a sentence. Names such as `ova.xml` keep their letters.
fn capital(title: &str) -> String {
    let first = title.split(' ').next().unwrap_or_default();
    let mut chars = title.chars();
    match chars.next() {
        Some(c) if first.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            format!("{}{}.", c.to_ascii_uppercase(), chars.as_str())
        }
        _ => format!("{title}."),
    }
}
