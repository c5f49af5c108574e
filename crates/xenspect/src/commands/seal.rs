//! `xenspect seal`: verify an input and seal it, in one pass.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use xenspect_model::catalog::DigestKind;
use xenspect_model::report::{Input, Report, SCHEMA, Verdict};
use xenspect_report::human;
use xenspect_scan::{Options, Taken, Wish, take};
use xenspect_seal::{Digester, Seal, Signer};

use super::redact::is_same_file;
use crate::args;
use crate::exit::Exit;
use crate::host_files;
use crate::inputs::{Target, expand};
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::output::{self, escaped, tool};
use crate::reading::{self, Failure, is_of_interest};
use crate::remote;
use crate::seals::{is_named_like_a_seal, seal_of, short_file, signature_of};
use crate::sidecars::{Beside, Sidecars, is_sidecar};
use crate::skipped::{Skipped, nothing_found};

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
    let mut run = Run {
        command,
        signer,
        sidecars: Sidecars::default(),
        interrupt: Interrupt::watch(),
        skipped: Skipped::default(),
        refused: Vec::new(),
        sealed: 0,
        already: 0,
        exit: Exit::Good,
    };
    for target in expand(&command.inputs, command.recursive) {
        if run.interrupt.is_raised() {
            break;
        }
        run.target(target);
    }
    run.finish()
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

/// Why a seal has no place; in words.
enum NotFree {
    /// A seal or a signature is there.
    Sealed(String),
    /// Something is there that is never replaced.
    Never(String),
}

/// One run over all inputs.
struct Run<'a> {
    command: &'a args::Seal,
    signer: Option<Signer>,
    sidecars: Sidecars,
    interrupt: Interrupt,
    skipped: Skipped,
    /// What was not good enough to be sealed.
    refused: Vec<Input>,
    sealed: u64,
    /// Files below directories that have a seal.
    already: u64,
    exit: Exit,
}

impl Run<'_> {
    fn target(&mut self, target: Target) {
        match &target {
            Target::Other(path) => return self.skipped.others.push(path.clone()),
            Target::Met(path) if is_named_like_a_seal(path) || is_sidecar(path) => return,
            _ => {}
        }
        let name = reading::name(&target);
        let place = self.place(&target);
        if let Err(taken) = self.is_free(&place) {
            return match (taken, &target) {
                // A store is sealed again and again, for what has come to it.
                (NotFree::Sealed(_), Target::Met(_)) => self.already += 1,
                (NotFree::Sealed(words) | NotFree::Never(words), _) => self.fail(&words),
            };
        }
        // What is not as its digest says is not good, and a seal would hide it for ever.
        let beside = match target.path() {
            Some(path) if !remote::is_url(path) => self.sidecars.beside(path, None),
            _ => Beside::default(),
        };
        let options = self.options();
        let taken = reading::read(
            &target,
            self.command.quiet,
            &self.interrupt,
            |source, progress| {
                let mut digests = beside.digests();
                if !digests.contains(&DigestKind::Sha256) {
                    digests.push(DigestKind::Sha256);
                }
                let wish = Wish {
                    digests,
                    manifest: true,
                    copy: None,
                };
                let taken = take(source, wish, &options, progress);
                let catalog = taken.catalog?;
                let mut input = xenspect_rules::input(name.clone(), &catalog);
                beside.judge(taken.stored.as_ref(), &mut input);
                Ok((
                    input,
                    Taken {
                        catalog: Ok(catalog),
                        ..taken
                    },
                ))
            },
        );
        if self.interrupt.is_raised() {
            return;
        }
        match (taken, target) {
            (Ok((input, taken)), _) => {
                if let Err(words) = self.seal(input, taken, &place) {
                    self.fail(&words);
                }
            }
            (Err(failure), Target::Met(path)) if !is_of_interest(&path, &failure) => {
                self.skipped.files.push(path);
            }
            (Err(failure), _) => self.unreadable(name, &failure),
        }
    }

    fn options(&self) -> Options {
        let mut options = host_files::options();
        if let Some(threads) = self.command.threads {
            options.threads = threads.get();
        }
        options
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
    fn is_free(&self, place: &Path) -> Result<(), NotFree> {
        if is_stdout(place) {
            return Ok(());
        }
        let mut files = vec![place.to_owned()];
        if self.signer.is_some() {
            files.push(signature_of(place));
        }
        for file in files {
            let name = escaped(&file.to_string_lossy());
            let Ok(there) = fs::symlink_metadata(&file) else {
                continue;
            };
            // The rename would put a file in the place of a device, or of a link.
            if !there.is_file() {
                return Err(NotFree::Never(format!(
                    "{name} is there already and is no regular file"
                )));
            }
            let mut inputs = self.command.inputs.iter();
            if inputs.any(|input| is_same_file(input, &file)) {
                return Err(NotFree::Never(format!(
                    "{name} is the input; the evidence is never replaced"
                )));
            }
            if !self.command.force {
                let words = format!("{name} is there already; --force replaces it");
                return Err(NotFree::Sealed(words));
            }
        }
        Ok(())
    }

    fn fail(&mut self, words: &str) {
        say(words);
        self.exit = self.exit.max(Exit::Failed);
    }

    fn unreadable(&mut self, name: String, failure: &Failure) {
        self.exit = self.exit.max(Exit::Failed);
        self.refused
            .push(Input::unreadable(name, failure.to_string()));
    }

    fn seal(&mut self, input: Input, taken: Taken, place: &Path) -> Result<(), String> {
        let name = escaped(&input.path);
        let manifest = taken
            .manifest
            .ok_or_else(|| format!("{name}: its members were not taken"))?;
        let stored = taken
            .stored
            .ok_or_else(|| format!("{name}: its digest was not taken"))?;
        let is_good = input.verdict <= Verdict::Suspect && manifest.complete;
        if input.verdict == Verdict::Unreadable || !(is_good || self.command.damaged) {
            say(format_args!("{name} is not sealed, since it is not good"));
            self.exit = self.exit.max(Exit::Findings);
            self.refused.push(input);
            return Ok(());
        }
        let seal = Seal::of(&input, &stored, manifest)
            .map_err(|error| format!("{name} cannot be sealed: {error}"))?;
        self.write(&seal, place)?;
        self.sealed += 1;
        if !self.command.quiet && !is_stdout(place) {
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
        let not_written = |path: &Path, error: &io::Error| {
            let path = escaped(&path.to_string_lossy());
            format!("{path} cannot be written: {}", error.kind())
        };
        let mut out = Hashing {
            out: NewFile::create(place).map_err(|error| not_written(place, &error))?,
            digester: self.signer.as_ref().map(|_| Digester::default()),
        };
        seal.write(&mut out)
            .map_err(|error| not_written(place, &error))?;
        let signature_place = signature_of(place);
        let signature = match (&self.signer, out.digester) {
            (Some(signer), Some(digester)) => {
                let text = signer.sign(digester)?;
                let mut file = NewFile::create(&signature_place)
                    .map_err(|error| not_written(&signature_place, &error))?;
                file.write_all(text.as_bytes())
                    .map_err(|error| not_written(&signature_place, &error))?;
                Some(file)
            }
            _ => None,
        };
        let force = self.command.force;
        out.out
            .finish(place, force)
            .map_err(|error| not_written(place, &error))?;
        if let Some(signature) = signature {
            signature
                .finish(&signature_place, force)
                .map_err(|error| not_written(&signature_place, &error))?;
        } else if fs::symlink_metadata(&signature_place).is_ok() {
            say(format_args!(
                "{} is the signature of the seal that was replaced, and does not hold for the new one",
                escaped(&signature_place.to_string_lossy())
            ));
        }
        Ok(())
    }

    fn finish(mut self) -> Exit {
        if !self.command.quiet {
            self.skipped.tell();
            if self.already > 0 {
                say(format_args!(
                    "passed over, being sealed already: {} (--force seals them anew)",
                    self.already
                ));
            }
        }
        if self.interrupt.is_raised() {
            self.exit = Exit::Interrupted;
        } else if self.sealed == 0
            && self.already == 0
            && self.refused.is_empty()
            && self.exit == Exit::Good
        {
            nothing_found(&self.command.inputs);
            self.exit = Exit::Failed;
        }
        if self.refused.is_empty() {
            return self.exit;
        }
        let report = Report {
            schema: SCHEMA,
            tool: tool(),
            inputs: self.refused,
            left: Vec::new(),
        };
        let style = output::style(self.command.color, false);
        if self.command.output.as_deref().is_some_and(is_stdout) {
            // Standard output is for the seal.
            let plain = human::Style {
                color: false,
                ..style
            };
            let _ = human::write(&report, &plain, &mut io::stderr().lock());
            return self.exit;
        }
        output::report(self.exit, |mut out| human::write(&report, &style, &mut out))
    }
}

fn members(number: usize) -> String {
    match number {
        1 => "1 member".to_owned(),
        number => format!("{number} members"),
    }
}

/// A file that appears under its name only when it is whole.
struct NewFile(BufWriter<NamedTempFile>);

impl NewFile {
    fn create(path: &Path) -> io::Result<Self> {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".xenspect-seal-");
        // A seal tells nothing secret, so it is readable as the user's files are.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(parent.unwrap_or(Path::new(".")))?;
        Ok(Self(BufWriter::with_capacity(256 << 10, file)))
    }

    fn finish(self, path: &Path, force: bool) -> io::Result<()> {
        let file = self.0.into_inner().map_err(|error| error.into_error())?;
        file.as_file().sync_all()?;
        let persisted = if force {
            file.persist(path)
        } else {
            file.persist_noclobber(path)
        };
        persisted.map(drop).map_err(|error| error.error)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
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
