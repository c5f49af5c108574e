//! The report as a text file for node_exporter's textfile collector
//! (the Prometheus text exposition format, version 0.0.4).
//!
//! The number of series is bounded: a store of many inputs is told in numbers, and by itself only as far as [`INPUTS`] goes.

use std::collections::HashMap;
use std::io;

use xenspect_model::Severity;
use xenspect_model::report::{Input, LeftReason, Report, Verdict};

use crate::ending::{Ending, Totals, VERDICTS, severities};
use crate::text::escape;

/// Inputs that have series of their own: those that are not sound first.
pub const INPUTS: usize = 1000;

/// Writes the metrics.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, ending: &Ending, w: &mut impl io::Write) -> io::Result<()> {
    let totals = Totals::of(report);
    let mut metrics = Metrics { w };
    metrics.family("xenspect_info", "Version of the program.")?;
    metrics.sample("xenspect_info", &[("version", &report.tool.version)], 1)?;
    metrics.family("xenspect_inputs", "Inputs of the last run by verdict.")?;
    for verdict in VERDICTS {
        let labels = [("verdict", verdict.word())];
        metrics.sample("xenspect_inputs", &labels, totals.verdict(verdict))?;
    }
    metrics.family(
        "xenspect_left_inputs",
        "Inputs that the last run left for another one, by reason.",
    )?;
    for (reason, word) in [
        (LeftReason::VerifiedRecently, "verified-recently"),
        (LeftReason::NotInSample, "not-in-sample"),
        (LeftReason::StillGrowing, "still-growing"),
    ] {
        let number = report.left.iter().filter(|left| left.reason == reason);
        let labels = [("reason", word)];
        metrics.sample("xenspect_left_inputs", &labels, number.count() as u64)?;
    }
    metrics.family(
        "xenspect_findings",
        "Findings of the last run by severity, accepted ones not counted.",
    )?;
    for severity in Severity::ALL {
        let labels = [("severity", severity.word())];
        metrics.sample("xenspect_findings", &labels, totals.severity(severity))?;
    }
    for (name, help, value) in [
        (
            "xenspect_accepted_findings",
            "Findings of the last run that a baseline accepts.",
            totals.accepted,
        ),
        (
            "xenspect_inputs_bytes",
            "Bytes of all inputs as stored.",
            totals.bytes,
        ),
        (
            "xenspect_exit_status",
            "Exit status of the last run: 0, 1, 2 or 130.",
            u64::from(ending.exit_status),
        ),
        (
            "xenspect_interrupted",
            "Whether the last run was interrupted.",
            u64::from(ending.interrupted),
        ),
    ] {
        metrics.family(name, help)?;
        metrics.sample(name, &[], value)?;
    }
    if let Some(at) = ending.at {
        const NAME: &str = "xenspect_last_run_timestamp_seconds";
        metrics.family(NAME, "When the last run ended.")?;
        metrics.sample(NAME, &[], at)?;
    }
    each(report, &mut metrics)
}

/// The series of single inputs.
fn each(report: &Report, metrics: &mut Metrics<'_, impl io::Write>) -> io::Result<()> {
    let inputs = listed(report);
    const UNLISTED: &str = "xenspect_unlisted_inputs";
    metrics.family(
        UNLISTED,
        "Inputs of the last run that have no series of their own.",
    )?;
    let unlisted = report.inputs.len().saturating_sub(inputs.len());
    metrics.sample(UNLISTED, &[], unlisted as u64)?;
    if inputs.is_empty() {
        return Ok(());
    }
    const VERDICT: &str = "xenspect_input_verdict";
    metrics.family(
        VERDICT,
        "The verdict on an input; 1 for the one that it has.",
    )?;
    for (path, input) in &inputs {
        let labels = [("input", &**path), ("verdict", input.verdict.word())];
        metrics.sample(VERDICT, &labels, 1)?;
    }
    const FINDINGS: &str = "xenspect_input_findings";
    metrics.family(
        FINDINGS,
        "Findings of an input by severity, accepted ones not counted.",
    )?;
    for (path, input) in &inputs {
        let (numbers, _) = severities(input);
        for (severity, number) in Severity::ALL.into_iter().zip(numbers) {
            let labels = [("input", &**path), ("severity", severity.word())];
            metrics.sample(FINDINGS, &labels, number)?;
        }
    }
    const BYTES: &str = "xenspect_input_bytes";
    metrics.family(BYTES, "Bytes of an input as stored.")?;
    for (path, input) in &inputs {
        metrics.sample(BYTES, &[("input", path)], input.bytes)?;
    }
    Ok(())
}

/// The inputs with series of their own, in the order of the report. A series may be there once only, so of inputs with the same
/// path the worst one counts.
fn listed(report: &Report) -> Vec<(String, &Input)> {
    let mut by_path: Vec<(String, &Input)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for input in &report.inputs {
        let path = escape(&input.path, true);
        let at = *known.entry(path.clone()).or_insert(by_path.len());
        match by_path.get_mut(at) {
            Some((_, worst)) if input.verdict > worst.verdict => *worst = input,
            Some(_) => {}
            None => by_path.push((path, input)),
        }
    }
    let unsound = by_path
        .iter()
        .filter(|(_, input)| input.verdict != Verdict::Sound)
        .count();
    let mut room_for_sound = INPUTS.saturating_sub(unsound);
    by_path.retain(|(_, input)| {
        let is_sound = input.verdict == Verdict::Sound;
        let has_room = room_for_sound > 0;
        if is_sound && has_room {
            room_for_sound -= 1;
        }
        !is_sound || has_room
    });
    by_path.truncate(INPUTS);
    by_path
}

struct Metrics<'a, W> {
    w: &'a mut W,
}

impl<W: io::Write> Metrics<'_, W> {
    /// Begins a metric. All of ours are gauges: they are of the last run.
    fn family(&mut self, name: &str, help: &str) -> io::Result<()> {
        writeln!(self.w, "# HELP {name} {help}\n# TYPE {name} gauge")
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: u64) -> io::Result<()> {
        write!(self.w, "{name}")?;
        if !labels.is_empty() {
            let labels: Vec<String> = labels
                .iter()
                .map(|(label, value)| format!("{label}=\"{}\"", label_value(value)))
                .collect();
            write!(self.w, "{{{}}}", labels.join(","))?;
        }
        writeln!(self.w, " {value}")
    }
}

/// The format escapes three characters; what cannot be seen is spelled out before.
fn label_value(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in escape(text, true).chars() {
        match c {
            '\\' => value.push_str("\\\\"),
            '"' => value.push_str("\\\""),
            '\n' => value.push_str("\\n"),
            c => value.push(c),
        }
    }
    value
}
