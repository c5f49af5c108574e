//! What a report says of an input as a copy: the digests beside it, its seal, another copy of it, and the copy that was made
//! while it was read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Verdict;
use crate::finding::Range;

/// What is said of an input as a copy. All of it is absent where nothing was asked and nothing lies beside the input.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CopyChecks {
    /// What the repository that it lies in calls it: a VM or pool, and when the backup was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
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
    /// What else is to be known: the line, the name that stands there, or why it cannot be understood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
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
    /// The input was not read to its end, so that it cannot be told.
    Untold,
}

/// How an input compares with its seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sealed {
    /// The seal's file.
    pub path: String,
    /// The root digest of its members, in hexadecimal digits; absent if the seal cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<String>,
    /// What came of comparing.
    pub outcome: SealOutcome,
    /// The file is the one that was sealed, byte for byte.
    pub same_file: bool,
    /// All members are those that were sealed, in their order.
    pub same_members: bool,
    /// Where the members hold: in what else the file is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packing: Option<Packing>,
    /// What was found when it was sealed, if that was not good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_as: Option<Verdict>,
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
    /// Members that could not be compared: they could not be read, or lie behind the end of what was read.
    pub not_compared: u64,
    /// What was asked of its signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
}

/// What came of comparing an input with its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SealOutcome {
    /// It is as it was sealed: the file, or all its members.
    Holds,
    /// Members were lost, added, moved or changed, or could not be read.
    Differs,
    /// It is another archive.
    OtherArchive,
    /// The file is another one, and its members are not known.
    OtherFile,
    /// Nothing was read that can be compared.
    NotCompared,
    /// The seal cannot be used, or its signature is not good.
    Unusable,
}

/// In what a file is another one whose members are all as they were sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Packing {
    /// It was compressed anew, or decompressed.
    Recompressed,
    /// The bytes around the members are others: their headers, what fills them up, the end.
    Repacked,
    /// It is not known, since the file was not read to its end.
    Untold,
}

/// What came of looking at a seal's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Signature {
    /// Whether the key that was given made it, over this seal.
    pub good: bool,
    /// What came of it.
    pub outcome: SignatureOutcome,
    /// Fingerprint of the key that made it, as `ssh-keygen -l` shows it; absent where there is no signature that can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What can come of looking at a seal's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureOutcome {
    /// A key that was given made it, over this seal.
    Good,
    /// A key that was given is named in it, and it is not over this seal.
    Bad,
    /// Another key made it.
    OtherKey,
    /// There is none.
    Missing,
    /// It cannot be read.
    Unreadable,
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
    /// Members in both that are elsewhere in the order.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved: u64,
    /// Members beyond the number that is kept of an input, which were not compared.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_compared: u64,
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
    /// What the difference is.
    pub differs: Difference,
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

/// How members of two copies differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Both could be read, and are not alike.
    Contents,
    /// They could be read in this copy only.
    OnlyHere,
    /// They could be read in the other copy only.
    OnlyThere,
    /// They could be read in neither.
    Unread,
    /// They are alike, and elsewhere in the order.
    Order,
    /// They are alike, and wrong in both by their own sums.
    Alike,
}

/// Which of two copies carries a block with the right sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Carries {
    /// This one.
    Here,
    /// The other one.
    There,
    /// Both do, with different contents: they are no copies of one archive, or one was changed on purpose.
    Both,
    /// Neither.
    Neither,
    /// There is no sum that tells.
    Untold,
}

impl Against {
    /// The same said of the other copy. `path` is that of this one.
    #[must_use]
    pub fn mirrored(&self, path: String) -> Self {
        Self {
            path,
            only_here: self.only_there,
            only_there: self.only_here,
            ranges: self.ranges.iter().map(DifferingRange::mirrored).collect(),
            ..*self
        }
    }
}

impl DifferingRange {
    fn mirrored(&self) -> Self {
        Self {
            first: self.first.clone(),
            last: self.last.clone(),
            differs: match self.differs {
                Difference::OnlyHere => Difference::OnlyThere,
                Difference::OnlyThere => Difference::OnlyHere,
                other => other,
            },
            here: self.there,
            there: self.here,
            disk: self.disk.clone(),
            right: self.right.mirrored(),
            ..*self
        }
    }
}

impl Carries {
    /// The same seen from the other copy.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Here => Self::There,
            Self::There => Self::Here,
            other => other,
        }
    }
}

// Called by a derived implementation, which passes a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A copy that was made while an input was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tee {
    /// Where it is; its name ends in `.damaged` if the input is not sound.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of it, in hexadecimal digits; absent if the input could not be read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// An input that was not looked at this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Left {
    /// Its path.
    pub path: String,
    /// The path below the folder that was given; absent if the input was named itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
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
