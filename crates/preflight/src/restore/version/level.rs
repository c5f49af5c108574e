//! What runs on either side, and which schema that means.

use std::fmt;

use xenspect_inventory::view::Host;
use xenspect_model::preflight::Level;
use xenspect_model::target::{Target, TargetProduct};
use xenspect_xapi::releases::{self, MAJOR};

use super::Numbers;
use crate::restore::Restore;

/// Product and build of one side, as it spells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) brand: Option<String>,
    pub(super) version: Option<String>,
    build: Option<String>,
    platform: Option<String>,
    pub(super) xapi: Option<String>,
}

/// A name or build that is another one on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) name: &'static str,
    pub(super) dump: String,
    pub(super) target: String,
}

/// The target's schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Schema {
    /// Nothing tells.
    Unknown,
    /// It is this.
    Known(Numbers),
    /// The product has had several, ascending.
    OneOf(Vec<Numbers>),
}

impl Schema {
    pub(super) fn known(&self) -> Option<Numbers> {
        match self {
            Self::Known(numbers) => Some(*numbers),
            Self::Unknown | Self::OneOf(_) => None,
        }
    }

    /// The lowest that it can be.
    pub(super) fn lowest(&self) -> Option<Numbers> {
        match self {
            Self::Unknown => None,
            Self::Known(numbers) => Some(*numbers),
            Self::OneOf(all) => all.first().copied(),
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("not known"),
            Self::Known(numbers) => f.write_str(&spelled(*numbers)),
            Self::OneOf(all) => {
                let all: Vec<String> = all.iter().map(|numbers| spelled(*numbers)).collect();
                f.write_str(&all.join(" or "))
            }
        }
    }
}

/// `5.603`.
pub(super) fn spelled((major, minor): Numbers) -> String {
    format!("{major}.{minor}")
}

/// The schema of a target: told by itself, or what its build of xapi or its product has.
pub(super) fn schema_of(product: &TargetProduct) -> Schema {
    let told = product
        .schema
        .as_deref()
        .and_then(|text| text.split_once('.'));
    let told = told.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    if let Some(numbers) = told {
        return Schema::Known(numbers);
    }
    let mut found = Vec::new();
    if let Some(build) = product.xapi.as_deref().and_then(full_version) {
        found = of_build(product.brand.as_deref(), &build);
    }
    if let (true, Some(brand), Some(version)) = (found.is_empty(), &product.brand, &product.version)
    {
        found = releases::schemas_of_product(brand, version);
    }
    let mut found: Vec<Numbers> = found
        .into_iter()
        .map(|minor| (MAJOR, i64::from(minor)))
        .collect();
    match (found.len(), found.pop()) {
        (1, Some(numbers)) => Schema::Known(numbers),
        (_, Some(numbers)) => {
            found.push(numbers);
            Schema::OneOf(found)
        }
        _ => Schema::Unknown,
    }
}

/// Schemas of a build. A vendor's own list goes before the tags of xapi, since its builds have columns of their own.
fn of_build(brand: Option<&str>, build: &str) -> Vec<u32> {
    let names = |product: &&releases::Product| {
        let same = brand.is_some_and(|brand| product.name.eq_ignore_ascii_case(brand));
        same && product.xapi.split(", ").any(|known| known == build)
    };
    let listed = releases::schemas().iter();
    let listed = listed.filter(|schema| schema.products.iter().any(|product| names(&product)));
    let listed: Vec<u32> = listed.map(|schema| schema.minor).collect();
    if listed.is_empty() {
        releases::schemas_of_xapi(build)
    } else {
        listed
    }
}

/// `1.249.32` of `1.249.32-2.1.xcpng8.2`. What has two numbers only is the version of an interface and says nothing.
fn full_version(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let numbers = text.get(..end)?.trim_matches('.');
    (numbers.split('.').count() >= 3).then(|| numbers.to_owned())
}

impl Side {
    pub(super) fn of_dump(restore: &Restore<'_>) -> Self {
        let host = restore.coordinator.map(Host);
        // Before 6.0 the manifest named the product.
        let told = |key: &str, in_manifest: &str| {
            let told = host
                .and_then(|host| host.software(key))
                .map(|text| text.into_owned());
            let manifest = restore.dump.database.manifest_value(in_manifest);
            told.or_else(|| manifest.filter(|text| !text.is_empty()).map(str::to_owned))
        };
        Self {
            brand: told("product_brand", "product_brand"),
            version: told("product_version", "product_version"),
            build: told("build_number", "build_number"),
            platform: told("platform_version", ""),
            xapi: told("xapi_build", "").or_else(|| told("xapi", "")),
        }
    }

    pub(super) fn of_target(target: &Target) -> Self {
        let product = &target.product;
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Self {
            brand: filled(&product.brand),
            version: filled(&product.version),
            build: filled(&product.build),
            platform: filled(&product.platform),
            xapi: filled(&product.xapi),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.brand.is_some() || self.version.is_some() || self.xapi.is_some()
    }

    /// Who makes it. XenServer was called Citrix Hypervisor for some releases.
    pub(super) fn vendor(&self) -> Option<&'static str> {
        vendor_of(self.brand.as_deref()?)
    }

    /// The whole version of xapi, where it is told.
    pub(super) fn whole_xapi(&self) -> Option<String> {
        self.xapi
            .clone()
            .filter(|xapi| full_version(xapi).is_some())
    }

    /// Product and version: `XCP-ng 8.3.0`.
    pub(super) fn product(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.brand, &self.version]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    /// What both sides tell and tell differently.
    pub(super) fn differences(&self, other: &Self) -> Vec<Difference> {
        // Spellings of one build: what has two numbers only is not compared with the whole version.
        let pairs = [
            ("brand", self.brand.clone(), other.brand.clone()),
            ("version", self.version.clone(), other.version.clone()),
            ("platform", self.platform.clone(), other.platform.clone()),
            ("build", self.build.clone(), other.build.clone()),
            ("xapi", self.whole_xapi(), other.whole_xapi()),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, dump, target)| {
            let (dump, target) = dump.zip(target)?;
            let difference = Difference { name, dump, target };
            (!difference.dump.eq_ignore_ascii_case(&difference.target)).then_some(difference)
        });
        pairs.collect()
    }

    /// Whether both name one vendor and one whole version of xapi; where one of them does not tell that of xapi, one version
    /// and build of the product.
    pub(super) fn is_same_build(&self, other: &Self) -> bool {
        let same =
            |ours: &Option<String>, theirs: &Option<String>| ours.is_some() && ours == theirs;
        let xapi = match (self.whole_xapi(), other.whole_xapi()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => same(&self.version, &other.version) && same(&self.build, &other.build),
        };
        xapi && self.vendor() == other.vendor()
    }

    /// As a report shows it.
    pub(super) fn level(&self, schema: Option<Numbers>) -> Level {
        let minor = schema
            .filter(|(major, _)| *major == MAJOR)
            .map(|(_, minor)| minor);
        let known = minor
            .and_then(|minor| u32::try_from(minor).ok())
            .and_then(releases::schema);
        let product = match (self.product(), &self.build) {
            (Some(product), Some(build)) => Some(format!("{product} build {build}")),
            (product, _) => product,
        };
        Level {
            product,
            xapi: self.xapi.clone(),
            schema: schema.map(spelled),
            releases: known.map_or_else(Vec::new, |schema| {
                schema.products.iter().map(ToString::to_string).collect()
            }),
            builds: known.map_or_else(Vec::new, |schema| schema.xapi.iter().map(range).collect()),
        }
    }
}

/// Who makes a product, by its name with or without its version.
pub(super) fn vendor_of(product: &str) -> Option<&'static str> {
    let product = product.to_ascii_lowercase();
    let is = |brand| product.starts_with(brand);
    if is("xcp-ng") {
        Some("XCP-ng")
    } else if is("xenserver") || is("citrix hypervisor") || is("citrix xenserver") {
        Some("XenServer")
    } else {
        None
    }
}

fn range(range: &releases::XapiRange) -> String {
    if range.first == range.last {
        range.first.to_owned()
    } else {
        format!("{} to {}", range.first, range.last)
    }
}

/// What a level is called: the products that have the schema, or else the builds of xapi, or else the host's own words.
pub(super) fn names(level: &Level) -> Vec<String> {
    if !level.releases.is_empty() {
        return level.releases.clone();
    }
    if !level.builds.is_empty() {
        return level
            .builds
            .iter()
            .map(|build| format!("xapi {build}"))
            .collect();
    }
    level.product.iter().cloned().collect()
}
