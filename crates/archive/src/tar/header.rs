//! One 512-byte header block: checksum, numbers, names. Numbers are decoded by [`tar::Header`];
//! where that is more generous than a verifier may be, the raw field is looked at first.
//! Not here: extension headers' payloads, and whether a header is believed.

use std::io;

use tar::Header as Fields;

use super::BLOCK;
use super::gnu_number::{self, NumberField};
use super::member::{HeaderStyle, MemberKind};
use super::oddity::ExtensionKind;

/// The checksum field, counted as spaces in the sum.
const SUM_FIELD: std::ops::Range<usize> = 148..156;

/// A block seen as a header. Nothing is known of it until [`sum`](Self::sum) is asked.
pub(super) struct Header<'block> {
    block: &'block [u8; BLOCK],
    fields: &'block Fields,
}

/// What the header checksum says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    Right,
    Signed,
    Wrong { stored: Option<u64>, computed: u64 },
}

/// A numeric field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Octal(u64),
    Base256(u64),
    /// Only NULs and spaces.
    Blank,
    /// No number, a negative one, or more than 64 bits.
    Unreadable,
}

impl Number {
    pub(super) fn value(self) -> Option<u64> {
        match self {
            Self::Octal(value) | Self::Base256(value) => Some(value),
            Self::Blank | Self::Unreadable => None,
        }
    }
}

impl<'block> Header<'block> {
    pub(super) fn new(block: &'block [u8; BLOCK]) -> Self {
        Self {
            block,
            fields: Fields::from_byte_slice(block),
        }
    }

    /// Compares the stored checksum with the block. It is over unsigned bytes
    /// (`formats/xva.md` section 2.2); GNU tar takes the sum over signed bytes too.
    pub(super) fn sum(&self) -> Sum {
        let stored = self.stored_sum();
        let computed = self.unsigned_sum();
        if stored == Some(computed) {
            Sum::Right
        } else if stored.is_some() && stored == self.signed_sum(computed) {
            Sum::Signed
        } else {
            Sum::Wrong { stored, computed }
        }
    }

    /// Whether the checksum holds either way. Quicker than [`sum`](Self::sum) on blocks that
    /// are no headers at all, which is what the search for the next header sees most.
    pub(super) fn sum_holds(&self) -> bool {
        self.stored_sum().is_some() && !matches!(self.sum(), Sum::Wrong { .. })
    }

    fn stored_sum(&self) -> Option<u64> {
        let field = &self.fields.as_old().cksum;
        if !matches!(field.first(), Some(b'0'..=b'7' | b' ')) {
            return None;
        }
        number(field, self.fields.cksum().map(u64::from)).value()
    }

    fn unsigned_sum(&self) -> u64 {
        self.summed().map(u64::from).sum()
    }

    fn signed_sum(&self, unsigned: u64) -> Option<u64> {
        let high: u64 = self.summed().map(|byte| u64::from(byte >> 7)).sum();
        unsigned.checked_sub(high.saturating_mul(256))
    }

    fn summed(&self) -> impl Iterator<Item = u8> {
        let before = self.block.iter().take(SUM_FIELD.start);
        let after = self.block.iter().skip(SUM_FIELD.end);
        before.chain(&[b' '; 8]).chain(after).copied()
    }

    pub(super) fn typeflag(&self) -> u8 {
        let [flag] = self.fields.as_old().linkflag;
        flag
    }

    pub(super) fn extension(&self) -> Option<ExtensionKind> {
        ExtensionKind::from_typeflag(self.typeflag())
    }

    pub(super) fn kind(&self) -> MemberKind {
        MemberKind::from_typeflag(self.typeflag())
    }

    pub(super) fn style(&self) -> HeaderStyle {
        match self.block.get(257..263) {
            Some(b"ustar\0") => HeaderStyle::Ustar,
            Some(b"ustar ") => HeaderStyle::Gnu,
            _ => HeaderStyle::Bare,
        }
    }

    /// The name in the header itself; the prefix counts in POSIX headers alone, since GNU tar
    /// keeps other things there.
    pub(super) fn name(&self) -> Vec<u8> {
        let name = until_nul(&self.fields.as_old().name);
        let prefix = match self.style() {
            HeaderStyle::Ustar => self.prefix(),
            HeaderStyle::Bare | HeaderStyle::Gnu => &[],
        };
        if prefix.is_empty() {
            name.to_vec()
        } else {
            [prefix, b"/", name].concat()
        }
    }

    /// What a GNU header has in the place of the prefix.
    pub(super) fn gnu_prefix(&self) -> Vec<u8> {
        match self.style() {
            HeaderStyle::Gnu => self.prefix().to_vec(),
            HeaderStyle::Bare | HeaderStyle::Ustar => Vec::new(),
        }
    }

    fn prefix(&self) -> &[u8] {
        until_nul(self.block.get(345..500).unwrap_or_default())
    }

    pub(super) fn link_name(&self) -> Vec<u8> {
        until_nul(&self.fields.as_old().linkname).to_vec()
    }

    /// Payload bytes, straight from the size field.
    pub(super) fn size(&self) -> Number {
        number(&self.fields.as_old().size, self.fields.entry_size())
    }

    pub(super) fn size_field(&self) -> [u8; 12] {
        self.fields.as_old().size
    }

    /// Payload bytes that stand behind this header going by its size field and kind alone. A
    /// blank size is 0 where no payload belongs; old writers leave it so.
    pub(super) fn payload(&self) -> Option<u64> {
        match self.size() {
            _ if self.kind() == MemberKind::HardLink => Some(0),
            Number::Blank if self.kind().is_header_only() => Some(0),
            number => number.value(),
        }
    }

    pub(super) fn mode(&self) -> Option<u32> {
        let mode = number(
            &self.fields.as_old().mode,
            self.fields.mode().map(u64::from),
        );
        u32::try_from(mode.value()?).ok()
    }

    pub(super) fn uid(&self) -> Option<u64> {
        number(&self.fields.as_old().uid, self.fields.uid()).value()
    }

    pub(super) fn gid(&self) -> Option<u64> {
        number(&self.fields.as_old().gid, self.fields.gid()).value()
    }

    pub(super) fn mtime(&self) -> Option<u64> {
        number(&self.fields.as_old().mtime, self.fields.mtime()).value()
    }

    /// The numbers that GNU tar cannot read.
    pub(super) fn unreadable_numbers(&self) -> Vec<NumberField> {
        gnu_number::unreadable(self.block)
    }

    /// The GNU view, which has the first pieces of a sparse map. Old-GNU sparse entries have the
    /// GNU magic; any other magic leaves the place of the map unknown.
    pub(super) fn gnu(&self) -> Option<&tar::GnuHeader> {
        self.fields.as_gnu()
    }

    /// The real size of an old-GNU sparse file.
    pub(super) fn real_size(&self) -> Option<u64> {
        let gnu = self.gnu()?;
        number(&gnu.realsize, gnu.real_size()).value()
    }
}

/// Checks a decoded number against its field. In base-256 the tar crate looks at the low 64 bits
/// alone, so that a negative or a huge number would come out as some innocent one.
pub(super) fn number(field: &[u8], decoded: io::Result<u64>) -> Number {
    match field.first() {
        Some(first) if first & 0x80 != 0 => {
            let above = field.len().saturating_sub(8).max(1);
            let fits = *first == 0x80 && field.iter().take(above).skip(1).all(|byte| *byte == 0);
            match decoded {
                Ok(value) if fits => Number::Base256(value),
                _ => Number::Unreadable,
            }
        }
        _ if field.iter().all(|byte| matches!(byte, 0 | b' ')) => Number::Blank,
        // `from_str_radix` takes a plus sign; no writer of numbers does.
        _ if field.contains(&b'+') => Number::Unreadable,
        _ => decoded.map_or(Number::Unreadable, Number::Octal),
    }
}

/// The bytes before the first NUL.
pub(super) fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}
