//! The inputs of a comparison, opened: what each is is told by its contents. What differs is for others.

use std::path::{Path, PathBuf};

use xenspect_diff::{Side, is_compared_by_key};
use xenspect_inventory::into_newest_database;
use xenspect_model::Catalog;
use xenspect_model::catalog::FileTable;
use xenspect_scan::{Depth, Error, Options, Progress, Source, Sums, TreeLimits, scan, tree};
use xenspect_target as target;

use crate::inputs::Target as Place;
use crate::interrupt::Interrupt;
use crate::reading::{self, Failure};

/// How inputs are read.
pub(crate) struct Reading<'a> {
    /// No progress and no remarks.
    pub(crate) quiet: bool,
    /// Read all blocks, whatever the sums beside them say.
    pub(crate) read_blocks: bool,
    pub(crate) interrupt: &'a Interrupt,
}

/// One input of a comparison.
#[derive(Debug)]
pub(crate) struct Compared {
    path: String,
    member: Option<String>,
    catalog: Option<Catalog>,
    files: Option<FileTable>,
}

impl Compared {
    /// What is compared.
    pub(crate) fn side(&self) -> Side<'_> {
        Side {
            path: &self.path,
            member: self.member.as_deref(),
            catalog: self.catalog.as_ref(),
            files: self.files.as_ref(),
        }
    }
}

/// Reads one input.
pub(crate) fn read(path: &Path, how: &Reading<'_>) -> Result<Compared, Failure> {
    let place = Place::of(path);
    let name = reading::name(&place);
    // A pipe can be read but once, and is taken for what has its records at the front.
    if let Place::Given(_) = place {
        let table = reading::read(&place, how.quiet, how.interrupt, |source, progress| {
            files(source, progress)
        })?;
        if let Some(table) = table {
            return Ok(of_files(name, table));
        }
    }
    let options = options(how.read_blocks);
    let catalog = reading::read(&place, how.quiet, how.interrupt, |source, progress| {
        scan(source, &options, progress)
    })?;
    if how.interrupt.is_raised() {
        return Err(Failure::NotScanned(Error::Interrupted));
    }
    if let Catalog::Host(mut backup) = catalog {
        let (member, dump) = into_newest_database(&mut backup).unzip();
        return Ok(Compared {
            path: name,
            member,
            catalog: dump.map(Catalog::Dump),
            files: Some(backup.tree),
        });
    }
    Ok(Compared {
        path: name,
        member: None,
        catalog: Some(catalog),
        files: None,
    })
}

/// The files of a host backup; `None` where it is something else. A device holds none, and would be read to its end.
fn files(source: Source, progress: &Progress) -> Result<Option<FileTable>, Error> {
    if !matches!(source, Source::File { .. }) {
        return Ok(None);
    }
    let wanted = |path: &str| target::is_database(path) || is_compared_by_key(path);
    let limits = TreeLimits::default();
    tree(source, &wanted, &limits, &Options::default(), progress)
}

/// A host backup, with the newest pool database in it. What could not be read of it is told by the report.
fn of_files(path: String, mut table: FileTable) -> Compared {
    let names: Vec<String> = table.contents.keys().cloned().collect();
    let databases = names.into_iter().filter(|name| target::is_database(name));
    let databases = databases.filter_map(|name| table.contents.remove_entry(&name));
    let newest = target::newest_database(databases.collect());
    let scanned = newest.map(|(member, bytes)| {
        let source = Source::memory(bytes);
        let catalog = scan(source, &options(false), &Progress::default());
        (member, catalog)
    });
    let (member, catalog) = match scanned {
        Some((member, Ok(catalog))) => (Some(member), Some(catalog)),
        Some((member, Err(error))) => {
            // Its files can be compared all the same.
            let remark = format!("its pool database {member} cannot be read: it {error}");
            table.remarks.push(remark);
            table.incomplete = true;
            (None, None)
        }
        None => (None, None),
    };
    Compared {
        path,
        member,
        catalog,
        files: Some(table),
    }
}

/// Stored sums need no block to be read.
fn options(read_blocks: bool) -> Options {
    let (depth, sums) = if read_blocks {
        (Depth::Full, Sums::Computed)
    } else {
        (Depth::Headers, Sums::Stored)
    };
    Options {
        depth,
        sums,
        host_files: is_compared_by_key,
        digests: true,
        ..Options::default()
    }
}

/// Puts inputs in the order of the newest date in each; `Err` where one has none.
pub(crate) fn order_by_date(
    inputs: &mut [PathBuf],
    how: &Reading<'_>,
) -> Result<(), (PathBuf, Failure)> {
    let mut dated = Vec::with_capacity(inputs.len());
    for path in &*inputs {
        if path.as_os_str() == "-" {
            let reason = "cannot be read twice, so `--by-date` cannot tell its date";
            return Err((path.clone(), Failure::NotOpened(reason.to_owned())));
        }
        let input = read(path, how).map_err(|failure| (path.clone(), failure))?;
        let Some(date) = input.side().newest_date() else {
            let reason = "has no date in it; leave `--by-date` away, and give the inputs in order";
            return Err((path.clone(), Failure::NotOpened(reason.to_owned())));
        };
        dated.push((date, path.clone()));
    }
    dated.sort_by(|a, b| a.0.cmp(&b.0));
    for (slot, (_, path)) in inputs.iter_mut().zip(dated) {
        *slot = path;
    }
    Ok(())
}
