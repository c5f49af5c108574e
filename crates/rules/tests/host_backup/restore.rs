//! What the two stages of a restore would come to.

use xenspect_archive::tar;
use xenspect_model::catalog::{Compression, Ending, Fact};
use xenspect_model::report::{
    Envelope, Formatted, HostRole, HostSummary, RestoreAnswer, StageAnswer,
};

use crate::build::{FRESH, GRUB, INVENTORY, STATE, Scene, verify};

fn host(change: impl FnOnce(&mut Scene)) -> HostSummary {
    *verify(change).host.expect("a host backup has one")
}

/// The answer, its code, and what has been formatted.
fn short(answer: &StageAnswer) -> (RestoreAnswer, Option<&'static str>, Option<Formatted>) {
    (
        answer.answer,
        answer.code.map(|code| code.name()),
        answer.formatted,
    )
}

#[test]
fn a_good_one_is_restored() {
    let host = host(|_| {});
    assert_eq!(
        short(&host.host_restore),
        (RestoreAnswer::Accepted, None, None)
    );
    assert_eq!(
        short(&host.installer),
        (RestoreAnswer::Accepted, None, None)
    );
    assert_eq!(host.installer.needs_platform.as_deref(), Some("3.2.1"));
    assert_eq!(host.product_brand.as_deref(), Some("XCP-ng"));
    assert_eq!(host.role, Some(HostRole::Coordinator));
    assert_eq!(host.newest_file.as_deref(), Some("2024-06-01T08:01:30Z"));
    assert_eq!(host.unpacked_bytes, 3 << 30);
    let databases: Vec<_> = host
        .databases
        .iter()
        .map(|base| (base.path.as_str(), base.preferred))
        .collect();
    assert_eq!(databases, [(FRESH, true), (STATE, false)]);
    assert!(host.databases.iter().all(|base| base.database.is_some()));
}

#[test]
fn where_a_restore_stops() {
    type Change = fn(&mut Scene);
    let (spare, root) = (Some(Formatted::SparePartition), Some(Formatted::RootAndEfi));
    let changes: [(&str, Change); 4] = [
        ("host/inventory-missing", |scene| {
            drop(scene.files.remove(INVENTORY));
        }),
        ("host/not-gzip", |scene| scene.envelope = Envelope::Zstd),
        ("host/too-large", |scene| scene.bytes = 19 << 30),
        ("envelope/truncated", |scene| {
            scene.incomplete = true;
            scene.facts = vec![(9, Fact::Envelope(Compression::Truncated { at: 9 }))];
        }),
    ];
    for (code, change) in changes {
        let host = host(change);
        assert_eq!(
            short(&host.host_restore),
            (RestoreAnswer::Refused, Some(code), spare),
            "{code}"
        );
        assert_eq!(
            host.host_restore.xapi_error.as_deref(),
            Some("RESTORE_SCRIPT_FAILED")
        );
        // It has no mark then.
        assert_eq!(
            short(&host.installer),
            (RestoreAnswer::NotListed, Some(code), spare),
            "{code}"
        );
    }
    let changes: [(&str, RestoreAnswer, Option<Formatted>, Change); 5] = [
        (
            "host/inventory-key-missing",
            RestoreAnswer::NotListed,
            spare,
            |scene| {
                scene.replace(INVENTORY, "PRIMARY_DISK=", "X=");
            },
        ),
        (
            "host/platform-too-old",
            RestoreAnswer::NotListed,
            spare,
            |scene| {
                scene.replace(INVENTORY, "'3.2.1'", "'2.0.0'");
            },
        ),
        (
            "host/inventory-key-missing",
            RestoreAnswer::Stops,
            spare,
            |scene| {
                scene.replace(INVENTORY, "PARTITION_LAYOUT=", "X=");
            },
        ),
        ("host/boot-label", RestoreAnswer::Stops, root, |scene| {
            scene.replace(GRUB, "root-abcdef", "rootabcdef");
        }),
        ("host/fstab-line", RestoreAnswer::Stops, root, |scene| {
            drop(scene.files.remove("etc/fstab"));
        }),
    ];
    for (code, answer, formatted, change) in changes {
        let host = host(change);
        assert_eq!(
            short(&host.host_restore),
            (RestoreAnswer::Accepted, None, None),
            "{code}"
        );
        assert_eq!(
            short(&host.installer),
            (answer, Some(code), formatted),
            "{code}"
        );
        assert_eq!(host.installer.xapi_error, None);
        assert_eq!(host.installer.needs_platform, None);
    }
}

#[test]
fn accepted_and_bad_all_the_same() {
    let run = host(|scene| scene.replace(INVENTORY, "'xenbr0'", "$(reboot)"));
    let code = Some("host/inventory-shell");
    let accepted = RestoreAnswer::Accepted;
    assert_eq!(short(&run.host_restore), (accepted, code, None));
    assert_eq!(short(&run.installer), (accepted, None, None));
    let lacks = host(|scene| scene.replace(INVENTORY, "MANAGEMENT_INTERFACE=", "X="));
    let code = Some("host/inventory-key-missing");
    assert_eq!(short(&lacks.host_restore), (accepted, None, None));
    assert_eq!(short(&lacks.installer), (accepted, code, None));
}

#[test]
fn the_first_stop_counts() {
    let host = host(|scene| {
        scene.replace(GRUB, "root-abcdef", "rootabcdef");
        scene.replace(INVENTORY, "PARTITION_LAYOUT=", "X=");
    });
    let expected = (
        RestoreAnswer::Stops,
        Some("host/inventory-key-missing"),
        Some(Formatted::SparePartition),
    );
    assert_eq!(short(&host.installer), expected);
}

#[test]
fn of_6_x_it_depends_on_the_host() {
    let host = host(|scene| scene.replace(INVENTORY, "PRODUCT_VERSION='8", "PRODUCT_VERSION='6"));
    let spare = Some(Formatted::SparePartition);
    let code = Some("host/old-layout");
    assert_eq!(
        short(&host.host_restore),
        (RestoreAnswer::Refused, code, spare)
    );
    assert_eq!(
        host.host_restore.only_on.as_deref(),
        Some("hosts of 8.0 and later")
    );
    assert_eq!(
        short(&host.installer),
        (RestoreAnswer::NotListed, code, spare)
    );
    assert_eq!(
        host.installer.only_on.as_deref(),
        Some("installers of 7.0 and later")
    );
}

#[test]
fn what_was_not_read_decides_nothing() {
    let unknown = (RestoreAnswer::Unknown, None, None);
    let cut = host(|scene| {
        scene.incomplete = true;
        scene.ending = Ending::Tar(tar::Ending::NoEndBlocks);
    });
    assert_eq!(short(&cut.host_restore), unknown);
    assert_eq!(short(&cut.installer), unknown);
    let interrupted = host(|scene| {
        scene.incomplete = true;
        scene.ending = Ending::Interrupted { offset: 1 };
        scene.files.clear();
    });
    assert_eq!(short(&interrupted.host_restore), unknown);
    assert_eq!(interrupted.role, None);
}
