//! Members, the list of them, and the tar bytes they become.
//!
//! What the members are for a given recipe is decided in `stream`; compression is in [`crate::envelope`].

use std::io::{self, Write};
use std::ops::Range;

use crate::header::{BLOCK, Header};
use crate::sum::SumKind;

/// What a member is, so that a test can find the one it wants to edit. It has no effect on the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Role {
    /// `ova.xml`.
    Document,
    /// A data chunk of a disk.
    Block {
        /// Directory part of the name: the id of the VDI, or `vdi`.
        disk: String,
        /// Number in the name.
        number: u64,
    },
    /// The checksum member of a data chunk.
    Sum {
        /// Directory part of the name.
        disk: String,
        /// Number in the name.
        number: u64,
        /// Algorithm of the text.
        kind: SumKind,
    },
    /// `checksum.xml` (`formats/xva.md` section 9).
    Table,
    /// A directory, as general tar programs write them.
    Directory,
    /// Anything else.
    Foreign,
}

/// One tar member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Name as written.
    pub name: Vec<u8>,
    /// Payload without padding.
    pub payload: Vec<u8>,
    /// Header fields other than name and length.
    pub header: Header,
    /// What the member is meant to be.
    pub role: Role,
}

impl Member {
    /// A data chunk with its eight-digit name.
    #[must_use]
    pub fn block(header: Header, disk: &str, number: u64, payload: Vec<u8>) -> Self {
        Self {
            name: format!("{disk}/{number:08}").into_bytes(),
            payload,
            header,
            role: Role::Block {
                disk: disk.to_owned(),
                number,
            },
        }
    }

    /// The checksum member for this data chunk. `None` when the member is no data chunk.
    #[must_use]
    pub fn sum(&self, kind: SumKind) -> Option<Self> {
        let Role::Block { disk, number } = &self.role else {
            return None;
        };
        let mut name = self.name.clone();
        name.extend_from_slice(kind.extension().as_bytes());
        Some(Self {
            name,
            payload: kind.text(&self.payload).into_bytes(),
            header: Header {
                size_field: None,
                typeflag: None,
                spoil: Vec::new(),
                ..self.header.clone()
            },
            role: Role::Sum {
                disk: disk.clone(),
                number: *number,
                kind,
            },
        })
    }

    /// Gives a data chunk or checksum member another place, keeping its payload.
    pub fn rename(&mut self, to_disk: &str, to_number: u64) {
        match &mut self.role {
            Role::Block { disk, number } => {
                *disk = to_disk.to_owned();
                *number = to_number;
                self.name = format!("{to_disk}/{to_number:08}").into_bytes();
            }
            Role::Sum { disk, number, kind } => {
                *disk = to_disk.to_owned();
                *number = to_number;
                self.name = format!("{to_disk}/{to_number:08}{}", kind.extension()).into_bytes();
            }
            _ => {}
        }
    }

    /// Writes header, payload and padding.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        out.write_all(&self.header.encode(&self.name, self.payload.len() as u64))?;
        out.write_all(&self.payload)?;
        out.write_all(&[0; BLOCK][..padding(self.payload.len())])
    }

    /// Bytes this member takes in the archive.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        BLOCK + self.payload.len() + padding(self.payload.len())
    }
}

fn padding(len: usize) -> usize {
    len.next_multiple_of(BLOCK) - len
}

/// What follows the last member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Number of 512-byte zero blocks; exporters write two.
    pub zero_blocks: usize,
    /// The length of the whole is then rounded up to a multiple of this with zeros: 512 for exporters,
    /// 10 240 for general tar programs.
    pub record: usize,
    /// Bytes after all of that.
    pub trailing: Vec<u8>,
}

impl Default for Ending {
    fn default() -> Self {
        Self {
            zero_blocks: 2,
            record: BLOCK,
            trailing: Vec::new(),
        }
    }
}

impl Ending {
    /// The bytes, given how many bytes of members came before.
    #[must_use]
    pub fn encode(&self, before: u64) -> Vec<u8> {
        let len = before + (self.zero_blocks * BLOCK) as u64;
        let fill = len.next_multiple_of(self.record as u64) - before;
        // At most one record and the zero blocks: small on every platform.
        let mut bytes = vec![0; usize::try_from(fill).unwrap_or_default()];
        bytes.extend_from_slice(&self.trailing);
        bytes
    }
}

/// Where one member lies in the tar stream; offsets in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Offset of the header.
    pub header: usize,
    /// The payload without padding.
    pub payload: Range<usize>,
    /// Offset of whatever follows the padding.
    pub end: usize,
    /// Role of the member.
    pub role: Role,
}

/// A whole small archive before it is encoded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Archive {
    /// The members in order.
    pub members: Vec<Member>,
    /// What follows them.
    pub ending: Ending,
}

impl Archive {
    /// The tar bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes =
            Vec::with_capacity(self.members.iter().map(Member::encoded_len).sum::<usize>() + 1024);
        for member in &self.members {
            bytes.extend_from_slice(
                &member
                    .header
                    .encode(&member.name, member.payload.len() as u64),
            );
            bytes.extend_from_slice(&member.payload);
            bytes.resize(bytes.len() + padding(member.payload.len()), 0);
        }
        let ending = self.ending.encode(bytes.len() as u64);
        bytes.extend_from_slice(&ending);
        bytes
    }

    /// Where each member lies in [`Archive::encode`].
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let mut at = 0;
        self.members
            .iter()
            .map(|member| {
                let start = at + BLOCK;
                let header = at;
                at += member.encoded_len();
                Span {
                    header,
                    payload: start..start + member.payload.len(),
                    end: at,
                    role: member.role.clone(),
                }
            })
            .collect()
    }

    /// The directories that data chunks lie in, in order of first appearance.
    #[must_use]
    pub fn disks(&self) -> Vec<String> {
        let mut disks: Vec<String> = Vec::new();
        for member in &self.members {
            if let Role::Block { disk, .. } = &member.role
                && !disks.contains(disk)
            {
                disks.push(disk.clone());
            }
        }
        disks
    }

    /// Indexes of the data chunks of this disk, in order.
    #[must_use]
    pub fn blocks(&self, of: &str) -> Vec<usize> {
        (0..self.members.len())
            .filter(|&at| matches!(&self.members[at].role, Role::Block { disk, .. } if disk == of))
            .collect()
    }

    /// Index of the checksum member that belongs to the data chunk at this index.
    #[must_use]
    pub fn sum_of(&self, block: usize) -> Option<usize> {
        let Role::Block { disk, number } = &self.members.get(block)?.role else {
            return None;
        };
        self.members.iter().position(|member| {
            matches!(&member.role, Role::Sum { disk: d, number: n, .. } if d == disk && n == number)
        })
    }
}

/// The tar bytes of these members followed by two zero blocks.
#[must_use]
pub fn encode(members: &[Member]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for member in members {
        bytes.extend_from_slice(
            &member
                .header
                .encode(&member.name, member.payload.len() as u64),
        );
        bytes.extend_from_slice(&member.payload);
        bytes.resize(bytes.len() + padding(member.payload.len()), 0);
    }
    let ending = Ending::default().encode(bytes.len() as u64);
    bytes.extend_from_slice(&ending);
    bytes
}
