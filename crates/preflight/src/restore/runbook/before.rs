//! Up to the reboot: what is switched off, what is made alike, and the restore itself.

use std::net::Ipv6Addr;

use xenspect_inventory::Record;
use xenspect_inventory::view::{Role, Vm};
use xenspect_model::Code;
use xenspect_model::preflight::{NicState, Step};
use xenspect_model::report::{Envelope, Kind};
use xenspect_model::target::TargetVm;

use super::{FILE, Facts, NAMED, NEW, Told, names, quoted, step, uuid_of};

/// Adds the steps.
pub(super) fn add(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    match facts.accepted {
        Some(true) => {}
        Some(false) => steps.push(
            step("Put right what xapi would refuse")
                .note(
                    "As things are, the restore would be refused: the findings that carry an error of xapi say for \
                     what and how to help it. The steps below are right once they are gone; run this preflight again \
                     before.",
                ),
        ),
        None => steps.push(
            step("Collect the facts that are missing")
                .on(NEW)
                .note(
                    "Whether xapi would accept the dump could not be told: the list of checks says which facts were \
                     missing. A database of the freshly installed target has nearly all of them.",
                )
                .run("xe pool-dump-database file-name=/root/target.dump"),
        ),
    }
    old_pool(facts, steps);
    target(facts, steps);
    restore(facts, steps);
}

/// Everything that must not run once the pool is there a second time.
fn old_pool(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let restore = facts.restore;
    if facts.pool_is("ha_enabled") {
        steps.push(
            step("Switch high availability off in the old pool")
                .on("old pool")
                .note(
                    "It would start VMs again that are shut down. Where no coordinator answers: \
                     `xe host-emergency-ha-disable --force` on each host that still runs.",
                )
                .run("xe pool-ha-disable"),
        );
    }
    let members = restore.members();
    // The members first: commands on them are answered by the coordinator.
    for host in members.iter().chain(&restore.coordinator) {
        let is_coordinator = restore
            .coordinator
            .is_some_and(|coordinator| coordinator.reference() == host.reference());
        let uuid = host.uuid();
        let target = restore.target.host.installation_uuid.as_deref();
        if uuid.is_some() && uuid.as_deref() == target {
            // What runs there is the business of the next step.
            continue;
        }
        steps.push(if is_coordinator && is_same_machine(facts) {
            step(format!("Make sure that the target is the old coordinator {} itself", host.title())).on(NEW).note(
                "A NIC of the target has a MAC address that the dump has for the old coordinator, so it seems to be \
                 this machine installed anew. If the card was moved into another one, the old machine must be off.",
            )
        } else {
            switch_off(facts, host, is_coordinator)
        });
    }
    on_target(facts, steps);
}

/// Whether a NIC of the target is one of the old coordinator.
fn is_same_machine(facts: &Facts<'_, '_>) -> bool {
    let mut nics = facts.nics.iter();
    nics.any(|nic| matches!(nic.state, NicState::Same | NicState::Moved))
}

/// VMs that run on the target: it is no fresh host then.
fn on_target(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let target = facts.restore.target;
    let vms = target.vms.iter().flatten();
    let active = |vm: &&TargetVm| matches!(vm.power_state.as_deref(), Some("Running" | "Paused"));
    let mut active = vms
        .filter(active)
        .map(|vm| vm.name.as_deref().unwrap_or(&vm.uuid));
    let first: Vec<&str> = active.by_ref().take(NAMED).collect();
    if first.is_empty() {
        return;
    }
    let mut running = first.join(", ");
    let more = active.count();
    if more > 0 {
        running.push_str(&format!(" and {more} more"));
    }
    steps.push(
        step("Shut down what runs on the target")
            .on(NEW)
            .note(format!(
                "These run now: {running}. The host reboots, and xapi destroys domains that the restored database does \
                 not know. What its own pool has and the dump has not is lost to xapi: export it first."
            ))
            .run("xe vm-shutdown power-state=running is-control-domain=false --multiple"),
    );
}

fn switch_off(facts: &Facts<'_, '_>, host: &Record<'_>, is_coordinator: bool) -> Step {
    let store = facts.restore.store;
    let active: Vec<Record<'_>> = store
        .of_class("VM")
        .filter(|vm| Vm(*vm).role() == Role::Vm)
        .filter(|vm| matches!(Vm(*vm).power_state().as_deref(), Some("Running" | "Paused")))
        .filter(|vm| {
            Vm(*vm)
                .host()
                .is_some_and(|at| at.reference() == host.reference())
        })
        .collect();
    let role = if is_coordinator {
        "the old coordinator"
    } else {
        "the member"
    };
    let title = format!("Switch off {role} {}, if it still runs", host.title());
    let mut note = String::from(
        "Once the database is restored, nothing keeps two hosts from writing to one disk: a VM that still runs here \
         and is started there destroys its disks.",
    );
    if !active.is_empty() {
        note.push_str(" When the dump was taken, these ran here: ");
        note.push_str(&names(&active));
        note.push('.');
    }
    if !is_coordinator {
        note.push_str(
            " Where no coordinator answers, `xe` does not work here: list the guests with `xl list`, shut each down \
             with `xl shutdown -w <domain>`, and power the host off.",
        );
    }
    let uuid = uuid_of(host);
    let mut off = step(title).on(&host.title()).note(note);
    // A paused guest does not see that it is to shut down.
    for vm in &active {
        if Vm(*vm).power_state().as_deref() == Some("Paused") {
            off = off.run(format!("xe vm-unpause uuid={}", uuid_of(vm)));
        }
    }
    off.run(format!(
        "xe vm-shutdown resident-on={uuid} is-control-domain=false --multiple"
    ))
    .run(format!("xe host-disable uuid={uuid}"))
    .run(format!("xe host-shutdown uuid={uuid}"))
}

/// The target made ready.
fn target(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    if !facts.version.way_out.is_empty() {
        let mut note = String::new();
        for (number, line) in (1..).zip(&facts.version.way_out) {
            if number > 1 {
                note.push(' ');
            }
            note.push_str(&format!("({number}) {line}"));
        }
        let level = facts.version.input.releases.first();
        let title = level.map_or_else(
            || "Bring the target to the level of the dump".to_owned(),
            |level| format!("Bring the target to the level of the dump: {level}"),
        );
        steps.push(step(title).on(NEW).note(note));
    }
    if let Some(renaming) = facts.renaming {
        let mut note = String::from(
            "xapi goes by names alone: without this, cables and networks are swapped after the restore. Look at the \
             last command's list before going on: each MAC address must be where the dump has it.",
        );
        if !renaming.static_rules.is_empty() {
            note.push_str(" To keep the names for good, put into /etc/sysconfig/network-scripts/interface-rename-data/");
            note.push_str("static-rules.conf: ");
            note.push_str(&renaming.static_rules.join("; "));
            note.push('.');
        }
        steps.push(
            step("Give the NICs the names that they have in the dump")
                .on(NEW)
                .note(note)
                .run(renaming.command.as_str())
                .run("reboot")
                .run("xe pif-list physical=true params=uuid,device,MAC,management"),
        );
    }
    left_over(facts, steps);
}

/// What would win over the restored database at the next start (section 6, 1).
fn left_over(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let target = facts.restore.target;
    let pool = target.pool.as_ref();
    let on = |flag: Option<bool>| flag == Some(true);
    let ha = on(target.host.ha_armed) || on(pool.and_then(|pool| pool.ha_enabled));
    let redo = on(pool.and_then(|pool| pool.redo_log_enabled));
    let files = [
        "/var/lib/xcp/ha_metadata.db",
        "/var/lib/xcp/gen_metadata.db",
    ];
    let there = target.files.iter().flatten().map(String::as_str);
    let there: Vec<&str> = there.filter(|file| files.contains(file)).collect();
    if !ha && !redo && there.is_empty() && !facts.verdicts.has(Code::RestoreDatabaseLeftOver) {
        return;
    }
    let mut left = step("Put away what would win over the restored database")
        .on(NEW)
        .note(
            "At its start xapi takes the database with the highest generation, and a restored one has none: a copy \
             that high availability or a redo log left behind is taken instead. Keep the files until all is well.",
        );
    if ha {
        left = left.run("xe pool-ha-disable");
    }
    if redo {
        left = left.run("xe pool-disable-redo-log");
    }
    let put_away = if there.is_empty() {
        files.to_vec()
    } else {
        there
    };
    for file in put_away {
        left = left.run(format!(
            "for f in {file}*; do [ ! -e \"$f\" ] || mv \"$f\" /root/; done"
        ));
    }
    steps.push(left);
}

/// A path that no command takes for an option or for a file of another host.
fn as_file(path: &str) -> String {
    if path.starts_with('-') || (path.contains(':') && !path.starts_with(['/', '.'])) {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

/// The dump's way to the host, the dry run, and the restore.
fn restore(facts: &Facts<'_, '_>, steps: &mut Vec<Step>) {
    let restore = facts.restore;
    let path = match restore.question.path {
        "-" => "<dump>".to_owned(),
        path => quoted(&as_file(path)),
    };
    let address = restore
        .target
        .host
        .address
        .as_deref()
        .filter(|address| !address.is_empty());
    let login = address.map_or_else(
        || "root@<address>".to_owned(),
        |address| quoted(&format!("root@{address}")),
    );
    let to = address.map_or_else(
        || format!("root@<address>:{FILE}"),
        // An IPv6 address has colons of its own.
        |address| match address.parse::<Ipv6Addr>() {
            Ok(_) => quoted(&format!("root@[{address}]:{FILE}")),
            Err(_) => quoted(&format!("root@{address}:{FILE}")),
        },
    );
    // To tar a colon in a name is that of another host.
    let force_local = if path.contains(':') {
        "--force-local "
    } else {
        ""
    };
    let unpack = match (restore.question.member, restore.dump.envelope) {
        // Names in a host backup begin with `./` (`formats/host-backup.md` section 2).
        (Some(member), _) => Some(format!(
            "tar {force_local}-xOf {path} {}",
            quoted(&format!("./{member}"))
        )),
        (None, Envelope::Gzip) => Some(format!("gzip -dc {path}")),
        (None, Envelope::Zstd) => Some(format!("zstd -dc {path}")),
        (None, Envelope::Plain) => None,
    };
    let mut copy = step("Copy the dump to the host");
    let plain = match &unpack {
        // In a shell of its own, so that nobody else may read what it writes.
        Some(command) => {
            copy = copy.run(format!("(umask 077; {command} > pool-restore.xml)"));
            "pool-restore.xml"
        }
        None => &path,
    };
    let mut note =
        "It holds passwords: only root may read it, and it is deleted in the end.".to_owned();
    if restore.dump.kind == Kind::RedoLog {
        note.push_str(" This input is a redo log, which `xe pool-restore-database` does not take: a dump must be made \
                       of it first.");
    }
    copy = copy
        .note(note)
        .run(format!("scp {plain} {to}"))
        .run(format!("ssh {login} chmod 600 {FILE}"));
    if unpack.is_some() {
        copy = copy.run(format!("rm {plain}"));
    }
    steps.push(copy);
    steps.push(
        step("Let xapi try it")
            .on(NEW)
            .note(
                "It changes nothing in the database, but it takes away a restore that waits for a reboot. Success says \
                 that the file can be read, the schema fits and the NICs have the right names, and no more.",
            )
            .run(format!("xe pool-restore-database file-name={FILE} dry-run=true")),
    );
    steps.push(
        step("Restore the database")
            .on(NEW)
            .note(
                "With these very words: without `--force` it is refused, and with `dry-run=` anything, `dry-run=false` \
                 too, it only tries. The host reboots 30 seconds after it succeeds. Have its console at hand: it \
                 comes up with the network settings of the dump.",
            )
            .run(format!("xe pool-restore-database file-name={FILE} --force")),
    );
}
