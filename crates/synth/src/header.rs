//! The 512 header bytes of a tar member in the spellings seen in XVA archives.
//!
//! Payloads, order of members and the end of the archive are in [`crate::member`].

/// Length of a tar header and of the unit payloads are padded to, in bytes.
pub const BLOCK: usize = 512;

/// Who wrote the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeaderStyle {
    /// xapi up to 8.2: V7 header, mode 0, 7-digit checksum (`formats/xva.md` section 2.1). xva-img packs
    /// the same bytes (section 12).
    XapiOld,
    /// xapi since XenServer 8 and XCP-ng 8.3: as above with mode 0400.
    XapiNew,
    /// The `tar-stream` package that Xen Orchestra uses: ustar magic, numbers ended by a space.
    TarStream,
    /// `tar --format=ustar` with a real mode, owner and time.
    Ustar,
    /// `tar --format=gnu` with a real mode, owner and time.
    Gnu,
}

/// What a header says beside name and length. The checksum is computed last, over everything but
/// [`Header::spoil`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Spelling.
    pub style: HeaderStyle,
    /// Modification time in seconds since 1970.
    pub mtime: u64,
    /// Whether this is a directory member (mode 0755 and typeflag `5` where the style has them).
    pub directory: bool,
    /// Replaces the typeflag byte (offset 156).
    pub typeflag: Option<u8>,
    /// Replaces the size field (offset 124).
    pub size_field: Option<[u8; 12]>,
    /// Offsets and masks, XORed in *after* the checksum was computed, so that it no longer holds.
    pub spoil: Vec<(usize, u8)>,
}

impl Header {
    /// A file header of this style, time 0.
    #[must_use]
    pub fn new(style: HeaderStyle) -> Self {
        Self {
            style,
            mtime: 0,
            directory: false,
            typeflag: None,
            size_field: None,
            spoil: Vec::new(),
        }
    }

    /// The 512 bytes for a member of this name and payload length.
    ///
    /// # Panics
    ///
    /// When the name is longer than the 100 bytes of the name field: no XVA member is.
    #[must_use]
    pub fn encode(&self, name: &[u8], size: u64) -> [u8; BLOCK] {
        assert!(name.len() <= 100, "member name longer than the name field");
        let mut bytes = match self.style {
            HeaderStyle::XapiOld => bare(0, size, self.mtime),
            HeaderStyle::XapiNew => bare(0o400, size, self.mtime),
            HeaderStyle::TarStream => self.tar_stream(size),
            HeaderStyle::Ustar => self.library(tar::Header::new_ustar(), size),
            HeaderStyle::Gnu => self.library(tar::Header::new_gnu(), size),
        };
        bytes[..name.len()].copy_from_slice(name);
        if let Some(flag) = self.typeflag {
            bytes[156] = flag;
        }
        if let Some(field) = self.size_field {
            bytes[124..136].copy_from_slice(&field);
        }
        self.seal(&mut bytes);
        for &(offset, mask) in &self.spoil {
            bytes[offset] ^= mask;
        }
        bytes
    }

    fn seal(&self, bytes: &mut [u8; BLOCK]) {
        bytes[148..156].fill(b' ');
        let sum: u32 = bytes.iter().map(|&b| u32::from(b)).sum();
        let text = match self.style {
            HeaderStyle::XapiOld | HeaderStyle::XapiNew => format!("{sum:07o}\0"),
            HeaderStyle::TarStream => format!("{sum:06o} \0"),
            HeaderStyle::Ustar | HeaderStyle::Gnu => format!("{sum:06o}\0 "),
        };
        bytes[148..156].copy_from_slice(text.as_bytes());
    }

    fn tar_stream(&self, size: u64) -> [u8; BLOCK] {
        let mut bytes = [0; BLOCK];
        let mode = if self.directory { 0o755 } else { 0o644 };
        put(&mut bytes, 100, &format!("{mode:06o} "));
        put(&mut bytes, 108, "000000 ");
        put(&mut bytes, 116, "000000 ");
        put(&mut bytes, 124, &format!("{size:011o} "));
        put(&mut bytes, 136, &format!("{:011o} ", self.mtime));
        bytes[156] = if self.directory { b'5' } else { b'0' };
        put(&mut bytes, 257, "ustar\x0000");
        put(&mut bytes, 329, "000000 ");
        put(&mut bytes, 337, "000000 ");
        bytes
    }

    fn library(&self, mut header: tar::Header, size: u64) -> [u8; BLOCK] {
        header.set_mode(if self.directory { 0o755 } else { 0o644 });
        header.set_uid(1000);
        header.set_gid(1000);
        header.set_size(size);
        header.set_mtime(self.mtime);
        header.set_entry_type(if self.directory {
            tar::EntryType::Directory
        } else {
            tar::EntryType::Regular
        });
        // Both names fit their 32-byte fields, the only thing these calls can object to.
        let named = header
            .set_username("backup")
            .and_then(|()| header.set_groupname("backup"));
        debug_assert!(named.is_ok());
        *header.as_bytes()
    }
}

/// The V7 header of xapi without name and checksum (`formats/xva.md` section 2.1).
fn bare(mode: u32, size: u64, mtime: u64) -> [u8; BLOCK] {
    let mut bytes = [0; BLOCK];
    put(&mut bytes, 100, &format!("{mode:07o}"));
    put(&mut bytes, 108, "0000000");
    put(&mut bytes, 116, "0000000");
    put(&mut bytes, 124, &format!("{size:011o}"));
    put(&mut bytes, 136, &format!("{mtime:011o}"));
    bytes
}

fn put(bytes: &mut [u8; BLOCK], offset: usize, text: &str) {
    bytes[offset..offset + text.len()].copy_from_slice(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sum::SumKind;

    fn sha1_of(style: HeaderStyle, name: &str, size: u64) -> String {
        SumKind::Sha1.text(&Header::new(style).encode(name.as_bytes(), size))
    }

    #[test]
    fn headers_match_the_vectors_of_section_2_1() {
        let mib = 1024 * 1024;
        assert_eq!(
            sha1_of(HeaderStyle::XapiNew, "Ref:4/00000000", mib),
            "c1a5eae605c5bb7dfdd43f5fee3a49ff2fd37110"
        );
        assert_eq!(
            sha1_of(HeaderStyle::XapiNew, "Ref:4/00000000.xxhash", 16),
            "867f951facd2e34151536cf059670cbfd8094be1"
        );
        assert_eq!(
            sha1_of(HeaderStyle::XapiOld, "Ref:4/00000000", mib),
            "4f79b42d3ed3fcee6676609a0efe9e2929404486"
        );
        assert_eq!(
            sha1_of(HeaderStyle::XapiOld, "Ref:4/00000000.checksum", 40),
            "60e9ee0a03a93cbee987050a950c4c54da20d45b"
        );
    }

    #[test]
    fn every_style_carries_a_checksum_the_tar_library_agrees_with() {
        for style in [
            HeaderStyle::XapiOld,
            HeaderStyle::XapiNew,
            HeaderStyle::TarStream,
            HeaderStyle::Ustar,
            HeaderStyle::Gnu,
        ] {
            let bytes = Header {
                mtime: 1_700_000_000,
                ..Header::new(style)
            }
            .encode(b"Ref:1/00000000", 777);
            let mut theirs = tar::Header::from_byte_slice(&bytes).clone();
            let ours = theirs.cksum().expect("a readable checksum");
            theirs.set_cksum();
            assert_eq!(
                ours,
                theirs.cksum().expect("a readable checksum"),
                "{style:?}"
            );
            assert_eq!(
                theirs.entry_size().expect("a readable size"),
                777,
                "{style:?}"
            );
            assert_eq!(
                theirs.mtime().expect("a readable time"),
                1_700_000_000,
                "{style:?}"
            );
        }
    }

    #[test]
    fn spoiling_leaves_the_checksum_stale() {
        let good = Header::new(HeaderStyle::XapiNew);
        let bad = Header {
            spoil: vec![(103, 1)],
            ..Header::new(HeaderStyle::XapiNew)
        };
        let (good, bad) = (good.encode(b"ova.xml", 9), bad.encode(b"ova.xml", 9));
        assert_eq!(good[148..156], bad[148..156]);
        assert_eq!(good.iter().zip(&bad).filter(|(a, b)| a != b).count(), 1);
    }
}
