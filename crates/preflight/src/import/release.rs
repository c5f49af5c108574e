//! What a target can read, by its release; and the version gate's two sides.

use xenspect_model::Code;
use xenspect_model::preflight::{Level, VersionAnswer, VersionRelation};
use xenspect_model::target::TargetProduct;

use super::Import;
use crate::verdicts::Verdicts;

/// Two numbers of a version.
pub(super) type Pair = (u32, u32);

/// The release that the target runs, from whatever is known of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Running {
    /// What xapi compares with an export's `xapi_major` and `xapi_minor`.
    pub(super) gate: Option<Pair>,
    /// The build of xapi: `(1, 249)`.
    pub(super) build: Option<Pair>,
    /// The product's version: `(8, 2)`.
    pub(super) product: Option<Pair>,
    xcp_ng: bool,
}

impl Running {
    pub(super) fn of(product: &TargetProduct) -> Self {
        let (gate, build) = product.xapi.as_deref().map_or((None, None), xapi);
        let product_version = product.version.as_deref().and_then(pair);
        Self {
            gate: gate.or_else(|| product_version.and_then(gate_of_product)),
            build,
            product: product_version.or_else(|| build.and_then(product_of_build)),
            xcp_ng: product.brand.as_deref() == Some("XCP-ng"),
        }
    }

    /// Whether it is this release or a later one.
    pub(super) fn at_least(self, release: Pair) -> Option<bool> {
        if self.gate.is_some_and(|(major, _)| major > 1) {
            return Some(true);
        }
        self.product.map(|product| product >= release)
    }

    /// Whether it reads XXH64 sums: xapi 1.170 and later, so 8.1 (`formats/xva.md` section 6).
    pub(super) fn reads_xxh64(self) -> Option<bool> {
        let by_build = self.build.map(|build| build >= (1, 170));
        by_build.or_else(|| self.at_least((8, 1)))
    }

    /// Whether it reads zstd: xapi 1.166 and later, and XCP-ng since 7.6 (`formats/xva.md` section 7).
    pub(super) fn reads_zstd(self) -> Option<bool> {
        let first = if self.xcp_ng { (7, 6) } else { (8, 1) };
        let by_build = self.build.filter(|_| !self.xcp_ng);
        let by_build = by_build.map(|build| build >= (1, 166));
        by_build.or_else(|| self.at_least(first))
    }

    /// Whether it takes an export of this version of xapi (`formats/xva.md` section 11.2).
    pub(super) fn takes(self, exporter: Pair) -> Option<bool> {
        let own = self.gate?;
        // Any other major number was refused until 21.1.0; those that differ and are older can only be 0 before.
        Some(own >= exporter && (own.0 == exporter.0 || own.0 > 20))
    }
}

/// The first two numbers of a version.
pub(super) fn pair(text: &str) -> Option<Pair> {
    let mut parts = text.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().map_or(Some(0), |part| {
        let digits = part.split(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|digits| digits.parse().ok())
    });
    Some((major, minor?))
}

/// The gate's numbers and the build's (`formats/xva.md` section 10). Up to 8.2 a build has numbers of its own: 1.249.32
/// calls itself 1.20 to importers.
fn xapi(text: &str) -> (Option<Pair>, Option<Pair>) {
    let Some(version) = pair(text) else {
        return (None, None);
    };
    let is_build = text.matches('.').count() > 1;
    match version {
        (major, _) if major > 1 => (Some(version), Some(version)),
        (1, minor) if minor >= 60 => (Some((1, 20)), Some(version)),
        (1, 9..=30) if is_build => (Some((1, 9)), Some(version)),
        (1, 0..=20) if !is_build => (Some(version), None),
        _ => (None, None),
    }
}

fn gate_of_product(product: Pair) -> Option<Pair> {
    match product {
        (8, 0..=2) | (7, 3..=6) => Some((1, 20)),
        (6, 5) | (7, 0..=2) => Some((1, 9)),
        (5, 6) | (6, 0..=2) => Some((1, 3)),
        _ => None,
    }
}

fn product_of_build(build: Pair) -> Option<Pair> {
    match build {
        (1, 110) => Some((7, 6)),
        (1, 160) => Some((8, 0)),
        (1, 214) => Some((8, 1)),
        (1, 249) => Some((8, 2)),
        (23.., _) => Some((8, 3)),
        _ => None,
    }
}

/// Version against version.
pub(super) fn answer(import: &Import<'_>, verdicts: &Verdicts) -> VersionAnswer {
    let exporter = import.input.exporter.as_ref();
    let words = |words: [&str; 3]| {
        let filled: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        (!filled.is_empty()).then(|| filled.join(" "))
    };
    let product = &import.target.product;
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let target = words([
        &text(&product.brand),
        &text(&product.version),
        &text(&product.build),
    ]);
    let numbers = exporter.and_then(|exporter| pair(exporter.xapi.as_deref()?));
    let relation = match (numbers, import.running.gate) {
        (Some(theirs), Some(own)) if theirs > own => VersionRelation::Newer,
        (Some(theirs), Some(own)) if theirs < own => VersionRelation::Older,
        (Some(_), Some(_)) => {
            let brand = exporter.map(|exporter| exporter.product_brand.as_str());
            let version = exporter.map(|exporter| exporter.product_version.as_str());
            let differ = |theirs: Option<&str>, own: &Option<String>| {
                own.as_deref().is_some_and(|own| theirs != Some(own))
            };
            if differ(brand, &product.brand) || differ(version, &product.version) {
                VersionRelation::SameNumber
            } else {
                VersionRelation::Same
            }
        }
        _ => VersionRelation::Unknown,
    };
    VersionAnswer {
        input: Level {
            product: exporter.and_then(|exporter| {
                let (brand, version) = (&exporter.product_brand, &exporter.product_version);
                words([brand, version, &exporter.build_number])
            }),
            xapi: exporter.and_then(|exporter| exporter.xapi.clone()),
            ..Level::default()
        },
        target: Level {
            product: target,
            xapi: product.xapi.clone(),
            schema: product.schema.clone(),
            ..Level::default()
        },
        relation,
        way_out: if verdicts.has(Code::ImportVersion) {
            way_out(numbers)
        } else {
            Vec::new()
        },
    }
}

fn way_out(exporter: Option<Pair>) -> Vec<String> {
    let needed = exporter.map_or_else(
        || "the exporter's version".to_owned(),
        |(major, minor)| format!("xapi {major}.{minor}"),
    );
    vec![
        format!("Update the target, or take another one, until it runs {needed} or later."),
        "Run this preflight again against it.".to_owned(),
        "Import there. An export cannot be made older: if the target must stay, copy the disks alone \
         (`xe vdi-import`) into VMs that are made by hand."
            .to_owned(),
    ]
}

/// The exporter's numbers.
pub(super) fn exporter(import: &Import<'_>) -> Option<Pair> {
    pair(import.input.exporter.as_ref()?.xapi.as_deref()?)
}
