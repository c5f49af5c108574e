//! What the header of a zstd frame says (RFC 8878, section 3.1.1.1), as far as it is wanted here.

use super::zstd::MAGIC;

/// In the descriptor: the frame carries a content checksum.
const WITH_CHECKSUM: u8 = 1 << 2;
/// In the descriptor: kept for later, and unknown to every decoder as long as it is set.
const RESERVED: u8 = 1 << 3;
/// In the descriptor: there is no window but the content itself.
const SINGLE_SEGMENT: u8 = 1 << 5;
/// The least window there is, as a power of two.
const LEAST_WINDOW_LOG: u32 = 10;

/// The longest header: magic, descriptor, window, number of a dictionary, length of the content.
pub(super) const LONGEST: usize = 18;

/// What is wanted of a header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) checksum: bool,
    /// Bytes of what was decompressed that have to be kept to go on.
    pub(super) window: u64,
}

impl Header {
    /// Reads a header. `None` where it is cut short, or none that is known; zstd has a word for that.
    pub(super) fn read(first: &[u8]) -> Option<Self> {
        let (&descriptor, rest) = first.strip_prefix(&MAGIC)?.split_first()?;
        if descriptor & RESERVED != 0 {
            return None;
        }
        let checksum = descriptor & WITH_CHECKSUM != 0;
        let single = descriptor & SINGLE_SEGMENT != 0;
        let window = if single {
            let dictionary = [0, 1, 2, 4][usize::from(descriptor & 0b11)];
            let length = [1, 2, 4, 8][usize::from(descriptor >> 6)];
            let field = rest.get(dictionary..dictionary + length)?;
            let mut bytes = [0; 8];
            bytes.get_mut(..length)?.copy_from_slice(field);
            let bias = if length == 2 { 256 } else { 0 };
            u64::from_le_bytes(bytes).saturating_add(bias)
        } else {
            let &window = rest.first()?;
            // The exponent has five bits, so the largest is 2^41 and seven eighths more.
            let base = 1_u64 << (LEAST_WINDOW_LOG + u32::from(window >> 3));
            base + base / 8 * u64::from(window & 0b111)
        };
        Some(Self { checksum, window })
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    fn window(behind_magic: &[u8]) -> Option<u64> {
        let frame = [&super::MAGIC, behind_magic].concat();
        Header::read(&frame).map(|header| header.window)
    }

    #[test]
    fn a_window_is_a_power_of_two_and_eighths_of_it() {
        assert_eq!(window(&[0, 0]), Some(1 << 10));
        assert_eq!(window(&[0, 0b111]), Some(1024 + 7 * 128));
        assert_eq!(window(&[0, 21 << 3]), Some(1 << 31));
        assert_eq!(window(&[0, 0xff]), Some((1 << 41) / 8 * 15));
        assert_eq!(window(&[0]), None);
    }

    #[test]
    fn the_window_of_a_single_segment_is_its_content() {
        assert_eq!(window(&[0x20, 5]), Some(5));
        assert_eq!(window(&[0x60, 0, 1]), Some(512));
        assert_eq!(window(&[0xa0, 0, 0, 0, 0x80]), Some(1 << 31));
        assert_eq!(window(&[0xe0, 0, 0, 0, 0, 1, 0, 0, 0]), Some(1 << 32));
        // Behind the number of a dictionary of four bytes.
        assert_eq!(window(&[0x23, 9, 9, 9, 9, 7]), Some(7));
        assert_eq!(window(&[0xe0, 0, 0, 0, 0, 1, 0, 0]), None);
    }

    #[test]
    fn a_checksum_is_told() {
        let frame = |descriptor| [&super::MAGIC[..], &[descriptor, 0]].concat();
        assert!(Header::read(&frame(4)).is_some_and(|header| header.checksum));
        assert!(Header::read(&frame(0)).is_some_and(|header| !header.checksum));
        assert_eq!(Header::read(b"no frame"), None);
        assert_eq!(Header::read(&frame(8)), None);
    }
}
