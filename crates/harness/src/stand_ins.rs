//! Stand-ins for redactions that are the same in every run. They hide nothing: what they come from
//! can be found out, which redactions of real documents must not allow.

use xenspect_xapi::redact::{Options, StandIns};

/// What the redactions are run with.
pub(crate) const REDACTIONS: [Options; 3] = [
    Options {
        personal: false,
        names: false,
        addresses: false,
    },
    Options {
        personal: true,
        names: true,
        addresses: false,
    },
    Options {
        personal: true,
        names: true,
        addresses: true,
    },
];

pub(crate) fn stand_ins() -> StandIns<'static> {
    StandIns::new(|text| {
        let mut bytes = [0; 32];
        for (lane, eight) in (1u64..).zip(bytes.chunks_exact_mut(8)) {
            // FNV-1a, begun differently for each eight bytes.
            let mut hash = 0xcbf2_9ce4_8422_2325 ^ lane.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            for &byte in text.as_bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
            eight.copy_from_slice(&hash.to_le_bytes());
        }
        bytes
    })
}
