//! The report as one HTML file that stands alone: no script, no network, light and dark, and for paper. The verdict comes first,
//! then a table of the inputs if there are several, then each input with its findings, disks and damage maps. Templates are in
//! `templates/`; pages of other reports are beside their renderers, in [`preflight`](crate::preflight::html) and
//! [`diff`](crate::diff::html).

mod map;
pub(crate) mod parts;

use std::io;

use askama::Template;
use xenspect_model::Severity;
use xenspect_model::report::{
    Against, DifferingRange, Disk, Input, Kind, PolicyApplied, Report, Verdict, Vm,
};

use crate::ending::Totals;
use crate::human::disks::{coverage, is_short};
use crate::human::{self, Row, copy, database, host, plural, store};
use crate::quantity::{count, size};
use crate::text::shorten;
use crate::wrap::GLUE;
use parts::{HtmlCell, STYLE, foot, head, path, render, shown, tone};

/// Among more inputs than this, sound ones have their row in the table alone.
const STORE: usize = 20;
/// VMs named without unfolding.
const VMS: usize = 3;
/// Disks of an input that are listed, and VMs; the report in JSON has all.
const LISTED: usize = 1000;
/// Columns of the names of members that differ.
const MEMBERS: usize = 120;

/// Verdicts, the worst one first.
const ORDER: [Verdict; 5] = [
    Verdict::Damaged,
    Verdict::Unreadable,
    Verdict::Incomplete,
    Verdict::Suspect,
    Verdict::Sound,
];

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    tone: &'static str,
    verdict: &'static str,
    heading: String,
    sentence: String,
    counts: Vec<(String, &'static str)>,
    /// What a policy and a baseline made of it.
    policy: Vec<String>,
    table: String,
}

#[derive(Template)]
#[template(path = "input.html")]
struct HtmlInput {
    folded: bool,
    id: String,
    tone: &'static str,
    verdict: &'static str,
    path: String,
    error: String,
    facts: Vec<(&'static str, String)>,
    vms: Vec<String>,
    vms_summary: String,
    findings: String,
    disks: String,
    maps: String,
    /// Where another copy differs.
    differences: String,
    sentences: Vec<(&'static str, Vec<String>)>,
}

/// Writes the report as one page, input by input.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, w: &mut impl io::Write) -> io::Result<()> {
    let overview = overview(report)?;
    head(&format!("{} {}", overview.verdict, overview.heading), w)?;
    w.write_all(render(&overview)?.as_bytes())?;
    for (index, input) in report.inputs.iter().enumerate() {
        if has_section(report, input) {
            let folded = report.inputs.len() > 1 && human::is_plainly_sound(input);
            w.write_all(render(&one(index, input, folded)?)?.as_bytes())?;
        }
    }
    left(report, w)?;
    let judged = |input: &Input| input.worst() > Some(Severity::Note);
    foot(&report.tool, report.inputs.iter().any(judged), w)
}

fn has_section(report: &Report, input: &Input) -> bool {
    report.inputs.len() <= STORE || !human::is_plainly_sound(input)
}

fn overview(report: &Report) -> io::Result<Overview> {
    let totals = Totals::of(report);
    let counts = ORDER
        .into_iter()
        .map(|verdict| (totals.verdict(verdict), verdict));
    let counts: Vec<(u64, Verdict)> = counts.filter(|(inputs, _)| *inputs > 0).collect();
    let worst = counts.first().map(|(_, verdict)| *verdict);
    let heading = match report.inputs.as_slice() {
        [] => "no input was looked at".to_owned(),
        [input] => path(&input.path),
        inputs => match counts.first() {
            Some((_, Verdict::Sound)) => format!("all {} inputs", count(inputs.len() as u64)),
            Some((of_it, _)) => format!(
                "{} of {}",
                count(*of_it),
                plural(inputs.len() as u64, "input")
            ),
            None => String::new(),
        },
    };
    Ok(Overview {
        tone: worst.map_or("note", tone),
        verdict: worst.map_or("nothing", Verdict::word),
        heading,
        sentence: sentence(report),
        counts: counts
            .iter()
            .map(|(inputs, verdict)| (count(*inputs), verdict.word()))
            .collect(),
        policy: report.policy.as_ref().map_or_else(Vec::new, policy),
        table: if report.inputs.len() > 1 {
            inputs(report)?
        } else {
            String::new()
        },
    })
}

/// What the policy and the baseline changed, and what could not be judged by them.
fn policy(applied: &PolicyApplied) -> Vec<String> {
    let said = human::policy::said(applied).into_iter();
    let not_judged = applied.not_judged.iter();
    said.chain(not_judged.map(|sentence| format!("Not judged: {sentence}")))
        .map(|sentence| shown(&sentence))
        .collect()
}

/// What there is to know before anything else.
fn sentence(report: &Report) -> String {
    let bytes = report.inputs.iter().map(|input| input.bytes);
    let bytes = bytes.fold(0, u64::saturating_add);
    let of = |severity| {
        let inputs = report.inputs.iter();
        let found: u64 = inputs.map(|input| input.count(severity)).sum();
        (found > 0).then(|| plural(found, severity.word()))
    };
    let found: Vec<String> = Severity::ALL.into_iter().rev().filter_map(of).collect();
    let found = match found.as_slice() {
        [] => "nothing found".to_owned(),
        found => found.join(", "),
    };
    let left = match report.left.len() as u64 {
        0 => String::new(),
        left => format!("; {} left for another run", plural(left, "input")),
    };
    format!(
        "{}, {}: {found}{left}.",
        plural(report.inputs.len() as u64, "input"),
        size(bytes)
    )
}

/// The inputs, one row each.
fn inputs(report: &Report) -> io::Result<String> {
    let mut inputs: Vec<(usize, &Input)> = report.inputs.iter().enumerate().collect();
    if inputs.len() > STORE {
        // Nobody looks for the one that is damaged among thousands.
        inputs.sort_by_key(|(_, input)| ORDER.iter().position(|one| *one == input.verdict));
    }
    let rows: Vec<Vec<HtmlCell>> = inputs
        .into_iter()
        .map(|(index, input)| {
            let alarm = match tone(input.verdict) {
                "bad" => "alarm",
                "warn" => "caution",
                _ => "",
            };
            let mut name = HtmlCell::new("w", path(&input.path));
            if has_section(report, input) {
                name.link = id(index);
            }
            let findings = [Severity::Error, Severity::Warning];
            let findings = findings.into_iter().filter_map(|severity| {
                let found = input.count(severity);
                (found > 0).then(|| plural(found, severity.word()))
            });
            let findings: Vec<String> = findings.collect();
            vec![
                HtmlCell::new(alarm, input.verdict.word()),
                name,
                HtmlCell::new("w", what(input)),
                HtmlCell::new("n", size(input.bytes)),
                HtmlCell::new("", findings.join(", ")),
            ]
        })
        .collect();
    let heads = ["verdict", "input", "what", "size#", "findings"];
    parts::table("Inputs", &heads, &rows)
}

/// What an input is of.
fn what(input: &Input) -> String {
    match (input.copy.label.as_deref(), input.vms.as_slice()) {
        (Some(label), _) => shorten(label, 80, true),
        (None, [vm]) => format!("VM \"{}\"", shorten(&vm.name, 60, true)),
        _ => input.kind.map_or("", Kind::phrase).to_owned(),
    }
}

/// A row for a page, which breaks lines where it likes.
fn unglued(row: &Row) -> (&'static str, String) {
    (row.label, row.text.replace(GLUE, " "))
}

/// The places where another copy differs.
fn differences(against: &Against) -> io::Result<String> {
    let ranges = copy::against::ranges(against, &STYLE);
    if ranges.is_empty() {
        return Ok(String::new());
    }
    let row = |range: &DifferingRange| {
        let members = copy::against::members(range, MEMBERS, &STYLE);
        let [differ, here, there, right] = copy::against::cells(range);
        vec![
            HtmlCell::new("w", members),
            HtmlCell::new("", differ),
            HtmlCell::new("n", here),
            HtmlCell::new("n", there),
            HtmlCell::new("", right),
        ]
    };
    let rows: Vec<Vec<HtmlCell>> = ranges.iter().take(LISTED).map(row).collect();
    let heads = [
        "members",
        "differ",
        "offset here#",
        "offset there#",
        "right",
    ];
    let mut table = parts::table("Differences to the other copy", &heads, &rows)?;
    let more = (ranges.len() - rows.len()) as u64;
    let more = more.saturating_add(against.ranges_more);
    if more > 0 {
        table.push_str(&format!("<p class=\"dim\">and {} more</p>", count(more)));
    }
    Ok(table)
}

fn id(index: usize) -> String {
    format!("input-{}", index.saturating_add(1))
}

fn one(index: usize, input: &Input, folded: bool) -> io::Result<HtmlInput> {
    let mut rows: Vec<Row> = Vec::new();
    let mut fact = |label, text| rows.push(Row { label, text });
    if human::is_accepted(input) {
        fact("accepted", "by the baseline".to_owned());
    }
    if input.kind.is_some() {
        fact("content", human::content(input));
    }
    if input.vms.len() <= VMS {
        input.vms.iter().for_each(|vm| fact("VM", vm_name(vm)));
    }
    if let Some(exporter) = &input.exporter {
        fact("exporter", human::origin(exporter, &STYLE));
    }
    if let Some(import) = &input.import {
        fact("import", human::answer(import, &STYLE));
    }
    if let Some(database) = &input.database {
        rows.extend(database::rows(database, &STYLE));
    }
    if let Some(host) = &input.host {
        rows.extend(host::rows(host, &STYLE));
    }
    rows.extend(copy::rows(&input.copy, &STYLE));
    let vms: Vec<String> = if input.vms.len() > VMS {
        input.vms.iter().take(LISTED).map(vm_name).collect()
    } else {
        Vec::new()
    };
    let texts = |texts: &[String]| texts.iter().map(|text| shown(text)).collect::<Vec<_>>();
    let sentences = [
        ("Checked", texts(&input.checked)),
        ("Not checked", texts(&input.not_checked)),
    ];
    Ok(HtmlInput {
        folded,
        id: id(index),
        tone: tone(input.verdict),
        verdict: input.verdict.word(),
        path: path(&input.path),
        error: input.error.as_deref().map(shown).unwrap_or_default(),
        facts: rows.iter().map(unglued).collect(),
        vms,
        vms_summary: plural(input.vms.len() as u64, "VM"),
        findings: parts::findings(&input.findings, &input.omitted)?,
        disks: disks(input)?,
        maps: map::maps(&input.disks)?,
        differences: match &input.copy.against {
            Some(against) => differences(against)?,
            None => String::new(),
        },
        sentences: sentences
            .into_iter()
            .filter(|(_, texts)| !texts.is_empty())
            .collect(),
    })
}

fn vm_name(vm: &Vm) -> String {
    match vm.uuid.as_str() {
        "" => format!("\"{}\"", shorten(&vm.name, 200, true)),
        uuid => format!(
            "\"{}\", uuid {}",
            shorten(&vm.name, 200, true),
            shorten(uuid, 60, true)
        ),
    }
}

fn disks(input: &Input) -> io::Result<String> {
    if input.disks.is_empty() {
        return Ok(String::new());
    }
    let metadata = input.kind == Some(Kind::Metadata);
    let text = |text: &Option<String>| shorten(text.as_deref().unwrap_or(""), 120, true);
    let row = |disk: &Disk| {
        let size_of = disk.virtual_size.map_or_else(String::new, size);
        let number = |n: u64| HtmlCell::new("n", count(n));
        let alarm = |on: bool| if on { "n alarm" } else { "n" };
        vec![
            HtmlCell::new("", shorten(&disk.id, 60, true)),
            HtmlCell::new("", text(&disk.device)),
            HtmlCell::new("w", text(&disk.name)),
            HtmlCell::new("n", size_of),
            HtmlCell::new("n", size(disk.stored)),
            number(disk.blocks),
            number(disk.absent),
            number(disk.zero),
            number(disk.unchecked),
            HtmlCell::new(alarm(disk.bad > 0), count(disk.bad)),
            HtmlCell::new(alarm(is_short(disk) && !metadata), coverage(disk, metadata)),
            HtmlCell::new("", shorten(&disk.sums.join("+"), 40, true)),
        ]
    };
    let rows: Vec<Vec<HtmlCell>> = input.disks.iter().take(LISTED).map(row).collect();
    let heads = [
        "disk",
        "device",
        "name",
        "size#",
        "stored#",
        "blocks#",
        "absent#",
        "zero#",
        "unchecked#",
        "bad#",
        "complete#",
        "checksums",
    ];
    parts::table("Disks", &heads, &rows)
}

#[derive(Template)]
#[template(path = "section.html")]
pub(crate) struct Section {
    pub(crate) heading: String,
    pub(crate) text: String,
    pub(crate) facts: Vec<(String, String)>,
    /// Made of templates.
    pub(crate) body: String,
    pub(crate) items: Vec<String>,
}

impl Section {
    pub(crate) fn new(heading: impl Into<String>) -> Self {
        Self {
            heading: heading.into(),
            text: String::new(),
            facts: Vec::new(),
            body: String::new(),
            items: Vec::new(),
        }
    }

    pub(crate) fn write(&self, w: &mut impl io::Write) -> io::Result<()> {
        w.write_all(render(self)?.as_bytes())
    }
}

/// The head of a page that is about one thing.
pub(crate) fn verdict(
    (tone, verdict): (&'static str, &'static str),
    heading: String,
    sentence: String,
    w: &mut impl io::Write,
) -> io::Result<()> {
    let overview = Overview {
        tone,
        verdict,
        heading,
        sentence,
        counts: Vec::new(),
        policy: Vec::new(),
        table: String::new(),
    };
    w.write_all(render(&overview)?.as_bytes())
}

fn left(report: &Report, w: &mut impl io::Write) -> io::Result<()> {
    if report.left.is_empty() {
        return Ok(());
    }
    let mut section = Section::new("Left for another run");
    let rows = store::left(&report.left, &STYLE);
    section.items = rows.iter().map(|row| unglued(row).1).collect();
    section.write(w)
}
