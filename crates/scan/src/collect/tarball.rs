//! Files of a tar archive, in one pass. Members that nobody wants are passed by.

use xenspect_archive::tar::{self, HeaderSum, Member, MemberKind, Walker};
use xenspect_archive::xva::MemberName;
use xenspect_model::catalog::Compression;

use super::kept::Kept;
use super::{Collected, Packing, unreadable};
use crate::driver::compression_words;
use crate::envelope::Broken;
use crate::error::Error;
use crate::feed::Feed;
use crate::members::walk::{Walk, Walked, broken};
use crate::options::Progress;

/// Bytes of a payload read at once.
const PIECE: u64 = 256 << 10;
/// Bytes behind the end marker that are read to meet the checksum of the compression. Tar programs fill up to 10 KiB.
const BEHIND: u64 = 1 << 20;
/// Folders and strange members that may stand before the first member of an export.
const FOREIGN: u64 = 64;
/// A damaged header's size is a hint up to here.
const BELIEVED: u64 = 16 << 20;

/// Takes the wanted files of an archive; `None` where it is no tar archive, or an export.
pub(super) fn collect<F: Feed>(
    feed: F,
    packing: Packing,
    kept: Kept<'_>,
    progress: &Progress,
) -> Result<Option<Collected>, Error> {
    let limits = tar::Limits {
        believed_payload: BELIEVED,
        ..tar::Limits::default()
    };
    let walker = Walker::new(limits, |name, size| !name.is_empty() && size <= BELIEVED);
    let walk = Walk::with(walker, feed, progress);
    let mut tarball = Tarball { walk, kept };
    let result = tarball.run();
    if progress.is_cancelled() {
        return Err(Error::Interrupted);
    }
    let Some(walked) = result else {
        return Ok(None);
    };
    tarball.end(walked);
    Ok(Some(tarball.kept.of_archive(packing)))
}

struct Tarball<'a, 'b, F> {
    walk: Walk<'b, F>,
    kept: Kept<'a>,
}

impl<F: Feed> Tarball<'_, '_, F> {
    /// Walks to the end. `None` where this is nothing of ours.
    fn run(&mut self) -> Option<Walked> {
        let mut members = 0_u64;
        loop {
            let member = match self.walk.next() {
                Ok(member) => member,
                Err(_) if members == 0 => return None,
                Err(walked) => return Some(walked),
            };
            // An export whose first header is damaged is an export all the same.
            let whole = self.walk.lost == 0 && member.header_sum == HeaderSum::Right;
            if members == 0 && !whole {
                return None;
            }
            members = members.saturating_add(1);
            let open = members <= FOREIGN && self.kept.is_empty();
            if open && is_of_export(&member.name) {
                return None;
            }
            if let Err(walked) = self.member(&member) {
                return Some(walked);
            }
        }
    }

    fn member(&mut self, member: &Member) -> Result<(), Walked> {
        let Some(name) = self.kept.look(&member.name) else {
            return Ok(());
        };
        if member.kind == MemberKind::Directory {
            return Ok(());
        }
        let plain = matches!(member.kind, MemberKind::File | MemberKind::Contiguous);
        let why = if member.header_sum != HeaderSum::Right {
            "has a damaged header".to_owned()
        } else if !plain {
            format!("is a {} there, which is not read", member.kind.name())
        } else if member.real_size.is_some() {
            "is stored as a sparse file, which is not read".to_owned()
        } else if let Some(room) = self.kept.room(&name, Some(member.size)) {
            return self.file(name, member.size.min(room));
        } else {
            return Ok(());
        };
        self.kept.leave_out(&name, &why);
        Ok(())
    }

    fn file(&mut self, name: String, size: u64) -> Result<(), Walked> {
        let cut = "is cut short";
        let mut bytes = Vec::new();
        let mut left = size;
        while left > 0 {
            if self.walk.is_cancelled() {
                return Err(Walked::Interrupted);
            }
            let have = bytes.len();
            let want = usize::try_from(left.min(PIECE)).unwrap_or(0);
            bytes.resize(have.saturating_add(want), 0);
            let piece = bytes.get_mut(have..).unwrap_or_default();
            match self.walk.feed.read(piece) {
                Ok(n) if n == want => left = left.saturating_sub(n as u64),
                Ok(_) => {
                    self.kept.leave_out(&name, cut);
                    let end = self.walk.feed.position();
                    return Err(Walked::Broken(format!(
                        "it ends at offset {end}, inside a member"
                    )));
                }
                Err(fault) => {
                    self.kept.leave_out(&name, cut);
                    return Err(broken(fault));
                }
            }
        }
        match self.walk.feed.take_read_errors().is_empty() {
            true => self.kept.keep(name, bytes),
            false => self
                .kept
                .leave_out(&name, "lies where the storage cannot be read"),
        }
        Ok(())
    }

    fn end(&mut self, walked: Walked) {
        if let Walked::Broken(how) = walked {
            self.kept.cut(&how);
        } else {
            self.read_behind();
        }
        let lost = self.walk.lost;
        if lost > 0 {
            self.kept.remark(format!(
                "{lost} bytes of it are damaged, and files in them are lost"
            ));
        }
        for fault in self.walk.feed.take_faults() {
            if !matches!(fault, Compression::Trailing { .. }) {
                let how = compression_words(&fault);
                self.kept.remark(format!(
                    "its compression tells damage ({how}): what was read of it may be wrong"
                ));
            }
        }
    }

    /// The checksum of the compression stands behind everything.
    fn read_behind(&mut self) {
        let behind = match self.walk.feed.skip(BEHIND) {
            Ok(_) => return,
            Err(Broken::Io(error)) => unreadable(&error),
            Err(Broken::Fault(fault)) => compression_words(&fault),
        };
        self.kept.remark(format!(
            "all its members were read, but behind them it breaks: {behind}"
        ));
    }
}

fn is_of_export(name: &[u8]) -> bool {
    matches!(
        MemberName::classify(name).name,
        MemberName::Metadata
            | MemberName::Block(_)
            | MemberName::Sum(..)
            | MemberName::ApplianceChunk { .. }
            | MemberName::DiskFolder
    )
}
