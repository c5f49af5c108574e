//! Faults in the text of `ova.xml`: XML rather than records.

use super::Damage::{Document, Text};
use super::Fault;
use crate::xmlrpc::Value;

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "ova-not-well-formed",
        "one end tag of ova.xml misspelled",
        "two-disks",
        Text(|text| replace_last(text, "</struct>", "</strukt>")),
    ),
    Fault::new(
        "ova-cut-short",
        "the last 100 bytes of ova.xml missing, with a right header",
        "two-disks",
        Text(|text| {
            text.truncate(text.len().checked_sub(100)?);
            Some(())
        }),
    ),
    Fault::new(
        "ova-not-utf8",
        "a byte that is no UTF-8 in the VM's name",
        "two-disks",
        Text(|text| insert_in_name(text, b"\xff")),
    ),
    Fault::new(
        "ova-unescaped-ampersand",
        "a bare & in the VM's name",
        "two-disks",
        Text(|text| insert_in_name(text, b"this & that")),
    ),
    Fault::new(
        "ova-doctype-entities",
        "a DOCTYPE whose entities double up ten deep, used in the VM's name",
        "two-disks",
        Text(entities),
    ),
    Fault::new(
        "ova-nested-deep",
        "a value in other_config nested 10,000 arrays deep",
        "two-disks",
        Document(|document| {
            let deep = format!(
                "{}<value></value>{}",
                "<array><data><value>".repeat(10_000),
                "</value></data></array>".repeat(10_000)
            );
            document
                .find_mut("VM", |_| true)?
                .set("other_config", Value::Raw(deep));
            Some(())
        }),
    ),
    Fault::new(
        "ova-no-version",
        "no member version in ova.xml",
        "two-disks",
        Document(|document| document.version.take().map(|_| ())),
    ),
    Fault::new(
        "ova-no-objects",
        "no member objects in ova.xml",
        "two-disks",
        Document(|document| document.objects.take().map(|_| ())),
    ),
    Fault::new(
        "ova-empty",
        "an ova.xml of no bytes",
        "two-disks",
        Text(|text| {
            text.clear();
            Some(())
        }),
    ),
    Fault::new(
        "ova-is-other-xml",
        "an ova.xml that is well-formed and no XML-RPC value",
        "two-disks",
        Text(|text| {
            *text = b"<html><body>Proxy error</body></html>".to_vec();
            Some(())
        }),
    ),
];

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn replace_last(text: &mut Vec<u8>, what: &str, with: &str) -> Option<()> {
    let at = text
        .windows(what.len())
        .rposition(|window| window == what.as_bytes())?;
    text.splice(at..at + what.len(), with.bytes());
    Some(())
}

fn insert_in_name(text: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    // The VM is the first object that has a name, except for the host where there is one.
    let vm = find(text, b"<value>VM</value>")?;
    let before = b"<name>name_label</name><value>";
    let at = vm + find(&text[vm..], before)? + before.len();
    text.splice(at..at, bytes.iter().copied());
    Some(())
}

fn entities(text: &mut Vec<u8>) -> Option<()> {
    insert_in_name(text, b"&e9;")?;
    let mut dtd = String::from("<!DOCTYPE value [<!ENTITY e0 \"ha\">");
    for level in 1..10 {
        let below = format!("&e{};", level - 1).repeat(10);
        dtd.push_str(&format!("<!ENTITY e{level} \"{below}\">"));
    }
    dtd.push_str("]>");
    text.splice(0..0, dtd.bytes());
    Some(())
}
