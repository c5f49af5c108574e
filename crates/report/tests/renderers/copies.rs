//! Two copies compared, and a whole store, for people.

use xenspect_model::Range;
use xenspect_model::report::{
    Against, AgainstState, Carries, Difference, DifferingRange, Input, Left, LeftReason,
};
use xenspect_report::human::Style;
use xenspect_report::text::columns;

use crate::human::render;
use crate::sample::{self, MIB};

fn range(number: u64, members: u64, differs: Difference, right: Carries) -> DifferingRange {
    let at = |missing| {
        (differs != missing).then_some(Range {
            start: 5632 + number * (MIB + 1536),
            length: members * (MIB + 1536),
        })
    };
    DifferingRange {
        first: format!("Ref:4/{number:08}"),
        last: (members > 1).then(|| format!("Ref:4/{:08}", number + members - 1)),
        members,
        differs,
        here: at(Difference::OnlyThere),
        there: at(Difference::OnlyHere),
        disk: Some("Ref:4".to_owned()),
        disk_range: None,
        right,
    }
}

fn against(state: AgainstState, ranges: Vec<DifferingRange>) -> Input {
    let mut input = sample::sound();
    input.copy.against = Some(Box::new(Against {
        path: "/mnt/nas2/xen/web01.xva".to_owned(),
        state,
        same: 15_100,
        different: 2,
        only_here: 0,
        only_there: 200,
        moved: 0,
        not_compared: 0,
        ranges,
        ranges_more: 0,
    }));
    input
}

fn shown(input: Input, style: &Style) -> String {
    let shown = render(&sample::report(vec![input]), style);
    assert_fits(&shown);
    shown
}

#[track_caller]
fn assert_fits(shown: &str) {
    for line in shown.lines() {
        assert!(columns(line) <= 80, "{line}");
        assert_eq!(line.trim_end(), line);
    }
}

#[test]
fn against_another_copy() {
    use Difference::{Contents, OnlyHere, OnlyThere};
    let ranges = vec![
        range(17, 1, Contents, Carries::There),
        range(2_000_000, 200, OnlyThere, Carries::There),
        range(3_000_000, 1, OnlyHere, Carries::Here),
    ];
    let input = against(AgainstState::OneIsRight, ranges);
    insta::assert_snapshot!(shown(input, &Style::default()));
}

#[test]
fn a_page_has_the_places_as_a_table() {
    let ranges = vec![range(17, 1, Difference::Contents, Carries::Here)];
    let report = sample::report(vec![against(AgainstState::OneIsRight, ranges)]);
    let mut page = Vec::new();
    xenspect_report::html::write(&report, &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(
        page.contains("<h3>Differences to the other copy</h3>"),
        "{page}"
    );
    assert!(page.contains(">Ref:4/00000017</td>"), "{page}");
    assert_eq!(page.matches("<dt>against</dt>").count(), 1);
}

#[test]
fn against_a_copy_that_is_the_same() {
    let shown = shown(against(AgainstState::Same, Vec::new()), &Style::default());
    assert!(
        shown.contains("  against      /mnt/nas2/xen/web01.xva: all 15,100 members are the same\n"),
        "{shown}"
    );
}

#[test]
fn against_another_archive_the_places_are_of_no_use() {
    let ranges = vec![range(17, 1, Difference::Contents, Carries::Both)];
    let input = against(AgainstState::OtherArchive, ranges);
    let brief = shown(input.clone(), &Style::default());
    assert!(!brief.contains("offset there"), "{brief}");
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    assert!(shown(input, &verbose).contains("offset there"));
}

#[test]
fn ten_ranges_are_shown_and_names_are_hostile() {
    let mut ranges: Vec<_> = (0..30)
        .map(|number| range(number * 2, 1, Difference::Contents, Carries::Untold))
        .collect();
    ranges[1].first = format!("\u{1b}[2J\u{202e}{}/x", "long".repeat(40));
    let mut input = against(AgainstState::Undecided, ranges);
    input.copy.against.as_mut().unwrap().ranges_more = 7;
    let shown = shown(input, &Style::default());
    assert!(shown.contains("… and 20 more (--verbose lists all, JSON has them)"));
    assert!(shown.contains("… and 7 more that were only counted"));
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'));
}

fn store(inputs: usize) -> Vec<Input> {
    let named = |index: usize| {
        let mut input = match index {
            5 => sample::truncated(),
            9 => sample::unreadable(),
            12 => sample::suspect(),
            3 => sample::pool_database(),
            4 => sample::host_backup(),
            _ => sample::sound(),
        };
        let name = match index {
            6 => "very-long-name-of-a-virtual-machine-that-somebody-chose-2026-11-01T02-00.xva",
            _ => "web01.xva",
        };
        input.path = format!("/srv/backups/2026-11/{index:03}/{name}");
        input.bytes += index as u64 * 12_345;
        input
    };
    (0..inputs).map(named).collect()
}

fn left(path: &str, reason: LeftReason, detail: &str) -> Left {
    Left {
        below: None,
        path: path.to_owned(),
        reason,
        detail: detail.to_owned(),
    }
}

#[test]
fn a_whole_store() {
    let mut report = sample::report(store(24));
    report.left = vec![
        left(
            "/srv/backups/a.xva",
            LeftReason::VerifiedRecently,
            "sound 3 days ago",
        ),
        left(
            "/srv/backups/b.xva",
            LeftReason::StillGrowing,
            "grew by 1 MiB",
        ),
    ];
    for number in 0..5 {
        let path = format!("/srv/backups/c{number}.xva.gz");
        report
            .left
            .push(left(&path, LeftReason::NotInSample, "7 of 7"));
    }
    let shown = render(&report, &Style::default());
    assert_fits(&shown);
    insta::assert_snapshot!(shown);
}

#[test]
fn a_store_has_a_line_for_each_sound_one_and_everything_of_the_others() {
    let shown = render(&sample::report(store(24)), &Style::default());
    let lines = shown.lines().filter(|line| line.starts_with("  sound  "));
    assert_eq!(lines.count(), 21 - 1);
    assert!(
        shown.contains("TRUNCATED") || shown.contains("INCOMPLETE"),
        "{shown}"
    );
    // With everything asked for, all are shown in full.
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let shown = render(&sample::report(store(24)), &verbose);
    assert!(shown.lines().all(|line| !line.starts_with("  sound  ")));
    assert_eq!(shown.matches("  SOUND\n").count(), 20);
}

#[test]
fn nothing_but_inputs_that_were_left() {
    let mut report = sample::report(Vec::new());
    report.left = vec![left(
        "a.xva",
        LeftReason::VerifiedRecently,
        "sound 3 days ago",
    )];
    assert_eq!(
        render(&report, &Style::default()),
        "  left         1 input verified a short while ago: a.xva (sound 3 days ago)\n\n\
         0 inputs; 1 left for the next run\n"
    );
}

#[test]
fn a_store_of_thousands_is_cut() {
    let inputs = (0..5000).map(|index| {
        let mut input = sample::sound();
        input.path = format!("/srv/{index:05}.xva");
        input
    });
    let shown = render(&sample::report(inputs.collect()), &Style::default());
    assert!(shown.contains("  … and 4,000 more (--verbose lists all, JSON has them)\n"));
    assert!(shown.lines().count() < 1020);
}

#[test]
fn hostile_paths_of_a_store() {
    let mut inputs = store(24);
    for (index, input) in inputs.iter_mut().enumerate() {
        input.path = format!(
            "/srv/\u{1b}[2J{}/\u{202e}e\u{301}{index}",
            "日本".repeat(index * 3)
        );
        if let [vm] = &mut input.vms[..] {
            vm.name = "日本語のディスク\u{7}".repeat(3);
        }
    }
    for unicode in [true, false] {
        for width in [60, 80, 120] {
            let style = Style {
                unicode,
                width,
                ..Style::default()
            };
            let shown = render(&sample::report(inputs.clone()), &style);
            for line in shown.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
                assert!(unicode || line.is_ascii());
            }
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']));
        }
    }
}
