//! Reads an object of a given size from a server on loopback, and says how long it took and how much memory: `measure MIB
//! stream|random [RATE_MIB LATENCY_MS]`. With a rate, each connection is slowed down to it. The server is a process of its own.

use std::io::Read;
use std::process::Command;
use std::time::{Duration, Instant};

use xenspect_objects::{Line, Proxy, Server};
use xenspect_remote::{Remote, Url};
use xenspect_scan::Source;

type Failure = Box<dyn std::error::Error>;

/// The variable by which the reading process is told where the server is.
const ADDRESS: &str = "XENSPECT_MEASURED_ADDRESS";

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match std::env::var(ADDRESS) {
        Ok(address) => read(
            &address,
            arguments.get(1).is_some_and(|manner| manner == "random"),
        ),
        Err(_) => serve(&arguments),
    }
}

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn serve(arguments: &[String]) -> Result<(), Failure> {
    let mib: u64 = arguments.first().ok_or("how many MiB?")?.parse()?;
    let rate: Option<u64> = arguments.get(2).map(|rate| rate.parse()).transpose()?;
    let latency: u64 = arguments.get(3).map_or(Ok(0), |latency| latency.parse())?;
    let root = tempfile::tempdir()?;
    std::fs::create_dir(root.path().join("bucket"))?;
    // A hole: no disk is measured.
    std::fs::File::create(root.path().join("bucket/object"))?.set_len(mib << 20)?;
    let server = Server::start(root.path())?;
    let line = match rate {
        None => None,
        Some(rate) => {
            let latency = Duration::from_millis(latency);
            let rate = rate << 20;
            Some(Proxy::start(
                server.address(),
                Line::Slow { rate, latency },
            )?)
        }
    };
    let address = line.as_ref().map_or(server.address(), Proxy::address);
    let client = Command::new(std::env::current_exe()?)
        .args(arguments)
        .env(ADDRESS, address.to_string())
        .envs(server.variables_by(address))
        .status()?;
    println!("{} requests, {client}", server.requests().len());
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn read(address: &str, random: bool) -> Result<(), Failure> {
    let remote = Remote::from_environment()?;
    let url = Url::parse("s3://bucket/object")?;
    let before = peak();
    let began = Instant::now();
    let mut taken = 0_u64;
    let mut buffer = vec![0; 256 << 10];
    if random {
        let Source::File { reader, .. } = remote.open_random(&url)? else {
            return Err("read at random".into());
        };
        while let n @ 1.. = reader.read_at(&mut buffer, taken)? {
            taken += n as u64;
        }
    } else {
        let Source::Sized { mut reader, .. } = remote.open_stream(&url)? else {
            return Err("one pass".into());
        };
        while let n @ 1.. = reader.read(&mut buffer)? {
            taken += n as u64;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let mib = taken >> 20;
    let rate = mib as f64 / seconds;
    let peak = peak();
    println!(
        "from {address}: {mib} MiB in {seconds:.2} s, {rate:.0} MiB/s, peak memory {before} -> {peak} KiB"
    );
    Ok(())
}

/// The most memory that the process has held, in KiB; 0 where it is not told.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}
