//! Pages of comparisons: their parts, and that no text of an input becomes markup.

use xenspect_report::diff::html;

use crate::{sample, text};

#[test]
fn a_page_has_its_tables() {
    let page = text(|w| html::write(&sample::rich("web"), true, w));
    for part in [
        "<h2>Blocks</h2>",
        "<h2>Inputs</h2>",
        "class=\"changes\"",
        "<h2>Files (",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let page = text(|w| html::write_series(&sample::series("web"), w));
    assert!(page.contains("last seen"));
    let page = text(|w| html::write(&sample::same(), false, w));
    assert!(page.contains("tag good\">SAME</span>"));
}

#[test]
fn no_text_becomes_markup() {
    let pages = |name: &str| {
        [
            text(|w| html::write(&sample::rich(name), true, w)),
            text(|w| html::write_series(&sample::series(name), w)),
        ]
    };
    let tags = |page: &String| page.matches('<').count();
    let expected = pages("web").map(|page| tags(&page));
    for name in [
        "<script>alert(1)</script>",
        "\" onload=\"x",
        "</title><b>",
        "\u{202e}\u{1b}[2J",
    ] {
        let shown = pages(name);
        assert_eq!(shown.each_ref().map(tags), expected, "{name}");
        for page in shown {
            assert!(!page.contains("<script") && !page.contains("<b>"));
            assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
        }
    }
}
