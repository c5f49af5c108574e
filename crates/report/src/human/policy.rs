//! What a policy and a baseline made of the report.

use xenspect_model::report::PolicyApplied;

use super::{Style, sentences};
use crate::quantity::count;
use crate::text::escape;
use crate::wrap::wrap;

/// One line for the policy, one for the baseline, and what could not be judged.
pub(super) fn lines(applied: &PolicyApplied, style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    for sentence in said(applied) {
        let sentence = escape(&sentence, style.unicode);
        lines.extend(wrap(&sentence, style.columns(), "", "  "));
    }
    lines.extend(sentences("not judged", &applied.not_judged, style));
    lines
}

/// What the policy and the baseline changed, a sentence each. Paths are as they are, to be escaped.
pub(crate) fn said(applied: &PolicyApplied) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(path) = &applied.path {
        let changed = match applied.changed {
            0 => "no severity changed".to_owned(),
            1 => "1 severity changed".to_owned(),
            changed => format!("{} severities changed", count(changed)),
        };
        said.push(format!("Judged by the policy {path}: {changed}."));
    }
    if let Some(path) = &applied.baseline {
        let accepted = match applied.accepted {
            0 => "no finding is accepted".to_owned(),
            1 => "1 finding is accepted".to_owned(),
            accepted => format!("{} findings are accepted", count(accepted)),
        };
        let stale = match applied.stale {
            0 => String::new(),
            stale => format!("; gone of those that it knows: {}", count(stale)),
        };
        said.push(format!("Baseline {path}: {accepted}{stale}."));
    }
    said
}
