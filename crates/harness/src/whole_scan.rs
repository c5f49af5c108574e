//! Any bytes as an input, from scan to report.

use std::io::{self, Cursor, Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use xenspect_model::Catalog;
use xenspect_model::catalog::{Archive, Dump, Rewritten};
use xenspect_model::report::{Input, Kind, Report, SCHEMA, Tool, Verdict};
use xenspect_report::{human, json};
use xenspect_scan::{Depth, Error, Limits, Options, Progress, Source, Sums, scan};

use crate::sealed::sealed;
use crate::{flipped, inspected, listed, shown};

/// Inputs that unpack to more than this are left alone: they cost time and show nothing that
/// smaller ones do not.
pub(crate) const LARGEST_STREAM: u64 = 16 << 20;

/// Bytes handed out at once by a pipe. Odd, so that headers fall apart.
const PIPE: usize = 4093;

/// Scans the bytes, judges what was found and renders the report; also lists what is in them, looks
/// for secrets and members, and writes an export anew.
///
/// The first byte says how the rest is wrapped: 0 not at all, 1 in gzip, 2 in zstd, 3 not at all
/// but with the header checksums put right. With any other first byte all of the bytes are the
/// input as they are.
///
/// Invariants:
/// - a scan as a file and one as a pipe, with one thread and with two, give the same report, or
///   fail in the same words;
/// - the JSON report is JSON and shows no character that a terminal would act on, nor does the
///   report for people; that has no line wider than asked for;
/// - an input with a block whose sum is wrong is never sound, nor is a sound one with a bit of a block flipped;
/// - of a disk's blocks no more are judged than there are;
/// - a scan of the headers alone does not fail where a full one does not, and checks no block;
/// - the invariants of tables, searches and lists of secrets, which `inspected` has, and those of
///   members, which `listed` has.
///
/// # Panics
///
/// When one of them does not hold.
pub fn whole_scan(data: &[u8]) {
    let bytes = wrapped(data);
    if unpacks_beyond(&bytes, LARGEST_STREAM) {
        return;
    }
    let full = scanned(Source::memory(bytes.clone()), &options(1, Depth::Full));
    let file = report_of(&full);
    let two = scanned(Source::memory(bytes.clone()), &options(2, Depth::Full));
    assert_eq!(file, report_of(&two), "one thread and two differ");
    let pipe = scanned(pipe(&bytes), &options(2, Depth::Full));
    assert_eq!(file, report_of(&pipe), "a file and a pipe differ");
    let headers = scanned(Source::memory(bytes.clone()), &options(1, Depth::Headers));
    let headers = report_of(&headers);
    check_headers(&file, &headers);
    check(&file);
    if headers != file {
        check(&headers);
    }
    let front = scanned(Source::memory(bytes.clone()), &options(1, Depth::Metadata));
    assert_eq!(full.is_ok(), front.is_ok(), "only one depth fails");
    if let Ok(catalog) = &full {
        inspected::check(catalog);
    }
    // Of a document no less is known without the depth.
    if let Ok(catalog @ Catalog::Archive(_)) = &front {
        inspected::check(catalog);
    }
    listed::check(&bytes, &options(1, Depth::Full));
    flipped::check(&bytes, &full, &file, &options(1, Depth::Full));
}

/// The bytes as a stream that hands out little at once.
pub(crate) fn pipe(bytes: &[u8]) -> Source {
    Source::Stream(Box::new(Pipe(Cursor::new(bytes.to_vec()))))
}

fn scanned(source: Source, options: &Options) -> Result<Catalog, Error> {
    let progress = Progress::default();
    let catalog = scan(source, options, &progress)?;
    check_catalog(&catalog);
    assert!(
        progress.done() <= bytes_of(&catalog),
        "more done than there is"
    );
    Ok(catalog)
}

fn bytes_of(catalog: &Catalog) -> u64 {
    match catalog {
        Catalog::Archive(archive) => archive.bytes,
        Catalog::Dump(dump) => dump.bytes,
        Catalog::Document(document) => document.bytes,
        Catalog::Host(host) => host.bytes,
    }
}

fn options(threads: usize, depth: Depth) -> Options {
    let limits = Limits {
        facts: 20,
        disks: 8,
        zstd_window_log: 23,
        document: 1 << 20,
        ..Limits::default()
    };
    Options {
        threads,
        depth,
        // Keeping them must not change anything else, nor depend on threads.
        sums: Sums::Stored,
        limits,
        ..Options::default()
    }
}

pub(crate) fn wrapped(data: &[u8]) -> Vec<u8> {
    match data.split_first() {
        Some((0, rest)) => rest.to_vec(),
        Some((1, rest)) => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder
                .write_all(rest)
                .and_then(|()| encoder.finish())
                .expect("memory takes all")
        }
        Some((2, rest)) => zstd::encode_all(rest, 1).expect("memory takes all"),
        Some((3, rest)) => sealed(rest),
        _ => data.to_vec(),
    }
}

/// Whether more than `limit` bytes come out.
pub(crate) fn unpacks_beyond(bytes: &[u8], limit: u64) -> bool {
    let unpacked = |decoder: &mut dyn Read| {
        // Damage ends it early, as it does a scan.
        let mut counted = 0;
        let mut piece = vec![0; 64 << 10];
        while let Ok(n @ 1..) = decoder.read(&mut piece) {
            counted += n as u64;
            if counted > limit {
                return true;
            }
        }
        false
    };
    if bytes.starts_with(&[0x1f, 0x8b]) {
        unpacked(&mut MultiGzDecoder::new(bytes))
    } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        zstd::Decoder::new(bytes).is_ok_and(|mut decoder| unpacked(&mut decoder))
    } else {
        false
    }
}

/// Bytes that come in small pieces.
struct Pipe(Cursor<Vec<u8>>);

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(PIPE);
        self.0.read(&mut buf[..len])
    }
}

/// The report on a scan, with the error in it if there is no catalog.
pub(crate) fn report_of(scanned: &Result<Catalog, Error>) -> Report {
    let path = "input.xva".to_owned();
    let input = match scanned {
        Ok(catalog) => xenspect_rules::input(path, catalog),
        Err(error) => Input::unreadable(path, error.to_string()),
    };
    let tool = Tool {
        name: "xenspect".to_owned(),
        version: "0.0.0".to_owned(),
    };
    Report {
        schema: SCHEMA,
        tool,
        inputs: vec![input],
        left: Vec::new(),
        interrupted: false,
        fail_on: None,
        policy: None,
    }
}

fn check_catalog(catalog: &Catalog) {
    for (kept, _) in catalog.facts().kinds() {
        assert!(!kept.is_empty() && kept.len() <= catalog.facts().limit());
    }
    match catalog {
        Catalog::Archive(archive) => check_archive(archive),
        Catalog::Dump(dump) => check_dump(dump),
        Catalog::Document(document) => {
            assert_eq!(document.text.len() as u64, document.stream_bytes);
        }
        Catalog::Host(host) => {
            for database in &host.databases {
                assert!(database.offset < host.stream_bytes.max(1));
            }
        }
    }
}

fn check_dump(dump: &Dump) {
    let database = &dump.database;
    assert!(database.end() <= dump.stream_bytes);
    assert_eq!(dump.redo_log.is_some(), dump.kind == Kind::RedoLog);
    match dump.rewritten {
        Rewritten::Same => assert!(database.is_complete()),
        Rewritten::Differs { offset } => assert!(offset <= dump.stream_bytes),
        Rewritten::NotCompared(_) => {}
    }
    if let Some(log) = &dump.redo_log {
        assert!(log.database_offset < log.end_offset && log.end_offset <= dump.stream_bytes);
    }
}

fn check_archive(catalog: &Archive) {
    assert_eq!(catalog.internal_error, None);
    for disk in &catalog.disks {
        let (shape, blocks) = (&disk.shape, &disk.blocks);
        let judged = blocks.good + blocks.bad + blocks.unchecked;
        assert!(judged <= shape.blocks, "{judged} judged of {}", shape.id);
        assert!(blocks.zero <= shape.blocks);
        assert!(catalog.blocks_read || blocks.good + blocks.bad == 0);
    }
}

fn check_headers(full: &Report, headers: &Report) {
    for (full, headers) in full.inputs.iter().zip(&headers.inputs) {
        assert_eq!(
            full.error.is_some(),
            headers.error.is_some(),
            "only one depth fails"
        );
        assert_eq!(full.kind, headers.kind);
        assert_eq!(full.members, headers.members);
    }
}

pub(crate) fn check(report: &Report) {
    for input in &report.inputs {
        let bad: u64 = input.disks.iter().map(|disk| disk.bad).sum();
        assert!(
            bad == 0 || input.verdict > Verdict::Sound,
            "{bad} bad blocks are called sound"
        );
        assert!(input.error.is_some() || input.verdict != Verdict::Unreadable);
    }
    let mut document = Vec::new();
    json::write(report, &mut document).expect("memory takes all");
    assert_eq!(
        shown::check_json(document),
        serde_json::to_value(report).expect("a report can be serialised")
    );
    for style in shown::styles() {
        let mut page = Vec::new();
        human::write(report, &style, &mut page).expect("memory takes all");
        shown::check_page(page, &style);
    }
}
