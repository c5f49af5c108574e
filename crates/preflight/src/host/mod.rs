//! A host backup against the host that it is restored to (`formats/host-backup.md` sections 4 to 6 and 10): first the host
//! itself, then its pool database by the checks for databases.
//!
//! `backup` is what the archive tells of its host, `stages` where a restore stops and what has been formatted by then.
//! `judged` takes over what the rules say of the backup by itself; `unpack` looks at host-restore, `listing` at the
//! installer, `identity` at who the host is afterwards. `restored` makes the target that the database meets, `runbook` the
//! steps.

mod backup;
mod identity;
mod judged;
mod listing;
mod restored;
mod runbook;
mod stages;
mod unpack;

use xenspect_model::catalog::HostBackup;
use xenspect_model::preflight::{
    Answer, HostDatabase, HostRestore, Level, PreflightInput, PreflightReport, SCHEMA, Stage,
    VersionAnswer, VersionRelation, XapiError,
};
use xenspect_model::report::Kind;

use crate::checks::HOST;
use crate::restore::OWN_SECRETS;
use crate::verdicts::{Sum, Verdicts};
use crate::{Known, Question, restore, target_of};
use backup::Backup;
use stages::Stages;

/// Makes all checks of a host backup.
pub(crate) fn preflight(question: Question<'_>, host: &HostBackup) -> PreflightReport {
    let backup = Backup::of(question, host);
    let (mut verdicts, mut stages) = (Verdicts::default(), Stages::default());
    judged::check(&backup, &mut verdicts, &mut stages);
    unpack::check(&backup, &mut verdicts, &mut stages);
    listing::check(&backup, &mut verdicts, &mut stages);
    let machine = identity::check(&backup, &mut verdicts);
    let accepted = stages.accepted();
    let starts = backup.starts();
    let answer = HostRestore {
        accepted,
        stages: stages.finish(),
        machine,
        comes_back_as: identity::of(&backup),
        database: match (&backup.dump, backup.is_member(), accepted) {
            (_, true, _) => HostDatabase::NotOnMember,
            (None, ..) => HostDatabase::None,
            (Some(_), false, Some(false)) => HostDatabase::TargetAsItIs,
            (Some(_), false, _) if backup.inventory.is_none() => HostDatabase::TargetAsItIs,
            (Some(_), false, _) => HostDatabase::HostRestored,
        },
    };
    let mut steps = runbook::of(&backup, &answer);
    let mut report = of_database(&backup, answer.database).unwrap_or_else(|| alone(&backup));
    let sum = verdicts.finish(&HOST);
    merge(&mut report, sum);
    let breaks = answer
        .stages
        .iter()
        .any(|stage| stage.stage == Stage::InstallerRestores && stage.accepted == Some(false));
    let answers = &mut report.preflight;
    answers.boots = match answer.database {
        _ if breaks || starts == Some(false) => Some(false),
        HostDatabase::NotOnMember => both(starts, accepted.filter(|accepted| *accepted)),
        HostDatabase::None => None,
        HostDatabase::HostRestored | HostDatabase::TargetAsItIs => both(starts, answers.boots),
    };
    answers.accepted = match answer.database {
        HostDatabase::None | HostDatabase::NotOnMember => accepted,
        HostDatabase::HostRestored | HostDatabase::TargetAsItIs => both(accepted, answers.accepted),
    };
    if answer.database == HostDatabase::HostRestored {
        // Those come with the host.
        report
            .not_checked
            .retain(|sentence| sentence != OWN_SECRETS);
    }
    report.not_checked.extend(not_checked(&backup));
    steps.append(&mut report.runbook);
    report.runbook = steps;
    report.host = Some(answer);
    report
}

/// Yes where both are, no where one is.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The preflight of the embedded database.
fn of_database(backup: &Backup<'_>, against: HostDatabase) -> Option<PreflightReport> {
    let (member, dump) = backup.dump?;
    let restored;
    let known = match against {
        HostDatabase::None | HostDatabase::NotOnMember => return None,
        HostDatabase::TargetAsItIs => backup.question.known,
        HostDatabase::HostRestored => {
            restored = Known {
                target: restored::target(backup, dump),
                ..backup.question.known.clone()
            };
            &restored
        }
    };
    let question = Question {
        member: Some(member),
        known,
        ..backup.question
    };
    let mut report = restore::preflight(question, dump);
    report.target = target_of(backup.question.known);
    Some(report)
}

/// A report of the host without a database.
fn alone(backup: &Backup<'_>) -> PreflightReport {
    let question = backup.question;
    let product = &question.known.target.product;
    let join = |parts: [Option<&str>; 3]| {
        let text: Vec<&str> = parts.into_iter().flatten().collect();
        (!text.is_empty()).then(|| text.join(" "))
    };
    let target = [&product.brand, &product.version, &product.build];
    let versions = (
        backup.filled("PRODUCT_VERSION").and_then(backup::numbers),
        product.version.as_deref().and_then(backup::numbers),
    );
    let is_same = backup.filled("PRODUCT_BRAND") == product.brand.as_deref();
    let relation = match versions {
        (Some(ours), Some(theirs)) => match ours.cmp(&theirs) {
            std::cmp::Ordering::Less => VersionRelation::Older,
            std::cmp::Ordering::Greater => VersionRelation::Newer,
            std::cmp::Ordering::Equal if is_same => VersionRelation::Same,
            std::cmp::Ordering::Equal => VersionRelation::SameNumber,
        },
        _ => VersionRelation::Unknown,
    };
    let level = |product| Level {
        product,
        ..Level::default()
    };
    PreflightReport {
        schema: SCHEMA,
        tool: question.tool.clone(),
        input: PreflightInput {
            path: question.path.to_owned(),
            kind: Some(Kind::HostBackup),
            envelope: Some(backup.host.envelope),
            ..PreflightInput::default()
        },
        target: target_of(question.known),
        preflight: Answer::default(),
        host: None,
        version: VersionAnswer {
            input: level(backup.product()),
            target: level(join(target.map(Option::as_deref))),
            relation,
            way_out: Vec::new(),
        },
        nics: Vec::new(),
        renaming: None,
        findings: Vec::new(),
        omitted: Default::default(),
        checks: Vec::new(),
        runbook: Vec::new(),
        not_checked: Vec::new(),
    }
}

/// What is said of the host stands before what is said of its database, as it comes to pass.
fn merge(report: &mut PreflightReport, sum: Sum) {
    let mut findings = sum.findings;
    findings.append(&mut report.findings);
    report.findings = findings;
    let mut checks = sum.checks;
    checks.append(&mut report.checks);
    report.checks = checks;
    for (code, more) in sum.omitted {
        let known = report.omitted.entry(code).or_default();
        *known = known.saturating_add(more);
    }
    let answer = &mut report.preflight;
    let mut errors: Vec<XapiError> = Vec::new();
    // One stage fails once, whatever for.
    for error in sum.refusals {
        if !errors.contains(&error) {
            errors.push(error);
        }
    }
    errors.extend(answer.xapi_error.take());
    errors.append(&mut answer.further_errors);
    let mut errors = errors.into_iter();
    answer.xapi_error = errors.next();
    answer.further_errors = errors.collect();
}

fn not_checked(backup: &Backup<'_>) -> Vec<String> {
    let mut all = vec![
        "Whether the machine that the backup was made of still runs: it would have the same identity.".to_owned(),
        "The installation medium: what runs on the target stands for the installer of its release.".to_owned(),
    ];
    if backup.is_member() && backup.dump.is_some() {
        let role = backup.role_text().unwrap_or_default();
        all.push(format!(
            "The pool database in the backup: the host is a {role}, and a pool's database is restored on its coordinator. Take \
             it out (`xenspect cat`), and run a preflight of it against the host that is to be the coordinator."
        ));
    }
    all
}
