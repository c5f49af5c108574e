//! What an input is known by, and by what it is told that it is still the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh64::xxh64;

/// In front of keys that spell bytes out. No absolute path and no URL of an object store begins like this.
const SPELLED: &str = "bytes:";

/// What an input is known by: the canonical absolute path of a file, or the URL of an object. Of a path that is no UTF-8, each byte
/// beyond the printable ones of ASCII is spelled `%XX` behind `bytes:`, so two paths never share a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    text: String,
    path: String,
}

impl Key {
    /// The key of a file. Links are followed, where it is there; otherwise the path is only made absolute.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        let canonical = fs::canonicalize(path)
            .or_else(|_| std::path::absolute(path))
            .unwrap_or_else(|_| path.to_owned());
        Self {
            text: spelled(&canonical),
            path: path.to_string_lossy().into_owned(),
        }
    }

    /// The key of an object: its URL as it stands.
    #[must_use]
    pub fn of_url(url: &str) -> Self {
        Self {
            text: url.to_owned(),
            path: url.to_owned(),
        }
    }

    /// The key itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The path as it was given, for reports.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The slot of `of` that a whole input falls into when inputs are sampled as a whole: XXH64 (seed 0) of the key's bytes, modulo
    /// `of`. It never changes, on no machine.
    #[must_use]
    pub fn slot(&self, of: u32) -> u32 {
        let slot = xxh64(self.text.as_bytes(), 0)
            .checked_rem(u64::from(of))
            .unwrap_or(0);
        u32::try_from(slot).unwrap_or(0)
    }
}

fn spelled(path: &Path) -> String {
    if let Some(text) = path.to_str() {
        return text.to_owned();
    }
    let mut text = SPELLED.to_owned();
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'%' => text.push_str("%25"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// The file that a key stands for; `None` for objects, and for paths that are spelled out.
pub(crate) fn file(key: &str) -> Option<PathBuf> {
    let path = Path::new(key);
    path.is_absolute().then(|| path.to_owned())
}

/// By what it is told that an input is the same as last time. What has neither a time of change nor a version equals nothing, not
/// even itself.
#[derive(Debug, Clone, Default)]
pub struct Fingerprint {
    /// Bytes as stored.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970; `None` if it is not known, as of pipes.
    pub modified: Option<i64>,
    /// Version of an object (its ETag); empty for files.
    pub tag: String,
    /// What lay beside it that it was checked against, as [`beside`] writes it.
    pub beside: String,
}

impl Fingerprint {
    /// Whether both are of the same contents, as far as can be told without reading them.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let is_known = self.modified.is_some() || !self.tag.is_empty();
        is_known
            && self.modified == other.modified
            && self.size == other.size
            && self.tag == other.tag
            && self.beside == other.beside
    }
}

/// What lies beside an input, for [`Fingerprint::beside`]: one line for each of the files, with its length and time of change, in the
/// order of their names. Seals and digests are meant; one that is added, changed or removed makes another text.
#[must_use]
pub fn beside(files: &[PathBuf]) -> String {
    let mut lines: Vec<_> = files.iter().map(|file| line(file)).collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

fn line(file: &Path) -> String {
    let state = match fs::metadata(file) {
        Ok(metadata) => {
            let modified = metadata.modified().ok().and_then(crate::look::nanoseconds);
            let modified = modified.map_or_else(|| "?".to_owned(), |time| time.to_string());
            format!("{} {modified}", metadata.len())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => "absent".to_owned(),
        Err(error) => format!("unknown: {:?}", error.kind()),
    };
    format!("{state} {:?}\n", spelled(file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_to_a_file_are_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("web01.xva");
        fs::write(&file, b"x").unwrap();
        let round_about = folder.path().join(".").join("web01.xva");
        let (one, other) = (Key::of_path(&file), Key::of_path(&round_about));
        assert_eq!(one.text(), other.text());
        assert_ne!(one.path(), other.path());
        let gone = Key::of_path(&folder.path().join("gone.xva"));
        assert!(gone.text().ends_with("gone.xva"), "{gone:?}");
    }

    #[cfg(unix)]
    #[test]
    fn paths_that_are_no_utf8_stay_apart() {
        use std::os::unix::ffi::OsStrExt;
        let of = |bytes: &[u8]| spelled(Path::new(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(of(b"/b/100%"), "/b/100%");
        assert_eq!(of("/b/é".as_bytes()), "/b/é");
        assert_eq!(of(b"/b/\xff%"), "bytes:/b/%FF%25");
        assert_ne!(of(b"/b/\xff"), of(b"/b/\xfe"));
    }

    /// The digests are those of `xxhsum -H1`, so that a change of the rule is seen.
    #[test]
    fn slots_are_those_of_xxhash() {
        let key = Key::of_url("s3://backups/web01.xva");
        assert_eq!(u64::from(key.slot(7)), 0x26c9_d9b6_b9b4_0fb8 % 7);
        assert_eq!(
            Key::of_url("").slot(10_007),
            0xef46_db37_51d8_e999_u64.rem_euclid(10_007) as u32
        );
        assert_eq!((key.slot(1), key.slot(0)), (0, 0));
        let mut slots = [0_u32; 7];
        for n in 0..700 {
            let slot = Key::of_url(&format!("s3://backups/{n}.xva")).slot(7);
            slots[slot as usize] += 1;
        }
        assert!(slots.iter().all(|&n| n > 60), "{slots:?}");
    }

    #[test]
    fn an_unknown_time_is_never_the_same() {
        let known = Fingerprint {
            size: 3,
            modified: Some(7),
            ..Fingerprint::default()
        };
        let unknown = Fingerprint {
            modified: None,
            ..known.clone()
        };
        assert!(known.is_same(&known));
        assert!(!unknown.is_same(&unknown));
        assert!(!known.is_same(&unknown));
        for other in [
            Fingerprint {
                size: 4,
                ..known.clone()
            },
            Fingerprint {
                modified: Some(8),
                ..known.clone()
            },
            Fingerprint {
                tag: "v2".to_owned(),
                ..known.clone()
            },
            Fingerprint {
                beside: "1 2 \"a\"\n".to_owned(),
                ..known.clone()
            },
        ] {
            assert!(!known.is_same(&other), "{other:?}");
        }
    }

    #[test]
    fn what_lies_beside_is_told_by_size_and_time() {
        let folder = tempfile::tempdir().unwrap();
        let seal = folder.path().join("a.xva.seal.json");
        let sums = folder.path().join("SHA256SUMS");
        let files = [seal.clone(), sums.clone()];
        let none = beside(&files);
        assert_eq!(none.matches("absent").count(), 2);
        fs::write(&seal, b"{}").unwrap();
        let one = beside(&files);
        assert_ne!(none, one);
        assert_eq!(one, beside(&[sums, seal.clone(), seal.clone()]));
        fs::write(&seal, b"{ }").unwrap();
        assert_ne!(one, beside(&files));
        assert_eq!(beside(&[]), "");
    }
}
