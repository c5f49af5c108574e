//! The disks of one archive: what its description tells of them, and their blocks.

use std::collections::HashMap;

use xenspect_archive::tar;
use xenspect_model::catalog::{Archive, BlockSum, DiskBlocks, Ending, LostPart};
use xenspect_xapi::export::{ExpectedDisk, Export, Object};

/// One disk of one side.
#[derive(Debug, Clone, Default)]
pub(super) struct SideDisk<'a> {
    /// `Ref:N`, or `vdi`.
    pub(super) reference: String,
    /// Name of the VDI, or else its reference.
    pub(super) title: String,
    /// uuid of the VDI.
    pub(super) uuid: Option<String>,
    /// What the disk is a snapshot of: a uuid, or a reference that leads out of the archive; else its own uuid.
    pub(super) origin: Option<String>,
    /// uuid of its VM, or of the VM that this is a snapshot of.
    pub(super) vm: Option<String>,
    /// `userdevice` of the VBD that attaches it, or `suspend`.
    pub(super) device: Option<String>,
    /// The description has it.
    pub(super) is_described: bool,
    /// Its size in bytes, where that is known.
    pub(super) size: Option<u64>,
    pub(super) blocks: &'a [BlockSum],
    pub(super) lost: &'a [LostPart],
    pub(super) left_out: u64,
}

/// All of a disk: the description has it, and the archive breaks off before its first block.
const ALL: &[LostPart] = &[LostPart {
    start: 0,
    end: None,
}];

/// The disks of an archive, in the order of the stream.
pub(super) fn disks(archive: &Archive) -> Vec<SideDisk<'_>> {
    let export = archive.metadata.export();
    let mut kept: HashMap<&str, &DiskBlocks> = archive
        .blocks
        .iter()
        .map(|disk| (disk.disk.as_str(), disk))
        .collect();
    let expected = export.map(Export::expected_disks).unwrap_or_default();
    let mut disks: Vec<SideDisk<'_>> = expected
        .into_iter()
        .filter_map(|disk| Some(described(export?, disk)))
        .map(|disk| match kept.remove(disk.reference.as_str()) {
            Some(kept) => disk.with(kept),
            // A disk of no bytes has no blocks.
            None if disk.size == Some(0) => disk,
            None => SideDisk { lost: ALL, ..disk },
        })
        .collect();
    let others = archive
        .blocks
        .iter()
        .filter(|disk| kept.contains_key(disk.disk.as_str()));
    disks.extend(others.map(|kept| {
        SideDisk {
            reference: kept.disk.clone(),
            title: kept.disk.clone(),
            ..SideDisk::default()
        }
        .with(kept)
    }));
    disks
}

/// What stands for a disk that an archive does not have: nothing, unless the disk may have been where the archive breaks
/// off and there is no description that would name it.
pub(super) fn absent(archive: &Archive) -> SideDisk<'static> {
    let is_complete = matches!(
        archive.ending,
        Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock)
    );
    let is_told = is_complete || archive.metadata.export().is_some();
    SideDisk {
        lost: if is_told { &[] } else { ALL },
        ..SideDisk::default()
    }
}

fn described<'a>(export: &Export, disk: ExpectedDisk) -> SideDisk<'a> {
    let is_suspend = disk
        .vdi_type
        .is_some_and(|kind| kind.eq_ignore_ascii_case("suspend"));
    let vm = disk.vm_id.and_then(|id| export.object(&id));
    let vdi = export.object(&disk.id);
    SideDisk {
        title: disk
            .name_label
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| disk.id.clone()),
        reference: disk.id,
        uuid: disk.vdi_uuid,
        origin: vdi.and_then(|vdi| origin(export, vdi)),
        vm: vm.and_then(|vm| origin(export, vm)),
        device: disk
            .user_device
            .or_else(|| is_suspend.then(|| "suspend".to_owned())),
        is_described: true,
        size: disk.virtual_size,
        ..SideDisk::default()
    }
}

/// What a record is a snapshot of, or itself.
fn origin(export: &Export, object: &Object) -> Option<String> {
    if let Some(of) = export.follow(object, "snapshot_of") {
        return of.uuid().map(str::to_owned);
    }
    // A reference of the pool that the export is from leads nowhere here, and is still the same in every export.
    let dangling = object
        .reference("snapshot_of")
        .filter(|reference| reference.starts_with("OpaqueRef:"));
    dangling.or(object.uuid()).map(str::to_owned)
}

impl<'a> SideDisk<'a> {
    fn with(self, kept: &'a DiskBlocks) -> Self {
        Self {
            blocks: &kept.blocks,
            lost: &kept.lost,
            left_out: kept.left_out,
            ..self
        }
    }

    /// The byte behind what is known to be on it.
    pub(super) fn end(&self) -> u64 {
        let last = self.blocks.last();
        let stored = last.map_or(0, |block| block.start.saturating_add(u64::from(block.len)));
        stored.max(self.size.unwrap_or(0))
    }
}
