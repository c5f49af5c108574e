//! Serving the walker: the stream is brought to where it is, and it gets what it wants. What a member
//! is taken for, and what an early end means, is for whoever walks.

use xenspect_archive::tar::{BLOCK, Step, Walker, Want};

use crate::envelope::Broken;
use crate::feed::Feed;

/// What came of serving the walker once.
pub(crate) enum Served {
    /// It took a step.
    Step(Step),
    /// It wants nothing more.
    Nothing,
    /// The input ends this many bytes into what it wants.
    Short(usize),
}

/// Serves the walker once. `block` is left with the block that it was given, if it wanted one, and
/// `see` is shown as much of that as there is.
pub(crate) fn serve<F: Feed>(
    feed: &mut F,
    walker: &mut Walker,
    block: &mut [u8; BLOCK],
    see: impl FnOnce(&[u8]),
) -> Result<Served, Broken> {
    match walker.want() {
        Want::Nothing => Ok(Served::Nothing),
        Want::Block => {
            let have = read_at_walker(feed, walker, block)?;
            see(&block[..have]);
            Ok(if have < block.len() {
                Served::Short(have)
            } else {
                Served::Step(walker.block(block))
            })
        }
        Want::Extension { len, padded } => {
            let mut payload = vec![0; padded];
            let have = read_at_walker(feed, walker, &mut payload)?;
            Ok(if have < padded {
                Served::Short(have)
            } else {
                Served::Step(walker.extension(payload.get(..len).unwrap_or(&payload)))
            })
        }
    }
}

/// Brings the stream to where the walker is, and reads.
fn read_at_walker<F: Feed>(feed: &mut F, walker: &Walker, out: &mut [u8]) -> Result<usize, Broken> {
    let gap = walker.offset().saturating_sub(feed.position());
    if gap > 0 && feed.skip(gap)? < gap {
        return Ok(0);
    }
    feed.read(out)
}
