//! `xenspect inspect`: what is in a backup, and where something is in many.

use std::time::{SystemTime, UNIX_EPOCH};

use xenspect_inventory as inventory;
use xenspect_model::inventory::{
    Cell, FindInput, FindReport, Inventory, InventoryReport, Item, SCHEMA,
};
use xenspect_report::inspect::{csv, find, human, json, markdown};
use xenspect_scan::{Catalog, Depth, Options, scan};

use super::each;
use crate::args::{Form, Inspect};
use crate::exit::Exit;
use crate::host_files;
use crate::messages::say;
use crate::output::{self, tool};
use crate::reading::within;

/// Shows the inputs, or what was found in them.
pub(crate) fn run(command: &Inspect) -> Exit {
    if let Some(text) = &command.find {
        return search(command, text);
    }
    if command.format == Form::Csv && command.table.is_none() {
        say(format_args!(
            "--format csv shows one table; --table takes one of: {}",
            inventory::NAMES.join(", ")
        ));
        return Exit::Failed;
    }
    let wanted = command.table.iter().chain(&command.section);
    if let Some(unknown) = wanted
        .into_iter()
        .find(|name| !inventory::NAMES.contains(&name.as_str()))
    {
        say(format_args!(
            "there is no section {}; there are: {}",
            output::escaped(unknown),
            inventory::NAMES.join(", ")
        ));
        return Exit::Failed;
    }
    let options = description_only(command);
    let done = each::input(
        &command.inputs,
        command.recursive,
        (command.quiet.quiet, command.care),
        |name, source, progress| {
            let catalog = scan(source, &options, progress)?;
            Ok(match command.database {
                true => of_database(name, &catalog),
                false => inventory::of(name, &catalog),
            })
        },
        |name, failure| Inventory::unreadable(name, failure.to_string()),
    );
    let mut report = InventoryReport {
        schema: SCHEMA,
        tool: tool(),
        inputs: done.results,
    };
    let mut exit = done.exit;
    for input in &mut report.inputs {
        // How old something is depends on the day, and what programs are given must not.
        if command.format == Form::Human {
            inventory::with_age(input, now());
        }
        if input.kind.is_some() && input.error.is_some() {
            // What is there of a broken input is shown.
            exit = exit.max(match input.sections.is_empty() {
                true => Exit::Failed,
                false => Exit::Findings,
            });
        }
        exit = exit.max(keep_wanted(input, command));
    }
    show(command, &report, exit)
}

/// The records of the newest pool database in a host backup; anything else as it is.
fn of_database(name: &str, catalog: &Catalog) -> Inventory {
    let Some(backup) = catalog.host_backup() else {
        return inventory::of(name, catalog);
    };
    match inventory::newest_database(backup) {
        Some((path, dump)) => {
            let mut inventory = inventory::of_dump(name, dump);
            let which = Item {
                name: "database",
                label: "database",
                value: Cell::Text(path.to_owned()),
            };
            inventory.summary.insert(0, which);
            inventory
        }
        None => Inventory {
            kind: Some(catalog.kind()),
            envelope: Some(catalog.envelope()),
            ..Inventory::unreadable(
                name.to_owned(),
                "There is no pool database in it that can be read.".to_owned(),
            )
        },
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

/// Of an input, only the front is looked at; a pool database is read whole and not judged.
fn description_only(command: &Inspect) -> Options {
    let options = Options {
        depth: Depth::Metadata,
        ..host_files::options()
    };
    within(options, command.care)
}

/// Leaves the sections that were asked for.
fn keep_wanted(input: &mut Inventory, command: &Inspect) -> Exit {
    let names: Vec<&String> = command.table.iter().chain(&command.section).collect();
    if names.is_empty() || input.kind.is_none() {
        return Exit::Good;
    }
    match input.keep(&names) {
        Ok(()) => Exit::Good,
        Err(name) => {
            let path = output::escaped(&input.path);
            let kind = input.kind.map_or("input", |kind| kind.phrase());
            say(format_args!(
                "{path}: a {kind} has no section {name}; it has: {}",
                sections(input)
            ));
            input.sections.clear();
            Exit::Failed
        }
    }
}

fn sections(input: &Inventory) -> String {
    let names: Vec<_> = input.sections.iter().map(|section| section.name).collect();
    names.join(", ")
}

fn show(command: &Inspect, report: &InventoryReport, exit: Exit) -> Exit {
    let table = command.table.as_deref();
    output::report(exit, |mut out| match (command.format, table) {
        (Form::Human, _) => {
            let style = output::style(command.colour.color, command.verbose);
            human::write(report, &style, &mut out)
        }
        (Form::Json, None) => json::write(report, &mut out),
        (Form::Json, Some(table)) => json::write_table(report, table, &mut out),
        (Form::Markdown, None) => markdown::write(report, &mut out),
        (Form::Markdown, Some(table)) => markdown::write_table(report, table, &mut out),
        (Form::Csv, table) => csv::write_table(report, table.unwrap_or_default(), &mut out),
    })
}

/// Finding nothing is exit status 1, as with `grep`.
fn search(command: &Inspect, text: &str) -> Exit {
    if !matches!(command.format, Form::Human | Form::Json) {
        say("--find shows its results with --format human or json");
        return Exit::Failed;
    }
    let options = description_only(command);
    let done = each::input(
        &command.inputs,
        command.recursive,
        (command.quiet.quiet, command.care),
        |name, source, progress| {
            let catalog = scan(source, &options, progress)?;
            Ok(inventory::find_in(name, &catalog, text))
        },
        |name, failure| FindInput::unreadable(name, failure.to_string()),
    );
    let report = FindReport {
        schema: SCHEMA,
        tool: tool(),
        text: text.to_owned(),
        inputs: done.results,
    };
    let found = report.inputs.iter().any(|input| !input.hits.is_empty());
    let broken = |input: &FindInput| input.kind.is_some() && input.error.is_some();
    let exit = match done.exit {
        Exit::Good if !found || report.inputs.iter().any(broken) => Exit::Findings,
        exit => exit,
    };
    output::report(exit, |mut out| match command.format {
        Form::Json => find::json(&report, &mut out),
        _ => {
            let style = output::style(command.colour.color, command.verbose);
            find::human(&report, &style, &mut out)
        }
    })
}
