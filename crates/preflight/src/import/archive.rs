//! The archive as the target's importer meets it: checks 0 to 3 of an import.

use xenspect_model::catalog::Ending;
use xenspect_model::report::{Envelope, ImportAnswer, Kind};
use xenspect_model::{Code, Finding, Severity};

use super::{Import, Objects, release};
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// Makes the checks.
pub(super) fn check(import: &Import<'_>, objects: Option<&Objects<'_>>, verdicts: &mut Verdicts) {
    compression(import, verdicts);
    by_itself(import, verdicts);
    version(import, verdicts);
    sums(import, objects, verdicts);
}

/// zstd on a release that does not know it: it takes the stream for gzip.
fn compression(import: &Import<'_>, verdicts: &mut Verdicts) {
    if import.input.envelope != Some(Envelope::Zstd) {
        return verdicts.nothing(Id::Import(3));
    }
    match import.running.reads_zstd() {
        Some(true) => {}
        Some(false) => {
            let finding = Finding::new(Code::ImportCompression).fact("compression", "zstd");
            verdicts.refuse(Step::Parse, Vec::new(), target(import, finding));
        }
        None => verdicts.lack(Id::Import(3), "the target's release"),
    }
}

/// What an importer of the exporter's own release would say.
fn by_itself(import: &Import<'_>, verdicts: &mut Verdicts) {
    let kind = import.question.catalog.kind();
    match kind {
        Kind::OvaXml => return verdicts.nothing(Id::Import(0)),
        Kind::XvaVersion1 => return version_1(import, verdicts),
        _ => {}
    }
    let unread = import
        .archive
        .is_some_and(|archive| matches!(archive.ending, Ending::NotRead { .. }));
    let outlook = import.input.import.as_ref().filter(|_| !unread);
    let (error, offset, step, forced) = match outlook {
        Some(outlook) => {
            let (forced, needs_force) = (
                import.manner.force,
                outlook.answer == ImportAnswer::OnlyWithForce,
            );
            if outlook.answer == ImportAnswer::Accepted {
                return;
            }
            let step = outlook.offset.map_or(Step::Parse, |_| Step::Disks);
            let error = outlook.xapi_error.clone();
            (error, outlook.offset, step, needs_force && forced)
        }
        // Where the disks were not read, and of a metadata-only export, the document decides.
        None => {
            let mut faults = import.input.findings.iter();
            let refused = faults.find(|finding| {
                finding.severity == Severity::Error && finding.xapi_error.is_some()
            });
            let Some(fault) = refused else { return };
            let error = match kind {
                Kind::Metadata => Some("INTERNAL_ERROR".to_owned()),
                _ => fault.xapi_error.clone(),
            };
            (error, fault.place.offset, Step::Parse, false)
        }
    };
    let mut finding = Finding::new(Code::ImportArchive);
    let faults: Vec<String> = import
        .input
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| finding.code.name().to_owned())
        .take(8)
        .collect();
    if !faults.is_empty() {
        finding = finding.fact("faults", faults);
    }
    if let Some(offset) = offset {
        finding = finding.at(offset);
    }
    if forced {
        finding.xapi_error = None;
        verdicts.find(finding.severity(Severity::Warning).fact("force", true));
    } else {
        finding.xapi_error = error.or(finding.xapi_error);
        verdicts.refuse(step, Vec::new(), finding);
    }
}

/// Exports of XenServer 3 were read until xapi 1.322 (`formats/xva.md` section 9).
fn version_1(import: &Import<'_>, verdicts: &mut Verdicts) {
    let finding = Finding::new(Code::ImportArchive).fact("format", "XVA version 1");
    let finding = target(import, finding);
    match import.running.build {
        Some(build) if build >= (1, 322) => {
            verdicts.refuse(Step::Parse, Vec::new(), finding.fact("since", "1.322"));
        }
        Some(_) => {}
        None if import.running.at_least((8, 3)) == Some(true) => {
            verdicts.refuse(Step::Parse, Vec::new(), finding.fact("since", "1.322"));
        }
        None => verdicts.lack(Id::Import(0), "the target's version of xapi"),
    }
}

/// The version gate.
fn version(import: &Import<'_>, verdicts: &mut Verdicts) {
    let Some(exporter) = release::exporter(import) else {
        return verdicts.lack(Id::Import(1), "the exporter's version of xapi");
    };
    match import.running.takes(exporter) {
        Some(true) => {}
        Some(false) => {
            let (major, minor) = exporter;
            let mut finding =
                Finding::new(Code::ImportVersion).fact("exporter", format!("{major}.{minor}"));
            if let Some((major, minor)) = import.running.gate {
                finding = finding.fact("target", format!("{major}.{minor}"));
            }
            verdicts.refuse(Step::Version, Vec::new(), finding);
        }
        None => verdicts.lack(Id::Import(1), "the target's version of xapi"),
    }
}

/// XXH64 sums on a release before 8.1.
fn sums(import: &Import<'_>, objects: Option<&Objects<'_>>, verdicts: &mut Verdicts) {
    let check = Id::Import(2);
    let has_disks = objects.is_some_and(|objects| !objects.export.expected_disks().is_empty());
    if import.metadata_only || !has_disks {
        return verdicts.nothing(check);
    }
    let shapes = import
        .archive
        .map(|archive| archive.disks.as_slice())
        .unwrap_or_default();
    let seen = shapes.iter().fold((0, 0), |(sha1, xxh64), disk| {
        let sums = &disk.shape.sums;
        (sums.sha1.max(sha1), sums.xxh64.max(xxh64))
    });
    let (xxh64, likely) = match seen {
        (_, 1..) => (true, false),
        (1.., 0) => (false, false),
        // Not read. From 8.1 on, exporters write XXH64; 7.3 to 8.2 all call themselves 1.20.
        (0, 0) => (likely_xxh64(import), true),
    };
    if !xxh64 {
        return;
    }
    match import.running.reads_xxh64() {
        Some(true) => {}
        Some(false) => {
            let finding = Finding::new(Code::ImportSums).fact("sums", "XXH64");
            let finding = if likely {
                finding.fact("likely", true)
            } else {
                finding
            };
            let finding = target(import, finding);
            verdicts.refuse(Step::Disks, Vec::new(), finding);
        }
        None => verdicts.lack(check, "the target's version of xapi"),
    }
}

fn likely_xxh64(import: &Import<'_>) -> bool {
    let Some(exporter) = &import.input.exporter else {
        return false;
    };
    let product = release::pair(&exporter.product_version);
    product.is_some_and(|product| product >= (8, 1))
        || release::exporter(import).is_some_and(|(major, _)| major > 1)
}

/// Adds what the target runs.
fn target(import: &Import<'_>, finding: Finding) -> Finding {
    let product = &import.target.product;
    let text = match (&product.version, &product.xapi) {
        (Some(version), _) => Some(format!(
            "{} {version}",
            product.brand.as_deref().unwrap_or("release")
        )),
        (None, Some(xapi)) => Some(format!("xapi {xapi}")),
        (None, None) => None,
    };
    match text {
        Some(text) => finding.fact("target", text),
        None => finding,
    }
}
