//! Every example of the manual and of README.md is run.
//!
//! A block `console` is a session: lines that begin with `$ ` are run by a shell, one after another in one folder, and what
//! stands below each is what it answers on standard output and standard error. `? 1` in the line below the command is an exit
//! status other than 0; `[..]` stands for anything within a line, and a line `...` for any lines. A block `sh` is a script: it is
//! run, and no run of the program in it may end with anything but 0 or 1. Each page has a folder of its own.

use std::fs;
use std::path::Path;

use xenspect_objects::Server;

use crate::help::calls;
use crate::page::{Block, Page, book};
use crate::scene::Kit;
use crate::shell::{self, Outcome, here};
use crate::{root, say_skipped, source};

/// Blocks that are not run: the page, a text in the block, the reason. Their options are looked up all the same (`help`).
const NOT_RUN: [(&str, &str, &str); 9] = [
    (
        "README.md",
        "cargo run",
        "builds the program; `.ci/run` runs it",
    ),
    ("README.md", "cargo test", "all tests; `.ci/run` runs it"),
    ("performance.md", "cargo build", "measures; takes minutes"),
    ("scale.md", "nas1,nas2", "three machines"),
    ("scale.md", "kubectl", "a cluster"),
    (
        "scale.md",
        "squeue",
        "a cluster, and a store of two hundred backups",
    ),
    (
        "install.md",
        "/usr/share/doc",
        "what a package installs; `packaging/test.sh` tries it",
    ),
    ("install.md", "scp ", "a host"),
    (
        "install.md",
        "old-kernel",
        "builds the tool; `packaging/test.sh` runs it",
    ),
];

/// Programs without which a block is left out, with a remark.
const NEEDED: [&str; 6] = ["jq", "ssh-keygen", "xxd", "sha256sum", "zstd", "dd"];

/// Of a script that goes wrong so much is shown.
const LAST_LINES: usize = 12;

fn pages() -> Vec<Page> {
    let mut pages = book();
    pages.push(Page::read(&root().join("README.md")));
    pages
}

/// Whether a block is one that must be run, by what is in it. A script with its first line is a file that is shown, and a text
/// with a word in capitals on each line of the program is a synopsis.
fn is_example(block: &Block) -> bool {
    let lines = &block.lines;
    let is_file = lines.first().is_some_and(|line| line.starts_with("#!"));
    let placeholder = |word: &str| {
        word.len() > 1
            && word
                .trim_matches(['[', ']', '.'])
                .chars()
                .all(|c| c.is_ascii_uppercase())
    };
    let mut called = lines.iter().filter(|line| !calls(line).is_empty());
    let is_synopsis = block.language == "text"
        && called.all(|line| !line.starts_with("$ ") && line.split(' ').any(placeholder));
    let is_shell = matches!(
        block.language.as_str(),
        "" | "sh" | "bash" | "console" | "text"
    );
    is_shell
        && !is_file
        && !is_synopsis
        && lines
            .iter()
            .any(|line| line.starts_with("$ ") || !calls(line).is_empty())
}

fn reason(page: &Page, block: &Block) -> Option<&'static str> {
    let text = block.lines.join("\n");
    let name = page.name();
    NOT_RUN
        .iter()
        .find(|(on, has, _)| *on == name && text.contains(has))
        .map(|(.., reason)| *reason)
}

fn missing(block: &Block) -> Option<&'static str> {
    let uses = |program: &str| {
        block.lines.iter().any(|line| {
            line.split(|c: char| c.is_whitespace() || c == '(')
                .any(|word| word == program)
        })
    };
    NEEDED
        .into_iter()
        .find(|program| uses(program) && shell::which(program).is_none())
}

/// One command of a session.
struct Step {
    command: String,
    status: i32,
    expected: Vec<String>,
}

fn steps(lines: &[String]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut in_command = false;
    for line in lines {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                status: 0,
                expected: Vec::new(),
            });
            in_command = true;
            continue;
        }
        let step = steps.last_mut().expect("a session begins with a command");
        match line.strip_prefix("> ") {
            Some(more) if in_command => {
                step.command.push('\n');
                step.command.push_str(more);
                continue;
            }
            _ => {}
        }
        if in_command && let Some(status) = line.strip_prefix("? ") {
            step.status = status.parse().expect("an exit status behind `? `");
        } else {
            step.expected.push(line.clone());
        }
        in_command = false;
    }
    steps
}

fn written(step: &Step) -> Vec<String> {
    let mut lines: Vec<String> = step
        .command
        .lines()
        .enumerate()
        .map(|(number, line)| format!("{} {line}", if number == 0 { '$' } else { '>' }))
        .collect();
    if step.status != 0 {
        lines.push(format!("? {}", step.status));
    }
    lines.extend(step.expected.iter().cloned());
    lines
}

/// Whether lines are as they are expected, with `...` for any lines and `[..]` for anything within one.
fn matches(expected: &[String], found: &[&str]) -> bool {
    match expected.split_first() {
        None => found.is_empty(),
        Some((first, rest)) if first == "..." => {
            (0..=found.len()).any(|from| matches(rest, &found[from..]))
        }
        Some((first, rest)) => found
            .split_first()
            .is_some_and(|(line, others)| line_matches(first, line) && matches(rest, others)),
    }
}

fn line_matches(expected: &str, found: &str) -> bool {
    let (expected, found) = (expected.trim_end(), found.trim_end());
    let Some((first, rest)) = expected.split_once("[..]") else {
        return expected == found;
    };
    let Some(mut left) = found.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split("[..]").collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else {
            return false;
        };
        left = &left[at + part.len()..];
    }
    left.ends_with(last)
}

/// How a shell reaches the object store.
fn exports(server: &Server) -> String {
    let variables = server.variables();
    let lines = variables
        .iter()
        .map(|(name, value)| format!("export {name}='{value}'\n"));
    lines.collect()
}

/// Runs a session; the lines of the block as they would have to be, if they are not.
fn session(
    folder: &Path,
    exports: &str,
    block: &Block,
    wrong: &mut Vec<String>,
) -> Option<Vec<String>> {
    let mut changed = false;
    let mut lines = Vec::new();
    for mut step in steps(&block.lines) {
        let outcome = shell::run(folder, &format!("{exports}{}", here(&step.command)));
        let found: Vec<&str> = outcome.output.lines().collect();
        if outcome.status != step.status || !matches(&step.expected, &found) {
            wrong.push(format!(
                "$ {}\n? {}\n{}",
                step.command, outcome.status, outcome.output
            ));
            step.status = outcome.status;
            step.expected = found.into_iter().map(str::to_owned).collect();
            changed = true;
        }
        lines.extend(written(&step));
    }
    changed.then_some(lines)
}

/// Runs a script.
fn script(folder: &Path, exports: &str, block: &Block, wrong: &mut Vec<String>) {
    let lines: Vec<String> = block.lines.iter().map(|line| here(line)).collect();
    let text = lines.join("\n");
    let Outcome {
        status,
        output,
        runs,
    } = shell::run(folder, &format!("{exports}{text}"));
    let calls: usize = lines.iter().map(|line| calls(line).len()).sum();
    let bad: Vec<_> = runs
        .iter()
        .filter(|(status, _)| !matches!(status, 0 | 1))
        .collect();
    let rows: Vec<&str> = output.lines().collect();
    let end = rows[rows.len().saturating_sub(LAST_LINES)..].join("\n");
    if status > 1 || !bad.is_empty() || runs.len() < calls {
        wrong.push(format!(
            "{text}\n? {status}, {} runs for {calls} calls, bad ones {bad:?}\n{end}",
            runs.len()
        ));
    }
}

fn blessing() -> bool {
    std::env::var_os("XENSPECT_BLESS").is_some_and(|value| value == "1")
}

/// The page with other lines in some of its blocks, by the line of the fence.
fn blessed(page: &Page, blocks: &[(usize, usize, Vec<String>)]) -> String {
    let mut lines: Vec<String> = page.text.lines().map(str::to_owned).collect();
    for (line, count, new) in blocks.iter().rev() {
        lines.splice(*line..line + count, new.iter().cloned());
    }
    lines.join("\n") + "\n"
}

/// Runs the examples of a page; what is wrong with them.
fn check(page: &Page, kit: &Kit) -> Vec<String> {
    let folder = kit.folder();
    let server = page
        .text
        .contains("s3://")
        .then(|| Server::start(&folder.path().join("objects")).unwrap());
    let exports = server.as_ref().map(exports).unwrap_or_default();
    let mut failures = Vec::new();
    let mut news = Vec::new();
    for block in page.blocks() {
        if !is_example(&block) || reason(page, &block).is_some() {
            continue;
        }
        let place = format!("{}:{}", page.name(), block.line);
        if let Some(program) = missing(&block) {
            say_skipped(format_args!("SKIPPED {place}: there is no {program}"));
            continue;
        }
        let mut wrong = Vec::new();
        match block.language.as_str() {
            "console" => {
                let new = session(folder.path(), &exports, &block, &mut wrong);
                news.extend(new.map(|new| (block.line, block.lines.len(), new)));
            }
            "sh" => script(folder.path(), &exports, &block, &mut wrong),
            other => wrong.push(format!(
                "an example in a block `{other}`: make it `console` or `sh`"
            )),
        }
        failures.extend(wrong.into_iter().map(|wrong| format!("{place}\n{wrong}")));
    }
    if blessing() && !news.is_empty() {
        fs::write(&page.path, blessed(page, &news)).unwrap();
    }
    failures
}

#[cfg(unix)]
#[test]
fn every_example_answers_as_it_is_written() {
    let kit = Kit::shared();
    let only = std::env::var("XENSPECT_PAGE").ok();
    let pages: Vec<Page> = pages()
        .into_iter()
        .filter(|page| only.as_ref().is_none_or(|only| page.name() == *only))
        .collect();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..2)
            .map(|half| {
                let pages = &pages;
                scope.spawn(move || {
                    let mine = pages.iter().skip(half).step_by(2);
                    mine.flat_map(|page| check(page, kit)).collect::<Vec<_>>()
                })
            })
            .collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap())
            .collect()
    });
    assert!(
        failures.is_empty(),
        "{} examples answer otherwise:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn what_is_not_run_is_still_there() {
    for (name, has, reason) in NOT_RUN {
        let path = match name {
            "README.md" => root().join(name),
            _ => source().join(name),
        };
        let page = Page::read(&path);
        let found = page
            .blocks()
            .iter()
            .any(|block| block.lines.join("\n").contains(has));
        assert!(found, "{name} has no block with {has} ({reason})");
    }
}

#[test]
fn what_must_be_run_is_told_from_what_is_shown() {
    for (language, text, expected) in [
        ("sh", "xenspect verify a", true),
        ("", "xenspect verify a", true),
        ("text", "xenspect verify INPUT", false),
        ("text", "xenspect verify a", true),
        ("text", "$ xenspect verify INPUT", true),
        ("text", "xenspect: a remark", false),
        ("bash", "#!/bin/bash\nxenspect verify a", false),
        ("ini", "ExecStart=xenspect verify a", false),
        ("sh", "xe vm-export", false),
    ] {
        let block = Block {
            line: 1,
            language: language.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
        };
        assert_eq!(is_example(&block), expected, "{language}: {text}");
    }
}

#[test]
fn sessions_are_taken_apart_and_put_together() {
    let lines = ["$ a \\", "> b", "? 1", "c", "$ d"].map(str::to_owned);
    let steps = steps(&lines);
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].command, "a \\\nb");
    assert_eq!(steps[0].status, 1);
    assert_eq!(steps[0].expected, ["c"]);
    let again: Vec<String> = steps.iter().flat_map(written).collect();
    assert_eq!(again, lines);
}

#[test]
fn what_varies_is_matched_and_nothing_else() {
    for (expected, found, result) in [
        ("a", "a", true),
        ("a", "b", false),
        ("a [..] c", "a b c", true),
        ("a [..] c", "a b d", false),
        ("a[..]", "abc", true),
        ("[..]c", "abc", true),
        ("a\n...\nd", "a\nb\nc\nd", true),
        ("a\n...\nd", "a\nd", true),
        ("a\n...\nd", "a\nb", false),
        ("a", "a\nb", false),
    ] {
        let expected: Vec<String> = expected.lines().map(str::to_owned).collect();
        let found: Vec<&str> = found.lines().collect();
        assert_eq!(matches(&expected, &found), result, "{expected:?} {found:?}");
    }
}

#[test]
fn blessing_changes_the_blocks_alone() {
    let page = Page {
        path: source().join("x.md"),
        text: "a\n```console\n$ b\nc\n```\nd\n".to_owned(),
    };
    let block = &page.blocks()[0];
    let new = vec!["$ b".to_owned(), "e".to_owned(), "f".to_owned()];
    let text = blessed(&page, &[(block.line, block.lines.len(), new)]);
    assert_eq!(text, "a\n```console\n$ b\ne\nf\n```\nd\n");
}
