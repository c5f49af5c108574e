//! Reading around what the storage refuses: sector by sector, so that a bad one costs no more than itself.

use std::io;
use std::ops::Range;

use crate::source::{ReadAt, is_lost, read_full_at};

/// The least that is given up where the storage refuses to be read.
pub(crate) const SECTOR: usize = 512;
/// What stands for a range that could not be read: never zero, never a header.
const UNREADABLE: u8 = 0xa5;

/// What came of it.
#[derive(Default)]
pub(crate) struct Sectors {
    /// Bytes that there are. Fewer than were asked for are there at the end of the file, or where everything is lost.
    pub(crate) len: usize,
    /// The sectors that could not be read, in their order. Other bytes stand for them.
    pub(crate) bad: Vec<Bad>,
    /// Nothing can be read behind them any more, for this reason.
    pub(crate) lost: Option<io::Error>,
}

/// A sector that could not be read.
pub(crate) struct Bad {
    /// Where it lies in what was asked for.
    pub(crate) range: Range<usize>,
    /// What the storage said.
    pub(crate) error: io::Error,
}

/// Reads a range of a file sector by sector, as long as `goes_on` says so.
pub(crate) fn read_around(
    reader: &dyn ReadAt,
    out: &mut [u8],
    offset: u64,
    goes_on: impl Fn() -> bool,
) -> Sectors {
    let mut sectors = Sectors::default();
    for sector in out.chunks_mut(SECTOR) {
        // A dying disk may take seconds for each.
        if !goes_on() {
            break;
        }
        let at = sectors.len;
        match read_full_at(reader, sector, offset + at as u64) {
            Ok(n) => {
                sectors.len += n;
                if n < sector.len() {
                    break;
                }
            }
            Err(error) if is_lost(&error) => {
                sectors.lost = Some(error);
                break;
            }
            Err(error) => {
                sector.fill(UNREADABLE);
                sectors.len += sector.len();
                let range = at..sectors.len;
                sectors.bad.push(Bad { range, error });
            }
        }
    }
    sectors
}
