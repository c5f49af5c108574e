//! What a run over many inputs knows of earlier runs, and what it leaves to later ones: with `--state` a file that remembers, with
//! `-r` alone the look at whether an input is still being written.
//!
//! The calls for each input are [`Session::before`], which says whether to read it, [`Session::take`], if it is sampled, how much of
//! it, and [`Session::after`], which records what came of it; [`Session::finish`] ends a run that came to its end. They can be called
//! from several threads.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use xenspect_model::Severity;
use xenspect_model::report::{Input, Left, LeftReason};
use xenspect_state::{
    Extent, Fingerprint, Key, Look, Outcome, Part, Run, RunIdentity, State, StateError, Timestamp,
    Verified, beside, looks_temporary,
};

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wish {
    /// The state file (`--state`).
    pub(crate) file: Option<PathBuf>,
    /// Whether to go on with a run that was interrupted (unless `--no-resume`).
    pub(crate) resume: bool,
    /// What was verified within this time is left out (`--skip-verified-within`).
    pub(crate) within: Option<Duration>,
    /// How long an input has to rest (`--settle`).
    pub(crate) settle: Duration,
}

/// An input, as far as it can be told without reading it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// What it is known by; `None` for what is gone once it is read, as standard input is.
    pub(crate) key: Option<Key>,
    /// The path as reports have it.
    pub(crate) name: String,
    /// Where to look at it; `None` for what is no file.
    pub(crate) path: Option<PathBuf>,
    /// It was named itself, and not met below a directory or prefix: then it is verified although somebody writes it.
    pub(crate) named: bool,
    /// The look that was taken when inputs were listed, if one was.
    pub(crate) first: Option<Look>,
    /// Seals and digests that it is checked against.
    pub(crate) beside: Vec<PathBuf>,
    /// The same of an object, as a text that is another one for another version of any of them.
    pub(crate) versions: String,
}

/// What to do with an input.
pub(crate) enum Next {
    /// Nothing: the interrupted run has done it, and this is what it reported.
    Done(Box<Input>),
    /// Nothing this time.
    Left(Left),
    /// Read it.
    Read(Box<Begun>),
}

/// An input that is being read.
pub(crate) struct Begun {
    place: Place,
    look: Look,
    print: Fingerprint,
    started: Instant,
}

/// How much of an input to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Take {
    /// All of it.
    Whole,
    /// One part of its blocks.
    Part(Part),
    /// Nothing this time.
    Left(Left),
}

/// What came of reading an input.
pub(crate) struct Read<'a> {
    /// The report's entry.
    pub(crate) input: &'a Input,
    /// SHA-256 of the file, in hexadecimal digits, if it was computed.
    pub(crate) sha256: Option<&'a str>,
    /// How much was read.
    pub(crate) extent: Extent,
    /// Bytes that were read.
    pub(crate) bytes: u64,
}

/// What an input has to be for a run to leave it out because it was verified lately: nothing that makes this run fail.
pub(crate) struct Bar<'a> {
    /// The lowest severity that fails.
    pub(crate) fail_on: Severity,
    /// Whether what was found then passes by the policy of now; `None` where no policy judges inputs.
    pub(crate) policy: Option<&'a dyn Fn(&Input) -> bool>,
}

impl Bar<'_> {
    fn takes(
        &self,
        full: &Verified,
        entry: impl FnOnce() -> Result<Option<Input>, StateError>,
    ) -> Result<bool, StateError> {
        match self.policy {
            None => Ok(full.worst < Some(self.fail_on)),
            // Of several parts the last one alone is kept.
            Some(_) if full.parts.is_some() => Ok(false),
            Some(passes) => Ok(entry()?.is_some_and(|input| passes(&input))),
        }
    }
}

/// A run over many inputs.
pub(crate) struct Session {
    run: Option<Run>,
    within: Option<Duration>,
    settle: Duration,
    /// The slot that a sampled run reads of inputs that cannot be read in parts; without a state the part of the day.
    slot: Option<Part>,
}

/// The key of a path or a URL as it was typed.
pub(crate) fn key(path: &Path) -> Key {
    match path.to_str() {
        Some(url) if is_url(url) => Key::of_url(url),
        _ => Key::of_path(path),
    }
}

/// Whether it begins with a scheme, as `s3://` is one.
fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// What makes two runs the same job: the inputs as they were typed and what they are, the options that change a report, and the number
/// of parts of a sample.
pub(crate) fn identity<'a>(
    inputs: &[PathBuf],
    options: impl IntoIterator<Item = (&'a str, String)>,
    sample: Option<u32>,
) -> RunIdentity {
    let mut identity = RunIdentity::new(env!("CARGO_PKG_VERSION"));
    for path in inputs {
        let key = key(path);
        // Both, since a report shows the one and a relative path can mean another directory tomorrow.
        identity = identity.input(key.path()).input(key.text());
    }
    for (name, value) in options {
        identity = identity.option(name, value);
    }
    match sample {
        Some(of) => identity.sample(of),
        None => identity,
    }
}

impl Session {
    /// Begins a run; without a state file there is nothing that can fail, and so no error.
    pub(crate) fn begin(
        wish: &Wish,
        identity: &RunIdentity,
        sample: Option<u32>,
        now: Timestamp,
    ) -> Result<Self, StateError> {
        let run = match &wish.file {
            Some(file) => Some(State::open(file)?.begin(identity, wish.resume, now)?),
            None => None,
        };
        let slot = match &run {
            Some(run) => run.sample(),
            None => sample.and_then(|of| Part::of_day(now, of)),
        };
        Ok(Self {
            run,
            within: wish.within,
            settle: wish.settle,
            slot,
        })
    }

    /// The same run with nothing that is known or kept, so that there is nothing that can fail: whether an input is still written is
    /// seen all the same, and so is whose turn a part is.
    pub(crate) fn without_state(&self) -> Self {
        Self {
            run: None,
            within: None,
            settle: self.settle,
            slot: self.slot,
        }
    }

    /// Whether anything is kept of what comes of inputs.
    pub(crate) fn remembers(&self) -> bool {
        self.run.is_some()
    }

    /// What is said of a run that goes on with another one, given the number of inputs.
    pub(crate) fn resumed(&self, inputs: usize) -> Option<String> {
        let resumed = self.run.as_ref()?.resumed()?;
        let since = resumed.since.strftime("%Y-%m-%d %H:%M:%S UTC");
        Some(format!(
            "goes on with the run of {since}: {} of {inputs} inputs are done",
            resumed.done
        ))
    }

    /// Whether to read an input, given a look at it now; a file is looked at here if there is none.
    pub(crate) fn before(
        &self,
        place: Place,
        look: Option<Look>,
        now: Timestamp,
        bar: &Bar<'_>,
    ) -> Result<Next, StateError> {
        let look = look.or_else(|| look_at(&place)).unwrap_or_default();
        let print = Fingerprint {
            size: look.size,
            modified: look.modified,
            tag: look.tag.clone(),
            beside: match place.beside.as_slice() {
                [] => place.versions.clone(),
                files => beside(files),
            },
        };
        if let (Some(run), Some(key)) = (&self.run, &place.key) {
            if let Some(input) = run.done_already(key, &print)? {
                return Ok(Next::Done(Box::new(input)));
            }
            if let Some(within) = self.within {
                let recent = run.state().recent(key, &print, within, run.since())?;
                if let Some(full) = recent
                    && bar.takes(&full, || run.state().last_entry(key))?
                {
                    return Ok(Next::Left(
                        place.left(LeftReason::VerifiedRecently, full.words()),
                    ));
                }
            }
        }
        if !place.named {
            let first = place.first.as_ref().unwrap_or(&look);
            if let Err(words) = first.settled(&look, now, self.settle) {
                return Ok(Next::Left(place.growing(words)));
            }
        }
        Ok(Next::Read(Box::new(Begun {
            place,
            look,
            print,
            started: Instant::now(),
        })))
    }

    /// Whether it was verified before, whatever it was then.
    pub(crate) fn knows(&self, begun: &Begun) -> Result<bool, StateError> {
        match (&self.run, &begun.place.key) {
            (Some(run), Some(key)) => run.state().knows(key),
            _ => Ok(false),
        }
    }

    /// How much of an input to read. `in_blocks`: parts of it can be read, as of an export that is not compressed. Of others the whole
    /// is read in one run of several. What was found bad is read as a whole in each, or the next one would call it good for another part.
    pub(crate) fn take(&self, begun: &Begun, in_blocks: bool) -> Result<Take, StateError> {
        let (Some(slot), Some(key)) = (self.slot, &begun.place.key) else {
            return Ok(Take::Whole);
        };
        if let Some(run) = &self.run
            && run.state().was_bad(key, &begun.print)?
        {
            return Ok(Take::Whole);
        }
        if in_blocks {
            let part = match &self.run {
                Some(run) => run.state().next_part(key, &begun.print, slot.of())?,
                None => Some(slot),
            };
            return Ok(part.map_or(Take::Whole, Take::Part));
        }
        let own = key.slot(slot.of());
        if own == slot.index() {
            return Ok(Take::Whole);
        }
        let own = Part::new(own, slot.of()).unwrap_or(slot);
        let words = format!("it is read as a whole in run {own}, and this is run {slot}");
        Ok(Take::Left(begun.place.left(LeftReason::NotInSample, words)))
    }

    /// Records what came of an input that was read to its end or cannot be read; what was interrupted is not for here. If the input was
    /// written meanwhile, nothing is recorded, and one that was met below a directory is left for the next run: then this says so, and
    /// the entry is none of the report.
    pub(crate) fn after(
        &self,
        begun: &Begun,
        look: Option<Look>,
        read: &Read<'_>,
        now: Timestamp,
    ) -> Result<Option<Left>, StateError> {
        let place = &begun.place;
        // One that is gone by now has not settled either.
        let later = look.or_else(|| look_at(place)).unwrap_or_default();
        // Whether it had rested was asked before.
        if let Err(words) = begun.look.settled(&later, now, Duration::ZERO) {
            return Ok((!place.named).then(|| place.growing(words)));
        }
        if let (Some(run), Some(key)) = (&self.run, &place.key) {
            let outcome = Outcome {
                input: read.input,
                sha256: read.sha256,
                extent: read.extent,
                duration: begun.started.elapsed(),
                bytes_read: read.bytes,
                at: now,
            };
            run.record(key, &begun.print, &outcome)?;
        }
        Ok(None)
    }

    /// Ends a run that came to its end. One that was interrupted is dropped instead, and the next one goes on with it.
    pub(crate) fn finish(self, now: Timestamp) -> Result<(), StateError> {
        self.run.map_or(Ok(()), |run| run.finish(now))
    }
}

impl Place {
    /// A file.
    pub(crate) fn file(path: &Path, named: bool, beside: Vec<PathBuf>) -> Self {
        Self {
            key: Some(Key::of_path(path)),
            name: path.to_string_lossy().into_owned(),
            path: Some(path.to_owned()),
            named,
            first: Look::at(path).ok(),
            beside,
            versions: String::new(),
        }
    }

    /// An object, as it was listed.
    pub(crate) fn object(url: &str, named: bool, listed: Look) -> Self {
        Self {
            key: Some(Key::of_url(url)),
            name: url.to_owned(),
            path: None,
            named,
            first: Some(listed),
            beside: Vec::new(),
            versions: String::new(),
        }
    }

    /// Standard input.
    pub(crate) fn pipe() -> Self {
        Self {
            key: None,
            name: "-".to_owned(),
            path: None,
            named: true,
            first: None,
            beside: Vec::new(),
            versions: String::new(),
        }
    }

    fn growing(&self, mut words: String) -> Left {
        if looks_temporary(Path::new(&self.name)) {
            words.push_str("; its name is one that files have while they are written");
        }
        self.left(LeftReason::StillGrowing, words)
    }

    fn left(&self, reason: LeftReason, detail: String) -> Left {
        Left {
            below: None,
            path: self.name.clone(),
            reason,
            detail,
        }
    }
}

/// A look at a file; of an object the one from the listing, if there is no later one.
fn look_at(place: &Place) -> Option<Look> {
    match &place.path {
        Some(path) => Look::at(path).ok(),
        None => place.first.clone(),
    }
}

#[cfg(test)]
mod tests;
