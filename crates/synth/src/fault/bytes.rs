//! Faults in the tar bytes as a copy over a bad line or onto a bad disk leaves them.

use std::ops::Range;

use super::Damage::Tar;
use super::Fault;
use crate::member::{Role, Span};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "zeroed-inside-block",
        "4096 bytes inside the victim overwritten with zeros",
        "two-disks",
        Tar(|tar, spans| {
            let range = inside(victim(spans)?, 4096)?;
            tar[range].fill(0);
            Some(())
        }),
    ),
    Fault::new(
        "zeroed-across-headers",
        "zeros from the end of the block before the victim, over a checksum member and the victim's header, into the victim",
        "two-disks",
        Tar(|tar, spans| {
            let victim = victim(spans)?;
            let before = spans
                .iter()
                .rfind(|span| is_block(span) && span.end <= victim.header)?;
            (before.payload.len() > 4096 && victim.payload.len() > 4096).then_some(())?;
            tar[before.payload.end - 4096..victim.payload.start + 4096].fill(0);
            Some(())
        }),
    ),
    Fault::new(
        "bytes-removed",
        "100 bytes in the middle of the victim missing, all that follows moved up",
        "two-disks",
        Tar(|tar, spans| {
            tar.drain(inside(victim(spans)?, 100)?);
            Some(())
        }),
    ),
    Fault::new(
        "sector-removed",
        "512 bytes in the middle of the victim missing, all that follows moved up",
        "two-disks",
        Tar(|tar, spans| {
            tar.drain(inside(victim(spans)?, 512)?);
            Some(())
        }),
    ),
    Fault::new(
        "byte-inserted",
        "one byte too many in the middle of the victim, all that follows moved down",
        "two-disks",
        Tar(|tar, spans| {
            tar.insert(middle(victim(spans)?), 0x5a);
            Some(())
        }),
    ),
    Fault::new(
        "truncated-in-header",
        "cut in the middle of the victim's header",
        "two-disks",
        Tar(|tar, spans| cut(tar, victim(spans)?.header + 200)),
    ),
    Fault::new(
        "truncated-in-block",
        "cut in the middle of the victim",
        "two-disks",
        Tar(|tar, spans| cut(tar, middle(victim(spans)?))),
    ),
    Fault::new(
        "truncated-between-block-and-sum",
        "cut behind the victim, before its checksum member",
        "two-disks",
        Tar(|tar, spans| cut(tar, victim(spans)?.end)),
    ),
    Fault::new(
        "truncated-between-pairs",
        "cut behind the victim's checksum member",
        "two-disks",
        Tar(|tar, spans| {
            let victim = victim(spans)?;
            let sum = spans.iter().find(|span| span.header == victim.end)?;
            cut(tar, sum.end)
        }),
    ),
    Fault::new(
        "truncated-between-disks",
        "cut behind the last member of the first disk",
        "two-disks",
        Tar(|tar, spans| {
            let Role::Block { disk: first, .. } = &victim(spans)?.role else {
                return None;
            };
            let next = spans
                .iter()
                .find(|span| matches!(&span.role, Role::Block { disk, .. } if disk != first))?;
            cut(tar, next.header)
        }),
    ),
    Fault::new(
        "truncated-in-ova",
        "cut in the middle of ova.xml",
        "two-disks",
        Tar(|tar, spans| {
            let ova = spans.iter().find(|span| span.role == Role::Document)?;
            cut(tar, middle(ova))
        }),
    ),
    Fault::new(
        "truncated-in-last-padding",
        "cut behind the text of the last checksum member, before its padding ends",
        "two-disks",
        Tar(|tar, spans| {
            let last = spans.last()?;
            (last.payload.end + 1 < last.end).then_some(())?;
            cut(tar, last.payload.end + 1)
        }),
    ),
    Fault::new(
        "truncated-to-nothing",
        "a file of no bytes",
        "two-disks",
        Tar(|tar, _| cut(tar, 0)),
    ),
];

fn is_block(span: &Span) -> bool {
    matches!(span.role, Role::Block { .. })
}

pub(super) fn victim(spans: &[Span]) -> Option<&Span> {
    let first = spans.iter().find(|span| is_block(span))?;
    let Role::Block { disk: of, .. } = &first.role else {
        return None;
    };
    let second = spans
        .iter()
        .filter(|span| matches!(&span.role, Role::Block { disk, .. } if disk == of))
        .nth(1);
    Some(second.unwrap_or(first))
}

/// An offset about halfway, away from multiples of 512, where a tar reader would look for a header.
fn middle(span: &Span) -> usize {
    let half = span.payload.len() / 2;
    span.payload.start + half / 512 * 512 + half.min(100)
}

/// This many bytes from the middle on; `None` when the payload ends before.
fn inside(span: &Span, len: usize) -> Option<Range<usize>> {
    let from = middle(span);
    (from + len <= span.payload.end).then_some(from..from + len)
}

fn cut(tar: &mut Vec<u8>, at: usize) -> Option<()> {
    (at < tar.len()).then_some(())?;
    tar.truncate(at);
    Some(())
}
