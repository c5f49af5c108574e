//! The digests beside inputs: finding and reading them, each list once in a run. What they mean is in `xenspect_store::sidecar`.
//!
//! No file is ever opened by a name out of a list. A folder's own listing says which sidecars it has, and these are read.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use xenspect_model::catalog::{DigestKind, StoredFile};
use xenspect_model::report::Input;
use xenspect_rules::copy::{DigestList, digest_list, lone_digest};
use xenspect_store::sidecar::{
    CHECKSUM_LIMIT, Expectation, Expected, Form, LIST_LIMIT, List, Shelf, Told, checksum, compare,
    form, kinds,
};
use xenspect_store::xo::{self, DESCRIPTION_LIMIT, EntryKind, Mode};

/// A file or folder of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Where it is: the folder that was given, with the path below it.
    pub(crate) path: PathBuf,
    /// Its length in bytes.
    pub(crate) bytes: u64,
    /// What it is.
    pub(crate) kind: EntryKind,
}

/// Where folders and small files are read from.
pub(crate) trait Files: Send + Sync {
    /// Names of what is in a folder; none if it cannot be listed.
    fn names(&self, folder: &Path) -> Vec<OsString>;
    /// Contents of a file, which is an error if it is longer than `limit`.
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>>;
    /// Length of a file in bytes.
    fn length(&self, path: &Path) -> Option<u64>;
    /// What is another text for another version of an object. Of files there is none: they are looked at.
    fn version(&self, _: &Path) -> Option<&str> {
        None
    }
}

/// The files of this machine.
pub(crate) struct Disk;

impl Files for Disk {
    fn names(&self, folder: &Path) -> Vec<OsString> {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.flatten().map(|entry| entry.file_name()).collect()
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        // A pipe would keep the run waiting.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut bytes = Vec::new();
        File::open(path)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::other(format!("it is longer than {limit} bytes")));
        }
        Ok(bytes)
    }

    fn length(&self, path: &Path) -> Option<u64> {
        std::fs::metadata(path).ok().map(|metadata| metadata.len())
    }
}

/// The sidecars of a run, each folder's lists read once. Several threads can ask.
pub(crate) struct Sidecars {
    files: Box<dyn Files>,
    folders: Mutex<HashMap<PathBuf, Arc<OnceLock<Folder>>>>,
}

impl Default for Sidecars {
    fn default() -> Self {
        Self::over(Box::new(Disk))
    }
}

/// What a folder has of sidecars.
#[derive(Default)]
struct Folder {
    shelf: Shelf,
    /// The sidecars' names as they are on disk.
    names: HashMap<Vec<u8>, OsString>,
    lists: Vec<ReadList>,
    /// Digests of files that are gone: name of the sidecar, and of the file.
    lone: Vec<(OsString, Vec<u8>)>,
}

/// A list that was read.
struct ReadList {
    path: PathBuf,
    kind: DigestKind,
    bytes: u64,
    /// It is called like a list, and not like the digest of a file that is not there.
    by_name: bool,
    list: Result<List, String>,
}

/// What lies beside one input.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    expectations: Vec<Expectation>,
    length: Option<u64>,
    paths: Vec<PathBuf>,
}

impl Beside {
    /// The digests that the reading of the input must compute.
    pub(crate) fn digests(&self) -> Vec<DigestKind> {
        kinds(&self.expectations)
    }

    /// The files that tell something of the input, which have a say in whether it was verified already.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Compares the input with what lies beside it, and says so. `stored` is what its reading gave.
    pub(crate) fn judge(&self, stored: Option<&StoredFile>, input: &mut Input) {
        let compared = self
            .expectations
            .iter()
            .map(|expectation| compare(expectation, stored, self.length))
            .collect();
        xenspect_rules::copy::sidecars(input, compared);
    }

    fn says(&mut self, path: &Path, says: Expected, detail: Option<String>) {
        self.expectations.push(Expectation {
            path: shown(path),
            says,
            detail,
        });
        if self.paths.last().is_none_or(|last| last != path) {
            self.paths.push(path.to_owned());
        }
    }
}

/// Whether a file tells digests of others, by its name. Those are passed over below a folder.
pub(crate) fn is_sidecar(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| form(name.as_encoded_bytes()).is_some())
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A path below a folder in the spelling of lists; `None` if it is not below it.
fn relative(path: &Path, folder: &Path) -> Option<Vec<u8>> {
    let parts: Vec<&[u8]> = path
        .strip_prefix(folder)
        .ok()?
        .components()
        .map(|part| part.as_os_str().as_encoded_bytes())
        .collect();
    Some(parts.join(&b'/'))
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

impl Sidecars {
    /// Those that can be read through `files`.
    pub(crate) fn over(files: Box<dyn Files>) -> Self {
        Self {
            files,
            folders: Mutex::default(),
        }
    }

    /// Whether there is a file of that name.
    pub(crate) fn is_there(&self, path: &Path) -> bool {
        self.files.length(path).is_some()
    }

    /// The version of an object that lies beside an input.
    pub(crate) fn version(&self, path: &Path) -> Option<&str> {
        self.files.version(path)
    }

    /// What lies beside an input, and above it up to `root`, the folder that was given.
    pub(crate) fn beside(&self, input: &Path, root: Option<&Path>) -> Beside {
        let mut beside = Beside::default();
        let Some(name) = input.file_name().map(|name| name.as_encoded_bytes()) else {
            return beside;
        };
        let folder = folder_of(input);
        let here = self.folder(folder);
        let Some(here) = here.get() else {
            return beside;
        };
        beside.length = self.files.length(input);
        for sidecar in here.shelf.beside(name) {
            if let Some(sidecar) = here.names.get(sidecar) {
                self.of_one(&folder.join(sidecar), name, &mut beside);
            }
        }
        for list in &here.lists {
            of_list(list, name, b"", &mut beside);
        }
        if let Some(json) = here
            .shelf
            .description(name)
            .and_then(|json| here.names.get(json))
        {
            self.description(&folder.join(json), name, &mut beside);
        }
        let above = root.filter(|root| *root != folder && folder.starts_with(root));
        for above in above.into_iter().flat_map(|root| {
            let ancestors = folder.ancestors().skip(1);
            ancestors.take_while(move |above| above.starts_with(root))
        }) {
            let (Some(path), Some(folder)) = (relative(input, above), relative(folder, above))
            else {
                continue;
            };
            for list in self
                .folder(above)
                .get()
                .into_iter()
                .flat_map(|above| &above.lists)
            {
                of_list(list, &path, &folder, &mut beside);
            }
        }
        beside
    }

    /// The lists that name files which are not there, or have lines that are none, and the digests whose file is gone.
    /// `files` is all that is below `root`.
    pub(crate) fn lost(&self, root: &Path, files: &[Listed]) -> Vec<Input> {
        let there: HashSet<Vec<u8>> = files
            .iter()
            .filter_map(|listed| relative(&listed.path, root))
            .collect();
        let folders: BTreeSet<&Path> = files
            .iter()
            .filter(|listed| is_sidecar(&listed.path))
            .map(|listed| folder_of(&listed.path))
            .collect();
        let mut inputs = Vec::new();
        for path in folders {
            let folder = self.folder(path);
            let (Some(folder), Some(below)) = (folder.get(), relative(path, root)) else {
                continue;
            };
            let is_there = |name: &[u8]| {
                let path = match below.as_slice() {
                    [] => name.to_vec(),
                    below => [below, name].join(&b'/'),
                };
                there.contains(&path)
            };
            for list in &folder.lists {
                inputs.extend(digest_list(shown(&list.path), &told(list, is_there)));
            }
            for (name, file) in &folder.lone {
                let path = path.join(name);
                // In a repository it is said of the repository.
                let of_a_repository = relative(&path, root)
                    .is_some_and(|path| xo::place(&String::from_utf8_lossy(&path)).is_some());
                if !of_a_repository {
                    let bytes = self.files.length(&path).unwrap_or(0);
                    let file = String::from_utf8_lossy(file);
                    inputs.push(lone_digest(shown(&path), bytes, &file));
                }
            }
        }
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        inputs
    }

    /// Reads a folder unless that was done.
    fn folder(&self, path: &Path) -> Arc<OnceLock<Folder>> {
        let folder = {
            let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(folders.entry(path.to_owned()).or_default())
        };
        folder.get_or_init(|| self.read_folder(path));
        folder
    }

    fn read_folder(&self, path: &Path) -> Folder {
        let all = self.files.names(path);
        let bytes: BTreeSet<Vec<u8>> = all
            .iter()
            .map(|name| name.as_encoded_bytes().to_vec())
            .collect();
        let mut folder = Folder {
            shelf: Shelf::of(&bytes),
            ..Folder::default()
        };
        folder.names = all
            .into_iter()
            .map(|name| (name.as_encoded_bytes().to_vec(), name))
            .filter(|(bytes, _)| form(bytes).is_some() || bytes.ends_with(b".json"))
            .collect();
        let lists = folder.shelf.lists().iter().map(|name| (name, true));
        let lone = folder.shelf.lone().iter().map(|name| (name, false));
        for (name, by_name) in lists.chain(lone) {
            let Some(on_disk) = folder.names.get(name) else {
                continue;
            };
            let (kind, file) = match form(name) {
                Some(Form::List { kind }) => (kind, None),
                Some(Form::Beside { input, kind }) => (kind, Some(input)),
                Some(Form::XenOrchestra { input }) => {
                    folder.lone.push((on_disk.clone(), input.to_vec()));
                    continue;
                }
                None => continue,
            };
            let path = path.join(on_disk);
            let read = self.files.read(&path, LIST_LIMIT);
            let length = read.as_ref().map_or(0, |bytes| bytes.len() as u64);
            let list = read
                .map(|bytes| List::parse(&bytes, Some(kind)))
                .map_err(|error| error.to_string());
            let names_some = list
                .as_ref()
                .is_ok_and(|list| list.names().next().is_some());
            match file {
                // A digest, not a list: all it can name is the file that it is called after.
                Some(file) if !names_some || is_of(&list, file) => {
                    folder.lone.push((on_disk.clone(), file.to_vec()));
                }
                _ => folder.lists.push(ReadList {
                    path,
                    kind,
                    bytes: length,
                    by_name,
                    list,
                }),
            }
        }
        folder
    }

    /// A sidecar of one input.
    fn of_one(&self, path: &Path, name: &[u8], beside: &mut Beside) {
        let sidecar = path.file_name().map(|name| name.as_encoded_bytes());
        match sidecar.and_then(form) {
            Some(Form::Beside { kind, .. }) => {
                let read = self.files.read(path, LIST_LIMIT);
                match read.map(|bytes| List::parse(&bytes, Some(kind))) {
                    Ok(list) => of_sidecar(path, &list, kind, name, beside),
                    Err(error) => {
                        let says = Expected::Malformed(Some(kind));
                        beside.says(path, says, Some(error.to_string()));
                    }
                }
            }
            Some(Form::XenOrchestra { .. }) => {
                let says = match self.files.read(path, CHECKSUM_LIMIT) {
                    Ok(bytes) => checksum(&bytes).map_or_else(
                        || {
                            let why = "it is no checksum of Xen Orchestra";
                            (Expected::Malformed(None), Some(why.to_owned()))
                        },
                        |(kind, digest)| (Expected::Digest(kind, digest), None),
                    ),
                    Err(error) => (Expected::Malformed(None), Some(error.to_string())),
                };
                beside.says(path, says.0, says.1);
            }
            Some(Form::List { .. }) | None => {}
        }
    }

    /// The length that Xen Orchestra's JSON tells, if it is that of this input.
    fn description(&self, path: &Path, name: &[u8], beside: &mut Beside) {
        let Ok(bytes) = self.files.read(path, DESCRIPTION_LIMIT) else {
            return;
        };
        if let Ok(description) = xo::describe(&bytes)
            && let (Mode::Full(xva), Some(size)) = (description.mode, description.size)
            && xenspect_store::sidecar::normal(xva.as_bytes()).as_deref() == Some(name)
        {
            beside.says(path, Expected::Size(size), None);
        }
    }
}

/// Whether a list that is called after one file names that file alone.
fn is_of(list: &Result<List, String>, file: &[u8]) -> bool {
    list.as_ref().is_ok_and(|list| {
        let mut names = list.names();
        let one = names
            .next()
            .map(|name| name.rsplit(|&byte| byte == b'/').next() == Some(file));
        one == Some(true) && names.next().is_none()
    })
}

/// What a list that lies beside one input for it alone says of it.
fn of_sidecar(path: &Path, list: &List, kind: DigestKind, name: &[u8], beside: &mut Beside) {
    let mut told: Vec<Told<'_>> = list.get(name).collect();
    if told.is_empty() {
        told = list.of_the_only_one().collect();
    }
    if told.is_empty() {
        let (says, detail) = nothing(list, kind);
        beside.says(path, says, detail);
    }
    for told in told {
        let last = told.name.rsplit(|&byte| byte == b'/').next();
        let other = ![name, b"", b"-"].iter().any(|known| last == Some(known));
        let detail =
            other.then(|| format!("the line names {}", String::from_utf8_lossy(told.name)));
        beside.says(
            path,
            Expected::Digest(told.kind, told.digest.to_vec()),
            detail,
        );
    }
}

/// What a list says of an input. `path` is the input's path below the list's folder, and `folder` that of its folder.
fn of_list(read: &ReadList, path: &[u8], folder: &[u8], beside: &mut Beside) {
    let list = match &read.list {
        Ok(list) => list,
        Err(why) => {
            // Of a list above it is not known whether it is about this folder at all.
            if read.by_name && folder.is_empty() {
                let says = Expected::Malformed(Some(read.kind));
                beside.says(&read.path, says, Some(why.clone()));
            }
            return;
        }
    };
    let mut told: Vec<Told<'_>> = list.get(path).collect();
    if told.is_empty() && folder.is_empty() {
        told = list.get_absolute(path).collect();
    }
    if told.is_empty() && read.by_name && (folder.is_empty() || list.is_about(folder)) {
        let (says, detail) = nothing(list, read.kind);
        beside.says(&read.path, says, detail);
    }
    for told in told {
        let says = Expected::Digest(told.kind, told.digest.to_vec());
        beside.says(&read.path, says, None);
    }
}

/// What a list says that has no line for an input: where other lines are none, it cannot be told.
fn nothing(list: &List, kind: DigestKind) -> (Expected, Option<String>) {
    match list.bad_lines() {
        [] if list.lines() > 0 => (Expected::Missing(kind), None),
        [] => {
            let why = "it has no digest in it".to_owned();
            (Expected::Malformed(Some(kind)), Some(why))
        }
        [line, ..] => {
            let why = format!("line {line} is no digest");
            (Expected::Malformed(Some(kind)), Some(why))
        }
    }
}

/// What is to be said of a list itself.
fn told(read: &ReadList, is_there: impl Fn(&[u8]) -> bool) -> DigestList {
    let mut told = DigestList {
        bytes: read.bytes,
        ..DigestList::default()
    };
    match &read.list {
        Err(why) => told.unusable = Some(why.clone()),
        Ok(list) => {
            told.lines = list.lines();
            told.bad_lines = list.bad_lines().to_vec();
            told.more_bad_lines = list.more_bad_lines();
            told.missing = list
                .names()
                .filter(|name| !is_there(name))
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect();
        }
    }
    told
}

#[cfg(test)]
mod tests;
