//! What is said of an input as a copy: the digests beside it, its seal, another copy of it, the copy that was made.

pub(crate) mod against;
mod seal;
mod sidecars;

use xenspect_model::report::{CopyChecks, Tee};

use super::{Row, Style, laid_out};
use crate::quantity::size;
use crate::text::escape;

/// One label for each thing that was looked at.
pub(crate) fn rows(copy: &CopyChecks, style: &Style) -> Vec<Row> {
    looked_at(copy, style)
        .into_iter()
        .chain(copied_to(copy, style))
        .collect()
}

/// The rows laid out, with the places where another copy differs.
pub(super) fn lines(copy: &CopyChecks, style: &Style) -> Vec<String> {
    let mut lines = laid_out(&looked_at(copy, style), style);
    if let Some(against) = &copy.against {
        lines.extend(against::table(against, style));
    }
    lines.extend(laid_out(copied_to(copy, style).as_slice(), style));
    lines
}

fn looked_at(copy: &CopyChecks, style: &Style) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Some(label) = &copy.label {
        rows.push(Row::new("backup of", escape(label, style.unicode)));
    }
    rows.extend(sidecars::rows(&copy.sidecars, style));
    if let Some(sealed) = &copy.seal {
        rows.push(Row::new("seal", seal::words(sealed, style)));
    }
    if let Some(against) = &copy.against {
        rows.push(Row::new("against", against::sentence(against, style)));
    }
    rows
}

fn copied_to(copy: &CopyChecks, style: &Style) -> Option<Row> {
    let tee = copy.tee.as_ref()?;
    Some(Row::new("copied to", tee_words(tee, style)))
}

fn tee_words(tee: &Tee, style: &Style) -> String {
    let path = escape(&tee.path, style.unicode);
    let digest = match &tee.sha256 {
        Some(sha256) => format!(", SHA-256 {sha256}"),
        None => ", with what could not be read filled up".to_owned(),
    };
    format!("{path}, {}{digest}", size(tee.bytes))
}
