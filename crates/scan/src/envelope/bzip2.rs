//! bzip2, one stream after another as parallel compressors write them. Only containers of files come so
//! (`formats/pool-db.md` section 9).

use bzip2::{Decompress, Status};
use xenspect_model::catalog::Compression;

use super::{Broken, raw::Raw};

const MAGIC: &[u8] = b"BZh";
/// Bytes that tell a stream: magic, block size, and the mark of the first block or of the end.
pub(super) const BEGINNING: usize = 10;
const BLOCK_MARK: [u8; 6] = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
const END_MARK: [u8; 6] = [0x17, 0x72, 0x45, 0x38, 0x50, 0x90];

/// Whether a stream begins here.
pub(super) fn begins(first: &[u8]) -> bool {
    let Some((size, rest)) = first.strip_prefix(MAGIC).and_then(<[u8]>::split_first) else {
        return false;
    };
    matches!(size, b'1'..=b'9') && (rest.starts_with(&BLOCK_MARK) || rest.starts_with(&END_MARK))
}

#[derive(Default)]
pub(super) struct Bzip2 {
    stream: Option<Decompress>,
    ended: bool,
    /// Damage, until what was decompressed before it is handed out.
    corrupt: Option<Compression>,
}

impl Bzip2 {
    /// Decompresses into `out`; 0 at the end.
    pub(super) fn read(
        &mut self,
        raw: &mut Raw,
        out: &mut [u8],
        faults: &mut Vec<Compression>,
    ) -> Result<usize, Broken> {
        while !self.ended && !out.is_empty() {
            let Some(stream) = &mut self.stream else {
                self.next_stream(raw, faults)?;
                continue;
            };
            let shown = raw.peek(1)?;
            let nothing_left = shown.is_empty();
            let (taken, given) = (stream.total_in(), stream.total_out());
            let result = stream.decompress(shown, out);
            let used = stream.total_in().saturating_sub(taken);
            let got = stream.total_out().saturating_sub(given);
            let (used, got) = (count(used), count(got));
            raw.consume(used);
            match result {
                Ok(Status::StreamEnd) => self.stream = None,
                Ok(_) if got == 0 && nothing_left => {
                    self.ended = true;
                    return Err(Broken::Fault(Compression::Truncated { at: raw.consumed() }));
                }
                Ok(_) if got > 0 || used > 0 => {}
                Ok(_) => self.corrupted(raw, "its decompressor does not go on".to_owned()),
                Err(error) => self.corrupted(raw, format!("bzip2: {error}")),
            }
            if got > 0 {
                return Ok(got);
            }
        }
        self.corrupt
            .take()
            .map_or(Ok(0), |fault| Err(Broken::Fault(fault)))
    }

    fn corrupted(&mut self, raw: &Raw, reason: String) {
        self.ended = true;
        let at = raw.consumed();
        self.corrupt = Some(Compression::Corrupt { at, reason });
    }

    /// Begins the next stream, or ends at what is none.
    fn next_stream(&mut self, raw: &mut Raw, faults: &mut Vec<Compression>) -> Result<(), Broken> {
        if begins(raw.peek(BEGINNING)?) {
            self.stream = Some(Decompress::new(false));
        } else {
            self.ended = true;
            faults.extend(super::trailing(raw)?);
        }
        Ok(())
    }
}

/// What one call took or gave; never more than the slice it was given.
fn count(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
