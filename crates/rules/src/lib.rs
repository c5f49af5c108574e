//! What is wrong with a backup, how bad it is, and what to do: rules read a [`Catalog`] and give
//! findings, a verdict and an outlook on an import. They know no files, threads or clocks.
//!
//! A fault is told once. Where one thing explains another (a lost header, the checksum that then
//! has no block, the disk that ends too early), the rules name the cause and leave out the
//! consequence; the numbers of the consequence stay visible in the disk's row.

mod disks;
mod ending;
mod facts;
mod import;
mod input;
mod metadata;
mod scope;
mod survey;
mod verdict;

pub use input::input;
pub use verdict::is_cut_short;

use std::collections::BTreeMap;

use xenspect_model::{Catalog, Code, Finding};

/// The findings about one input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// In the order of their place; those without one come first.
    pub findings: Vec<Finding>,
    /// How many more there are of a code than are kept.
    pub omitted: BTreeMap<Code, u64>,
}

/// Judges a catalog by all rules.
#[must_use]
pub fn judge(catalog: &Catalog) -> Judgement {
    let mut judgement = Judgement::default();
    let survey = survey::Survey::of(catalog);
    facts::judge(catalog, &survey, &mut judgement);
    judgement.findings.extend(metadata::judge(catalog));
    judgement.findings.extend(disks::judge(catalog, &survey));
    let not_kept = disks::irregular_not_kept(catalog);
    if not_kept > 0 {
        judgement.omitted.insert(Code::BlockShort, not_kept);
    }
    judgement.findings.extend(ending::judge(catalog, &survey));
    // Stable, so findings of one place keep the order of the rules.
    judgement
        .findings
        .sort_by_key(|finding| finding.place.offset);
    judgement
}
