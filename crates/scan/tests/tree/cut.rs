//! Backups that break off at any place, or have a byte that is another.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::process::Command;

use xenspect_archive::tar::Ending as TarEnding;
use xenspect_model::catalog::Ending;
use xenspect_scan::{Catalog, Depth, Error, Options, Progress, Source, damage, scan};
use xenspect_synth::Envelope;

use super::support::*;

/// An archive by the system's tar with a member of each kind that it writes.
fn of_all_kinds() -> Option<Vec<u8>> {
    let host = host();
    let root = host.path();
    std::fs::remove_file(root.join("boot/vmlinuz")).unwrap();
    write(root, "boot/vmlinuz", &[b'k'; 1000]);
    write(root, "var/backup/pool-database-1", DATABASE.as_bytes());
    write(root, &format!("etc/{}", "l".repeat(150)), b"long");
    let fifo = root.join("etc/fifo");
    assert!(
        Command::new("mkfifo")
            .arg(fifo)
            .status()
            .is_ok_and(|status| status.success())
    );
    write(root, "etc/holes", b"");
    let mut file = File::options()
        .write(true)
        .open(root.join("etc/holes"))
        .unwrap();
    // More pieces than a header and one block of a map have room for.
    for at in 0..30_u64 {
        file.seek(SeekFrom::Start(at << 16)).unwrap();
        file.write_all(b"x").unwrap();
    }
    drop(file);
    as_a_host(root, &[])
}

/// Where the two zero blocks begin.
fn marker(bytes: &[u8]) -> usize {
    let zeros = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    (bytes.len() - zeros).next_multiple_of(512)
}

#[test]
fn plain_at_every_border_and_inside() {
    let Some(bytes) = of_all_kinds() else { return };
    let marker = marker(&bytes);
    let last = |options: &Options, cut: usize| {
        let source = Source::memory(bytes[..cut].to_vec());
        match scan(source, options, &Progress::default()) {
            Ok(Catalog::Host(backup)) => Some(*backup),
            _ => None,
        }
    };
    let headers = Options {
        depth: Depth::Headers,
        digests: false,
        ..options()
    };
    // A hundred pieces of holes take a block each, which need not be cut one by one.
    for cut in (512..marker + 2048)
        .step_by(512)
        .flat_map(|cut| [cut, cut + 7, cut + 511])
    {
        for options in [&options(), &headers] {
            let backup = last(options, cut).unwrap_or_else(|| panic!("no backup at {cut}"));
            let complete = matches!(backup.ending, Ending::Tar(TarEnding::Complete));
            assert_eq!(complete, cut >= marker + 1024, "{cut}: {:?}", backup.ending);
            let single = matches!(backup.ending, Ending::Tar(TarEnding::SingleZeroBlock));
            assert_eq!(
                single,
                (marker + 512..marker + 1024).contains(&cut),
                "{cut}"
            );
            assert_eq!(backup.tree.incomplete, !complete && !single, "{cut}");
            assert!(backup.stream_bytes <= cut as u64);
            if let Ending::InPayload { have, size, .. } = backup.ending {
                assert!(have < size, "{have} of {size} at {cut}");
            }
        }
    }
}

#[test]
fn packed_at_any_place() {
    let Some(bytes) = of_all_kinds() else { return };
    for envelope in [Envelope::Gzip, Envelope::Zstd] {
        let packed = envelope.encode(&bytes);
        for cut in (1..packed.len())
            .step_by(37)
            .chain(packed.len() - 20..packed.len())
        {
            for source in [Source::memory(packed[..cut].to_vec()), pipe(&packed[..cut])] {
                match scan(source, &options(), &Progress::default()) {
                    Ok(Catalog::Host(backup)) => {
                        assert!(!damage(&backup).is_empty(), "{envelope:?} {cut}");
                    }
                    // The front is not there.
                    Ok(_) => panic!("{envelope:?} {cut} is something else"),
                    Err(Error::Io(error)) => panic!("{error}"),
                    Err(_) => {}
                }
            }
        }
    }
}

#[test]
fn threads_do_not_matter_and_every_way_to_read_gives_the_same() {
    let Some(bytes) = of_all_kinds() else { return };
    let core = |source, threads| {
        let options = Options {
            threads,
            ..options()
        };
        let backup = host_of(source, &options);
        let mut tree = backup.tree;
        tree.envelope = None;
        (
            format!(
                "{:?} {:?} {:?}",
                backup.facts, backup.ending, backup.trailing
            ),
            (tree, backup.folders, backup.places, backup.members),
        )
    };
    let expected = core(Source::memory(bytes.clone()), 1);
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let packed = envelope.encode(&bytes);
        for threads in [1, 4] {
            assert_eq!(core(Source::memory(packed.clone()), threads), expected);
            assert_eq!(core(pipe(&packed), threads), expected, "{envelope:?}");
        }
    }
}

#[test]
fn every_flipped_byte_of_a_header_is_borne() {
    let Some(bytes) = of_all_kinds() else { return };
    let marker = marker(&bytes);
    for at in (0..marker).step_by(211).chain(0..512) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        for options in [
            options(),
            Options {
                digests: false,
                depth: Depth::Headers,
                ..options()
            },
        ] {
            let scanned = scan(
                Source::memory(flipped.clone()),
                &options,
                &Progress::default(),
            );
            assert!(matches!(scanned, Ok(Catalog::Host(_))), "{at}");
        }
        // Cut as well, it is never whole.
        let cut = (at * 7 + 600) % (marker - 512) + 512;
        flipped.truncate(cut);
        if let Ok(Catalog::Host(backup)) =
            scan(Source::memory(flipped), &options(), &Progress::default())
        {
            let complete = matches!(backup.ending, Ending::Tar(TarEnding::Complete));
            assert!(!complete || !damage(&backup).is_empty(), "{at} {cut}");
        }
    }
}
