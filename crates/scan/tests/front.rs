//! Looking at the description alone: how much is read, and what is known nevertheless.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use xenspect_model::catalog::{Archive, Ending};
use xenspect_model::report::Kind;
use xenspect_scan::{Depth, Options, Progress, ReadAt, Source, scan};
use xenspect_synth::{Envelope, Recipe};

const SECTOR: u64 = 512;
const BLOCK: u64 = 1 << 20;
/// A block and its sum, each with a header.
const PAIR: u64 = SECTOR + BLOCK + SECTOR + SECTOR;
/// Blocks of the large archive: 100 GiB.
const BLOCKS: u64 = 100 << 10;
/// What `inspect` may read of it.
const MOST: u64 = 2 << 20;

fn front(source: Source) -> Archive {
    let options = Options {
        depth: Depth::Metadata,
        ..Options::default()
    };
    let catalog = scan(source, &options, &Progress::default()).unwrap();
    catalog.into_archive().unwrap()
}

/// The description of a real archive with far more blocks behind it than there is room for.
struct Large {
    description: Vec<u8>,
    disk: String,
    read: Arc<AtomicU64>,
}

impl Large {
    fn new(read: &Arc<AtomicU64>) -> Self {
        let mut archive = Recipe::named("two-disks").unwrap().build();
        let size = tar::Header::from_byte_slice(&archive[..512])
            .entry_size()
            .unwrap();
        let end = SECTOR + size.next_multiple_of(SECTOR);
        let first = tar::Header::from_byte_slice(&archive[end as usize..][..512]);
        let path = String::from_utf8(first.path_bytes().into_owned()).unwrap();
        let disk = path.split_once('/').unwrap().0.to_owned();
        archive.truncate(end as usize);
        Self {
            description: archive,
            disk,
            read: Arc::clone(read),
        }
    }

    fn len(&self) -> u64 {
        self.description.len() as u64 + BLOCKS * PAIR + 2 * SECTOR
    }

    /// The sector of the archive at an offset.
    fn sector(&self, offset: u64) -> Vec<u8> {
        let front = self.description.len() as u64;
        if offset < front {
            return self.description[offset as usize..][..512].to_vec();
        }
        let (number, inside) = ((offset - front) / PAIR, (offset - front) % PAIR);
        if number >= BLOCKS {
            return vec![0; 512];
        }
        let name = format!("{}/{number:08}", self.disk);
        match inside {
            0 => header(&name, BLOCK),
            inside if inside == SECTOR + BLOCK => header(&format!("{name}.xxhash"), 16),
            inside if inside == SECTOR + BLOCK + SECTOR => {
                let mut sum = b"0123456789ABCDEF".to_vec();
                sum.resize(512, 0);
                sum
            }
            _ => vec![0; 512],
        }
    }
}

fn header(name: &str, size: u64) -> Vec<u8> {
    let mut header = tar::Header::new_old();
    header.set_path(name).unwrap();
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header.as_bytes().to_vec()
}

impl ReadAt for Large {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        let sector = self.sector(offset / SECTOR * SECTOR);
        let rest = &sector[(offset % SECTOR) as usize..];
        let room = self.len().saturating_sub(offset).min(buf.len() as u64) as usize;
        let n = rest.len().min(room);
        buf[..n].copy_from_slice(&rest[..n]);
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[test]
fn of_a_hundred_gibibytes_less_than_two_mebibytes_are_read() {
    let read = Arc::default();
    let large = Large::new(&read);
    let (len, disk) = (large.len(), large.disk.clone());
    let archive = front(Source::File {
        reader: Arc::new(large),
        len,
        readable_by_others: false,
    });
    assert_eq!(archive.kind, Kind::Xva);
    assert!(archive.metadata.export().is_some());
    let [extent] = archive.extents.as_slice() else {
        panic!("{:?}", archive.extents);
    };
    assert_eq!((&extent.disk, extent.stored), (&disk, BLOCKS * BLOCK));
    let read = read.load(Ordering::Relaxed);
    assert!(read < MOST, "{read} bytes were read");
}

/// Counts what is taken.
struct Counted(io::Cursor<Vec<u8>>, Arc<AtomicU64>);

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buf)?;
        self.1.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[test]
fn of_a_stream_only_the_front_is_taken() {
    for envelope in [Envelope::Plain, Envelope::Gzip, Envelope::Zstd] {
        let mut archive = Recipe::named("two-disks").unwrap().build();
        let size = tar::Header::from_byte_slice(&archive[..512])
            .entry_size()
            .unwrap();
        let end = SECTOR + size.next_multiple_of(SECTOR);
        // Random bytes stand for disks: they cannot be packed small.
        archive.truncate(end as usize);
        archive.extend(header("Ref:1/00000000", 8 << 20));
        let mut state = 1_u32;
        archive.extend((0..8 << 20).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }));
        let stored = envelope.encode(&archive);
        let taken = Arc::default();
        let reader = Counted(io::Cursor::new(stored), Arc::clone(&taken));
        let archive = front(Source::Stream(Box::new(reader)));
        assert!(archive.metadata.export().is_some());
        assert!(matches!(archive.ending, Ending::NotRead { .. }));
        let taken = taken.load(Ordering::Relaxed);
        assert!(taken < MOST, "{envelope:?}: {taken} bytes were taken");
    }
}

#[test]
fn a_metadata_only_export_is_still_told_by_its_end() {
    let metadata = Recipe::named("metadata-only").unwrap().build();
    let archive = front(Source::memory(metadata));
    assert_eq!(archive.kind, Kind::Metadata);
}
