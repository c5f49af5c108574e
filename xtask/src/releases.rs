//! The tables of releases and schemas, from `xapi-releases.tsv`, `xapi-schema-versions.tsv` and the list of products in
//! `xtask/data`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::rust::{banner, literal};
use crate::tsv::Table;
use crate::{Folders, Result};

pub(crate) fn generate(folders: &Folders) -> Result<String> {
    let releases = folders.shared("xapi-releases.tsv")?;
    let tags = folders.shared("xapi-schema-versions.tsv")?;
    let products = folders.own("products.tsv")?;
    let mut out = banner("releases");
    out.push_str("\nuse super::{Product, Release, Schema, XapiRange};\n");
    write_releases(&Table::parse(&releases)?, &mut out)?;
    write_schemas(&Table::parse(&tags)?, &Table::parse(&products)?, &mut out)?;
    Ok(out)
}

fn write_releases(table: &Table<'_>, out: &mut String) -> Result<()> {
    out.push_str("\npub(super) static RELEASES: &[Release] = &[\n");
    for row in table.rows() {
        let minor = match row.get("schema_minor")? {
            "" => "None".to_owned(),
            minor => format!("Some({})", minor.parse::<u32>()?),
        };
        writeln!(
            out,
            "    Release {{ name: {}, product: {}, minor: {minor}, date: {} }},",
            literal(row.get("release")?),
            literal(row.get("product")?),
            literal(row.get("date")?),
        )?;
    }
    out.push_str("];\n");
    Ok(())
}

/// What one schema number stands for, as Rust.
#[derive(Default)]
struct Schema {
    products: Vec<String>,
    xapi: Vec<String>,
}

fn write_schemas(tags: &Table<'_>, products: &Table<'_>, out: &mut String) -> Result<()> {
    let mut schemas: BTreeMap<u32, Schema> = BTreeMap::new();
    for row in products.rows() {
        let text = |name| row.get(name).map(literal);
        let product = format!(
            "Product {{ name: {}, version: {}, edition: {}, xapi: {} }}",
            text("product")?,
            text("version")?,
            text("edition")?,
            text("xapi")?,
        );
        let schema = schemas.entry(row.get("minor")?.parse()?).or_default();
        schema.products.push(product);
    }
    for range in ranges(tags)? {
        let text = format!(
            "XapiRange {{ first: {}, last: {}, since: {} }}",
            literal(&range.first),
            literal(&range.last),
            literal(&range.since),
        );
        schemas.entry(range.minor).or_default().xapi.push(text);
    }
    out.push_str("\npub(super) static SCHEMAS: &[Schema] = &[\n");
    for (minor, schema) in schemas {
        writeln!(out, "    Schema {{\n        minor: {minor},")?;
        write_list("products", &schema.products, out)?;
        write_list("xapi", &schema.xapi, out)?;
        out.push_str("    },\n");
    }
    out.push_str("];\n");
    Ok(())
}

fn write_list(name: &str, items: &[String], out: &mut String) -> Result<()> {
    if items.is_empty() {
        writeln!(out, "        {name}: &[],")?;
        return Ok(());
    }
    writeln!(out, "        {name}: &[")?;
    for item in items {
        writeln!(out, "            {item},")?;
    }
    out.push_str("        ],\n");
    Ok(())
}

struct Range {
    minor: u32,
    first: String,
    last: String,
    since: String,
}

/// Runs of versions with one schema. A tag that is no plain version (a code name, a branch point, an experiment) is left
/// out. A version that was tagged twice with different schemas makes two runs.
fn ranges(tags: &Table<'_>) -> Result<Vec<Range>> {
    let mut versions = Vec::new();
    for row in tags.rows() {
        let tag = row.get("xapi_tag")?;
        let version = tag.strip_prefix('v').unwrap_or(tag);
        let numbers: std::result::Result<Vec<u32>, _> =
            version.split('.').map(|number| number.parse()).collect();
        if row.get("schema_major")? != "5" {
            return Err(format!("{tag}: a schema of another major number").into());
        }
        if let Ok(numbers) = numbers {
            let minor: u32 = row.get("schema_minor")?.parse()?;
            versions.push((numbers, minor, version, row.get("date")?));
        }
    }
    versions.sort();
    let mut ranges: Vec<Range> = Vec::new();
    for (_, minor, version, date) in versions {
        match ranges.last_mut() {
            Some(range) if range.minor == minor => range.last = version.to_owned(),
            _ => ranges.push(Range {
                minor,
                first: version.to_owned(),
                last: version.to_owned(),
                since: date.to_owned(),
            }),
        }
    }
    Ok(ranges)
}
