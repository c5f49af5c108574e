//! State files that are held by somebody, damaged, something else, gone, or not to be written. The verification is never lost: the
//! report comes, nothing that is not known to be good is left out, and the status says that something could not be kept.

use std::fs;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::can_trace;
use super::changing::run_and;
use crate::run::{Answer, Folder, LEAVES_OUT, damaged, good, say_skipped};

/// A store with a good input and a bad one, and a state that knows both.
fn known() -> Folder {
    let folder = Folder::with("s/good.xva", &good("small"));
    folder.put("s/bad.xva", &damaged("flip-block-byte"));
    let first = verify(&folder);
    assert_eq!(first.status, 1, "{}", first.stderr);
    let second = verify(&folder);
    assert!(second.stdout.contains("left"), "{}", second.stdout);
    folder
}

/// A run that leaves out what is known for good.
fn verify(folder: &Folder) -> Answer {
    folder.run(&[&["verify"], &LEAVES_OUT[..]].concat())
}

/// Asserts that both inputs are in the report, and that it was said what could not be kept.
fn lost_nothing(answer: &Answer, name: &str) {
    let said = format!("{name}: {} {}", answer.stdout, answer.stderr);
    assert_eq!(answer.status, 2, "{said}");
    assert!(
        answer.stdout.contains("bad.xva") && answer.stdout.contains("good.xva"),
        "{said}"
    );
    assert!(answer.stdout.contains("damaged"), "{said}");
    // At once and at the end.
    assert_eq!(
        answer
            .stderr
            .matches("the state file cannot be used: ")
            .count(),
        2,
        "{said}"
    );
    assert!(
        answer.stderr.contains("The run goes on without it"),
        "{said}"
    );
}

#[test]
fn a_state_file_that_is_none_takes_no_verification_with_it() {
    let whole = fs::read(known().path().join("st")).unwrap();
    let patched = |at: usize, with: &[u8]| {
        let mut patched = whole.clone();
        patched[at..at + with.len()].copy_from_slice(with);
        patched
    };
    for (name, bytes) in [
        ("a text", b"web01.xva was good\n".repeat(100)),
        ("a backup", good("small")),
        ("cut", whole[..whole.len() / 2].to_vec()),
        // Places of the header of SQLite files.
        ("of a later version", patched(60, &[0, 0, 0, 7])),
        ("of another program", patched(68, &[1, 2, 3, 4])),
        ("without its first page", patched(100, &[0xff; 200])),
    ] {
        let folder = known();
        let path = folder.put("st", &bytes);
        lost_nothing(&verify(&folder), name);
        assert!(fs::read(path).unwrap() == bytes, "{name}: it was changed");
        // Once it is put aside, a new one is begun.
        fs::remove_file(folder.path().join("st")).unwrap();
        assert_eq!(verify(&folder).status, 1, "{name}");
        assert_eq!(verify(&folder).status, 1, "{name}");
    }
    let folder = known();
    fs::remove_file(folder.path().join("st")).unwrap();
    fs::create_dir(folder.path().join("st")).unwrap();
    lost_nothing(&verify(&folder), "a folder");
}

#[test]
fn a_damaged_page_leaves_nothing_bad_out() {
    let folder = known();
    let whole = fs::read(folder.path().join("st")).unwrap();
    for page in 0..whole.len() / 4096 {
        for at in [3, 100, 2000, 4090] {
            let mut rotten = whole.clone();
            rotten[page * 4096 + at] ^= 0x55;
            folder.put("st", &rotten);
            let answer = verify(&folder);
            let said = format!("{page} {at}: {} {}", answer.stdout, answer.stderr);
            assert!(
                answer.stdout.contains("bad.xva") && answer.stdout.contains("damaged"),
                "{said}"
            );
            assert!(answer.status == 1 || answer.status == 2, "{said}");
            assert_eq!(
                answer.status == 2,
                answer.stderr.contains("state file"),
                "{said}"
            );
        }
    }
}

fn hold(folder: &Folder) -> Connection {
    let holder = Connection::open(folder.path().join("st")).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    holder
}

#[test]
fn a_state_file_that_is_held_for_a_moment_is_waited_for() {
    let folder = known();
    let holder = hold(&folder);
    let answer = std::thread::scope(|scope| {
        let run = scope.spawn(|| verify(&folder));
        std::thread::sleep(Duration::from_millis(700));
        holder.execute_batch("ROLLBACK").unwrap();
        run.join().unwrap()
    });
    assert_eq!(answer.status, 1, "{}", answer.stderr);
    assert!(answer.stdout.contains("left"), "{}", answer.stdout);
}

/// Takes as long as is waited for a state file, so it is asked for by a variable.
#[test]
fn a_state_file_that_is_held_for_long_is_waited_for_once() {
    if std::env::var_os("XENSPECT_LONG").is_none() {
        say_skipped(format_args!(
            "skipped: a state file held for half a minute (XENSPECT_LONG=1 runs it)"
        ));
        return;
    }
    let folder = known();
    for n in 0..20 {
        folder.put(&format!("s/{n}.xva"), &good("small"));
    }
    let holder = hold(&folder);
    let begun = Instant::now();
    let answer = verify(&folder);
    lost_nothing(&answer, "held");
    assert!(
        answer.stderr.contains("held by another run"),
        "{}",
        answer.stderr
    );
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
    drop(holder);
    // In the middle of a run, at the record of the first input.
    let folder = known();
    folder.put("in", &good("two-disks"));
    let args = ["verify", "--jobs", "1", "--state", "st", "in", "s/bad.xva"];
    let mut holder = None;
    let answer = run_and(&folder, &args, || holder = Some(hold(&folder)));
    assert_eq!(answer.status, 2, "{}", answer.stderr);
    assert!(answer.stdout.contains("s/bad.xva"), "{}", answer.stdout);
    assert!(
        answer.stderr.contains("held by another run"),
        "{}",
        answer.stderr
    );
}

#[test]
fn a_state_file_that_is_gone_in_the_middle_of_a_run_is_told() {
    if !can_trace() {
        return;
    }
    let folder = Folder::with("in", &good("two-disks"));
    let alone = folder.run(&["verify", "in"]);
    let state = folder.path().join("st");
    for moved in [false, true] {
        let answer = run_and(
            &folder,
            &["verify", "--state", "st", "in"],
            || match moved {
                false => fs::remove_file(&state).unwrap(),
                true => fs::rename(&state, folder.path().join("elsewhere")).unwrap(),
            },
        );
        assert_eq!(
            (answer.status, &answer.stdout),
            (2, &alone.stdout),
            "{}",
            answer.stderr
        );
        assert!(
            answer
                .stderr
                .contains("was moved or removed while it was used"),
            "{}",
            answer.stderr
        );
        assert!(!state.exists());
    }
}
