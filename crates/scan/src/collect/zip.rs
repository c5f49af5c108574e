//! Files of a zip archive, found by the directory at its end. Status reports come so when they are asked for so
//! (`formats/pool-db.md` section 9).

use std::io::{self, Read};
use std::sync::Arc;

use rawzip::{CompressionMethod, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder};

use super::kept::Kept;
use super::{Collected, Packing, local_headers, unreadable};
use crate::error::Error;
use crate::options::Progress;
use crate::source::ReadAt;

/// A local header; the end of the directory of an archive without files.
const BEGINNINGS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// How far from the end the directory's own end is looked for: behind it a comment may stand, of up to 65 535 bytes.
const SEARCH: u64 = 66 << 10;
/// Bytes unpacked between two looks at the order to stop.
const PIECE: usize = 256 << 10;

/// Whether a zip archive begins here.
pub(super) fn begins(first: &[u8]) -> bool {
    BEGINNINGS.iter().any(|magic| first.starts_with(magic))
}

struct Whole(Arc<dyn ReadAt>);

impl ReaderAt for Whole {
    fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buf, offset)
    }
}

/// Takes the wanted files of an archive.
pub(super) fn collect(
    reader: &Arc<dyn ReadAt>,
    len: u64,
    mut kept: Kept<'_>,
    progress: &Progress,
) -> Result<Collected, Error> {
    let mut buffer = vec![0; rawzip::MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let located = ZipArchive::with_max_search_space(SEARCH).locate_in_reader(
        Whole(Arc::clone(reader)),
        &mut buffer,
        len,
    );
    let Ok(archive) = located else {
        kept.cut("the directory that ends a zip archive is not there");
        local_headers::collect(reader, len, &mut kept, progress)?;
        return Ok(kept.of_archive(Packing::Zip));
    };
    let mut entries = archive.entries(&mut buffer);
    // Where the first of its files is: a directory by itself is one without files.
    let mut first = archive.eocd_offset();
    loop {
        if progress.is_cancelled() {
            return Err(Error::Interrupted);
        }
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) if first > 0 => {
                // A file stands at the beginning, or this would be no archive. One that is cut can end with the
                // directory of a smaller archive, which is a member of it.
                kept.cut(
                    "the directory that ends a zip archive does not have the file that begins it",
                );
                break;
            }
            Ok(None) => break,
            Err(error) => {
                kept.cut(&format!("the directory of the zip archive breaks: {error}"));
                break;
            }
        };
        first = first.min(entry.local_header_offset());
        let Some(name) = kept.look(entry.file_path().as_bytes()) else {
            continue;
        };
        if entry.is_dir() {
            continue;
        }
        let why = if entry.mode().is_symlink() {
            "is a symbolic link there, which is not read"
        } else if entry.flags().is_encrypted() {
            ENCRYPTED
        } else if let Some(room) = kept.room(&name, Some(entry.uncompressed_size_hint())) {
            progress.advance(entry.local_header_offset().min(len));
            let method = entry.compression_method();
            let read = member(&archive, entry.wayfinder(), method, room, progress);
            take(&mut kept, name, read)?;
            continue;
        } else {
            continue;
        };
        kept.leave_out(&name, why);
    }
    progress.advance(len);
    Ok(kept.of_archive(Packing::Zip))
}

pub(super) const ENCRYPTED: &str = "is encrypted";

/// Why a member gives no bytes.
pub(super) enum Refusal {
    Stopped,
    TooLarge,
    /// In words that go behind the name of the file and "it".
    Unreadable(String),
}

fn member(
    archive: &ZipArchive<Whole>,
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    room: u64,
    progress: &Progress,
) -> Result<Vec<u8>, Refusal> {
    let entry = archive
        .get_entry(place)
        .map_err(|error| Refusal::Unreadable(format!("cannot be found: {error}")))?;
    let unpacked = unpacked(method.as_u16(), entry.reader())?;
    bounded(entry.verifying_reader(unpacked), room, progress)
}

/// What a member unpacks to.
pub(super) fn unpacked<'a>(
    method: u16,
    stored: impl Read + 'a,
) -> Result<Box<dyn Read + 'a>, Refusal> {
    match CompressionMethod::new(method) {
        CompressionMethod::STORE => Ok(Box::new(stored)),
        CompressionMethod::DEFLATE => Ok(Box::new(flate2::read::DeflateDecoder::new(stored))),
        CompressionMethod::BZIP2 => Ok(Box::new(bzip2::read::BzDecoder::new(stored))),
        _ => Err(Refusal::Unreadable(format!(
            "is packed by method {method} of zip, which is not read"
        ))),
    }
}

/// Reads to the end, and never more than there is room for.
pub(super) fn bounded(
    mut from: impl Read,
    room: u64,
    progress: &Progress,
) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    loop {
        if progress.is_cancelled() {
            return Err(Refusal::Stopped);
        }
        let n = (&mut from)
            .take(PIECE as u64)
            .read_to_end(&mut bytes)
            .map_err(|error| Refusal::Unreadable(unreadable(&error)))?;
        if bytes.len() as u64 > room {
            return Err(Refusal::TooLarge);
        }
        if n == 0 {
            return Ok(bytes);
        }
    }
}

/// Keeps what was read, or says why not.
pub(super) fn take(
    kept: &mut Kept<'_>,
    name: String,
    read: Result<Vec<u8>, Refusal>,
) -> Result<(), Error> {
    match read {
        Ok(bytes) => kept.keep(name, bytes),
        Err(Refusal::Stopped) => return Err(Error::Interrupted),
        Err(Refusal::TooLarge) => kept.too_large(&name),
        Err(Refusal::Unreadable(why)) => kept.leave_out(&name, &why),
    }
    Ok(())
}
