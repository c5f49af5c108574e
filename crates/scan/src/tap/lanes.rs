//! What is done with every byte of an input as it is stored: a thread for each digest, and one for the copy. They are given the
//! same pieces; whoever reads waits for the slowest of them.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use xenspect_model::catalog::DigestKind;

/// Pieces that wait for a lane. They bound the memory together with their length.
pub(crate) const WAITING: usize = 4;

/// Bytes that all lanes look at.
pub(crate) type Piece = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Where the copy goes.
pub(crate) type Copy = Box<dyn Write + Send>;

/// One thread and the way to it.
struct Lane<T> {
    pieces: Option<Sender<Piece>>,
    thread: JoinHandle<T>,
}

impl<T: Send + 'static> Lane<T> {
    /// # Errors
    /// When the system gives no thread.
    fn start(
        thread: Builder,
        run: impl FnOnce(Receiver<Piece>) -> T + Send + 'static,
    ) -> io::Result<Self> {
        let (give, take) = bounded(WAITING);
        Ok(Self {
            pieces: Some(give),
            thread: thread.spawn(move || run(take))?,
        })
    }

    /// Waits while the lane is behind. One that gave up is left alone.
    fn give(&mut self, piece: &Piece) {
        let gone = self
            .pieces
            .as_ref()
            .is_some_and(|pieces| pieces.send(Arc::clone(piece)).is_err());
        if gone {
            self.pieces = None;
        }
    }

    fn finish(mut self) -> std::thread::Result<T> {
        self.pieces = None;
        self.thread.join()
    }
}

/// The running lanes.
pub(crate) struct Lanes {
    digests: Vec<(DigestKind, Lane<Vec<u8>>)>,
    copy: Option<Lane<io::Result<()>>>,
    /// What could not be started.
    refused: Made,
}

/// What the lanes made.
#[derive(Default)]
pub(crate) struct Made {
    /// In the order of [`DigestKind`]; one that failed is not there.
    pub(crate) digests: Vec<(DigestKind, Vec<u8>)>,
    /// Why a digest is not there.
    pub(crate) digest_failed: Option<String>,
    /// Why the copy is not whole.
    pub(crate) copy_failed: Option<io::Error>,
}

impl Lanes {
    /// Starts a lane for each digest that is wanted, and one for the copy. What cannot be started is told at the end.
    pub(crate) fn start(
        digests: &[DigestKind],
        copy: Option<Copy>,
        thread: fn() -> Builder,
    ) -> Self {
        let mut lanes = Self {
            digests: Vec::new(),
            copy: None,
            refused: Made::default(),
        };
        let wanted = DigestKind::ALL.into_iter();
        for kind in wanted.filter(|kind| digests.contains(kind)) {
            match digest(kind, thread()) {
                Ok(lane) => lanes.digests.push((kind, lane)),
                Err(error) => lanes.refused.digest_failed = Some(no_thread(&error).to_string()),
            }
        }
        if let Some(copy) = copy {
            match Lane::start(thread(), move |pieces| write(copy, &pieces)) {
                Ok(lane) => lanes.copy = Some(lane),
                Err(error) => lanes.refused.copy_failed = Some(no_thread(&error)),
            }
        }
        lanes
    }

    /// Hands bytes to all lanes.
    pub(crate) fn give(&mut self, piece: &Piece) {
        for (_, lane) in &mut self.digests {
            lane.give(piece);
        }
        if let Some(lane) = &mut self.copy {
            lane.give(piece);
        }
    }

    /// Says that no more comes, and waits for what was made.
    pub(crate) fn finish(self) -> Made {
        let mut made = self.refused;
        for (kind, lane) in self.digests {
            match lane.finish() {
                Ok(digest) => made.digests.push((kind, digest)),
                Err(_) => made.digest_failed = Some("a digest failed".to_owned()),
            }
        }
        if let Some(lane) = self.copy {
            made.copy_failed = match lane.finish() {
                Ok(written) => written.err(),
                Err(_) => Some(io::Error::other("writing it failed")),
            };
        }
        made
    }
}

/// The system's error with what it means.
pub(super) fn no_thread(error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("the system gives no thread for it: {error}"),
    )
}

fn digest(kind: DigestKind, thread: Builder) -> io::Result<Lane<Vec<u8>>> {
    match kind {
        DigestKind::Md5 => Lane::start(thread, hash::<Md5>),
        DigestKind::Sha1 => Lane::start(thread, hash::<Sha1>),
        DigestKind::Sha256 => Lane::start(thread, hash::<Sha256>),
        DigestKind::Sha512 => Lane::start(thread, hash::<Sha512>),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the lane owns its end")]
fn hash<D: Digest>(pieces: Receiver<Piece>) -> Vec<u8> {
    let mut digest = D::new();
    for piece in &pieces {
        digest.update((*piece).as_ref());
    }
    digest.finalize().to_vec()
}

/// Ends at the first error: a file with a hole in it is no copy.
fn write(mut copy: Copy, pieces: &Receiver<Piece>) -> io::Result<()> {
    for piece in pieces {
        copy.write_all((*piece).as_ref())?;
    }
    copy.flush()
}
