//! What all pages are made of: head and foot, tables, findings. Texts in here have been through [`shown`]; the templates then
//! escape what means something to HTML.

use std::collections::BTreeMap;
use std::io;

use askama::Template;
use xenspect_model::inventory::{ColumnKind, Table};
use xenspect_model::report::{Tool, Verdict};
use xenspect_model::{Code, Finding, Severity};

use crate::human::findings::{facts, sorted, spot};
use crate::human::{Style, path_name};
use crate::inspect::cell_text;
use crate::quantity::count;
use crate::text::{escape, shorten};

/// Places of a finding that are shown without unfolding.
const PLACES: usize = 10;

/// Lines are never broken, and everything is told: a page has room, and can fold.
pub(crate) const STYLE: Style = Style {
    width: 1_000_000,
    color: false,
    unicode: true,
    verbose: true,
};

/// Text with what cannot be seen spelled out.
pub(crate) fn shown(text: &str) -> String {
    escape(text, true)
}

/// A path, for a reader.
pub(crate) fn path(path: &str) -> String {
    path_name(path, &STYLE)
}

/// A template filled in.
pub(crate) fn render(template: &impl Template) -> io::Result<String> {
    template.render().map_err(io::Error::other)
}

#[derive(Template)]
#[template(path = "head.html")]
struct Head<'a> {
    title: &'a str,
}

#[derive(Template)]
#[template(path = "foot.html")]
struct Foot {
    tool: String,
    hint: bool,
}

/// The beginning of a page.
pub(crate) fn head(title: &str, w: &mut impl io::Write) -> io::Result<()> {
    let title = &shorten(title, 200, true);
    w.write_all(render(&Head { title })?.as_bytes())
}

/// Its end. The hint is on what `explain` does.
pub(crate) fn foot(tool: &Tool, hint: bool, w: &mut impl io::Write) -> io::Result<()> {
    let tool = format!("{} {}", shown(&tool.name), shown(&tool.version));
    w.write_all(render(&Foot { tool, hint })?.as_bytes())
}

/// How something is coloured.
pub(crate) const fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Sound => "good",
        Verdict::Suspect | Verdict::Incomplete => "warn",
        Verdict::Damaged | Verdict::Unreadable => "bad",
    }
}

/// How a severity is coloured.
pub(crate) const fn severity_tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warn",
        _ => "bad",
    }
}

/// The head of a column.
pub(crate) struct ColumnHead {
    pub(crate) title: &'static str,
    pub(crate) number: bool,
}

/// A cell: its text, the classes of its look, and the id that it links to, if it does.
#[derive(Default)]
pub(crate) struct HtmlCell {
    pub(crate) text: String,
    pub(crate) class: &'static str,
    pub(crate) link: String,
}

impl HtmlCell {
    pub(crate) fn new(class: &'static str, text: impl Into<String>) -> Self {
        let (text, link) = (text.into(), String::new());
        Self { text, class, link }
    }
}

#[derive(Template)]
#[template(path = "table.html")]
struct HtmlTable<'a> {
    label: &'a str,
    heads: &'a [ColumnHead],
    rows: &'a [Vec<HtmlCell>],
}

/// A table that scrolls in its own box. A head ending in `#` is of numbers.
pub(crate) fn table(
    label: &str,
    heads: &[&'static str],
    rows: &[Vec<HtmlCell>],
) -> io::Result<String> {
    let heads: Vec<ColumnHead> = heads
        .iter()
        .map(|head| match head.strip_suffix('#') {
            Some(title) if !title.is_empty() => ColumnHead {
                title,
                number: true,
            },
            _ => ColumnHead {
                title: head,
                number: false,
            },
        })
        .collect();
    let heads = &heads;
    render(&HtmlTable { label, heads, rows })
}

/// A table of an inventory or comparison: the columns that hold something.
pub(crate) fn inventory_table(label: &str, table: &Table) -> io::Result<String> {
    let holds = |index: &usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.get(*index));
        cells.any(|cell| !cell.is_none())
    };
    let of = |index: usize| table.columns.get(index).map(|column| (index, column));
    let columns: Vec<_> = (0..table.columns.len())
        .filter(holds)
        .filter_map(of)
        .collect();
    let is_number = |kind| matches!(kind, ColumnKind::Int | ColumnKind::Bytes);
    let heads: Vec<ColumnHead> = columns
        .iter()
        .map(|(_, column)| ColumnHead {
            title: column.title,
            number: is_number(column.kind),
        })
        .collect();
    let row = |row: &Vec<_>| -> Vec<HtmlCell> {
        let cell = |(index, column): &(usize, &xenspect_model::inventory::Column)| {
            let text = row.get(*index).map(cell_text).unwrap_or_default();
            let class = if is_number(column.kind) { "n" } else { "w" };
            HtmlCell::new(class, shown(&text))
        };
        columns.iter().map(cell).collect()
    };
    let rows: Vec<Vec<HtmlCell>> = table.rows.iter().map(row).collect();
    let (heads, rows) = (&heads, &rows);
    render(&HtmlTable { label, heads, rows })
}

struct HtmlGroup {
    tone: &'static str,
    severity: &'static str,
    title: String,
    number: String,
    code: Code,
    mark: &'static str,
    places: Vec<String>,
    more_places: Vec<String>,
    omitted: String,
    errors: Vec<String>,
    advices: Vec<String>,
}

#[derive(Template)]
#[template(path = "findings.html")]
struct HtmlFindings {
    groups: Vec<HtmlGroup>,
}

/// The findings by code, the worst first; empty if there is none.
pub(crate) fn findings(findings: &[Finding], omitted: &BTreeMap<Code, u64>) -> io::Result<String> {
    let groups: Vec<HtmlGroup> = sorted(findings, omitted)
        .into_iter()
        .map(|group| {
            let all = (group.kept.len() as u64).saturating_add(group.omitted);
            let (errors, advices) = group.consequences();
            let texts = |texts: Vec<&str>| texts.into_iter().map(shown).collect();
            let mut places = group.kept.iter().map(|finding| place(finding));
            let first: Vec<String> = places
                .by_ref()
                .take(PLACES)
                .filter(|place| !place.is_empty())
                .collect();
            HtmlGroup {
                tone: severity_tone(group.severity),
                severity: group.severity.word(),
                title: shorten(group.title, 400, true),
                number: if all > 1 { count(all) } else { String::new() },
                code: group.code,
                mark: mark(&group.kept),
                places: first,
                more_places: places.filter(|place| !place.is_empty()).collect(),
                omitted: match group.omitted {
                    0 => String::new(),
                    omitted if group.kept.is_empty() => format!("{}, only counted", count(omitted)),
                    omitted => format!("and {} more, only counted", count(omitted)),
                },
                errors: texts(errors),
                advices: texts(advices),
            }
        })
        .collect();
    if groups.is_empty() {
        return Ok(String::new());
    }
    render(&HtmlFindings { groups })
}

/// What a policy and a baseline did with a group.
fn mark(kept: &[&Finding]) -> &'static str {
    let changed = kept
        .iter()
        .any(|finding| finding.default_severity.is_some());
    let accepted = kept.iter().filter(|finding| finding.accepted).count();
    match (changed, accepted) {
        (false, 0) => "",
        (true, 0) => "The policy sets this severity.",
        (false, n) if n == kept.len() => "Accepted by the baseline.",
        (true, n) if n == kept.len() => "The policy sets this severity. Accepted by the baseline.",
        (false, _) => "Some are accepted by the baseline; they are marked.",
        (true, _) => {
            "The policy sets this severity. Some are accepted by the baseline; they are marked."
        }
    }
}

/// Where a finding is and the facts compared.
fn place(finding: &Finding) -> String {
    let (spot, facts) = (spot(finding, &STYLE), facts(finding, &STYLE));
    let both = match (spot.is_empty(), facts.is_empty()) {
        (true, _) => facts,
        (false, true) => spot,
        (false, false) => format!("{spot}: {facts}"),
    };
    match (finding.accepted, both.is_empty()) {
        (true, false) => format!("{both} (accepted)"),
        _ => both,
    }
}
