//! Backups in an object store: the same reports as from files, read by nothing but `GET` and `HEAD`.

use std::fs;

use serde_json::Value;
use xenspect_objects::{Line, Proxy, Server};
use xenspect_synth::store::{SMALLEST_WITH_FAULTS, Store};

use crate::run::{Answer, Folder, codes, good};
use crate::stores::the_ten_are_named;

/// Runs the program so that it reaches the server.
fn run(variables: &[(String, String)], args: &[&str]) -> Answer {
    let mut command = crate::run::program();
    command
        .args(args)
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    Answer {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A report with the paths that a folder would have.
fn as_files(answer: &Answer, url: &str) -> Value {
    serde_json::from_str(&answer.stdout.replace(url, "store/"))
        .unwrap_or_else(|error| panic!("{error}\n{}\n{}", answer.stdout, answer.stderr))
}

#[test]
fn a_store_gives_the_report_that_its_files_give() {
    let folder = Folder::new();
    let store = Store {
        archives: SMALLEST_WITH_FAULTS,
        seed: 3,
        faults: true,
    };
    let broken = store.write(&folder.path().join("store")).unwrap();
    let server = Server::start(folder.path()).unwrap();
    let args = |store: &'static str| ["verify", "-r", "--jobs", "2", "--format", "json", store];
    let remote = run(&server.variables(), &args("s3://store/"));
    let told = as_files(&remote, "s3://store/");
    the_ten_are_named(&told, &broken, "store/");
    let local = folder.run(&args("store"));
    assert_eq!(remote.status, local.status);
    let paths = |report: &Value| -> Vec<(String, String)> {
        let inputs = report["inputs"].as_array().unwrap().iter();
        inputs
            .map(|input| (input["path"].to_string(), input["verdict"].to_string()))
            .collect()
    };
    assert_eq!(paths(&told), paths(&local.json()));
    let methods: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert!(
        methods
            .iter()
            .all(|method| method == "GET" || method == "HEAD")
    );
}

#[test]
fn every_kind_of_look_works_on_an_object() {
    let folder = Folder::new();
    folder.put("bucket/a b.xva", &good("two-disks"));
    folder.put("a b.xva", &good("two-disks"));
    let server = Server::start(folder.path()).unwrap();
    let url = "s3://bucket/a b.xva";
    for args in [
        &["verify", "--format", "json"][..],
        &["inspect", "--format", "json"],
        &["ls", "--format", "json"],
        &["secrets", "--format", "json"],
    ] {
        let remote = run(&server.variables(), &[args, &[url]].concat());
        let local = folder.run(&[args, &["a b.xva"]].concat());
        assert_eq!(remote.status, local.status, "{args:?} {}", remote.stderr);
        assert_eq!(
            remote.stdout.replace(url, "a b.xva"),
            local.stdout,
            "{args:?}"
        );
    }
    let remote = run(&server.variables(), &["cat", url, "ova.xml"]);
    assert_eq!(
        remote.stdout,
        folder.run(&["cat", "a b.xva", "ova.xml"]).stdout
    );
    let same = run(&server.variables(), &["diff", url, url]);
    assert_eq!(same.status, 0, "{}", same.stderr);
}

#[test]
fn what_lies_beside_an_object_has_a_say() {
    let folder = Folder::new();
    folder.put("bucket/a.xva", &good("two-disks"));
    folder.put(
        "bucket/a.xva.md5",
        b"00000000000000000000000000000000  a.xva\n",
    );
    let server = Server::start(folder.path()).unwrap();
    let verify = |more: &[&str]| {
        let args = [
            &["verify", "--format", "json"],
            more,
            &["s3://bucket/a.xva"],
        ]
        .concat();
        run(&server.variables(), &args)
    };
    let wrong = verify(&[]);
    assert_eq!(codes(&wrong.input()), ["sidecar/wrong"]);
    assert_eq!(verify(&["--alone"]).status, 0);
    fs::remove_file(folder.path().join("bucket/a.xva.md5")).unwrap();
    // A seal that was made of the file and lies beside the object.
    assert_eq!(folder.run(&["seal", "bucket/a.xva"]).status, 0);
    let sealed = verify(&[]);
    assert_eq!(sealed.status, 0, "{}", sealed.stdout);
    assert_eq!(sealed.input()["seal"]["outcome"], "holds");
    folder.put("bucket/a.xva", &good("small"));
    assert_eq!(verify(&[]).status, 1);
}

#[test]
fn a_copy_is_made_while_an_object_is_read_over_a_line_that_breaks() {
    let folder = Folder::new();
    let bytes = good("two-disks");
    folder.put("bucket/a.xva", &bytes);
    let server = Server::start(folder.path()).unwrap();
    let proxy = Proxy::start(server.address(), Line::BreaksAfter(700_000)).unwrap();
    let out = folder.path().join("out.xva").display().to_string();
    let args = ["verify", "--tee", &out, "s3://bucket/a.xva"];
    let answer = run(&server.variables_by(proxy.address()), &args);
    assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
    assert_eq!(fs::read(folder.path().join("out.xva")).unwrap(), bytes);
}

#[test]
fn what_cannot_be_reached_is_told_without_secrets() {
    let folder = Folder::new();
    folder.put("bucket/a.xva", &good("small"));
    let server = Server::start(folder.path()).unwrap();
    let mut wrong = server.variables();
    for (name, value) in &mut wrong {
        if name == "AWS_SECRET_ACCESS_KEY" {
            "wrong-and-not-to-be-shown".clone_into(value);
        }
    }
    for (variables, url) in [
        (&server.variables(), "s3://bucket/none.xva"),
        (&server.variables(), "s3://none/a.xva"),
        (&wrong, "s3://bucket/a.xva"),
        (&server.variables(), "s3://user:passw0rd@bucket/a.xva"),
        (&server.variables(), "gopher://bucket/a.xva"),
        (&server.variables(), "s3://bucket/"),
    ] {
        let answer = run(variables, &["verify", url]);
        assert_eq!(answer.status, 2, "{url}: {}", answer.stdout);
        let told = format!("{}{}", answer.stdout, answer.stderr);
        for secret in ["not-so-secret", "wrong-and-not-to-be-shown", "passw0rd"] {
            assert!(!told.contains(secret), "{url}: {told}");
        }
    }
    // A prefix with nothing below it is no good store.
    let empty = run(
        &server.variables(),
        &["verify", "-r", "s3://bucket/nothing/"],
    );
    assert_eq!(empty.status, 2, "{}{}", empty.stdout, empty.stderr);
}

#[test]
fn a_state_tells_objects_by_their_tags() {
    let folder = Folder::new();
    folder.put("bucket/a.xva", &good("small"));
    let server = Server::start(folder.path()).unwrap();
    let state = folder.path().join("state").display().to_string();
    let args = [
        "verify",
        "-r",
        "--state",
        &state,
        "--skip-verified-within",
        "1d",
        "--format",
        "json",
        "s3://bucket/",
    ];
    let counts = || {
        let report = run(&server.variables(), &args).json();
        let count = |name: &str| report[name].as_array().map_or(0, Vec::len);
        (count("inputs"), count("left"))
    };
    assert_eq!(counts(), (1, 0));
    assert_eq!(counts(), (0, 1));
    folder.put("bucket/a.xva", &good("two-disks"));
    assert_eq!(counts(), (1, 0));
    assert_eq!(counts(), (0, 1));
    // What lies beside it has a say, also when it is new.
    let digest = format!("{}  a.xva\n", "0".repeat(32));
    folder.put("bucket/a.xva.md5", digest.as_bytes());
    assert_eq!(counts(), (1, 0));
}

#[test]
fn a_prefix_without_a_slash_is_meant_with_r() {
    let folder = Folder::new();
    for key in ["nightly/a.xva", "nightly/b.xva", "alone.xva"] {
        folder.put(&format!("bucket/{key}"), &good("small"));
    }
    let server = Server::start(folder.path()).unwrap();
    let paths = |args: &[&str]| -> Vec<String> {
        let answer = run(&server.variables(), args);
        assert_eq!(answer.status, 0, "{}{}", answer.stdout, answer.stderr);
        let report: Value = serde_json::from_str(&answer.stdout).unwrap();
        let inputs = report["inputs"].as_array().unwrap().iter();
        inputs
            .map(|input| input["path"].as_str().unwrap().to_owned())
            .collect()
    };
    let verify = ["verify", "--format", "json", "-r"];
    let with = |url: &'static str| [&verify[..], &[url]].concat();
    let both = ["s3://bucket/nightly/a.xva", "s3://bucket/nightly/b.xva"];
    assert_eq!(paths(&with("s3://bucket/nightly")), both);
    assert_eq!(paths(&with("s3://bucket/nightly/")), both);
    assert_eq!(
        paths(&with("s3://bucket/alone.xva")),
        ["s3://bucket/alone.xva"]
    );
    let answer = run(&server.variables(), &["verify", "s3://bucket/nightly"]);
    assert_eq!(answer.status, 2, "{}", answer.stdout);
    assert!(answer.stdout.contains("use -r"), "{}", answer.stdout);
    let answer = run(&server.variables(), &["verify", "s3://bucket/none"]);
    assert_eq!(answer.status, 2, "{}", answer.stdout);
    assert!(!answer.stdout.contains("use -r"), "{}", answer.stdout);
}
