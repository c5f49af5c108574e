//! What `diff` says: what changed between two backups, or along a series of them. How it is established is the business of
//! `xenspect-diff`. The JSON contract is the one of [`crate::report`]: fields are added, never renamed or removed.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::{Envelope, Kind, Tool};

/// Version of the shape of the documents.
pub const SCHEMA: u32 = 1;

/// Two inputs compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// The older side.
    pub old: DiffInput,
    /// The newer side.
    pub new: DiffInput,
    /// Whether nothing differs, and nothing that could differ was left uncompared.
    pub same: bool,
    /// A side breaks off or is damaged, or blocks could not be compared: there may be more differences than are told.
    pub incomplete: bool,
    /// Objects of the two, in groups, in the order of [`Group`]; groups without a change are left out.
    pub groups: Vec<GroupChanges>,
    /// Blocks of the disks of two exports, in the order of the newer one.
    pub disks: Vec<DiskChange>,
    /// Files of two host backups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<FileChanges>,
    /// Differences that were met and left out, by `class.field`: volatile ones and those named by the caller.
    pub left_out: BTreeMap<String, u64>,
    /// What could not be compared, in sentences.
    pub not_compared: Vec<String>,
}

/// One side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffInput {
    /// The path as given; `-` for standard input.
    pub path: String,
    /// What it is; absent of a host backup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// Compression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub envelope: Option<Envelope>,
    /// The member that the objects are from, where the input is a host backup: `var/backup/pool-database-…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// What it calls itself: the name of the pool, or of the VM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `generation_count` of a pool database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<i64>,
    /// Schema of a pool database: `5.603`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema_version: Option<String>,
    /// The newest date in it, which is about when it was taken: `2026-01-31T23:59:59Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_date: Option<String>,
}

/// What a reader looks for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// VMs, templates and snapshots, with what hangs on them and is neither disk nor NIC.
    Vms,
    /// VDIs, and where they are attached (VBDs).
    Disks,
    /// NICs of VMs and of hosts, bonds, VLANs, tunnels.
    Nics,
    /// Networks.
    Networks,
    /// Hosts, with their hardware.
    Hosts,
    /// SRs, and how hosts reach them (PBDs).
    Srs,
    /// The pool's own settings.
    Pool,
    /// Everything else.
    Rest,
}

/// The changes of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GroupChanges {
    /// Which one.
    pub group: Group,
    /// Objects that only the newer side has.
    pub added: u64,
    /// Objects that only the older side has.
    pub removed: u64,
    /// Objects of both sides with a field that differs.
    pub changed: u64,
    /// All of them: removed ones, added ones, changed ones, each by class and title.
    pub objects: Vec<ObjectChange>,
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only the older side has it.
    Removed,
    /// Only the newer side has it.
    Added,
    /// Both have it, and it differs.
    Changed,
}

/// How the two sides of an object were found to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchedBy {
    /// They have one uuid.
    Uuid,
    /// They have one reference, and not one uuid.
    Reference,
    /// There can be only one of its kind: the pool.
    Class,
    /// It is made anew from time to time, and belongs to an object that was matched: what a guest reports, to its VM.
    Owner,
}

/// What an object is, where it is of class `VM` and is no VM, or of class `VDI` and is a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectRole {
    /// A snapshot of a VM or of a VDI.
    Snapshot,
    /// A template that someone made.
    Template,
    /// A host's own domain.
    ControlDomain,
    /// A template that came with the product.
    DefaultTemplate,
}

/// An object that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObjectChange {
    /// What became of it.
    pub change: Change,
    /// Its class: `VM`.
    pub class: String,
    /// What it is, where it is of class `VM` and is none, or a snapshot of a VDI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ObjectRole>,
    /// What to call it by, as the newer side has it if both do: a name; for what has none, a device, a number, a uuid.
    pub title: String,
    /// What it belongs to: the VM of a VBD, the host of a PIF, the SR of a VDI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its uuid, as the newer side has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its reference, as the newer side has it.
    pub reference: String,
    /// How its two sides were matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<MatchedBy>,
    /// What the change means, where that can be said in a word.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<Meaning>,
    /// Fields that differ, in the order of the newer side. Of an object that came or went, the few that tell what it
    /// is: with no old value if it came, with no new one if it went.
    pub fields: Vec<FieldChange>,
}

/// What a change means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Meaning {
    /// It has another name.
    Renamed {
        /// The older name.
        old: String,
        /// The newer name.
        new: String,
    },
    /// A disk is larger.
    Grown {
        /// Bytes on the older side.
        old: u64,
        /// Bytes on the newer side.
        new: u64,
    },
    /// A disk is smaller.
    Shrunk {
        /// Bytes on the older side.
        old: u64,
        /// Bytes on the newer side.
        new: u64,
    },
    /// A disk is in another SR, a VM on another host, a NIC on another network.
    Moved {
        /// Where it was.
        old: String,
        /// Where it is.
        new: String,
    },
    /// A disk is attached that was not, or another one.
    Attached {
        /// The VM.
        vm: String,
        /// The disk.
        disk: String,
        /// The place at the VM: `xvda`, or the number of the device.
        device: String,
    },
    /// A disk is no longer attached.
    Detached {
        /// The VM.
        vm: String,
        /// The disk.
        disk: String,
        /// The place at the VM: `xvda`, or the number of the device.
        device: String,
    },
    /// A VM is in another state.
    PowerState {
        /// As the older side has it: `Running`.
        old: String,
        /// As the newer side has it.
        new: String,
    },
    /// It has another uuid: it is most likely another object in the same place.
    Replaced {
        /// The older uuid.
        old: String,
        /// The newer uuid.
        new: String,
    },
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldChange {
    /// Its name in the API: `name_label`.
    pub field: String,
    /// What differs.
    #[serde(flatten)]
    pub delta: Delta,
    /// A meaning of the object tells it already.
    #[serde(skip)]
    pub is_told: bool,
}

/// What differs in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Delta {
    /// A value; where one side does not have the field, its value is absent.
    Value {
        /// The older value.
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<Shown>,
        /// The newer value.
        #[serde(skip_serializing_if = "Option::is_none")]
        new: Option<Shown>,
    },
    /// A set: what came and what went. Order is none of its business.
    Set {
        /// Members that only the older side has.
        removed: Vec<Shown>,
        /// Members that only the newer side has.
        added: Vec<Shown>,
    },
    /// A map: keys that came, went or have another value.
    Map {
        /// Pairs that only the older side has.
        removed: Vec<(String, Shown)>,
        /// Pairs that only the newer side has.
        added: Vec<(String, Shown)>,
        /// Keys of both sides with another value.
        changed: Vec<KeyChange>,
    },
    /// A long text, line by line or word by word.
    Text {
        /// What to put between two pieces when they are shown in one: a line feed, or nothing.
        by: TextUnit,
        /// The pieces, with some that did not change around those that did.
        pieces: Vec<Piece>,
    },
    /// A secret: that it differs is all that is told.
    Secret {
        /// What became of it.
        change: Change,
        /// The key, where the field is a map.
        #[serde(skip_serializing_if = "Option::is_none")]
        key: Option<String>,
    },
}

/// A value as it is shown. Secrets in it are masked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Shown {
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(i64),
    /// What a reference leads to.
    Object {
        /// The reference, as it stands.
        reference: String,
        /// What it leads to is called; absent where it leads nowhere.
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    },
    /// Anything else.
    Text(String),
}

/// A key of a map that has another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeyChange {
    /// The key.
    pub key: String,
    /// The older value.
    pub old: Shown,
    /// The newer value.
    pub new: Shown,
}

/// What a long text is compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TextUnit {
    /// Lines.
    Lines,
    /// Words.
    Words,
}

/// A piece of a compared text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "is", rename_all = "lowercase")]
pub enum Piece {
    /// Both sides have it.
    Same {
        /// The text.
        text: String,
    },
    /// Only the older side has it.
    Removed {
        /// The text.
        text: String,
    },
    /// Only the newer side has it.
    Added {
        /// The text.
        text: String,
    },
    /// Pieces of both sides that are not shown.
    Skipped {
        /// How many.
        count: u64,
    },
}

/// The blocks of one disk of two exports, by their sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiskChange {
    /// What became of the disk.
    pub change: Change,
    /// Name of the VDI, or else its reference.
    pub title: String,
    /// uuid of the VDI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its reference in the older archive: `Ref:4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_reference: Option<String>,
    /// Its reference in the newer archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_reference: Option<String>,
    /// Blocks and bytes that both have, with the same sum. Blocks that neither has, being zero, are not counted.
    pub same: Extent,
    /// Both have them, and they differ.
    pub changed: Extent,
    /// Only the newer one has them: what was zero there, or beyond the end, is not any more.
    pub appeared: Extent,
    /// Only the older one has them.
    pub vanished: Extent,
    /// Blocks without a sum on a side, or with sums of two kinds.
    pub unknown: Extent,
    /// The parts of the disk that are not the same, in the order of the disk; neighbours of one kind are joined.
    pub ranges: Vec<BlockRange>,
    /// Ranges beyond those kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub more_ranges: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A number of blocks, and the bytes in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Extent {
    /// Blocks.
    pub blocks: u64,
    /// Bytes.
    pub bytes: u64,
}

/// A part of a disk that is not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BlockRange {
    /// Why it is here.
    pub is: RangeKind,
    /// Its first byte on the disk.
    pub start: u64,
    /// Its length in bytes.
    pub len: u64,
}

/// Why a range is not the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RangeKind {
    /// Both have it, and it differs.
    Changed,
    /// Only the newer one has it.
    Appeared,
    /// Only the older one has it.
    Vanished,
    /// It cannot be compared.
    Unknown,
}

/// Files of two host backups.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileChanges {
    /// Files that are the same.
    pub same: u64,
    /// Files that came, went or changed, by path.
    pub changes: Vec<FileChange>,
    /// Changes beyond those kept.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: u64,
    /// Files of both sides whose contents are not known of both.
    #[serde(skip_serializing_if = "is_zero")]
    pub unknown: u64,
    /// Files that differ and are left out, since they differ between any two backups: how many, by what they are (`logs`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub volatile: BTreeMap<String, u64>,
}

/// A file that came, went or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileChange {
    /// What became of it.
    pub change: Change,
    /// Its path, without `./`.
    pub path: String,
    /// What it was; absent if it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<FileState>,
    /// What it is; absent if it went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<FileState>,
    /// Of files that are read: the keys that came, went or changed (`xensource-inventory`, rules of NICs).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<FieldChange>,
}

/// A file as an archive has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileState {
    /// What it is.
    pub is: FileKind,
    /// Length in bytes of a regular file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub len: Option<u64>,
    /// SHA-256 of a regular file's contents, in hexadecimal digits. Absent for one that holds secrets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Where a link leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Permissions, as four octal digits: `0644`.
    pub mode: String,
    /// Numbers of the owner and the group: `0:0`.
    pub owner: String,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Symlink,
    /// Another name of a file in the same archive.
    HardLink,
    /// A device.
    Device,
    /// A FIFO.
    Fifo,
    /// Anything else.
    Other,
}

/// A series of inputs, from the oldest to the newest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SeriesReport {
    /// Version of this document's shape.
    pub schema: u32,
    /// The program that made it.
    pub tool: Tool,
    /// The inputs, as they are compared.
    pub inputs: Vec<DiffInput>,
    /// Whether nothing differs between any of them, and nothing that could differ was left uncompared.
    pub same: bool,
    /// An input breaks off or is damaged: there may be more differences than are told.
    pub incomplete: bool,
    /// The objects that people ask about: VMs, VDIs and where they are attached, NICs of VMs and hosts, networks, hosts, SRs
    /// and the pool; by group, class and title.
    pub tracks: Vec<Track>,
    /// Objects that are in all inputs and never changed, by class; `tracks` has them only if they were asked for.
    pub unchanged: BTreeMap<String, u64>,
    /// How often objects of other classes came, went or changed, by class.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<String, u64>,
    /// What could not be compared, in sentences.
    pub not_compared: Vec<String>,
}

/// One object along a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Track {
    /// Its group.
    pub group: Group,
    /// Its class.
    pub class: String,
    /// What it is, where it is of class `VM` and is none, or a snapshot of a VDI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<ObjectRole>,
    /// What to call it by, as it was last seen.
    pub title: String,
    /// What it belongs to, as it was last seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its uuid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its reference, as it was last seen.
    pub reference: String,
    /// Index of the first input that has it.
    pub first_seen: u32,
    /// Index of the last input that has it.
    pub last_seen: u32,
    /// Inputs between the two that do not have it, by index.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_in: Vec<u32>,
    /// What changed, step by step.
    pub changes: Vec<TrackChange>,
}

/// What changed of an object from the input before to this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrackChange {
    /// Index of the input in which it is different from the one in which it was last seen before.
    pub at: u32,
    /// What the change means.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<Meaning>,
    /// Fields that differ.
    pub fields: Vec<FieldChange>,
}
