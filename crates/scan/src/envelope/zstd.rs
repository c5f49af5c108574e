//! zstd, one frame after another, with a limit on the window.

use xenspect_model::catalog::Compression;
use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use super::check::Event;
use super::zstd_header::{self, Header};
use super::{Broken, raw::Raw};

pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Skippable frames: 0x184D2A50 to 0x184D2A5F, little-endian.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];
/// Bytes that zstd wants to see first.
const FIRST: usize = MAGIC.len() + 1;
/// The header of a block; zstd asks for it together with the block before it.
const BLOCK_HEADER: usize = 3;
/// Windows that zstd knows at all, as powers of two.
const WINDOW_LOGS: std::ops::RangeInclusive<u32> = 10..=31;
/// Error numbers of zstd's public list (`zstd_errors.h`).
const WINDOW_TOO_LARGE: usize = 16;
const CHECKSUM_WRONG: usize = 22;

/// Whether a skippable frame begins here; parallel compressors put one in front.
pub(super) fn is_skippable(first: &[u8]) -> bool {
    first.len() >= MAGIC.len() && first[0] & 0xf0 == 0x50 && first[1..MAGIC.len()] == SKIPPABLE
}

pub(super) struct Zstd {
    context: DCtx<'static>,
    /// The largest window that is allowed, in bytes.
    allowed: u64,
    in_frame: bool,
    /// Bytes that zstd wants next.
    hint: usize,
    /// The last call filled all of its room, so more may be on its way out.
    full: bool,
    ended: bool,
    /// The window that the frame asks for.
    window: u64,
    pub(super) frames_without_checksum: bool,
}

impl Zstd {
    /// Frames that want a window larger than 2^`window_log` bytes are refused.
    pub(super) fn new(window_log: u32) -> Result<Self, Broken> {
        let window_log = window_log.clamp(*WINDOW_LOGS.start(), *WINDOW_LOGS.end());
        let mut context = DCtx::create();
        context
            .set_parameter(DParameter::WindowLogMax(window_log))
            .map_err(|code| Broken::Io(std::io::Error::other(get_error_name(code))))?;
        Ok(Self {
            context,
            allowed: 1 << window_log,
            in_frame: false,
            hint: FIRST,
            full: false,
            ended: false,
            window: 0,
            frames_without_checksum: false,
        })
    }

    /// Decompresses into `out`. Events lie behind what was given. 0 without an event: the end.
    ///
    /// zstd gives no account of what a failing call put out. So no call is shown more than one block, whose header comes in calls
    /// of its own, as the checksum does: then everything in front of the damage is out already.
    pub(super) fn read(
        &mut self,
        raw: &mut Raw,
        out: &mut [u8],
        events: &mut Vec<Event>,
    ) -> Result<usize, Broken> {
        while !self.ended {
            if !self.in_frame && !self.next_frame(raw, events)? {
                return Ok(0);
            }
            let wanted = match self.hint {
                _ if self.full => 0,
                hint => hint.saturating_sub(BLOCK_HEADER).max(1),
            };
            let shown = raw.peek(1)?;
            let nothing_left = shown.is_empty();
            let mut input = InBuffer::around(&shown[..shown.len().min(wanted)]);
            let mut output = OutBuffer::around(out);
            let result = self.context.decompress_stream(&mut output, &mut input);
            let (used, got) = (input.pos(), output.pos());
            raw.consume(used);
            match result {
                Ok(hint) => {
                    self.in_frame = hint != 0;
                    self.hint = hint;
                }
                Err(code) => return Err(self.fault(code, raw.consumed())),
            }
            let flushed = std::mem::replace(&mut self.full, got == out.len());
            if got > 0 {
                return Ok(got);
            }
            if nothing_left && self.in_frame && !flushed {
                self.ended = true;
                return Err(Broken::Fault(Compression::Truncated { at: raw.consumed() }));
            }
        }
        Ok(0)
    }

    /// Looks at what stands where a frame may begin. False when it is no frame.
    fn next_frame(&mut self, raw: &mut Raw, events: &mut Vec<Event>) -> Result<bool, Broken> {
        let next = raw.peek(zstd_header::LONGEST)?;
        if next.starts_with(&MAGIC) {
            if let Some(header) = Header::read(next) {
                self.frames_without_checksum |= !header.checksum;
                self.window = header.window;
                if header.window > self.allowed {
                    return Err(self.window_too_large(raw.consumed()));
                }
            }
        } else if !is_skippable(next) {
            self.ended = true;
            events.extend(super::trailing(raw)?.map(Event::Fault));
            return Ok(false);
        }
        self.in_frame = true;
        self.hint = FIRST;
        self.full = false;
        Ok(true)
    }

    fn window_too_large(&mut self, at: u64) -> Broken {
        self.ended = true;
        Broken::Fault(Compression::Window {
            at,
            asked: self.window,
            allowed: self.allowed,
        })
    }

    fn fault(&mut self, code: usize, at: u64) -> Broken {
        self.ended = true;
        // zstd numbers its errors downwards from 2^64.
        match code.wrapping_neg() {
            CHECKSUM_WRONG => Broken::Fault(Compression::Checksum { at }),
            WINDOW_TOO_LARGE => self.window_too_large(at),
            _ => Broken::Fault(Compression::Corrupt {
                at,
                reason: get_error_name(code).to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::{Broken, Input, Stream};
    use super::MAGIC;

    const BLOCK: u32 = 128 << 10;

    /// A frame without a checksum, of so many blocks of zeros, and behind them a header of the kind that there is not.
    fn damaged(blocks: u32, run: bool) -> Vec<u8> {
        let mut frame = MAGIC.to_vec();
        frame.extend([0, 10 << 3]);
        for _ in 0..blocks {
            let header = BLOCK << 3 | u32::from(run) << 1;
            frame.extend(&header.to_le_bytes()[..3]);
            let zeros = if run { 1 } else { BLOCK };
            frame.extend(vec![0; zeros as usize]);
        }
        frame.extend([0xff; 64]);
        frame
    }

    /// The length of what comes out of a frame in front of its damage.
    fn given(frame: Vec<u8>) -> u64 {
        let input = Input::Here(Box::new(Cursor::new(frame)));
        let (mut stream, _) = Stream::open_packed(input, 27).unwrap();
        let mut piece = vec![1; 64 << 10];
        let mut given = 0;
        loop {
            match stream.read(&mut piece) {
                Ok(n) => {
                    assert!(n > 0 && piece[..n].iter().all(|&byte| byte == 0));
                    given += n as u64;
                }
                Err(Broken::Fault(_)) => return given,
                Err(Broken::Io(error)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn a_block_of_one_byte_over_and_over_is_not_lost_with_the_header_behind_it() {
        for blocks in [1, 2, 7] {
            let all = u64::from(blocks * BLOCK);
            assert_eq!(given(damaged(blocks, false)), all);
            assert_eq!(given(damaged(blocks, true)), all);
        }
    }
}
