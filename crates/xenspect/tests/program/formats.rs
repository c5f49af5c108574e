//! Every form of a report, of every kind of run: the verdict and the exit status never depend on the form. JSON Lines are there as
//! inputs are done. Files are in `report_files`.

use std::fs;

use serde_json::Value;

use crate::run::{Answer, Folder, damaged, good, program};

pub(crate) const FORMS: [&str; 9] = [
    "human",
    "json",
    "jsonl",
    "junit",
    "sarif",
    "markdown",
    "html",
    "nagios",
    "prometheus",
];

/// A folder with one input of each verdict.
pub(crate) fn folder() -> Folder {
    let folder = Folder::with("sound.xva", &good("small"));
    folder.put("damaged.xva", &damaged("flip-block-byte"));
    let whole = good("small");
    folder.put("incomplete.xva", &whole[..whole.len() / 2]);
    folder.put("suspect.xva", &damaged("single-end-block"));
    folder.put("unreadable.xva", b"this is no backup");
    folder
}

/// What a plugin ends with instead.
fn of_plugin(status: i32, json: &str) -> i32 {
    let has = |severity: &str| json.contains(&format!("\"severity\": \"{severity}\""));
    match status {
        0 if has("warning") => 1,
        0 => 0,
        1 => 2,
        // Known damage is critical, whatever else could not be done.
        _ if has("error") => 2,
        _ => 3,
    }
}

fn assert_same_in_all_forms(folder: &Folder, args: &[&str], status: i32, verdict: &str) {
    let json = folder.run(&[&["verify", "--format", "json"], args].concat());
    for form in FORMS {
        let answer = folder.run(&[&["verify", "--format", form], args].concat());
        let expected = match form {
            "nagios" => of_plugin(status, &json.stdout),
            _ => status,
        };
        assert_eq!(
            answer.status, expected,
            "{form} {args:?}: {}",
            answer.stderr
        );
        let told = answer.stdout.to_lowercase();
        assert!(
            told.contains(verdict) || form == "html",
            "{form} {args:?}: {told}"
        );
    }
}

#[test]
fn verdict_and_status_are_the_same_in_all_forms() {
    let folder = folder();
    for (name, status) in [
        ("sound", 0),
        ("suspect", 0),
        ("incomplete", 1),
        ("damaged", 1),
        ("unreadable", 2),
    ] {
        assert_same_in_all_forms(&folder, &[&format!("{name}.xva")], status, name);
    }
    let warned = ["--fail-on", "warning", "suspect.xva"];
    assert_same_in_all_forms(&folder, &warned, 1, "suspect");
    assert_same_in_all_forms(&folder, &["-r", "."], 2, "unreadable");
    assert_same_in_all_forms(&folder, &["missing.xva"], 2, "unreadable");
}

/// The files of `testdata`, faults and all.
#[test]
fn the_committed_archives_end_the_same_in_all_forms() {
    let folder = Folder::new();
    let testdata = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata");
    let mut args = Vec::new();
    let mut names: Vec<_> = fs::read_dir(testdata)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending != "md"))
        .collect();
    names.sort();
    for path in &names {
        let json = folder.run(&["verify", "--format", "json", path.to_str().unwrap()]);
        args.clear();
        for form in FORMS {
            args.push(format!("--report={form}=out.{form}"));
        }
        let mut all: Vec<&str> = vec!["verify", "--quiet", "--format", "nagios"];
        all.extend(args.iter().map(String::as_str));
        all.push(path.to_str().unwrap());
        let answer = folder.run(&all);
        let expected = of_plugin(json.status, &json.stdout);
        assert_eq!(answer.status, expected, "{path:?}: {}", answer.stderr);
        assert_eq!(folder.names().len(), FORMS.len());
    }
}

#[test]
fn left_inputs_end_the_same_in_all_forms() {
    let folder = Folder::with("a.xva", &good("small"));
    let first = folder.run(&["verify", "-q", "--state", "s", "--settle", "0s", "a.xva"]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    for form in FORMS {
        let answer = folder.run(&[
            "verify",
            "--format",
            form,
            "--state",
            "s",
            "--settle",
            "0s",
            "--skip-verified-within",
            "1d",
            "a.xva",
        ]);
        assert_eq!(answer.status, 0, "{form}: {}", answer.stderr);
        assert!(!answer.stdout.is_empty(), "{form}");
    }
}

/// Without the one line that tells the time.
pub(crate) fn without_time(form: &str, text: &str) -> String {
    let is_time = |line: &&str| form == "prometheus" && line.starts_with("xenspect_last_run_");
    text.lines()
        .filter(|line| !is_time(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn merged_reports_have_all_forms_too() {
    let folder = folder();
    let answer = folder.run(&["verify", "-r", "--format", "json", "."]);
    folder.put("all.json", answer.stdout.as_bytes());
    for form in FORMS {
        let one = folder.run(&["verify", "-r", "-q", "--format", form, "."]);
        let report = format!("--report={form}=merged");
        let merged = folder.run(&["report", "merge", "--format", form, &report, "all.json"]);
        assert_eq!(merged.status, one.status, "{form}: {}", merged.stderr);
        let shown = without_time(form, &one.stdout);
        assert_eq!(without_time(form, &merged.stdout), shown, "{form}");
        let file = fs::read_to_string(folder.path().join("merged")).unwrap();
        assert_eq!(without_time(form, &file), shown, "{form}");
        fs::remove_file(folder.path().join("merged")).unwrap();
    }
}

fn lines(answer: &Answer) -> Vec<Value> {
    let lines = answer.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn lines_are_in_the_order_of_the_inputs_however_many_are_read_at_a_time() {
    let folder = folder();
    let one = folder.run(&["verify", "-r", "--jobs", "1", "--format", "jsonl", "."]);
    let many = folder.run(&["verify", "-r", "--jobs", "5", "--format", "jsonl", "."]);
    assert_eq!(one.stdout, many.stdout);
    let all = lines(&one);
    let paths: Vec<&str> = all
        .iter()
        .filter(|line| line["type"] == "input")
        .map(|line| line["path"].as_str().unwrap())
        .collect();
    let mut sorted = paths.clone();
    sorted.sort_unstable();
    assert_eq!(paths, sorted);
    let end = all.last().unwrap();
    assert_eq!(end["type"], "end");
    assert_eq!(end["inputs"], 5);
    assert_eq!(end["exit_status"], 2);
}

/// Also of what is wrong in folders and concerns no input.
#[test]
fn lines_of_a_store_are_in_the_order_of_its_report() {
    let (store, _) = crate::stores::store();
    let run = |form: &str| {
        let output = program()
            .current_dir(store.path())
            .args([
                "verify", "-r", "-q", "--jobs", "3", "--format", form, "store",
            ])
            .output()
            .unwrap();
        output.stdout
    };
    let folder = Folder::with("all.json", &run("json"));
    let merged = folder.run(&["report", "merge", "--format", "jsonl", "all.json"]);
    assert_eq!(String::from_utf8(run("jsonl")).unwrap(), merged.stdout);
}

/// Lines of an input are there while the next one is still being read.
#[cfg(unix)]
#[test]
fn lines_are_written_while_others_are_read() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;

    let folder = Folder::with("a.xva", &good("small"));
    let mut child = program()
        .current_dir(folder.path())
        .args([
            "verify", "-q", "--jobs", "1", "--format", "jsonl", "a.xva", "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = Vec::new();
    // The second input has not even begun.
    while !seen.contains(&"input".to_owned()) {
        let line: Value = serde_json::from_str(&out.next().unwrap().unwrap()).unwrap();
        seen.push(line["type"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen.first().map(String::as_str), Some("begin"));
    pipe.write_all(&good("small")).unwrap();
    drop(pipe);
    let rest: Vec<String> = out.map(Result::unwrap).collect();
    assert!(rest.last().unwrap().contains("\"type\":\"end\""));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_changes_nothing() {
    use std::process::Stdio;
    for form in FORMS {
        let folder = Folder::with("a.xva", &damaged("flip-block-byte"));
        let mut child = program()
            .current_dir(folder.path())
            .args(["verify", "-q", "--format", form, "a.xva"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let status = if form == "nagios" { 2 } else { 1 };
        assert_eq!(output.status.code(), Some(status), "{form}");
        assert!(output.stderr.is_empty(), "{form}");
    }
}
