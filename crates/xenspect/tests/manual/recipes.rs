//! Each recipe of `docs/recipes/` is run in a folder with backups, good ones and then a bad one, and is looked at by the linter of
//! its own kind where that is installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::scene::Kit;
use crate::shell::{self, Outcome, here};
use crate::{root, say_skipped};

fn file(name: &str) -> PathBuf {
    root().join("docs/recipes").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A line of a recipe as it is run in the folder: absolute paths are below it, and the program is the one of the path.
fn localised(text: &str) -> String {
    here(
        &text
            .replace("/usr/bin/xenspect", "xenspect")
            .replace("%S/", "/var/lib/")
            .replace("%t/", "/run/"),
    )
}

/// A folder with a store that is good.
fn store() -> tempfile::TempDir {
    let folder = Kit::shared().folder();
    fs::create_dir_all(folder.path().join("run/xenspect")).unwrap();
    // Long ago enough not to look as if somebody were writing it.
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for entry in fs::read_dir(folder.path().join("srv/backups")).unwrap() {
        let file = fs::File::options()
            .write(true)
            .open(entry.unwrap().path())
            .unwrap();
        file.set_modified(old).unwrap();
    }
    folder
}

fn break_one(folder: &Path) {
    let bad = fs::read(folder.join("damaged.xva")).unwrap();
    let path = folder.join("srv/backups/bad.xva");
    fs::write(&path, bad).unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(old).unwrap();
}

fn run(folder: &Path, text: &str) -> Outcome {
    shell::run(folder, &localised(text))
}

/// Runs a linter if there is one.
fn lint(program: &str, arguments: &[&str]) {
    if shell::which(program).is_none() {
        say_skipped(format_args!(
            "SKIPPED {program} {arguments:?}: it is not installed"
        ));
        return;
    }
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The values of a key in a file of lines `key = value` or `key: value`.
fn values<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    text.lines()
        .map(str::trim)
        .filter_map(|line| line.trim_start_matches("- ").strip_prefix(key))
        .map(|value| value.trim_start_matches(['=', ':', ' ']))
        .filter(|value| !value.is_empty())
        .collect()
}

/// The lines below a line such as `run: |` that are further in, without that indentation.
fn literal(text: &str, header: &str) -> String {
    let mut lines = text.lines().skip_while(|line| line.trim() != header);
    let depth = |line: &str| line.len() - line.trim_start().len();
    let outer = depth(lines.next().unwrap_or_else(|| panic!("no {header}")));
    let block: Vec<&str> = lines
        .take_while(|line| line.trim().is_empty() || depth(line) > outer)
        .collect();
    let inner = block.iter().map(|line| depth(line)).min().unwrap_or(0);
    let block: Vec<&str> = block
        .iter()
        .map(|line| &line[inner.min(line.len())..])
        .collect();
    block.join("\n")
}

#[cfg(unix)]
#[test]
fn systemd() {
    let unit = read("systemd/xenspect-verify.service");
    let folder = store();
    let commands = values(&unit, "ExecStart");
    assert_eq!(commands.len(), 2);
    for command in &commands {
        let outcome = run(folder.path(), command);
        assert_eq!(outcome.status, 0, "{command}\n{}", outcome.output);
    }
    assert!(folder.path().join("run/xenspect/last.json").is_file());
    break_one(folder.path());
    assert_eq!(run(folder.path(), commands[0]).status, 1);

    // The linter wants the program where the unit says it is.
    let units = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin!("xenspect");
    let service = units.path().join("xenspect-verify.service");
    let text = unit.replace("/usr/bin/xenspect", program.to_str().unwrap());
    fs::write(&service, text).unwrap();
    let timer = units.path().join("xenspect-verify.timer");
    fs::copy(file("systemd/xenspect-verify.timer"), &timer).unwrap();
    let paths = [service.to_str().unwrap(), timer.to_str().unwrap()];
    lint(
        "systemd-analyze",
        &["verify", "--man=no", paths[0], paths[1]],
    );
    lint(
        "systemd-analyze",
        &["security", "--offline=yes", "--threshold=20", paths[0]],
    );
}

#[cfg(unix)]
#[test]
fn cron() {
    let text = read("cron/xenspect");
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.contains("MAILTO"))
        .collect();
    assert_eq!(lines.len(), 1, "a command is one line");
    let mut fields = lines[0].splitn(7, ' ');
    let times: Vec<&str> = fields.by_ref().take(5).collect();
    for (time, most) in times.iter().zip([59, 23, 31, 12, 7]) {
        assert!(*time == "*" || time.parse::<u8>().is_ok_and(|number| number <= most));
    }
    assert_eq!(fields.next(), Some("backup"));
    let command = fields.next().expect("a command");
    assert!(!command.contains('%'), "cron makes line ends of it");

    let folder = store();
    let good = run(folder.path(), command);
    assert_eq!((good.status, good.output.as_str()), (0, ""));
    break_one(folder.path());
    let bad = run(folder.path(), command);
    assert!(bad.output.contains("DAMAGED"), "{}", bad.output);
    assert!(bad.runs.iter().all(|(status, _)| *status == 1));
}

#[cfg(unix)]
#[test]
fn github() {
    let text = read("github/verify-backups.yml");
    let script = literal(&text, "run: |");
    let store_of = values(&text, "STORE:")[0];
    let folder = store();
    let script = format!("STORE={store_of}\nGITHUB_STEP_SUMMARY=summary.md\n{script}");
    // Runners use bash with -e.
    let job =
        |folder: &Path| shell::run_by("bash", folder, &format!("set -e\n{}", localised(&script)));
    if shell::which("bash").is_none() {
        say_skipped(format_args!("SKIPPED the job of GitHub: there is no bash"));
        return;
    }
    let good = job(folder.path());
    assert_eq!(good.status, 0, "{}", good.output);
    for name in ["summary.md", "backups.sarif", "backups.html"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    break_one(folder.path());
    let bad = job(folder.path());
    assert_eq!(bad.status, 1, "{}", bad.output);
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(summary.contains("block-checksum-mismatch"), "{summary}");
    lint(
        "actionlint",
        &[
            "-config-file",
            file("github/actionlint.yml").to_str().unwrap(),
            file("github/verify-backups.yml").to_str().unwrap(),
        ],
    );
}

#[cfg(unix)]
#[test]
fn gitlab() {
    let text = read("gitlab/verify-backups.yml");
    let script = literal(&text, "script:");
    let commands: Vec<&str> = script
        .lines()
        .filter_map(|line| line.strip_prefix("- "))
        .collect();
    assert_eq!(commands.len(), 1);
    let folder = store();
    let job = format!("STORE={}\n{}", values(&text, "STORE:")[0], commands[0]);
    let good = run(folder.path(), &job);
    assert_eq!(good.status, 0, "{}", good.output);
    for artifact in literal(&text, "paths:").lines() {
        let name = artifact.trim_start_matches("- ");
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    break_one(folder.path());
    assert_eq!(run(folder.path(), &job).status, 1);
    let junit = fs::read_to_string(folder.path().join("backups.xml")).unwrap();
    assert!(junit.contains("<failure"), "{junit}");
}

#[cfg(unix)]
#[test]
fn pre_commit() {
    let text = read("pre-commit/pre-commit-config.yaml");
    let entries = values(&text, "entry:");
    assert_eq!(entries.len(), 3);
    let folder = store();
    fs::write(folder.path().join("xenspect.toml"), "policy = 1\n").unwrap();
    for (entry, file, status) in [
        (entries[0], "web01.xva", 0),
        (entries[0], "damaged.xva", 1),
        (entries[1], "pool.xml", 1),
        (entries[2], "xenspect.toml", 0),
    ] {
        let outcome = run(folder.path(), &format!("{entry} {file}"));
        assert_eq!(outcome.status, status, "{entry} {file}\n{}", outcome.output);
    }
    lint(
        "pre-commit",
        &[
            "validate-config",
            file("pre-commit/pre-commit-config.yaml").to_str().unwrap(),
        ],
    );
}

#[cfg(unix)]
#[test]
fn monitors() {
    let folder = store();
    let unit = read("systemd/xenspect-verify.service");
    let verify = values(&unit, "ExecStart")[0];
    let nagios = read("nagios/commands.cfg");
    let check = values(&nagios, "command_line")[0];
    assert!(check.starts_with("/usr/bin/xenspect report merge"));
    let icinga = read("nagios/icinga2.conf");
    let words = icinga.split_once("command = [").unwrap().1;
    let words = words.split_once(']').unwrap().0.replace(['"', ','], "");
    assert_eq!(words.trim(), check, "both monitors run the same");

    assert_eq!(run(folder.path(), verify).status, 0);
    let good = shell::run(folder.path(), &localised(check));
    assert_eq!(good.status, 0, "{}", good.output);
    assert!(good.output.contains("OK"), "{}", good.output);
    break_one(folder.path());
    assert_eq!(run(folder.path(), verify).status, 1);
    let bad = shell::run(folder.path(), &localised(check));
    assert_eq!(bad.status, 2, "{}", bad.output);
    assert!(bad.output.contains("CRITICAL"), "{}", bad.output);

    let script = file("prometheus/textfile.sh");
    let command = format!("sh '{}' x.prom run/xenspect/last.json", script.display());
    let outcome = shell::run(folder.path(), &command);
    assert!(outcome.status <= 1, "{}", outcome.output);
    let metrics = fs::read_to_string(folder.path().join("x.prom")).unwrap();
    let alerts = read("prometheus/alerts.yml");
    for name in alerts
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("xenspect_"))
    {
        assert!(metrics.contains(&format!("# TYPE {name} ")), "{name}");
    }
    lint(
        "promtool",
        &[
            "check",
            "rules",
            file("prometheus/alerts.yml").to_str().unwrap(),
        ],
    );
}

#[test]
fn every_recipe_is_in_the_list() {
    let list = read("README.md");
    for folder in fs::read_dir(file("")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(file("")).unwrap().to_str().unwrap();
            assert!(list.contains(&format!("({name})")), "{name}");
        }
    }
}
