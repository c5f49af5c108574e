//! The page of all codes, `docs/findings.md`. It is made from the table and never edited by hand.

use std::fmt::Write;

use xenspect_model::report::Verdict;
use xenspect_model::{Code, Severity};

use crate::wrap::wrap;

/// Columns of a paragraph in the page's source.
const WIDTH: usize = 100;

/// The prefixes of codes, and what they speak of.
const PREFIXES: [(&str, &str); 15] = [
    (
        "source",
        "Where the bytes come from: files, disks, network shares.",
    ),
    ("scan", "The run itself."),
    ("envelope", "The compression around the archive."),
    ("tar", "The tar stream, whatever its members mean."),
    (
        "xva",
        "What the members mean: ova.xml, the disks' blocks and their checksums.",
    ),
    ("db", "Pool databases: dumps, hosts' own files, redo logs."),
    (
        "restore",
        "A pool database against the host it would be restored to.",
    ),
    ("clash", "A pool database against other pools."),
    (
        "import",
        "An export against the pool it would be imported to.",
    ),
    (
        "host",
        "Host backups, and what a restore of the host would make of them.",
    ),
    (
        "host-restore",
        "A host backup against the host it would be restored to.",
    ),
    ("seal", "An input against the seal that was made of it."),
    (
        "sidecar",
        "An input against the digests and lengths that lie beside it.",
    ),
    (
        "store",
        "Folders of backups as Xen Orchestra lays them out.",
    ),
    ("against", "Two copies of one archive."),
];

const fn severity_meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "Worth knowing; nothing is wrong with the input.",
        Severity::Warning => "A risk, or something that an importer would do differently.",
        Severity::Error => "Damage, or a restore that will be refused.",
    }
}

const VERDICTS: [(Verdict, &str); 5] = [
    (
        Verdict::Sound,
        "Everything that can be checked is right. There may be notes.",
    ),
    (
        Verdict::Suspect,
        "Warnings only, or another copy that it does not agree with and that may be the one that is right.",
    ),
    (
        Verdict::Incomplete,
        "Cut short, or the run was interrupted; what is there is right.",
    ),
    (Verdict::Damaged, "At least one error."),
    (
        Verdict::Unreadable,
        "Not a backup, cannot be opened, or the program failed.",
    ),
];

const EXITS: [(u8, &str); 4] = [
    (
        0,
        "Nothing at or above the severity of `--fail-on`, which is `error` unless said otherwise.",
    ),
    (1, "At least one finding at or above that severity."),
    (
        2,
        "The job could not be done: wrong usage, not a backup at all, or an input cannot be opened.",
    ),
    (130, "Interrupted. What was read until then is reported."),
];

/// The Markdown of `docs/findings.md`: severities, verdicts, exit codes, and every code by its
/// prefix, in the table's order.
#[must_use]
pub fn findings_page() -> String {
    let mut page = String::from("# Findings\n\n");
    page.push_str("<!-- Generated from the table of codes in crates/model; do not edit. -->\n\n");
    paragraph(
        &mut page,
        "Everything that xenspect says about a backup is a finding with a code. A code keeps its \
         name and its meaning between releases; later releases add codes. `xenspect explain CODE` \
         prints what is written here.",
    );
    paragraph(
        &mut page,
        "Where xapi would stop an import or a restore with an error of its own, the finding names it (\"xapi \
         answers\"). The severity is the usual one; a finding can bear another where there is a \
         reason for it.",
    );

    page.push_str("## Severities\n\n| severity | meaning |\n| --- | --- |\n");
    for severity in Severity::ALL.into_iter().rev() {
        line(
            &mut page,
            &format!("| `{severity}` | {} |", severity_meaning(severity)),
        );
    }
    page.push_str("\n## Verdicts\n\n");
    paragraph(&mut page, "Every input gets one word.");
    page.push_str("| verdict | meaning |\n| --- | --- |\n");
    for (verdict, meaning) in VERDICTS {
        line(&mut page, &format!("| `{}` | {meaning} |", verdict.word()));
    }
    page.push_str("\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
    for (exit, meaning) in EXITS {
        line(&mut page, &format!("| {exit} | {meaning} |"));
    }

    for (prefix, about) in PREFIXES {
        let _ = write!(page, "\n## {prefix}\n\n{about}\n");
        let codes = Code::ALL.iter().filter(|code| prefix_of(**code) == prefix);
        for code in codes {
            section(&mut page, *code);
        }
    }
    page
}

fn prefix_of(code: Code) -> &'static str {
    code.name().split('/').next().unwrap_or_default()
}

fn section(page: &mut String, code: Code) {
    let entry = code.entry();
    let _ = write!(page, "\n### {code}\n\n");
    let answer = match entry.xapi_error {
        Some(error) => format!(" (xapi answers `{error}`)"),
        None => String::new(),
    };
    paragraph(
        page,
        &format!("**{}**: {}{answer}", entry.severity, entry.title),
    );
    paragraph(page, entry.meaning);
    for line in wrap(&format!("*What to do:* {}", entry.advice), WIDTH, "", "") {
        page.push_str(&line);
        page.push('\n');
    }
}

fn paragraph(page: &mut String, text: &str) {
    for text in wrap(text, WIDTH, "", "") {
        line(page, &text);
    }
    page.push('\n');
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_on_the_page_once() {
        let page = findings_page();
        for code in Code::ALL {
            assert_eq!(
                page.matches(&format!("\n### {code}\n")).count(),
                1,
                "{code}"
            );
        }
    }

    #[test]
    fn no_paragraph_turns_into_a_list_or_heading_by_wrapping() {
        let is_marker = |word: &str| matches!(word, "-" | "+" | "*" | ">" | "=" | "---" | "===");
        let block =
            |line: &str| line.starts_with('#') || line.split(' ').next().is_some_and(is_marker);
        for line in findings_page().lines() {
            assert!(
                !block(line) || line.starts_with("##") || line == "# Findings",
                "{line}"
            );
        }
    }
}
