//! A file mapped into memory, to be read. All the unsafe code of the project is here: one line. What is mapped and what becomes of
//! the bytes is for others.
#![deny(unsafe_op_in_unsafe_fn)]

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// A file in memory, as long as it was when it was mapped.
///
/// Reading what the storage refuses, or what was cut off meanwhile, ends the process by a signal (`SIGBUS`). [`range`](Self::range)
/// asks the system for the bytes first, which leaves a moment for that to happen, but not more.
#[derive(Debug)]
pub struct Mapped {
    map: Mmap,
}

impl Mapped {
    /// Maps a regular file as a whole.
    ///
    /// # Errors
    /// When the system refuses: the file is empty or longer than the address space, or its file system knows no maps.
    pub fn of(file: &File) -> io::Result<Self> {
        // SAFETY: the map is private to this type, which hands out nothing but shared slices, and it is read only. What the
        // language asks for beside that, bytes that do not change while they are borrowed, nobody can promise of a file. A
        // borrower here hashes them as numbers: a byte that changes makes another digest, as it does when it changes between
        // two reads, and no value is made of them that could be invalid. A page that is gone is a signal and no undefined value.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(file) }?;
        Ok(Self { map })
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.map.len() as u64
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The bytes from `offset` on, as many as asked for. `None` where it does not have them all, and where the system says that it
    /// cannot bring them: the file is shorter by now, or the storage refuses to be read. Reading says more of that.
    #[must_use]
    pub fn range(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let start = usize::try_from(offset).ok()?;
        let bytes = self.map.get(start..start.checked_add(len)?)?;
        self.bring(start, len).then_some(bytes)
    }

    /// Has the bytes brought into memory in one step, which costs less than page after page, and can fail without a signal.
    #[cfg(target_os = "linux")]
    fn bring(&self, start: usize, len: usize) -> bool {
        // Before Linux 5.14.
        const UNKNOWN: i32 = 22;
        match self
            .map
            .advise_range(memmap2::Advice::PopulateRead, start, len)
        {
            Ok(()) => true,
            Err(error) => error.raw_os_error() == Some(UNKNOWN),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn bring(&self, _: usize, _: usize) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn a_range_is_what_the_file_has_there() {
        let bytes: Vec<u8> = (0..20_000_u32).map(|n| (n % 251) as u8).collect();
        let mapped = Mapped::of(&file(&bytes)).unwrap();
        assert_eq!((mapped.len(), mapped.is_empty()), (20_000, false));
        for (offset, len) in [(0, 20_000), (4095, 2), (1, 19_999), (20_000, 0)] {
            let range = mapped.range(offset as u64, len);
            assert_eq!(range, Some(&bytes[offset..offset + len]));
        }
    }

    #[test]
    fn what_is_not_in_the_file_is_no_range() {
        let mapped = Mapped::of(&file(b"0123456789")).unwrap();
        for (offset, len) in [(0, 11), (10, 1), (11, 0), (u64::MAX, 1), (1, usize::MAX)] {
            assert_eq!(mapped.range(offset, len), None, "{offset} {len}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_cut_off_is_told_before_it_is_touched() {
        let file = file(&[7; 64 << 10]);
        let mapped = Mapped::of(&file).unwrap();
        assert!(mapped.range(32 << 10, 4096).is_some());
        file.set_len(16 << 10).unwrap();
        assert_eq!(mapped.range(32 << 10, 4096), None);
        assert_eq!(mapped.range(0, 4096), Some(&[7; 4096][..]));
    }

    #[test]
    fn an_empty_file_is_none_or_has_no_bytes() {
        if let Ok(mapped) = Mapped::of(&file(b"")) {
            assert!(mapped.is_empty());
        }
    }
}
