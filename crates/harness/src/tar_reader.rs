//! A tar stream as another reader has it, the `tar` crate, where nothing about it is odd.

use xenspect_archive::tar::{Member, MemberKind};

/// Compares members with the entries of the other reader, header by header.
///
/// Invariant: where the walk met nothing odd and ended as it should, the other reader has the same entries, at the same places, with
/// the same lengths and names.
///
/// # Panics
///
/// When it does not hold.
pub(crate) fn check(data: &[u8], members: &[Member]) {
    let mut archive = tar::Archive::new(data);
    let Ok(entries) = archive.entries() else {
        panic!("the other reader takes nothing");
    };
    let mut members = members.iter();
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // It is stricter: a number it cannot read, for instance.
                assert!(!error.to_string().is_empty());
                return;
            }
        };
        let Some(member) = members.next() else {
            panic!(
                "the other reader has one more at {}",
                entry.raw_header_position()
            );
        };
        assert_eq!(entry.raw_header_position(), member.header_offset);
        if member.kind == MemberKind::File && member.real_size.is_none() {
            assert_eq!(entry.raw_file_position(), member.data_offset);
            assert_eq!(entry.size(), member.size);
            // Of a name with a zero byte in it both keep what is in front, of different fields.
            let name = entry.path_bytes();
            assert_eq!(name.as_ref(), member.name.as_slice());
        }
    }
    assert!(members.next().is_none(), "the other reader has fewer");
}
