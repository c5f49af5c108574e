//! Values by table. The vectors of the shared data are in `tests/vectors.rs`.

use std::borrow::Cow;

use super::sexpr::{self, MAX_DEPTH, Sexpr, SexprError};
use super::{Protection, Raw, escape, protect, unprotect};

#[test]
fn nothing_is_copied_without_need() {
    for text in ["", "plain", "OpaqueRef:1", "('a' 'b')", "é日本"] {
        assert!(matches!(unprotect(text), Cow::Borrowed(_)), "{text}");
        assert!(
            matches!(protect(text, Protection::SpacePairs), Cow::Borrowed(_)),
            "{text}"
        );
        assert!(matches!(escape(text), Cow::Borrowed(_)), "{text}");
        assert!(
            matches!(Raw::new(text.as_bytes()).text(), Cow::Borrowed(_)),
            "{text}"
        );
    }
    assert!(matches!(
        &sexpr::decode_set("('a' 'b')").unwrap()[0],
        Cow::Borrowed("a")
    ));
}

#[test]
fn old_style_protects_pairs_only() {
    for (raw, protected) in [
        (" ", " "),
        ("  ", "%_"),
        ("   ", "%_ "),
        ("    ", "%_%_"),
        ("a b", "a b"),
        ("\t \n", "%t %n"),
        ("%", "%%"),
    ] {
        assert_eq!(protect(raw, Protection::SpacePairs), protected);
        assert_eq!(unprotect(protected), raw);
    }
}

#[test]
fn references_are_resolved_and_entities_stay() {
    for (raw, text) in [
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
        ("&#65;&#x42;&#x1F600;", "AB\u{1F600}"),
        ("&#10;", "\n"),
        (
            "&#0;&#xD800;&#x110000;&#;&#-1;",
            "&#0;&#xD800;&#x110000;&#;&#-1;",
        ),
        ("&xxe;&lt;", "&xxe;<"),
        ("a & b", "a & b"),
        ("&", "&"),
        ("&lt", "&lt"),
        ("&amp;lt;", "&lt;"),
        ("&&&lt;", "&&<"),
        ("a\r\nb\tc\rd", "a b c d"),
        ("%n&amp;%.", "\n& "),
    ] {
        assert_eq!(Raw::new(raw.as_bytes()).text(), text, "{raw}");
        assert!(Raw::new(raw.as_bytes()).is(text), "{raw}");
    }
    assert_eq!(Raw::new(b"a\xFF&lt;").text(), "a\u{FFFD}<");
    assert!(!Raw::new(b"%.").is("%."));
}

#[test]
fn control_characters_are_replaced_as_the_writer_does() {
    assert_eq!(escape("a\u{1}b\u{FFFE}"), "a\u{FFFD}b\u{FFFD}");
    assert_eq!(escape("\t'"), "\t'");
}

#[test]
fn the_longest_token_wins() {
    let symbol = |text| Ok(Sexpr::Symbol(text));
    let string = |text: &'static str| Ok(Sexpr::String(text.into()));
    for (text, read) in [
        ("'a'b", symbol("'a'b")),
        ("'a'", string("a")),
        ("'a b'c", string("a b")),
        ("'open", symbol("'open")),
        ("'", symbol("'")),
        ("\r\nx", symbol("x")),
        ("\rx", symbol("\rx")),
        (";x", symbol(";x")),
        (";x\n'y'", string("y")),
        ("a;b\n", symbol("a;b")),
        ("\"q", Err(SexprError::UnclosedQuote)),
        ("\"a\\\"b\"", string("a\"b")),
        ("'\\", symbol("'\\")),
        (")", Err(SexprError::UnexpectedClose)),
        ("  ", Err(SexprError::Unfinished)),
    ] {
        assert_eq!(sexpr::parse(text), read, "{text:?}");
    }
}

#[test]
fn sets_and_maps_take_quoted_strings_only() {
    assert_eq!(sexpr::decode_set("(a)"), Err(SexprError::NotASet));
    assert_eq!(sexpr::decode_set("'a'"), Err(SexprError::NotASet));
    assert_eq!(sexpr::decode_set("(('a'))"), Err(SexprError::NotASet));
    assert_eq!(sexpr::decode_set(""), Err(SexprError::Unfinished));
    assert_eq!(sexpr::decode_set("('a'"), Err(SexprError::Unfinished));
    assert_eq!(sexpr::decode_map("('a' 'b')"), Err(SexprError::NotAMap));
    assert_eq!(sexpr::decode_map("(('a'))"), Err(SexprError::NotAMap));
    assert_eq!(
        sexpr::decode_map("(('a' 'b' 'c'))"),
        Err(SexprError::NotAMap)
    );
    assert_eq!(sexpr::decode_map("(('a' b))"), Err(SexprError::NotAMap));
    assert_eq!(
        sexpr::decode_map("((\"k\" \"v\"))").unwrap(),
        [("k".into(), "v".into())]
    );
    assert_eq!(sexpr::decode_map("()").unwrap(), []);
}

#[test]
fn depth_is_bounded() {
    let nest = |depth: usize| format!("{}{}", "(".repeat(depth), ")".repeat(depth));
    assert!(sexpr::parse(&nest(MAX_DEPTH)).is_ok());
    assert_eq!(sexpr::parse(&nest(MAX_DEPTH + 1)), Err(SexprError::TooDeep));
    assert_eq!(
        sexpr::parse(&"(".repeat(1_000_000)),
        Err(SexprError::TooDeep)
    );
}
