//! Archives that are read by a scan: the catalog comes from bytes.

use std::collections::BTreeMap;

use xenspect_model::Severity;
use xenspect_model::report::{Input, RestoreAnswer, Verdict};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::{Envelope, Header, HeaderStyle};

use crate::build::{FRESH, GRUB, INVENTORY, STAMP, STATE, Scene};

const BLOCK: usize = 512;

fn is_wanted(path: &str) -> bool {
    [INVENTORY, GRUB, "etc/fstab", "etc/xensource/pool.conf"].contains(&path)
}

fn verify(bytes: Vec<u8>) -> Input {
    let options = Options {
        host_files: is_wanted,
        ..Options::default()
    };
    let catalog = scan(Source::memory(bytes), &options, &Progress::default()).expect("a catalog");
    xenspect_rules::input("host.xbk".to_owned(), &catalog)
}

/// A tar archive of the root and some files, with its two zero blocks.
fn tar(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut root = Header::new(HeaderStyle::Gnu);
    root.directory = true;
    let mut bytes = root.encode(b"./", 0).to_vec();
    let mut header = Header::new(HeaderStyle::Gnu);
    header.mtime = u64::try_from(STAMP).expect("it is after 1970");
    for (path, contents) in files {
        let name = match path.strip_prefix("boot/efi/") {
            Some(_) => path.clone(),
            None => format!("./{path}"),
        };
        bytes.extend(header.encode(name.as_bytes(), contents.len() as u64));
        bytes.extend(contents);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    }
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn files(databases: bool) -> BTreeMap<String, Vec<u8>> {
    let scene = Scene::good();
    let mut files = scene.files;
    if databases {
        files.extend(scene.databases);
    }
    files
}

#[test]
fn a_good_one() {
    let input = verify(Envelope::Gzip.encode(&tar(&files(true))));
    assert_eq!(input.worst(), Some(Severity::Note), "{:?}", input.findings);
    assert_eq!(input.verdict, Verdict::Sound);
    let host = input.host.expect("it is of a host");
    assert_eq!(host.host_restore.answer, RestoreAnswer::Accepted);
    assert_eq!(host.installer.answer, RestoreAnswer::Accepted);
    let paths: Vec<_> = host
        .databases
        .iter()
        .map(|base| base.path.as_str())
        .collect();
    assert_eq!(paths, [FRESH, STATE]);
}

/// Codes that say that something is not there.
fn told_missing(input: &Input) -> Vec<&'static str> {
    let codes = input.findings.iter().map(|finding| finding.code.name());
    codes
        .filter(|code| code.ends_with("-missing") && code.starts_with("host/"))
        .collect()
}

#[test]
fn cut_anywhere_it_is_incomplete_and_nothing_else() {
    let whole = tar(&files(false));
    let end = whole.len() - 2 * BLOCK;
    // Without a root and a member behind it, it is no host backup at all.
    let borders = (3 * BLOCK..=end).step_by(BLOCK / 2);
    for len in borders {
        let input = verify(Envelope::Gzip.encode(&whole[..len]));
        assert_eq!(
            input.verdict,
            Verdict::Incomplete,
            "{len}: {:?}",
            input.findings
        );
        assert_eq!(told_missing(&input), Vec::<&str>::new(), "{len}");
        let host = input.host.expect("it is of a host");
        assert_ne!(host.host_restore.answer, RestoreAnswer::Accepted, "{len}");
        assert_ne!(host.installer.answer, RestoreAnswer::Accepted, "{len}");
    }
    // All members are there.
    let one = verify(Envelope::Gzip.encode(&whole[..end + BLOCK]));
    assert!(
        one.findings
            .iter()
            .any(|finding| finding.code.name() == "tar/end-missing")
    );
    assert_eq!(told_missing(&one), ["host/database-missing"]);
}

#[test]
fn cut_in_the_compressed_stream_it_is_incomplete() {
    let whole = Envelope::Gzip.encode(&tar(&files(true)));
    let steps = (whole.len() / 20..whole.len()).step_by(whole.len() / 20);
    // What is lost last are check values.
    for len in steps.chain(whole.len() - 9..whole.len()) {
        let input = verify(whole[..len].to_vec());
        let findings = &input.findings;
        assert_eq!(input.verdict, Verdict::Incomplete, "{len}: {findings:?}");
        let wrong = findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note);
        let codes: Vec<_> = wrong.map(|finding| finding.code.name()).collect();
        assert_eq!(codes, ["envelope/truncated"], "{len}");
        let host = input.host.expect("it is of a host");
        assert_eq!(host.host_restore.answer, RestoreAnswer::Refused, "{len}");
        assert_eq!(host.installer.answer, RestoreAnswer::NotListed, "{len}");
    }
}

#[test]
fn altered_bytes_are_never_good() {
    let whole = Envelope::Gzip.encode(&tar(&files(false)));
    for at in (20..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        let options = Options {
            host_files: is_wanted,
            ..Options::default()
        };
        if let Ok(catalog) = scan(Source::memory(bytes), &options, &Progress::default()) {
            let input = xenspect_rules::input("host.xbk".to_owned(), &catalog);
            assert!(
                input.verdict > Verdict::Suspect,
                "{at}: {:?}",
                input.findings
            );
        }
    }
}
