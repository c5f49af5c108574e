//! Reading the document: the version struct, the shape it must have, and how names are matched.

use super::{Record, VERSION, at, broken, document, good, member, read, xml};
use crate::export::{Oddity, parse};
use crate::{Error, ErrorKind, Limits};

#[test]
fn version_members() {
    let export = read(&[]);
    let version = &export.version;
    assert_eq!(version.hostname.as_deref(), Some("localhost"));
    assert_eq!(version.date.as_deref(), Some("2023-08-21"));
    assert_eq!(version.product_brand.as_deref(), Some("XCP-ng"));
    assert_eq!(version.product_version.as_deref(), Some("8.2.1"));
    assert_eq!(
        version.build_number.as_deref(),
        Some("release/yangtze/master/58")
    );
    assert_eq!(
        (version.xapi_major, version.xapi_minor),
        (Some(1), Some(20))
    );
    assert_eq!(version.export_vsn, 2);
    assert!(export.oddities.is_empty());

    let parse_version = |change: &dyn Fn(&str, &str) -> Option<String>| {
        let members: Vec<(&str, String)> = VERSION
            .iter()
            .filter_map(|&(name, value)| Some((name, change(name, value)?)))
            .collect();
        let members: Vec<(&str, &str)> = members.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let export = parse(document(&members, &[]).as_bytes(), &Limits::default()).unwrap();
        (export.version, export.oddities)
    };
    let keep = |value: &str| Some(value.to_owned());
    let (version, oddities) = parse_version(&|name, value| {
        if name == "export_vsn" {
            None
        } else {
            keep(value)
        }
    });
    assert_eq!((version.export_vsn, oddities.len()), (0, 0));
    let (version, oddities) =
        parse_version(&|name, value| keep(if name == "export_vsn" { "two" } else { value }));
    assert_eq!(version.export_vsn, 0);
    assert_eq!(
        oddities,
        [Oddity::BadVersionField {
            field: "export_vsn",
            found: "two".to_owned()
        }]
    );
    let (version, oddities) = parse_version(&|name, value| {
        if name == "xapi_major" {
            None
        } else {
            keep(value)
        }
    });
    assert_eq!(version.xapi_major, None);
    assert_eq!(
        oddities,
        [Oddity::MissingVersionField {
            field: "xapi_major"
        }]
    );
    let (version, oddities) =
        parse_version(&|name, value| keep(if name == "xapi_minor" { "-1" } else { value }));
    assert_eq!(version.xapi_minor, None);
    assert_eq!(oddities.len(), 1);
}

#[test]
fn shape_of_the_document() {
    let kind = |text: &str| parse(text.as_bytes(), &Limits::default()).unwrap_err().kind;
    let top = |members: &str| format!("<value><struct>{members}</struct></value>");
    let version = member("version", "<value><struct/></value>");
    let missing = |name, inside: &str| ErrorKind::MissingMember {
        name,
        inside: inside.to_owned(),
    };
    let shape = |what: &str, expected, found| ErrorKind::WrongShape {
        what: what.to_owned(),
        expected,
        found,
    };
    assert_eq!(kind("<value/>"), shape("the document", "struct", "text"));
    assert_eq!(kind(&top("")), missing("version", ""));
    assert_eq!(kind(&top(&version)), missing("objects", ""));
    assert_eq!(
        kind(&top(&member("version", "<value/>"))),
        shape("version", "struct", "text")
    );
    let objects = |items: &str| {
        let list = format!("<value><array><data>{items}</data></array></value>");
        top(&(version.clone() + &member("objects", &list)))
    };
    assert_eq!(
        kind(&top(&(version.clone() + &member("objects", "<value/>")))),
        shape("objects", "array", "text")
    );
    let object =
        "<value><struct><member><name>class</name><value>x</value></member></struct></value>";
    assert_eq!(
        kind(&objects("<value/>")),
        shape("objects[0]", "struct", "text")
    );
    assert_eq!(kind(&objects(object)), missing("id", "objects[0]"));
    let untyped = Record::new("VM", "a", &[]).text();
    let nil = untyped.replace("<value>a</value>", "<value><nil/></value>");
    assert_eq!(
        kind(&objects(&(untyped.clone() + &nil))),
        shape("objects[1].id", "text", "nil")
    );
    let flat = untyped.replace("<value><struct></struct></value>", "<value/>");
    assert_eq!(
        kind(&objects(&flat)),
        shape("objects[0].snapshot", "struct", "text")
    );
    assert_eq!(
        parse(format!("  {}", top("")).as_bytes(), &Limits::default()),
        Err(Error {
            kind: missing("version", ""),
            offset: 2
        })
    );
}

#[test]
fn names_at_the_outer_levels_are_taken_in_any_case() {
    let text = document(VERSION, &good())
        .replace("<name>version<", "<name>Version<")
        .replace("<name>objects<", "<name>OBJECTS<")
        .replace("<name>class<", "<name>Class<")
        .replace("<name>id<", "<name>ID<")
        .replace("<name>snapshot<", "<name>Snapshot<");
    let export = parse(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(export.objects, read(&good()).objects);
    // Fields are not.
    let renamed = broken("Ref:5", |sr| sr.without("shared").set("Shared", "false"));
    assert_eq!(
        renamed,
        [Oddity::MissingField {
            place: at("SR", "Ref:5", "shared")
        }]
    );
}

#[test]
fn the_first_of_two_members_counts() {
    let object: String = [
        member("class", &xml("VM")),
        member("id", &xml("Ref:0")),
        member("snapshot", &xml("{}")),
        member("ID", &xml("Ref:1")),
    ]
    .concat();
    let text = document(VERSION, &[]).replace(
        "<data></data>",
        &format!("<data><value><struct>{object}</struct></value></data>"),
    );
    let export = parse(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(export.objects[0].id, "Ref:0");
}
