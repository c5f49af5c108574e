//! Table tests of the legacy documents, on bytes.

use super::{
    Appliance, ApplianceVbd, ApplianceVdi, ApplianceVm, is_appliance, parse_appliance,
    parse_checksum_table,
};
use crate::{ErrorKind, Limits};

const APPLIANCE: &str = r#"<?xml version="1.0"?>
<appliance version="0.1">
  <vm name="vm">
    <label>Debian &amp; co</label>
    <shortdesc>a guest</shortdesc>
    <config mem_set="268435456" vcpus="2" distrib="debian" distrib_version="3.1"/>
    <hacks is_hvm="false" kernel_boot_cmdline="root=/dev/xvda1 ro"/>
    <vbd device="xvda" function="root" mode="w" vdi="vdi_xvda"/>
    <vbd device="xvdb" mode="w" vdi="vdi_xvdb"/>
  </vm>
  <vdi name="vdi_xvda" size="5368709120" source="file://xvda" type="dir-gzipped-chunks" variety="system"/>
  <vdi name="vdi_xvdb" size="lots" source="xvdb"><label>not of a VM</label></vdi>
</appliance>
"#;

#[test]
fn appliance_is_read() {
    let own = |text: &str| Some(text.to_owned());
    let vbd = |device, function: Option<String>, vdi| ApplianceVbd {
        device: own(device),
        function,
        mode: own("w"),
        vdi: own(vdi),
    };
    let expected = Appliance {
        version: own("0.1"),
        vms: vec![ApplianceVm {
            name: own("vm"),
            label: own("Debian & co"),
            description: own("a guest"),
            memory: Some(268_435_456),
            vcpus: Some(2),
            is_hvm: own("false"),
            vbds: vec![
                vbd("xvda", own("root"), "vdi_xvda"),
                vbd("xvdb", None, "vdi_xvdb"),
            ],
        }],
        vdis: vec![
            ApplianceVdi {
                name: own("vdi_xvda"),
                size: Some(5_368_709_120),
                source_dir: own("xvda"),
                kind: own("dir-gzipped-chunks"),
                variety: own("system"),
            },
            ApplianceVdi {
                name: own("vdi_xvdb"),
                source_dir: own("xvdb"),
                ..ApplianceVdi::default()
            },
        ],
    };
    let read = parse_appliance(APPLIANCE.as_bytes(), &Limits::default());
    assert_eq!(read, Ok(expected));
}

#[test]
fn appliance_is_recognised_by_its_root() {
    assert!(is_appliance(APPLIANCE.as_bytes()));
    assert!(is_appliance(b"<appliance version=\"0.1\">cut off \xC3"));
    assert!(is_appliance(b"\xEF\xBB\xBF<!-- c --> <appliance/>"));
    for other in [
        &b""[..],
        b"<value><struct/></value>",
        b"<appliances/>",
        b"<value><appliance/></value>",
        b"text <appliance/>",
        b"<!DOCTYPE appliance><appliance/>",
        b"<appliance",
        b"\xFF<appliance/>",
    ] {
        assert!(!is_appliance(other), "{:?}", String::from_utf8_lossy(other));
    }
    let late = format!("<!--{}--><appliance/>", " ".repeat(70_000));
    assert!(!is_appliance(late.as_bytes()));
}

#[test]
fn appliance_errors() {
    let fails = |text: &str| {
        parse_appliance(text.as_bytes(), &Limits::default())
            .unwrap_err()
            .kind
    };
    for (text, name) in [
        ("", "truncated"),
        ("<value/>", "unexpected-element"),
        ("<appliance>", "truncated"),
        ("<appliance version=\"&x;\"/>", "doctype-or-entity"),
        ("<!DOCTYPE a []><appliance/>", "doctype-or-entity"),
        ("<appliance><vm></appliance>", "not-well-formed"),
        ("<appliance version=\"1\" version/>", "not-well-formed"),
    ] {
        assert_eq!(fails(text).name(), name, "{text}");
    }
    let deep = format!("<appliance>{}", "<x>".repeat(300_000));
    assert_eq!(fails(&deep), ErrorKind::TooDeep { limit: 64 });
    let few = Limits {
        values: 3,
        ..Limits::default()
    };
    let error = parse_appliance(b"<appliance><vdi/><vdi/><vdi/></appliance>", &few).unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooManyValues { limit: 3 });
}

#[test]
fn checksum_table() {
    let read = |text: &str| parse_checksum_table(text.as_bytes(), &Limits::default());
    let document = "<value><struct>\
        <member><name>Ref:4/00000001</name><value>da39a3ee5e6b4b0d3255bfef95601890afd80709</value></member>\
        <member><name>Ref:4/00000000</name><value>ff</value></member></struct></value>";
    let expected = vec![
        (
            "Ref:4/00000001".to_owned(),
            "da39a3ee5e6b4b0d3255bfef95601890afd80709".to_owned(),
        ),
        ("Ref:4/00000000".to_owned(), "ff".to_owned()),
    ];
    assert_eq!(read(document), Ok(expected));
    assert_eq!(read("<value><struct/></value>"), Ok(vec![]));
    assert_eq!(
        read(" <value><array/></value>").unwrap_err(),
        ErrorKind::WrongShape {
            what: "the document".to_owned(),
            expected: "struct",
            found: "array"
        }
        .at(1)
    );
    let nil =
        "<value><struct><member><name>a</name><value><nil/></value></member></struct></value>";
    assert_eq!(read(nil).unwrap_err().kind.name(), "wrong-shape");
    assert_eq!(read("<value>").unwrap_err().kind, ErrorKind::Truncated);
}
