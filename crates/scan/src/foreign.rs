//! Files that somebody may take for a backup, told by how they begin, so that it can be said what they are.

const UNPACK: &str = "unpack it, and give what comes out";
const DECRYPT: &str =
    "decrypt it, and give what comes out, through a pipe for instance: `... | xenspect verify -`";
const DISK: &str = "it holds one disk, without the description of a VM and without checksums";

/// How it begins, what it is, and what can be done.
const SIGNATURES: [(&[u8], &str, &str); 16] = [
    (b"\xfd7zXZ\0", "xz data", UNPACK),
    (b"PK\x03\x04", "a zip file", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (b"\x04\x22\x4d\x18", "lz4 data", UNPACK),
    (b"Salted__", "encrypted by openssl", DECRYPT),
    (
        b"-----BEGIN PGP MESSAGE-----",
        "encrypted by OpenPGP",
        DECRYPT,
    ),
    (b"age-encryption.org/", "encrypted by age", DECRYPT),
    (
        b"LUKS\xba\xbe",
        "an encrypted LUKS volume",
        "open it, and give a file that is in it",
    ),
    (b"QFI\xfb", "a qcow2 disk image", DISK),
    (b"conectix", "a VHD disk image", DISK),
    (b"cxsparse", "a VHD disk image", DISK),
    (b"vhdxfile", "a VHDX disk image", DISK),
    (b"KDMV", "a VMDK disk image", DISK),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "a state file of `verify --state` is shown by `history --state`",
    ),
    (
        b"{",
        "a JSON document",
        "a seal is given with `verify --seal`, a report to `report merge`",
    ),
];

/// What begins like this is and what can be done with it, if that is known.
pub(crate) fn told(first: &[u8]) -> Option<(&'static str, &'static str)> {
    SIGNATURES
        .iter()
        .find(|(start, _, _)| first.starts_with(start))
        .map(|&(_, what, next)| (what, next))
}

#[cfg(test)]
mod tests {
    use super::{SIGNATURES, told};

    #[test]
    fn each_is_told_by_its_start_and_by_nothing_less() {
        for (start, what, _) in SIGNATURES {
            let mut bytes = start.to_vec();
            bytes.extend([0; 500]);
            assert_eq!(told(&bytes).map(|(what, _)| what), Some(what));
            let (_, less) = start.split_last().unwrap();
            assert_eq!(told(less), None, "{what}");
        }
        assert_eq!(told(b""), None);
        assert_eq!(told(b"[target]\nname = \"host1\"\n"), None);
    }
}
