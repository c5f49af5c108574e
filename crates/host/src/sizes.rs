//! Sizes of partitions that the installer makes (`formats/host-backup.md` section 6), and what fits on them, in bytes.

const MIB: u64 = 1 << 20;

/// The root, since 7.0.
pub const ROOT: u64 = 18_432 * MIB;
/// The spare partition, to which a backup is unpacked, since 7.0.
pub const BACKUP: u64 = 18_432 * MIB;
/// The root and the spare partition up to 6.x.
pub const BEFORE_7: u64 = 4_096 * MIB;

/// The journal of ext3 on a partition of such a size.
const JOURNAL: u64 = 128 * MIB;
/// One part in so many is taken by the tables of inodes: 256 bytes for each 16 KiB.
const INODES: u64 = 64;
/// What a file takes beyond its data, on average: half of its last block of 4 KiB.
const ROUNDING: u64 = 2048;

/// What ext3 leaves of a partition for files.
#[must_use]
pub const fn room(partition: u64) -> u64 {
    partition
        .saturating_sub(JOURNAL)
        .saturating_sub(partition / INODES)
}

/// What so many members with so much data take, as far as that can be told.
#[must_use]
pub const fn taken(data: u64, members: u64) -> u64 {
    data.saturating_add(members.saturating_mul(ROUNDING))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_holds_less_than_it_has() {
        assert_eq!(room(BACKUP), 18_016 * MIB);
        assert_eq!(room(0), 0);
        assert_eq!(taken(100, 3), 100 + 3 * 2048);
        assert_eq!(taken(u64::MAX, 1), u64::MAX);
    }
}
