//! Which numbers of a header GNU tar can read (`from_header` of its `list.c`, tried with GNU tar 1.34): it unpacks a member
//! with another one all the same, and ends with status 2. Not here: what the numbers are.

use std::ops::RangeInclusive;

use super::BLOCK;

/// A field that GNU tar reads as a number when it unpacks a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// Permissions.
    Mode,
    /// Numeric owner.
    Uid,
    /// Numeric group.
    Gid,
    /// Modification time.
    Mtime,
    /// Major number of a device.
    DeviceMajor,
    /// Minor number of a device.
    DeviceMinor,
}

impl NumberField {
    /// The field as the POSIX ustar format calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mode => "mode",
            Self::Uid => "uid",
            Self::Gid => "gid",
            Self::Mtime => "mtime",
            Self::DeviceMajor => "devmajor",
            Self::DeviceMinor => "devminor",
        }
    }

    const fn place(self) -> std::ops::Range<usize> {
        match self {
            Self::Mode => 100..108,
            Self::Uid => 108..116,
            Self::Gid => 116..124,
            Self::Mtime => 136..148,
            Self::DeviceMajor => 329..337,
            Self::DeviceMinor => 337..345,
        }
    }

    /// What fits into the type that the number is kept in.
    fn range(self) -> RangeInclusive<i128> {
        match self {
            Self::Mode => i128::from(i64::MIN)..=i128::from(u64::MAX),
            Self::Uid | Self::Gid => 0..=i128::from(u32::MAX),
            Self::Mtime => i128::from(i64::MIN)..=i128::from(i64::MAX),
            Self::DeviceMajor | Self::DeviceMinor => i128::from(i32::MIN)..=i128::from(i32::MAX),
        }
    }
}

/// Where the names of owner and group stand.
const UNAME: std::ops::Range<usize> = 265..297;
const GNAME: std::ops::Range<usize> = 297..329;
/// The owner and group that every host has, so that their numbers are not looked at.
const ROOT: &[u8] = b"root\0";

/// The fields of a header that GNU tar reads and that are no number to it.
pub(super) fn unreadable(block: &[u8; BLOCK]) -> Vec<NumberField> {
    let at = |place| block.get(place).unwrap_or_default();
    // It compares as C does, with the NUL at the end.
    let magic: &[u8] = at(257..265);
    let has_names = magic.starts_with(b"ustar\0") || magic == b"ustar  \0";
    let is_root = |place| has_names && at(place).starts_with(ROOT);
    let is_device = has_names && matches!(at(156..157), b"3" | b"4");
    let read = [
        (NumberField::Mode, true),
        (NumberField::Uid, !is_root(UNAME)),
        (NumberField::Gid, !is_root(GNAME)),
        (NumberField::Mtime, true),
        (NumberField::DeviceMajor, is_device),
        (NumberField::DeviceMinor, is_device),
    ];
    let bad = |field: NumberField| {
        value(at(field.place())).is_none_or(|value| !field.range().contains(&value))
    };
    let read = read.into_iter().filter(|(_, is_read)| *is_read);
    read.map(|(field, _)| field)
        .filter(|field| bad(*field))
        .collect()
}

/// The number in a field; `None` where GNU tar finds none. Numbers are at most 12 bytes of base 256.
fn value(field: &[u8]) -> Option<i128> {
    // Some old writers left a NUL in front when the field before ran over.
    let field = field.strip_prefix(b"\0").unwrap_or(field);
    // Blanks alone are no number, but nothing is 0.
    let start = field.iter().position(|byte| !is_space(*byte))?;
    let field = field.get(start..)?;
    let (value, rest) = match field {
        [b'0'..=b'7', ..] => digits(field, 8, octal),
        [b'+', rest @ ..] => digits(rest, 64, base64),
        [b'-', rest @ ..] => {
            let (value, rest) = digits(rest, 64, base64);
            (value.saturating_neg(), rest)
        }
        [0x80, rest @ ..] => return Some(base256(0, rest)),
        [0xff, rest @ ..] => return Some(base256(-1, rest)),
        _ => (0, field),
    };
    let ends = |byte: &u8| *byte == 0 || is_space(*byte);
    rest.first().is_none_or(ends).then_some(value)
}

/// The number that the leading digits make, and what is behind them.
fn digits(field: &[u8], base: i128, digit: fn(u8) -> Option<u8>) -> (i128, &[u8]) {
    let mut value = 0_i128;
    let mut rest = field;
    while let [byte, behind @ ..] = rest
        && let Some(digit) = digit(*byte)
    {
        value = value.saturating_mul(base).saturating_add(i128::from(digit));
        rest = behind;
    }
    (value, rest)
}

fn base256(sign: i128, field: &[u8]) -> i128 {
    let digits = field.iter().map(|byte| i128::from(*byte));
    digits.fold(sign, |value, digit| {
        value.saturating_mul(256).saturating_add(digit)
    })
}

fn octal(byte: u8) -> Option<u8> {
    matches!(byte, b'0'..=b'7').then(|| byte.wrapping_sub(b'0'))
}

/// A digit of the form that GNU tar 1.13.6 wrote for numbers out of range.
fn base64(byte: u8) -> Option<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let place = DIGITS.iter().position(|digit| *digit == byte)?;
    u8::try_from(place).ok()
}

/// A blank as C has it.
const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}
