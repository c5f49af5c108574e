//! The book is whole: its table of contents, its links, the codes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use xenspect_model::Code;

use crate::page::{Page, book};
use crate::{root, source};

/// How pages of the book lead to files of the repository that are not in it.
const REPOSITORY: &str = "https://github.com/xenspect/xenspect/blob/main/";

fn contents() -> Page {
    Page::read(&source().join("SUMMARY.md"))
}

/// A path without its `.` and `..`.
fn tidied(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                tidy.pop();
            }
            Component::CurDir => {}
            part => tidy.push(part),
        }
    }
    tidy
}

#[test]
fn the_table_of_contents_has_every_page_once() {
    let listed = contents().links();
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "a page is listed twice");
    for name in &listed {
        assert!(source().join(name).is_file(), "there is no page {name}");
    }
    for page in book() {
        let name = page.name();
        assert!(
            name == "SUMMARY.md" || listed.contains(&name),
            "{name} is not in SUMMARY.md"
        );
    }
}

#[test]
fn links_lead_somewhere() {
    let root = tidied(&root());
    let mut broken = Vec::new();
    let mut pages = book();
    let others = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/decisions.md",
        "docs/recipes/README.md",
    ];
    pages.extend(others.map(|name| Page::read(&root.join(name))));
    for page in pages {
        let folder = page.path.parent().unwrap().to_owned();
        for link in page.links() {
            let in_book = page.path.starts_with(source());
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match path.strip_prefix(REPOSITORY) {
                Some(path) => root.join(path),
                None if path.contains("://") => continue,
                None if path.is_empty() => page.path.clone(),
                None => folder.join(path),
            };
            let target = tidied(&target);
            let leaves = in_book && !path.contains("://") && !target.starts_with(tidied(&source()));
            let there = target.exists() && !leaves;
            let hit = anchor.is_empty()
                || target.extension().is_none_or(|end| end != "md")
                || (there
                    && Page::read(&target)
                        .anchors()
                        .iter()
                        .any(|one| one == anchor));
            if !there || !hit {
                broken.push(format!("{}: {link}", page.name()));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "links that lead nowhere:\n{}",
        broken.join("\n")
    );
}

#[test]
fn every_code_has_its_heading() {
    for code in Code::ALL {
        let name = code.name();
        let group = name.split('/').next().unwrap();
        let page = Page::read(&source().join(format!("findings/{group}.md")));
        let anchor: String = name.chars().filter(|c| *c != '/').collect();
        assert!(page.anchors().contains(&anchor), "{name}");
    }
}

#[test]
fn codes_that_pages_name_are_in_the_table() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let groups: BTreeSet<&str> = names
        .iter()
        .filter_map(|name| Some(name.split_once('/')?.0))
        .collect();
    let in_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for page in book() {
        for span in page.spans() {
            let Some((group, rest)) = span.split_once('/') else {
                continue;
            };
            if groups.contains(group) && !rest.is_empty() && rest.chars().all(in_code) {
                assert!(names.contains(span.as_str()), "{}: `{span}`", page.name());
            }
        }
    }
}

#[test]
fn the_book_is_described() {
    let text = fs::read_to_string(root().join("docs/manual/book.toml")).unwrap();
    assert!(text.contains("create-missing = false"), "{text}");
}
