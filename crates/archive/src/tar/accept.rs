//! What a header that counts leads to: an extension to be read, a member handed out, or, when its
//! size cannot be true, a lost run. Not here: whether it counts.

use super::header::{Header, Number};
use super::member::{HeaderSum, Member, MemberKind};
use super::oddity::{ExtensionKind, Oddity};
use super::resync::header_end;
use super::sparse::SparseMap;
use super::walker::{State, Step, Walker};
use super::{BLOCK, BLOCK_BYTES, padded, payload_end};

impl Walker {
    /// Whether a header with a wrong checksum is still taken: a plain file that can be what it
    /// says.
    pub(super) fn believes_damaged(&self, at: u64, header: &Header<'_>) -> bool {
        if header.kind() != MemberKind::File || header.extension().is_some() {
            return false;
        }
        let size = self.pending.size().or_else(|| header.payload());
        let data = at.saturating_add(BLOCK_BYTES);
        let possible = size.filter(|size| payload_end(data, *size).is_some());
        possible.is_some_and(|size| (self.belief)(&self.name(header), size))
    }

    /// Where the next header should be, going by a damaged header at `at`.
    pub(super) fn hint(&self, at: u64, header: &Header<'_>) -> Option<u64> {
        let size = self.pending.size().or_else(|| header.payload())?;
        if size > self.limits.believed_payload {
            return None;
        }
        payload_end(at.checked_add(BLOCK_BYTES)?, size)
    }

    fn name(&self, header: &Header<'_>) -> Vec<u8> {
        self.pending
            .name()
            .map_or_else(|| header.name(), <[u8]>::to_vec)
    }

    pub(super) fn accept(&mut self, at: u64, header: &Header<'_>, sum: HeaderSum) -> Step {
        match header.extension() {
            Some(kind) => self.accept_extension(at, header, kind),
            None => self.accept_member(at, header, sum),
        }
    }

    fn accept_extension(&mut self, at: u64, header: &Header<'_>, kind: ExtensionKind) -> Step {
        let Some(size) = self.readable_size(at, header, header.size()) else {
            return self.lose(at, None);
        };
        let Some(end) = header_end(at, header) else {
            self.note(at, Oddity::SizeTooLarge { size });
            return self.lose(at, None);
        };
        if let Err(oddity) = self.pending.admit(self.limits.pending_extensions) {
            if let Some(oddity) = oddity {
                self.note(at, oddity);
            }
            self.offset = end;
            return Step::More;
        }
        let limit = self.limits.extension_bytes;
        match (usize::try_from(size), padded(size)) {
            (Ok(0), _) => {
                self.state = State::Extension {
                    at,
                    kind,
                    len: 0,
                    padded: 0,
                };
                self.extension(&[])
            }
            (Ok(len), Some(padded)) if len <= limit => {
                self.state = State::Extension {
                    at,
                    kind,
                    len,
                    padded,
                };
                Step::More
            }
            _ => {
                self.note(at, Oddity::ExtensionTooLarge { kind, size, limit });
                self.offset = end;
                Step::More
            }
        }
    }

    fn accept_member(&mut self, at: u64, header: &Header<'_>, header_sum: HeaderSum) -> Step {
        let name = self.name(header);
        let mut kind = header.kind();
        if matches!(kind, MemberKind::File | MemberKind::Contiguous) && name.ends_with(b"/") {
            kind = MemberKind::Directory;
        }
        let stored = match (self.pending.size(), header.size()) {
            (Some(size), _) => Number::Octal(size),
            (None, Number::Blank) if kind.is_header_only() => Number::Octal(0),
            (None, number) => number,
        };
        let Some(stored) = self.readable_size(at, header, stored) else {
            return self.lose(at, None);
        };
        let payload_assumed = kind != MemberKind::HardLink;
        if stored > 0 && kind.is_header_only() {
            self.note(
                at,
                Oddity::HeaderOnlySize {
                    kind,
                    size: stored,
                    payload_assumed,
                },
            );
        }
        let size = if payload_assumed { stored } else { 0 };
        let real_size = match kind {
            MemberKind::GnuSparse => header.real_size(),
            _ => self.pending.real_size(),
        };
        let link_name = match kind {
            MemberKind::HardLink | MemberKind::Symlink => self
                .pending
                .link_name()
                .map_or_else(|| header.link_name(), <[u8]>::to_vec),
            _ => Vec::new(),
        };
        let member = Box::new(Member {
            header_offset: at,
            data_offset: at.saturating_add(BLOCK_BYTES),
            name,
            gnu_prefix: match self.pending.name() {
                Some(_) => Vec::new(),
                None => header.gnu_prefix(),
            },
            link_name,
            size,
            real_size,
            sparse_map: self.pending.sparse_map(),
            kind,
            mode: header.mode(),
            uid: self.pending.uid().or_else(|| header.uid()),
            gid: self.pending.gid().or_else(|| header.gid()),
            mtime: self.pending.mtime().unwrap_or_else(|| header.mtime()),
            unreadable: header.unreadable_numbers(),
            style: header.style(),
            header_sum,
        });
        if kind == MemberKind::GnuSparse {
            let map = SparseMap::new(header);
            if map.goes_on() {
                self.state = State::Sparse { member, map };
                return Step::More;
            }
            return self.hand_out_sparse(member, &map);
        }
        self.hand_out(member)
    }

    pub(super) fn sparse_block(
        &mut self,
        at: u64,
        block: &[u8; BLOCK],
        mut member: Box<Member>,
        mut map: SparseMap,
    ) -> Step {
        map.take(block);
        let limit = self.limits.sparse_blocks;
        if map.blocks() > limit {
            self.note(member.header_offset, Oddity::SparseMapTooLong { limit });
            return self.lose(member.header_offset, None);
        }
        member.data_offset = at.saturating_add(BLOCK_BYTES);
        if map.goes_on() {
            self.state = State::Sparse { member, map };
            return Step::More;
        }
        self.hand_out_sparse(member, &map)
    }

    fn hand_out_sparse(&mut self, member: Box<Member>, map: &SparseMap) -> Step {
        if !map.describes(member.size, member.real_size) {
            self.note(member.header_offset, Oddity::SparseMapMalformed);
        }
        self.hand_out(member)
    }

    fn hand_out(&mut self, member: Box<Member>) -> Step {
        let Some(end) = payload_end(member.data_offset, member.size) else {
            self.note(
                member.header_offset,
                Oddity::SizeTooLarge { size: member.size },
            );
            return self.lose(member.header_offset, None);
        };
        self.pending.clear();
        self.offset = end;
        Step::Member(member)
    }

    /// The size as a number, noting what is odd about it.
    fn readable_size(&mut self, at: u64, header: &Header<'_>, number: Number) -> Option<u64> {
        match number {
            Number::Base256(_) => self.note(at, Oddity::NumberBase256),
            Number::Blank | Number::Unreadable => {
                self.note(
                    at,
                    Oddity::SizeUnreadable {
                        field: header.size_field(),
                    },
                );
            }
            Number::Octal(_) => {}
        }
        number.value()
    }
}
