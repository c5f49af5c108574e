//! `xenspect redact`: a copy of a pool database or an export without its secrets.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use xenspect_model::Catalog;
use xenspect_model::catalog::Facts;
use xenspect_scan::{Rewrite, with_description};
use xenspect_xapi::db::write::Style;
use xenspect_xapi::redact::{self, StandIns};
use xenspect_xapi::{Limits, export};

use crate::args::Redact;
use crate::changes::{self, Before};
use crate::exit::Exit;
use crate::inputs::Target;
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::new_file::{self, Access, NewFile, Occupied};
use crate::reading::Means;
use crate::{output, reading};

/// Bytes of a key that is made up.
const KEY: usize = 32;

/// Writes the copy.
pub(crate) fn run(command: &Redact) -> Exit {
    match copy(command) {
        Ok(exit) => exit,
        Err(words) => {
            say(words);
            Exit::Failed
        }
    }
}

/// What is said when it cannot be done.
type Words = String;

fn copy(command: &Redact) -> Result<Exit, Words> {
    let interrupt = Interrupt::watch();
    let target = Target::named(&command.input);
    let input = output::escaped(&reading::name(&target));
    let key = key(command.key_file.as_deref())?;
    let mut stand_ins = StandIns::new(move |text| digest(&key, text));
    let options = redact::Options {
        names: command.names,
        addresses: command.addresses,
        ..redact::Options::default()
    };
    let before = Before::of(&target);
    let mut out = Out::create(&command.output, &command.input, command.force)?;
    let limits = Limits::default();
    let means = Means::with_care(&interrupt, command.care);
    let scan = means.options(xenspect_scan::Options::default());
    let outcome = reading::read(&target, command.quiet.quiet, &means, |source, progress| {
        let mut describe = |document: &[u8]| {
            // What cannot be understood cannot be redacted.
            export::parse(document, &limits)
                .and_then(|_| redact::ova_xml(document, &limits, &options, &mut stand_ins))
                .map_err(|error| error.to_string())
        };
        with_description(
            source,
            command.with_disks,
            &scan,
            progress,
            &mut describe,
            &mut out,
        )
    });
    let rewrite = match outcome {
        Ok(rewrite) => rewrite,
        // Whatever the reading says of itself: it was left because of the order to stop.
        Err(_) if interrupt.is_raised() => return Ok(Exit::Interrupted),
        Err(failure) => return Err(format!("{input}: {failure}")),
    };
    match rewrite {
        Rewrite::Whole { left_out } => {
            if !command.quiet.quiet {
                tell_of_members(command.with_disks, left_out);
            }
        }
        Rewrite::NoDescription => {
            return Err(format!(
                "{input}: its first member is not a description (ova.xml) that can be read, so it cannot be redacted"
            ));
        }
        Rewrite::Refused(reason) => {
            return Err(format!("{input}: its ova.xml cannot be read: {reason}"));
        }
        Rewrite::Broken(words) => return Err(format!("{input}: {words}; nothing was written")),
        Rewrite::Interrupted => return Ok(Exit::Interrupted),
        Rewrite::NotWritten(error) => return not_written(&command.output, &error),
        Rewrite::Document(Catalog::Dump(dump)) => {
            let complete = dump.database.is_complete() && !dump.interrupted;
            is_whole(&input, complete, &dump.facts)?;
            let style = Style::of(&dump.database);
            let written = redact::dump(
                &dump.database,
                &style,
                &options,
                &mut stand_ins,
                &mut |piece| match out.write_all(piece) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(error) => ControlFlow::Break(error),
                },
            );
            if let ControlFlow::Break(error) = written {
                return not_written(&command.output, &error);
            }
        }
        Rewrite::Document(Catalog::Document(document)) => {
            is_whole(&input, !document.interrupted, &document.facts)?;
            let redacted = redact::ova_xml(&document.text, &limits, &options, &mut stand_ins)
                .map_err(|error| format!("{input}: cannot be read: {error}"))?;
            if let Err(error) = out.write_all(&redacted) {
                return not_written(&command.output, &error);
            }
        }
        Rewrite::Document(Catalog::Archive(_)) => {
            return Err(format!("{input}: is an archive and a document at once"));
        }
        Rewrite::Document(Catalog::Host(_)) => {
            return Err(format!(
                "{input}: is a host backup, which cannot be redacted: secrets are all over its files"
            ));
        }
    }
    if let Some(change) = before.as_ref().and_then(Before::change) {
        let words = changes::words(change);
        return Err(match out {
            Out::Stdout(_) => format!("{input}: {words}, for the copy may be of neither state"),
            Out::File(..) => format!("{input}: {words}; nothing was written"),
        });
    }
    match out.finish(command.force) {
        Ok(()) => Ok(Exit::Good),
        Err(error) => not_written(&command.output, &error),
    }
}

fn tell_of_members(with_disks: bool, left_out: u64) {
    match (with_disks, left_out) {
        (false, 0) => {}
        (false, _) => say("the disks were left out; --with-disks copies them as they are"),
        (true, 0) => say("the disks were copied as they are; what is on them was not looked at"),
        (true, others) => say(format_args!(
            "the disks were copied as they are; what is on them was not looked at; \
             {others} other members were left out"
        )),
    }
}

/// A copy of half a document, or of a damaged one, would look like a good one.
fn is_whole(input: &str, complete: bool, facts: &Facts) -> Result<(), Words> {
    if complete && !facts.tell_damage() {
        return Ok(());
    }
    Err(format!(
        "{input}: is cut short or damaged, so nothing was written; `xenspect verify` tells where"
    ))
}

/// A reader of standard output that has gone away is no failure.
fn not_written(path: &Path, error: &io::Error) -> Result<Exit, Words> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return Ok(Exit::Good);
    }
    Err(cannot_write(path, error))
}

fn cannot_write(path: &Path, error: &io::Error) -> Words {
    let path = output::escaped(&path.to_string_lossy());
    format!("{path} cannot be written: {error}")
}

/// The contents of the file, or a key made up for this run.
fn key(file: Option<&Path>) -> Result<Vec<u8>, Words> {
    if let Some(path) = file {
        let name = output::escaped(&path.to_string_lossy());
        let key = fs::read(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
        if key.is_empty() {
            return Err(format!("{name} is empty, so it is no key"));
        }
        return Ok(key);
    }
    let mut key = vec![0; KEY];
    getrandom::fill(&mut key)
        .map_err(|error| format!("the system gives no random key for the stand-ins: {error}"))?;
    Ok(key)
}

fn digest(key: &[u8], text: &str) -> [u8; 32] {
    // A key may have any length, so this cannot fail; equal stand-ins would still be no leak.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

/// Where the copy goes.
enum Out {
    Stdout(BufWriter<io::StdoutLock<'static>>),
    File(NewFile, PathBuf),
}

impl Out {
    fn create(path: &Path, input: &Path, force: bool) -> Result<Self, Words> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stdout(BufWriter::new(io::stdout().lock())));
        }
        new_file::is_free(path, [input], force).map_err(Occupied::words)?;
        let file =
            NewFile::create(path, Access::Owner).map_err(|error| cannot_write(path, &error))?;
        Ok(Self::File(file, path.to_owned()))
    }

    fn finish(self, force: bool) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::File(file, path) => file.finish(&path, force),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file, _) => file.flush(),
        }
    }
}
