//! The text of one manual page. What clap_mangen knows is left to it; the text that follows the options in a help is taken
//! apart into the sections that a manual page has.

use std::io;

use clap::Command;
use clap_mangen::roff::{Roff, bold, roman};

/// What the program is told by its surroundings; the same for all commands.
const ENVIRONMENT: [(&str, &str); 5] = [
    (
        "NO_COLOR",
        "Not empty: no colour where --color is not given.",
    ),
    (
        "CLICOLOR_FORCE",
        "Not 0: colour where standard output is no terminal, too.",
    ),
    ("TERM", "dumb: no colour."),
    (
        "COLUMNS",
        "Width of reports where standard output is no terminal.",
    ),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "The first that is set says whether the terminal shows UTF-8; where it does not, reports are ASCII.",
    ),
];

/// Files that a command looks for or writes without being told their names.
fn files(name: &str) -> &'static [(&'static str, &'static str)] {
    match name {
        "xenspect-verify" => &[
            (
                "xenspect.toml",
                "The policy, in the working directory or the nearest one above it.",
            ),
            (
                "INPUT.seal.json, INPUT.seal.json.sig",
                "A seal and its signature, which the input is compared with.",
            ),
        ],
        "xenspect-seal" => &[(
            "INPUT.seal.json, INPUT.seal.json.sig",
            "The seal and its signature, where -o names no other file.",
        )],
        _ => &[],
    }
}

/// What roff puts before each part: how an apostrophe is written.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";
/// The empty line that clap_mangen puts before a list of values, which mandoc does not like.
const GAP: &str = "\n.br\n\n.br\n";

/// A page in roff. It bears no date, so the same program always writes the same bytes.
pub(super) fn text(name: &str, command: &Command, related: &[String]) -> Vec<u8> {
    let mut parts = Vec::new();
    // Memory takes everything, so there is nothing to be told of.
    let _ = write(name, command, related, &mut parts);
    let parts = String::from_utf8_lossy(&parts)
        .replace(PREAMBLE, "")
        .replace(GAP, "\n.sp\n");
    let version = env!("CARGO_PKG_VERSION");
    let upper = name.to_uppercase();
    format!("{PREAMBLE}.TH {upper} 1 \"\" \"xenspect {version}\" \"xenspect manual\"\n{parts}")
        .into_bytes()
}

fn write(name: &str, command: &Command, related: &[String], out: &mut Vec<u8>) -> io::Result<()> {
    let man = clap_mangen::Man::new(command.clone().display_name(name));
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    let after = command
        .get_after_long_help()
        .or_else(|| command.get_after_help())
        .map(ToString::to_string)
        .unwrap_or_default();
    let blocks: Vec<Block<'_>> = after.split("\n\n").filter_map(Block::of).collect();
    let mut paragraphs = Roff::default();
    for block in blocks.iter().filter(|block| block.title.is_none()) {
        paragraphs.control("PP", []);
        paragraphs.text([roman(block.lines.join("\n"))]);
    }
    paragraphs.to_writer(out)?;
    man.render_options_section(out)?;
    if !related.is_empty() && command.has_subcommands() {
        commands(name, command).to_writer(out)?;
    }
    for title in ["Exit status", "Examples"] {
        for block in blocks.iter().filter(|block| block.title == Some(title)) {
            block.section(title).to_writer(out)?;
        }
    }
    if !blocks
        .iter()
        .any(|block| block.title == Some("Exit status"))
    {
        let mut section = Roff::default();
        section.control("SH", ["EXIT STATUS"]);
        section.text([
            bold("xenspect"),
            roman("(1) lists the exit statuses of all commands."),
        ]);
        section.to_writer(out)?;
    }
    terms("ENVIRONMENT", &ENVIRONMENT).to_writer(out)?;
    terms("FILES", files(name)).to_writer(out)?;
    if !related.is_empty() {
        see_also(related).to_writer(out)?;
    }
    Ok(())
}

/// The commands below one, each with its page.
fn commands(name: &str, command: &Command) -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["COMMANDS"]);
    for below in command.get_subcommands() {
        if below.is_hide_set() || below.get_name() == "help" {
            continue;
        }
        roff.control("TP", []);
        roff.text([bold(format!("{name}-{}", below.get_name())), roman("(1)")]);
        let about = below.get_about().map(ToString::to_string);
        roff.text([roman(about.unwrap_or_default())]);
    }
    roff
}

fn terms(title: &str, terms: &[(&str, &str)]) -> Roff {
    let mut roff = Roff::default();
    if !terms.is_empty() {
        roff.control("SH", [title]);
    }
    for (term, text) in terms {
        roff.control("TP", []);
        roff.text([bold(*term)]);
        roff.text([roman(*text)]);
    }
    roff
}

fn see_also(related: &[String]) -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["SEE ALSO"]);
    let last = related.len().saturating_sub(1);
    let mut line = Vec::new();
    for (index, name) in related.iter().enumerate() {
        line.push(bold(name.as_str()));
        line.push(roman(if index == last { "(1)" } else { "(1), " }));
    }
    roff.text(line);
    roff
}

/// A part of the text behind a help's options, up to an empty line.
struct Block<'t> {
    /// Of lines that are set in below a heading.
    title: Option<&'t str>,
    lines: Vec<&'t str>,
}

impl<'t> Block<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let mut lines: Vec<&str> = text.lines().collect();
        let first = *lines.first()?;
        let is_titled = lines.len() > 1 && lines.iter().skip(1).all(|line| line.starts_with(' '));
        if let (Some(title), true) = (first.strip_suffix(':'), is_titled) {
            lines.remove(0);
            return Some(Self {
                title: Some(title),
                lines,
            });
        }
        // A sentence that tells the exit statuses.
        let title = first.starts_with("Exit status").then_some("Exit status");
        Some(Self { title, lines })
    }

    fn section(&self, title: &str) -> Roff {
        let mut roff = Roff::default();
        roff.control("SH", [title.to_uppercase().as_str()]);
        match title {
            "Examples" => {
                roff.control("nf", []);
                for line in &self.lines {
                    roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
                }
                roff.control("fi", []);
            }
            _ => {
                for line in &self.lines {
                    let line = line.trim_start();
                    match line.split_once("  ") {
                        Some((status, text)) if status.bytes().all(|b| b.is_ascii_digit()) => {
                            roff.control("TP", []);
                            roff.text([bold(status)]);
                            roff.text([roman(text.trim_start())]);
                        }
                        _ => {
                            roff.text([roman(line)]);
                        }
                    }
                }
            }
        }
        roff
    }
}
