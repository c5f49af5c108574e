//! Builds headers and archives by hand. Offsets are written out as numbers on purpose.

/// One header block under construction; NUL everywhere that was not set.
#[derive(Clone)]
pub(super) struct HeaderBuilder {
    bytes: [u8; 512],
}

impl HeaderBuilder {
    /// The way xapi writes it: mode 0400, uid, gid and mtime 0, no magic, type flag NUL.
    pub(super) fn xapi(name: &str, size: usize) -> Self {
        Self { bytes: [0; 512] }
            .put(0, name.as_bytes())
            .put(100, b"0000400\0")
            .put(108, b"0000000\0")
            .put(116, b"0000000\0")
            .put(124, format!("{size:011o}\0").as_bytes())
            .put(136, b"00000000000\0")
    }

    pub(super) fn gnu(name: &str, size: usize, flag: u8) -> Self {
        Self::xapi(name, size).put(257, b"ustar  \0").flag(flag)
    }

    pub(super) fn ustar(name: &str, size: usize, flag: u8) -> Self {
        Self::xapi(name, size).put(257, b"ustar\x0000").flag(flag)
    }

    pub(super) fn put(mut self, at: usize, bytes: &[u8]) -> Self {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    pub(super) fn flag(self, flag: u8) -> Self {
        self.put(156, &[flag])
    }

    /// The block with an empty checksum field.
    pub(super) fn without_sum(self) -> [u8; 512] {
        self.bytes
    }

    pub(super) fn computed(&self) -> u64 {
        let mut block = self.bytes;
        block[148..156].fill(b' ');
        block.iter().map(|byte| u64::from(*byte)).sum()
    }

    /// The block with the right checksum, in xapi's spelling.
    pub(super) fn summed(self) -> [u8; 512] {
        let sum = self.computed();
        self.put(148, format!("{sum:07o}\0").as_bytes()).bytes
    }
}

/// An archive under construction.
#[derive(Clone, Default)]
pub(super) struct Built(pub(super) Vec<u8>);

impl Built {
    pub(super) fn block(mut self, block: [u8; 512]) -> Self {
        self.0.extend_from_slice(&block);
        self
    }

    /// A payload and its padding.
    pub(super) fn payload(mut self, payload: &[u8]) -> Self {
        self.0.extend_from_slice(payload);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    /// A member as xapi writes it.
    pub(super) fn member(self, name: &str, payload: &[u8]) -> Self {
        self.block(HeaderBuilder::xapi(name, payload.len()).summed())
            .payload(payload)
    }

    /// An extension header with its payload.
    pub(super) fn extension(self, flag: u8, payload: &[u8]) -> Self {
        let header = match flag {
            b'L' | b'K' => HeaderBuilder::gnu("././@LongLink", payload.len(), flag),
            _ => HeaderBuilder::ustar("PaxHeaders/x", payload.len(), flag),
        };
        self.block(header.summed()).payload(payload)
    }

    pub(super) fn zeros(mut self, blocks: usize) -> Self {
        self.0.resize(self.0.len() + 512 * blocks, 0);
        self
    }

    pub(super) fn end(self) -> Self {
        self.zeros(2)
    }

    pub(super) fn len(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap()
    }
}

/// `len` bytes that are no header and hold no zero block.
pub(super) fn data(len: usize) -> Vec<u8> {
    (0..len)
        .map(|index| b'A' + u8::try_from(index % 23).unwrap())
        .collect()
}

/// One pax record with its right length.
pub(super) fn record(key: &str, value: &[u8]) -> Vec<u8> {
    let body = key.len() + value.len() + 3;
    let mut length = body + 1;
    while length != body + length.to_string().len() {
        length = body + length.to_string().len();
    }
    [format!("{length} {key}=").as_bytes(), value, b"\n"].concat()
}
