//! The codes of findings. A code is a promise: it keeps its name and its meaning between releases.
//!
//! What each code means, how bad it is by default and what to do is in [`crate::table`].

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::table;

/// How bad a finding is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is wrong with the archive.
    Note,
    /// A risk, or something that an importer would do differently.
    Warning,
    /// Damage, or a restore that will be refused.
    Error,
}

impl Severity {
    /// All severities, least first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

macro_rules! codes {
    ($($variant:ident = $name:literal,)*) => {
        /// A finding's code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`.")] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is written in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

codes! {
    SourceReadError = "source/read-error",
    SourceChanged = "source/changed-while-read",
    SourceUnstable = "source/unstable-read",
    ScanInterrupted = "scan/interrupted",
    ScanInternalError = "scan/internal-error",
    ScanLimit = "scan/limit-reached",
    ScanHeadersOnly = "scan/headers-only",

    EnvelopeTruncated = "envelope/truncated",
    EnvelopeCorrupt = "envelope/corrupt",
    EnvelopeChecksum = "envelope/checksum-mismatch",
    EnvelopeLength = "envelope/length-mismatch",
    EnvelopeTrailing = "envelope/trailing-data",
    EnvelopeWindow = "envelope/window-too-large",
    EnvelopeNoChecksum = "envelope/no-content-checksum",

    TarHeaderChecksum = "tar/header-checksum-mismatch",
    TarHeaderSigned = "tar/header-checksum-signed",
    TarBytesLost = "tar/bytes-lost",
    TarSizeInvalid = "tar/size-invalid",
    TarExtensionInvalid = "tar/extension-invalid",
    TarUnsafeName = "tar/unsafe-name",
    TarMemberType = "tar/member-type",
    TarPadding = "tar/padding-not-zero",
    TarSingleZeroBlock = "tar/single-zero-block",
    TarEndMissing = "tar/end-missing",
    TarMembersAfterEnd = "tar/members-after-end",
    TarTrailingData = "tar/trailing-data",

    TruncatedInHeader = "xva/truncated-in-header",
    TruncatedInBlock = "xva/truncated-in-block",
    TruncatedInMetadata = "xva/truncated-in-metadata",
    TruncatedBetweenPair = "xva/truncated-in-pair",
    TruncatedBetweenPairs = "xva/truncated-between-pairs",

    BlockChecksum = "xva/block-checksum-mismatch",
    ChecksumMissing = "xva/checksum-missing",
    ChecksumWithoutBlock = "xva/checksum-without-block",
    ChecksumDoubled = "xva/checksum-doubled",
    ChecksumMisplaced = "xva/checksum-misplaced",
    ChecksumForeign = "xva/checksum-foreign",
    ChecksumMalformed = "xva/checksum-malformed",
    ChecksumPadded = "xva/checksum-padded",
    ChecksumCase = "xva/checksum-letter-case",
    ChecksumKindsMixed = "xva/checksum-kinds-mixed",
    ChecksumSha1 = "xva/checksum-sha1-only",

    FirstBlockMissing = "xva/first-block-missing",
    LastBlockMissing = "xva/last-block-missing",
    DiskTooLong = "xva/disk-too-long",
    BlockDoubled = "xva/block-doubled",
    BlockOutOfOrder = "xva/block-out-of-order",
    BlockNumberInvalid = "xva/block-number-invalid",
    BlockNumberSpelling = "xva/block-number-spelling",
    BlockBeyondRange = "xva/block-beyond-range",
    BlockTooLong = "xva/block-too-long",
    BlockShort = "xva/block-short",
    BlockNotSectors = "xva/block-not-sectors",
    BlockEmptyAtEdge = "xva/block-empty-at-edge",
    FirstBlockUnit = "xva/first-block-unit",

    DiskMissing = "xva/disk-missing",
    DiskUnknown = "xva/disk-unknown",
    DiskOrder = "xva/disk-out-of-order",
    DiskResumed = "xva/disk-resumed",
    DiskSharedTwice = "xva/disk-attached-twice",
    NoDisks = "xva/no-disk-data",
    MetadataOnly = "xva/metadata-only",

    MemberForeign = "xva/member-foreign",
    MemberDotSlash = "xva/member-name-prefixed",

    MetadataMissing = "xva/metadata-missing",
    MetadataNotFirst = "xva/metadata-not-first",
    MetadataDoubled = "xva/metadata-doubled",
    MetadataTooLarge = "xva/metadata-too-large",
    MetadataNotXml = "xva/metadata-not-well-formed",
    MetadataEntities = "xva/metadata-entities",
    MetadataNesting = "xva/metadata-nesting",
    MetadataStructure = "xva/metadata-structure",
    MetadataField = "xva/metadata-field-invalid",
    MetadataFieldMissing = "xva/metadata-field-missing",
    VirtualSizeInvalid = "xva/virtual-size-invalid",
    DuplicateId = "xva/object-id-doubled",
    DuplicateUuid = "xva/uuid-doubled",
    DanglingReference = "xva/reference-dangling",
    DanglingHostReference = "xva/reference-to-host",
    DiskVbdWithoutVdi = "xva/vbd-without-vdi",
    LeftoverReferences = "xva/references-left-over",
    SnapshotLink = "xva/snapshot-link-broken",
    UnknownClass = "xva/class-unknown",
    Sensitive = "xva/secrets-inside",

    LegacyForm = "xva/legacy-form",
    LegacyTableMissing = "xva/legacy-table-missing",
    LegacyTableMalformed = "xva/legacy-table-malformed",
    LegacyTableMismatch = "xva/legacy-table-mismatch",
    LegacyEntryMissing = "xva/legacy-entry-missing",
    LegacyEntryExtra = "xva/legacy-entry-extra",
    LegacyTableUnexpected = "xva/legacy-table-unexpected",
    LegacyTableDoubled = "xva/legacy-table-doubled",
    LegacyTableMisplaced = "xva/legacy-table-misplaced",

    ApplianceForm = "xva/version-1",
    ApplianceChunkBad = "xva/version-1-chunk-corrupt",
    ApplianceChunkMissing = "xva/version-1-chunk-missing",
    ApplianceSize = "xva/version-1-size-mismatch",
    VdiTarForm = "xva/per-disk-export",

    DbCutShort = "db/cut-short",
    DbNotClosed = "db/not-closed",
    DbNotWellFormed = "db/not-well-formed",
    DbEntities = "db/entities",
    DbEncoding = "db/encoding",
    DbElementUnknown = "db/element-unknown",
    DbElementMisplaced = "db/element-misplaced",
    DbElementInvalid = "db/element-invalid",
    DbText = "db/text-between-elements",
    DbTrailing = "db/trailing-data",

    DbManifestMissing = "db/manifest-missing",
    DbManifestMisplaced = "db/manifest-misplaced",
    DbManifestKey = "db/manifest-key",
    DbSchemaUnknown = "db/schema-unknown",

    DbTableDoubled = "db/table-doubled",
    DbTableUnknown = "db/table-unknown",
    DbTableMissing = "db/table-missing",
    DbColumnUnknown = "db/column-unknown",
    DbColumnMissing = "db/column-missing",
    DbColumnDoubled = "db/column-doubled",
    DbRowsNotStored = "db/rows-not-stored",

    DbStub = "db/rolling-upgrade-stub",
    DbNoRows = "db/no-rows",
    DbPoolRows = "db/pool-rows",
    DbCoordinator = "db/coordinator-missing",
    DbControlDomain = "db/control-domain-missing",

    DbRefMissing = "db/ref-missing",
    DbRefNotFirst = "db/ref-not-first",
    DbRefDiffers = "db/ref-differs",
    DbRefDoubled = "db/ref-doubled",
    DbUuidDoubled = "db/uuid-doubled",
    DbGenerationInvalid = "db/generation-invalid",
    DbGenerationOrder = "db/generation-order",
    DbValue = "db/value-undecodable",
    DbReferenceDangling = "db/reference-dangling",
    DbReferenceTable = "db/reference-wrong-table",
    DbReferenceLeftOver = "db/reference-left-over",
    DbSetSide = "db/set-side-differs",

    DbEdited = "db/edited",
    DbRedactedCopy = "db/redacted-copy",
    DbRemoved = "db/removed-markers",
    DbReadableByOthers = "db/readable-by-others",
    DbSecrets = "db/secrets-inside",

    RedoLogSkipped = "db/redo-log-change-skipped",
    RedoLogEnd = "db/redo-log-end",

    RestoreSchemaOlder = "restore/schema-older",
    RestoreSchemaNewer = "restore/schema-newer",
    RestoreOtherBuild = "restore/other-build",
    RestoreTableUnknown = "restore/table-unknown",
    RestoreColumnUnknown = "restore/column-unknown",
    RestoreColumnMissing = "restore/column-missing",
    RestorePifListedMissing = "restore/pif-listed-missing",
    RestorePifNotListed = "restore/pif-not-listed",
    RestoreRollBack = "restore/roll-back",
    RestoreDumpAge = "restore/dump-age",
    RestoreInventoryKey = "restore/inventory-key",
    RestoreUuidClash = "restore/uuid-clash",
    RestoreTargetIdentity = "restore/target-identity",
    RestoreSamePool = "restore/same-pool",
    RestoreOtherPool = "restore/other-pool",
    RestoreHaEnabled = "restore/ha-enabled",
    RestoreDatabaseLeftOver = "restore/database-left-over",
    RestoreClustering = "restore/clustering",
    RestoreDirectory = "restore/directory-join",
    RestoreTls = "restore/tls-verification",
    RestoreSecretRotation = "restore/secret-rotation-pending",
    RestoreEdition = "restore/edition",
    RestoreForm = "restore/form",

    RestoreNicMissing = "restore/nic-missing",
    RestoreManagementNotInDump = "restore/management-not-in-dump",
    RestoreManagementCount = "restore/management-count",
    RestoreManagementBridge = "restore/management-bridge",
    RestoreNicMoved = "restore/nic-moved",
    RestoreNicReplaced = "restore/nic-replaced",
    RestoreNicForgotten = "restore/nic-forgotten",
    RestoreBondMember = "restore/bond-member-missing",
    RestoreStackedOnMissing = "restore/stacked-on-missing",
    RestoreBondMac = "restore/bond-mac",
    RestoreAddress = "restore/management-address",
    RestoreRenameRules = "restore/rename-rules",
    RestorePciOrder = "restore/pci-order",

    RestoreHostForgotten = "restore/host-forgotten",
    RestoreRowsOrphaned = "restore/rows-orphaned",
    RestoreVmHalted = "restore/vm-halted",
    RestoreVmElsewhere = "restore/vm-running-elsewhere",
    RestoreVmPaused = "restore/vm-paused",
    RestoreVmSuspended = "restore/vm-suspended",
    RestoreLocalSrGone = "restore/local-sr-disk-gone",
    RestoreLocalSrNew = "restore/local-sr-new",
    RestoreDeviceSecret = "restore/device-secret-missing",
    RestoreDefaultSr = "restore/default-sr-missing",
    RestoreContentAge = "restore/content-age",
    RestorePassThrough = "restore/pass-through",
    RestoreVbdWithoutVdi = "restore/vbd-without-vdi",
    RestoreVdiNotUsable = "restore/vdi-not-usable",
    RestoreVtpmContents = "restore/vtpm-contents-missing",
    RestoreSpace = "restore/disk-space",
    RestoreCpuFeatures = "restore/cpu-features",
    ClashPool = "clash/pool-uuid",
    ClashHost = "clash/host-uuid",
    ClashControlDomain = "clash/control-domain-uuid",
    ClashVm = "clash/vm-uuid",
    ClashSr = "clash/sr-uuid",
    ClashNetwork = "clash/network-uuid",
    ClashMac = "clash/mac",
    ClashMacSeed = "clash/mac-seed",

    ImportVersion = "import/version",
    ImportSums = "import/checksums-unreadable",
    ImportCompression = "import/compression-unreadable",
    ImportArchive = "import/archive-refused",
    ImportNoSr = "import/sr-missing",
    ImportSrKind = "import/sr-not-usable",
    ImportSrRoom = "import/sr-full",
    ImportNetworkCreated = "import/network-created",
    ImportNetworkByBridge = "import/network-by-bridge",
    ImportVcpus = "import/vcpus",
    ImportMemory = "import/memory",
    ImportMacSeed = "import/mac-seed-doubled",
    ImportMac = "import/mac-doubled",
    ImportVmExists = "import/vm-exists",
    ImportVmNotHalted = "import/vm-not-halted",
    ImportVmNotNewer = "import/vm-not-newer",
    ImportVmReplaced = "import/vm-replaced",
    ImportVdiMissing = "import/vdi-not-found",
    ImportAttachedDisk = "import/attached-disk-missing",
    ImportFirmware = "import/firmware",
    ImportVtpm = "import/vtpm",
    ImportSuspend = "import/suspend-image",
    ImportGpu = "import/gpu-group-missing",

    HostFirstMember = "host/first-member",
    HostCutInFile = "host/cut-in-file",
    HostCutBetween = "host/cut-between-files",
    HostNotGzip = "host/not-gzip",
    HostInventoryMissing = "host/inventory-missing",
    HostUnread = "host/file-not-read",
    HostInventoryKey = "host/inventory-key-missing",
    HostInventoryReaders = "host/inventory-readers-differ",
    HostInventoryShell = "host/inventory-shell",
    HostPlatform = "host/platform-too-old",
    HostLayout = "host/old-layout",
    HostBootLoader = "host/boot-loader-missing",
    HostBootLoaderLegacy = "host/boot-loader-legacy",
    HostBootLabel = "host/boot-label",
    HostFstab = "host/fstab-line",
    HostEfi = "host/boot-efi-missing",
    HostSize = "host/too-large",
    HostDatabaseMissing = "host/database-missing",
    HostDatabaseSeveral = "host/database-several",
    HostDatabaseUnusable = "host/database-unusable",
    HostDatabaseOlder = "host/database-older",
    HostDatabaseStamp = "host/database-stamp",
    HostUuid = "host/uuid-not-in-database",
    HostDom0 = "host/dom0-not-in-database",
    HostXencommons = "host/dom0-uuid-differs",
    HostRole = "host/role-differs",
    HostVersion = "host/version-differs",
    HostMember = "host/member-only",
    HostNameClimbs = "host/name-climbs",
    HostLinkOut = "host/link-leads-out",
    HostThroughLink = "host/name-through-link",
    HostNotUnpacked = "host/not-unpacked",
    HostNameRepeated = "host/name-repeated",
    HostReadableByOthers = "host/readable-by-others",
    HostIdentity = "host/identity",
    HostSensitive = "host/sensitive",

    HostRestorePartition = "host-restore/no-spare-partition",
    HostRestoreLayout = "host-restore/partition-layout",
    HostRestoreSize = "host-restore/too-large",
    HostRestorePlatform = "host-restore/platform-newer",
    HostRestoreDisk = "host-restore/primary-disk-gone",
    HostRestoreProduct = "host-restore/other-product",
    HostRestoreMachine = "host-restore/which-machine",
    HostRestoreAlive = "host-restore/identity-lives",

    SealUnreadable = "seal/unreadable",
    SealVersion = "seal/version-unknown",
    SealAltered = "seal/altered",
    SealSignatureMissing = "seal/signature-missing",
    SealSignatureUnreadable = "seal/signature-unreadable",
    SealSignatureBad = "seal/signature-bad",
    SealSignatureOtherKey = "seal/signature-other-key",
    SealOfDamaged = "seal/of-damaged",
    SealOtherArchive = "seal/other-archive",
    SealOtherFile = "seal/other-file",
    SealMemberLost = "seal/member-lost",
    SealMembersBehindEnd = "seal/members-behind-end",
    SealMemberAdded = "seal/member-added",
    SealMemberMoved = "seal/member-moved",
    SealMemberChanged = "seal/member-changed",
    SealRecompressed = "seal/recompressed",
    SealRepacked = "seal/repacked",

    SidecarWrong = "sidecar/wrong",
    SidecarSize = "sidecar/size-differs",
    SidecarMalformed = "sidecar/malformed",
    SidecarNotListed = "sidecar/not-listed",
    SidecarFileMissing = "sidecar/file-missing",

    StoreDataMissing = "store/data-missing",
    StoreMetadataMissing = "store/metadata-missing",
    StoreMetadataUnusable = "store/metadata-unusable",
    StoreLeftover = "store/leftover",
    StoreEncrypted = "store/encrypted",

    AgainstWrongHere = "against/wrong-here",
    AgainstMissingHere = "against/missing-here",
    AgainstWrongThere = "against/wrong-there",
    AgainstWrongInBoth = "against/wrong-in-both",
    AgainstUndecided = "against/undecided",
    AgainstOther = "against/other-archive",
    AgainstOrder = "against/other-order",
    AgainstSameDamage = "against/same-damage",

    PolicyTooOld = "policy/too-old",
    PolicyTooSmall = "policy/too-small",
    PolicyTooLarge = "policy/too-large",
    PolicyArchiveMissing = "policy/archive-missing",
    PolicyVmMissing = "policy/vm-missing",
    PolicyOnlyDamaged = "policy/only-damaged",
    PolicyNoneRecent = "policy/none-recent",
}

impl Code {
    /// Whether it tells what a policy asks for, and nothing about what is in a backup.
    #[must_use]
    pub fn is_of_policy(self) -> bool {
        self.name().starts_with("policy/")
    }

    /// Finds a code by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// What the table says of it.
    #[must_use]
    pub fn entry(self) -> &'static table::Entry {
        table::entry(self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| {
            serde::de::Error::custom(format_args!("`{name}` is no code that this version knows"))
        })
    }
}

impl schemars::JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }

    // Open on purpose: later releases add codes, and a reader must not fail on them.
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[a-z-]+/[a-z0-9-]+$",
            "description": "A finding's code; `xenspect explain CODE` tells what it means."
        })
    }
}
