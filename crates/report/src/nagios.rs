//! One line for Nagios, Icinga and their like, with performance data, and some lines more for who opens it
//! (Monitoring Plugins Development Guidelines, sections "Plugin Output for Nagios" and "Performance data").

use std::fmt;
use std::io;

use xenspect_model::Severity;
use xenspect_model::report::{Input, Report, Verdict};

use crate::ending::{Ending, Totals, VERDICTS, meaning};
use crate::sentence::{self, Extent};
use crate::text::shorten;

/// Inputs told in the lines behind the first; Nagios cuts plugin output at some thousand bytes.
const INPUTS: usize = 20;
/// Findings told of each.
const FINDINGS: usize = 3;
/// Columns of a line of those.
const LINE: usize = 200;

/// The states that a plugin can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All is well.
    Ok,
    /// There are warnings that do not fail.
    Warning,
    /// Something that fails was found.
    Critical,
    /// The job was not done.
    Unknown,
}

impl Status {
    /// The state of a run.
    #[must_use]
    pub fn of(ending: &Ending, totals: &Totals) -> Self {
        match ending.exit_status {
            0 if totals
                .severity(Severity::Error)
                .max(totals.severity(Severity::Warning))
                > 0 =>
            {
                Self::Warning
            }
            0 => Self::Ok,
            1 => Self::Critical,
            // What is known to be damaged is so, whatever else could not be done.
            _ if totals.severity(Severity::Error) > 0 => Self::Critical,
            _ => Self::Unknown,
        }
    }

    /// The exit status that stands for it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Writes the line and those behind it.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, ending: &Ending, w: &mut impl io::Write) -> io::Result<()> {
    let totals = Totals::of(report);
    let status = Status::of(ending, &totals);
    writeln!(
        w,
        "XENSPECT {status} - {} | {}",
        summary(report, ending, &totals),
        performance(report, &totals)
    )?;
    let told = report
        .inputs
        .iter()
        .filter(|input| input.verdict != Verdict::Sound);
    for input in told.clone().take(INPUTS) {
        about(input, w)?;
    }
    let more = told.count().saturating_sub(INPUTS);
    if more > 0 {
        writeln!(w, "... and {more} more")?;
    }
    Ok(())
}

/// The line of a run that did not come to a report.
///
/// # Errors
///
/// Those of `w`.
pub fn write_failure(words: &str, w: &mut impl io::Write) -> io::Result<()> {
    writeln!(
        w,
        "XENSPECT {} - {}",
        Status::Unknown,
        plain(&shorten(words, LINE, true))
    )
}

/// Inputs by verdict, the worst first.
fn summary(report: &Report, ending: &Ending, totals: &Totals) -> String {
    let mut parts: Vec<String> = Vec::new();
    if ending.interrupted {
        parts.push("interrupted".to_owned());
    }
    for verdict in VERDICTS.into_iter().rev() {
        match totals.verdict(verdict) {
            0 => {}
            number => parts.push(format!("{number} {}", verdict.word())),
        }
    }
    if totals.inputs() == 0 {
        parts.push("nothing verified".to_owned());
    }
    if !report.left.is_empty() {
        parts.push(format!("{} left for another run", report.left.len()));
    }
    // Where the verdicts alone do not say why.
    if ending.exit_status == 2 && totals.verdict(Verdict::Unreadable) == 0 {
        parts.push(meaning(2).to_owned());
    }
    parts.join(", ")
}

/// Labels are ours, so none needs more than its quotes.
fn performance(report: &Report, totals: &Totals) -> String {
    let mut data = vec![format!("'inputs'={};;;0", totals.inputs())];
    for verdict in VERDICTS {
        data.push(format!(
            "'{}'={};;;0",
            verdict.word(),
            totals.verdict(verdict)
        ));
    }
    for (label, severity) in [
        ("errors", Severity::Error),
        ("warnings", Severity::Warning),
        ("notes", Severity::Note),
    ] {
        data.push(format!("'{label}'={};;;0", totals.severity(severity)));
    }
    data.push(format!("'accepted'={};;;0", totals.accepted));
    data.push(format!("'left'={};;;0", report.left.len()));
    data.push(format!("'bytes'={}B;;;0", totals.bytes));
    data.join(" ")
}

/// An input and its first findings.
fn about(input: &Input, w: &mut impl io::Write) -> io::Result<()> {
    let line = format!("{}: {}", input.verdict.word(), sentence::path(&input.path));
    writeln!(w, "{}", plain(&shorten(&line, LINE, true)))?;
    if let Some(error) = &input.error {
        writeln!(w, "  {}", plain(&shorten(error, LINE, true)))?;
    }
    let worth = |severity| {
        input
            .findings
            .iter()
            .filter(move |finding| finding.severity == severity && !finding.accepted)
    };
    let findings = worth(Severity::Error).chain(worth(Severity::Warning));
    for finding in findings.clone().take(FINDINGS) {
        let line = format!(
            "{} {}: {}",
            finding.severity,
            finding.code,
            sentence::title(finding)
        );
        let place = sentence::place(finding, Extent::Brief);
        let line = match place.as_str() {
            "" => line,
            place => format!("{line}: {place}"),
        };
        writeln!(w, "  {}", plain(&shorten(&line, LINE, true)))?;
    }
    let more = findings.count().saturating_sub(FINDINGS);
    if more > 0 {
        writeln!(w, "  ... and {more} more findings")?;
    }
    Ok(())
}

/// What follows a pipe would be read as performance data.
fn plain(text: &str) -> String {
    text.replace('|', "/")
}
