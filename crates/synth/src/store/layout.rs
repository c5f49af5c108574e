//! Which backups a store holds, what they are called, and what lies beside them.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use sha2::Sha256;

use super::Entry;
use crate::content::{Content, uuid};
use crate::dump::DumpRecipe;
use crate::envelope::Envelope;
use crate::host_backup::HostBackup;
use crate::recipe::{DiskRecipe, Holes, Kind, MIB, Recipe};
use crate::release::Release;

/// One in so many backups is larger than the others.
const LARGE: usize = 25;
/// Days that the backups are spread over.
const DAYS: usize = 12;
/// VMs that are backed up by Xen Orchestra.
const VMS: usize = 6;

/// What a backup is, and with that where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Export(Envelope),
    Metadata,
    Pool,
    Host,
    Loose,
    XenOrchestra(Envelope),
    XenOrchestraPool,
}

/// One backup of a store.
pub(super) struct Backup {
    pub(super) seed: u64,
    pub(super) number: usize,
    pub(super) sort: Sort,
}

impl Backup {
    pub(super) fn new(seed: u64, number: usize) -> Self {
        let sort = match (number % 10, number / 10 % 2) {
            (0 | 1, _) => Sort::Export(Envelope::Plain),
            (2, _) => Sort::Loose,
            (3, _) => Sort::Export(Envelope::Gzip),
            (4, _) => Sort::Export(Envelope::Zstd),
            (5, _) => Sort::Metadata,
            (6, 0) => Sort::Pool,
            (6, _) => Sort::XenOrchestraPool,
            (7, _) => Sort::Host,
            (8, _) => Sort::XenOrchestra(Envelope::Plain),
            (_, 0) => Sort::XenOrchestra(Envelope::Gzip),
            _ => Sort::XenOrchestra(Envelope::Zstd),
        };
        Self { seed, number, sort }
    }

    fn name(&self) -> String {
        match self.sort {
            Sort::XenOrchestra(_) => format!("vm-{}", self.number % VMS),
            _ => format!("vm-{:03}", self.number),
        }
    }

    /// The recipe, where it is an export.
    pub(super) fn recipe(&self) -> Option<Recipe> {
        let envelope = match self.sort {
            Sort::Export(envelope) | Sort::XenOrchestra(envelope) => envelope,
            Sort::Loose | Sort::Metadata => Envelope::Plain,
            Sort::Pool | Sort::Host | Sort::XenOrchestraPool => return None,
        };
        let releases = [Release::V8_2, Release::V8_3, Release::V7_0];
        let mut recipe = Recipe::new(releases[self.number / 10 % releases.len()]);
        recipe.seed = self.seed.wrapping_add(self.number as u64);
        recipe.vm_name = format!("example {}", self.name());
        recipe.envelope = envelope;
        let blocks = if self.number.is_multiple_of(LARGE) {
            12
        } else {
            4
        };
        let mut disk = DiskRecipe::new(blocks * MIB, Content::Mixed);
        disk.name_label = "system".to_owned();
        // Half of the blocks are there, so that gaps are nothing special.
        disk.holes = Holes::Chunks((2..blocks - 1).step_by(2).map(|at| at..at + 1).collect());
        recipe.disks = vec![disk, DiskRecipe::new(96 * 1024, Content::Text)];
        if self.sort == Sort::Metadata {
            recipe.kind = Kind::MetadataOnly;
        }
        Some(recipe)
    }

    /// The bytes of the backup itself.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match (self.recipe(), self.sort) {
            (Some(recipe), _) => recipe.build(),
            (None, Sort::Host) => {
                let kinds = ["coordinator", "xcp-ng-8.3"];
                let kind = kinds[self.number / 10 % kinds.len()];
                HostBackup::named(kind).expect("a kind of host").bytes()
            }
            (None, _) => {
                let mut recipe = DumpRecipe::new(603);
                recipe.seed = self.seed.wrapping_add(self.number as u64);
                recipe.build()
            }
        }
    }

    /// The backup with what lies beside it alone, and its own path.
    pub(super) fn files(&self, bytes: &[u8]) -> (Vec<Entry>, String) {
        let name = self.name();
        let day = format!("nas/2026-11-{:02}", 1 + self.number / 10 % DAYS);
        let packed = |envelope| match envelope {
            Envelope::Gzip => ".gz",
            Envelope::Zstd => ".zst",
            _ => "",
        };
        let path = match self.sort {
            Sort::Export(envelope) => format!("{day}/{name}.xva{}", packed(envelope)),
            Sort::Metadata => format!("{day}/{name}.vmmeta"),
            Sort::Pool => format!("{day}/pool-{}.xml", self.number),
            Sort::Host => format!("{day}/host-{}.xbk", self.number),
            Sort::Loose => format!("loose/{name}.xva"),
            Sort::XenOrchestra(_) => format!("{}.xva", self.stem()),
            Sort::XenOrchestraPool => format!("{}/data", self.folder_of_pool()),
        };
        let mut files = vec![Entry {
            path: path.clone(),
            bytes: bytes.to_vec(),
        }];
        let mut beside = |path: String, text: String| {
            let bytes = text.into_bytes();
            files.push(Entry { path, bytes });
        };
        match self.sort {
            Sort::Loose => beside(
                format!("{path}.md5"),
                format!("{}  {name}.xva\n", hex(&Md5::digest(bytes))),
            ),
            Sort::XenOrchestra(_) => {
                let checksum = format!("$1$${}", hex(&Md5::digest(bytes)));
                beside(format!("{path}.checksum"), checksum);
                beside(format!("{}.json", self.stem()), self.description(bytes));
            }
            Sort::XenOrchestraPool => beside(
                format!("{}/metadata.json", self.folder_of_pool()),
                format!(
                    "{{\n  \"jobId\": \"{}\",\n  \"jobName\": \"metadata\",\n  \"pool\": {{ \"name_label\": \"example pool\" }},\n  \
                     \"poolMaster\": {{ \"name_label\": \"host 1\" }},\n  \"scheduleId\": \"{}\",\n  \"timestamp\": {}\n}}",
                    uuid(1, "store job"),
                    uuid(1, "store schedule"),
                    self.milliseconds()
                ),
            ),
            _ => {}
        }
        (files, path)
    }

    /// Time of the backup: an hour for each number, from the first of November 2026 on.
    fn milliseconds(&self) -> u64 {
        (1_793_491_200 + 3600 * self.number as u64) * 1000
    }

    /// The same as Xen Orchestra writes it into names.
    fn stamp(&self) -> String {
        let (day, hour) = (self.number / 24, self.number % 24);
        // November has thirty days; later ones are put into December.
        let (month, day) = (11 + day / 30, 1 + day % 30);
        format!("2026{month:02}{day:02}T{hour:02}0000Z")
    }

    /// Path of an export of Xen Orchestra, without the ending. Every other one has the schedule in its name, as later versions do.
    pub(super) fn stem(&self) -> String {
        let vm = uuid(1, &format!("store {}", self.name()));
        let schedule = match self.number / 10 % 2 {
            0 => String::new(),
            _ => format!("_{}", uuid(1, "store schedule")),
        };
        format!("xo/xo-vm-backups/{vm}/{}{schedule}", self.stamp())
    }

    fn folder_of_pool(&self) -> String {
        let (schedule, pool) = (uuid(1, "store schedule"), uuid(1, "store pool"));
        format!(
            "xo/xo-pool-metadata-backups/{schedule}/{pool}/{}",
            self.stamp()
        )
    }

    /// What Xen Orchestra tells of a full backup.
    fn description(&self, bytes: &[u8]) -> String {
        let stem = self.stem();
        let base = stem.rsplit('/').next().unwrap_or_default();
        format!(
            "{{\"jobId\":\"{}\",\"mode\":\"full\",\"scheduleId\":\"{}\",\"timestamp\":{},\"version\":\"2.0.0\",\
             \"vm\":{{\"name_label\":\"example {}\",\"is_a_template\":false}},\"vmSnapshot\":{{}},\"xva\":\"./{base}.xva\",\"size\":{}}}",
            uuid(1, "store job"),
            uuid(1, "store schedule"),
            self.milliseconds(),
            self.name(),
            bytes.len()
        )
    }
}

/// The lists of digests, one for each day.
#[derive(Default)]
pub(super) struct Lists(BTreeMap<String, String>);

impl Lists {
    pub(super) fn add(&mut self, path: &str, bytes: &[u8]) {
        if let Some((day, name)) = path.rsplit_once('/')
            && day.starts_with("nas/")
        {
            let line = format!("{}  {name}\n", hex(&Sha256::digest(bytes)));
            self.0.entry(day.to_owned()).or_default().push_str(&line);
        }
    }

    pub(super) fn files(self) -> impl Iterator<Item = Entry> {
        self.0.into_iter().map(|(day, text)| Entry {
            path: format!("{day}/SHA256SUMS"),
            bytes: text.into_bytes(),
        })
    }
}

/// What else is in a repository of Xen Orchestra, and a file that is no backup.
pub(super) fn around(archives: usize) -> Vec<Entry> {
    let entry = |path: &str, bytes: Vec<u8>| Entry {
        path: path.to_owned(),
        bytes,
    };
    let mut files = vec![entry(
        "readme.txt",
        b"Backups of the example pool.\n".to_vec(),
    )];
    if archives > 8 {
        let vm = uuid(1, "store vm-2");
        let disk = format!("xo/xo-vm-backups/{vm}/vdis/job/vdi/20261101T000000Z.vhd");
        let schedule = uuid(1, "store schedule");
        let config = format!("xo/xo-config-backups/{schedule}/20261101T000000Z");
        let cache = Envelope::Gzip.encode(b"{}");
        files.extend([
            entry("xo/encryption.json", br#"{"algorithm":"none"}"#.to_vec()),
            entry("xo/metadata.json", br#"{"random":"example"}"#.to_vec()),
            entry(&format!("xo/xo-vm-backups/{vm}/cache.json.gz"), cache),
            entry(&disk, b"conectix".repeat(64)),
            entry(
                &format!("{config}/metadata.json"),
                br#"{"data":"./data.json","jobId":"job","timestamp":1793491200000}"#.to_vec(),
            ),
            entry(&format!("{config}/data.json"), b"{}".to_vec()),
        ]);
    }
    files
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
