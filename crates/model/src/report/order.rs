//! The order in which a report lists what is below a folder.

use std::cmp::Ordering;

/// Compares two paths as a walk meets them that goes through each folder by the bytes of the names in it: part by part, so that
/// `a/x` comes before `a-b`, although `/` is the greater character.
///
/// ```
/// use xenspect_model::report::by_path;
///
/// let mut paths = ["a-b", "b/1", "a/x", "a/x.sum", "B"];
/// paths.sort_by(|a, b| by_path(a, b));
/// assert_eq!(paths, ["B", "a/x", "a/x.sum", "a-b", "b/1"]);
/// ```
#[must_use]
pub fn by_path(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}
