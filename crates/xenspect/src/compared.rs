//! The inputs of a comparison, opened: what each is is told by its contents. What differs is for others.

use std::path::{Path, PathBuf};

use xenspect_diff::{Side, is_compared_by_key};
use xenspect_inventory::into_newest_database;
use xenspect_model::Catalog;
use xenspect_model::catalog::{FileTable, HostBackup};
use xenspect_scan::{Depth, Error, Options, Sums, damage, scan};

use crate::changes::{self, Before};
use crate::inputs::Target as Place;
use crate::reading::{self, Failure, Means};

/// How inputs are read.
pub(crate) struct Reading<'a> {
    /// No progress and no remarks.
    pub(crate) quiet: bool,
    /// Read all blocks, whatever the sums beside them say.
    pub(crate) read_blocks: bool,
    pub(crate) means: Means<'a>,
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
    let options = how.means.options(options(how.read_blocks));
    let before = Before::of(&place);
    let catalog = reading::read(&place, how.quiet, &how.means, |source, progress| {
        scan(source, &options, progress)
    })?;
    if how.means.interrupt.is_raised() {
        return Err(Failure::NotScanned(Error::Interrupted));
    }
    if let Some(change) = before.as_ref().and_then(Before::change) {
        return Err(Failure::NotOpened(changes::words(change)));
    }
    Ok(match catalog {
        Catalog::Host(backup) => of_host(name, *backup),
        catalog => Compared {
            path: name,
            member: None,
            catalog: Some(catalog),
            files: None,
        },
    })
}

/// A host backup, with the newest pool database in it. What could not be read of it is told by the report.
fn of_host(path: String, mut backup: HostBackup) -> Compared {
    let damage = damage(&backup);
    let (member, dump) = into_newest_database(&mut backup).unzip();
    let mut files = backup.tree;
    files.remarks.extend(damage);
    // A cut, damage and every file that is left out have a remark each, and may be other than they seem.
    files.incomplete |= !files.remarks.is_empty();
    Compared {
        path,
        member,
        catalog: dump.map(Catalog::Dump),
        files: Some(files),
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
