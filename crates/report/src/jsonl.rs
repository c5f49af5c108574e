//! The report as JSON Lines: one object a line, each with a `type`, written as inputs are done. First comes `begin`; of every
//! input its findings, and then the input itself without them; what was left; and last `end`, without which the run was cut.
//! What a field means is said where the field is, in `xenspect_model::report`.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use xenspect_model::report::{
    CopyChecks, DatabaseSummary, Disk, Envelope, Exporter, HostSummary, Import, Input, Kind, Left,
    PolicyApplied, Report, SCHEMA, Tool, Verdict, Vm,
};
use xenspect_model::{Code, Finding, Fingerprint, Severity};

use crate::ending::{Ending, Totals};
use crate::json;

/// The schema's `$id`; its last part is [`xenspect_model::report::SCHEMA`].
const ID: &str = "urn:xenspect:report-lines:1";

/// One line.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'a> {
    /// The first line.
    Begin {
        /// Version of the lines' shape; that of the JSON report.
        schema: u32,
        /// The program that writes them.
        tool: &'a Tool,
    },
    /// A finding. The line of its input comes behind it.
    Finding {
        /// The path of its input.
        path: &'a str,
        /// What it is known by from run to run.
        fingerprint: Fingerprint,
        #[serde(flatten)]
        finding: &'a Finding,
    },
    /// An input that is done, without its findings: those are the lines in front of it.
    Input(#[schemars(with = "Input")] WithoutFindings<'a>),
    /// An input that was not looked at this time.
    Left(&'a Left),
    /// The last line. A file without it is of a run that was cut.
    End(End),
}

/// The last line.
#[derive(Serialize, JsonSchema)]
struct End {
    /// Number of inputs.
    inputs: u64,
    /// Inputs by verdict.
    verdicts: Verdicts,
    /// Findings by severity, those that were only counted included, accepted ones not.
    findings: Severities,
    /// Findings that a baseline accepts.
    accepted: u64,
    /// Number of inputs that were not looked at.
    left: u64,
    /// Bytes of all inputs as stored.
    bytes: u64,
    /// Exit status of the run: 0, 1, 2 or 130.
    exit_status: u8,
    /// Whether the run was interrupted, so that inputs are missing.
    interrupted: bool,
    /// What a policy and a baseline made of the inputs, if there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyApplied>,
}

#[derive(Serialize, JsonSchema)]
struct Verdicts {
    sound: u64,
    suspect: u64,
    incomplete: u64,
    damaged: u64,
    unreadable: u64,
}

#[derive(Serialize, JsonSchema)]
struct Severities {
    note: u64,
    warning: u64,
    error: u64,
}

/// The fields of [`Input`] but one.
#[derive(Serialize)]
struct WithoutFindings<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    below: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    envelope: Option<Envelope>,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    bytes: u64,
    stream_bytes: u64,
    members: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exporter: Option<&'a Exporter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    database: Option<&'a DatabaseSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a HostSummary>,
    vms: &'a [Vm],
    disks: &'a [Disk],
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<&'a Import>,
    #[serde(flatten)]
    copy: &'a CopyChecks,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    omitted: &'a std::collections::BTreeMap<Code, u64>,
    checked: &'a [String],
    not_checked: &'a [String],
}

impl<'a> From<&'a Input> for WithoutFindings<'a> {
    fn from(input: &'a Input) -> Self {
        // Taken apart whole, so that a field that is added cannot be forgotten.
        let Input {
            path,
            below,
            kind,
            envelope,
            verdict,
            error,
            bytes,
            stream_bytes,
            members,
            exporter,
            database,
            host,
            vms,
            disks,
            import,
            copy,
            findings: _,
            omitted,
            checked,
            not_checked,
        } = input;
        Self {
            path,
            below: below.as_deref(),
            kind: *kind,
            envelope: *envelope,
            verdict: *verdict,
            error: error.as_deref(),
            bytes: *bytes,
            stream_bytes: *stream_bytes,
            members: *members,
            exporter: exporter.as_ref(),
            database: database.as_ref(),
            host: host.as_deref(),
            vms,
            disks,
            import: import.as_ref(),
            copy,
            omitted,
            checked,
            not_checked,
        }
    }
}

/// Lines that are being written. Each input is flushed, so that a reader can follow.
#[derive(Debug)]
pub struct Lines<W: io::Write> {
    out: W,
    totals: Totals,
    left: u64,
}

impl<W: io::Write> Lines<W> {
    /// Writes the first line.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn begin(tool: &Tool, out: W) -> io::Result<Self> {
        let mut lines = Self {
            out,
            totals: Totals::default(),
            left: 0,
        };
        lines.line(&Line::Begin {
            schema: SCHEMA,
            tool,
        })?;
        lines.out.flush()?;
        Ok(lines)
    }

    /// Writes an input that is done: its findings, then the input.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn input(&mut self, input: &Input) -> io::Result<()> {
        for finding in &input.findings {
            self.line(&Line::Finding {
                path: &input.path,
                fingerprint: finding.fingerprint(),
                finding,
            })?;
        }
        self.line(&Line::Input(input.into()))?;
        self.totals.add(input);
        self.out.flush()
    }

    /// Writes an input that was left for another run.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn left(&mut self, left: &Left) -> io::Result<()> {
        self.left = self.left.saturating_add(1);
        self.line(&Line::Left(left))?;
        self.out.flush()
    }

    /// Writes the last line, and hands the writer back.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn end(mut self, policy: Option<&PolicyApplied>, ending: &Ending) -> io::Result<W> {
        let totals = &self.totals;
        let end = Line::End(End {
            inputs: totals.inputs(),
            verdicts: Verdicts {
                sound: totals.verdict(Verdict::Sound),
                suspect: totals.verdict(Verdict::Suspect),
                incomplete: totals.verdict(Verdict::Incomplete),
                damaged: totals.verdict(Verdict::Damaged),
                unreadable: totals.verdict(Verdict::Unreadable),
            },
            findings: Severities {
                note: totals.severity(Severity::Note),
                warning: totals.severity(Severity::Warning),
                error: totals.severity(Severity::Error),
            },
            accepted: totals.accepted,
            left: self.left,
            bytes: totals.bytes,
            exit_status: ending.exit_status,
            interrupted: ending.interrupted,
            policy: policy.cloned(),
        });
        self.line(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        json::write_element(line, false, &mut self.out)?;
        self.out.write_all(b"\n")
    }
}

/// Writes a whole report in the form of [`Lines`].
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, ending: &Ending, w: &mut impl io::Write) -> io::Result<()> {
    let mut lines = Lines::begin(&report.tool, w)?;
    for input in &report.inputs {
        lines.input(input)?;
    }
    for left in &report.left {
        lines.left(left)?;
    }
    lines.end(report.policy.as_ref(), ending)?;
    Ok(())
}

/// The JSON Schema (draft 2020-12) of a line; `docs/report-lines.schema.json` is this.
#[must_use]
pub fn schema() -> Value {
    let mut schema = json::schema_of::<Line<'static>>(ID, "a line of xenspect's report");
    if let Some(input) = schema.pointer_mut("/$defs/Input") {
        if let Some(fields) = input["properties"].as_object_mut() {
            fields.remove("findings");
        }
        if let Some(required) = input["required"].as_array_mut() {
            required.retain(|field| field != "findings");
        }
    }
    schema
}
