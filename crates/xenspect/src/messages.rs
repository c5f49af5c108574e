//! Remarks on standard error: everything that is not the report.

use std::fmt::Display;
use std::io::Write;

/// Says something on standard error. A closed one is no reason to stop.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "xenspect: {text}");
}
