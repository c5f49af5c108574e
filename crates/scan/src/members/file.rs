//! One file out of a host backup: the last of its name counts, and holes are filled.

use std::io::Write;

use xenspect_archive::tar::{HeaderSum, Member, MemberKind};

use super::extract::Extracted;
use super::walk::{Stop, Walk, Walked};
use crate::collect::{Name, walker};
use crate::error::Error;
use crate::feed::Feed;
use crate::host::contents::Contents;
use crate::host::sparse;
use crate::host::state::{path, text};
use crate::options::{Options, Progress};

/// What is looked for.
pub(super) struct File<'a> {
    pub(super) name: &'a [u8],
    pub(super) options: &'a Options,
    pub(super) progress: &'a Progress,
}

/// What was found last.
enum Found {
    Nothing,
    File(Vec<u8>),
    Link(Vec<u8>),
    Unfit(String),
    /// It lies where the storage cannot be read; its length in the archive.
    Unreadable(u64),
}

impl File<'_> {
    pub(super) fn extract<F: Feed>(self, feed: F, out: &mut dyn Write) -> Result<Extracted, Error> {
        let wanted = canonical(self.name);
        let mut walk = Walk::with(walker(), feed, self.progress);
        let mut found = Found::Nothing;
        let walked = loop {
            let member = match walk.next() {
                Ok(member) => member,
                Err(walked) => break walked,
            };
            if member.header_sum != HeaderSum::Right || canonical(&member.name) != wanted {
                continue;
            }
            // The second operand of host-backup is packed as links of files to themselves.
            let is_itself = member.kind == MemberKind::HardLink
                && canonical(&member.link_name) == wanted
                && matches!(found, Found::File(_));
            if is_itself {
                continue;
            }
            found = match self.found(&mut walk, &member) {
                Ok(found) => found,
                Err(Stop::Interrupted) => break Walked::Interrupted,
                Err(_) => {
                    let have = walk.feed.position().saturating_sub(member.data_offset);
                    let size = member.size;
                    return Ok(Extracted::Cut {
                        have: have.min(size),
                        size,
                    });
                }
            };
        };
        if walked == Walked::Interrupted {
            return Ok(Extracted::Absent { walked });
        }
        Ok(match found {
            Found::Nothing => Extracted::Absent { walked },
            Found::File(bytes) => match out.write_all(&bytes) {
                Ok(()) => Extracted::Whole {
                    size: bytes.len() as u64,
                },
                Err(error) => Extracted::NotWritten(error),
            },
            Found::Unfit(why) => Extracted::NoContents(why),
            Found::Unreadable(size) => Extracted::Unreadable { have: 0, size },
            Found::Link(target) => Extracted::LinkTo(canonical(&target)),
        })
    }

    fn found<F: Feed>(&self, walk: &mut Walk<'_, F>, member: &Member) -> Result<Found, Stop> {
        match member.kind {
            MemberKind::File | MemberKind::Contiguous | MemberKind::GnuSparse => {}
            MemberKind::HardLink => return Ok(Found::Link(member.link_name.clone())),
            MemberKind::Symlink => {
                let target = text(&member.link_name);
                return Ok(Found::Unfit(format!("is a symbolic link to {target}")));
            }
            kind => return Ok(Found::Unfit(format!("is a {}", kind.name()))),
        }
        let layout = match sparse::layout(walk, member)? {
            Ok(layout) => layout,
            Err(why) => return Ok(Found::Unfit(why.to_owned())),
        };
        let most = self.options.limits.dump;
        if layout.length > most {
            let length = layout.length;
            return Ok(Found::Unfit(format!(
                "has {length} bytes, more than the {most} that are read"
            )));
        }
        let mut contents = Contents::new(false, true);
        contents.file(&layout, walk, &mut Vec::new())?;
        // Other bytes stand for what the storage refused, also in a map.
        if walk.feed.is_unreadable(member.data_offset) {
            let size = member.size;
            return Ok(Found::Unreadable(size));
        }
        let (_, bytes) = contents.finish();
        Ok(Found::File(bytes.unwrap_or_default()))
    }
}

/// A name as paths of a tree are written.
fn canonical(stored: &[u8]) -> String {
    let stored = text(stored);
    path(Name::of(stored.as_bytes()), &stored)
}
