//! What the rules say of the backup by itself, and at which stage it is met. What is said of the embedded databases is the
//! business of their own preflight; what hangs on the target is judged beside this.

use xenspect_archive::tar;
use xenspect_model::catalog::Ending;
use xenspect_model::preflight::Stage;
use xenspect_model::report::Formatted;
use xenspect_model::{Code, Finding, Severity};

use super::backup::Backup;
use super::stages::Stages;
use crate::checks::{HOST, Id};
use crate::verdicts::{Step, Verdicts};

/// The first product whose host-restore looks at the layout (`formats/host-backup.md` section 4).
pub(super) const LOOKS_AT_LAYOUT: u64 = 8;
/// The first product with the layout of today.
pub(super) const NEW_LAYOUT: u64 = 7;
/// The check of the archive's form and end.
const WHOLE: u8 = 1;
/// What is not taken over.
const OTHERWISE: [Code; 3] = [
    Code::HostSize,
    Code::HostSensitive,
    Code::HostReadableByOthers,
];

/// Makes the checks 1 to 5, 7, 8, 10, 11, 14 to 16, as far as they need no target.
pub(super) fn check(backup: &Backup<'_>, verdicts: &mut Verdicts, stages: &mut Stages) {
    let judgement = xenspect_rules::judge(backup.question.catalog);
    let mut is_damaged = false;
    for finding in judgement.findings {
        let row = HOST.iter().find(|row| row.codes.contains(&finding.code));
        match row.map(|row| row.id) {
            Some(Id::Host(WHOLE)) if is_of_database(backup, &finding) => {}
            // Here it is known what it is for.
            Some(Id::Host(WHOLE)) if finding.code == Code::HostNotGzip => {
                broken(finding.severity(Severity::Error), verdicts, stages);
            }
            Some(Id::Host(WHOLE)) => {
                is_damaged |= finding.severity == Severity::Error;
                broken(finding, verdicts, stages);
            }
            Some(_) => one(backup, finding, verdicts, stages),
            // Its size is compared with the target's partition, and secrets hinder no restore.
            None if OTHERWISE.contains(&finding.code) => {}
            None if finding.code == Code::HostUnread => {
                let path = finding.place.member.as_ref().map(|member| &member.text);
                let fact = format!("what is in {}", path.map_or("it", String::as_str));
                stages.lack(Stage::HostRestore, &fact);
                stages.lack(Stage::InstallerRestores, &fact);
                verdicts.find(finding);
            }
            None if finding.code.name().starts_with("host/") => verdicts.find(finding),
            None => {}
        }
    }
    let is_whole = matches!(backup.host.ending, Ending::Tar(tar::Ending::Complete));
    if !is_whole && !is_damaged {
        let fact = "the rest of the archive, which was not read";
        verdicts.lack(Id::Host(WHOLE), fact);
        stages.lack(Stage::HostRestore, fact);
    }
}

/// Whether a finding is about a database in the archive, and not about the archive.
fn is_of_database(backup: &Backup<'_>, finding: &Finding) -> bool {
    let cuts = [Code::TruncatedInBlock, Code::TruncatedInHeader];
    let Some(member) = &finding.place.member else {
        return false;
    };
    let mut bases = backup.host.databases.iter();
    !cuts.contains(&finding.code) && bases.any(|base| base.path == member.text)
}

/// tar fails at it, after the partition was formatted.
fn broken(mut finding: Finding, verdicts: &mut Verdicts, stages: &mut Stages) {
    if finding.severity != Severity::Error {
        verdicts.find(finding);
        return;
    }
    stages.stop(
        Stage::HostRestore,
        Formatted::SparePartition,
        finding.title.clone(),
    );
    finding.xapi_error = Some("RESTORE_SCRIPT_FAILED".to_owned());
    verdicts.refuse(Step::Unpack, Vec::new(), finding);
}

fn one(backup: &Backup<'_>, mut finding: Finding, verdicts: &mut Verdicts, stages: &mut Stages) {
    let target = backup.target_major();
    let title = finding.title.clone();
    let is_early = target.is_some_and(|major| major < NEW_LAYOUT);
    match finding.code {
        Code::HostInventoryMissing => {
            stages.stop(Stage::HostRestore, Formatted::SparePartition, title.clone());
            stages.stop(Stage::InstallerLists, Formatted::SparePartition, title);
            verdicts.refuse(Step::Unpack, Vec::new(), finding);
        }
        Code::HostLayout => match target {
            Some(major) if major >= LOOKS_AT_LAYOUT => {
                stages.stop(Stage::HostRestore, Formatted::SparePartition, title);
                verdicts.refuse(Step::Unpack, Vec::new(), finding);
            }
            // `unpack` says that there are two layouts.
            Some(major) if major >= NEW_LAYOUT => {
                stages.stop(Stage::InstallerLists, Formatted::SparePartition, title);
            }
            Some(_) => {}
            None => {
                let fact = "the target's product version";
                verdicts.lack(Id::Host(5), fact);
                stages.lack(Stage::HostRestore, fact);
                stages.lack(Stage::InstallerLists, fact);
                finding.xapi_error = None;
                verdicts.find(finding.severity(Severity::Warning));
            }
        },
        // Installers of that time have rules of their own.
        Code::HostPlatform if is_early => {}
        Code::HostPlatform => {
            stages.stop(Stage::InstallerLists, Formatted::SparePartition, title);
            verdicts.find(finding);
        }
        Code::HostBootLoader | Code::HostBootLoaderLegacy => {
            stages.stop(Stage::InstallerRestores, Formatted::SparePartition, title);
            verdicts.find(finding);
        }
        Code::HostBootLabel | Code::HostFstab | Code::HostEfi => {
            if finding.severity == Severity::Error {
                stages.stop(Stage::InstallerRestores, Formatted::RootAndEfi, title);
            }
            verdicts.find(finding);
        }
        _ => verdicts.find(finding),
    }
}
