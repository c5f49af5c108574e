//! The report as one HTML file.

use std::io;

use xenspect_model::report::Report;

use crate::human::{self, Style};

/// Writes the report as one page.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, w: &mut impl io::Write) -> io::Result<()> {
    let mut page = Vec::new();
    human::write(report, &Style::default(), &mut page)?;
    let page = String::from_utf8_lossy(&page)
        .replace('&', "&amp;")
        .replace('<', "&lt;");
    write!(
        w,
        "<!doctype html><meta charset=\"utf-8\"><pre>{page}</pre>"
    )
}
