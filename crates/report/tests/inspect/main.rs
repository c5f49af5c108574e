//! Renderers of inventories, on the made-up pool of the inventory crate and on the real samples.

mod formats;
mod page;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use xenspect_inventory::{Store, find, of_store};
use xenspect_model::inventory::{FindInput, FindReport, Inventory, InventoryReport, SCHEMA};
use xenspect_model::report::{Envelope, Kind, Tool};
use xenspect_report::human::Style;
use xenspect_xapi::db::{Database, DumpLimits};

fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0.0.0".to_owned(),
    }
}

fn report(inputs: Vec<Inventory>) -> InventoryReport {
    InventoryReport {
        schema: SCHEMA,
        tool: tool(),
        inputs,
    }
}

fn of(path: &str, kind: Kind, store: Store<'_>) -> Inventory {
    let (summary, sections) = of_store(store);
    Inventory {
        kind: Some(kind),
        envelope: Some(Envelope::Plain),
        error: None,
        summary,
        sections,
        ..Inventory::unreadable(path.to_owned(), String::new())
    }
}

fn with_pool<T>(look: impl FnOnce(Store<'_>) -> T) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../inventory/tests/data/pool.xml");
    let dump = std::fs::read(path).unwrap();
    let database = Database::read(&dump, &DumpLimits::default()).unwrap();
    look(Store::Pool(&database))
}

fn pool() -> Inventory {
    with_pool(|store| of("pool.xml", Kind::PoolDb, store))
}

fn search(texts: &str) -> FindReport {
    with_pool(|store| {
        let (hits, omitted) = find(store, texts);
        FindReport {
            schema: SCHEMA,
            tool: tool(),
            text: texts.to_owned(),
            inputs: vec![FindInput {
                path: "pool.xml".to_owned(),
                kind: Some(Kind::PoolDb),
                error: None,
                hits,
                omitted,
            }],
        }
    })
}

fn shown(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn assert_fits(text: &str, style: &Style, what: &str) {
    for line in text.lines() {
        let columns = xenspect_report::text::columns(line);
        assert!(columns <= style.width, "{what}: {columns} columns: {line}");
        assert!(!line.contains(|c: char| c.is_control()), "{what}: {line:?}");
        assert_eq!(line.trim_end(), line, "{what}");
    }
}

/// The real samples of a folder, or none with a message.
fn samples(folder: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    let Ok(files) = std::fs::read_dir(root.join(folder)) else {
        // Straight to standard error: the test harness hides what its own macros print.
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no sample data at {}",
            root.display()
        );
        return Vec::new();
    };
    let paths = files.map(|file| file.unwrap().path());
    let samples: Vec<_> = paths
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    assert!(!samples.is_empty());
    samples
}
