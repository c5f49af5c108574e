//! A worker that fails must never end in a good verdict.

use std::io;
use std::sync::Arc;

use xenspect_model::Severity;
use xenspect_model::report::Verdict;
use xenspect_scan::{Options, Progress, ReadAt, Source, scan};
use xenspect_synth::Recipe;

/// Offset inside of the second block of the archive below.
const INSIDE_A_BLOCK: u64 = 1_500_000;

/// Fails where a byte inside of a block is read, whoever reads it.
struct Panicking(Vec<u8>);

impl ReadAt for Panicking {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let range = offset..offset + buf.len() as u64;
        assert!(!range.contains(&INSIDE_A_BLOCK), "a worker's read");
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_failed_worker_makes_the_input_unreadable_and_says_so() {
    let bytes = Recipe::named("two-disks").unwrap().build();
    let len = bytes.len() as u64;
    let reader = Arc::new(Panicking(bytes));
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
