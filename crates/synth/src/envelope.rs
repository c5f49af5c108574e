//! The compression around the tar stream (`formats/xva.md` section 7).

use std::io::{self, Write};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

/// The outer form of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Envelope {
    /// No compression.
    #[default]
    Plain,
    /// One gzip member, as `gzip` writes from a pipe: no name, no time.
    Gzip,
    /// Gzip members of this many bytes of tar each, as parallel compressors and `cat` make them.
    GzipMembers(u64),
    /// One zstd frame with a content checksum and no content size, as `zstd` writes from a pipe.
    Zstd,
    /// Zstd frames of this many bytes of tar each.
    ZstdFrames(u64),
}

/// Bytes of tar per member or frame where no other figure is given.
pub const PIECE: u64 = 1_000_000;

impl Envelope {
    /// Names for the command line with their envelopes.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("plain", Self::Plain),
        ("gzip", Self::Gzip),
        ("gzip-members", Self::GzipMembers(PIECE)),
        ("zstd", Self::Zstd),
        ("zstd-frames", Self::ZstdFrames(PIECE)),
    ];

    /// The envelope of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, envelope)| envelope)
    }

    /// The encoded stream, one item per gzip member or zstd frame; a plain stream is one item.
    #[must_use]
    pub fn pieces(self, tar: &[u8]) -> Vec<Vec<u8>> {
        match self {
            Self::Plain => vec![tar.to_vec()],
            Self::Gzip | Self::Zstd => vec![self.piece(tar)],
            Self::GzipMembers(bytes) | Self::ZstdFrames(bytes) => {
                // A piece longer than the address space is simply one piece.
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).max(1);
                tar.chunks(bytes).map(|part| self.piece(part)).collect()
            }
        }
    }

    /// The whole encoded stream.
    #[must_use]
    pub fn encode(self, tar: &[u8]) -> Vec<u8> {
        self.pieces(tar).concat()
    }

    fn piece(self, part: &[u8]) -> Vec<u8> {
        let mut coder = Coder::start(self, Vec::new()).expect("writing to memory does not fail");
        for step in part.chunks(STEP) {
            coder
                .write_all(step)
                .expect("writing to memory does not fail");
        }
        coder.finish().expect("writing to memory does not fail")
    }
}

/// The coders are always fed steps of this many bytes, so that the result does not depend on how the
/// tar stream was cut into writes.
const STEP: usize = 64 * 1024;

enum Coder<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Coder<W> {
    fn start(envelope: Envelope, out: W) -> io::Result<Self> {
        Ok(match envelope {
            Envelope::Plain => Self::Plain(out),
            Envelope::Gzip | Envelope::GzipMembers(_) => {
                // 3 is Unix, what gzip writes; the library's own default is "unknown".
                let header = GzBuilder::new().mtime(0).operating_system(3);
                Self::Gzip(header.write(out, Compression::new(6)))
            }
            Envelope::Zstd | Envelope::ZstdFrames(_) => {
                let mut encoder = zstd::Encoder::new(out, 3)?;
                encoder.include_checksum(true)?;
                Self::Zstd(encoder)
            }
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
            Self::Zstd(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<W> {
        match self {
            Self::Plain(out) => Ok(out),
            Self::Gzip(out) => out.finish(),
            Self::Zstd(out) => out.finish(),
        }
    }
}

/// Encodes a stream as it is written. [`EnvelopeWriter::finish`] must be called: dropping it loses the end.
pub struct EnvelopeWriter<W: Write> {
    envelope: Envelope,
    /// Absent only while one piece ends and the next begins, or after an error.
    coder: Option<Coder<W>>,
    pending: Vec<u8>,
    room: u64,
}

impl<W: Write> EnvelopeWriter<W> {
    /// Starts the stream.
    ///
    /// # Errors
    ///
    /// When the compressor cannot be set up.
    pub fn new(envelope: Envelope, out: W) -> io::Result<Self> {
        Ok(Self {
            envelope,
            coder: Some(Coder::start(envelope, out)?),
            pending: Vec::with_capacity(STEP),
            room: Self::piece_bytes(envelope),
        })
    }

    fn piece_bytes(envelope: Envelope) -> u64 {
        match envelope {
            Envelope::GzipMembers(bytes) | Envelope::ZstdFrames(bytes) => bytes.max(1),
            _ => u64::MAX,
        }
    }

    fn drain(&mut self) -> io::Result<()> {
        let lost = || io::Error::other("the stream already failed");
        self.coder
            .as_mut()
            .ok_or_else(lost)?
            .write_all(&self.pending)?;
        self.pending.clear();
        Ok(())
    }

    /// Ends the stream and returns the writer below.
    ///
    /// # Errors
    ///
    /// Those of the writer below.
    pub fn finish(mut self) -> io::Result<W> {
        self.drain()?;
        self.coder
            .take()
            .ok_or_else(|| io::Error::other("the stream already failed"))?
            .finish()
    }
}

impl<W: Write> Write for EnvelopeWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room == 0 && !bytes.is_empty() {
            self.drain()?;
            let coder = self
                .coder
                .take()
                .ok_or_else(|| io::Error::other("the stream already failed"))?;
            self.coder = Some(Coder::start(self.envelope, coder.finish()?)?);
            self.room = Self::piece_bytes(self.envelope);
        }
        let room = usize::try_from(self.room).unwrap_or(usize::MAX);
        let len = bytes.len().min(STEP - self.pending.len()).min(room);
        self.pending.extend_from_slice(&bytes[..len]);
        self.room -= len as u64;
        if self.pending.len() == STEP {
            self.drain()?;
        }
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn streaming_and_whole_encodings_are_the_same_bytes() {
        let tar = crate::Content::Mixed.chunk(1, 0, 0, 300_000);
        for envelope in [
            Envelope::Plain,
            Envelope::Gzip,
            Envelope::GzipMembers(70_001),
            Envelope::Zstd,
            Envelope::ZstdFrames(100_000),
        ] {
            let mut writer = EnvelopeWriter::new(envelope, Vec::new()).expect("a writer");
            for part in tar.chunks(777) {
                writer.write_all(part).expect("written");
            }
            assert_eq!(
                writer.finish().expect("finished"),
                envelope.encode(&tar),
                "{envelope:?}"
            );
        }
    }

    #[test]
    fn encodings_decode_to_the_input() {
        let tar = crate::Content::Mixed.chunk(1, 0, 0, 300_000);
        for envelope in [Envelope::Gzip, Envelope::GzipMembers(70_001)] {
            let mut out = Vec::new();
            let bytes = envelope.encode(&tar);
            flate2::read::MultiGzDecoder::new(&bytes[..])
                .read_to_end(&mut out)
                .expect("gzip");
            assert!(out == tar, "{envelope:?}");
        }
        for envelope in [Envelope::Zstd, Envelope::ZstdFrames(100_000)] {
            let out = zstd::decode_all(&envelope.encode(&tar)[..]).expect("zstd");
            assert!(out == tar, "{envelope:?}");
        }
    }
}
