//! Lines that break and lines that fall silent.

use std::io::Read;
use std::time::{Duration, Instant};

use xenspect_model::catalog::Ending;
use xenspect_objects::Line;
use xenspect_remote::{Patience, Remote, RemoteError};
use xenspect_scan::{Depth, Options, Progress, Source, scan};

use crate::support::{Store, big_archive, catalog, said_by, url, write};

#[test]
fn a_line_that_breaks_again_and_again_gives_the_same_report() {
    let store = Store::new();
    write(&big_archive(20), &store.file("big.xva"));
    let good = catalog(
        store.remote().open_stream(&url("big.xva")).expect("there"),
        Depth::Full,
    );
    for after in [100_000, 1_000_000, 5_000_000] {
        let line = store.line(Line::BreaksAfter(after));
        let remote = store.remote_by(line.address());
        let source = remote.open_stream(&url("big.xva")).expect("there");
        assert_eq!(catalog(source, Depth::Full), good, "{after}");
        assert!(line.connections() > 4, "{}", line.connections());
    }
}

#[test]
fn a_line_that_breaks_does_not_disturb_reading_by_ranges() {
    let store = Store::new();
    write(&big_archive(20), &store.file("big.xva"));
    let good = Source::open(&store.file("big.xva")).expect("there");
    let Source::File { reader, len, .. } = good else {
        panic!("a file");
    };
    let good = Source::File {
        reader,
        len,
        readable_by_others: false,
    };
    let line = store.line(Line::BreaksAfter(300_000));
    let remote = store.remote_by(line.address());
    let source = remote.open_random(&url("big.xva")).expect("there");
    assert_eq!(catalog(source, Depth::Full), catalog(good, Depth::Full));
}

#[test]
fn a_line_that_breaks_before_anything_comes_is_given_up() {
    let store = Store::new();
    let url = store.put("a", b"hello");
    let line = store.line(Line::BreaksAfter(10));
    let began = Instant::now();
    let error = store.remote_by(line.address()).small(&url, 10);
    assert!(matches!(error, Err(RemoteError::Broken(_))), "{error:?}");
    assert_eq!(line.connections(), 2);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_silent_store_is_given_up_at_opening() {
    let store = Store::new();
    let url = store.put("a", b"hello");
    let line = store.line(Line::SilentAfter(0));
    let began = Instant::now();
    let error = store.remote_by(line.address()).small(&url, 10);
    assert_eq!(error, Err(RemoteError::TimedOut));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_line_that_falls_silent_is_taken_up_again() {
    let store = Store::new();
    let bytes = vec![7; 3 << 20];
    let url = store.put("a", &bytes);
    let line = store.line(Line::SilentAfter(1 << 20));
    let got = store.remote_by(line.address()).small(&url, 4 << 20);
    assert!(got == Ok(bytes));
}

#[test]
fn a_store_that_falls_silent_in_a_stream_is_given_up() {
    let store = Store::new();
    let url = store.put("a", &vec![7; 3 << 20]);
    let line = store.line(Line::SilentForEverAfter(1 << 20));
    let remote = store.remote_by(line.address());
    let Ok(Source::Sized { mut reader, .. }) = remote.open_stream(&url) else {
        panic!("one pass");
    };
    let began = Instant::now();
    let error = reader.read_to_end(&mut Vec::new()).expect_err("silence");
    assert_eq!(said_by(&error), RemoteError::TimedOut);
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_store_that_falls_silent_is_not_waited_for_twice_by_ranges() {
    let store = Store::new();
    let url = store.put("a", &vec![7; 3 << 20]);
    let line = store.line(Line::SilentForEverAfter(100_000));
    let remote = store.remote_by(line.address());
    let Ok(Source::File { reader, .. }) = remote.open_random(&url) else {
        panic!("read at random");
    };
    let mut window = [0; 4096];
    reader.read_at(&mut window, 0).expect("the first piece");
    let error = reader.read_at(&mut window, 1 << 20).expect_err("silence");
    assert_eq!(said_by(&error), RemoteError::TimedOut);
    let began = Instant::now();
    reader.read_at(&mut window, 2 << 20).expect_err("silence");
    assert!(began.elapsed() < Duration::from_millis(100));
}

#[test]
fn an_object_that_is_replaced_while_it_is_read_is_an_error() {
    let store = Store::new();
    let url = store.put("a", &vec![7; 60 << 20]);
    let remote = store.remote();
    let Ok(Source::Sized { mut reader, .. }) = remote.open_stream(&url) else {
        panic!("one pass");
    };
    reader.read_exact(&mut [0; 1024]).expect("good");
    store.put("a", &vec![8; 60 << 20]);
    let error = reader.read_to_end(&mut Vec::new()).expect_err("changed");
    assert_eq!(said_by(&error), RemoteError::Changed);
    assert_eq!(
        error.to_string(),
        "the object was changed while it was read"
    );
}

#[test]
fn an_object_that_is_replaced_or_removed_is_an_error_by_ranges_too() {
    let store = Store::new();
    let remote = store.remote();
    for removed in [false, true] {
        let url = store.put("a", &vec![7; 1 << 20]);
        let Ok(Source::File { reader, .. }) = remote.open_random(&url) else {
            panic!("read at random");
        };
        reader.read_at(&mut [0; 10], 0).expect("good");
        if removed {
            std::fs::remove_file(store.file("a")).expect("it was there");
        } else {
            store.put("a", &vec![7; 1000]);
        }
        let error = reader.read_at(&mut [0; 10], 500_000).expect_err("changed");
        assert_eq!(said_by(&error), RemoteError::Changed, "removed: {removed}");
    }
}

#[test]
fn a_run_can_be_stopped_while_the_store_is_silent() {
    let store = Store::new();
    write(&big_archive(20), &store.file("big.xva"));
    let line = store.line(Line::SilentForEverAfter(3 << 20));
    let variables = store.server.variables_by(line.address());
    let remote = Remote::new(variables, Patience::default()).expect("a client");
    let source = remote.open_stream(&url("big.xva")).expect("there");
    let progress = Progress::default();
    let began = Instant::now();
    let catalog = std::thread::scope(|scope| {
        let scanning = scope.spawn(|| scan(source, &Options::default(), &progress));
        std::thread::sleep(Duration::from_millis(500));
        progress.cancel();
        scanning.join().expect("no panic").expect("an archive")
    });
    assert!(began.elapsed() < Duration::from_secs(3));
    let archive = catalog.into_archive().expect("an archive");
    assert!(
        matches!(archive.ending, Ending::Interrupted { .. }),
        "{:?}",
        archive.ending
    );
}
