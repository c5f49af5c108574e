//! The files of `testdata/` are what the crate writes now.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use xenspect_synth::samples::{self, SAMPLES};

fn testdata() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

#[test]
fn every_sample_is_rebuilt_byte_for_byte() {
    for sample in SAMPLES {
        let kept = fs::read(testdata().join(sample.file))
            .unwrap_or_else(|error| panic!("{}: {error}", sample.file));
        assert!(
            sample.build() == kept,
            "{} is out of date: run `cargo run -p xenspect-synth -- samples testdata`",
            sample.file
        );
    }
}

#[test]
fn the_samples_stay_small_and_described() {
    let total: u64 = SAMPLES
        .iter()
        .map(|sample| {
            fs::metadata(testdata().join(sample.file))
                .expect("a sample")
                .len()
        })
        .sum();
    assert!(total < 3 * 1024 * 1024, "{total} bytes of samples");
    let readme = fs::read_to_string(testdata().join("README.md")).expect("a README");
    for sample in SAMPLES {
        assert!(
            readme.contains(&format!("`{}`", sample.file)),
            "{} is not in the README",
            sample.file
        );
    }
}

#[test]
fn samples_are_written_under_their_names() {
    let directory = tempfile::tempdir().expect("a directory");
    samples::write_all(&directory.path().join("new")).expect("written");
    let listed = fs::read_dir(directory.path().join("new")).expect("a listing");
    let written: BTreeSet<_> = listed
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    let expected: BTreeSet<_> = SAMPLES.iter().map(|sample| sample.file.into()).collect();
    assert_eq!(written, expected);
}
