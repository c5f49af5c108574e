//! Writes the members of a long archive, good or with one of the faults.

use std::io::{self, Write};

use super::LongFault;
use crate::header::{BLOCK, Header};
use crate::sum::SumKind;

/// A number that no block has.
const FOREIGN_NUMBER: u64 = 99_999_999;
/// The first of the disks that the description does not list.
const UNKNOWN_DISK: u64 = 5_000_000;

/// A block and the text of its checksum.
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    pub(super) sum: String,
}

/// The place of a block.
pub(super) struct At<'a> {
    pub(super) disk: &'a str,
    pub(super) number: u64,
    /// Blocks up to this one along the archive, which makes names that are met once.
    pub(super) met: u64,
}

impl At<'_> {
    fn name(&self) -> String {
        format!("{}/{:08}", self.disk, self.number)
    }
}

/// Writes members.
pub(super) struct Pen<W> {
    pub(super) out: W,
    pub(super) written: u64,
    pub(super) header: Header,
    pub(super) sums: SumKind,
}

impl<W: Write> Pen<W> {
    fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    pub(super) fn member(&mut self, name: &str, payload: &[u8], header: &Header) -> io::Result<()> {
        self.filled(name, payload, header, 0)
    }

    fn filled(
        &mut self,
        name: &str,
        payload: &[u8],
        header: &Header,
        filler: u8,
    ) -> io::Result<()> {
        self.raw(&header.encode(name.as_bytes(), payload.len() as u64))?;
        self.raw(payload)?;
        let padding = payload.len().next_multiple_of(BLOCK) - payload.len();
        self.raw(&[filler; BLOCK][..padding])
    }

    fn block(&mut self, name: &str, piece: &Piece) -> io::Result<()> {
        self.member(name, &piece.bytes, &self.header.clone())
    }

    fn sum(&mut self, name: &str, text: &str) -> io::Result<()> {
        let name = format!("{name}{}", self.sums.extension());
        self.member(&name, text.as_bytes(), &self.header.clone())
    }

    pub(super) fn pair(&mut self, disk: &str, number: u64, piece: &Piece) -> io::Result<()> {
        let name = format!("{disk}/{number:08}");
        self.block(&name, piece)?;
        self.sum(&name, &piece.sum)
    }

    /// A block with its checksum, and what is wrong.
    pub(super) fn broken(
        &mut self,
        fault: LongFault,
        at: &At<'_>,
        piece: &Piece,
        other: &Piece,
    ) -> io::Result<()> {
        let name = at.name();
        self.in_front(fault, at)?;
        match fault {
            LongFault::SumWrong => {
                self.block(&name, piece)?;
                self.sum(&name, &other.sum)
            }
            LongFault::SumMissing => self.block(&name, piece),
            LongFault::SumMalformed => {
                self.block(&name, piece)?;
                self.sum(&name, "no checksum at all")
            }
            LongFault::SumCase => {
                self.block(&name, piece)?;
                self.sum(&name, &other_case(&piece.sum))
            }
            LongFault::SumForeign => {
                self.block(&name, piece)?;
                let foreign = format!("{}/{FOREIGN_NUMBER:08}", at.disk);
                self.sum(&foreign, &piece.sum)
            }
            LongFault::SumEarly => {
                self.sum(&name, &piece.sum)?;
                self.block(&name, piece)
            }
            LongFault::SumDoubled => {
                self.pair(at.disk, at.number, piece)?;
                self.sum(&name, &piece.sum)
            }
            LongFault::BlockMissing => self.sum(&name, &piece.sum),
            LongFault::BlockDoubled => {
                self.pair(at.disk, at.number, piece)?;
                self.pair(at.disk, at.number, piece)
            }
            LongFault::BlockBackwards => {
                self.pair(at.disk, at.number, piece)?;
                self.pair(at.disk, 0, piece)
            }
            LongFault::NumberSpelling => {
                let name = format!("{}/{:09}", at.disk, at.number);
                self.block(&name, piece)?;
                self.sum(&name, &piece.sum)
            }
            LongFault::DotSlash => {
                let name = format!("./{name}");
                self.block(&name, piece)?;
                self.sum(&name, &piece.sum)
            }
            LongFault::Padding => {
                self.block(&name, piece)?;
                let sum = format!("{name}{}", self.sums.extension());
                let header = self.header.clone();
                self.filled(&sum, piece.sum.as_bytes(), &header, b'p')
            }
            LongFault::HeaderSum => {
                let mut header = self.header.clone();
                header.spoil.push((104, 1));
                self.member(&name, &piece.bytes, &header)?;
                self.sum(&name, &piece.sum)
            }
            LongFault::HeaderLost => {
                self.raw(&[0xa7; BLOCK])?;
                self.raw(&piece.bytes)?;
                let padding = piece.bytes.len().next_multiple_of(BLOCK) - piece.bytes.len();
                self.raw(&[0; BLOCK][..padding])?;
                self.sum(&name, &piece.sum)
            }
            LongFault::SizeInvalid => {
                let mut header = self.header.clone();
                header.size_field = Some(*b"no size here");
                self.member(&name, &piece.bytes, &header)?;
                self.sum(&name, &piece.sum)
            }
            _ => self.pair(at.disk, at.number, piece),
        }
    }

    /// What stands in front of a block.
    fn in_front(&mut self, fault: LongFault, at: &At<'_>) -> io::Result<()> {
        let header = self.header.clone();
        let met = at.met;
        match fault {
            LongFault::Foreign => self.member(&format!("notes/{met}.txt"), b"a note", &header),
            LongFault::BadNumber => {
                self.member(&format!("{}/no-{met}", at.disk), b"a note", &header)
            }
            LongFault::UnsafeName => self.member(&format!("../../no-{met}"), b"a note", &header),
            LongFault::Directory => {
                let header = Header {
                    directory: true,
                    typeflag: Some(b'5'),
                    ..header
                };
                self.member(&format!("{}/", at.disk), b"", &header)
            }
            LongFault::LoneZeroBlock => self.raw(&[0; BLOCK]),
            LongFault::EndMarker => self.raw(&[0; 2 * BLOCK]),
            LongFault::PaxMalformed => {
                let header = Header {
                    typeflag: Some(b'x'),
                    ..header
                };
                self.member("PaxHeaders/x", b"no record\n", &header)
            }
            LongFault::LongName => {
                let header = Header {
                    typeflag: Some(b'L'),
                    ..header
                };
                let name = vec![b'n'; 1 << 20];
                self.member("././@LongLink", &name, &header)
            }
            LongFault::UnknownDisk => self.small_pair(&format!("Ref:{}", UNKNOWN_DISK + met), 0),
            LongFault::Interleaved => self.small_pair(&format!("Ref:{UNKNOWN_DISK}"), met),
            _ => Ok(()),
        }
    }

    fn small_pair(&mut self, disk: &str, number: u64) -> io::Result<()> {
        let bytes = vec![b's'; BLOCK];
        let sum = self.sums.text(&bytes);
        self.pair(disk, number, &Piece { bytes, sum })
    }
}

fn other_case(text: &str) -> String {
    let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
    if upper {
        text.to_ascii_lowercase()
    } else {
        text.to_ascii_uppercase()
    }
}
