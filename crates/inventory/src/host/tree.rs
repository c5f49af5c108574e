//! The sections `folders`, `databases` and `sensitive` of a host backup.

use std::collections::BTreeMap;

use xenspect_host::sizes;
use xenspect_model::catalog::{EmbeddedState, HostBackup};
use xenspect_model::inventory::{Cell, Section, Table};

use super::sensitive_files;
use crate::bounded::clip;
use crate::section::{bytes, int, section, text, time};
use crate::summary::newest_date;
use crate::view::{Pool, Role, Vm};
use crate::{Store, iso_8601};

/// Paths that are told of a kind; more are counted.
const PATHS: usize = 50;

pub(super) fn folders(backup: &HostBackup) -> Section {
    let mut table = Table::new(&[
        text("folder", "folder"),
        int("members", "files").rank(1),
        bytes("size", "size"),
        int("percent", "% of 18 GiB"),
        int("percent_before_7", "% of 4 GiB").rank(2),
    ]);
    let percent =
        |bytes, partition| Cell::Int(i64::try_from(percent(bytes, partition)).unwrap_or(i64::MAX));
    let mut folders: Vec<_> = backup.folders.iter().collect();
    folders.sort_by_key(|(name, size)| (std::cmp::Reverse(size.bytes), *name));
    for (name, size) in folders {
        table.rows.push(vec![
            Cell::Text(clip(name.into())),
            Cell::Int(i64::try_from(size.members).unwrap_or(i64::MAX)),
            Cell::Bytes(size.bytes),
            percent(size.bytes, sizes::BACKUP),
            percent(size.bytes, sizes::BEFORE_7),
        ]);
    }
    section("folders", "Folders", table)
}

/// How much of a partition so many bytes are, rounded up, so that nothing but nothing is 0 %.
pub(super) fn percent(bytes: u64, partition: u64) -> u128 {
    (u128::from(bytes) * 100).div_ceil(u128::from(partition.max(1)))
}

pub(super) fn databases(backup: &HostBackup) -> Section {
    let mut table = Table::new(&[
        text("file", "file"),
        int("generation", "generation"),
        text("schema", "schema").rank(7),
        text("pool", "pool").rank(3),
        int("hosts", "hosts").rank(5),
        int("vms", "VMs").rank(4),
        int("srs", "SRs").rank(6),
        time("newest_date", "newest date").rank(2),
        text("remark", "remark").rank(1),
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
                    Cell::Int(i64::try_from(vms(store)).unwrap_or(i64::MAX)),
                    count("SR"),
                    newest.map_or(Cell::None, Cell::Time),
                    crate::of::incomplete(dump).into(),
                ]);
            }
            state => {
                row.resize_with(8, || Cell::None);
                row.push(Cell::Text(unread(state)));
            }
        }
        table.rows.push(row);
    }
    section("databases", "Pool databases", table)
}

/// Why a database that is not read is not.
pub(super) fn unread(state: &EmbeddedState) -> String {
    let words = match state {
        EmbeddedState::Unusable(why) => format!("cannot be read: {why}"),
        EmbeddedState::TooLarge { size } => {
            format!("longer than the limit for databases ({size} bytes)")
        }
        _ => "the archive ends inside of it".to_owned(),
    };
    clip(words.into())
}

/// VMs that are neither templates, snapshots nor control domains.
pub(super) fn vms(store: Store<'_>) -> usize {
    let vms = store.of_class("VM").map(Vm);
    vms.filter(|vm| vm.role() == Role::Vm).count()
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
    fn a_percentage_is_rounded_up() {
        for (bytes, partition, expected) in [
            (0, 100, 0),
            (1, 1 << 40, 1),
            (50, 100, 50),
            (501, 1000, 51),
            (225, 100, 225),
            (u64::MAX, 1, u128::from(u64::MAX) * 100),
            (1, 0, 100),
        ] {
            assert_eq!(percent(bytes, partition), expected, "{bytes} {partition}");
        }
    }
}
