//! The table and the types, by example. Whether the table is that of the shared data is in `tests/tables.rs`.

use super::{DateTime, Type, Value, Why, decode, decode_as, field, fields, fields_of};
use crate::value::sexpr::SexprError;

#[test]
fn the_table_is_sorted_and_found() {
    let key = |at: usize| (fields()[at].class, fields()[at].column);
    for at in 1..fields().len() {
        assert!(key(at - 1) < key(at), "{:?}", key(at));
    }
    for entry in fields() {
        assert_eq!(field(entry.class, entry.column), Some(entry));
    }
    assert_eq!(field("VM", "nothing"), None);
    assert_eq!(
        fields_of("PIF").len(),
        fields().iter().filter(|field| field.class == "PIF").count()
    );
    assert!(fields_of("nothing").is_empty());
}

#[test]
fn each_type() {
    let int = |text| decode_as(&Type::Int, text);
    assert_eq!(int("-1"), Value::Int(-1));
    assert_eq!(
        int("1.5"),
        Value::Undecodable {
            text: "1.5".into(),
            why: Why::NotAnInt
        }
    );
    assert_eq!(decode_as(&Type::Bool, "true"), Value::Bool(true));
    assert_eq!(
        decode_as(&Type::Bool, "True").fault(),
        Some(("True", Why::NotABool))
    );
    assert_eq!(decode_as(&Type::Float, "0."), Value::Float(0.0));
    assert_eq!(decode_as(&Type::Float, "1_0.5"), Value::Float(10.5));
    assert_eq!(
        decode_as(&Type::Float, "").fault(),
        Some(("", Why::NotAFloat))
    );
    assert_eq!(
        decode_as(&Type::DateTime, "yesterday").fault(),
        Some(("yesterday", Why::NotADate))
    );
    assert_eq!(
        decode_as(&Type::Enum("e"), "Halted"),
        Value::Enum("Halted".into())
    );
    assert_eq!(
        decode_as(&Type::Option(&Type::Int), "('1')"),
        Value::Set(vec![Value::Int(1)])
    );
    assert_eq!(
        decode_as(&Type::Option(&Type::Int), "()"),
        Value::Set(vec![])
    );
    assert_eq!(
        decode_as(&Type::Option(&Type::Int), "('1' '2')").fault(),
        Some(("('1' '2')", Why::NotAnOption))
    );
    assert_eq!(
        decode_as(&Type::Set(&Type::Int), "('1' 'x')").fault(),
        Some(("x", Why::NotAnInt))
    );
    assert_eq!(
        decode_as(&Type::Set(&Type::Int), "x").fault(),
        Some(("x", Why::Sexpr(SexprError::NotASet)))
    );
}

#[test]
fn references_that_name_something() {
    for (text, named) in [
        ("OpaqueRef:1", true),
        ("", false),
        ("OpaqueRef:NULL", false),
        ("DummyRef:|1|x", true),
    ] {
        assert_eq!(
            decode("VBD", "VM", text).as_ref().is_some(),
            named,
            "{text}"
        );
    }
    assert_eq!(
        decode("VBD", "_ref", "OpaqueRef:1"),
        Value::Ref("OpaqueRef:1".into())
    );
}

#[test]
fn sets_inside_maps() {
    let value = decode("SM", "features", "(('A' '1') ('B' '2'))");
    assert_eq!(value.get("B"), Some(&Value::Int(2)));
    let nested = Type::Map(&Type::Int, &Type::Set(&Type::String));
    let value = decode_as(&nested, r"(('1' '(\'a\' \'b\')') ('2' '()'))".to_owned());
    let pairs = value.as_map().unwrap();
    assert_eq!(pairs[0].1.as_set().unwrap()[1], Value::Text("b".into()));
    assert_eq!(pairs[1].1, Value::Set(vec![]));
}

#[test]
fn columns_without_a_type_are_said_to_be_unknown() {
    assert_eq!(decode("VM", "brand_new", "1"), Value::Unknown("1".into()));
    assert_eq!(
        decode("NoSuchClass", "uuid", "1"),
        Value::Unknown("1".into())
    );
    assert_eq!(
        decode("VBD", "reserved", "false"),
        Value::Unknown("false".into())
    );
}

#[test]
fn floats() {
    for text in [
        "1", "0.", ".5", "-1e300", "+1", "1_0", "_1", " 1", "inf", "NaN", "0x1.8p3", "-0X_1F",
    ] {
        assert!(super::is_float(text), "{text}");
    }
    for text in ["", "_", "1x", "1 ", "one", "0x", "0xg", "1,5", "1e", "--1"] {
        assert!(!super::is_float(text), "{text}");
    }
}

#[test]
fn fields_by_their_name_in_the_api() {
    assert_eq!(
        super::api_field("VM", "name_label"),
        field("VM", "name__label")
    );
    assert_eq!(super::api_field("VM", "name__label"), None);
    assert_eq!(super::api_field("VM", ""), None);
}

#[test]
fn dates() {
    for (text, unix) in [
        ("19700101T00:00:00Z", 0),
        ("20121017T15:30:14Z", 1_350_487_814),
        ("2012-10-17T15:30:14Z", 1_350_487_814),
        ("2012-10-17T15:30:14.123Z", 1_350_487_814),
        ("20121017T15:30:14", 1_350_487_814),
        ("20121017T17:30:14+02:00", 1_350_487_814),
        ("20121017T10:00:14-05:30", 1_350_487_814),
        ("20000229T23:59:60Z", 951_868_800),
        ("19000301T00:00:00Z", -2_203_891_200),
        ("99991231T23:59:59Z", 253_402_300_799),
    ] {
        assert_eq!(
            DateTime::parse(text).map(|date| date.unix()),
            Some(unix),
            "{text}"
        );
    }
    for text in [
        "",
        "20121017",
        "20121317T00:00:00Z",
        "20120230T00:00:00Z",
        "20121017T24:00:00Z",
        "201210-17T00:00:00Z",
        "20121017T00:00:00ZZ",
        "20121017T00:00:00+1",
        "20121017T00:00:00.Z",
        "2012101éT00:00:00Z",
        "+0121017T00:00:00Z",
    ] {
        assert_eq!(DateTime::parse(text), None, "{text}");
    }
}
