//! Any bytes as an archive out of which files are taken, and archives of other writers that have to come out as they went in.

use std::collections::BTreeMap;
use std::io::{Cursor, Seek, Write};

use bzip2::write::BzEncoder;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::CompressionMethod;
use tempfile::NamedTempFile;
use xenspect_scan::{
    Collected, Error, Limits, Options, Packing, Progress, collect, collect_stream,
};

use crate::actions::Actions;
use crate::whole_scan::{LARGEST_STREAM, unpacks_beyond, wrapped};

/// Largest database, and half of what is held at a time: so small that inputs reach it.
const DUMP: u64 = 4096;

/// Files of an archive that is made here.
const MADE: usize = 12;

/// Names that are wanted, others, and some that no archive should have.
const NAMES: [&str; 12] = [
    "etc/fstab",
    "./etc/xensource-inventory",
    "bug-report-1/etc/fstab",
    "bug-report-1/inventory.xml",
    "top/etc/pool.conf",
    "var/lib/xcp/state.db",
    "pool-database-01",
    "etc/hosts",
    "usr/bin/thing",
    "etc//double",
    "etc/./dot",
    "a-name-that-is-longer-than-what-a-header-of-tar-has-room-for/and-goes-on-beyond-the-hundred-bytes/etc/fstab",
];

/// Takes files out of the bytes, wrapped as `whole_scan` has it, or by a first byte of 4 in bzip2; then makes a tar and a zip archive of choices and takes files
/// out of those.
///
/// Invariants:
/// - names are in order and none is there twice, none leads out of the archive, each is one that was asked for;
/// - no file and not all of them together are larger than the bounds;
/// - a tar archive from a pipe gives what the same file gives;
/// - what another writer packed comes out as it went in, the last file of a name, unless a remark says why not;
/// - what is cut short says so, or gives the same.
///
/// # Panics
///
/// When one of them does not hold.
pub fn collected(data: &[u8]) {
    match data.split_first() {
        Some((4, rest)) => any(&bzipped(rest)),
        _ => any(&wrapped(data)),
    }
    let mut actions = Actions::new(data);
    let Some(files) = chosen(&mut actions) else {
        return;
    };
    for (bytes, packing) in [
        (tarball(&files), Packing::Plain),
        (zipped(&files, data.len().is_multiple_of(2)), Packing::Zip),
    ] {
        let whole = made(&files, &bytes, packing);
        // Somewhere, as the bytes have it.
        let cut = data
            .iter()
            .fold(0_usize, |sum, &byte| (sum * 3 + usize::from(byte)) & 0xffff);
        let cut = bytes.get(..cut % bytes.len()).unwrap_or_default();
        cut_short(&files, &whole, cut);
    }
}

fn bzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("memory takes all")
}

fn is_wanted(name: &str) -> bool {
    name.starts_with("etc/") || name.ends_with(".db") || name.starts_with("pool-database-")
}

fn options() -> Options {
    Options {
        threads: 1,
        limits: Limits {
            dump: DUMP,
            zstd_window_log: 23,
            ..Limits::default()
        },
        ..Options::default()
    }
}

fn any(bytes: &[u8]) {
    if unpacks_beyond(bytes, LARGEST_STREAM) {
        return;
    }
    let file = of_file(bytes);
    if let Ok(Some(file)) = &file {
        check(file);
    }
    let stream = collect_stream(
        Box::new(Cursor::new(bytes.to_vec())),
        &is_wanted,
        &options(),
        &Progress::default(),
    );
    if let Ok(Some(stream)) = &stream {
        check(stream);
        // A zip archive is read by its end, which a pipe does not have.
        if let Ok(Some(file)) = &file {
            assert_eq!(file, stream, "a file and a pipe differ");
        }
    }
}

/// By way of a file: a zip archive is read from its end.
fn of_file(bytes: &[u8]) -> Result<Option<Collected>, Error> {
    thread_local! {
        static FILE: NamedTempFile = NamedTempFile::new().expect("there is room for a small file");
    }
    FILE.with(|file| {
        let mut handle = file.as_file();
        handle
            .set_len(0)
            .and_then(|()| handle.rewind())
            .and_then(|()| handle.write_all(bytes))
            .expect("there is room for a small file");
        collect(file.path(), &is_wanted, &options(), &Progress::default())
    })
}

fn check(collected: &Collected) {
    let files = &collected.files;
    assert!(files.is_sorted_by(|(one, _), (next, _)| one < next));
    let mut total = 0;
    for (name, bytes) in files {
        assert!(!name.starts_with('/'), "{name:?}");
        let bad = |part: &str| matches!(part, "" | "." | "..");
        assert!(!name.split('/').any(bad), "{name:?}");
        let inside = name.split_once('/').map(|(_, inside)| inside);
        assert!(
            is_wanted(name) || inside.is_some_and(is_wanted),
            "nobody asked for {name:?}"
        );
        assert!(bytes.len() as u64 <= DUMP, "{name:?} is too large");
        total += bytes.len() as u64;
    }
    assert!(total <= 2 * DUMP, "all of them are too large");
    assert!(!collected.truncated || !collected.remarks.is_empty());
}

/// Files as the bytes choose them: a name, a length and what is in it.
fn chosen(actions: &mut Actions<'_>) -> Option<Vec<(&'static str, Vec<u8>)>> {
    let mut files = Vec::new();
    while let (Some(name), Some(len)) = (actions.byte(), actions.byte()) {
        let name = NAMES[usize::from(name) % NAMES.len()];
        let mut bytes = actions.bytes(usize::from(len)).to_vec();
        if len > 250 {
            // Near the bound, on either side of it.
            bytes.resize(
                usize::try_from(DUMP).unwrap_or(0) + usize::from(len) - 253,
                len,
            );
        }
        files.push((name, bytes));
        if files.len() == MADE {
            break;
        }
    }
    (!files.is_empty()).then_some(files)
}

fn tarball(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_entry_type(tar::EntryType::Regular);
        builder
            .append_data(&mut header, name, bytes.as_slice())
            .expect("memory takes all");
    }
    builder.into_inner().expect("memory takes all")
}

fn zipped(files: &[(&str, Vec<u8>)], deflated: bool) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, bytes) in files {
        let method = match deflated {
            true => CompressionMethod::DEFLATE,
            false => CompressionMethod::STORE,
        };
        let file = archive.new_file(name).compression_method(method);
        let (mut entry, config) = file.start().expect("memory takes all");
        let descriptor = if deflated {
            let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
            writer.write_all(bytes).expect("memory takes all");
            let (encoder, descriptor) = writer.finish().expect("memory takes all");
            encoder.finish().expect("memory takes all");
            descriptor
        } else {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(bytes).expect("memory takes all");
            writer.finish().expect("memory takes all").1
        };
        entry.finish(descriptor).expect("memory takes all");
    }
    archive.finish().expect("memory takes all")
}

/// The last file of each name that can be kept, by its name in the archive, and whether it is within the bound of one file.
fn expected<'a>(files: &'a [(&str, Vec<u8>)]) -> BTreeMap<String, &'a [u8]> {
    let mut expected = BTreeMap::new();
    for (name, bytes) in files {
        let parts: Vec<&str> = name
            .split('/')
            .filter(|part| !matches!(*part, "" | "."))
            .collect();
        expected.insert(parts.join("/"), bytes.as_slice());
    }
    expected
}

/// Each file that came out, by the end of the name that it has in the archive.
fn same_contents(files: &[(&str, Vec<u8>)], found: &Collected) {
    let expected = expected(files);
    for (name, bytes) in &found.files {
        let whole = |known: &&String| {
            *known == name
                || known
                    .strip_suffix(name.as_str())
                    .is_some_and(|top| top.ends_with('/') && top.matches('/').count() == 1)
        };
        let mut of_that_name = expected.keys().filter(whole);
        assert!(
            of_that_name.any(|known| expected[known] == bytes.as_slice()),
            "{name:?} has other bytes than were packed"
        );
    }
}

fn made(files: &[(&str, Vec<u8>)], bytes: &[u8], packing: Packing) -> Collected {
    let found = of_file(bytes).expect("a good archive").expect("it is one");
    check(&found);
    assert_eq!(found.packing, packing);
    assert!(!found.truncated, "{:?}", found.remarks);
    same_contents(files, &found);
    // What is left out is said.
    let wanted = expected(files);
    let wanted = wanted.keys().filter(|name| {
        let inside = name.split_once('/').map(|(_, inside)| inside);
        is_wanted(name) || inside.is_some_and(is_wanted)
    });
    let is_report = files[0].0.starts_with("bug-report-");
    if found.remarks.is_empty() && !is_report {
        assert_eq!(found.files.len(), wanted.count(), "files are missing");
    }
    found
}

fn cut_short(files: &[(&str, Vec<u8>)], whole: &Collected, bytes: &[u8]) {
    if let Ok(Some(found)) = of_file(bytes) {
        check(&found);
        assert!(
            found.truncated || !found.remarks.is_empty() || found.files == whole.files,
            "nothing is said of what is missing: {found:?}"
        );
        if found.packing == Packing::Plain {
            same_contents_of_any(files, &found);
        }
    }
}

/// As [`same_contents`], where a later file of the same name may be behind the end.
fn same_contents_of_any(files: &[(&str, Vec<u8>)], found: &Collected) {
    for (name, bytes) in &found.files {
        let last = name.rsplit('/').next().unwrap_or(name);
        let is = |(known, contents): &&(&str, Vec<u8>)| known.ends_with(last) && contents == bytes;
        assert!(
            files.iter().any(|file| is(&file)),
            "{name:?} has bytes that were not packed"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_or_loses_nothing() {
        let inner = [("etc/hosts", b"of the inner one".to_vec())];
        let files = [
            ("etc/fstab", vec![b'x'; 100]),
            ("var/lib/xcp/state.db", b"<database/>".to_vec()),
            ("etc/hosts", zipped(&inner, false)),
            ("pool-database-01", vec![b'y'; 600]),
            ("usr/bin/thing", vec![b'z'; 300]),
        ];
        // A tar archive is longer, and has its borders at multiples of 512 bytes.
        for (bytes, packing, step) in [
            (tarball(&files), Packing::Plain, 64),
            (zipped(&files, false), Packing::Zip, 1),
            (zipped(&files, true), Packing::Zip, 1),
        ] {
            let whole = made(&files, &bytes, packing);
            assert_eq!(whole.files.len(), 4);
            for end in (0..bytes.len()).step_by(step) {
                cut_short(&files, &whole, &bytes[..end]);
            }
        }
    }
}
