//! The ten things that go wrong with a copy of a store, each with another backup.

use super::Entry;
use super::layout::Backup;
use crate::fault::{self, Fault};

/// Number of the backup, what happens to it, and the code that must be found.
const FAULTS: [(usize, &str, &str); 10] = [
    (0, "truncated", "xva/truncated-in-block"),
    (1, "flipped-byte-in-block", "xva/block-checksum-mismatch"),
    (10, "flipped-byte-in-ova-xml", "sidecar/wrong"),
    (11, "pair-lost-in-the-middle", "sidecar/wrong"),
    (12, "pairs-swapped", "xva/block-out-of-order"),
    (20, "zero-filled-tail", "xva/checksum-missing"),
    (15, "empty-file", "unreadable"),
    (21, "another-archive", "sidecar/wrong"),
    (28, "data-missing", "store/data-missing"),
    (23, "gzip-crc", "envelope/checksum-mismatch"),
];

/// What happens to a backup.
pub(super) fn of(number: usize) -> Option<(&'static str, &'static str)> {
    FAULTS
        .iter()
        .find(|(broken, ..)| *broken == number)
        .map(|&(_, fault, code)| (fault, code))
}

/// Breaks a backup. The path is where it must be found.
pub(super) fn apply(
    fault: &str,
    backup: &Backup,
    good: &[u8],
    path: &str,
    files: &mut Vec<Entry>,
) -> String {
    let by_name = |name: &str| {
        let recipe = backup.recipe().expect("the backup is an export");
        let fault = Fault::named(name).expect("there is such a fault");
        fault::apply(&recipe, fault).expect("it applies")
    };
    let bytes = match fault {
        "truncated" => by_name("truncated-in-block"),
        "flipped-byte-in-block" => by_name("flip-block-byte"),
        "flipped-byte-in-ova-xml" => other_letter(good),
        "pair-lost-in-the-middle" => by_name("missing-middle-pair-looks-like-a-gap"),
        "pairs-swapped" => by_name("pairs-swapped"),
        "zero-filled-tail" => zero_filled(good),
        "empty-file" => Vec::new(),
        "another-archive" => Backup::new(backup.seed, backup.number + 9).bytes(),
        "gzip-crc" => by_name("gzip-crc-wrong"),
        "data-missing" => {
            files.retain(|file| !file.path.starts_with(path));
            return format!("{}.json", backup.stem());
        }
        other => unreachable!("no fault {other}"),
    };
    let own = files.iter_mut().find(|file| file.path == path);
    own.expect("the backup is among its files").bytes = bytes;
    path.to_owned()
}

/// Another letter in the VM's name: the document stays well-formed, and nothing in the archive tells.
fn other_letter(good: &[u8]) -> Vec<u8> {
    let name = b"example vm-";
    let at = good.windows(name.len()).position(|bytes| bytes == name);
    let mut bytes = good.to_vec();
    bytes[at.expect("the name is in ova.xml")] = b'E';
    bytes
}

/// The last third is zeros, as after a copy whose end never reached the disk.
fn zero_filled(good: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    let from = bytes.len() / 3 * 2;
    bytes[from..].fill(0);
    bytes
}
