//! Headers written by hand, a good archive to put them into, and what a report says of the outcome.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use xenspect_model::Severity;
use xenspect_model::report::{Input, Verdict};
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::Recipe;

pub(crate) const BLOCK: usize = 512;
/// The files of a host that rules read.
const HOST_FILES: [&str; 5] = [
    "etc/xensource-inventory",
    "etc/xensource/pool.conf",
    "etc/fstab",
    "boot/efi/EFI/xenserver/grub.cfg",
    "var/lib/xcp/local.db",
];
/// The text of an empty block's XXH64.
pub(crate) const EMPTY: &[u8] = b"EF46DB3751D8E999";

/// A header as xapi writes it, with this size field.
pub(crate) fn header(name: &str, size: &[u8], flag: u8) -> Vec<u8> {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000400\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, size);
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[flag]);
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:07o}\0").as_bytes());
    block.to_vec()
}

/// A size in octal digits.
pub(crate) fn octal(size: u64) -> Vec<u8> {
    format!("{size:011o}\0").into_bytes()
}

/// A size in base-256; `first` holds the marks of that and of the sign.
pub(crate) fn base_256(first: u8, size: u64) -> Vec<u8> {
    [&[first, 0, 0, 0][..], &size.to_be_bytes()].concat()
}

/// A payload, filled up to whole blocks.
pub(crate) fn padded(payload: &[u8]) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

pub(crate) fn member(name: &str, payload: &[u8]) -> Vec<u8> {
    let header = header(name, &octal(payload.len() as u64), 0);
    [header, padded(payload)].concat()
}

/// An extension header with its payload.
pub(crate) fn extension(flag: u8, payload: &[u8]) -> Vec<u8> {
    let header = header("././@LongLink", &octal(payload.len() as u64), flag);
    [header, padded(payload)].concat()
}

/// A pax record with its right length.
pub(crate) fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let body = key.len() + value.len() + 3;
    let mut length = body + 1;
    while length != body + length.to_string().len() {
        length = body + length.to_string().len();
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}

/// A good archive with these members behind its last one.
pub(crate) fn with(piece: &[u8]) -> Vec<u8> {
    let mut bytes = Recipe::named("tiny").unwrap().build();
    let end = bytes.len() - 2 * BLOCK;
    bytes.splice(end..end, piece.iter().copied());
    bytes
}

pub(crate) fn verify_source(source: Source) -> Input {
    let options = Options {
        threads: 2,
        host_files: |path| HOST_FILES.contains(&path),
        ..Options::default()
    };
    let catalog = scan(source, &options, &Progress::default()).expect("a catalog");
    xenspect_rules::input("edge".to_owned(), &catalog)
}

pub(crate) fn verify(bytes: Vec<u8>) -> Input {
    verify_source(Source::memory(bytes))
}

pub(crate) fn verify_stream(stream: impl Read + Send + 'static) -> Input {
    verify_source(Source::Stream(Box::new(stream)))
}

/// The bytes of pieces, one after the other.
pub(crate) struct Pieces<I> {
    pieces: I,
    open: Cursor<Vec<u8>>,
}

impl<I> Pieces<I> {
    pub(crate) fn new(pieces: I) -> Self {
        let open = Cursor::default();
        Self { pieces, open }
    }
}

impl<I: Iterator<Item = Vec<u8>>> Read for Pieces<I> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.open.read(buf)?;
            if n > 0 {
                return Ok(n);
            }
            match self.pieces.next() {
                Some(piece) => self.open = Cursor::new(piece),
                None => return Ok(0),
            }
        }
    }
}

/// Verdict and codes above notes, as often as they are there.
pub(crate) type Said = (Verdict, BTreeMap<&'static str, u64>);

/// What a report says: findings that are shown and those that are counted.
pub(crate) fn said(input: &Input) -> Said {
    let mut codes: BTreeMap<&'static str, u64> = BTreeMap::new();
    for finding in &input.findings {
        if finding.severity > Severity::Note {
            *codes.entry(finding.code.name()).or_default() += 1;
        }
    }
    // Those that are only counted are as bad as those that are shown.
    for (code, more) in &input.omitted {
        if let Some(count) = codes.get_mut(code.name()) {
            *count += more;
        }
    }
    (input.verdict, codes)
}

/// What is said of an archive as a file, which has to be what is said of it through a pipe.
pub(crate) fn told(bytes: Vec<u8>) -> Said {
    let piped = said(&verify_stream(Cursor::new(bytes.clone())));
    let filed = said(&verify(bytes));
    assert_eq!(filed, piped);
    filed
}

pub(crate) fn expected(verdict: Verdict, codes: &[(&'static str, u64)]) -> Said {
    (verdict, codes.iter().copied().collect())
}
