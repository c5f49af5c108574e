//! Faults in what is around a dump: compression, and the records of a redo log.

use super::Damage::{Bytes, Pieces, Records};
use super::DumpFault as Fault;
use crate::dump::redo_log::Change;
use crate::envelope::Envelope;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "dump-gzip-cut",
        "the gzip stream cut in the middle",
        "pool-gzip",
        Pieces(|pieces, envelope| {
            gzip(envelope)?;
            let piece = pieces.first_mut()?;
            piece.truncate(piece.len() / 2);
            Some(())
        }),
    ),
    Fault::new(
        "dump-gzip-crc-wrong",
        "one bit of the CRC-32 in the gzip trailer flipped",
        "pool-gzip",
        Pieces(|pieces, envelope| {
            gzip(envelope)?;
            let piece = pieces.last_mut()?;
            let at = piece.len().checked_sub(8)?;
            piece[at] ^= 1;
            Some(())
        }),
    ),
    Fault::new(
        "dump-gzip-byte-flipped",
        "one bit in the middle of the gzip stream flipped",
        "pool-gzip",
        Pieces(|pieces, envelope| {
            gzip(envelope)?;
            let piece = pieces.first_mut()?;
            let at = piece.len() / 2;
            *piece.get_mut(at)? ^= 0x10;
            Some(())
        }),
    ),
    Fault::new(
        "redo-validity-invalid",
        "the validity byte is 7",
        "redo-log",
        Bytes(|device| validity(device, b'7')),
    ),
    Fault::new(
        "redo-nothing-valid",
        "the validity byte is 0: nothing written yet",
        "redo-log",
        Bytes(|device| validity(device, b'0')),
    ),
    Fault::new(
        "redo-half-missing",
        "the validity byte names the second half, which is not there",
        "redo-log",
        Bytes(|device| validity(device, b'2')),
    ),
    Fault::new(
        "redo-magic-wrong",
        "the first byte of the device is not that of a redo log",
        "redo-log",
        Bytes(|device| {
            *device.first_mut()? = b'R';
            Some(())
        }),
    ),
    Fault::new(
        "redo-database-marker-wrong",
        "the marker behind the database record is another one",
        "redo-log",
        Bytes(|device| spoil_marker(device, 1)),
    ),
    Fault::new(
        "redo-change-marker-wrong",
        "the marker behind the third change is another one, as of an older round",
        "redo-log",
        Bytes(|device| spoil_marker(device, 4)),
    ),
    Fault::new(
        "redo-length-not-a-number",
        "the length of the database record is text",
        "redo-log",
        Bytes(|device| {
            device.get_mut(54..70)?.copy_from_slice(b"unknown.length..");
            Some(())
        }),
    ),
    Fault::new(
        "redo-length-too-large",
        "the database record is said to be longer than the device",
        "redo-log",
        Bytes(|device| {
            device.get_mut(54..70)?.copy_from_slice(b"0000000999999999");
            Some(())
        }),
    ),
    Fault::new(
        "redo-cut-in-database",
        "the device ends inside the database record",
        "redo-log",
        Bytes(|device| {
            device.truncate(device.len() / 2);
            Some(())
        }),
    ),
    Fault::new(
        "redo-cut-in-change",
        "the device ends inside the last change",
        "redo-log",
        Bytes(|device| {
            let at = *markers(device)?.last()?;
            device.truncate(at - 30);
            Some(())
        }),
    ),
    Fault::new(
        "redo-generation-skipped",
        "the change of one generation missing",
        "redo-log",
        Records(|device| {
            let changes = &mut device.first.changes;
            (changes.len() > 3).then(|| drop(changes.remove(0)))
        }),
    ),
    Fault::new(
        "redo-generation-backwards",
        "the last change has the generation of the first",
        "redo-log",
        Records(|device| {
            let first = device.first.changes.first()?.0;
            device.first.changes.last_mut()?.0 = first;
            Some(())
        }),
    ),
    Fault::new(
        "redo-change-of-missing-row",
        "a change of a row that is not there",
        "redo-log",
        Records(|device| {
            let (_, change) = device
                .first
                .changes
                .iter_mut()
                .find(|(_, change)| matches!(change, Change::Write(..)))?;
            let Change::Write(_, reference, ..) = change else {
                return None;
            };
            *reference = "OpaqueRef:00000000-dead-4000-8000-000000000007".to_owned();
            Some(())
        }),
    ),
    Fault::new(
        "redo-create-existing-row",
        "a row made that is there already",
        "redo-log",
        Records(|device| {
            let (_, change) = device.first.changes.first()?;
            let again = change.clone();
            device.first.changes.get_mut(1)?.1 = again;
            // The row that the second change made would be missing later on.
            let (_, write) = device.first.changes.get(2)?;
            let write = write.clone();
            device.first.changes.get_mut(3)?.1 = write;
            Some(())
        }),
    ),
    Fault::new(
        "redo-unknown-change",
        "a change of a kind that does not exist",
        "redo-log",
        Bytes(|device| super::replace(device, "WriteFiel", "TouchFiel")),
    ),
    Fault::new(
        "redo-no-changes",
        "a database record and no changes",
        "redo-log",
        Records(|device| {
            device.first.changes.clear();
            Some(())
        }),
    )
    .harmless(),
];

fn gzip(envelope: Envelope) -> Option<()> {
    matches!(envelope, Envelope::Gzip | Envelope::GzipMembers(_)).then_some(())
}

fn is_redo_log(device: &[u8]) -> Option<()> {
    device.starts_with(b"redo-log--------\0").then_some(())
}

fn validity(device: &mut [u8], byte: u8) -> Option<()> {
    is_redo_log(device)?;
    *device.get_mut(17)? = byte;
    Some(())
}

/// Where the marker of the first half stands.
fn markers(device: &[u8]) -> Option<Vec<usize>> {
    is_redo_log(device)?;
    let marker = device.get(18..54)?;
    Some(
        device
            .windows(marker.len())
            .enumerate()
            .filter(|(_, window)| *window == marker)
            .map(|(at, _)| at)
            .collect(),
    )
}

/// Changes one marker: number 0 is in front of the database record, 1 behind it, the others each behind a change.
fn spoil_marker(device: &mut [u8], number: usize) -> Option<()> {
    let at = *markers(device)?.get(number)?;
    device.get_mut(at..at + 8)?.copy_from_slice(b"00000000");
    Some(())
}
