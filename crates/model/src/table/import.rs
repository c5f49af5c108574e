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
        "The importer compares the version of xapi in `ova.xml` with its own and takes no export of a newer \
         one; up to 8.2 it takes none of another major number at all. Product and build are not compared. An \
         export of 8.3 (xapi 24 and later) never goes into 8.2, which calls itself 1.20.",
        "Update the target until its xapi is at least the exporter's, or import into a newer pool. An export \
         cannot be made older: where the target must stay, make the VM by hand and copy its disks alone (`xe \
         vdi-export` there, `xe vdi-import` here).",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_GENERIC"),
        "the target cannot read these checksums",
        "The blocks have XXH64 sums, which xapi writes since 1.170 (release 8.1). Before that it knows SHA-1 \
         alone, and stops at the first block. Where the blocks were not read, this follows from the \
         exporter's release (`likely`).",
        "Import into release 8.1 or later. An older target needs an export that was made by a release before \
         8.1.",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_PREMATURE_EOF"),
        "the target cannot read this compression",
        "The archive is compressed with zstd, which xapi reads since 1.166 (release 8.1) and XCP-ng since \
         7.6. Any other takes the stream for gzip and stops.",
        "Unpack it first: `zstd -d FILE -o FILE.plain`, and import that.",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_GENERIC"),
        "the archive itself would be refused",
        "Already the exporter's own release would stop at this archive: it begins with something else than \
         `ova.xml`, ends too early, or a block or checksum is not as it must be. XVA version 1 is not read \
         since xapi 1.322.",
        "Run `xenspect verify FILE`: it says what is wrong and where. Take another copy, or export again. \
         Where only sums differ, `force=true` imports it with the damage.",
    ),
    row(
        Error,
        Some("DEFAULT_SR_NOT_FOUND"),
        "no SR for the disks",
        "A full import puts all disks into one SR: the one that is named, or the pool's default. The pool has \
         no default, it leads nowhere, or the named one is not in the pool.",
        "Name one: `xe sr-list content-type=user params=uuid,name-label`, then `sr-uuid=UUID` with the \
         import. Or set a default: `xe pool-param-set uuid=POOL default-SR=UUID`.",
    ),
    row(
        Error,
        Some("SR_OPERATION_NOT_SUPPORTED"),
        "the SR does not take disks",
        "The SR is for ISO images or drives. The importer refuses such a one before it reads the archive.",
        "Name an SR for disks: `xe sr-list content-type=user params=uuid,name-label,type`, then \
         `sr-uuid=UUID` with the import.",
    ),
    row(
        Error,
        None,
        "the SR has too little room",
        "The disks are made with their virtual size. On LVM that is taken at once; on file systems they grow \
         with what is written, at least by what the archive has stored. xapi does not look beforehand: the \
         import fails when the SR is full.",
        "Make room, or name another SR with `sr-uuid=UUID`: `xe sr-list \
         params=uuid,name-label,type,physical-size,physical-utilisation`. Where only the virtual size is too \
         much, the import succeeds, and the SR fills up when the VM writes.",
    ),
    row(
        Warning,
        None,
        "a network would be made",
        "No network of the pool has this name, and none this bridge. The importer makes one without a word: \
         no NIC belongs to it, so the VM reaches nothing but VMs on the same host.",
        "Before the import, make a network of this name on the right NIC or VLAN (`xe network-create \
         name-label=NAME`, `xe vlan-create ...`), or name an existing one alike (`xe network-param-set \
         uuid=NETWORK name-label=NAME`). Afterwards: `xe vif-move uuid=VIF network-uuid=NETWORK`.",
    ),
    row(
        Warning,
        None,
        "a network is found by its bridge alone",
        "No network of the pool has this name; one has the same bridge, and the importer takes it. Bridges \
         are numbered on each host, so the same bridge often means another network.",
        "See whether the network that is taken is the right one. Otherwise name the right one alike before \
         the import (`xe network-param-set uuid=NETWORK name-label=NAME`), or move the VIF afterwards (`xe \
         vif-move uuid=VIF network-uuid=NETWORK`).",
    ),
    row(
        Warning,
        None,
        "more vCPUs than the host has CPUs",
        "The VM may have more vCPUs (`VCPUs_max`) than the host has processors. The import succeeds; the VM \
         may not start, and runs badly when it does.",
        "After the import: `xe vm-param-set uuid=VM VCPUs-at-startup=N`, then `xe vm-param-set uuid=VM \
         VCPUs-max=N`.",
    ),
    row(
        Warning,
        None,
        "more memory than the host has",
        "The VM may have more memory (`memory_static_max`) than the host has in all. The import succeeds; the \
         VM does not start (HOST_NOT_ENOUGH_FREE_MEMORY).",
        "After the import: `xe vm-memory-limits-set uuid=VM static-min=... dynamic-min=... dynamic-max=... \
         static-max=...`, or start it on a larger host.",
    ),
    row(
        Error,
        Some("DUPLICATE_MAC_SEED"),
        "another VM has the same MAC seed",
        "`preserve=true` keeps the seed that MAC addresses are made from (`other_config:mac_seed`), and \
         another VM of the pool has it: a copy of the same VM, mostly. xapi looks at this before all else.",
        "Import without `preserve=true`, which gives a new seed and new MAC addresses; or remove the other VM \
         first, if it is the old copy.",
    ),
    row(
        Warning,
        None,
        "another VM has the same MAC address",
        "`preserve=true` keeps MAC addresses, and another VM of the pool has one of them. xapi does not look. \
         When both run on one network, neither is reached reliably.",
        "Import without `preserve=true`, or never start both; a VIF gets a new address by being made anew \
         (`xe vif-destroy`, `xe vif-create mac=random ...`).",
    ),
    row(
        Note,
        None,
        "the pool already has this VM",
        "The pool has a VM of this uuid. Without `preserve=true` the import makes a second one with a new \
         uuid, new MAC addresses and copies of the disks; both have the same name and the same system inside.",
        "Do not start both on one network: host names, addresses and machine accounts inside are the same.",
    ),
    row(
        Error,
        Some("VM_BAD_POWER_STATE"),
        "the VM to be replaced is not halted",
        "`preserve=true` replaces a VM of the same uuid only while it is halted, and this one is not.",
        "Shut it down first: `xe vm-shutdown uuid=VM`. Or import without `preserve=true` to have both.",
    ),
    row(
        Error,
        Some("VM_TO_IMPORT_IS_NOT_NEWER_VERSION"),
        "the VM to be replaced is not older",
        "`preserve=true` replaces a VM of the same uuid only by a newer one: `VM.version` of the export must \
         be higher than that of the VM that is there. It counts how often \
         a VM was recovered, and is 0 in most.",
        "If the one in the export is really wanted: `force=true` passes over this, and the VM that is there \
         is destroyed. Export that one first, or import without `preserve=true` to have both.",
    ),
    row(
        Warning,
        None,
        "the import destroys the VM that is there",
        "`preserve=true` destroys the VM of the same uuid that the pool has before it makes the new one.",
        "Export the VM that is there first (`xe vm-export uuid=VM filename=FILE`), or import without \
         `preserve=true` to have both.",
    ),
    row(
        Error,
        Some("VDI_LOCATION_MISSING"),
        "a disk of the VM is not in the pool",
        "A metadata-only export has no disks: each is looked for in the pool by the SCSI id of its LUN, then \
         by SR and location. This one is not found (VDI_LOCATION_MISSING; where its SR is not in the pool, \
         VDI_CONTENT_ID_MISSING). With `force=true` it is left out.",
        "Attach its SR and scan it: `xe sr-introduce ...`, `xe pbd-create ...`, `xe pbd-plug uuid=PBD`, `xe \
         sr-scan uuid=SR`. A disk that was copied elsewhere is named with `vdi:OLD=NEW`. With `force=true` \
         the VM comes without it.",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND"),
        "a disk that is attached has no place",
        "A drive is marked as attached and its disk is not found. An importer allows that only of the CD \
         drive of an HVM guest.",
        "Make the disk known first (attach and scan its SR), or export the VM again while it is shut down.",
    ),
    row(
        Error,
        None,
        "the target cannot start this firmware",
        "The VM boots with UEFI, which is known since release 8.0 (7.6: as an experiment), or demands secure \
         boot, which is known since 8.2. An older one passes over what it does not know: the import succeeds \
         and the VM does not start, or starts without looking at signatures.",
        "Import into release 8.2 or later.",
    ),
    row(
        Warning,
        None,
        "the VM has a virtual TPM",
        "The VM has a virtual TPM, which releases before XenServer 8 and XCP-ng 8.3 do not know. The importer \
         passes over it: the VM comes without, and what was sealed by it (BitLocker keys for instance) cannot \
         be opened.",
        "Import into XenServer 8, XCP-ng 8.3 or later; or have the recovery keys at hand before.",
    ),
    row(
        Warning,
        None,
        "the VM is suspended",
        "The VM is suspended, and its memory belongs to it. It goes on only on a CPU with the features of the \
         one it was suspended on, and only while the disk with its memory is there.",
        "Have a host with such a CPU. Where resuming fails: `xe vm-reset-powerstate uuid=VM --force` \
         throws the memory away; then start the VM.",
    ),
    row(
        Error,
        Some("IMPORT_ERROR_GENERIC"),
        "no such GPU group in the pool",
        "A GPU group is found by equal types of GPUs, and the pool has none of these. A metadata-only import \
         stops; a full one makes an empty group, and the VM starts nowhere.",
        "Import into a pool with such GPUs, or export the VM without its GPUs (`xe vgpu-destroy uuid=VGPU`).",
    ),
];
