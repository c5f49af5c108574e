//! Pool databases, redo logs and descriptions outside of an archive, from everything they come in.

use std::io::{self, Read};
use std::sync::Arc;

use xenspect_model::Catalog;
use xenspect_model::catalog::{Compression, Dump, Fact, Rewritten, Source as SourceFact};
use xenspect_model::report::{Envelope as Packing, Kind};
use xenspect_scan::{Error, Limits, Options, Progress, ReadAt, Source, scan};
use xenspect_synth::Envelope;

const DUMP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<database><manifest>\
    <pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"790\"/>\
    <pair key=\"generation_count\" value=\"9\"/></manifest><table name=\"pool\">\
    <row ref=\"OpaqueRef:1\" __ctime=\"1\" __mtime=\"2\" _ref=\"OpaqueRef:1\" uuid=\"u\"/></table></database>";

fn run(source: Source) -> Result<Catalog, Error> {
    scan(source, &Options::default(), &Progress::default())
}

fn dump(source: Source) -> Dump {
    match run(source).unwrap() {
        Catalog::Dump(dump) => *dump,
        other => panic!("{other:?}"),
    }
}

/// Hides the length, so that it is read as a pipe.
struct Pipe(io::Cursor<Vec<u8>>);

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let few = buf.len().min(100);
        self.0.read(&mut buf[..few])
    }
}

fn pipe(bytes: Vec<u8>) -> Source {
    Source::Stream(Box::new(Pipe(io::Cursor::new(bytes))))
}

#[test]
fn a_dump_is_the_same_from_everything_it_comes_in() {
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let stored = envelope.encode(DUMP.as_bytes());
        for source in [Source::memory(stored.clone()), pipe(stored.clone())] {
            let dump = dump(source);
            assert_eq!(dump.kind, Kind::PoolDb);
            assert_eq!(dump.bytes, stored.len() as u64);
            assert_eq!(dump.stream_bytes, DUMP.len() as u64);
            assert_eq!(dump.database.row_count(), 1);
            assert_eq!(dump.rewritten, Rewritten::Same);
            assert!(dump.facts.is_empty() && !dump.interrupted);
        }
    }
}

#[test]
fn an_edited_dump_differs_from_what_is_written_anew() {
    let edited = DUMP.replace(" uuid=\"u\"", "  uuid=\"u\"");
    let offset = edited.find("  uuid").unwrap() as u64 + 1;
    let dump = dump(Source::memory(edited.into_bytes()));
    assert_eq!(dump.rewritten, Rewritten::Differs { offset });
}

#[test]
fn a_packed_dump_that_is_cut_gives_what_is_there() {
    let mut stored = Envelope::Gzip.encode(DUMP.as_bytes());
    stored.truncate(stored.len() - 20);
    let dump = dump(Source::memory(stored));
    assert_eq!(dump.envelope, Packing::Gzip);
    assert!(!dump.database.is_complete());
    let facts: Vec<_> = dump.facts.iter().map(|located| &located.fact).collect();
    assert!(
        matches!(
            facts.as_slice(),
            [Fact::Envelope(Compression::Truncated { .. })]
        ),
        "{facts:?}"
    );
}

/// Storage with one sector that cannot be read.
struct Bad(Vec<u8>);

impl ReadAt for Bad {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let bad = 512..1024;
        if offset < bad.end && offset + buf.len() as u64 > bad.start {
            return Err(io::Error::other("bad sector"));
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_bad_sector_costs_a_dump_that_sector() {
    let rows: String = (0..40)
        .map(|n| format!("<row ref=\"OpaqueRef:{n:04}\" _ref=\"OpaqueRef:{n:04}\"/>"))
        .collect();
    let text = DUMP.replace("</table>", &format!("{rows}</table>"));
    let len = text.len() as u64;
    let dump = dump(Source::File {
        reader: Arc::new(Bad(text.into_bytes())),
        len,
        readable_by_others: true,
    });
    assert!(dump.readable_by_others);
    assert!(dump.database.is_complete());
    assert!(dump.database.by_reference("OpaqueRef:0039").is_some());
    let facts: Vec<_> = dump.facts.iter().collect();
    let [located] = facts.as_slice() else {
        panic!("{facts:?}")
    };
    assert_eq!(located.offset, 512);
    assert!(matches!(
        located.fact,
        Fact::Source(SourceFact::ReadError { len: 512, .. })
    ));
}

#[test]
fn limits_are_refusals_with_words() {
    let options = |dump| Options {
        limits: Limits {
            dump,
            ..Limits::default()
        },
        ..Options::default()
    };
    let enough = options(DUMP.len() as u64);
    let less = options(DUMP.len() as u64 - 1);
    for source in [
        || Source::memory(DUMP.as_bytes().to_vec()),
        || pipe(DUMP.as_bytes().to_vec()),
        || Source::memory(Envelope::Zstd.encode(DUMP.as_bytes())),
    ] {
        assert!(scan(source(), &enough, &Progress::default()).is_ok());
        let error = scan(source(), &less, &Progress::default()).unwrap_err();
        assert!(
            matches!(error, Error::DocumentTooLarge { limit } if limit == DUMP.len() - 1),
            "{error}"
        );
    }
    let deep = format!("<database>{}", "<x>".repeat(100));
    let error = run(Source::memory(deep.into_bytes())).unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
}

/// A redo log with a database and a change of it.
fn redo_log() -> Vec<u8> {
    let (marker, generation) = ("0123456789abcdef0123456789abcdef0123", 9_u64);
    let delta = "WriteFiel00000004pool00000011OpaqueRef:100000008name_lab00000003new";
    let mut log = format!(
        "redo-log--------\x001{marker}{:016}{DUMP}{generation:016}{marker}{:016}{delta}{:016}{marker}",
        DUMP.len(),
        delta.len(),
        generation + 1,
    )
    .into_bytes();
    log.resize(log.len() + 100_000, 0);
    log
}

/// Cannot be read at all behind its first bytes.
struct Lost(Vec<u8>, u64);

impl ReadAt for Lost {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset + buf.len() as u64 > self.1 {
            return Err(io::Error::other("a bad sector"));
        }
        self.0.read_at(buf, offset)
    }
}

#[test]
fn a_document_that_was_not_read_to_its_end_is_not_accused() {
    // Its second half is the valid one.
    let mut log = b"redo-log--------\x002".to_vec();
    log.resize(4 << 20, 0);
    for envelope in [Envelope::Gzip, Envelope::Zstd] {
        let mut stored = envelope.encode(&log);
        stored.truncate(stored.len() / 2);
        for source in [Source::memory(stored.clone()), pipe(stored.clone())] {
            let error = run(source).unwrap_err();
            assert!(matches!(error, Error::BrokenInside { .. }), "{error}");
        }
    }
    let source = Source::File {
        len: log.len() as u64,
        reader: Arc::new(Lost(log.clone(), 512)),
        readable_by_others: false,
    };
    let error = run(source).unwrap_err();
    assert!(
        matches!(&error, Error::Unread(reason) if reason == "a bad sector"),
        "{error}"
    );
    let progress = Arc::new(Progress::default());
    let stopping = Stopping(io::Cursor::new(log), Arc::clone(&progress));
    let source = Source::Stream(Box::new(stopping));
    let error = scan(source, &Options::default(), &progress).unwrap_err();
    assert!(matches!(error, Error::Interrupted), "{error}");
}

#[test]
fn a_redo_log_is_read_with_its_changes() {
    let log = redo_log();
    for source in [Source::memory(log.clone()), pipe(log)] {
        let dump = dump(source);
        assert_eq!(dump.kind, Kind::RedoLog);
        let state = dump.redo_log.as_ref().unwrap();
        assert_eq!((state.generation, state.applied), (9, 1));
        assert_eq!(dump.database.generation(), Some(10));
        let row = dump.database.by_reference("OpaqueRef:1").unwrap();
        assert_eq!(row.text("name_lab").as_deref(), Some("new"));
    }
    let empty = b"redo-log--------\x000".to_vec();
    let error = run(Source::memory(empty)).unwrap_err();
    assert!(matches!(error, Error::Database(_)), "{error}");
}

#[test]
fn an_ova_xml_by_itself_is_a_document() {
    let text = b"<value><struct><member><name>version</name><value><struct/></value></member>\
        <member><name>objects</name><value><array><data/></array></value></member></struct></value>";
    let Catalog::Document(document) = run(Source::memory(text.to_vec())).unwrap() else {
        panic!("no document");
    };
    assert_eq!(document.text, text);
    let cut = run(Source::memory(text[..60].to_vec())).unwrap();
    let Catalog::Document(cut) = cut else {
        panic!("no document");
    };
    assert!(cut.metadata.export().is_none());
}

#[test]
fn other_documents_are_named_for_what_they_are() {
    let local = b"<config><row key=\"ha.armed\" value=\"false\"/></config>".to_vec();
    let error = run(Source::memory(local)).unwrap_err();
    assert!(matches!(error, Error::OtherXml), "{error}");
}

/// Stops the run once half of it was read.
struct Stopping(io::Cursor<Vec<u8>>, Arc<Progress>);

impl Read for Stopping {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.position() > self.0.get_ref().len() as u64 / 2 {
            self.1.cancel();
        }
        self.0.read(buf)
    }
}

#[test]
fn a_stopped_run_keeps_what_it_read() {
    let progress = Progress::default();
    progress.cancel();
    let source = Source::memory(DUMP.as_bytes().to_vec());
    let stopped = scan(source, &Options::default(), &progress).unwrap_err();
    assert!(matches!(stopped, Error::Interrupted), "{stopped}");

    // The same, with a part of it read.
    let progress = Arc::new(Progress::default());
    let mut long = DUMP.replace("</table>", "");
    long.push_str(&" ".repeat(4 << 20));
    let stopping = Stopping(io::Cursor::new(long.into_bytes()), Arc::clone(&progress));
    let source = Source::Stream(Box::new(stopping));
    match scan(source, &Options::default(), &progress).unwrap() {
        Catalog::Dump(dump) => assert!(dump.interrupted),
        other => panic!("{other:?}"),
    }
}
