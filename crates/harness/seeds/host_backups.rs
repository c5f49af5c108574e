//! Small host backups, as seeds for the target `host_backup`: one of files and the database of a host, and one of a member of
//! each kind. Compiled into the tests and into the example that writes seeds for the fuzzer.

use xenspect_synth::header::BLOCK;
use xenspect_synth::restore;
use xenspect_synth::{Header, HeaderStyle};

/// Longest file that is put in: a fuzzer gets nowhere with longer ones.
const LONGEST: usize = 8 << 10;
/// A pool database of one table.
const DATABASE: &[u8] = b"<?xml version=\"1.0\"?><database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"603\"/><pair key=\"generation_count\" value=\"7\"/></manifest><table name=\"host\"><row ref=\"OpaqueRef:1\" uuid=\"u1\" _ref=\"OpaqueRef:1\"/></table></database>";
const INVENTORY: &[u8] = b"INSTALLATION_UUID='u1'\nPRODUCT_VERSION='8.3.0'\nPLATFORM_VERSION='3.4.0'\nPARTITION_LAYOUT='ROOT,BOOT'\n";

/// Names and bytes of the backups.
pub(crate) fn host_backups() -> Vec<(&'static str, Vec<u8>)> {
    let mut files = Backup::rooted();
    for (name, bytes) in restore::fresh_host().host_backup() {
        if bytes.len() <= LONGEST && name.len() <= 100 {
            files.member(&name, b'0', "", &bytes);
        }
    }
    vec![("files", files.ended()), ("kinds", kinds().ended())]
}

/// A member of each kind, and names that no host writes.
fn kinds() -> Backup {
    let mut kinds = Backup::rooted();
    for (name, flag, link, bytes) in [
        ("./etc/", b'5', "", b"".as_slice()),
        ("./etc/xensource-inventory", b'0', "", INVENTORY),
        (
            "./etc/fstab",
            b'0',
            "",
            b"LABEL=root-abcdef / ext4 defaults 1 1\n",
        ),
        ("./etc/linked", b'1', "./etc/fstab", b""),
        ("./etc/soft", b'2', "../../x", b""),
        ("./dev/null", b'3', "", b""),
        ("./dev/sda", b'4', "", b""),
        ("./run/fifo", b'6', "", b""),
        (
            "././@LongLink",
            b'L',
            "",
            b"./var/backup/pool-database-2024-05-31--13-07-09\0",
        ),
        ("./var/backup/pool", b'0', "", DATABASE),
        ("./var/lib/xcp/state.db", b'0', "", DATABASE),
        (
            "./PaxHeaders/x",
            b'x',
            "",
            b"22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n28 GNU.sparse.realsize=4096\n",
        ),
        ("./GNUSparseFile/etc/holes", b'0', "", b"1\n0\n4\nhole"),
        ("../climbs", b'0', "", b"x"),
        ("/absolute", b'0', "", b"x"),
        ("boot/efi/", b'5', "", b""),
        (
            "boot/efi/grub.cfg",
            b'0',
            "",
            b"set default=0\nmenuentry x {\n linux /k root=LABEL=root-abcdef\n}\n",
        ),
        ("./etc/fstab", b'0', "", b"again"),
    ] {
        kinds.member(name, flag, link, bytes);
    }
    kinds
}

/// An archive as it grows.
struct Backup(Vec<u8>);

impl Backup {
    fn rooted() -> Self {
        let mut backup = Self(Vec::new());
        backup.member("./", b'5', "", b"");
        backup
    }

    fn member(&mut self, name: &str, flag: u8, link: &str, bytes: &[u8]) {
        let header = Header {
            typeflag: Some(flag),
            mtime: 1_717_160_829,
            ..Header::new(HeaderStyle::Gnu)
        };
        let mut block = header.encode(name.as_bytes(), bytes.len() as u64);
        if !link.is_empty() {
            block[157..157 + link.len()].copy_from_slice(link.as_bytes());
            block[148..156].fill(b' ');
            let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
            block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        }
        self.0.extend_from_slice(&block);
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(BLOCK), 0);
    }

    fn ended(mut self) -> Vec<u8> {
        let len = self.0.len() + 2 * BLOCK;
        self.0.resize(len.next_multiple_of(20 * BLOCK), 0);
        self.0
    }
}
