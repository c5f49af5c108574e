//! Faults in the list of members around the disks, and at the end of the archive.

use super::Damage::{Members, Tar};
use super::{Fault, victim};
use crate::content::Content;
use crate::header::Header;
use crate::member::{Archive, Member, Role};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new("ova-missing", "no member ova.xml", "two-disks", Members(|archive| take_ova(archive).map(|_| ()))),
    Fault::new(
        "ova-not-first",
        "ova.xml behind the first pair",
        "two-disks",
        Members(|archive| {
            let ova = take_ova(archive)?;
            let at = 2.min(archive.members.len());
            archive.members.insert(at, ova);
            Some(())
        }),
    ),
    Fault::new(
        "ova-twice",
        "ova.xml twice at the beginning",
        "two-disks",
        Members(|archive| {
            let ova = archive.members.iter().position(|member| member.role == Role::Document)?;
            archive.members.insert(ova, archive.members[ova].clone());
            Some(())
        }),
    ),
    Fault::new(
        "foreign-member",
        "a member README.txt behind the last disk",
        "two-disks",
        Members(|archive| foreign(archive, b"README.txt", None)),
    )
    .harmless(),
    Fault::new(
        "foreign-member-between-blocks",
        "a member README.txt before the victim",
        "two-disks",
        Members(|archive| foreign(archive, b"README.txt", Some(victim))),
    ),
    Fault::new(
        "member-name-with-parent",
        "a member ../../etc/cron.d/job behind the last disk",
        "two-disks",
        Members(|archive| foreign(archive, b"../../etc/cron.d/job", None)),
    )
    .harmless(),
    Fault::new(
        "member-name-absolute",
        "a member /etc/cron.d/job behind the last disk",
        "two-disks",
        Members(|archive| foreign(archive, b"/etc/cron.d/job", None)),
    )
    .harmless(),
    Fault::new(
        "member-name-with-control-characters",
        "a member whose name holds an escape sequence and a byte that is no UTF-8, behind the last disk",
        "two-disks",
        Members(|archive| foreign(archive, b"\x1b[31mred\xff.txt", None)),
    )
    .harmless(),
    Fault::new("single-end-block", "one zero block at the end", "two-disks", Members(|archive| zero_blocks(archive, 1)))
        .harmless(),
    Fault::new(
        "no-end-blocks",
        "cut before the zero blocks at the end",
        "two-disks",
        Members(|archive| zero_blocks(archive, 0)),
    )
    .harmless(),
    Fault::new(
        "trailing-zeros",
        "8192 zero bytes behind the end",
        "two-disks",
        Members(|archive| trailing(archive, vec![0; 8192])),
    )
    .harmless(),
    Fault::new(
        "trailing-garbage",
        "1000 pseudo-random bytes behind the end",
        "two-disks",
        Members(|archive| trailing(archive, Content::Random.chunk(0, 0, 0, 1000))),
    )
    .harmless(),
    Fault::new(
        "archive-twice",
        "the whole archive behind itself",
        "two-disks",
        Tar(|tar, _| {
            tar.extend_from_within(..);
            Some(())
        }),
    )
    .harmless(),
];

fn take_ova(archive: &mut Archive) -> Option<Member> {
    let at = archive
        .members
        .iter()
        .position(|member| member.role == Role::Document)?;
    Some(archive.members.remove(at))
}

fn foreign(
    archive: &mut Archive,
    name: &[u8],
    before: Option<fn(&Archive) -> Option<usize>>,
) -> Option<()> {
    let at = match before {
        Some(pick) => pick(archive)?,
        None => archive.members.len(),
    };
    let style = archive.members.first()?.header.style;
    let member = Member {
        name: name.to_vec(),
        payload: b"Not part of the export.\n".to_vec(),
        header: Header::new(style),
        role: Role::Foreign,
    };
    archive.members.insert(at, member);
    Some(())
}

pub(super) fn zero_blocks(archive: &mut Archive, count: usize) -> Option<()> {
    archive.ending.zero_blocks = count;
    archive.ending.record = 512;
    Some(())
}

fn trailing(archive: &mut Archive, bytes: Vec<u8>) -> Option<()> {
    archive.ending.trailing = bytes;
    Some(())
}
