//! Host backups as `xe host-backup` writes them, good ones and ones with exactly one fault.
//!
//! Written from `formats/host-backup.md` alone. The hosts are those of the pool of three of [`crate::restore`]. A backup can
//! be written by the crate itself, which can do what GNU tar would not (names that climb, headers that are damaged), or its
//! tree can be put on a disk and packed by GNU tar with the options of the script.
//!
//! ```
//! use xenspect_synth::{HostBackup, HostFault};
//!
//! let good = HostBackup::named("coordinator").expect("a host of that name");
//! let fault = HostFault::named("inventory-missing").expect("a fault of that name");
//! assert_eq!(fault.code(), "host/inventory-missing");
//! assert_ne!(good.bytes(), fault.build().bytes());
//! ```

#[cfg(unix)]
mod disk;
pub mod entry;
pub mod fault;
mod files;
mod host;
mod root;

use std::io::{self, Write};

#[cfg(unix)]
pub use disk::{EXCLUDED, pack};
pub use entry::{Entry, Piece, What};
pub use fault::HostFault;
pub use host::{Firmware, Product, Site, Variant};

use crate::dump::Dump;
use crate::envelope::{Envelope, EnvelopeWriter};

/// Bytes of a record of GNU tar.
const RECORD: u64 = 10_240;
/// Schema of the first release whose script has the operand `boot/efi`.
const OPERAND_SINCE: u32 = 603;
/// Bytes of zeros that are written at a time.
const STEP: u64 = 1 << 20;
/// Where the dump is in each backup.
pub const DUMP: &str = root::DUMP;
/// Where the host's own database is.
pub const STATE: &str = "var/lib/xcp/state.db";
/// Where the inventory is.
pub const INVENTORY: &str = "etc/xensource-inventory";

/// What is done to the stored bytes; `None` when they lack what it would break.
type Spoil = fn(&mut Vec<u8>) -> Option<()>;

/// Where the tar stream ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum End {
    /// With two zero blocks, filled up to a record.
    #[default]
    Whole,
    /// In the middle of the payload of the member of this path. What is left is compressed as a whole.
    In(String),
    /// Behind the last member, without zero blocks.
    Unmarked,
    /// With a single zero block, and nothing behind it.
    OneBlock,
    /// As a whole one, with these bytes behind it.
    Trailing(Vec<u8>),
}

/// A host backup before it is encoded.
#[derive(Debug, Clone)]
pub struct HostBackup {
    /// The host.
    pub site: Site,
    /// The members in order.
    pub entries: Vec<Entry>,
    /// How it ends.
    pub end: End,
    /// The compression around it.
    pub envelope: Envelope,
    /// Whether the file is to be readable by others than its owner. It has no effect on the bytes.
    pub readable_by_others: bool,
    spoil: Option<Spoil>,
}

impl HostBackup {
    /// A good backup of this kind of host.
    #[must_use]
    pub fn new(variant: &Variant) -> Self {
        let site = Site::new(*variant);
        let partition = variant.firmware == Firmware::Uefi;
        let operand = variant.product.schema >= OPERAND_SINCE;
        let entries = root::of(&site).ordered(partition, operand);
        Self {
            site,
            entries,
            end: End::Whole,
            envelope: Envelope::Gzip,
            readable_by_others: false,
            spoil: None,
        }
    }

    /// A good backup of the kind of host of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Variant::named(name).map(Self::new)
    }

    /// The member of this path, without `./`; the last of several.
    pub fn entry_mut(&mut self, path: &str) -> Option<&mut Entry> {
        let mut entries = self.entries.iter_mut().rev();
        entries.find(|entry| entry.path() == path)
    }

    /// The bytes of the file of this path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&[u8]> {
        let mut entries = self.entries.iter().rev();
        match &entries.find(|entry| entry.path() == path)?.what {
            What::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Gives a file other bytes.
    pub fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Option<()> {
        self.entry_mut(path)?.what = What::File(bytes.into());
        Some(())
    }

    /// Puts a text in the place of another, which is in the file once.
    pub fn replace(&mut self, path: &str, from: &str, to: &str) -> Option<()> {
        let text = String::from_utf8(self.file(path)?.to_vec()).ok()?;
        if text.matches(from).count() != 1 {
            return None;
        }
        self.put(path, text.replace(from, to))
    }

    /// Takes a member away.
    pub fn remove(&mut self, path: &str) -> Option<()> {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.path() != path);
        (self.entries.len() < before).then_some(())
    }

    /// Writes a database anew after a change, `later` generations on.
    pub fn database(
        &mut self,
        path: &str,
        later: i64,
        edit: impl FnOnce(&mut Dump) -> Option<()>,
    ) -> Option<()> {
        let mut site = self.site.clone();
        edit(&mut site.pool)?;
        self.put(path, site.database(later))
    }

    /// Adds a member behind that of a path, with its owner and time.
    pub fn add_behind(&mut self, path: &str, name: &str, what: What) -> Option<()> {
        let at = self.entries.iter().position(|entry| entry.path() == path)?;
        let entry = Entry::new(name, what, self.entries[at].modified);
        self.entries.insert(at + 1, entry);
        Some(())
    }

    /// The tar stream in parts.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut len = 0;
        for entry in &self.entries {
            let mut encoded = entry.encode();
            if matches!(&self.end, End::In(path) if entry.path() == path) {
                if let Some(Piece::Bytes(bytes)) = encoded.first_mut() {
                    // The header stays whole.
                    bytes.truncate((bytes.len() / 2).max(513));
                }
                encoded.truncate(1);
                pieces.append(&mut encoded);
                return pieces;
            }
            for piece in &encoded {
                len += match piece {
                    Piece::Bytes(bytes) => bytes.len() as u64,
                    Piece::Zeros(count) => *count,
                };
            }
            pieces.append(&mut encoded);
        }
        if self.end == End::OneBlock {
            pieces.push(Piece::Zeros(512));
        } else if self.end != End::Unmarked {
            let whole = (len + 1024).next_multiple_of(RECORD);
            pieces.push(Piece::Zeros(whole - len));
        }
        if let End::Trailing(bytes) = &self.end {
            pieces.push(Piece::Bytes(bytes.clone()));
        }
        pieces
    }

    /// Writes it in its envelope. Memory does not grow with [`What::Zeros`].
    ///
    /// # Errors
    ///
    /// Those of the writer.
    ///
    /// # Panics
    ///
    /// When what a fault would spoil is not there, which a test rules out.
    pub fn write_to(&self, mut out: impl Write) -> io::Result<()> {
        let Some(spoil) = self.spoil else {
            return self.encode(out);
        };
        let mut bytes = Vec::new();
        self.encode(&mut bytes)?;
        spoil(&mut bytes).expect("what is spoiled is there");
        out.write_all(&bytes)?;
        out.flush()
    }

    fn encode(&self, out: impl Write) -> io::Result<()> {
        let mut out = EnvelopeWriter::new(self.envelope, out)?;
        let zeros = vec![0; 1 << 20];
        for piece in self.pieces() {
            match piece {
                Piece::Bytes(bytes) => out.write_all(&bytes)?,
                Piece::Zeros(mut left) => {
                    while left > 0 {
                        let step = left.min(STEP);
                        out.write_all(&zeros[..usize::try_from(step).unwrap_or(0)])?;
                        left -= step;
                    }
                }
            }
        }
        out.finish()?.flush()
    }

    /// The bytes of the file.
    ///
    /// # Panics
    ///
    /// As [`HostBackup::write_to`].
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes)
            .expect("writing to memory does not fail");
        bytes
    }

    /// Texts that stand for secrets, and the paths of the files they are in.
    #[must_use]
    pub fn planted(&self) -> Vec<(String, String)> {
        let planted = |path: &str, what: &str| (path.to_owned(), self.site.planted(what));
        vec![
            ("etc/xensource/ptoken".to_owned(), self.site.secret()),
            planted("etc/xensource/xapi-ssl.pem", "key of the host"),
            planted("etc/xensource/xapi-pool-tls.pem", "key of the pool"),
            planted("etc/shadow", "hash of root"),
            planted("etc/ssh/ssh_host_ed25519_key", "key of the shell"),
            planted("etc/iscsi/iscsid.conf", "CHAP"),
            planted("root/.bash_history", "history"),
        ]
    }
}
