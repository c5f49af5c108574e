//! What is said of an input as a copy: the digests beside it, its seal, another copy of it, the copy that was made.

use xenspect_model::report::{CopyChecks, Tee};

use super::{Style, labelled};
use crate::quantity::size;
use crate::text::escape;

/// One label for each thing that was looked at.
pub(super) fn lines(copy: &CopyChecks, style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(tee) = &copy.tee {
        lines.extend(labelled("copied to", &tee_words(tee, style), style));
    }
    lines
}

fn tee_words(tee: &Tee, style: &Style) -> String {
    let path = escape(&tee.path, style.unicode);
    format!("{path}, {}, SHA-256 {}", size(tee.bytes), tee.sha256)
}
