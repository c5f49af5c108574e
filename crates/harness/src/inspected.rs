//! What is in an input as tables, what a search finds, where its secrets are, and all of it shown.

use xenspect_inventory as inventory;
use xenspect_model::Catalog;
use xenspect_model::inventory::{self as tables, FindReport, Inventory, InventoryReport};
use xenspect_model::report::Tool;
use xenspect_model::secret::{self, SecretsReport};
use xenspect_report::inspect::{csv, find, human, json, markdown};
use xenspect_report::secrets;

use crate::shown::{check_json, check_page, harmless, styles};

/// Searched for: part of a name, and two texts of the seeds that chains hang on.
const SEARCHED: [&str; 3] = ["e", "00:16:3e:00:00:01", "OpaqueRef:1"];

/// What `inspect` and `secrets` show of a catalog.
///
/// Invariants:
/// - sections are known ones, each row has a cell for each column, no hit is beyond the limit;
/// - the pages are harmless and no line of them is too wide, Markdown and CSV are harmless, JSON is
///   JSON; a table as JSON has an object for each row.
///
/// # Panics
///
/// When one of them does not hold.
pub(crate) fn check(catalog: &Catalog) {
    let inventory = inventory::of("input", catalog);
    check_tables(&inventory);
    let report = InventoryReport {
        schema: tables::SCHEMA,
        tool: tool(),
        inputs: vec![inventory],
    };
    for style in styles() {
        check_page(written(|w| human::write(&report, &style, w)), &style);
    }
    check_json(written(|w| json::write(&report, w)));
    harmless(written(|w| markdown::write(&report, w)));
    for section in &report.inputs[0].sections {
        if section.table.rows.is_empty() {
            continue;
        }
        let name = section.name;
        let rows = check_json(written(|w| json::write_table(&report, name, w)));
        let rows = rows.as_array().map(Vec::len);
        assert_eq!(rows, Some(section.table.rows.len()), "{name}");
        harmless(written(|w| markdown::write_table(&report, name, w)));
        let csv = written(|w| csv::write_table(&report, name, w));
        let csv = harmless(String::from_utf8_lossy(&csv).replace("\r\n", "\n").into());
        assert_eq!(csv.lines().count(), section.table.rows.len() + 1, "{name}");
    }
    check_search(catalog);
    check_secrets(catalog);
}

fn tool() -> Tool {
    Tool {
        name: "xenspect".to_owned(),
        version: "0.0.0".to_owned(),
    }
}

fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out).expect("memory takes all");
    out
}

fn check_tables(inventory: &Inventory) {
    for section in &inventory.sections {
        assert!(inventory::NAMES.contains(&section.name), "{}", section.name);
        let columns = section.table.columns.len();
        let rows = &section.table.rows;
        assert!(
            rows.iter().all(|row| row.len() == columns),
            "{}",
            section.name
        );
        assert!(
            section
                .foremost
                .is_none_or(|foremost| foremost <= rows.len())
        );
    }
}

fn check_search(catalog: &Catalog) {
    for text in SEARCHED {
        let found = inventory::find_in("input", catalog, text);
        assert!(found.hits.len() <= inventory::MAX_HITS);
        assert!(found.omitted == 0 || found.hits.len() == inventory::MAX_HITS);
        let report = FindReport {
            schema: tables::SCHEMA,
            tool: tool(),
            text: text.to_owned(),
            inputs: vec![found],
        };
        for style in styles() {
            check_page(written(|w| find::human(&report, &style, w)), &style);
        }
        check_json(written(|w| find::json(&report, w)));
    }
}

fn check_secrets(catalog: &Catalog) {
    let report = SecretsReport {
        schema: secret::SCHEMA,
        tool: tool(),
        inputs: vec![inventory::secrets("input".to_owned(), catalog, true)],
    };
    for style in styles() {
        check_page(written(|w| secrets::write(&report, &style, w)), &style);
    }
    check_json(written(|w| secrets::write_json(&report, w)));
}
