//! A proof that a member is among those of a seal, of some thirty lines whatever the number of members (docs/manual/src/seal.md).

use std::io::{self, Write};

use serde::Deserialize;
use thiserror::Error;
use xenspect_model::catalog::{ManifestEntry, Sha256};

use crate::hex::{self, Hex};
use crate::read::Line;
use crate::seal::Seal;
use crate::{leaf, tree, write};

/// The version of the format.
const VERSION: u64 = 1;
/// Digests that can be beside the way in a tree of 2^64 leaves.
const LONGEST: usize = 64;

/// A proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The member.
    pub member: ManifestEntry<'static>,
    /// Its index in the order of the seal, from 0.
    pub index: u64,
    /// Members of the seal.
    pub count: u64,
    /// The digests beside the way from the member's leaf to the root, the lowest first.
    pub path: Vec<Sha256>,
    /// Root of the seal.
    pub root: Sha256,
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Mismatch {
    /// The bytes are not those of the member.
    #[error("the bytes are not those of the member that the proof is of")]
    Contents,
    /// The way does not lead to the root.
    #[error("the proof does not lead to its root: it was altered")]
    Path,
    /// It leads to another root than the one that was given.
    #[error("the proof is of another seal: its root is not the one that was given")]
    Root,
}

impl Seal {
    /// The proof of a member, the first of its name; a `./` in front does not count where no member has the name as it is.
    #[must_use]
    pub fn prove(&self, name: &[u8]) -> Option<Proof> {
        let bare = |name: &[u8]| name.strip_prefix(b"./").unwrap_or(name).to_vec();
        let wanted = bare(name);
        let index = self
            .members
            .iter()
            .position(|entry| *entry.name == *name)
            .or_else(|| {
                self.members
                    .iter()
                    .position(|entry| bare(&entry.name) == wanted)
            })?;
        let member = owned(&self.members.get(index)?);
        let leaves: Vec<Sha256> = self
            .members
            .iter()
            .map(|entry| leaf::digest(&entry))
            .collect();
        Some(Proof {
            member,
            index: u64::try_from(index).ok()?,
            count: u64::try_from(leaves.len()).ok()?,
            path: tree::path(&leaves, index),
            root: self.about.root,
        })
    }
}

fn owned(entry: &ManifestEntry<'_>) -> ManifestEntry<'static> {
    ManifestEntry {
        name: entry.name.to_vec().into(),
        ..*entry
    }
}

impl Proof {
    /// Writes the proof.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        write!(out, "{{\"proof\":{VERSION},\n\"member\":")?;
        write::member(out, &self.member)?;
        let leaf = hex::encode(&leaf::digest(&self.member));
        write!(
            out,
            ",\n\"leaf\":\"{leaf}\",\n\"index\":{},\n\"count\":{},\n\"path\":[",
            self.index, self.count
        )?;
        let mut between = "\n";
        for digest in &self.path {
            write!(out, "{between}\"{}\"", hex::encode(digest))?;
            between = ",\n";
        }
        writeln!(out, "],\n\"root\":\"{}\"}}", hex::encode(&self.root))
    }

    /// Reads a proof.
    ///
    /// # Errors
    ///
    /// In words, if it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Versioned {
            proof: u64,
        }
        #[derive(Deserialize)]
        struct Document<'a> {
            #[serde(borrow)]
            member: Line<'a>,
            leaf: Hex,
            index: u64,
            count: u64,
            path: Vec<Hex>,
            root: Hex,
        }
        let Versioned { proof } =
            serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if proof != VERSION {
            return Err(format!(
                "it is of version {proof}, and this program knows version {VERSION}"
            ));
        }
        let document: Document<'_> =
            serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let member = owned(&document.member.entry()?);
        if leaf::digest(&member) != document.leaf.0 {
            return Err("its leaf is not that of its member".to_owned());
        }
        if document.path.len() > LONGEST {
            return Err("its path is longer than that of any tree".to_owned());
        }
        Ok(Self {
            member,
            index: document.index,
            count: document.count,
            path: document.path.into_iter().map(|digest| digest.0).collect(),
            root: document.root.0,
        })
    }

    /// Whether bytes of this length and SHA-256 are those of the member, and the member is one of the seal of a root: the one that
    /// is given, or else the one that the proof itself names.
    ///
    /// # Errors
    ///
    /// [`Mismatch`].
    pub fn check(&self, size: u64, sha256: &Sha256, root: Option<&Sha256>) -> Result<(), Mismatch> {
        if self.member.size != size || self.member.sha256.as_ref() != Some(sha256) {
            return Err(Mismatch::Contents);
        }
        let leaf = leaf::digest(&self.member);
        if tree::climb(&leaf, self.index, self.count, &self.path) != Some(self.root) {
            return Err(Mismatch::Path);
        }
        match root {
            Some(root) if *root != self.root => Err(Mismatch::Root),
            _ => Ok(()),
        }
    }
}
