//! Files that lie beside backups, read in every way that they are read: as lists of digests, as checksums and as descriptions.

use xenspect_model::catalog::DigestKind;
use xenspect_store::sidecar::{List, checksum, form, normal};
use xenspect_store::xo::{Entry, EntryKind, describe, survey};

/// Reads the bytes as each kind of sidecar.
///
/// Invariants:
/// - a list tells the digest of each name that it lists, once for a kind, of that kind's length, in a line that it has;
/// - its names stay below its folder, are sorted, and none is there twice;
/// - lines that are good and lines that are not are no more than all lines;
/// - a checksum has the length of its kind;
/// - a listing of any names is looked over, and what is said is of its own entries.
///
/// # Panics
///
/// When one of them does not hold.
pub fn sidecars(data: &[u8]) {
    for kind in [None, Some(DigestKind::Md5), Some(DigestKind::Sha256)] {
        list(data, kind);
    }
    if let Some((kind, digest)) = checksum(data) {
        assert_eq!(digest.len(), kind.len());
    }
    if let Err(why) = describe(data) {
        assert!(!why.is_empty());
    }
    let _ = form(data);
    listing(data);
}

fn list(data: &[u8], kind: Option<DigestKind>) {
    let list = List::parse(data, kind);
    let records = data.len() as u64 + 1;
    let bad = list.bad_lines().len() as u64 + list.more_bad_lines();
    assert!(list.lines() + bad <= records);
    assert!(list.bad_lines().is_sorted());
    let mut before: Option<&[u8]> = None;
    for name in list.names() {
        assert!(before.is_none_or(|before| before < name));
        before = Some(name);
        assert_eq!(normal(name).as_deref(), Some(name));
        let mut kinds = Vec::new();
        for told in list.get(name) {
            assert_eq!(told.digest.len(), told.kind.len());
            assert!((1..=records).contains(&told.line));
            kinds.push(told.kind);
        }
        assert!(!kinds.is_empty() && kinds.is_sorted_by(|a, b| a < b));
        let folder = name.iter().rposition(|&byte| byte == b'/');
        let folder = folder.map_or(&b""[..], |at| &name[..at]);
        assert!(list.is_about(folder));
    }
    for told in list.of_the_only_one() {
        assert_eq!(told.digest.len(), told.kind.len());
    }
}

/// The bytes as the names of a listing, one on each line.
fn listing(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let entries: Vec<Entry> = text
        .lines()
        .map(|path| Entry {
            path: path.to_owned(),
            bytes: path.len() as u64,
            kind: EntryKind::File,
        })
        .collect();
    let survey = survey(&entries, &mut |_| Ok(data.to_vec()));
    for fact in &survey.facts {
        assert!(entries.iter().any(|entry| entry.path == fact.path));
    }
}
