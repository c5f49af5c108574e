//! Tables of files, and shorthand.

use xenspect_diff::{Settings, Side, diff};
use xenspect_model::catalog::FileTable;
use xenspect_model::diff::{DiffReport, FileChanges, FileKind, FileState};
use xenspect_model::report::Tool;

/// A file with a digest that stands for its contents.
pub(crate) fn file(contents: &str) -> FileState {
    FileState {
        is: FileKind::File,
        len: Some(10),
        sha256: Some(contents.to_owned()),
        link: None,
        mode: "0644".to_owned(),
        owner: "0:0".to_owned(),
    }
}

/// Something that is no file.
pub(crate) fn other(is: FileKind, link: Option<&str>) -> FileState {
    FileState {
        is,
        len: None,
        sha256: None,
        link: link.map(str::to_owned),
        ..file("")
    }
}

pub(crate) fn table(files: &[(&str, FileState)]) -> FileTable {
    let files = files.iter().cloned();
    FileTable {
        files: files
            .map(|(path, state)| (path.to_owned(), state))
            .collect(),
        ..FileTable::default()
    }
}

pub(crate) fn report(old: &FileTable, new: &FileTable, settings: &Settings) -> DiffReport {
    let side = |files| Side {
        path: "x",
        member: None,
        catalog: None,
        files: Some(files),
    };
    let tool = Tool {
        name: "x".to_owned(),
        version: "1".to_owned(),
    };
    diff(&tool, &side(old), &side(new), settings)
}

pub(crate) fn compared(old: &FileTable, new: &FileTable) -> FileChanges {
    report(old, new, &Settings::default()).files.expect("files")
}
