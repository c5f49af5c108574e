//! `verify --tee`: the copy that is made while an input is read. It gets its name when it is whole, synced, and known to be good; the
//! copy of an input that is not good is kept too, with `.damaged` behind its name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use xenspect_model::catalog::{DigestKind, StoredFile};
use xenspect_model::hex;
use xenspect_model::report::{Input, Tee};
use xenspect_scan::Wish;

use crate::inputs::Target;
use crate::new_file::{self, Access, NewFile, Occupied};
use crate::output::escaped;
use crate::reading::Failure;

/// Behind the name of a copy of an input that is not good.
const DAMAGED: &str = ".damaged";

/// A copy that is being made.
pub(crate) struct Copy {
    out: PathBuf,
    force: bool,
    file: NewFile,
}

impl Copy {
    /// Begins a copy: a temporary file beside where it shall be.
    ///
    /// # Errors
    /// In words, when it cannot be written there, or something is there and `force` does not say that it may go.
    pub(crate) fn begin(input: &Target, out: &Path, force: bool) -> Result<Self, Failure> {
        Self::new(input, out, force).map_err(Failure::NotWritten)
    }

    fn new(input: &Target, out: &Path, force: bool) -> Result<Self, String> {
        let name = escaped(&out.to_string_lossy());
        if out.as_os_str() == "-" {
            return Err("a copy goes to a file; standard output is for the report".to_owned());
        }
        if out.file_name().is_none() {
            return Err(format!("{name} is no name of a file"));
        }
        for path in [out, &damaged(out)] {
            new_file::is_free(path, input.path(), force).map_err(Occupied::words)?;
        }
        let file = NewFile::create(out, Access::Owner)
            .map_err(|error| format!("{name} cannot be written: {error}"))?;
        Ok(Self {
            out: out.to_owned(),
            force,
            file,
        })
    }

    /// Wishes for the bytes, and for the digest of them.
    ///
    /// # Errors
    /// When the file cannot be opened a second time.
    pub(crate) fn wish(&self, wish: &mut Wish) -> Result<(), Failure> {
        let file = self.file.handle().map_err(|error| failed(&error))?;
        wish.copy = Some(Box::new(file));
        wish.want(DigestKind::Sha256);
        Ok(())
    }

    /// Gives the copy its name, if all of the input is in it, and tells the report. `good` tells whether it is the name that was asked
    /// for.
    ///
    /// # Errors
    /// In words, when the copy is not whole or cannot get its name. There is no copy then.
    pub(crate) fn finish(
        self,
        source: &Target,
        stored: &StoredFile,
        good: bool,
        input: &mut Input,
    ) -> Result<(), String> {
        let name = escaped(&self.out.to_string_lossy());
        let cannot = |error: io::Error| format!("{name} cannot be written: {error}");
        let file = self.file.file();
        let written = file.metadata().map_err(cannot)?.len();
        if written != stored.bytes {
            return Err(format!(
                "{name}: {written} bytes were written of the {} that were read",
                stored.bytes
            ));
        }
        let path = if good && stored.is_whole() {
            self.out.clone()
        } else {
            damaged(&self.out)
        };
        take_mode(source, file);
        self.file.finish(&path, self.force).map_err(cannot)?;
        input.copy.tee = Some(Box::new(Tee {
            path: path.to_string_lossy().into_owned(),
            bytes: stored.bytes,
            sha256: stored.digest(DigestKind::Sha256).map(hex::encode),
        }));
        // Nothing may look like a good copy that is not surely one.
        if good && !stored.is_whole() {
            return Err(format!(
                "{}: the input gave other bytes when it was read again, so the copy may not be the same",
                path.display()
            ));
        }
        Ok(())
    }
}

/// The bytes could not be written.
fn failed(error: &io::Error) -> Failure {
    Failure::NotWritten(words(error))
}

/// The same, in words.
pub(super) fn words(error: &io::Error) -> String {
    format!("the copy cannot be written: {error}")
}

fn damaged(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(DAMAGED);
    PathBuf::from(name)
}

/// A copy may be read by those who may read the input. Where that is not to be had, by its owner alone.
fn take_mode(source: &Target, copy: &File) {
    let mode = source.path().and_then(|path| fs::metadata(path).ok());
    if let Some(metadata) = mode.filter(fs::Metadata::is_file) {
        let _ = copy.set_permissions(metadata.permissions());
    }
}

#[cfg(test)]
mod tests {
    use xenspect_model::catalog::Flaw;

    use super::*;

    /// A copy of three bytes, of an input about which this is known: what came of it, and the names that are there.
    fn copied(good: bool, flaw: Option<Flaw>) -> (Result<(), String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in");
        fs::write(&path, b"abc").unwrap();
        let input = Target::of(&path);
        let copy = Copy::begin(&input, &folder.path().join("out"), false).unwrap();
        let mut wish = Wish::default();
        copy.wish(&mut wish).unwrap();
        wish.copy.unwrap().write_all(b"abc").unwrap();
        let stored = StoredFile {
            bytes: 3,
            digests: Vec::new(),
            flaw,
        };
        let mut judged = Input::unreadable("in".to_owned(), String::new());
        let finished = copy.finish(&input, &stored, good, &mut judged);
        let names = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        (finished, names)
    }

    #[test]
    fn nothing_that_is_not_surely_a_copy_of_what_was_checked_has_the_name_of_one() {
        assert_eq!(
            copied(true, None),
            (Ok(()), vec!["in".to_owned(), "out".to_owned()])
        );
        let damaged = vec!["in".to_owned(), "out.damaged".to_owned()];
        assert_eq!(copied(false, None), (Ok(()), damaged.clone()));
        let (told, names) = copied(true, Some(Flaw::Unstable));
        assert!(
            told.unwrap_err()
                .contains("other bytes when it was read again")
        );
        assert_eq!(names, damaged);
    }
}
