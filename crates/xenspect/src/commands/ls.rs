//! `xenspect ls`: the members of an archive as they come by, or the tables of a pool database.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use serde::Serialize;
use xenspect_model::{Catalog, MemberText};
use xenspect_report::json::write_element;
use xenspect_report::listing::{MEMBERS, MemberLine, TABLES, TableLine};
use xenspect_scan::{Contents, Listed, Options, Walked};

use crate::args::{ListFormat, Ls};
use crate::exit::Exit;
use crate::inputs::Target;
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::reading::Means;
use crate::{output, reading};

/// Lists an input.
pub(crate) fn run(command: &Ls) -> Exit {
    let interrupt = Interrupt::watch();
    let target = Target::named(&command.input);
    let name = reading::name(&target);
    let mut list = List::new(command.format);
    // The list goes to standard output while the input is read; a bar in between would spoil both.
    let means = Means::with_care(&interrupt, command.care);
    let options = means.options(Options::default());
    let outcome = reading::read(&target, true, &means, |source, progress| {
        xenspect_scan::list(source, &options, progress, &mut |listed| {
            list.add(MEMBERS, &member(listed), MemberLine::line)
        })
    });
    let contents = match outcome {
        Ok(contents) => contents,
        Err(failure) => return reading::ended(Err((&name, failure)), &interrupt),
    };
    let exit = match &contents {
        Contents::Members {
            walked,
            lost,
            damage,
            ..
        } => {
            let quiet = command.quiet.quiet;
            let damage = damage.as_deref();
            ending(&name, walked, *lost, quiet).max(damaged(&name, damage, quiet))
        }
        Contents::Document(Catalog::Dump(dump)) => {
            for table in dump.database.tables() {
                let line = TableLine {
                    table: table.name().to_owned(),
                    rows: table.len() as u64,
                    offset: table.offset(),
                };
                if list.add(TABLES, &line, TableLine::line).is_break() {
                    break;
                }
            }
            output::exit_of_dump(&name, dump)
        }
        Contents::Document(_) => {
            say(format_args!(
                "{} is the ova.xml of an export, without the archive: it has no members; \
                 `xenspect inspect` shows what it says",
                output::escaped(&name)
            ));
            return Exit::Failed;
        }
    };
    match list.finish() {
        Ok(()) => exit,
        Err(()) => Exit::Failed,
    }
}

/// What is to be said of how far the walk came.
fn ending(name: &str, walked: &Walked, lost: u64, quiet: bool) -> Exit {
    let name = output::escaped(name);
    if lost > 0 && !quiet {
        say(format_args!(
            "{name}: {lost} bytes between the members are no members; `xenspect verify` tells what is lost"
        ));
    }
    match walked {
        Walked::Complete | Walked::Enough if lost == 0 => Exit::Good,
        Walked::Complete | Walked::Enough => Exit::Findings,
        Walked::Interrupted => Exit::Interrupted,
        Walked::Broken(words) => {
            say(format_args!("{name}: {words}; what is before it is listed"));
            Exit::Findings
        }
    }
}

/// What is to be said of damage that the compression tells.
fn damaged(name: &str, damage: Option<&str>, quiet: bool) -> Exit {
    let Some(damage) = damage else {
        return Exit::Good;
    };
    if !quiet {
        let (name, damage) = (output::escaped(name), output::escaped(damage));
        say(format_args!(
            "{name}: {damage}; `xenspect verify` tells more"
        ));
    }
    Exit::Findings
}

fn member(listed: &Listed) -> MemberLine {
    let member = &listed.member;
    let (sum_kind, sum) = listed
        .sum
        .as_ref()
        .map(|(kind, text)| {
            let text = String::from_utf8_lossy(text).into_owned();
            (kind.to_string(), text)
        })
        .unzip();
    MemberLine {
        name: MemberText::from(&*member.name),
        offset: member.header_offset,
        data_offset: member.data_offset,
        size: member.size,
        kind: member.kind.name().into(),
        real_size: member.real_size,
        link: link(&member.link_name),
        sum_kind,
        sum,
    }
}

/// Where a link leads, as text; `None` of what is no link.
fn link(stored: &[u8]) -> Option<String> {
    (!stored.is_empty()).then(|| MemberText::from(stored).text)
}

/// A list on its way out.
struct List {
    format: ListFormat,
    unicode: bool,
    out: io::BufWriter<io::StdoutLock<'static>>,
    lines: u64,
    failed: Option<io::Error>,
}

impl List {
    fn new(format: ListFormat) -> Self {
        Self {
            format,
            unicode: output::unicode(),
            out: io::BufWriter::new(io::stdout().lock()),
            lines: 0,
            failed: None,
        }
    }

    fn add<T: Serialize>(
        &mut self,
        heading: &str,
        line: &T,
        human: impl Fn(&T, bool) -> String,
    ) -> ControlFlow<()> {
        let first = self.lines == 0;
        self.lines += 1;
        let result = match self.format {
            ListFormat::Human => {
                let heading = if first {
                    format!("{heading}\n")
                } else {
                    String::new()
                };
                writeln!(self.out, "{heading}{}", human(line, self.unicode))
            }
            ListFormat::Json => {
                let lead = if first { "[\n" } else { ",\n" };
                write!(self.out, "{lead}").and_then(|()| write_element(line, false, &mut self.out))
            }
        };
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn finish(mut self) -> Result<(), ()> {
        let result = match self.failed.take() {
            Some(error) => Err(error),
            None => {
                let end = match (self.format, self.lines) {
                    (ListFormat::Human, _) => "",
                    (ListFormat::Json, 0) => "[]\n",
                    (ListFormat::Json, _) => "\n]\n",
                };
                write!(self.out, "{end}").and_then(|()| self.out.flush())
            }
        };
        output::written(result)
    }
}

impl Target {
    /// The one input of a command that takes one.
    pub(crate) fn named(path: &Path) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdin
        } else {
            Self::Given(path.to_owned())
        }
    }
}
