//! What inputs are known by to a policy and a baseline, and when they were written.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::plan::{Plan, Planned};
use crate::reading;
use crate::remote;

/// What an input is known by.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Its path below the folder that is verified, or as it was given: what patterns are about.
    pub(super) path: String,
    /// The same below a folder, and the file's name of what was named itself: what a baseline is about. A store that is mounted
    /// elsewhere is the same store.
    pub(super) key: String,
    /// Where to ask for its time.
    at: Option<PathBuf>,
}

impl Known {
    /// One that was named itself.
    pub(super) fn named(path: &str) -> Self {
        let path = path.replace('\\', "/");
        let name = path.trim_end_matches('/').rsplit('/').next();
        Self {
            key: name.unwrap_or(&path).to_owned(),
            path,
            at: None,
        }
    }

    /// One below a folder.
    fn below(path: String) -> Self {
        Self {
            key: path.clone(),
            path,
            at: None,
        }
    }

    /// One of a plan.
    pub(super) fn planned(plan: &Plan, planned: &Planned) -> Self {
        let name = reading::name(&planned.target);
        let at = planned.target.path();
        Self {
            at: at.map(Path::to_owned),
            ..known(plan, planned.root, at, &name)
        }
    }

    /// When it was last written to; `None` where nothing tells, as of standard input.
    pub(super) fn modified(&self) -> Option<SystemTime> {
        let path = self.at.as_deref()?;
        if remote::is_url(path) {
            return remote::about(path).ok().map(|about| about.modified);
        }
        let there = fs::metadata(path).ok()?;
        there.is_file().then(|| there.modified().ok())?
    }
}

/// The inputs of a plan by their paths as reports have them.
#[derive(Default)]
pub(super) struct AllKnown(HashMap<String, Known>);

impl AllKnown {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut all = HashMap::new();
        for planned in &plan.inputs {
            let name = reading::name(&planned.target);
            all.insert(name, Known::planned(plan, planned));
        }
        for (root, input) in &plan.extra {
            let known = known(plan, *root, Some(Path::new(&input.path)), &input.path);
            all.entry(input.path.clone()).or_insert(known);
        }
        Self(all)
    }

    /// What is known of a path of the report, given the path below the folder as the report has it.
    pub(super) fn get(&self, path: &str, below: Option<&str>) -> Known {
        self.0.get(path).cloned().unwrap_or_else(|| match below {
            Some(below) => Known::below(below.to_owned()),
            None => Known::named(path),
        })
    }
}

fn known(plan: &Plan, root: usize, path: Option<&Path>, name: &str) -> Known {
    match path.and_then(|path| plan.path_below(root, path)) {
        Some(below) => Known::below(below),
        None => Known::named(name),
    }
}
