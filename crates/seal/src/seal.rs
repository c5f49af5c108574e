//! A seal in memory: what it says of the file, and the members in their order.

use thiserror::Error;
use xenspect_model::catalog::{Manifest, ManifestEntry, Sha256, StoredFile};
use xenspect_model::report::{Envelope, Input, Kind, Verdict};

use crate::{leaf, tree};

/// A seal.
#[derive(Debug, Clone)]
pub struct Seal {
    /// All but the members.
    pub about: About,
    /// The members in their order. Of each only name, size, SHA-256 and attributes are known.
    pub members: Manifest,
}

/// What a seal says beside the members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Name of the file, without its folder; nothing rests on it.
    pub file: Option<String>,
    /// Bytes of the file as it is stored.
    pub size: u64,
    /// SHA-256 of the file as it is stored.
    pub sha256: Sha256,
    /// What it is.
    pub kind: Kind,
    /// How it is packed.
    pub envelope: Envelope,
    /// What a verification said of it while it was sealed.
    pub verdict: Verdict,
    /// Whether the walk came to the proper end.
    pub complete: bool,
    /// SHA-256 of the member that describes it: `ova.xml`, the database, or the inventory of a host.
    pub metadata: Option<Sha256>,
    /// Root over the members.
    pub root: Sha256,
}

/// Why an input cannot be sealed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotSealed {
    /// It is not known what it is.
    #[error("it is not known what it is")]
    Kind,
    /// It was not read to its end, so that it has no digest.
    #[error("it was not read to its end")]
    NotRead,
    /// It has more members than are kept.
    #[error("it has {0} members more than can be sealed")]
    TooMany(u64),
}

impl Seal {
    /// Seals an input. Whether it should be sealed is for the caller to say: this takes a damaged one too, and the seal says so.
    ///
    /// # Errors
    ///
    /// [`NotSealed`].
    pub fn of(input: &Input, stored: &StoredFile, members: Manifest) -> Result<Self, NotSealed> {
        let kind = input.kind.ok_or(NotSealed::Kind)?;
        let envelope = input.envelope.ok_or(NotSealed::Kind)?;
        let sha256 = stored.sha256().ok_or(NotSealed::NotRead)?;
        if members.left_out > 0 {
            return Err(NotSealed::TooMany(members.left_out));
        }
        Ok(Self {
            about: About {
                file: file_name(&input.path),
                size: stored.bytes,
                sha256,
                kind,
                envelope,
                verdict: input.verdict,
                complete: members.complete,
                metadata: metadata(kind, &members),
                root: root(&members),
            },
            members,
        })
    }

    /// Whether what was sealed was good.
    #[must_use]
    pub fn is_of_a_good_one(&self) -> bool {
        self.about.is_of_a_good_one()
    }
}

impl About {
    /// Whether what was sealed was good.
    #[must_use]
    pub fn is_of_a_good_one(&self) -> bool {
        self.complete && self.verdict <= Verdict::Suspect
    }
}

/// The last part of a path, if it has one that is text.
fn file_name(path: &str) -> Option<String> {
    let name = path.rsplit(std::path::is_separator).next()?;
    let has_one = !matches!(name, "" | "-" | "." | "..");
    has_one.then(|| name.to_owned())
}

/// The root over members.
#[must_use]
pub(crate) fn root(members: &Manifest) -> Sha256 {
    tree::root(members.iter().map(|entry| leaf::digest(&entry)))
}

/// The SHA-256 of the member that describes an input: of an export the first `ova.xml`, of a host backup the last
/// `etc/xensource-inventory`, of a document its only member. A per-disk export has none.
pub(crate) fn metadata(kind: Kind, members: &Manifest) -> Option<Sha256> {
    let index = described_at(kind, members)?;
    members.get(index)?.sha256
}

/// The index of that member.
pub(crate) fn described_at(kind: Kind, members: &Manifest) -> Option<usize> {
    let named = |name: &'static [u8]| {
        move |entry: &ManifestEntry<'_>| {
            entry.name.strip_prefix(b"./").unwrap_or(&entry.name) == name
        }
    };
    let ova_xml = named(b"ova.xml");
    let inventory = named(b"etc/xensource-inventory");
    match kind {
        Kind::Xva | Kind::XvaVersion1 | Kind::Metadata => {
            members.iter().position(|entry| ova_xml(&entry))
        }
        Kind::HostBackup => (0..members.len())
            .rev()
            .find(|index| members.get(*index).is_some_and(|entry| inventory(&entry))),
        Kind::OvaXml | Kind::PoolDb | Kind::RedoLog => (members.len() == 1).then_some(0),
        Kind::VdiTar => None,
    }
}
