//! Checks 34 to 46.

use xenspect_model::Code;
use xenspect_model::target::Target;

use super::build::{NOWHERE, NULL, Pool, codes, host, judge, one, sr, to, uuid};

type Change = fn(&mut Pool, &mut Target);

/// What the good pair gives.
const GOOD: [&str; 3] = [
    "restore/content-age",
    "restore/host-forgotten",
    "restore/rows-orphaned",
];

fn disk(target: &mut Target) -> &mut xenspect_model::target::TargetDisk {
    target
        .disks
        .as_mut()
        .and_then(|disks| disks.first_mut())
        .unwrap()
}

/// A change of the good pair, and the codes that come with it.
const FAULTS: &[(&str, Change, &[&str])] = &[
    ("nothing", |_, _| {}, &[]),
    (
        "running here",
        |pool, _| pool.web("Running", &to("one")),
        &["restore/vm-halted"],
    ),
    (
        "running nowhere",
        |pool, _| pool.web("Running", NOWHERE),
        &["restore/vm-halted"],
    ),
    (
        "paused here",
        |pool, _| pool.web("Paused", &to("one")),
        &["restore/vm-halted"],
    ),
    (
        "running elsewhere",
        |pool, _| pool.web("Running", &to("two")),
        &["restore/vm-running-elsewhere"],
    ),
    (
        "paused elsewhere",
        |pool, _| pool.web("Paused", &to("two")),
        &["restore/vm-paused"],
    ),
    (
        "paused nowhere",
        |pool, _| pool.web("Paused", NOWHERE),
        &["restore/vm-paused"],
    ),
    (
        "memory on shared storage",
        |pool, _| pool.suspended_on("nfs"),
        &[],
    ),
    (
        "memory on a disk that is there",
        |pool, _| pool.suspended_on("one-local"),
        &[],
    ),
    (
        "memory on a member",
        |pool, _| pool.suspended_on("two-local"),
        &["restore/vm-suspended"],
    ),
    (
        "memory nowhere",
        |pool, _| pool.web("Suspended", NULL),
        &["restore/vm-suspended"],
    ),
    (
        "memory missing",
        |pool, _| {
            pool.suspended_on("nfs");
            pool.set("VDI", "memory", "missing", "true");
        },
        &["restore/vm-suspended"],
    ),
    (
        "memory on a disk that is gone",
        |pool, target| {
            pool.suspended_on("one-local");
            disk(target).path = "/dev/disk/by-id/scsi-99".to_owned();
            target.host.primary_disk = None;
        },
        &["restore/local-sr-disk-gone", "restore/vm-suspended"],
    ),
    (
        "disk gone",
        |_, target| {
            disk(target).path = "/dev/disk/by-id/scsi-99".to_owned();
            target.host.primary_disk = None;
        },
        &["restore/local-sr-disk-gone"],
    ),
    (
        "partition gone",
        |_, target| disk(target).path = "/dev/disk/by-id/scsi-10-part1".to_owned(),
        &["restore/local-sr-disk-gone"],
    ),
    (
        "partition there",
        |_, target| disk(target).path = "/dev/disk/by-id/scsi-10-part3".to_owned(),
        &[],
    ),
    (
        "second disk of an SR gone",
        |pool, _| {
            let config = "(('device'%.'/dev/disk/by-id/scsi-10-part3,/dev/disk/by-id/scsi-11'))";
            pool.set("PBD", "one-one-local", "device_config", config);
        },
        &["restore/local-sr-disk-gone"],
    ),
    (
        "new local SR",
        |_, target| target.srs = Some(vec![sr(300, "ext", false)]),
        &["restore/local-sr-new"],
    ),
    (
        "new shared SR",
        |_, target| target.srs = Some(vec![sr(300, "nfs", true)]),
        &[],
    ),
    (
        "drives",
        |_, target| target.srs = Some(vec![sr(300, "udev", false)]),
        &[],
    ),
    (
        "secret there",
        |pool, _| {
            pool.add("secret", "secret", &[("uuid", &uuid(60)), ("value", "s")]);
            let config = format!("(('chappassword_secret'%.'{}'))", uuid(60));
            pool.set("PBD", "one-nfs", "device_config", &config);
        },
        &[],
    ),
    (
        "secret missing",
        |pool, _| {
            let config = format!("(('chappassword_secret'%.'{}'))", uuid(60));
            pool.set("PBD", "one-nfs", "device_config", &config);
        },
        &["restore/device-secret-missing"],
    ),
    (
        "secret of a member missing",
        |pool, _| {
            let config = format!("(('chappassword_secret'%.'{}'))", uuid(60));
            pool.set("PBD", "two-nfs", "device_config", &config);
        },
        &[],
    ),
    (
        "default SR missing",
        |pool, _| pool.set("pool", "pool", "default_SR", NOWHERE),
        &["restore/default-sr-missing"],
    ),
    (
        "no default SR",
        |pool, _| pool.set("pool", "pool", "default_SR", NULL),
        &[],
    ),
    (
        "PCI asked for",
        |pool, _| {
            pool.set("VM", "web", "other_config", "(('pci'%.'0/0000:5e:00.0'))");
        },
        &["restore/pass-through"],
    ),
    (
        "USB",
        |pool, _| {
            pool.add(
                "VUSB",
                "usb",
                &[("uuid", &uuid(61)), ("VM", &to("web")), ("USB_group", NULL)],
            );
        },
        &["restore/pass-through"],
    ),
    (
        "GPU",
        |pool, _| {
            pool.add(
                "VGPU",
                "gpu",
                &[("uuid", &uuid(61)), ("VM", &to("web")), ("GPU_group", NULL)],
            );
        },
        &["restore/pass-through"],
    ),
    (
        "disk without VDI",
        |pool, _| pool.set("VBD", "web-vbd", "VDI", NULL),
        &["restore/vbd-without-vdi"],
    ),
    (
        "disk with a VDI that is gone",
        |pool, _| pool.set("VBD", "web-vbd", "VDI", NOWHERE),
        &["restore/vbd-without-vdi"],
    ),
    (
        "empty CD",
        |pool, _| {
            pool.set("VBD", "web-vbd", "VDI", NULL);
            pool.set("VBD", "web-vbd", "type", "CD");
        },
        &[],
    ),
    (
        "VDI missing",
        |pool, _| pool.set("VDI", "web-disk", "missing", "true"),
        &["restore/vdi-not-usable"],
    ),
    (
        "VDI not managed",
        |pool, _| pool.set("VDI", "web-disk", "managed", "false"),
        &["restore/vdi-not-usable"],
    ),
    (
        "VTPM",
        |pool, _| {
            pool.add("secret", "tpm", &[("uuid", &uuid(63)), ("value", "s")]);
            pool.add(
                "VTPM",
                "vtpm",
                &[
                    ("uuid", &uuid(62)),
                    ("VM", &to("web")),
                    ("contents", &to("tpm")),
                ],
            );
        },
        &[],
    ),
    (
        "VTPM without contents",
        |pool, _| {
            pool.add(
                "VTPM",
                "vtpm",
                &[
                    ("uuid", &uuid(62)),
                    ("VM", &to("web")),
                    ("contents", NOWHERE),
                ],
            );
        },
        &["restore/vtpm-contents-missing"],
    ),
    (
        "full",
        |_, target| target.free_bytes = Some(4096),
        &["restore/disk-space"],
    ),
    (
        "small disk",
        |_, target| disk(target).size = Some(40 << 30),
        &["restore/disk-space"],
    ),
    (
        "feature missing",
        |_, target| {
            target.pool.as_mut().unwrap().cpu_features = Some("0000000d-00000003".to_owned());
        },
        &["restore/cpu-features"],
    ),
    (
        "feature more",
        |_, target| {
            target.pool.as_mut().unwrap().cpu_features =
                Some("000000ff-00000003-00000001".to_owned());
        },
        &[],
    ),
    (
        "other vendor",
        |_, target| target.host.cpu_vendor = Some("AuthenticAMD".to_owned()),
        &["restore/cpu-features"],
    ),
    (
        "a template that runs",
        |pool, _| {
            pool.web("Running", &to("two"));
            pool.set("VM", "web", "is_a_template", "true");
        },
        &[],
    ),
];

#[test]
fn each_fault_gives_exactly_its_codes() {
    for (name, change, expected) in FAULTS {
        let (mut pool, mut target) = (Pool::new(), host());
        change(&mut pool, &mut target);
        let report = judge(&pool, target, Vec::new());
        let mut expected: Vec<_> = GOOD.iter().chain(*expected).copied().collect();
        expected.sort_unstable();
        assert_eq!(codes(&report), expected, "{name}");
    }
}

fn with(change: Change) -> xenspect_model::preflight::PreflightReport {
    let (mut pool, mut target) = (Pool::new(), host());
    change(&mut pool, &mut target);
    judge(&pool, target, Vec::new())
}

#[test]
fn advice_names_what_it_is_about() {
    let rows: [(Code, Change, &[&str]); 6] = [
        (Code::RestoreHostForgotten, |_, _| {}, &["two"]),
        (
            Code::RestoreVmElsewhere,
            |pool, _| pool.web("Running", &to("two")),
            &["two", "power the host off"],
        ),
        (
            Code::RestoreVmPaused,
            |pool, _| pool.web("Paused", &to("two")),
            &["web", WEB],
        ),
        (
            Code::RestoreVmSuspended,
            |pool, _| pool.suspended_on("two-local"),
            &["web", WEB],
        ),
        (
            Code::RestoreLocalSrNew,
            |_, target| target.srs = Some(vec![sr(0x300, "ext", false)]),
            &["type=ext", NEW],
        ),
        (
            Code::RestoreVbdWithoutVdi,
            |pool, _| pool.set("VBD", "web-vbd", "VDI", NULL),
            &["web", WEB],
        ),
    ];
    for (code, change, words) in rows {
        let report = with(change);
        let advice = one(&report, code).advice.clone().unwrap_or_default();
        for word in words {
            assert!(advice.contains(word), "{code}: {advice}");
        }
    }
}

const WEB: &str = "uuid=00000020-0000-4000-8000-000000000000";
const NEW: &str = "uuid=00000300-0000-4000-8000-000000000000";

#[test]
fn a_forgotten_host_is_told_with_its_local_srs() {
    let report = with(|_, _| {});
    let facts = &one(&report, Code::RestoreHostForgotten).facts;
    let text = format!("{facts:?}");
    assert!(
        text.contains("192.0.2.20") && text.contains("two-local"),
        "{text}"
    );
    assert!(
        !text.contains("one-local") && !text.contains("nfs"),
        "{text}"
    );
}

#[test]
fn shared_storage_of_vms_that_run_elsewhere_is_named() {
    let report = with(|pool, _| pool.web("Running", &to("two")));
    let text = format!("{:?}", one(&report, Code::RestoreVmElsewhere).facts);
    assert!(text.contains("nfs") && text.contains("web"), "{text}");
}

#[test]
fn without_a_coordinator_nothing_is_said_of_hosts() {
    let report = with(|pool, _| pool.set("pool", "pool", "master", NOWHERE));
    assert_eq!(codes(&report), ["restore/content-age"]);
}

#[test]
fn what_a_backup_calls_a_uuid_does_not_get_into_commands() {
    let report = with(|pool, _| {
        pool.web("Paused", &to("two"));
        pool.set("VM", "web", "uuid", "$(reboot) --all");
    });
    let finding = one(&report, Code::RestoreVmPaused);
    let advice = finding.advice.as_deref().unwrap_or_default();
    assert!(
        advice.contains("uuid=<uuid> --force") && !advice.contains("reboot"),
        "{advice}"
    );
}
