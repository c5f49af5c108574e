//! Any two tables: every file is told once, and the other way round gives the mirror image.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{Change, FileChanges, FileKind, FileState};

use super::support::*;

fn state() -> impl Strategy<Value = FileState> {
    let kinds = [
        FileKind::File,
        FileKind::HardLink,
        FileKind::Symlink,
        FileKind::Folder,
    ];
    let kind = prop::sample::select(kinds.to_vec());
    let digest = prop::option::of("[ab]");
    (kind, digest, 0..2_u64, "0[67]00").prop_map(|(is, sha256, len, mode)| FileState {
        is,
        len: Some(len),
        sha256,
        link: None,
        mode,
        owner: "0:0".to_owned(),
    })
}

fn any_table() -> impl Strategy<Value = FileTable> {
    let path = "(etc|var/log|root/[.]ssh)/[a-d]|etc/shadow";
    let files = prop::collection::btree_map(path, state(), 0..12);
    (files, prop::bool::weighted(0.2)).prop_map(|(files, incomplete)| FileTable {
        files,
        incomplete,
        ..FileTable::default()
    })
}

fn mirrored(change: Change) -> Change {
    match change {
        Change::Added => Change::Removed,
        Change::Removed => Change::Added,
        Change::Changed => Change::Changed,
    }
}

proptest! {
    #[test]
    fn all_is_told_once_and_both_ways(old in any_table(), new in any_table()) {
        let found = compared(&old, &new);
        let paths: BTreeSet<&String> = old.files.keys().chain(new.files.keys()).collect();
        let told: Vec<&String> = found.changes.iter().map(|change| &change.path).collect();
        let sorted: BTreeSet<&String> = told.iter().copied().collect();
        prop_assert_eq!(&told, &sorted.iter().copied().collect::<Vec<_>>());
        let left_out: u64 = found.volatile.values().sum();
        prop_assert!(found.same + left_out + told.len() as u64 <= paths.len() as u64);
        for change in &found.changes {
            let (was, is) = (old.files.get(&change.path), new.files.get(&change.path));
            prop_assert_eq!(change.old.is_some(), was.is_some());
            prop_assert_eq!(change.new.is_some(), is.is_some());
            prop_assert_ne!(was, is);
            let shown = [&change.old, &change.new].into_iter().flatten();
            let secret = change.path == "etc/shadow" || change.path.starts_with("root/.ssh/");
            prop_assert!(!secret || shown.into_iter().all(|state| state.sha256.is_none()));
        }
        let changes = |found: &FileChanges, turned: bool| {
            let changes = found.changes.iter();
            let turn = |change| if turned { mirrored(change) } else { change };
            changes.map(|one| (one.path.clone(), turn(one.change))).collect::<BTreeMap<_, _>>()
        };
        let back = compared(&new, &old);
        prop_assert_eq!(changes(&found, false), changes(&back, true));
        prop_assert_eq!(back.same, found.same);
        prop_assert_eq!(&back.volatile, &found.volatile);
        let itself = compared(&old, &old);
        prop_assert!(itself.changes.is_empty());
    }
}
