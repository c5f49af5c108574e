//! The report for a ticket or a wiki: the same parts as the page, tables as GitHub reads them, commands fenced.

use std::io;

use xenspect_model::preflight::{NicRow, PreflightReport, Step};
use xenspect_model::{Fact, Finding};

use super::{host, nics, words};
use crate::inspect::markdown::plain;
use crate::text::escape;

/// Writes the report as Markdown.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &PreflightReport, w: &mut impl io::Write) -> io::Result<()> {
    let answer = &report.preflight;
    writeln!(
        w,
        "# {} → {}\n",
        plain(&report.input.path),
        plain(&report.target.path)
    )?;
    writeln!(w, "**{}**\n", words::verdict(answer))?;
    if let Some(restore) = &report.host {
        for (label, text) in host::stages(restore) {
            writeln!(w, "- {label}: {}", plain(&text))?;
        }
        writeln!(w, "- database: {}", host::database(restore.database))?;
    }
    if let Some(error) = &answer.xapi_error {
        writeln!(w, "- xapi answers {}", plain(&words::error(error)))?;
    }
    for error in &answer.further_errors {
        writeln!(w, "- and then {}", plain(&words::error(error)))?;
    }
    if words::is_pool(report) {
        writeln!(w, "- host boots: {}", words::boots(report))?;
    }
    writeln!(w, "- found: {}", words::found(report))?;
    writeln!(w, "- content: {}", plain(&words::content(&report.input)))?;
    for (label, named) in [
        ("pool", &report.input.pool),
        ("coordinator", &report.input.coordinator),
    ] {
        if let Some(named) = named {
            writeln!(w, "- {label}: {}", plain(&words::named(named)))?;
        }
    }
    let target = &report.target;
    let name = target
        .name
        .iter()
        .chain(&target.uuid)
        .map(|text| plain(text));
    let name = name.collect::<Vec<_>>().join(", ");
    writeln!(
        w,
        "- target: {name}; told by {}",
        plain(&target.sources.join(", "))
    )?;
    restored(report, w)?;

    version(report, w)?;
    nic_table(&report.nics, w)?;
    if let Some(renaming) = &report.renaming {
        writeln!(
            w,
            "\nA renaming on the target puts every MAC address where the backup has it; reboot after it:\n"
        )?;
        fenced(std::slice::from_ref(&renaming.command), "", w)?;
    }
    finding_list(&report.findings, w)?;
    let changes = words::changes(&answer.changes);
    if !changes.is_empty() {
        writeln!(w, "\n## What would change\n")?;
    }
    for (label, lines) in changes {
        for line in lines {
            writeln!(w, "- {label}: {}", plain(&line))?;
        }
    }
    runbook(&report.runbook, w)?;
    writeln!(w, "\n## Checks\n\n{}\n", words::tally(&report.checks))?;
    for lacking in report.checks.iter().filter_map(words::lacking) {
        writeln!(w, "- {}", plain(&lacking))?;
    }
    for sentence in &report.not_checked {
        writeln!(w, "- not checked: {}", plain(sentence))?;
    }
    Ok(())
}

/// What a host is after its restore.
fn restored(report: &PreflightReport, w: &mut impl io::Write) -> io::Result<()> {
    let Some(restore) = &report.host else {
        return Ok(());
    };
    writeln!(w, "- which is {}", host::machine(restore.machine))?;
    writeln!(w, "\n## The host comes back as\n")?;
    for (label, text) in host::identity(&restore.comes_back_as) {
        writeln!(w, "- {label}: {}", plain(&text))?;
    }
    Ok(())
}

fn version(report: &PreflightReport, w: &mut impl io::Write) -> io::Result<()> {
    let version = &report.version;
    writeln!(
        w,
        "\n## Version\n\n| | backup | target |\n| --- | --- | --- |"
    )?;
    let sides = words::level(&version.input)
        .into_iter()
        .zip(words::level(&version.target));
    for ((label, backup), (_, target)) in sides {
        writeln!(w, "| {label} | {} | {} |", plain(&backup), plain(&target))?;
    }
    if !version.way_out.is_empty() {
        writeln!(w)?;
    }
    for (number, step) in (1..).zip(&version.way_out) {
        writeln!(w, "{number}. {}", plain(step))?;
    }
    Ok(())
}

fn nic_table(rows: &[NicRow], w: &mut impl io::Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(
        w,
        "\n## NICs\n\n| device | backup: MAC | PCI | use | target: MAC | PCI | use | state |"
    )?;
    writeln!(w, "| --- | --- | --- | --- | --- | --- | --- | --- |")?;
    for nic in rows {
        let mut cells = vec![plain(&nic.device)];
        for side in [&nic.in_input, &nic.in_target] {
            let text = |text: Option<&String>| plain(text.map_or("", String::as_str));
            cells.push(text(side.as_ref().and_then(|side| side.mac.as_ref())));
            cells.push(text(side.as_ref().and_then(|side| side.pci.as_ref())));
            cells.push(plain(&side.as_ref().map(nics::uses).unwrap_or_default()));
        }
        let now_at = nic.now_at.as_ref();
        let now_at = now_at.map_or_else(String::new, |device| format!(" to {}", plain(device)));
        cells.push(format!("{}{now_at}", nic.state.word()));
        writeln!(w, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

fn finding_list(findings: &[Finding], w: &mut impl io::Write) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(w, "\n## Findings\n")?;
    for finding in findings {
        writeln!(
            w,
            "- **{}** `{}`: {}",
            finding.severity,
            finding.code,
            plain(&finding.title)
        )?;
        let place = [
            &finding.place.table,
            &finding.place.row,
            &finding.place.column,
            &finding.place.object,
        ];
        let place: Vec<_> = place
            .into_iter()
            .flatten()
            .map(|part| plain(part))
            .collect();
        if !place.is_empty() {
            writeln!(w, "  - at {}", place.join(" "))?;
        }
        let facts: Vec<_> = finding
            .facts
            .iter()
            .map(|(name, fact)| format!("{} {}", plain(name), plain(&value(fact))))
            .collect();
        if !facts.is_empty() {
            writeln!(w, "  - {}", facts.join(", "))?;
        }
        if let Some(error) = &finding.xapi_error {
            writeln!(w, "  - xapi would answer {}", plain(error))?;
        }
        if let Some(advice) = &finding.advice {
            writeln!(w, "  - {}", plain(advice))?;
        }
    }
    Ok(())
}

fn value(fact: &Fact) -> String {
    match fact {
        Fact::Number(number) => number.to_string(),
        Fact::Truth(true) => "yes".to_owned(),
        Fact::Truth(false) => "no".to_owned(),
        Fact::Text(text) => text.clone(),
        Fact::List(items) => items.join(", "),
    }
}

fn runbook(steps: &[Step], w: &mut impl io::Write) -> io::Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    writeln!(w, "\n## Runbook\n")?;
    for (number, step) in (1..).zip(steps) {
        let on = step
            .on
            .as_ref()
            .map_or_else(String::new, |on| format!("**{}**: ", plain(on)));
        writeln!(w, "{number}. {on}{}", plain(&step.title))?;
        if let Some(note) = &step.note {
            writeln!(w, "\n   {}", plain(note))?;
        }
        if !step.commands.is_empty() {
            writeln!(w)?;
            fenced(&step.commands, "   ", w)?;
        }
    }
    Ok(())
}

/// Commands in a fence that none of them can close.
fn fenced(commands: &[String], indent: &str, w: &mut impl io::Write) -> io::Result<()> {
    let longest = commands.iter().map(|command| backticks(command)).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    writeln!(w, "{indent}{fence}sh")?;
    for command in commands {
        writeln!(w, "{indent}{}", escape(command, true))?;
    }
    writeln!(w, "{indent}{fence}")
}

/// The longest run of backticks.
fn backticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
