//! Pool databases: the same bytes each time, sound where they say so, broken where they say so.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use xenspect_synth::dump::redo_log::Half;
use xenspect_synth::{
    Dump, DumpFault, DumpKind, DumpRecipe, Envelope, Fault, Recipe, SumKind, apply_dump,
};

/// The recipes, the large one with few VMs and the 60 MiB of the second half of a redo log left out.
fn recipes() -> Vec<(&'static str, DumpRecipe)> {
    let mut recipes = Vec::new();
    for (name, _) in DumpRecipe::names() {
        let mut recipe = named(name);
        recipe.vms = recipe.vms.map(|_| 1234);
        if recipe.kind != DumpKind::RedoLog(Half::Second) {
            recipes.push((name, recipe));
        }
    }
    recipes
}

fn named(name: &str) -> DumpRecipe {
    DumpRecipe::named(name).unwrap_or_else(|| panic!("no recipe {name}"))
}

fn plain(recipe: &DumpRecipe) -> Vec<u8> {
    DumpRecipe {
        envelope: Envelope::Plain,
        ..recipe.clone()
    }
    .build()
}

fn text(recipe: &DumpRecipe) -> String {
    String::from_utf8(plain(recipe)).expect("UTF-8")
}

#[test]
fn names_are_unique_in_both_lists() {
    let mut seen = BTreeSet::new();
    for (name, description) in Recipe::names().chain(DumpRecipe::names()) {
        assert!(seen.insert(name) && !description.is_empty(), "{name}");
    }
    let names = Fault::all()
        .map(Fault::name)
        .chain(DumpFault::all().map(DumpFault::name));
    for name in names {
        assert!(seen.insert(name), "{name} twice");
        assert!(
            name.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{name}"
        );
    }
    assert!(DumpFault::all().all(|fault| !fault.description().is_empty()));
}

#[test]
fn recipes_are_deterministic_and_follow_the_seed() {
    for (name, recipe) in recipes() {
        let bytes = recipe.build();
        assert!(bytes == recipe.build(), "{name}: two builds differ");
        let other = DumpRecipe {
            seed: 2,
            ..recipe.clone()
        };
        assert_eq!(
            bytes == other.build(),
            recipe.kind == DumpKind::Stub,
            "{name}"
        );
    }
}

#[test]
fn every_fault_changes_its_recipe_in_a_way_of_its_own() {
    let mut sums = BTreeSet::new();
    for fault in DumpFault::all() {
        let recipe = fault.default_recipe();
        let broken = fault.build();
        assert!(broken != recipe.build(), "{} changed nothing", fault.name());
        assert!(
            broken == apply_dump(&recipe, fault).expect("it applies"),
            "{} differs between runs",
            fault.name()
        );
        assert!(
            sums.insert(SumKind::Sha1.text(&broken)),
            "{} makes the dump of another fault",
            fault.name()
        );
    }
    let error = apply_dump(
        &named("pool-large"),
        DumpFault::named("dump-not-closed").expect("a fault"),
    )
    .expect_err("streamed");
    assert_eq!(error.recipe, "pool-8.2");
}

/// Column texts with the references in them.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("OpaqueRef:")
        .filter_map(|(at, _)| text.get(at..at + 46))
        .filter(|reference| !reference.starts_with("OpaqueRef:NULL"))
}

#[test]
fn good_pools_have_no_dangling_reference_and_no_id_twice() {
    for (name, recipe) in recipes() {
        let Some(tree) = recipe.tree().filter(|_| recipe.kind == DumpKind::Dump) else {
            continue;
        };
        let rows = || {
            tree.tables
                .iter()
                .flat_map(|table| table.rows.iter().map(move |row| (&table.name, row)))
        };
        let (mut known, mut uuids) = (BTreeSet::new(), BTreeSet::new());
        for (table, row) in rows() {
            assert!(
                known.insert(row.reference.as_str()),
                "{name}: {table}: ref twice"
            );
            assert!(
                uuids.insert(row.uuid()) && !row.uuid().is_empty(),
                "{name}: {table}: uuid twice"
            );
            assert_eq!(row.get("_ref"), Some(row.reference.as_str()));
            assert!(row.created <= row.modified);
        }
        for (table, row) in rows() {
            for (column, text) in &row.columns {
                for reference in references(text) {
                    assert!(
                        known.contains(reference),
                        "{name}: {table}.{column} names {reference}"
                    );
                }
            }
        }
        assert_eq!(tree.rows("pool").len(), 1, "{name}");
    }
}

#[test]
fn set_sides_agree_with_the_references_they_mirror() {
    let relations = [
        ("VBD", "VM", "VM", "VBDs"),
        ("VBD", "VDI", "VDI", "VBDs"),
        ("VDI", "SR", "SR", "VDIs"),
        ("PBD", "host", "host", "PBDs"),
        ("PIF", "network", "network", "PIFs"),
        ("PIF", "bond_slave_of", "Bond", "slaves"),
        ("VM", "resident_on", "host", "resident_VMs"),
        ("VM", "snapshot_of", "VM", "snapshots"),
        ("VM", "parent", "VM", "children"),
        ("VIF", "network", "network", "VIFs"),
    ];
    let tree = named("pool-8.2").tree().expect("a tree");
    let large = parsed(&text(&DumpRecipe {
        vms: Some(2345),
        ..named("pool-large")
    }));
    for tree in [&tree, &large] {
        for (class, column, target, back) in relations {
            let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            for row in tree.rows(class) {
                members
                    .entry(row.get(column).unwrap_or_default())
                    .or_default()
                    .insert(&row.reference);
            }
            for row in tree.rows(target) {
                let set: BTreeSet<&str> = references(row.get(back).unwrap_or_default()).collect();
                assert_eq!(
                    set,
                    members.remove(row.reference.as_str()).unwrap_or_default(),
                    "{target}.{back}"
                );
            }
        }
    }
}

/// Reads back the one form that the large dump has, which needs no more than splitting.
fn parsed(text: &str) -> Dump {
    let mut dump = Dump {
        manifest: Vec::new(),
        tables: Vec::new(),
    };
    for part in text.split("<table name=\"").skip(1) {
        let (name, rows) = part.split_once('"').expect("a name");
        let mut table = xenspect_synth::dump::Table {
            name: name.to_owned(),
            rows: Vec::new(),
        };
        for row in rows.split("<row ").skip(1) {
            let body = row.split_once("/>").expect("an end").0;
            let mut columns: BTreeMap<String, String> = body
                .split("\" ")
                .map(|attribute| attribute.split_once("=\"").expect("a value"))
                .map(|(column, value)| (column.to_owned(), value.trim_end_matches('"').to_owned()))
                .collect();
            let mut take = |column: &str| columns.remove(column).expect("an attribute");
            let (reference, created, modified) = (take("ref"), take("__ctime"), take("__mtime"));
            let number = |text: String| text.parse().expect("a number");
            table.rows.push(xenspect_synth::dump::Row {
                reference,
                created: number(created),
                modified: number(modified),
                columns,
            });
        }
        dump.tables.push(table);
    }
    dump
}

#[test]
fn the_large_pool_is_sorted_and_as_large_as_it_says() {
    let vms = 2345;
    let text = text(&DumpRecipe {
        vms: Some(vms),
        ..named("pool-large")
    });
    let dump = parsed(&text);
    for table in &dump.tables {
        assert!(
            table.rows.is_sorted_by(|a, b| a.reference < b.reference),
            "{}",
            table.name
        );
    }
    assert!(dump.tables.is_sorted_by(|a, b| a.name < b.name));
    assert_eq!(dump.rows("VM").len() as u64, vms);
    assert_eq!(dump.rows("VBD").len() as u64, vms);
    // 40,000 of them make about 139 MB.
    let each = text.len() as u64 / vms;
    assert!((2300..3700).contains(&each), "{each} bytes for each VM");
}

#[test]
fn planted_secrets_are_in_the_bytes_and_all_different() {
    for (name, recipe) in recipes() {
        let text = text(&recipe);
        let mut seen = BTreeSet::new();
        for (place, secret) in recipe.planted() {
            assert!(text.contains(&secret), "{name}: {place}");
            assert!(
                secret.contains("PLANTED") && seen.insert(secret),
                "{name}: {place}"
            );
        }
        // And nothing else is one.
        let count = text.match_indices("PLANTED").count();
        let planted = seen
            .iter()
            .map(|secret| text.matches(secret.as_str()).count())
            .sum::<usize>();
        assert_eq!(count, planted, "{name}");
    }
    let places = |name: &str| {
        named(name)
            .planted()
            .into_iter()
            .map(|(place, _)| place)
            .collect::<BTreeSet<_>>()
    };
    assert!(places("pool-5.6").contains("manifest.pool_token"));
    assert!(places("pool-5.6").contains("PBD.device_config[chappassword]"));
    assert!(places("pool-8.2").contains("secret.value, chappassword-0"));
    assert!(places("pool-8.2").contains("VM.NVRAM[EFI-variables]"));
    assert!(places("pool-xs8").contains("secret.value, vtpm"));
    assert!(
        !places("bugtool-copy")
            .iter()
            .any(|place| place.starts_with("secret.value")
                || place.contains("NVRAM")
                || place.contains("backup_password"))
    );
    let pool = Recipe::named("metadata-pool").expect("a recipe");
    let text = String::from_utf8(pool.document_text().expect("a document")).expect("UTF-8");
    assert!(
        pool.planted().len() >= 7
            && pool
                .planted()
                .iter()
                .all(|(_, secret)| text.contains(secret))
    );
}

#[test]
fn each_generation_has_its_spelling() {
    let modern = text(&named("pool-8.2"));
    assert!(modern.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<database><manifest><pair key=\"schema_major_vsn\" value=\"5\"/><pair key=\"schema_minor_vsn\" value=\"603\"/>"));
    assert!(
        modern.ends_with("/></database>")
            && modern.contains("Example%.pool")
            && modern.contains("50%%%.off,%tand%.a%nline%.end")
    );
    let creedence = text(&named("pool-6.5"));
    assert!(creedence.contains("name_label=\"Example pool\"") && creedence.contains("CPU%_%_ E5"));
    let boston = text(&named("pool-6.0"));
    assert!(
        !boston.contains("__ctime") && boston.contains("<row ref=\"") && !boston.contains("<?xml")
    );
    let cowley = text(&named("pool-5.6"));
    assert!(cowley.starts_with("<database><manifest><pair key=\"installation_uuid\""));
    assert_eq!(cowley.matches("<pair ").count(), 12);
    let lines = text(&named("pool-5.6-lines"));
    assert!(lines.starts_with("<database>\r\n\t<manifest>\r\n\t\t<pair "));
    assert_eq!(lines.replace("\r\n", "").replace('\t', ""), cowley);
    let stub = text(&named("rolling-upgrade-stub"));
    assert!(
        stub.contains("value=\"103\"")
            && !stub.contains("<row")
            && stub.matches("<table").count() == 30
    );
    let bugtool = text(&named("bugtool-copy"));
    assert!(
        bugtool.starts_with("<?xml version='1.0'")
            && bugtool.contains("value=\"REMOVED\" />")
            && bugtool.contains("'backup_password'%.'REMOVED'")
    );
}

/// The columns of tables with rows in a dump this crate did not write.
#[test]
fn columns_are_those_of_a_real_dump_of_the_same_schema() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/real/pool-db/xs-6.1.0-tampa-poolofone.xml");
    let Ok(real) = std::fs::read_to_string(path) else {
        say_skipped(format_args!("skipped: the dump of 6.1 is not there"));
        return;
    };
    let (real, own) = (
        parsed_names(&real),
        parsed_names(&text(&DumpRecipe::new(66))),
    );
    assert_eq!(
        own.keys().collect::<Vec<_>>(),
        real.keys().collect::<Vec<_>>()
    );
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (table, columns) in &real {
        if let (Some(columns), Some(Some(own))) = (columns, own.get(table)) {
            compared += 1;
            if own != columns {
                wrong.push((table, own, columns));
            }
        }
    }
    assert!(
        compared > 15 && wrong.is_empty(),
        "of {compared} tables: {wrong:#?}"
    );
}

/// Tables, with the columns of their first row where they have one.
fn parsed_names(text: &str) -> BTreeMap<String, Option<Vec<String>>> {
    let mut tables = BTreeMap::new();
    for part in text.split("<table name=\"").skip(1) {
        let (name, rows) = part.split_once('"').expect("a name");
        let row = rows
            .split_once("<row ")
            .map(|(_, row)| row.split_once("/>").expect("an end").0);
        // Names stand in front of `="`, and no value holds a raw quote.
        let columns = row.map(|row| {
            row.split("=\"")
                .filter_map(|part| part.rsplit(['"', ' ']).next())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        let columns = columns.map(|mut columns| {
            columns.pop();
            columns
        });
        tables.insert(name.to_owned(), columns);
    }
    tables
}

/// `None` when xmllint is not there.
fn well_formed(bytes: &[u8]) -> Option<bool> {
    let child = Command::new("xmllint")
        .args(["--noout", "--huge", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            say_skipped(format_args!("skipped: xmllint: {error}"));
            return None;
        }
    };
    // It may stop reading at the first mistake.
    let _ = child.stdin.take().map(|mut input| input.write_all(bytes));
    Some(child.wait().expect("it ends").success())
}

#[test]
fn xmllint_accepts_what_is_well_formed_and_nothing_else() {
    for (name, recipe) in recipes() {
        if matches!(recipe.kind, DumpKind::RedoLog(_)) {
            continue;
        }
        match well_formed(&plain(&recipe)) {
            None => return,
            Some(accepted) => assert!(accepted, "{name}"),
        }
    }
    let refused = [
        "dump-cut-in-row",
        "dump-cut-between-rows",
        "dump-cut-between-tables",
        "dump-cut-after-manifest",
        "dump-not-closed",
        "dump-column-twice",
        "dump-invalid-utf8",
        "dump-unknown-entity",
        "dump-control-character",
        "dump-control-reference",
        "dump-raw-less-than",
        "dump-wrong-end-tag",
        "dump-data-after-end",
        "dump-twice",
        "dump-empty",
        "dump-deep-nesting",
    ];
    for name in refused {
        let fault = DumpFault::named(name).expect(name);
        assert_eq!(well_formed(&fault.build()), Some(false), "{name}");
    }
    let harmless =
        DumpFault::all().filter(|fault| fault.is_harmless() && fault.name().starts_with("dump-"));
    for fault in harmless {
        assert_eq!(well_formed(&fault.build()), Some(true), "{}", fault.name());
    }
}

#[test]
fn pool_documents_have_every_object_they_link_to() {
    let recipe = Recipe::named("metadata-pool").expect("a recipe");
    let document = recipe.document().expect("a document");
    let mut ids = BTreeSet::new();
    let mut uuids = BTreeSet::new();
    for object in document.objects() {
        assert!(ids.insert(object.id.as_str()), "{} twice", object.id);
        assert!(
            uuids.insert(object.text("uuid").or(object.text("vTPM'_uuid"))),
            "{}: uuid twice",
            object.class
        );
    }
    for (class, field) in [
        ("VBD", "VM"),
        ("VIF", "VM"),
        ("VIF", "network"),
        ("VDI", "SR"),
        ("VGPU", "GPU_group"),
        ("VGPU", "type"),
        ("VTPM", "vTPM'_VM"),
    ] {
        for object in document
            .objects()
            .iter()
            .filter(|object| object.class == class)
        {
            let target = object.text(field).expect("a reference");
            assert!(ids.contains(target), "{class}.{field} names {target}");
        }
    }
    let snapshots = document.objects().iter().filter(|object| {
        object.class == "VM" && ids.contains(object.text("snapshot_of").unwrap_or_default())
    });
    assert_eq!(snapshots.count(), 2);
    assert_eq!(recipe.members().len(), 1);
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{what}");
}
