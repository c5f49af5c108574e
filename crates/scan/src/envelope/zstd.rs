//! zstd, one frame after another, with a limit on the window.

use xenspect_model::catalog::Compression;
use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use super::{Broken, raw::Raw};

pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Skippable frames: 0x184D2A50 to 0x184D2A5F, little-endian.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// In the byte behind the magic: the frame carries a content checksum.
const CHECKSUM_FLAG: u8 = 1 << 2;
/// Error numbers of zstd's public list (`zstd_errors.h`).
const WINDOW_TOO_LARGE: usize = 16;
const CHECKSUM_WRONG: usize = 22;

/// Whether a skippable frame begins here; parallel compressors put one in front.
pub(super) fn is_skippable(first: &[u8]) -> bool {
    first.len() >= MAGIC.len() && first[0] & 0xf0 == 0x50 && first[1..MAGIC.len()] == SKIPPABLE
}

pub(super) struct Zstd {
    context: DCtx<'static>,
    in_frame: bool,
    ended: bool,
    pub(super) frames_without_checksum: bool,
}

impl Zstd {
    /// Frames that want a window larger than 2^`window_log` bytes are refused.
    pub(super) fn new(window_log: u32) -> Result<Self, Broken> {
        let mut context = DCtx::create();
        context
            .set_parameter(DParameter::WindowLogMax(window_log))
            .map_err(|code| Broken::Io(std::io::Error::other(get_error_name(code))))?;
        Ok(Self {
            context,
            in_frame: false,
            ended: false,
            frames_without_checksum: false,
        })
    }

    /// Decompresses into `out`; 0 at the end.
    pub(super) fn read(
        &mut self,
        raw: &mut Raw,
        out: &mut [u8],
        faults: &mut Vec<Compression>,
    ) -> Result<usize, Broken> {
        while !self.ended {
            if !self.in_frame && !self.next_frame(raw, faults)? {
                continue;
            }
            let shown = raw.peek(1)?;
            let nothing_left = shown.is_empty();
            let mut input = InBuffer::around(shown);
            let mut output = OutBuffer::around(out);
            let result = self.context.decompress_stream(&mut output, &mut input);
            let (used, got) = (input.pos(), output.pos());
            raw.consume(used);
            match result {
                Ok(hint) => self.in_frame = hint != 0,
                Err(code) => return Err(self.fault(code, raw.consumed())),
            }
            if got > 0 {
                return Ok(got);
            }
            if nothing_left && self.in_frame {
                self.ended = true;
                return Err(Broken::Fault(Compression::Truncated { at: raw.consumed() }));
            }
        }
        Ok(0)
    }

    /// Looks at what stands where a frame may begin. False when it is no frame.
    fn next_frame(&mut self, raw: &mut Raw, faults: &mut Vec<Compression>) -> Result<bool, Broken> {
        let next = raw.peek(MAGIC.len() + 1)?;
        let content = next.starts_with(&MAGIC);
        let skippable = is_skippable(next);
        if content {
            self.frames_without_checksum |= next
                .get(MAGIC.len())
                .is_some_and(|descriptor| descriptor & CHECKSUM_FLAG == 0);
        } else if !skippable {
            self.ended = true;
            faults.extend(super::trailing(raw)?);
            return Ok(false);
        }
        self.in_frame = true;
        Ok(true)
    }

    /// zstd gives no account of what a failing call put out, so nothing of it counts. Readers of a
    /// tar stream ask for exact pieces, so a wrong checksum at the end of the stream is met with
    /// all contents out.
    fn fault(&mut self, code: usize, at: u64) -> Broken {
        self.ended = true;
        // zstd numbers its errors downwards from 2^64.
        Broken::Fault(match code.wrapping_neg() {
            CHECKSUM_WRONG => Compression::Checksum { at },
            WINDOW_TOO_LARGE => Compression::Window { at },
            _ => Compression::Corrupt {
                at,
                reason: get_error_name(code).to_owned(),
            },
        })
    }
}
