//! Compressed input: headers with everything in them, members and frames one behind the other, check values, windows, and
//! storage that fails in the middle.

use std::io::{self, Read};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use xenspect_model::catalog::{Archive, Compression, Ending, Fact, Source as SourceFact};
use xenspect_scan::{Error, Limits, Options, Progress, ReadAt, Source, scan};
use xenspect_synth::{Content, DiskRecipe, Envelope, Recipe, Release};

fn tar() -> Vec<u8> {
    Recipe::named("two-disks").unwrap().build()
}

fn options() -> Options {
    Options {
        threads: 2,
        ..Options::default()
    }
}

fn scanned(source: Source) -> Result<Archive, Error> {
    let catalog = scan(source, &options(), &Progress::default())?;
    Ok(catalog.into_archive().unwrap())
}

/// Gives a few bytes at a time, so that nothing comes whole.
struct Dripping(io::Cursor<Vec<u8>>, usize);

impl Read for Dripping {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let few = out.len().min(self.1);
        self.0.read(&mut out[..few])
    }
}

fn pipe(stored: &[u8], few: usize) -> Source {
    Source::Stream(Box::new(Dripping(io::Cursor::new(stored.to_vec()), few)))
}

/// What a file gives, after the same came of a pipe.
#[track_caller]
fn both(stored: &[u8]) -> Archive {
    let file = scanned(Source::memory(stored.to_vec())).unwrap();
    let piped = scanned(pipe(stored, 977)).unwrap();
    assert_eq!(facts(&file), facts(&piped));
    assert_eq!(file.ending, piped.ending);
    assert_eq!(file.bytes, piped.bytes);
    assert_eq!(good(&file), good(&piped));
    file
}

/// Why nothing is known of a file and of a pipe.
#[track_caller]
fn refused(stored: &[u8]) -> String {
    let file = scanned(Source::memory(stored.to_vec())).unwrap_err();
    let piped = scanned(pipe(stored, 1)).unwrap_err();
    assert_eq!(file.to_string(), piped.to_string());
    file.to_string()
}

fn facts(archive: &Archive) -> Vec<(u64, Fact)> {
    let facts = archive.facts.iter();
    facts
        .map(|located| (located.offset, located.fact.clone()))
        .collect()
}

fn good(archive: &Archive) -> u64 {
    archive.disks.iter().map(|disk| disk.blocks.good).sum()
}

/// A gzip member whose header has every field there is.
fn with_every_field(tar: &[u8], spoil: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let plain = Envelope::Gzip.encode(tar);
    let mut header = vec![0x1f, 0x8b, 8, 0b1_1110, 0, 0, 0, 0, 0, 3];
    header.extend(300_u16.to_le_bytes());
    header.extend([0xab; 300]);
    header.extend(b"web01.xva\0a comment\0");
    let mut crc = flate2::Crc::new();
    crc.update(&header);
    let sum = u16::try_from(crc.sum() & 0xffff).unwrap();
    header.extend(sum.to_le_bytes());
    spoil(&mut header);
    header.extend(&plain[10..]);
    header
}

#[test]
fn a_gzip_header_may_have_every_field() {
    let archive = both(&with_every_field(&tar(), |_| {}));
    assert!(archive.facts.is_empty());
    assert_eq!(good(&archive), 8);
}

#[test]
fn a_gzip_header_that_is_wrong_is_told_in_the_words_of_zlib() {
    type Spoil = fn(&mut Vec<u8>);
    let rows: [(Spoil, &str); 3] = [
        (|header| header[20] ^= 1, "header crc mismatch"),
        (|header| header[2] = 7, "unknown compression method"),
        (|header| header[3] |= 0x80, "unknown header flags set"),
    ];
    for (spoil, words) in rows {
        let said = refused(&with_every_field(&tar(), spoil));
        assert!(said.ends_with(words), "{said}");
    }
}

#[test]
fn a_gzip_header_that_is_cut_anywhere_is_an_input_that_ends() {
    let stored = with_every_field(&tar(), |_| {});
    for at in [
        2, 3, 9, 10, 11, 12, 200, 311, 312, 320, 322, 330, 332, 333, 334,
    ] {
        let said = refused(&stored[..at]);
        assert!(
            said.ends_with(&format!("it ends after {at} bytes")),
            "{said}"
        );
    }
}

#[test]
fn a_wrong_crc_of_one_member_leaves_the_others_readable() {
    let tar = tar();
    let mut pieces = Envelope::GzipMembers(1_000_000).pieces(&tar);
    let members = pieces.len();
    assert!(members > 3);
    let end = pieces[1].len();
    pieces[1][end - 8] ^= 1;
    let end = pieces[2].len();
    pieces[2][end - 1] ^= 1;
    let first_two = (pieces[0].len() + pieces[1].len()) as u64;
    let archive = both(&pieces.concat());
    let third = first_two + pieces[2].len() as u64;
    let told: Vec<_> = facts(&archive).into_iter().map(|(_, fact)| fact).collect();
    assert_eq!(
        told,
        [
            Fact::Envelope(Compression::Checksum { at: first_two - 4 }),
            Fact::Envelope(Compression::Length { at: third }),
        ]
    );
    assert_eq!(good(&archive), 8);
}

#[test]
fn empty_members_and_frames_change_nothing() {
    let tar = tar();
    for (envelope, pieces) in [
        (Envelope::Gzip, Envelope::GzipMembers(500_000)),
        (Envelope::Zstd, Envelope::ZstdFrames(500_000)),
    ] {
        let empty = envelope.encode(&[]).repeat(3000);
        let mut stored = empty.clone();
        for piece in pieces.pieces(&tar) {
            stored.extend(piece);
            stored.extend(&empty);
        }
        let archive = both(&stored);
        assert!(archive.facts.is_empty(), "{:?}", facts(&archive));
        assert_eq!(good(&archive), 8);
        assert_eq!(archive.bytes, stored.len() as u64);
    }
}

/// Content that cannot be compressed, so that what is far behind the beginning is so in the compressed stream too.
fn large() -> Vec<u8> {
    let recipe = Recipe {
        disks: vec![DiskRecipe::new(4 << 20, Content::Random)],
        ..Recipe::new(Release::V8_2)
    };
    recipe.build()
}

#[test]
fn what_is_in_front_of_damage_is_not_lost_with_it() {
    let tar = large();
    for envelope in [Envelope::Gzip, Envelope::Zstd] {
        let mut stored = envelope.encode(&tar);
        // From here on it is all the same byte, with which no block of zstd begins.
        let from = stored.len() * 3 / 4;
        stored[from..].fill(0xff);
        let archive = both(&stored);
        assert!(
            matches!(archive.ending, Ending::Broken { .. }),
            "{envelope:?}"
        );
        // Inside of a block of deflate it is the same code over and over, up to the end of the input.
        let told = |(_, fact): &(u64, Fact)| match fact {
            Fact::Envelope(Compression::Corrupt { .. }) => true,
            Fact::Envelope(Compression::Truncated { .. }) => envelope == Envelope::Gzip,
            _ => false,
        };
        assert!(facts(&archive).iter().any(told), "{envelope:?}");
        // The third block ends behind the beginning of the damage.
        assert_eq!(good(&archive), 2, "{envelope:?}");
    }
}

/// Refuses every read that touches one byte.
struct BadSector(Vec<u8>, u64);

impl ReadAt for BadSector {
    fn read_at(&self, out: &mut [u8], offset: u64) -> io::Result<usize> {
        if (offset..offset + out.len() as u64).contains(&self.1) {
            return Err(io::Error::from_raw_os_error(5));
        }
        self.0.read_at(out, offset)
    }
}

#[test]
fn a_bad_sector_ends_a_stream_behind_what_could_be_read() {
    let tar = large();
    for envelope in [Envelope::Gzip, Envelope::Zstd] {
        let stored = envelope.encode(&tar);
        let len = stored.len() as u64;
        let source = Source::File {
            reader: Arc::new(BadSector(stored, len - 1000)),
            len,
            readable_by_others: false,
        };
        let archive = scanned(source).unwrap();
        assert!(matches!(archive.ending, Ending::Broken { .. }));
        let told = facts(&archive);
        assert!(
            matches!(told[..], [(_, Fact::Source(SourceFact::ReadError { .. }))]),
            "{told:?}"
        );
        assert_eq!(good(&archive), 3);
    }
}

/// A zstd frame of stored blocks with a window of 2 to this power, or with none but its content.
fn frame(content: &[u8], window_log: Option<u8>) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd];
    match window_log {
        Some(log) => frame.extend([0, (log - 10) << 3]),
        None => {
            frame.push(0b1110_0000);
            frame.extend((content.len() as u64).to_le_bytes());
        }
    }
    let mut blocks = content.chunks(128 << 10).peekable();
    while let Some(block) = blocks.next() {
        let last = u32::from(blocks.peek().is_none());
        let header = u32::try_from(block.len()).unwrap() << 3 | last;
        frame.extend(&header.to_le_bytes()[..3]);
        frame.extend(block);
    }
    frame
}

#[test]
fn a_window_that_is_too_large_is_refused_with_both_figures() {
    let said = refused(&frame(&tar(), Some(31)));
    for words in ["2147483648", "134217728", "--zstd-window 2GiB "] {
        assert!(said.contains(words), "{said}");
    }
    let said = refused(&frame(&tar(), Some(32)));
    assert!(said.contains("4294967296"), "{said}");
    assert!(!said.contains("--zstd-window"), "{said}");
    // The window of a single segment is its content, whatever stands behind the header.
    let mut huge = frame(&tar(), None);
    huge[5..13].copy_from_slice(&(200_u64 << 20).to_le_bytes());
    let said = refused(&huge);
    assert!(
        said.contains("209715200") && said.contains("--zstd-window 256MiB "),
        "{said}"
    );
}

#[test]
fn a_frame_behind_others_that_wants_too_much_is_a_fact() {
    let tar = tar();
    let (front, rest) = tar.split_at(2_000_000);
    let mut stored = frame(front, Some(20));
    let at = stored.len() as u64;
    stored.extend(frame(rest, Some(29)));
    let archive = both(&stored);
    let told = facts(&archive).pop();
    let window = Fact::Envelope(Compression::Window {
        at,
        asked: 1 << 29,
        allowed: 1 << 27,
    });
    assert_eq!(told.map(|(_, fact)| fact), Some(window));
    assert!(matches!(archive.ending, Ending::Broken { .. }));
}

#[test]
fn a_window_that_is_allowed_is_read() {
    let tar = tar();
    let allowed = |stored: Vec<u8>, zstd_window_log| {
        let limits = Limits {
            zstd_window_log,
            ..Limits::default()
        };
        let options = Options {
            limits,
            ..options()
        };
        let catalog = scan(Source::memory(stored), &options, &Progress::default())?;
        Ok::<_, Error>(catalog.into_archive().unwrap())
    };
    // The memory is asked for and never touched.
    for (window_log, limit) in [(Some(28), 28), (Some(28), 31), (None, 27)] {
        let archive = allowed(frame(&tar, window_log), limit).unwrap();
        assert!(archive.facts.is_empty());
        assert_eq!(good(&archive), 8);
    }
    assert!(allowed(frame(&tar, Some(28)), 27).is_err());
    assert!(allowed(frame(&tar, Some(12)), 11).is_err());
}

/// Gives what there is, so many bytes at a time and after a pause, over and over.
struct Endless {
    bytes: Vec<u8>,
    at: usize,
    most: usize,
    pause: Duration,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        thread::sleep(self.pause);
        let most = out.len().min(self.most);
        for byte in &mut out[..most] {
            *byte = self.bytes[self.at];
            self.at = (self.at + 1) % self.bytes.len();
        }
        Ok(most)
    }
}

/// What comes of an input that is never at its end, after an order to stop.
#[track_caller]
fn stopped(input: Endless) -> Result<Archive, Error> {
    let progress = Progress::default();
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(300));
            progress.cancel();
        });
        let catalog = scan(Source::Stream(Box::new(input)), &options(), &progress)?;
        assert!(begin.elapsed() < Duration::from_secs(8), "it goes on");
        Ok(catalog.into_archive().unwrap())
    })
}

#[test]
fn an_interrupt_before_the_first_bytes_is_no_error_of_the_storage() {
    let silent = Endless {
        bytes: vec![0],
        at: 0,
        most: 1,
        pause: Duration::from_secs(5),
    };
    let outcome = stopped(silent);
    assert!(matches!(outcome, Err(Error::Interrupted)), "{outcome:?}");
}

#[test]
fn an_interrupt_ends_a_pipe_that_drips() {
    // What comes in three seconds does not fill the first chunk.
    let tar = tar();
    for envelope in [None, Some(Envelope::Gzip), Some(Envelope::Zstd)] {
        let dripping = Endless {
            bytes: envelope.map_or_else(|| tar.clone(), |envelope| envelope.encode(&large())),
            at: 0,
            most: 100,
            pause: Duration::from_millis(5),
        };
        match stopped(dripping) {
            Err(Error::Interrupted) => {}
            Ok(archive) => assert!(matches!(archive.ending, Ending::Interrupted { .. })),
            Err(other) => panic!("{envelope:?}: {other}"),
        }
    }
}

#[test]
fn an_interrupt_ends_a_stream_of_empty_members() {
    // Behind a part of an archive, so that it is known by then what it is.
    let mut bytes = Envelope::Gzip.encode(&tar()[..1 << 20]);
    let first = bytes.len();
    bytes.extend(Envelope::Gzip.encode(&[]).repeat(100_000));
    let input = io::Cursor::new(bytes[..first].to_vec()).chain(Endless {
        bytes: bytes.split_off(first),
        at: 0,
        most: usize::MAX,
        pause: Duration::ZERO,
    });
    let progress = Progress::default();
    let begin = Instant::now();
    let archive = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(500));
            progress.cancel();
        });
        let catalog = scan(Source::Stream(Box::new(input)), &options(), &progress).unwrap();
        catalog.into_archive().unwrap()
    });
    assert!(begin.elapsed() < Duration::from_secs(8));
    assert!(matches!(archive.ending, Ending::Interrupted { .. }));
}

/// The test runs once more in a process of its own, in which no thread gets the stack that it is to have.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
#[test]
fn where_the_system_gives_no_thread_this_one_reads_and_unpacks() {
    const AGAIN: &str = "XENSPECT_TEST_WITHOUT_THREADS";
    if std::env::var_os(AGAIN).is_none() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--test-threads=1", "--exact"])
            .arg("where_the_system_gives_no_thread_this_one_reads_and_unpacks")
            .env(AGAIN, "1")
            .env("RUST_MIN_STACK", (1_u64 << 47).to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}"
        );
        return;
    }
    let plain = tar();
    let expected = scanned(Source::memory(plain.clone())).unwrap();
    for envelope in [None, Some(Envelope::Gzip), Some(Envelope::Zstd)] {
        let stored = envelope.map_or_else(|| plain.clone(), |envelope| envelope.encode(&plain));
        for source in [Source::memory(stored.clone()), pipe(&stored, 977)] {
            let archive = scanned(source).unwrap();
            let (disks, wanted) = (&archive.disks, &expected.disks);
            assert_eq!(format!("{disks:?}"), format!("{wanted:?}"), "{envelope:?}");
            assert_eq!(archive.ending, expected.ending, "{envelope:?}");
        }
    }
}
