//! A series: when something was seen, and when it went.

use xenspect_report::human::Style;

use crate::sample::series;
use crate::{series_page, series_table};

#[test]
fn a_page_of_a_series() {
    insta::assert_snapshot!(series_page(&series("web01"), &Style::default()));
}

#[test]
fn markdown_of_a_series() {
    insta::assert_snapshot!(series_table(&series("web01")));
}

#[test]
fn what_went_is_first_and_says_when() {
    // More than a page shows, and the one that went is the last of them.
    let mut report = series("web01");
    let stays = report.tracks[0].clone();
    let lost = report.tracks[2].clone();
    report.tracks = vec![stays; 60];
    report.tracks.push(lost);
    for shown in [
        series_page(&report, &Style::default()),
        series_table(&report),
    ] {
        assert!(
            shown.contains("last seen in 2 (2026-01-02), gone in 3"),
            "{shown}"
        );
        let place = |name: &str| shown.find(name).expect(name);
        assert!(place("VM \"lost\"") < place("VM \"web01\""), "{shown}");
    }
    assert!(series_page(&report, &Style::default()).contains("and 21 more (--verbose lists all)"));
}

#[test]
fn a_page_does_without_the_folder_that_all_share() {
    for (paths, shown) in [
        (["/a/b/1.xml", "/a/b/2.xml"], ["1.xml", "2.xml"]),
        (["/a/b/1.xml", "/a/c/2.xml"], ["b/1.xml", "c/2.xml"]),
        (["a/1.xml", "2.xml"], ["a/1.xml", "2.xml"]),
        (["-", "a/2.xml"], ["-", "a/2.xml"]),
        (["/é/1", "/è/1"], ["é/1", "è/1"]),
        (["a//b", "a/b"], ["/b", "b"]),
        (["a/", "a/"], ["", ""]),
    ] {
        let mut report = series("web01");
        report.inputs.truncate(2);
        for (input, path) in report.inputs.iter_mut().zip(paths) {
            input.path = path.to_owned();
        }
        let page = series_page(&report, &Style::default());
        let table = series_table(&report);
        for (path, shown) in paths.into_iter().zip(shown) {
            assert!(page.contains(&format!("  {shown}")), "{page}");
            assert!(!shown.starts_with('b') || !page.contains("/a/b"), "{page}");
            assert!(table.contains(&format!("| {path} |")), "{table}");
        }
    }
}

#[test]
fn what_was_away_is_said_to_have_come_back() {
    let shown = series_page(&series("web01"), &Style::default());
    assert!(
        shown.contains("was not there in 2 (2026-01-02), 3, and came back"),
        "{shown}"
    );
}
