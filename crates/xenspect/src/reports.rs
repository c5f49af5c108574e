//! The reports of one run, in every form that was asked for: one on standard output, others in files. They are given inputs as those
//! are done, and the rest at the end; JSON Lines are written at once, all other forms at the end. Nothing here decides how a run
//! ends: that comes in, and a report that cannot be written is all that is added to it.

mod place;

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ColorChoice;
use xenspect_model::Severity;
use xenspect_model::report::{Input, Left, PolicyApplied, Report, SCHEMA, Tool};
use xenspect_report::ending::{Ending, Totals};
use xenspect_report::human::Style;
use xenspect_report::jsonl::Lines;
use xenspect_report::nagios::{self, Status};
use xenspect_report::{html, human, json, jsonl, junit, markdown, prometheus, sarif};

use crate::args::{Format, Forms, ReportFile};
use crate::exit::Exit;
use crate::messages::say;
use crate::new_file::{Access, NewFile};
use crate::output::{self, escaped};

pub(crate) use place::{Others, WRITE_BASELINE, check_baseline, is_older_baseline};

/// The reports of a run.
pub(crate) struct Reports<'a> {
    forms: &'a Forms,
    color: ColorChoice,
    verbose: bool,
    /// The program that the report is of.
    tool: Tool,
    /// JSON Lines on their way.
    streams: Vec<Stream<'a>>,
    /// Whether a form is asked for that needs the whole report.
    is_kept: bool,
    inputs: Vec<Input>,
    left: Vec<Left>,
    totals: Totals,
    /// Whether a report could not be written.
    failed: bool,
}

/// JSON Lines that are being written. There are no lines any more once they could not be.
struct Stream<'a> {
    lines: Option<Lines<Out>>,
    to: Option<&'a Path>,
}

/// Where a report goes.
enum Out {
    Standard(BufWriter<Stdout>),
    File(NewFile),
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

impl<'a> Reports<'a> {
    /// Reports of these forms. Whether their files can be written is found out now, and not after hours of reading.
    ///
    /// # Errors
    /// In words: the first file that cannot be written, and why.
    pub(crate) fn begin(
        forms: &'a Forms,
        color: ColorChoice,
        verbose: bool,
        tool: Tool,
        others: &Others<'_>,
    ) -> Result<Self, String> {
        place::check(&forms.files, others)?;
        let mut reports = Self {
            forms,
            color,
            verbose,
            tool,
            streams: Vec::new(),
            is_kept: false,
            inputs: Vec::new(),
            left: Vec::new(),
            totals: Totals::default(),
            failed: false,
        };
        let is_at_once = |format: Format| format == Format::Jsonl;
        if is_at_once(forms.format) {
            reports.stream(Out::Standard(BufWriter::new(io::stdout())), None);
        }
        for ReportFile { format, path } in &forms.files {
            // What is no stream is tried, and written at the end.
            let file = NewFile::create(path, Access::Usual)
                .map_err(|error| format!("{} cannot be written: {error}", shown(path)))?;
            if is_at_once(*format) {
                reports.stream(Out::File(file), Some(path));
            }
        }
        let mut all = forms.files.iter().map(|file| file.format);
        reports.is_kept = !is_at_once(forms.format) || all.any(|format| !is_at_once(format));
        Ok(reports)
    }

    fn stream(&mut self, out: Out, to: Option<&'a Path>) {
        let begun = Lines::begin(&self.tool, out);
        let lines = self.kept_going(begun, to);
        self.streams.push(Stream { lines, to });
    }

    /// Whether something is written to standard output while inputs are read.
    pub(crate) fn shows_at_once(&self) -> bool {
        self.forms.format == Format::Jsonl
    }

    /// Takes an input that is done.
    pub(crate) fn input(&mut self, input: Input) {
        self.totals.add(&input);
        self.each_stream(|lines| lines.input(&input));
        if self.is_kept {
            self.inputs.push(input);
        }
    }

    fn each_stream(&mut self, mut write: impl FnMut(&mut Lines<Out>) -> io::Result<()>) {
        let mut streams = std::mem::take(&mut self.streams);
        for stream in &mut streams {
            let Some(lines) = &mut stream.lines else {
                continue;
            };
            let written = write(lines);
            if self.kept_going(written, stream.to).is_none() {
                stream.lines = None;
            }
        }
        self.streams = streams;
    }

    /// Writes everything that is not written yet. `exit` is how the job itself went, and the lowest severity that fails comes with
    /// it. Returns the status that the shell is to see.
    pub(crate) fn end(
        mut self,
        left: Vec<Left>,
        policy: Option<PolicyApplied>,
        ending: &Ending,
        exit: Exit,
    ) -> u8 {
        // Before anything is rendered, so that no form can change it.
        let status = Status::of(ending, &self.totals);
        for left in &left {
            self.each_stream(|lines| lines.left(left));
        }
        self.left = left;
        for Stream { lines, to } in std::mem::take(&mut self.streams) {
            let Some(lines) = lines else {
                continue;
            };
            let ended = lines
                .end(policy.as_ref(), ending)
                .and_then(|out| match (out, to) {
                    (Out::File(file), Some(path)) => place::settle(file, Format::Jsonl, path),
                    _ => Ok(()),
                });
            self.kept_going(ended, to);
        }
        let report = Report {
            schema: SCHEMA,
            tool: self.tool.clone(),
            inputs: std::mem::take(&mut self.inputs),
            left: std::mem::take(&mut self.left),
            interrupted: ending.interrupted,
            fail_on: Some(ending.fail_on),
            policy,
        };
        let forms = self.forms;
        for ReportFile { format, path } in &forms.files {
            if *format == Format::Jsonl {
                continue;
            }
            let style = Style {
                verbose: self.verbose,
                ..Style::default()
            };
            let written = NewFile::create(path, Access::Usual).and_then(|mut file| {
                render(*format, &report, &style, ending, &mut file)?;
                place::settle(file, *format, path)
            });
            self.kept_going(written, Some(path));
        }
        if forms.format != Format::Jsonl {
            let style = output::style(self.color, self.verbose);
            let mut out = BufWriter::new(io::stdout().lock());
            let written = render(forms.format, &report, &style, ending, &mut out);
            let written = written.and_then(|()| out.flush());
            self.kept_going(written, None);
        }
        match (forms.format, self.failed) {
            (Format::Nagios, false) => status.code(),
            (Format::Nagios, true) => Status::Unknown.code(),
            (_, false) => exit.status(),
            (_, true) => exit.max(Exit::Failed).status(),
        }
    }

    /// What came of writing; a failure is said, and does not touch other reports. A reader of standard output that has gone away
    /// (`| head`) is none.
    fn kept_going<T>(&mut self, result: io::Result<T>, to: Option<&Path>) -> Option<T> {
        let error = match (result, to) {
            (Ok(done), _) => return Some(done),
            (Err(error), None) if error.kind() == io::ErrorKind::BrokenPipe => return None,
            (Err(error), _) => error,
        };
        match to {
            None => say(format_args!("cannot write the report: {error}")),
            Some(path) => say(format_args!(
                "cannot write the report {}: {error}",
                shown(path)
            )),
        }
        self.failed = true;
        None
    }
}

/// Writes a report in one form.
fn render(
    format: Format,
    report: &Report,
    style: &Style,
    ending: &Ending,
    mut out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, style, &mut out),
        Format::Json => json::write(report, &mut out),
        Format::Jsonl => jsonl::write(report, ending, &mut out),
        Format::Junit => junit::write(report, ending.fail_on, &mut out),
        Format::Sarif => sarif::write(report, ending, &mut out),
        Format::Markdown => markdown::write(report, ending, &mut out),
        Format::Html => html::write(report, &mut out),
        Format::Nagios => nagios::write(report, ending, &mut out),
        Format::Prometheus => prometheus::write(report, ending, &mut out),
    }
}

/// How a run ended, for the forms that tell it.
pub(crate) fn ending(exit: Exit, fail_on: Severity) -> Ending {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Ending {
        exit_status: exit.status(),
        interrupted: exit == Exit::Interrupted,
        fail_on,
        at: now.ok().map(|since| since.as_secs()),
    }
}

/// Says why a run came to no report, and returns the status that the shell is to see.
pub(crate) fn none(format: Format, words: &str) -> u8 {
    say(words);
    if format != Format::Nagios {
        return Exit::Failed.status();
    }
    // It is said already; who reads this looks at the status.
    let _ = nagios::write_failure(words, &mut io::stdout().lock());
    Status::Unknown.code()
}

fn shown(path: &Path) -> String {
    escaped(&path.to_string_lossy())
}
