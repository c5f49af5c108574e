//! The rows of `against/` codes, about two copies of one archive. What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::{Error, Note};

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 8;

const FROM_OTHER: &str = "If the other copy is sound as a whole, copy it over this one and verify the result. If it is \
    damaged elsewhere, a whole archive can be made of the two: work on a third copy, and bring the ranges over that the \
    JSON report lists (`against.ranges`; offsets are those of the decompressed stream). Keep both until the result is \
    verified.";

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        None,
        "the other copy carries the right contents",
        "Contents differ between the two copies, and those of the other one are as their own sum says, or stand where an \
         exporter puts them, or are in a stream whose checksum is right. What this copy has at that place is damaged.",
        FROM_OTHER,
    ),
    row(
        Error,
        None,
        "this copy lacks what the other one has",
        "Members are in the other copy and cannot be read in this one: it was cut short, a header was damaged, storage \
         could not read them, or a block was lost together with its sum. The last leaves no trace in an archive, since \
         blocks that are not there mean zeros; only another copy or a seal shows it.",
        FROM_OTHER,
    ),
    row(
        Note,
        None,
        "the other copy is not right",
        "Where the two copies differ, this one is right: the other one lacks members, or has contents that its own sums \
         contradict. Nothing is wrong with this copy there.",
        "Replace the other copy by this one if this one is sound, and verify the result. Look at the storage that the \
         other copy is on.",
    ),
    row(
        Error,
        None,
        "both copies are damaged at one place",
        "Neither of the two copies has contents here that are as their own sum says, or neither could be read. No whole \
         archive can be made of these two.",
        "Look for a third copy and compare it with each of the two. If there is none and the VM still exists, export it \
         again. What can be read of the other places is not affected.",
    ),
    row(
        Error,
        None,
        "the copies differ, and nothing tells which one is right",
        "Contents differ that no sum is of: `ova.xml`, a file of a host, a database, or a block whose sum was lost. Their \
         lengths are the same, so one of the two was probably damaged; or one was changed on purpose.",
        "Compare both with a third copy, a seal or a list of digests (`SHA256SUMS`) from the time of the export. `xenspect \
         diff` shows what differs in an `ova.xml` or a database. Do not delete either before that.",
    ),
    row(
        Error,
        None,
        "the two are no copies of one archive",
        "Too few members are in both, or both are right by their own sums or lengths and still differ: two exports of \
         one VM, two backups of one host from different days, or one that was changed on purpose. Damage does not do that.",
        "See whether the right file was named, and what each of the two is (`xenspect inspect`, `xenspect diff`). What \
         each is worth by itself is in its own report.",
    ),
    row(
        Note,
        None,
        "the members stand in another order",
        "The same members with the same contents are in both, in another order. For files of a host that means nothing: \
         one of the two was packed again.",
        "Nothing to do.",
    ),
    row(
        Note,
        None,
        "the other copy has the same damage",
        "The two are alike, and where this one is damaged the other one is too. One was copied from the \
         other, or both from one that was damaged before.",
        "The other copy is of no help here. Look for one that was made earlier, or export the VM again.",
    ),
];
