//! Two inputs compared: what is on the page and in Markdown.

use xenspect_model::diff::{Change, Group, ObjectChange, ObjectRole, Shown};
use xenspect_report::human::Style;

use crate::sample::{changed, disk, group, rich, same, value};
use crate::{page, table};

#[test]
fn nothing_differs() {
    insta::assert_snapshot!(page(&same(), &Style::default(), false));
}

#[test]
fn a_page_of_everything() {
    insta::assert_snapshot!(page(&rich("web01"), &Style::default(), true));
}

#[test]
fn markdown_of_everything() {
    insta::assert_snapshot!(table(&rich("web01")));
}

#[test]
fn what_a_meaning_tells_is_left_out_unless_verbose() {
    let report = rich("web01");
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let told = "name_label: \"web01 old\" -> web01";
    assert!(!page(&report, &Style::default(), false).contains(told));
    assert!(!table(&report).contains(told));
    assert!(page(&report, &verbose, false).contains(told));
}

#[test]
fn long_lists_are_cut_with_the_way_to_see_all() {
    let fields = |n: i64| (0..n).map(|n| value("f", Shown::Number(n), Shown::Number(-n - 1)));
    let mut report = same();
    report.same = false;
    let objects = (0..25).map(|n| changed("VM", &format!("vm{n}"), fields(11).collect()));
    report.groups = vec![group(Group::Vms, objects.collect())];
    report.disks = vec![disk("d", Change::Changed); 45];
    let short = page(&report, &Style::default(), false);
    assert!(
        short.contains("VM \"vm19\"") && !short.contains("VM \"vm20\""),
        "{short}"
    );
    for more in [
        "and 5 more changed (--verbose lists all)",
        "and 3 more fields (--verbose lists all)",
        "and 5 more disks (--verbose lists all)",
        "--blocks shows which parts",
    ] {
        assert!(short.contains(more), "{more}: {short}");
    }
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let long = page(&report, &verbose, true);
    assert!(
        long.contains("VM \"vm24\"") && !long.contains("--verbose"),
        "{long}"
    );
    assert!(long.contains("VM_metrics.last_updated 312"), "{long}");
    let table = table(&report);
    assert!(
        table.contains("VM \"vm24\"") && !table.contains("--verbose"),
        "{table}"
    );
}

#[test]
fn templates_stand_behind_vms() {
    let vm = |title: &str, role| ObjectChange {
        change: Change::Added,
        role,
        ..changed("VM", title, Vec::new())
    };
    let mut report = same();
    let mut objects: Vec<_> = (0..30)
        .map(|n| vm(&format!("Template {n}"), Some(ObjectRole::Template)))
        .collect();
    objects.push(vm("web01", None));
    report.groups = vec![group(Group::Vms, objects)];
    let shown = page(&report, &Style::default(), false);
    let place = |name: &str| shown.find(name).expect(name);
    assert!(
        place("VM \"web01\"") < place("VM template \"Template 0\""),
        "{shown}"
    );
}

#[test]
fn templates_of_the_product_are_counted() {
    let mut report = same();
    let objects = (0..3).map(|n| ObjectChange {
        change: Change::Removed,
        role: Some(ObjectRole::DefaultTemplate),
        ..changed("VM", &format!("OS {n}"), Vec::new())
    });
    report.groups = vec![group(Group::Vms, objects.collect())];
    let shown = page(&report, &Style::default(), false);
    assert!(
        shown.contains("\n  - 3 default templates (--verbose lists all)\n"),
        "{shown}"
    );
    assert!(!shown.contains("OS 1"), "{shown}");
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let shown = page(&report, &verbose, false);
    assert!(shown.contains("- default template \"OS 1\""), "{shown}");
}

#[test]
fn what_a_group_is_called_after_stands_first() {
    let mut report = same();
    let mut objects: Vec<_> = (0..30)
        .map(|n| changed("PBD", &format!("p{n}"), Vec::new()))
        .collect();
    objects.push(changed("SR", "local", Vec::new()));
    report.groups = vec![group(Group::Srs, objects)];
    let shown = page(&report, &Style::default(), false);
    let place = |name: &str| shown.find(name).expect(name);
    assert!(place("SR \"local\"") < place("PBD \"p0\""), "{shown}");
}

#[test]
fn ranges_are_shown_where_they_are_asked_for() {
    let report = rich("web01");
    let range = "~ offset 0 length 2097152 (2 MiB) changed";
    assert!(!page(&report, &Style::default(), false).contains(range));
    assert!(page(&report, &Style::default(), true).contains(range));
}

#[test]
fn colours_are_those_of_the_signs() {
    let style = Style {
        color: true,
        ..Style::default()
    };
    let shown = page(&rich("web01"), &style, false);
    for line in [
        "\u{1b}[31m- VM \"gone01\"",
        "\u{1b}[32m+ VM \"web01\"",
        "\u{1b}[33m~ VM \"web01\"",
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
}

#[test]
fn without_colour_the_text_is_the_same() {
    let style = Style {
        color: true,
        ..Style::default()
    };
    let report = rich("web01");
    let mut coloured = page(&report, &style, true);
    while let Some(start) = coloured.find('\u{1b}') {
        let end = coloured[start..].find('m').expect("an end") + start;
        coloured.replace_range(start..=end, "");
    }
    assert_eq!(coloured, page(&report, &Style::default(), true));
}
