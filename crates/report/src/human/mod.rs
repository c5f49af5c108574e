//! The report for people: what an input is, its disks, its findings with advice, what an import
//! would say, and what was not looked at. Disks are laid out in `disks`, a pool database in `database`, a host backup in
//! `host`, findings in `findings`, the table of many inputs in `store`.

pub(crate) mod copy;
pub(crate) mod database;
pub(crate) mod disks;
pub(crate) mod findings;
pub(crate) mod host;
pub(crate) mod policy;
pub(crate) mod store;

use std::io;

use xenspect_model::Severity;
use xenspect_model::report::{
    Envelope, Exporter, Import, ImportAnswer, Input, Kind, Report, Verdict, Vm,
};

use crate::ending::{Totals, VERDICTS};
use crate::quantity::{count, offset, size};
use crate::text::{escape, shorten};
use crate::wrap::{DIM, GLUE, Paint, verdict_style, wrap};

/// Lines are never broken narrower than this.
pub const MIN_WIDTH: usize = 60;

/// VMs named unless everything is asked for; a metadata-only export can hold a whole pool.
const VMS: usize = 5;

/// Columns of a label such as `not checked`.
const LABEL: usize = 13;

/// How to show a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns per line. Less than [`MIN_WIDTH`] counts as that.
    pub width: usize,
    /// Whether to colour, with ANSI sequences.
    pub color: bool,
    /// Whether characters beyond ASCII can be shown; otherwise they are escaped.
    pub unicode: bool,
    /// Whether to show every finding, and the disks' details.
    pub verbose: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            unicode: true,
            verbose: false,
        }
    }
}

impl Style {
    pub(crate) fn columns(&self) -> usize {
        self.width.max(MIN_WIDTH)
    }

    pub(crate) const fn paint(&self) -> Paint {
        Paint { color: self.color }
    }
}

/// Writes the report. No line is wider than the style's width, colours not counted.
///
/// Among several inputs, a sound one with nothing but notes takes two lines unless `verbose` is set; what
/// could not be checked in those is said once behind all. Among more than twenty it takes one.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    let is_store = report.inputs.len() > store::STORE && !style.verbose;
    if is_store {
        store::write(report, style, w)?;
    } else {
        write_each(report, style, w)?;
    }
    let mut lines = Vec::new();
    if !report.left.is_empty() {
        if !report.inputs.is_empty() {
            lines.push(String::new());
        }
        lines.extend(laid_out(&store::left(&report.left, style), style));
    }
    let several = report.inputs.len() > 1;
    if several || !report.left.is_empty() {
        lines.push(String::new());
        lines.extend(wrap(&totals(report), style.columns(), "", ""));
    }
    if several {
        let brief = |input: &&Input| !style.verbose && is_plainly_sound(input);
        let sound = report.inputs.iter().filter(brief);
        lines.extend(never_checked(sound, style));
    }
    if let Some(applied) = &report.policy {
        lines.push(String::new());
        lines.extend(policy::lines(applied, style));
    }
    let judged = report
        .inputs
        .iter()
        .any(|input| input.worst() > Some(Severity::Note));
    if judged {
        lines.push(String::new());
        let hint = "`xenspect explain CODE` tells more about a code.";
        lines.push(style.paint().paint(DIM, hint));
    }
    write_lines(&mut lines, w)
}

/// Writes the inputs one after another.
fn write_each(report: &Report, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    let several = report.inputs.len() > 1;
    let mut last_was_short = false;
    let mut lines = Vec::new();
    for (index, input) in report.inputs.iter().enumerate() {
        let short = several && !style.verbose && is_plainly_sound(input);
        // Short ones stand together, all others apart.
        if index > 0 && !(short && last_was_short) {
            lines.push(String::new());
        }
        lines.extend(verdict_line(input, style));
        if short {
            lines.extend(labelled("content", &short_content(input, style), style));
        } else {
            lines.extend(body(input, style));
        }
        last_was_short = short;
        write_lines(&mut lines, w)?;
    }
    Ok(())
}

fn write_lines(lines: &mut Vec<String>, w: &mut impl io::Write) -> io::Result<()> {
    for line in lines.drain(..) {
        writeln!(w, "{line}")?;
    }
    Ok(())
}

pub(crate) fn is_plainly_sound(input: &Input) -> bool {
    input.verdict == Verdict::Sound && input.worst() <= Some(Severity::Note)
}

/// Whether a baseline accepts all that makes an input worse than sound.
pub(crate) fn is_accepted(input: &Input) -> bool {
    input.findings.iter().any(|finding| finding.accepted)
        && input.worst_not_accepted() <= Some(Severity::Note)
}

/// Path and verdict.
fn verdict_line(input: &Input, style: &Style) -> Vec<String> {
    let path = path_name(&input.path, style);
    let word = input.verdict.word().to_uppercase();
    let word = match is_accepted(input) {
        true => format!("{word}{GLUE}(accepted{GLUE}by{GLUE}the{GLUE}baseline)"),
        false => word,
    };
    let mut lines = wrap(&format!("{path}  {word}"), style.columns(), "", "  ");
    let word = word.replace(GLUE, " ");
    if let Some(last) = lines.last_mut() {
        *last = style
            .paint()
            .tail(verdict_style(input.verdict), last, &word);
    }
    lines
}

fn body(input: &Input, style: &Style) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(error) = &input.error {
        lines.extend(wrap(
            &escape(error, style.unicode),
            style.columns(),
            "  ",
            "  ",
        ));
        if input.findings.is_empty() && input.omitted.is_empty() && input.kind.is_none() {
            return lines;
        }
    }
    // Something in a store that is no backup has findings alone.
    if input.kind.is_some() {
        lines.extend(labelled("content", &content(input), style));
    }
    if let Some(database) = &input.database {
        lines.extend(laid_out(&database::rows(database, style), style));
    }
    if let Some(host) = &input.host {
        lines.extend(laid_out(&host::rows(host, style), style));
    }
    lines.extend(vms(&input.vms, style));
    if let Some(exporter) = &input.exporter {
        lines.extend(labelled("exporter", &origin(exporter, style), style));
    }
    if !input.disks.is_empty() {
        lines.push(String::new());
        lines.extend(disks::table(input, style));
        lines.push(String::new());
    }
    let groups = findings::groups(&input.findings, &input.omitted, style);
    if !groups.is_empty() {
        if lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        lines.extend(groups);
        lines.push(String::new());
    }
    if let Some(import) = &input.import {
        lines.extend(labelled("import", &answer(import, style), style));
    }
    lines.extend(copy::lines(&input.copy, style));
    lines.extend(sentences("checked", &input.checked, style));
    lines.extend(sentences("not checked", &input.not_checked, style));
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn kind(input: &Input) -> &'static str {
    input
        .kind
        .map_or("of an unknown kind", |kind| kind.phrase())
}

/// What the input is, and how large.
pub(crate) fn content(input: &Input) -> String {
    let kind = kind(input);
    let bytes = match input.envelope {
        Some(Envelope::Plain) => format!("not compressed, {}", size(input.bytes)),
        Some(envelope) => format!(
            "{}, {} stored, {} stream",
            envelope.name(),
            size(input.bytes),
            size(input.stream_bytes)
        ),
        None => size(input.bytes),
    };
    if is_archive(input) {
        format!("{kind}, {bytes}, {}", plural(input.members, "member"))
    } else {
        format!("{kind}, {bytes}")
    }
}

/// Whether the input has members.
fn is_archive(input: &Input) -> bool {
    !matches!(
        input.kind,
        Some(Kind::PoolDb | Kind::RedoLog | Kind::OvaXml)
    )
}

/// [`content`] on one line, with the VM's name and the number of disks instead of details.
fn short_content(input: &Input, style: &Style) -> String {
    let name = match input.vms.as_slice() {
        [] => match (&input.database, &input.host) {
            (Some(database), _) => database::short(database, style),
            (None, Some(host)) => host::short(host, style),
            (None, None) => String::new(),
        },
        [vm] => format!("VM \"{}\", ", shorten(&vm.name, 30, style.unicode)),
        vms => format!("{}, ", plural(vms.len() as u64, "VM")),
    };
    let disks = match input.disks.len() {
        0 => String::new(),
        disks => format!("{}, ", plural(disks as u64, "disk")),
    };
    let envelope = match input.envelope {
        None | Some(Envelope::Plain) => "",
        Some(envelope) => &format!(", {}", envelope.name()),
    };
    format!(
        "{name}{disks}{}{envelope}, {}",
        kind(input),
        size(input.bytes)
    )
}

fn vms(vms: &[Vm], style: &Style) -> Vec<String> {
    let shown = if style.verbose || vms.len() <= VMS {
        vms.len()
    } else {
        VMS - 1
    };
    let mut lines = Vec::new();
    for (index, vm) in vms.iter().take(shown).enumerate() {
        let label = match index {
            0 if vms.len() == 1 => "VM",
            0 => "VMs",
            _ => "",
        };
        let name = shorten(&vm.name, 200, style.unicode);
        let uuid = match vm.uuid.as_str() {
            "" => String::new(),
            uuid => format!(", uuid {}", shorten(uuid, 60, style.unicode)),
        };
        lines.extend(labelled(label, &format!("\"{name}\"{uuid}"), style));
    }
    if shown < vms.len() {
        let more = format!(
            "and {} more (--verbose lists all)",
            count((vms.len() - shown) as u64)
        );
        lines.extend(labelled("", &more, style));
    }
    lines
}

pub(crate) fn origin(exporter: &Exporter, style: &Style) -> String {
    let text = |text: &str| shorten(text, 60, style.unicode);
    let product = [&exporter.product_brand, &exporter.product_version]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| text(part))
        .collect::<Vec<_>>()
        .join(" ");
    let mut parts = vec![if product.is_empty() {
        "unnamed product".to_owned()
    } else {
        product
    }];
    if !exporter.build_number.is_empty() {
        parts.push(format!("build {}", text(&exporter.build_number)));
    }
    if let Some(xapi) = &exporter.xapi {
        parts.push(format!("xapi {}", text(xapi)));
    }
    parts.push(format!("export_vsn {}", exporter.export_vsn));
    parts.join(", ")
}

/// What `xe vm-import` would say.
pub(crate) fn answer(import: &Import, style: &Style) -> String {
    let mut stop = match &import.xapi_error {
        Some(error) => format!(" with {}", shorten(error, 60, style.unicode)),
        None => String::new(),
    };
    if let Some(at) = import.offset {
        stop.push_str(&format!(" at offset{GLUE}{}", offset(at)));
    }
    let host = match &import.needs_xapi {
        Some(xapi) => format!(" on xapi {} or later", shorten(xapi, 20, style.unicode)),
        None => String::new(),
    };
    match import.answer {
        ImportAnswer::Accepted => format!("`xe vm-import` accepts it{host}"),
        ImportAnswer::OnlyWithForce => format!(
            "`xe vm-import` accepts it{host} with force=true only; without it, it stops{stop}"
        ),
        ImportAnswer::Refused => format!("`xe vm-import` refuses it{stop}"),
    }
}

/// Sentences as one paragraph under a label.
pub(crate) fn sentences(label: &str, sentences: &[String], style: &Style) -> Vec<String> {
    if sentences.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for sentence in sentences {
        let label = if lines.is_empty() { label } else { "" };
        lines.extend(labelled(label, &escape(sentence, style.unicode), style));
    }
    lines
}

/// Text beside a label; the lines behind the first stand under the text.
pub(crate) fn labelled(label: &str, text: &str, style: &Style) -> Vec<String> {
    let first = format!("  {label:LABEL$}");
    let rest = " ".repeat(LABEL + 2);
    let mut lines = wrap(text, style.columns(), &first, &rest);
    if let Some(line) = lines.first_mut() {
        *line = style.paint().head(DIM, line, label);
    }
    lines
}

/// A text, to be wrapped, and its label; without one it belongs to the label in front of it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) label: &'static str,
    pub(crate) text: String,
}

impl Row {
    fn new(label: &'static str, text: String) -> Self {
        Self { label, text }
    }
}

/// Texts beside their labels.
fn laid_out(rows: &[Row], style: &Style) -> Vec<String> {
    rows.iter()
        .flat_map(|row| labelled(row.label, &row.text, style))
        .collect()
}

/// Inputs by verdict, in one sentence.
pub(crate) fn totals(report: &Report) -> String {
    let totals = Totals::of(report);
    let parts: Vec<String> = VERDICTS
        .into_iter()
        .filter_map(|verdict| {
            let inputs = totals.verdict(verdict);
            (inputs > 0).then(|| format!("{} {}", count(inputs), verdict.word()))
        })
        .collect();
    let mut text = plural(totals.inputs(), "input");
    if !parts.is_empty() {
        text.push_str(&format!(", {}: {}", size(totals.bytes), parts.join(", ")));
    }
    match report.left.len() as u64 {
        0 => text,
        left => format!("{text}; {} left for the next run", count(left)),
    }
}

/// What could not be checked in inputs of which it is not said above, each sentence once.
const DISTINCT_SENTENCES: usize = 3;

fn never_checked<'a>(inputs: impl Iterator<Item = &'a Input>, style: &Style) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for sentence in inputs.flat_map(|input| &input.not_checked) {
        if distinct.len() > DISTINCT_SENTENCES {
            break;
        }
        if !distinct.contains(sentence) {
            distinct.push(sentence.clone());
        }
    }
    // Counts differ from input to input; a long list of them tells nobody anything.
    if distinct.len() > DISTINCT_SENTENCES {
        distinct = vec!["--verbose and JSON say for each what could not be checked".to_owned()];
    }
    let mut lines = sentences("not checked", &distinct, style);
    if !lines.is_empty() {
        lines.insert(0, "In the sound ones:".to_owned());
    }
    lines
}

/// A part with its heading, unless there is nothing in it.
pub(crate) fn part(lines: &mut Vec<String>, heading: &str, style: &Style, of_it: Vec<String>) {
    if of_it.is_empty() {
        return;
    }
    let bold = anstyle::Style::new().bold();
    lines.push(String::new());
    lines.push(style.paint().paint(bold, heading));
    lines.extend(of_it);
}

/// The path of an input.
pub(crate) fn path_name(path: &str, style: &Style) -> String {
    match path {
        "-" => "standard input".to_owned(),
        path => escape(path, style.unicode),
    }
}

/// A count of things.
pub(crate) fn plural(n: u64, thing: &str) -> String {
    if n == 1 {
        format!("1 {thing}")
    } else {
        format!("{} {thing}s", count(n))
    }
}
