//! The records in a pax extension payload, and the few keys that change what a member is.
//!
//! Records are cut by their own length, not at line ends: a value may hold line ends, and a
//! reader that splits there can be shown records that no other reader sees. (That is also why
//! the tar crate's iterator, which splits at line ends, is not used.) Not here: which payload
//! counts for which member.

use super::header::until_nul;

/// A pax value for one key: absent, taken back by an empty value, or set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Setting<T> {
    #[default]
    Absent,
    Cleared,
    Set(T),
}

impl<T> Setting<T> {
    /// The value in force, given the global records' setting of the same key.
    pub(super) fn over<'a>(&'a self, global: &'a Self) -> Option<&'a T> {
        match (self, global) {
            (Self::Set(value), _) | (Self::Absent, Self::Set(value)) => Some(value),
            _ => None,
        }
    }

    /// Takes over a value: empty clears, unreadable changes nothing and is `false`.
    fn take(&mut self, value: &[u8], read: impl Fn(&[u8]) -> Option<T>) -> bool {
        if value.is_empty() {
            *self = Self::Cleared;
            return true;
        }
        match read(value) {
            Some(value) => {
                *self = Self::Set(value);
                true
            }
            None => false,
        }
    }
}

/// What pax records say about members.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes {
    pub(super) path: Setting<Vec<u8>>,
    pub(super) linkpath: Setting<Vec<u8>>,
    pub(super) size: Setting<u64>,
    pub(super) uid: Setting<u64>,
    pub(super) gid: Setting<u64>,
    /// `None` inside: a time before 1970.
    pub(super) mtime: Setting<Option<u64>>,
    /// `GNU.sparse.name`: the header of a pax sparse file names a made-up file.
    pub(super) sparse_name: Setting<Vec<u8>>,
    /// `GNU.sparse.realsize`, or `GNU.sparse.size` in the older pax sparse formats.
    pub(super) real_size: Setting<u64>,
    /// `GNU.sparse.map`, or `GNU.sparse.offset` and `GNU.sparse.numbytes` in turns: offsets and lengths of the pieces
    /// of a pax sparse file of the older formats.
    pub(super) sparse_map: Vec<u64>,
}

impl Attributes {
    /// Takes over all records of a payload. `false` if one of them could not be read: a record
    /// that is no record ends the reading, a value that is none is left out.
    pub(super) fn apply(&mut self, payload: &[u8]) -> bool {
        let mut sound = true;
        for record in Records::new(payload) {
            match record {
                Some((key, value)) => sound &= self.set(key, value),
                None => sound = false,
            }
        }
        sound
    }

    fn set(&mut self, key: &[u8], value: &[u8]) -> bool {
        match key {
            b"path" => self.path.take(value, text),
            b"linkpath" => self.linkpath.take(value, text),
            b"size" => self.size.take(value, decimal),
            b"uid" => self.uid.take(value, decimal),
            b"gid" => self.gid.take(value, decimal),
            b"mtime" => self.mtime.take(value, seconds),
            b"GNU.sparse.name" => self.sparse_name.take(value, text),
            b"GNU.sparse.realsize" | b"GNU.sparse.size" => self.real_size.take(value, decimal),
            b"GNU.sparse.map" => {
                let numbers: Option<Vec<u64>> =
                    value.split(|byte| *byte == b',').map(decimal).collect();
                self.sparse_map = numbers.unwrap_or_default();
                !self.sparse_map.is_empty()
            }
            b"GNU.sparse.offset" | b"GNU.sparse.numbytes" => {
                let number = decimal(value);
                self.sparse_map.extend(number);
                number.is_some()
            }
            _ => true,
        }
    }
}

/// A record's key and value.
type Record<'payload> = (&'payload [u8], &'payload [u8]);

/// Cuts `LENGTH SP KEY = VALUE LF` records. Yields `None` once, and then ends, where the payload
/// cannot be cut any further.
struct Records<'payload> {
    rest: &'payload [u8],
}

impl<'payload> Records<'payload> {
    fn new(payload: &'payload [u8]) -> Self {
        Self { rest: payload }
    }

    /// The next record and what follows it.
    fn cut(&self) -> Option<(Record<'payload>, &'payload [u8])> {
        let space = self.rest.iter().position(|byte| *byte == b' ')?;
        let (digits, _) = self.rest.split_at_checked(space)?;
        let length = usize::try_from(decimal(digits)?).ok()?;
        let (record, rest) = self.rest.split_at_checked(length)?;
        let body = record.get(space.checked_add(1)?..)?.strip_suffix(b"\n")?;
        let equals = body.iter().position(|byte| *byte == b'=')?;
        let (key, value) = body.split_at_checked(equals)?;
        Some(((key, value.strip_prefix(b"=")?), rest))
    }
}

impl<'payload> Iterator for Records<'payload> {
    type Item = Option<Record<'payload>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        match self.cut() {
            Some((record, rest)) => {
                self.rest = rest;
                Some(Some(record))
            }
            None => {
                self.rest = &[];
                Some(None)
            }
        }
    }
}

/// A name; one with a NUL in it would be two things to two readers.
fn text(value: &[u8]) -> Option<Vec<u8>> {
    (until_nul(value).len() == value.len()).then(|| value.to_vec())
}

fn decimal(value: &[u8]) -> Option<u64> {
    if !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// Whole seconds of a time that may have a sign and a fraction.
fn seconds(value: &[u8]) -> Option<Option<u64>> {
    let (negative, value) = match value.strip_prefix(b"-") {
        Some(value) => (true, value),
        None => (false, value),
    };
    let mut parts = value.splitn(2, |byte| *byte == b'.');
    let whole = decimal(parts.next()?)?;
    decimal_fraction(parts.next()).then_some((!negative).then_some(whole))
}

fn decimal_fraction(fraction: Option<&[u8]>) -> bool {
    fraction.is_none_or(|digits| digits.iter().all(u8::is_ascii_digit))
}
