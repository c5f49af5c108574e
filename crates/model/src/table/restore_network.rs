//! The rows of `restore/` codes about NICs and addresses (`formats/restore.md` section 8.3). What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 13;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        Some("RESTORE_TARGET_MISSING_DEVICE"),
        "the target does not have this NIC",
        "",
        "",
    ),
    row(
        Error,
        Some("RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP"),
        "the target is managed through a device the dump does not have",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "not exactly one management interface on the target",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the target's management bridge is not in the dump",
        "",
        "",
    ),
    row(
        Error,
        None,
        "the NICs have other names: wires swapped",
        "",
        "",
    ),
    row(
        Note,
        None,
        "another NIC under the same name",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "a NIC of the target that the dump does not have",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "a bond, VLAN or tunnel stands on a PIF that is not in the dump",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "bonds and VLANs stand on a NIC that the target does not have",
        "",
        "",
    ),
    row(
        Note,
        None,
        "a bond keeps the MAC address of the old NIC",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the host would come up with another address",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "rules on the target pin names that the dump uses",
        "",
        "",
    ),
    row(
        Note,
        None,
        "a NIC is in another slot",
        "",
        "",
    ),
];
