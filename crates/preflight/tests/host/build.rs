//! A backup of the coordinator of a pool, and that machine installed anew.

use std::io::Write;
use std::sync::OnceLock;

use xenspect_model::preflight::{HostRestore, HostStage, PreflightReport, Stage};
use xenspect_model::report::Tool;
use xenspect_model::target::Target;
use xenspect_model::{Catalog, Code};
use xenspect_preflight::{Known, Manner, Question, preflight};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::Scene;
use xenspect_target::{NamedFile, of_files};

pub(crate) const INVENTORY: &str = "etc/xensource-inventory";
pub(crate) const GRUB: &str = "boot/efi/EFI/xenserver/grub.cfg";
pub(crate) const FSTAB: &str = "etc/fstab";
pub(crate) const POOL_CONF: &str = "etc/xensource/pool.conf";
pub(crate) const DUMP: &str = "var/backup/pool-database-2024-05-31--13-07-09";

/// How the archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packed {
    Gzip,
    Plain,
    /// By gzip, and without its last third.
    Cut,
}

/// A backup and a target.
pub(crate) struct Pair {
    /// Members without `./` in front, in their order.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) packed: Packed,
    pub(crate) target: Target,
    pub(crate) also: Vec<Known>,
    /// `INSTALLATION_UUID` and `CONTROL_DOMAIN_UUID` of the backup.
    pub(crate) uuids: (String, String),
    /// Bytes that the first file is said to have more than it has.
    pub(crate) padding: u64,
}

impl Pair {
    /// With nothing in the way: the machine has the backup's disk and NICs, and new uuids.
    pub(crate) fn good() -> Self {
        Self::of(&Scene::good())
    }

    pub(crate) fn of(scene: &Scene) -> Self {
        let pool = &scene.pool;
        let master = pool.rows("pool")[0].get("master").expect("a coordinator");
        let mut hosts = pool.rows("host").iter();
        let host = hosts
            .find(|row| row.reference == master)
            .expect("a coordinator");
        let dom0 = host.get("control_domain").expect("a control domain");
        let mut vms = pool.rows("VM").iter();
        let dom0 = vms
            .find(|row| row.reference == dom0)
            .expect("a control domain");
        let uuids = (host.uuid().to_owned(), dom0.uuid().to_owned());

        let mut everything = scene.host.folder();
        everything.push(("xapi-db.xml".to_owned(), scene.host.database()));
        let everything: Vec<_> = everything.into_iter().map(NamedFile::from).collect();
        let target = of_files(&everything).expect("facts").target;

        let mut pair = Self {
            files: Vec::new(),
            packed: Packed::Gzip,
            target,
            also: Vec::new(),
            uuids: uuids.clone(),
            padding: 0,
        };
        for (name, bytes) in scene.host.host_backup() {
            let name = name.trim_start_matches("./");
            if !name.is_empty() && !name.ends_with('/') {
                pair.put(name, bytes);
            }
        }
        pair.set("INSTALLATION_UUID", Some(&uuids.0));
        pair.set("CONTROL_DOMAIN_UUID", Some(&uuids.1));
        let dump = scene.dump();
        for path in [DUMP, "var/lib/xcp/state.db"] {
            pair.put(path, dump.clone());
        }
        pair.put(POOL_CONF, "master");
        pair.put("etc/xensource/ptoken", "a/b/c");
        pair.put(
            FSTAB,
            "LABEL=root-abcdef / ext4 defaults 1 1\nLABEL=root-abcdef /boot/efi vfat defaults 0 2\n",
        );
        pair.put(
            GRUB,
            "set default=\"0\"\nmenuentry \"XCP-ng\" {\n\tmultiboot2 /boot/xen.gz dom0_mem=4096M\n\t\
             module2 /boot/vmlinuz root=LABEL=root-abcdef ro\n}\n",
        );
        pair
    }

    /// Puts a file in the place of the one of that name, or behind the others.
    pub(crate) fn put(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        match self.files.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = bytes,
            None => self.files.push((name.to_owned(), bytes)),
        }
    }

    /// Takes a file out.
    pub(crate) fn drop(&mut self, name: &str) {
        let before = self.files.len();
        self.files.retain(|(known, _)| known != name);
        assert_eq!(self.files.len() + 1, before, "{name} was there");
    }

    /// Sets or takes out a key of the inventory.
    pub(crate) fn set(&mut self, key: &str, value: Option<&str>) {
        let mut files = self.files.iter();
        let (_, bytes) = files.find(|(name, _)| name == INVENTORY).expect("there");
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let is_it = |line: &&str| line.starts_with(&format!("{key}="));
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| !is_it(line))
            .map(str::to_owned)
            .collect();
        lines.extend(value.map(|value| format!("{key}='{value}'")));
        self.put(INVENTORY, lines.join("\n") + "\n");
    }

    pub(crate) fn value(&self, key: &str) -> String {
        let mut files = self.files.iter();
        let (_, bytes) = files.find(|(name, _)| name == INVENTORY).expect("there");
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{key}=")));
        line.expect("a line").trim_matches('\'').to_owned()
    }

    /// The archive.
    pub(crate) fn archive(&self) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        let header = |kind, len: usize| {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(len as u64);
            header.set_mode(0o755);
            header.set_mtime(1_717_160_829);
            header
        };
        // `append_data` takes the dot in front away.
        let mut root = header(tar::EntryType::Directory, 0);
        root.as_gnu_mut().expect("GNU").name[..2].copy_from_slice(b"./");
        root.set_cksum();
        tar.append(&root, std::io::empty()).unwrap();
        for (name, bytes) in &self.files {
            let mut header = header(tar::EntryType::Regular, bytes.len());
            let name = match name.starts_with("boot/efi") {
                true => name.clone(),
                false => format!("./{name}"),
            };
            header.as_gnu_mut().expect("GNU").name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, &bytes[..]).unwrap();
        }
        let tar = tar.into_inner().unwrap();
        if self.packed == Packed::Plain {
            return tar;
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar).unwrap();
        let mut bytes = gzip.finish().unwrap();
        if self.packed == Packed::Cut {
            bytes.truncate(bytes.len() * 2 / 3);
        }
        bytes
    }

    pub(crate) fn judge(&self) -> PreflightReport {
        let options = Options {
            host_files: |_| true,
            ..Options::default()
        };
        let source = Source::memory(self.archive());
        let mut catalog = scan(source, &options, &Progress::default()).expect("a catalog");
        let Catalog::Host(backup) = &mut catalog else {
            panic!("a host backup");
        };
        // What no test writes: a root of many GiB.
        let root = backup.folders.entry("usr".to_owned()).or_default();
        root.bytes = root.bytes.saturating_add(self.padding);
        let known = Known {
            path: "host".to_owned(),
            sources: Vec::new(),
            target: self.target.clone(),
        };
        preflight(Question {
            tool: &Tool {
                name: "xenspect".to_owned(),
                version: "0".to_owned(),
            },
            path: "host.xbk",
            member: None,
            catalog: &catalog,
            known: &known,
            manner: &Manner {
                also: self.also.clone(),
                ..Manner::default()
            },
        })
    }
}

pub(crate) fn host(report: &PreflightReport) -> &HostRestore {
    report.host.as_ref().expect("a host")
}

pub(crate) fn stage(report: &PreflightReport, wanted: Stage) -> &HostStage {
    let mut stages = host(report).stages.iter();
    stages
        .find(|stage| stage.stage == wanted)
        .expect("all stages are there")
}

/// Codes of the host's own part that a pair has beyond the good one, each once.
pub(crate) fn more(report: &PreflightReport) -> Vec<Code> {
    static GOOD: OnceLock<PreflightReport> = OnceLock::new();
    let good = GOOD.get_or_init(|| Pair::good().judge());
    let mut codes: Vec<Code> = Vec::new();
    for finding in &report.findings {
        let is_host = ["host/", "host-restore/", "envelope/", "tar/"];
        let is_host = is_host
            .iter()
            .any(|prefix| finding.code.name().starts_with(prefix));
        let known = good
            .findings
            .iter()
            .any(|known| (known.code, known.severity) == (finding.code, finding.severity));
        if is_host && !known && !codes.contains(&finding.code) {
            codes.push(finding.code);
        }
    }
    codes
}
