//! What is said of an input as a copy: the digests beside it, its seal, another copy of it, the copy that was made.

mod against;
mod seal;
mod sidecars;

use xenspect_model::report::{CopyChecks, Tee};

use super::{Style, labelled};
use crate::quantity::size;
use crate::text::escape;

/// One label for each thing that was looked at.
pub(crate) fn lines(copy: &CopyChecks, style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(label) = &copy.label {
        lines.extend(labelled("backup of", &escape(label, style.unicode), style));
    }
    lines.extend(sidecars::lines(&copy.sidecars, style));
    if let Some(sealed) = &copy.seal {
        lines.extend(labelled("seal", &seal::words(sealed, style), style));
    }
    if let Some(against) = &copy.against {
        lines.extend(against::lines(against, style));
    }
    if let Some(tee) = &copy.tee {
        lines.extend(labelled("copied to", &tee_words(tee, style), style));
    }
    lines
}

fn tee_words(tee: &Tee, style: &Style) -> String {
    let path = escape(&tee.path, style.unicode);
    let digest = match &tee.sha256 {
        Some(sha256) => format!(", SHA-256 {sha256}"),
        None => ", with what could not be read filled up".to_owned(),
    };
    format!("{path}, {}{digest}", size(tee.bytes))
}
