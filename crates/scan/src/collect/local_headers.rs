//! Files of a zip archive whose directory is lost with its end: each has a header of its own in front
//! (PKWARE's APPNOTE 4.3.7), and headers follow one another until something else comes.

use std::io::Read;
use std::sync::Arc;

use super::kept::Kept;
use super::zip::{ENCRYPTED, Refusal, bounded, take, unpacked};
use crate::error::Error;
use crate::options::Progress;
use crate::source::{ReadAt, Sequential, read_full_at};

const MAGIC: &[u8] = b"PK\x03\x04";
/// Bytes of a header without name and extra field.
const HEADER: usize = 30;
/// Bits of the flags: encrypted; sizes are told only behind the data.
const FLAG_ENCRYPTED: u16 = 1;
const FLAG_SIZES_BEHIND: u16 = 1 << 3;

/// The fields that are used, at their offsets.
struct Header {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    name: u16,
    extra: u16,
}

impl Header {
    fn of(bytes: &[u8; HEADER]) -> Option<Self> {
        let short = |at: usize| {
            let field = bytes.get(at..)?.first_chunk()?;
            Some(u16::from_le_bytes(*field))
        };
        let long = |at: usize| {
            let field = bytes.get(at..)?.first_chunk()?;
            Some(u32::from_le_bytes(*field))
        };
        if !bytes.starts_with(MAGIC) {
            return None;
        }
        Some(Self {
            flags: short(6)?,
            method: short(8)?,
            crc: long(14)?,
            packed: long(18)?,
            size: long(22)?,
            name: short(26)?,
            extra: short(28)?,
        })
    }
}

/// Takes the wanted files, as far as the archive is whole.
pub(super) fn collect(
    reader: &Arc<dyn ReadAt>,
    len: u64,
    kept: &mut Kept<'_>,
    progress: &Progress,
) -> Result<(), Error> {
    let mut at: u64 = 0;
    loop {
        if progress.is_cancelled() {
            return Err(Error::Interrupted);
        }
        progress.advance(at.min(len));
        let mut bytes = [0; HEADER];
        let have = read_full_at(reader.as_ref(), &mut bytes, at)?;
        let Some(header) = Header::of(&bytes).filter(|_| have == HEADER) else {
            return Ok(());
        };
        let mut name = vec![0; usize::from(header.name)];
        let behind_fixed = at.saturating_add(HEADER as u64);
        if read_full_at(reader.as_ref(), &mut name, behind_fixed)? < name.len() {
            return Ok(());
        }
        let data = behind_fixed
            .saturating_add(u64::from(header.name))
            .saturating_add(u64::from(header.extra));
        let end = data.saturating_add(u64::from(header.packed));
        let directory = name.ends_with(b"/");
        if let Some(name) = kept.look(&name).filter(|_| !directory) {
            file(Arc::clone(reader), &header, name, data, kept, progress)?;
        }
        if header.flags & FLAG_SIZES_BEHIND != 0 || end > len {
            kept.remark("further files of it cannot be found without that directory".to_owned());
            return Ok(());
        }
        at = end;
    }
}

fn file(
    reader: Arc<dyn ReadAt>,
    header: &Header,
    name: String,
    data: u64,
    kept: &mut Kept<'_>,
    progress: &Progress,
) -> Result<(), Error> {
    if header.flags & FLAG_ENCRYPTED != 0 {
        kept.leave_out(&name, ENCRYPTED);
        return Ok(());
    }
    if header.flags & FLAG_SIZES_BEHIND != 0 {
        kept.leave_out(&name, "has its sizes in the directory alone");
        return Ok(());
    }
    let Some(room) = kept.room(&name, Some(u64::from(header.size))) else {
        return Ok(());
    };
    let stored = Sequential {
        reader,
        offset: data,
    }
    .take(u64::from(header.packed));
    let read = unpacked(header.method, stored)
        .and_then(|from| bounded(from, room, progress))
        .and_then(|bytes| match rawzip::crc32(&bytes) == header.crc {
            true => Ok(bytes),
            false => Err(Refusal::Unreadable(
                "does not fit its checksum, or is cut short".to_owned(),
            )),
        });
    take(kept, name, read)
}
