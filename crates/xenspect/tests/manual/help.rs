//! The commands and options that the program has, by its own help, and those that the pages name.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::page::{Block, Page, book};
use crate::{root, source};

/// Options of other programs that pages name by themselves.
const FOREIGN: [&str; 5] = ["--from", "--long", "--size", "--tag", "--zstd"];

/// The options of each command by its words, such as `report merge`; the program itself is the empty one.
struct Commands(BTreeMap<String, BTreeSet<String>>);

impl Commands {
    fn of_the_program() -> Self {
        let mut commands = BTreeMap::new();
        let mut left = vec![String::new()];
        while let Some(words) = left.pop() {
            let mut command = Command::new(assert_cmd::cargo::cargo_bin!("xenspect"));
            command.args(words.split_whitespace()).arg("--help");
            let help = String::from_utf8(command.output().unwrap().stdout).unwrap();
            left.extend(
                subcommands(&help)
                    .into_iter()
                    .map(|name| format!("{words} {name}").trim().to_owned()),
            );
            commands.insert(words, options(&help));
        }
        Self(commands)
    }

    fn anywhere(&self, option: &str) -> bool {
        self.0.values().any(|options| options.contains(option))
    }

    /// What a command line has that the program has not.
    fn unknown(&self, line: &str) -> Vec<String> {
        let mut words = line.split_whitespace().peekable();
        let mut name = String::new();
        while let Some(word) = words.peek() {
            let longer = format!("{name} {word}").trim().to_owned();
            if !self.0.contains_key(&longer) {
                break;
            }
            name = longer;
            words.next();
        }
        let is_command = |word: &str| word.chars().all(|c| c.is_ascii_lowercase());
        let mut unknown = Vec::new();
        if name.is_empty()
            && let Some(word) = words.peek()
            && is_command(word)
            && *word != "help"
        {
            unknown.push((*word).to_owned());
        }
        let known = &self.0[&name];
        let given = words
            .take_while(|word| !matches!(*word, "|" | ">" | ";" | "&&" | "#"))
            .filter_map(long);
        unknown.extend(given.filter(|option| !known.contains(option) && option != "--help"));
        unknown
    }
}

fn subcommands(help: &str) -> Vec<String> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let names = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

fn options(help: &str) -> BTreeSet<String> {
    let lines = help.lines().map(str::trim);
    let lines = lines.filter(|line| line.starts_with('-'));
    let words = lines.flat_map(|line| line.split_whitespace().take(2));
    words.filter_map(long).collect()
}

/// `--option` out of a word such as `--option=VALUE`, `[--option` or `--option,`.
fn long(word: &str) -> Option<String> {
    let word = word.trim_start_matches(['[', '(', '\'', '"']);
    let name = word.strip_prefix("--")?;
    let end = name
        .find(|c: char| !c.is_ascii_lowercase() && c != '-')
        .unwrap_or(name.len());
    (end > 0).then(|| format!("--{}", &name[..end]))
}

/// The lines of a block that are for a shell, each with what it goes on with.
fn commands(block: &Block) -> Vec<String> {
    if !matches!(
        block.language.as_str(),
        "" | "sh" | "bash" | "console" | "text"
    ) {
        return Vec::new();
    }
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in &block.lines {
        let line = line.strip_prefix("$ ").unwrap_or(line);
        if goes_on && let Some(last) = lines.last_mut() {
            last.push_str(line);
        } else {
            lines.push(line.to_owned());
        }
        let last = lines.last_mut().expect("it was put there");
        goes_on = last.ends_with('\\');
        if goes_on {
            last.pop();
        }
    }
    lines
}

/// The command lines of the program within a line of a shell.
pub(crate) fn calls(line: &str) -> Vec<&str> {
    let mut calls = Vec::new();
    for (at, found) in line.match_indices("xenspect ") {
        let before = &line[..at];
        let begins = before.is_empty() || before.ends_with([' ', '\'', '(', '"', '/']);
        let commented = before.starts_with('#') || before.contains(" # ");
        if begins && !commented && !before.trim_end().ends_with(['-', ':']) {
            calls.push(&line[at + found.len()..]);
        }
    }
    calls
}

fn pages() -> Vec<Page> {
    let mut pages = book();
    for name in ["README.md", "docs/recipes/README.md"] {
        pages.push(Page::read(&root().join(name)));
    }
    pages
}

#[test]
fn every_command_has_a_page() {
    for words in Commands::of_the_program().0.into_keys() {
        let Some(command) = words.split_whitespace().next() else {
            continue;
        };
        let path = source().join(format!("{command}.md"));
        let named = path.is_file() && Page::read(&path).text.contains(&words);
        assert!(named, "no page {command}.md tells of `xenspect {words}`");
    }
}

#[test]
fn every_option_that_a_page_names_exists() {
    let commands_of_program = Commands::of_the_program();
    let mut wrong = Vec::new();
    for page in pages() {
        for block in page.blocks() {
            for line in commands(&block) {
                for call in calls(&line) {
                    for unknown in commands_of_program.unknown(call) {
                        wrong.push(format!(
                            "{}:{}: {unknown} in `{call}`",
                            page.name(),
                            block.line
                        ));
                    }
                }
            }
        }
        for span in page.spans() {
            let unknown = match span.strip_prefix("xenspect ") {
                Some(call) => commands_of_program.unknown(call),
                None if span.starts_with("--") => long(&span)
                    .into_iter()
                    .filter(|name| {
                        !commands_of_program.anywhere(name) && !FOREIGN.contains(&name.as_str())
                    })
                    .collect(),
                None => Vec::new(),
            };
            for unknown in unknown {
                wrong.push(format!("{}: {unknown} in `{span}`", page.name()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "not in the program:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn what_is_not_in_the_program_is_found() {
    let commands = Commands::of_the_program();
    assert!(commands.unknown("verify --quiet web01.xva").is_empty());
    assert!(commands.unknown("report merge --format json a").is_empty());
    assert_eq!(commands.unknown("verify --preserve a"), ["--preserve"]);
    assert_eq!(commands.unknown("verity a"), ["verity"]);
    assert!(commands.unknown("cat a b | jq --raw-output").is_empty());
    assert_eq!(calls("ssh nas cat a | xenspect verify -"), ["verify -"]);
    assert_eq!(calls("# xenspect verify a"), [""; 0]);
}
