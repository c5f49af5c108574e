//! Texts of inputs act on nothing, and no line is wider than asked for.

use xenspect_report::human::Style;
use xenspect_report::text::columns;

use crate::sample::{rich, series};
use crate::{document, page, series_document, series_page, series_table, table};

/// A name made to deceive terminals, Markdown and HTML.
const EVIL: &str = "\u{1b}[2Jweb|`````x`\u{202e}<b>\n# h\n```\n+ VM \"fake\"\u{9b}1m";

#[test]
fn no_line_is_wider_than_asked_for() {
    for name in ["web", EVIL, &"a long name ".repeat(20), &"x".repeat(3000)] {
        for (width, verbose) in [(60, false), (80, false), (80, true), (120, true)] {
            let style = Style {
                width,
                verbose,
                ..Style::default()
            };
            let pages = [
                page(&rich(name), &style, true),
                series_page(&series(name), &style),
            ];
            for line in pages.iter().flat_map(|page| page.lines()) {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn a_page_shows_no_more_of_a_long_name_than_can_be_read() {
    let name = "x".repeat(1 << 20);
    let shown = page(&rich(&name), &Style::default(), true);
    assert!(shown.len() < 40_000, "{}", shown.len());
}

#[test]
fn names_act_on_no_terminal() {
    for unicode in [true, false] {
        let style = Style {
            unicode,
            verbose: true,
            ..Style::default()
        };
        let shown = [
            page(&rich(EVIL), &style, true),
            series_page(&series(EVIL), &style),
        ];
        for shown in shown {
            assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{shown}");
            assert!(unicode || shown.is_ascii(), "{shown}");
            // A line of a name does not look like one of ours: a long text alone has lines, and they keep their sign.
            let fakes = shown
                .lines()
                .filter(|line| line.starts_with("  + VM \"fake\""));
            assert_eq!(fakes.count(), 0, "{shown}");
        }
    }
}

#[test]
fn names_mean_nothing_in_markdown() {
    for shown in [table(&rich(EVIL)), series_table(&series(EVIL))] {
        assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{shown}");
        let mut fence: Option<&str> = None;
        for line in shown.lines() {
            match fence {
                Some(open) if line == open => fence = None,
                // Shorter ones do not close it.
                Some(open) => assert!(!line.starts_with(open), "{line}"),
                None if line.starts_with("```") => {
                    assert!(line.ends_with("diff"), "{line}");
                    fence = Some(line.trim_end_matches("diff"));
                }
                None => {
                    assert!(!line.contains("<b>") && !line.starts_with("# h"), "{line}");
                    let bars = line.matches('|').count() - line.matches("\\|").count();
                    assert!(
                        !line.starts_with('|') || line.ends_with('|') && bars > 2,
                        "{line}"
                    );
                }
            }
        }
        assert!(fence.is_none(), "{shown}");
    }
    assert!(table(&rich(EVIL)).contains("\n``````diff\n"));
}

#[test]
fn documents_act_on_no_terminal() {
    for shown in [document(&rich(EVIL)), series_document(&series(EVIL))] {
        let acts =
            |c: char| (c.is_control() && c != '\n') || ('\u{200b}'..='\u{206f}').contains(&c);
        assert!(!shown.contains(acts), "{shown}");
    }
}
