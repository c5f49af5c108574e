//! `xenspect seal`: verify an input and seal it, in one pass.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use xenspect_model::catalog::{DigestKind, Manifest, StoredFile};
use xenspect_model::report::{Input, Report, SCHEMA, Verdict};
use xenspect_report::human;
use xenspect_scan::{Options, Wish, take};
use xenspect_seal::{Digester, Seal, Signer};

use super::each;
use crate::args;
use crate::changes::{self, Before};
use crate::exit::Exit;
use crate::host_files;
use crate::inputs::{Target, expand};
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::new_file::{self, Access, NewFile, Occupied};
use crate::output::{self, escaped, tool};
use crate::progress::Board;
use crate::reading::{self, Failure, Means};
use crate::remote::{self, Manner};
use crate::seals::{is_named_like_a_seal, seal_of, short_file, signature_of};
use crate::sidecars::{Beside, Sidecars, is_sidecar};
use crate::skipped::nothing_found;

/// The passphrase of an encrypted key.
const PASSPHRASE: &str = "XENSPECT_KEY_PASSPHRASE";

/// Seals the inputs and says how it went.
pub(crate) fn run(command: &args::Seal) -> Exit {
    let signer = match prepared(command) {
        Ok(signer) => signer,
        Err(words) => {
            say(words);
            return Exit::Failed;
        }
    };
    let interrupt = Interrupt::watch();
    let reading = args::Reading {
        threads: command.threads,
        mmap: false,
        care: command.care,
    };
    let sealing = Sealing {
        command,
        signer,
        sidecars: Sidecars::default(),
        means: Means::of(&interrupt, &reading),
    };
    let mut targets = expand(&command.inputs, command.recursive);
    targets.retain(|target| match target {
        Target::Met(path) => !(is_named_like_a_seal(path) || is_sidecar(path)),
        _ => true,
    });
    let targets: Vec<&Target> = targets.iter().collect();
    let run = each::Run {
        interrupt: &interrupt,
        quiet: command.quiet.quiet,
        jobs: NonZeroUsize::MIN,
    };
    let done = run.targets(
        &targets,
        |index, name, board| {
            let target = targets.get(index).ok_or(Failure::Defect)?;
            sealing.one(target, name, board)
        },
        |_, name, failure| Outcome::Refused(Box::new(Input::unreadable(name, failure.to_string()))),
    );
    sealing.finish(done)
}

/// What is wrong with the arguments as a whole; otherwise the key, if there is one.
fn prepared(command: &args::Seal) -> Result<Option<Signer>, String> {
    let several = command.inputs.len() > 1 || command.inputs.iter().any(|path| path.is_dir());
    if command.output.is_some() && several {
        return Err("-o takes the seal of one input only".to_owned());
    }
    let piped = command.inputs.iter().any(|path| path.as_os_str() == "-");
    if piped && command.output.is_none() {
        return Err(
            "standard input has no file that a seal can lie beside; name one with -o".to_owned(),
        );
    }
    if command.output.is_none() && command.inputs.iter().any(|path| remote::is_url(path)) {
        return Err(
            "object stores are only read; name the file for the seal of an object with -o"
                .to_owned(),
        );
    }
    let Some(path) = &command.sign else {
        return Ok(None);
    };
    if command.output.as_deref().is_some_and(is_stdout) {
        return Err("--sign needs a file that the signature can lie beside".to_owned());
    }
    let name = escaped(&path.to_string_lossy());
    let text = short_file(path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let passphrase = std::env::var_os(PASSPHRASE);
    let passphrase = passphrase.as_ref().map(|text| text.as_encoded_bytes());
    Signer::from_openssh(&text, passphrase)
        .map(Some)
        .map_err(|error| format!("{name} {error}"))
}

fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What came of an input.
enum Outcome {
    Sealed,
    /// A file below a directory that has a seal.
    Already,
    /// It is not good enough.
    Refused(Box<Input>),
    /// The seal has no place, or cannot be written. It was said why.
    NotWritten,
    /// It was interrupted.
    Stopped,
}

/// One run over all inputs.
struct Sealing<'a> {
    command: &'a args::Seal,
    signer: Option<Signer>,
    sidecars: Sidecars,
    means: Means<'a>,
}

impl Sealing<'_> {
    fn one(&self, target: &Target, name: &str, board: &Board) -> Result<Outcome, Failure> {
        let place = self.place(target);
        match (self.is_free(&place), target) {
            (Ok(()), _) => {}
            // A store is sealed again and again, for what has come to it.
            (Err(Occupied::ByFile(_)), Target::Met(_)) => return Ok(Outcome::Already),
            (Err(taken), _) => return Ok(not_written(&taken.words())),
        }
        // What is not as its digest says is not good, and a seal would hide it for ever.
        let beside = match target.path() {
            Some(path) if !remote::is_url(path) => self.sidecars.beside(path, None),
            _ => Beside::default(),
        };
        let mut wish = Wish {
            digests: beside.digests(),
            manifest: true,
            copy: None,
        };
        wish.want(DigestKind::Sha256);
        let options = self.options();
        let before = Before::of(target);
        let source = reading::open(target, Manner::Stream, &self.means)?;
        let watch = (self.means.interrupt, self.means.is_quick(&source));
        let (mut input, manifest, stored) =
            reading::watched_on(board, target, watch, |progress| {
                let taken = take(source, wish, &options, progress);
                let mut input = xenspect_rules::input(name.to_owned(), &taken.catalog?);
                beside.judge(taken.stored.as_ref(), &mut input);
                Ok((input, taken.manifest, taken.stored))
            })?;
        if self.means.interrupt.is_raised() {
            return Ok(Outcome::Stopped);
        }
        // A seal of what was never there at one time would be a wrong one, even of what is known to be damaged.
        if let Some(change) = before.as_ref().and_then(Before::change) {
            xenspect_rules::copy::changed(&mut input, change);
            say(format_args!(
                "{} is not sealed: {}",
                escaped(name),
                changes::words(change)
            ));
            return Ok(Outcome::Refused(Box::new(input)));
        }
        let (Some(manifest), Some(stored)) = (manifest, stored) else {
            return Ok(not_written(&format!(
                "{}: its members were not taken",
                escaped(name)
            )));
        };
        let is_good = input.verdict <= Verdict::Suspect && manifest.complete;
        if input.verdict == Verdict::Unreadable || !(is_good || self.command.damaged) {
            let name = escaped(name);
            say(format_args!("{name} is not sealed, since it is not good"));
            return Ok(Outcome::Refused(Box::new(input)));
        }
        Ok(match self.seal(&input, &stored, manifest, &place) {
            Ok(()) => Outcome::Sealed,
            Err(words) => not_written(&words),
        })
    }

    fn options(&self) -> Options {
        self.means.options(host_files::options())
    }

    /// Where the seal goes.
    fn place(&self, target: &Target) -> PathBuf {
        match (&self.command.output, target.path()) {
            (Some(output), _) => output.clone(),
            (None, Some(path)) => seal_of(path),
            (None, None) => PathBuf::from("-"),
        }
    }

    /// Nothing is read for a seal that cannot be written.
    fn is_free(&self, place: &Path) -> Result<(), Occupied> {
        if is_stdout(place) {
            return Ok(());
        }
        let mut files = vec![place.to_owned()];
        if self.signer.is_some() {
            files.push(signature_of(place));
        }
        files.iter().try_for_each(|file| {
            let inputs = self.command.inputs.iter().map(PathBuf::as_path);
            new_file::is_free(file, inputs, self.command.force)
        })
    }

    fn seal(
        &self,
        input: &Input,
        stored: &StoredFile,
        manifest: Manifest,
        place: &Path,
    ) -> Result<(), String> {
        let name = escaped(&input.path);
        let seal = Seal::of(input, stored, manifest)
            .map_err(|error| format!("{name} cannot be sealed: {error}"))?;
        self.write(&seal, place)?;
        if !self.command.quiet.quiet && !is_stdout(place) {
            say(format_args!(
                "{name} ({}) is sealed in {}: {}, root {}",
                input.verdict.word(),
                escaped(&place.to_string_lossy()),
                members(seal.members.len()),
                xenspect_seal::hex::encode(&seal.about.root)
            ));
        }
        Ok(())
    }

    fn write(&self, seal: &Seal, place: &Path) -> Result<(), String> {
        if is_stdout(place) {
            let mut out = BufWriter::new(io::stdout().lock());
            let written = seal.write(&mut out).and_then(|()| out.flush());
            return output::written(written).map_err(|()| "the seal was not written".to_owned());
        }
        let cannot = |path: &Path, error: &io::Error| {
            let path = escaped(&path.to_string_lossy());
            format!("{path} cannot be written: {error}")
        };
        let mut out = Hashing {
            out: NewFile::create(place, Access::Usual).map_err(|error| cannot(place, &error))?,
            digester: self.signer.as_ref().map(|_| Digester::default()),
        };
        seal.write(&mut out)
            .map_err(|error| cannot(place, &error))?;
        let signature_place = signature_of(place);
        let signature = match (&self.signer, out.digester) {
            (Some(signer), Some(digester)) => {
                let text = signer.sign(digester)?;
                let mut file = NewFile::create(&signature_place, Access::Usual)
                    .map_err(|error| cannot(&signature_place, &error))?;
                file.write_all(text.as_bytes())
                    .and_then(|()| file.settle())
                    .map_err(|error| cannot(&signature_place, &error))?;
                Some(file)
            }
            _ => None,
        };
        let force = self.command.force;
        out.out
            .finish(place, force)
            .map_err(|error| cannot(place, &error))?;
        if let Some(signature) = signature {
            signature
                .finish(&signature_place, force)
                .map_err(|error| cannot(&signature_place, &error))?;
        } else if fs::symlink_metadata(&signature_place).is_ok() {
            say(format_args!(
                "{} is the signature of the seal that was replaced, and does not hold for the new one",
                escaped(&signature_place.to_string_lossy())
            ));
        }
        Ok(())
    }

    fn finish(&self, done: each::Done<Outcome>) -> Exit {
        let nothing = done.results.is_empty();
        let mut exit = done.exit;
        let mut already = 0_u64;
        let mut refused = Vec::new();
        for outcome in done.results {
            match outcome {
                Outcome::Sealed | Outcome::Stopped => {}
                Outcome::Already => already += 1,
                Outcome::NotWritten => exit = exit.max(Exit::Failed),
                Outcome::Refused(input) => {
                    exit = exit.max(Exit::Findings);
                    refused.push(*input);
                }
            }
        }
        if already > 0 && !self.command.quiet.quiet {
            say(format_args!(
                "passed over, being sealed already: {already} (--force seals them anew)"
            ));
        }
        if nothing && exit == Exit::Good {
            nothing_found(&self.command.inputs);
            exit = Exit::Failed;
        }
        if refused.is_empty() {
            return exit;
        }
        let report = Report {
            schema: SCHEMA,
            tool: tool(),
            inputs: refused,
            left: Vec::new(),
            interrupted: false,
            fail_on: None,
            policy: None,
        };
        let style = output::style(self.command.colour.color, false);
        if self.command.output.as_deref().is_some_and(is_stdout) {
            // Standard output is for the seal.
            let plain = human::Style {
                color: false,
                ..style
            };
            let _ = human::write(&report, &plain, &mut io::stderr().lock());
            return exit;
        }
        output::report(exit, |mut out| human::write(&report, &style, &mut out))
    }
}

fn members(number: usize) -> String {
    match number {
        1 => "1 member".to_owned(),
        number => format!("{number} members"),
    }
}

/// Says why there is no seal.
fn not_written(words: &str) -> Outcome {
    say(words);
    Outcome::NotWritten
}

/// Hashes what is written for the signature.
struct Hashing {
    out: NewFile,
    digester: Option<Digester>,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        if let (Some(digester), Some(bytes)) = (&mut self.digester, bytes.get(..written)) {
            digester.update(bytes);
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
