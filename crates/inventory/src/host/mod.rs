//! What is in a host backup (`formats/host-backup.md`): what the files of the host's root tell of it, by section.

mod certificates;
mod identity;
mod networkd;
mod nics;
mod pairs;
mod sensitive;
mod summary;
mod tree;

use xenspect_model::catalog::{
    Dump, EmbeddedDatabase, EmbeddedState, Ending, FileTable, HostBackup,
};
use xenspect_model::diff::{FileKind, FileState};
use xenspect_model::inventory::{Item, Section};

use crate::of::interrupted;
use pairs::Pairs;

/// Where the installer leaves what it was told.
const INVENTORY: &str = "etc/xensource-inventory";
const NETWORKD: &str = "var/lib/xcp/networkd.db";
const POOL_CONF: &str = "etc/xensource/pool.conf";
const MANAGEMENT: &str = "etc/firstboot.d/data/management.conf";

/// Summary and sections.
pub(crate) fn of(backup: &HostBackup) -> (Vec<Item>, Vec<Section>) {
    let files = Files(&backup.tree);
    let sections = vec![
        identity::identity(files),
        identity::disks(files),
        nics::nics(files),
        networkd::networkd(files),
        identity::management(files),
        certificates::certificates(files),
        tree::packages(files),
        tree::folders(backup),
        tree::databases(backup),
        tree::sensitive(backup),
    ];
    (summary::of(backup), sections)
}

/// The databases of it that could be read, with their paths.
pub(crate) fn read(backup: &HostBackup) -> impl Iterator<Item = (&str, &Dump)> {
    let databases = backup.databases.iter();
    databases.filter_map(|database| Some((database.path.as_str(), dump(database)?)))
}

/// The database with the highest generation; of two with the same the one that the backup made for itself.
pub(crate) fn newest(backup: &HostBackup) -> Option<(&str, &Dump)> {
    read(backup).max_by_key(|(path, dump)| {
        let is_made_for_it = path.starts_with("var/backup/");
        (dump.database.generation(), is_made_for_it, *path)
    })
}

fn dump(database: &EmbeddedDatabase) -> Option<&Dump> {
    match &database.state {
        EmbeddedState::Read(dump) => Some(dump),
        _ => None,
    }
}

/// The regular files that hold secrets, in the order of their paths.
pub(crate) fn sensitive_files(
    backup: &HostBackup,
) -> impl Iterator<Item = (&str, sensitive::Kind, &FileState)> {
    let files = backup.tree.files.iter();
    let files = files.filter(|(_, file)| matches!(file.is, FileKind::File | FileKind::HardLink));
    files.filter_map(|(path, file)| Some((path.as_str(), sensitive::Kind::of(path)?, file)))
}

/// What a file of a host holds that nobody should see, by its path, with or without `./`; `None` for most.
#[must_use]
pub fn holds_secrets(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("./").unwrap_or(path);
    sensitive::Kind::of(path).map(sensitive::Kind::title)
}

/// The newest pool database of a host backup that can be read, with its path in it.
#[must_use]
pub fn newest_database(backup: &HostBackup) -> Option<(&str, &Dump)> {
    newest(backup)
}

/// The same database, taken out of its backup.
#[must_use]
pub fn into_newest_database(backup: &mut HostBackup) -> Option<(String, Box<Dump>)> {
    let wanted = newest(backup).map(|(_, dump)| std::ptr::from_ref(dump))?;
    let is_wanted =
        |database: &EmbeddedDatabase| dump(database).is_some_and(|dump| std::ptr::eq(dump, wanted));
    let at = backup.databases.iter().position(is_wanted)?;
    let database = backup.databases.swap_remove(at);
    match database.state {
        EmbeddedState::Read(dump) => Some((database.path, dump)),
        _ => None,
    }
}

/// Why a backup is not everything that it was.
pub(crate) fn incomplete(backup: &HostBackup) -> Option<String> {
    if let Ending::Interrupted { .. } = backup.ending {
        return Some(interrupted());
    }
    let cut = backup.tree.incomplete;
    cut.then(|| {
        "It is damaged, ends too early, or has more files than are kept, so this is not everything."
            .to_owned()
    })
}

/// The files whose contents are there.
#[derive(Debug, Clone, Copy)]
struct Files<'a>(&'a FileTable);

impl<'a> Files<'a> {
    fn bytes(self, path: &str) -> Option<&'a [u8]> {
        self.0.contents.get(path).map(Vec::as_slice)
    }

    fn pairs(self, path: &str) -> Pairs {
        Pairs::parse(self.bytes(path).unwrap_or_default())
    }

    /// What the file says of the host's part in its pool: `master`, `slave:ADDRESS`, or else `broken`, which is what
    /// xapi makes of one that it cannot read.
    fn role(self) -> Option<String> {
        let text = String::from_utf8_lossy(self.bytes(POOL_CONF)?);
        let text = text.trim();
        Some(match text.strip_prefix("slave:") {
            _ if text == "master" => "coordinator".to_owned(),
            Some(address) => format!("member of {}", crate::bounded::clip(address.into())),
            None => "broken".to_owned(),
        })
    }
}
