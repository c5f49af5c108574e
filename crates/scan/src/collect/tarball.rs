//! Files of a tar archive, in one pass. Members that nobody wants are passed by.

use xenspect_archive::tar::{self, HeaderSum, Member, MemberKind, Walker};
use xenspect_archive::xva::MemberName;

use super::kept::Kept;
use super::{Collected, Packing};
use crate::error::Error;
use crate::feed::Feed;
use crate::members::walk::{Walk, Walked};
use crate::options::Progress;

/// Bytes of a payload read at once.
const PIECE: u64 = 256 << 10;
/// Folders and strange members that may stand before the first member of an export.
const FOREIGN: u64 = 64;
/// A damaged header's size is a hint up to here.
const BELIEVED: u64 = 16 << 20;

/// Shows every member of an archive, and tells what is wrong with it. `false`
/// where it is no tar archive, or an export.
fn walk_through<F: Feed>(
    feed: F,
    wanted: &mut WantedFiles<'_>,
    progress: &Progress,
) -> Result<bool, Error> {
    let mut walk = Walk::with(walker(), feed, progress);
    let result = run(&mut walk, wanted);
    if progress.is_cancelled() {
        return Err(Error::Interrupted);
    }
    let Some(walked) = result else {
        return Ok(false);
    };
    end(&mut walk, walked, &mut wanted.kept)?;
    Ok(true)
}

/// A walker through an archive of files.
pub(crate) fn walker() -> Walker {
    Walker::new(walk_limits(), believed)
}

pub(crate) fn walk_limits() -> tar::Limits {
    tar::Limits {
        believed_payload: BELIEVED,
        ..tar::Limits::default()
    }
}

/// What a damaged header of an archive of files may say.
pub(crate) fn believed(name: &[u8], size: u64) -> bool {
    !name.is_empty() && size <= BELIEVED
}

/// Walks to the end. `None` where this is nothing of ours.
fn run<F: Feed>(walk: &mut Walk<'_, F>, wanted: &mut WantedFiles<'_>) -> Option<Walked> {
    let mut members = 0_u64;
    loop {
        let member = match walk.next() {
            Ok(member) => member,
            Err(_) if members == 0 => return None,
            Err(walked) => return Some(walked),
        };
        // An export whose first header is damaged is an export all the same.
        let whole = walk.lost == 0 && member.header_sum == HeaderSum::Right;
        if members == 0 && !whole {
            return None;
        }
        members = members.saturating_add(1);
        let open = members <= FOREIGN && wanted.kept.is_empty();
        if open && is_of_export(&member.name) {
            return None;
        }
        if let Err(walked) = wanted.take(walk, &member) {
            return Some(walked);
        }
    }
}

/// Reads an archive to its end, and tells what is wrong with it.
fn end<F: Feed>(walk: &mut Walk<'_, F>, walked: Walked, kept: &mut Kept<'_>) -> Result<(), Error> {
    match walked {
        Walked::Broken(how) => kept.cut(&how),
        Walked::Enough => return Ok(()),
        Walked::Interrupted => return Err(Error::Interrupted),
        // However many zeros a writer fills up with, the check values of the compression stand behind them.
        Walked::Complete => match walk.read_out() {
            Err(Walked::Interrupted) => return Err(Error::Interrupted),
            Err(Walked::Broken(how)) => {
                kept.remark(format!("all its members were read, but behind them {how}"));
            }
            _ => {}
        },
    }
    let lost = walk.lost;
    if lost > 0 {
        kept.remark(format!(
            "{lost} bytes of it are damaged, and files in them are lost"
        ));
    }
    if let Some(damage) = walk.damage() {
        kept.remark(damage);
    }
    Ok(())
}

/// How a walk ends inside of a member.
fn cut_short<F: Feed>(feed: &F) -> Walked {
    let end = feed.position();
    Walked::Broken(format!("it ends at offset {end}, inside a member"))
}

/// Takes the wanted files of an archive; `None` where it is no tar archive, or an export.
pub(super) fn collect<F: Feed>(
    feed: F,
    packing: Packing,
    kept: Kept<'_>,
    progress: &Progress,
) -> Result<Option<Collected>, Error> {
    let mut wanted = WantedFiles { kept };
    let is_archive = walk_through(feed, &mut wanted, progress)?;
    Ok(is_archive.then(|| wanted.kept.of_archive(packing)))
}

struct WantedFiles<'a> {
    kept: Kept<'a>,
}

impl WantedFiles<'_> {
    /// Looks at a member, whose payload can be read now.
    fn take<F: Feed>(&mut self, walk: &mut Walk<'_, F>, member: &Member) -> Result<(), Walked> {
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
            return self.file(walk, name, member.size.min(room));
        } else {
            return Ok(());
        };
        self.kept.leave_out(&name, &why);
        Ok(())
    }

    fn file<F: Feed>(
        &mut self,
        walk: &mut Walk<'_, F>,
        name: String,
        size: u64,
    ) -> Result<(), Walked> {
        let cut = "is cut short";
        let mut bytes = Vec::new();
        let mut left = size;
        while left > 0 {
            if walk.is_cancelled() {
                return Err(Walked::Interrupted);
            }
            let have = bytes.len();
            let want = usize::try_from(left.min(PIECE)).unwrap_or(0);
            bytes.resize(have.saturating_add(want), 0);
            let piece = bytes.get_mut(have..).unwrap_or_default();
            match walk.feed.read(piece) {
                Ok(n) if n == want => left = left.saturating_sub(n as u64),
                Ok(_) => {
                    self.kept.leave_out(&name, cut);
                    return Err(cut_short(&walk.feed));
                }
                Err(fault) => {
                    self.kept.leave_out(&name, cut);
                    return Err(walk.gave_out(fault));
                }
            }
        }
        match walk.feed.take_read_errors().is_empty() {
            true => self.kept.keep(name, bytes),
            false => self
                .kept
                .leave_out(&name, "lies where the storage cannot be read"),
        }
        Ok(())
    }
}

pub(crate) fn is_of_export(name: &[u8]) -> bool {
    matches!(
        MemberName::classify(name).name,
        MemberName::Metadata
            | MemberName::Block(_)
            | MemberName::Sum(..)
            | MemberName::ApplianceChunk { .. }
            | MemberName::DiskFolder
    )
}
