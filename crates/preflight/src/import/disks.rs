//! Disks that a metadata-only export names and the pool must have: check 10 of an import (`formats/xva.md` section 13).

use std::collections::{BTreeSet, HashMap, HashSet};

use xenspect_inventory::{Record, Relation};
use xenspect_model::target::TargetVdi;
use xenspect_model::{Code, Severity};

use super::{Import, Objects, quoted};
use crate::checks::Id;
use crate::verdicts::{Step, Verdicts};

/// What looking for a disk gives.
enum Found {
    Here,
    /// The pool has it, but not where the export says.
    Elsewhere(String),
    Nowhere,
    /// Facts are missing.
    Unknown,
}

/// Makes the check. Gives the references of the VDIs that are certainly not there.
pub(super) fn check(
    import: &Import<'_>,
    objects: &Objects<'_>,
    verdicts: &mut Verdicts,
) -> BTreeSet<String> {
    let check = Id::Import(10);
    let mut missing = BTreeSet::new();
    if !import.metadata_only {
        verdicts.nothing(check);
        return missing;
    }
    let known = import.target.vdis.as_deref().map(Known::of);
    for vdi in objects.store.of_class("VDI") {
        let attached = objects.relations.of(Relation::VbdsOfVdi, &vdi);
        let in_drives = !attached.is_empty() && attached.iter().all(is_cd);
        let sr = vdi.follow("SR");
        let is_media = sr.is_some_and(|sr| xenspect_inventory::view::Sr(sr).is_of_media());
        if in_drives || is_media {
            continue;
        }
        let found = known
            .as_ref()
            .map_or_else(|| look_for_sr(import, &vdi), |known| known.look(&vdi));
        match found {
            Found::Here => {}
            Found::Unknown => verdicts.lack(check, "the target's VDIs"),
            found => {
                missing.insert(vdi.reference().into_owned());
                not_found(import, objects, &vdi, &found, verdicts);
            }
        }
    }
    for vbd in objects.store.of_class("VBD") {
        attached(import, &vbd, &missing, verdicts);
    }
    missing
}

fn is_cd(vbd: &Record<'_>) -> bool {
    vbd.text("type")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("CD"))
}

/// The target's disks by what they are looked for by.
struct Known<'a> {
    scsi: HashSet<&'a str>,
    locations: HashMap<&'a str, Vec<&'a TargetVdi>>,
    uuids: HashMap<&'a str, &'a TargetVdi>,
}

impl<'a> Known<'a> {
    fn of(vdis: &'a [TargetVdi]) -> Self {
        let mut locations: HashMap<&str, Vec<&TargetVdi>> = HashMap::new();
        for vdi in vdis {
            if let Some(location) = &vdi.location {
                locations.entry(location).or_default().push(vdi);
            }
        }
        Self {
            scsi: vdis
                .iter()
                .filter_map(|vdi| vdi.scsi_id.as_deref())
                .collect(),
            locations,
            uuids: vdis.iter().map(|vdi| (vdi.uuid.as_str(), vdi)).collect(),
        }
    }

    /// By the id of a raw LUN, then by SR and location. A uuid alone finds nothing, but the location is the uuid in
    /// most SRs, so it counts where the target's facts are no more than uuids.
    fn look(&self, vdi: &Record<'_>) -> Found {
        let sr = sr_uuid(vdi);
        let same_sr = |there: &TargetVdi| there.sr.as_deref().is_none_or(|there| there == sr);
        let scsi = vdi.map_text("sm_config", "SCSIid");
        if scsi.is_some_and(|scsi| self.scsi.contains(&*scsi)) {
            return Found::Here;
        }
        let location = vdi.filled("location");
        let at = location
            .as_deref()
            .and_then(|location| self.locations.get(location));
        if at.into_iter().flatten().any(|there| same_sr(there)) {
            return Found::Here;
        }
        let there = vdi.uuid().and_then(|uuid| self.uuids.get(&*uuid).copied());
        match there {
            Some(there) if same_sr(there) && (there.location.is_none() || location.is_none()) => {
                Found::Here
            }
            Some(there) => Found::Elsewhere(there.sr.clone().unwrap_or_default()),
            None => Found::Nowhere,
        }
    }
}

/// Where the target's disks are not known: an SR that is not there has none.
fn look_for_sr(import: &Import<'_>, vdi: &Record<'_>) -> Found {
    let sr = sr_uuid(vdi);
    match &import.target.srs {
        Some(srs) if !srs.iter().any(|there| there.uuid == sr) => Found::Nowhere,
        _ => Found::Unknown,
    }
}

fn sr_uuid(vdi: &Record<'_>) -> String {
    let sr = vdi.follow("SR").and_then(|sr| sr.uuid());
    sr.unwrap_or_default().into_owned()
}

fn not_found<'a>(
    import: &Import<'_>,
    objects: &Objects<'a>,
    vdi: &Record<'a>,
    found: &Found,
    verdicts: &mut Verdicts,
) {
    let sr = sr_uuid(vdi);
    let location = vdi.filled("location").unwrap_or_default();
    let vbds = objects.relations.of(Relation::VbdsOfVdi, vdi);
    let suspended = objects.relations.of(Relation::SuspendedInVdi, vdi);
    let vms = vbds
        .iter()
        .filter_map(|vbd| vbd.follow("VM"))
        .chain(suspended.iter().copied());
    let vms: Vec<String> = vms.map(|vm| vm.title().into_owned()).collect();
    let mut finding = import
        .about(Code::ImportVdiMissing, vdi)
        .fact("name", &*vdi.title())
        .fact("uuid", &*vdi.uuid().unwrap_or_default())
        .fact("sr", sr.as_str())
        .fact("location", &*location);
    if let Some(device) = vbds.first().and_then(|vbd| vbd.filled("userdevice")) {
        finding = finding.fact("device", &*device);
    }
    if !vms.is_empty() {
        finding = finding.fact("vms", vms);
    }
    if !sr.is_empty() {
        finding = finding.advice(format!(
            "Make SR {0} known to the pool and scan it: `xe sr-scan uuid={0}`, after `xe sr-introduce`, \
             `xe pbd-create` and `xe pbd-plug` where it is not attached. A disk that was copied elsewhere is named \
             with `vdi:OLD=NEW`; with `force=true` the VM comes without it.",
            quoted(&sr)
        ));
    }
    if let Found::Elsewhere(there) = found {
        let uuid = vdi.uuid().unwrap_or_default();
        finding = finding.fact("found_in_sr", there.as_str()).advice(format!(
            "The pool has a disk of this uuid in another SR. If it is the same one, tell the importer: \
             `{}` behind `metadata=true`.",
            quoted(&format!("vdi:{uuid}={uuid}"))
        ));
    }
    let sr_there = import
        .target
        .srs
        .as_ref()
        .is_none_or(|srs| srs.iter().any(|there| there.uuid == sr));
    let params = if sr_there {
        vec![sr, location.into_owned()]
    } else {
        // An SR that is not there is only logged; the disk is then looked for by its content.
        finding.xapi_error = Some("VDI_CONTENT_ID_MISSING".to_owned());
        Vec::new()
    };
    if import.manner.force {
        finding.xapi_error = None;
        verdicts.find(finding.severity(Severity::Warning).fact("left_out", true));
    } else {
        verdicts.refuse(Step::Objects, params, finding);
    }
}

/// A drive that is attached needs its disk, unless it is the CD drive of an HVM guest.
fn attached(
    import: &Import<'_>,
    vbd: &Record<'_>,
    missing: &BTreeSet<String>,
    verdicts: &mut Verdicts,
) {
    if !vbd.is("currently_attached") {
        return;
    }
    let vm = vbd.follow("VM");
    let hvm = vm.is_some_and(|vm| {
        let kind = xenspect_inventory::view::Vm(vm).domain_type();
        kind.as_deref() == Some("hvm")
    });
    let lost = match vbd.link("VDI") {
        None => true,
        Some(vdi) => missing.contains(&*vdi),
    };
    // Without force the import has ended at the disk itself.
    let ends_earlier = vbd.link("VDI").is_some() && !import.manner.force;
    if !lost || ends_earlier || (is_cd(vbd) && hvm) {
        return;
    }
    let vm = vm.map(|vm| vm.title().into_owned()).unwrap_or_default();
    let device = vbd.filled("userdevice").unwrap_or_default();
    let finding = import
        .about(Code::ImportAttachedDisk, vbd)
        .fact("vm", vm)
        .fact("device", &*device);
    verdicts.refuse(Step::Objects, Vec::new(), finding);
}
