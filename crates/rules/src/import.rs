//! What `xe vm-import` would answer (`formats/xva.md` section 11), on a host that runs the
//! exporter's release or a later one. The walk through the members is foretold by the scan
//! (`xenspect_archive::xva::Replay`); here the document's part is added.

use xenspect_archive::xva;
use xenspect_model::catalog::Archive;
use xenspect_model::report::{Envelope, Import, ImportAnswer, Kind};
use xenspect_model::{Code, Finding, Severity};

/// The error for an archive that does not begin with `ova.xml`. Uncompressed ones fall through
/// to the attempt with gzip, and end there.
pub(crate) fn not_ova_first(catalog: &Archive) -> &'static str {
    if catalog.envelope == Envelope::Plain {
        xva::ImportError::PrematureEof.code()
    } else {
        xva::ImportError::UnexpectedFile.code()
    }
}

/// The outlook for an export with disks; `None` for other kinds.
pub(crate) fn outlook(catalog: &Archive, findings: &[Finding]) -> Option<Import> {
    if catalog.internal_error.is_some() {
        return None;
    }
    if catalog.kind == Kind::XvaVersion1 {
        // Import was removed in xapi 1.322 (section 9).
        return Some(Import {
            answer: ImportAnswer::Refused,
            xapi_error: None,
            offset: None,
            needs_xapi: None,
        });
    }
    if catalog.kind != Kind::Xva {
        return None;
    }
    let needs_xapi = catalog.metadata.export().and_then(|export| {
        Some(format!(
            "{}.{}",
            export.version.xapi_major?, export.version.xapi_minor?
        ))
    });
    let before_disks = BEFORE_DISKS.iter().find_map(|stage| {
        let mut refusing = findings.iter().filter(|finding| {
            let refuses = finding.severity == Severity::Error && stage.contains(&finding.code);
            finding.xapi_error.is_some() && (refuses || is_first_member(finding, stage))
        });
        refusing.next()
    });
    let (answer, xapi_error, offset) = match (before_disks, &catalog.import) {
        (Some(finding), _) => (
            ImportAnswer::Refused,
            finding.xapi_error.clone(),
            finding.place.offset,
        ),
        (None, None) if crate::metadata::is_cut_inside(catalog) => (
            ImportAnswer::Refused,
            Some(xva::ImportError::PrematureEof.code().to_owned()),
            None,
        ),
        // Not read: too large, or lost with its header.
        (None, None) => (
            ImportAnswer::Refused,
            Some(not_ova_first(catalog).to_owned()),
            None,
        ),
        (None, Some(xva::Import::Accepted)) => (ImportAnswer::Accepted, None, None),
        (None, Some(xva::Import::OnlyWithForce(stop))) => (
            ImportAnswer::OnlyWithForce,
            Some(stop.error.code().to_owned()),
            Some(stop.offset),
        ),
        (None, Some(xva::Import::Refused(stop))) => (
            ImportAnswer::Refused,
            Some(stop.error.code().to_owned()),
            Some(stop.offset),
        ),
    };
    Some(Import {
        answer,
        xapi_error,
        offset,
        needs_xapi,
    })
}

/// Members that are legal behind the last disk, and stop an importer before it.
const IN_THE_WAY: [Code; 3] = [
    Code::MemberForeign,
    Code::TarMemberType,
    Code::TarUnsafeName,
];

/// Lets findings carry the importer's error where the importer meets them: what it stops at gets
/// the error, and nothing carries one in an archive that it would accept.
pub(crate) fn attribute(outlook: Option<&Import>, findings: &mut [Finding]) {
    let Some(outlook) = outlook else { return };
    for finding in findings {
        if outlook.answer == ImportAnswer::Accepted {
            finding.xapi_error = None;
        } else if IN_THE_WAY.contains(&finding.code) && finding.place.offset == outlook.offset {
            finding.xapi_error.clone_from(&outlook.xapi_error);
        }
    }
}

/// Whether the fault is in the archive's first header, or in its name, which the first stage reads.
fn is_first_member(finding: &Finding, stage: &[Code]) -> bool {
    if !stage.contains(&Code::MetadataMissing) {
        return false;
    }
    let member = finding.place.member.as_ref();
    let prefixed = finding.code == Code::MemberDotSlash
        && member.is_some_and(|member| is_prefixed_metadata(member.text.as_bytes()));
    let is_bad = match finding.code {
        Code::TarHeaderSigned => true,
        // The importer puts a prefix in front of its name; no other one carries an error.
        Code::MemberForeign => true,
        code => finding.severity == Severity::Error && code.name().starts_with("tar/"),
    };
    prefixed || is_bad && finding.place.offset == Some(0)
}

/// Whether a member is `ova.xml` with the prefix of tar programs.
pub(crate) fn is_prefixed_metadata(name: &[u8]) -> bool {
    name == b"./ova.xml"
}

/// What ends an import before the first disk, stage by stage (section 11.1, steps 2 to 6).
const BEFORE_DISKS: [&[Code]; 3] = [
    &[
        Code::MetadataMissing,
        Code::MetadataNotFirst,
        Code::TruncatedInMetadata,
    ],
    &[
        Code::MetadataNotXml,
        Code::MetadataEntities,
        Code::MetadataNesting,
        Code::MetadataStructure,
        Code::MetadataField,
        Code::MetadataFieldMissing,
        Code::VirtualSizeInvalid,
    ],
    &[Code::DanglingReference, Code::DiskVbdWithoutVdi],
];
