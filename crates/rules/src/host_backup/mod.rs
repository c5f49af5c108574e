//! Host backups (`formats/host-backup.md` section 10): the names of the archive, what has to be in it, and the embedded
//! databases by the rules for dumps, each with its path as the member.

mod boot;
mod identity;
mod inventory;

use xenspect_archive::tar;
use xenspect_host::boot::CONFIGS;
use xenspect_host::inventory::Inventory;
use xenspect_model::catalog::{Counted, EmbeddedState, Ending, HostBackup};
use xenspect_model::report::{Input, Kind};
use xenspect_model::{Code, Finding};

use crate::sink::Sink;
use crate::{Judgement, dump, facts, verdict};

const INVENTORY: &str = "etc/xensource-inventory";
const DUMPS: &str = "var/backup/pool-database-";

/// A host backup with ways to what its files hold.
#[derive(Clone, Copy)]
struct Backup<'a> {
    host: &'a HostBackup,
}

impl<'a> Backup<'a> {
    /// The contents of a file, if they were kept.
    fn contents(&self, path: &str) -> Option<&'a [u8]> {
        self.host.tree.contents.get(path).map(Vec::as_slice)
    }

    /// Where the header of a file begins.
    fn place(&self, path: &str) -> Option<u64> {
        self.host.places.get(path).copied()
    }
}

/// A finding with the first of some texts, and how many more there are.
fn list_of(finding: Finding, name: &str, texts: &[&str]) -> Finding {
    crate::list(finding, name, texts.iter().copied())
}

/// Judges a host backup.
pub(crate) fn judge(host: &HostBackup) -> Judgement {
    let mut sink = Sink::default();
    facts::of_stream(host.envelope, &host.facts, &mut sink);
    if let Ending::InPayload { name, offset, .. } = &host.ending {
        sink.push(
            Finding::new(Code::TruncatedInBlock)
                .member(name)
                .at(*offset),
        );
    }
    if let Ending::Interrupted { offset } = host.ending {
        sink.push(Finding::new(Code::ScanInterrupted).at(offset));
    }
    if host.members > 0 && host.first_member != b"./" {
        sink.push(Finding::new(Code::HostFirstMember).member(&host.first_member));
    }
    names(&host.names.climbing, Code::HostNameClimbs, &mut sink);
    names(&host.names.links_out, Code::HostLinkOut, &mut sink);
    names(&host.names.repeated, Code::HostNameRepeated, &mut sink);
    // What is not there may be in the part that is missing.
    if !host.tree.incomplete {
        missing(host, &mut sink);
    }
    databases(host, &mut sink);
    let backup = Backup { host };
    let read = backup.contents(INVENTORY).map(Inventory::parse);
    if let Some(inventory) = &read {
        inventory::check(&backup, inventory, &mut sink);
    }
    boot::check(&backup, read.as_ref(), &mut sink);
    identity::check(&backup, read.as_ref(), &mut sink);
    sink.finish()
}

fn names(names: &Counted, code: Code, sink: &mut Sink) {
    for (offset, name) in &names.first {
        sink.push(Finding::new(code).member(name.as_bytes()).at(*offset));
    }
    sink.count_more(code, names.total.saturating_sub(names.first.len() as u64));
}

fn missing(host: &HostBackup, sink: &mut Sink) {
    let has = |path: &str| host.tree.files.contains_key(path);
    if !has(INVENTORY) {
        sink.push(Finding::new(Code::HostInventoryMissing));
    }
    if !CONFIGS.iter().any(|path| has(path)) {
        sink.push(Finding::new(Code::HostBootLoader));
    }
    let dumps = || {
        host.databases
            .iter()
            .filter(|base| base.path.starts_with(DUMPS))
    };
    match dumps().count() {
        0 => sink.push(Finding::new(Code::HostDatabaseMissing)),
        1 => {}
        count => sink.push(Finding::new(Code::HostDatabaseSeveral).fact("count", count as u64)),
    }
}

fn databases(host: &HostBackup, sink: &mut Sink) {
    for base in &host.databases {
        let unusable = |reason: String| {
            Finding::new(Code::HostDatabaseUnusable)
                .member(base.path.as_bytes())
                .at(base.offset)
                .fact("reason", reason)
        };
        match &base.state {
            EmbeddedState::Read(dump) => {
                let judgement = dump::judge(dump);
                for mut finding in judgement.findings {
                    // Both are about a file of its own, and xapi's script writes this one.
                    let is_of_file =
                        matches!(finding.code, Code::DbReadableByOthers | Code::DbEdited);
                    if !is_of_file {
                        finding.place.member = Some(base.path.as_bytes().into());
                        sink.push(finding);
                    }
                }
                for (code, more) in judgement.omitted {
                    sink.count_more(code, more);
                }
            }
            EmbeddedState::Unusable(reason) => sink.push(unusable(reason.clone())),
            EmbeddedState::TooLarge { size } => {
                sink.push(
                    unusable("longer than the limit for databases".to_owned()).fact("size", *size),
                );
            }
            EmbeddedState::Cut => sink.push(unusable("the archive ends inside of it".to_owned())),
        }
    }
}

/// Everything said about a host backup.
pub(crate) fn input(path: String, host: &HostBackup) -> Input {
    let judgement = judge(host);
    Input {
        path,
        kind: Some(Kind::HostBackup),
        envelope: Some(host.envelope),
        verdict: verdict::of_whole(
            &judgement,
            !matches!(host.ending, Ending::Tar(tar::Ending::Complete)),
        ),
        error: None,
        bytes: host.bytes,
        stream_bytes: host.stream_bytes,
        members: host.members,
        exporter: None,
        database: None,
        vms: Vec::new(),
        disks: Vec::new(),
        import: None,
        checked: vec![
            "Names of members, and the embedded databases by the rules for dumps".to_owned(),
        ],
        not_checked: vec![
            "End of the tar stream and what is behind it".to_owned(),
            "Contents of files without a checksum of their own: only gzip's covers them".to_owned(),
        ],
        findings: judgement.findings,
        omitted: judgement.omitted,
    }
}
