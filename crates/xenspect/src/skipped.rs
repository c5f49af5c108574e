//! What was passed over below directories, and saying so.

use std::path::PathBuf;

use crate::messages::say;

/// Says that there was nothing to do below what was given.
pub(crate) fn nothing_found(inputs: &[PathBuf]) {
    let below: Vec<_> = inputs.iter().map(|path| path.to_string_lossy()).collect();
    let below = xenspect_report::text::escape(&below.join(", "), false);
    say(format_args!("no backup was found below {below}"));
}

/// What was passed over below directories.
#[derive(Default)]
pub(crate) struct Skipped {
    /// Files that are no backups.
    pub(crate) files: Vec<PathBuf>,
    /// Links, FIFOs and devices.
    pub(crate) others: Vec<PathBuf>,
}

impl Skipped {
    /// Says it on standard error.
    pub(crate) fn tell(&self) {
        if !self.files.is_empty() {
            say(format_args!(
                "passed over, being no backups: {}",
                named(&self.files)
            ));
        }
        if !self.others.is_empty() {
            say(format_args!(
                "passed over, being links or no files: {}",
                named(&self.others)
            ));
        }
    }
}

/// The number of paths, and the first ones.
fn named(paths: &[PathBuf]) -> String {
    const NAMED: usize = 3;
    let escape = |path: &PathBuf| xenspect_report::text::escape(&path.to_string_lossy(), false);
    let first: Vec<_> = paths.iter().take(NAMED).map(escape).collect();
    let more = if paths.len() > NAMED { ", ..." } else { "" };
    format!("{} ({}{more})", paths.len(), first.join(", "))
}
