//! What inputs are known by to a policy and a baseline, and when they were written.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::plan::Plan;
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
pub(super) struct AllKnown(HashMap<String, Known>);

impl AllKnown {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut all = HashMap::new();
        for planned in &plan.inputs {
            let name = reading::name(&planned.target);
            let at = planned.target.path().map(Path::to_owned);
            let known = Known {
                at: at.clone(),
                ..known(plan, planned.root, at.as_deref(), &name)
            };
            all.insert(name, known);
        }
        for (root, input) in &plan.extra {
            let known = known(plan, *root, Some(Path::new(&input.path)), &input.path);
            all.entry(input.path.clone()).or_insert(known);
        }
        Self(all)
    }

    pub(super) fn get(&self, path: &str) -> Known {
        self.0
            .get(path)
            .cloned()
            .unwrap_or_else(|| Known::named(path))
    }
}

fn known(plan: &Plan, root: usize, path: Option<&Path>, name: &str) -> Known {
    match path.and_then(|path| plan.path_below(root, path)) {
        Some(below) => Known {
            key: below.clone(),
            path: below,
            at: None,
        },
        None => Known::named(name),
    }
}
