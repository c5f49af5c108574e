//! The page for people: the answer first, then why, then what would change and what to do.

use std::io;

use xenspect_model::Severity;
use xenspect_model::preflight::{PreflightReport, VersionAnswer, VersionRelation};

use super::{host, nics, runbook, words};
use crate::human::{Style, findings, labelled, part, path_name, sentences};
use crate::text::{ellipsis, escape, shorten};
use crate::wrap::{ALARM, CAUTION, DIM, wrap};

/// Lines of one kind of change, and further errors, unless everything is asked for.
const LINES: usize = 8;
/// Columns of a fact of a version.
const FACT: usize = 60;

/// Writes the report. No line is wider than the style's width, colours and commands not counted.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &PreflightReport, style: &Style, w: &mut impl io::Write) -> io::Result<()> {
    let mut lines = head(report, style);
    lines.extend(sides(report, style));
    part(
        &mut lines,
        "The host comes back as",
        style,
        restored(report, style),
    );
    part(
        &mut lines,
        "Version",
        style,
        version(&report.version, style),
    );
    part(&mut lines, "NICs", style, nic_lines(report, style));
    part(
        &mut lines,
        "Findings",
        style,
        findings::groups(&report.findings, &report.omitted, style),
    );
    part(
        &mut lines,
        "What would change",
        style,
        changes(report, style),
    );
    part(
        &mut lines,
        "Runbook",
        style,
        runbook::lines(&report.runbook, style),
    );
    part(&mut lines, "Checks", style, checks(report, style));
    if report.worst() > Some(Severity::Note) {
        lines.push(String::new());
        let hint = "`xenspect explain CODE` tells more about a code.";
        lines.push(style.paint().paint(DIM, hint));
    }
    for line in lines {
        writeln!(w, "{line}")?;
    }
    Ok(())
}

fn head(report: &PreflightReport, style: &Style) -> Vec<String> {
    let arrow = if style.unicode { "→" } else { "->" };
    let answer = &report.preflight;
    let word = words::verdict(answer);
    let text = format!(
        "{} {arrow} {}  {word}",
        path_name(&report.input.path, style),
        path_name(&report.target.path, style)
    );
    let mut lines = wrap(&text, style.columns(), "", "  ");
    let colour = match (answer.accepted, answer.boots) {
        (Some(false), _) | (_, Some(false)) => ALARM,
        (Some(true), Some(true)) => anstyle::AnsiColor::Green.on_default().bold(),
        (Some(true), None) if !words::is_pool(report) => {
            anstyle::AnsiColor::Green.on_default().bold()
        }
        _ => CAUTION,
    };
    if let Some(last) = lines.last_mut() {
        *last = style.paint().tail(colour, last, word);
    }
    let mut say = |label: &str, text: &str| {
        let text = shorten(text, 400, style.unicode);
        lines.extend(labelled(label, &text, style));
    };
    for (label, text) in report.host.iter().flat_map(host::stages) {
        say(label, &text);
    }
    if let Some(host) = &report.host {
        say("database", host::database(host.database));
    }
    if let Some(error) = &answer.xapi_error {
        say("xapi answers", &words::error(error));
    }
    let most = if style.verbose { usize::MAX } else { LINES };
    for (index, error) in answer.further_errors.iter().take(most).enumerate() {
        say(
            if index == 0 { "and then" } else { "" },
            &words::error(error),
        );
    }
    let more = answer.further_errors.len().saturating_sub(most);
    if more > 0 {
        say("", &format!("{} and {more} more", ellipsis(style.unicode)));
    }
    if words::is_pool(report) {
        say("host boots", words::boots(report));
    }
    match words::found(report).as_str() {
        "" => say("found", "nothing"),
        found => say("found", found),
    }
    lines
}

/// What is restored, and to what.
fn sides(report: &PreflightReport, style: &Style) -> Vec<String> {
    let input = &report.input;
    let target = &report.target;
    let mut rows = vec![("content", words::content(input))];
    rows.extend(input.pool.as_ref().map(|pool| ("pool", words::named(pool))));
    let coordinator = input.coordinator.as_ref();
    rows.extend(coordinator.map(|host| ("coordinator", words::named(host))));
    let mut named = match (&target.name, &target.uuid) {
        (None, None) => "a host of which neither name nor uuid is known".to_owned(),
        (name, uuid) => {
            let name = name.iter().map(|name| format!("\"{name}\""));
            name.chain(uuid.clone()).collect::<Vec<_>>().join(", ")
        }
    };
    if !target.sources.is_empty() {
        named.push_str(&format!("; told by {}", target.sources.join(", ")));
    }
    rows.push(("target", named));
    if let Some(restore) = &report.host {
        rows.push(("which is", host::machine(restore.machine).to_owned()));
    }
    let mut lines = vec![String::new()];
    for (label, text) in rows {
        let text = shorten(&text, 600, style.unicode);
        lines.extend(labelled(label, &text, style));
    }
    lines
}

/// What a host is after its restore.
fn restored(report: &PreflightReport, style: &Style) -> Vec<String> {
    let rows = report.host.iter();
    let rows = rows.flat_map(|host| host::identity(&host.comes_back_as));
    let lines = rows.map(|(label, text)| {
        let text = shorten(&text, 600, style.unicode);
        labelled(label, &text, style)
    });
    lines.flatten().collect()
}

fn version(version: &VersionAnswer, style: &Style) -> Vec<String> {
    let relation = match version.relation {
        VersionRelation::Unknown => "one of the two is not known",
        VersionRelation::Same => "the same level",
        VersionRelation::SameNumber => "the same number of another vendor or build",
        VersionRelation::Older => "the backup is older than the target",
        VersionRelation::Newer => "the backup is newer than the target",
    };
    let mut lines = Vec::new();
    for (side, level) in [("backup", &version.input), ("target", &version.target)] {
        let facts = words::level(level);
        let facts = facts.iter().filter(|(_, text)| !text.is_empty());
        let facts: Vec<_> = facts
            .map(|(label, text)| match *label {
                "product" => shorten(text, FACT, style.unicode),
                label => format!("{label} {}", shorten(text, 2 * FACT, style.unicode)),
            })
            .collect();
        let text = if facts.is_empty() {
            "not known".to_owned()
        } else {
            facts.join(", ")
        };
        lines.extend(labelled(side, &text, style));
    }
    lines.extend(labelled("so", relation, style));
    for (number, step) in (1..).zip(&version.way_out) {
        let label = if number == 1 { "way out" } else { "" };
        let step = escape(&format!("{number}. {step}"), style.unicode);
        lines.extend(labelled(label, &step, style));
    }
    lines
}

fn nic_lines(report: &PreflightReport, style: &Style) -> Vec<String> {
    let mut lines = nics::lines(&report.nics, style);
    if let Some(renaming) = &report.renaming {
        let text = "A renaming on the target puts every MAC address where the backup has it; reboot after it:";
        lines.push(String::new());
        lines.extend(wrap(text, style.columns(), "  ", "  "));
        lines.push(format!("    {}", escape(&renaming.command, style.unicode)));
        if style.verbose {
            lines.extend(wrap(
                "or these lines in static-rules.conf:",
                style.columns(),
                "  ",
                "  ",
            ));
            let rules = renaming.static_rules.iter();
            lines.extend(rules.map(|rule| format!("    {}", escape(rule, style.unicode))));
        }
    }
    lines
}

fn changes(report: &PreflightReport, style: &Style) -> Vec<String> {
    let most = if style.verbose { usize::MAX } else { LINES };
    let mut lines = Vec::new();
    for (label, of_it) in words::changes(&report.preflight.changes) {
        for (index, text) in of_it.iter().take(most).enumerate() {
            let text = shorten(text, 400, style.unicode);
            lines.extend(labelled(if index == 0 { label } else { "" }, &text, style));
        }
        let more = of_it.len().saturating_sub(most);
        if more > 0 {
            let more = format!(
                "{} and {more} more (--verbose lists all)",
                ellipsis(style.unicode)
            );
            lines.extend(labelled("", &more, style));
        }
    }
    lines
}

fn checks(report: &PreflightReport, style: &Style) -> Vec<String> {
    let mut lines = wrap(&words::tally(&report.checks), style.columns(), "  ", "  ");
    if style.verbose {
        for check in &report.checks {
            let text = format!(
                "{} ({}): {}",
                words::numbered(check),
                words::made_by(check),
                words::outcome(check)
            );
            lines.extend(wrap(
                &escape(&text, style.unicode),
                style.columns(),
                "    ",
                "      ",
            ));
        }
    }
    for lacking in report.checks.iter().filter_map(words::lacking) {
        let lacking = escape(&lacking, style.unicode);
        lines.extend(wrap(&lacking, style.columns(), "    ", "      "));
    }
    lines.extend(sentences("not checked", &report.not_checked, style));
    lines
}
