//! A bad line between client and server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::time::Instant;

/// What is wrong with a line. Counts are of bytes from the server, by connection unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Nothing.
    Good,
    /// It breaks after so many bytes.
    BreaksAfter(u64),
    /// It falls silent after so many bytes, and stays open.
    SilentAfter(u64),
    /// All connections together carry so many bytes; then each falls silent.
    SilentForEverAfter(u64),
    /// Each connection carries no more bytes in a second, and the first byte of it takes as long as said.
    Slow {
        /// Bytes in a second.
        rate: u64,
        /// Until the first byte of an answer.
        latency: Duration,
    },
}

/// Takes connections on a port of its own, and passes them on; it ends with this value.
pub struct Proxy {
    address: SocketAddr,
    connections: Arc<AtomicU64>,
    runtime: Option<Runtime>,
}

impl Proxy {
    /// Starts a line to a server.
    ///
    /// # Errors
    /// When no port is to be had.
    pub fn start(server: SocketAddr, line: Line) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let connections = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&connections);
        runtime.spawn(async move {
            let carried = Arc::new(AtomicU64::new(0));
            while let Ok((client, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(pass(client, server, line, Arc::clone(&carried)));
            }
        });
        Ok(Self {
            address,
            connections,
            runtime: Some(runtime),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections it has taken.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn pass(client: TcpStream, server: SocketAddr, line: Line, carried: Arc<AtomicU64>) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let up = tokio::spawn(copy(from_client, to_server));
    down(from_server, to_client, line, &carried).await;
    up.abort();
}

async fn copy(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let _ = tokio::io::copy(&mut from, &mut to).await;
}

/// Passes on what the server says, until the line fails.
async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: Line, carried: &AtomicU64) {
    let mut chunk = vec![0; 16 << 10];
    let mut passed = 0;
    let mut due = Instant::now();
    loop {
        let room = match line {
            Line::Good | Line::Slow { .. } => u64::MAX,
            Line::BreaksAfter(most) | Line::SilentAfter(most) => most.saturating_sub(passed),
            Line::SilentForEverAfter(most) => most.saturating_sub(carried.load(Ordering::Relaxed)),
        };
        if room == 0 {
            if !matches!(line, Line::BreaksAfter(_)) {
                // The other end gives up first.
                tokio::time::sleep(Duration::from_secs(3600)).await;
            }
            return;
        }
        let size = usize::try_from(room).map_or(chunk.len(), |room| room.min(chunk.len()));
        let Ok(taken @ 1..) = from.read(&mut chunk[..size]).await else {
            return;
        };
        if let Line::Slow { rate, latency } = line {
            // An answer begins with a short read: its headers.
            if taken < chunk.len() / 8 {
                tokio::time::sleep(latency).await;
            }
            let micros = (taken as u64).saturating_mul(1_000_000) / rate.max(1);
            due = due.max(Instant::now()) + Duration::from_micros(micros);
            // A timer has the grain of a millisecond.
            if due > Instant::now() + Duration::from_millis(5) {
                tokio::time::sleep_until(due).await;
            }
        }
        if to.write_all(&chunk[..taken]).await.is_err() {
            return;
        }
        passed += taken as u64;
        carried.fetch_add(taken as u64, Ordering::Relaxed);
    }
}
