//! The text files of a host, recognised by their names and, where these vary, by what is in them.

mod database;
mod inventory;
mod ip;
mod kind;
mod listing;
mod lists;
mod local;
mod management;
mod rename;
mod xe;

use std::borrow::Cow;
use std::collections::BTreeSet;

use xenspect_model::target::{RenameRule, TargetNic};
use xenspect_xapi::db::{Database, DumpLimits};

use crate::merge::{Piece, Weight, merge};
use crate::{Error, Target, of_database};

pub use database::newest_database;
use kind::Kind;
pub use kind::is_database;

/// How many lines, records or entries of one text are read.
const MOST: usize = 100_000;

/// A file, by its path below the folder or archive it is in, with `/` between the parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// Its path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl From<(String, Vec<u8>)> for NamedFile {
    fn from((name, bytes): (String, Vec<u8>)) -> Self {
        Self { name, bytes }
    }
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The facts.
    pub target: Target,
    /// What told them, in words, in the order of weight: `pool database`, `xensource-inventory`.
    pub sources: Vec<String>,
    /// What could not be read, in sentences.
    pub remarks: Vec<String>,
}

/// Whether a file of a folder or archive can tell something.
#[must_use]
pub fn is_wanted(name: &str) -> bool {
    kind::of(name).is_some()
}

/// What files tell. What one tells that weighs more is not changed by others. A file that is alone is read whatever its
/// name, as somebody chose it.
///
/// # Errors
///
/// [`Error::NothingKnown`] where no file is known.
pub fn of_files(files: &[NamedFile]) -> Result<Reading, Error> {
    let mut collected = Collected::default();
    // A host's own file stands nearer to the top than copies of it.
    let mut ordered: Vec<&NamedFile> = files.iter().collect();
    ordered.sort_by_key(|file| file.name.matches('/').count());
    for file in ordered {
        collected.add(file, files.len() == 1);
    }
    collected.finish()
}

/// What was met so far.
#[derive(Debug, Default)]
struct Collected<'a> {
    pieces: Vec<Piece>,
    remarks: Vec<String>,
    databases: Vec<&'a NamedFile>,
    lists: lists::Lists,
    links: ip::Links,
    disks: listing::Disks,
    rules: Option<Vec<RenameRule>>,
    files: Option<BTreeSet<String>>,
}

impl<'a> Collected<'a> {
    fn add(&mut self, file: &'a NamedFile, alone: bool) {
        let kind = kind::of(&file.name).or_else(|| {
            // Wherever it lies.
            alone.then(|| kind::of(kind::base(&file.name)).unwrap_or(Kind::Unknown))
        });
        let Some(kind) = kind else {
            return;
        };
        if let Some(path) = kind::on_host(&file.name) {
            self.files.get_or_insert_default().insert(path);
        }
        if file.bytes.iter().all(u8::is_ascii_whitespace) && kind != Kind::StaticRules {
            return;
        }
        let kind = match kind {
            Kind::Unknown => kind::of_content(&file.bytes),
            kind => kind,
        };
        if kind == Kind::Database {
            self.databases.push(file);
            return;
        }
        let text = text(&file.bytes);
        if !self.add_text(kind, kind::base(&file.name), &text) {
            self.remarks
                .push(format!("{} has nothing that can be read", file.name));
        }
    }

    /// `false` where the text is not what its name says.
    fn add_text(&mut self, kind: Kind, base: &str, text: &str) -> bool {
        match kind {
            Kind::Inventory => self.piece(
                Weight::Inventory,
                "xensource-inventory",
                inventory::read(text),
            ),
            Kind::Management => {
                self.piece(Weight::Other, "management.conf", management::read(text))
            }
            Kind::Local => self.piece(Weight::Other, "local.db", local::read(text)),
            Kind::StaticRules => self.rules(rename::static_rules(text)),
            Kind::InitialRules => self.rules(rename::initial_rules(text)),
            Kind::DynamicRules => self.piece(
                Weight::Rules,
                "dynamic-rules.json",
                rename::last_start(text).map(of_nics),
            ),
            // Most releases have the file without an order in it.
            Kind::Networkd => {
                self.piece(
                    Weight::Rules,
                    "networkd.db",
                    rename::order(text).map(of_nics),
                );
                true
            }
            Kind::Records => self.lists.add(base, text),
            Kind::Links => self.links.add(text),
            Kind::Files => {
                self.files
                    .get_or_insert_default()
                    .extend(listing::files(text));
                true
            }
            Kind::Disks => {
                self.disks.add_links(text);
                true
            }
            Kind::Sizes => {
                self.disks.add_sizes(text);
                true
            }
            Kind::Free => {
                let free = listing::free(text);
                let target = free.map(|free| Target {
                    free_bytes: Some(free),
                    ..Target::default()
                });
                self.piece(Weight::Other, "df", target)
            }
            Kind::Pci => {
                let devices = listing::pci(text);
                let mut target = Target::default();
                let any = !devices.is_empty();
                target.host.pci_devices = Some(devices);
                self.piece(Weight::Other, "lspci", any.then_some(target))
            }
            Kind::Database | Kind::Present | Kind::Unknown => true,
        }
    }

    fn rules(&mut self, rules: Vec<RenameRule>) -> bool {
        self.rules.get_or_insert_default().extend(rules);
        true
    }

    fn piece(&mut self, weight: Weight, source: &'static str, target: Option<Target>) -> bool {
        let told = target.is_some();
        self.pieces.extend(target.map(|target| Piece {
            weight,
            source,
            target,
        }));
        told
    }

    fn finish(mut self) -> Result<Reading, Error> {
        let own = self
            .pieces
            .iter()
            .find(|piece| piece.weight == Weight::Inventory);
        let own = own.and_then(|piece| piece.target.host.installation_uuid.clone());
        self.database(own.as_deref());
        let lists = self.lists.target(own.as_deref());
        self.piece(Weight::Xe, "lists of xe", lists);
        let nics = self.links.nics();
        let links = (!nics.is_empty()).then(|| of_nics(nics));
        self.piece(Weight::Kernel, "list of links", links);
        let rules = self.rules.take().map(|rules| Target {
            rename_rules: Some(rules),
            ..Target::default()
        });
        self.piece(Weight::Other, "rules for names of NICs", rules);
        let disks = std::mem::take(&mut self.disks).disks().map(|disks| Target {
            disks: Some(disks),
            ..Target::default()
        });
        self.piece(Weight::Other, "list of disks", disks);
        let files = self.files.take().map(|files| Target {
            files: Some(files),
            ..Target::default()
        });
        self.piece(Weight::Other, "names of files", files);
        if self.pieces.is_empty() {
            return Err(Error::NothingKnown);
        }
        self.pieces.sort_by_key(|piece| piece.weight);
        let mut sources: Vec<String> = Vec::new();
        for piece in &self.pieces {
            if !sources.iter().any(|source| source == piece.source) {
                sources.push(piece.source.to_owned());
            }
        }
        Ok(Reading {
            target: merge(self.pieces),
            sources,
            remarks: self.remarks,
        })
    }

    /// The database of the highest generation, a whole one before one that is cut.
    fn database(&mut self, own: Option<&str>) {
        let mut best: Option<(database::State, i64, &NamedFile)> = None;
        for file in std::mem::take(&mut self.databases) {
            let (state, generation) = database::state(&file.bytes);
            if state == database::State::Unreadable {
                self.remarks
                    .push(format!("{} cannot be read as a pool database", file.name));
                continue;
            }
            if best.is_none_or(|(known, number, _)| (state, generation) > (known, number)) {
                best = Some((state, generation, file));
            }
        }
        let Some((state, _, file)) = best else {
            return;
        };
        if state == database::State::Cut {
            self.remarks.push(format!(
                "{} ends too early, so not all of it is known",
                file.name
            ));
        }
        let Ok(database) = Database::read(&file.bytes, &DumpLimits::default()) else {
            return;
        };
        let mut target = of_database(&database);
        if own.is_some_and(|own| is_other_member(&target, own)) {
            self.remarks.push(format!(
                "{} is told of by its coordinator, which is another host than the inventory's: \
                 its NICs are left out",
                file.name
            ));
            target.host = Default::default();
            target.management = Default::default();
            target.nics = None;
            target.disks = None;
        }
        self.piece(Weight::Database, "pool database", Some(target));
    }
}

/// Whether the host of this uuid is in the pool that a database is of, and not its coordinator.
fn is_other_member(target: &Target, own: &str) -> bool {
    let coordinator = target.host.installation_uuid.as_deref();
    let mut members = target.members.iter().flatten();
    coordinator.is_some_and(|uuid| uuid != own) && members.any(|member| member.uuid == own)
}

fn of_nics(nics: Vec<TargetNic>) -> Target {
    Target {
        nics: Some(nics),
        ..Target::default()
    }
}

/// Bytes as text, without a mark of the order of bytes.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}
