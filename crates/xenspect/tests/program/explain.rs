//! `xenspect explain`, and the help texts.

use crate::run::Folder;

fn listed() -> Vec<String> {
    let answer = Folder::new().run(&["explain", "--list"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
    answer
        .stdout
        .lines()
        .map(|line| line.split_whitespace().nth(1).expect("a code").to_owned())
        .collect()
}

#[test]
fn every_listed_code_is_explained() {
    let codes = listed();
    assert!(codes.len() > 50, "{codes:?}");
    let folder = Folder::new();
    for code in codes {
        let answer = folder.run(&["explain", &code]);
        assert_eq!((answer.status, answer.stderr.as_str()), (0, ""), "{code}");
        let heading = answer.stdout.split_whitespace().nth(1);
        assert_eq!(
            heading,
            Some(format!("{code}:").as_str()),
            "{}",
            answer.stdout
        );
        assert!(answer.stdout.lines().count() >= 4, "{}", answer.stdout);
        for line in answer.stdout.lines() {
            assert!(line.chars().count() <= 80, "{code}: {line}");
            assert!(!line.contains('\u{1b}'), "{code}");
        }
    }
}

#[test]
fn the_list_is_a_table_of_severity_code_and_title() {
    let answer = Folder::new().run(&["explain", "--list"]);
    for line in answer.stdout.lines() {
        let mut words = line.split_whitespace();
        assert!(
            matches!(words.next(), Some("error" | "warning" | "note")),
            "{line}"
        );
        assert!(
            words.next().is_some_and(|code| code.contains('/')),
            "{line}"
        );
        assert!(words.next().is_some(), "{line}");
    }
}

#[test]
fn an_unknown_code_is_2_and_gets_a_suggestion() {
    let folder = Folder::new();
    let answer = folder.run(&["explain", "xva/checksum-mismatch"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    let (first, second) = answer.stderr.split_once('\n').unwrap();
    assert!(
        first.starts_with("xenspect: there is no code \"xva/checksum-mismatch\"; did you mean ")
    );
    assert!(first.contains("xva/block-checksum-mismatch"), "{first}");
    assert_eq!(
        second,
        "xenspect: `xenspect explain --list` shows all codes\n"
    );
    let answer = folder.run(&["explain", "qqq\u{1b}[2J"]);
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    assert_eq!(
        answer.stderr,
        "xenspect: there is no code \"qqq\\u{1b}[2J\"\n\
         xenspect: `xenspect explain --list` shows all codes\n"
    );
}

#[test]
fn one_explanation() {
    let answer = Folder::new().run(&["explain", "xva/block-checksum-mismatch"]);
    insta::assert_snapshot!(answer.stdout);
}

#[test]
fn help() {
    insta::assert_snapshot!(Folder::new().run(&["--help"]).stdout);
}

#[test]
fn help_of_verify() {
    insta::assert_snapshot!(Folder::new().run(&["verify", "--help"]).stdout);
}

#[test]
fn help_of_explain() {
    insta::assert_snapshot!(Folder::new().run(&["explain", "--help"]).stdout);
}

#[test]
fn version() {
    let answer = Folder::new().run(&["--version"]);
    assert_eq!(answer.status, 0);
    assert_eq!(
        answer.stdout,
        format!("xenspect {}\n", env!("CARGO_PKG_VERSION"))
    );
}
