//! Documents made to make tables grow or looking never end.

use std::fmt::Write;
use std::time::{Duration, Instant};

use xenspect_inventory::{Store, find, of_store};
use xenspect_model::inventory::Cell;
use xenspect_xapi::db::{Database, DumpLimits};

/// Far more than any of these takes, far less than they took if something were squared.
const SOON: Duration = Duration::from_secs(60);

fn inventory(tables: &str) -> (usize, Vec<usize>) {
    let dump = format!("<database><manifest></manifest>{tables}</database>");
    let database = Database::read(dump.as_bytes(), &DumpLimits::default()).unwrap();
    let start = Instant::now();
    let (_, sections) = of_store(Store::Pool(&database));
    let _ = find(Store::Pool(&database), "x");
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Time(text) => text.len(),
        Cell::List(items) => items.iter().map(String::len).sum(),
        _ => 0,
    };
    let rows = sections.iter().flat_map(|section| &section.table.rows);
    let bytes = rows.flatten().map(cell).sum();
    (
        bytes,
        sections
            .iter()
            .map(|section| section.table.rows.len())
            .collect(),
    )
}

#[test]
fn a_long_name_that_all_share_is_cut() {
    let mut tables = format!(
        "<table name=\"network\"><row ref=\"n\" name__label=\"{0}\" bridge=\"{0}\"/></table><table name=\"VIF\">",
        "x".repeat(1 << 20)
    );
    for number in 0..2000 {
        write!(tables, "<row ref=\"v{number}\" network=\"n\"/>").unwrap();
    }
    tables.push_str("</table>");
    let (bytes, _) = inventory(&tables);
    assert!(bytes < 8 << 20, "{bytes}");
}

#[test]
fn circles_and_chains_of_snapshots_end() {
    let mut tables = "<table name=\"VM\"><row ref=\"v\" parent=\"s0\"/>".to_owned();
    for number in 0..20_000 {
        let parent = (number + 1) % 20_000;
        write!(
            tables,
            "<row ref=\"s{number}\" is_a_snapshot=\"true\" snapshot_of=\"v\" parent=\"s{parent}\"/>"
        )
        .unwrap();
    }
    tables.push_str(
        "<row ref=\"own\" is_a_snapshot=\"true\" snapshot_of=\"own\" parent=\"own\"/></table>",
    );
    let (_, rows) = inventory(&tables);
    // Each of them once, below one line for the VM; the last belongs to nothing but itself.
    assert!(rows.contains(&20_003), "{rows:?}");
}

#[test]
fn many_things_of_one_do_not_take_for_ever() {
    let mut tables = "<table name=\"host\"><row ref=\"h\"/></table><table name=\"VDI\"><row ref=\"d\" SR=\"s\"/></table>\
        <table name=\"SR\"><row ref=\"s\"/></table><table name=\"PBD\">"
        .to_owned();
    const MANY: usize = 30_000;
    for number in 0..MANY {
        write!(
            tables,
            "<row ref=\"p{number}\" SR=\"s\" host=\"h\" device_config=\"(('device' 'x{number}'))\"/>"
        )
        .unwrap();
    }
    tables.push_str("</table><table name=\"VM\">");
    for number in 0..MANY {
        write!(
            tables,
            "<row ref=\"v{number}\" guest_metrics=\"g\" resident_on=\"h\"/>"
        )
        .unwrap();
    }
    tables.push_str("</table><table name=\"VBD\">");
    for number in 0..MANY {
        write!(
            tables,
            "<row ref=\"b{number}\" VM=\"v{number}\" VDI=\"d\"/>"
        )
        .unwrap();
    }
    let networks: String = (0..100_000)
        .map(|n| format!("('0/ipv4/{n}' 'a{n}') "))
        .collect();
    write!(
        tables,
        "</table><table name=\"VM_guest_metrics\"><row ref=\"g\" networks=\"({networks})\"/></table>"
    )
    .unwrap();
    let (_, rows) = inventory(&tables);
    assert!(rows.contains(&MANY));
}

#[test]
fn nothing_is_nothing() {
    let (bytes, rows) = inventory("");
    assert_eq!((bytes, rows.iter().sum::<usize>()), (0, 0));
}

#[test]
fn a_login_in_a_name_or_a_place_is_not_shown() {
    let dump = br#"<database><manifest/><table name="VDI"><row ref="OpaqueRef:1" location="https://me:hunter2@nas/x" name__label="smb://me:hunter2@nas" tags="('ftp://me:hunter2@nas')" uuid="u"/></table></database>"#;
    let database = Database::read(dump, &DumpLimits::default()).unwrap();
    let (_, sections) = of_store(Store::Pool(&database));
    let shown = format!("{sections:?} {:?}", find(Store::Pool(&database), "nas"));
    assert!(
        shown.contains("nas") && !shown.contains("hunter2"),
        "{shown}"
    );
}
