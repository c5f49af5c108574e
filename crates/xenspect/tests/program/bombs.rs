//! Compressed files of some hundred kilobytes that become a thousand times as much: they cost time, and no memory.

use std::fs::File;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use xenspect_synth::Envelope;
use xenspect_synth::envelope::EnvelopeWriter;

use crate::run::{Folder, codes, good, program};

const MIB: u64 = 1 << 20;
/// What is promised of every streamed input.
const PEAK: u64 = 64 * MIB;
/// The length of a tar header.
const BLOCK: usize = 512;

/// The header of a file that no export has.
fn header(size: u64) -> [u8; BLOCK] {
    let mut header = [0; BLOCK];
    let mut put =
        |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, "zeros.bin");
    put(100, "0000400");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &format!("{size:011o}"));
    put(136, "00000000000");
    put(148, "        ");
    put(156, "0");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header
}

/// An export with a file of zeros behind its last block.
fn write(folder: &Folder, name: &str, envelope: Envelope, zeros: u64) -> u64 {
    let export = good("small");
    let end = export.iter().rposition(|&byte| byte != 0).unwrap() + 1;
    let end = end.next_multiple_of(BLOCK);
    let file = File::create(folder.path().join(name)).unwrap();
    let mut out = EnvelopeWriter::new(envelope, file).unwrap();
    out.write_all(&export[..end]).unwrap();
    out.write_all(&header(zeros)).unwrap();
    let piece = vec![0; 1 << 20];
    for _ in 0..zeros / MIB {
        out.write_all(&piece).unwrap();
    }
    out.write_all(&[0; 2 * BLOCK]).unwrap();
    out.finish().unwrap();
    folder.path().join(name).metadata().unwrap().len()
}

/// The most memory of a run so far, in bytes, as the kernel tells it; `None` once it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

#[test]
fn a_bomb_costs_time_and_no_memory() {
    let folder = Folder::new();
    write(&folder, "tame.xva", Envelope::Plain, MIB);
    let tame = folder.run(&["verify", "--format", "json", "tame.xva"]);
    let (status, tame) = (tame.status, tame.input());
    for (name, envelope, times) in [
        ("bomb.xva.gz", Envelope::Gzip, 1000),
        ("bomb.xva.zst", Envelope::Zstd, 10_000),
    ] {
        let zeros = 256 * MIB;
        let stored = write(&folder, name, envelope, zeros);
        // Beside the zeros there is the export itself.
        let export = write(&folder, "export", envelope, 0);
        assert!(
            zeros / (stored - export) >= times,
            "{name} has {stored} bytes"
        );
        let mut run = program()
            .current_dir(folder.path())
            .args(["verify", "--quiet", name])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut most = 0;
        let ended = loop {
            if let Some(ended) = run.try_wait().unwrap() {
                break ended;
            }
            most = most.max(peak(run.id()).unwrap_or(0));
            std::thread::sleep(Duration::from_millis(2));
        };
        assert_eq!(ended.code(), Some(status), "{name}");
        assert!((1..PEAK).contains(&most), "{name}: {most} bytes");
        let answer = folder.run(&["verify", "--format", "json", name]).input();
        assert_eq!(answer["verdict"], tame["verdict"], "{name}");
        assert_eq!(codes(&answer), codes(&tame), "{name}");
    }
}
