use std::fs;

use tempfile::TempDir;
use xenspect_model::report::Verdict;

use super::*;

/// By the rules alone.
const BAR: Bar<'static> = Bar {
    fail_on: Severity::Error,
    policy: None,
};

const SECOND: Duration = Duration::from_secs(1);

/// A store and a state beside it.
struct Folder {
    store: TempDir,
    other: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self {
            store: tempfile::tempdir().unwrap(),
            other: tempfile::tempdir().unwrap(),
        }
    }

    /// A file that was changed last a long while ago.
    fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.store.path().join(name);
        fs::write(&path, text).unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH + 1000 * SECOND)
            .unwrap();
        path
    }

    fn wish(&self) -> Wish {
        Wish {
            file: Some(self.other.path().join("state.db")),
            resume: true,
            within: Some(86_400 * 30 * SECOND),
            settle: 60 * SECOND,
        }
    }

    fn begin(&self, wish: &Wish, sample: Option<u32>, at: Timestamp) -> Session {
        let identity = identity(&[self.store.path().to_owned()], [], sample);
        Session::begin(wish, &identity, sample, at).unwrap()
    }
}

fn day(n: i64) -> Timestamp {
    Timestamp::from_second(n * 86_400).unwrap()
}

fn entry(path: &Path, verdict: Verdict) -> Input {
    let mut input = Input::unreadable(path.to_string_lossy().into_owned(), String::new());
    input.verdict = verdict;
    input
}

/// What to do with a file, in a word, and with what it ended if it was read.
fn go(session: &Session, path: &Path, verdict: Verdict, at: Timestamp) -> String {
    let place = Place::file(path, false, Vec::new());
    match session.before(place, None, at, &BAR).unwrap() {
        Next::Done(input) => format!("done: {}", input.verdict.word()),
        Next::Left(left) => format!("left: {}", left.detail),
        Next::Read(begun) => {
            let input = entry(path, verdict);
            let read = Read {
                input: &input,
                sha256: None,
                extent: Extent::Full,
                bytes: 1,
            };
            match session.after(&begun, None, &read, at).unwrap() {
                None => "read".to_owned(),
                Some(left) => format!("left behind: {}", left.detail),
            }
        }
    }
}

#[test]
fn a_run_an_interrupted_one_and_the_one_after() {
    let folder = Folder::new();
    let paths: Vec<_> = ["a", "b", "c"].map(|name| folder.put(name, name)).into();
    let wish = folder.wish();
    let run = folder.begin(&wish, None, day(10));
    assert_eq!(go(&run, &paths[0], Verdict::Sound, day(10)), "read");
    assert_eq!(go(&run, &paths[1], Verdict::Damaged, day(10)), "read");
    drop(run);

    let run = folder.begin(&wish, None, day(11));
    assert_eq!(
        run.resumed(3).unwrap(),
        "goes on with the run of 1970-01-11 00:00:00 UTC: 2 of 3 inputs are done"
    );
    // What the interrupted run found good is its result, and not left out as verified a while ago.
    assert_eq!(go(&run, &paths[0], Verdict::Sound, day(11)), "done: sound");
    assert_eq!(
        go(&run, &paths[1], Verdict::Sound, day(11)),
        "done: damaged"
    );
    assert_eq!(go(&run, &paths[2], Verdict::Suspect, day(11)), "read");
    run.finish(day(11)).unwrap();

    let run = folder.begin(&wish, None, day(12));
    assert_eq!(run.resumed(3), None);
    let says = go(&run, &paths[0], Verdict::Sound, day(12));
    assert!(
        says.starts_with("left: verified at 1970-01-11 00:00:00 UTC: sound"),
        "{says}"
    );
    assert_eq!(go(&run, &paths[1], Verdict::Damaged, day(12)), "read");
    folder.put("c", "other");
    assert_eq!(go(&run, &paths[2], Verdict::Sound, day(12)), "read");
    run.finish(day(12)).unwrap();

    let run = folder.begin(&wish, None, day(41));
    assert_eq!(go(&run, &paths[0], Verdict::Sound, day(41)), "read");
}

#[test]
fn what_is_being_written_is_left() {
    let folder = Folder::new();
    let path = folder.put("a.xva.part", "one");
    let wish = folder.wish();
    let fresh = Timestamp::from_second(1030).unwrap();
    let run = folder.begin(&wish, None, fresh);
    let says = go(&run, &path, Verdict::Sound, fresh);
    assert!(
        says.contains("less than 60 seconds") && says.contains("its name"),
        "{says}"
    );

    // Named itself, it is read all the same.
    let named = Place::file(&path, true, Vec::new());
    assert!(matches!(
        run.before(named, None, fresh, &BAR).unwrap(),
        Next::Read(_)
    ));

    // It grows between the listing and its turn, and while it is read.
    let place = Place::file(&path, false, Vec::new());
    folder.put("a.xva.part", "one two");
    let Next::Left(left) = run.before(place, None, day(10), &BAR).unwrap() else {
        panic!("it grew");
    };
    assert_eq!(left.reason, LeftReason::StillGrowing);
    let place = Place::file(&path, false, Vec::new());
    let Next::Read(begun) = run.before(place, None, day(10), &BAR).unwrap() else {
        panic!("it rested");
    };
    folder.put("a.xva.part", "one two three");
    let input = entry(&path, Verdict::Sound);
    let read = Read {
        input: &input,
        sha256: None,
        extent: Extent::Full,
        bytes: 7,
    };
    let left = run.after(&begun, None, &read, day(10)).unwrap().unwrap();
    assert!(
        left.detail.contains("grew from 7 to 13 bytes"),
        "{}",
        left.detail
    );
    // Nothing was recorded of it.
    assert_eq!(go(&run, &path, Verdict::Sound, day(11)), "read");
}

#[test]
fn a_file_that_cannot_be_looked_at_is_for_the_reader_to_tell() {
    let folder = Folder::new();
    let run = folder.begin(&folder.wish(), None, day(10));
    let gone = folder.store.path().join("gone.xva");
    for _ in 0..2 {
        assert_eq!(go(&run, &gone, Verdict::Unreadable, day(10)), "read");
    }
}

#[test]
fn without_a_state_only_rest_and_sample_count() {
    let folder = Folder::new();
    let path = folder.put("a", "a");
    let wish = Wish {
        file: None,
        ..folder.wish()
    };
    let run = folder.begin(&wish, Some(3), day(7));
    assert_eq!(run.resumed(1), None);
    assert_eq!(go(&run, &path, Verdict::Sound, day(7)), "read");
    assert_eq!(go(&run, &path, Verdict::Sound, day(7)), "read");
    let place = Place::file(&path, false, Vec::new());
    let Next::Read(begun) = run.before(place, None, day(7), &BAR).unwrap() else {
        panic!("it rested");
    };
    assert_eq!(
        run.take(&begun, true).unwrap(),
        Take::Part(Part::new(1, 3).unwrap())
    );
    let mut read = 0;
    for n in 0..3 {
        match folder
            .begin(&wish, Some(3), day(n))
            .take(&begun, false)
            .unwrap()
        {
            Take::Whole => read += 1,
            Take::Left(left) => assert_eq!(left.reason, LeftReason::NotInSample),
            Take::Part(part) => panic!("{part}"),
        }
    }
    assert_eq!(read, 1);
    run.finish(day(7)).unwrap();
}

#[test]
fn standard_input_is_read_and_forgotten() {
    let folder = Folder::new();
    let run = folder.begin(&folder.wish(), Some(3), day(1));
    let Next::Read(begun) = run.before(Place::pipe(), None, day(1), &BAR).unwrap() else {
        panic!("a pipe is read");
    };
    assert_eq!(run.take(&begun, false).unwrap(), Take::Whole);
    let input = entry(Path::new("-"), Verdict::Sound);
    let read = Read {
        input: &input,
        sha256: None,
        extent: Extent::Full,
        bytes: 7,
    };
    assert_eq!(run.after(&begun, None, &read, day(1)).unwrap(), None);
    run.finish(day(1)).unwrap();
    let state = State::open(&folder.other.path().join("state.db")).unwrap();
    assert!(
        state
            .history(&xenspect_state::Wanted::default())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn objects_are_known_by_their_url_and_tag() {
    let folder = Folder::new();
    let look = |tag: &str| Look {
        size: 5,
        modified: Some(7),
        tag: tag.to_owned(),
    };
    let url = "s3://backups/a.xva";
    let run = folder.begin(&folder.wish(), None, day(1));
    let Next::Read(begun) = run
        .before(Place::object(url, false, look("v1")), None, day(1), &BAR)
        .unwrap()
    else {
        panic!("nothing is known of it");
    };
    let input = entry(Path::new(url), Verdict::Sound);
    let read = Read {
        input: &input,
        sha256: None,
        extent: Extent::Full,
        bytes: 5,
    };
    assert_eq!(run.after(&begun, None, &read, day(1)).unwrap(), None);
    let next = |tag| run.before(Place::object(url, false, look(tag)), None, day(2), &BAR);
    assert!(matches!(next("v1").unwrap(), Next::Left(_)));
    assert!(matches!(next("v2").unwrap(), Next::Read(_)));
    assert_eq!(key(Path::new(url)).text(), url);
    assert_ne!(key(Path::new("/a://b")).text(), "a://b");
}
