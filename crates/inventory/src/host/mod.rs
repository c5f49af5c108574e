//! What is in a host backup (`formats/host-backup.md`): what the files of the host's root tell of it, by section.

mod certificates;
mod identity;
mod networkd;
mod nics;
mod packages;
mod summary;
mod tree;

use std::collections::BTreeMap;

use xenspect_model::catalog::{
    Dump, EmbeddedDatabase, EmbeddedState, Ending, FileTable, HostBackup,
};
use xenspect_model::diff::{FileKind, FileState};
use xenspect_model::inventory::{Item, Section};

use xenspect_host::files::{INVENTORY, LOCAL_DB, NETWORKD, POOL_CONF};
use xenspect_host::local_db;
use xenspect_host::networkd::{Bridge, Config, Interface};
use xenspect_host::pairs::Pairs;
use xenspect_host::pool_conf::Role;
use xenspect_host::sensitive::Kind;

use crate::of::interrupted;

/// Summary and sections.
pub(crate) fn of(backup: &HostBackup) -> (Vec<Item>, Vec<Section>) {
    let files = Files(&backup.tree);
    let sections = vec![
        identity::identity(files),
        identity::disks(files),
        nics::nics(files),
        networkd::networkd(files),
        identity::management(files),
        certificates::certificates(files, backup.newest_file),
        packages::packages(files),
        packages::rpms(files),
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

fn dump(database: &EmbeddedDatabase) -> Option<&Dump> {
    match &database.state {
        EmbeddedState::Read(dump) => Some(dump),
        _ => None,
    }
}

/// The regular files that hold secrets, in the order of their paths.
pub(crate) fn sensitive_files(
    backup: &HostBackup,
) -> impl Iterator<Item = (&str, Kind, &FileState)> {
    let files = backup.tree.files.iter();
    let files = files.filter(|(_, file)| matches!(file.is, FileKind::File | FileKind::HardLink));
    files.filter_map(|(path, file)| Some((path.as_str(), Kind::of(path)?, file)))
}

/// What a file of a host holds that nobody should see, by its path; `None` for most. However the path is spelled, with
/// `./` in front, with doubled slashes, with `..` in it: it is told for every spelling of a place.
#[must_use]
pub fn holds_secrets(path: &str) -> Option<&'static str> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Kind::of(&parts.join("/")).map(Kind::title)
}

/// The pool database of a host backup that is to be used, with its path in it.
#[must_use]
pub fn newest_database(backup: &HostBackup) -> Option<(&str, &Dump)> {
    let (base, dump) = backup.database_to_use()?;
    Some((base.path.as_str(), dump))
}

/// The same database, taken out of its backup.
#[must_use]
pub fn into_newest_database(backup: &mut HostBackup) -> Option<(String, Box<Dump>)> {
    let wanted = newest_database(backup).map(|(_, dump)| std::ptr::from_ref(dump))?;
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

    /// What the file says of the host's part in its pool; one that cannot be read makes it `broken`, as it does for xapi.
    fn role(self) -> Option<String> {
        Some(match Role::parse(self.bytes(POOL_CONF)?) {
            Role::Coordinator => "coordinator".to_owned(),
            Role::Member(address) => format!("member of {}", crate::bounded::clip(address.into())),
            Role::Broken => "broken".to_owned(),
        })
    }

    /// The host's own settings.
    fn settings(self) -> BTreeMap<String, String> {
        self.bytes(LOCAL_DB)
            .and_then(local_db::parse)
            .unwrap_or_default()
    }

    fn networkd(self) -> Config {
        self.bytes(NETWORKD)
            .and_then(Config::parse)
            .unwrap_or_default()
    }

    /// What is configured of the management interface: the NICs behind its bridge, and its addresses.
    fn management(self) -> Option<(Vec<String>, Interface)> {
        let pairs = self.pairs(INVENTORY);
        let name = pairs.get("MANAGEMENT_INTERFACE")?;
        let config = self.networkd();
        let mut interfaces = config.interfaces.iter();
        let interface = interfaces.find(|interface| interface.name == name)?;
        Some((nics_behind(&config, name), interface.clone()))
    }
}

/// The NICs of a bridge; of a VLAN those of the bridge that it is on.
fn nics_behind(config: &Config, name: &str) -> Vec<String> {
    let find = |name: &str| config.bridges.iter().find(|bridge| bridge.name == name);
    let nics = |bridge: &Bridge| -> Vec<String> {
        let ports = bridge.ports.iter();
        ports.flat_map(|port| port.interfaces.clone()).collect()
    };
    let Some(bridge) = find(name) else {
        return Vec::new();
    };
    let own = nics(bridge);
    let parent = bridge
        .vlan
        .as_ref()
        .and_then(|(parent, _)| find(parent.as_deref()?));
    match parent {
        Some(parent) if own.is_empty() => nics(parent),
        _ => own,
    }
}
