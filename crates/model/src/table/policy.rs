//! The rows of `policy/` codes, about what a policy file asks for. What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 7;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        None,
        "the backup is older than the policy allows",
        "The policy file limits the age of backups (`max-age`), and this one was last written to before that. The age is \
         that of the file, or of the object in a store; what is in it may be older still. It says nothing about whether \
         the backup is whole.",
        "Look whether the backup job still runs and where it writes to, and run it. If the backup is kept on purpose, give \
         it limits of its own in the policy (`[[input]]` with `match`).",
    ),
    row(
        Error,
        None,
        "the backup is smaller than the policy allows",
        "The policy file sets the least size of backups (`min-size`), and this one is smaller as it is stored. A backup that \
         is suddenly small was often broken off, or was made of another VM or of fewer disks.",
        "Compare its disks with those of an earlier backup (`xenspect diff OLD NEW`). If it is right, lower `min-size` for it \
         in the policy.",
    ),
    row(
        Warning,
        None,
        "the backup is larger than the policy allows",
        "The policy file sets the largest size of backups (`max-size`), and this one is larger as it is stored. The store may \
         run full earlier than was planned.",
        "Look which disk grew (`xenspect inspect FILE`), and whether it should be in the backup. If it is right, raise \
         `max-size` for it in the policy.",
    ),
    row(
        Error,
        None,
        "an expected archive is missing",
        "The policy file expects archives of a name (`[[expect]]` with `archive`), and among the verified inputs there are \
         fewer than it asks for, or fewer that are as good as it asks for.",
        "Look whether the backup job ran and where it wrote to, and whether the folder that was verified is the right one \
         (and with -r). If the archive is no longer made, take its block out of the policy.",
    ),
    row(
        Error,
        None,
        "no backup of an expected VM was found",
        "The policy file expects backups of a VM (`[[expect]]` with `vm`), and none of the verified exports holds a VM of this \
         name or uuid, or fewer than it asks for. Exports without disks and pool databases do not count: no VM can be \
         restored from them with its data.",
        "Look whether the VM is still in the backup job (a VM that was renamed has another name in later exports; its uuid \
         stays), run the job, and verify what it writes. If the VM is gone for good, take its block out of the policy.",
    ),
    row(
        Error,
        None,
        "what is expected is there, but none of it is good",
        "The policy file expects archives or backups of a VM. There are some, and each of them has a worse verdict than it \
         asks for (`min-verdict`), so that there is nothing to rely on.",
        "See the findings of the inputs that are named. Copy them again from where they were made, or make a new backup while \
         the VM still exists.",
    ),
    row(
        Error,
        None,
        "what is expected is there, but none of it is recent",
        "The policy file expects a good backup that is not older than a given time (`newer-than`), and all good ones were last \
         written to before that.",
        "Look whether the backup job still runs and where it writes to, and run it.",
    ),
];
