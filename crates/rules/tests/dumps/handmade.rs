//! Faults that the fixture writer does not make, one at a time, on the bytes of a good dump; and what depends on the file
//! rather than on its bytes.

use std::sync::Arc;

use xenspect_model::Severity;
use xenspect_model::report::Verdict;
use xenspect_scan::{Options, Progress, Source, scan};
use xenspect_synth::DumpRecipe;

use super::{codes, verify};

fn dump(recipe: &str) -> String {
    let bytes = DumpRecipe::named(recipe).expect("a recipe").build();
    String::from_utf8(bytes).expect("text")
}

/// Codes and verdict of the good dump after a change.
fn changed(change: impl Fn(&str) -> String) -> (Verdict, Vec<String>) {
    let good = dump("pool-8.2");
    let text = change(&good);
    assert_ne!(good, text, "nothing was changed");
    let input = verify(text.into_bytes());
    (input.verdict, codes(&input, Severity::Warning))
}

fn assert_finds(expected: &str, change: impl Fn(&str) -> String) {
    let (_, found) = changed(change);
    assert_eq!(found, [expected]);
}

#[test]
fn a_value_that_is_not_closed_swallows_the_rest() {
    let (verdict, found) = changed(|text| {
        let at = text.find("<table name=\"VM\">").expect("the table");
        let quote =
            at + text[at..].find("name__label=\"").expect("a name") + "name__label=\"".len();
        let end = quote + text[quote..].find('"').expect("its end");
        format!("{}{}", &text[..end], &text[end + 1..].replace('"', "'"))
    });
    assert_eq!(
        (verdict, found),
        (Verdict::Damaged, vec!["error db/not-closed".to_owned()])
    );
}

#[test]
fn an_encoding_that_no_dump_has() {
    assert_finds("warning db/encoding", |text| {
        text.replacen("UTF-8", "UTF-16", 1)
    });
}

#[test]
fn markup_that_has_no_meaning_and_is_not_well_formed() {
    for (good, bad) in [
        ("version=\"1.0\"", "version=\"9\""),
        ("<manifest>", "<!-- a -- b --><manifest>"),
        ("<manifest>", "<? x?><manifest>"),
        ("<manifest>", "<manifest a(=\"1\">"),
        ("</manifest>", "</manifest a>"),
        ("<manifest>", "<!-- \u{1} --><manifest>"),
    ] {
        assert_finds("error db/not-well-formed", |text| {
            text.replacen(good, bad, 1)
        });
    }
}

#[test]
fn bytes_beyond_ascii_in_a_dump_that_names_it() {
    let ascii = |text: &str| text.replacen("UTF-8", "US-ASCII", 1);
    assert_finds("error db/not-well-formed", |text| {
        ascii(text).replacen("name__label=\"", "name__label=\"\u{E4}", 1)
    });
}

#[test]
fn a_column_name_that_xml_does_not_allow() {
    let (_, found) =
        changed(|text| text.replacen(" memory__dynamic_max=", " memory__dynamic_m(x=", 1));
    assert!(
        found.contains(&"error db/not-well-formed".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_row_outside_of_a_table() {
    assert_finds("error db/element-misplaced", |text| {
        text.replacen("</manifest>", "</manifest><row ref=\"OpaqueRef:1\"/>", 1)
    });
}

#[test]
fn a_manifest_behind_a_table_and_a_second_one() {
    assert_finds("warning db/manifest-misplaced", |text| {
        text.replacen("<manifest>", "<table name=\"auth\"/><manifest>", 1)
            .replacen("</manifest><table name=\"auth\"/>", "</manifest>", 1)
            .replacen(
                "<table name=\"auth\"/><table name=\"blob\"/>",
                "<table name=\"blob\"/>",
                1,
            )
    });
    assert_finds("warning db/manifest-misplaced", |text| {
        text.replacen("</manifest>", "</manifest><manifest/>", 1)
    });
}

#[test]
fn a_generation_that_is_no_number() {
    assert_finds("error db/generation-invalid", |text| {
        let at = text.find("__mtime=\"").expect("a generation") + "__mtime=\"".len();
        format!("{}x{}", &text[..at], &text[at..])
    });
}

/// Puts another reference into a column of the first row of a table that has one.
fn with_reference(text: &str, table: &str, column: &str, to: &str) -> String {
    let at = text
        .find(&format!("<table name=\"{table}\">"))
        .expect("the table");
    let name = format!(" {column}=\"");
    let start = at + text[at..].find(&name).expect("the column") + name.len();
    let end = start + text[start..].find('"').expect("its end");
    format!("{}{to}{}", &text[..start], &text[end..])
}

/// The reference of the first row of a table.
fn reference_of<'t>(text: &'t str, table: &str) -> &'t str {
    let at = text
        .find(&format!("<table name=\"{table}\">"))
        .expect("the table");
    let start = at + text[at..].find("ref=\"").expect("a row") + "ref=\"".len();
    let end = start + text[start..].find('"').expect("its end");
    &text[start..end]
}

#[test]
fn the_control_domain_of_the_coordinator_and_of_another_host() {
    let good = dump("pool-8.2");
    let coordinator = {
        let pool = good.find("<table name=\"pool\">").expect("the table");
        let master = good[pool..].find(" master=\"").expect("the coordinator");
        let at = pool + master + " master=\"".len();
        &good[at..at + "OpaqueRef:".len() + 36]
    };
    let mut found = Vec::new();
    let (_, hosts) = good.split_once("<table name=\"host\">").expect("the table");
    let (hosts, _) = hosts.split_once("</table>").expect("its end");
    for row in hosts.split("<row ").skip(1) {
        let at = row.find("control_domain=\"").expect("the column") + "control_domain=\"".len();
        let domain = &row[at..at + "OpaqueRef:".len() + 36];
        let old = format!("control_domain=\"{domain}\"");
        let new = "control_domain=\"OpaqueRef:0\"";
        let input = verify(good.replacen(&old, new, 1).into_bytes());
        let is_coordinator = row.starts_with(&format!("ref=\"{coordinator}\""));
        found.push((is_coordinator, codes(&input, Severity::Warning)));
    }
    found.sort();
    assert_eq!(
        found,
        [
            (false, vec!["warning db/reference-dangling".to_owned()]),
            (true, vec!["error db/control-domain-missing".to_owned()]),
        ]
    );
}

#[test]
fn a_reference_into_another_table() {
    assert_finds("error db/reference-wrong-table", |text| {
        let network = reference_of(text, "network").to_owned();
        with_reference(text, "VM", "affinity", &network)
    });
}

#[test]
fn a_file_that_others_may_read() {
    let found = |bytes: Vec<u8>, readable_by_others| {
        let len = bytes.len() as u64;
        let source = Source::File {
            reader: Arc::new(bytes),
            len,
            readable_by_others,
        };
        let catalog = scan(source, &Options::default(), &Progress::default()).expect("a catalog");
        let input = xenspect_rules::input("fixture".to_owned(), &catalog);
        let of_mode = input
            .findings
            .iter()
            .find(|finding| finding.code.name() == "db/readable-by-others");
        of_mode.map(|finding| finding.severity)
    };
    let with_secrets = dump("pool-8.2").into_bytes();
    assert_eq!(found(with_secrets.clone(), false), None);
    assert_eq!(found(with_secrets, true), Some(Severity::Warning));
    let without = DumpRecipe::named("rolling-upgrade-stub")
        .expect("a recipe")
        .build();
    assert_eq!(found(without, true), Some(Severity::Note));
}

#[test]
fn no_value_of_a_secret_is_in_the_report() {
    for name in ["pool-8.2", "pool-5.6", "bugtool-copy", "redo-log"] {
        let recipe = DumpRecipe::named(name).expect(name);
        let input = verify(recipe.build());
        let shown = format!("{input:?}");
        for (place, secret) in recipe.planted() {
            assert!(!shown.contains(&secret), "{name}: {place}");
        }
    }
}

#[test]
fn secrets_are_counted_by_kind() {
    let input = verify(dump("pool-small").into_bytes());
    let note = input
        .findings
        .iter()
        .find(|finding| finding.code.name() == "db/secrets-inside")
        .expect("the note");
    let number = |name: &str| match note.facts.get(name) {
        Some(xenspect_model::Fact::Number(number)) => *number,
        other => panic!("{name}: {other:?}"),
    };
    let kinds: Vec<_> = note
        .facts
        .iter()
        .map(|(name, _)| name)
        .filter(|name| *name != "count")
        .collect();
    assert_eq!(
        kinds.iter().map(|kind| number(kind)).sum::<u64>(),
        number("count")
    );
    assert!(number("secret-row") > 0 && number("password") > 0);
}

#[test]
fn a_pair_the_wrong_way_round_and_a_key_with_two_values() {
    assert_finds("error db/element-invalid", |text| {
        text.replacen(
            "<pair key=\"schema_minor_vsn\" value=\"603\"/>",
            "<pair value=\"603\" key=\"schema_minor_vsn\"/>",
            1,
        )
    });
    assert_finds("error db/element-invalid", |text| {
        text.replacen(
            "<pair key=\"schema_minor_vsn\" value=\"603\"/>",
            "<pair key=\"schema_minor_vsn\" value=\"601\"/><pair key=\"schema_minor_vsn\" value=\"603\"/>",
            1,
        )
    });
}

/// The text with the first row of a table changed that holds a text.
fn with_row(text: &str, table: &str, holds: &str, change: impl Fn(&str) -> String) -> String {
    let at = text
        .find(&format!("<table name=\"{table}\">"))
        .expect("the table");
    let held = at + text[at..].find(holds).expect("a row");
    let start = text[..held].rfind("<row ").expect("its start");
    let end = held + text[held..].find("/>").expect("its end");
    format!(
        "{}{}{}",
        &text[..start],
        change(&text[start..end]),
        &text[end..]
    )
}

#[test]
fn words_that_no_release_writes() {
    for (table, old, new) in [
        ("VM", "power_state=\"Running\"", "power_state=\"running\""),
        ("VBD", "type=\"Disk\"", "type=\"disk\""),
        ("VBD", "mode=\"RW\"", "mode=\"rw\""),
        ("VDI", " type=\"user\"", " type=\"garbage\""),
        ("VDI", "on_boot=\"persist\"", "on_boot=\"Persist\""),
        (
            "VM",
            "actions__after_shutdown=\"destroy\"",
            "actions__after_shutdown=\"\"",
        ),
        (
            "VM",
            "actions__after_reboot=\"restart\"",
            "actions__after_reboot=\"preserve\"",
        ),
        (
            "VM",
            "actions__after_crash=\"restart\"",
            "actions__after_crash=\"reboot\"",
        ),
        ("VM", "domain_type=\"hvm\"", "domain_type=\"HVM\""),
        (
            "VIF",
            "locking_mode=\"network_default\"",
            "locking_mode=\"default\"",
        ),
        (
            "network",
            "default_locking_mode=\"unlocked\"",
            "default_locking_mode=\"locked\"",
        ),
        (
            "PIF",
            "ip_configuration_mode=\"None\"",
            "ip_configuration_mode=\"none\"",
        ),
    ] {
        assert_finds("error db/value-undecodable", |text| {
            with_row(text, table, old, |row| row.replacen(old, new, 1))
        });
    }
}

#[test]
fn words_that_a_newer_release_may_have_added() {
    let newer = dump("pool-8.2").replacen(
        "<pair key=\"schema_minor_vsn\" value=\"603\"/>",
        "<pair key=\"schema_minor_vsn\" value=\"99999\"/>",
        1,
    );
    let found = |text: String| codes(&verify(text.into_bytes()), Severity::Warning);
    let other = with_row(&newer, "VDI", " type=\"user\"", |row| {
        row.replacen(" type=\"user\"", " type=\"overlay\"", 1)
    });
    assert_ne!(newer, other);
    assert_eq!(found(other), found(newer));
}

#[test]
fn a_key_that_is_there_twice() {
    assert_finds("error db/value-undecodable", |text| {
        with_row(text, "pool", " other_config=\"", |row| {
            let start = row.find(" other_config=\"").expect("the map") + 15;
            let end = start + row[start..].find('"').expect("its end");
            let map = "(('a'%.'1')%.('a'%.'2'))";
            format!("{}{map}{}", &row[..start], &row[end..])
        })
    });
}

#[test]
fn a_suspended_vm_without_its_memory() {
    let (verdict, found) = changed(|text| {
        with_row(text, "VM", "power_state=\"Halted\"", |row| {
            row.replacen("\"Halted\"", "\"Suspended\"", 1)
        })
    });
    assert_eq!(verdict, Verdict::Damaged);
    assert_eq!(found, ["error db/reference-dangling"]);
}

#[test]
fn logins_that_are_gone() {
    let (verdict, found) = changed(|text| {
        let (start, rest) = text
            .split_once("<table name=\"secret\">")
            .expect("the table");
        let (_, end) = rest.split_once("</table>").expect("its end");
        format!("{start}<table name=\"secret\"/>{end}")
    });
    assert_eq!(verdict, Verdict::Suspect);
    // Four PBDs, two hosts, and the pool's login for workload balancing.
    assert_eq!(found, ["warning db/reference-dangling x7"]);
}

/// The text without a column in all rows of a table.
fn without_column(text: &str, table: &str, column: &str) -> String {
    let (start, end) = extent(text, table);
    let name = format!(" {column}=\"");
    let mut rest = &text[start..end];
    let mut rows = String::new();
    while let Some(at) = rest.find(&name) {
        let value = at + name.len();
        let behind = value + rest[value..].find('"').expect("its end") + 1;
        rows.push_str(&rest[..at]);
        rest = &rest[behind..];
    }
    format!("{}{rows}{rest}{}", &text[..start], &text[end..])
}

/// Where a table with rows begins and ends.
fn extent(text: &str, table: &str) -> (usize, usize) {
    let start = text
        .find(&format!("<table name=\"{table}\">"))
        .expect("the table");
    let end = "</table>";
    (
        start,
        start + text[start..].find(end).expect("its end") + end.len(),
    )
}

#[test]
fn a_column_without_default_that_all_rows_lost() {
    for (table, column) in [
        ("VTPM", "VM"),
        ("VGPU", "VM"),
        ("VGPU", "GPU_group"),
        ("VBD", "VDI"),
        ("VDI", "type"),
    ] {
        let input = verify(without_column(&dump("pool-8.2"), table, column).into_bytes());
        let finding = input
            .findings
            .iter()
            .find(|finding| finding.code.name() == "db/column-missing")
            .expect(column);
        assert_eq!(finding.severity, Severity::Error, "{table}.{column}");
        assert_eq!(finding.xapi_error.as_deref(), Some("INTERNAL_ERROR"));
        assert_eq!(
            (
                finding.place.table.as_deref(),
                finding.place.column.as_deref()
            ),
            (Some(table), Some(column))
        );
        assert_eq!(
            codes(&input, Severity::Warning),
            ["error db/column-missing"]
        );
    }
}

#[test]
fn a_column_without_default_in_a_database_of_one_sided_relations() {
    let text = without_column(&dump("pool-5.6"), "SR", "content_type");
    let found = codes(&verify(text.into_bytes()), Severity::Warning);
    assert_eq!(found, ["error db/column-missing"]);
}

#[test]
fn tables_that_no_sample_has_rows_of() {
    for table in ["role", "VGPU_type", "PVS_site", "USB_group"] {
        let input = verify(without_table(&dump("pool-8.2"), table).into_bytes());
        let finding = input
            .findings
            .iter()
            .find(|finding| finding.code.name() == "db/table-missing")
            .expect(table);
        assert_eq!(
            finding.facts.get("tables"),
            Some(&vec![table.to_owned()].into())
        );
        let others = codes(&input, Severity::Warning);
        assert_eq!(others, ["warning db/table-missing"], "{table}");
    }
}

/// The text without a table.
fn without_table(text: &str, table: &str) -> String {
    let empty = format!("<table name=\"{table}\"/>");
    if text.contains(&empty) {
        return text.replacen(&empty, "", 1);
    }
    let (start, end) = extent(text, table);
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn a_column_with_default_that_the_only_row_lost() {
    for column in ["ha_cluster_stack", "wlb_url", "vswitch_controller"] {
        let text = without_column(&dump("pool-8.2"), "pool", column);
        let found = codes(&verify(text.into_bytes()), Severity::Warning);
        assert_eq!(found, ["warning db/column-missing"], "{column}");
    }
}

#[test]
fn a_column_by_a_wrong_name_in_a_database_of_one_sided_relations() {
    let text = dump("pool-5.6").replace(" ha_configuration=\"", " ha_configuratmon=\"");
    let found = codes(&verify(text.into_bytes()), Severity::Warning);
    assert_eq!(found, ["warning db/column-unknown"]);
}

#[test]
fn texts_that_no_reference_has() {
    for (recipe, to) in [
        ("pool-8.2", "OpaqueRef:NUL"),
        ("pool-8.2", "OpaqueRef:zz"),
        ("pool-8.2", "Ref:25"),
        ("pool-5.6", "zzz"),
        ("pool-5.6", "OpapueRef:NULL"),
        ("pool-5.6", "OpaqueRef:0123"),
    ] {
        let text = with_reference(&dump(recipe), "VM", "affinity", to);
        let found = codes(&verify(text.into_bytes()), Severity::Warning);
        assert_eq!(found, ["warning db/value-undecodable"], "{recipe} {to}");
    }
    // As real dumps have it.
    let text = with_reference(&dump("pool-5.6"), "VM", "affinity", "Ref:25");
    let found = codes(&verify(text.into_bytes()), Severity::Warning);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn numbers_that_xapi_reads_and_does_not_write() {
    let minor = |value: &str| format!("<pair key=\"schema_minor_vsn\" value=\"{value}\"/>");
    for other in ["+603", "0x25b", "0603"] {
        assert_finds("warning db/edited", |text| {
            text.replacen(&minor("603"), &minor(other), 1)
        });
    }
    for (column, before) in [("VCPUs__max", "+"), ("__mtime", "0")] {
        assert_finds("warning db/edited", |text| {
            let name = format!(" {column}=\"");
            let vm = text.find("<table name=\"VM\">").expect("the table");
            let at = vm + text[vm..].find(&name).expect("the column") + name.len();
            format!("{}{before}{}", &text[..at], &text[at..])
        });
    }
}

#[test]
fn a_declaration_that_xapi_does_not_write() {
    let version = |other: &str, finds: &str| {
        assert_finds(finds, |text| text.replacen("version=\"1.0\"", other, 1));
    };
    version("version=\"1.1\"", "warning db/edited");
    // Nor does it read this one.
    version("version=\"9\"", "error db/not-well-formed");
}

/// xapi reads a word when it uses it, so a restore takes it.
#[test]
fn a_word_that_no_release_writes_is_not_refused() {
    let text = with_row(&dump("pool-8.2"), "VDI", " type=\"user\"", |row| {
        row.replacen(" type=\"user\"", " type=\"garbage\"", 1)
    });
    let input = verify(text.into_bytes());
    let mut errors = input.findings.iter();
    let finding = errors.find(|finding| finding.severity == Severity::Error);
    assert_eq!(finding.expect("the word").xapi_error, None);
}

#[test]
fn a_table_that_lost_all_rows_which_others_list() {
    for (table, sets) in [
        ("VBD", ["VM.VBDs", "VDI.VBDs"]),
        ("PBD", ["host.PBDs", "SR.PBDs"]),
    ] {
        let text = dump("pool-8.2");
        let (start, end) = extent(&text, table);
        let rows = text[start..end].matches("<row ").count() as u64;
        let emptied = format!(
            "{}<table name=\"{table}\"/>{}",
            &text[..start],
            &text[end..]
        );
        let input = verify(emptied.into_bytes());
        let finding = input
            .findings
            .iter()
            .find(|finding| finding.code.name() == "db/reference-dangling")
            .expect(table);
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.place.table.as_deref(), Some(table));
        assert_eq!(finding.facts.get("listed"), Some(&rows.into()), "{table}");
        let sets = sets.map(str::to_owned).to_vec();
        assert_eq!(finding.facts.get("listed_in"), Some(&sets.into()));
        let found = codes(&input, Severity::Warning);
        assert_eq!(found, ["error db/reference-dangling"], "{table}");
        assert_eq!(input.verdict, Verdict::Damaged);

        // Gone with its element.
        let found = codes(
            &verify(without_table(&text, table).into_bytes()),
            Severity::Warning,
        );
        let expected = ["error db/reference-dangling", "warning db/table-missing"];
        assert_eq!(found, expected, "{table}");
    }
}

/// Its VBDs and the SR hang on each.
#[test]
fn a_table_of_vdis_that_lost_all_rows() {
    let text = dump("pool-8.2");
    let (start, end) = extent(&text, "VDI");
    let emptied = format!("{}<table name=\"VDI\"/>{}", &text[..start], &text[end..]);
    let input = verify(emptied.into_bytes());
    let mut tables = input
        .findings
        .iter()
        .filter(|finding| finding.code.name() == "db/reference-dangling")
        .filter_map(|finding| finding.place.table.as_deref());
    assert!(tables.any(|table| table == "VDI"));
    assert_eq!(input.verdict, Verdict::Damaged);
}
