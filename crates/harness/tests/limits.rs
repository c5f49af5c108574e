//! The table of limits in SECURITY.md: each row says what the code says.

use std::fs;
use std::path::Path;

use xenspect_archive::tar;
use xenspect_scan::Limits;
use xenspect_xapi::db::DumpLimits;

/// One row: how its first cell begins, what its second cell says, and where in the code that stands.
struct Row {
    what: &'static str,
    says: Vec<String>,
    /// A file and a line of it, for what the libraries keep to themselves.
    lines: Vec<(&'static str, &'static str)>,
}

fn row(what: &'static str, says: &[String], lines: &[(&'static str, &'static str)]) -> Row {
    Row {
        what,
        says: says.to_vec(),
        lines: lines.to_vec(),
    }
}

/// A number in the largest unit that it is a multiple of.
fn bytes(number: u64) -> String {
    let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")];
    let unit = units
        .iter()
        .find(|(power, _)| number.is_multiple_of(1 << power));
    match unit {
        Some((power, name)) => format!("{} {name}", number >> power),
        None => number.to_string(),
    }
}

/// A number with a blank between thousands, if it has five digits.
fn count(number: impl TryInto<u64>) -> String {
    let number = number.try_into().unwrap_or(u64::MAX).to_string();
    if number.len() < 5 {
        return number;
    }
    let mut shown = String::new();
    for (index, digit) in number.chars().enumerate() {
        if index > 0 && (number.len() - index).is_multiple_of(3) {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
}

fn text(words: &str) -> String {
    words.to_owned()
}

/// Every row, in the order of the table.
fn rows() -> Vec<Row> {
    let scan = Limits::default();
    let xapi = xenspect_xapi::Limits::default();
    let dump = DumpLimits::default();
    let tar = tar::Limits::default();
    let size = |number: usize| bytes(number as u64);
    let name = "crates/archive/src/xva/name.rs";
    let ahead = "crates/scan/src/ahead.rs";
    let worker = "crates/scan/src/workers/worker.rs";
    let unpacked = "crates/scan/src/envelope/unpacked.rs";
    let bounds = "crates/scan/src/collect/bounds.rs";
    let databases = "crates/scan/src/host/databases.rs";
    let file = "crates/scan/src/tap/file.rs";
    let stream = "crates/remote/src/stream.rs";
    let ranges = "crates/remote/src/ranges.rs";
    vec![
        row(
            "document (`ova.xml`, `checksum.xml`)",
            &[bytes(scan.document)],
            &[],
        ),
        row("nesting of values in a document", &[count(xapi.depth)], &[]),
        row(
            "values in a document",
            &[count(600_000_u64), count(xapi.values)],
            &[(
                "crates/scan/src/options.rs",
                "const DOCUMENT_VALUES: usize = 600_000;",
            )],
        ),
        row("attributes of an element |", &[count(xapi.attributes)], &[]),
        row("pool database |", &[bytes(scan.dump)], &[]),
        row(
            "values, rows, tables, columns of a pool database",
            &[
                size(dump.value_bytes),
                count(dump.rows),
                count(dump.tables),
                count(dump.columns),
            ],
            &[],
        ),
        row(
            "attributes of an element, nesting in a pool database",
            &[format!("{}, {}", dump.attributes, dump.depth)],
            &[],
        ),
        row(
            "redo log",
            &[text("120 MiB")],
            &[(
                "crates/scan/src/document.rs",
                "const REDO_LOG: usize = 18 + 2 * (60 << 20);",
            )],
        ),
        row("deviations kept of each kind", &[count(scan.facts)], &[]),
        row(
            "number of a disk, folder of a disk's chunks",
            &[text("20 digits, 255 bytes")],
            &[
                (name, "const ID_DIGITS: usize = 20;"),
                (name, "const APPLIANCE_FOLDER: usize = 255;"),
            ],
        ),
        row("disks of an archive", &[count(scan.disks)], &[]),
        row(
            "maps of an archive's disks",
            &[text("first 128 disks"), text("1024 cells")],
            &[
                ("crates/scan/src/mapping.rs", "const MAPPED: usize = 128;"),
                (
                    "crates/model/src/catalog/block_map.rs",
                    "pub const CELLS: usize = 1024;",
                ),
            ],
        ),
        row(
            "digests kept for a legacy table",
            &[count(scan.kept_digests)],
            &[],
        ),
        row(
            "window of a zstd frame",
            &[bytes(1 << scan.zstd_window_log)],
            &[],
        ),
        row(
            "extension header of a tar member",
            &[
                text("4 KiB"),
                format!("{} in a row", tar.pending_extensions),
            ],
            &[(
                "crates/scan/src/driver.rs",
                "const EXTENSION: usize = 4 << 10;",
            )],
        ),
        row("map of a sparse member", &[count(tar.sparse_blocks)], &[]),
        row(
            "oddities of the tar stream between two looks",
            &[count(tar.kept_oddities)],
            &[],
        ),
        row(
            "members of something else before giving up",
            &[count(scan.foreign_members), bytes(scan.unrecognised)],
            &[],
        ),
        row(
            "files taken from a target's folder or archive",
            &[
                text("4096; 16 MiB each"),
                bytes(scan.dump),
                bytes(2 * scan.dump),
            ],
            &[
                (bounds, "const TEXT: u64 = 16 << 20;"),
                (bounds, "const FILES: usize = 4096;"),
                (bounds, "total: dump.saturating_mul(2),"),
            ],
        ),
        row(
            "files of a host backup that are named",
            &[count(scan.files), format!("{} of names", bytes(scan.names))],
            &[],
        ),
        row(
            "contents of a host's files that are read",
            &[text("4096, 16 MiB each")],
            &[(bounds, "const FILES: usize = 4096;")],
        ),
        row(
            "pool databases in a host backup",
            &[text("256")],
            &[(databases, "const MOST: usize = 256;")],
        ),
        row("holes of sparse files in `diff`", &[bytes(scan.holes)], &[]),
        row(
            "blocks whose sums `diff` keeps",
            &[count(scan.kept_blocks)],
            &[],
        ),
        row(
            "texts that `diff` compares by line or word",
            &[text("64 KiB, 4096")],
            &[
                (
                    "crates/diff/src/records/text.rs",
                    "const MOST_BYTES: usize = 64 << 10;",
                ),
                (
                    "crates/diff/src/records/text.rs",
                    "const MOST_UNITS: usize = 4096;",
                ),
            ],
        ),
        row(
            "ranges of a disk, files, that `diff` tells",
            &[text("10 000")],
            &[
                (
                    "crates/diff/src/files/mod.rs",
                    "const KEPT: usize = 10_000;",
                ),
                (
                    "crates/diff/src/blocks/sweep.rs",
                    "const KEPT_RANGES: usize = 10_000;",
                ),
            ],
        ),
        row(
            "members of a manifest",
            &[format!("{} Mi", scan.members >> 20)],
            &[],
        ),
        row("seal |", &[text("4 GiB")], &[SEAL]),
        row(
            "list of digests; checksum, description of Xen Orchestra",
            &[
                bytes(xenspect_store::sidecar::LIST_LIMIT),
                bytes(xenspect_store::sidecar::CHECKSUM_LIMIT),
                bytes(xenspect_store::xo::DESCRIPTION_LIMIT),
            ],
            &[],
        ),
        row(
            "bytes between the reader and the lanes of a tap",
            &[text("`5 + 3 × min(threads, 8)` MiB")],
            &[
                (file, "const AHEAD: usize = 3;"),
                (file, "const BEHIND: usize = 3;"),
                (file, "pub(crate) const WORKERS: usize = 8;"),
            ],
        ),
        row(
            "pieces that a tap reads a second time, sums of all that it read",
            &[
                text("`2 × min(threads, 8) + 2` of 1 MiB"),
                text("8 bytes for each MiB"),
            ],
            &[
                (
                    "crates/scan/src/tap/again.rs",
                    "pool: Pool::growing(0, 2 * workers + 2, PIECE),",
                ),
                (
                    "crates/scan/src/tap/pieces.rs",
                    "pub(super) const PIECE: usize = Pool::BUFFER;",
                ),
            ],
        ),
        row(
            "objects below a prefix",
            &[text("10 000 000")],
            &[(
                "crates/remote/src/list.rs",
                "const MOST: usize = 10_000_000;",
            )],
        ),
        row(
            "pieces of an object",
            &[text("six of 4 MiB"), text("16 MiB")],
            &[
                (stream, "const PIECE: u64 = 4 << 20;"),
                (stream, "const LANES: usize = 6;"),
                (ranges, "const PIECE: u64 = 64 << 10;"),
                (ranges, "const KEPT: usize = 256;"),
            ],
        ),
        row(
            "packed bytes that are read ahead",
            &[text("7 pieces of 256 KiB, and 2 that were joined")],
            &[
                (ahead, "pub(crate) const CHUNK: usize = 256 << 10;"),
                (ahead, "const WAITING: usize = 4;"),
                (ahead, "const BUFFERS: usize = WAITING + 3;"),
                (ahead, "const JOINED: usize = 2;"),
            ],
        ),
        row(
            "unpacked bytes that wait for the walk",
            &[text("4 pieces of 1 MiB")],
            &[
                (unpacked, "const PIECE: usize = 1 << 20;"),
                (unpacked, "const WAITING: usize = 2;"),
                (unpacked, "const BUFFERS: usize = WAITING + 2;"),
            ],
        ),
        row(
            "block buffers, for streams",
            &[text("1 MiB"), text("at most 8 workers")],
            &[
                (
                    "crates/scan/src/pool.rs",
                    "pub(crate) const BUFFER: usize = 1 << 20;",
                ),
                ("crates/scan/src/lib.rs", "const STREAM_WORKERS: usize = 8;"),
            ],
        ),
        row(
            "piece that a worker reads of a plain file",
            &[text("128 KiB; 1 MiB that is mapped")],
            &[
                (worker, "const PIECE: usize = 128 << 10;"),
                (worker, "const LENT: usize = 1 << 20;"),
            ],
        ),
        row(
            "page cache that `--no-cache-pollution` uses at a time",
            &[text("256 MiB of a file")],
            &[
                ("crates/scan/src/tidy.rs", "const PART: u64 = 4 << 20;"),
                ("crates/scan/src/tidy.rs", "const UNDER_WAY: usize = 64;"),
            ],
        ),
    ]
}

/// Where the longest seal stands.
const SEAL: (&str, &str) = (
    "crates/xenspect/src/seals.rs",
    "const LONGEST: u64 = 4 << 30;",
);

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_row_says_what_the_code_says() {
    let page = read("SECURITY.md");
    let (_, behind) = page
        .split_once("| what | default | beyond it |\n| --- | --- | --- |\n")
        .unwrap();
    let (table, _) = behind.split_once("\n\n").unwrap();
    let lines: Vec<&str> = table.lines().collect();
    let rows = rows();
    for (line, row) in lines.iter().zip(&rows) {
        assert!(
            line.starts_with(&format!("| {}", row.what)),
            "{} is not {line}",
            row.what
        );
        let cell = line.split(" | ").nth(1).unwrap();
        for says in &row.says {
            assert!(
                cell.contains(says.as_str()),
                "{}: {says} in {cell}",
                row.what
            );
        }
        for (file, code) in &row.lines {
            let is_there = read(file).lines().any(|line| line.trim() == *code);
            assert!(is_there, "{}: {code} is not in {file} any more", row.what);
        }
    }
    assert_eq!(
        lines.len(),
        rows.len(),
        "rows that nothing is compared with"
    );
}

#[test]
fn the_manual_says_how_many_blocks_are_dropped_before_a_second_look() {
    let code = read("crates/scan/src/local.rs");
    let number = code.lines().find_map(|line| {
        let number = line.strip_prefix("const DOUBTED: u32 = ")?;
        number.strip_suffix(';')
    });
    let says = format!("the first {} blocks of a file", number.unwrap());
    assert!(read("docs/manual/src/reading.md").contains(&says), "{says}");
}
