//! Table tests of the XML-RPC parser, on bytes: one rule of `formats/xva.md` section 3 each, and the hostile forms.

use super::{Value, parse};
use crate::{ErrorKind, Limits};

fn read(text: &str) -> Value {
    parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn fails(text: &[u8]) -> ErrorKind {
    match parse(text, &Limits::default()) {
        Ok(value) => panic!("{value:?} from {:?}", String::from_utf8_lossy(text)),
        Err(error) => {
            assert!(
                error.offset <= u64::try_from(text.len()).unwrap(),
                "{error}"
            );
            error.kind
        }
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn forms_of_values() {
    for (document, value) in [
        ("<value>abc</value>", text("abc")),
        ("<value></value>", text("")),
        ("<value/>", text("")),
        ("<value />", text("")),
        ("<value>  </value>", text("  ")),
        ("<value> a b </value>", text(" a b ")),
        ("<value>123</value>", text("123")),
        ("<value><string>abc</string></value>", text("abc")),
        ("<value><string/></value>", text("")),
        ("<value> <string> x </string> </value>", text(" x ")),
        ("<value><int>-5</int></value>", text("-5")),
        ("<value><i4>5</i4></value>", text("5")),
        ("<value><i8>8589934592</i8></value>", text("8589934592")),
        ("<value><boolean>1</boolean></value>", Value::Boolean(true)),
        ("<value><boolean>0</boolean></value>", Value::Boolean(false)),
        (
            "<value><boolean>true</boolean></value>",
            Value::OddBoolean("true".to_owned()),
        ),
        (
            "<value><boolean> 1</boolean></value>",
            Value::OddBoolean(" 1".to_owned()),
        ),
        (
            "<value><double>1e+300</double></value>",
            Value::Double("1e+300".to_owned()),
        ),
        (
            "<value><dateTime.iso8601>19700101T00:00:00Z</dateTime.iso8601></value>",
            Value::DateTime("19700101T00:00:00Z".to_owned()),
        ),
        (
            "<value><base64>AAEC</base64></value>",
            Value::Base64("AAEC".to_owned()),
        ),
        ("<value><nil/></value>", Value::Nil),
        ("<value><nil></nil></value>", Value::Nil),
        (
            "<value><array><data/></array></value>",
            Value::Array(vec![]),
        ),
        ("<value><array/></value>", Value::Array(vec![])),
        (
            "<value><array>\n<data>\t<value>a</value> <value/>\r\n</data></array></value>",
            Value::Array(vec![text("a"), text("")]),
        ),
        ("<value><struct/></value>", Value::Struct(vec![])),
        ("<value><struct></struct></value>", Value::Struct(vec![])),
        (
            "<value><struct> <member> <name>k</name> <value>v</value> </member> \
             <member><name/><value/></member></struct></value>",
            Value::Struct(vec![("k".to_owned(), text("v")), (String::new(), text(""))]),
        ),
    ] {
        assert_eq!(read(document), value, "{document}");
    }
}

#[test]
fn repeated_members_are_kept_in_order() {
    let value = read(
        "<value><struct><member><name>k</name><value>1</value></member>\
         <member><name>k</name><value>2</value></member></struct></value>",
    );
    assert_eq!(value.as_struct().map(<[_]>::len), Some(2));
    assert_eq!(value.member("k"), Some(&text("1")));
    assert_eq!(value.member("K"), None);
}

#[test]
fn what_stands_around_the_root() {
    for document in [
        "<?xml version=\"1.0\"?><value>a</value>",
        "<?xml version='1.0' encoding='UTF-8'?>\n<value>a</value>\n",
        "\u{FEFF}<value>a</value>",
        "\u{FEFF}<?xml version=\"1.0\"?><value>a</value>",
        "<!-- one --><value>a</value><!-- two -->",
        "  <value>a</value>\r\n",
        "<?pi data?><value>a</value>",
        "<value attribute=\"x\" other='&amp;'>a</value>",
        "<value><string lang=\"en\">a</string></value>",
        "<value><!-- c -->a</value>",
        "<value\ta = \"x>\"\n\u{E9}='&lt;&#65;&#x41;'  >a</value >",
        "<?xml version=\"1.1\" standalone='yes' ?><!----><?a?><value>a</value>",
        "<?xml version='1.0' encoding='us-ascii'?><value>a</value>",
    ] {
        assert_eq!(read(document), text("a"), "{document}");
    }
}

#[test]
fn entities_and_line_ends() {
    for (document, value) in [
        ("<value>&lt;&gt;&amp;&quot;&apos;</value>", "<>&\"'"),
        ("<value>&#65;&#x42;&#x1F600;</value>", "AB\u{1F600}"),
        ("<value>a&amp;lt;b</value>", "a&lt;b"),
        ("<value>a\r\nb\rc\nd</value>", "a\nb\nc\nd"),
        ("<value>a&#13;&#10;b</value>", "a\r\nb"),
        ("<value>a\r<!-- -->\nb</value>", "a\n\nb"),
        ("<value>x<![CDATA[<&]]>y</value>", "x<&y"),
        ("<value>\u{e9}\u{10FFFF}\t</value>", "\u{e9}\u{10FFFF}\t"),
    ] {
        assert_eq!(read(document), text(value), "{document}");
    }
    let named =
        read("<value><struct><member><name>a&amp;b\r\n</name><value/></member></struct></value>");
    assert_eq!(named.member("a&b\n"), Some(&text("")));
}

#[test]
fn doctype_and_entities_are_refused() {
    let billion_laughs = {
        let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">");
        for level in 1..10 {
            text.push_str(&format!(
                "<!ENTITY lol{level} \"&lol{};&lol{};\">",
                level - 1,
                level - 1
            ));
        }
        text + "]><value>&lol9;</value>"
    };
    for document in [
        billion_laughs.as_str(),
        "<!DOCTYPE value><value/>",
        "<!DOCTYPE value SYSTEM \"file:///etc/passwd\"><value>&x;</value>",
        "<!DOCTYPE value [<!ENTITY a \"b\">",
        "<value>&nbsp;</value>",
        "<value>&LT;</value>",
        "<value a=\"&x;\"/>",
        "<value a=\"&x;\">&y;</value>",
        "<value><struct><member><name>a&b;</name><value/></member></struct></value>",
    ] {
        assert_eq!(
            fails(document.as_bytes()),
            ErrorKind::DoctypeOrEntity,
            "{document}"
        );
    }
}

#[test]
fn ill_formed_documents() {
    for document in [
        "plain text",
        "<value>a</valu>",
        "</value>",
        "<value>a</value><value>b</value>",
        "<value>a</value>tail",
        "lead<value>a</value>",
        "&amp;<value>a</value>",
        "<value>a & b</value>",
        "<value>a &b</value>",
        "<value>a && b;</value>",
        "<value>&#0;</value>",
        "<value>&#x1;</value>",
        "<value>&#xD800;</value>",
        "<value>&#99999999999;</value>",
        "<value>&#;</value>",
        "<value>a\u{1}b</value>",
        "<value>a\0b</value>",
        "<value>a\u{FFFE}b</value>",
        "<value>a]]>b</value>",
        "<value a=\"<\">b</value>",
        "<value a>b</value>",
        "<value a=b>c</value>",
        "<value a=\"&\">b</value>",
        "<value a=\"b & c\">d</value>",
        "<value a=\"&b c;\">d</value>",
        "<value a=\"&;\">b</value>",
        "<value a=\"&#1;\">b</value>",
        "<value a=\"1\" a=\"2\">b</value>",
        "<value a=\"1\"b=\"2\">c</value>",
        "<value 1a=\"1\">b</value>",
        "<value a(b=\"1\">c</value>",
        "<value =\"1\">b</value>",
        "<value a=\"1\" /b>c</value>",
        "<value a=\"1\"/ >",
        "<value(a>b</value(a>",
        "<value>a</value x=\"1\">",
        "<>a</>",
        "< value>a</value>",
        "<value/><?xml version=\"1.0\"?>",
        " <?xml version=\"1.0\"?><value/>",
        "<?xml?><value/>",
        "<?xml version=\"9\"?><value/>",
        "<?xml version=\"1.0\" foo=\"bar\"?><value/>",
        "<?xml version=\"1.0\" encoding=\"bogus\"?><value/>",
        "<?xml version=\"1.0\" encoding=\"utf-16\"?><value/>",
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?><value>\u{E4}</value>",
        "<?xml version=\"1.0\" encoding=\"US-ASCII\"?><value>\u{E4}</value>",
        "<?XML version=\"1.0\"?><value/>",
        "<value/><? pi?>",
        "<value><??></value>",
        "<!-- a -- b --><value/>",
        "<value><!-- a ---></value>",
        // A writer that does not escape member names leaves these behind.
        "<value><struct><member><name>a<b</name><value/></member></struct></value>",
        "<value><struct><member><name>a < b</name><value/></member></struct></value>",
        "<value><struct><member><name>a<</name><value/></member></struct></value>",
        "<value><struct><member><name><=1</name><value/></member></struct></value>",
        "<value><struct><member><name>a & b</name><value/></member></struct></value>",
        "<value><struct><member><name>a&</name><value/></member></struct></value>",
        "<value><struct><member><name>a<b \"c</name><value/></member></struct></value>",
        "<value><!ELEMENT a></value>",
        "<value><struct><member><name>a<b c</name><value/></member></struct></value>",
    ] {
        let kind = fails(document.as_bytes());
        assert_eq!(kind.name(), "not-well-formed", "{document}: {kind}");
    }
}

#[test]
fn documents_that_are_no_xml_rpc() {
    for document in [
        "<appliance/>",
        "<methodResponse><params/></methodResponse>",
        "<value><float>1</float></value>",
        "<value><Boolean>1</Boolean></value>",
        "<value>a<string>b</string></value>",
        "<value><string>a</string><string>b</string></value>",
        "<value><string>a<b>c</b></string></value>",
        "<value><array><value/></array></value>",
        "<value><array><data/><data/></array></value>",
        "<value><struct><name>a</name></struct></value>",
        "<value><struct><member><value/><name>a</name></member></struct></value>",
        "<value><struct><member><name>a</name><name>b</name></member></struct></value>",
        "<value><struct><member><name>a</name><value/><value/></member></struct></value>",
        "<value><nil><string/></nil></value>",
    ] {
        let kind = fails(document.as_bytes());
        assert_eq!(kind.name(), "unexpected-element", "{document}: {kind}");
    }
    for document in [
        "<value><string>a</string>b</value>",
        "<value><array>x<data/></array></value>",
        "<value><array><data>x</data></array></value>",
        "<value><struct>x</struct></value>",
        "<value><struct><member>x</member></struct></value>",
        "<value><nil>x</nil></value>",
    ] {
        let kind = fails(document.as_bytes());
        assert_eq!(kind.name(), "unexpected-text", "{document}: {kind}");
    }
    for document in [
        "<value><struct><member/></struct></value>",
        "<value><struct><member><name>a</name></member></struct></value>",
    ] {
        let kind = fails(document.as_bytes());
        assert_eq!(kind.name(), "missing-element", "{document}: {kind}");
    }
}

#[test]
fn every_cut_is_truncation() {
    let whole = "<?xml version=\"1.0\"?><!-- c --><value><struct><member><name>k&amp;\u{e9}</name>\
                 <value><array><data><value a='b'>x</value><value><![CDATA[y]]></value></data>\
                 </array></value></member></struct></value>";
    for end in 0..whole.len() {
        let kind = fails(&whole.as_bytes()[..end]);
        assert_eq!(kind, ErrorKind::Truncated, "cut at {end}");
    }
    read(whole);
}

#[test]
fn bytes_that_are_no_utf8() {
    let error = parse(b"\xEF\xBB\xBF<value>\xFF</value>", &Limits::default()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotUtf8);
    assert_eq!(error.offset, 10);
    assert_eq!(fails(b"<\0v\0a\0l\0u\0e\0/\0>\0").name(), "not-well-formed");
    assert_eq!(fails(b"\xFF\xFE<\0v\0/\0>\0"), ErrorKind::NotUtf8);
}

#[test]
fn offsets_point_at_the_fault() {
    for (document, offset) in [
        ("<value><float/></value>", 7),
        ("\u{FEFF}<value><float/></value>", 10),
        ("<value><struct>x</struct></value>", 15),
        ("<value>a&nbsp;</value>", 8),
        ("<value>a</valu>", 8),
        ("<value><string>", 15),
        ("<value>ab\u{1}</value>", 9),
    ] {
        let error = parse(document.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(error.offset, offset, "{document}: {error}");
    }
}

#[test]
fn depth_is_bounded_without_the_call_stack() {
    let nested = |levels: usize| {
        "<value><array><data>".repeat(levels - 1)
            + "<value/>"
            + &"</data></array></value>".repeat(levels - 1)
    };
    let limits = Limits {
        depth: 10,
        ..Limits::default()
    };
    assert!(parse(nested(10).as_bytes(), &limits).is_ok());
    let error = parse(nested(11).as_bytes(), &limits).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooDeep { limit: 10 });

    let members = |levels: usize| {
        "<value><struct><member><name>k</name>".repeat(levels - 1)
            + "<value/>"
            + &"</member></struct></value>".repeat(levels - 1)
    };
    assert!(parse(members(10).as_bytes(), &limits).is_ok());
    let error = parse(members(11).as_bytes(), &limits).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooDeep { limit: 10 });

    let mebibyte = |unit: &str| unit.repeat((1 << 20) / unit.len());
    assert_eq!(
        fails(mebibyte("<value>").as_bytes()).name(),
        "unexpected-element"
    );
    assert_eq!(
        fails(mebibyte("<value><array><data>").as_bytes()),
        ErrorKind::TooDeep { limit: 64 }
    );
    let unlimited = Limits {
        depth: usize::MAX,
        ..Limits::default()
    };
    let deepest = parse(nested(Limits::MAX_DEPTH).as_bytes(), &unlimited).unwrap();
    assert_eq!(deepest, deepest.clone());
    let error = parse(nested(Limits::MAX_DEPTH + 1).as_bytes(), &unlimited).unwrap_err();
    let limit = Limits::MAX_DEPTH;
    assert_eq!(error.kind, ErrorKind::TooDeep { limit });
}

#[test]
fn number_of_values_is_bounded() {
    let document = format!(
        "<value><array><data>{}</data></array></value>",
        "<value/>".repeat(9)
    );
    let limits = |values| Limits {
        values,
        ..Limits::default()
    };
    assert!(parse(document.as_bytes(), &limits(10)).is_ok());
    let error = parse(document.as_bytes(), &limits(9)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooManyValues { limit: 9 });
}

#[test]
fn size_and_attributes_are_bounded() {
    let limits = Limits {
        bytes: 8,
        ..Limits::default()
    };
    assert!(parse(b"<value/>", &limits).is_ok());
    let error = parse(b"<value/> ", &limits).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge { limit: 8 });

    let attributes = |count: usize| {
        let list: String = (0..count).map(|n| format!(" a{n}=\"\"")).collect();
        format!("<value{list}/>")
    };
    assert_eq!(read(&attributes(256)), text(""));
    for count in [257, 100_000] {
        assert_eq!(
            fails(attributes(count).as_bytes()),
            ErrorKind::TooManyAttributes { limit: 256 }
        );
    }
}

#[test]
fn accessors_read_what_can_be_used() {
    let date = Value::DateTime("20260101T00:00:00Z".to_owned());
    assert_eq!(date.as_date_time(), Some("20260101T00:00:00Z"));
    assert_eq!(date.as_text(), None);
    assert_eq!(text("0x10").as_integer(), Some(16));
    assert_eq!(Value::Double("1".to_owned()).as_integer(), None);
    assert_eq!(Value::Double("1.5".to_owned()).as_double(), Some(1.5));
    for (value, expected) in [
        (Value::Boolean(true), Some(true)),
        (Value::OddBoolean("true".to_owned()), Some(false)),
        (text("1"), Some(true)),
        (text("True"), Some(true)),
        (text("0"), Some(false)),
        (text("false"), Some(false)),
        (text(""), None),
        (Value::Nil, None),
    ] {
        assert_eq!(value.as_boolean(), expected, "{value:?}");
    }
}
