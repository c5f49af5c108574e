//! Which crates were taken back, by the copy of the registry's index that cargo keeps of what it looked up. It is as old as that
//! look-up, and a look at it asks nobody.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::packages::Package;

/// The folders in which cargo keeps what it looked up, one for each registry.
pub(super) struct Index(Vec<PathBuf>);

/// One version in the index.
#[derive(Deserialize)]
struct Version {
    vers: String,
    yanked: bool,
}

impl Index {
    /// Where cargo keeps it; `None` if there is none.
    pub(super) fn find() -> Option<Self> {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from);
        let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")))?;
        let registries = fs::read_dir(home.join("registry/index")).ok()?;
        let caches = registries
            .flatten()
            .map(|entry| entry.path().join(".cache"));
        let caches: Vec<_> = caches.filter(|cache| cache.is_dir()).collect();
        (!caches.is_empty()).then_some(Self(caches))
    }

    /// How many of the crates are in it, and sentences about those that were taken back.
    pub(super) fn yanked(&self, packages: &[Package]) -> (usize, Vec<String>) {
        let mut looked_up = 0;
        let mut yanked = Vec::new();
        for package in packages {
            let files = self.0.iter().map(|cache| cache.join(place(&package.name)));
            let entries = files.filter_map(|file| fs::read(file).ok());
            let state = entries
                .filter_map(|entry| is_yanked(&entry, &package.version))
                .reduce(|one, other| one || other);
            looked_up += usize::from(state.is_some());
            if state == Some(true) {
                yanked.push(format!("{package} was taken back by its makers"));
            }
        }
        (looked_up, yanked)
    }
}

/// Where the entry of a crate lies, by the rule of registries.
fn place(name: &str) -> PathBuf {
    let name = name.to_ascii_lowercase();
    let folder = match name.len() {
        0..=2 => Path::new("1").with_file_name(name.len().to_string()),
        3 => Path::new("3").join(&name[..1]),
        _ => Path::new(&name[..2]).join(&name[2..4]),
    };
    folder.join(name)
}

/// Whether a version is marked so; `None` if the entry does not have it. An entry is a header and then, each with a zero byte behind
/// it, versions and their descriptions as JSON.
fn is_yanked(entry: &[u8], version: &str) -> Option<bool> {
    let described = entry.split(|byte| *byte == 0);
    let versions = described.filter_map(|text| serde_json::from_slice::<Version>(text).ok());
    let mut those = versions.filter(|found| found.vers == version);
    those.next().map(|found| found.yanked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_tells_which_versions_were_taken_back() {
        let entry = b"\x03\x02\0\0\0etag\x001.0.0\0{\"vers\":\"1.0.0\",\"yanked\":true}\x001.0.1\0\
            {\"vers\":\"1.0.1\",\"yanked\":false}\0";
        assert_eq!(is_yanked(entry, "1.0.0"), Some(true));
        assert_eq!(is_yanked(entry, "1.0.1"), Some(false));
        assert_eq!(is_yanked(entry, "1.0.2"), None);
        assert_eq!(is_yanked(b"\xff\0{", "1.0.0"), None);
    }

    #[test]
    fn entries_lie_where_registries_put_them() {
        for (name, path) in [
            ("a", "1/a"),
            ("cc", "2/cc"),
            ("Md5", "3/m/md5"),
            ("zstd-sys", "zs/td/zstd-sys"),
        ] {
            assert_eq!(place(name), Path::new(path));
        }
    }
}
