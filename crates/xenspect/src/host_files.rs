//! What commands that judge or show a host backup have of its files: contents of some, names of more.

use xenspect_host::files::{is_named, is_wanted};
use xenspect_scan::Options;

/// Reads whatever else it is as by default.
pub(crate) fn options() -> Options {
    Options {
        host_files: is_wanted,
        host_table: is_named,
        ..Options::default()
    }
}
