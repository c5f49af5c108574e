//! Reading a seal, whoever wrote it. It goes member by member into a [`Manifest`], so that a seal of millions of members takes no
//! more memory than the manifest that it was made of.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufReader, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use thiserror::Error;
use xenspect_model::catalog::{Attributes, Manifest, ManifestEntry, SumState};
use xenspect_model::report::{Envelope, Kind, Verdict};

use crate::hex::{self, Hex};
use crate::seal::{About, Seal, metadata, root};

/// The version of the format that is written, and the only one that is read.
pub(crate) const VERSION: u64 = 1;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 18;

/// Why nothing can be concluded from a seal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unusable {
    /// Its file cannot be read, or is too large.
    #[error("{0}")]
    NotRead(String),
    /// It ends too early.
    #[error("it is cut short: {0}")]
    CutShort(String),
    /// It is no seal, or no longer one.
    #[error("{0}")]
    Malformed(String),
    /// It is of a version that is not known.
    #[error("it is of version {0}, and this program knows version {VERSION}")]
    Version(u64),
    /// It contradicts itself, so it was altered.
    #[error("{0}")]
    Altered(String),
}

impl Seal {
    /// Reads a seal from memory.
    ///
    /// # Errors
    ///
    /// [`Unusable`].
    pub fn parse(bytes: &[u8]) -> Result<Self, Unusable> {
        Self::read(bytes)
    }

    /// Reads a seal, and makes sure that it does not contradict itself: the root has to be that of the members.
    ///
    /// # Errors
    ///
    /// [`Unusable`].
    pub fn read(source: impl Read) -> Result<Self, Unusable> {
        let mut version = None;
        let source = BufReader::with_capacity(BUFFER, source);
        let mut json = serde_json::Deserializer::from_reader(source);
        let document = Document {
            version: &mut version,
        };
        let seal = document.deserialize(&mut json);
        let seal = seal.and_then(|seal| json.end().map(|()| seal));
        match (seal, version) {
            (Err(_), Some(other)) if other != VERSION => Err(Unusable::Version(other)),
            (Err(error), _) => Err(unusable(&error)),
            (Ok(seal), _) => consistent(seal),
        }
    }
}

fn unusable(error: &serde_json::Error) -> Unusable {
    let words = error.to_string();
    match error.classify() {
        serde_json::error::Category::Io => Unusable::NotRead(words),
        serde_json::error::Category::Eof => Unusable::CutShort(words),
        _ => Unusable::Malformed(words),
    }
}

/// A seal as it was read, with the number of members that it claims.
struct Claimed {
    seal: Seal,
    count: u64,
}

fn consistent(Claimed { seal, count }: Claimed) -> Result<Seal, Unusable> {
    let altered = |words: String| Err(Unusable::Altered(words));
    let listed = seal.members.len();
    if u64::try_from(listed) != Ok(count) {
        return altered(format!("it names {listed} members and claims {count}"));
    }
    if root(&seal.members) != seal.about.root {
        return altered("its root is not that of its members".to_owned());
    }
    if metadata(seal.about.kind, &seal.members) != seal.about.metadata {
        return altered("its metadata digest is not that of its members".to_owned());
    }
    Ok(seal)
}

/// The whole document. The version is told even where the rest cannot be read.
struct Document<'a> {
    version: &'a mut Option<u64>,
}

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = Claimed;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Claimed, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Claimed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a seal")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claimed, A::Error> {
        // What follows may have any shape in another version.
        if map.next_key::<Field>()? != Some(Field::Seal) {
            return Err(A::Error::custom(
                "it does not begin with `seal`, so it is no seal",
            ));
        }
        let version = map.next_value()?;
        *self.version = Some(version);
        if version != VERSION {
            return Err(A::Error::custom("an unknown version"));
        }
        let mut fields = Fields::default();
        while let Some(field) = map.next_key()? {
            fields.take(field, &mut map)?;
        }
        fields.finish()
    }
}

/// The fields of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Field {
    Seal,
    File,
    Size,
    Sha256,
    Kind,
    Envelope,
    Verdict,
    Complete,
    Metadata,
    Root,
    Count,
    Members,
    #[serde(other)]
    Unknown,
}

/// The fields that were met.
#[derive(Default)]
struct Fields {
    file: Option<String>,
    size: Option<u64>,
    sha256: Option<Hex>,
    kind: Option<Kind>,
    envelope: Option<Envelope>,
    verdict: Option<Verdict>,
    complete: Option<bool>,
    metadata: Option<Hex>,
    root: Option<Hex>,
    count: Option<u64>,
    members: Option<Members>,
}

impl Fields {
    fn take<'de, A: MapAccess<'de>>(&mut self, field: Field, map: &mut A) -> Result<(), A::Error> {
        match field {
            Field::Seal => Err(A::Error::duplicate_field("seal")),
            Field::File => once(&mut self.file, "file", map),
            Field::Size => once(&mut self.size, "size", map),
            Field::Sha256 => once(&mut self.sha256, "sha256", map),
            Field::Kind => once(&mut self.kind, "kind", map),
            Field::Envelope => once(&mut self.envelope, "envelope", map),
            Field::Verdict => once(&mut self.verdict, "verdict", map),
            Field::Complete => once(&mut self.complete, "complete", map),
            Field::Metadata => once(&mut self.metadata, "metadata", map),
            Field::Root => once(&mut self.root, "root", map),
            Field::Count => once(&mut self.count, "count", map),
            Field::Members => once(&mut self.members, "members", map),
            Field::Unknown => map.next_value::<IgnoredAny>().map(|_| ()),
        }
    }

    fn finish<E: serde::de::Error>(self) -> Result<Claimed, E> {
        let lacks = E::missing_field;
        let complete = self.complete.ok_or_else(|| lacks("complete"))?;
        let Members(mut members) = self.members.ok_or_else(|| lacks("members"))?;
        members.complete = complete;
        let about = About {
            file: self.file,
            size: self.size.ok_or_else(|| lacks("size"))?,
            sha256: self.sha256.ok_or_else(|| lacks("sha256"))?.0,
            kind: self.kind.ok_or_else(|| lacks("kind"))?,
            envelope: self.envelope.ok_or_else(|| lacks("envelope"))?,
            verdict: self.verdict.ok_or_else(|| lacks("verdict"))?,
            complete,
            metadata: self.metadata.map(|digest| digest.0),
            root: self.root.ok_or_else(|| lacks("root"))?.0,
        };
        Ok(Claimed {
            seal: Seal { about, members },
            count: self.count.ok_or_else(|| lacks("count"))?,
        })
    }
}

/// Takes the value of a field that has to be there once.
fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    slot: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    if slot.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *slot = Some(map.next_value()?);
    Ok(())
}

/// The list of members, taken one by one.
struct Members(Manifest);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of members")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Members, A::Error> {
                let mut members = Manifest::default();
                while let Some(line) = list.next_element::<Line<'de>>()? {
                    let entry = line.entry().map_err(A::Error::custom)?;
                    members.push(&entry);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_seq(List)
    }
}

/// A member as it is written, in a seal and in a proof.
#[derive(Debug, Deserialize)]
pub(crate) struct Line<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default, borrow)]
    name_base64: Option<Cow<'a, str>>,
    size: u64,
    sha256: Option<Hex>,
    #[serde(default, borrow)]
    attributes: Option<Cow<'a, str>>,
}

impl Line<'_> {
    /// The member; in words why it is none.
    pub(crate) fn entry(&self) -> Result<ManifestEntry<'_>, &'static str> {
        let name = match &self.name_base64 {
            None => Cow::Borrowed(self.name.as_bytes()),
            Some(exact) => {
                let exact = STANDARD.decode(exact.as_bytes());
                let exact = exact.map_err(|_| "a name that is no base64")?;
                // What is shown and what counts must not be two things.
                if String::from_utf8_lossy(&exact) != self.name {
                    return Err("a name that is not the one in its base64");
                }
                Cow::Owned(exact)
            }
        };
        let attributes = match &self.attributes {
            None => None,
            Some(digits) => Some(attributes(digits).ok_or("attributes that are no 32 digits")?),
        };
        Ok(ManifestEntry {
            name,
            size: self.size,
            sha256: self.sha256.map(|digest| digest.0),
            offset: 0,
            start: None,
            sum: SumState::None,
            attributes,
        })
    }
}

fn attributes(digits: &str) -> Option<Attributes> {
    let padded = format!("{digits}{digits}");
    let twice = hex::sha256(&padded)?;
    twice.first_chunk().copied()
}

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Self::NotRead(error.to_string())
    }
}
