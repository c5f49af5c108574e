//! The rows of `import/` codes: an export against the pool it would be imported to (`formats/restore.md` section 7,
//! `formats/xva.md` sections 11 and 13). What an entry is made of is in the parent.

use super::{Entry, row};
use crate::code::Severity::*;

/// Number of codes whose rows are here.
pub(super) const COUNT: usize = 23;

/// In the order of the codes.
pub(super) static ROWS: [Entry; COUNT] = [
    row(
        Error,
        Some("IMPORT_INCOMPATIBLE_VERSION"),
        "the target's xapi is older than the exporter's",
        "",
        "",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_GENERIC"),
        "the target cannot read these checksums",
        "",
        "",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_PREMATURE_EOF"),
        "the target cannot read this compression",
        "",
        "",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_GENERIC"),
        "the archive itself would be refused",
        "",
        "",
    ),
    row(
        Error,
        Some("DEFAULT_SR_NOT_FOUND"),
        "no SR for the disks",
        "",
        "",
    ),
    row(
        Error,
        Some("SR_OPERATION_NOT_SUPPORTED"),
        "the SR does not take disks",
        "",
        "",
    ),
    row(
        Error,
        None,
        "the SR has too little room",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "a network would be made",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "a network is found by its bridge alone",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "more vCPUs than the host has CPUs",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "more memory than the host has",
        "",
        "",
    ),
    row(
        Error,
        Some("DUPLICATE_MAC_SEED"),
        "another VM has the same MAC seed",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "another VM has the same MAC address",
        "",
        "",
    ),
    row(
        Note,
        None,
        "the pool already has this VM",
        "",
        "",
    ),
    row(
        Error,
        Some("VM_BAD_POWER_STATE"),
        "the VM to be replaced is not halted",
        "",
        "",
    ),
    row(
        Error,
        Some("VM_TO_IMPORT_IS_NOT_NEWER_VERSION"),
        "the VM to be replaced is not older",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the import destroys the VM that is there",
        "",
        "",
    ),
    row(
        Error,
        Some("VDI_LOCATION_MISSING"),
        "a disk of the VM is not in the pool",
        "",
        "",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND"),
        "a disk that is attached has no place",
        "",
        "",
    ),
    row(
        Error,
        None,
        "the target cannot start this firmware",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the VM has a virtual TPM",
        "",
        "",
    ),
    row(
        Warning,
        None,
        "the VM is suspended",
        "",
        "",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_GENERIC"),
        "no such GPU group in the pool",
        "",
        "",
    ),
];
