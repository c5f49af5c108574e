//! An export against the pool it would be imported to (`formats/restore.md` section 7, `formats/xva.md` sections 11
//! and 13).
//!
//! `release` tells what the target can read, `archive` and `storage` look at what an importer meets first, `machine`,
//! `network` and `identity` at the objects, `disks` at those of a metadata-only export. `runbook` says what to do.

mod archive;
mod disks;
mod identity;
mod machine;
mod network;
mod quote;
mod release;
mod runbook;
mod storage;
#[cfg(test)]
mod tests;

use xenspect_inventory::view::{Role, Vm};
use xenspect_inventory::{Record, Relations, Store};
use xenspect_model::catalog::{Archive, Metadata};
use xenspect_model::preflight::{Answer, Changes, PreflightInput, PreflightReport, SCHEMA};
use xenspect_model::report::{Input, Kind};
use xenspect_model::target::Target;
use xenspect_model::{Catalog, Code, Finding};
use xenspect_xapi::export::Export;

use crate::checks::{IMPORT, Id};
use crate::verdicts::Verdicts;
use crate::{Manner, Question, target_of};
pub(crate) use quote::quoted;
use release::Running;

/// What the checks ask again and again.
pub(crate) struct Import<'a> {
    pub(crate) question: Question<'a>,
    pub(crate) manner: &'a Manner,
    pub(crate) target: &'a Target,
    /// What the target runs.
    pub(crate) running: Running,
    /// What is said of the archive by itself.
    pub(crate) input: Input,
    /// The archive; `None` for a document by itself.
    pub(crate) archive: Option<&'a Archive>,
    /// Whether it is imported with `metadata=true`.
    pub(crate) metadata_only: bool,
}

/// The records of an export.
pub(crate) struct Objects<'a> {
    pub(crate) export: &'a Export,
    pub(crate) store: Store<'a>,
    pub(crate) relations: Relations<'a>,
}

impl<'a> Objects<'a> {
    fn of(metadata: &'a Metadata) -> Option<Self> {
        let export = metadata.export()?;
        let store = Store::Export(export);
        Some(Self {
            export,
            store,
            relations: Relations::new(store),
        })
    }

    /// Everything that becomes a VM: VMs, templates of people and snapshots. Templates that came with the product are
    /// matched by their names, and control domains are nobody's to import.
    pub(crate) fn vms(&self) -> impl Iterator<Item = Vm<'a>> {
        let vms = self.store.of_class("VM").map(Vm);
        vms.filter(|vm| !matches!(vm.role(), Role::ControlDomain | Role::DefaultTemplate))
    }
}

impl Import<'_> {
    /// A finding about a record.
    fn about(&self, code: Code, record: &Record<'_>) -> Finding {
        let object = format!("{} {}", record.class(), record.reference());
        Finding::new(code).object(object)
    }

    /// The name of a command's file.
    fn path(&self) -> &str {
        self.question.path
    }
}

/// Makes all checks of an export.
pub(crate) fn preflight(question: Question<'_>) -> PreflightReport {
    let (archive, metadata) = match question.catalog {
        Catalog::Archive(archive) => (Some(archive.as_ref()), Some(&archive.metadata)),
        Catalog::Document(document) => (None, Some(&document.metadata)),
        Catalog::Dump(_) | Catalog::Host(_) => (None, None),
    };
    let objects = metadata.and_then(Objects::of);
    let kind = question.catalog.kind();
    let import = Import {
        question,
        manner: question.manner,
        target: &question.known.target,
        running: Running::of(&question.known.target.product),
        input: xenspect_rules::input(question.path.to_owned(), question.catalog),
        archive,
        metadata_only: kind == Kind::Metadata
            || (kind == Kind::OvaXml && objects.as_ref().is_some_and(is_of_many)),
    };
    let mut verdicts = Verdicts::default();
    let mut changes = Changes::default();
    storage::check(&import, objects.as_ref(), &mut verdicts);
    archive::check(&import, objects.as_ref(), &mut verdicts);
    match &objects {
        Some(objects) => {
            identity::check_seeds(&import, objects, &mut verdicts);
            let missing = disks::check(&import, objects, &mut verdicts);
            identity::check(&import, objects, &mut verdicts, &mut changes);
            network::check(&import, objects, &mut verdicts, &mut changes);
            machine::check(&import, objects, &missing, &mut verdicts);
        }
        None => {
            for row in &IMPORT {
                verdicts.lack(row.id, "a description of a VM in the input");
            }
        }
    }
    let version = release::answer(&import, &verdicts);
    let accepted = verdicts.accepted(&IMPORT);
    let runbook = runbook::of(&import, objects.as_ref(), accepted, &verdicts, &changes);
    let not_checked = not_checked(&import, &verdicts);
    let sum = verdicts.finish(&IMPORT);
    let mut refusals = sum.refusals.into_iter();
    PreflightReport {
        schema: SCHEMA,
        tool: question.tool.clone(),
        input: input(question, objects.as_ref()),
        target: target_of(question.known),
        preflight: Answer {
            accepted,
            boots: None,
            xapi_error: refusals.next(),
            further_errors: refusals.collect(),
            changes,
        },
        host: None,
        version,
        nics: Vec::new(),
        renaming: None,
        findings: sum.findings,
        omitted: sum.omitted,
        checks: sum.checks,
        runbook,
        not_checked,
    }
}

/// Whether a document by itself can only be of a metadata-only export: of several VMs, or of one that runs. A full
/// export has one VM, and calls it halted or suspended.
fn is_of_many(objects: &Objects<'_>) -> bool {
    let vms: Vec<Vm<'_>> = objects.store.of_class("VM").map(Vm).collect();
    let runs = |vm: &Vm<'_>| {
        let state = vm.power_state();
        matches!(state.as_deref(), Some("Running" | "Paused"))
    };
    vms.len() > 1 || vms.iter().any(runs)
}

fn input(question: Question<'_>, objects: Option<&Objects<'_>>) -> PreflightInput {
    let vms = objects.map_or(0, |objects| {
        let vms = objects.vms().filter(|vm| vm.role() == Role::Vm);
        vms.count()
    });
    PreflightInput {
        path: question.path.to_owned(),
        kind: Some(question.catalog.kind()),
        envelope: Some(question.catalog.envelope()),
        member: question.member.map(str::to_owned),
        vms: vms as u64,
        ..PreflightInput::default()
    }
}

/// What cannot be known.
fn not_checked(import: &Import<'_>, verdicts: &Verdicts) -> Vec<String> {
    let mut told = Vec::new();
    match import.question.catalog.kind() {
        Kind::OvaXml => told.push(
            "The archive that this ova.xml is of was not there: whether its disks are whole is not known, and a \
             document by itself cannot be imported."
                .to_owned(),
        ),
        Kind::Metadata => told.push(
            "Contents of the disks are in no metadata-only export: whether those in the pool are as old as it is \
             not known."
                .to_owned(),
        ),
        _ if import.archive.is_none_or(|archive| !archive.blocks_read) => told.push(format!(
            "Contents of the disks were not read: `xenspect verify {}` does that.",
            quoted(import.path())
        )),
        _ => {}
    }
    if import.target.vms.is_none() {
        told.push(
            "The target's VMs are not known: whether it has this VM already was not looked at."
                .to_owned(),
        );
    } else if verdicts.lacked(Id::Import(9)) {
        told.push(
            "Not all is known of the target's VMs, templates and snapshots: whether `preserve=true` would meet one of \
             the same uuid, and might replace it, was not looked at for each."
                .to_owned(),
        );
    }
    told.push(
        "Whether a rolling upgrade runs in the target's pool, which refuses every import, is not known.".to_owned(),
    );
    told
}
