//! The rows of `restore/` codes about the file and the identity of the target (`formats/restore.md` sections 8.1 and 8.2). What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 22;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        Some("RESTORE_INCOMPATIBLE_VERSION"),
        "the dump's schema is older than the target's",
        "",
        "",
    ),
    row(
        Error,
        Some("RESTORE_INCOMPATIBLE_VERSION"),
        "the dump's schema is newer than the target's",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "same schema number, another vendor or build",
        "",
        "",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "the target does not have this table",
        "",
        "",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "the target does not have this column",
        "",
        "",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "a column without default is not in the dump",
        "",
        "",
    ),
    row(
        Error,
        Some("HANDLE_INVALID"),
        "the coordinator lists a PIF that is not there",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "a PIF that its host does not list",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the target's database of this pool is newer than the dump",
        "",
        "",
    ),
    row(
        Note,
        None,
        "how old the dump is",
        "",
        "",
    ),
    row(
        Error,
        Some("INTERNAL_ERROR"),
        "the target's inventory lacks a uuid",
        "",
        "",
    ),
    row(
        Error,
        None,
        "a uuid of the target is taken in the dump",
        "",
        "",
    ),
    row(
        Note,
        None,
        "what the target was in this pool",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the target's pool is the one in the dump",
        "",
        "",
    ),
    row(
        Note,
        None,
        "the target's own pool is replaced",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "high availability was on",
        "",
        "",
    ),
    row(
        Error,
        None,
        "a database left over on the target wins over the restored one",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the pool was a cluster",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the hosts were joined to a directory",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "certificates are verified within the pool",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the pool secret was being changed",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "another licence edition",
        "",
        "",
    ),
];
