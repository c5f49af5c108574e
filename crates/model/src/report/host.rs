//! A host backup in a few words: whose it is, the pool databases in it, and how far a restore would come
//! (`formats/host-backup.md` sections 3 to 6).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::DatabaseSummary;
use crate::code::Code;

/// What a host backup is of. Texts are as in its inventory; what that does not tell is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostSummary {
    /// PRODUCT_BRAND, `XCP-ng` for instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_brand: Option<String>,
    /// PRODUCT_VERSION.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// PLATFORM_VERSION, which the installer compares with its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform_version: Option<String>,
    /// BUILD_NUMBER.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_number: Option<String>,
    /// INSTALLATION_UUID, the uuid of the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installation_uuid: Option<String>,
    /// CONTROL_DOMAIN_UUID, the uuid of its control domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_domain_uuid: Option<String>,
    /// PRIMARY_DISK, without which the installer does not offer the backup on a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_disk: Option<String>,
    /// What etc/xensource/pool.conf makes of the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<HostRole>,
    /// The address of the coordinator, for a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinator_address: Option<String>,
    /// Latest time of change of a file, in UTC: `2024-06-01T10:00:00Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_file: Option<String>,
    /// Bytes of data in its files; of sparse ones those that are stored.
    pub unpacked_bytes: u64,
    /// Length in bytes of the spare partition in the layout that the host has.
    pub partition_bytes: u64,
    /// The files would fit on the spare partition of the layout up to 6.x too, which has 4 GiB.
    pub fits_old_layout: bool,
    /// The pool databases in it, the one to use first.
    pub databases: Vec<HostDatabase>,
    /// What `xe host-restore` would come to, the first stage of a restore.
    pub host_restore: StageAnswer,
    /// What the installer would come to, the second stage.
    pub installer: StageAnswer,
}

/// What a host is in its pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostRole {
    /// The coordinator.
    Coordinator,
    /// A member.
    Member,
    /// The file says neither, or is missing: xapi starts in emergency mode.
    Broken,
}

/// A pool database in a host backup.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostDatabase {
    /// Its path in the backup.
    pub path: String,
    /// When it was last changed, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// It is the one to restore the pool from: of those that were read whole the one with the highest generation, of two with
    /// the same one the one that the backup made for itself.
    pub preferred: bool,
    /// What it is about; absent when it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseSummary>,
}

/// What one stage of a restore would come to, on a host of the backup's release or a later one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StageAnswer {
    /// The answer.
    pub answer: RestoreAnswer,
    /// The finding that decides it: the first one that the stage would stop at. Of an accepted backup one that makes it
    /// bad all the same: host-restore runs what is in the inventory, xapi would not start on what the installer restores, or
    /// only some installers take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// The error that xapi would answer with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi_error: Option<String>,
    /// What is formatted by the time at which it stops. Absent where it does not stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<Formatted>,
    /// The hosts or installers for which the answer holds, where it does not for all: `hosts of 8.0 and later`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_on: Option<String>,
    /// The lowest platform version of an installer that lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_platform: Option<String>,
}

/// The answers that a stage of a restore can give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RestoreAnswer {
    /// It would be accepted: `xe host-restore` takes it, the installer lists and restores it.
    Accepted,
    /// `xe host-restore` would end with an error.
    Refused,
    /// The installer would pass it over, without a message.
    NotListed,
    /// The installer would list it, and stop while it restores.
    Stops,
    /// It cannot be told: what it depends on was not read.
    #[default]
    Unknown,
}

/// What has been formatted, so that what was there is lost.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Formatted {
    /// Nothing yet.
    Nothing,
    /// The spare partition, with an earlier backup or the previous version of the host on it.
    SparePartition,
    /// The root and the EFI partition too.
    RootAndEfi,
}

impl Formatted {
    /// The words used in reports.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::SparePartition => "the spare partition",
            Self::RootAndEfi => "the root and the EFI partition",
        }
    }
}
