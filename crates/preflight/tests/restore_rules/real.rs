//! Real dumps against each other: the host of each is the target of all. They are kept beside the repository.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use xenspect_model::Catalog;
use xenspect_model::target::Target;
use xenspect_scan::{Options, Progress, Source, scan};

use crate::build::{NEW_DOM0_UUID, NEW_UUID, nic, run};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/real/pool-db"
);

/// What a dump shows of its coordinator's xapi and NICs.
fn target(catalog: &Catalog) -> Option<Target> {
    let Catalog::Dump(dump) = catalog else {
        return None;
    };
    let database = &dump.database;
    let (major, minor) = database.schema()?;
    let mut target = Target::default();
    target.product.schema = Some(format!("{major}.{minor}"));
    target.host.installation_uuid = Some(NEW_UUID.to_owned());
    target.host.control_domain_uuid = Some(NEW_DOM0_UUID.to_owned());
    let columns: BTreeMap<String, BTreeSet<String>> = database
        .tables()
        .map(|table| {
            let rows = table.rows();
            let names = rows.flat_map(|row| {
                row.columns()
                    .map(|(name, _)| name.to_owned())
                    .collect::<Vec<_>>()
            });
            (table.name().to_owned(), names.collect())
        })
        .collect();
    target.columns = Some(columns);
    let pool = database.table("pool")?.rows().next()?;
    let master = pool.text("master")?;
    let mut nics = Vec::new();
    for pif in database.table("PIF")?.rows() {
        if pif.text("host")? == master && pif.text("physical")? == "true" {
            let mut nic = nic(&pif.text("device")?, nics.len());
            nic.mac = Some(pif.text("MAC")?.into_owned());
            nic.pci = None;
            nic.management = Some(pif.text("management")? == "true");
            nics.push(nic);
        }
    }
    target.nics = Some(nics);
    Some(target)
}

#[test]
fn real_dumps_against_each_other() {
    let Ok(folder) = std::fs::read_dir(Path::new(FOLDER)) else {
        say_skipped(format_args!("SKIPPED: no sample data"));
        return;
    };
    let mut files: Vec<_> = folder
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let mut catalogs = Vec::new();
    for file in files {
        let source = Source::open(&file).unwrap();
        if let Ok(catalog) = scan(source, &Options::default(), &Progress::default()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            catalogs.push((name, catalog));
        }
    }
    assert!(catalogs.len() > 5);
    let targets: Vec<_> = catalogs
        .iter()
        .map(|(name, catalog)| (name, target(catalog)))
        .collect();
    assert!(
        targets
            .iter()
            .filter(|(_, target)| target.is_some())
            .count()
            > 5
    );
    for (name, catalog) in &catalogs {
        let Catalog::Dump(dump) = catalog else {
            continue;
        };
        for (other, target) in &targets {
            let Some(target) = target else { continue };
            let report = run(catalog, target.clone());
            let schema = dump
                .database
                .schema()
                .map(|(major, minor)| format!("{major}.{minor}"));
            let errors: Vec<&str> = report
                .preflight
                .xapi_error
                .iter()
                .chain(&report.preflight.further_errors)
                .map(|error| error.code.as_str())
                .collect();
            let pair = format!("{name} to {other}: {errors:?}");
            if schema != target.product.schema {
                assert_ne!(report.preflight.accepted, Some(true), "{pair}");
                let by_version = |code: &&str| {
                    matches!(*code, "RESTORE_INCOMPATIBLE_VERSION" | "INTERNAL_ERROR")
                };
                assert!(
                    errors.first().is_some_and(by_version) || schema.is_none(),
                    "{pair}"
                );
            } else if name == *other && dump.database.is_complete() {
                assert!(!errors.contains(&"RESTORE_INCOMPATIBLE_VERSION"), "{pair}");
                assert!(!errors.contains(&"RESTORE_TARGET_MISSING_DEVICE"), "{pair}");
                assert_eq!(report.preflight.accepted, Some(true), "{pair}");
            }
        }
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
fn say_skipped(what: std::fmt::Arguments<'_>) {
    eprintln!("{what}");
}
