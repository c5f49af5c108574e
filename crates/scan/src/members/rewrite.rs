//! An export anew, with another description in front of the same disks, or without disks.

use std::io::{self, Write};

use xenspect_archive::tar::BLOCK;
use xenspect_archive::xva::MemberName;
use xenspect_model::Catalog;
use xenspect_model::report::Envelope;

use super::walk::{Walk, Walked, no_archive};
use super::{Either, copy, open};
use crate::error::Error;
use crate::feed::Feed;
use crate::options::{Options, Progress};
use crate::source::Source;

/// What became of an export that was written anew.
#[derive(Debug)]
pub enum Rewrite {
    /// It was written.
    Whole {
        /// Members that were left out: without disks, 1 if there are any; with disks, those that are
        /// neither blocks nor sums.
        left_out: u64,
    },
    /// Its first member is not its description, or the description is longer than is read.
    NoDescription,
    /// The input ends before that was done, or its compression tells that it is damaged, in words. What was written is of no use.
    Broken(String),
    /// The run was interrupted.
    Interrupted,
    /// It could not be written out.
    NotWritten(io::Error),
    /// The new description could not be made.
    Refused(String),
    /// The input is a document.
    Document(Catalog),
}

/// Makes a new description of the one there is, or says in words why it cannot.
pub type Describe<'d> = dyn FnMut(&[u8]) -> Result<Vec<u8>, String> + 'd;

/// Writes an export, not compressed, with the description that `describe` makes of its own. The
/// disks follow as they are when `with_disks` is set; otherwise the result is a metadata-only export.
/// What is packed is read to its end either way, since the check values of the compression stand there.
///
/// # Errors
/// [`Error`] when the input cannot be opened, or is neither an archive nor a document.
pub fn with_description(
    source: Source,
    with_disks: bool,
    options: &Options,
    progress: &Progress,
    describe: &mut Describe<'_>,
    out: &mut dyn Write,
) -> Result<Rewrite, Error> {
    let request = |packed| Request {
        with_disks,
        packed,
        limit: options.limits.document,
    };
    match open(source, options, progress)? {
        Either::Document(catalog) => Ok(Rewrite::Document(catalog)),
        Either::File(_, true) | Either::Stream(_, _, true) => Err(Error::HostBackup),
        Either::File(feed, false) => rewrite(feed, &request(false), progress, describe, out),
        Either::Stream(feed, envelope, false) => {
            let request = request(envelope != Envelope::Plain);
            rewrite(*feed, &request, progress, describe, out)
        }
    }
}

struct Request {
    with_disks: bool,
    /// The input is compressed.
    packed: bool,
    limit: u64,
}

fn rewrite<F: Feed>(
    feed: F,
    request: &Request,
    progress: &Progress,
    describe: &mut Describe<'_>,
    out: &mut dyn Write,
) -> Result<Rewrite, Error> {
    let mut walk = Walk::new(feed, progress);
    let member = match walk.next() {
        Ok(member) => member,
        Err(Walked::Interrupted) => return Ok(Rewrite::Interrupted),
        Err(walked) => {
            no_archive(&mut walk, &walked)?;
            return Ok(Rewrite::NoDescription);
        }
    };
    // Behind an extension header the size could be there instead of in the header itself.
    let plain = member.header_offset == 0 && member.size <= request.limit;
    if MemberName::classify(&member.name).name != MemberName::Metadata || !plain {
        return Ok(Rewrite::NoDescription);
    }
    let header = walk.header;
    let mut document = Vec::new();
    let copied = match copy(&mut walk.feed, member.size, &mut document) {
        Ok(copied) => copied,
        Err(error) => return Ok(Rewrite::NotWritten(error)),
    };
    if copied.unreadable {
        let words = "its description lies where the storage cannot be read";
        return Ok(Rewrite::Broken(words.to_owned()));
    }
    if copied.have < member.size {
        if walk.is_cancelled() {
            return Ok(Rewrite::Interrupted);
        }
        let words = "it ends inside of its description";
        return Ok(Rewrite::Broken(words.to_owned()));
    }
    let description = match describe(&document) {
        Ok(description) => description,
        Err(reason) => return Ok(Rewrite::Refused(reason)),
    };
    if let Err(error) = write_member(&header, &description, out) {
        return Ok(Rewrite::NotWritten(error));
    }
    let copied = match request.with_disks {
        true => copy_disks(&mut walk, out),
        false => leave_disks_out(&mut walk, out),
    };
    let spoilt = match &copied {
        Rewrite::Whole { .. } if request.packed => spoilt(&mut walk),
        _ => None,
    };
    Ok(spoilt.unwrap_or(copied))
}

/// Ends the copy behind the description.
fn leave_disks_out<F: Feed>(walk: &mut Walk<'_, F>, out: &mut dyn Write) -> Rewrite {
    let left_out = match walk.next() {
        Ok(_) => 1,
        Err(Walked::Complete | Walked::Enough) => 0,
        Err(Walked::Interrupted) => return Rewrite::Interrupted,
        Err(Walked::Broken(words)) => return Rewrite::Broken(words),
    };
    match out.write_all(&[0; 2 * BLOCK]) {
        Ok(()) => Rewrite::Whole { left_out },
        Err(error) => Rewrite::NotWritten(error),
    }
}

/// Reads a packed input to its end, and says why the copy is of no use, if it is of none: it has no check values of the
/// input's compression, so nobody could tell any more that it is damaged.
fn spoilt<F: Feed>(walk: &mut Walk<'_, F>) -> Option<Rewrite> {
    match walk.read_out() {
        Err(Walked::Interrupted) => Some(Rewrite::Interrupted),
        Err(Walked::Broken(words)) => Some(Rewrite::Broken(words)),
        Ok(()) | Err(Walked::Complete | Walked::Enough) => walk.damage().map(Rewrite::Broken),
    }
}

/// The member's own header with another size, and the payload filled up.
fn write_member(header: &[u8; BLOCK], payload: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let mut header = tar::Header::from_byte_slice(header).clone();
    header.set_size(payload.len() as u64);
    header.set_cksum();
    out.write_all(header.as_bytes())?;
    out.write_all(payload)?;
    let padding = payload.len().next_multiple_of(BLOCK) - payload.len();
    out.write_all(&vec![0; padding])
}

/// The blocks and sums behind the description, as they are. Nothing else: what another member
/// holds was not looked at.
fn copy_disks<F: Feed>(walk: &mut Walk<'_, F>, out: &mut dyn Write) -> Rewrite {
    let mut left_out = 0;
    loop {
        let member = match walk.next() {
            Ok(member) => member,
            Err(Walked::Complete | Walked::Enough) => break,
            Err(Walked::Interrupted) => return Rewrite::Interrupted,
            Err(Walked::Broken(words)) => return Rewrite::Broken(words),
        };
        let header = walk.header;
        let is_disk = matches!(
            MemberName::classify(&member.name).name,
            MemberName::Block(_) | MemberName::Sum(..) | MemberName::LegacyTable
        );
        // A name from an extension header would be lost with it.
        let own_name = tar::Header::from_byte_slice(&header).path_bytes() == member.name;
        if !is_disk || !own_name || member.kind.is_header_only() {
            left_out += 1;
            continue;
        }
        if let Err(error) = out.write_all(&header) {
            return Rewrite::NotWritten(error);
        }
        match copy(&mut walk.feed, member.size, out) {
            Ok(copied) if copied.unreadable => {
                let words = format!(
                    "the storage cannot be read at offset {} or shortly behind, inside of a disk",
                    member.data_offset.saturating_add(copied.have)
                );
                return Rewrite::Broken(words);
            }
            Ok(copied) if copied.have < member.size && walk.is_cancelled() => {
                return Rewrite::Interrupted;
            }
            Ok(copied) if copied.have < member.size => {
                let words = format!(
                    "it ends at offset {}, inside of a disk",
                    walk.feed.position()
                );
                return Rewrite::Broken(words);
            }
            Ok(_) => {}
            Err(error) => return Rewrite::NotWritten(error),
        }
        let padding = usize::try_from(member.padding()).unwrap_or_default();
        if let Err(error) = out.write_all(&[0; BLOCK][..padding]) {
            return Rewrite::NotWritten(error);
        }
    }
    if walk.lost > 0 {
        return Rewrite::Broken(format!("{} bytes of it are no members", walk.lost));
    }
    match out.write_all(&[0; 2 * BLOCK]) {
        Ok(()) => Rewrite::Whole { left_out },
        Err(error) => Rewrite::NotWritten(error),
    }
}
