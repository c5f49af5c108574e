//! Members of an archive that are listed and taken out, and an export that is written anew.

use std::ops::ControlFlow;

use xenspect_scan::{
    Contents, Extracted, Listed, Options, Progress, Rewrite, Source, extract, list, scan,
    with_description,
};
use xenspect_xapi::Limits;
use xenspect_xapi::redact::{self, Options as Redaction};

use crate::stand_ins::stand_ins;
use crate::whole_scan::pipe;

/// Members taken out, beside `ova.xml`.
const TAKEN_OUT: usize = 3;

/// What `ls`, `cat` and `redact` do with an input.
///
/// Invariants:
/// - a file and a pipe have the same members, none of which overlaps another; stopping early gives the
///   first of them;
/// - of a member that is taken out no more comes out than its header says, and all of one that is whole;
/// - an export with another description is an export again.
///
/// # Panics
///
/// When one of them does not hold.
pub(crate) fn check(bytes: &[u8], options: &Options) {
    let file = members(Source::memory(bytes.to_vec()), options, usize::MAX);
    let piped = members(pipe(bytes), options, usize::MAX);
    assert_eq!(file, piped, "a file and a pipe differ");
    let Some(members_of_file) = file else {
        return;
    };
    for (one, next) in members_of_file.iter().zip(members_of_file.iter().skip(1)) {
        let end = one.member.data_offset + one.member.size;
        assert!(one.member.header_offset < one.member.data_offset);
        assert!(end <= next.member.header_offset, "members overlap");
    }
    let first = members(Source::memory(bytes.to_vec()), options, 1);
    assert_eq!(
        first.as_deref(),
        members_of_file.get(..1.min(members_of_file.len()))
    );
    let names = members_of_file
        .iter()
        .map(|listed| listed.member.name.as_slice());
    for name in [b"ova.xml".as_slice()]
        .into_iter()
        .chain(names.take(TAKEN_OUT))
    {
        take_out(bytes, name, options);
    }
    for with_disks in [true, false] {
        write_anew(bytes, with_disks, options);
    }
}

/// The members, up to so many; `None` for what is no archive.
fn members(source: Source, options: &Options, most: usize) -> Option<Vec<Listed>> {
    let mut members = Vec::new();
    let mut show = |listed: &Listed| {
        members.push(listed.clone());
        match members.len() < most {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    };
    match list(source, options, &Progress::default(), &mut show) {
        Ok(Contents::Members { .. }) => Some(members),
        Ok(Contents::Document(_)) | Err(_) => None,
    }
}

fn take_out(bytes: &[u8], name: &[u8], options: &Options) {
    let mut out = Vec::new();
    let source = Source::memory(bytes.to_vec());
    match extract(source, name, options, &Progress::default(), &mut out) {
        Ok(Extracted::Whole { size }) => assert_eq!(out.len() as u64, size),
        Ok(Extracted::Cut { have, size }) => {
            assert!(have < size);
            assert_eq!(out.len() as u64, have);
        }
        Ok(Extracted::NotWritten(error)) => panic!("memory takes all: {error}"),
        Ok(
            Extracted::Absent { .. }
            | Extracted::Unreadable { .. }
            | Extracted::LinkTo(_)
            | Extracted::NoContents(_)
            | Extracted::Document(_),
        )
        | Err(_) => assert!(out.is_empty()),
    }
}

fn write_anew(bytes: &[u8], with_disks: bool, options: &Options) {
    let mut out = Vec::new();
    let source = Source::memory(bytes.to_vec());
    let mut describe = |text: &[u8]| {
        let redaction = Redaction::default();
        redact::ova_xml(text, &Limits::default(), &redaction, &mut stand_ins())
            .map_err(|error| error.to_string())
    };
    let done = with_description(
        source,
        with_disks,
        options,
        &Progress::default(),
        &mut describe,
        &mut out,
    );
    match done {
        Ok(Rewrite::Whole { .. }) => {
            let again = scan(Source::memory(out), options, &Progress::default());
            assert!(again.is_ok_and(|catalog| catalog.archive().is_some()));
        }
        Ok(Rewrite::NotWritten(error)) => panic!("memory takes all: {error}"),
        Ok(_) | Err(_) => {}
    }
}
