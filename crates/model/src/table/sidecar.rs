//! The rows of `sidecar/` codes, about digests that lie beside an input. What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 5;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        None,
        "the file is not the one that its digest was made of",
        "A digest of the whole file is written down beside it (by `sha256sum` and its like, or by Xen Orchestra), and the \
         file as it is now has another one. Some byte of it differs, or the two do not belong together.",
        "Copy the file again from where the digest was made, and verify the copy. If the original shows the same, the \
         digest is of another or an older file: find out which, and make the digest anew only when you know.",
    ),
    row(
        Error,
        None,
        "the file's length is not the one written down",
        "Xen Orchestra writes the length of a full backup into the JSON beside it, and corrects it whenever it cleans up \
         the folder. The file has another length now. Versions before 2024 wrote a wrong length at times, so this is a \
         warning where a digest beside the file is right.",
        "Copy the file again from the repository, or take another backup of the VM. If this is the repository itself, \
         restore the VM from this backup to a test network before you rely on it.",
    ),
    row(
        Warning,
        None,
        "a digest beside the file cannot be read",
        "A file that is named like a list of digests, or like the digest of this input, has lines that are none. The lines \
         that can be read were used. A digest that was cut short or edited is no check.",
        "Look at the lines that are named. Make the digest anew from a copy that is known to be good: `sha256sum FILE > \
         FILE.sha256`.",
    ),
    row(
        Note,
        None,
        "the list of digests does not name this file",
        "A list of digests lies in the folder and has no line for this input: the file came later, was renamed, or the \
         list was made of some files only. Nothing outside of the file says what it should be.",
        "If the list was to cover the whole folder, make it anew from copies that are known to be good.",
    ),
    row(
        Error,
        None,
        "a file that was there when the digests were made is gone",
        "A list of digests names files that are not in the folder, or the digest of a file lies there without the file. \
         `sha256sum -c` fails for such a list too.",
        "Look for the file under another name or in another folder, and copy it again from where it was made. If it was \
         deleted on purpose, take its line out of the list.",
    ),
];
