//! What a verification goes through: the inputs in their order, with what the folder or prefix that they were met in says of them.
//! Nothing is opened here but sidecars and the small documents of a repository.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use xenspect_model::report::Input;
use xenspect_state::Look;
use xenspect_store::shard::Shard;

use crate::inputs::{Meant, Target, meant};
use crate::listing::Below;
use crate::remote;
use crate::repository::{Repository, Survey};
use crate::seals::is_named_like_a_seal;
use crate::sidecars::{Disk, Files, Listed, Sidecars, is_sidecar};

/// One input of a plan.
pub(crate) struct Planned {
    pub(crate) target: Target,
    /// Where it comes from: an index into the plan's roots.
    pub(crate) root: usize,
    /// What was seen of it when it was listed.
    pub(crate) look: Option<Look>,
}

/// Where inputs come from: a folder or prefix that was given, or an input itself.
pub(crate) struct Root {
    path: PathBuf,
    /// Whether all below it is meant.
    folder: bool,
    pub(crate) sidecars: Sidecars,
    survey: Survey,
}

/// What is to be verified.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) inputs: Vec<Planned>,
    pub(crate) roots: Vec<Root>,
    /// What is wrong in a folder and concerns no input, with the index of its root.
    pub(crate) extra: Vec<(usize, Input)>,
    /// What is to be said of it beside the report, in sentences.
    pub(crate) remarks: Vec<String>,
}

/// How inputs are chosen.
pub(crate) struct Choice {
    /// All backups below folders and prefixes.
    pub(crate) recursive: bool,
    /// One part of them.
    pub(crate) shard: Option<Shard>,
    /// Whether nothing is looked at that lies beside them.
    pub(crate) alone: bool,
}

impl Plan {
    /// The plan for inputs as they were typed.
    pub(crate) fn of(inputs: &[PathBuf], choice: &Choice) -> Self {
        let mut plan = Self::default();
        for path in inputs {
            plan.add(path, choice);
        }
        plan
    }

    fn add(&mut self, path: &Path, choice: &Choice) {
        let meant = match choice.recursive {
            true => meant(path),
            false => Meant::One,
        };
        match meant {
            Meant::One => self.one(path, choice),
            Meant::Below(below) => self.below(path, below, choice),
            Meant::Both(below) => {
                self.one(path, choice);
                self.below(path, below, choice);
            }
        }
    }

    /// An input by itself.
    fn one(&mut self, path: &Path, choice: &Choice) {
        if !choice.takes(&path.to_string_lossy()) {
            return;
        }
        let sidecars = match remote::is_url(path) && !choice.alone {
            true => Sidecars::over(Box::new(Objects::around(path))),
            false => Sidecars::default(),
        };
        let root = self.root(Root {
            path: path.to_owned(),
            folder: false,
            sidecars,
            survey: Survey::default(),
        });
        self.inputs.push(Planned {
            target: Target::alone(path),
            root,
            look: None,
        });
    }

    /// Everything below a folder or prefix.
    fn below(&mut self, path: &Path, below: Below, choice: &Choice) {
        let reader: Box<dyn Files> = match remote::is_url(path) {
            true => Box::new(Objects::of(&below)),
            false => Box::new(Disk),
        };
        let survey = Repository::survey(path, &below.listed, reader.as_ref());
        let root = self.root(Root {
            path: path.to_owned(),
            folder: true,
            sidecars: Sidecars::over(reader),
            survey,
        });
        let Some(Root {
            sidecars, survey, ..
        }) = self.roots.get(root)
        else {
            return;
        };
        let relative = |of: &Path| relative(of, path);
        let mut extra = survey.extra_inputs.clone();
        if !choice.alone {
            extra.extend(sidecars.lost(path, &below.listed));
        }
        extra.retain(|input| choice.takes(&relative(Path::new(&input.path))));
        self.remarks.extend(survey.not_looked_at());
        for (target, look) in below.targets {
            let at = target.path().unwrap_or(path);
            let is_read = match &target {
                Target::Met(path) => {
                    !(is_sidecar(path) || is_named_like_a_seal(path) || survey.is_passed_over(path))
                }
                _ => true,
            };
            if !is_read || !choice.takes(&relative(at)) {
                continue;
            }
            let target = match target {
                Target::Met(path) if survey.is_data(&path) => Target::Data(path),
                target => target,
            };
            self.inputs.push(Planned { target, root, look });
        }
        self.extra
            .extend(extra.into_iter().map(|input| (root, input)));
    }

    /// The root of an input, by their indices.
    pub(crate) fn root_of(&self, input: usize) -> usize {
        self.inputs.get(input).map_or(0, |planned| planned.root)
    }

    /// The path of something below the folder of a root, with `/` between its parts; `None` where an input was named itself.
    pub(crate) fn path_below(&self, root: usize, path: &Path) -> Option<String> {
        let folder = self.roots.get(root)?.folder()?;
        Some(relative(path, folder))
    }

    fn root(&mut self, root: Root) -> usize {
        self.roots.push(root);
        self.roots.len() - 1
    }
}

impl Choice {
    fn takes(&self, path: &str) -> bool {
        self.shard.is_none_or(|shard| shard.takes(path))
    }
}

impl Root {
    /// The folder up to which lists of digests count; `None` for an input that was named itself.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.then_some(self.path.as_path())
    }

    /// Adds what the repository that an input lies in says of it.
    pub(crate) fn describe(&self, target: &Target, input: &mut Input) {
        let Some(path) = target.path() else {
            return;
        };
        let findings = self.survey.findings_of(path).to_vec();
        xenspect_rules::copy::store_findings(input, findings);
        input.copy.label = self.survey.label_of(path).map(str::to_owned);
    }
}

/// A path below a folder, with `/` between its parts on all systems: what decides on the shard, wherever a store is mounted.
fn relative(path: &Path, root: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

/// The objects of a store as files in folders, by a listing that was made before.
struct Objects {
    folders: HashMap<PathBuf, Vec<OsString>>,
    sizes: HashMap<PathBuf, u64>,
    /// Of those that tell something of others: what changes whenever they do.
    versions: HashMap<PathBuf, String>,
}

impl Objects {
    fn none() -> Self {
        Self {
            folders: HashMap::new(),
            sizes: HashMap::new(),
            versions: HashMap::new(),
        }
    }

    fn of(below: &Below) -> Self {
        let mut objects = Self::none();
        for Listed { path, bytes, .. } in &below.listed {
            objects.add(path, *bytes);
        }
        for (target, look) in &below.targets {
            if let (Some(path), Some(look)) = (target.path(), look)
                && (is_sidecar(path) || is_named_like_a_seal(path))
            {
                objects.versions.insert(path.to_owned(), version(look));
            }
        }
        objects
    }

    /// An object and what may lie beside it, each asked for by its name: a prefix can hold millions of others.
    fn around(object: &Path) -> Self {
        let mut objects = Self::none();
        let Some(name) = object.file_name() else {
            return objects;
        };
        let name = name.to_string_lossy();
        let beside = ["sha256", "sha512", "sha1", "md5", "checksum"]
            .map(|ending| format!("{name}.{ending}"));
        let seals = ["seal.json", "seal.json.sig"].map(|ending| format!("{name}.{ending}"));
        let lists = ["SHA256SUMS", "SHA512SUMS", "SHA1SUMS", "MD5SUMS"].map(str::to_owned);
        for url in beside
            .iter()
            .chain(&seals)
            .chain(&lists)
            .filter_map(|name| remote::beside(object, name))
            .chain([object.to_owned()])
        {
            match remote::find(&url) {
                Ok(Some(about)) => {
                    objects.add(&url, about.size);
                    let look = remote::look(about.size, about.etag, about.modified);
                    objects.versions.insert(url, version(&look));
                }
                Ok(None) => {}
                // Then reading it fails too, and that is told.
                Err(_) => objects.add(&url, 0),
            }
        }
        objects
    }

    fn add(&mut self, path: &Path, bytes: u64) {
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            let names = self.folders.entry(folder.to_owned()).or_default();
            names.push(name.to_owned());
        }
        self.sizes.insert(path.to_owned(), bytes);
    }
}

fn version(look: &Look) -> String {
    format!("{} {}", look.size, look.tag)
}

impl Files for Objects {
    fn names(&self, folder: &Path) -> Vec<OsString> {
        self.folders.get(folder).cloned().unwrap_or_default()
    }

    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = remote::small(path, limit).map_err(io::Error::other)?;
        bytes.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn length(&self, path: &Path) -> Option<u64> {
        self.sizes.get(path).copied()
    }

    fn version(&self, path: &Path) -> Option<&str> {
        self.versions.get(path).map(String::as_str)
    }
}
