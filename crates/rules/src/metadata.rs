//! What `ova.xml` says about itself (`formats/xva.md` sections 3 and 15).
//! What sets metadata-only exports apart is in `metadata_only`.

use std::collections::{BTreeMap, BTreeSet};

use xenspect_archive::tar;
use xenspect_archive::xva::{ImportError, MemberName};
use xenspect_model::catalog::{Archive, Chunk, Document, Ending, Fact, Metadata};
use xenspect_model::report::Kind;
use xenspect_model::{Code, Finding, Severity};
use xenspect_xapi::ErrorKind;
use xenspect_xapi::export::{Export, Oddity, Place, Sensitive};

use crate::few::Few;
use crate::{NAMED, listed, metadata_only};

/// Whether there is no `ova.xml`, nor a piece of one.
pub(crate) fn is_absent(catalog: &Archive) -> bool {
    matches!(catalog.metadata, Metadata::Absent)
}

/// Whether the input ends, or its compression breaks, within `ova.xml`.
pub(crate) fn is_cut_inside(catalog: &Archive) -> bool {
    match &catalog.ending {
        Ending::InPayload { name, .. }
        | Ending::Broken {
            inside: Some(name), ..
        } => MemberName::classify(name).name == MemberName::Metadata,
        _ => false,
    }
}

/// Judges the description of the VM.
pub(crate) fn judge(catalog: &Archive) -> Few {
    let mut few = match &catalog.metadata {
        Metadata::Absent => absent(catalog).into(),
        Metadata::TooLarge { size } => vec![ova(Code::MetadataTooLarge).fact("size", *size)].into(),
        Metadata::Unusable(error) => vec![unusable(error)].into(),
        Metadata::Appliance(_) => appliance(catalog),
        Metadata::Export(export) => of_export(export),
    };
    if catalog.kind == Kind::Metadata {
        for finding in &mut few.findings {
            metadata_only::answer_as_metadata_import(finding);
        }
        if let Some(export) = catalog.metadata.export() {
            metadata_only::snapshots(export, &mut few);
        }
    }
    few
}

/// Judges a description that is not in an archive.
pub(crate) fn of_document(document: &Document) -> Few {
    let mut few = match &document.metadata {
        Metadata::Absent => Few::default(),
        Metadata::TooLarge { size } => vec![ova(Code::MetadataTooLarge).fact("size", *size)].into(),
        Metadata::Unusable(error) => vec![unusable(error)].into(),
        Metadata::Appliance(_) => vec![Finding::new(Code::ApplianceForm)].into(),
        Metadata::Export(export) => of_export(export),
    };
    for finding in &mut few.findings {
        // There is no member; the document is the input.
        finding.place.member = None;
        let offset = match finding.facts.get("document_offset") {
            Some(xenspect_model::Fact::Number(offset)) => Some(*offset),
            _ => None,
        };
        finding.place.offset = finding.place.offset.or(offset);
    }
    few
}

/// VMs that share their uuid with an earlier one.
fn doubled_uuids(export: &Export, few: &mut Few) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for vm in export.vms() {
        let Some(uuid) = vm.uuid().filter(|uuid| !uuid.is_empty()) else {
            continue;
        };
        match seen.get(uuid) {
            Some(first) => few.push(
                ova(Code::DuplicateUuid)
                    .object(format!("VM {}", vm.id()))
                    .fact("uuid", uuid)
                    .fact("as", *first),
            ),
            None => {
                seen.insert(uuid, vm.id());
            }
        }
    }
}

/// Counts what a document has more than the oddities of one kind that were kept.
pub(crate) fn count_not_kept(metadata: &Metadata, omitted: &mut BTreeMap<Code, u64>) {
    let Some(export) = metadata.export() else {
        return;
    };
    for (kind, more) in &export.oddities_dropped {
        let kept = export.oddities.iter().find(|oddity| oddity.name() == *kind);
        if let Some(finding) = kept.and_then(oddity) {
            *omitted.entry(finding.code).or_default() += more;
        }
    }
}

pub(crate) fn ova(code: Code) -> Finding {
    Finding::new(code).member(b"ova.xml")
}

fn absent(catalog: &Archive) -> Vec<Finding> {
    let form = match catalog.kind {
        Kind::VdiTar => return vec![Finding::new(Code::VdiTarForm)],
        Kind::XvaVersion1 => Some(Finding::new(Code::ApplianceForm)),
        _ => None,
    };
    form.into_iter().chain(missing(catalog)).collect()
}

fn missing(catalog: &Archive) -> Option<Finding> {
    let cut_inside = is_cut_inside(catalog);
    let lost_with_its_header = catalog.facts.iter().any(|located| {
        located.offset == 0 && matches!(located.fact, Fact::Tar(tar::Oddity::Lost { .. }))
    });
    if cut_inside || lost_with_its_header {
        return None;
    }
    let mut finding = Finding::new(Code::MetadataMissing);
    finding.xapi_error = Some(crate::import::not_ova_first(catalog).to_owned());
    Some(finding)
}

fn unusable(error: &xenspect_xapi::Error) -> Finding {
    let code = match &error.kind {
        ErrorKind::DoctypeOrEntity => Code::MetadataEntities,
        kind if kind.is_limit() => Code::MetadataNesting,
        ErrorKind::NotWellFormed { .. } | ErrorKind::NotUtf8 | ErrorKind::Truncated => {
            Code::MetadataNotXml
        }
        _ => Code::MetadataStructure,
    };
    ova(code)
        .fact("reason", error.kind.to_string())
        .fact("document_offset", error.offset)
}

fn appliance(catalog: &Archive) -> Few {
    let mut few = Few::from(vec![Finding::new(Code::ApplianceForm)]);
    let Metadata::Appliance(appliance) = &catalog.metadata else {
        return few;
    };
    let bad = bad_folders(catalog);
    let whole = matches!(catalog.ending, Ending::Tar(_)) && catalog.blocks_read;
    for vdi in &appliance.vdis {
        let (Some(size), Some(dir)) = (vdi.size, &vdi.source_dir) else {
            continue;
        };
        let found = catalog.appliance.get(dir);
        match found {
            None if whole && size > 0 => {
                few.push(
                    Finding::new(Code::ApplianceChunkMissing)
                        .disk(dir)
                        .fact("expected", 0u64)
                        .fact("found", "none"),
                );
            }
            Some(found) if whole && found.unpacked != size && !bad.contains(dir.as_bytes()) => {
                few.push(
                    Finding::new(Code::ApplianceSize)
                        .disk(dir)
                        .fact("virtual_size", size)
                        .fact("unpacked", found.unpacked),
                );
            }
            _ => {}
        }
    }
    few
}

/// Folders with a chunk that is damaged or missing, which explains a wrong size.
fn bad_folders(catalog: &Archive) -> BTreeSet<&[u8]> {
    let bad = catalog
        .facts
        .iter()
        .filter_map(|located| match &located.fact {
            Fact::Chunk(Chunk::Corrupt { name, .. }) => name
                .iter()
                .rposition(|&byte| byte == b'/')
                .map(|slash| &name[..slash]),
            Fact::Chunk(Chunk::Missing { dir, .. }) => Some(dir.as_bytes()),
            _ => None,
        });
    bad.collect()
}

fn of_export(export: &Export) -> Few {
    let mut few = Few::default();
    few.extend(export.oddities.iter().filter_map(oddity));
    few.extend(to_hosts(export));
    doubled_uuids(export, &mut few);
    listed::judge(export, &mut few);
    few.extend(unknown_classes(export));
    few.extend(sensitive(export));
    if export.version.export_vsn < 2 {
        let vsn = export.version.export_vsn;
        let mut finding = ova(Code::LegacyForm).fact("export_vsn", u64::from(vsn));
        if vsn == 0 {
            // Today's importers want a checksum member behind each block.
            finding.xapi_error = Some(ImportError::Generic.code().to_owned());
        }
        few.push(finding);
    }
    few
}

fn at(code: Code, place: &Place) -> Finding {
    ova(code).object(field_of(place))
}

fn field_of(place: &Place) -> String {
    format!("{} {}.{}", place.class, place.id, place.field)
}

fn oddity(oddity: &Oddity) -> Option<Finding> {
    Some(match oddity {
        Oddity::DuplicateId { id, class } => ova(Code::DuplicateId)
            .object(format!("{class} {id}"))
            .fact("id", id.as_str()),
        Oddity::DuplicateField { place } => {
            at(Code::MetadataField, place).fact("problem", "the field is there twice")
        }
        Oddity::MissingField { place } => {
            at(Code::MetadataFieldMissing, place).fact("field", place.field.as_str())
        }
        Oddity::MissingVersionField { field } => ova(Code::MetadataFieldMissing)
            .object("version".to_owned())
            .fact("field", *field),
        Oddity::BadVersionField { field, found } => ova(Code::MetadataField)
            .object(format!("version.{field}"))
            .fact("found", found.as_str()),
        Oddity::BadBoolean {
            place,
            found,
            tagged,
        } => {
            let finding = at(Code::MetadataField, place)
                .fact("type", "boolean")
                .fact("found", found.as_str());
            // Within its tag, any text but 1 is read as false.
            if *tagged {
                let mut finding = finding.severity(Severity::Warning);
                finding.xapi_error = None;
                finding
            } else {
                finding
            }
        }
        Oddity::BadInteger { place, found } => at(Code::MetadataField, place)
            .fact("type", "integer")
            .fact("found", found.as_str()),
        Oddity::BadEnum { place, found } => at(Code::MetadataField, place)
            .fact("type", "enumeration")
            .fact("found", found.as_str()),
        Oddity::BadType {
            place,
            expected,
            found,
        } => at(Code::MetadataField, place)
            .fact("type", *expected)
            .fact("found", found.as_str()),
        // Its text is not shown: any field may have such a value, one that holds a secret too.
        Oddity::Unreadable {
            element,
            member,
            offset,
            ..
        } => {
            let finding = ova(Code::MetadataField)
                .fact("element", *element)
                .fact("document_offset", *offset);
            match member.as_str() {
                "" => finding,
                field => finding.fact("field", field),
            }
        }
        Oddity::EmptyMemberName { place } => {
            at(Code::MetadataField, place).fact("problem", "a map key is empty")
        }
        Oddity::DanglingReference { place, to } => {
            at(Code::DanglingReference, place).fact("to", to.as_str())
        }
        Oddity::WrongReferenceClass { place, to, found } => at(Code::DanglingReference, place)
            .fact("to", to.as_str())
            .fact("class_found", found.as_str()),
        Oddity::DiskVbdWithoutVdi { place, to } => {
            at(Code::DiskVbdWithoutVdi, place).fact("to", to.as_str())
        }
        Oddity::VirtualSizeInvalid { place, found } => {
            at(Code::VirtualSizeInvalid, place).fact("found", found.as_str())
        }
        Oddity::LeftoverOpaqueRefs { count } => ova(Code::LeftoverReferences).fact("count", *count),
        // Told together, or judged with the disks.
        Oddity::DanglingHostReference { .. }
        | Oddity::UnknownClass { .. }
        | Oddity::SharedVdi { .. } => return None,
    })
}

/// One note for all references to hosts and metrics.
fn to_hosts(export: &Export) -> Option<Finding> {
    let fields: Vec<String> = export
        .oddities
        .iter()
        .filter_map(|oddity| match oddity {
            Oddity::DanglingHostReference { place, to } => {
                Some(format!("{} -> {to}", field_of(place)))
            }
            _ => None,
        })
        .collect();
    named(Code::DanglingHostReference, "references", fields)
}

/// One note for all classes that importers pass over.
fn unknown_classes(export: &Export) -> Option<Finding> {
    let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
    for oddity in &export.oddities {
        if let Oddity::UnknownClass { class, .. } = oddity {
            *classes.entry(class).or_default() += 1;
        }
    }
    let classes = classes
        .into_iter()
        .map(|(class, count)| format!("{class} ({count})"))
        .collect();
    named(Code::UnknownClass, "classes", classes)
}

fn named(code: Code, fact: &str, mut texts: Vec<String>) -> Option<Finding> {
    let count = texts.len();
    texts.truncate(NAMED);
    (count > 0).then(|| ova(code).fact("count", count as u64).fact(fact, texts))
}

fn sensitive(export: &Export) -> Option<Finding> {
    let places = export.sensitive();
    let mut what: Vec<String> = places
        .iter()
        .map(|sensitive| match sensitive {
            Sensitive::VtpmContent { place } => format!("vTPM contents ({})", field_of(place)),
            Sensitive::EfiVariables { place } => format!("UEFI variables ({})", field_of(place)),
        })
        .collect();
    what.truncate(NAMED);
    (!what.is_empty()).then(|| ova(Code::Sensitive).fact("what", what))
}
