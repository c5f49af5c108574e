//! Which steps there are, when, and what stands in them.

use xenspect_model::Code;
use xenspect_model::preflight::{NicRow, NicState, Renaming};
use xenspect_model::target::{TargetDisk, TargetNic, TargetSr, TargetVm};

use super::{HOSTS, POOL, Scene, VMS};

#[test]
fn a_restore_has_its_steps_in_order() {
    let titles = Scene::pool("", "", VMS).titles();
    assert_eq!(
        titles,
        [
            "Switch off the member beta, if it still runs",
            "Switch off the member it's; reboot, if it still runs",
            "Switch off the old coordinator alpha, if it still runs",
            "Copy the dump to the host",
            "Let xapi try it",
            "Restore the database",
            "Wait for the host, and look at it",
            "Forget members that are still listed",
            "Join beta again",
            "Join it's; reboot again",
            "Plug what is not plugged",
            "Bring back the local storage of beta",
            "Give up the memory of suspended VMs",
            "Resume suspended VMs",
            "Reset VMs that were paused on other hosts",
            "Start the VMs that ran",
            "Take a new backup, and delete the copy of the dump",
        ]
    );
}

#[test]
fn a_single_host_has_few_steps() {
    let host = HOSTS
        .lines()
        .take(2)
        .collect::<String>()
        .replace("HOST", "")
        + "</table>";
    let mut scene = Scene::new(&[&POOL.replace("POOL", ""), &host]);
    scene.target.host.installation_uuid = Some("h1-uuid".to_owned());
    assert_eq!(
        scene.titles(),
        [
            "Copy the dump to the host",
            "Let xapi try it",
            "Restore the database",
            "Wait for the host, and look at it",
            "Take a new backup, and delete the copy of the dump",
        ]
    );
}

#[test]
fn the_commands_are_word_for_word() {
    let scene = Scene::pool("", "", VMS);
    let rows: [(&str, &[&str]); 9] = [
        (
            "Copy the dump",
            &[
                "scp 'lab pool.dump' root@192.0.2.99:/root/pool-restore.xml",
                "ssh root@192.0.2.99 chmod 600 /root/pool-restore.xml",
            ],
        ),
        (
            "Let xapi",
            &["xe pool-restore-database file-name=/root/pool-restore.xml dry-run=true"],
        ),
        (
            "Restore the",
            &["xe pool-restore-database file-name=/root/pool-restore.xml --force"],
        ),
        (
            "Switch off the member beta",
            &[
                "xe vm-shutdown resident-on=h2-uuid is-control-domain=false --multiple",
                "xe host-disable uuid=h2-uuid",
                "xe host-shutdown uuid=h2-uuid",
            ],
        ),
        (
            "Forget",
            &[
                "xe host-list params=uuid,name-label,enabled",
                "xe host-forget uuid=h2-uuid",
                "xe host-forget uuid=h3-uuid",
            ],
        ),
        (
            "Join beta",
            &[
                "xe pool-join master-address=192.0.2.11 master-username=root master-password=<password>",
            ],
        ),
        (
            "Bring back",
            &[
                "xe pbd-create sr-uuid=s2-uuid host-uuid=<host> device-config:device=/dev/disk/by-id/scsi-1-part3",
                "xe pbd-plug uuid=<PBD>",
            ],
        ),
        ("Give up", &["xe vm-reset-powerstate uuid=v3-uuid --force"]),
        (
            "Reset VMs",
            &["xe vm-reset-powerstate uuid=v4-uuid --force"],
        ),
    ];
    for (title, commands) in rows {
        assert_eq!(scene.commands(title), commands, "{title}");
    }
    let steps = scene.steps();
    let off = steps
        .iter()
        .find(|step| step.title.contains("beta"))
        .unwrap();
    assert!(
        off.note
            .as_deref()
            .unwrap()
            .contains("these ran here: web.")
    );
    assert_eq!(off.on.as_deref(), Some("beta"));
}

#[test]
fn what_the_pool_had_on_is_switched_off_before_and_on_after() {
    let scene = Scene::pool(
        r#"ha_enabled="true" tls_verification_enabled="true""#,
        r#"external_auth_type="AD" external_auth_service_name="lab.example.net""#,
        "",
    );
    let titles = scene.titles();
    let at = |title: &str| titles.iter().position(|known| known == title).unwrap();
    assert!(at("Switch high availability off in the old pool") < at("Restore the database"));
    assert!(at("Switch high availability on again") > at("Join beta again"));
    assert!(at("Let the hosts verify each other's certificates again") > at("Join beta again"));
    let join = scene.commands("Join the directory again");
    assert_eq!(
        join[1],
        "xe pool-enable-external-auth auth-type=AD service-name=lab.example.net config:user=<user> config:pass=<password>"
    );
}

#[test]
fn the_target_is_made_ready_first() {
    let mut scene = Scene::pool("", "", "");
    scene.version.way_out = vec!["Install XCP-ng 8.2.".to_owned(), "Restore.".to_owned()];
    scene.version.input.releases = vec!["XCP-ng 8.2".to_owned()];
    scene.renaming = Some(Renaming {
        command: "interface-rename --update eth0=aa:00 eth1=aa:01".to_owned(),
        ..Renaming::default()
    });
    scene.target.files = Some(["/var/lib/xcp/gen_metadata.db".to_owned()].into());
    let titles = scene.titles();
    assert_eq!(
        titles[3..6],
        [
            "Bring the target to the level of the dump: XCP-ng 8.2",
            "Give the NICs the names that they have in the dump",
            "Put away what would win over the restored database",
        ]
    );
    let note = scene.steps().swap_remove(3).note;
    assert_eq!(
        note.as_deref(),
        Some("(1) Install XCP-ng 8.2. (2) Restore.")
    );
    let rename = scene.commands("Give the NICs");
    assert_eq!(
        rename[..2],
        ["interface-rename --update eth0=aa:00 eth1=aa:01", "reboot"]
    );
    let put_away = scene.commands("Put away");
    assert_eq!(put_away.len(), 1);
    assert!(put_away[0].contains("/var/lib/xcp/gen_metadata.db"));
}

#[test]
fn nics_and_storage_of_the_target_are_made_known() {
    let mut scene = Scene::pool("", "", "");
    scene.nics = vec![NicRow {
        device: "eth7".to_owned(),
        state: NicState::Forgotten,
        ..NicRow::default()
    }];
    scene.target.nics = Some(vec![TargetNic {
        device: "eth0".to_owned(),
        management: Some(true),
        ..TargetNic::default()
    }]);
    scene.codes = vec![Code::RestoreManagementBridge];
    scene.target.srs = Some(vec![
        TargetSr {
            uuid: "fresh-uuid".to_owned(),
            name: Some("Bob's disk".to_owned()),
            kind: Some("ext".to_owned()),
            ..TargetSr::default()
        },
        TargetSr {
            uuid: "s2-uuid".to_owned(),
            kind: Some("lvm".to_owned()),
            ..TargetSr::default()
        },
    ]);
    assert_eq!(
        scene.commands("Make eth7"),
        ["xe pif-scan host-uuid=new-uuid"]
    );
    assert_eq!(
        scene.commands("Set the management"),
        ["xe host-management-reconfigure pif-uuid=e0-uuid"]
    );
    assert_eq!(
        scene.commands("Make the local SR Bob's disk"),
        [
            r"xe sr-introduce uuid=fresh-uuid type=ext name-label='Bob'\''s disk' content-type=user",
            "xe pbd-create sr-uuid=fresh-uuid host-uuid=new-uuid device-config:device=<device>",
            "xe pbd-plug uuid=<PBD>",
        ]
    );
    let known = scene
        .titles()
        .iter()
        .filter(|title| title.starts_with("Make the local SR"))
        .count();
    assert_eq!(known, 1, "the dump has the other one");
}

#[test]
fn a_refusal_comes_first_and_the_rest_stays() {
    let mut scene = Scene::pool("", "", "");
    let good = scene.titles();
    scene.accepted = Some(false);
    let titles = scene.titles();
    assert_eq!(titles[0], "Put right what xapi would refuse");
    assert_eq!(titles[1..], good);
    scene.accepted = None;
    assert_eq!(scene.titles()[0], "Collect the facts that are missing");
}

#[test]
fn a_dump_of_a_host_backup_is_taken_out_of_it() {
    let mut scene = Scene::pool("", "", "");
    scene.member = Some("var/backup/pool-database-1");
    assert_eq!(
        scene.commands("Copy the dump"),
        [
            "(umask 077; tar -xOf 'lab pool.dump' ./var/backup/pool-database-1 > pool-restore.xml)",
            "scp pool-restore.xml root@192.0.2.99:/root/pool-restore.xml",
            "ssh root@192.0.2.99 chmod 600 /root/pool-restore.xml",
            "rm pool-restore.xml",
        ]
    );
}

/// The coordinator has a disk of its own, and the target has it or not.
#[test]
fn a_local_sr_without_its_disk_is_brought_back_or_forgotten() {
    let mut scene = Scene::pool("", "", "");
    scene.dump = scene
        .dump
        .replace(r#"host="OpaqueRef:h2" SR"#, r#"host="OpaqueRef:h1" SR"#);
    let disk = |path: &str| TargetDisk {
        path: path.to_owned(),
        size: None,
    };
    let title = "Bring back the local SR Local of beta, or forget it";
    scene.codes = vec![Code::RestoreLocalSrGone];
    scene.target.disks = Some(vec![disk("/dev/disk/by-id/scsi-1-part3")]);
    assert!(!scene.titles().contains(&title.to_owned()));
    scene.target.disks = Some(vec![disk("/dev/disk/by-id/scsi-2-part3")]);
    let commands = scene.commands(title);
    assert_eq!(
        commands[2],
        "xe pbd-create sr-uuid=s2-uuid host-uuid=new-uuid device-config:device=<device>"
    );
}

/// A member that is installed anew as the coordinator does not join itself.
#[test]
fn a_member_as_target_is_not_joined() {
    let mut scene = Scene::pool("", "", "");
    scene.target.host.installation_uuid = Some("h2-uuid".to_owned());
    let titles = scene.titles();
    assert!(
        !titles.contains(&"Join beta again".to_owned()),
        "{titles:?}"
    );
    assert!(titles.contains(&"Join it's; reboot again".to_owned()));
}

#[test]
fn what_runs_on_the_target_is_shut_down() {
    let mut scene = Scene::pool("", "", "");
    scene.target.vms = Some(vec![TargetVm {
        uuid: "t1".to_owned(),
        name: Some("tool".to_owned()),
        power_state: Some("Running".to_owned()),
        ..TargetVm::default()
    }]);
    let steps = scene.steps();
    let step = steps
        .iter()
        .find(|step| step.title == "Shut down what runs on the target")
        .unwrap();
    assert!(
        step.note
            .as_deref()
            .unwrap()
            .contains("These run now: tool.")
    );
}

#[test]
fn the_old_coordinator_itself_is_not_switched_off() {
    let mut scene = Scene::pool("", "", "");
    scene.nics = vec![NicRow {
        device: "eth0".to_owned(),
        state: NicState::Moved,
        ..NicRow::default()
    }];
    let steps = scene.steps();
    let asked = "Make sure that the target is the old coordinator alpha itself";
    let sure = steps.iter().find(|step| step.title == asked).unwrap();
    assert!(sure.commands.is_empty());
}
