//! Properties: no input makes a parser panic, and a value written in the writer's form reads back equal.

use proptest::prelude::*;
use xenspect_xapi::xmlrpc::{self, Value};
use xenspect_xapi::{ErrorKind, Limits, export, legacy};

/// The writer's form of a value (`formats/xva.md` section 3), member names unescaped.
fn write(value: &Value, out: &mut String) {
    out.push_str("<value>");
    match value {
        Value::Text(text) => escape(text, out),
        Value::Boolean(value) => {
            out.push_str(if *value {
                "<boolean>1</boolean>"
            } else {
                "<boolean>0</boolean>"
            });
        }
        Value::OddBoolean(text) => tagged("boolean", text, out),
        Value::Double(text) => tagged("double", text, out),
        Value::DateTime(text) => tagged("dateTime.iso8601", text, out),
        Value::Base64(text) => tagged("base64", text, out),
        Value::Nil => out.push_str("<nil/>"),
        Value::Array(items) => {
            out.push_str("<array><data>");
            items.iter().for_each(|item| write(item, out));
            out.push_str("</data></array>");
        }
        Value::Struct(members) => {
            out.push_str("<struct>");
            for (name, value) in members {
                out.push_str("<member><name>");
                out.push_str(name);
                out.push_str("</name>");
                write(value, out);
                out.push_str("</member>");
            }
            out.push_str("</struct>");
        }
    }
    out.push_str("</value>");
}

fn tagged(element: &str, text: &str, out: &mut String) {
    out.push_str(&format!("<{element}>"));
    escape(text, out);
    out.push_str(&format!("</{element}>"));
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => {}
            c => out.push(c),
        }
    }
}

/// Text that survives the writer: it drops control characters, and XML turns CR into LF.
fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| {
        text.chars()
            .filter(|&c| matches!(c, '\t' | '\n' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..))
            .collect()
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::Text),
        1 => any::<bool>().prop_map(Value::Boolean),
        1 => any::<f64>().prop_map(|number| Value::Double(number.to_string())),
        1 => "[0-9]{8}T[0-9:]{8}Z".prop_map(Value::DateTime),
        1 => "[A-Za-z0-9+/]{0,16}".prop_map(Value::Base64),
        1 => Just(Value::Nil),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let name = text().prop_map(|name| name.replace(['<', '&', '>'], "_"));
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((name, inner), 0..8).prop_map(Value::Struct),
        ]
    })
}

/// Markup in any order: reaches further into the parsers than plain bytes do.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<value>",
        "</value>",
        "<value/>",
        "<struct>",
        "</struct>",
        "<member>",
        "</member>",
        "<name>",
        "</name>",
        "<array>",
        "</array>",
        "<data>",
        "</data>",
        "<boolean>",
        "</boolean>",
        "<i4>",
        "</i4>",
        "<nil/>",
        "<appliance version='1'>",
        "</appliance>",
        "<vm>",
        "</vm>",
        "<vdi size='9' source='file://x'/>",
        "<label>",
        "</label>",
        "version",
        "objects",
        "class",
        "id",
        "snapshot",
        "VM",
        "Ref:1",
        "OpaqueRef:NULL",
        " ",
        "\r\n",
        "&lt;",
        "&#65;",
        "&x;",
        "&",
        "<",
        ">",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<!DOCTYPE a>",
        "<?xml version='1.0'?>",
        "\u{0}",
        "\u{FEFF}",
        "é",
        "1",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Runs every parser; the results are only looked at for what must always hold.
fn run_all(bytes: &[u8]) {
    let limits = Limits::default();
    let offset = match xmlrpc::parse(bytes, &limits) {
        Ok(_) => 0,
        Err(error) => error.offset,
    };
    assert!(offset <= u64::try_from(bytes.len()).unwrap());
    if let Ok(export) = export::parse(bytes, &limits) {
        assert!(export.expected_disks().len() <= export.objects.len());
        assert!(export.sensitive().len() <= export.objects.len());
    }
    let _ = legacy::parse_checksum_table(bytes, &limits);
    let appliance = legacy::parse_appliance(bytes, &limits);
    assert!(appliance.is_err() || legacy::is_appliance(bytes));
}

/// An export whose objects have arbitrary fields under the names the checks look at.
fn export_document() -> impl Strategy<Value = Value> {
    let class = prop::sample::select(vec!["VM", "VBD", "VDI", "SR", "VIF", "VTPM", "host", "?"]);
    let id = prop::sample::select(vec!["Ref:1", "Ref:2", "Ref:3", "OpaqueRef:NULL", ""]);
    let field = prop::sample::select(vec![
        "VM",
        "VDI",
        "SR",
        "type",
        "content_type",
        "virtual_size",
        "resident_on",
        "suspend_VDI",
        "NVRAM",
        "vTPM'_content",
        "vTPM'_VM",
        "is_a_template",
        "power_state",
    ]);
    let texts = prop::sample::select(vec![
        "Ref:1",
        "Ref:2",
        "Ref:9",
        "OpaqueRef:NULL",
        "OpaqueRef:x",
        "Disk",
        "CD",
        "suspend",
        "iso",
        "12",
        "-1",
        "",
    ]);
    let content = prop_oneof![
        4 => texts.prop_map(|text| Value::Text(text.to_owned())),
        1 => value(),
    ];
    let fields = prop::collection::vec((field.prop_map(str::to_owned), content), 0..8);
    let object = (class, id, fields).prop_map(|(class, id, fields)| {
        let text = |text: &str| Value::Text(text.to_owned());
        Value::Struct(vec![
            ("class".to_owned(), text(class)),
            ("id".to_owned(), text(id)),
            ("snapshot".to_owned(), Value::Struct(fields)),
        ])
    });
    prop::collection::vec(object, 0..12).prop_map(|objects| {
        Value::Struct(vec![
            ("version".to_owned(), Value::Struct(vec![])),
            ("objects".to_owned(), Value::Array(objects)),
        ])
    })
}

proptest! {
    #[test]
    fn written_values_read_back_equal(value in value()) {
        let mut text = String::new();
        write(&value, &mut text);
        prop_assert_eq!(xmlrpc::parse(text.as_bytes(), &Limits::default()), Ok(value));
    }

    #[test]
    fn a_written_value_cut_anywhere_is_truncated(value in value(), cut in any::<prop::sample::Index>()) {
        let mut text = String::new();
        write(&value, &mut text);
        let cut = cut.index(text.len());
        let error = xmlrpc::parse(&text.as_bytes()[..cut], &Limits::default()).unwrap_err();
        prop_assert_eq!(error.kind, ErrorKind::Truncated);
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        run_all(&bytes);
    }

    #[test]
    fn markup_soup_does_not_panic(text in soup()) {
        run_all(text.as_bytes());
    }

    #[test]
    fn a_changed_byte_does_not_panic(
        document in export_document(),
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut text = String::new();
        write(&document, &mut text);
        let mut bytes = text.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        run_all(&bytes);
    }

    #[test]
    fn arbitrary_exports_are_read(document in export_document()) {
        let mut text = String::new();
        write(&document, &mut text);
        run_all(text.as_bytes());
        let export = export::parse(text.as_bytes(), &Limits::default()).unwrap();
        let disks = export.expected_disks();
        prop_assert!(disks.is_sorted_by(|a, b| a.id.as_bytes() <= b.id.as_bytes()));
        prop_assert!(disks.iter().all(|disk| export.of_class("VDI").any(|vdi| vdi.id == disk.id)));
    }
}
