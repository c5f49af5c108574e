//! A pool database against the host it would be restored to (`formats/restore.md` sections 2 to 6 and 8).
//!
//! `file` looks at the dump by itself, `version` at schemas and columns, `identity` at uuids and at what the pool was,
//! `nics` at the network, `contents` at storage, VMs and hosts. `changes` plays through what xapi rewrites, `runbook`
//! says what to do.

mod changes;
mod contents;
mod file;
mod identity;
mod nics;
mod runbook;
mod version;

pub(crate) use contents::OWN_SECRETS;

use xenspect_inventory::view::Pool;
use xenspect_inventory::{Record, Relations, Store};
use xenspect_model::Code;
use xenspect_model::catalog::Dump;
use xenspect_model::preflight::{Answer, PreflightInput, PreflightReport, SCHEMA};
use xenspect_model::report::Named;
use xenspect_model::target::Target;

use crate::checks::{CLASHES, Id, RESTORE};
use crate::verdicts::{Step, Verdicts};
use crate::{Question, clash, target_of};

/// What the checks ask again and again.
pub(crate) struct Restore<'a> {
    pub(crate) question: Question<'a>,
    pub(crate) dump: &'a Dump,
    pub(crate) target: &'a Target,
    pub(crate) store: Store<'a>,
    pub(crate) relations: Relations<'a>,
    /// The pool row with the lowest reference.
    pub(crate) pool: Option<Record<'a>>,
    /// The row that it names as coordinator, which becomes the target's.
    pub(crate) coordinator: Option<Record<'a>>,
}

impl<'a> Restore<'a> {
    fn new(question: Question<'a>, dump: &'a Dump) -> Self {
        let store = Store::Pool(&dump.database);
        // Of several xapi takes the first by reference.
        let pools = store.of_class("pool");
        let pool = pools.min_by_key(|pool| pool.reference()).map(Pool);
        Self {
            question,
            dump,
            target: &question.known.target,
            store,
            relations: Relations::new(store),
            pool: pool.as_ref().map(|pool| pool.0),
            coordinator: pool.and_then(|pool| pool.coordinator()),
        }
    }

    /// The other hosts, in the order of the dump.
    pub(crate) fn members(&self) -> Vec<Record<'a>> {
        let coordinator = self.coordinator.map(|host| host.reference());
        let hosts = self.store.of_class("host");
        hosts
            .filter(|host| Some(host.reference()) != coordinator)
            .collect()
    }

    /// The PIFs that the coordinator's row lists, in the stored order: the ones that xapi looks at. Those that are not
    /// there are left out.
    pub(crate) fn listed_pifs(&self) -> Vec<Record<'a>> {
        let listed = self.coordinator.and_then(|host| host.set("PIFs"));
        let listed = listed.unwrap_or_default();
        listed
            .iter()
            .filter_map(|pif| self.store.resolve(pif))
            .collect()
    }
}

/// Makes all checks of a pool database.
pub(crate) fn preflight(question: Question<'_>, dump: &Dump) -> PreflightReport {
    let restore = Restore::new(question, dump);
    let mut verdicts = Verdicts::default();
    file::check(&restore, &mut verdicts);
    let version = version::check(&restore, &mut verdicts);
    identity::check(&restore, &mut verdicts);
    let (nics, renaming) = nics::check(&restore, &mut verdicts);
    contents::check(&restore, &mut verdicts);
    clash::check(&restore, &mut verdicts);

    let accepted = verdicts.accepted(&RESTORE);
    let boots = boots(&restore, &verdicts);
    let changes = changes::of(&restore);
    let runbook = runbook::of(
        &restore,
        &version,
        &nics,
        renaming.as_ref(),
        accepted,
        &verdicts,
    );
    let rows: Vec<_> = RESTORE.iter().chain(&CLASHES).copied().collect();
    let sum = verdicts.finish(&rows);
    let mut refusals = sum.refusals.into_iter();
    PreflightReport {
        schema: SCHEMA,
        tool: question.tool.clone(),
        input: input(&restore),
        target: target_of(question.known),
        preflight: Answer {
            accepted,
            boots,
            xapi_error: refusals.next(),
            further_errors: refusals.collect(),
            changes,
        },
        host: None,
        version,
        nics,
        renaming,
        findings: sum.findings,
        omitted: sum.omitted,
        checks: sum.checks,
        runbook,
        not_checked: contents::not_checked(&restore),
    }
}

/// Whether xapi would start with the restored database: checks 10, 15 and 18. A file that cannot be read whole
/// says nothing of that.
fn boots(restore: &Restore<'_>, verdicts: &Verdicts) -> Option<bool> {
    const STOPS: [Code; 5] = [
        Code::DbRefDiffers,
        Code::DbRefDoubled,
        Code::DbUuidDoubled,
        Code::RestoreUuidClash,
        Code::RestoreDatabaseLeftOver,
    ];
    if STOPS.into_iter().any(|code| verdicts.has(code)) {
        return Some(false);
    }
    let lacked = [10, 15, 18]
        .into_iter()
        .any(|number| verdicts.lacked(Id::Restore(number)));
    let unreadable = !restore.dump.database.is_complete() || verdicts.refuses_at(Step::Parse);
    // Without a coordinator nothing is made that could be started with.
    let is_pool = restore.coordinator.is_some();
    (!unreadable && is_pool && !lacked).then_some(true)
}

fn input(restore: &Restore<'_>) -> PreflightInput {
    use xenspect_inventory::view::{Role, Vm};
    let named = |record: &Record<'_>| Named {
        name: record.name().unwrap_or_default().into_owned(),
        uuid: record.uuid().unwrap_or_default().into_owned(),
    };
    let vms = restore.store.of_class("VM");
    PreflightInput {
        path: restore.question.path.to_owned(),
        kind: Some(restore.dump.kind),
        envelope: Some(restore.dump.envelope),
        member: restore.question.member.map(str::to_owned),
        pool: restore.pool.as_ref().map(named),
        coordinator: restore.coordinator.as_ref().map(named),
        hosts: Some(restore.store.count("host") as u64),
        vms: vms.filter(|vm| Vm(*vm).role() == Role::Vm).count() as u64,
    }
}
