//! The root of a host in a tar archive, as `xe host-backup` writes it (`formats/host-backup.md` section 2): told by its
//! front, and read in one pass. Nothing is unpacked to a disk, and no path is opened.

mod names;
mod reader;

use xenspect_archive::tar::BLOCK;
use xenspect_model::Catalog;
use xenspect_model::report::Envelope;

use crate::collect::is_of_export;
use crate::error::Error;
use crate::feed::Feed;
use crate::options::{Options, Progress};
use reader::Reader;

/// Bytes looked at to tell a host backup: its first header and the one behind it. A folder has no payload.
pub(crate) const FRONT: usize = 2 * BLOCK;

/// Bytes of a name in a header.
const NAME: usize = 100;
/// Where a header tells what its member is, and where its checksum stands.
const KIND: usize = 156;
const SUM: std::ops::Range<usize> = 148..156;

/// Whether an archive begins with the folder `./`, and the member behind that is none of an export: those that were
/// packed anew begin so too.
pub(crate) fn begins(front: &[u8]) -> bool {
    let Some((first, rest)) = front.split_at_checked(BLOCK) else {
        return false;
    };
    let name = name(first);
    let root =
        matches!(name, b"./" | b".") && first.get(KIND) == Some(&b'5') && sum_is_right(first);
    root && !is_of_export(self::name(rest))
}

fn name(header: &[u8]) -> &[u8] {
    let field = header.get(..NAME).unwrap_or_default();
    let end = field.iter().position(|&byte| byte == 0);
    field.get(..end.unwrap_or(field.len())).unwrap_or_default()
}

fn sum_is_right(header: &[u8]) -> bool {
    let field = header.get(SUM).unwrap_or_default();
    let mut stored = 0_u64;
    for byte in field {
        match byte {
            b'0'..=b'7' => {
                stored = stored.saturating_mul(8);
                stored = stored.saturating_add(u64::from(byte.saturating_sub(b'0')));
            }
            b' ' => {}
            _ => break,
        }
    }
    let computed: u64 = header
        .iter()
        .enumerate()
        .map(|(at, &byte)| u64::from(if SUM.contains(&at) { b' ' } else { byte }))
        .sum();
    stored == computed
}

/// Reads a host backup to its end. `front` is its compression, and whether others may read the file.
pub(crate) fn scan<F: Feed>(
    feed: F,
    front: (Envelope, bool),
    options: &Options,
    progress: &Progress,
) -> Result<Catalog, Error> {
    let backup = Reader::new(feed, options, progress).run(front)?;
    Ok(Catalog::Host(Box::new(backup)))
}
