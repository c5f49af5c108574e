//! Repositories of Xen Orchestra below a folder: what their files are, and what is wrong with them as a whole. What belongs to what is
//! in `xenspect_store::xo`, how bad it is in `xenspect_rules::copy`.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use xenspect_model::Finding;
use xenspect_model::report::Input;
use xenspect_rules::copy::{StoreHint, store_finding, store_input};
use xenspect_store::xo::{self, DESCRIPTION_LIMIT, Entry, MARKS, Passed, Role};

use crate::sidecars::{Files, Listed};

/// What a look over a folder gave.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// What is wrong with things that are no backups themselves, in the order of their paths.
    pub(crate) extra_inputs: Vec<Input>,
    /// What belongs to backups and is not verified.
    pub(crate) passed_over: Passed,
    findings: HashMap<PathBuf, Vec<Finding>>,
    labels: HashMap<PathBuf, String>,
    roles: HashMap<PathBuf, Role>,
}

/// Looks over folders.
pub(crate) struct Repository;

impl Repository {
    /// Looks over all that is below a folder, with small files read through `reader`.
    pub(crate) fn survey(root: &Path, files: &[Listed], reader: &dyn Files) -> Survey {
        let above = above(root);
        let mut paths: HashMap<String, &Listed> = HashMap::new();
        let mut entries = Vec::new();
        for listed in files {
            let Some(path) = below(&above, root, &listed.path) else {
                continue;
            };
            entries.push(Entry {
                path: path.clone(),
                bytes: listed.bytes,
                kind: listed.kind,
            });
            paths.insert(path, listed);
        }
        let found = xo::survey(&entries, &mut |path| {
            let gone = || io::Error::from(io::ErrorKind::NotFound);
            let listed = paths.get(path).ok_or_else(gone);
            listed
                .and_then(|listed| reader.read(&listed.path, DESCRIPTION_LIMIT))
                .map_err(|error| format!("it cannot be read: {error}"))
        });
        let on_disk = |path: &String| paths.get(path).map(|listed| listed.path.clone());
        let mut survey = Survey {
            passed_over: found.passed,
            ..Survey::default()
        };
        let labels = found.labels.iter();
        survey.labels = labels
            .filter_map(|(path, label)| Some((on_disk(path)?, label.clone())))
            .collect();
        let roles = found.roles.iter();
        survey.roles = roles
            .filter_map(|(path, role)| Some((on_disk(path)?, *role)))
            .collect();
        for fact in &found.facts {
            let Some(listed) = paths.get(&fact.path) else {
                continue;
            };
            let hint = StoreHint {
                label: found.labels.get(&fact.path).cloned(),
            };
            let finding = store_finding(fact, &hint);
            if survey.is_data(&listed.path) {
                let of_data = survey.findings.entry(listed.path.clone()).or_default();
                of_data.push(finding);
            } else {
                let path = listed.path.to_string_lossy().into_owned();
                let input = store_input(path, listed.bytes, vec![finding]);
                survey.extra_inputs.push(input);
            }
        }
        survey.extra_inputs.sort_by(|a, b| a.path.cmp(&b.path));
        survey
    }
}

impl Survey {
    /// What is wrong with the place of a backup that is verified.
    pub(crate) fn findings_of(&self, path: &Path) -> &[Finding] {
        self.findings.get(path).map_or(&[], Vec::as_slice)
    }

    /// What a backup is of and when it was made.
    pub(crate) fn label_of(&self, path: &Path) -> Option<&str> {
        self.labels.get(path).map(String::as_str)
    }

    /// Whether a file is to be a backup, whatever it is called: one that cannot be read is an error then.
    pub(crate) fn is_data(&self, path: &Path) -> bool {
        self.roles.get(path) == Some(&Role::Data)
    }

    /// Whether a file belongs to a backup or is left over, so that it is not to be verified.
    pub(crate) fn is_passed_over(&self, path: &Path) -> bool {
        matches!(self.roles.get(path), Some(Role::Aside | Role::Leftover))
    }

    /// What was not looked at, in a sentence without a full stop; nothing if all was.
    pub(crate) fn not_looked_at(&self) -> Option<String> {
        let count = |number: u64, one: &str, many: &str| {
            (number > 0).then(|| format!("{number} {}", if number == 1 { one } else { many }))
        };
        let passed = &self.passed_over;
        let parts: Vec<String> = [
            count(
                passed.disks,
                "VHD file of delta backups",
                "VHD files of delta backups",
            ),
            count(
                passed.configurations,
                "backup of Xen Orchestra's configuration",
                "backups of Xen Orchestra's configuration",
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| format!("not looked at: {}", parts.join(", ")))
    }
}

/// The parts of a folder's own path from a repository's folder on, if it is inside of one.
fn above(root: &Path) -> Vec<String> {
    let absolute = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let parts: Vec<String> = absolute
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    let mark = parts.iter().position(|part| MARKS.contains(&part.as_str()));
    mark.map_or_else(Vec::new, |at| parts.into_iter().skip(at).collect())
}

/// The path in the repository, or below the root if that is above it.
fn below(above: &[String], root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let below = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    let parts: Vec<_> = above
        .iter()
        .map(|part| part.as_str().into())
        .chain(below)
        .collect();
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use walkdir::WalkDir;
    use xenspect_model::report::Verdict;
    use xenspect_store::xo::EntryKind;

    use super::*;
    use crate::sidecars::Disk;

    const JSON: &str =
        r#"{"mode":"full","xva":"./n.xva","size":5,"timestamp":0,"vm":{"name_label":"web"}}"#;

    /// All below a folder.
    pub(super) fn listing(root: &Path) -> Vec<Listed> {
        let entries = WalkDir::new(root)
            .min_depth(1)
            .sort_by_file_name()
            .into_iter();
        entries
            .flatten()
            .map(|entry| Listed {
                bytes: entry.metadata().unwrap().len(),
                kind: if entry.file_type().is_dir() {
                    EntryKind::Folder
                } else {
                    EntryKind::File
                },
                path: entry.into_path(),
            })
            .collect()
    }

    fn put(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn a_repository_is_looked_over() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        put(root, "nas/xo-vm-backups/vm/n.json", JSON);
        put(root, "nas/xo-vm-backups/vm/n.xva", "12345");
        put(
            root,
            "nas/xo-vm-backups/vm/m.json",
            &JSON.replace("./n", "./m"),
        );
        put(root, "nas/xo-vm-backups/vm/o.xva", "1");
        put(root, "nas/xo-vm-backups/vm/vdis/j/v/n.vhd", "1");
        put(root, "web.xva", "1");
        let survey = Repository::survey(root, &listing(root), &Disk);
        let vm = root.join("nas/xo-vm-backups/vm");
        let paths: Vec<_> = survey
            .extra_inputs
            .iter()
            .map(|input| PathBuf::from(&input.path))
            .collect();
        assert_eq!(paths, [vm.join("m.json")]);
        let input = &survey.extra_inputs[0];
        assert_eq!((input.verdict, &input.error), (Verdict::Incomplete, &None));
        assert_eq!(input.findings[0].code.name(), "store/data-missing");
        let orphan = survey.findings_of(&vm.join("o.xva"));
        assert_eq!(orphan[0].code.name(), "store/metadata-missing");
        assert!(survey.findings_of(&vm.join("n.xva")).is_empty());
        assert_eq!(
            survey.label_of(&vm.join("n.xva")),
            Some("web, 1970-01-01 00:00 UTC")
        );
        assert!(survey.is_data(&vm.join("n.xva")) && survey.is_passed_over(&vm.join("n.json")));
        let other = root.join("web.xva");
        assert!(!survey.is_data(&other) && !survey.is_passed_over(&other));
        let not_looked_at = survey.not_looked_at();
        assert_eq!(
            not_looked_at.as_deref(),
            Some("not looked at: 1 VHD file of delta backups")
        );
        // The same from inside of it.
        let inside = Repository::survey(&vm, &listing(&vm), &Disk);
        assert_eq!(inside.extra_inputs, survey.extra_inputs);
    }
}
