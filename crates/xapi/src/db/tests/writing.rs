//! What the writers of the different releases differ in.

use super::super::Database;
use super::super::write::{Order, Style, first_difference, to_vec};
use super::{dump, read};
use crate::value::Protection;

fn rewritten(text: &str) -> String {
    let database = read(text);
    String::from_utf8(to_vec(&database, &Style::of(&database))).unwrap()
}

#[test]
fn a_modern_dump_is_put_into_order() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
        dump(
            "<table name='b'/> <table name='VM'>\
             <row ref='2' z='a b' _ref='2' A='&apos;&gt;' __mtime='2' __ctime='1' />\
             <row ref='1' x='%_%n'/></table>"
        )
    );
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
        dump(
            "<table name=\"VM\"><row ref=\"1\" x=\"%.%.%n\"/>\
             <row ref=\"2\" __ctime=\"1\" __mtime=\"2\" A=\"'&gt;\" _ref=\"2\" z=\"a%.b\"/></table><table name=\"b\"/>"
        )
    );
    assert_eq!(rewritten(&text), expected);
    assert_eq!(rewritten(&expected), expected);
}

#[test]
fn style_by_schema() {
    let style = |minor: &str, row: &str| {
        let text =
            dump(&format!("<table name='a'><row ref='1' {row}/></table>")).replace("790", minor);
        let style = Style::of(&read(&text));
        (style.order, style.protection)
    };
    use Order::{AsRead, Ascending, Descending};
    use Protection::{EverySpace, SpacePairs};
    assert_eq!(style("61", ""), (AsRead, SpacePairs));
    assert_eq!(style("63", ""), (Descending, SpacePairs));
    assert_eq!(style("63", "__ctime='1'"), (Ascending, SpacePairs));
    assert_eq!(style("66", ""), (Ascending, SpacePairs));
    assert_eq!(style("133", "a='b c'"), (Ascending, SpacePairs));
    assert_eq!(style("133", "a='b%.c'"), (Ascending, EverySpace));
    assert_eq!(style("134", "a='b c'"), (Ascending, EverySpace));
    assert_eq!(style("x", "__ctime='1'"), (Ascending, EverySpace));
    assert_eq!(style("x", "a=' '"), (AsRead, SpacePairs));
}

#[test]
fn the_first_difference() {
    let text = dump("<table name=\"a\"><row ref=\"1\" b=\"c\"/></table>");
    let database: Database<'_> = read(&text);
    let style = Style::of(&database);
    let difference = |other: &str| first_difference(&database, &style, other.as_bytes());
    assert_eq!(difference(&text), None);
    assert_eq!(difference(&format!("{text}\n")), Some(text.len() as u64));
    assert_eq!(difference(&text[..20]), Some(20));
    assert_eq!(
        difference(&text.replace("\"c\"", "\"d\"")),
        Some(text.find("c\"/>").unwrap() as u64)
    );
    assert_eq!(difference(""), Some(0));
}

#[test]
fn numbers_of_the_manifest_are_decimal() {
    let plain = dump("<table name=\"a\"/>");
    for other in ["0x316", "+790", "0790", "7_90"] {
        assert_eq!(rewritten(&plain.replace("790", other)), plain, "{other}");
    }
    let none = plain.replace("790", "many");
    assert_eq!(rewritten(&none), none);
}
