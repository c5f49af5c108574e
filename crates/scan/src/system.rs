//! What the operating system is told and asked about files beside reading them. Advice that it does not take costs nothing, so no
//! errors come back.

use std::fs::File;

#[cfg(target_os = "linux")]
pub(crate) use linux::*;
#[cfg(not(target_os = "linux"))]
pub(crate) use other::*;

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::num::NonZeroU64;

    use rustix::fs::{Advice, fadvise};
    use rustix::io::{Errno, IoSliceMut, ReadWriteFlags, preadv2};

    use super::File;

    /// Whether the page cache can be spoken to at all.
    pub(crate) const HAS_ADVICE: bool = true;

    /// Bytes that one piece of advice to read ahead is about. The system takes no more at a time than its device transfers at once.
    const STEP: u64 = 256 << 10;

    /// Bytes of a page, as far as advice is concerned; a larger one is found out by the system itself.
    const PAGE: u64 = 4 << 10;

    /// Bytes of the largest page.
    const LARGEST: u64 = 2 << 20;

    fn advise(file: &File, offset: u64, len: u64, advice: Advice) {
        if let Some(len) = NonZeroU64::new(len) {
            let _ = fadvise(file, offset, Some(len), advice);
        }
    }

    /// Lets the storage begin to read.
    pub(crate) fn read_ahead(file: &File, offset: u64, len: u64) {
        let end = offset.saturating_add(len);
        let mut at = offset;
        while at < end {
            let step = (end - at).min(STEP);
            advise(file, at, step, Advice::WillNeed);
            at += step;
        }
    }

    /// Says that nothing is to be read ahead unasked.
    pub(crate) fn read_as_asked(file: &File) {
        let _ = fadvise(file, 0, None, Advice::Random);
    }

    /// Drops what a range touches from the page cache, so that the next reading is one of the storage. Pages may be as large as
    /// 2 MiB, and one that is larger than the range would stay.
    pub(crate) fn drop_around(file: &File, offset: u64, len: u64) {
        let start = offset - offset % LARGEST;
        let end = offset.saturating_add(len);
        let end = end.checked_next_multiple_of(LARGEST).unwrap_or(end);
        advise(file, start, end - start, Advice::DontNeed);
    }

    /// Drops the pages that a range touches from the page cache.
    pub(crate) fn drop_cached(file: &File, offset: u64, len: u64) {
        let start = offset - offset % PAGE;
        let end = offset.saturating_add(len);
        let end = end.checked_next_multiple_of(PAGE).unwrap_or(end);
        advise(file, start, end - start, Advice::DontNeed);
    }

    /// Drops all of a file.
    pub(crate) fn drop_all(file: &File) {
        let _ = fadvise(file, 0, None, Advice::DontNeed);
    }

    /// Reads what the page cache has of a range, from its beginning on, and nothing else. `None` where that cannot be told here. What
    /// it has not is fetched all the same, and may be there so soon that it is taken for something that it had.
    pub(crate) fn read_cached(file: &File, buf: &mut [u8], offset: u64) -> Option<usize> {
        let buf = &mut [IoSliceMut::new(buf)];
        match preadv2(file, buf, offset, ReadWriteFlags::NOWAIT) {
            Ok(n) => Some(n),
            Err(Errno::AGAIN) => Some(0),
            Err(_) => None,
        }
    }

    /// Bytes that this thread had fetched from storage so far. `None` where the system does not count them.
    pub(crate) fn fetched() -> Option<u64> {
        let counts = fs::read_to_string("/proc/thread-self/io").ok()?;
        let count = |line: &str| line.strip_prefix("read_bytes: ")?.parse().ok();
        counts.lines().find_map(count)
    }

    /// Whether a file is on a file system of this machine, as far as its kind tells: none that asks another machine or program.
    pub(crate) fn is_local(file: &File) -> bool {
        /// From linux/magic.h and the file systems themselves.
        const LOCAL: [u32; 22] = [
            0x0000_4d44, // fat
            0x0000_9660, // iso9660
            0x0000_ef53, // ext2, ext3, ext4
            0x0102_1994, // tmpfs
            0x1501_3346, // udf
            0x2011_bab0, // exfat
            0x2fc1_2fc1, // zfs
            0x3153_464a, // jfs
            0x3434,      // nilfs
            0x5265_4973, // reiserfs
            0x5346_544e, // ntfs
            0x5846_5342, // xfs
            0x7366_746e, // ntfs3
            0x7371_7368, // squashfs
            0x794c_7630, // overlayfs
            0x8584_58f6, // ramfs
            0x9123_683e, // btrfs
            0xca45_1a4e, // bcachefs
            0xe0f5_e1e2, // erofs
            0xf2f5_2010, // f2fs
            0x4244,      // hfs
            0x482b,      // hfsplus
        ];
        let kind = rustix::fs::fstatfs(file).map(|about| about.f_type);
        // Its width and sign differ between machines; the number has 32 bits.
        kind.is_ok_and(|kind| LOCAL.contains(&(kind as u32)))
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::File;

    pub(crate) const HAS_ADVICE: bool = false;

    pub(crate) fn read_ahead(_: &File, _: u64, _: u64) {}

    pub(crate) fn read_as_asked(_: &File) {}

    pub(crate) fn drop_around(_: &File, _: u64, _: u64) {}

    pub(crate) fn drop_cached(_: &File, _: u64, _: u64) {}

    pub(crate) fn drop_all(_: &File) {}

    pub(crate) fn read_cached(_: &File, _: &mut [u8], _: u64) -> Option<usize> {
        None
    }

    pub(crate) fn fetched() -> Option<u64> {
        None
    }

    pub(crate) fn is_local(_: &File) -> bool {
        true
    }
}
