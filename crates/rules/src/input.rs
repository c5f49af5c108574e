//! Everything said about one input, joined for a report: the choice among the kinds of input, and archives.

use xenspect_archive::xva::Disk as Shape;
use xenspect_model::Catalog;
use xenspect_model::catalog::{
    Archive, BLOCK, BlockMap, BlockState, Disk as Scanned, Ending, Metadata,
};
use xenspect_model::report::{CopyChecks, Disk, DiskMap, Exporter, Input, Kind, Vm};
use xenspect_xapi::export::{ExpectedDisk, Export};

use crate::survey::Survey;
use crate::{document, dump, host_backup, import, judge_with, scope, verdict};

/// Disks of an archive that have a map, those of which nothing is there included.
const MAPPED: usize = 128;

/// Judges a catalog and describes the input. `path` is shown as it is given.
#[must_use]
pub fn input(path: String, catalog: &Catalog) -> Input {
    match catalog {
        Catalog::Archive(archive) => of_archive(path, archive),
        Catalog::Dump(dump) => dump::input(path, dump),
        Catalog::Document(document) => document::input(path, document),
        Catalog::Host(host) => host_backup::input(path, host),
    }
}

fn of_archive(path: String, catalog: &Archive) -> Input {
    let survey = Survey::of(catalog);
    let mut judgement = judge_with(catalog, &survey);
    let verdict = verdict::verdict(catalog, &judgement.findings);
    let import = import::outlook(catalog, &judgement.findings);
    import::attribute(import.as_ref(), &mut judgement.findings);
    let export = catalog.metadata.export();
    Input {
        path,
        below: None,
        kind: Some(catalog.kind),
        envelope: Some(catalog.envelope),
        verdict,
        error: catalog
            .internal_error
            .as_ref()
            .map(|reason| format!("xenspect failed inside: {reason}")),
        bytes: catalog.bytes,
        stream_bytes: catalog.stream_bytes,
        members: catalog.members,
        exporter: export.map(exporter),
        database: None,
        host: None,
        vms: vms(&catalog.metadata),
        disks: disks(catalog, &survey),
        import,
        copy: CopyChecks::default(),
        findings: judgement.findings,
        omitted: judgement.omitted,
        checked: scope::checked(catalog, &survey),
        not_checked: scope::not_checked(catalog, &survey),
    }
}

pub(crate) fn exporter(export: &Export) -> Exporter {
    let version = &export.version;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let xapi = version.xapi_major.zip(version.xapi_minor);
    Exporter {
        product_brand: text(&version.product_brand),
        product_version: text(&version.product_version),
        build_number: text(&version.build_number),
        xapi: xapi.map(|(major, minor)| format!("{major}.{minor}")),
        export_vsn: version.export_vsn,
    }
}

pub(crate) fn vms(metadata: &Metadata) -> Vec<Vm> {
    match metadata {
        Metadata::Export(export) => export
            .vms()
            .map(|vm| Vm {
                name: vm.name_label().unwrap_or_default().to_owned(),
                uuid: vm.uuid().unwrap_or_default().to_owned(),
            })
            .collect(),
        Metadata::Appliance(appliance) => appliance
            .vms
            .iter()
            .map(|vm| Vm {
                name: vm
                    .label
                    .clone()
                    .or_else(|| vm.name.clone())
                    .unwrap_or_default(),
                uuid: String::new(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn disks(catalog: &Archive, survey: &Survey<'_>) -> Vec<Disk> {
    let mut rows: Vec<Disk> = catalog
        .disks
        .iter()
        .map(|disk| found(disk, survey.disk(&disk.shape.id)))
        .collect();
    // A disk of which nothing is there is all missing.
    let room = MAPPED.saturating_sub(rows.len());
    let not_found = survey
        .all_expected()
        .filter(|disk| !survey.found.contains_key(disk.id.as_str()));
    rows.extend(not_found.enumerate().map(|(index, disk)| {
        let mut row = Disk {
            id: disk.id.clone(),
            ..Disk::default()
        };
        describe(&mut row, disk);
        let looked_for =
            catalog.kind == Kind::Xva && !matches!(catalog.ending, Ending::NotRead { .. });
        if let (Some(size), true) = (disk.virtual_size, looked_for && index < room) {
            let mut map = BlockMap::default();
            map.put_run(BlockState::Missing, 0, size.div_ceil(BLOCK));
            row.map = Some(DiskMap::of(&map));
        }
        row
    }));
    if let Metadata::Appliance(appliance) = &catalog.metadata {
        rows.extend(appliance.vdis.iter().map(|vdi| {
            let dir = vdi.source_dir.clone().unwrap_or_default();
            let found = catalog.appliance.get(&dir).cloned().unwrap_or_default();
            Disk {
                id: dir,
                name: vdi.name.clone(),
                virtual_size: vdi.size,
                reached: found.unpacked,
                stored: found.unpacked,
                blocks: found.chunks,
                ..Disk::default()
            }
        }));
    }
    rows
}

fn found(disk: &Scanned, expected: Option<&ExpectedDisk>) -> Disk {
    let Scanned { shape, blocks, map } = disk;
    let mut row = Disk {
        id: shape.id.clone(),
        reached: shape.position,
        stored: shape.stored,
        blocks: shape.blocks.saturating_sub(shape.empty),
        absent: shape.absent,
        zero: blocks.zero,
        keep_alives: shape.empty,
        good: blocks.good,
        bad: blocks.bad,
        unchecked: blocks.unchecked,
        sums: sums(shape),
        ..Disk::default()
    };
    if let Some(expected) = expected {
        describe(&mut row, expected);
    }
    row.map = map.as_ref().map(|map| {
        // What is behind the last block was not left out: exporters write the last block of a disk.
        let lacking = row.virtual_size.unwrap_or(0).saturating_sub(shape.position);
        let mut map = map.clone();
        map.put_run(BlockState::Missing, shape.position, lacking.div_ceil(BLOCK));
        DiskMap::of(&map)
    });
    row
}

fn describe(row: &mut Disk, expected: &ExpectedDisk) {
    row.uuid.clone_from(&expected.vdi_uuid);
    row.name.clone_from(&expected.name_label);
    row.device.clone_from(&expected.user_device);
    row.virtual_size = expected.virtual_size;
}

fn sums(shape: &Shape) -> Vec<String> {
    let mut sums = Vec::new();
    if shape.sums.sha1 > 0 {
        sums.push("SHA-1".to_owned());
    }
    if shape.sums.xxh64 > 0 {
        sums.push("XXH64".to_owned());
    }
    sums
}
