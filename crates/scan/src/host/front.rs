//! Telling a host backup by its front.

use xenspect_archive::tar::{BLOCK, HeaderSum, Member, MemberKind, walk_slice};

use crate::collect::{Name, believed, is_of_export, walk_limits};

/// Bytes looked at: the first header and the one behind it, with extension headers in front of each.
pub(crate) const FRONT: usize = 16 * BLOCK;

/// Folders of a host's root (`formats/host-backup.md` sections 2 and 8). An archive that was packed by hand may begin with
/// one of them. Those that other archives begin with just as well, as `home`, are not here.
const FOLDERS: [&str; 13] = [
    "bin", "boot", "dev", "etc", "lib", "lib64", "opt", "proc", "run", "sbin", "sys", "usr", "var",
];

/// Whether an archive begins with the folder `./`, or with something in a folder of a host's root; and none of the
/// members that can be seen is one of an export: those that were packed anew begin so too. A member with a damaged
/// header does not count, but for a `./` of which the rest is as it should be.
pub(crate) fn begins(front: &[u8]) -> bool {
    let members = walk_slice(front, walk_limits(), believed).members;
    if members.iter().any(|member| is_of_export(&member.name)) {
        return false;
    }
    let mut whole = members
        .iter()
        .filter(|member| member.header_sum == HeaderSum::Right);
    whole
        .next()
        .map_or_else(|| looks_like_root(front), is_of_root)
}

/// A damaged size leads far away from the next header.
fn looks_like_root(front: &[u8]) -> bool {
    let at = |place: usize, bytes: &[u8]| {
        front
            .get(place..)
            .is_some_and(|rest| rest.starts_with(bytes))
    };
    at(0, b"./\0") && at(156, b"5") && at(257, b"ustar")
}

fn is_of_root(member: &Member) -> bool {
    match Name::of(&member.name) {
        Name::Root => member.kind == MemberKind::Directory,
        Name::Plain(path) => path
            .split('/')
            .next()
            .is_some_and(|top| FOLDERS.contains(&top)),
        Name::Unsafe(_) => false,
    }
}
