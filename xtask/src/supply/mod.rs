//! `cargo run -p xtask -- supply`: what comes into the program from others, against `supply.toml`, which says aloud what is allowed
//! and why. It needs nothing but cargo, and no network once the crates are fetched.
//!
//! Asked of the resolved workspace, of all targets and features: where each crate comes from, its licence, whether its build runs
//! code of its own, whether it is there in two versions, and whether somebody took it back. Known weaknesses are compared where
//! `XENSPECT_ADVISORY_DB` names a checkout of the advisory database of RustSec, which no registry carries.

mod advisories;
mod allowed;
mod index;
mod packages;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::{Path, PathBuf};

use crate::{Result, read, say};

use allowed::Allowed;
use packages::{Package, Packages};

/// Names the checkout of the advisory database.
const DATABASE: &str = "XENSPECT_ADVISORY_DB";

/// Checks the workspace below `root`.
pub(crate) fn run(root: &Path) -> Result<()> {
    let allowed = Allowed::read(&read(&root.join("supply.toml"))?)?;
    let packages = Packages::of_workspace(root)?;
    let mut wrong = check(&packages, &allowed);
    wrong.extend(lock(&read(&root.join("fuzz/Cargo.lock"))?));
    match index::Index::find() {
        Some(index) => {
            let (looked_up, yanked) = index.yanked(&packages.foreign);
            say(format_args!(
                "supply: {looked_up} of {} crates are in cargo's copy of the index; {} of them were taken back",
                packages.foreign.len(),
                yanked.len()
            ));
            wrong.extend(yanked);
        }
        None => say(format_args!(
            "supply: SKIPPED whether crates were taken back: cargo has no copy of the index"
        )),
    }
    match env::var_os(DATABASE) {
        Some(folder) => {
            let (advisories, known) =
                advisories::check(&PathBuf::from(folder), &packages.foreign, &allowed)?;
            say(format_args!(
                "supply: compared with {advisories} advisories"
            ));
            wrong.extend(known);
        }
        None => say(format_args!(
            "supply: SKIPPED known weaknesses: {DATABASE} names no checkout of the advisory database"
        )),
    }
    if wrong.is_empty() {
        say(format_args!(
            "supply: {} crates of others, as supply.toml allows them",
            packages.foreign.len()
        ));
        return Ok(());
    }
    for sentence in &wrong {
        say(format_args!("supply: {sentence}"));
    }
    Err(format!("{} things are not as supply.toml allows them", wrong.len()).into())
}

/// What is not allowed, and what is allowed without being there: sentences.
fn check(packages: &Packages, allowed: &Allowed) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut met = Met::default();
    for package in &packages.foreign {
        sources(package, &mut wrong);
        licence(package, allowed, &mut met, &mut wrong);
        code_at_build(package, allowed, &mut met, &mut wrong);
        let banned = allowed.banned.iter();
        if let Some((_, reason)) = banned
            .into_iter()
            .find(|(name, _)| fits(name, &package.name))
        {
            wrong.push(format!("{package} is banned: {reason}"));
        }
    }
    doubled(packages, allowed, &mut met, &mut wrong);
    for wildcard in &packages.wildcards {
        wrong.push(format!("{wildcard} without a version"));
    }
    stale(allowed, &met, &mut wrong);
    wrong
}

/// Entries of `supply.toml` that something answers to.
#[derive(Default)]
struct Met {
    licences: BTreeSet<String>,
    build_scripts: BTreeSet<String>,
    macros: BTreeSet<String>,
    doubled: BTreeSet<String>,
}

fn sources(package: &Package, wrong: &mut Vec<String>) {
    if !package.is_of_registry() {
        let source = package.source.as_deref().unwrap_or("a folder");
        wrong.push(format!(
            "{package} comes from {source}, not from the registry"
        ));
    }
}

fn licence(package: &Package, allowed: &Allowed, met: &mut Met, wrong: &mut Vec<String>) {
    let Some(text) = &package.license else {
        wrong.push(format!("{package} names no licence"));
        return;
    };
    match spdx::Expression::parse_mode(text, spdx::ParseMode::LAX) {
        Ok(expression) => {
            let holds = expression.evaluate(|requirement| {
                let name = requirement.to_string();
                let is_allowed = allowed.licences.contains(&name);
                if is_allowed {
                    met.licences.insert(name);
                }
                is_allowed
            });
            if !holds {
                wrong.push(format!("{package} has the licence {text}"));
            }
        }
        Err(error) => wrong.push(format!(
            "{package} has the licence {text}: {}",
            error.reason
        )),
    }
}

fn code_at_build(package: &Package, allowed: &Allowed, met: &mut Met, wrong: &mut Vec<String>) {
    let kinds = [
        (
            "build script",
            package.has_build_script(),
            &allowed.build_scripts,
        ),
        ("procedural macro", package.is_macro(), &allowed.macros),
    ];
    for (kind, is_so, list) in kinds {
        if !is_so {
            continue;
        }
        let entry = list
            .iter()
            .find(|(pattern, _)| fits(pattern, &package.name));
        match entry {
            Some((pattern, _)) if kind == "build script" => {
                met.build_scripts.insert(pattern.clone());
            }
            Some((pattern, _)) => {
                met.macros.insert(pattern.clone());
            }
            None => wrong.push(format!(
                "{package} runs code while it is built ({kind}), and supply.toml does not say so"
            )),
        }
    }
}

fn doubled(packages: &Packages, allowed: &Allowed, met: &mut Met, wrong: &mut Vec<String>) {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &packages.foreign {
        versions
            .entry(&package.name)
            .or_default()
            .insert(&package.version);
    }
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let entry = allowed.doubled.keys().find(|pattern| fits(pattern, name));
        if let Some(pattern) = entry {
            met.doubled.insert(pattern.clone());
            continue;
        }
        let list: Vec<_> = versions.iter().copied().collect();
        wrong.push(format!("{name} is there as {}", list.join(" and ")));
    }
}

/// What is allowed and not there any more.
fn stale(allowed: &Allowed, met: &Met, wrong: &mut Vec<String>) {
    let lists: [(&str, Vec<&String>, &BTreeSet<String>); 4] = [
        ("licences", allowed.licences.iter().collect(), &met.licences),
        (
            "build-scripts",
            allowed.build_scripts.keys().collect(),
            &met.build_scripts,
        ),
        ("macros", allowed.macros.keys().collect(), &met.macros),
        ("doubled", allowed.doubled.keys().collect(), &met.doubled),
    ];
    for (list, entries, met) in lists {
        for entry in entries.into_iter().filter(|entry| !met.contains(*entry)) {
            wrong.push(format!(
                "supply.toml allows {entry} in {list}, and nothing of that is there"
            ));
        }
    }
}

/// Whether a name is meant: itself, or all that begin as stands before a `*`.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

/// The lock of the fuzz targets, which are a workspace of their own: everything from the registry, each with its checksum.
fn lock(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for package in text.split("[[package]]").skip(1) {
        let field = |name: &str| {
            let mut lines = package.lines();
            let line = lines.find_map(|line| line.strip_prefix(name))?;
            line.strip_prefix(" = \"")?.strip_suffix('"')
        };
        let (name, source) = (field("name").unwrap_or("?"), field("source"));
        match source {
            Some(source) if !packages::is_registry(source) => {
                wrong.push(format!("fuzz: {name} comes from {source}"));
            }
            Some(_) if field("checksum").is_none() => {
                wrong.push(format!("fuzz: {name} has no checksum"));
            }
            _ => {}
        }
    }
    wrong
}

#[cfg(test)]
mod tests;
