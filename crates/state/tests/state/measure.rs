//! How a state does with a hundred thousand inputs: `cargo test --release -p xenspect-state --test state -- --ignored --nocapture`.
//! The figures of docs/manual/src/state.md come from here.

use std::io::Write as _;
use std::time::{Duration, Instant};

use xenspect_model::report::Verdict;
use xenspect_model::{Code, Finding};
use xenspect_state::{Extent, Outcome, State, Wanted};

use crate::{DAY, day, entry, identity, key, print};

const INPUTS: usize = 100_000;

fn timed<T>(what: &str, job: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let value = job();
    let took = started.elapsed();
    let _ = writeln!(std::io::stderr(), "{what}: {took:?}");
    (value, took)
}

#[test]
#[ignore = "takes a while"]
fn a_hundred_thousand_inputs() {
    // In memory, so that the figures are those of the program and not of a disk.
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    };
    let file = folder.path().join("state.db");
    let state = State::open(&file).unwrap();
    for round in 0..2 {
        let run = state.begin(&identity(), true, day(round)).unwrap();
        timed("record all of them", || {
            for n in 0..INPUTS {
                let name = format!("site-{}/vm-{n}.xva.zst", n % 40);
                let mut input = entry(&name, Verdict::Suspect);
                let finding = Finding::new(Code::MemberForeign).at(512);
                input.findings = vec![finding; 3];
                let outcome = Outcome::new(&input, Extent::Full, day(round));
                run.record(&key(&name), &print(7), &outcome).unwrap();
            }
        });
        run.finish(day(round)).unwrap();
    }
    drop(state);
    let length = std::fs::metadata(&file).unwrap().len();
    let _ = writeln!(std::io::stderr(), "bytes of the file: {length}");
    let (state, _) = timed("open", || State::open(&file).unwrap());
    timed("look up 1000 inputs", || {
        for n in (0..INPUTS).step_by(INPUTS / 1000) {
            let name = format!("site-{}/vm-{n}.xva.zst", n % 40);
            let recent = state.recent(&key(&name), &print(7), DAY * 30, day(2));
            assert!(recent.unwrap().is_some());
        }
    });
    let (past, _) = timed("list them", || state.history(&Wanted::default()).unwrap());
    assert_eq!(past.len(), INPUTS);
    let wanted = Wanted {
        keys: vec![key("site-3/vm-3.xva.zst")],
        series: true,
        ..Wanted::default()
    };
    let (past, _) = timed("the series of one", || state.history(&wanted).unwrap());
    assert_eq!(past[0].count, 2);
}
