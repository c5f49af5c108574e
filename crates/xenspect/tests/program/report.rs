//! `report merge`: what several runs found of parts of a store is what one run finds of the whole.

use serde_json::Value;

use crate::run::{Answer, Folder, LEAVES_OUT, damaged, good};

/// Names that sort differently as whole paths and folder by folder.
const NAMES: [&str; 12] = [
    "B.xva",
    "a/1.xva",
    "a/2.xva",
    "a-b/1.xva",
    "a.xva",
    "a/z/1.xva",
    "a/z-1.xva",
    "a/z.xva",
    "b/\u{e9}.xva",
    "b/z.xva",
    "b.1/1.xva",
    "c.xva",
];

fn store() -> Folder {
    let folder = Folder::new();
    let contents = [
        good("small"),
        damaged("flip-block-byte"),
        good("metadata-only"),
        damaged("truncated-in-block"),
        b"Dear reader".to_vec(),
    ];
    for (name, bytes) in NAMES.iter().zip(contents.iter().cycle()) {
        folder.put(&format!("store/{name}"), bytes);
    }
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    folder
}

/// Which of `of` shards takes a path, as far as it matters here.
fn shard(path: &str, of: usize) -> usize {
    let sum: usize = path.bytes().map(usize::from).sum();
    sum % of
}

/// The paths of a report in their order.
fn paths(report: &Value) -> Vec<String> {
    let inputs = report["inputs"].as_array().unwrap();
    let path = |input: &Value| input["path"].as_str().unwrap().to_owned();
    inputs.iter().map(path).collect()
}

/// Writes the reports of shards, and returns their names.
fn shards(folder: &Folder, all: &[String], of: usize) -> Vec<String> {
    let mut names = Vec::new();
    for k in 0..of {
        let mut args = vec!["verify", "--quiet", "-r", "--format", "json"];
        let part = all.iter().filter(|path| shard(path, of) == k);
        args.extend(part.map(String::as_str));
        if args.len() == 5 {
            args.push("empty");
        }
        let name = format!("out-{k}-of-{of}.json");
        folder.put(&name, folder.run(&args).stdout.as_bytes());
        names.push(name);
    }
    names
}

fn merge(folder: &Folder, more: &[&str], names: &[String]) -> Answer {
    let mut args = vec!["report", "merge"];
    args.extend(more);
    args.extend(names.iter().map(String::as_str));
    folder.run(&args)
}

#[test]
fn the_shards_together_are_the_whole() {
    let folder = store();
    let json = ["verify", "-r", "--quiet", "--format", "json", "store"];
    let whole = folder.run(&json);
    let human = folder.run(&["verify", "-r", "--quiet", "store"]);
    let all = paths(&whole.json());
    assert_eq!(all.len(), NAMES.len());
    // These shards are named file by file, so that no folder is known that they are below of.
    let lines = whole.stdout.split_inclusive('\n');
    let named: String = lines.filter(|line| !line.contains("\"below\": ")).collect();
    for of in 1..=7 {
        let mut names = shards(&folder, &all, of);
        for turn in 0..2 {
            let merged = merge(&folder, &["--format", "json"], &names);
            assert_eq!(merged.stdout, named, "{of} shards, turn {turn}");
            assert_eq!((merged.status, merged.stderr.as_str()), (whole.status, ""));
            let merged = merge(&folder, &[], &names);
            assert_eq!(merged.stdout, human.stdout, "{of} shards, turn {turn}");
            names.reverse();
        }
    }
}

#[test]
fn the_status_is_that_of_one_run() {
    let folder = Folder::with("good.xva", &good("small"));
    folder.put("suspect.xva", &damaged("single-end-block"));
    folder.put("damaged.xva", &damaged("flip-block-byte"));
    folder.put("letter.txt", b"Dear reader");
    for name in ["good.xva", "suspect.xva", "damaged.xva", "letter.txt"] {
        let report = folder.run(&["verify", "--format", "json", name]).stdout;
        folder.put(&format!("{name}.json"), report.as_bytes());
    }
    for (more, names, status) in [
        (&[][..], &["good"][..], 0),
        (&[], &["good", "suspect"], 0),
        (&["--fail-on", "warning"], &["good", "suspect"], 1),
        (&[], &["good", "damaged"], 1),
        (&[], &["damaged", "letter"], 2),
    ] {
        let file = |name: &&str| match *name {
            "letter" => "letter.txt.json".to_owned(),
            name => format!("{name}.xva.json"),
        };
        let names: Vec<String> = names.iter().map(file).collect();
        assert_eq!(merge(&folder, more, &names).status, status, "{names:?}");
    }
}

#[test]
fn standard_input_is_a_report_too() {
    let folder = Folder::with("good.xva", &good("small"));
    let whole = folder
        .run(&["verify", "--format", "json", "good.xva"])
        .stdout;
    let args = ["report", "merge", "--format", "json", "-"];
    let merged = folder.pipe(&args, whole.clone().into_bytes());
    assert_eq!((merged.status, merged.stdout), (0, whole));
}

#[test]
fn what_cannot_be_joined_is_2_and_said() {
    let folder = Folder::with("good.xva", &good("small"));
    let report = folder
        .run(&["verify", "--format", "json", "good.xva"])
        .stdout;
    folder.put("good.json", report.as_bytes());
    folder.put("cut.json", &report.as_bytes()[..report.len() / 2]);
    folder.put("letter.json", b"Dear reader");
    let later = report.replace("\"schema\": 1", "\"schema\": 2");
    folder.put("later.json", later.as_bytes());
    let other = report.replace("\"sound\"", "\"suspect\"");
    folder.put("other.json", other.as_bytes());
    for (name, words) in [
        ("cut.json", "xenspect: cut.json: ends too early;"),
        ("letter.json", "xenspect: letter.json: is no JSON: "),
        (
            "later.json",
            "xenspect: later.json: is a report of shape 2, and this version reads shape 1 only",
        ),
        ("missing.json", "xenspect: missing.json: cannot be read: "),
        (
            "other.json",
            "xenspect: good.xva: good.json and other.json do not say the same of it;",
        ),
    ] {
        let answer = folder.run(&["report", "merge", "good.json", name]);
        assert_eq!((answer.status, answer.stdout.as_str()), (2, ""), "{name}");
        assert!(answer.stderr.starts_with(words), "{}", answer.stderr);
    }
    // The same twice is no contradiction.
    let answer = folder.run(&["report", "merge", "good.json", "good.json"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (0, ""));
}

#[test]
fn several_versions_are_said() {
    let folder = Folder::with("a.xva", &good("small"));
    folder.put("b.xva", &good("small"));
    let own = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let a = folder.run(&["verify", "--format", "json", "a.xva"]).stdout;
    folder.put(
        "a.json",
        a.replacen(&own, "\"version\": \"999.0.0\"", 1).as_bytes(),
    );
    let b = folder.run(&["verify", "--format", "json", "b.xva"]).stdout;
    folder.put("b.json", b.as_bytes());
    let answer = folder.run(&["report", "merge", "--format", "json", "a.json", "b.json"]);
    assert_eq!(answer.json()["tool"]["version"], "999.0.0");
    assert_eq!(answer.stderr.lines().count(), 2, "{}", answer.stderr);
    let quiet = folder.run(&["report", "merge", "--quiet", "a.json", "b.json"]);
    assert_eq!((quiet.status, quiet.stderr.as_str()), (0, ""));
}

#[test]
fn a_whole_store_at_80_columns() {
    let folder = Folder::new();
    let (good, bad) = (good("small"), damaged("flip-block-byte"));
    for number in 0..22 {
        let name = format!("store/2026-11-{number:02}/a-machine-with-a-rather-long-name-web01.xva");
        folder.put(&name, if number == 7 { &bad } else { &good });
    }
    let answer = folder.run(&["verify", "-r", "--quiet", "store"]);
    assert_eq!(answer.status, 1);
    let lines: Vec<&str> = answer.stdout.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= 80));
    assert!(!answer.stdout.contains('\u{1b}'));
    assert_eq!(
        lines
            .iter()
            .filter(|line| line.starts_with("  sound  "))
            .count(),
        21
    );
    assert!(
        answer
            .stdout
            .contains("-07/a-machine-with-a-rather-long-name-web01.xva  DAMAGED\n")
    );
    assert!(answer.stdout.contains("\n22 inputs, "), "{}", answer.stdout);
}

#[test]
fn the_page_shows_the_scripts_as_they_are() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |name: &str| {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        text.replace("\r\n", "\n")
    };
    let page = read("docs/manual/src/scale.md");
    for name in [
        "scale/slurm/submit.sh",
        "scale/slurm/verify.sbatch",
        "scale/slurm/merge.sbatch",
        "scale/kubernetes/verify.yaml",
    ] {
        assert!(page.contains(&read(name)), "{name}");
    }
}

/// A report that a program of this version could have written of a run.
fn written(folder: &Folder, name: &str, args: &[&str]) -> Answer {
    let mut all = vec!["verify", "--quiet", "--format", "json"];
    all.extend(args);
    let answer = folder.run(&all);
    folder.put(name, answer.stdout.as_bytes());
    answer
}

#[test]
fn the_severity_that_failed_a_run_fails_the_joined_one() {
    let folder = Folder::with("a.xva", &good("small"));
    assert_eq!(
        written(&folder, "1.json", &["--fail-on", "note", "a.xva"]).status,
        1
    );
    assert_eq!(written(&folder, "2.json", &["a.xva"]).status, 0);
    let merge = |args: &[&str]| {
        folder
            .run(&[&["report", "merge", "--quiet"], args].concat())
            .status
    };
    assert_eq!(merge(&["1.json"]), 1);
    assert_eq!(merge(&["2.json"]), 0);
    assert_eq!(merge(&["2.json", "1.json"]), 1);
    assert_eq!(merge(&["--fail-on", "error", "1.json"]), 0);
    assert_eq!(merge(&["--format", "nagios", "1.json"]), 2);
}

#[test]
fn a_run_that_was_interrupted_stays_so() {
    let folder = Folder::with("a.xva", &good("small"));
    let answer = written(&folder, "1.json", &["a.xva"]);
    let mut report = answer.json();
    report["interrupted"] = Value::Bool(true);
    folder.put("cut.json", report.to_string().as_bytes());
    let merged = folder.run(&[
        "report", "merge", "--quiet", "--format", "json", "1.json", "cut.json",
    ]);
    assert_eq!(merged.status, 130);
    assert_eq!(merged.json()["interrupted"], true);
    let nagios = folder.run(&[
        "report", "merge", "--quiet", "--format", "nagios", "cut.json",
    ]);
    assert_eq!(nagios.status, 3, "{}", nagios.stdout);
}

#[test]
fn a_run_that_left_all_to_another_one_is_good() {
    let folder = Folder::with("s/a.xva", &good("small"));
    assert_eq!(written(&folder, "1.json", &LEAVES_OUT).status, 0);
    let second = written(&folder, "2.json", &LEAVES_OUT);
    assert_eq!(
        (
            second.status,
            second.json()["left"].as_array().unwrap().len()
        ),
        (0, 1)
    );
    assert_eq!(folder.run(&["report", "merge", "2.json"]).status, 0);
    let nagios = folder.run(&["report", "merge", "--quiet", "--format", "nagios", "2.json"]);
    assert_eq!(nagios.status, 0, "{}", nagios.stdout);
}
