//! Power that fails, and several processes at one state. The processes are this test program, called again.

use std::env;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use xenspect_model::report::Verdict;
use xenspect_state::{State, Timestamp};

use crate::{DAY, Folder, day, entry, identity, key, print, record};

/// The state that a called process writes to.
const FILE: &str = "XENSPECT_TEST_STATE";
/// The shard that it stands for.
const SHARD: &str = "XENSPECT_TEST_SHARD";
/// How many inputs it records; without end if it is not set.
const INPUTS: &str = "XENSPECT_TEST_INPUTS";

/// Not a test by itself: what the called processes do.
#[test]
fn writer() {
    let Some(file) = env::var_os(FILE) else {
        return;
    };
    let shard = env::var(SHARD).unwrap();
    let inputs = env::var(INPUTS).map_or(usize::MAX, |n| n.parse().unwrap());
    let state = State::open(file.as_ref()).unwrap();
    let identity = identity().option("shard", &shard);
    let run = state.begin(&identity, true, day(0)).unwrap();
    for n in 0..inputs {
        record(&run, &format!("{shard}-{n}"), Verdict::Sound, day(0));
    }
    run.finish(day(0)).unwrap();
}

fn start(folder: &Folder, shard: &str, inputs: Option<usize>) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "crash::writer"])
        .env(FILE, folder.file())
        .env(SHARD, shard)
        .stdout(Stdio::null());
    if let Some(inputs) = inputs {
        command.env(INPUTS, inputs.to_string());
    }
    command.spawn().unwrap()
}

fn recorded(folder: &Folder) -> u64 {
    let count = || -> rusqlite::Result<u64> {
        let connection = Connection::open(folder.file())?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.query_row("SELECT count(*) FROM verifications", [], |row| {
            row.get(0).map(|n: i64| n.unsigned_abs())
        })
    };
    count().unwrap_or(0)
}

#[test]
fn a_process_that_is_killed_loses_nothing_that_it_recorded() {
    for round in 0..3_u64 {
        let folder = Folder::new();
        let mut child = start(&folder, "1/1", None);
        let started = Instant::now();
        while recorded(&folder) < 5 + 7 * round {
            assert!(started.elapsed() < Duration::from_secs(60));
            assert!(child.try_wait().unwrap().is_none());
            sleep(Duration::from_millis(3));
        }
        let before = recorded(&folder);
        child.kill().unwrap();
        child.wait().unwrap();

        let identity = identity().option("shard", "1/1");
        let run = folder.open().begin(&identity, true, day(1)).unwrap();
        let done = run.resumed().expect("a run that was interrupted").done;
        assert!(done >= before, "{done} of {before}");
        for n in 0..done {
            let name = format!("1/1-{n}");
            let known = run.done_already(&key(&name), &print(7)).unwrap();
            assert_eq!(known, Some(entry(&name, Verdict::Sound)));
        }
        let connection = Connection::open(folder.file()).unwrap();
        let told: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(told, "ok");
    }
}

#[test]
fn two_processes_use_one_state() {
    let folder = Folder::new();
    let mut children: Vec<_> = ["1/3", "2/3", "3/3"]
        .iter()
        .map(|shard| start(&folder, shard, Some(20)))
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(recorded(&folder), 60);
    let state = folder.open();
    for shard in 1..=3 {
        for n in 0..20 {
            let key = key(&format!("{shard}/3-{n}"));
            let recent = state.recent(&key, &print(7), DAY, day(1)).unwrap();
            assert!(recent.is_some(), "{key:?}");
        }
        let identity = identity().option("shard", format!("{shard}/3"));
        let run = state.begin(&identity, true, day(1)).unwrap();
        assert_eq!(run.resumed(), None);
    }
}

#[test]
fn a_journal_that_was_left_is_put_back() {
    let folder = Folder::new();
    let state = folder.open();
    let run = state.begin(&identity(), true, day(0)).unwrap();
    record(&run, "a", Verdict::Sound, day(0));
    drop((run, state));
    let journal = folder.file().with_extension("db-journal");

    // A copy of file and journal in the middle of a transaction is what a loss of power leaves.
    let writer = Connection::open(folder.file()).unwrap();
    writer.execute_batch("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE inputs SET path = 'b'; \
        CREATE TABLE filler (x); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
        INSERT INTO filler SELECT randomblob(400) FROM n;").unwrap();
    let crashed = Folder::new();
    std::fs::copy(folder.file(), crashed.file()).unwrap();
    std::fs::copy(&journal, crashed.file().with_extension("db-journal")).unwrap();
    writer.execute_batch("ROLLBACK").unwrap();

    let state = crashed.open();
    let recent = state.recent(&key("a"), &print(7), DAY, day(1)).unwrap();
    assert!(recent.is_some());
    assert_eq!(
        state.history(&Default::default()).unwrap()[0].path,
        key("a").path()
    );
    let run = state
        .begin(&identity(), true, Timestamp::UNIX_EPOCH)
        .unwrap();
    assert_eq!(run.resumed().unwrap().done, 1);
}
