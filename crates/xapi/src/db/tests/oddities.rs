//! One document for each deviation, and where it is said to be.

use super::super::{Database, DumpLimits, ErrorKind, OddityKind};
use super::{MANIFEST, dump, names, read};

const NONE: [&str; 0] = [];

#[test]
fn every_variation_that_is_right() {
    let row = r#"<table name="VM"><row ref="OpaqueRef:1" _ref="OpaqueRef:1" uuid="u"/></table>"#;
    let header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    for text in [
        dump(row),
        format!("{header}{}", dump(row)),
        format!("\u{FEFF}{header}{}\r\n\r\n", dump(row)),
        format!("<!-- a --><?pi?>\n{}<!-- b -->\n<?pi?>", dump(row)),
        format!("<database>\r\n\t{MANIFEST}<!-- c -->\r\n{row}\r\n</database>"),
        dump(&row.replace("/>", " />")),
        dump(&row.replace("/>", "></row>")),
        dump(&row.replace('"', "'")),
        dump(&row.replace(" _ref", "\r\n\t_ref").replace("=\"u", " = \"u")),
        dump("<table name=\"VM\"/><table name=\"host\"></table>"),
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{}", dump("")),
        format!("<database  >{MANIFEST}</database  >"),
        format!("<?xml version='1.1' standalone='yes' ?>{}", dump("")),
        format!("<?xml version='1.0' encoding='US-ASCII'?>{}", dump(row)),
        dump(&row.replace("uuid", "\u{E9}:-.1")),
        dump("<?a?><!----><!-- a - b --><?b -- ?>"),
    ] {
        assert_eq!(names(text.as_bytes()), NONE, "{text}");
    }
}

#[test]
fn every_deviation() {
    let row = |attributes: &str| dump(&format!("<table name=\"VM\"><row {attributes}/></table>"));
    for (text, expected) in [
        (row("ref='1' a='1' a='2'"), &["double-column"][..]),
        (row("ref='1' ref='2'"), &["double-column"]),
        (row("a='1'"), &["missing-ref"]),
        (row("a='1' ref='1'"), &["ref-not-first"]),
        (row("ref='1' _ref='2'"), &["ref-mismatch"]),
        (
            row("ref='1' __ctime='x' __mtime=''"),
            &["bad-time", "bad-time"],
        ),
        (row("ref='1' a='&xxe;'"), &["entity"]),
        (row("ref='1' a='&#0;'"), &["entity"]),
        (row("ref='1' a='&#65;&#x41;&apos;'"), &[]),
        (row("ref='1' a='x & y'"), &["bare-ampersand"]),
        (row("ref='1' a='x < y'"), &["bare-less"]),
        (row("ref='1' a='\u{1}'"), &["illegal-character"]),
        (row("ref='1' a=1"), &["malformed"]),
        (row("ref='1' a"), &["malformed"]),
        (row("ref='1'a='1'"), &["malformed"]),
        (row("ref='1' =''"), &["malformed"]),
        (row("ref='1' a(b='1'"), &["malformed"]),
        (row("ref='1' 1a='1'"), &["malformed"]),
        (row("ref='1' a;='1'"), &["malformed"]),
        (
            dump("<table name='a'><row ref='1' a(='1'/><row ref='2' a(='1'/></table>"),
            &["malformed", "malformed"],
        ),
        (
            dump("<table name='a' name='a'/>"),
            &["malformed"],
        ),
        (
            dump("<table name='a'></table x='1'>"),
            &["malformed"],
        ),
        (format!("<database a>{MANIFEST}</database>"), &["malformed"]),
        (format!("<database a(='1'>{MANIFEST}</database>"), &["malformed"]),
        (dump("<!-- a -- b -->"), &["malformed"]),
        (dump("<? x?>"), &["malformed"]),
        (dump("<!-- \u{1} -->"), &["illegal-character"]),
        (format!("<!-- a ---->{}", dump("")), &["malformed"]),
        (format!("{}\n<!-- a -- b -->\n", dump("")), &["data-after-end"]),
        (format!("{}<??>", dump("")), &["data-after-end"]),
        (format!("<?xml version='9'?>{}", dump("")), &["malformed"]),
        (format!("<?xml?>{}", dump("")), &["malformed"]),
        (
            format!("<?xml version='1.0' encoding='US-ASCII'?>{}", dump("<!-- \u{E4} -->")),
            &["malformed"],
        ),
        (
            format!("<?xml version='1.0' encoding='bogus'?>{}", dump("")),
            &["encoding"],
        ),
        (dump("<thing><row/></thing>"), &["unknown-element"]),
        (dump("<row ref='1'/>"), &["misplaced-element"]),
        (dump("<pair key='a' value='b'/>"), &["misplaced-element"]),
        (
            dump("<database><table name='x'/></database>"),
            &["misplaced-element"],
        ),
        (
            dump("<table name='a'><table name='b'/></table>"),
            &["misplaced-element"],
        ),
        (dump("<table name='a'/><table name='a'/>"), &["table-twice"]),
        (dump("<table/>"), &["table-without-name"]),
        (dump("<table name='a' x='b'/>"), &["unknown-attribute"]),
        (
            format!("<database><table name='a'/>{MANIFEST}</database>"),
            &["manifest-late"],
        ),
        (dump(MANIFEST), &["manifest-twice"]),
        ("<database/>".to_owned(), &["no-manifest"]),
        (
            "<database><manifest><pair key='a'/></manifest></database>".to_owned(),
            &["bad-pair"],
        ),
        (
            "<database><manifest><pair value='1' key='a'/></manifest></database>".to_owned(),
            &["pair-order"],
        ),
        (
            "<database><manifest><pair key='a' value='1'/><pair key='a' value='2'/></manifest></database>"
                .to_owned(),
            &["key-twice"],
        ),
        (dump("text<table name='a'/>"), &["text-between-elements"]),
        (dump("<![CDATA[x]]>"), &["text-between-elements"]),
        (dump("&amp;"), &["text-between-elements"]),
        (
            format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{}", dump("")),
            &["doctype"],
        ),
        (
            format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", dump("")),
            &["encoding"],
        ),
        (format!("{}\n x", dump("")), &["data-after-end"]),
        (format!("{}{}", dump(""), dump("")), &["data-after-end"]),
        (format!("{}<!-- open", dump("")), &["data-after-end"]),
        (dump("<table name='a'></tabel>"), &["mismatched-end"]),
        (
            dump("<table name='a'><row ref='1'></table>"),
            &["mismatched-end"],
        ),
        (dump("</x>"), &["mismatched-end"]),
        (dump("<?xml version='1.0'?>"), &["malformed"]),
        (dump("").replace("</database>", ""), &["cut"]),
        (dump("").replace("</database>", "</databas"), &["cut"]),
        (
            dump("<table name='a'><row ref='1' b='").replace("'</database>", ""),
            &["cut"],
        ),
        (dump("<!-- "), &["cut"]),
        (dump("<!x>"), &["cut"]),
    ] {
        let found = names(text.as_bytes());
        // A mismatched end may leave the database open.
        let found: Vec<_> = match found.as_slice() {
            ["mismatched-end", ..] => vec!["mismatched-end"],
            other => other.to_vec(),
        };
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_place_of_a_deviation() {
    let text = dump("<table name='VM'><row ref='OpaqueRef:1' a='b' c='&x;'/></table>");
    let database = read(&text);
    let oddity = &database.oddities().kept[0];
    assert_eq!(
        oddity.kind,
        OddityKind::Entity {
            name: "x".to_owned()
        }
    );
    assert_eq!(oddity.table.as_deref(), Some("VM"));
    assert_eq!(oddity.row.as_deref(), Some("OpaqueRef:1"));
    assert_eq!(oddity.column.as_deref(), Some("c"));
    assert_eq!(oddity.offset, text.find("&x;").unwrap() as u64);
    let row = database.by_reference("OpaqueRef:1").unwrap();
    assert_eq!(row.offset(), Some(text.find("<row").unwrap() as u64));
    assert_eq!(
        row.column_offset("c"),
        Some(text.find("&x;").unwrap() as u64)
    );
    assert_eq!(row.text("c").as_deref(), Some("&x;"));
    assert_eq!(row.get("ref"), None);
}

#[test]
fn bytes_that_are_not_utf8_are_stepped_over() {
    let mut text =
        dump("<table name='VM'><row ref='1' a='x'/><row ref='2' a='y'/></table>").into_bytes();
    let at = text.iter().position(|&byte| byte == b'x').unwrap();
    // The manifest has no `x`.
    text[at] = 0xFF;
    let database = Database::read(&text, &DumpLimits::default()).unwrap();
    assert!(database.is_complete(), "{:?}", database.oddities());
    let oddity = &database.oddities().kept[0];
    assert_eq!(
        (oddity.kind.name(), oddity.offset),
        ("invalid-utf8", at as u64)
    );
    assert_eq!(oddity.column.as_deref(), Some("a"));
    assert_eq!(
        database.by_reference("1").unwrap().text("a").as_deref(),
        Some("\u{FFFD}")
    );
    assert_eq!(
        database.by_reference("2").unwrap().text("a").as_deref(),
        Some("y")
    );
}

#[test]
fn lookups_take_the_first_of_two() {
    let text = dump(
        "<table name='VM'><row ref='1' uuid='u' a='1' a='2'/></table>\
         <table name='host'><row ref='1' uuid='u'/><row ref='2' uuid=''/><row ref='3' uuid=''/></table>",
    );
    let database = read(&text);
    assert_eq!(database.by_reference("1").unwrap().table(), "VM");
    assert_eq!(database.by_uuid("u").unwrap().table(), "VM");
    assert_eq!(
        database.by_uuid("").unwrap().reference().as_deref(),
        Some("2")
    );
    assert_eq!(
        database.by_reference("1").unwrap().text("a").as_deref(),
        Some("1")
    );
    assert_eq!(database.oddities().count("duplicate-ref"), 1);
    assert_eq!(database.oddities().count("duplicate-uuid"), 2);
    assert!(database.by_uuid("v").is_none() && database.by_reference("").is_none());
}

#[test]
fn rows_of_a_table_that_comes_twice_are_together() {
    let text = dump(
        "<table name='VM'><row ref='1'/></table><table name='x'/><table name='VM'><row ref='2'/></table>",
    );
    let database = read(&text);
    assert_eq!(database.tables().len(), 2);
    assert_eq!(database.table("VM").unwrap().rows().len(), 2);
    assert_eq!(database.row_count(), 2);
}

#[test]
fn what_was_cut_keeps_what_came_before() {
    let text = dump("<table name='VM'><row ref='1'/><row ref='2' a='");
    let text = text.strip_suffix("</database>").unwrap();
    let database = read(text);
    assert!(!database.is_complete());
    assert_eq!(database.row_count(), 1);
    assert_eq!(database.end(), text.find("<row ref='2'").unwrap() as u64);
    let oddity = &database.oddities().kept[0];
    assert_eq!(oddity.kind, OddityKind::Cut { inside: "table" });
    assert_eq!(oddity.table.as_deref(), Some("VM"));
    let inside_manifest = read("<database><manifest><pair key='a' value='b'/><pair ");
    assert_eq!(inside_manifest.manifest_value("a"), Some("b"));
}

#[test]
fn other_documents_are_refused() {
    for text in [
        "",
        " ",
        "\u{FEFF}",
        "<?xml version='1.0'?>",
        "<value/>",
        "\u{1F}\u{FFFD}x",
        "<!-- x",
        "text",
        "<",
        "<databas",
    ] {
        let error = Database::read(text.as_bytes(), &DumpLimits::default()).unwrap_err();
        assert_eq!(error.kind.name(), "not-a-database", "{text}");
        assert!(!error.kind.is_limit() && !error.to_string().is_empty());
    }
    let error = Database::read(b"<local.db/>", &DumpLimits::default()).unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::NotADatabase {
            found: "the element `local.db`".to_owned()
        }
    );
}
