//! Long streams: what is held does not grow with them.

use std::io::{self, Read};

use xenspect_scan::{Options, Source};

use super::support::*;

/// A stream made as it is read: the front, and then so many files of so many bytes.
struct Long {
    files: u64,
    len: u64,
    name: fn(u64) -> String,
    ready: Vec<u8>,
    taken: usize,
    /// Zeros that come behind what is ready.
    zeros: u64,
    number: u64,
}

impl Read for Long {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = &self.ready[self.taken..];
        if !rest.is_empty() {
            let n = rest.len().min(out.len());
            out[..n].copy_from_slice(&rest[..n]);
            self.taken += n;
            return Ok(n);
        }
        if self.zeros > 0 {
            let n = out.len().min(usize::try_from(self.zeros).unwrap());
            out[..n].fill(0);
            self.zeros -= n as u64;
            return Ok(n);
        }
        if self.number == self.files {
            return Ok(0);
        }
        let mut header = tar::Header::new_gnu();
        let name = (self.name)(self.number);
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(self.len);
        header.set_mode(0o644);
        header.set_cksum();
        self.ready = header.as_bytes().to_vec();
        self.taken = 0;
        self.zeros = self.len.next_multiple_of(512);
        self.number += 1;
        if self.number == self.files {
            self.zeros += 1024;
        }
        self.read(out)
    }
}

fn long(files: u64, len: u64, name: fn(u64) -> String) -> Source {
    let rooted = Tar::rooted().bytes();
    Source::Stream(Box::new(Long {
        files,
        len,
        name,
        ready: rooted[..512].to_vec(),
        taken: 0,
        zeros: 0,
        number: 0,
    }))
}

fn bare() -> Options {
    Options {
        digests: false,
        host_table: |_| false,
        host_files: |path| path.starts_with("etc/"),
        ..Options::default()
    }
}

#[test]
fn a_file_that_is_too_large_is_passed_by() {
    let backup = host_of(long(1, 200 << 20, |_| "./etc/huge".to_owned()), &bare());
    assert_eq!(backup.folders["etc"].bytes, 200 << 20);
    assert!(backup.tree.contents.is_empty());
    assert_eq!(backup.tree.remarks.len(), 1, "{:?}", backup.tree.remarks);
    assert!(backup.tree.remarks[0].contains("has more bytes than are read"));
}

#[test]
fn of_many_files_no_more_is_held_than_the_bounds_say() {
    let name = |number| format!("./etc/{number}");
    let mut options = bare();
    options.limits.dump = 1 << 20;
    let backup = host_of(long(2000, 100 << 10, name), &options);
    assert_eq!(backup.members, 2001);
    assert_eq!(backup.folders["etc"].bytes, 2000 * (100 << 10));
    let held: usize = backup.tree.contents.values().map(Vec::len).sum();
    assert_eq!(held, 20 * (100 << 10));
    assert!(backup.tree.remarks.len() <= 51);
}

#[test]
fn of_names_that_are_not_asked_for_nothing_is_held() {
    let name = |number| format!("./usr/share/{number}");
    let backup = host_of(long(100_000, 0, name), &bare());
    assert_eq!((backup.members, backup.tree.files.len()), (100_001, 0));
    assert_eq!(backup.folders["usr"].members, 100_000);
    assert!(!backup.tree.incomplete && backup.tree.remarks.is_empty());
}
