//! Decompression itself: the input as stored, and what makes the stream out of it.

use xenspect_model::catalog::Compression;

use super::bzip2::Bzip2;
use super::check::Event;
use super::gzip::Gzip;
use super::zstd::Zstd;
use super::{Broken, Raw};

pub(super) enum Decoder {
    Plain,
    Bzip2(Box<Bzip2>),
    Gzip(Box<Gzip>),
    Zstd(Box<Zstd>),
}

/// An input on its way to be decompressed.
pub(super) struct Unpacker {
    pub(super) raw: Raw,
    pub(super) decoder: Decoder,
}

impl Unpacker {
    /// Reads what comes next into `out`, which is not empty. Events lie behind what was given. 0 without an event:
    /// the end.
    pub(super) fn read(
        &mut self,
        out: &mut [u8],
        events: &mut Vec<Event>,
    ) -> Result<usize, Broken> {
        match &mut self.decoder {
            Decoder::Plain => Ok(self.raw.read(out)?),
            Decoder::Bzip2(bzip2) => {
                let mut faults: Vec<Compression> = Vec::new();
                let outcome = bzip2.read(&mut self.raw, out, &mut faults);
                events.extend(faults.into_iter().map(Event::Fault));
                outcome
            }
            Decoder::Gzip(gzip) => gzip.read(&mut self.raw, out, events),
            Decoder::Zstd(zstd) => zstd.read(&mut self.raw, out, events),
        }
    }

    /// Whether members bear a CRC that is to be made of what comes out.
    pub(super) fn wants_crc(&self) -> bool {
        matches!(self.decoder, Decoder::Gzip(_))
    }

    /// Whether zstd frames without a content checksum were met.
    pub(super) fn frames_without_checksum(&self) -> bool {
        matches!(&self.decoder, Decoder::Zstd(zstd) if zstd.frames_without_checksum)
    }
}
