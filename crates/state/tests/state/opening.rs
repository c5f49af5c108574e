//! Which files are states, and what is said of others.

use std::fs;

use rusqlite::Connection;
use xenspect_model::report::Verdict;
use xenspect_state::{State, StateError};

use crate::{DAY, Folder, day, identity, key, print, record};

/// A state with so many inputs that it has pages of every kind.
fn filled(folder: &Folder) {
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    for n in 0..60 {
        record(&run, &format!("{n}.xva"), Verdict::Sound, day(0));
    }
    run.finish(day(0)).unwrap();
}

#[test]
fn what_is_no_state_is_refused_and_left_as_it_is() {
    let foreign = |folder: &Folder| {
        let other = Connection::open(folder.file()).unwrap();
        other.execute_batch("CREATE TABLE a (x)").unwrap();
        other.close().unwrap();
    };
    let branded = |folder: &Folder| {
        foreign(folder);
        let other = Connection::open(folder.file()).unwrap();
        other.pragma_update(None, "application_id", 42).unwrap();
        other.pragma_update(None, "user_version", 1).unwrap();
    };
    type Make<'a> = &'a dyn Fn(&Folder);
    let cases: [(&str, Make<'_>, &str); 4] = [
        (
            "text",
            &|folder| fs::write(folder.file(), "web01.xva good\n".repeat(99)).unwrap(),
            "no SQLite database",
        ),
        (
            "short text",
            &|folder| fs::write(folder.file(), "web01.xva good\n").unwrap(),
            "no SQLite database",
        ),
        ("another database", &foreign, "something else"),
        ("another application", &branded, "something else"),
    ];
    for (name, make, says) in cases {
        let folder = Folder::new();
        make(&folder);
        let before = fs::read(folder.file()).unwrap();
        for opened in [
            State::open(&folder.file()),
            State::open_read_only(&folder.file()),
        ] {
            match opened.map(|_| ()) {
                Err(error @ StateError::NotAState(_)) => {
                    assert!(error.to_string().contains(says), "{name}: {error}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(fs::read(folder.file()).unwrap(), before, "{name}");
    }
}

#[test]
fn a_later_version_is_refused_with_both_numbers() {
    let folder = Folder::new();
    filled(&folder);
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "user_version", 7).unwrap();
    connection.close().unwrap();
    for opened in [
        State::open(&folder.file()),
        State::open_read_only(&folder.file()),
    ] {
        let error = opened.map(|_| ()).unwrap_err();
        assert!(matches!(error, StateError::Later { found: 7, known: 1 }));
        assert!(error.to_string().contains("version 7"), "{error}");
        assert!(error.to_string().contains("later version"), "{error}");
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = Folder::new();
    let directory = folder.file();
    fs::create_dir(&directory).unwrap();
    let error = State::open(&directory).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("directory"), "{error}");
    let nowhere = directory.join("none").join("state.db");
    let error = State::open(&nowhere).map(|_| ()).unwrap_err();
    assert!(matches!(error, StateError::CannotOpen(_)), "{error}");
    let error = State::open_read_only(&directory.join("state.db"))
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, StateError::CannotOpen(_)), "{error}");
}

#[test]
fn looking_into_it_makes_none_and_changes_none() {
    let folder = Folder::new();
    assert!(State::open_read_only(&folder.file()).is_err());
    assert!(!folder.file().exists());
    fs::write(folder.file(), "").unwrap();
    let error = State::open_read_only(&folder.file())
        .map(|_| ())
        .unwrap_err();
    assert!(error.to_string().contains("empty"), "{error}");

    // For a run an empty file is a new state.
    filled(&folder);
    let before = fs::read(folder.file()).unwrap();
    let state = State::open_read_only(&folder.file()).unwrap();
    assert_eq!(state.history(&Default::default()).unwrap().len(), 60);
    let error = state
        .begin(&identity(), true, day(1))
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, StateError::ReadOnly), "{error}");
    assert_eq!(fs::read(folder.file()).unwrap(), before);
}

#[test]
fn a_write_ahead_log_made_by_another_program_is_put_in() {
    let folder = Folder::new();
    filled(&folder);
    let other = Connection::open(folder.file()).unwrap();
    let mode: String = other
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    other.close().unwrap();
    let state = folder.open();
    let recent = state.recent(&key("5.xva"), &print(7), DAY, day(1));
    assert!(recent.unwrap().is_some());
    assert!(!folder.file().with_extension("db-wal").exists());
}

/// Whether a state gives a good verification of an input that it should not know to be good.
fn skips(folder: &Folder) -> Result<bool, StateError> {
    let state = State::open(&folder.file())?;
    let mut known = false;
    for n in 0..60 {
        let key = key(&format!("{n}.xva"));
        known |= state.recent(&key, &print(7), DAY, day(1))?.is_some();
    }
    Ok(known)
}

#[test]
fn a_state_that_was_cut_short_is_damaged() {
    let folder = Folder::new();
    filled(&folder);
    let whole = fs::read(folder.file()).unwrap();
    assert!(whole.len() > 20_000);
    for length in (1..whole.len()).step_by(whole.len() / 60) {
        fs::write(folder.file(), &whole[..length]).unwrap();
        match skips(&folder) {
            Err(StateError::Damaged(_) | StateError::NotAState(_)) => {}
            other => panic!("{length} of {}: {other:?}", whole.len()),
        }
    }
}

#[test]
fn rotten_rows_are_not_believed() {
    for (set, what) in [
        ("verdict = 'sound'", "sum"),
        ("verdict = 'fine'", "verdict"),
        ("at = at + 86400000", "sum"),
        ("at = 9223372036854775807", "time"),
        ("modified = NULL", "sum"),
        ("size = 1025", "sum"),
        ("extent = 'part'", "extent"),
        ("extent = 'part', part_index = 0, part_of = 1", "sum"),
        ("kind = 'xva'", "sum"),
        ("path = 'another'", "sum"),
        ("sum = sum + 1", "sum"),
    ] {
        let folder = Folder::new();
        let state = folder.open();
        let run = state.begin(&identity(), true, day(0)).unwrap();
        record(&run, "a.xva", Verdict::Damaged, day(0));
        let connection = Connection::open(folder.file()).unwrap();
        connection
            .execute(&format!("UPDATE verifications SET {set}"), [])
            .unwrap();
        let told = state.recent(&key("a.xva"), &print(7), DAY, day(0));
        match told {
            Err(StateError::Damaged(words)) => assert!(words.contains(what), "{set}: {words}"),
            other => panic!("{set}: {other:?}"),
        }
    }
}

#[test]
fn bytes_that_flip_give_no_good_verdict_to_what_was_bad() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    for n in 0..60 {
        record(&run, &format!("{n}.xva"), Verdict::Damaged, day(0));
    }
    drop((run, state));
    let whole = fs::read(folder.file()).unwrap();
    // The places where the verdict of a row stands, and others at random steps.
    let words = whole.windows(7).enumerate();
    let verdicts = words
        .filter(|(_, word)| *word == b"damaged")
        .map(|(at, _)| at);
    for place in verdicts.take(30).chain((0..whole.len()).step_by(997)) {
        let mut rotten = whole.clone();
        rotten[place] ^= 0x15;
        fs::write(folder.file(), &rotten).unwrap();
        assert_ne!(skips(&folder).ok(), Some(true), "{place}");
    }
}
