//! The report for people.

use xenspect_model::report::{Formatted, Input, Report, RestoreAnswer, StageAnswer};
use xenspect_model::{Code, Finding};
use xenspect_report::explain::explain;
use xenspect_report::human::{self, Style};

use crate::sample;

pub(crate) fn render(report: &Report, style: &Style) -> String {
    let mut shown = Vec::new();
    human::write(report, style, &mut shown).expect("a Vec takes everything");
    String::from_utf8(shown).expect("reports are UTF-8")
}

fn shown(inputs: Vec<Input>) -> String {
    render(&sample::report(inputs), &Style::default())
}

#[test]
fn sound() {
    insta::assert_snapshot!(shown(vec![sample::sound()]));
}

#[test]
fn suspect() {
    insta::assert_snapshot!(shown(vec![sample::suspect()]));
}

#[test]
fn damaged_with_fifty_bad_blocks() {
    insta::assert_snapshot!(shown(vec![sample::damaged()]));
}

#[test]
fn incomplete() {
    insta::assert_snapshot!(shown(vec![sample::truncated()]));
}

#[test]
fn accepted_with_force_only() {
    insta::assert_snapshot!(shown(vec![sample::forced()]));
}

#[test]
fn unreadable() {
    insta::assert_snapshot!(shown(vec![sample::unreadable()]));
}

#[test]
fn metadata_of_a_pool() {
    insta::assert_snapshot!(shown(vec![sample::metadata()]));
}

#[test]
fn pool_database() {
    insta::assert_snapshot!(shown(vec![sample::pool_database()]));
}

#[test]
fn redo_log() {
    insta::assert_snapshot!(shown(vec![sample::redo_log()]));
}

#[test]
fn host_backup() {
    insta::assert_snapshot!(shown(vec![sample::host_backup()]));
}

#[test]
fn host_backup_damaged() {
    insta::assert_snapshot!(shown(vec![sample::host_backup_damaged()]));
}

#[test]
fn host_backup_cut() {
    insta::assert_snapshot!(shown(vec![sample::host_backup_cut()]));
}

#[test]
fn answers_of_a_restore() {
    use RestoreAnswer::{Accepted, NotListed, Refused, Stops, Unknown};
    let (spare, root) = (Formatted::SparePartition, Formatted::RootAndEfi);
    let stage = |answer, code, formatted, only_on: Option<&str>| StageAnswer {
        answer,
        code,
        formatted,
        only_on: only_on.map(str::to_owned),
        ..StageAnswer::default()
    };
    let style = Style {
        width: 400,
        ..Style::default()
    };
    for (host_restore, installer, first, second) in [
        (
            stage(Accepted, Some(Code::HostInventoryShell), None, None),
            stage(Accepted, Some(Code::HostInventoryKey), None, None),
            "would be accepted, and run what is in the inventory as root (host/inventory-shell)",
            "would list it and restore it; xapi would not start on it (host/inventory-key-missing)",
        ),
        (
            stage(
                Refused,
                Some(Code::HostLayout),
                Some(spare),
                Some("hosts of 8.0 and later"),
            ),
            stage(
                NotListed,
                Some(Code::HostLayout),
                Some(spare),
                Some("installers of 7.0 and later"),
            ),
            "would be refused on hosts of 8.0 and later (host/old-layout); formatted by then: the spare partition",
            "installers of 7.0 and later would not list it (host/old-layout); formatted by then: the spare partition",
        ),
        (
            stage(Unknown, None, None, None),
            stage(Unknown, None, None, None),
            "cannot be told from what was read",
            "cannot be told from what was read",
        ),
        (
            stage(Accepted, None, None, None),
            stage(Stops, Some(Code::HostFstab), Some(root), None),
            "would be accepted; it formats the spare partition and unpacks there",
            "would list it, and fail while it restores (host/fstab-line); formatted by then: the root and the EFI \
             partition",
        ),
        (
            stage(Accepted, None, None, None),
            stage(
                Accepted,
                Some(Code::HostFstab),
                None,
                Some("installers up to that of 8.2"),
            ),
            "would be accepted; it formats the spare partition and unpacks there",
            "would list it and restore it; installers up to that of 8.2 only (host/fstab-line)",
        ),
    ] {
        let mut input = sample::host_backup();
        let host = input.host.as_mut().expect("it is of a host");
        (host.host_restore, host.installer) = (host_restore, installer);
        let shown = render(&sample::report(vec![input]), &style);
        let lines = [
            format!("  host-restore {first}"),
            format!("  installer    {second}"),
        ];
        for line in lines {
            assert!(shown.lines().any(|shown| *shown == line), "{line}\n{shown}");
        }
    }
}

#[test]
fn a_host_backup_among_others() {
    let shown = shown(vec![sample::host_backup(), sample::sound()]);
    let line = "  content      XCP-ng 8.3.0, host backup, gzip, 870.4 MiB";
    assert!(shown.lines().any(|shown| shown == line), "{shown}");
}

#[test]
fn several_inputs() {
    let mut other = sample::sound();
    other.path = "/mnt/nas/xen/web03.xva".to_owned();
    insta::assert_snapshot!(shown(vec![
        sample::sound(),
        other,
        sample::truncated(),
        sample::unreadable(),
        sample::sound(),
    ]));
}

#[test]
fn hostile_names() {
    let shown = shown(vec![sample::hostile()]);
    let raw = |c: char| c.is_control() && c != '\n';
    assert!(!shown.contains(raw), "{shown:?}");
    for c in ['\u{202e}', '\u{2066}', '\u{2069}', '\u{200b}', '\u{2028}'] {
        assert!(!shown.contains(c), "{c:?} in {shown}");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn ascii_only() {
    let style = Style {
        unicode: false,
        ..Style::default()
    };
    let shown = render(
        &sample::report(vec![sample::damaged(), sample::hostile()]),
        &style,
    );
    assert!(shown.is_ascii(), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn narrow() {
    let style = Style {
        width: 60,
        ..Style::default()
    };
    insta::assert_snapshot!(render(&sample::report(vec![sample::damaged()]), &style));
}

#[test]
fn verbose_shows_every_place() {
    let style = Style {
        verbose: true,
        ..Style::default()
    };
    let mut input = sample::damaged();
    let shown = render(&sample::report(vec![input.clone()]), &style);
    for finding in &input.findings[..50] {
        let offset = finding.place.offset.expect("blocks have offsets");
        assert!(
            shown.contains(&format!("offset {offset} ({offset:#x})")),
            "{offset}"
        );
    }
    input.findings.truncate(2);
    insta::assert_snapshot!(render(&sample::report(vec![input]), &style));
}

#[test]
fn colour_only_adds_sequences() {
    let report = sample::report(vec![
        sample::sound(),
        sample::damaged(),
        sample::unreadable(),
    ]);
    let plain = render(&report, &Style::default());
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let coloured = render(
        &report,
        &Style {
            color: true,
            ..Style::default()
        },
    );
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[31mDAMAGED\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[31m50\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[31mMISSING\u{1b}[0m"),
        "{coloured:?}"
    );
    assert_eq!(without_sequences(&coloured), plain);
}

#[test]
fn groups_stand_worst_first_then_in_archive_order() {
    let mut input = sample::sound();
    input.findings = [
        Code::ChecksumSha1,
        Code::TarTrailingData,
        Code::DiskMissing,
        Code::TarEndMissing,
        Code::BlockChecksum,
        Code::DiskMissing,
    ]
    .map(Finding::new)
    .to_vec();
    let shown = shown(vec![input]);
    let heads: Vec<&str> = shown
        .lines()
        .filter_map(|line| line.trim_start().split_once(':'))
        .map(|(head, _)| head)
        .filter(|head| head.contains('/'))
        .collect();
    assert_eq!(
        heads,
        [
            "error xva/disk-missing",
            "error xva/block-checksum-mismatch",
            "warning tar/trailing-data",
            "warning tar/end-missing",
            "note xva/checksum-sha1-only",
        ]
    );
}

#[test]
fn what_was_only_counted_is_said() {
    let mut input = sample::damaged();
    input.omitted.insert(Code::BlockChecksum, 1_950);
    let shown = shown(vec![input]);
    assert!(shown.contains("checksum (2,000)\n"), "{shown}");
    assert!(
        shown.contains("    … and 40 more (--verbose lists all, JSON has them)\n"),
        "{shown}"
    );
    assert!(
        shown.contains("    … and 1,950 more that were only counted\n"),
        "{shown}"
    );
    assert!(
        shown.contains("a block has no checksum (1,200)\n    … 1,200, only counted\n"),
        "{shown}"
    );
}

#[test]
fn advice_is_given_once_per_input() {
    let shown = shown(vec![sample::truncated()]);
    let advice = Code::EnvelopeTruncated.entry().advice;
    let begin: String = advice.chars().take(30).collect();
    assert_eq!(Code::TruncatedInBlock.entry().advice, advice);
    assert_eq!(shown.matches(&begin).count(), 1, "{shown}");
    assert_eq!(shown.matches("as for ").count(), 1, "{shown}");
}

#[test]
fn explained() {
    let mut shown = Vec::new();
    explain(Code::BlockChecksum, &Style::default(), &mut shown).expect("a Vec takes everything");
    insta::assert_snapshot!(String::from_utf8(shown).expect("texts are UTF-8"));
}

#[test]
fn explanations_keep_to_the_width() {
    for &code in Code::ALL {
        let mut shown = Vec::new();
        let style = Style {
            width: 60,
            unicode: false,
            ..Style::default()
        };
        explain(code, &style, &mut shown).expect("a Vec takes everything");
        let shown = String::from_utf8(shown).expect("texts are UTF-8");
        assert!(shown.lines().all(|line| line.len() <= 60), "{shown}");
        assert!(
            !shown.contains("\\u{"),
            "the table goes beyond ASCII: {shown}"
        );
    }
}

/// The text without the sequences that set a colour.
fn without_sequences(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}
