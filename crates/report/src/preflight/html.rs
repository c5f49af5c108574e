//! The report as one HTML page: the verdict first, then what stands in its way, the NICs side by side, what would change, and
//! the runbook.

use std::io;

use askama::Template;
use xenspect_model::preflight::{Check, NicRow, PreflightReport, Step};

use super::{host, nics, words};
use crate::html::parts::{self, HtmlCell, foot, head, path, render, shown};
use crate::html::{Section, verdict};

struct HtmlStep {
    on: String,
    title: String,
    note: String,
    commands: String,
}

#[derive(Template)]
#[template(path = "steps.html")]
struct Steps {
    steps: Vec<HtmlStep>,
}

/// Writes the report as one page.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &PreflightReport, w: &mut impl io::Write) -> io::Result<()> {
    let answer = &report.preflight;
    let sides = format!(
        "{} → {}",
        path(&report.input.path),
        path(&report.target.path)
    );
    head(&format!("{}: {sides}", words::verdict(answer)), w)?;
    let tone = match (answer.accepted, answer.boots) {
        (Some(false), _) | (_, Some(false)) => "bad",
        (Some(true), Some(true)) => "good",
        (Some(true), None) if !words::is_pool(report) => "good",
        _ => "warn",
    };
    let found = format!("Found: {}.", words::found(report));
    verdict((tone, words::verdict(answer)), sides, found, w)?;
    answers(report).write(w)?;
    let findings = parts::findings(&report.findings, &report.omitted)?;
    if !findings.is_empty() {
        let mut section = Section::new("Findings");
        section.body = findings;
        section.write(w)?;
    }
    if let Some(restore) = &report.host {
        let mut section = Section::new("The host comes back as");
        for (label, text) in host::identity(&restore.comes_back_as) {
            section.facts.push((shown(label), shown(&text)));
        }
        section.write(w)?;
    }
    version(report)?.write(w)?;
    if !report.nics.is_empty() {
        let mut section = Section::new("NICs");
        section.body = nic_table(&report.nics)?;
        if let Some(renaming) = &report.renaming {
            section.body.push_str(&steps(&[Step {
                title: "A renaming on the target puts every MAC address where the backup has it; reboot after it".to_owned(),
                commands: vec![renaming.command.clone()],
                ..Step::default()
            }])?);
        }
        section.write(w)?;
    }
    let changes = words::changes(&answer.changes);
    if !changes.is_empty() {
        let mut section = Section::new("What would change");
        for (label, lines) in changes {
            for line in lines {
                section.facts.push((label.to_owned(), shown(&line)));
            }
        }
        section.write(w)?;
    }
    if !report.runbook.is_empty() {
        let mut section = Section::new("Runbook");
        section.body = steps(&report.runbook)?;
        section.write(w)?;
    }
    checks(report)?.write(w)?;
    foot(&report.tool, !report.findings.is_empty(), w)
}

fn answers(report: &PreflightReport) -> Section {
    let answer = &report.preflight;
    let mut section = Section::new("Answer");
    let mut fact = |label: &str, text: &str| section.facts.push((shown(label), shown(text)));
    if let Some(restore) = &report.host {
        for (label, text) in host::stages(restore) {
            fact(label, &text);
        }
        fact("database", host::database(restore.database));
        fact("target is", host::machine(restore.machine));
    }
    if let Some(error) = &answer.xapi_error {
        fact("xapi answers", &words::error(error));
    }
    for error in &answer.further_errors {
        fact("and then", &words::error(error));
    }
    if words::is_pool(report) {
        fact("host boots", words::boots(report));
    }
    fact("content", &words::content(&report.input));
    for (label, named) in [
        ("pool", &report.input.pool),
        ("coordinator", &report.input.coordinator),
    ] {
        if let Some(named) = named {
            fact(label, &words::named(named));
        }
    }
    let target = &report.target;
    let name = target.name.iter().chain(&target.uuid).cloned();
    let name = name.collect::<Vec<_>>().join(", ");
    fact(
        "target",
        &format!("{name}; told by {}", target.sources.join(", ")),
    );
    section
}

fn version(report: &PreflightReport) -> io::Result<Section> {
    let version = &report.version;
    let mut section = Section::new("Version");
    let sides = words::level(&version.input)
        .into_iter()
        .zip(words::level(&version.target));
    let rows: Vec<Vec<HtmlCell>> = sides
        .map(|((label, backup), (_, target))| {
            vec![
                HtmlCell::new("", label),
                HtmlCell::new("w", shown(&backup)),
                HtmlCell::new("w", shown(&target)),
            ]
        })
        .collect();
    section.body = parts::table("Version", &["", "backup", "target"], &rows)?;
    section.items = version.way_out.iter().map(|step| shown(step)).collect();
    Ok(section)
}

fn nic_table(rows: &[NicRow]) -> io::Result<String> {
    let row = |nic: &NicRow| {
        let mut cells = vec![HtmlCell::new("", shown(&nic.device))];
        for side in [&nic.in_input, &nic.in_target] {
            let text = |text: Option<&String>| shown(text.map_or("", String::as_str));
            let side = side.as_ref();
            cells.push(HtmlCell::new(
                "",
                text(side.and_then(|side| side.mac.as_ref())),
            ));
            cells.push(HtmlCell::new(
                "",
                text(side.and_then(|side| side.pci.as_ref())),
            ));
            let uses = side.map(nics::uses).unwrap_or_default();
            cells.push(HtmlCell::new("w", shown(&uses)));
        }
        let now_at = nic.now_at.as_ref();
        let now_at = now_at.map_or_else(String::new, |device| format!(" to {}", shown(device)));
        cells.push(HtmlCell::new("", format!("{}{now_at}", nic.state.word())));
        cells
    };
    let rows: Vec<Vec<HtmlCell>> = rows.iter().map(row).collect();
    let heads = [
        "device",
        "backup: MAC",
        "PCI",
        "use",
        "target: MAC",
        "PCI",
        "use",
        "state",
    ];
    parts::table("NICs", &heads, &rows)
}

fn steps(steps: &[Step]) -> io::Result<String> {
    let text = |text: &Option<String>| text.as_deref().map(shown).unwrap_or_default();
    let steps = steps.iter().map(|step| HtmlStep {
        on: text(&step.on),
        title: shown(&step.title),
        note: text(&step.note),
        commands: step
            .commands
            .iter()
            .map(|command| shown(command))
            .collect::<Vec<_>>()
            .join("\n"),
    });
    let steps = steps.collect();
    render(&Steps { steps })
}

fn checks(report: &PreflightReport) -> io::Result<Section> {
    let mut section = Section::new("Checks");
    section.text = words::tally(&report.checks);
    let row = |check: &Check| {
        vec![
            HtmlCell::new("w", shown(&words::numbered(check))),
            HtmlCell::new("", words::made_by(check)),
            HtmlCell::new("", words::outcome(check)),
            HtmlCell::new("w", shown(&check.lacks.join(", "))),
        ]
    };
    let rows: Vec<Vec<HtmlCell>> = report.checks.iter().map(row).collect();
    section.body = parts::table("Checks", &["check", "made by", "outcome", "lacks"], &rows)?;
    let not_checked = report.not_checked.iter();
    section.items = not_checked
        .map(|sentence| format!("not checked: {}", shown(sentence)))
        .collect();
    Ok(section)
}
