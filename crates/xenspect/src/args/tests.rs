//! What holds for the help of every command.

use std::ffi::OsString;

use clap::Command;

use super::{command, parse};

/// Every command with its names, the program itself first.
fn all() -> Vec<(Vec<String>, Command)> {
    fn add(command: &Command, above: &[String], all: &mut Vec<(Vec<String>, Command)>) {
        let mut names = above.to_vec();
        names.push(command.get_name().to_owned());
        all.push((names.clone(), command.clone()));
        for below in command.get_subcommands() {
            if below.get_name() != "help" {
                add(below, &names, all);
            }
        }
    }
    let mut root = command();
    root.build();
    let mut found = Vec::new();
    add(&root, &[], &mut found);
    found
}

/// The lines below `Examples:` in a help; a line that ends in a pipe goes on in the next one.
fn examples(help: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in help
        .lines()
        .skip_while(|line| *line != "Examples:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
    {
        match lines.last_mut() {
            Some(last) if goes_on => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.trim().to_owned()),
        }
        goes_on = line.ends_with('|');
    }
    lines
}

/// The commands of a line for a shell, as words. Knows as much of a shell as examples use.
fn words(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for char in line.chars().chain([' ']) {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(char),
            (None, '\'' | '"') => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (None, ' ') => {
                if let Some(word) = word.take() {
                    match word.as_str() {
                        "|" | "&&" | ">" | ">>" => commands.push(Vec::new()),
                        _ => commands.last_mut().unwrap().push(word),
                    }
                }
            }
            (None, _) => word.get_or_insert_default().push(char),
        }
    }
    commands
}

#[test]
fn the_arguments_are_in_order() {
    command().debug_assert();
}

#[test]
fn every_help_has_examples_and_they_are_commands() {
    let mut checked = 0;
    for (names, mut command) in all() {
        let help = command.render_long_help().to_string();
        if command.has_subcommands() && names.len() > 1 {
            continue;
        }
        let lines = examples(&help);
        assert!(!lines.is_empty(), "{names:?} has no examples:\n{help}");
        for line in &lines {
            // Of the program's own help, where each line is told what it asks.
            let line = line.split("   ").next().unwrap_or(line);
            let line = line
                .replace("$ROOT", &"0".repeat(64))
                .replace("dumps/*.xml.gz", "1.xml.gz 2.xml.gz");
            let own: Vec<_> = words(&line)
                .into_iter()
                .filter(|words| words.first().is_some_and(|word| word == "xenspect"))
                .collect();
            assert!(!own.is_empty(), "{line}");
            let is_of = names.len() == 1
                || own
                    .iter()
                    .any(|words| names.iter().zip(words).all(|(a, b)| a == b));
            assert!(is_of, "{line} is no example of {names:?}");
            for words in own {
                checked += 1;
                if words.last().is_some_and(|word| word == "--help") {
                    continue;
                }
                let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
                if let Err(error) = parse(words) {
                    panic!("{line}\n{error}");
                }
            }
        }
    }
    assert!(checked > 40, "{checked}");
}

#[test]
fn every_help_is_ascii_fits_80_columns_and_begins_alike() {
    for (names, command) in all() {
        let about = command.get_about().expect("a sentence").to_string();
        assert!(about.starts_with(char::is_uppercase), "{names:?}: {about}");
        assert!(
            !about.ends_with('.') || names.len() == 1,
            "{names:?}: {about}"
        );
        for help in [
            command.clone().term_width(80).render_help(),
            command.clone().term_width(80).render_long_help(),
        ] {
            let help = help.to_string();
            for line in help.lines() {
                assert!(line.is_ascii(), "{names:?}: {line}");
                assert!(line.len() <= 80, "{names:?}: {line}");
            }
        }
    }
}

#[test]
fn the_short_help_is_a_screen_or_so() {
    // The reports and policies of `verify` take more than one, under headings of their own.
    for (names, command) in all() {
        let lines = command
            .term_width(80)
            .render_help()
            .to_string()
            .lines()
            .count();
        let most = if names.iter().any(|name| name == "verify") {
            120
        } else {
            48
        };
        assert!(lines <= most, "{names:?} takes {lines} lines");
    }
}
