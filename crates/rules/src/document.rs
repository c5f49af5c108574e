//! An `ova.xml` by itself: the rules for the description of a VM, without an archive around it (`formats/xva.md` sections
//! 3 and 15). What it means for disks cannot be said.

use xenspect_model::catalog::{Document, Metadata};
use xenspect_model::report::{CopyChecks, Input, Kind};

use crate::input::{exporter, vms};
use crate::sink::Sink;
use crate::{Judgement, facts, metadata, scope, verdict};

/// Judges a document by all rules.
pub(crate) fn judge(document: &Document) -> Judgement {
    let mut sink = Sink::default();
    facts::of_stream(document.envelope, &document.facts, &mut sink);
    let few = metadata::of_document(document);
    for finding in few.findings {
        sink.push(finding);
    }
    for (code, more) in few.omitted {
        sink.count_more(code, more);
    }
    let mut judgement = sink.finish();
    metadata::count_not_kept(&document.metadata, &mut judgement.omitted);
    judgement
}

/// Everything said about a document.
pub(crate) fn input(path: String, document: &Document) -> Input {
    let judgement = judge(document);
    Input {
        path,
        below: None,
        kind: Some(Kind::OvaXml),
        envelope: Some(document.envelope),
        verdict: verdict::of_whole(&judgement, document.interrupted),
        error: None,
        bytes: document.bytes,
        stream_bytes: document.stream_bytes,
        members: 0,
        exporter: document.metadata.export().map(exporter),
        database: None,
        host: None,
        vms: vms(&document.metadata),
        disks: Vec::new(),
        import: None,
        copy: CopyChecks::default(),
        checked: checked(document),
        not_checked: not_checked(document),
        findings: judgement.findings,
        omitted: judgement.omitted,
    }
}

fn checked(document: &Document) -> Vec<String> {
    let mut checked: Vec<String> = scope::metadata(&document.metadata).into_iter().collect();
    if !document.interrupted {
        checked.extend(scope::envelope(document.envelope, false));
    }
    checked
}

fn not_checked(document: &Document) -> Vec<String> {
    let mut open = Vec::new();
    if document.interrupted {
        open.push("Everything behind the interruption".to_owned());
    }
    open.push("Disks: the archive that ova.xml belongs to is not here".to_owned());
    if !matches!(document.metadata, Metadata::Unusable(_)) {
        open.push(scope::NO_CHECKSUM.to_owned());
    }
    open
}
