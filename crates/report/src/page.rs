//! The pages of all codes in the manual, `docs/manual/src/findings/`: one for each group of codes, and the page before them.
//! They are made from the table and never edited by hand.

use std::fmt::Write;

use xenspect_model::report::Verdict;
use xenspect_model::{Code, Severity};

use crate::wrap::wrap;

/// Columns of a paragraph in the page's source.
const WIDTH: usize = 100;

/// The prefixes of codes, and what they speak of.
const PREFIXES: [(&str, &str); 16] = [
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
    (
        "policy",
        "What a policy file asks for, beside what is in an input.",
    ),
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
        "Warnings only, limits of a policy, or another copy that it does not agree with and that may be the one that is right.",
    ),
    (
        Verdict::Incomplete,
        "Cut short, or the run was interrupted; what is there is right. Or what a policy expects is not there.",
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

/// One generated page of the manual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingsPage {
    /// Its file below `docs/manual/src/findings/`.
    pub file: String,
    /// Its Markdown.
    pub text: String,
}

/// The pages of `docs/manual/src/findings/`: `index.md` with severities, verdicts, exit codes and a list of all codes, then one
/// page for each group of codes, in the table's order.
#[must_use]
pub fn findings_pages() -> Vec<FindingsPage> {
    let mut pages = vec![FindingsPage {
        file: "index.md".to_owned(),
        text: index(),
    }];
    pages.extend(PREFIXES.into_iter().map(|(prefix, about)| FindingsPage {
        file: format!("{prefix}.md"),
        text: group(prefix, about),
    }));
    pages
}

/// The heading's id, as mdBook and GitHub make it: letters, digits, hyphens and underscores.
fn anchor(code: Code) -> String {
    let name = code.name().chars();
    name.filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
        .collect()
}

fn index() -> String {
    let mut page = heading("Findings");
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

    page.push_str("\n## All codes\n");
    for (prefix, about) in PREFIXES {
        let _ = write!(page, "\n### {prefix}\n\n{about}\n\n");
        page.push_str("| code | severity | what it says |\n| --- | --- | --- |\n");
        for code in of(prefix) {
            let entry = code.entry();
            let row = format!(
                "| [`{code}`]({prefix}.md#{}) | {} | {} |",
                anchor(code),
                entry.severity,
                entry.title
            );
            line(&mut page, &row);
        }
    }
    page
}

fn group(prefix: &str, about: &str) -> String {
    let mut page = heading(prefix);
    let _ = writeln!(page, "{about} [All groups](index.md)");
    for code in of(prefix) {
        section(&mut page, code);
    }
    page
}

fn heading(title: &str) -> String {
    format!(
        "# {title}\n\n<!-- Generated from the table of codes in crates/model; do not edit. -->\n\n"
    )
}

fn of(prefix: &str) -> impl Iterator<Item = Code> {
    let codes = Code::ALL.iter().copied();
    codes.filter(move |code| prefix_of(*code) == prefix)
}

fn prefix_of(code: Code) -> &'static str {
    code.name().split('/').next().unwrap_or_default()
}

fn section(page: &mut String, code: Code) {
    let entry = code.entry();
    let _ = write!(page, "\n## {code}\n\n");
    let answer = match entry.xapi_error {
        Some(error) => format!(" (xapi answers `{error}`)"),
        None => String::new(),
    };
    paragraph(
        page,
        &format!("**{}**: {}{answer}", entry.severity, entry.title),
    );
    paragraph(page, entry.meaning);
    let advice = format!("*What to do:* {}", no_markup(entry.advice));
    for line in wrap(&advice, WIDTH, "", "") {
        page.push_str(&line);
        page.push('\n');
    }
}

fn paragraph(page: &mut String, text: &str) {
    for text in wrap(&no_markup(text), WIDTH, "", "") {
        line(page, &text);
    }
    page.push('\n');
}

/// The text with its `<` escaped outside of code: a `<uuid>` that stands for something would be taken for an element and not be
/// seen.
fn no_markup(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(number, part)| match number % 2 {
        0 => part.replace('<', "\\<"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_section_once_and_is_listed_once() {
        let pages = findings_pages();
        let all: String = pages.iter().map(|page| page.text.as_str()).collect();
        for code in Code::ALL {
            let heading = format!("\n## {code}\n");
            assert_eq!(all.matches(&heading).count(), 1, "{code}");
            let listed = format!("| [`{code}`](");
            assert_eq!(pages[0].text.matches(&listed).count(), 1, "{code}");
        }
    }

    #[test]
    fn anchors_within_a_group_are_different() {
        for (prefix, _) in PREFIXES {
            let mut anchors: Vec<_> = of(prefix).map(anchor).collect();
            let count = anchors.len();
            anchors.sort();
            anchors.dedup();
            assert!(count > 0 && anchors.len() == count, "{prefix}");
        }
    }

    #[test]
    fn what_looks_like_an_element_is_text() {
        assert_eq!(no_markup("a <b> `c <d>` <e>"), "a \\<b> `c <d>` \\<e>");
        for page in findings_pages() {
            let prose = page.text.split('`').step_by(2);
            for part in prose.map(|part| part.replace("\\<", "").replace("<!--", "")) {
                assert!(!part.contains('<'), "{}: {part}", page.file);
            }
        }
    }

    #[test]
    fn no_title_ends_the_cell_that_it_is_in() {
        for code in Code::ALL {
            assert!(!code.entry().title.contains('|'), "{code}");
        }
    }

    #[test]
    fn no_paragraph_turns_into_a_list_or_heading_by_wrapping() {
        let is_marker = |word: &str| matches!(word, "-" | "+" | "*" | ">" | "=" | "---" | "===");
        let block =
            |line: &str| line.starts_with('#') || line.split(' ').next().is_some_and(is_marker);
        for page in findings_pages() {
            for line in page.text.lines().skip(1) {
                assert!(!block(line) || line.starts_with("##"), "{line}");
            }
        }
    }
}
