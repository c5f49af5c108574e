//! What `preflight` says: whether a restore or an import would be accepted, whether the host would boot with it, what
//! would change, and what to do, in order. How it is established is the business of `xenspect-preflight`. The JSON
//! contract is the one of [`crate::report`]: fields are added, never renamed or removed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::code::{Code, Severity};
use crate::finding::Finding;
use crate::report::{Envelope, Formatted, Kind, Named, Tool};
use crate::target::RenameRule;

/// Version of the shape of the document.
pub const SCHEMA: u32 = 1;

/// A whole preflight.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PreflightReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// What would be restored.
    pub input: PreflightInput,
    /// What it would be restored to.
    pub target: PreflightTarget,
    /// The answers. Of a host backup they are about the host and its database together.
    pub preflight: Answer,
    /// The restore of the host itself, in stages; of a host backup only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<HostRestore>,
    /// Version against version.
    pub version: VersionAnswer,
    /// NICs side by side, by device; of a pool database only.
    pub nics: Vec<NicRow>,
    /// A renaming of the target's NICs that puts every MAC address where the dump has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renaming: Option<Renaming>,
    /// What was found, in the order in which it comes to pass: what xapi refuses first, then what stops the host at its
    /// next boot, then the rest by severity.
    pub findings: Vec<Finding>,
    /// Findings beyond the kept number, by code.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub omitted: BTreeMap<Code, u64>,
    /// Every check, and what came of it.
    pub checks: Vec<Check>,
    /// What to do, in order.
    pub runbook: Vec<Step>,
    /// What could not be known, in sentences.
    pub not_checked: Vec<String>,
}

/// What would be restored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreflightInput {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Compression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<Envelope>,
    /// The member that was taken, where the input is a host backup: `var/backup/pool-database-…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The pool of a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<Named>,
    /// The coordinator of a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinator: Option<Named>,
    /// Hosts of a database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<u64>,
    /// VMs: neither templates nor snapshots nor control domains.
    pub vms: u64,
}

/// What it would be restored to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreflightTarget {
    /// The path as given.
    pub path: String,
    /// What the facts were read from, in words: `pool database`, `xensource-inventory`, `ip -j link`.
    pub sources: Vec<String>,
    /// Name of the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `INSTALLATION_UUID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
}

/// The answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// Whether xapi would accept it: of a pool database what `xe pool-restore-database dry-run=true` would say, of an
    /// export `xe vm-import`. `null` where the facts are missing.
    pub accepted: Option<bool>,
    /// Whether xapi would start with the restored database. `null` where the facts are missing, and for exports.
    pub boots: Option<bool>,
    /// The error that xapi would give first.
    pub xapi_error: Option<XapiError>,
    /// The errors that it did not get to, in the order of its steps.
    pub further_errors: Vec<XapiError>,
    /// What would be different afterwards.
    pub changes: Changes,
}

/// The restore of a host from its backup (`xe host-restore`, then the installer).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostRestore {
    /// Whether all stages would pass. `null` where the facts are missing.
    pub accepted: Option<bool>,
    /// The stages, in their order.
    pub stages: Vec<HostStage>,
    /// How the target compares with the machine that the backup is of.
    pub machine: Machine,
    /// What the host is afterwards.
    pub comes_back_as: HostIdentity,
    /// What the embedded pool database was compared with.
    pub database: HostDatabase,
}

/// One stage of the restore of a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostStage {
    /// Which.
    pub stage: Stage,
    /// Whether it would pass. `null` where the facts are missing.
    pub accepted: Option<bool>,
    /// The error that xapi would give.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi_error: Option<XapiError>,
    /// Why it would not pass, the first reason first; or what could not be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// What has been formatted, and so is lost, when it stops there; where it passes, when it is done.
    pub formatted: Formatted,
}

/// A stage of the restore of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// `xe host-restore`: the archive is unpacked to the spare partition.
    HostRestore,
    /// The installer looks for backups on partitions, and lists those that it can restore.
    InstallerLists,
    /// The installer formats the root and copies the backup to it.
    InstallerRestores,
}

/// How the target compares with the machine that a backup is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Machine {
    /// Facts are missing.
    #[default]
    Unknown,
    /// The very installation: the uuids are the same.
    SameInstallation,
    /// The same machine, installed anew: other uuids, the same disk or NICs.
    InstalledAnew,
    /// Another machine: other uuids, disk and NICs.
    Other,
}

/// What a restored host is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HostIdentity {
    /// `INSTALLATION_UUID`, which is the uuid of the host's row.
    pub installation_uuid: Option<String>,
    /// `CONTROL_DOMAIN_UUID`, which is the uuid of its control domain's row.
    pub control_domain_uuid: Option<String>,
    /// Name of the host, as the embedded database has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its role: `coordinator`, `member of ADDRESS`, or `broken`, with which xapi starts in emergency mode.
    pub role: Option<String>,
    /// `MANAGEMENT_INTERFACE`: a bridge.
    pub management_interface: Option<String>,
    /// Address of the management interface, or `DHCP`.
    pub management_address: Option<String>,
    /// Product, version and build.
    pub product: Option<String>,
    /// Whether it has the pool secret of the backup.
    pub pool_secret: bool,
    /// MAC addresses that it looks for, by the name of the NIC.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub macs: BTreeMap<String, String>,
}

/// What an embedded pool database was compared with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HostDatabase {
    /// With nothing: there is none that can be read.
    #[default]
    None,
    /// With nothing: the host is a member, and the pool's database is not restored on a member.
    NotOnMember,
    /// With the host as it comes back: its own uuids and product, the target's NICs and disks.
    HostRestored,
    /// With the target as it is, since the restore of the host would not pass or cannot be told.
    TargetAsItIs,
}

/// An error of xapi.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct XapiError {
    /// Its code: `RESTORE_TARGET_MISSING_DEVICE`.
    pub code: String,
    /// Its parameters.
    pub params: Vec<String>,
}

/// What would be different after the restore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Changes {
    /// Hosts whose rows go.
    pub hosts_forgotten: Vec<ForgottenHost>,
    /// PIF rows of the coordinator that are rewritten.
    pub pifs: Vec<PifChange>,
    /// The devices that bear the management flag before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<Change>,
    /// The uuid of the coordinator's row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_uuid: Option<Change>,
    /// The uuid of its control domain's row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control_domain_uuid: Option<Change>,
    /// NICs of the target that the database does not know.
    pub nics_forgotten: Vec<String>,
    /// Rows that stay although what they belong to is gone, by table.
    pub orphans: BTreeMap<String, u64>,
    /// Rows that xapi collects at its next start, by table.
    pub collected: BTreeMap<String, u64>,
    /// VMs that come up halted although the database has them otherwise.
    pub vms_halted: Vec<Named>,
    /// Networks that an import makes.
    pub networks_created: Vec<String>,
    /// VMs that an import with `preserve=true` destroys.
    pub vms_replaced: Vec<Named>,
}

/// A value before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// In the backup.
    pub before: Option<String>,
    /// After the restore.
    pub after: Option<String>,
}

/// A host that is forgotten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ForgottenHost {
    /// Its name.
    pub name: String,
    /// Its uuid.
    pub uuid: String,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// SRs that only it reaches.
    pub local_srs: Vec<Named>,
    /// Its PIFs, which go with it.
    pub pifs: u64,
}

/// What becomes of a PIF row of the coordinator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PifChange {
    /// Its device.
    pub device: String,
    /// Its VLAN tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vlan: Option<i64>,
    /// The MAC address, where it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<Change>,
    /// The management flag afterwards, where it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<bool>,
}

/// Version against version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VersionAnswer {
    /// The backup's.
    pub input: Level,
    /// The target's.
    pub target: Level,
    /// How they compare.
    pub relation: VersionRelation,
    /// The way out, in numbered steps; empty where none is needed.
    pub way_out: Vec<String>,
}

/// A level of the product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Level {
    /// Product, version and build as the host tells them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Version of xapi as the host or the export tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi: Option<String>,
    /// Schema: `5.603`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Products that have this schema.
    pub releases: Vec<String>,
    /// Builds of xapi that have this schema: `1.249.29`, or `24.14 to 24.16`.
    pub builds: Vec<String>,
}

/// How the backup's level compares with the target's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VersionRelation {
    /// One of the two is not known.
    #[default]
    Unknown,
    /// They are the same, by number, vendor and build as far as these are known.
    Same,
    /// The numbers are the same; vendor or build differ.
    SameNumber,
    /// The backup is older.
    Older,
    /// The backup is newer.
    Newer,
}

/// A NIC in the backup and in the target.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NicRow {
    /// Its device: `eth0`.
    pub device: String,
    /// In the backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_input: Option<NicSide>,
    /// In the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_target: Option<NicSide>,
    /// How they compare.
    pub state: NicState,
    /// The device that has the backup's MAC address in the target, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now_at: Option<String>,
}

/// One side of a NIC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NicSide {
    /// MAC address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// PCI address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pci: Option<String>,
    /// Whether it is the management interface: the NIC itself, or what stands on it.
    pub management: bool,
    /// Network, by name or bridge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// What stands on it: `bond0`, `VLAN 50`, `tunnel`, `SR-IOV`.
    pub uses: Vec<String>,
    /// Its IPv4 address, or `DHCP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
}

/// How a NIC of the backup compares with that of the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NicState {
    /// MAC addresses are not known on both sides.
    #[default]
    Unknown,
    /// The same device with the same MAC address.
    Same,
    /// The device is there with another MAC address, which no NIC of the backup has.
    Replaced,
    /// The MAC address is under another name: the wires are swapped.
    Moved,
    /// The device is not in the target.
    Missing,
    /// The device is in the target alone.
    Forgotten,
}

impl NicState {
    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "not known",
            Self::Same => "same",
            Self::Replaced => "new card",
            Self::Moved => "moved",
            Self::Missing => "MISSING",
            Self::Forgotten => "forgotten",
        }
    }
}

/// A renaming of the target's NICs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Renaming {
    /// The rules, by device.
    pub rules: Vec<RenameRule>,
    /// The command that the host's own tool takes: `interface-rename --update eth0=… eth1=…`.
    pub command: String,
    /// The same as lines of `static-rules.conf`.
    pub static_rules: Vec<String>,
}

/// Whether xapi itself makes a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Enforced {
    /// xapi makes it during a dry run or an import, and refuses.
    ByXapi,
    /// The installer makes it, and does not list the backup or ends.
    ByInstaller,
    /// xapi makes it when it next starts, and does not start.
    AtBoot,
    /// Nobody makes it but this program.
    Beyond,
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was found.
    Passed,
    /// Something was found.
    Found,
    /// Facts are missing.
    Unknown,
    /// There is nothing to check in this backup.
    NotApplicable,
}

/// A check, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// Its number in `formats/restore.md` section 8; absent for exports, clashes and the host itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u8>,
    /// What is checked, in a few words.
    pub title: &'static str,
    /// Whether xapi makes it.
    pub enforced: Enforced,
    /// What came of it.
    pub outcome: Outcome,
    /// Facts that it lacked, in words: `the target's NICs`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
    /// Codes that it gives.
    pub codes: &'static [Code],
}

/// A step of the runbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    /// What to do.
    pub title: String,
    /// Where it is done: `new coordinator`, `old pool`, the name of a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Why, or what to look out for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Commands, word for word. What has to be filled in stands in `<…>`.
    pub commands: Vec<String>,
}

impl PreflightReport {
    /// The worst severity among the findings.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}
