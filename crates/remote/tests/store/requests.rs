//! How many requests reading takes. Each costs money and a round trip.

use std::io::Read;

use xenspect_objects::Request;
use xenspect_remote::RemoteError;
use xenspect_scan::{Depth, Options, Progress, Source, scan};

use crate::support::{Store, big_archive, catalog, url, write};

const MIB: u64 = 1 << 20;

fn big(store: &Store, mib: u64) -> u64 {
    let file = store.file("big.xva");
    write(&big_archive(mib), &file);
    std::fs::metadata(file).expect("it was written").len()
}

#[test]
fn what_is_inspected_takes_few_requests() {
    let store = Store::new();
    let size = big(&store, 100);
    assert!(size > 100 * MIB);
    let source = store.remote().open_random(&url("big.xva")).expect("there");
    let found = catalog(source, Depth::Metadata);
    assert!(found.contains("virtual_size"), "{found}");
    let requests = store.server.requests().len();
    assert!(requests < 20, "{requests}");
}

#[test]
fn what_is_verified_takes_a_request_for_every_piece() {
    let store = Store::new();
    let size = big(&store, 64);
    let source = store.remote().open_stream(&url("big.xva")).expect("there");
    let file = Source::open(&store.file("big.xva")).expect("there");
    let Source::File { reader, .. } = file else {
        panic!("a file");
    };
    let pipe = Source::Stream(Box::new(Whole(reader, 0)));
    assert_eq!(catalog(source, Depth::Full), catalog(pipe, Depth::Full));
    assert_eq!(store.count("HEAD"), 1);
    let further = (size - 2 * MIB).div_ceil(4 * MIB);
    assert_eq!(store.count("GET") as u64, 1 + further);
}

#[test]
fn headers_alone_take_one_request_for_every_block() {
    let store = Store::new();
    big(&store, 100);
    let source = store.remote().open_random(&url("big.xva")).expect("there");
    catalog(source, Depth::Headers);
    let requests = store.server.requests();
    assert!(requests.len() <= 110, "{}", requests.len());
    let bytes: u64 = requests.iter().filter_map(length).sum();
    assert!(bytes < 10 * MIB, "{bytes}");
}

#[test]
fn a_small_object_takes_one_request_whether_it_is_there_or_not() {
    let store = Store::new();
    let there = store.put("SHA256SUMS", b"sums");
    let remote = store.remote();
    assert_eq!(remote.small(&there, 100), Ok(b"sums".to_vec()));
    assert_eq!(store.server.requests().len(), 1);
    let missing = there.beside("MD5SUMS");
    assert_eq!(remote.small(&missing, 100), Err(RemoteError::NoSuchObject));
    assert_eq!(store.server.requests().len(), 2);
}

/// Bytes that a request asks for.
fn length(request: &Request) -> Option<u64> {
    let (first, last) = request
        .range
        .as_ref()?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    Some(last.parse::<u64>().ok()? + 1 - first.parse::<u64>().ok()?)
}

#[test]
fn how_far_a_stream_is_can_be_told() {
    let store = Store::new();
    let size = big(&store, 20);
    let source = store.remote().open_stream(&url("big.xva")).expect("there");
    let progress = Progress::default();
    scan(source, &Options::default(), &progress).expect("an archive");
    assert_eq!(progress.total(), Some(size));
    assert_eq!(progress.done(), size);
}

/// A file as a pipe.
struct Whole(std::sync::Arc<dyn xenspect_scan::ReadAt>, u64);

impl Read for Whole {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let taken = self.0.read_at(buf, self.1)?;
        self.1 += taken as u64;
        Ok(taken)
    }
}

#[test]
fn small_windows_side_by_side_share_requests() {
    let store = Store::new();
    let bytes: Vec<u8> = (0..8 * MIB).map(|at| (at % 251) as u8).collect();
    let url = store.put("bytes", &bytes);
    let Ok(Source::File { reader, len, .. }) = store.remote().open_random(&url) else {
        panic!("read at random");
    };
    assert_eq!(len, bytes.len() as u64);
    let mut window = [0; 4096];
    for at in (0..len).step_by(4096) {
        assert_eq!(reader.read_at(&mut window, at).expect("good"), 4096);
        assert_eq!(window, bytes[at as usize..][..4096]);
    }
    assert_eq!(reader.read_at(&mut window, len).expect("good"), 0);
    let requests = store.count("GET");
    assert!(requests <= 9, "{requests}");
}

#[test]
fn many_threads_that_read_one_object_fetch_nothing_twice() {
    let store = Store::new();
    let bytes: Vec<u8> = (0..8 * MIB).map(|at| (at % 251) as u8).collect();
    let url = store.put("bytes", &bytes);
    let Ok(Source::File { reader, len, .. }) = store.remote().open_random(&url) else {
        panic!("read at random");
    };
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut at = 0;
                let mut window = vec![0; 100_000];
                while at < len {
                    let taken = reader.read_at(&mut window, at).expect("good");
                    assert_eq!(window[..taken], bytes[at as usize..][..taken]);
                    at += taken as u64;
                }
            });
        }
    });
    let requests = store.count("GET");
    assert!(requests <= 12, "{requests}");
}

#[test]
fn a_stream_that_is_left_asks_for_no_more() {
    let store = Store::new();
    big(&store, 100);
    let Ok(Source::Sized { mut reader, len }) = store.remote().open_stream(&url("big.xva")) else {
        panic!("one pass");
    };
    assert!(len > 100 * MIB);
    let pause = || std::thread::sleep(std::time::Duration::from_millis(200));
    // What looks at the front alone takes the first request.
    let mut front = vec![0; 2 << 20];
    reader.read_exact(&mut front).expect("good");
    pause();
    assert_eq!(store.count("GET"), 1);
    reader.read_exact(&mut [0; 512]).expect("good");
    drop(reader);
    pause();
    let asked = store.count("GET");
    assert!(asked <= 8, "{asked}");
    pause();
    assert_eq!(store.count("GET"), asked);
}

#[test]
fn what_is_looked_for_takes_one_request_whether_it_is_there_or_not() {
    let store = Store::new();
    let there = store.put("SHA256SUMS", b"sums");
    let remote = store.remote();
    let found = remote.find(&there).expect("an answer");
    assert_eq!(found.map(|about| about.size), Some(4));
    assert_eq!(store.server.requests().len(), 1);
    assert_eq!(remote.find(&there.beside("MD5SUMS")), Ok(None));
    assert_eq!(store.server.requests().len(), 2);
}

#[test]
fn many_threads_at_different_places_each_get_what_they_ask_for() {
    const THREADS: u64 = 64;
    let store = Store::new();
    let bytes: Vec<u8> = (0..THREADS * MIB).map(|at| (at >> 12) as u8).collect();
    let url = store.put("wide.img", &bytes);
    let source = store.remote().open_random(&url).expect("there");
    let Source::File { reader, .. } = source else {
        panic!("it can be read anywhere");
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (reader, bytes) = (&reader, &bytes);
            scope.spawn(move || {
                let start = thread * MIB;
                let mut piece = vec![0; 1 << 20];
                let mut have = 0;
                while have < piece.len() {
                    let n = reader
                        .read_at(&mut piece[have..], start + have as u64)
                        .expect("readable");
                    assert!(n > 0);
                    have += n;
                }
                let start = usize::try_from(start).expect("small");
                assert!(piece == bytes[start..start + piece.len()], "{thread}");
            });
        }
    });
    // What came is handed on at once, so that nobody asks for it again.
    assert!(store.count("GET") as u64 <= THREADS);
}
