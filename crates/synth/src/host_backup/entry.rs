//! A member of a host backup, and the bytes GNU tar makes of it (`formats/host-backup.md` section 2).

/// Length of a header, and what payloads are padded to, in bytes.
const BLOCK: usize = 512;
/// Longest name that stands in the header itself, in bytes.
const NAME: usize = 100;
/// Extents of a sparse file in its header.
const IN_HEADER: usize = 4;
/// Extents in each block behind the header.
const IN_BLOCK: usize = 21;

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A folder.
    Folder,
    /// A file with these bytes.
    File(Vec<u8>),
    /// A file of this many zero bytes, all of them in the archive; a multiple of 512.
    Zeros(u64),
    /// A file with holes.
    Sparse {
        /// Its length in bytes.
        length: u64,
        /// Offsets and bytes of what is not a hole.
        pieces: Vec<(u64, Vec<u8>)>,
    },
    /// Another name of the member of this name.
    HardLink(String),
    /// A symbolic link to this.
    Symlink(String),
    /// A character device.
    Character(u32, u32),
    /// A block device.
    Block(u32, u32),
    /// A named pipe.
    Fifo,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name as stored: `./etc/fstab`, `./etc/`, `boot/efi/EFI/`.
    pub name: String,
    /// What it is.
    pub what: What,
    /// Permissions.
    pub mode: u32,
    /// Numbers of user and group.
    pub owner: (u64, u64),
    /// Seconds since 1970.
    pub modified: u64,
    /// Offsets and bytes that are put into the header before its checksum is computed.
    pub set: Vec<(usize, Vec<u8>)>,
    /// Offsets and masks that are XORed into the header once its checksum is computed.
    pub spoil: Vec<(usize, u8)>,
}

/// A part of a tar stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// This many zero bytes.
    Zeros(u64),
}

impl Entry {
    /// A member of root's with the permissions that are usual for it.
    #[must_use]
    pub fn new(name: impl Into<String>, what: What, modified: u64) -> Self {
        let mode = match what {
            What::Folder => 0o755,
            What::Symlink(_) => 0o777,
            What::Character(..) | What::Block(..) | What::Fifo => 0o600,
            _ => 0o644,
        };
        Self {
            name: name.into(),
            what,
            mode,
            owner: (0, 0),
            modified,
            set: Vec::new(),
            spoil: Vec::new(),
        }
    }

    /// Its place in the tree: without `./` in front and `/` behind.
    #[must_use]
    pub fn path(&self) -> &str {
        let name = self.name.strip_prefix("./").unwrap_or(&self.name);
        name.strip_suffix('/').unwrap_or(name)
    }

    /// Header and payload, with the headers of long names in front.
    #[must_use]
    pub fn encode(&self) -> Vec<Piece> {
        let mut bytes = Vec::new();
        let link = match &self.what {
            What::HardLink(to) | What::Symlink(to) => to.as_str(),
            _ => "",
        };
        if link.len() > NAME {
            long(b'K', link, &mut bytes);
        }
        if self.name.len() > NAME {
            long(b'L', &self.name, &mut bytes);
        }
        let mut header = self.header(link);
        let mut extensions = Vec::new();
        if let What::Sparse { length, pieces } = &self.what {
            sparse(&mut header, &mut extensions, *length, pieces);
        }
        for (offset, bytes) in &self.set {
            put(&mut header, *offset, bytes);
        }
        seal(&mut header);
        for &(offset, mask) in &self.spoil {
            header[offset] ^= mask;
        }
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&extensions);
        match &self.what {
            What::File(payload) => bytes.extend_from_slice(payload),
            What::Sparse { pieces, .. } => {
                for (_, piece) in pieces {
                    bytes.extend_from_slice(piece);
                }
            }
            What::Zeros(length) => return vec![Piece::Bytes(bytes), Piece::Zeros(*length)],
            _ => {}
        }
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        vec![Piece::Bytes(bytes)]
    }

    fn stored(&self) -> u64 {
        match &self.what {
            What::File(payload) => payload.len() as u64,
            What::Zeros(length) => *length,
            What::Sparse { pieces, .. } => pieces.iter().map(|(_, piece)| piece.len() as u64).sum(),
            _ => 0,
        }
    }

    fn header(&self, link: &str) -> [u8; BLOCK] {
        let mut header = [0; BLOCK];
        put(&mut header, 0, clipped(&self.name));
        put(&mut header, 100, format!("{:07o}", self.mode).as_bytes());
        number(&mut header, 108, 8, self.owner.0);
        number(&mut header, 116, 8, self.owner.1);
        number(&mut header, 124, 12, self.stored());
        number(&mut header, 136, 12, self.modified);
        header[156] = match &self.what {
            What::File(_) | What::Zeros(_) => b'0',
            What::HardLink(_) => b'1',
            What::Symlink(_) => b'2',
            What::Character(..) => b'3',
            What::Block(..) => b'4',
            What::Folder => b'5',
            What::Fifo => b'6',
            What::Sparse { .. } => b'S',
        };
        put(&mut header, 157, clipped(link));
        put(&mut header, 257, b"ustar  \0");
        if self.owner == (0, 0) {
            put(&mut header, 265, b"root");
            put(&mut header, 297, b"root");
        }
        if let What::Character(major, minor) | What::Block(major, minor) = self.what {
            number(&mut header, 329, 8, u64::from(major));
            number(&mut header, 337, 8, u64::from(minor));
        }
        header
    }
}

fn clipped(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len().min(NAME)]
}

fn put(bytes: &mut [u8], offset: usize, text: &[u8]) {
    bytes[offset..offset + text.len()].copy_from_slice(text);
}

/// A number with a NUL behind it, or in base 256 when it has more digits than there is room for.
fn number(bytes: &mut [u8], offset: usize, width: usize, value: u64) {
    let digits = width - 1;
    let text = format!("{value:0digits$o}");
    if text.len() <= digits {
        put(bytes, offset, text.as_bytes());
    } else {
        bytes[offset] = 0x80;
        let whole = value.to_be_bytes();
        let taken = whole.len().min(digits);
        let end = offset + width;
        put(bytes, end - taken, &whole[whole.len() - taken..]);
    }
}

fn seal(header: &mut [u8; BLOCK]) {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    put(header, 148, format!("{sum:06o}\0 ").as_bytes());
}

/// The pseudo member of a name, or target of a link, that is too long for a header.
fn long(kind: u8, text: &str, bytes: &mut Vec<u8>) {
    let mut header = [0; BLOCK];
    put(&mut header, 0, b"././@LongLink");
    put(&mut header, 100, b"0000644");
    for (offset, width) in [(108, 8), (116, 8), (136, 12)] {
        number(&mut header, offset, width, 0);
    }
    number(&mut header, 124, 12, text.len() as u64 + 1);
    header[156] = kind;
    put(&mut header, 257, b"ustar  \0");
    put(&mut header, 265, b"root");
    put(&mut header, 297, b"root");
    seal(&mut header);
    bytes.extend_from_slice(&header);
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
}

/// The map of a sparse file; one that ends in a hole has an empty extent at its end, as GNU tar writes it.
fn sparse(
    header: &mut [u8; BLOCK],
    extensions: &mut Vec<u8>,
    length: u64,
    pieces: &[(u64, Vec<u8>)],
) {
    let mut extents: Vec<(u64, u64)> = pieces
        .iter()
        .map(|(offset, piece)| (*offset, piece.len() as u64))
        .collect();
    let end = extents.last().map_or(0, |(offset, len)| offset + len);
    if end < length {
        extents.push((length, 0));
    }
    let write = |bytes: &mut [u8], at: usize, extents: &[(u64, u64)]| {
        for (place, (offset, len)) in (at..).step_by(24).zip(extents) {
            number(bytes, place, 12, *offset);
            number(bytes, place + 12, 12, *len);
        }
    };
    let (first, rest) = extents.split_at(extents.len().min(IN_HEADER));
    write(header, 386, first);
    header[482] = u8::from(!rest.is_empty());
    number(header, 483, 12, length);
    let blocks = rest.chunks(IN_BLOCK);
    let count = blocks.len();
    for (at, extents) in blocks.enumerate() {
        let mut block = [0; BLOCK];
        write(&mut block, 0, extents);
        block[504] = u8::from(at + 1 < count);
        extensions.extend_from_slice(&block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest number in eleven octal digits.
    const OCTAL: u64 = 0o777_7777_7777;

    #[test]
    fn large_numbers_are_in_base_256() {
        let mut field = [b'x'; 12];
        number(&mut field, 0, 12, OCTAL);
        assert_eq!(&field, b"77777777777x");
        let mut field = [0; 12];
        number(&mut field, 0, 12, OCTAL + 1);
        assert_eq!(field, [0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
    }

    #[test]
    fn the_map_of_a_sparse_file_goes_on_behind_the_header() {
        let pieces = (0..30).map(|at| (at * 8192, vec![7; 512])).collect();
        let what = What::Sparse {
            length: 1 << 20,
            pieces,
        };
        let pieces = Entry::new("./a", what, 0).encode();
        let [Piece::Bytes(bytes)] = pieces.as_slice() else {
            panic!("one piece");
        };
        // The header, two blocks of the map for 27 extents, and 30 pieces of data.
        assert_eq!(bytes.len(), 512 * (1 + 2 + 30));
        assert_eq!((bytes[482], bytes[512 + 504], bytes[1024 + 504]), (1, 1, 0));
    }
}
