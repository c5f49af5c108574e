//! Decompressing on a thread of its own. That is all which one processor can do for a gzip member or a zstd frame, so
//! reading the input is left to another thread, and check values, the walk and hashing to those that take the pieces.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Builder;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use xenspect_model::catalog::Compression;

use super::Broken;
use super::check::{Check, Event};
use super::unpacker::Unpacker;
use crate::ahead::{FRONT, PATIENCE, is_raised, stopped};
use crate::pool::{Buffer, Pool};
use crate::threads::hand_over;

/// Bytes of a piece. Whoever waits for one is woken once for each, which takes its time.
const PIECE: usize = 1 << 20;
/// Bytes of the first pieces, because no more than the front of an input may be wanted.
const FRONT_PIECE: usize = 256 << 10;
/// Pieces that wait to be taken. One more is being filled, and one is taken from.
const WAITING: usize = 2;
const BUFFERS: usize = WAITING + 2;
/// The fewest that can do: one that is filled, and one that is taken from.
const FEW: usize = 2;
/// Events in one piece: a stream of empty members has one behind the other.
const EVENTS: usize = 1024;

/// A part of the decompressed stream.
struct Piece {
    buffer: Buffer,
    len: usize,
    /// With the number of bytes of the piece in front of each.
    events: Vec<(usize, Event)>,
    /// Bytes of the input taken by then, as stored.
    consumed: u64,
    frames_without_checksum: bool,
    /// Nothing comes behind it, for this reason if it is not the end.
    end: Option<Result<(), Broken>>,
}

impl Piece {
    /// Decompresses up to `most` bytes.
    fn fill(unpacker: &mut Unpacker, mut buffer: Buffer, most: usize) -> Self {
        let mut len = 0;
        let mut events = Vec::new();
        let mut met = Vec::new();
        let end = loop {
            if len == most || events.len() >= EVENTS {
                break None;
            }
            match unpacker.read(&mut buffer[len..most], &mut met) {
                Ok(0) if met.is_empty() => break Some(Ok(())),
                Ok(n) => len += n,
                Err(broken) => break Some(Err(broken)),
            }
            events.extend(met.drain(..).map(|event| (len, event)));
        };
        events.extend(met.drain(..).map(|event| (len, event)));
        Self {
            buffer,
            len,
            events,
            consumed: unpacker.raw.consumed(),
            frames_without_checksum: unpacker.frames_without_checksum(),
            end,
        }
    }
}

/// The taking side.
pub(super) struct Unpacked {
    pieces: Receiver<Piece>,
    pool: Pool,
    current: Option<Piece>,
    taken: usize,
    /// Pieces that came.
    came: usize,
    check: Check,
    /// Faults of the piece that are not told yet, each with the bytes in front of it.
    faults: VecDeque<(usize, Compression)>,
    pub(super) consumed: u64,
    pub(super) frames_without_checksum: bool,
    ended: bool,
    stop: Arc<AtomicBool>,
    /// Tells the input that nobody wants it any more.
    left: Option<Arc<AtomicBool>>,
}

impl Unpacked {
    /// Starts to decompress. The thread ends with the stream, or when nobody listens.
    ///
    /// # Errors
    /// The decoder itself, where the system gives no thread.
    pub(super) fn start(
        unpacker: Box<Unpacker>,
        stop: Arc<AtomicBool>,
    ) -> Result<Self, Box<Unpacker>> {
        // The pool bounds what waits. A channel with a bound of its own would keep its messages when this side goes, and
        // with them the buffers that the thread waits for: it would stay for ever, with the input open.
        let (give, pieces) = unbounded();
        let check = Check::new(unpacker.wants_crc());
        let consumed = unpacker.raw.consumed();
        let left = unpacker.raw.ahead().map(crate::ahead::Ahead::left);
        let pool = Pool::growing(FEW, BUFFERS, PIECE);
        let buffers = pool.clone();
        hand_over(Builder::new(), unpacker, move |mut unpacker| {
            unpack(&mut unpacker, &buffers, &give);
        })?;
        Ok(Self {
            pieces,
            pool,
            current: None,
            taken: 0,
            came: 0,
            check,
            faults: VecDeque::new(),
            consumed,
            frames_without_checksum: false,
            ended: false,
            stop,
            left,
        })
    }

    /// Reads what comes next into `out`; 0 at the end. Faults are those in front of what comes then.
    pub(super) fn read(
        &mut self,
        out: &mut [u8],
        faults: &mut Vec<Compression>,
    ) -> Result<usize, Broken> {
        while !self.ended && self.is_used_up() {
            if let Some(end) = self.current.as_mut().and_then(|piece| piece.end.take()) {
                self.ended = true;
                self.tell(faults);
                end?;
                break;
            }
            self.receive()?;
            self.tell(faults);
        }
        let rest = match &self.current {
            Some(piece) => &piece.buffer[self.taken..piece.len],
            None => &[],
        };
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.taken += n;
        self.tell(faults);
        Ok(n)
    }

    fn is_used_up(&self) -> bool {
        self.current
            .as_ref()
            .is_none_or(|piece| self.taken == piece.len)
    }

    /// Tells the faults that lie in front of what comes next.
    fn tell(&mut self, faults: &mut Vec<Compression>) {
        while self.faults.front().is_some_and(|(at, _)| *at <= self.taken) {
            faults.extend(self.faults.pop_front().map(|(_, fault)| fault));
        }
    }

    /// Takes the next piece.
    fn receive(&mut self) -> Result<(), Broken> {
        self.current = None;
        self.taken = 0;
        let mut piece = loop {
            // Before each piece: those of a stream of empty members never let anybody wait.
            if is_raised(&self.stop) {
                return Err(Broken::Io(stopped()));
            }
            match self.pieces.recv_timeout(PATIENCE) {
                Ok(piece) => break piece,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.ended = true;
                    let error = io::Error::other("the decompressing thread failed");
                    return Err(Broken::Io(error));
                }
            }
        };
        let mut from = 0;
        for (at, event) in piece.events.drain(..) {
            self.check.update(&piece.buffer[from..at]);
            from = at;
            self.faults
                .extend(self.check.event(event).map(|fault| (at, fault)));
        }
        self.check.update(&piece.buffer[from..piece.len]);
        self.came = self.came.saturating_add(1);
        if self.came > FRONT {
            self.pool.grow();
        }
        self.consumed = piece.consumed;
        self.frames_without_checksum |= piece.frames_without_checksum;
        self.current = Some(piece);
        Ok(())
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        if let Some(left) = &self.left {
            left.store(true, Ordering::Relaxed);
        }
    }
}

fn unpack(unpacker: &mut Unpacker, pool: &Pool, pieces: &Sender<Piece>) {
    for number in 0_usize.. {
        let most = if number < FRONT { FRONT_PIECE } else { PIECE };
        let piece = Piece::fill(unpacker, pool.take(), most);
        let last = piece.end.is_some();
        if pieces.send(piece).is_err() || last {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::super::Stream;
    use super::*;
    use crate::ahead::Ahead;

    /// Much longer than anything here takes that is not stuck.
    const LONG: Duration = Duration::from_secs(20);

    /// An empty gzip member.
    const EMPTY: [u8; 20] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// The same bytes over and over, without end; tells when it is gone.
    struct Endless {
        bytes: Vec<u8>,
        at: usize,
        gone: Arc<AtomicBool>,
    }

    impl Endless {
        fn new(bytes: Vec<u8>) -> Self {
            let gone = Arc::default();
            Self { bytes, at: 0, gone }
        }
    }

    impl Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            for byte in &mut *out {
                *byte = self.bytes[self.at];
                self.at = (self.at + 1) % self.bytes.len();
            }
            Ok(out.len())
        }
    }

    impl Drop for Endless {
        fn drop(&mut self) {
            self.gone.store(true, Ordering::Relaxed);
        }
    }

    fn opened(input: Endless, stop: &Arc<AtomicBool>) -> Stream {
        let ahead = Ahead::start(Box::new(input), Arc::clone(stop));
        let (stream, _) = Stream::open(ahead, 27, Arc::clone(stop)).unwrap();
        stream
    }

    #[test]
    fn an_order_to_stop_ends_a_stream_of_empty_members() {
        let stop = Arc::new(AtomicBool::new(false));
        let input = Endless::new(EMPTY.to_vec());
        let gone = Arc::clone(&input.gone);
        let mut stream = opened(input, &stop);
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let outcome = stream.read(&mut [0; 512]);
            drop(stream);
            tell.send(outcome).unwrap();
        });
        thread::sleep(3 * PATIENCE);
        stop.store(true, Ordering::Relaxed);
        let outcome = told.recv_timeout(LONG).expect("it goes on for ever");
        match outcome {
            Err(Broken::Io(error)) => assert_eq!(error.to_string(), "the run was stopped"),
            other => panic!("{other:?}"),
        }
        wait_for(&gone);
    }

    #[test]
    fn both_threads_go_with_a_stream_that_is_left() {
        let mut member = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut member, &vec![7; PIECE]).unwrap();
        let input = Endless::new(member.finish().unwrap());
        let gone = Arc::clone(&input.gone);
        let stream = opened(input, &Arc::default());
        // By then both have read all that may wait.
        thread::sleep(10 * PATIENCE);
        drop(stream);
        wait_for(&gone);
    }

    fn wait_for(gone: &AtomicBool) {
        let begin = Instant::now();
        while !gone.load(Ordering::Relaxed) {
            assert!(begin.elapsed() < LONG, "the input is still open");
            thread::sleep(Duration::from_millis(2));
        }
    }
}
