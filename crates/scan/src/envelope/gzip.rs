//! gzip, one member after another. flate2 inflates; header and trailer are taken here, so that the
//! CRC can be made elsewhere, and that it can be told apart what went wrong and whether what
//! follows can still be read.

use flate2::{Decompress, FlushDecompress, Status};
use xenspect_model::catalog::Compression;

use super::check::{Event, MemberEnd};
use super::gzip_header::Header;
use super::{Broken, raw::Raw};

pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A member ends in CRC-32 and length, four bytes each.
const TRAILER: usize = 8;

enum State {
    /// A member may begin.
    Between,
    Header(Header),
    Data,
    Trailer,
    Ended,
}

pub(super) struct Gzip {
    state: State,
    inflate: Decompress,
    /// Why it ended, until what was decompressed before it is handed out.
    broken: Option<Broken>,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            state: State::Between,
            inflate: Decompress::new(false),
            broken: None,
        }
    }

    /// Decompresses into `out`, up to the end of a member. Events lie behind what was given. 0 without an
    /// event: the end.
    pub(super) fn read(
        &mut self,
        raw: &mut Raw,
        out: &mut [u8],
        events: &mut Vec<Event>,
    ) -> Result<usize, Broken> {
        loop {
            let got = match &mut self.state {
                State::Between => {
                    self.next_member(raw, events)?;
                    0
                }
                State::Header(header) => {
                    let shown = raw.peek(1)?;
                    if shown.is_empty() {
                        return Err(self.truncated(raw));
                    }
                    match header.take(shown) {
                        Ok(used) => {
                            raw.consume(used);
                            if header.is_done() {
                                self.inflate.reset(false);
                                self.state = State::Data;
                            }
                        }
                        Err(reason) => self.corrupted(raw, reason),
                    }
                    0
                }
                State::Data => self.inflate(raw, out)?,
                State::Trailer => {
                    self.trailer(raw, events)?;
                    0
                }
                State::Ended => return self.broken.take().map_or(Ok(0), Err),
            };
            if got > 0 {
                // A member that ends here is told with its last bytes.
                if matches!(self.state, State::Trailer)
                    && let Err(broken) = self.trailer(raw, events)
                {
                    self.state = State::Ended;
                    self.broken = Some(broken);
                }
                return Ok(got);
            }
            if !events.is_empty() {
                return Ok(0);
            }
        }
    }

    fn inflate(&mut self, raw: &mut Raw, out: &mut [u8]) -> Result<usize, Broken> {
        let input = raw.peek(1)?;
        let nothing_left = input.is_empty();
        let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
        let result = self.inflate.decompress(input, out, FlushDecompress::None);
        let used = usize::try_from(self.inflate.total_in() - before_in).unwrap_or(usize::MAX);
        let got = usize::try_from(self.inflate.total_out() - before_out).unwrap_or(usize::MAX);
        raw.consume(used);
        match result {
            Ok(Status::StreamEnd) => self.state = State::Trailer,
            Ok(_) if got == 0 && nothing_left => return Err(self.truncated(raw)),
            Ok(_) => {}
            Err(error) => self.corrupted(raw, error.message().unwrap_or_default()),
        }
        Ok(got)
    }

    fn trailer(&mut self, raw: &mut Raw, events: &mut Vec<Event>) -> Result<(), Broken> {
        let shown = raw.peek(TRAILER)?;
        let Some((&[c0, c1, c2, c3, l0, l1, l2, l3], _)) = shown.split_first_chunk::<TRAILER>()
        else {
            let rest = shown.len();
            raw.consume(rest);
            // The storage may have failed behind it.
            raw.peek(1)?;
            return Err(self.truncated(raw));
        };
        events.push(Event::MemberEnd(MemberEnd {
            at: raw.consumed(),
            crc: u32::from_le_bytes([c0, c1, c2, c3]),
            length: u32::from_le_bytes([l0, l1, l2, l3]),
        }));
        raw.consume(TRAILER);
        self.state = State::Between;
        Ok(())
    }

    fn truncated(&mut self, raw: &Raw) -> Broken {
        self.state = State::Ended;
        Broken::Fault(Compression::Truncated { at: raw.consumed() })
    }

    fn corrupted(&mut self, raw: &Raw, reason: &str) {
        self.state = State::Ended;
        let (at, reason) = (raw.consumed(), reason.to_owned());
        self.broken = Some(Broken::Fault(Compression::Corrupt { at, reason }));
    }

    /// Begins the next member, or ends at what is none.
    fn next_member(&mut self, raw: &mut Raw, events: &mut Vec<Event>) -> Result<(), Broken> {
        if raw.peek(MAGIC.len())?.starts_with(&MAGIC) {
            self.state = State::Header(Header::new());
        } else {
            self.state = State::Ended;
            events.extend(super::trailing(raw)?.map(Event::Fault));
        }
        Ok(())
    }
}
