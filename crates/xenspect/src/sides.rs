//! The two sides of a preflight, opened: the backup, and what is known of where it would go. Both are told by their
//! contents. What they say is for others.

use std::path::Path;

use xenspect_model::Catalog;
use xenspect_preflight::Known;
use xenspect_scan::{Container, Depth, Error, Options, Progress, Source, collect, read_text, scan};
use xenspect_target::{self as target, NamedFile};

use crate::host_files;
use crate::inputs::Target as Place;
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::output::escaped;
use crate::reading::{self, Failure, Means};

/// The largest profile or text file that is read.
const TEXT: u64 = 64 << 20;

/// A backup to be restored.
#[derive(Debug)]
pub(crate) struct Backup {
    /// Its path, as reports show it.
    pub(crate) path: String,
    /// The member that the catalog is of, where it came in a container that is not scanned as a whole.
    pub(crate) member: Option<String>,
    /// What it is.
    pub(crate) catalog: Catalog,
}

/// Reads what would be restored.
pub(crate) fn backup(path: &Path, quiet: bool, interrupt: &Interrupt) -> Result<Backup, Failure> {
    let place = Place::of(path);
    let name = reading::name(&place);
    let means = Means::usual(interrupt);
    let whole = reading::read(&place, quiet, &means, |source, progress| {
        scan(source, &front_only(), progress)
    });
    // A folder, a status report, or a host backup that came in another container.
    let is_backup = matches!(&whole, Ok(catalog) if !matches!(catalog, Catalog::Archive(_)));
    if !is_backup && let Some((member, bytes)) = embedded(path, quiet, interrupt)? {
        let progress = Progress::default();
        let catalog = scan(Source::memory(bytes), &front_only(), &progress);
        return Ok(Backup {
            path: name,
            member: Some(member),
            catalog: catalog.map_err(Failure::NotScanned)?,
        });
    }
    Ok(Backup {
        path: name,
        member: None,
        catalog: whole?,
    })
}

/// A pool database is read whole whatever the depth, and so is a host backup; of an export its description says all that is
/// compared.
fn front_only() -> Options {
    Options {
        depth: Depth::Metadata,
        ..host_files::options()
    }
}

/// The newest pool database in a container of files, with the name of its member; `None` where the path is no such.
fn embedded(
    path: &Path,
    quiet: bool,
    interrupt: &Interrupt,
) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let place = Place::of(path);
    if matches!(place, Place::Stdin) {
        return Ok(None);
    }
    let files = reading::watched(&place, quiet, interrupt, |progress| {
        collect(path, &target::is_database, &Options::default(), progress)
    })?;
    let Some(collected) = files else {
        return Ok(None);
    };
    if collected.form == Container::Folder {
        let reason = "is a folder; a backup to be restored is one file";
        return Err(Failure::NotOpened(reason.to_owned()));
    }
    remark(&place, &collected.remarks, quiet);
    match target::newest_database(collected.files) {
        Some(found) => Ok(Some(found)),
        None => Err(no_database()),
    }
}

fn no_database() -> Failure {
    let reason = "holds no pool database, so there is nothing to restore a pool from";
    Failure::NotOpened(reason.to_owned())
}

/// Reads what is known of a target, or of another pool.
pub(crate) fn known(path: &Path, quiet: bool, interrupt: &Interrupt) -> Result<Known, Failure> {
    let place = Place::of(path);
    let name = reading::name(&place);
    let reading = reading_of(path, &place, quiet, interrupt)?;
    remark(&place, &reading.remarks, quiet);
    Ok(Known {
        path: name,
        sources: reading.sources,
        target: reading.target,
    })
}

fn reading_of(
    path: &Path,
    place: &Place,
    quiet: bool,
    interrupt: &Interrupt,
) -> Result<target::Reading, Failure> {
    let no_target = |error: target::Error| Failure::NotOpened(error.to_string());
    let is_file = !matches!(place, Place::Stdin);
    if is_file {
        let collected = reading::watched(place, quiet, interrupt, |progress| {
            collect(path, &target::is_wanted, &Options::default(), progress)
        })?;
        if let Some(collected) = collected {
            remark(place, &collected.remarks, quiet);
            let files: Vec<_> = collected.files.into_iter().map(NamedFile::from).collect();
            return target::of_files(&files).map_err(no_target);
        }
    }
    let means = Means::usual(interrupt);
    let scanned = reading::read(place, quiet, &means, |source, progress| {
        scan(source, &front_only(), progress)
    });
    match scanned {
        Ok(Catalog::Dump(dump)) => Ok(target::of_dump(&dump)),
        Ok(Catalog::Host(_)) => {
            let reason = "is a host backup from a pipe; as a target it has to be a file";
            Err(Failure::NotOpened(reason.to_owned()))
        }
        Ok(catalog) => Err(Failure::NotOpened(format!(
            "is a {}; a target is a pool database, a host backup, a status report, a folder of text files or a profile",
            catalog.kind().phrase()
        ))),
        Err(Failure::NotScanned(
            Error::NotTar | Error::Foreign { .. } | Error::OtherXml | Error::Empty,
        )) if is_file => {
            let text = read_text(path, TEXT).map_err(Failure::NotScanned)?;
            target::of_text(&reading::name(place), &text).map_err(no_target)
        }
        Err(failure) => Err(failure),
    }
}

fn remark(place: &Place, remarks: &[String], quiet: bool) {
    if quiet {
        return;
    }
    for remark in remarks {
        say(format_args!(
            "{}: {}",
            escaped(&reading::name(place)),
            escaped(remark)
        ));
    }
}
