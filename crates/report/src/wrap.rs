//! Breaking text into lines of a width and colouring parts of them. What the lines say is not
//! decided here.

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSplitter};
use xenspect_model::Severity;
use xenspect_model::report::Verdict;

/// A blank that no line is broken at. It is shown as a plain one.
pub(crate) const GLUE: char = '\u{a0}';

/// Breaks text into lines of at most `width` columns, the first one beginning with `first` and the
/// others with `rest`. Words longer than a line are broken, hyphenated ones are not.
pub(crate) fn wrap(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options)
        .into_iter()
        .map(|line| line.trim_end_matches(' ').replace(GLUE, " "))
        .collect()
}

/// Colours text, or does not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint {
    pub(crate) color: bool,
}

impl Paint {
    /// The text in a style.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Colours `part` where `line` begins with it, behind its indent.
    pub(crate) fn head(self, style: Style, line: &str, part: &str) -> String {
        let text = line.trim_start_matches(' ');
        let indent = &line[..line.len() - text.len()];
        match text.strip_prefix(part) {
            Some(rest) => format!("{indent}{}{rest}", self.paint(style, part)),
            None => line.to_owned(),
        }
    }

    /// Colours `part` where `line` ends with it.
    pub(crate) fn tail(self, style: Style, line: &str, part: &str) -> String {
        match line.strip_suffix(part) {
            Some(rest) => format!("{rest}{}", self.paint(style, part)),
            None => line.to_owned(),
        }
    }
}

/// What stands back.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What wants to be seen first.
pub(crate) const ALARM: Style = AnsiColor::Red.on_default().bold();
/// What can be risky.
pub(crate) const CAUTION: Style = AnsiColor::Yellow.on_default().bold();

/// The style of a severity's word.
pub(crate) const fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => ALARM,
        Severity::Warning => CAUTION,
        Severity::Note => AnsiColor::Cyan.on_default(),
    }
}

/// The style of a verdict's word.
pub(crate) const fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Sound => AnsiColor::Green.on_default().bold(),
        Verdict::Suspect | Verdict::Incomplete => CAUTION,
        Verdict::Damaged | Verdict::Unreadable => ALARM,
    }
}
