//! Reads a file and hashes each of its MiB with XXH64, on so many threads, and does nothing else: what a machine gives to whoever has
//! to do at least that. Beside it, `verify` of a plain archive shows what the rest of a verification costs.
//!
//! ```sh
//! cargo build --release -p xenspect-bench --example bare_loop
//! target/release/examples/bare_loop read 2 FILE   # or map
//! ```

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use xenspect_mapped::Mapped;
use xxhash_rust::xxh64::Xxh64;

const BLOCK: u64 = 1 << 20;
/// Bytes read at once, as a worker of a scan does.
const PIECE: usize = 128 << 10;
const PAGE: usize = 4096;

/// Hashes a block by reading it into the same pages again and again.
fn read(file: &File, at: u64, end: u64, room: &mut [u8]) -> io::Result<u64> {
    let start = room.as_ptr().addr().wrapping_neg() % PAGE;
    let mut hash = Xxh64::new(0);
    let mut offset = at;
    while offset < end {
        let want = PIECE.min((end - offset) as usize);
        let n = file.read_at(&mut room[start..start + want], offset)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        hash.update(&room[start..start + n]);
        offset += n as u64;
    }
    Ok(hash.digest())
}

/// Hashes a block where it is mapped.
fn map(map: &Mapped, at: u64, end: u64) -> io::Result<u64> {
    let bytes = map.range(at, (end - at) as usize);
    let mut hash = Xxh64::new(0);
    hash.update(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
    Ok(hash.digest())
}

fn run(way: &str, threads: usize, path: &str) -> io::Result<u64> {
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    let mapped = (way == "map").then(|| Mapped::of(&file)).transpose()?;
    let next = AtomicU64::new(0);
    let work = || {
        let mut room = vec![0; PIECE + PAGE];
        let mut all = 0;
        loop {
            let at = next.fetch_add(BLOCK, Ordering::Relaxed);
            if at >= len {
                return Ok(all);
            }
            let end = len.min(at + BLOCK);
            all ^= match &mapped {
                Some(mapped) => map(mapped, at, end)?,
                None => read(&file, at, end, &mut room)?,
            };
        }
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_fold(0, |all, thread| {
            let one: io::Result<u64> = thread
                .join()
                .map_err(|_| io::Error::other("a thread failed"))?;
            Ok(all ^ one?)
        })
    })
}

#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a program")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [way, threads, path] = &arguments[..] else {
        eprintln!("usage: bare_loop read|map THREADS FILE");
        return ExitCode::from(2);
    };
    match threads
        .parse()
        .map_err(io::Error::other)
        .and_then(|threads| run(way, threads, path))
    {
        Ok(all) => println!("{all:016x}"),
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
