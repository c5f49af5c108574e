//! What extension headers have said so far about the member to come. Not here: reading their
//! headers and payloads from the stream.

use super::header::until_nul;
use super::oddity::{ExtensionKind, Oddity};
use super::pax::Attributes;

/// Extensions that wait for their member, and the pax globals, which stay.
#[derive(Debug, Clone, Default)]
pub(super) struct Pending {
    local: Attributes,
    global: Attributes,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
    /// Kinds seen since the last member, to tell a second one.
    seen: Vec<ExtensionKind>,
    count: usize,
    /// Where the first one is that needs a member.
    first: Option<u64>,
}

impl Pending {
    /// Notes one more extension header. `Err` with what to tell when there are too many: an
    /// oddity the first time, nothing after that.
    pub(super) fn admit(&mut self, limit: usize) -> Result<(), Option<Oddity>> {
        let before = self.count;
        self.count = before.saturating_add(1);
        match before.cmp(&limit) {
            std::cmp::Ordering::Less => Ok(()),
            std::cmp::Ordering::Equal => Err(Some(Oddity::TooManyExtensions { limit })),
            std::cmp::Ordering::Greater => Err(None),
        }
    }

    /// Takes over the payload of an extension header at `at`.
    pub(super) fn take(&mut self, at: u64, kind: ExtensionKind, payload: &[u8]) -> Vec<Oddity> {
        let mut oddities = Vec::new();
        if kind != ExtensionKind::PaxGlobal {
            self.first.get_or_insert(at);
            if self.seen.contains(&kind) {
                oddities.push(Oddity::ExtensionRepeated { kind });
            } else {
                self.seen.push(kind);
            }
        }
        let sound = match kind {
            ExtensionKind::PaxLocal => self.local.apply(payload),
            ExtensionKind::PaxGlobal => {
                let sound = self.global.apply(payload);
                // The pieces are those of one file. Kept, they would grow with each header, of which there may be any number.
                self.global.sparse_map = Vec::new();
                sound
            }
            ExtensionKind::GnuLongName => replace(&mut self.long_name, payload),
            ExtensionKind::GnuLongLink => replace(&mut self.long_link, payload),
        };
        if !sound {
            oddities.push(Oddity::ExtensionMalformed { kind });
        }
        oddities
    }

    /// Forgets all but the globals; called when their member came or was lost.
    pub(super) fn clear(&mut self) {
        *self = Self {
            global: std::mem::take(&mut self.global),
            ..Self::default()
        };
    }

    /// The first extension that still waits for a member.
    pub(super) fn dangling(&self) -> Option<u64> {
        self.first
    }

    /// The member's name if an extension gives one. A pax name goes before a GNU long name, as
    /// in GNU tar.
    pub(super) fn name(&self) -> Option<&[u8]> {
        let pax = self.local.sparse_name.over(&self.global.sparse_name);
        let pax = pax.or_else(|| self.local.path.over(&self.global.path));
        pax.or(self.long_name.as_ref()).map(Vec::as_slice)
    }

    /// The member's link target if an extension gives one.
    pub(super) fn link_name(&self) -> Option<&[u8]> {
        let pax = self.local.linkpath.over(&self.global.linkpath);
        pax.or(self.long_link.as_ref()).map(Vec::as_slice)
    }

    pub(super) fn size(&self) -> Option<u64> {
        self.local.size.over(&self.global.size).copied()
    }

    pub(super) fn real_size(&self) -> Option<u64> {
        self.local.real_size.over(&self.global.real_size).copied()
    }

    /// The pieces of a pax sparse file of the older formats: offset and length of each.
    pub(super) fn sparse_map(&self) -> Vec<(u64, u64)> {
        let pairs = self.local.sparse_map.chunks(2);
        let pair = |pair: &[u64]| match pair {
            [offset, len] => Some((*offset, *len)),
            _ => None,
        };
        pairs.map_while(pair).collect()
    }

    pub(super) fn uid(&self) -> Option<u64> {
        self.local.uid.over(&self.global.uid).copied()
    }

    pub(super) fn gid(&self) -> Option<u64> {
        self.local.gid.over(&self.global.gid).copied()
    }

    /// Outer `None`: no record. Inner `None`: a time before 1970.
    pub(super) fn mtime(&self) -> Option<Option<u64>> {
        self.local.mtime.over(&self.global.mtime).copied()
    }
}

/// A GNU long name ends at its first NUL; an empty one is none.
fn replace(slot: &mut Option<Vec<u8>>, payload: &[u8]) -> bool {
    let name = until_nul(payload);
    if name.is_empty() {
        return false;
    }
    *slot = Some(name.to_vec());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_of_a_file_are_not_kept_for_others() {
        let mut pending = Pending::default();
        let records = b"23 GNU.sparse.offset=1\n25 GNU.sparse.numbytes=2\n21 GNU.sparse.size=3\n";
        let oddities = pending.take(0, ExtensionKind::PaxGlobal, records);
        assert_eq!(oddities, []);
        assert_eq!(pending.real_size(), Some(3));
        assert_eq!(pending.sparse_map(), []);
        assert_eq!(pending.global.sparse_map.capacity(), 0);
        pending.take(0, ExtensionKind::PaxLocal, records);
        assert_eq!(pending.sparse_map(), [(1, 2)]);
    }
}
