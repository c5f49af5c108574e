//! Faults in the text of a dump: cut short, edited, not well-formed, hostile.

use super::Damage::Bytes;
use super::DumpFault as Fault;
use super::{find, replace};

/// The VM that the faults on rows pick.
const WEB: &str = "name__label=\"web\"";

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "dump-cut-in-row",
        "the file ends inside the row of the VM web",
        "pool-8.2",
        Bytes(|dump| cut(dump, find(dump, WEB)? + 6)),
    ),
    Fault::new(
        "dump-cut-between-rows",
        "the file ends behind the row of the VM web",
        "pool-8.2",
        Bytes(|dump| {
            let at = find(dump, WEB)?;
            let end = find(&dump[at..], "/>")? + 2;
            cut(dump, at + end)
        }),
    ),
    Fault::new(
        "dump-cut-between-tables",
        "the file ends between two tables",
        "pool-8.2",
        Bytes(|dump| cut(dump, find(dump, "<table name=\"network\">")?)),
    ),
    Fault::new(
        "dump-cut-after-manifest",
        "the file ends behind the manifest",
        "pool-8.2",
        Bytes(|dump| cut(dump, find(dump, "</manifest>")? + 11)),
    ),
    Fault::new(
        "dump-cut-in-manifest",
        "the file ends inside the manifest",
        "pool-8.2",
        Bytes(|dump| cut(dump, find(dump, "<pair key=\"generation_count\"")?)),
    ),
    Fault::new(
        "dump-manifest-missing",
        "no manifest at all, as in files people cut by hand",
        "pool-8.2",
        Bytes(|dump| {
            let end = find(dump, "</manifest>")? + 11;
            dump.drain(find(dump, "<manifest>")?..end);
            Some(())
        }),
    ),
    Fault::new(
        "dump-not-closed",
        "all but the closing </database>",
        "pool-8.2",
        Bytes(|dump| cut(dump, find(dump, "</database>")?)),
    ),
    Fault::new(
        "dump-cut-in-character",
        "the file ends inside a character of two bytes",
        "pool-8.2",
        Bytes(|dump| cut(dump, find(dump, "é")? + 1)),
    ),
    Fault::new(
        "dump-row-without-ref",
        "the row of the pool has no ref",
        "pool-8.2",
        Bytes(|dump| {
            let at = find(dump, "<table name=\"pool\"><row ref=")? + 23;
            let end = at + find(&dump[at..], " __ctime")?;
            dump.drain(at..end);
            Some(())
        }),
    ),
    Fault::new(
        "dump-ref-not-first",
        "ref of the pool row behind __ctime and __mtime: releases before 25 refuse it",
        "pool-8.2",
        Bytes(|dump| {
            let at = find(dump, "<table name=\"pool\"><row ref=")? + 23;
            let end = at + find(&dump[at..], " __ctime")?;
            let reference: Vec<u8> = dump.drain(at..end).collect();
            let behind = at
                + find(&dump[at..], " _ref=")
                    .or_else(|| find(&dump[at..], " allowed_operations="))?;
            dump.splice(behind..behind, reference);
            Some(())
        }),
    ),
    Fault::new(
        "dump-attributes-swapped",
        "power_state of the VM web in front of its name",
        "pool-8.2",
        Bytes(|dump| {
            replace(
                dump,
                " power_state=\"Running\" protection_policy=\"OpaqueRef:NULL\"",
                " protection_policy=\"OpaqueRef:NULL\" power_state=\"Running\"",
            )
        }),
    )
    .harmless(),
    Fault::new(
        "dump-extra-space",
        "two spaces in front of an attribute of the VM web",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, format!(" {WEB}"))),
    )
    .harmless(),
    Fault::new(
        "dump-single-quotes",
        "the name of the VM web in single quotes",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label='web'")),
    )
    .harmless(),
    Fault::new(
        "dump-raw-space-in-value",
        "a raw space in a name of a modern dump: typed by hand",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label=\"web one\"")),
    )
    .harmless(),
    Fault::new(
        "dump-renamed-vm",
        "the VM web renamed by hand: nothing shows it",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label=\"wob\"")),
    )
    .harmless(),
    Fault::new(
        "dump-character-reference",
        "the name of the VM web as &#119;eb",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label=\"&#119;eb\"")),
    )
    .harmless(),
    Fault::new(
        "dump-line-end",
        "a line end behind the last tag",
        "pool-8.2",
        Bytes(|dump| {
            dump.push(b'\n');
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-white-space-between",
        "each element on a line of its own",
        "pool-8.2",
        Bytes(|dump| {
            let text = String::from_utf8(std::mem::take(dump)).ok()?;
            *dump = text.replace("><", ">\n<").into_bytes();
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-byte-order-mark",
        "a byte order mark in front",
        "pool-8.2",
        Bytes(|dump| {
            dump.splice(..0, *b"\xef\xbb\xbf");
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-no-declaration",
        "no XML declaration",
        "pool-8.2",
        Bytes(|dump| {
            let end = find(dump, "<database>")?;
            dump.drain(..end);
            Some(())
        }),
    )
    .harmless(),
    Fault::new(
        "dump-text-between",
        "text between two tables, which xapi ignores",
        "pool-8.2",
        Bytes(|dump| replace(dump, "</table><table", "</table>text<table")),
    )
    .harmless(),
    Fault::new(
        "dump-comment",
        "a comment between two tables, which xapi ignores",
        "pool-8.2",
        Bytes(|dump| replace(dump, "</table><table", "</table><!-- seen --><table")),
    )
    .harmless(),
    Fault::new(
        "dump-column-twice",
        "the name of the VM web twice in its row",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, format!("{WEB} name__label=\"other\""))),
    ),
    Fault::new(
        "dump-table-without-name",
        "a table without an attribute",
        "pool-8.2",
        Bytes(|dump| replace(dump, "<table name=\"VMSS\"/>", "<table/>")),
    ),
    Fault::new(
        "dump-unknown-element",
        "an element of another name between two tables",
        "pool-8.2",
        Bytes(|dump| replace(dump, "<table name=\"VMSS\"/>", "<tables name=\"VMSS\"/>")),
    ),
    Fault::new(
        "dump-wrong-root",
        "the root is not database",
        "pool-8.2",
        Bytes(|dump| {
            replace(dump, "<database>", "<pool>")?;
            replace(dump, "</database>", "</pool>")
        }),
    ),
    Fault::new(
        "dump-wrong-end-tag",
        "a table closed by another end tag",
        "pool-8.2",
        Bytes(|dump| replace(dump, "</table>", "</tabel>")),
    ),
    Fault::new(
        "dump-invalid-utf8",
        "a byte in the name of the VM web that is not UTF-8",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, b"name__label=\"w\xffb\"")),
    ),
    Fault::new(
        "dump-unknown-entity",
        "an entity nobody declared in the name of the VM web",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label=\"w&eacute;b\"")),
    ),
    Fault::new(
        "dump-control-character",
        "a byte 01 in the name of the VM web",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, b"name__label=\"w\x01b\"")),
    ),
    Fault::new(
        "dump-control-reference",
        "a reference to character 1 in the name of the VM web",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label=\"w&#1;b\"")),
    ),
    Fault::new(
        "dump-raw-less-than",
        "a raw < in the name of the VM web",
        "pool-8.2",
        Bytes(|dump| replace(dump, WEB, "name__label=\"w<b\"")),
    ),
    Fault::new(
        "dump-doctype",
        "a DOCTYPE without entities",
        "pool-8.2",
        Bytes(|dump| replace(dump, "<database>", "<!DOCTYPE database><database>")),
    ),
    Fault::new(
        "dump-entity-expansion",
        "a DOCTYPE with entities that grow tenfold eight times, and one in the name of the VM web",
        "pool-8.2",
        Bytes(|dump| {
            let mut entities = String::from("<!DOCTYPE database [<!ENTITY e0 \"ha\">");
            for level in 1..9 {
                let body = format!("&e{};", level - 1).repeat(10);
                entities.push_str(&format!("<!ENTITY e{level} \"{body}\">"));
            }
            replace(dump, "<database>", format!("{entities}]><database>"))?;
            replace(dump, WEB, "name__label=\"&e8;\"")
        }),
    ),
    Fault::new(
        "dump-deep-nesting",
        "100,000 tables inside one another",
        "pool-8.2",
        Bytes(|dump| {
            replace(
                dump,
                "<table name=\"VMSS\"/>",
                "<table name=\"VMSS\">".repeat(100_000),
            )
        }),
    ),
    Fault::new(
        "dump-long-value",
        "a name of 20 MiB for the VM web",
        "pool-8.2",
        Bytes(|dump| {
            replace(
                dump,
                WEB,
                format!("name__label=\"{}\"", "w".repeat(20 << 20)),
            )
        }),
    ),
    Fault::new(
        "dump-data-after-end",
        "1000 bytes of text behind the last tag",
        "pool-8.2",
        Bytes(|dump| {
            dump.extend_from_slice("more than that\n".repeat(67).as_bytes());
            Some(())
        }),
    ),
    Fault::new(
        "dump-zeros-after-end",
        "4096 zeros behind the last tag, as on a block device",
        "pool-8.2",
        Bytes(|dump| {
            dump.resize(dump.len() + 4096, 0);
            Some(())
        }),
    ),
    Fault::new(
        "dump-twice",
        "the dump twice, one behind the other",
        "pool-8.2",
        Bytes(|dump| {
            dump.extend_from_within(..);
            Some(())
        }),
    ),
    Fault::new(
        "dump-empty",
        "no bytes at all",
        "pool-8.2",
        Bytes(|dump| cut(dump, 0)),
    ),
];

fn cut(dump: &mut Vec<u8>, len: usize) -> Option<()> {
    (len < dump.len()).then(|| dump.truncate(len))
}
