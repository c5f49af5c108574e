//! Digests of the file as it is stored: those that coreutils make of it, whatever is in it.

use std::io::Write;
use std::process::Command;

use xenspect_model::catalog::DigestKind;

use crate::support::{ALL, all_of, file, inputs, options, pipe};

/// The digest by a program of coreutils; `None` where there is no such program, which is said.
fn by_coreutils(kind: DigestKind, bytes: &[u8]) -> Option<String> {
    let program = match kind {
        DigestKind::Md5 => "md5sum",
        DigestKind::Sha1 => "sha1sum",
        DigestKind::Sha256 => "sha256sum",
        DigestKind::Sha512 => "sha512sum",
    };
    let mut stored = tempfile::NamedTempFile::new().unwrap();
    stored.write_all(bytes).unwrap();
    let Ok(output) = Command::new(program).arg(stored.path()).output() else {
        // Not through the test harness, which would swallow it.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no {program} on this system");
        return None;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().next().map(str::to_owned)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn digests_are_those_of_coreutils_and_the_copy_is_the_same_to_the_byte() {
    for (name, bytes) in inputs() {
        let expected = ALL.map(|kind| by_coreutils(kind, &bytes));
        for source in [file(&bytes), pipe(&bytes)] {
            let (taken, copy) = all_of(source, &options(2));
            let stored = taken.stored.unwrap();
            assert!(stored.is_whole(), "{name}");
            assert_eq!(stored.bytes, bytes.len() as u64, "{name}");
            assert!(copy == bytes, "{name}");
            assert!(taken.copy_failed.is_none(), "{name}");
            for (kind, expected) in ALL.iter().zip(&expected) {
                let found = hex(stored.digest(*kind).unwrap());
                if let Some(expected) = expected {
                    assert_eq!(found, *expected, "{name}: {}", kind.name());
                }
            }
        }
    }
}

#[test]
fn only_what_is_asked_for_is_there() {
    use xenspect_scan::{Progress, Wish, take};
    let bytes = crate::support::packed("two-disks", xenspect_synth::Envelope::Plain);
    let take = |wish| take(file(&bytes), wish, &options(1), &Progress::default());
    let nothing = take(Wish::default());
    assert!(nothing.stored.is_none() && nothing.manifest.is_none());
    let doubled = take(Wish {
        digests: vec![DigestKind::Sha512, DigestKind::Md5, DigestKind::Sha512],
        ..Wish::default()
    });
    let kinds: Vec<_> = doubled.stored.unwrap().digests;
    let kinds: Vec<_> = kinds.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [DigestKind::Md5, DigestKind::Sha512]);
}
