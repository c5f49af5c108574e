//! GNU tar and sha1sum agree with what was written. Skipped, visibly, where they are not installed.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xenspect_synth::{Envelope, Kind, Recipe, Role, SumKind};

/// `None` when the program is not there.
fn run(program: &str, arguments: &[&str], directory: &Path) -> Option<Output> {
    match Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .env("LC_ALL", "C")
        .output()
    {
        Ok(output) => Some(output),
        Err(error) => {
            say_skipped(format_args!("skipped: {program}: {error}"));
            None
        }
    }
}

fn is_gnu_tar(directory: &Path) -> bool {
    let Some(output) = run("tar", &["--version"], directory) else {
        return false;
    };
    let gnu = String::from_utf8_lossy(&output.stdout).contains("GNU tar");
    if !gnu {
        say_skipped(format_args!("skipped: tar is not GNU tar"));
    }
    gnu
}

#[test]
fn gnu_tar_lists_every_good_archive() {
    let directory = tempfile::tempdir().expect("a directory");
    if !is_gnu_tar(directory.path()) {
        return;
    }
    for (name, _) in Recipe::names() {
        let recipe = Recipe {
            envelope: Envelope::Plain,
            ..Recipe::named(name).expect("a recipe")
        };
        fs::write(directory.path().join("a.xva"), recipe.build()).expect("written");
        let listed = run("tar", &["--force-local", "-tf", "a.xva"], directory.path())
            .expect("tar ran before");
        let complaints = String::from_utf8_lossy(&listed.stderr).into_owned();
        assert!(
            listed.status.success() && complaints.is_empty(),
            "{name}: {complaints}"
        );
        let members = recipe.members();
        let names: Vec<_> = members
            .iter()
            .map(|member| String::from_utf8_lossy(&member.name))
            .collect();
        assert_eq!(
            String::from_utf8_lossy(&listed.stdout)
                .lines()
                .collect::<Vec<_>>(),
            names,
            "{name}"
        );
    }
}

#[test]
fn sha1sum_agrees_with_extracted_checksum_members() {
    let directory = tempfile::tempdir().expect("a directory");
    let here = directory.path();
    if !is_gnu_tar(here) {
        return;
    }
    let recipe = Recipe::named("two-disks-sha1").expect("a recipe");
    fs::write(here.join("a.xva"), recipe.build()).expect("written");
    // Members of this release have mode 0, which extraction would keep.
    let arguments = ["--force-local", "--mode=u+rw", "-xf", "a.xva"];
    let extracted = run("tar", &arguments, here).expect("tar ran before");
    assert!(
        extracted.status.success(),
        "{}",
        String::from_utf8_lossy(&extracted.stderr)
    );
    let mut list = String::new();
    for member in recipe.members() {
        let Role::Sum {
            disk,
            number,
            kind: SumKind::Sha1,
        } = member.role
        else {
            continue;
        };
        let block = format!("{disk}/{number:08}");
        let path = here.join(format!("{block}.checksum"));
        make_readable(&path);
        make_readable(&here.join(&block));
        let text = fs::read_to_string(path).expect("an extracted checksum");
        list.push_str(&format!("{text}  {block}\n"));
    }
    assert_eq!(list.lines().count(), 8);
    fs::write(here.join("sums"), list).expect("written");
    let Some(checked) = run("sha1sum", &["-c", "sums"], here) else {
        return;
    };
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

#[cfg(unix)]
fn make_readable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("permissions");
}

#[cfg(not(unix))]
fn make_readable(_: &Path) {}

#[test]
fn gzip_and_zstd_accept_the_envelopes() {
    let directory = tempfile::tempdir().expect("a directory");
    for (program, recipe) in [
        ("gzip", "gzip"),
        ("gzip", "gzip-members"),
        ("zstd", "zstd"),
        ("zstd", "zstd-frames"),
    ] {
        let recipe = Recipe::named(recipe).expect("a recipe");
        assert_eq!(recipe.kind, Kind::Xva);
        let file = if program == "gzip" { "a.gz" } else { "a.zst" };
        fs::write(directory.path().join(file), recipe.build()).expect("written");
        let Some(output) = run(program, &["-t", file], directory.path()) else {
            continue;
        };
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
