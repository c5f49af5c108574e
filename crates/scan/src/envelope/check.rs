//! The check values of gzip members. They are made where the bytes are taken, not where they are
//! decompressed: that is one processor's work already.

use flate2::Crc;
use xenspect_model::catalog::Compression;

/// What a decompressed stream has beside bytes, at its place among them.
pub(super) enum Event {
    Fault(Compression),
    MemberEnd(MemberEnd),
}

/// What a gzip member says of itself at its end.
pub(super) struct MemberEnd {
    /// Offset of its trailer in the compressed input.
    pub(super) at: u64,
    pub(super) crc: u32,
    /// Modulo 2^32.
    pub(super) length: u32,
}

/// Length of a check value.
const FIELD: u64 = 4;

/// The member that is being read.
pub(super) struct Check {
    /// CRC-32 and length modulo 2^32.
    crc: Crc,
    wanted: bool,
}

impl Check {
    /// A check of nothing, where `wanted` is false: other formats bring their own.
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            crc: Crc::new(),
            wanted,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        if self.wanted {
            self.crc.update(bytes);
        }
    }

    /// What an event says, after all bytes in front of it.
    pub(super) fn event(&mut self, event: Event) -> Option<Compression> {
        let MemberEnd { at, crc, length } = match event {
            Event::Fault(fault) => return Some(fault),
            Event::MemberEnd(end) => end,
        };
        let (right_crc, right_length) = (self.crc.sum() == crc, self.crc.amount() == length);
        self.crc.reset();
        // A length beside a wrong CRC tells nothing more.
        if !right_crc {
            Some(Compression::Checksum {
                at: at.saturating_add(FIELD),
            })
        } else if !right_length {
            Some(Compression::Length {
                at: at.saturating_add(2 * FIELD),
            })
        } else {
            None
        }
    }
}
