//! What a report says of an input as a copy: the digests beside it, its seal, another copy of it, and the copy that was made
//! while it was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Range;

/// What is said of an input as a copy. All of it is absent where nothing was asked and nothing lies beside the input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CopyChecks {
    /// Digests and lengths beside the input that it was checked against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sidecars: Vec<Sidecar>,
    /// The seal that it was checked against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Box<Sealed>>,
    /// How it compares with another copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Box<Against>>,
    /// The copy that was made while it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tee: Option<Box<Tee>>,
}

/// A digest, or a length, that something beside an input tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sidecar {
    /// The file that tells it.
    pub path: String,
    /// What it tells: `MD5`, `SHA-1`, `SHA-256`, `SHA-512` or `size`.
    pub tells: String,
    /// How the input compares.
    pub outcome: SidecarOutcome,
    /// What it says, if that can be read: hexadecimal digits, or a number of bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What the input has, if it was read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// How an input compares with what stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SidecarOutcome {
    /// It is as it says.
    Good,
    /// It is not.
    Wrong,
    /// The list of digests does not name the input.
    Missing,
    /// It cannot be understood.
    Malformed,
}

/// How an input compares with its seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sealed {
    /// The seal's file.
    pub path: String,
    /// The root digest of its members, in hexadecimal digits; absent if the seal cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// The file is the one that was sealed, byte for byte.
    pub same_file: bool,
    /// All members are those that were sealed, in their order.
    pub same_members: bool,
    /// Members that the seal names.
    pub members: u64,
    /// Members that are gone.
    pub lost: u64,
    /// Members that were not there.
    pub added: u64,
    /// Members that are elsewhere in the order.
    pub moved: u64,
    /// Members with other contents.
    pub changed: u64,
    /// What was asked of its signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What came of looking at a seal's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Whether the key that was given made it, over this seal.
    pub good: bool,
    /// Fingerprint of the key that made it, as `ssh-keygen -l` shows it; absent where there is no signature that can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// How an input compares with another copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Against {
    /// The other copy.
    pub path: String,
    /// How they compare as a whole.
    pub state: AgainstState,
    /// Members that are alike in both.
    pub same: u64,
    /// Members in both with different contents.
    pub different: u64,
    /// Members of which this copy alone has one that could be read.
    pub only_here: u64,
    /// Members of which the other copy alone has one that could be read.
    pub only_there: u64,
    /// Where they differ, in the order of the archive; further ones are counted.
    pub ranges: Vec<DifferingRange>,
    /// Ranges beyond those that are listed.
    pub ranges_more: u64,
}

/// How two copies compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AgainstState {
    /// The same members with the same contents.
    Same,
    /// They differ, and at each place one of the two is right: a whole archive can be made of both.
    OneIsRight,
    /// They differ, and at some place it cannot be said which one is right, or neither is.
    Undecided,
    /// They are no copies of one archive.
    OtherArchive,
}

/// Neighbouring members that differ in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DifferingRange {
    /// First of the members.
    pub first: String,
    /// Last of the members, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// How many there are.
    pub members: u64,
    /// Where they are in the stream of this copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub here: Option<Range>,
    /// Where they are in the stream of the other copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub there: Option<Range>,
    /// Of blocks: their disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk: Option<String>,
    /// Of blocks: where they are on the disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_range: Option<Range>,
    /// Which copy carries the right sum.
    pub right: Carries,
}

/// Which of two copies carries a block with the right sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Carries {
    /// This one.
    Here,
    /// The other one.
    There,
    /// Both do, with different contents: they are no copies of one archive.
    Both,
    /// Neither.
    Neither,
    /// There is no sum that tells.
    Untold,
}

/// A copy that was made while an input was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tee {
    /// Where it is; its name ends in `.damaged` if the input is not sound.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal digits.
    pub sha256: String,
}

/// An input that was not looked at this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Left {
    /// Its path.
    pub path: String,
    /// Why.
    pub reason: LeftReason,
    /// The same in words, with what was seen.
    pub detail: String,
}

/// Why an input was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LeftReason {
    /// It was verified a short while ago, and is the same by size and time.
    VerifiedRecently,
    /// It is not in this run's part of the store.
    NotInSample,
    /// It grew or changed while it was looked at: somebody is writing it.
    StillGrowing,
}
