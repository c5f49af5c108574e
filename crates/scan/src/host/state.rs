//! What a header tells of a file.

use std::borrow::Cow;
use std::fmt::Write;

use xenspect_archive::tar::{Member, MemberKind};
use xenspect_model::diff::{FileKind, FileState};

use crate::collect::Name;

/// The bits of a mode that are permissions: three digits, and setuid, setgid and sticky in the first.
pub(super) const PERMISSIONS: u32 = 0o7777;
/// Stands for what a header does not tell.
const UNKNOWN: &str = "?";

/// A stored name as text. Bytes that are no UTF-8 are written as numbers, so that two names do not become one.
pub(crate) fn text(stored: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = str::from_utf8(stored) {
        return Cow::Borrowed(text);
    }
    let mut text = String::new();
    for chunk in stored.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    Cow::Owned(text)
}

/// The path under which a member is kept.
pub(crate) fn path(name: Name, stored: &str) -> String {
    match name {
        Name::Plain(path) => path,
        Name::Root => ".".to_owned(),
        Name::Unsafe(_) => stored.to_owned(),
    }
}

/// A member, of which no byte was read yet.
pub(crate) fn state(member: &Member) -> FileState {
    let link = text(&member.link_name);
    let link = match member.kind {
        MemberKind::HardLink => Some(path(Name::of(link.as_bytes()), &link)),
        MemberKind::Symlink => Some(link.into_owned()),
        _ => None,
    };
    let number = |id: Option<u64>| id.map_or_else(|| UNKNOWN.to_owned(), |id| id.to_string());
    let mode = member
        .mode
        .map(|mode| format!("{:04o}", mode & PERMISSIONS));
    FileState {
        is: kind(member.kind),
        len: None,
        sha256: None,
        link,
        mode: mode.unwrap_or_else(|| UNKNOWN.to_owned()),
        owner: format!("{}:{}", number(member.uid), number(member.gid)),
    }
}

pub(super) fn kind(kind: MemberKind) -> FileKind {
    match kind {
        MemberKind::File | MemberKind::Contiguous | MemberKind::GnuSparse => FileKind::File,
        MemberKind::HardLink => FileKind::HardLink,
        MemberKind::Symlink => FileKind::Symlink,
        MemberKind::CharDevice | MemberKind::BlockDevice => FileKind::Device,
        MemberKind::Directory => FileKind::Folder,
        MemberKind::Fifo => FileKind::Fifo,
        _ => FileKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_no_text_stay_apart() {
        for (stored, expected) in [
            (b"etc/fstab".as_slice(), "etc/fstab"),
            ("ä".as_bytes(), "ä"),
            (b"a\xff.b\xfe", "a\\xff.b\\xfe"),
            (b"\xc3", "\\xc3"),
            (b"", ""),
        ] {
            assert_eq!(text(stored), expected);
        }
    }
}
