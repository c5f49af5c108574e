//! The page for people, and search results.

use xenspect_inventory::Store;
use xenspect_model::inventory::{Cell, Column, ColumnKind, Inventory, Section, Table};
use xenspect_model::report::Kind;
use xenspect_report::human::Style;
use xenspect_report::inspect;
use xenspect_xapi::Limits;
use xenspect_xapi::db::{Database, DumpLimits};

use super::{assert_fits, of, pool, report, samples, search, shown};

fn page(inputs: Vec<Inventory>, style: &Style) -> String {
    let report = report(inputs);
    let text = shown(|out| inspect::human::write(&report, style, out));
    if !style.color {
        assert_fits(&text, style, "page");
    }
    text
}

#[test]
fn the_page_of_a_pool() {
    insta::assert_snapshot!(page(vec![pool()], &Style::default()));
}

#[test]
fn the_page_in_ascii_and_narrow() {
    let style = Style {
        width: 60,
        unicode: false,
        ..Style::default()
    };
    let text = page(vec![pool()], &style);
    assert!(text.is_ascii());
    insta::assert_snapshot!(text);
}

/// Facts of a host's files: keys, values, and the file each is from.
fn facts(rows: &[[&str; 3]]) -> Inventory {
    let text = |name, title| Column::new(name, title, ColumnKind::Text);
    let mut table = Table::new(&[
        text("key", "key"),
        text("value", "value"),
        text("file", "from").rank(1),
    ]);
    let rows = rows.iter();
    table.rows = rows.map(|row| row.map(Cell::text).into()).collect();
    Inventory {
        path: "host.xbk".to_owned(),
        kind: Some(Kind::HostBackup),
        envelope: None,
        error: None,
        summary: Vec::new(),
        sections: vec![Section {
            name: "disks",
            title: "Disks",
            table,
            foremost: None,
        }],
    }
}

#[test]
fn facts_stand_below_the_file_that_tells_them() {
    let disk = "/dev/disk/by-id/scsi-36848f690e7b5f2002c1d0c2a0b1e7c55-part2";
    let facts = facts(&[
        ["PRIMARY_DISK", "/dev/sda", "etc/xensource-inventory"],
        ["BACKUP_PARTITION", disk, "etc/xensource-inventory"],
        ["mounted at /", "LABEL=root-abc\u{1b}[2J", "etc/fstab"],
    ]);
    let expected = format!(
        "host.xbk  host backup\n\nDisks (3)\n  etc/xensource-inventory\n    PRIMARY_DISK      /dev/sda\n    \
         BACKUP_PARTITION\n      {disk}\n  etc/fstab\n    mounted at /      LABEL=root-abc\\u{{1b}}[2J\n"
    );
    assert_eq!(page(vec![facts], &Style::default()), expected);
}

#[test]
fn facts_of_any_length_fit() {
    let (key, blanks) = ("k".repeat(300), "v ".repeat(300));
    let value = "v".repeat(300);
    for width in [60, 80] {
        for (key, value) in [(&key, &blanks), (&key, &value), (&"k".to_owned(), &value)] {
            let facts = facts(&[[key, value, value]]);
            let style = Style {
                width,
                ..Style::default()
            };
            assert!(page(vec![facts], &style).contains('v'));
        }
    }
}

#[test]
fn verbose_shows_every_fact() {
    let style = Style {
        verbose: true,
        ..Style::default()
    };
    let mut pool = pool();
    pool.keep(&["vms", "snapshots"]).unwrap();
    insta::assert_snapshot!(page(vec![pool], &style));
}

#[test]
fn colours_change_nothing_else() {
    let style = Style {
        color: true,
        ..Style::default()
    };
    let coloured = page(vec![pool()], &style);
    let plain = page(vec![pool()], &Style::default());
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        bare.push_str(&rest[..at]);
        rest = &rest[at..][rest[at..].find('m').unwrap() + 1..];
    }
    bare.push_str(rest);
    assert_eq!(bare, plain);
}

#[test]
fn long_tables_end_early_and_say_so() {
    let mut table = Table::new(&[Column::new("name", "name", ColumnKind::Text)]);
    table.rows = (0..40_000)
        .map(|n| vec![Cell::text(format!("vm {n}"))])
        .collect();
    let section = Section {
        name: "vms",
        title: "VMs",
        table,
        foremost: None,
    };
    let mut inventory = Inventory::unreadable("big.xml".to_owned(), "It is cut.".to_owned());
    inventory.sections = vec![section];
    let text = page(vec![inventory], &Style::default());
    assert!(
        text.starts_with("big.xml\n  It is cut.\n\nVMs (40,000)\n"),
        "{text}"
    );
    assert!(
        text.ends_with("  vm 99\n  … 39,900 more; `--table vms --format csv` lists all\n"),
        "{text}"
    );
}

#[test]
fn what_a_search_found() {
    let style = Style::default();
    let mut text = String::new();
    for query in [
        "0000002c-0000-4000-8000-00000000002c",
        "02-11-22-33-44-55",
        "nothing \u{1b}[2J",
    ] {
        let report = search(query);
        text += &shown(|out| inspect::find::human(&report, &style, out));
    }
    assert_fits(&text, &style, "find");
    insta::assert_snapshot!(text);
}

#[test]
fn pages_of_real_samples_fit() {
    let styles = [60, 80, 120].map(|width| Style {
        width,
        ..Style::default()
    });
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let mut inventories = Vec::new();
    for (path, bytes) in samples("pool-db") {
        let database = Database::read(&bytes, &DumpLimits::default()).unwrap();
        inventories.push(of(
            &path.to_string_lossy(),
            Kind::PoolDb,
            Store::Pool(&database),
        ));
    }
    for (path, bytes) in samples("ova-xml") {
        let export = xenspect_xapi::export::parse(&bytes, &Limits::default()).unwrap();
        inventories.push(of(
            &path.to_string_lossy(),
            Kind::OvaXml,
            Store::Export(&export),
        ));
    }
    for mut inventory in inventories {
        let path = inventory.path.rsplit('/').next().unwrap().to_owned();
        inventory.path.clone_from(&path);
        for style in styles.iter().chain([&verbose]) {
            let text = page(vec![inventory.clone()], style);
            assert!(text.starts_with(&path), "{path}");
        }
    }
}
