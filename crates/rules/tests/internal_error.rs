//! A worker that fails must never end in a good verdict.

use std::io;
use std::sync::Arc;
use std::thread::{self, ThreadId};

use xenspect_model::Severity;
use xenspect_model::report::Verdict;
use xenspect_scan::{Options, Progress, ReadAt, Source, scan};
use xenspect_synth::Recipe;

/// Fails on any thread but the one that made it.
struct Panicking(Vec<u8>, ThreadId);

impl ReadAt for Panicking {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        assert!(thread::current().id() == self.1, "a worker's read");
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_failed_worker_makes_the_input_unreadable_and_says_so() {
    let bytes = Recipe::named("two-disks").unwrap().build();
    let len = bytes.len() as u64;
    let reader = Arc::new(Panicking(bytes, thread::current().id()));
    let source = Source::File {
        reader,
        len,
        readable_by_others: false,
    };
    let catalog = scan(source, &Options::default(), &Progress::default()).unwrap();
    let input = xenspect_rules::input("a.xva".to_owned(), &catalog);
    assert_eq!(input.verdict, Verdict::Unreadable);
    let told = |code: &str| {
        input
            .findings
            .iter()
            .find(|finding| finding.code.name() == code)
    };
    assert_eq!(
        told("scan/internal-error").map(|f| f.severity),
        Some(Severity::Error)
    );
    assert_eq!(input.import, None);
    assert!(input.error.is_some());
}
