//! The crates of the workspace as `cargo metadata` tells them.

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::Result;

/// What cargo calls the registry that it uses by itself.
const REGISTRY: &str = "crates.io-index";

/// Crates of others, and what the workspace asks for without saying which version.
#[derive(Debug, Clone, Default)]
pub(super) struct Packages {
    /// In the order of their names and versions.
    pub(super) foreign: Vec<Package>,
    /// `crate asks for crate`.
    pub(super) wildcards: Vec<String>,
}

/// A crate.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) source: Option<String>,
    pub(super) license: Option<String>,
    pub(super) id: String,
    pub(super) targets: Vec<Target>,
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Target {
    kind: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) struct Dependency {
    name: String,
    req: String,
    path: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
}

impl Packages {
    /// Asks cargo, which reads the lock and changes nothing.
    pub(super) fn of_workspace(root: &Path) -> Result<Self> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["metadata", "--locked", "--format-version", "1"])
            .arg("--manifest-path")
            .arg(root.join("Cargo.toml"))
            .output()?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(format!("cargo metadata: {}", words.trim()).into());
        }
        Self::of_metadata(&output.stdout)
    }

    /// Reads what cargo said.
    pub(super) fn of_metadata(json: &[u8]) -> Result<Self> {
        let Metadata {
            packages,
            workspace_members,
        } = serde_json::from_slice(json)?;
        let is_own = |package: &Package| workspace_members.contains(&package.id);
        let (own, mut foreign): (Vec<_>, Vec<_>) = packages.into_iter().partition(is_own);
        foreign.sort();
        let wildcards = own.iter().flat_map(|package| {
            let asked = package.dependencies.iter();
            let wild =
                asked.filter(|dependency| dependency.req == "*" && dependency.path.is_none());
            wild.map(|dependency| format!("{} asks for {}", package.name, dependency.name))
        });
        Ok(Self {
            wildcards: wildcards.collect(),
            foreign,
        })
    }
}

impl Package {
    pub(super) fn is_of_registry(&self) -> bool {
        self.source.as_deref().is_some_and(is_registry)
    }

    pub(super) fn has_build_script(&self) -> bool {
        self.is("custom-build")
    }

    pub(super) fn is_macro(&self) -> bool {
        self.is("proc-macro")
    }

    fn is(&self, kind: &str) -> bool {
        let mut kinds = self.targets.iter().flat_map(|target| &target.kind);
        kinds.any(|known| known == kind)
    }
}

/// Whether a source is the registry that cargo uses by itself.
pub(super) fn is_registry(source: &str) -> bool {
    source.starts_with("registry+") && source.ends_with(REGISTRY)
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}
