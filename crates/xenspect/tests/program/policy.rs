//! Policies and baselines: which are used, what they change, and what they never do.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::run::{Answer, Folder, LEAVES_OUT, codes, damaged, good};

/// Verifies with a policy; `args` come behind the options.
fn verify(folder: &Folder, policy: &str, args: &[&str]) -> Answer {
    folder.put("p.toml", format!("policy = 1\n{policy}").as_bytes());
    let mut all = vec![
        "verify", "--quiet", "--format", "json", "--policy", "p.toml",
    ];
    all.extend(args);
    folder.run(&all)
}

fn write(folder: &Folder, name: &str, days: u64) {
    let path = folder.put(name, &good("small"));
    let time = SystemTime::now() - Duration::from_secs(days * 86_400);
    File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(time))
        .unwrap();
}

fn inputs(answer: &Answer) -> Vec<Value> {
    answer.json()["inputs"].as_array().unwrap().clone()
}

#[test]
fn severities_change_verdict_and_status() {
    let folder = Folder::with("a.xva", &damaged("flip-block-byte"));
    let plain = verify(&folder, "", &["a.xva"]);
    assert_eq!(
        (plain.status, plain.input()["verdict"].as_str()),
        (1, Some("damaged"))
    );
    for (word, verdict, status) in [
        // Whatever a policy calls an error, it does not make an archive sound.
        ("note", "suspect", 0),
        ("warning", "suspect", 0),
        ("error", "damaged", 1),
    ] {
        let policy = format!("[severity]\n'xva/block-checksum-mismatch' = '{word}'");
        let answer = verify(&folder, &policy, &["a.xva"]);
        let input = answer.input();
        assert_eq!(
            (answer.status, input["verdict"].as_str()),
            (status, Some(verdict))
        );
        let all = input["findings"].as_array().unwrap();
        let finding = all
            .iter()
            .find(|finding| finding["code"] == "xva/block-checksum-mismatch")
            .unwrap();
        assert_eq!(finding["severity"], word);
        let own = (word != "error").then_some("error");
        assert_eq!(finding["default_severity"].as_str(), own);
        let applied = &answer.json()["policy"];
        assert_eq!(applied["path"], "p.toml");
        assert_eq!(applied["changed"].as_u64(), (word != "error").then_some(1));
    }
}

#[test]
fn the_command_line_wins_over_fail_on() {
    let folder = Folder::with("a.xva", &damaged("flip-block-byte"));
    let policy = "fail-on = 'warning'\n[severity]\n'xva/block-checksum-mismatch' = 'warning'";
    assert_eq!(verify(&folder, policy, &["a.xva"]).status, 1);
    assert_eq!(
        verify(&folder, policy, &["--fail-on", "error", "a.xva"]).status,
        0
    );
}

#[test]
fn it_is_found_above_the_working_directory_and_never_beside_inputs() {
    let folder = Folder::with("evidence/a.xva", &damaged("flip-block-byte"));
    folder.put(
        "evidence/xenspect.toml",
        b"policy = 1\n[severity]\n'*' = 'note'\n",
    );
    let answer = folder.run(&["verify", "evidence/a.xva"]);
    assert_eq!(
        (answer.status, answer.stderr.contains("policy")),
        (1, false)
    );
    folder.put(
        "xenspect.toml",
        b"policy = 1\n[severity]\n'xva/*' = 'note'\n",
    );
    folder.put("deep/down/b.xva", &damaged("flip-block-byte"));
    let run = |args: &[&str]| {
        let mut command = crate::run::program();
        let output = command
            .current_dir(folder.path().join("deep/down"))
            .args(args)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (status, stdout, stderr) = run(&["verify", "b.xva"]);
    assert_eq!(status, Some(0), "{stdout}{stderr}");
    assert!(stderr.contains("judges by the policy"), "{stderr}");
    assert!(stdout.contains("Judged by the policy"), "{stdout}");
    assert!(stdout.contains("b.xva  SUSPECT"), "{stdout}");
    let (status, _, stderr) = run(&["verify", "--no-policy", "b.xva"]);
    assert_eq!((status, stderr.contains("policy")), (Some(1), false));
    let (status, _, stderr) = run(&["verify", "--quiet", "b.xva"]);
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[test]
fn one_that_everybody_can_write_is_not_used_unasked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("a.xva", &good("small"));
    let path = folder.put("xenspect.toml", b"policy = 1\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let answer = folder.run(&["verify", "a.xva"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("everybody can write it"),
        "{}",
        answer.stderr
    );
    assert_eq!(folder.run(&["verify", "--no-policy", "a.xva"]).status, 0);
    let named = folder.run(&["verify", "--policy", "xenspect.toml", "a.xva"]);
    assert_eq!(named.status, 0);
}

#[test]
fn mistakes_are_told_with_their_line() {
    let folder = Folder::with("a.xva", &good("small"));
    let answer = verify(
        &folder,
        "[severity]\n'scan/internal-error' = 'note'",
        &["a.xva"],
    );
    assert_eq!((answer.status, answer.stdout.as_str()), (2, ""));
    for words in ["p.toml", "line 3", "cannot be less than error"] {
        assert!(answer.stderr.contains(words), "{words}: {}", answer.stderr);
    }
    let check = folder.run(&["policy", "check", "p.toml"]);
    assert_eq!((check.status, check.stderr.contains("line 3")), (2, true));
    folder.put(
        "p.toml",
        b"policy = 1\n[severity]\n'xva/*' = 'note'\n[[expect]]\nvm = \"a\\u001B[2J\"\n",
    );
    let check = folder.run(&["policy", "check", "p.toml"]);
    assert_eq!(check.status, 0, "{}", check.stderr);
    assert!(
        check.stdout.contains("stay as they are"),
        "{}",
        check.stdout
    );
    assert!(!check.stdout.contains('\u{1b}'), "{}", check.stdout);
    assert_eq!(folder.run(&["policy", "check"]).status, 2);
    for schema in ["schema", "baseline-schema"] {
        let answer = folder.run(&["policy", schema]);
        assert_eq!(
            (answer.status, answer.json()["type"].as_str()),
            (0, Some("object"))
        );
    }
}

#[test]
fn limits_on_age_and_size() {
    let folder = Folder::new();
    write(&folder, "s/new.xva", 1);
    write(&folder, "s/old.xva", 9);
    write(&folder, "s/archive/older.xva", 99);
    let policy = "[limits]\nmax-age = '8d'\n[[input]]\nmatch = 'archive/**'\nlimits = { max-age = '1y', min-size = '1 TiB' }";
    let answer = verify(&folder, policy, &["-r", "s"]);
    let inputs = inputs(&answer);
    let all: Vec<_> = inputs.iter().map(codes).collect();
    assert_eq!(answer.status, 1);
    assert_eq!(
        all,
        [vec!["policy/too-small"], vec![], vec!["policy/too-old"]]
    );
    let piped = folder.run(&["verify", "--quiet", "s/new.xva"]);
    assert_eq!(piped.status, 0);
    let answer = folder.pipe(
        &[
            "verify", "--quiet", "--format", "json", "--policy", "p.toml", "-",
        ],
        good("small"),
    );
    assert_eq!(answer.status, 0);
    let not_checked = answer.input()["not_checked"].to_string();
    assert!(not_checked.contains("age"), "{not_checked}");
}

#[test]
fn what_is_expected_and_missing_fails() {
    let folder = Folder::new();
    write(&folder, "s/web01-1.xva", 3);
    let web = "[[expect]]\narchive = 'web01-*.xva'\n";
    let answer = verify(&folder, web, &["-r", "s"]);
    assert_eq!((answer.status, inputs(&answer).len()), (0, 1));
    for (policy, code) in [
        ("[[expect]]\narchive = 'db-*.xva'", "policy/archive-missing"),
        ("[[expect]]\nvm = 'nobody'", "policy/vm-missing"),
        (
            "[[expect]]\narchive = 'web01-*.xva'\nnewer-than = '2d'",
            "policy/none-recent",
        ),
    ] {
        let answer = verify(&folder, policy, &["-r", "s"]);
        let inputs = inputs(&answer);
        assert_eq!((answer.status, codes(&inputs[1])), (1, vec![code]));
        assert_eq!(inputs[1]["path"], "p.toml");
        assert!(inputs[1].get("kind").is_none());
    }
    // A store that is empty is missing all, and there is still nothing to verify.
    fs::create_dir(folder.path().join("empty")).unwrap();
    let answer = verify(&folder, web, &["-r", "empty"]);
    assert_eq!(
        (answer.status, codes(&inputs(&answer)[0])),
        (2, vec!["policy/archive-missing"])
    );
}

#[test]
fn shards_are_judged_when_they_are_merged() {
    let folder = Folder::new();
    for name in ["s/a.xva", "s/b.xva", "s/c.xva"] {
        write(&folder, name, 1);
    }
    let policy = "[[expect]]\narchive = '*.xva'\nmin = 3\n[[expect]]\nvm = 'nobody'\n";
    for k in 1..=2 {
        let answer = verify(&folder, policy, &["-r", "--shard", &format!("{k}/2"), "s"]);
        assert_eq!(answer.status, 0);
        let not_judged = answer.json()["policy"]["not_judged"].to_string();
        assert!(not_judged.contains("report merge --policy"), "{not_judged}");
        folder.put(&format!("{k}.json"), answer.stdout.as_bytes());
    }
    let merge = [
        "report", "merge", "--quiet", "--format", "json", "--policy", "p.toml", "1.json", "2.json",
    ];
    let merged = folder.run(&merge);
    let all = inputs(&merged);
    assert_eq!((merged.status, all.len()), (1, 4));
    assert_eq!(codes(&all[3]), ["policy/vm-missing"]);
    // Judged a second time it is the same.
    folder.put("m.json", merged.stdout.as_bytes());
    let again = folder.run(&[
        "report", "merge", "--quiet", "--format", "json", "--policy", "p.toml", "m.json",
    ]);
    assert_eq!(again.stdout, merged.stdout);
}

#[test]
fn the_state_keeps_what_is_true_without_the_policy() {
    let folder = Folder::with("s/a.xva", &damaged("flip-block-byte"));
    let note = "[severity]\n'xva/*' = 'note'";
    assert_eq!(verify(&folder, note, &LEAVES_OUT).status, 0);
    // What the policy made good is no reason to leave it out.
    let again = verify(&folder, "", &LEAVES_OUT);
    assert_eq!(
        (again.status, again.input()["verdict"].as_str()),
        (1, Some("damaged"))
    );
}

#[test]
fn copies_are_named_by_the_rules_and_not_by_age_or_baseline() {
    let folder = Folder::with("a.xva", &damaged("flip-block-byte"));
    let note = "[severity]\n'xva/*' = 'note'";
    assert_eq!(
        verify(&folder, note, &["--tee", "out/x.xva", "a.xva"]).status,
        2
    );
    fs::create_dir(folder.path().join("out")).unwrap();
    assert_eq!(
        verify(&folder, note, &["--tee", "out/x.xva", "a.xva"]).status,
        0
    );
    let accept = [
        "verify",
        "--quiet",
        "--no-policy",
        "--write-baseline",
        "b.json",
        "a.xva",
    ];
    folder.run(&accept);
    let answer = verify(
        &folder,
        "",
        &["--baseline", "b.json", "--tee", "out/y.xva", "a.xva"],
    );
    assert_eq!(answer.status, 0, "{}", answer.stderr);
    write(&folder, "old.xva", 9);
    let answer = verify(
        &folder,
        "[limits]\nmax-age = '1d'",
        &["--tee", "out/z.xva", "old.xva"],
    );
    assert_eq!(answer.status, 1);
    let mut names: Vec<_> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["x.xva.damaged", "y.xva.damaged", "z.xva"]);
}

/// Writes a baseline of `s`, and returns it.
fn baseline(folder: &Folder, of: &str) -> String {
    let write = [
        "verify",
        "--quiet",
        "-r",
        "--no-policy",
        "--write-baseline",
        "b.json",
        of,
    ];
    folder.run(&write);
    fs::read_to_string(folder.path().join("b.json")).unwrap()
}

#[test]
fn a_baseline_accepts_what_is_known_and_fails_on_what_is_new() {
    let folder = Folder::with("s/a.xva", &damaged("flip-block-byte"));
    folder.put("s/good.xva", &good("small"));
    let text = baseline(&folder, "s");
    assert!(text.contains("xva/block-checksum-mismatch"), "{text}");
    let run = |more: &[&str]| {
        let mut args = vec!["verify", "-r", "--no-policy", "--baseline", "b.json"];
        args.extend(more);
        folder.run(&args)
    };
    let known = run(&["s"]);
    assert_eq!(known.status, 0, "{}", known.stdout);
    assert!(
        known.stdout.contains("DAMAGED (accepted by the baseline)"),
        "{}",
        known.stdout
    );
    assert!(
        known.stdout.contains("1 finding is accepted"),
        "{}",
        known.stdout
    );
    // The store is mounted elsewhere.
    fs::rename(folder.path().join("s"), folder.path().join("t")).unwrap();
    assert_eq!(run(&["t"]).status, 0);
    // The same damage in another archive is new.
    fs::copy(folder.path().join("t/a.xva"), folder.path().join("t/b.xva")).unwrap();
    let new = run(&["--format", "json", "t"]);
    assert_eq!(new.status, 1);
    let accepted: Vec<bool> = inputs(&new)
        .iter()
        .map(|input| input["findings"].to_string().contains("\"accepted\":true"))
        .collect();
    assert_eq!(accepted, [true, false, false]);
    // Written twice it is the same; of what is gone it says so.
    assert_eq!(baseline(&folder, "t"), baseline(&folder, "t"));
    folder.put("t/b.xva", &good("small"));
    fs::remove_file(folder.path().join("t/a.xva")).unwrap();
    let gone = run(&["t"]);
    assert_eq!(gone.status, 0);
    assert!(
        gone.stderr.contains("findings that are gone: 1"),
        "{}",
        gone.stderr
    );
    assert!(
        gone.stderr
            .contains("inputs that were not verified this time: 1"),
        "{}",
        gone.stderr
    );
}

#[test]
fn what_cannot_be_read_is_never_accepted() {
    let folder = Folder::with("s/a.xva", b"Dear reader");
    let text = baseline(&folder, "s");
    assert!(!text.contains("a.xva"), "{text}");
    let answer = folder.run(&[
        "verify",
        "-r",
        "--quiet",
        "--no-policy",
        "--baseline",
        "b.json",
        "s",
    ]);
    assert_eq!(answer.status, 2);
}

#[cfg(unix)]
#[test]
fn hostile_names_do_nothing_in_a_baseline() {
    let folder = Folder::with("s/\u{1b}[2J\u{202e}.xva", &damaged("flip-block-byte"));
    let text = baseline(&folder, "s");
    assert!(
        text.chars().all(|c| c == '\n' || (' '..='~').contains(&c)),
        "{text}"
    );
    let answer = folder.run(&["verify", "-r", "--no-policy", "--baseline", "b.json", "s"]);
    assert_eq!(answer.status, 0, "{}", answer.stdout);
}

#[test]
fn a_baseline_is_never_written_over_an_input() {
    let bytes = damaged("flip-block-byte");
    let folder = Folder::with("a.xva", &bytes);
    let answer = folder.run(&[
        "verify",
        "--quiet",
        "--no-policy",
        "--write-baseline",
        "a.xva",
        "a.xva",
    ]);
    assert_eq!(answer.status, 2);
    assert!(answer.stderr.contains("evidence"), "{}", answer.stderr);
    assert_eq!(fs::read(folder.path().join("a.xva")).unwrap(), bytes);
}

/// Two runs with one state, that leave out what was verified lately; their statuses.
fn twice(folder: &Folder, first: &str, second: &str) -> (i32, i32) {
    let _ = fs::remove_file(folder.path().join("st"));
    let first = verify(folder, first, &LEAVES_OUT).status;
    (first, verify(folder, second, &LEAVES_OUT).status)
}

#[test]
fn what_failed_is_not_left_out_of_the_next_run() {
    let folder = Folder::new();
    write(&folder, "s/old.xva", 30);
    let none = "";
    let strict = "fail-on = 'note'";
    let raised = "[severity]\n'xva/reference-to-host' = 'error'";
    let aged = "[severity]\n'policy/*' = 'error'\n[limits]\nmax-age = '8d'";
    let block = "[[input]]\nmatch = 'old*'\n[input.severity]\n'policy/*' = 'error'\n[input.limits]\nmin-size = '1 GiB'";
    for policy in [strict, raised, aged, block] {
        assert_eq!(twice(&folder, policy, policy), (1, 1), "{policy}");
        assert_eq!(twice(&folder, none, policy), (0, 1), "{policy}");
        assert_eq!(twice(&folder, policy, none), (1, 0), "{policy}");
    }
    // What passes by the policy is left, also when it judges inputs.
    let passing = "[limits]\nmax-age = '60d'";
    assert_eq!(twice(&folder, passing, passing), (0, 0));
    let third = verify(&folder, passing, &LEAVES_OUT);
    assert_eq!(third.json()["left"][0]["reason"], "verified-recently");
}

#[test]
fn patterns_with_folders_hold_when_reports_are_merged() {
    let folder = Folder::new();
    write(&folder, "s/prod/a.xva", 1);
    write(&folder, "s/test/b.xva", 1);
    let policy = "[[input]]\nmatch = 'prod/**'\n[input.severity]\n'xva/reference-to-host' = 'error'\n\
                  [[expect]]\narchive = 'prod/a.xva'\nmin-verdict = 'damaged'\n";
    for k in 1..=2 {
        let answer = verify(&folder, policy, &["-r", "--shard", &format!("{k}/2"), "s"]);
        folder.put(&format!("{k}.json"), answer.stdout.as_bytes());
    }
    let merged = folder.run(&[
        "report", "merge", "--quiet", "--format", "json", "--policy", "p.toml", "1.json", "2.json",
    ]);
    let all = inputs(&merged);
    assert_eq!((merged.status, all.len()), (1, 2), "{}", merged.stdout);
    assert_eq!(
        (all[0]["below"].as_str(), all[0]["verdict"].as_str()),
        (Some("prod/a.xva"), Some("damaged"))
    );
    assert_eq!(all[1]["verdict"], "sound");
}

#[test]
fn a_baseline_is_written_over_an_older_one_alone() {
    let folder = Folder::new();
    write(&folder, "s/a.xva", 1);
    folder.put("notes.txt", b"mine");
    folder.put("s/a.xva.sha256", b"0");
    folder.put("xenspect.toml", b"policy = 1\n");
    for (to, more) in [
        ("notes.txt", vec![]),
        ("s/a.xva", vec![]),
        ("s/a.xva.sha256", vec![]),
        ("xenspect.toml", vec![]),
        ("c.xva", vec!["--tee", "c.xva"]),
        ("./st", vec!["--state", "st"]),
    ] {
        let mut args = vec!["verify", "--quiet", "--alone", "--write-baseline", to];
        args.extend(&more);
        args.push("s/a.xva");
        let before = fs::read(folder.path().join(to)).ok();
        let answer = folder.run(&args);
        assert_eq!(answer.status, 2, "{to}: {}", answer.stderr);
        assert_eq!(fs::read(folder.path().join(to)).ok(), before, "{to}");
    }
    for _ in 0..2 {
        let answer = folder.run(&["verify", "--quiet", "--write-baseline", "b.json", "s/a.xva"]);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
    }
}

#[test]
fn a_baseline_is_not_written_of_a_part() {
    let folder = Folder::with("s/a.xva", &damaged("flip-block-byte"));
    write(&folder, "s/b.xva", 1);
    let args = [
        "verify",
        "--quiet",
        "--no-policy",
        "--write-baseline",
        "b.json",
    ];
    let args = [&args[..], &LEAVES_OUT].concat();
    assert_eq!(folder.run(&args).status, 1);
    let whole = fs::read(folder.path().join("b.json")).unwrap();
    let second = folder.run(&args);
    assert_eq!(second.status, 2);
    assert!(
        second.stderr.contains("1 left for another run"),
        "{}",
        second.stderr
    );
    assert_eq!(fs::read(folder.path().join("b.json")).unwrap(), whole);
}
