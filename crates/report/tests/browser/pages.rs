//! The pages that a browser is shown.

use xenspect_model::catalog::{BlockMap, BlockState};
use xenspect_model::report::{Disk, DiskMap, Report};
use xenspect_report::{diff, html, preflight};

use crate::{changes, preflight_sample, sample};

/// A name that is markup, closes what it stands in, and hides.
pub(crate) const EVIL: &str = "</title><script>alert(1)</script>\"onload=\"alert(2)\u{202e}<img src=http://127.0.0.1:1/ onerror=alert(3)>";

/// A disk of two TiB with something of everything.
fn large_disk() -> Disk {
    let mut map = BlockMap::default();
    for part in 0..128u64 {
        let start = part << 34;
        map.put_run(BlockState::Present, start, 9_000 + part * 7);
        map.put_run(BlockState::Absent, start + (10 << 30), 6_000);
    }
    map.put_run(BlockState::Zero, 300 << 30, 40_960);
    map.put_run(BlockState::Unchecked, 700 << 30, 81_920);
    map.put(BlockState::Bad, 3 << 30);
    map.put_run(BlockState::Bad, 1100 << 30, 3);
    map.put(BlockState::Doubled, 1300 << 30);
    map.put_run(BlockState::Missing, 1990 << 30, 59_392);
    Disk {
        id: "Ref:4".to_owned(),
        name: Some("archive of the accounts department".to_owned()),
        device: Some("1".to_owned()),
        virtual_size: Some(2 << 40),
        reached: 1990 << 30,
        stored: 1 << 40,
        blocks: 1 << 20,
        bad: 4,
        good: (1 << 20) - 4,
        sums: vec!["XXH64".to_owned()],
        map: Some(DiskMap::of(&map)),
        ..Disk::default()
    }
}

fn verify(report: &Report) -> Vec<u8> {
    let mut page = Vec::new();
    html::write(report, &mut page).expect("a Vec takes everything");
    page
}

fn store() -> Report {
    let inputs = (0..200).map(|index| {
        let mut input = match index % 50 {
            7 => sample::damaged(),
            21 => sample::truncated(),
            33 => sample::suspect(),
            _ => sample::sound(),
        };
        input.path = format!("/mnt/nas/xen/2026-11-27/vm{index:03}.xva");
        input
    });
    sample::report(inputs.collect())
}

fn hostile() -> Report {
    let mut input = sample::damaged();
    input.path = EVIL.to_owned();
    for vm in &mut input.vms {
        vm.name = EVIL.to_owned();
    }
    for disk in &mut input.disks {
        (disk.name, disk.id) = (Some(EVIL.to_owned()), EVIL.to_owned());
    }
    for finding in &mut input.findings {
        finding.advice = Some(EVIL.to_owned());
        finding.place.object = Some("x".repeat(300));
    }
    input.disks.push(large_disk());
    if let Some(disk) = input.disks.last_mut() {
        disk.name = Some(EVIL.to_owned());
    }
    sample::report(vec![
        input,
        sample::hostile(),
        sample::host_backup_damaged(),
    ])
}

/// All pages with their names.
pub(crate) fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut damaged = sample::damaged();
    damaged.disks.push(large_disk());
    let written = |write: &dyn Fn(&mut Vec<u8>) -> std::io::Result<()>| {
        let mut page = Vec::new();
        write(&mut page).expect("a Vec takes everything");
        page
    };
    vec![
        ("verify", verify(&sample::report(vec![damaged]))),
        ("store", verify(&store())),
        ("hostile", verify(&hostile())),
        (
            "preflight",
            written(&|w| preflight::html::write(&preflight_sample::rich("web01"), w)),
        ),
        (
            "preflight-hostile",
            written(&|w| preflight::html::write(&preflight_sample::rich(EVIL), w)),
        ),
        (
            "diff",
            written(&|w| diff::html::write(&changes::rich("web01"), true, w)),
        ),
        (
            "diff-hostile",
            written(&|w| diff::html::write(&changes::rich(EVIL), true, w)),
        ),
        (
            "series",
            written(&|w| diff::html::write_series(&changes::series("web01"), w)),
        ),
    ]
}
