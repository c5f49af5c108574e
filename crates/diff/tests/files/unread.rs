//! What was not read whole is not told as a change.

use xenspect_diff::Settings;
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::FileState;

use super::support::*;

fn unread() -> FileState {
    FileState {
        sha256: None,
        ..file("")
    }
}

#[test]
fn contents_that_are_not_known_are_not_compared() {
    let known = table(&[("etc/hosts", file("a"))]);
    let other = table(&[("etc/hosts", unread())]);
    for (old, new) in [(&known, &other), (&other, &known), (&other, &other)] {
        let report = report(old, new, &Settings::default());
        let files = report.files.expect("files");
        assert_eq!((files.same, files.changes.len()), (0, 0));
        assert!(!report.same && report.incomplete);
        let told = "the contents of 1 file cannot be compared: they are not known of both sides";
        assert_eq!(report.not_compared, [told]);
    }
}

#[test]
fn a_length_tells_contents_apart_by_itself() {
    let longer = FileState {
        len: Some(11),
        ..unread()
    };
    let (old, new) = (table(&[("a", file("a"))]), table(&[("a", longer)]));
    let report = report(&old, &new, &Settings::default());
    assert_eq!(report.files.expect("files").changes.len(), 1);
    assert_eq!(report.not_compared, [""; 0]);
}

#[test]
fn a_mode_is_compared_all_the_same() {
    let mode = FileState {
        mode: "0600".to_owned(),
        ..unread()
    };
    let (old, new) = (table(&[("a", file("a"))]), table(&[("a", mode)]));
    let report = report(&old, &new, &Settings::default());
    assert_eq!(report.files.expect("files").changes.len(), 1);
    assert_eq!(report.not_compared.len(), 1);
}

#[test]
fn files_beyond_the_end_of_a_cut_backup_are_not_gone() {
    let whole = table(&[("a", file("1")), ("b", file("2")), ("c", file("3"))]);
    let cut = FileTable {
        incomplete: true,
        remarks: vec!["it ends at offset 7, inside a member".to_owned()],
        ..table(&[("a", file("1"))])
    };
    for (old, new, side, has, lacks) in [
        (&whole, &cut, "newer", "older", "newer"),
        (&cut, &whole, "older", "newer", "older"),
    ] {
        let report = report(old, new, &Settings::default());
        let files = report.files.expect("files");
        assert_eq!((files.same, files.changes.len()), (1, 0));
        let expected = [
            format!("files of the {side} one: it ends at offset 7, inside a member"),
            format!(
                "2 files of the {has} one may be in the {lacks} one or not: that was not read whole"
            ),
        ];
        assert_eq!(report.not_compared, expected);
    }
    // What the cut one has and the whole one has not is a change all the same.
    let more = FileTable {
        incomplete: true,
        ..table(&[("a", file("1")), ("z", file("9"))])
    };
    let files = compared(&whole, &more);
    assert_eq!(files.changes.len(), 1);
    assert_eq!(files.changes[0].path, "z");
}
