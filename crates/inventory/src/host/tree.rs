//! The sections `packages`, `folders`, `databases` and `sensitive` of a host backup.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_model::catalog::{EmbeddedState, HostBackup};
use xenspect_model::inventory::{Cell, Section, Table};

use super::{Files, sensitive_files};
use crate::bounded::clip;
use crate::section::{bytes, int, section, text, time};
use crate::summary::newest_date;
use crate::view::Pool;
use crate::{Store, iso_8601};

/// Where supplemental packs are recorded, a folder for each, `ORIGINATOR:NAME`.
const REPOSITORIES: &str = "etc/xensource/installed-repos/";
/// Paths that are told of a kind; more are counted.
const PATHS: usize = 8;

pub(super) fn packages(files: Files<'_>) -> Section {
    let mut table = Table::new(&[
        text("name", "name"),
        text("originator", "originator").rank(1),
        text("version", "version"),
        text("build", "build").rank(3),
        text("description", "description").rank(2),
    ]);
    let below = |path: &String| path.starts_with(REPOSITORIES);
    let paths = files.0.files.range(REPOSITORIES.to_owned()..);
    let names: BTreeSet<&str> = paths
        .map(|(path, _)| path)
        .take_while(|path| below(path))
        .filter_map(|path| path.strip_prefix(REPOSITORIES)?.split('/').next())
        .filter(|name| !name.is_empty())
        .collect();
    for pack in names {
        let (originator, name) = match pack.split_once(':') {
            Some((originator, name)) => (Cell::Text(clip(originator.into())), name),
            None => (Cell::None, pack),
        };
        let xml = files.bytes(&format!("{REPOSITORIES}{pack}/XS-REPOSITORY"));
        let xml = String::from_utf8_lossy(xml.unwrap_or_default());
        let attribute = |name| attribute(&xml, name).map(|value| clip(value.into()));
        table.rows.push(vec![
            Cell::Text(clip(name.into())),
            originator,
            attribute("version").into(),
            attribute("build").into(),
            between(&xml, "<description>", "</description>")
                .map(|text| clip(text.trim().into()))
                .into(),
        ]);
    }
    section("packages", "Packages", table)
}

/// An attribute of the first element, `<repository … version="1.0" …>`.
fn attribute<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let element = between(xml, "<repository", ">")?;
    between(element, &format!(" {name}=\""), "\"")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

pub(super) fn folders(backup: &HostBackup) -> Section {
    let mut table = Table::new(&[
        text("folder", "folder"),
        int("members", "files").rank(1),
        bytes("size", "size"),
    ]);
    let mut folders: Vec<_> = backup.folders.iter().collect();
    folders.sort_by_key(|(name, size)| (std::cmp::Reverse(size.bytes), *name));
    for (name, size) in folders {
        table.rows.push(vec![
            Cell::Text(clip(name.into())),
            Cell::Int(i64::try_from(size.members).unwrap_or(i64::MAX)),
            Cell::Bytes(size.bytes),
        ]);
    }
    section("folders", "Folders", table)
}

pub(super) fn databases(backup: &HostBackup) -> Section {
    let mut table = Table::new(&[
        text("path", "path"),
        int("generation", "generation"),
        text("schema", "schema").rank(2),
        text("pool", "pool").rank(1),
        int("hosts", "hosts").rank(4),
        int("vms", "VMs").rank(3),
        time("newest_date", "newest date").rank(5),
        text("remark", "remark").rank(6),
    ]);
    for database in &backup.databases {
        let mut row = vec![Cell::Text(clip(database.path.as_str().into()))];
        match &database.state {
            EmbeddedState::Read(dump) => {
                let database = &dump.database;
                let store = Store::Pool(database);
                let count =
                    |class| Cell::Int(i64::try_from(store.count(class)).unwrap_or(i64::MAX));
                let schema = database.schema();
                let pool = Pool::of(store);
                let pool = pool.and_then(|pool| Some(clip(pool.0.name()?)));
                let newest = newest_date(database).map(|(date, _)| iso_8601(date));
                row.extend([
                    database.generation().into(),
                    schema
                        .map(|(major, minor)| format!("{major}.{minor}"))
                        .into(),
                    pool.into(),
                    count("host"),
                    count("VM"),
                    newest.map_or(Cell::None, Cell::Time),
                    crate::of::incomplete(dump).into(),
                ]);
            }
            state => {
                let remark = match state {
                    EmbeddedState::Unusable(why) => format!("cannot be read: {why}"),
                    EmbeddedState::TooLarge { size } => {
                        format!("longer than the limit for databases ({size} bytes)")
                    }
                    _ => "the archive ends inside of it".to_owned(),
                };
                row.resize_with(7, || Cell::None);
                row.push(Cell::Text(clip(remark.into())));
            }
        }
        table.rows.push(row);
    }
    section("databases", "Pool databases", table)
}

pub(super) fn sensitive(backup: &HostBackup) -> Section {
    let mut table = Table::new(&[
        text("kind", "kind"),
        int("files", "files"),
        crate::section::list("paths", "paths").rank(1),
    ]);
    let mut kinds: BTreeMap<_, (i64, Vec<String>)> = BTreeMap::new();
    for (path, kind, _) in sensitive_files(backup) {
        let (count, paths) = kinds.entry(kind).or_default();
        *count = count.saturating_add(1);
        if paths.len() < PATHS {
            paths.push(clip(path.into()));
        }
    }
    for (kind, (count, paths)) in kinds {
        let row = [
            Cell::text(kind.title()),
            Cell::Int(count),
            Cell::List(paths),
        ];
        table.rows.push(row.into());
    }
    section("sensitive", "Files with secrets", table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_says_its_version() {
        let xml = r#"<?xml version="1.0"?><repository originator="xs" name="main" product="XenServer" version="6.2.0" build="70446c"><description>Linux</description></repository>"#;
        assert_eq!(attribute(xml, "version"), Some("6.2.0"));
        assert_eq!(attribute(xml, "build"), Some("70446c"));
        assert_eq!(attribute(xml, "nothing"), None);
        assert_eq!(
            between(xml, "<description>", "</description>"),
            Some("Linux")
        );
    }
}
