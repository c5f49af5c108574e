//! `xenspect cat`: a member of an archive, or a table of a pool database as JSON. Secrets are hidden
//! unless they are asked for; what a disk holds is not looked at.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;

use serde::Serialize;
use xenspect_inventory::JsonRow;
use xenspect_model::Catalog;
use xenspect_model::catalog::Dump;
use xenspect_report::json::write_element;
use xenspect_report::text::escape;
use xenspect_scan::{Extracted, Options, Walked};
use xenspect_xapi::db::Row;
use xenspect_xapi::{Limits, secrets, xmlrpc};

use crate::args::Cat;
use crate::exit::Exit;
use crate::inputs::Target;
use crate::interrupt::Interrupt;
use crate::messages::say;
use crate::reading::Means;
use crate::{output, reading};

/// The one member of a document that is no archive.
const DESCRIPTION: &[u8] = b"ova.xml";
/// What the manifest of a pool database is called among its tables.
const MANIFEST: &str = "manifest";
/// Hard links of a host backup that are followed one after the other.
const CHAIN: usize = 8;

/// Prints what was asked for.
pub(crate) fn run(command: &Cat) -> Exit {
    let interrupt = Interrupt::watch();
    let target = Target::named(&command.input);
    let input = output::escaped(&reading::name(&target));
    let member = command.member.as_encoded_bytes();
    // A block may begin with anything.
    let block = member.starts_with(b"Ref:");
    if command.pretty && block {
        say("--pretty is for ova.xml and for tables, not for blocks");
        return Exit::Failed;
    }
    let path = command.member.to_string_lossy();
    if is_refused(command, &path) {
        return Exit::Failed;
    }
    let mut sink = Sink::new(command, &path, block);
    let mut member = Cow::Borrowed(member);
    let means = Means::with_care(&interrupt, command.care);
    let options = means.options(Options::default());
    for _ in 0..CHAIN {
        let outcome = reading::read(&target, true, &means, |source, progress| {
            xenspect_scan::extract(source, &member, &options, progress, &mut sink)
        });
        match outcome {
            Ok(Extracted::LinkTo(path)) if target.can_be_read_again() => {
                // The link may have any name.
                if is_refused(command, &path) {
                    return Exit::Failed;
                }
                member = Cow::Owned(path.into_bytes());
            }
            Ok(extracted) => return show(command, &input, extracted, sink),
            Err(_) if interrupt.is_raised() => return Exit::Interrupted,
            Err(failure) => {
                say(format_args!("{input}: {failure}"));
                return Exit::Failed;
            }
        }
    }
    let name = output::escaped(&path);
    say(format_args!(
        "{input}: {name} is a hard link that leads to no file"
    ));
    Exit::Failed
}

/// Whether a file of a host is not shown for its secrets, which is told.
fn is_refused(command: &Cat, path: &str) -> bool {
    if command.show_secrets {
        return false;
    }
    let kind = xenspect_inventory::holds_secrets(path);
    if let Some(what) = kind {
        say(format_args!(
            "{} holds secrets of a host ({what}), so it is not shown; --show-secrets prints it",
            output::escaped(path)
        ));
    }
    kind.is_some()
}

/// Shows what was taken out, or says why there is nothing to show.
fn show(command: &Cat, input: &str, extracted: Extracted, sink: Sink) -> Exit {
    let member = command.member.as_encoded_bytes();
    let description = member.strip_prefix(b"./").unwrap_or(member) == DESCRIPTION;
    let name = output::escaped(&command.member.to_string_lossy());
    match extracted {
        Extracted::Whole { .. } => match sink.into_held() {
            None => {
                if command.pretty && !command.quiet.quiet {
                    say(format_args!(
                        "--pretty is for ova.xml and for tables; {name} was printed as it is"
                    ));
                }
                finished(io::stdout().flush())
            }
            Some(document) => show_document(command, input, &document),
        },
        Extracted::Cut { have, size } => {
            if sink.into_held().is_some() {
                say(format_args!(
                    "{input} ends inside of {name}: {have} of {size} bytes are there, which are not shown"
                ));
            } else {
                say(format_args!(
                    "{input} ends inside of {name}, or cannot be read there: {have} of {size} bytes were written"
                ));
            }
            Exit::Findings
        }
        Extracted::Unreadable { have, size } => {
            let written = match sink.into_held() {
                Some(_) => "nothing of it is shown".to_owned(),
                None => format!("{have} of {size} bytes were written, those in front of it"),
            };
            say(format_args!(
                "{input}: part of {name} lies where the storage cannot be read; {written}"
            ));
            Exit::Findings
        }
        Extracted::Absent { walked } => absent(input, &name, &walked),
        Extracted::LinkTo(path) => {
            let path = output::escaped(&path);
            say(format_args!(
                "{input}: {name} is a hard link to {path}; ask for that"
            ));
            Exit::Failed
        }
        Extracted::NoContents(why) => {
            let why = output::escaped(&why);
            say(format_args!("{input}: {name} {why}"));
            Exit::Failed
        }
        Extracted::NotWritten(error) => {
            // What is held is memory, which refuses only what is too long.
            if matches!(sink, Sink::Held(_)) {
                say(format_args!("{input}: {name}: {error}"));
                return Exit::Failed;
            }
            finished(Err(error))
        }
        Extracted::Document(Catalog::Dump(dump)) => table(command, input, &dump),
        Extracted::Document(Catalog::Document(document)) if description => {
            show_document(command, input, &document.text)
                .max(output::exit_of_facts(input, &document.facts))
        }
        Extracted::Document(_) => {
            say(format_args!(
                "{input} is the ova.xml of an export, without the archive; `ova.xml` is all there is to print"
            ));
            Exit::Failed
        }
    }
}

fn absent(input: &str, name: &str, walked: &Walked) -> Exit {
    match walked {
        Walked::Interrupted => return Exit::Interrupted,
        Walked::Broken(words) => say(format_args!("{input}: {words}")),
        Walked::Complete | Walked::Enough => {}
    }
    let hint = match name.starts_with('/') {
        true => "; its paths have no / in front",
        false => "",
    };
    say(format_args!(
        "there is no {name} in {input}{hint}; `xenspect ls` shows what there is"
    ));
    Exit::Failed
}

/// Prints an `ova.xml`.
fn show_document(command: &Cat, input: &str, document: &[u8]) -> Exit {
    let limits = Limits {
        bytes: document.len(),
        ..Limits::default()
    };
    let shown = if command.show_secrets {
        Ok(document.to_vec())
    } else {
        secrets::masked_ova_xml(document, &limits)
    };
    let shown = match shown {
        Ok(shown) => shown,
        // Nothing of an export, so nothing of it is hidden: a file of a host that happens to be XML.
        Err(_) if is_other_xml(command, document) => document.to_vec(),
        Err(error) => {
            say(format_args!(
                "{input}: this XML cannot be read, so its secrets cannot be hidden: {error}; \
                 --show-secrets prints it as it stands"
            ));
            return Exit::Findings;
        }
    };
    if !command.quiet.quiet && !command.show_secrets && shown != document {
        say("secrets are hidden; --show-secrets prints them");
    }
    let shown = if command.pretty {
        let limits = Limits {
            bytes: shown.len(),
            ..limits
        };
        match xmlrpc::pretty(&shown, &limits) {
            Ok(pretty) => pretty,
            Err(error) => {
                say(format_args!("{input}: ova.xml cannot be laid out: {error}"));
                return Exit::Findings;
            }
        }
    } else {
        shown
    };
    // A terminal acts on some characters that XML allows.
    if io::stdout().is_terminal() {
        let shown = harmless(&shown);
        return finished(io::stdout().lock().write_all(shown.as_bytes()));
    }
    finished(io::stdout().lock().write_all(&shown))
}

/// Whether a document that cannot be read as a description is another one without secrets that are known: in a folder, of
/// another name, and without the elements that are around every value of XML-RPC and around a pool database.
fn is_other_xml(command: &Cat, document: &[u8]) -> bool {
    let path = command.member.as_encoded_bytes();
    let is_below = path.strip_prefix(b"./").unwrap_or(path).contains(&b'/');
    let has = |element: &[u8]| document.windows(element.len()).any(|part| part == element);
    is_below && !path.ends_with(DESCRIPTION) && !has(b"<value") && !has(b"<database")
}

/// Text that a terminal only shows.
fn harmless(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines = text.split('\n').map(|line| {
        let cells = line.split('\t').map(|cell| escape(cell, output::unicode()));
        cells.collect::<Vec<_>>().join("\t")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Prints a table, or one row of it.
fn table(command: &Cat, input: &str, dump: &Dump) -> Exit {
    let wanted = command.member.to_string_lossy();
    let (table, row) = match wanted.split_once('/') {
        Some((table, row)) => (table, Some(row)),
        None => (&*wanted, None),
    };
    if wanted == MANIFEST {
        let exit = finished(write_row(&manifest(command, dump), command.pretty));
        return exit.max(output::exit_of_dump(input, dump));
    }
    let Some(found) = dump.database.table(table) else {
        say(format_args!(
            "there is no table {} in {input}; `xenspect ls` shows what there is",
            output::escaped(table)
        ));
        return Exit::Failed;
    };
    let has_secrets = || {
        let mut is_here = |secret: secrets::Secret| {
            if secret.class == table {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let grade = secrets::Grade::Secret;
        secrets::for_each_in_database(&dump.database, grade, &mut is_here).is_break()
    };
    if !command.quiet.quiet && !command.show_secrets && has_secrets() {
        say("secrets are hidden; --show-secrets prints them");
    }
    let json = |row| JsonRow {
        row,
        show_secrets: command.show_secrets,
    };
    match row {
        None => finished(write_rows(found.rows().map(json), command.pretty))
            .max(output::exit_of_dump(input, dump)),
        Some(wanted) => {
            let is = |row: &Row<'_>| {
                row.reference().as_deref() == Some(wanted) || row.uuid().as_deref() == Some(wanted)
            };
            match found.rows().find(is) {
                // The row is all there, wherever the rest ends.
                Some(row) => finished(write_row(&json(row), command.pretty))
                    .max(output::exit_of_facts(input, &dump.facts)),
                None => {
                    say(format_args!(
                        "there is no row {} in table {} of {input}",
                        output::escaped(wanted),
                        output::escaped(table)
                    ));
                    Exit::Failed
                }
            }
        }
    }
}

/// Keys and values of the manifest; of two equal keys the last, as xapi has it.
fn manifest<'d>(command: &Cat, dump: &'d Dump) -> BTreeMap<&'d str, Cow<'d, str>> {
    let mut pairs = BTreeMap::new();
    for (key, value) in dump.database.manifest() {
        let value = match command.show_secrets {
            true => Cow::Borrowed(value),
            false => secrets::masked_manifest(key, value),
        };
        pairs.insert(key, value);
    }
    pairs
}

/// An array with a row on each line, or laid out in full.
fn write_rows<T: Serialize>(rows: impl Iterator<Item = T>, pretty: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut lead = "[\n";
    for row in rows {
        out.write_all(lead.as_bytes())?;
        write_element(&row, pretty, &mut out)?;
        lead = ",\n";
    }
    let end: &[u8] = if lead == "[\n" { b"[]\n" } else { b"\n]\n" };
    out.write_all(end)?;
    out.flush()
}

fn write_row(row: &impl Serialize, pretty: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write_element(row, pretty, &mut out)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn finished(result: io::Result<()>) -> Exit {
    match output::written(result) {
        Ok(()) => Exit::Good,
        Err(()) => Exit::Failed,
    }
}

/// Where a payload goes: straight out, or, if it begins as XML does, into memory, since it may hold
/// secrets.
enum Sink {
    Unknown {
        /// Whether somebody looks at what is no XML.
        is_looked_at: bool,
    },
    Out,
    /// Out to somebody who looks at it.
    Terminal,
    Held(Vec<u8>),
}

impl Sink {
    fn new(command: &Cat, path: &str, is_block: bool) -> Self {
        // Members of exports are in no folder; files of a host are.
        let in_folder = path.strip_prefix("./").unwrap_or(path).contains('/');
        let is_looked_at = in_folder && io::stdout().is_terminal();
        match is_block || in_folder && command.show_secrets && !command.pretty {
            true if is_looked_at => Self::Terminal,
            true => Self::Out,
            false => Self::Unknown { is_looked_at },
        }
    }

    fn into_held(self) -> Option<Vec<u8>> {
        match self {
            Self::Held(bytes) => Some(bytes),
            Self::Unknown { .. } | Self::Out | Self::Terminal => None,
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Self::Unknown { is_looked_at } = self {
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            *self = if text.trim_ascii_start().starts_with(b"<") {
                Self::Held(Vec::new())
            } else if *is_looked_at {
                Self::Terminal
            } else {
                Self::Out
            };
        }
        match self {
            Self::Unknown { .. } | Self::Out => io::stdout().write(bytes),
            Self::Terminal => {
                io::stdout().write_all(harmless(bytes).as_bytes())?;
                Ok(bytes.len())
            }
            Self::Held(held) => {
                let limit = usize::try_from(Options::default().limits.document);
                if held.len() + bytes.len() > limit.unwrap_or(usize::MAX) {
                    return Err(io::Error::other(
                        "it is longer than the longest XML that is looked through for secrets",
                    ));
                }
                held.write(bytes)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}
