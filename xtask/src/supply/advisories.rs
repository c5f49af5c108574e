//! Known weaknesses, out of a checkout of RustSec's advisory database: a file for each, `crates/NAME/RUSTSEC-….md`, with its data as
//! TOML between two fences in front.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use semver::{Version, VersionReq};
use serde::Deserialize;

use super::allowed::Allowed;
use super::packages::Package;
use crate::{Result, read};

#[derive(Deserialize)]
struct File {
    advisory: Advisory,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct Advisory {
    id: String,
    package: String,
    /// When it was taken back.
    withdrawn: Option<String>,
    /// What it is, if it is not a weakness: `unmaintained`, `notice`, `unsound`.
    informational: Option<String>,
}

#[derive(Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

impl File {
    /// The data in front of the text.
    fn parse(text: &str) -> Result<Self> {
        let fenced = text.strip_prefix("```toml\n");
        let data = fenced.and_then(|rest| rest.split_once("\n```"));
        let (data, _) = data.ok_or("no data in front of an advisory")?;
        Ok(toml::from_str(data)?)
    }

    fn concerns(&self, version: &Version) -> bool {
        let fine = self
            .versions
            .patched
            .iter()
            .chain(&self.versions.unaffected);
        self.advisory.withdrawn.is_none() && !fine.into_iter().any(|range| range.matches(version))
    }
}

/// How many advisories there are of crates that are used, and sentences about those that concern one; about an exception that nothing
/// answers to, too.
pub(super) fn check(
    database: &Path,
    packages: &[Package],
    allowed: &Allowed,
) -> Result<(usize, Vec<String>)> {
    let folder = database.join("crates");
    if !folder.is_dir() {
        return Err(format!("{} is no advisory database", database.display()).into());
    }
    let mut wrong = Vec::new();
    let mut read_ones = 0;
    let mut excused: BTreeMap<&str, bool> = allowed
        .advisories
        .keys()
        .map(|id| (id.as_str(), false))
        .collect();
    for package in packages {
        let Ok(entries) = fs::read_dir(folder.join(&package.name)) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "md") {
                continue;
            }
            let file = File::parse(&read(&path)?)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            read_ones += 1;
            if !file.concerns(&package.version.parse()?) {
                continue;
            }
            let Advisory {
                id,
                package: name,
                informational,
                ..
            } = &file.advisory;
            match excused.get_mut(id.as_str()) {
                Some(met) => *met = true,
                None => wrong.push(format!(
                    "{package} has {} in {name}: {id}",
                    informational.as_deref().unwrap_or("a known weakness")
                )),
            }
        }
    }
    let stale = excused.iter().filter(|(_, met)| !**met);
    wrong.extend(stale.map(|(id, _)| format!("supply.toml excuses {id}, which concerns nothing")));
    Ok((read_ones, wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2000-0001\"\npackage = \"thing\"\ndate = \"2000-01-01\"\n\n\
        [versions]\npatched = [\">= 1.2.3\"]\nunaffected = [\"< 1.0.0\"]\n```\n\n# It breaks\n\nWords.\n";

    #[test]
    fn an_advisory_concerns_what_is_between() {
        let file = File::parse(ADVISORY).unwrap();
        for (version, concerned) in [
            ("0.9.9", false),
            ("1.0.0", true),
            ("1.2.2", true),
            ("1.2.3", false),
        ] {
            assert_eq!(
                file.concerns(&version.parse().unwrap()),
                concerned,
                "{version}"
            );
        }
    }

    #[test]
    fn one_that_was_taken_back_concerns_nothing() {
        let text = ADVISORY.replace("package =", "withdrawn = \"2001-01-01\"\npackage =");
        assert!(
            !File::parse(&text)
                .unwrap()
                .concerns(&"1.0.0".parse().unwrap())
        );
    }

    #[test]
    fn a_database_is_compared() {
        let database =
            std::env::temp_dir().join(format!("xtask-advisories-{}", std::process::id()));
        let folder = database.join("crates/thing");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("RUSTSEC-2000-0001.md"), ADVISORY).unwrap();
        let package = |version: &str| Package {
            name: "thing".to_owned(),
            version: version.to_owned(),
            ..Package::default()
        };
        let mut allowed = Allowed::default();
        let told = |version: &str, allowed: &Allowed| {
            check(&database, &[package(version)], allowed).unwrap().1
        };
        assert_eq!(
            told("1.1.0", &allowed),
            ["thing 1.1.0 has a known weakness in thing: RUSTSEC-2000-0001"]
        );
        assert!(told("1.3.0", &allowed).is_empty());
        allowed.advisories.insert(
            "RUSTSEC-2000-0001".to_owned(),
            "that part is not used".to_owned(),
        );
        assert!(told("1.1.0", &allowed).is_empty());
        assert_eq!(told("1.3.0", &allowed).len(), 1, "an excuse for nothing");
        assert!(check(&folder, &[], &allowed).is_err());
        fs::remove_dir_all(&database).unwrap();
    }
}
