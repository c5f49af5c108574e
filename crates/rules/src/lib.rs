//! What is wrong with a backup, how bad it is, and what to do: rules read a [`Catalog`] and give
//! findings, a verdict and an outlook on an import. They know no files, threads or clocks.
//!
//! A fault is told once. Where one thing explains another (a lost header, the checksum that then
//! has no block, the disk that ends too early), the rules name the cause and leave out the
//! consequence; the numbers of the consequence stay visible in the disk's row.

pub mod copy;
mod disks;
mod document;
mod dump;
mod ending;
mod facts;
mod few;
mod host_backup;
mod import;
mod input;
mod listed;
mod metadata;
mod metadata_only;
mod scope;
mod sink;
mod survey;
mod verdict;

pub use input::input;
pub use verdict::{firm, judge_anew};

use std::collections::BTreeMap;

use survey::Survey;
use xenspect_model::catalog::{Archive, Dump};
use xenspect_model::{Catalog, Code, Finding, Severity};

/// The findings about one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// In the order of their place; those without one come first.
    pub findings: Vec<Finding>,
    /// How many more there are of a code than are kept.
    pub omitted: BTreeMap<Code, u64>,
}

/// Findings of one code that are kept; further ones are counted.
const KEPT: usize = 1000;
/// Ids and places that one fact names; further ones are counted.
const NAMED: usize = 8;

/// Judges a catalog by all rules.
#[must_use]
pub fn judge(catalog: &Catalog) -> Judgement {
    match catalog {
        Catalog::Archive(archive) => judge_with(archive, &Survey::of(archive)),
        Catalog::Dump(dump) => dump::judge(dump),
        Catalog::Document(document) => document::judge(document),
        Catalog::Host(host) => host_backup::judge(host),
    }
}

/// Judges a pool database by itself, such as one inside of a host backup.
#[must_use]
pub fn judge_dump(dump: &Dump) -> Judgement {
    dump::judge(dump)
}

fn judge_with(catalog: &Archive, survey: &Survey<'_>) -> Judgement {
    let mut judgement = Judgement::default();
    facts::judge(catalog, survey, &mut judgement);
    judgement.take(metadata::judge(catalog));
    judgement.take(disks::judge(catalog, survey));
    metadata::count_not_kept(&catalog.metadata, &mut judgement.omitted);
    disks::count_not_kept(catalog, &mut judgement.omitted);
    judgement.findings.extend(ending::judge(catalog, survey));
    judgement.sort();
    judgement.cut_long_lists();
    judgement
}

impl Judgement {
    /// Puts the findings in the order of their place. Stable, so those of one place keep the order of the rules.
    fn sort(&mut self) {
        self.findings.sort_by_key(|finding| finding.place.offset);
    }

    /// Keeps the first findings of each code and severity, and counts the rest.
    fn cut_long_lists(&mut self) {
        let mut kept: BTreeMap<(Code, Severity), usize> = BTreeMap::new();
        let omitted = &mut self.omitted;
        self.findings.retain(|finding| {
            let seen = kept.entry((finding.code, finding.severity)).or_default();
            *seen += 1;
            if *seen > KEPT {
                *omitted.entry(finding.code).or_default() += 1;
            }
            *seen <= KEPT
        });
    }
}

/// Adds a list of texts to a finding: the first ones, and how many more there are.
fn list<'a>(finding: Finding, name: &str, texts: impl Iterator<Item = &'a str>) -> Finding {
    let mut texts = texts.fuse();
    let first: Vec<String> = texts.by_ref().take(NAMED).map(str::to_owned).collect();
    if first.is_empty() {
        return finding;
    }
    let finding = finding.fact(name, first);
    match texts.count() as u64 {
        0 => finding,
        more => finding.fact(&format!("{name}_more"), more),
    }
}
