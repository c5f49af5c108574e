//! What lies beside an input and has a say in whether it is good: its seal, and the digests of it.

use std::path::{Path, PathBuf};

use xenspect_model::catalog::{DigestKind, Manifest, StoredFile};
use xenspect_model::report::Input;
use xenspect_scan::Wish;
use xenspect_state::Look;

use crate::inputs::Target;
use crate::plan::{Planned, Root};
use crate::remote;
use crate::seals::{SealFile, Seals, seal_of, signature_of};
use crate::sidecars::Beside as Sidecars;
use crate::state::Place;

/// What an input is compared with.
#[derive(Default)]
pub(super) struct Beside {
    sidecars: Option<Sidecars>,
    seal: Option<SealFile>,
    paths: Vec<PathBuf>,
    /// Of what lies beside an object: which versions of it these are.
    versions: String,
}

impl Beside {
    /// Finds what lies beside an input.
    pub(super) fn of(target: &Target, root: &Root, seals: &Seals) -> Self {
        let path = target.path();
        let sidecars = path.map(|path| root.sidecars.beside(path, root.folder()));
        let seal = seals.beside(path, |seal| root.sidecars.is_there(seal));
        let mut paths = sidecars
            .as_ref()
            .map_or_else(Vec::new, |sidecars| sidecars.paths().to_vec());
        if let (Some(path), Some(_)) = (path, &seal) {
            let seal = seal_of(path);
            paths.extend([signature_of(&seal), seal]);
        }
        let versions = match path.is_some_and(remote::is_url) {
            true => versions(&paths, |path| root.sidecars.version(path)),
            false => String::new(),
        };
        Self {
            sidecars,
            seal,
            paths,
            versions,
        }
    }

    /// What the reading has to give for it.
    pub(super) fn wish(&self, wish: &mut Wish) {
        if let Some(sidecars) = &self.sidecars {
            wish.digests = sidecars.digests();
        }
        if self.seal.is_some() {
            wish.manifest = true;
            wish.want(DigestKind::Sha256);
        }
    }

    /// Whether there are digests of the file as it is stored, which mean something whatever is in it.
    pub(super) fn tells_digests(&self) -> bool {
        let digests = self.sidecars.as_ref().map(Sidecars::digests);
        digests.is_some_and(|digests| !digests.is_empty())
    }

    /// Compares. Of an input that was not read `whole` it is only said that it was not compared.
    pub(super) fn judge(
        self,
        input: &mut Input,
        whole: bool,
        stored: Option<&StoredFile>,
        manifest: Option<&Manifest>,
    ) {
        if !whole {
            if self.tells_digests() || self.seal.is_some() {
                input.not_checked.push(NOT_WHOLE.to_owned());
            }
            return;
        }
        if let Some(sidecars) = &self.sidecars {
            sidecars.judge(stored, input);
        }
        if let Some(seal) = self.seal {
            seal.judge(input, stored, manifest);
        }
    }

    /// The input as the state file knows it.
    pub(super) fn place(&self, planned: &Planned, name: &str) -> Place {
        let named = !matches!(planned.target, Target::Met(_) | Target::Data(_));
        let Some(path) = planned.target.path() else {
            return Place::pipe();
        };
        if remote::is_url(path) {
            let listed = planned.look.clone().or_else(|| look(path));
            let mut place = Place::object(name, named, listed.unwrap_or_default());
            place.versions.clone_from(&self.versions);
            return place;
        }
        let mut place = Place::file(path, named, self.paths.clone());
        if planned.look.is_some() {
            place.first.clone_from(&planned.look);
        }
        place
    }
}

const NOT_WHOLE: &str = "What lies beside it (its seal, digests of the file): they are compared with what is read as a whole";

/// One line for each of the objects beside an input, in the order of their names.
fn versions<'a>(paths: &[PathBuf], version: impl Fn(&Path) -> Option<&'a str>) -> String {
    let line = |path: &PathBuf| {
        let version = version(path).unwrap_or("absent");
        format!("{version} {:?}\n", path.to_string_lossy())
    };
    let mut lines: Vec<String> = paths.iter().map(line).collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

/// A look at an object; `None` where the store says nothing.
fn look(url: &Path) -> Option<Look> {
    let about = remote::about(url).ok()?;
    Some(remote::look(about.size, about.etag, about.modified))
}

/// A look at an object behind its reading; files are looked at by who asks.
pub(super) fn look_again(planned: &Planned) -> Option<Look> {
    let url = planned.target.path().filter(|path| remote::is_url(path))?;
    let about = remote::about(url).ok()?;
    // Some stores tell tags of single objects only, and like is to be compared with like.
    let first = planned.look.as_ref();
    let etag = about.etag.filter(|_| first.is_none_or(remote::has_tag));
    Some(remote::look(about.size, etag, about.modified))
}
