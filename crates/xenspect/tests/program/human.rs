//! The report for people, as it comes out of a pipe or a file: 80 columns, no colour, nothing
//! beside it.

use xenspect_synth::{Fault, Recipe};

use crate::run::{Folder, damaged, good};

/// The columns that a line takes; nothing here is wider or narrower than one column.
fn columns(line: &str) -> usize {
    line.chars().count()
}

#[track_caller]
fn assert_fits(text: &str, what: &str) {
    assert!(!text.is_empty(), "{what}");
    for line in text.lines() {
        assert!(
            columns(line) <= 80,
            "{what}: {} columns: {line}",
            columns(line)
        );
        assert_eq!(line.trim_end(), line, "{what}");
        assert!(!line.contains('\u{1b}'), "{what}");
    }
    assert!(
        text.ends_with('\n') && !text.ends_with("\n\n"),
        "{what}: {text:?}"
    );
}

fn report_of(bytes: &[u8]) -> String {
    Folder::with("web01.xva", bytes)
        .run(&["verify", "web01.xva"])
        .stdout
}

#[test]
fn good_small() {
    insta::assert_snapshot!(report_of(&good("small")));
}

#[test]
fn metadata_only() {
    insta::assert_snapshot!(report_of(&good("metadata-only")));
}

#[test]
fn per_disk_export() {
    insta::assert_snapshot!(report_of(&good("per-disk-sparse")));
}

#[test]
fn version_1() {
    // Its chunks are compressed, but the whole is padded to 10 KiB.
    insta::assert_snapshot!(report_of(&good("xva-version-1")));
}

#[test]
fn flipped_byte() {
    insta::assert_snapshot!(report_of(&damaged("flip-block-byte")));
}

#[test]
fn cut_short() {
    insta::assert_snapshot!(report_of(&damaged("truncated-in-block")));
}

#[test]
fn suspect() {
    insta::assert_snapshot!(report_of(&damaged("single-end-block")));
}

#[test]
fn disk_missing() {
    insta::assert_snapshot!(report_of(&damaged("last-disk-missing")));
}

#[test]
fn unreadable() {
    insta::assert_snapshot!(report_of(&b"Dear reader, ".repeat(100)));
}

#[test]
fn several() {
    let folder = Folder::with("a-good.xva", &good("small"));
    folder.put("b-good.xva", &good("good-8.3"));
    folder.put("c-suspect.xva", &damaged("single-end-block"));
    folder.put("d-damaged.xva", &damaged("flip-block-byte"));
    folder.put("e-letter.xva", &b"Dear reader, ".repeat(100));
    let answer = folder.run(&["verify", "-r", "."]);
    assert_eq!(answer.status, 2);
    insta::assert_snapshot!(answer.stdout);
}

#[test]
fn verbose_adds_the_details_of_disks() {
    let folder = Folder::with("web01.xva", &damaged("flip-block-byte"));
    insta::assert_snapshot!(folder.run(&["verify", "--verbose", "web01.xva"]).stdout);
}

#[test]
fn every_fault_and_recipe_fits_80_columns_without_colour() {
    let folder = Folder::new();
    let faults = Fault::all().map(|fault| (fault.name(), fault.build()));
    let recipes = Recipe::names().map(|(name, _)| (name, good(name)));
    for (name, bytes) in faults.chain(recipes) {
        folder.put("web01.xva", &bytes);
        let answer = folder.run(&["verify", "web01.xva"]);
        assert_eq!(answer.stderr, "", "{name}");
        assert_fits(&answer.stdout, name);
        let verbose = folder.run(&["verify", "--verbose", "--threads", "1", "web01.xva"]);
        assert_fits(&verbose.stdout, name);
    }
}

#[test]
fn long_paths_are_broken_not_cut() {
    let name = format!("{}/{}.xva", "backups".repeat(12), "nightly-".repeat(20));
    let folder = Folder::with(&name, &damaged("flip-block-byte"));
    let report = folder.run(&["verify", &name]).stdout;
    assert_fits(&report, "long path");
    let whole: String = report.split_whitespace().collect();
    assert!(whole.contains(&name), "{report}");
}

#[test]
fn colour_is_used_when_asked_for_only() {
    let folder = Folder::with("web01.xva", &damaged("flip-block-byte"));
    for color in [&["--color", "never"][..], &["--color", "auto"], &[]] {
        let args = [&["verify", "web01.xva"], color].concat();
        assert!(!folder.run(&args).stdout.contains('\u{1b}'), "{color:?}");
    }
    let coloured = folder
        .run(&["verify", "web01.xva", "--color", "always"])
        .stdout;
    assert!(coloured.contains("\u{1b}["));
    // Colour changes nothing else.
    let mut bare = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, behind)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        rest = behind.split_once('m').expect("a colour").1;
    }
    bare.push_str(rest);
    assert_eq!(bare, folder.run(&["verify", "web01.xva"]).stdout);
    let json = folder.run(&[
        "verify",
        "web01.xva",
        "--format",
        "json",
        "--color",
        "always",
    ]);
    assert!(!json.stdout.contains('\u{1b}'));
}

#[test]
fn quiet_leaves_standard_error_empty_and_the_report_alone() {
    let folder = Folder::with("web01.xva", &damaged("flip-block-byte"));
    folder.put("letter.txt", b"Dear reader");
    for format in ["human", "json"] {
        let args = ["verify", "-r", "--format", format, "."];
        let loud = folder.run(&args);
        assert_eq!(
            loud.stderr,
            "xenspect: passed over, being no backups: 1 (./letter.txt)\n"
        );
        let quiet = folder.run(&[&args[..], &["--quiet"]].concat());
        assert_eq!(quiet.stderr, "");
        assert_eq!((quiet.status, &quiet.stdout), (1, &loud.stdout));
    }
}
