//! Faults in tar headers. The checksum of the header holds unless it is the fault.

use super::Damage::{Members, Tar};
use super::{Fault, bytes, victim, victim_pair};
use crate::header::BLOCK;
use crate::member::{Archive, Role, Span};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "header-checksum-of-block",
        "one digit of the mode field in the victim's header changed, the header checksum not",
        "two-disks",
        Members(|archive| spoil(archive, victim, 103)),
    ),
    Fault::new(
        "header-checksum-of-sum",
        "as above in the header of the victim's checksum member",
        "two-disks",
        Members(|archive| {
            spoil(
                archive,
                |archive| victim_pair(archive).map(|(_, sum)| sum),
                103,
            )
        }),
    ),
    Fault::new(
        "header-checksum-of-ova",
        "as above in the header of ova.xml",
        "two-disks",
        Members(|archive| {
            let ova = |archive: &Archive| {
                archive
                    .members
                    .iter()
                    .position(|m| m.role == Role::Document)
            };
            spoil(archive, ova, 103)
        }),
    ),
    Fault::new(
        "header-checksum-signed",
        "the checksum of the victim's header is over signed bytes, one of which is above 127",
        "two-disks",
        Tar(|tar, spans| signed_sum(tar, bytes::victim(spans)?)),
    ),
    Fault::new(
        "header-checksum-signed-of-ova",
        "as above in the header of ova.xml",
        "two-disks",
        Tar(|tar, spans| signed_sum(tar, spans.first()?)),
    ),
    Fault::new(
        "gnu-prefix-of-block",
        "the victim's header is of GNU tar and has a prefix, which GNU tar passes over and importers do not",
        "two-disks",
        Tar(|tar, spans| gnu_prefix(tar, bytes::victim(spans)?)),
    ),
    Fault::new(
        "gnu-prefix-of-ova",
        "as above in the header of ova.xml",
        "two-disks",
        Tar(|tar, spans| gnu_prefix(tar, spans.first()?)),
    ),
    Fault::new(
        "header-name-byte",
        "the first letter of the victim's name changed, the header checksum not",
        "two-disks",
        Members(|archive| spoil(archive, victim, 0)),
    ),
    Fault::new(
        "size-field-garbage",
        "letters in the size field of the victim's header",
        "two-disks",
        Members(|archive| size(archive, *b"zzzzzzzzzzz\0")),
    ),
    Fault::new(
        "size-field-base-256",
        "the right size of the victim in base-256: what tar programs accept, xapi never writes",
        "two-disks",
        Members(|archive| {
            let len = archive.members[victim(archive)?].payload.len() as u64;
            size(archive, base_256(0x80, len))
        }),
    )
    .harmless(),
    Fault::new(
        "size-field-negative-base-256",
        "size -512 in base-256 in the victim's header",
        "two-disks",
        Members(|archive| {
            let mut field = [0xff; 12];
            field[10..].copy_from_slice(&[0xfe, 0x00]);
            size(archive, field)
        }),
    ),
    Fault::new(
        "size-field-huge",
        "the largest octal size, 8 GiB less one byte, in the victim's header",
        "two-disks",
        Members(|archive| size(archive, *b"77777777777\0")),
    ),
    Fault::new(
        "size-field-huge-base-256",
        "size 2^64 - 1 in base-256 in the victim's header",
        "two-disks",
        Members(|archive| size(archive, base_256(0x80, u64::MAX))),
    ),
    Fault::new(
        "symlink-named-like-a-block",
        "the victim's typeflag is that of a symbolic link, size and payload unchanged",
        "two-disks",
        Members(|archive| typeflag(archive, b'2')),
    ),
    Fault::new(
        "directory-named-like-a-block",
        "the victim's typeflag is that of a directory, size and payload unchanged",
        "two-disks",
        Members(|archive| typeflag(archive, b'5')),
    ),
];

/// Puts bytes into a header, and a sum of which 256 are taken away for each of `high` bytes above 127.
fn seal(tar: &mut [u8], span: &Span, fields: &[(usize, &[u8])], high: u32) -> Option<()> {
    let header = tar.get_mut(span.header..span.header + BLOCK)?;
    for (at, bytes) in fields {
        header[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    let text = format!("{:07o}\0", sum - 256 * high);
    header[148..156].copy_from_slice(text.as_bytes());
    Some(())
}

fn signed_sum(tar: &mut [u8], span: &Span) -> Option<()> {
    seal(tar, span, &[(300, b"\x80")], 1)
}

fn gnu_prefix(tar: &mut [u8], span: &Span) -> Option<()> {
    seal(tar, span, &[(257, b"ustar  \0"), (345, b"elsewhere")], 0)
}

fn spoil(archive: &mut Archive, pick: fn(&Archive) -> Option<usize>, offset: usize) -> Option<()> {
    let at = pick(archive)?;
    archive.members[at].header.spoil.push((offset, 0x01));
    Some(())
}

fn size(archive: &mut Archive, field: [u8; 12]) -> Option<()> {
    let at = victim(archive)?;
    archive.members[at].header.size_field = Some(field);
    Some(())
}

fn base_256(lead: u8, number: u64) -> [u8; 12] {
    let mut field = [0; 12];
    field[0] = lead;
    field[4..].copy_from_slice(&number.to_be_bytes());
    field
}

fn typeflag(archive: &mut Archive, flag: u8) -> Option<()> {
    let at = victim(archive)?;
    archive.members[at].header.typeflag = Some(flag);
    Some(())
}
