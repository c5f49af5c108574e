//! Host backups (`formats/host-backup.md` section 10). The archive as a stream (`stream`), the names in it, the inventory
//! (`inventory`, `keys`), what the installer needs to make the host start again (`boot`, `room`), the embedded databases by
//! the rules for dumps (`databases`), and the host against them (`identity`, `role`). Which stage of a restore stops at what,
//! and what has been formatted by then, is kept in `ruling`.
//!
//! What is not there may be in a part that is missing: nothing is told as missing unless the archive was read whole.

mod boot;
mod databases;
mod identity;
mod inventory;
mod keys;
mod role;
mod room;
mod ruling;
mod scope;
mod sensitive;
mod stream;
mod summary;
mod time;
mod unread;

use xenspect_archive::tar;
use xenspect_host::files::INVENTORY;
use xenspect_host::inventory::Inventory;
use xenspect_model::catalog::{Counted, Ending, HostBackup};
use xenspect_model::report::{CopyChecks, Input, Kind};
use xenspect_model::{Code, Finding};

use crate::{Judgement, verdict};
use databases::Bases;
use ruling::{Point, Ruling};

const DUMPS: &str = "var/backup/pool-database-";
/// The host's own database; the second one on older hosts.
const STATE: [&str; 2] = ["var/lib/xcp/state.db", "var/xapi/state.db"];

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

    /// Whether something of that path was met.
    fn has(&self, path: &str) -> bool {
        self.host.tree.files.contains_key(path)
    }

    /// Whether something was met below a folder, whose name ends in `/`.
    fn has_below(&self, folder: &str) -> bool {
        let mut behind = self.host.tree.files.range(folder.to_owned()..);
        let is_below = |path: &str| path.len() > folder.len() && path.starts_with(folder);
        behind.any(|(path, _)| is_below(path))
    }

    /// A finding about a file, with the place of its header.
    fn about(&self, code: Code, path: &str) -> Finding {
        let finding = Finding::new(code).member(path.as_bytes());
        match self.host.places.get(path) {
            Some(offset) => finding.at(*offset),
            None => finding,
        }
    }

    /// Whether all of it was read, so that what was not met is not there.
    fn is_whole(&self) -> bool {
        let ended = matches!(
            self.host.ending,
            Ending::Tar(tar::Ending::Complete | tar::Ending::SingleZeroBlock)
        );
        ended && !self.host.tree.incomplete
    }
}

/// What of it could be looked at.
#[derive(Debug, Clone, Copy)]
struct Looked {
    inventory: bool,
    loader: bool,
    fstab: bool,
    /// It is of 6.x or before, for whose installers there are no rules here.
    before_7: bool,
    /// All that the answer of host-restore depends on.
    for_host_restore: bool,
    /// All that the answer of the installer depends on.
    for_installer: bool,
}

/// A finding with the first of some texts, and how many more there are.
fn list_of(finding: Finding, name: &str, texts: &[&str]) -> Finding {
    crate::list(finding, name, texts.iter().copied())
}

/// Judges a host backup.
pub(crate) fn judge(host: &HostBackup) -> Judgement {
    let backup = Backup { host };
    let inventory = backup.contents(INVENTORY).map(Inventory::parse);
    let bases = Bases::of(&backup);
    let (ruling, _) = rule(&backup, inventory.as_ref(), &bases);
    ruling.sink.finish()
}

fn rule(backup: &Backup<'_>, inventory: Option<&Inventory>, bases: &Bases<'_>) -> (Ruling, Looked) {
    let host = backup.host;
    let mut ruling = Ruling::default();
    stream::judge(host, &mut ruling);
    if host.members > 0 && host.first_member != b"./" {
        ruling.push(Finding::new(Code::HostFirstMember).member(&host.first_member));
    }
    names(&host.names.climbing, Code::HostNameClimbs, &mut ruling);
    names(&host.names.links_out, Code::HostLinkOut, &mut ruling);
    names(
        &host.names.through_links,
        Code::HostThroughLink,
        &mut ruling,
    );
    names(&host.names.not_unpacked, Code::HostNotUnpacked, &mut ruling);
    names(&host.names.repeated, Code::HostNameRepeated, &mut ruling);
    match inventory {
        Some(inventory) => inventory::check(backup, inventory, &mut ruling),
        None if backup.is_whole() => unread::no_inventory(backup, &mut ruling),
        None => {}
    }
    unread::check(backup, &mut ruling);
    let seen = boot::check(backup, inventory, &mut ruling);
    room::check(host, inventory, &mut ruling);
    databases::check(backup, bases, &mut ruling);
    identity::check(backup, inventory, bases, &mut ruling);
    sensitive::check(backup, &mut ruling);
    let for_host_restore = backup.is_whole() && inventory.is_some();
    let looked = Looked {
        inventory: inventory.is_some(),
        loader: seen.loader,
        fstab: seen.fstab,
        before_7: inventory.is_some_and(inventory::is_before_7),
        for_host_restore,
        for_installer: for_host_restore && seen.loader && seen.fstab,
    };
    (ruling, looked)
}

fn names(names: &Counted, code: Code, ruling: &mut Ruling) {
    for (offset, name) in &names.first {
        let finding = Finding::new(code).member(name.as_bytes()).at(*offset);
        // tar leaves such a member out and ends with an error; of an absolute name it drops the slash.
        let is_left_out = match code {
            Code::HostNameClimbs => name.split('/').any(|part| part == ".."),
            _ => code == Code::HostNotUnpacked,
        };
        if is_left_out {
            ruling.stop(Point::Unpacking, finding);
        } else {
            ruling.push(finding);
        }
    }
    let kept = u64::try_from(names.first.len()).unwrap_or(u64::MAX);
    ruling
        .sink
        .count_more(code, names.total.saturating_sub(kept));
}

/// Everything said about a host backup.
pub(crate) fn input(path: String, host: &HostBackup) -> Input {
    let backup = Backup { host };
    let inventory = backup.contents(INVENTORY).map(Inventory::parse);
    let bases = Bases::of(&backup);
    let (ruling, looked) = rule(&backup, inventory.as_ref(), &bases);
    let summary = summary::of(&backup, inventory.as_ref(), &bases, &ruling, &looked);
    let judgement = ruling.sink.finish();
    Input {
        path,
        below: None,
        kind: Some(Kind::HostBackup),
        envelope: Some(host.envelope),
        // Nothing is called sound that was not read to its end.
        verdict: verdict::of_whole(&judgement, !backup.is_whole()),
        error: None,
        bytes: host.bytes,
        stream_bytes: host.stream_bytes,
        members: host.members,
        exporter: None,
        database: None,
        host: Some(Box::new(summary)),
        vms: Vec::new(),
        disks: Vec::new(),
        import: None,
        copy: CopyChecks::default(),
        checked: scope::checked(&backup, &bases, &looked, &judgement),
        not_checked: scope::not_checked(&backup, &bases, &looked),
        findings: judgement.findings,
        omitted: judgement.omitted,
    }
}
