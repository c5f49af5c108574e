//! What a wish must not change: the catalog, of whatever is wrong with an input.

use xenspect_model::catalog::Manifest;
use xenspect_scan::{Progress, Wish, take};
use xenspect_synth::{DumpFault, Envelope, Fault, HostFault};

use crate::support::{all_of, assert_same, entries, file, inputs, options, pipe, shown};

fn damaged() -> Vec<(String, Vec<u8>)> {
    let mut inputs = inputs();
    inputs.extend(Fault::all().map(|fault| (fault.name().to_owned(), fault.build())));
    for fault in DumpFault::all().step_by(2) {
        let bytes = fault.build();
        inputs.push((fault.name().to_owned(), bytes));
    }
    for fault in HostFault::all().step_by(4) {
        inputs.push((fault.name().to_owned(), fault.build().bytes()));
    }
    // Cut, in the middle of whatever is there, in each envelope.
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let bytes = crate::support::packed("two-disks", envelope);
        for part in 1..6 {
            let mut cut = bytes.clone();
            cut.truncate(bytes.len() * part / 6);
            inputs.push((format!("cut {envelope:?} {part}"), cut));
        }
        let mut trailing = bytes.clone();
        trailing.extend_from_slice(&[7; 2_000_000]);
        inputs.push((format!("trailing {envelope:?}"), trailing));
        let mut corrupt = bytes;
        let middle = corrupt.len() / 2;
        corrupt[middle..middle + 40].fill(0x5a);
        inputs.push((format!("corrupt {envelope:?}"), corrupt));
    }
    inputs
}

fn manifests(name: &str, one: Option<&Manifest>, other: Option<&Manifest>) {
    assert_eq!(one.is_some(), other.is_some(), "{name}");
    if let (Some(one), Some(other)) = (one, other) {
        assert_eq!(one.complete, other.complete, "{name}");
        assert_eq!(entries(one), entries(other), "{name}");
    }
}

#[test]
fn a_wish_changes_no_catalog_and_threads_and_pipes_no_manifest() {
    for (name, bytes) in damaged() {
        let plain = |source| take(source, Wish::default(), &options(2), &Progress::default());
        let expected = shown(&plain(file(&bytes)));
        let (one, copy) = all_of(file(&bytes), &options(1));
        assert_same(&shown(&one), &expected, &name);
        assert!(copy == bytes, "{name}");
        let stored = one.stored.as_ref().unwrap();
        assert!(stored.is_whole(), "{name}");
        let (piped, copy) = all_of(pipe(&bytes), &options(3));
        assert!(copy == bytes, "{name} through a pipe");
        assert_eq!(piped.stored.as_ref(), Some(stored), "{name}");
        manifests(&name, one.manifest.as_ref(), piped.manifest.as_ref());
    }
}
