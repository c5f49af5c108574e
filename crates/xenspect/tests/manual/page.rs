//! Pages as text: their fenced blocks, headings and links. No Markdown parser; the pages are ours and keep to this.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source;

/// A Markdown file.
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block {
    /// Number of the line of the fence, from 1.
    pub(crate) line: usize,
    /// What stands behind the fence.
    pub(crate) language: String,
    /// Its lines, each without its end.
    pub(crate) lines: Vec<String>,
}

impl Page {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| {
            panic!("{}: {error}", path.display());
        });
        Self {
            path: path.to_owned(),
            text: text.replace("\r\n", "\n"),
        }
    }

    /// The path below the manual's sources, or else the file's name.
    pub(crate) fn name(&self) -> String {
        let name = self
            .path
            .strip_prefix(source())
            .unwrap_or(Path::new(self.path.file_name().unwrap()));
        name.to_str().unwrap().replace('\\', "/")
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<Block> = None;
        for (number, line) in (1..).zip(self.text.lines()) {
            match (&mut open, line.strip_prefix("```")) {
                (Some(_), Some("")) => blocks.extend(open.take()),
                (Some(block), _) => block.lines.push(line.to_owned()),
                (None, Some(language)) => {
                    open = Some(Block {
                        line: number,
                        language: language.trim().to_owned(),
                        lines: Vec::new(),
                    });
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block without end", self.name());
        blocks
    }

    /// The lines outside of blocks.
    pub(crate) fn prose(&self) -> String {
        let mut inside = false;
        let mut prose = String::new();
        for line in self.text.lines() {
            if line.starts_with("```") {
                inside = !inside;
            } else if !inside {
                prose.push_str(line);
                prose.push('\n');
            }
        }
        prose
    }

    /// What stands between backquotes, outside of blocks.
    pub(crate) fn spans(&self) -> Vec<String> {
        let prose = self.prose();
        let spans = prose.split('`').skip(1).step_by(2);
        spans.map(|span| span.replace('\n', " ")).collect()
    }

    /// The ids of its headings, as mdBook and GitHub make them.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let prose = self.prose();
        let headings = prose.lines().filter(|line| line.starts_with('#'));
        headings
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect()
    }

    /// The targets of its links.
    pub(crate) fn links(&self) -> Vec<String> {
        let prose = self.prose();
        let targets = prose.split("](").skip(1);
        targets
            .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
            .collect()
    }
}

fn anchor(heading: &str) -> String {
    let kept = heading
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// All pages of the book, with the generated ones.
pub(crate) fn book() -> Vec<Page> {
    let mut pages = Vec::new();
    let mut folders = vec![source()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                pages.push(Page::read(&path));
            }
        }
    }
    pages.sort_by(|a, b| a.path.cmp(&b.path));
    pages
}

#[test]
fn anchors_are_made_as_mdbook_makes_them() {
    for (heading, expected) in [
        ("The document", "the-document"),
        ("xva/block-checksum-mismatch", "xvablock-checksum-mismatch"),
        (
            "What was verified when: `--state`",
            "what-was-verified-when---state",
        ),
    ] {
        assert_eq!(anchor(heading), expected);
    }
}

#[test]
fn blocks_spans_and_links_are_found() {
    let page = Page {
        path: source().join("a/b.md"),
        text: "# A `b`\n\n```sh\nls `x`\n```\n\nSee [c](d.md#e) and `f\ng`.\n".to_owned(),
    };
    assert_eq!(page.name(), "a/b.md");
    let blocks = page.blocks();
    assert_eq!(blocks.len(), 1);
    assert_eq!((blocks[0].line, blocks[0].language.as_str()), (3, "sh"));
    assert_eq!(blocks[0].lines, ["ls `x`"]);
    assert_eq!(page.spans(), ["b", "f g"]);
    assert_eq!(page.links(), ["d.md#e"]);
    assert_eq!(page.anchors(), ["a-b"]);
}
