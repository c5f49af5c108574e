//! The folder that examples are run in: `testdata/` as it is in the repository, and made-up backups under the names that the
//! pages use. What stands below `/srv` and `/mnt` in an example is below `srv` and `mnt` here, and what is below `objects` an
//! object store serves.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use xenspect_synth::{DumpRecipe, Edit, Fault, HostBackup, Recipe, Scene, change, changed};

use crate::{root, shell};

/// Folders that examples write to.
const FOLDERS: [&str; 8] = [
    "srv/seals",
    "srv/reports",
    "mnt/usb",
    "var/lib/xenspect",
    "var/lib/node_exporter/textfile",
    ".local/share/bash-completion/completions",
    ".config/fish/completions",
    ".zfunc",
];

/// A file by its path in the folder.
type File = (String, Vec<u8>);

/// What every folder has; made once, since it takes a moment.
pub(crate) struct Kit(Vec<File>);

impl Kit {
    /// The one that all tests take their folders from.
    pub(crate) fn shared() -> &'static Self {
        static KIT: OnceLock<Kit> = OnceLock::new();
        KIT.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut files = Vec::new();
        testdata(&mut files);
        exports(&mut files);
        pools(&mut files);
        hosts(&mut files);
        let mut kit = Self(files);
        kit.shards();
        kit
    }

    /// The reports of two shards of the store.
    fn shards(&mut self) {
        let folder = self.folder();
        for number in 1..=2 {
            let shard =
                format!("xenspect verify -r --quiet --shard {number}/2 --format json srv/backups");
            let report = shell::run(folder.path(), &shard).output;
            self.0.push((format!("out-{number}.json"), report.into()));
        }
    }

    /// A folder with all of it.
    pub(crate) fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &self.0 {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes).unwrap();
            if name.ends_with(".xml") || name.ends_with(".xbk") {
                private(&path);
            }
        }
        for name in FOLDERS {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        key(folder.path());
        folder
    }
}

/// Pool databases and host backups hold secrets, and it is remarked upon where others may read them.
#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &Path) {}

/// A key for seals, where there is an ssh-keygen.
fn key(folder: &Path) {
    let mut command = Command::new("ssh-keygen");
    command.args([
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "backups",
        "-f",
        "backup_ed25519",
    ]);
    let run = command.current_dir(folder).stdin(Stdio::null()).output();
    if run.is_err() {
        crate::say_skipped(format_args!(
            "SKIPPED keys of examples: there is no ssh-keygen"
        ));
    }
}

fn put(files: &mut Vec<File>, name: &str, bytes: &[u8]) {
    files.push((name.to_owned(), bytes.to_owned()));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn testdata(files: &mut Vec<File>) {
    for entry in fs::read_dir(root().join("testdata")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if !name.ends_with(".md") {
            let bytes = fs::read(entry.path()).unwrap();
            put(files, &format!("testdata/{name}"), &bytes);
        }
    }
}

/// A VM that was exported twice, copies of the later export, and one in which a bit has flipped.
fn exports(files: &mut Vec<File>) {
    let recipe = Recipe::named("two-disks").expect("a recipe");
    let edits = [
        Edit::Contents { disk: 0, chunk: 1 },
        Edit::Appeared {
            disk: 0,
            chunks: 2..4,
        },
    ];
    let [old, new] = changed::pair(&recipe, &edits);
    put(files, "web01-old.xva", &old);
    for name in [
        "web01.xva",
        "web01-new.xva",
        "mnt/nas/web01.xva",
        "mnt/readonly/web01.xva",
        "srv/backups/web01.xva",
        "srv/copy/web01.xva",
        "exports/web01.xva",
        "objects/backups/web-2026-11-28.xva",
        "objects/backups/nightly/web01.xva",
        "objects/backups/2026/web01.xva",
    ] {
        put(files, name, &new);
    }
    put(files, "web01.xva.gz", &gzip(&new));
    put(files, "backups/web01.xva.gz", &gzip(&new));
    let mut other = new;
    if let Some(byte) = other.get_mut(600_000) {
        *byte ^= 1;
    }
    put(files, "other.xva", &other);
    let damaged = Fault::named("flip-block-byte").expect("a fault").build();
    put(files, "damaged.xva", &damaged);
}

fn pools(files: &mut Vec<File>) {
    let scene = Scene::demonstration();
    let pool = scene.dump();
    put(files, "pool.xml", &pool);
    put(files, "srv/backups/pool.xml", &pool);
    put(files, "objects/backups/pool.xml", &pool);
    put(files, "fresh-host.xml", &scene.host.database());
    let facts = scene.host.folder();
    put(files, "facts-host.tgz", &gzip(&tar(&facts)));
    for (name, bytes) in facts {
        put(
            files,
            &format!("facts/{}", name.trim_start_matches("./")),
            &bytes,
        );
    }
    let other = DumpRecipe::named("pool-small").expect("a recipe");
    put(files, "other-pool.xml", &other.build());
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    for (day, dump) in days.iter().zip(change::series()) {
        put(files, &format!("{day}.xml"), &dump);
        put(files, &format!("dumps/{day}.xml.gz"), &gzip(&dump));
    }
}

fn hosts(files: &mut Vec<File>) {
    let old = HostBackup::named("coordinator").expect("a host backup");
    let mut new = old.clone();
    new.put("etc/motd", "Maintenance on Sunday.\n");
    for name in ["host-old.xbk", "old.xbk"] {
        put(files, name, &old.bytes());
    }
    for name in ["host.xbk", "new.xbk", "srv/backups/host.xbk"] {
        put(files, name, &new.bytes());
    }
    let fresh = Scene::demonstration().host.folder();
    put(files, "fresh-host.tgz", &gzip(&tar(&fresh)));
}

fn tar(members: &[File]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, name.trim_start_matches("./"), bytes.as_slice())
            .unwrap();
    }
    archive.into_inner().unwrap()
}
