//! The past of inputs, for people and programs to look at.

use xenspect_model::report::Verdict;
use xenspect_state::{Extent, Key, Outcome, Past, State, Wanted};

use crate::{Folder, day, entry, identity, key, print, record};

fn filled(folder: &Folder) -> State {
    let state = folder.open();
    let run = state.begin(&identity(), true, day(1)).unwrap();
    record(&run, "lab/a.xva", Verdict::Sound, day(1));
    record(&run, "lab/b.xva", Verdict::Damaged, day(2));
    record(&run, "lab2/c.xva", Verdict::Sound, day(3));
    record(&run, "lab/a.xva", Verdict::Suspect, day(4));
    run.finish(day(5)).unwrap();
    state
}

fn shown(past: &[Past]) -> Vec<(&str, Vec<i64>, u64)> {
    past.iter()
        .map(|past| {
            let days = past.verifications.iter();
            let days = days.map(|record| record.at.as_second() / 86_400).collect();
            (past.path.as_str(), days, past.count)
        })
        .collect()
}

#[test]
fn the_latest_first() {
    let folder = Folder::new();
    let state = filled(&folder);
    let past = state.history(&Wanted::default()).unwrap();
    assert_eq!(
        shown(&past),
        [
            ("s3://backups/lab/a.xva", vec![4], 2),
            ("s3://backups/lab2/c.xva", vec![3], 1),
            ("s3://backups/lab/b.xva", vec![2], 1),
        ]
    );
    assert_eq!(past[0].fully.unwrap().verdict, Verdict::Suspect);
    assert_eq!(past[2].fully, None);
    assert_eq!(past[0].exists(), None);
}

#[test]
fn some_of_them() {
    let folder = Folder::new();
    let state = filled(&folder);
    let paths = |keys: &[&str], since: Option<i64>| {
        let wanted = Wanted {
            keys: keys.iter().map(|name| key(name)).collect(),
            since: since.map(day),
            series: true,
        };
        let past = state.history(&wanted).unwrap();
        let shown = shown(&past).into_iter();
        shown
            .map(|(path, days, _)| (path.trim_start_matches("s3://backups/").to_owned(), days))
            .collect::<Vec<_>>()
    };
    let a = |days: &[i64]| ("lab/a.xva".to_owned(), days.to_vec());
    let b = ("lab/b.xva".to_owned(), vec![2]);
    assert_eq!(paths(&["lab/a.xva"], None), [a(&[4, 1])]);
    assert_eq!(paths(&["lab"], None), [a(&[4, 1]), b.clone()]);
    assert_eq!(paths(&["lab/"], None), [a(&[4, 1]), b]);
    assert_eq!(paths(&["lab/a"], None), []);
    assert_eq!(paths(&["lab"], Some(3)), [a(&[4])]);
    assert_eq!(paths(&["lab"], Some(9)), []);
}

#[test]
fn files_that_are_gone() {
    let folder = Folder::new();
    let store = tempfile::tempdir().unwrap();
    let file = store.path().join("a.xva");
    std::fs::write(&file, "x").unwrap();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    let input = entry("a", Verdict::Sound);
    let outcome = Outcome::new(&input, Extent::Full, day(0));
    run.record(&Key::of_path(&file), &print(7), &outcome)
        .unwrap();
    let exists = || state.history(&Wanted::default()).unwrap()[0].exists();
    assert_eq!(exists(), Some(true));
    std::fs::remove_file(&file).unwrap();
    assert_eq!(exists(), Some(false));
}
