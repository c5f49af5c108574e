//! Any bytes as a host backup, from scan to report.

use xenspect_model::Catalog;
use xenspect_model::catalog::HostBackup;
use xenspect_scan::{Depth, Error, Limits, Options, Progress, Source, damage, scan};

use crate::inspected;
use crate::whole_scan::{LARGEST_STREAM, check, pipe, report_of, unpacks_beyond, wrapped};

/// Files that are kept: few, so that the bounds are met.
const FILES: usize = 40;

/// Scans the bytes as a host backup within small bounds, judges what was found, and shows what is in it. Anything else is
/// left to `whole_scan`. How the bytes are wrapped is told by the first one, as there.
///
/// Invariants:
/// - a file and a pipe give the same report and the same files, with digests and without;
/// - no more files are kept than the bounds allow, and all that is kept lies within the stream;
/// - folders have no more members and no more bytes than the archive;
/// - the invariants of reports, tables, searches and lists of secrets.
///
/// # Panics
///
/// When one of them does not hold.
pub fn host_backup(data: &[u8]) {
    let bytes = wrapped(data);
    if unpacks_beyond(&bytes, LARGEST_STREAM) {
        return;
    }
    let file = scanned(Source::memory(bytes.clone()), &options(Depth::Full));
    if !matches!(file, Ok(Catalog::Host(_))) {
        return;
    }
    let report = report_of(&file);
    let piped = scanned(pipe(&bytes), &options(Depth::Full));
    assert_eq!(report, report_of(&piped), "a file and a pipe differ");
    check(&report);
    if let (Ok(Catalog::Host(file)), Ok(Catalog::Host(piped))) = (&file, &piped) {
        check_bounds(file);
        assert_eq!(damage(file), damage(piped), "a file and a pipe differ");
        assert_eq!(file.tree, piped.tree, "a file and a pipe differ");
    }
    if let Ok(catalog) = &file {
        inspected::check(catalog);
    }
    let few = Options {
        digests: false,
        host_table: |path| path.len() % 2 == 0,
        ..options(Depth::Headers)
    };
    let without = scanned(Source::memory(bytes), &few);
    if let (Ok(Catalog::Host(file)), Ok(Catalog::Host(without))) = (&file, &without) {
        check_bounds(without);
        assert_eq!(file.folders, without.folders);
        assert_eq!(file.names, without.names);
        assert_eq!(file.members, without.members);
        assert_eq!(file.ending, without.ending);
    }
}

fn scanned(source: Source, options: &Options) -> Result<Catalog, Error> {
    scan(source, options, &Progress::default())
}

fn options(depth: Depth) -> Options {
    let limits = Limits {
        facts: 20,
        files: FILES,
        names: 4096,
        holes: 1 << 20,
        dump: 1 << 20,
        zstd_window_log: 23,
        ..Limits::default()
    };
    Options {
        threads: 1,
        depth,
        host_files: |path| path.starts_with("etc/") || path.starts_with("boot/"),
        digests: true,
        limits,
        ..Options::default()
    }
}

fn check_bounds(backup: &HostBackup) {
    assert!(backup.tree.files.len() <= FILES, "too many files");
    let folders = || backup.folders.values();
    let members: u64 = folders().map(|folder| folder.members).sum();
    let bytes: u64 = folders().map(|folder| folder.bytes).sum();
    assert!(members <= backup.members, "more members than there are");
    // The payload of the last one may be cut.
    let cut = backup.tree.incomplete;
    assert!(
        cut || bytes <= backup.stream_bytes,
        "more bytes than there are"
    );
    for (path, offset) in &backup.places {
        assert!(*offset < backup.stream_bytes, "{path} is nowhere");
    }
    for path in backup.tree.contents.keys() {
        assert!(backup.tree.files.contains_key(path), "{path} is no file");
        assert!(backup.places.contains_key(path), "{path} has no place");
    }
}
