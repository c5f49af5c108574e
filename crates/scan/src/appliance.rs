//! Chunks of an XVA of version 1: each is a gzip stream of its own, checked by unpacking it
//! (`formats/xva.md` section 9). There are no other sums in that format.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use xenspect_archive::tar;
use xenspect_model::catalog::{Chunk, Fact};

use crate::driver::Driver;
use crate::feed::Feed;
use crate::member::{Outcome, in_payload, shown};
use crate::options::Depth;

/// Bytes unpacked at once.
const PIECE: usize = 64 << 10;

/// Counts what is written to it.
#[derive(Default)]
struct Counter(u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<F: Feed> Driver<'_, F> {
    /// Unpacks a chunk and counts what comes out.
    pub(crate) fn chunk(&mut self, member: &tar::Member, dir: &str, number: u64) -> Outcome {
        let offset = member.header_offset;
        self.note_chunk_order(offset, dir, number);
        if self.options.depth != Depth::Full {
            return self.pass_by(member);
        }
        let mut decoder = MultiGzDecoder::new(Counter::default());
        let mut problem = None;
        let mut piece = vec![0; PIECE];
        let mut taken = 0;
        while taken < member.size {
            let want = usize::try_from(member.size - taken)
                .unwrap_or(usize::MAX)
                .min(PIECE);
            let n = self.feed.read(&mut piece[..want])?;
            taken += n as u64;
            if problem.is_none() {
                problem = decoder.write_all(&piece[..n]).err();
            }
            if n < want {
                return Ok(Some(in_payload(member, taken)));
            }
        }
        let problem = problem.or_else(|| decoder.try_finish().err());
        if let Some((_, disk)) = self.appliance.get_mut(dir) {
            disk.unpacked += decoder.get_ref().0;
        }
        if let Some(error) = problem {
            let (name, reason) = (shown(&member.name), error.to_string());
            self.facts
                .push(offset, Fact::Chunk(Chunk::Corrupt { name, reason }));
        }
        self.padding(member)
    }

    fn note_chunk_order(&mut self, offset: u64, dir: &str, found: u64) {
        // Limited like disks of any archive; further ones are still unpacked.
        if !self.appliance.contains_key(dir) && self.appliance.len() >= self.options.limits.disks {
            return;
        }
        let (next, disk) = self.appliance.entry(dir.to_owned()).or_default();
        let expected = *next;
        *next = found.saturating_add(1);
        disk.chunks += 1;
        if found != expected {
            let dir = dir.to_owned();
            self.facts.push(
                offset,
                Fact::Chunk(Chunk::Missing {
                    dir,
                    expected,
                    found,
                }),
            );
        }
    }
}
