//! Releases and schemas: which schema number a product or a build of xapi has, and back. The tables in `generated` are
//! made from the tags of xapi and a list of products by `cargo run -p xtask -- releases`; searching them lives here.
//!
//! The major number is 5 throughout, so a schema is named by its minor number. Equal numbers do not prove equal columns:
//! vendors have reused upstream numbers for column sets of their own (`formats/pool-db.md` section 6).
//!
//! ```
//! use xenspect_xapi::releases;
//!
//! let schema = releases::schema(603).unwrap();
//! assert_eq!(schema.products[0].to_string(), "Citrix Hypervisor 8.2 CU1");
//! assert_eq!(schema.xapi[0].first, "1.249.29");
//! assert_eq!(releases::schemas_of_xapi("24.19.2"), [779]);
//! assert_eq!(releases::schemas_of_product("XenServer", "7.6.0"), [203]);
//! ```

#[rustfmt::skip]
mod generated;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;

use generated::{RELEASES, SCHEMAS};

/// The major number of every schema.
pub const MAJOR: i64 = 5;

/// A release as histories of fields name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// Its name in the histories: a code name such as `boston`, or a version of xapi.
    pub name: &'static str,
    /// The product, or the version of xapi.
    pub product: &'static str,
    /// Minor number of its schema, where it is known.
    pub minor: Option<u32>,
    /// Date as `YYYY-MM-DD`, or empty.
    pub date: &'static str,
}

/// A schema number and what has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The minor number.
    pub minor: u32,
    /// Products known to have it.
    pub products: &'static [Product],
    /// Upstream builds of xapi that have it, oldest version first.
    pub xapi: &'static [XapiRange],
}

/// A product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// Its name: `XenServer`, `Citrix Hypervisor` or `XCP-ng`.
    pub name: &'static str,
    /// Its version, as far as hosts report it: `8.3` stands for `8.3.0`.
    pub version: &'static str,
    /// What sets it apart from others of that version: a service pack or a hotfix. May be empty.
    pub edition: &'static str,
    /// The vendor's build of xapi, where it is known and says more than the tags. May be empty.
    pub xapi: &'static str,
}

impl fmt::Display for Product {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)?;
        if !self.edition.is_empty() {
            write!(f, " {}", self.edition)?;
        }
        if !self.xapi.is_empty() {
            write!(f, " (xapi {})", self.xapi)?;
        }
        Ok(())
    }
}

/// Consecutive releases of xapi that have one schema, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XapiRange {
    /// The first version.
    pub first: &'static str,
    /// The last version.
    pub last: &'static str,
    /// Date of the first one's tag as `YYYY-MM-DD`.
    pub since: &'static str,
}

/// All releases, oldest first.
pub fn releases() -> &'static [Release] {
    RELEASES
}

/// All schemas, ascending.
pub fn schemas() -> &'static [Schema] {
    SCHEMAS
}

/// What is known of a schema.
pub fn schema(minor: u32) -> Option<&'static Schema> {
    let at = SCHEMAS
        .binary_search_by_key(&minor, |schema| schema.minor)
        .ok()?;
    SCHEMAS.get(at)
}

/// The known schemas just below and just above a number that is not known itself.
pub fn neighbours(minor: u32) -> (Option<&'static Schema>, Option<&'static Schema>) {
    let at = SCHEMAS.partition_point(|schema| schema.minor < minor);
    let below = at.checked_sub(1).and_then(|at| SCHEMAS.get(at));
    let above = SCHEMAS
        .get(at..)
        .and_then(|rest| rest.iter().find(|schema| schema.minor != minor));
    (below, above)
}

/// The highest schema number in the table. A dump with a higher one is of a later release.
pub fn latest() -> u32 {
    SCHEMAS.last().map_or(0, |schema| schema.minor)
}

/// Schemas of an upstream build of xapi, ascending. Mostly one; some version numbers were given twice. A vendor's build
/// of the same version may have another.
pub fn schemas_of_xapi(version: &str) -> Vec<u32> {
    let covers = |range: &XapiRange| {
        compare(range.first, version).is_le() && compare(version, range.last).is_le()
    };
    let found = SCHEMAS
        .iter()
        .filter(|schema| schema.xapi.iter().any(covers));
    found.map(|schema| schema.minor).collect()
}

/// Schemas of a product, ascending. The version is as hosts report it, and the most specific entry counts: for `8.2.1`
/// one of `8.2` if there is none of `8.2.1`. Names are compared without regard to case.
pub fn schemas_of_product(name: &str, version: &str) -> Vec<u32> {
    let mut best = 0;
    let mut found = Vec::new();
    for schema in SCHEMAS {
        let fit = schema
            .products
            .iter()
            .filter(|product| product.name.eq_ignore_ascii_case(name))
            .filter(|product| is_of(version, product.version))
            .map(|product| product.version.len())
            .max();
        match fit.map(|fit| fit.cmp(&best)) {
            Some(Ordering::Greater) => {
                best = fit.unwrap_or_default();
                found = vec![schema.minor];
            }
            Some(Ordering::Equal) => found.push(schema.minor),
            Some(Ordering::Less) | None => {}
        }
    }
    found
}

/// True when `version` is `entry`, or continues it after a dot.
fn is_of(version: &str, entry: &str) -> bool {
    version
        .strip_prefix(entry)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Compares versions number by number; a missing number is zero.
fn compare(a: &str, b: &str) -> Ordering {
    let mut a = a.split('.');
    let mut b = b.split('.');
    loop {
        let (x, y) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) => (x.unwrap_or("0"), y.unwrap_or("0")),
        };
        let order = match (x.parse::<u64>(), y.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            _ => x.cmp(y),
        };
        if order.is_ne() {
            return order;
        }
    }
}
