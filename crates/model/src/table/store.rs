//! The rows of `store/` codes, about folders of backups as Xen Orchestra lays them out. What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 5;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        None,
        "a backup that Xen Orchestra lists has no data",
        "The JSON that describes the backup is there, and a file that it names is not. Xen Orchestra offers the backup \
         until it cleans up the folder, when it removes the JSON too; a restore of it fails.",
        "Find out where the data went: a copy of the repository that was broken off, or files that were moved. Copy them \
         again from the original repository before the next backup job runs there, since a job cleans up first. If there \
         is no other copy, this backup is lost: check that the VM has a later one.",
    ),
    row(
        Warning,
        None,
        "data that no description belongs to",
        "A backup's data is there, and no JSON beside it names it. Xen Orchestra does not list it, and removes it when it \
         cleans up the folder. The data itself may be whole, which is judged apart.",
        "If the JSON was lost on a copy, copy it again. A whole XVA can also be imported by hand (`xe vm-import \
         filename=FILE`). Look in Xen Orchestra whether the VM's other backups are listed before anything is tidied up.",
    ),
    row(
        Warning,
        None,
        "the description of a backup cannot be used",
        "The JSON of a backup is empty, cut short, no JSON, or lacks what it must tell. Xen Orchestra passes over it with a \
         line in its log and does not list the backup.",
        "Copy the JSON again from the original repository. The data that belongs to it may be whole: an XVA can be \
         imported by hand (`xe vm-import filename=FILE`).",
    ),
    row(
        Warning,
        None,
        "left over in the repository",
        "Something that a backup job makes for the time it runs, or that belongs to a file which is gone: data under its \
         temporary name (Xen Orchestra writes to `.NAME` and renames it when it is whole), a lock, the state of a merge, \
         a checksum without its file.",
        "See in Xen Orchestra whether a job runs for this VM. If none does, an earlier one was broken off: look at its log. \
         Xen Orchestra clears such files away itself at the VM's next backup; nothing needs to be done by hand.",
    ),
    row(
        Warning,
        None,
        "the repository is encrypted",
        "The repository's `encryption.json` names an algorithm, so what is in its files cannot be read here. Where a \
         `.checksum` lies beside a file it was made of the encrypted bytes, and still tells whether the copy is right.",
        "Verify the backups by a restore from Xen Orchestra (its health check), and keep the key of the repository apart \
         from it.",
    ),
];
