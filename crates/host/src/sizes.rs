//! Sizes of partitions that the installer makes (`formats/host-backup.md` section 6), in bytes.

const MIB: u64 = 1 << 20;

/// The root, since 7.0.
pub const ROOT: u64 = 18_432 * MIB;
/// The spare partition, to which a backup is unpacked, since 7.0.
pub const BACKUP: u64 = 18_432 * MIB;
/// The root and the spare partition up to 6.x.
pub const BEFORE_7: u64 = 4_096 * MIB;
