//! What stops a restore, at which stage, and what has been formatted by then.

use xenspect_model::Code;
use xenspect_model::preflight::{Outcome, Stage};
use xenspect_model::report::Formatted;
use xenspect_model::target::TargetDisk;

use crate::build::{FSTAB, GRUB, INVENTORY, Packed, Pair, host, more, stage};

const SPARE: Formatted = Formatted::SparePartition;
const ROOT: Formatted = Formatted::RootAndEfi;

#[test]
fn the_good_pair_passes_all_stages() {
    let report = Pair::good().judge();
    let host = host(&report);
    for stage in &host.stages {
        assert_eq!((stage.accepted, &stage.reasons), (Some(true), &Vec::new()));
    }
    assert_eq!(host.accepted, Some(true));
    assert_eq!(stage(&report, Stage::InstallerRestores).formatted, ROOT);
    let answer = &report.preflight;
    assert_eq!(
        (answer.accepted, answer.boots),
        (Some(true), Some(true)),
        "{:#?}",
        report.checks
    );
    assert_eq!(answer.xapi_error, None);
    let unknown: Vec<_> = report
        .checks
        .iter()
        .filter(|check| check.outcome == Outcome::Unknown)
        .map(|check| (check.title, &check.lacks))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

type Fault = fn(&mut Pair);
type Row = (&'static str, Fault, Stage, Formatted, &'static [Code]);

/// What is done, the stage that stops, what has been formatted by then, and the codes that are new.
#[rustfmt::skip]
const FAULTS: [Row; 17] = [
    ("no spare partition", |pair| pair.target.host.backup_partition = Some(String::new()),
        Stage::HostRestore, Formatted::Nothing, &[Code::HostRestorePartition]),
    ("not packed", |pair| pair.packed = Packed::Plain,
        Stage::HostRestore, SPARE, &[Code::HostNotGzip]),
    ("too large", |pair| pair.padding = 18 << 30,
        Stage::HostRestore, SPARE, &[Code::HostRestoreSize]),
    ("too large for the old layout", |pair| { pair.padding = 5 << 30; pair.target.host.partition_layout = Some(String::new()); },
        Stage::HostRestore, SPARE, &[Code::HostRestoreSize]),
    ("too large for a partition of its own size", |pair| {
        pair.padding = 5 << 30;
        let path = pair.target.host.backup_partition.clone().expect("there");
        pair.target.disks = Some(vec![
            TargetDisk { path: pair.value("PRIMARY_DISK"), size: Some(64 << 30) },
            TargetDisk { path, size: Some(4 << 30) },
        ]);
    }, Stage::HostRestore, SPARE, &[Code::HostRestoreSize]),
    ("no inventory", |pair| pair.drop(INVENTORY),
        Stage::HostRestore, SPARE, &[Code::HostInventoryMissing]),
    ("no platform", |pair| pair.set("PLATFORM_VERSION", None),
        Stage::InstallerLists, SPARE, &[Code::HostInventoryKey]),
    ("no disk", |pair| pair.set("PRIMARY_DISK", None),
        Stage::InstallerLists, SPARE, &[Code::HostInventoryKey]),
    ("no text of the version", |pair| pair.set("PRODUCT_VERSION_TEXT", None),
        Stage::InstallerLists, SPARE, &[Code::HostInventoryKey]),
    ("another disk", |pair| pair.set("PRIMARY_DISK", Some("/dev/disk/by-id/scsi-other")),
        Stage::InstallerLists, SPARE, &[Code::HostRestoreDisk]),
    ("a later platform", |pair| pair.set("PLATFORM_VERSION", Some("3.4.0")),
        Stage::InstallerLists, SPARE, &[Code::HostRestorePlatform]),
    ("a platform before 7.0", |pair| pair.set("PLATFORM_VERSION", Some("1.9.0")),
        Stage::InstallerLists, SPARE, &[Code::HostPlatform]),
    ("no layout", |pair| pair.set("PARTITION_LAYOUT", None),
        Stage::InstallerRestores, SPARE, &[Code::HostInventoryKey]),
    ("no boot loader", |pair| { pair.drop(GRUB); pair.put("boot/efi/EFI/xenserver/grubx64.efi", "x"); },
        Stage::InstallerRestores, SPARE, &[Code::HostBootLoader]),
    ("no label", |pair| pair.put(GRUB, "menuentry \"a\" {\n linux /boot/vmlinuz root=/dev/sda1\n}\n"),
        Stage::InstallerRestores, ROOT, &[Code::HostBootLabel]),
    ("a label without a dash", |pair| pair.put(GRUB, "menuentry \"a\" {\n linux /boot/vmlinuz root=LABEL=root\n}\n"),
        Stage::InstallerRestores, ROOT, &[Code::HostBootLabel]),
    ("no line of fstab", |pair| pair.put(FSTAB, "LABEL=root-abcdef / ext4 defaults 1 1\n"),
        Stage::InstallerRestores, ROOT, &[Code::HostFstab]),
];

#[test]
fn each_fault_stops_its_stage() {
    for (name, fault, wanted, formatted, codes) in FAULTS {
        let mut pair = Pair::good();
        fault(&mut pair);
        let report = pair.judge();
        assert_eq!(more(&report), codes, "{name}");
        let stops = stage(&report, wanted);
        assert_eq!(stops.accepted, Some(false), "{name}");
        assert_eq!(stops.formatted, formatted, "{name}");
        assert!(!stops.reasons.is_empty(), "{name}");
        assert_eq!(host(&report).accepted, Some(false), "{name}");
        assert_eq!(report.preflight.accepted, Some(false), "{name}");
        let error = report.preflight.xapi_error.as_ref();
        let fails = error.is_some_and(|error| error.code == "RESTORE_SCRIPT_FAILED");
        assert_eq!(fails, wanted == Stage::HostRestore, "{name}");
        if formatted == ROOT {
            assert_eq!(report.preflight.boots, Some(false), "{name}");
        }
    }
}

#[test]
fn what_stops_one_stage_leaves_the_earlier_ones() {
    let mut pair = Pair::good();
    pair.put(FSTAB, "");
    let report = pair.judge();
    for earlier in [Stage::HostRestore, Stage::InstallerLists] {
        assert_eq!(stage(&report, earlier).accepted, Some(true));
    }
}

#[test]
fn what_stops_the_first_stage_stops_all() {
    let mut pair = Pair::good();
    pair.target.host.backup_partition = Some(String::new());
    let report = pair.judge();
    let lists = stage(&report, Stage::InstallerLists);
    assert_eq!(lists.accepted, Some(false));
    assert_eq!(lists.formatted, Formatted::Nothing);
    assert!(lists.reasons[0].contains("the mark of a backup"));
    // It is not come to.
    assert_eq!(host(&report).stages.len(), 2);
}

#[test]
fn a_cut_archive_does_not_unpack() {
    let mut pair = Pair::good();
    pair.packed = Packed::Cut;
    let report = pair.judge();
    let first = stage(&report, Stage::HostRestore);
    assert_eq!(first.accepted, Some(false), "{:#?}", report.findings);
    assert_eq!(first.formatted, SPARE);
}

#[test]
fn sixes_are_refused_by_eights_alone() {
    // Version of the target, whether host-restore takes the backup of 6.5, and the code that says so.
    for (version, takes, code) in [
        ("8.2.1", Some(false), Some(Code::HostLayout)),
        ("8.0.0", Some(false), Some(Code::HostLayout)),
        ("7.6.0", Some(true), Some(Code::HostRestoreLayout)),
        ("7.1.2", Some(true), Some(Code::HostRestoreLayout)),
        ("6.5.0", Some(true), None),
    ] {
        let mut pair = Pair::good();
        pair.set("PRODUCT_VERSION", Some("6.5.0"));
        pair.set("PLATFORM_VERSION", Some("1.9.0"));
        pair.set("PARTITION_LAYOUT", None);
        pair.target.product.version = Some(version.to_owned());
        let report = pair.judge();
        let first = stage(&report, Stage::HostRestore);
        assert_eq!(first.accepted, takes, "{version}");
        let lists = stage(&report, Stage::InstallerLists).accepted;
        assert_eq!(lists, Some(version == "6.5.0"), "{version}");
        let codes = more(&report);
        for known in [Code::HostLayout, Code::HostRestoreLayout] {
            assert_eq!(
                codes.contains(&known),
                Some(known) == code,
                "{version} {known}"
            );
        }
        let error = report.preflight.xapi_error.as_ref();
        let refused = error.is_some_and(|error| error.code == "RESTORE_SCRIPT_FAILED");
        assert_eq!(refused, takes == Some(false), "{version}");
        if refused {
            assert_eq!(first.formatted, SPARE);
        }
        // From 7.0 on the installer does not list it either.
        let lists = stage(&report, Stage::InstallerLists).accepted;
        assert_eq!(lists == Some(false), !version.starts_with('6'), "{version}");
    }
}

#[test]
fn a_backup_of_today_on_an_old_host() {
    let mut pair = Pair::good();
    pair.target.product.version = Some("6.5.0".to_owned());
    pair.target.product.platform = Some("1.9.0".to_owned());
    let report = pair.judge();
    let codes = more(&report);
    assert!(codes.contains(&Code::HostRestoreLayout), "{codes:?}");
    assert!(codes.contains(&Code::HostRestorePlatform), "{codes:?}");
    assert_eq!(stage(&report, Stage::InstallerLists).accepted, Some(false));
}

#[test]
fn what_the_target_does_not_tell_is_not_guessed() {
    let mut pair = Pair::good();
    pair.target = Default::default();
    let report = pair.judge();
    assert_eq!(host(&report).accepted, None);
    assert_eq!(report.preflight.accepted, None);
    let lacking = |title: &str| {
        let mut checks = report.checks.iter();
        let check = checks.find(|check| check.title == title).expect(title);
        (check.outcome, check.lacks.join(", "))
    };
    for title in [
        "the target has a spare partition",
        "the installer takes the platform",
        "the disk of the backup is in the target",
        "the partition layout is the target's",
        "which machine the target is",
        "the product is the target's",
    ] {
        let (outcome, lacks) = lacking(title);
        assert_eq!(outcome, Outcome::Unknown, "{title}");
        assert!(!lacks.is_empty(), "{title}");
    }
    assert_eq!(
        report.runbook.first().map(|step| step.title.as_str()),
        Some("Collect the facts that are missing")
    );
}

#[test]
fn hardly_any_room_is_a_warning() {
    let mut pair = Pair::good();
    let usable = (18_432_u64 << 20) - ((18_432_u64 << 20) / 64) - (128 << 20);
    pair.padding = usable - (200 << 10);
    // The ends of the files take the rest.
    for number in 0..200 {
        pair.put(&format!("usr/{number}"), "x");
    }
    let files: usize = pair.files.iter().map(|(_, bytes)| bytes.len()).sum();
    pair.padding = usable - files as u64;
    let report = pair.judge();
    assert_eq!(stage(&report, Stage::HostRestore).accepted, Some(true));
    assert_eq!(more(&report), [Code::HostRestoreSize]);
}
