//! A finding on one line, for forms that lay out nothing by themselves. The words are those of the human report.

use xenspect_model::Finding;

use crate::human::{Style, findings, path_name};
use crate::text::shorten;
use crate::wrap::GLUE;

/// Columns of a title or an advice; those of the table are shorter.
const LONGEST: usize = 2000;

/// How much of the facts is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Digests are cut to what tells them apart, long lists to their first items.
    Brief,
    /// Nearly all.
    Whole,
}

impl Extent {
    fn style(self) -> Style {
        Style {
            verbose: self == Self::Whole,
            ..Style::default()
        }
    }
}

/// Where a finding is; empty if that is not known.
pub(crate) fn place(finding: &Finding, extent: Extent) -> String {
    findings::spot(finding, &extent.style()).replace(GLUE, " ")
}

/// The facts compared; empty if there are none.
pub(crate) fn facts(finding: &Finding, extent: Extent) -> String {
    findings::facts(finding, &extent.style()).replace(GLUE, " ")
}

/// Place and facts.
pub(crate) fn details(finding: &Finding, extent: Extent) -> String {
    let parts = [place(finding, extent), facts(finding, extent)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(": ")
}

/// The title of a finding.
pub(crate) fn title(finding: &Finding) -> String {
    shorten(&finding.title, LONGEST, true)
}

/// What to do about it.
pub(crate) fn advice(finding: &Finding) -> Option<String> {
    let advice = finding.advice.as_deref()?;
    Some(shorten(advice, LONGEST, true))
}

/// What xapi would answer.
pub(crate) fn answer(finding: &Finding) -> Option<String> {
    let error = finding.xapi_error.as_deref()?;
    Some(format!("xapi would answer {}", shorten(error, 60, true)))
}

/// The path of an input for a reader.
pub(crate) fn path(path: &str) -> String {
    path_name(path, &Style::default())
}
