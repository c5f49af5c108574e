//! Faults of the file as a whole: its end, damage, and its envelope (`formats/host-backup.md` sections 1 and 2).

use super::HostFault as Fault;
use crate::envelope::Envelope;
use crate::host_backup::{DUMP, End};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "cut-in-file",
        "the tar stream ends inside of a program, in whole gzip",
        &["host/cut-in-file"],
        |backup| {
            backup.entry_mut("usr/bin/bash")?;
            backup.end = End::In("usr/bin/bash".to_owned());
            Some(())
        },
    ),
    Fault::new(
        "cut-in-dump",
        "the tar stream ends inside of the dump, in whole gzip",
        &["host/cut-in-file"],
        |backup| {
            backup.entry_mut(DUMP)?;
            backup.end = End::In(DUMP.to_owned());
            Some(())
        },
    ),
    Fault::new(
        "cut-without-end-marker",
        "the tar stream has all members and no end marker",
        &["host/cut-between-files"],
        |backup| {
            backup.end = End::Unmarked;
            Some(())
        },
    ),
    Fault::new(
        "gzip-crc",
        "the checksum of gzip is wrong",
        &["envelope/checksum-mismatch"],
        |backup| {
            backup.spoil = Some(|bytes| {
                let at = bytes.len().checked_sub(8)?;
                bytes[at] ^= 1;
                Some(())
            });
            Some(())
        },
    ),
    Fault::new(
        "gzip-cut",
        "the file ends in the middle, as when the connection broke",
        &["envelope/truncated"],
        |backup| {
            backup.spoil = Some(|bytes| {
                bytes.truncate(bytes.len() / 2);
                Some(())
            });
            Some(())
        },
    ),
    Fault::new(
        "gzip-trailing",
        "bytes that are no gzip are behind it",
        &["envelope/trailing-data"],
        |backup| {
            backup.spoil = Some(|bytes| {
                bytes.extend_from_slice(b"garbage behind the gzip member");
                Some(())
            });
            Some(())
        },
    ),
    Fault::new(
        "tar-trailing",
        "bytes that are no zeros are behind the end marker, in whole gzip",
        &["tar/trailing-data"],
        |backup| {
            backup.end = End::Trailing(b"garbage".repeat(1000));
            Some(())
        },
    ),
    Fault::new(
        "one-zero-block",
        "one zero block is at the end, in place of two",
        &["tar/end-missing"],
        |backup| {
            backup.end = End::OneBlock;
            Some(())
        },
    ),
    Fault::new(
        "members-behind-end",
        "another archive stands behind the end marker, as when two were joined",
        &["tar/members-after-end"],
        |backup| {
            let mut other = backup.clone();
            other.envelope = Envelope::Plain;
            backup.end = End::Trailing(other.bytes());
            Some(())
        },
    ),
    Fault::new(
        "header-damaged",
        "a bit is flipped in the mode of usr/bin/bash",
        &["tar/header-checksum-mismatch"],
        |backup| {
            backup.entry_mut("usr/bin/bash")?.spoil.push((103, 1));
            Some(())
        },
    ),
    Fault::new(
        "not-gzip",
        "it is packed by zstd, which host-restore does not unpack",
        &["host/not-gzip"],
        |backup| {
            backup.envelope = Envelope::Zstd;
            Some(())
        },
    ),
    Fault::new(
        "not-packed",
        "it is plain tar, which host-restore does not take",
        &["host/not-gzip"],
        |backup| {
            backup.envelope = Envelope::Plain;
            Some(())
        },
    ),
    Fault::new(
        "readable-by-others",
        "every user may read the file",
        &["host/readable-by-others"],
        |backup| {
            backup.readable_by_others = true;
            Some(())
        },
    ),
];
