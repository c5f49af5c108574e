//! The program as somebody meets it who has read the README alone: what it says of mistakes, what shells and `man` make of what
//! it prints, and what the surroundings ask for.

use std::fs;
use std::process::{Command, Stdio};

use crate::run::{Answer, Folder, damaged, dump, good, path, program, say_skipped};

/// Every command; those below another one, too.
const COMMANDS: [&[&str]; 20] = [
    &["verify"],
    &["seal"],
    &["prove"],
    &["inspect"],
    &["preflight"],
    &["diff"],
    &["ls"],
    &["cat"],
    &["history"],
    &["secrets"],
    &["redact"],
    &["report"],
    &["report", "merge"],
    &["policy"],
    &["policy", "check"],
    &["policy", "schema"],
    &["policy", "baseline-schema"],
    &["explain"],
    &["completions"],
    &["man"],
];

/// Runs of every command that print something, in the folder of [`inputs`].
const PRINT: [&[&str]; 15] = [
    &["verify", "good.xva"],
    &["verify", "damaged.xva"],
    &["inspect", "pool.xml"],
    &["inspect", "--find", "host", "pool.xml"],
    &["preflight", "pool.xml", "--target", "pool.xml"],
    &["diff", "pool.xml", "other.xml"],
    &["ls", "good.xva"],
    &["ls", "pool.xml"],
    &["cat", "pool.xml", "VM"],
    &["secrets", "pool.xml"],
    &["redact", "pool.xml", "-o", "-"],
    &["explain", "--list"],
    &["explain", "xva/block-checksum-mismatch"],
    &["completions", "bash"],
    &["man", "verify"],
];

fn inputs() -> Folder {
    let folder = Folder::with("good.xva", &good("small"));
    folder.put("damaged.xva", &damaged("flip-block-byte"));
    let pool = dump("pool-8.2");
    let text = String::from_utf8_lossy(&pool).replacen("example", "another", 1);
    folder.put("other.xml", text.as_bytes());
    folder.put("pool.xml", &pool);
    folder
}

#[track_caller]
fn says(answer: &Answer, status: i32, words: &[&str]) {
    assert_eq!(answer.status, status, "{}{}", answer.stdout, answer.stderr);
    let all = format!("{}{}", answer.stdout, answer.stderr);
    let flat = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(flat.contains(word), "{word:?} is not in: {all}");
    }
}

#[test]
fn every_command_has_a_page_and_a_help() {
    let folder = Folder::new();
    let all = folder.run(&["man", "--dir", "man1"]);
    says(&all, 0, &[]);
    assert_eq!((all.stdout.as_str(), all.stderr.as_str()), ("", ""));
    let mut pages: Vec<_> = fs::read_dir(folder.path().join("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut expected: Vec<_> = COMMANDS
        .iter()
        .map(|names| format!("xenspect-{}.1", names.join("-")))
        .collect();
    expected.push("xenspect.1".to_owned());
    expected.sort();
    assert_eq!(pages, expected);
    for names in COMMANDS {
        let page = folder.run(&[&["man"], names].concat());
        assert_eq!(page.status, 0);
        let file = format!("man1/xenspect-{}.1", names.join("-"));
        let written = fs::read_to_string(folder.path().join(file)).unwrap();
        assert_eq!(page.stdout, written);
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS"] {
            assert!(written.contains(section), "{names:?} {section}");
        }
        let help = folder.run(&[names, &["--help"]].concat());
        says(&help, 0, &["Usage:"]);
    }
}

#[test]
fn manual_pages_please_mandoc() {
    let folder = Folder::new();
    says(&folder.run(&["man", "--dir", "."]), 0, &[]);
    for page in folder.names() {
        let linted = Command::new("mandoc")
            .args(["-T", "lint", "-W", "warning", &page])
            .current_dir(folder.path())
            .output();
        let Ok(linted) = linted else {
            say_skipped(format_args!("skipped: there is no mandoc"));
            return;
        };
        let remarks = String::from_utf8_lossy(&linted.stdout);
        // A page without a date is the same whenever it is made.
        let remarks: Vec<_> = remarks
            .lines()
            .filter(|line| !line.contains("missing date"))
            .collect();
        assert!(remarks.is_empty(), "{page}: {remarks:#?}");
    }
}

#[test]
fn shells_can_read_their_completions() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]);
        says(&script, 0, &["verify", "skip-verified-within"]);
        folder.put(shell, script.stdout.as_bytes());
    }
    for shell in ["bash", "zsh", "fish"] {
        let read = Command::new(shell)
            .args(["-n", shell])
            .current_dir(folder.path())
            .output();
        match read {
            Ok(read) => {
                let words = String::from_utf8_lossy(&read.stderr);
                assert!(
                    read.status.success() && words.is_empty(),
                    "{shell}: {words}"
                );
            }
            Err(_) => say_skipped(format_args!("skipped: there is no {shell}")),
        }
    }
}

#[test]
fn bash_completes_commands_and_values() {
    let folder = Folder::new();
    let script = folder.run(&["completions", "bash"]).stdout;
    folder.put("script", script.as_bytes());
    let complete = |words: &str, last: &str| {
        let line = format!(
            "source ./script; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _xenspect xenspect {last} \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[*]}}\""
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &line])
            .current_dir(folder.path())
            .output()
            .ok()?;
        Some(String::from_utf8(output.stdout).unwrap())
    };
    let Some(commands) = complete("xenspect pre", "pre") else {
        say_skipped(format_args!("skipped: there is no bash"));
        return;
    };
    assert_eq!(commands.trim(), "preflight");
    let depths = complete("xenspect verify --depth h", "h").unwrap();
    assert_eq!(depths.trim(), "headers");
    let options = complete("xenspect verify --skip", "--skip").unwrap();
    assert_eq!(options.trim(), "--skip-verified-within");
}

#[test]
fn no_arguments_show_the_help_and_a_backup_alone_is_told_the_command() {
    let folder = inputs();
    says(
        &folder.run(&[]),
        2,
        &["Usage: xenspect <COMMAND>", "xenspect verify web01.xva"],
    );
    let alone = folder.run(&["good.xva"]);
    assert_eq!((alone.status, alone.stdout.as_str()), (2, ""));
    assert_eq!(
        alone.stderr,
        "xenspect: good.xva is no command; `xenspect verify good.xva` says whether a backup is good, \
         `xenspect inspect good.xva` what is in it\n"
    );
    // A name that is mistyped is named the command that was meant.
    says(&folder.run(&["verfy", "good.xva"]), 2, &["verify"]);
    says(&folder.run(&["verify"]), 2, &["<INPUT>", "--help"]);
    says(
        &folder.run(&["man", "verfy"]),
        2,
        &["there is no command verfy", "verify"],
    );
}

#[test]
fn wrong_inputs_are_told_what_they_are_and_what_to_do() {
    let folder = inputs();
    fs::create_dir(folder.path().join("store")).unwrap();
    folder.put("store/good.xva", &good("small"));
    folder.put("empty.xva", b"");
    folder.put("notes.txt", b"Tuesday: the tape was changed.\n");
    for command in ["verify", "inspect", "secrets"] {
        says(
            &folder.run(&[command, "store"]),
            2,
            &["is a directory", "-r"],
        );
        says(
            &folder.run(&[command, "nothing.xva"]),
            2,
            &["nothing.xva", "No such file"],
        );
        says(&folder.run(&[command, "empty.xva"]), 2, &["is empty"]);
        says(
            &folder.run(&[command, "notes.txt"]),
            2,
            &["not a backup that xenspect knows"],
        );
    }
    for command in ["ls", "seal"] {
        says(&folder.run(&[command, "store"]), 2, &["directory"]);
        says(
            &folder.run(&[command, "nothing.xva"]),
            2,
            &["nothing.xva", "No such file"],
        );
        says(
            &folder.run(&[command, "notes.txt"]),
            2,
            &["not a backup that xenspect knows"],
        );
    }
    says(
        &folder.run(&["cat", "good.xva", "ova.xlm"]),
        2,
        &["there is no ova.xlm", "xenspect ls"],
    );
    says(
        &folder.run(&["explain", "xva/block-checksum-mismach"]),
        2,
        &["xva/block-checksum-mismatch"],
    );
    says(
        &folder.run(&["ls", "store"]),
        2,
        &["give a file that is in it"],
    );
    says(
        &folder.run(&["prove", "good.xva", "ova.xml"]),
        2,
        &["a seal is what `xenspect seal` has written"],
    );
    says(
        &folder.run(&["completions", "bsh"]),
        2,
        &["bash", "zsh", "fish", "powershell"],
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = inputs();
    for arguments in PRINT {
        let expected = folder.run(arguments).status;
        let mut child = program()
            .current_dir(folder.path())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Nobody reads a byte.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let remarks = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(expected),
            "{arguments:?}: {remarks}"
        );
        assert!(!remarks.contains("panicked"), "{arguments:?}: {remarks}");
        assert!(
            !remarks.contains("cannot write"),
            "{arguments:?}: {remarks}"
        );
    }
}

#[test]
fn no_command_colours_unasked_and_all_fit_the_width() {
    let folder = inputs();
    for arguments in PRINT {
        let with = |name: &str, value: &str| {
            let output = program()
                .current_dir(folder.path())
                .args(arguments)
                .env(name, value)
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "200")] {
            let text = with(name, value);
            assert!(
                !text.contains('\u{1b}'),
                "{arguments:?} with {name}={value}"
            );
        }
        // Tables of names, generated text and the commands of a runbook are as wide as they are.
        if ["verify", "diff"].contains(&arguments[0]) {
            for columns in [60, 80, 100] {
                for line in with("COLUMNS", &columns.to_string()).lines() {
                    let width = line.chars().count();
                    assert!(width <= columns, "{arguments:?} in {columns}: {line}");
                }
            }
        }
    }
    let forced = program()
        .current_dir(folder.path())
        .args(["verify", "good.xva"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&forced.stdout).contains('\u{1b}'));
}

/// On a terminal whose locale is not UTF-8 nothing but ASCII is shown.
#[test]
fn a_terminal_without_utf_8_gets_ascii() {
    let folder = inputs();
    // What is copied out of an input is what it is.
    let shown = PRINT
        .iter()
        .filter(|arguments| !["cat", "redact"].contains(&arguments[0]));
    for arguments in shown {
        let line = format!("{} {}", path().display(), arguments.join(" "));
        let mut command = Command::new("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .current_dir(folder.path())
            .env("LC_ALL", "C")
            .env("TERM", "dumb")
            .stdin(Stdio::null());
        let Ok(output) = command.output() else {
            say_skipped(format_args!("skipped: there is no script"));
            return;
        };
        assert!(!output.stdout.is_empty(), "{arguments:?}");
        let foreign = output.stdout.iter().position(|byte| !byte.is_ascii());
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(foreign, None, "{arguments:?}: {text}");
        assert!(!text.contains("panicked"), "{arguments:?}: {text}");
    }
}
