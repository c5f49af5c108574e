//! Reports in files: several in one run, where they may be and where not, and what becomes of the others when one fails.

use std::fs;

use crate::formats::{FORMS, folder, without_time};
use crate::run::{Folder, good, program};

#[test]
fn several_reports_of_one_run_are_those_of_several_runs() {
    let folder = folder();
    let files: Vec<String> = FORMS
        .iter()
        .map(|form| format!("{form}=out/{form}"))
        .collect();
    fs::create_dir(folder.path().join("out")).unwrap();
    let inputs = ["sound.xva", "damaged.xva", "suspect.xva", "unreadable.xva"];
    let mut args = vec!["verify", "--format", "json"];
    for file in &files {
        args.extend(["--report", file]);
    }
    args.extend(inputs);
    // Twice: the second run replaces what the first one wrote.
    for _ in 0..2 {
        let answer = folder.run(&args);
        assert_eq!(answer.status, 2, "{}", answer.stderr);
        assert_eq!(
            answer.stderr.matches("cannot").count(),
            0,
            "{}",
            answer.stderr
        );
        for form in FORMS {
            let alone = folder.run(&[&["verify", "--format", form][..], &inputs[..]].concat());
            let file = fs::read_to_string(folder.path().join("out").join(form)).unwrap();
            assert_eq!(
                without_time(form, &file),
                without_time(form, &alone.stdout),
                "{form}"
            );
        }
    }
    let names: Vec<_> = fs::read_dir(folder.path().join("out")).unwrap().collect();
    assert_eq!(names.len(), FORMS.len(), "nothing is left over");
}

#[test]
fn where_a_report_cannot_be_is_found_before_anything_is_read() {
    let folder = folder();
    folder.put("notes.txt", b"what somebody wrote\n");
    folder.put("other.json", b"{\"mine\": true}\n");
    fs::create_dir(folder.path().join("folder")).unwrap();
    for (reports, said) in [
        (&["json=none/r.json"][..], "cannot be written"),
        (&["json=sound.xva"], "is the input"),
        (&["json=other.json"], "does not begin as a report"),
        (&["human=notes.txt"], "does not begin as a report"),
        (&["json=folder"], "is no regular file"),
        (
            &["json=r", "sarif=./r"],
            "cannot be a report and another one",
        ),
        (&["json=sound.xva.sha256"], "named like a digest"),
        (
            &["json=sound.xva.seal.json"],
            "named like a digest or a seal",
        ),
    ] {
        let mut args = vec!["verify", "--format", "json"];
        for report in reports {
            args.extend(["--report", report]);
        }
        args.push("sound.xva");
        let before = folder.names();
        let answer = folder.run(&args);
        assert_eq!(answer.status, 2, "{reports:?}");
        assert_eq!(answer.stdout, "", "{reports:?}: nothing was read");
        assert!(
            answer.stderr.contains(said),
            "{reports:?}: {}",
            answer.stderr
        );
        assert_eq!(folder.names(), before, "{reports:?}");
        let plugin = folder.run(&[&args[..1], &["--format=nagios"], &args[3..]].concat());
        assert_eq!(plugin.status, 3, "{reports:?}");
        assert!(
            plugin.stdout.starts_with("XENSPECT UNKNOWN - "),
            "{}",
            plugin.stdout
        );
    }
    assert_eq!(
        fs::read(folder.path().join("notes.txt")).unwrap(),
        b"what somebody wrote\n"
    );
}

#[test]
fn a_backup_met_below_a_folder_is_never_replaced() {
    let folder = folder();
    let before = fs::read(folder.path().join("damaged.xva")).unwrap();
    for form in FORMS {
        let report = format!("{form}=damaged.xva");
        let answer = folder.run(&["verify", "-r", "--report", &report, "."]);
        assert_eq!(answer.status, 2, "{form}");
        assert!(
            answer.stderr.contains("is one of the inputs"),
            "{form}: {}",
            answer.stderr
        );
    }
    assert_eq!(fs::read(folder.path().join("damaged.xva")).unwrap(), before);
}

#[test]
fn reports_below_the_folder_are_written_night_after_night() {
    let folder = Folder::with("a.xva", &good("small"));
    let files: Vec<String> = FORMS
        .iter()
        .map(|form| format!("--report={form}=r-{form}"))
        .collect();
    let mut args = vec!["verify", "-r", "-q", "."];
    args.extend(files.iter().map(String::as_str));
    for _ in 0..3 {
        let answer = folder.run(&args);
        assert_eq!(answer.status, 0, "{}", answer.stderr);
    }
    assert_eq!(folder.names().len(), FORMS.len() + 1);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_loses_no_other_report() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("a.xva", &good("small"));
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(closed.join("x"), b"").is_ok() {
        crate::run::say_skipped(format_args!("skipped: nothing is closed to this user"));
        return;
    }
    let answer = folder.run(&["verify", "--report", "json=closed/r.json", "a.xva"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.stderr.contains("cannot be written"),
        "{}",
        answer.stderr
    );
}

/// `/dev/full` takes nothing.
#[cfg(target_os = "linux")]
#[test]
fn standard_output_that_fails_loses_no_file() {
    for form in FORMS {
        let folder = Folder::with("a.xva", &good("small"));
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = program()
            .current_dir(folder.path())
            .args([
                "verify",
                "--format",
                form,
                "--report",
                "json=r.json",
                "--report",
                "jsonl=r.jsonl",
                "a.xva",
            ])
            .stdout(full)
            .output()
            .unwrap();
        let failed = if form == "nagios" { 3 } else { 2 };
        assert_eq!(output.status.code(), Some(failed), "{form}");
        assert_eq!(folder.names(), ["a.xva", "r.json", "r.jsonl"], "{form}");
        let lines = fs::read_to_string(folder.path().join("r.jsonl")).unwrap();
        assert!(
            lines.ends_with("\"exit_status\":0,\"interrupted\":false}\n"),
            "{lines}"
        );
    }
}

#[test]
fn arguments_that_are_no_report_are_refused() {
    let folder = Folder::with("a.xva", &good("small"));
    for wrong in ["json", "xml=a", "json=", "json=-"] {
        let answer = folder.run(&["verify", "--report", wrong, "a.xva"]);
        assert_eq!(answer.status, 2, "{wrong}");
        assert!(answer.stderr.contains("--report"), "{}", answer.stderr);
    }
}
