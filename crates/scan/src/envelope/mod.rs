//! The compression around an input, recognised by its first bytes, and the decompressed stream.
//!
//! What is wrong with the compression becomes a fact ([`Compression`]); only what makes further
//! reading impossible ends the stream ([`Broken`]).

mod bzip2;
mod check;
mod gzip;
mod gzip_header;
mod raw;
mod unpacked;
mod unpacker;
mod words;
mod zstd;
mod zstd_header;

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use xenspect_model::catalog::Compression;
use xenspect_model::report::Envelope;

use check::{Check, Event};
use gzip::Gzip;
pub(crate) use raw::{Input, Raw};
use unpacked::Unpacked;
use unpacker::{Decoder, Unpacker};
pub(crate) use words::compression_words;
use zstd::Zstd;

use crate::ahead::Ahead;

/// Why a stream gives no more bytes before its end.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The storage said so.
    Io(io::Error),
    /// The compression is damaged.
    Fault(Compression),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Tells the compression by the first bytes of an input (`formats/xva.md` section 7).
pub(crate) fn recognise(first: &[u8]) -> Envelope {
    if first.starts_with(&gzip::MAGIC) {
        Envelope::Gzip
    } else if first.starts_with(&zstd::MAGIC) || zstd::is_skippable(first) {
        Envelope::Zstd
    } else {
        Envelope::Plain
    }
}

/// Whether an input is packed by bzip2, in which only containers of files are read.
pub(crate) fn is_bzip2(first: &[u8]) -> bool {
    bzip2::begins(first)
}

/// How the bytes of a container of files are packed. Exports and databases are never packed by bzip2 or zip, so
/// [`Envelope`] knows neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain,
    /// gzip around a tar archive.
    Gzip,
    /// zstd around a tar archive.
    Zstd,
    /// bzip2 around a tar archive.
    Bzip2,
    /// A zip archive.
    Zip,
}

impl From<Envelope> for Packing {
    fn from(envelope: Envelope) -> Self {
        match envelope {
            Envelope::Plain => Self::Plain,
            Envelope::Gzip => Self::Gzip,
            Envelope::Zstd => Self::Zstd,
        }
    }
}

/// Who decompresses.
enum Way {
    /// Whoever reads.
    Here {
        unpacker: Box<Unpacker>,
        check: Check,
        /// What was met in one call.
        met: Vec<Event>,
    },
    /// A thread of its own.
    Ahead(Box<Unpacked>),
}

/// The decompressed bytes of an input, in one pass.
pub(crate) struct Stream {
    way: Way,
    faults: Vec<Compression>,
    ended: bool,
    /// A skippable frame of zstd stands in front.
    skippable_first: bool,
    /// What was looked at before it was read.
    first: Vec<u8>,
    /// The break met while looking, until the bytes before it are read.
    broken: Option<Broken>,
}

impl Stream {
    /// Opens what another thread reads ahead, by what its first bytes say. What is packed is decompressed on a thread of its
    /// own, until `stop` is raised or the stream dropped; by whoever reads where the system gives no thread.
    ///
    /// # Errors
    /// [`Broken`] at the first bytes.
    pub(crate) fn open(
        ahead: Ahead,
        window_log: u32,
        stop: Arc<AtomicBool>,
    ) -> Result<(Self, Envelope), Broken> {
        let input = Input::Ahead(Box::new(ahead));
        let (unpacker, envelope, skippable_first) = unpacker(Raw::new(input), window_log)?;
        let way = match envelope {
            Envelope::Plain => Way::here(Box::new(unpacker)),
            _ => match Unpacked::start(Box::new(unpacker), stop) {
                Ok(unpacked) => Way::Ahead(Box::new(unpacked)),
                Err(unpacker) => Way::here(unpacker),
            },
        };
        let stream = Self {
            skippable_first,
            ..Self::with(way)
        };
        Ok((stream, envelope))
    }

    /// Opens an input that is decompressed by whoever reads, where bzip2 is expected too.
    pub(crate) fn open_packed(input: Input, window_log: u32) -> Result<(Self, Packing), Broken> {
        let mut raw = Raw::new(input);
        if bzip2::begins(raw.peek(bzip2::BEGINNING)?) {
            let decoder = Decoder::Bzip2(Box::default());
            let way = Way::here(Box::new(Unpacker { raw, decoder }));
            return Ok((Self::with(way), Packing::Bzip2));
        }
        let (unpacker, envelope, _) = unpacker(raw, window_log)?;
        Ok((Self::with(Way::here(Box::new(unpacker))), envelope.into()))
    }

    fn with(way: Way) -> Self {
        Self {
            way,
            faults: Vec::new(),
            ended: false,
            skippable_first: false,
            first: Vec::new(),
            broken: None,
        }
    }

    /// The first `len` bytes of the stream, fewer only if there are no more. To be called before
    /// anything is read.
    pub(crate) fn look(&mut self, len: usize) -> &[u8] {
        let mut first = vec![0; len];
        let mut have = 0;
        while have < len {
            match self.read(&mut first[have..]) {
                Ok(0) => break,
                Ok(n) => have += n,
                Err(broken) => {
                    self.broken = Some(broken);
                    break;
                }
            }
        }
        first.truncate(have);
        self.first = first;
        &self.first
    }

    /// Reads until `out` is full; fewer bytes mean that the end is reached. At a break the bytes
    /// before it that do not fill `out` are lost to the caller: they are no whole piece of tar.
    pub(crate) fn read_full(&mut self, out: &mut [u8]) -> Result<usize, Broken> {
        let mut have = 0;
        while have < out.len() && !self.ended {
            match self.read(&mut out[have..]) {
                Ok(0) => self.ended = true,
                Ok(n) => have += n,
                Err(broken) => {
                    self.ended = true;
                    return Err(broken);
                }
            }
        }
        Ok(have)
    }

    /// Bytes of the input taken so far, as stored.
    pub(crate) fn consumed(&self) -> u64 {
        match &self.way {
            Way::Here { unpacker, .. } => unpacker.raw.consumed(),
            Way::Ahead(unpacked) => unpacked.consumed,
        }
    }

    /// Faults that did not end the stream, since the last call.
    pub(crate) fn take_faults(&mut self) -> Vec<Compression> {
        std::mem::take(&mut self.faults)
    }

    /// Whether a skippable frame stands in front, by which importers do not know zstd (`formats/xva.md` section 7).
    pub(crate) fn skippable_first(&self) -> bool {
        self.skippable_first
    }

    /// Whether zstd frames without a content checksum were met.
    pub(crate) fn frames_without_checksum(&self) -> bool {
        match &self.way {
            Way::Here { unpacker, .. } => unpacker.frames_without_checksum(),
            Way::Ahead(unpacked) => unpacked.frames_without_checksum,
        }
    }

    /// Reads what comes next; 0 at the end.
    pub(crate) fn read(&mut self, out: &mut [u8]) -> Result<usize, Broken> {
        if !self.first.is_empty() {
            let n = self.first.len().min(out.len());
            out[..n].copy_from_slice(&self.first[..n]);
            self.first.drain(..n);
            return Ok(n);
        }
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        match &mut self.way {
            Way::Ahead(unpacked) => unpacked.read(out, &mut self.faults),
            Way::Here {
                unpacker,
                check,
                met,
            } => loop {
                let outcome = unpacker.read(out, met);
                let n = *outcome.as_ref().unwrap_or(&0);
                check.update(&out[..n]);
                let at_end = met.is_empty();
                self.faults
                    .extend(met.drain(..).filter_map(|event| check.event(event)));
                if at_end || n > 0 || outcome.is_err() {
                    return outcome;
                }
            },
        }
    }
}

impl Way {
    fn here(unpacker: Box<Unpacker>) -> Self {
        Self::Here {
            check: Check::new(unpacker.wants_crc()),
            unpacker,
            met: Vec::new(),
        }
    }
}

fn unpacker(mut raw: Raw, window_log: u32) -> Result<(Unpacker, Envelope, bool), Broken> {
    let first = raw.peek(zstd::MAGIC.len())?;
    let (envelope, skippable_first) = (recognise(first), zstd::is_skippable(first));
    let decoder = match envelope {
        Envelope::Plain => Decoder::Plain,
        Envelope::Gzip => Decoder::Gzip(Box::new(Gzip::new())),
        Envelope::Zstd => Decoder::Zstd(Box::new(Zstd::new(window_log)?)),
    };
    Ok((Unpacker { raw, decoder }, envelope, skippable_first))
}

/// What stands behind the last member or frame, if anything does.
fn trailing(raw: &mut Raw) -> Result<Option<Compression>, Broken> {
    let at = raw.consumed();
    let mut zero = true;
    loop {
        let rest = raw.peek(1)?;
        if rest.is_empty() {
            break;
        }
        zero &= rest.iter().all(|&byte| byte == 0);
        let n = rest.len();
        raw.consume(n);
    }
    let bytes = raw.consumed() - at;
    Ok((bytes > 0).then_some(Compression::Trailing { at, bytes, zero }))
}
