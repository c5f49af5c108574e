//! What has to hold for everything that is shown, whatever names the input bears.

use xenspect_report::human::Style;

/// For people: on a wide terminal, and on a narrow one without more than ASCII, with everything.
pub(crate) fn styles() -> [Style; 2] {
    [
        Style::default(),
        Style {
            width: 60,
            unicode: false,
            verbose: true,
            ..Style::default()
        },
    ]
}

/// A page for people: harmless, and no line wider than the style has it.
pub(crate) fn check_page(page: Vec<u8>, style: &Style) {
    let text = harmless(page);
    assert!(style.unicode || text.is_ascii(), "not ASCII: {text}");
    for line in text.lines() {
        let columns = xenspect_report::text::columns(line);
        assert!(columns <= style.width, "{columns} columns: {line}");
    }
}

/// A document for programs: harmless, and JSON.
pub(crate) fn check_json(document: Vec<u8>) -> serde_json::Value {
    serde_json::from_str(&harmless(document)).expect("what is said to be JSON is JSON")
}

/// The text, if it has nothing that a terminal acts on.
pub(crate) fn harmless(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).expect("everything shown is UTF-8");
    let acted_on = |c: char| {
        c.is_control() && !matches!(c, '\n')
            || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(c) = text.chars().find(|&c| acted_on(c)) {
        panic!("{c:?} is shown as it is");
    }
    text
}
