//! Faults in `checksum.xml` (`formats/xva.md` section 9).

use super::Damage::Members;
use super::Fault;
use crate::member::{Archive, Member, Role};
use crate::sum::SumKind;
use crate::xmlrpc::{Spelling, Value};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "table-missing",
        "no checksum.xml although export_vsn is 1",
        "export-vsn-1",
        Members(|archive| {
            let at = table(archive)?;
            archive.members.remove(at);
            Some(())
        }),
    ),
    Fault::new(
        "table-malformed",
        "the last end tag of checksum.xml missing",
        "export-vsn-1",
        Members(|archive| {
            let at = table(archive)?;
            let payload = &mut archive.members[at].payload;
            payload.truncate(payload.len().checked_sub("</value>".len())?);
            Some(())
        }),
    ),
    Fault::new(
        "table-entry-wrong",
        "one digit of the first entry of checksum.xml changed",
        "export-vsn-1",
        Members(|archive| {
            rewrite(archive, |entries| {
                let text = &mut entries.first_mut()?.1;
                let digit = if text.starts_with('0') { "1" } else { "0" };
                text.replace_range(..1, digit);
                Some(())
            })
        }),
    ),
    Fault::new(
        "table-entry-missing",
        "no entry for the last block in checksum.xml",
        "export-vsn-1",
        Members(|archive| rewrite(archive, |entries| entries.pop().map(|_| ()))),
    ),
    Fault::new(
        "table-entry-extra",
        "an entry for a block Ref:999/00000000 that does not exist in checksum.xml",
        "export-vsn-1",
        Members(|archive| {
            rewrite(archive, |entries| {
                entries.push((
                    "Ref:999/00000000".to_owned(),
                    SumKind::Sha1.text(b"no such block"),
                ));
                Some(())
            })
        }),
    ),
    Fault::new(
        "table-in-export-vsn-2",
        "a right checksum.xml behind the disks although export_vsn is 2",
        "two-disks-sha1",
        Members(|archive| {
            if table(archive).is_some() {
                return None;
            }
            let header = archive.members.last()?.header.clone();
            archive.members.push(Member {
                name: b"checksum.xml".to_vec(),
                payload: Vec::new(),
                header,
                role: Role::Table,
            });
            rewrite(archive, |_| Some(()))
        }),
    )
    .harmless(),
];

fn table(archive: &Archive) -> Option<usize> {
    archive
        .members
        .iter()
        .position(|member| member.role == Role::Table)
}

/// Makes the table anew from the blocks, edited by `edit`.
fn rewrite(
    archive: &mut Archive,
    edit: fn(&mut Vec<(String, String)>) -> Option<()>,
) -> Option<()> {
    let at = table(archive)?;
    let mut entries: Vec<(String, String)> = archive
        .members
        .iter()
        .filter(|member| matches!(member.role, Role::Block { .. }))
        .map(|block| {
            (
                String::from_utf8_lossy(&block.name).into_owned(),
                SumKind::Sha1.text(&block.payload),
            )
        })
        .collect();
    edit(&mut entries)?;
    let fields = entries
        .into_iter()
        .map(|(name, text)| (name, Value::text(text)))
        .collect();
    let mut text = String::new();
    Spelling::default().write(&mut text, &Value::Struct(fields));
    archive.members[at].payload = text.into_bytes();
    Some(())
}
