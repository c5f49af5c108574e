//! A good host backup, put together by hand, to be changed in one place.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use xenspect_archive::tar;
use xenspect_model::catalog::{
    Dump, EmbeddedDatabase, EmbeddedState, Ending, Fact, Facts, FileTable, FolderSize, HostBackup,
    Names, Rewritten, Uncompared,
};
use xenspect_model::diff::{FileKind, FileState};
use xenspect_model::report::{Envelope, Input, Kind};
use xenspect_model::{Catalog, Code, Finding};
use xenspect_synth::DumpRecipe;
use xenspect_xapi::db::{Database, DumpLimits};

pub(crate) const INVENTORY: &str = "etc/xensource-inventory";
pub(crate) const FRESH: &str = "var/backup/pool-database-2024-06-01--10-00-00";
pub(crate) const STATE: &str = "var/lib/xcp/state.db";
pub(crate) const GRUB: &str = "boot/efi/EFI/xenserver/grub.cfg";

/// A host backup that is being changed.
pub(crate) struct Scene {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Path and text of the databases.
    pub(crate) databases: Vec<(String, Vec<u8>)>,
    pub(crate) bytes: u64,
    pub(crate) names: Names,
    pub(crate) first_member: Vec<u8>,
    pub(crate) incomplete: bool,
    pub(crate) envelope: Envelope,
    pub(crate) ending: Ending,
    pub(crate) trailing: tar::Trailing,
    /// Deviations with their offsets.
    pub(crate) facts: Vec<(u64, Fact)>,
    pub(crate) newest_file: Option<i64>,
    /// When the fresh dump was written.
    pub(crate) modified: Option<i64>,
    pub(crate) readable_by_others: bool,
    /// Files that are there and whose contents were not kept.
    pub(crate) unread: Vec<&'static str>,
    /// What the reader could not read.
    pub(crate) remarks: Vec<String>,
}

/// 2024-06-01T10:00:00Z, as the name of the fresh dump has it.
pub(crate) const STAMP: i64 = 1_717_236_000;

fn text(row: &xenspect_xapi::db::Row<'_>, column: &str) -> String {
    row.text(column).unwrap_or_default().into_owned()
}

impl Scene {
    /// The backup of the coordinator of a good pool.
    pub(crate) fn good() -> Self {
        static DUMP: LazyLock<Vec<u8>> =
            LazyLock::new(|| DumpRecipe::named("pool-8.2").unwrap().build());
        let dump = DUMP.clone();
        let database = Database::from_vec(dump.clone(), &DumpLimits::default()).unwrap();
        let rows = |name| database.table(name).unwrap().rows();
        let pool = rows("pool").next().unwrap();
        let master = text(&pool, "master");
        let host = rows("host").find(|row| row.reference().unwrap() == master);
        let host = host.unwrap();
        let is_own = |row: &xenspect_xapi::db::Row<'_>| {
            row.get("is_control_domain").unwrap().is("true") && text(row, "resident_on") == master
        };
        let dom0 = rows("VM").find(is_own).unwrap();
        let software = text(&host, "software_version");
        let pairs = xenspect_xapi::value::sexpr::decode_map(&software).unwrap();
        let version = |key: &str| {
            let mut pairs = pairs.iter();
            pairs.find(|(name, _)| name == key).unwrap().1.to_string()
        };
        let inventory = format!(
            "PRODUCT_BRAND='XCP-ng'\nPRODUCT_NAME='xenenterprise'\nPRODUCT_VERSION='{}'\nPRODUCT_VERSION_TEXT='8.2'\nPLATFORM_NAME='XCP'\nPLATFORM_VERSION='3.2.1'\nPARTITION_LAYOUT='ROOT,BACKUP,LOG,BOOT,SWAP,SR'\nBUILD_NUMBER='release/yangtze/master/58'\nPRIMARY_DISK='/dev/disk/by-id/scsi-1'\nBACKUP_PARTITION='/dev/disk/by-id/scsi-1-part2'\nINSTALLATION_UUID='{}'\nCONTROL_DOMAIN_UUID='{}'\nMANAGEMENT_INTERFACE='xenbr0'\n",
            version("product_version"),
            text(&host, "uuid"),
            text(&dom0, "uuid"),
        );
        let grub = "set default=\"0\"\nmenuentry 'XCP-ng' {\n  multiboot2 /boot/xen.gz\n  module2 /boot/vmlinuz root=LABEL=root-abcdef ro\n}\n";
        let files = [
            (INVENTORY, inventory.as_str()),
            ("etc/xensource/pool.conf", "master"),
            (
                "etc/fstab",
                "LABEL=root-abcdef / ext3 defaults 1 1\nLABEL=BOOT-ABCDEF /boot/efi vfat defaults 0 2\n",
            ),
            (GRUB, grub),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let databases = [FRESH, STATE].map(|path| (path.to_owned(), dump.clone()));
        Self {
            files: files.into(),
            databases: databases.into(),
            bytes: 3 << 30,
            names: Names::default(),
            first_member: b"./".to_vec(),
            incomplete: false,
            envelope: Envelope::Gzip,
            ending: Ending::Tar(tar::Ending::Complete),
            trailing: tar::Trailing::default(),
            facts: Vec::new(),
            // The host is two hours east.
            newest_file: Some(STAMP - 2 * 3600 + 90),
            modified: Some(STAMP - 2 * 3600 + 1),
            readable_by_others: false,
            unread: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Puts one text in a file in the place of another, which is there.
    pub(crate) fn replace(&mut self, path: &str, from: &str, to: &str) {
        let file = self.files.get_mut(path).unwrap();
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        *file = text.replacen(from, to, 1).into_bytes();
    }

    fn catalog(self) -> Catalog {
        let state = |len: usize| FileState {
            is: FileKind::File,
            len: Some(len as u64),
            sha256: None,
            link: None,
            mode: "0644".to_owned(),
            owner: "0:0".to_owned(),
        };
        let all = self
            .files
            .iter()
            .chain(self.databases.iter().map(|(a, b)| (a, b)));
        let files = all.map(|(path, bytes)| (path.clone(), state(bytes.len())));
        let mut contents = self.files.clone();
        contents.retain(|path, _| !self.unread.contains(&path.as_str()));
        let tree = FileTable {
            envelope: Some(self.envelope),
            files: files.collect(),
            contents,
            left_out: 0,
            incomplete: self.incomplete,
            remarks: self.remarks,
        };
        let databases = self
            .databases
            .into_iter()
            .zip(1..)
            .map(|((path, bytes), number)| {
                let state = match Database::from_vec(bytes, &DumpLimits::default()) {
                    Ok(database) => EmbeddedState::Read(Box::new(Dump {
                        kind: Kind::PoolDb,
                        envelope: Envelope::Plain,
                        bytes: 0,
                        stream_bytes: 0,
                        database,
                        redo_log: None,
                        rewritten: Rewritten::NotCompared(Uncompared::NotAsked),
                        readable_by_others: false,
                        facts: Facts::new(10),
                        interrupted: false,
                    })),
                    Err(error) => EmbeddedState::Unusable(error.to_string()),
                };
                EmbeddedDatabase {
                    modified: self.modified.filter(|_| path == FRESH),
                    path,
                    offset: number * 1_000_000,
                    state,
                }
            });
        let size = FolderSize {
            members: 1000,
            bytes: self.bytes,
        };
        let mut facts = Facts::new(10);
        for (offset, fact) in self.facts {
            facts.push(offset, fact);
        }
        Catalog::Host(Box::new(HostBackup {
            envelope: self.envelope,
            bytes: 1 << 20,
            stream_bytes: 4 << 20,
            members: 1000,
            first_member: self.first_member,
            places: self
                .files
                .keys()
                .cloned()
                .zip(1..)
                .map(|(path, at)| (path, at * 1024))
                .collect(),
            tree,
            newest_file: self.newest_file,
            folders: BTreeMap::from([("usr".to_owned(), size)]),
            databases: databases.collect(),
            names: self.names,
            facts,
            ending: self.ending,
            trailing: self.trailing,
            frames_without_checksum: false,
            readable_by_others: self.readable_by_others,
        }))
    }

    /// Everything that is said about it.
    pub(crate) fn verify(self) -> Input {
        xenspect_rules::input("host.xbk".to_owned(), &self.catalog())
    }
}

fn names(findings: &[Finding]) -> Vec<&'static str> {
    let mut codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
    codes.sort();
    codes.into_iter().map(Code::name).collect()
}

/// What a good one says all the same, as notes.
const ALWAYS: [&str; 3] = ["db/secrets-inside", "host/identity", "host/sensitive"];

/// Everything said about a good one in which something was changed.
pub(crate) fn verify(change: impl FnOnce(&mut Scene)) -> Input {
    let mut scene = Scene::good();
    change(&mut scene);
    scene.verify()
}

/// The codes of what is found in it, beyond what a good one says.
pub(crate) fn found(change: impl FnOnce(&mut Scene)) -> Vec<&'static str> {
    let mut codes = names(&verify(change).findings);
    codes.retain(|code| !ALWAYS.contains(code));
    codes
}

/// The only finding of a code.
pub(crate) fn only<'a>(input: &'a Input, code: &str) -> &'a Finding {
    let mut all = input
        .findings
        .iter()
        .filter(|finding| finding.code.name() == code);
    let first = all
        .next()
        .unwrap_or_else(|| panic!("no {code}: {:?}", input.findings));
    assert!(all.next().is_none(), "{code} twice: {:?}", input.findings);
    first
}

/// A text of a finding.
pub(crate) fn fact(finding: &Finding, name: &str) -> String {
    match finding.facts.get(name) {
        Some(xenspect_model::Fact::Text(text)) => text.clone(),
        other => panic!("{name}: {other:?}"),
    }
}
