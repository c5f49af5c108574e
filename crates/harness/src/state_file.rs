//! A state file in which bytes are other ones.

use std::fs;
use std::time::Duration;

use tempfile::TempDir;
use xenspect_model::report::{Input, Verdict};
use xenspect_state::{
    Extent, Fingerprint, Key, Outcome, Part, RunIdentity, State, Timestamp, Verified, Wanted,
};

/// A good state and what it answers.
struct Good {
    folder: TempDir,
    bytes: Vec<u8>,
    answers: Answers,
}

/// Answers that spare a reading, so that a wrong one costs a backup.
#[derive(Debug, Clone, PartialEq)]
struct Answers {
    recent: Option<Verified>,
    of_parts: Option<Verified>,
    digest: Option<String>,
    entry: Option<Input>,
}

/// Writes bytes over those of a good state: two for the place, one for how many, then these; again to the end. An input that begins
/// with `SQLite` is the file itself.
///
/// Invariants:
/// - a file that is no state, or damaged, is refused, or a question is;
/// - what is answered nevertheless is what the good file answers, or that nothing is known: no input is taken for verified that was
///   not, at no other time and with no other result;
/// - asking changes nothing.
///
/// # Panics
///
/// When one of them does not hold.
pub fn state_file(data: &[u8]) {
    thread_local! {
        static GOOD: Good = Good::new();
    }
    GOOD.with(|good| {
        let bytes = match data.starts_with(b"SQLite") {
            true => data.to_vec(),
            false => overwritten(&good.bytes, data),
        };
        let path = good.folder.path().join("changed");
        fs::write(&path, &bytes).expect("there is room for a small file");
        if let Ok(state) = State::open_read_only(&path) {
            check(&state, &good.answers);
        }
        let now = fs::read(&path).expect("it was just written");
        assert!(now == bytes, "asking changed the file");
    });
}

/// Places and what stands there from now on.
fn overwritten(good: &[u8], mut data: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    while let [high, low, len, rest @ ..] = data {
        let at = usize::from(u16::from_be_bytes([*high, *low])) % bytes.len();
        let (new, rest) = rest.split_at(rest.len().min(usize::from(len % 16)));
        for (to, from) in bytes.iter_mut().skip(at).zip(new) {
            *to = *from;
        }
        data = rest;
    }
    bytes
}

fn check(state: &State, good: &Answers) {
    let (recent, of_parts) = (recent(state, "s3://b/one"), recent(state, "s3://b/parts"));
    for (answer, known) in [(recent, good.recent), (of_parts, good.of_parts)] {
        assert!(answer.is_none() || answer == known, "{answer:?} is made up");
    }
    let never = self::recent(state, "s3://b/never");
    assert_eq!(never, None, "it was never verified");
    let digest = digest(state);
    assert!(
        digest.is_none() || digest == good.digest,
        "{digest:?} is made up"
    );
    if let Ok(entry) = state.last_entry(&Key::of_url("s3://b/one")) {
        assert!(
            entry.is_none() || entry == good.entry,
            "{entry:?} is made up"
        );
    }
    let _ = state.next_part(&Key::of_url("s3://b/parts"), &print(), 2);
    let _ = state.knows(&Key::of_url("s3://b/parts"));
    let _ = state.was_bad(&Key::of_url("s3://b/parts"), &print());
    for series in [false, true] {
        let wanted = Wanted {
            series,
            ..Wanted::default()
        };
        for past in state.history(&wanted).iter().flatten() {
            assert!(!past.verifications.is_empty());
            assert!(past.count >= past.verifications.len() as u64);
        }
    }
}

fn print() -> Fingerprint {
    Fingerprint {
        size: 77,
        modified: Some(1_700_000_000_000_000_000),
        tag: "tag".to_owned(),
        beside: String::new(),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).expect("a time of our days")
}

fn recent(state: &State, url: &str) -> Option<Verified> {
    let within = Duration::from_secs(1000);
    let answer = state.recent(&Key::of_url(url), &print(), within, at(100));
    answer.ok().flatten()
}

fn digest(state: &State) -> Option<String> {
    let known = state.known_digest(&Key::of_url("s3://b/one"), &print());
    known.ok().flatten().map(|(digest, _)| digest)
}

impl Good {
    /// One input verified in full and found damaged before, and one in two parts.
    fn new() -> Self {
        let folder = TempDir::new().expect("there is room for a small file");
        let path = folder.path().join("good");
        let state = State::open(&path).expect("a new state");
        let input = |verdict| Input {
            verdict,
            ..Input::unreadable("input".to_owned(), String::new())
        };
        let identity = RunIdentity::new("0.0.0").input("s3://b/");
        let run = state.begin(&identity, false, at(0)).expect("a run");
        let full = [(Verdict::Damaged, 1), (Verdict::Sound, 2)];
        for (verdict, seconds) in full {
            let input = input(verdict);
            let mut outcome = Outcome::new(&input, Extent::Full, at(seconds));
            outcome.sha256 = Some("00112233");
            run.record(&Key::of_url("s3://b/one"), &print(), &outcome)
                .expect("it is recorded");
        }
        let first = Part::first(2).expect("a part");
        for (part, seconds) in [(first, 3), (first.next(), 4)] {
            let input = input(Verdict::Suspect);
            let outcome = Outcome::new(&input, Extent::Part(part), at(seconds));
            run.record(&Key::of_url("s3://b/parts"), &print(), &outcome)
                .expect("it is recorded");
        }
        run.finish(at(5)).expect("it ends");
        let answers = Answers {
            recent: recent(&state, "s3://b/one"),
            of_parts: recent(&state, "s3://b/parts"),
            digest: digest(&state),
            entry: state
                .last_entry(&Key::of_url("s3://b/one"))
                .expect("an entry"),
        };
        assert!(answers.recent.is_some() && answers.of_parts.is_some());
        drop(state);
        Self {
            bytes: fs::read(path).expect("it was written"),
            folder,
            answers,
        }
    }
}
