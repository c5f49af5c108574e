//! What `verify` does with one input: reads it once, judges it, and then compares it with whatever lies beside it, with its seal and
//! with another copy. Which inputs there are is in `plan`, how they are gone through in `commands/verify.rs`.

mod beside;
pub(crate) mod ledger;
mod tee;

use std::io;
use std::path::Path;

use xenspect_diff::{CopySide, copies};
use xenspect_model::catalog::{DigestKind, Manifest, StoredFile};
use xenspect_model::hex;
use xenspect_model::report::{Input, Left};
use xenspect_scan::{Depth, Error, Options, Source, Wish, take};
use xenspect_state::{Extent, Part};

use crate::args::Verify;
use crate::changes::Before;
use crate::inputs::Target;
use crate::plan::{Plan, Planned, Root};
use crate::policy::InForce;
use crate::progress::Board;
use crate::reading::{self, Failure, Means};
use crate::remote::Manner;
use crate::seals::Seals;
use crate::state::{Bar, Begun, Next, Read, Take};

use beside::Beside;
use ledger::Ledger;
use tee::Copy;

/// What came of an input.
pub(crate) enum Verified {
    /// It was read, and so was the other copy, if there is one.
    Input(Box<Input>, Option<Box<Input>>),
    /// It was left for another run.
    Left(Left),
}

/// How inputs are verified.
pub(crate) struct Verification<'a> {
    pub(crate) command: &'a Verify,
    pub(crate) options: Options,
    pub(crate) means: Means<'a>,
    pub(crate) seals: Seals,
    pub(crate) ledger: Ledger,
    pub(crate) in_force: &'a InForce,
}

/// One input on its way.
struct Way<'a> {
    planned: &'a Planned,
    root: &'a Root,
    name: &'a str,
    board: &'a Board,
}

impl Way<'_> {
    fn target(&self) -> &Target {
        &self.planned.target
    }
}

/// What came of an input that was read.
struct Done {
    input: Input,
    /// The other copy.
    other: Option<Input>,
    /// Digits of the file's SHA-256, if it was taken.
    sha256: Option<String>,
}

/// What reading an input gave.
struct Found {
    /// What is said of it by its contents alone.
    judged: Result<Input, Error>,
    manifest: Option<Manifest>,
    stored: Option<StoredFile>,
    /// Why there is no copy.
    copy_failed: Option<io::Error>,
}

impl Verification<'_> {
    /// Verifies an input of a plan.
    pub(crate) fn one(
        &self,
        plan: &Plan,
        index: usize,
        name: &str,
        board: &Board,
    ) -> Result<Verified, Failure> {
        let planned = plan.inputs.get(index).ok_or(Failure::Defect)?;
        let root = plan.roots.get(planned.root).ok_or(Failure::Defect)?;
        let way = Way {
            planned,
            root,
            name,
            board,
        };
        let beside = self.beside(&way);
        let passes = |input: &Input| self.in_force.passes(plan, planned, input);
        let bar = Bar {
            fail_on: self.in_force.fail_on(),
            policy: match self.in_force.judges_inputs() {
                true => Some(&passes),
                false => None,
            },
        };
        let begun = match self.ledger.before(&beside.place(planned, name), &bar) {
            Some(Next::Done(input)) => return Ok(Verified::Input(input, None)),
            Some(Next::Left(left)) => return Ok(Verified::Left(left)),
            Some(Next::Read(begun)) => Some(begun),
            None => None,
        };
        let before = Before::of(way.target());
        let source = reading::open(way.target(), Manner::Stream, &self.means)?;
        let take = self
            .ledger
            .take(begun.as_deref(), source.is_plain_archive());
        let part = match take {
            Take::Left(left) => return Ok(Verified::Left(left)),
            Take::Whole => None,
            Take::Part(part) => Some(part),
        };
        let done = match self.verify(&way, (source, before), part, beside) {
            // What was a backup once is not passed over in silence for being none any more.
            Err(Failure::NotScanned(error))
                if !matches!(error, Error::Interrupted) && self.ledger.knows(begun.as_deref()) =>
            {
                Done {
                    input: Input::unreadable(name.to_owned(), error.to_string()),
                    other: None,
                    sha256: None,
                }
            }
            done => done?,
        };
        if !self.means.interrupt.is_raised()
            && let Some(left) = self.record(&way, begun.as_deref(), &done, part)
        {
            return Ok(Verified::Left(left));
        }
        Ok(Verified::Input(
            Box::new(done.input),
            done.other.map(Box::new),
        ))
    }

    /// What it is compared with, unless nothing is.
    fn beside(&self, way: &Way<'_>) -> Beside {
        match self.command.alone {
            true => Beside::default(),
            false => Beside::of(way.target(), way.root, &self.seals),
        }
    }

    /// Reads and judges it, and the other copy.
    fn verify(
        &self,
        way: &Way<'_>,
        (source, before): (Source, Option<Before>),
        part: Option<Part>,
        beside: Beside,
    ) -> Result<Done, Failure> {
        let copy = match &self.command.tee {
            Some(out) => Some(Copy::begin(way.target(), out, self.command.force)?),
            None => None,
        };
        let whole = part.is_none() && self.options.depth == Depth::Full;
        let mut wish = Wish::default();
        if whole {
            beside.wish(&mut wish);
            if self.ledger.remembers() {
                wish.want(DigestKind::Sha256);
            }
        }
        wish.manifest |= self.command.against.is_some();
        if let Some(copy) = &copy {
            copy.wish(&mut wish)?;
        }
        let found = self.read(way, source, wish, part)?;
        // What the reading found is as good without a copy, which goes with its temporary file.
        let copy = match &found.copy_failed {
            Some(error) => {
                self.ledger.copy_failed(tee::words(error));
                None
            }
            None => copy,
        };
        let (mut input, no_backup) = match found.judged {
            Ok(input) => (input, None),
            // What is no backup is copied all the same, and compared with the digests beside it.
            Err(error) if copy.is_some() || beside.tells_digests() => {
                let input = Input::unreadable(way.name.to_owned(), error.to_string());
                (input, Some(error))
            }
            Err(error) => return Err(Failure::NotScanned(error)),
        };
        let sha256 = found.stored.as_ref().and_then(StoredFile::sha256);
        let done = |input, other| Done {
            input,
            other,
            sha256: sha256.as_ref().map(|digest| hex::encode(digest)),
        };
        note_change(before.as_ref(), &mut input);
        if self.means.interrupt.is_raised() {
            xenspect_rules::copy::stopped(&mut input);
            return Ok(done(input, None));
        }
        way.root.describe(way.target(), &mut input);
        if let Some(stored) = &found.stored {
            xenspect_rules::copy::stored(&mut input, stored);
        }
        beside.judge(
            &mut input,
            whole,
            found.stored.as_ref(),
            found.manifest.as_ref(),
        );
        if let Some(error) = no_backup.filter(|_| copy.is_none() && input.findings.is_empty()) {
            return Err(Failure::NotScanned(error));
        }
        let other = match (&self.command.against, &found.manifest) {
            (Some(path), Some(manifest)) => Some(self.compare(way, &mut input, manifest, path)),
            _ => None,
        };
        if let (Some(copy), Some(stored)) = (copy, &found.stored)
            && !self.means.interrupt.is_raised()
        {
            let good = self.in_force.is_good(way.name, &input);
            if let Err(words) = copy.finish(way.target(), stored, good, &mut input) {
                self.ledger.copy_failed(words);
            }
        }
        Ok(done(input, other))
    }

    fn read(
        &self,
        way: &Way<'_>,
        source: Source,
        wish: Wish,
        part: Option<Part>,
    ) -> Result<Found, Failure> {
        let options = Options {
            sample: part.and_then(|part| xenspect_scan::Part::new(part.index(), part.of())),
            ..self.options.clone()
        };
        let watch = (self.means.interrupt, self.means.is_quick(&source));
        reading::watched_on(way.board, way.target(), watch, |progress| {
            let taken = take(source, wish, &options, progress);
            let judged = taken
                .catalog
                .map(|catalog| xenspect_rules::input(way.name.to_owned(), &catalog));
            Ok(Found {
                judged,
                manifest: taken.manifest,
                stored: taken.stored,
                copy_failed: taken.copy_failed,
            })
        })
    }

    /// Reads the other copy, and says of both how they compare. One that cannot be read is told as that, and leaves this one as it is.
    fn compare(&self, way: &Way<'_>, here: &mut Input, manifest: &Manifest, path: &Path) -> Input {
        let target = Target::alone(path);
        let before = Before::of(&target);
        let name = reading::name(&target);
        let other = Way {
            planned: &Planned {
                target,
                root: 0,
                look: None,
            },
            name: &name,
            ..*way
        };
        let wish = Wish {
            manifest: true,
            ..Wish::default()
        };
        let source = reading::open(other.target(), Manner::Stream, &self.means);
        let read = source.and_then(|source| {
            let found = self.read(&other, source, wish, None)?;
            let judged = found.judged.map_err(Failure::NotScanned)?;
            Ok((judged, found.manifest))
        });
        let (mut there, other) = match read {
            Ok((judged, manifest)) => (judged, manifest),
            Err(failure) => (Input::unreadable(name.clone(), failure.to_string()), None),
        };
        note_change(before.as_ref(), &mut there);
        if self.means.interrupt.is_raised() {
            xenspect_rules::copy::stopped(here);
            xenspect_rules::copy::stopped(&mut there);
        } else if let Some(other) = &other {
            let mut compared = copies(CopySide::of(manifest, here), CopySide::of(other, &there));
            compared.path = name;
            let mirrored = compared.mirrored(way.name.to_owned());
            xenspect_rules::copy::against(here, compared);
            xenspect_rules::copy::against(&mut there, mirrored);
        }
        there
    }

    /// Puts down what came of it; or says that it was written meanwhile.
    fn record(
        &self,
        way: &Way<'_>,
        begun: Option<&Begun>,
        done: &Done,
        part: Option<Part>,
    ) -> Option<Left> {
        let extent = match part {
            _ if self.options.depth != Depth::Full => Extent::Headers,
            Some(part) => Extent::Part(part),
            None => Extent::Full,
        };
        let read = Read {
            input: &done.input,
            sha256: done.sha256.as_deref(),
            extent,
            bytes: done.input.bytes,
        };
        self.ledger
            .after(begun, beside::look_again(way.planned).as_ref(), &read)
    }
}

/// Says that a file changed while it was read, if it did.
fn note_change(before: Option<&Before>, input: &mut Input) {
    if let Some(change) = before.and_then(Before::change) {
        xenspect_rules::copy::changed(input, change);
    }
}
