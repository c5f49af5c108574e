//! What tar has of a member that is not contents, as one digest (`xenspect_model::catalog::Attributes` has the rule).

use std::fmt::Display;

use sha2::{Digest, Sha256};
use tar::Header;
use xenspect_archive::tar::{BLOCK, Member, MemberKind};
use xenspect_model::catalog::Attributes;

use super::state::PERMISSIONS;

/// The attributes of a member; `header` is the block of its header.
pub(super) fn attributes(member: &Member, header: &[u8; BLOCK]) -> Attributes {
    let mut text = match member.kind {
        MemberKind::Other(flag) => format!("kind other {flag}\n"),
        kind => format!("kind {}\n", kind.name()),
    };
    let mode = member
        .mode
        .map(|mode| format!("{:04o}", mode & PERMISSIONS));
    line(&mut text, "mode", mode);
    line(&mut text, "uid", member.uid);
    line(&mut text, "gid", member.gid);
    line(&mut text, "mtime", member.mtime);
    if matches!(
        member.kind,
        MemberKind::CharDevice | MemberKind::BlockDevice
    ) {
        let header = Header::from_byte_slice(header);
        let major = header.device_major().ok().flatten();
        let minor = header.device_minor().ok().flatten();
        let number = major.zip(minor);
        line(
            &mut text,
            "device",
            number.map(|(major, minor)| format!("{major} {minor}")),
        );
    }
    line(&mut text, "link", Some(member.link_name.len()));
    let mut hasher = Sha256::new();
    hasher.update(text.as_bytes());
    hasher.update(&member.link_name);
    let digest: [u8; 32] = hasher.finalize().into();
    digest.first_chunk().copied().unwrap_or_default()
}

fn line(text: &mut String, name: &str, value: Option<impl Display>) {
    let value = value.map_or_else(|| "?".to_owned(), |value| value.to_string());
    text.push_str(name);
    text.push(' ');
    text.push_str(&value);
    text.push('\n');
}
