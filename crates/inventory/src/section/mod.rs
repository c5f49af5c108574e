//! The sections of an inventory, as tables. A reading of a class is in [`crate::view`]; which columns there are, their
//! order and their rank is here. Names of sections and columns are part of the JSON contract.

mod appliance;
mod devices;
mod disks;
mod export;
mod hosts;
mod nics;
mod pool;
mod snapshots;
mod srs;
mod vms;

use std::borrow::Cow;
use std::thread;

use xenspect_model::inventory::{Cell, Column, ColumnKind, Section, Table};
use xenspect_xapi::datamodel::DateTime;

pub(crate) use appliance::of_appliance;
pub(crate) use disks::Stored;
pub(crate) use export::of_version;

use crate::bounded::clip;
use crate::{Record, Relations, iso_8601};

/// The machine names of all sections, in the order in which they are shown. A kind of input has some of them, whether
/// or not they have rows.
pub const NAMES: [&str; 22] = [
    "pool",
    "export",
    "identity",
    "hosts",
    "nics",
    "networkd",
    "management",
    "networks",
    "srs",
    "vms",
    "vifs",
    "templates",
    "snapshots",
    "disks",
    "orphans",
    "devices",
    "certificates",
    "packages",
    "rpms",
    "folders",
    "databases",
    "sensitive",
];

/// The sections of a pool database. The large ones are made at the same time, as far as the system has threads for them.
pub(crate) fn of_pool(relations: &Relations<'_>) -> Vec<Section> {
    thread::scope(|scope| {
        let large = [vms::vms, nics::vifs, disks::of_pool, disks::orphans];
        let large = large.map(|section| {
            let thread = thread::Builder::new().spawn_scoped(scope, move || section(relations));
            (section, thread.ok())
        });
        let pool = pool::pool(relations);
        let hosts = hosts::hosts(relations);
        let nics = nics::nics(relations);
        let networks = nics::networks(relations);
        let srs = srs::srs(relations);
        let templates = vms::templates(relations);
        let snapshots = snapshots::snapshots(relations);
        let devices = devices::devices(relations);
        let certificates = hosts::certificates(relations);
        let [vms, vifs, disks, orphans] =
            large.map(
                |(section, thread)| match thread.map(thread::ScopedJoinHandle::join) {
                    Some(Ok(made)) => made,
                    Some(Err(panic)) => std::panic::resume_unwind(panic),
                    None => section(relations),
                },
            );
        vec![
            pool,
            hosts,
            nics,
            networks,
            srs,
            vms,
            vifs,
            templates,
            snapshots,
            disks,
            orphans,
            devices,
            certificates,
        ]
    })
}

/// The sections of an export, without the first, which is of its version; `stored` tells what its archive holds of a
/// disk.
pub(crate) fn of_export(relations: &Relations<'_>, stored: Stored<'_>) -> Vec<Section> {
    vec![
        nics::networks(relations),
        srs::srs(relations),
        vms::vms(relations),
        nics::vifs(relations),
        vms::templates(relations),
        snapshots::snapshots(relations),
        disks::of_export(relations, stored),
        devices::devices(relations),
    ]
}

pub(crate) fn section(name: &'static str, title: &'static str, table: Table) -> Section {
    Section {
        name,
        title,
        table,
        foremost: None,
    }
}

pub(crate) const fn text(name: &'static str, title: &'static str) -> Column {
    Column::new(name, title, ColumnKind::Text)
}

pub(crate) const fn int(name: &'static str, title: &'static str) -> Column {
    Column::new(name, title, ColumnKind::Int)
}

pub(crate) const fn bytes(name: &'static str, title: &'static str) -> Column {
    Column::new(name, title, ColumnKind::Bytes)
}

pub(crate) const fn flag(name: &'static str, title: &'static str) -> Column {
    Column::new(name, title, ColumnKind::Bool)
}

pub(crate) const fn time(name: &'static str, title: &'static str) -> Column {
    Column::new(name, title, ColumnKind::Time)
}

pub(crate) const fn list(name: &'static str, title: &'static str) -> Column {
    Column::new(name, title, ColumnKind::List)
}

/// What to call a record by that is referred to.
fn title(record: Option<Record<'_>>) -> Cell {
    shared(record.map(|record| record.title()))
}

/// Text of a record that is referred to.
fn shared(text: Option<Cow<'_, str>>) -> Cell {
    text.map(clip).into()
}

pub(crate) fn date(date: Option<DateTime>) -> Cell {
    date.map_or(Cell::None, |date| Cell::Time(iso_8601(date)))
}

pub(crate) fn number(n: usize) -> Cell {
    Cell::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

pub(crate) fn names(names: Vec<Cow<'_, str>>) -> Cell {
    Cell::List(names.into_iter().map(Cow::into_owned).collect())
}

/// A key to sort by as people do: case does not count, and numbers in a text go by their value.
pub(crate) fn natural(text: &str) -> Vec<(bool, u64, String)> {
    let mut key = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_digit = rest.starts_with(|c: char| c.is_ascii_digit());
        let end = rest
            .find(|c: char| c.is_ascii_digit() != is_digit)
            .unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        key.push(match part.parse() {
            Ok(number) if is_digit => (false, number, String::new()),
            _ => (true, 0, part.to_lowercase()),
        });
        rest = after;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_knows_numbers() {
        let mut names = ["eth10", "Eth2", "eth1", "bond0", "eth"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["bond0", "eth", "eth1", "Eth2", "eth10"]);
    }
}
