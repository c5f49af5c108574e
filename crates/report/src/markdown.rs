//! The report for the summary of a CI job, a ticket or a wiki: a table of verdicts first, then what is to be said of each input
//! that is not sound, folded. A summary that is too long is not shown at all by those that take it, so this one leaves out what
//! would make it so, and says that.

use std::io;

use xenspect_model::Severity;
use xenspect_model::report::{Disk, Input, Left, Report, Verdict};

use crate::ending::{Ending, severities};
use crate::human::findings::{Group, sorted};
use crate::human::{Style, answer, content, policy, totals};
use crate::inspect::markdown::plain;
use crate::quantity::{count, size};
use crate::sentence::{self, Extent};
use crate::text::{escape, shorten};
use crate::wrap::GLUE;

/// Bytes of the whole; GitHub takes 1 MiB for the summary of a step.
pub const LIMIT: usize = 1_000_000;
/// Kept free for the sentences at the end.
const RESERVE: usize = 4096;
/// Inputs that are not sound in the table.
const OTHERS: usize = 500;
/// Sound inputs in a table.
const SOUND: usize = 1000;
/// More sound inputs than this are folded.
const FEW: usize = 20;
/// Disks of an input.
const DISKS: usize = 64;
/// Places of findings of one code.
const PLACES: usize = 10;
/// Inputs named that were left.
const LEFT: usize = 20;
/// Columns of a text of an archive.
const TEXT: usize = 200;

/// Writes the report as Markdown, as GitHub and GitLab read it; never more than [`LIMIT`] bytes.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, ending: &Ending, w: &mut impl io::Write) -> io::Result<()> {
    let (sound, others): (Vec<&Input>, Vec<&Input>) = report
        .inputs
        .iter()
        .partition(|input| input.verdict == Verdict::Sound);
    let mut page = Page::default();
    page.add(&head(report, ending));
    page.table(&others, OTHERS);
    if sound.len() > FEW {
        page.add(&format!(
            "<details><summary>{} sound inputs</summary>\n\n",
            count(sound.len() as u64)
        ));
        page.table(&sound, SOUND);
        page.add("</details>\n\n");
    } else {
        page.table(&sound, SOUND);
    }
    if !report.left.is_empty() {
        page.add(&left(&report.left));
    }
    let told = others.into_iter().chain(
        sound
            .into_iter()
            .filter(|input| input.worst() > Some(Severity::Note)),
    );
    let mut untold = 0_u64;
    for input in told {
        // One that is too long does not take the room of those behind it.
        untold += u64::from(!page.add(&about(input)));
    }
    if untold > 0 {
        page.text.push_str(&format!(
            "{} more are not told here, for want of room; the other forms of the report have them.\n\n",
            count(untold)
        ));
    }
    w.write_all(page.text.trim_end().as_bytes())?;
    w.write_all(b"\n")
}

/// What is written, as far as there is room.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    /// Adds a part if there is room for it, and says whether there was.
    fn add(&mut self, part: &str) -> bool {
        let fits = self.text.len().saturating_add(part.len()) <= LIMIT - RESERVE;
        if fits {
            self.text.push_str(part);
        }
        fits
    }

    /// Adds a table of inputs, `most` of them.
    fn table(&mut self, inputs: &[&Input], most: usize) {
        if inputs.is_empty() {
            return;
        }
        self.add(
            "| verdict | input | content | size | errors | warnings |\n\
             | --- | --- | --- | ---: | ---: | ---: |\n",
        );
        let mut shown = 0;
        for input in inputs.iter().take(most) {
            // The table must not take the room of what is to be said.
            if self.text.len() > LIMIT / 2 || !self.add(&row(input)) {
                break;
            }
            shown += 1;
        }
        let more = inputs.len().saturating_sub(shown);
        if more > 0 {
            let more = count(more as u64);
            self.add(&format!("\nand {more} more\n"));
        }
        self.add("\n");
    }
}

fn head(report: &Report, ending: &Ending) -> String {
    let word = match (ending.interrupted, ending.exit_status) {
        (true, _) => "interrupted",
        (_, 0) => "good",
        (_, 1) => "not good",
        _ => "not done",
    };
    let mut head = format!("# Backups: {word}\n\n{}\n\n", totals(report));
    if ending.interrupted {
        head.push_str(
            "**The run was interrupted; inputs that it did not come to are missing here.**\n\n",
        );
    }
    if let Some(applied) = &report.policy {
        for sentence in policy::said(applied) {
            head.push_str(&format!("{}\n\n", plain(&sentence)));
        }
        for sentence in &applied.not_judged {
            head.push_str(&format!("Not judged: {}\n\n", plain(sentence)));
        }
    }
    head
}

fn row(input: &Input) -> String {
    let ([_, warnings, errors], _) = severities(input);
    let number = |number: u64| match number {
        0 => String::new(),
        number => count(number),
    };
    let mut what = match input.kind {
        Some(kind) => kind.name().to_owned(),
        None => String::new(),
    };
    if let [vm] = input.vms.as_slice() {
        what.push_str(&format!(": {}", plain(&cut(&vm.name))));
    }
    format!(
        "| {} | {} | {what} | {} | {} | {} |\n",
        word(input.verdict),
        plain(&cut_path(&input.path)),
        size(input.bytes),
        number(errors),
        number(warnings)
    )
}

/// What is not good is bold.
fn word(verdict: Verdict) -> String {
    match verdict {
        Verdict::Sound => verdict.word().to_owned(),
        _ => format!("**{}**", verdict.word()),
    }
}

fn left(left: &[Left]) -> String {
    let mut text = format!("{} left for another run:\n\n", count(left.len() as u64));
    for one in left.iter().take(LEFT) {
        let path = plain(&cut_path(&one.path));
        text.push_str(&format!("- {path}: {}\n", plain(&cut(&one.detail))));
    }
    if left.len() > LEFT {
        let more = count(left.len().saturating_sub(LEFT) as u64);
        text.push_str(&format!("- … and {more} more\n"));
    }
    text.push('\n');
    text
}

/// What is to be said of an input.
fn about(input: &Input) -> String {
    let mut text = format!(
        "<details><summary><b>{}</b> {}</summary>\n\n",
        input.verdict.word(),
        in_html(&cut_path(&input.path))
    );
    if let Some(error) = &input.error {
        text.push_str(&format!("{}\n\n", plain(&shorten(error, 2000, true))));
    }
    if input.kind.is_some() {
        text.push_str(&format!(
            "{}\n\n",
            plain(&content(input).replace(GLUE, " "))
        ));
    }
    text.push_str(&disks(&input.disks));
    for group in sorted(&input.findings, &input.omitted) {
        text.push_str(&found(&group));
    }
    if let Some(import) = &input.import {
        let answer = answer(import, &Style::default()).replace(GLUE, " ");
        text.push_str(&format!("Import: {}\n\n", plain(&answer)));
    }
    for sentence in &input.not_checked {
        text.push_str(&format!(
            "- not checked: {}\n",
            plain(&shorten(sentence, 2000, true))
        ));
    }
    text.push_str("\n</details>\n\n");
    text
}

fn disks(disks: &[Disk]) -> String {
    if disks.is_empty() {
        return String::new();
    }
    let mut text = "| disk | name | size | blocks | good | bad | unchecked |\n\
                    | --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    for disk in disks.iter().take(DISKS) {
        let name = disk.name.as_deref().unwrap_or_default();
        let bytes = disk.virtual_size.map_or_else(String::new, size);
        text.push_str(&format!(
            "| {} | {} | {bytes} | {} | {} | {} | {} |\n",
            plain(&cut(&disk.id)),
            plain(&cut(name)),
            count(disk.blocks),
            count(disk.good),
            count(disk.bad),
            count(disk.unchecked)
        ));
    }
    if disks.len() > DISKS {
        let more = count(disks.len().saturating_sub(DISKS) as u64);
        text.push_str(&format!("\nand {more} more\n"));
    }
    text.push('\n');
    text
}

/// Findings of one code: where they are, and what to do.
fn found(group: &Group<'_>) -> String {
    let all = (group.kept.len() as u64).saturating_add(group.omitted);
    let number = match all {
        1 => String::new(),
        all => format!(" ({})", count(all)),
    };
    let mut text = format!(
        "**{}** `{}`: {}{number}\n\n",
        group.severity,
        group.code,
        plain(&cut(group.title))
    );
    for finding in group.kept.iter().take(PLACES) {
        let details = sentence::details(finding, Extent::Brief);
        let accepted = match finding.accepted {
            true => "accepted by the baseline",
            false => "",
        };
        let parts = [accepted, details.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if !parts.is_empty() {
            text.push_str(&format!("- {}\n", plain(&parts.join(": "))));
        }
    }
    let more = all.saturating_sub(group.kept.len().min(PLACES) as u64);
    match (more, group.kept.is_empty()) {
        (0, _) => {}
        (more, true) => text.push_str(&format!("- {}, only counted\n", count(more))),
        (more, false) => text.push_str(&format!("- … and {} more\n", count(more))),
    }
    let (answers, advices) = group.consequences();
    for answer in answers {
        let answer = plain(&shorten(answer, 60, true));
        text.push_str(&format!("- xapi would answer {answer}\n"));
    }
    for advice in advices {
        let advice = plain(&shorten(advice, 2000, true));
        text.push_str(&format!("- What to do: {advice}\n"));
    }
    text.push('\n');
    text
}

fn cut(text: &str) -> String {
    shorten(text, TEXT, true)
}

fn cut_path(path: &str) -> String {
    match path {
        "-" => "standard input".to_owned(),
        path => crate::text::shorten_middle(path, TEXT, true),
    }
}

/// Text in a line that is read as HTML. Markdown should mean nothing there, but not all that read it agree.
fn in_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in escape(text, true).chars() {
        let is_plain = !c.is_ascii_punctuation() || matches!(c, '/' | '-' | ',' | '.');
        let begins_link = c == '.' && (html.ends_with("www") || html.ends_with("WWW"));
        if is_plain && !begins_link {
            html.push(c);
        } else {
            html.push_str(&format!("&#{};", u32::from(c)));
        }
    }
    html
}
