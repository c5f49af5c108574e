//! What each fault must give.

pub(crate) struct Row {
    pub(crate) fault: &'static str,
    pub(crate) accepted: Option<bool>,
    pub(crate) boots: Option<bool>,
    pub(crate) error: &'static str,
    pub(crate) codes: &'static [&'static str],
}

const fn row(
    fault: &'static str,
    accepted: Option<bool>,
    boots: Option<bool>,
    error: &'static str,
    codes: &'static [&'static str],
) -> Row {
    Row {
        fault,
        accepted,
        boots,
        error,
        codes,
    }
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);
/// A file that xapi cannot read, or that has no coordinator, is never started with.
const NULL: Option<bool> = None;

/// The two answers, the error that xapi gives first, and exactly these findings beyond those of the good pair, with their
/// number where it is not one. PIFs of the coordinator are listed as bond0, eth2, eth0, VLAN 50, eth3, eth1. Written down by hand from `formats/restore.md`; a new fault needs a row here.
#[rustfmt::skip]
pub(crate) const EXPECTED: &[Row] = &[
    // The file.
    row("closing-tag-missing", NO, None, "INTERNAL_ERROR", &["db/cut-short"]),
    row("not-well-formed", NO, NULL, "INTERNAL_ERROR", &["db/not-well-formed"]),
    row("rolling-upgrade-stub", NO, NULL, "RESTORE_INCOMPATIBLE_VERSION", &["db/rolling-upgrade-stub"]),
    row("secret-removed", YES, YES, "", &["db/removed-markers"]),
    row("redacted-copy", YES, YES, "", &["db/redacted-copy"]),
    row("schema-older", NO, YES, "RESTORE_INCOMPATIBLE_VERSION", &["restore/schema-older"]),
    row("schema-newer-by-number", NO, YES, "RESTORE_INCOMPATIBLE_VERSION", &["restore/schema-newer"]),
    row("schema-newer", NO, NULL, "INTERNAL_ERROR", &["restore/column-unknown x7", "restore/edition", "restore/schema-newer"]),
    row("schema-major", NO, YES, "RESTORE_INCOMPATIBLE_VERSION", &["restore/schema-older"]),
    row("other-vendor", YES, YES, "", &["restore/other-build"]),
    row("other-build", YES, YES, "", &["restore/other-build"]),
    row("column-unknown", NO, NULL, "INTERNAL_ERROR", &["restore/column-unknown"]),
    row("table-unknown", NO, NULL, "INTERNAL_ERROR", &["restore/table-unknown"]),
    row("column-missing", NO, YES, "INTERNAL_ERROR", &["restore/column-missing"]),
    row("set-undecodable", NO, NULL, "INTERNAL_ERROR", &["db/value-undecodable"]),
    row("map-undecodable", NO, NULL, "INTERNAL_ERROR", &["db/value-undecodable"]),
    row("coordinator-dangling", NO, NULL, "HANDLE_INVALID host OpaqueRef:00000000-dead-4000-8000-000000000001", &["db/coordinator-missing", "restore/target-identity"]),
    row("two-pools", YES, YES, "", &["db/pool-rows"]),
    row("control-domain-dangling", NO, YES, "HANDLE_INVALID VM OpaqueRef:00000000-dead-4000-8000-000000000001", &["db/control-domain-missing"]),
    row("uuid-twice", YES, NO, "", &["db/uuid-doubled"]),
    row("ref-twice", YES, NO, "", &["db/ref-doubled"]),
    row("ref-differs", YES, NO, "", &["db/ref-differs"]),
    row("pif-listed-missing", NO, YES, "HANDLE_INVALID PIF OpaqueRef:00000000-dead-4000-8000-000000000001", &["db/set-side-differs", "restore/pif-listed-missing"]),
    row("pif-not-listed", YES, YES, "", &["db/set-side-differs", "restore/pif-not-listed"]),
    row("reference-dangling", YES, YES, "", &["db/reference-dangling"]),
    row("ctime-after-mtime", YES, YES, "", &["db/generation-order"]),
    row("roll-back", YES, YES, "", &["restore/roll-back", "restore/same-pool"]),
    // Identity.
    row("no-installation-uuid", NO, None, "INTERNAL_ERROR", &["restore/inventory-key"]),
    row("no-control-domain-uuid", NO, None, "INTERNAL_ERROR", &["restore/inventory-key"]),
    row("uuid-of-vm", YES, NO, "", &["restore/uuid-clash"]),
    row("former-member", YES, NO, "", &["restore/target-identity", "restore/uuid-clash"]),
    row("former-coordinator", YES, YES, "", &[]),
    row("same-pool", YES, YES, "", &["restore/same-pool"]),
    row("ha-enabled", YES, YES, "", &["restore/ha-enabled"]),
    row("ha-metadata-left", YES, NO, "", &["restore/database-left-over"]),
    row("gen-metadata-left", YES, NO, "", &["restore/database-left-over"]),
    row("ha-armed", YES, NO, "", &["restore/database-left-over"]),
    row("clustered", YES, YES, "", &["restore/clustering"]),
    row("directory-joined", YES, YES, "", &["restore/directory-join"]),
    row("tls-verification", YES, YES, "", &["restore/tls-verification"]),
    row("secret-rotation-pending", YES, YES, "", &["restore/secret-rotation-pending"]),
    row("other-edition", YES, YES, "", &["restore/edition"]),
    // Network.
    row("nic-missing", NO, YES, "RESTORE_TARGET_MISSING_DEVICE eth3", &["restore/nic-missing"]),
    row("nics-missing", NO, YES, "RESTORE_TARGET_MISSING_DEVICE eth2", &["restore/nic-missing x2", "restore/stacked-on-missing"]),
    row("management-not-in-dump", NO, YES, "RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP eth1 eth3 bond0 eth0 eth2 bond0", &["restore/management-bridge", "restore/management-not-in-dump", "restore/nic-forgotten"]),
    row("management-twice", YES, YES, "", &["restore/management-count"]),
    row("management-nowhere", YES, YES, "", &["restore/management-count"]),
    row("management-bridge-unknown", YES, YES, "", &["restore/management-bridge"]),
    row("nics-swapped", YES, YES, "", &["restore/nic-moved x2"]),
    row("nic-replaced", YES, YES, "", &["restore/nic-replaced"]),
    row("nic-more", YES, YES, "", &["restore/nic-forgotten"]),
    row("bond-nic-replaced", YES, YES, "", &["restore/bond-mac", "restore/nic-replaced"]),
    row("bond-member-missing", YES, YES, "", &["restore/bond-member-missing"]),
    row("address-differs", YES, YES, "", &["restore/management-address"]),
    row("address-by-dhcp", YES, YES, "", &["restore/management-address"]),
    row("address-in-dump-by-dhcp", YES, YES, "", &["restore/management-address"]),
    row("names-pinned", YES, YES, "", &["restore/rename-rules"]),
    row("slots-exchanged", YES, YES, "", &["restore/pci-order x2"]),
    // Hosts, VMs and storage.
    row("member-more", YES, YES, "", &["restore/host-forgotten"]),
    row("vm-running", YES, YES, "", &["restore/vm-halted"]),
    row("vm-running-elsewhere", YES, YES, "", &["restore/vm-running-elsewhere"]),
    row("vm-paused-elsewhere", YES, YES, "", &["restore/vm-paused"]),
    row("memory-on-member", YES, YES, "", &["restore/vm-suspended"]),
    row("memory-nowhere", YES, YES, "", &["db/reference-dangling", "restore/vm-suspended"]),
    row("local-disk-gone", YES, YES, "", &["restore/local-sr-disk-gone"]),
    row("local-sr-more", YES, YES, "", &["restore/local-sr-new"]),
    row("password-of-sr-missing", YES, YES, "", &["db/reference-dangling", "restore/device-secret-missing"]),
    row("default-sr-missing", YES, YES, "", &["restore/default-sr-missing"]),
    row("pci-passed-through", YES, YES, "", &["restore/pass-through"]),
    row("usb-passed-through", YES, YES, "", &["restore/pass-through"]),
    row("vbd-without-vdi", YES, YES, "", &["db/reference-dangling", "restore/vbd-without-vdi"]),
    row("vdi-missing", YES, YES, "", &["restore/vdi-not-usable"]),
    row("vdi-unmanaged", YES, YES, "", &["restore/vdi-not-usable"]),
    row("vtpm-contents-missing", YES, YES, "", &["db/reference-dangling", "restore/vtpm-contents-missing"]),
    row("disk-full", YES, YES, "", &["restore/disk-space"]),
    row("cpu-feature-missing", YES, YES, "", &["restore/cpu-features"]),
    row("cpu-vendor-differs", YES, YES, "", &["restore/cpu-features"]),
];
