//! gzip, one member after another. flate2 decompresses and checks; told apart here is what went
//! wrong and whether what follows can still be read.

use flate2::{Decompress, FlushDecompress, Status};
use xenspect_model::catalog::Compression;

use super::{Broken, raw::Raw};

pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Window of deflate: 2^15 bytes, the largest there is.
const WINDOW_BITS: u8 = 15;
/// A gzip member ends in CRC-32 and length, four bytes each.
const LENGTH_FIELD: usize = 4;
/// zlib's words for a wrong CRC-32 and a wrong length, its only way to tell them from damage
/// inside of the data.
const WRONG_CHECK: &str = "incorrect data check";
const WRONG_LENGTH: &str = "incorrect length check";

pub(super) struct Gzip {
    member: Option<Decompress>,
    ended: bool,
    /// Damage, until what was decompressed before it is handed out.
    corrupt: Option<Compression>,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            member: None,
            ended: false,
            corrupt: None,
        }
    }

    /// Decompresses into `out`; 0 at the end.
    pub(super) fn read(
        &mut self,
        raw: &mut Raw,
        out: &mut [u8],
        faults: &mut Vec<Compression>,
    ) -> Result<usize, Broken> {
        while !self.ended {
            let Some(member) = &mut self.member else {
                self.next_member(raw, faults)?;
                continue;
            };
            let input = raw.peek(1)?;
            let nothing_left = input.is_empty();
            let (before_in, before_out) = (member.total_in(), member.total_out());
            let result = member.decompress(input, out, FlushDecompress::None);
            let used = usize::try_from(member.total_in() - before_in).unwrap_or(usize::MAX);
            let got = usize::try_from(member.total_out() - before_out).unwrap_or(usize::MAX);
            raw.consume(used);
            match result {
                Ok(Status::StreamEnd) => self.member = None,
                Ok(_) if got == 0 && nothing_left => {
                    self.ended = true;
                    return Err(Broken::Fault(Compression::Truncated { at: raw.consumed() }));
                }
                Ok(_) => {}
                Err(error) => {
                    let at = raw.consumed();
                    match error.message().unwrap_or_default() {
                        WRONG_CHECK => {
                            faults.push(Compression::Checksum { at });
                            raw.peek(LENGTH_FIELD)?;
                            raw.consume(LENGTH_FIELD);
                            self.member = None;
                        }
                        WRONG_LENGTH => {
                            faults.push(Compression::Length { at });
                            self.member = None;
                        }
                        reason => {
                            self.ended = true;
                            let reason = reason.to_owned();
                            self.corrupt = Some(Compression::Corrupt { at, reason });
                        }
                    }
                }
            }
            if got > 0 {
                return Ok(got);
            }
        }
        self.corrupt
            .take()
            .map_or(Ok(0), |fault| Err(Broken::Fault(fault)))
    }

    /// Begins the next member, or ends at what is none.
    fn next_member(&mut self, raw: &mut Raw, faults: &mut Vec<Compression>) -> Result<(), Broken> {
        let next = raw.peek(MAGIC.len())?;
        if next.starts_with(&MAGIC) {
            self.member = Some(Decompress::new_gzip(WINDOW_BITS));
        } else {
            self.ended = true;
            faults.extend(super::trailing(raw)?);
        }
        Ok(())
    }
}
