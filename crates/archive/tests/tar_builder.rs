//! Archives written by the tar crate, read by the walker and by the tar crate: the same members
//! at the same places.

use proptest::prelude::*;
use xenspect_archive::tar::{Ending, Limits, MemberKind, Walked, walk_slice};

/// What both readers are asked for.
#[derive(Debug, PartialEq)]
struct Seen {
    header_offset: u64,
    data_offset: u64,
    size: u64,
    name: Vec<u8>,
    link_name: Vec<u8>,
    flag: u8,
    mode: Option<u32>,
    uid: Option<u64>,
    mtime: Option<u64>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    link_name: String,
    size: usize,
    flag: u8,
    format: u8,
    uid: u64,
    mtime: u64,
    pax: Option<(String, String)>,
}

fn entry() -> impl Strategy<Value = Entry> {
    // No part is `.`: the writer leaves those out.
    let name = || "[a-z0-9:_-][a-z0-9:._-]{0,7}(/[a-zA-Z0-9 é-][a-zA-Z0-9 ._é-]{0,60}){0,6}";
    let size = prop_oneof![Just(0usize), 1usize..2000, Just(512usize), Just(1024usize)];
    let flag = prop::sample::select(b"00000512346".to_vec());
    let pax = prop::option::weighted(0.3, ("(comment|uname|note)", "[ -~é]{0,90}"));
    (
        name(),
        name(),
        size,
        flag,
        0u8..3,
        any::<u64>(),
        0..1u64 << 33,
        pax,
    )
        .prop_map(|(name, link_name, size, flag, format, uid, mtime, pax)| {
            // Only GNU headers hold numbers above seven octal digits.
            let uid = if format == 0 {
                uid >> 8
            } else {
                uid & 0o777_7777
            };
            let size = if matches!(flag, b'0') { size } else { 0 };
            Entry {
                name,
                link_name,
                size,
                flag,
                format,
                uid,
                mtime,
                pax,
            }
        })
}

fn write(entries: &[Entry]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for entry in entries {
        let mut header = match entry.format {
            0 => tar::Header::new_gnu(),
            1 => tar::Header::new_ustar(),
            _ => tar::Header::new_old(),
        };
        header.set_entry_type(tar::EntryType::new(entry.flag));
        header.set_size(u64::try_from(entry.size).unwrap());
        header.set_mode(0o644);
        header.set_uid(entry.uid);
        header.set_gid(7);
        header.set_mtime(entry.mtime);
        if let Some((key, value)) = &entry.pax {
            builder
                .append_pax_extensions([(key.as_str(), value.as_bytes())])
                .unwrap();
        }
        let data = vec![b'x'; entry.size];
        let link = matches!(entry.flag, b'1' | b'2');
        // Names too long for the format are refused by the writer, or written as GNU long names.
        let written = if link {
            builder.append_link(&mut header, &entry.name, &entry.link_name)
        } else {
            builder.append_data(&mut header, &entry.name, data.as_slice())
        };
        written.unwrap();
    }
    builder.into_inner().unwrap()
}

fn read_by_tar(bytes: &[u8]) -> Vec<Seen> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            let header = entry.header();
            let flag = header.entry_type().as_byte();
            let link_name = entry
                .link_name_bytes()
                .filter(|_| matches!(flag, b'1' | b'2'));
            Seen {
                header_offset: entry.raw_header_position(),
                data_offset: entry.raw_file_position(),
                size: entry.size(),
                name: entry.path_bytes().into_owned(),
                link_name: link_name.map(|name| name.into_owned()).unwrap_or_default(),
                flag,
                mode: header.mode().ok(),
                uid: header.uid().ok(),
                mtime: header.mtime().ok(),
            }
        })
        .collect()
}

fn flag(kind: MemberKind) -> u8 {
    match kind {
        MemberKind::File => b'0',
        MemberKind::HardLink => b'1',
        MemberKind::Symlink => b'2',
        MemberKind::CharDevice => b'3',
        MemberKind::BlockDevice => b'4',
        MemberKind::Directory => b'5',
        MemberKind::Fifo => b'6',
        other => panic!("{other:?} was not written"),
    }
}

fn seen(walked: &Walked) -> Vec<Seen> {
    let members = walked.members.iter();
    members
        .map(|member| Seen {
            header_offset: member.header_offset,
            data_offset: member.data_offset,
            size: member.size,
            name: member.name.clone(),
            link_name: member.link_name.clone(),
            flag: flag(member.kind),
            mode: member.mode,
            uid: member.uid,
            mtime: member.mtime,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn members_are_those_of_the_tar_crate(entries in prop::collection::vec(entry(), 0..12)) {
        let bytes = write(&entries);
        let walked = walk_slice(&bytes, Limits::default(), |_, _| false);
        prop_assert_eq!(&walked.oddities, &[]);
        prop_assert_eq!(walked.ending, Ending::Complete);
        prop_assert_eq!(seen(&walked), read_by_tar(&bytes));
        prop_assert_eq!(walked.members.len(), entries.len());
        for (member, entry) in walked.members.iter().zip(&entries) {
            prop_assert_eq!(String::from_utf8_lossy(&member.name), entry.name.as_str());
        }
    }
}

#[test]
fn names_at_the_edges_of_the_fields() {
    for len in [
        1, 99, 100, 101, 155, 156, 255, 256, 257, 511, 512, 513, 1024,
    ] {
        let name = "n".repeat(len);
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        builder
            .append_data(&mut header, &name, &b"abc"[..])
            .unwrap();
        let bytes = builder.into_inner().unwrap();
        let walked = walk_slice(&bytes, Limits::default(), |_, _| false);
        assert_eq!(walked.members.len(), 1, "{len}");
        assert_eq!(walked.members[0].name, name.as_bytes());
        assert_eq!(
            seen(&walked)[0].data_offset,
            read_by_tar(&bytes)[0].data_offset
        );
    }
}
