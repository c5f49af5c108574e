//! The tar walker: a push state machine that turns 512-byte blocks into members with their
//! offsets, and goes on after damage.
//!
//! [`Walker`] does no I/O. It says what it [wants](Walker::want) next and at which
//! [offset](Walker::offset); the driver brings exactly that. Payloads of members are never shown
//! to the walker: the driver reads them or passes them by, as it likes. Damage never stops the
//! walk; it becomes an [`Oddity`] with its place. Which oddities matter is not decided here.
//!
//! Rules: `formats/xva.md` sections 2 and 8, `formats/host-backup.md` section 2, and the POSIX
//! ustar and pax interchange formats.
//!
//! ```
//! use xenspect_archive::tar::{Ending, Limits, Step, Walker, Want};
//!
//! // Two zero blocks: an archive without members.
//! let archive = [0u8; 1024];
//! let mut walker = Walker::new(Limits::default(), |_name, _size| true);
//! let mut ended = false;
//! while let Want::Block = walker.want() {
//!     let at = usize::try_from(walker.offset()).unwrap();
//!     let Some(block) = archive.get(at..at + 512) else { break };
//!     if let Step::End = walker.block(block.try_into().unwrap()) {
//!         ended = true;
//!     }
//! }
//! assert!(ended);
//! assert_eq!(walker.finish(0), Ending::Complete);
//! ```

mod accept;
mod extension;
mod gnu_number;
mod header;
mod limits;
mod member;
mod oddity;
mod pax;
mod resync;
mod slice;
mod sparse;
mod walker;

#[cfg(test)]
mod tests;

pub use gnu_number::NumberField;
pub use limits::{Belief, Limits};
pub use member::{HeaderStyle, HeaderSum, Member, MemberKind};
pub use oddity::{Ending, ExtensionKind, Located, Oddity, Trailing};
pub use slice::{Walked, walk_slice};
pub use walker::{Step, Walker, Want};

/// The unit of a tar stream in bytes: headers are one block, payloads are padded to whole ones.
pub const BLOCK: usize = 512;

/// [`BLOCK`] as an offset.
const BLOCK_BYTES: u64 = 512;

/// No member may end behind this offset. Files cannot be longer, and it leaves the walker's own
/// offset so far from the top of `u64` that counting blocks never saturates.
const LAST_OFFSET: u64 = u64::MAX >> 1;

/// The bytes that `size` payload bytes take up in the stream, padding included.
fn padded(size: u64) -> Option<u64> {
    size.checked_next_multiple_of(BLOCK_BYTES)
}

/// The offset behind a payload of `size` bytes that starts at `data`, or `None` when no archive
/// can be that long.
fn payload_end(data: u64, size: u64) -> Option<u64> {
    data.checked_add(padded(size)?)
        .filter(|end| *end <= LAST_OFFSET)
}
