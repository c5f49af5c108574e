//! What a report holds, whatever it is rendered to. This is the JSON contract: fields are added,
//! never renamed or removed, and any optional one may be absent (`docs/manual/src/json.md`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::code::{Code, Severity};
use crate::finding::Finding;

mod copy;
pub mod history;
mod host;
mod map;
mod order;
mod policy;

pub use copy::{
    Against, AgainstState, Carries, CopyChecks, Difference, DifferingRange, Left, LeftReason,
    Packing, SealOutcome, Sealed, Sidecar, SidecarOutcome, Signature, SignatureOutcome, Tee,
};
pub use host::{Formatted, HostDatabase, HostRole, HostSummary, RestoreAnswer, StageAnswer};
pub use map::{DiskMap, MapRun};
pub use order::by_path;
pub use policy::PolicyApplied;

/// Version of the JSON document's shape.
pub const SCHEMA: u32 = 1;

/// A whole report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// One entry per input, in the order given.
    pub inputs: Vec<Input>,
    /// Inputs that were not looked at this time, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// Whether the run was interrupted, so that inputs are missing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub interrupted: bool,
    /// The lowest severity of a finding that made the exit status 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<Severity>,
    /// What a policy or a baseline made of it, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyApplied>,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// The program that made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The one-word result for an input.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything that can be checked is right.
    Sound,
    /// Warnings only.
    Suspect,
    /// Cut short, or not looked at to the end; what was looked at is right.
    Incomplete,
    /// At least one error.
    Damaged,
    /// Not a backup, cannot be opened, or the program failed.
    Unreadable,
}

impl Verdict {
    /// The word used in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Suspect => "suspect",
            Self::Incomplete => "incomplete",
            Self::Damaged => "damaged",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What kind of backup an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// VM export with disks.
    Xva,
    /// VM export of XenServer 3 ("version 1").
    XvaVersion1,
    /// Metadata-only export.
    Metadata,
    /// One disk, exported as `tar`.
    VdiTar,
    /// The `ova.xml` of an export, by itself.
    OvaXml,
    /// Pool database: a dump, or the file of a host.
    PoolDb,
    /// Redo log: a pool database with the changes behind it, on a block device.
    RedoLog,
    /// Host backup: a tarball of a host's root file system.
    HostBackup,
}

impl Kind {
    /// The name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xva => "xva",
            Self::XvaVersion1 => "xva-version1",
            Self::Metadata => "metadata",
            Self::VdiTar => "vdi-tar",
            Self::OvaXml => "ova-xml",
            Self::PoolDb => "pool-db",
            Self::RedoLog => "redo-log",
            Self::HostBackup => "host-backup",
        }
    }

    /// What it is, for a reader.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Xva => "VM export",
            Self::XvaVersion1 => "VM export of XenServer 3 (XVA version 1)",
            Self::Metadata => "metadata-only export",
            Self::VdiTar => "per-disk export (tar)",
            Self::OvaXml => "ova.xml of an export, without the archive",
            Self::PoolDb => "pool database",
            Self::RedoLog => "redo log of a pool database",
            Self::HostBackup => "host backup",
        }
    }
}

/// The compression around an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Envelope {
    /// Not compressed.
    Plain,
    /// gzip, one member or several.
    Gzip,
    /// zstd, one frame or several.
    Zstd,
}

impl Envelope {
    /// The name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Everything said about one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// The path below the folder that was given, with `/` between its parts; absent if the input was named itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// What it is; absent when that could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Compression; absent when the input could not be opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<Envelope>,
    /// The one-word result.
    pub verdict: Verdict,
    /// Why there is nothing else, in one sentence; only with the verdict `unreadable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Bytes of the input as stored.
    pub bytes: u64,
    /// Bytes of the decompressed stream.
    pub stream_bytes: u64,
    /// Members of the tar stream.
    pub members: u64,
    /// The export's origin, where `ova.xml` could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exporter: Option<Exporter>,
    /// What a pool database is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<DatabaseSummary>,
    /// What a host backup is of, and what its restore would come to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<Box<HostSummary>>,
    /// The VMs of an export. Those of a pool database are counted in `database`.
    pub vms: Vec<Vm>,
    /// The disks, in stream order, missing ones behind.
    pub disks: Vec<Disk>,
    /// What `xe vm-import` would say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<Import>,
    /// What is said of it as a copy.
    #[serde(flatten)]
    pub copy: CopyChecks,
    /// Findings in the order of their place.
    pub findings: Vec<Finding>,
    /// Findings beyond the kept number, by code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub omitted: BTreeMap<Code, u64>,
    /// What was checked, in sentences.
    pub checked: Vec<String>,
    /// What could not be checked, in sentences.
    pub not_checked: Vec<String>,
}

/// Where an export comes from. Texts are as stored, and may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exporter {
    /// Product brand, `XCP-ng` for instance.
    pub product_brand: String,
    /// Product version.
    pub product_version: String,
    /// Build number.
    pub build_number: String,
    /// Version of xapi, `major.minor`, as the importer's gate compares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi: Option<String>,
    /// Version of the export format.
    pub export_vsn: u32,
}

/// A pool database in a few words. Texts are as stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatabaseSummary {
    /// Major number of its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_major: Option<i64>,
    /// Minor number of its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_minor: Option<i64>,
    /// Releases that have this schema.
    pub releases: Vec<String>,
    /// Number of changes that the database has seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
    /// The pool; its name may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<Named>,
    /// The host that the pool names as its coordinator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinator: Option<Named>,
    /// The hosts.
    pub hosts: Vec<Host>,
    /// Tables, with or without rows.
    pub tables: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// VMs that are neither templates, snapshots nor control domains.
    pub vms: u64,
    /// Templates, those that came with the product included.
    pub templates: u64,
    /// Snapshots of VMs.
    pub snapshots: u64,
    /// Control domains.
    pub control_domains: u64,
    /// Storage repositories.
    pub srs: u64,
    /// Virtual disks.
    pub vdis: u64,
    /// Networks.
    pub networks: u64,
    /// How a redo log was put together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redo_log: Option<RedoLog>,
}

/// Something with a name and a uuid.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its uuid.
    pub uuid: String,
}

/// A host of a pool database, with what it said of itself when it last started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Its uuid.
    pub uuid: String,
    /// Product, version and build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Version of xapi.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi: Option<String>,
}

/// How a redo log was put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RedoLog {
    /// The half of the device that is valid: 1 or 2.
    pub half: u8,
    /// Generation of the database that the changes are put into.
    pub generation: i64,
    /// Changes that were put in.
    pub applied: u64,
    /// Changes that were not.
    pub skipped: u64,
}

/// A VM of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Vm {
    /// Its name.
    pub name: String,
    /// Its uuid.
    pub uuid: String,
}

/// A disk of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Disk {
    /// `Ref:N`, the folder of its blocks.
    pub id: String,
    /// The VDI's uuid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// The VDI's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `userdevice` of its VBD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Size in `ova.xml`, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_size: Option<u64>,
    /// Bytes that the blocks account for, absent ones included.
    pub reached: u64,
    /// Bytes stored in blocks.
    pub stored: u64,
    /// Blocks in the archive, keep-alives not counted.
    pub blocks: u64,
    /// Blocks left out between others, hence zero.
    pub absent: u64,
    /// Blocks stored although all zero.
    pub zero: u64,
    /// Keep-alives (blocks of zero bytes).
    pub keep_alives: u64,
    /// Blocks whose checksum matches.
    pub good: u64,
    /// Blocks whose checksum does not match.
    pub bad: u64,
    /// Blocks that could not be checked.
    pub unchecked: u64,
    /// Kinds of its checksums.
    pub sums: Vec<String>,
    /// Where on the disk its blocks lie and what is known of them. Absent where nothing was looked at, and for disks behind
    /// the first 128 of an input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<DiskMap>,
}

/// What `xe vm-import` would answer, on a host of the exporter's version or a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Import {
    /// The answer.
    pub answer: ImportAnswer,
    /// The error it would stop with first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub xapi_error: Option<String>,
    /// Offset in the stream where it would stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The lowest xapi version that takes the archive, `major.minor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_xapi: Option<String>,
}

/// The answers that an import can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportAnswer {
    /// It would be accepted.
    Accepted,
    /// It would be accepted with `force=true` only.
    OnlyWithForce,
    /// It would be refused.
    Refused,
}

impl Input {
    /// An input of which nothing can be said but why.
    #[must_use]
    pub fn unreadable(path: String, error: String) -> Self {
        Self {
            path,
            below: None,
            kind: None,
            envelope: None,
            verdict: Verdict::Unreadable,
            error: Some(error),
            bytes: 0,
            stream_bytes: 0,
            members: 0,
            exporter: None,
            database: None,
            host: None,
            vms: Vec::new(),
            disks: Vec::new(),
            import: None,
            copy: CopyChecks::default(),
            findings: Vec::new(),
            omitted: BTreeMap::new(),
            checked: Vec::new(),
            not_checked: Vec::new(),
        }
    }

    /// Findings of a severity, the omitted ones included.
    #[must_use]
    pub fn count(&self, severity: Severity) -> u64 {
        let kept = self
            .findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count();
        let omitted: u64 = self
            .omitted
            .iter()
            .filter(|(code, _)| self.severity_of_omitted(**code) == severity)
            .map(|(_, count)| count)
            .sum();
        kept as u64 + omitted
    }

    /// How bad the findings of a code are that were only counted: as those of it that are kept where a policy set that, else as the
    /// table says.
    fn severity_of_omitted(&self, code: Code) -> Severity {
        let own = code.entry().severity;
        self.findings
            .iter()
            .find(|finding| finding.code == code && finding.default_severity == Some(own))
            .map_or(own, |finding| finding.severity)
    }

    /// The worst severity among the findings that no baseline accepts, which is what decides on the exit status.
    #[must_use]
    pub fn worst_not_accepted(&self) -> Option<Severity> {
        self.findings
            .iter()
            .filter(|finding| !finding.accepted)
            .map(|finding| finding.severity)
            .max()
    }

    /// The worst severity among the findings, those that a baseline accepts among them.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}
