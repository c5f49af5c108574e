//! What of a repository belongs together, and what does not.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::store::{Leftover, StoreFact, StoreState};

use super::describe::{Mode, describe};
use super::place::{Place, place};
use crate::sidecar::normal;

/// A file or folder of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path below what is listed, with `/` between its parts.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file, or an object of a store.
    File,
    /// A folder. Listings of object stores have none.
    Folder,
    /// A link, a device or the like.
    Other,
}

/// What a file of a repository is to a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A backup that can be verified, whatever it is called.
    Data,
    /// It belongs to a backup, and is none.
    Aside,
    /// It is left over: told, not verified.
    Leftover,
}

/// What belongs to backups and is not verified.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Passed {
    /// Descriptions, which were read.
    pub descriptions: u64,
    /// Disks of delta backups, which were not looked at.
    pub disks: u64,
    /// Backups of Xen Orchestra's own configuration, which were not looked at.
    pub configurations: u64,
    /// Checksums, caches, logs and parts of disks.
    pub others: u64,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// Paths of the repositories below what was listed; empty for that itself.
    pub repositories: BTreeSet<String>,
    /// What is not as it should be, sorted by path.
    pub facts: Vec<StoreFact>,
    /// What a backup is of and when it was made, by the path of its data and of its description.
    pub labels: BTreeMap<String, String>,
    /// What the files of the repositories are.
    pub roles: BTreeMap<String, Role>,
    /// What was passed over.
    pub passed: Passed,
}

/// Files of one folder by name, with their lengths.
type Folder<'a> = BTreeMap<&'a str, u64>;

/// A VM's folder.
#[derive(Default)]
struct Vm<'a> {
    files: Folder<'a>,
    disks: BTreeSet<&'a str>,
}

/// The listing, sorted into backups.
#[derive(Default)]
struct Sorted<'a> {
    vms: BTreeMap<&'a str, Vm<'a>>,
    pools: BTreeMap<&'a str, Folder<'a>>,
    configurations: BTreeMap<&'a str, Folder<'a>>,
    locked: BTreeSet<&'a str>,
    encrypted: BTreeSet<&'a str>,
}

/// Looks over a listing. `read` gives the contents of a small file, or why it cannot be read; it is asked for descriptions and for
/// `encryption.json` alone, and never for a path that is not in the listing.
pub fn survey(entries: &[Entry], read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>) -> Survey {
    let mut survey = Survey::default();
    let mut sorted = Sorted::default();
    for entry in entries {
        survey.sort(entry, &mut sorted);
    }
    survey.find_encryption(entries, read, &mut sorted);
    for (folder, vm) in &sorted.vms {
        survey.judge_vm(folder, vm, &sorted, read);
    }
    for (folder, files) in &sorted.pools {
        survey.judge_metadata(folder, files, "data", &sorted, read);
    }
    for (folder, files) in &sorted.configurations {
        survey.judge_metadata(folder, files, "data.json", &sorted, read);
    }
    survey.mark_busy(&sorted.locked);
    survey.facts.sort_by(|a, b| a.path.cmp(&b.path));
    survey
}

fn joined(folder: &str, name: &str) -> String {
    format!("{folder}/{name}")
}

impl Survey {
    /// Whether there is any repository.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.repositories.is_empty()
    }

    fn say(&mut self, path: String, what: StoreState) {
        self.facts.push(StoreFact { path, what });
    }

    fn left(&mut self, path: &str, kind: Leftover, bytes: u64) {
        self.roles.insert(path.to_owned(), Role::Leftover);
        let busy = false;
        self.say(path.to_owned(), StoreState::Leftover { kind, bytes, busy });
    }

    /// Puts an entry where it belongs.
    fn sort<'a>(&mut self, entry: &'a Entry, sorted: &mut Sorted<'a>) {
        let Some((root, place)) = place(&entry.path) else {
            return;
        };
        if !self.repositories.contains(root) {
            self.repositories.insert(root.to_owned());
        }
        if let Place::AboveVms { name } = place {
            if let Some(vm) = entry.path.strip_suffix(".lock") {
                sorted.locked.insert(vm);
                self.left(&entry.path, Leftover::Lock, 0);
            } else if entry.kind == EntryKind::File && !name.starts_with('.') {
                self.aside(entry);
            }
            return;
        }
        if entry.kind != EntryKind::File {
            return;
        }
        match place {
            Place::OfVm { folder, name } => {
                sorted
                    .vms
                    .entry(folder)
                    .or_default()
                    .files
                    .insert(name, entry.bytes);
            }
            Place::Disk { vm, name, inside } => {
                self.disk(entry, name, inside);
                let path = entry.path.strip_prefix(vm).unwrap_or_default();
                let path = path.trim_start_matches('/');
                sorted.vms.entry(vm).or_default().disks.insert(path);
            }
            Place::Pool { folder, name } => {
                sorted
                    .pools
                    .entry(folder)
                    .or_default()
                    .insert(name, entry.bytes);
            }
            Place::Config { folder, name } => {
                let folder = sorted.configurations.entry(folder).or_default();
                folder.insert(name, entry.bytes);
            }
            Place::Log => self.aside(entry),
            Place::AboveVms { .. } | Place::Elsewhere => {}
        }
    }

    fn aside(&mut self, entry: &Entry) {
        self.roles.insert(entry.path.clone(), Role::Aside);
        self.passed.others = self.passed.others.saturating_add(1);
    }

    /// A file below `vdis`.
    fn disk(&mut self, entry: &Entry, name: &str, inside: bool) {
        if inside || !name.ends_with(".vhd") {
            if name.starts_with('.') && name.ends_with(".merge.json") {
                self.left(&entry.path, Leftover::Merge, entry.bytes);
            } else {
                self.aside(entry);
            }
        } else if name.starts_with('.') {
            self.left(&entry.path, Leftover::Temporary, entry.bytes);
        } else if entry.bytes == 0 {
            self.left(&entry.path, Leftover::Empty, 0);
        } else {
            self.roles.insert(entry.path.clone(), Role::Aside);
            self.passed.disks = self.passed.disks.saturating_add(1);
        }
    }

    /// Files at the top of the repositories, which are known by now.
    fn find_encryption<'a>(
        &mut self,
        entries: &'a [Entry],
        read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
        sorted: &mut Sorted<'a>,
    ) {
        const AT_THE_TOP: [&str; 3] = ["encryption.json", "immutability.json", "metadata.json"];
        for entry in entries {
            let (root, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
            if !AT_THE_TOP.contains(&name) || !self.repositories.contains(root) {
                continue;
            }
            self.aside(entry);
            if name == "encryption.json"
                && let Some(algorithm) = read(&entry.path).ok().and_then(|bytes| algorithm(&bytes))
                && algorithm != "none"
            {
                sorted.encrypted.insert(root);
                self.say(entry.path.clone(), StoreState::Encrypted(algorithm));
            }
        }
    }

    fn judge_vm(
        &mut self,
        folder: &str,
        vm: &Vm<'_>,
        sorted: &Sorted<'_>,
        read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) {
        let encrypted = sorted.is_encrypted(folder);
        let mut named: BTreeSet<String> = BTreeSet::new();
        let jsons = || {
            vm.files
                .keys()
                .filter_map(|name| name.strip_suffix(".json"))
        };
        for stem in jsons().filter(|stem| !stem.starts_with('.')) {
            let path = joined(folder, &format!("{stem}.json"));
            self.roles.insert(path.clone(), Role::Aside);
            self.passed.descriptions = self.passed.descriptions.saturating_add(1);
            // What cannot be read still says that it is meant for the data of its own name.
            named.insert(format!("{stem}.xva"));
            if !encrypted {
                let read = read(&path).and_then(|bytes| describe(&bytes));
                let judged = read.and_then(|description| {
                    let names = match &description.mode {
                        Mode::Full(xva) => std::slice::from_ref(xva),
                        Mode::Delta(disks) => disks.as_slice(),
                        Mode::Metadata(_) => return Err("it is of no VM".to_owned()),
                    };
                    let below: Option<Vec<String>> = names.iter().map(|name| below(name)).collect();
                    let below = below.ok_or("its data would be outside of the VM's folder")?;
                    Ok((description.label, below))
                });
                match judged {
                    Ok((label, data)) => {
                        let is_there = |name: &&String| {
                            vm.files.contains_key(name.as_str()) || vm.disks.contains(name.as_str())
                        };
                        let missing: Vec<String> = data
                            .iter()
                            .filter(|name| !is_there(name))
                            .cloned()
                            .collect();
                        if let Some(label) = label {
                            for name in &data {
                                self.labels.insert(joined(folder, name), label.clone());
                            }
                            self.labels.insert(path.clone(), label);
                        }
                        named.extend(data);
                        if !missing.is_empty() {
                            self.say(path, StoreState::DataMissing(missing));
                        }
                    }
                    Err(why) => self.say(path, StoreState::MetadataUnusable(why)),
                }
            }
        }
        for (&name, &bytes) in &vm.files {
            self.judge_file_of_vm(folder, vm, (name, bytes), &named);
        }
    }

    /// A file of a VM's folder that is no description.
    fn judge_file_of_vm(
        &mut self,
        folder: &str,
        vm: &Vm<'_>,
        (name, bytes): (&str, u64),
        named: &BTreeSet<String>,
    ) {
        let path = joined(folder, name);
        if let Some(stem) = name.strip_suffix(".xva") {
            if name.starts_with('.') {
                self.left(&path, Leftover::Temporary, bytes);
                return;
            }
            self.roles.insert(path.clone(), Role::Data);
            if !named.contains(name) {
                let (expected, busy) = (format!("{stem}.json"), false);
                self.say(path, StoreState::MetadataMissing { expected, busy });
            }
        } else if let Some(of) = name.strip_suffix(".checksum") {
            if vm.files.contains_key(of) {
                self.roles.insert(path, Role::Aside);
                self.passed.others = self.passed.others.saturating_add(1);
            } else {
                self.left(&path, Leftover::Checksum, bytes);
            }
        } else if name == "cache.json.gz" {
            self.roles.insert(path, Role::Aside);
            self.passed.others = self.passed.others.saturating_add(1);
        }
    }

    /// What is written while a job is at work is no more than worth knowing.
    fn mark_busy(&mut self, locked: &BTreeSet<&str>) {
        for fact in &mut self.facts {
            let vm = match place(&fact.path) {
                Some((_, Place::OfVm { folder, .. })) => folder,
                Some((_, Place::Disk { vm, .. })) => vm,
                _ => continue,
            };
            if let StoreState::Leftover { busy, .. } | StoreState::MetadataMissing { busy, .. } =
                &mut fact.what
            {
                *busy = locked.contains(vm);
            }
        }
    }

    /// A backup of a pool's metadata or of the configuration.
    fn judge_metadata(
        &mut self,
        folder: &str,
        files: &Folder<'_>,
        usual: &str,
        sorted: &Sorted<'_>,
        read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) {
        let of_a_pool = usual == "data";
        let description = joined(folder, "metadata.json");
        let mut data = usual.to_owned();
        if !of_a_pool {
            self.passed.configurations = self.passed.configurations.saturating_add(1);
        }
        if files.contains_key("metadata.json") {
            self.roles.insert(description.clone(), Role::Aside);
            self.passed.descriptions = self.passed.descriptions.saturating_add(1);
            if !sorted.is_encrypted(folder) {
                let read = read(&description).and_then(|bytes| describe(&bytes));
                let judged = read.and_then(|description| match description.mode {
                    Mode::Metadata(None) => Ok((description.label, usual.to_owned())),
                    Mode::Metadata(Some(name)) => below(&name)
                        .map(|name| (description.label, name))
                        .ok_or_else(|| "its data would be outside of its folder".to_owned()),
                    _ => Err("it is of a VM".to_owned()),
                });
                match judged {
                    Ok((label, name)) => {
                        if let Some(label) = label {
                            self.labels.insert(joined(folder, &name), label.clone());
                            self.labels.insert(description.clone(), label);
                        }
                        data = name;
                        if !files.contains_key(data.as_str()) {
                            self.say(description, StoreState::DataMissing(vec![data.clone()]));
                        }
                    }
                    Err(why) => self.say(description, StoreState::MetadataUnusable(why)),
                }
            }
        } else if let Some(name) = ["data", "data.json"]
            .into_iter()
            .find(|name| files.contains_key(name))
        {
            let what = StoreState::MetadataMissing {
                expected: "metadata.json".to_owned(),
                busy: false,
            };
            self.say(joined(folder, name), what);
        }
        for (&name, &bytes) in files {
            let path = joined(folder, name);
            if name.strip_prefix('.').is_some_and(|rest| rest == data) {
                self.left(&path, Leftover::Temporary, bytes);
            } else if name == "data" && of_a_pool {
                self.roles.insert(path, Role::Data);
            } else if ["data", "data.json"].contains(&name) {
                self.roles.insert(path, Role::Aside);
            }
        }
    }
}

impl Sorted<'_> {
    /// Whether the repository of a folder is encrypted.
    fn is_encrypted(&self, folder: &str) -> bool {
        // The folder has a name behind it in the listing, so that it is in the repository.
        place(&joined(folder, "x")).is_some_and(|(root, _)| self.encrypted.contains(root))
    }
}

/// The path that a description gives, below its folder; `None` if it leads out of it.
fn below(name: &str) -> Option<String> {
    let name = normal(name.as_bytes())?;
    String::from_utf8(name).ok()
}

fn algorithm(bytes: &[u8]) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    Some(json.get("algorithm")?.as_str()?.to_owned())
}
