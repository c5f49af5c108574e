//! The checks of the restore of a host.

use xenspect_model::Code;
use xenspect_model::preflight::Enforced::{Beyond, ByInstaller, ByXapi};

use super::{Id, Row, row};

/// A host backup against the host that it is restored to (`formats/host-backup.md` sections 4 to 6).
pub(crate) static HOST: [Row; 17] = [
    row(
        Id::Host(0),
        "the target has a spare partition",
        ByXapi,
        &[Code::HostRestorePartition],
    ),
    row(
        Id::Host(1),
        "the archive is packed by gzip, and whole",
        ByXapi,
        &[
            Code::HostNotGzip,
            Code::HostCutInFile,
            Code::HostCutBetween,
            Code::HostNotUnpacked,
            Code::EnvelopeTruncated,
            Code::EnvelopeCorrupt,
            Code::EnvelopeChecksum,
            Code::EnvelopeLength,
            Code::TruncatedInHeader,
            Code::TruncatedInBlock,
            Code::TarHeaderChecksum,
            Code::TarBytesLost,
            Code::TarSizeInvalid,
            Code::TarEndMissing,
            Code::ScanLimit,
            Code::ScanInterrupted,
            Code::SourceReadError,
            Code::SourceChanged,
        ],
    ),
    row(
        Id::Host(2),
        "names and links stay in the tree",
        Beyond,
        &[
            Code::HostFirstMember,
            Code::HostNameClimbs,
            Code::HostLinkOut,
            Code::HostThroughLink,
            Code::HostNameRepeated,
        ],
    ),
    row(
        Id::Host(3),
        "the inventory is there",
        ByXapi,
        &[Code::HostInventoryMissing],
    ),
    row(
        Id::Host(4),
        "nothing in the inventory is executed",
        Beyond,
        &[Code::HostInventoryShell],
    ),
    row(
        Id::Host(5),
        "the partition layout is the target's",
        ByXapi,
        &[Code::HostLayout, Code::HostRestoreLayout],
    ),
    row(
        Id::Host(6),
        "the files fit on the partition",
        ByXapi,
        &[Code::HostRestoreSize],
    ),
    row(
        Id::Host(7),
        "the inventory has what its readers need",
        ByInstaller,
        &[Code::HostInventoryKey, Code::HostInventoryReaders],
    ),
    row(
        Id::Host(8),
        "the installer takes the platform",
        ByInstaller,
        &[Code::HostPlatform, Code::HostRestorePlatform],
    ),
    row(
        Id::Host(9),
        "the disk of the backup is in the target",
        ByInstaller,
        &[Code::HostRestoreDisk],
    ),
    row(
        Id::Host(10),
        "the boot loader is there and names the root",
        ByInstaller,
        &[
            Code::HostBootLoader,
            Code::HostBootLoaderLegacy,
            Code::HostBootLabel,
            Code::HostEfi,
        ],
    ),
    row(
        Id::Host(11),
        "etc/fstab mounts boot/efi by label",
        ByInstaller,
        &[Code::HostFstab],
    ),
    row(
        Id::Host(12),
        "the product is the target's",
        Beyond,
        &[Code::HostRestoreProduct],
    ),
    row(
        Id::Host(13),
        "which machine the target is",
        Beyond,
        &[Code::HostRestoreMachine],
    ),
    row(
        Id::Host(14),
        "no other host has this identity",
        Beyond,
        &[Code::HostIdentity, Code::HostRestoreAlive],
    ),
    row(
        Id::Host(15),
        "the host is the one in its database",
        Beyond,
        &[
            Code::HostUuid,
            Code::HostDom0,
            Code::HostXencommons,
            Code::HostRole,
            Code::HostVersion,
            Code::HostMember,
        ],
    ),
    row(
        Id::Host(16),
        "there is a pool database",
        Beyond,
        &[
            Code::HostDatabaseMissing,
            Code::HostDatabaseSeveral,
            Code::HostDatabaseUnusable,
            Code::HostDatabaseOlder,
            Code::HostDatabaseStamp,
        ],
    ),
];
