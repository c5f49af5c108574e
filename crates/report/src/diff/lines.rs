//! Lines of what came, went or changed: a sign in front, so that they read without colour, and a depth. They are shown as
//! they are in Markdown, and wrapped and coloured on a page.

use anstyle::{AnsiColor, Style as Colour};
use xenspect_model::diff::Change;

use crate::human::Style;
use crate::text::{escape, shorten};
use crate::wrap::{DIM, wrap};

/// What a line stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Only the older side has it: `-`.
    Removed,
    /// Only the newer side has it: `+`.
    Added,
    /// Both have it, and it differs: `~`.
    Changed,
    /// Neither.
    Plain,
    /// Something beside: what is not shown, where an object is.
    Aside,
}

impl From<Change> for Sign {
    fn from(change: Change) -> Self {
        match change {
            Change::Removed => Self::Removed,
            Change::Added => Self::Added,
            Change::Changed => Self::Changed,
        }
    }
}

impl Sign {
    const fn mark(self) -> char {
        match self {
            Self::Removed => '-',
            Self::Added => '+',
            Self::Changed => '~',
            Self::Plain | Self::Aside => ' ',
        }
    }

    const fn colour(self) -> Colour {
        match self {
            Self::Removed => AnsiColor::Red.on_default(),
            Self::Added => AnsiColor::Green.on_default(),
            Self::Changed => AnsiColor::Yellow.on_default(),
            Self::Plain => Colour::new(),
            Self::Aside => DIM,
        }
    }
}

/// One line. The text is not escaped yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) depth: usize,
    pub(super) sign: Sign,
    pub(super) text: String,
}

impl Line {
    pub(super) fn new(depth: usize, sign: Sign, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { depth, sign, text }
    }
}

/// Columns of a line's text unless everything is asked for.
const TEXT: usize = 600;

/// The lines for a page.
pub(super) fn page(lines: &[Line], style: &Style) -> Vec<String> {
    let mut shown = Vec::with_capacity(lines.len());
    for line in lines {
        let text = if style.verbose {
            escape(&line.text, style.unicode)
        } else {
            shorten(&line.text, TEXT, style.unicode)
        };
        let indent = 2 + 4 * line.depth;
        let first = format!("{:indent$}{} ", "", line.sign.mark());
        let rest = " ".repeat(indent + 4);
        let colour = line.sign.colour();
        for wrapped in wrap(&text, style.columns(), &first, &rest) {
            let bare = wrapped.trim_start_matches(' ');
            let indent = &wrapped[..wrapped.len() - bare.len()];
            shown.push(format!("{indent}{}", style.paint().paint(colour, bare)));
        }
    }
    shown
}

/// The lines for a fenced block of Markdown that is read as a diff: the sign stands first, and what changed has the sign
/// that such blocks have for it.
pub(super) fn fenced(lines: &[Line]) -> Vec<String> {
    lines
        .iter()
        .map(|line| {
            let mark = match line.sign {
                Sign::Changed => '!',
                sign => sign.mark(),
            };
            let indent = 1 + 2 * line.depth;
            let text = format!("{mark}{:indent$}{}", "", escape(&line.text, true));
            text.trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_signs_and_stay_in_the_width() {
        let lines = [
            Line::new(0, Sign::Added, "VM \"a\u{1b}[2J\""),
            Line::new(1, Sign::Changed, "word ".repeat(40)),
        ];
        let style = Style::default();
        let page = page(&lines, &style);
        assert_eq!(page[0], r#"  + VM "a\u{1b}[2J""#);
        assert!(page[1].starts_with("      ~ word word"), "{}", page[1]);
        assert!(
            page.iter()
                .all(|line| line.chars().count() <= style.columns())
        );
        let fenced = fenced(&lines);
        assert_eq!(fenced[0], r#"+ VM "a\u{1b}[2J""#);
        assert!(fenced[1].starts_with("!   word word"), "{}", fenced[1]);
    }

    #[test]
    fn colours_do_not_change_the_text() {
        let lines = [Line::new(0, Sign::Removed, "VM")];
        let colour = Style {
            color: true,
            ..Style::default()
        };
        assert_eq!(page(&lines, &colour), ["  \u{1b}[31m- VM\u{1b}[0m"]);
        assert_eq!(page(&lines, &Style::default()), ["  - VM"]);
    }
}
