#![allow(clippy::print_stderr, reason = "skipped checks say so")]

use std::fs;
use std::process::Command;

use tempfile::TempDir;
use xenspect_model::catalog::Flaw;
use xenspect_model::report::{SidecarOutcome, Verdict};

use super::*;

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const OTHER: &str = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

/// A folder with an input `store/web.xva` of the bytes `abc`, and these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [("store/web.xva", "abc")].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What its reading would give.
fn stored(whole: bool) -> StoredFile {
    let sha256 = (0..32).map(|at| u8::from_str_radix(&ABC[2 * at..2 * at + 2], 16).unwrap());
    StoredFile {
        bytes: 3,
        digests: vec![(DigestKind::Sha256, sha256.collect())],
        flaw: (!whole).then_some(Flaw::Stopped),
    }
}

fn sound() -> Input {
    xenspect_rules::copy::store_input("web.xva".to_owned(), 3, Vec::new())
}

fn judged(folder: &TempDir, whole: bool) -> Input {
    let root = folder.path();
    let beside = Sidecars::default().beside(&root.join("store/web.xva"), Some(root));
    let mut input = sound();
    beside.judge(Some(&stored(whole)), &mut input);
    input
}

fn codes(input: &Input) -> Vec<&'static str> {
    input
        .findings
        .iter()
        .map(|finding| finding.code.name())
        .collect()
}

#[test]
fn each_outcome_is_told_once() {
    use SidecarOutcome::{Good, Malformed, Missing, Untold, Wrong};
    let good = format!("{ABC}  web.xva\n");
    let wrong = format!("{OTHER}  web.xva\n");
    let elsewhere = format!("{ABC}  other.xva\n");
    let below = format!("{ABC}  store/web.xva\n");
    let not_below = format!("{ABC}  store/other.xva\n");
    let two = format!("{ABC}  a\n{OTHER}  b\n");
    let spoilt = format!("{ABC}  other.xva\nnonsense\n");
    let lone = format!("{ABC}\n");
    let absolute = format!("{ABC}  /mnt/backup/web.xva\n");
    let sha512 = format!("{}  web.xva", ABC.repeat(2));
    let several = format!("{good}{OTHER}  a");
    let right_checksum = format!("$5$${ABC}");
    let wrong_checksum = format!("$5$${OTHER}");
    let cases: Vec<(&str, &str, SidecarOutcome, &[&str])> = vec![
        ("store/web.xva.sha256", &good, Good, &[]),
        ("store/web.xva.SHA256", &lone, Good, &[]),
        ("store/web.xva.sha256", &elsewhere, Good, &[]),
        ("store/web.xva.sha256", &absolute, Good, &[]),
        ("store/web.xva.sha256", &wrong, Wrong, &["sidecar/wrong"]),
        (
            "store/web.xva.sha256",
            &two,
            Missing,
            &["sidecar/not-listed"],
        ),
        (
            "store/web.xva.sha256",
            "",
            Malformed,
            &["sidecar/malformed"],
        ),
        (
            "store/web.xva.sha256",
            "\0\0\0",
            Malformed,
            &["sidecar/malformed"],
        ),
        ("store/SHA256SUMS", &good, Good, &[]),
        ("store/sha256sums.txt", &absolute, Good, &[]),
        ("store/SHA256SUMS", &wrong, Wrong, &["sidecar/wrong"]),
        (
            "store/SHA256SUMS",
            &elsewhere,
            Missing,
            &["sidecar/not-listed"],
        ),
        (
            "store/SHA256SUMS",
            &spoilt,
            Malformed,
            &["sidecar/malformed"],
        ),
        ("SHA256SUMS", &below, Good, &[]),
        ("SHA256SUMS", &not_below, Missing, &["sidecar/not-listed"]),
        ("store/web.xva.checksum", &right_checksum, Good, &[]),
        (
            "store/web.xva.checksum",
            &wrong_checksum,
            Wrong,
            &["sidecar/wrong"],
        ),
        (
            "store/web.xva.checksum",
            &good,
            Malformed,
            &["sidecar/malformed"],
        ),
        (
            "store/web.json",
            r#"{"mode":"full","xva":"./web.xva","size":3}"#,
            Good,
            &[],
        ),
        (
            "store/web.json",
            r#"{"mode":"full","xva":"./web.xva","size":4}"#,
            Wrong,
            &["sidecar/size-differs"],
        ),
        ("store/web.xva.sha512", &sha512, Untold, &[]),
        ("store/night.sha256", &several, Good, &[]),
    ];
    for (path, text, outcome, expected) in cases {
        let folder = folder(&[(path, text)]);
        let input = judged(&folder, true);
        let outcomes: Vec<_> = input
            .copy
            .sidecars
            .iter()
            .map(|sidecar| sidecar.outcome)
            .collect();
        assert_eq!(outcomes, [outcome], "{path}: {text}");
        assert_eq!(codes(&input), expected, "{path}: {text}");
        let bad = match outcome {
            Wrong => Verdict::Damaged,
            Malformed => Verdict::Suspect,
            _ => Verdict::Sound,
        };
        assert_eq!(input.verdict, bad, "{path}: {text}");
        assert_eq!(input.checked.len(), usize::from(outcome == Good), "{path}");
        assert_eq!(
            input.not_checked.len(),
            usize::from(outcome == Untold),
            "{path}"
        );
    }
}

#[test]
fn nothing_is_said_where_nothing_is_about_the_input() {
    for (path, text) in [
        ("store/other.xva.sha256", format!("{OTHER}  other.xva")),
        ("SHA256SUMS", format!("{OTHER}  web.xva")),
        ("SHA256SUMS", "nonsense".to_owned()),
        ("store/web.json", "{}".to_owned()),
        (
            "store/web.json",
            r#"{"mode":"full","xva":"./a.xva","size":4}"#.to_owned(),
        ),
        ("store/readme", OTHER.to_owned()),
    ] {
        let input = judged(&folder(&[(path, &text)]), true);
        assert_eq!(input, sound(), "{path}: {text}");
    }
    // Above the folder that was given nothing is looked at.
    let folder = folder(&[("SHA256SUMS", &format!("{OTHER}  store/web.xva"))]);
    let store = folder.path().join("store");
    for root in [None, Some(store.as_path())] {
        let beside = Sidecars::default().beside(&store.join("web.xva"), root);
        assert!(beside.digests().is_empty() && beside.paths().is_empty());
    }
}

#[test]
fn a_file_that_was_not_read_to_its_end_is_not_judged() {
    let wrong = format!("{OTHER}  web.xva\n");
    let input = judged(&folder(&[("store/SHA256SUMS", &wrong)]), false);
    let sidecar = &input.copy.sidecars[0];
    assert_eq!(
        (sidecar.outcome, &sidecar.found),
        (SidecarOutcome::Untold, &None)
    );
    assert_eq!((input.findings.len(), input.not_checked.len()), (0, 1));
}

#[test]
fn a_wrong_length_is_a_warning_where_a_digest_is_right() {
    let good = format!("{ABC}  web.xva\n");
    let json = r#"{"mode":"full","xva":"./web.xva","size":4}"#;
    let input = judged(
        &folder(&[("store/SHA256SUMS", &good), ("store/web.json", json)]),
        true,
    );
    assert_eq!(codes(&input), ["sidecar/size-differs"]);
    assert_eq!(input.verdict, Verdict::Suspect);
}

#[test]
fn what_a_list_names_and_is_not_there_is_told() {
    let list =
        format!("{ABC}  web.xva\n{ABC}  gone.xva\n{ABC}  sub/gone.xva\nnonsense\n{ABC}  -\n");
    let folder = folder(&[
        ("store/SHA256SUMS", &list),
        ("store/lost.xva.sha256", &format!("{ABC}  lost.xva\n")),
        ("store/lone.xva.md5", "900150983cd24fb0d6963f7d28e17f72\n"),
        ("xo-vm-backups/vm/n.xva.checksum", "$1$$"),
        ("SHA256SUMS", &format!("{ABC}  store/web.xva\n")),
    ]);
    let root = folder.path();
    let listing: Vec<Listed> = walkdir::WalkDir::new(root)
        .min_depth(1)
        .into_iter()
        .flatten()
        .map(|entry| Listed {
            bytes: 0,
            kind: EntryKind::File,
            path: entry.into_path(),
        })
        .collect();
    let lost = Sidecars::default().lost(root, &listing);
    let found: Vec<(String, Vec<&str>, Verdict)> = lost
        .iter()
        .map(|input| {
            let path = Path::new(&input.path).strip_prefix(root).unwrap();
            (shown(path), codes(input), input.verdict)
        })
        .collect();
    let missing = "sidecar/file-missing";
    assert_eq!(
        found,
        [
            (
                "store/SHA256SUMS".to_owned(),
                vec!["sidecar/malformed", missing, missing],
                Verdict::Incomplete
            ),
            (
                "store/lone.xva.md5".to_owned(),
                vec![missing],
                Verdict::Incomplete
            ),
            (
                "store/lost.xva.sha256".to_owned(),
                vec![missing],
                Verdict::Incomplete
            ),
        ]
    );
}

#[test]
fn lists_of_coreutils_are_understood() {
    if Command::new("sha256sum").arg("--version").output().is_err() {
        eprintln!("skipped: there is no sha256sum");
        return;
    }
    for (program, options) in [
        ("sha256sum", &[][..]),
        ("sha256sum", &["--binary"]),
        ("sha256sum", &["--tag"]),
        ("sha256sum", &["--zero"]),
    ] {
        let folder = folder(&[]);
        let names = [
            "web.xva",
            "store/a\\b.xva",
            "store/c\nd.xva",
            "store/e f.xva",
            "store/-g.xva",
        ];
        for name in &names[1..] {
            fs::write(folder.path().join(name), "abc").unwrap();
        }
        let store = folder.path().join("store");
        let output = Command::new(program)
            .args(options)
            .args(["--", "web.xva", "a\\b.xva", "c\nd.xva", "e f.xva", "-g.xva"])
            .current_dir(&store)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        fs::write(store.join("SHA256SUMS"), output.stdout).unwrap();
        let sidecars = Sidecars::default();
        for name in ["web.xva", "a\\b.xva", "c\nd.xva", "e f.xva", "-g.xva"] {
            let beside = sidecars.beside(&store.join(name), None);
            let mut input = sound();
            beside.judge(Some(&stored(true)), &mut input);
            let outcomes: Vec<_> = input
                .copy
                .sidecars
                .iter()
                .map(|sidecar| sidecar.outcome)
                .collect();
            assert_eq!(outcomes, [SidecarOutcome::Good], "{options:?} {name:?}");
        }
    }
}

#[test]
fn sidecars_are_known_by_their_names() {
    for (name, expected) in [
        ("a/SHA256SUMS", true),
        ("a/web.xva.md5", true),
        ("a/web.xva", false),
        ("/", false),
    ] {
        assert_eq!(is_sidecar(Path::new(name)), expected, "{name}");
    }
}
