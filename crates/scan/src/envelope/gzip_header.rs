//! The header of a gzip member (RFC 1952, section 2.3), taken in whatever pieces it comes. Nothing
//! of it is kept: a name or comment of any length takes no memory.

use flate2::Crc;

use super::gzip::MAGIC;

/// The one method there is: deflate.
const DEFLATE: u8 = 8;
const WITH_SUM: u8 = 1 << 1;
const WITH_EXTRA: u8 = 1 << 2;
const WITH_NAME: u8 = 1 << 3;
const WITH_COMMENT: u8 = 1 << 4;
/// Bits that no version of the format has a meaning for.
const RESERVED: u8 = 0b1110_0000;
/// Bytes in front of the optional fields: magic, method, flags, time, extra flags, system.
const FIXED: u8 = 10;

/// What is expected next.
enum Field {
    /// The byte of this number of the fixed part.
    Fixed(u8),
    /// The byte of this number of the length of the extra field, with the one before it.
    ExtraLength(u8, u8),
    /// So many bytes of the extra field.
    Extra(u16),
    Name,
    Comment,
    /// The byte of this number of the sum, with the one before it.
    Sum(u8, u8),
    Done,
}

/// A header that is being taken.
pub(super) struct Header {
    field: Field,
    flags: u8,
    /// CRC-32 of everything in front of the sum.
    crc: Crc,
}

impl Header {
    pub(super) fn new() -> Self {
        Self {
            field: Field::Fixed(0),
            flags: 0,
            crc: Crc::new(),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.field, Field::Done)
    }

    /// Takes what belongs to the header, and says how many bytes these are. An error is in zlib's words.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<usize, &'static str> {
        let mut used = 0;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty())
            && !self.is_done()
        {
            used += self.field(rest)?;
        }
        Ok(used)
    }

    /// Takes some of one field. `rest` is not empty.
    fn field(&mut self, rest: &[u8]) -> Result<usize, &'static str> {
        let first = rest.first().copied().unwrap_or_default();
        let mut used = 1;
        let summed = !matches!(self.field, Field::Sum(..));
        self.field = match self.field {
            Field::Fixed(at) => {
                self.fixed(at, first)?;
                match at + 1 {
                    FIXED => self.behind_fixed(),
                    next => Field::Fixed(next),
                }
            }
            Field::ExtraLength(0, _) => Field::ExtraLength(1, first),
            Field::ExtraLength(_, low) => match u16::from_le_bytes([low, first]) {
                0 => self.behind_extra(),
                length => Field::Extra(length),
            },
            Field::Extra(left) => {
                let taken = u16::try_from(rest.len()).unwrap_or(u16::MAX).min(left);
                used = usize::from(taken);
                match left - taken {
                    0 => self.behind_extra(),
                    left => Field::Extra(left),
                }
            }
            Field::Name => match end_of_text(rest, &mut used) {
                true => self.behind_name(),
                false => Field::Name,
            },
            Field::Comment => match end_of_text(rest, &mut used) {
                true => self.behind_comment(),
                false => Field::Comment,
            },
            Field::Sum(0, _) => Field::Sum(1, first),
            Field::Sum(_, low) => {
                let stored = u32::from(u16::from_le_bytes([low, first]));
                if stored != self.crc.sum() & 0xffff {
                    return Err("header crc mismatch");
                }
                Field::Done
            }
            Field::Done => Field::Done,
        };
        if summed {
            self.crc.update(rest.get(..used).unwrap_or_default());
        }
        Ok(used)
    }

    fn fixed(&mut self, at: u8, byte: u8) -> Result<(), &'static str> {
        match at {
            0 | 1 if byte != MAGIC[usize::from(at)] => Err("incorrect header check"),
            2 if byte != DEFLATE => Err("unknown compression method"),
            3 if byte & RESERVED != 0 => Err("unknown header flags set"),
            3 => {
                self.flags = byte;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    fn behind_fixed(&self) -> Field {
        match self.has(WITH_EXTRA) {
            true => Field::ExtraLength(0, 0),
            false => self.behind_extra(),
        }
    }

    fn behind_extra(&self) -> Field {
        match self.has(WITH_NAME) {
            true => Field::Name,
            false => self.behind_name(),
        }
    }

    fn behind_name(&self) -> Field {
        match self.has(WITH_COMMENT) {
            true => Field::Comment,
            false => self.behind_comment(),
        }
    }

    fn behind_comment(&self) -> Field {
        match self.has(WITH_SUM) {
            true => Field::Sum(0, 0),
            false => Field::Done,
        }
    }
}

/// Takes a text up to the zero byte that ends it. False where that is not there yet.
fn end_of_text(rest: &[u8], used: &mut usize) -> bool {
    let end = rest.iter().position(|&byte| byte == 0);
    *used = end.map_or(rest.len(), |end| end + 1);
    end.is_some()
}
