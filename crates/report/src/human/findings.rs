//! The findings of one input, grouped by code: worst severity first, then in the order of their
//! place in the archive. What a finding says comes with it; here it is only laid out.

use std::collections::BTreeMap;

use xenspect_model::{Code, Fact, Finding, Place, Severity};

use super::Style;
use crate::quantity::{count, offset, range, size};
use crate::text::{ellipsis, escape, shorten};
use crate::wrap::{DIM, GLUE, severity_style, wrap};

/// Places shown per group unless everything is asked for.
const PLACES: usize = 10;
/// Notes that nearly every good export has, shown only when everything is asked for.
const ROUTINE: [Code; 3] = [
    Code::DanglingHostReference,
    Code::LeftoverReferences,
    Code::DbReferenceLeftOver,
];
/// Items of a list in a fact shown unless everything is asked for.
const ITEMS: usize = 5;
/// Columns that a text of a fact may take, and when everything is asked for.
const FACT: [usize; 2] = [160, 400];
/// Characters that are enough to tell two digests apart.
const DIGEST: usize = 16;

/// Findings of one code and severity.
pub(crate) struct Group<'a> {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) title: &'a str,
    pub(crate) kept: Vec<&'a Finding>,
    /// Those that were counted only.
    pub(crate) omitted: u64,
}

impl<'a> Group<'a> {
    /// What xapi would answer, and what to do, each once. Of findings that were only counted it is what the table says.
    pub(crate) fn consequences(&self) -> (Vec<&'a str>, Vec<&'a str>) {
        let mut errors: Vec<&str> = Vec::new();
        let mut advices: Vec<&str> = Vec::new();
        for &finding in &self.kept {
            errors.extend(finding.xapi_error.as_deref());
            advices.extend(finding.advice.as_deref());
        }
        if self.kept.is_empty() {
            let entry = self.code.entry();
            errors.extend(entry.xapi_error);
            advices.extend((self.severity > Severity::Note).then_some(entry.advice));
        }
        (distinct(errors), distinct(advices))
    }
}

/// Everything found: the findings that are kept, and how many more there are by code.
pub(crate) fn groups(
    findings: &[Finding],
    omitted: &BTreeMap<Code, u64>,
    style: &Style,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut given: Vec<(&str, Code)> = Vec::new();
    let mut brief_before = false;
    for group in sorted(findings, omitted) {
        if ROUTINE.contains(&group.code) && !style.verbose {
            continue;
        }
        let brief = is_brief(&group, style);
        if !(lines.is_empty() || brief && brief_before) {
            lines.push(String::new());
        }
        brief_before = brief;
        lines.extend(heading(&group, style));
        if !brief {
            lines.extend(places(&group, style));
            lines.extend(consequences(&group, &mut given, style));
        }
    }
    lines
}

/// Nobody has to act on a note, so its title is enough unless everything is asked for.
fn is_brief(group: &Group<'_>, style: &Style) -> bool {
    group.severity == Severity::Note && !style.verbose
}

/// The groups, the worst severity first.
pub(crate) fn sorted<'a>(findings: &'a [Finding], omitted: &BTreeMap<Code, u64>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        let (code, severity) = (finding.code, finding.severity);
        let same = |group: &&mut Group<'_>| group.code == code && group.severity == severity;
        match groups.iter_mut().find(same) {
            Some(group) => group.kept.push(finding),
            None => groups.push(Group {
                code,
                severity,
                title: &finding.title,
                kept: vec![finding],
                omitted: 0,
            }),
        }
    }
    for (&code, &omitted) in omitted {
        // Only the code of these is known, so the table's severity decides where they are counted.
        let entry = code.entry();
        let own = groups
            .iter()
            .position(|group| group.code == code && group.severity == entry.severity)
            .or_else(|| groups.iter().position(|group| group.code == code));
        match own {
            Some(index) => groups[index].omitted = omitted,
            None => groups.push(Group {
                code,
                severity: entry.severity,
                title: entry.title,
                kept: Vec::new(),
                omitted,
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

fn heading(group: &Group<'_>, style: &Style) -> Vec<String> {
    let all = (group.kept.len() as u64).saturating_add(group.omitted);
    let number = if all > 1 {
        format!("{GLUE}({})", count(all))
    } else {
        String::new()
    };
    let word = group.severity.word();
    let title = shorten(group.title, 200, style.unicode);
    let text = format!("{word} {}: {title}{number}{}", group.code, judged(group));
    let mut lines = wrap(&text, style.columns(), "  ", "      ");
    if let Some(first) = lines.first_mut() {
        *first = style
            .paint()
            .head(severity_style(group.severity), first, word);
    }
    lines
}

/// What a policy and a baseline made of a group.
fn judged(group: &Group<'_>) -> String {
    let own = group
        .kept
        .iter()
        .find_map(|finding| finding.default_severity);
    let accepted = group.kept.iter().filter(|finding| finding.accepted).count();
    let policy = own.map(|own| format!("by the policy, else {own}"));
    let baseline = match accepted {
        0 => None,
        all if all == group.kept.len() => Some("accepted by the baseline".to_owned()),
        some => Some(format!("{some} accepted by the baseline")),
    };
    match (policy, baseline) {
        (None, None) => String::new(),
        (policy, baseline) => {
            let parts: Vec<String> = policy.into_iter().chain(baseline).collect();
            format!(" [{}]", parts.join("; "))
        }
    }
}

fn places(group: &Group<'_>, style: &Style) -> Vec<String> {
    let most = if style.verbose { usize::MAX } else { PLACES };
    let mut lines = Vec::new();
    for finding in group.kept.iter().take(most) {
        lines.extend(place(finding, style));
    }
    let dots = ellipsis(style.unicode);
    let more = group.kept.len().saturating_sub(most) as u64;
    if more > 0 {
        let more = format!(
            "{dots} and {} more (--verbose lists all, JSON has them)",
            count(more)
        );
        lines.extend(wrap(&more, style.columns(), "    ", "      "));
    }
    if group.omitted > 0 {
        let omitted = count(group.omitted);
        let omitted = match (group.kept.len(), group.omitted) {
            (0, _) => format!("{dots} {omitted}, only counted"),
            (_, 1) => format!("{dots} and 1 more that was only counted"),
            _ => format!("{dots} and {omitted} more that were only counted"),
        };
        lines.extend(wrap(&omitted, style.columns(), "    ", "      "));
    }
    lines
}

/// Where a finding is and the facts compared; on one line if they fit, otherwise the facts under
/// the place.
fn place(finding: &Finding, style: &Style) -> Vec<String> {
    let spot = spot(finding, style);
    let facts = facts(finding, style);
    let both = match (spot.is_empty(), facts.is_empty()) {
        (true, true) => return Vec::new(),
        (true, false) => facts.clone(),
        (false, true) => spot.clone(),
        (false, false) => format!("{spot}: {facts}"),
    };
    let width = style.columns();
    let one = wrap(&both, width, "    ", "      ");
    if one.len() == 1 || spot.is_empty() || facts.is_empty() {
        return one;
    }
    let mut lines = wrap(&format!("{spot}:"), width, "    ", "      ");
    lines.extend(wrap(&facts, width, "      ", "      "));
    lines
}

/// Where a finding is, to be wrapped; empty if that is not known.
pub(crate) fn spot(finding: &Finding, style: &Style) -> String {
    let place = &finding.place;
    let text = |text: &str| shorten(text, 200, style.unicode);
    let mut parts = Vec::new();
    match (&place.disk, place.block) {
        (Some(disk), Some(block)) => parts.push(format!("{} block{GLUE}{block}", text(disk))),
        (Some(disk), None) => parts.push(text(disk)),
        (None, Some(block)) => parts.push(format!("block {block}")),
        (None, None) => {}
    }
    if let Some(object) = &place.object {
        parts.push(text(object));
    }
    if let (true, Some(member), Some(table)) = (parts.is_empty(), &place.member, &place.table) {
        return in_member(place, &member.text, table, style);
    }
    match (&place.table, &place.column) {
        (Some(table), Some(column)) => parts.push(format!("{}.{}", text(table), text(column))),
        (Some(name), None) | (None, Some(name)) => parts.push(text(name)),
        (None, None) => {}
    }
    if let Some(row) = &place.row {
        parts.push(format!("row{GLUE}{}", text(row)));
    }
    if let Some(member) = &place.member {
        // Disk and block tell the member's name already.
        if style.verbose || place.disk.is_none() || place.block.is_none() {
            parts.push(text(&member.text));
        }
    }
    if let Some(bytes) = place.disk_range {
        parts.push(format!(
            "disk{GLUE}{}",
            range(bytes.start, bytes.length, style.unicode)
        ));
    }
    if let Some(at) = place.offset {
        parts.push(format!("offset{GLUE}{}", offset(at)));
    }
    parts.join(", ")
}

/// A place in a pool database that is a file of the archive. Where the file begins is of no use for that.
fn in_member(place: &Place, member: &str, table: &str, style: &Style) -> String {
    let text = |text: &str| shorten(text, 200, style.unicode);
    let mut spot = format!("{}{GLUE}: {}", text(member), text(table));
    if let Some(row) = &place.row {
        spot.push_str(&format!("/{}", text(row)));
    }
    if let Some(column) = &place.column {
        spot.push_str(&format!(", column{GLUE}{}", text(column)));
    }
    match place.offset {
        Some(at) if style.verbose => format!("{spot}, offset{GLUE}{}", offset(at)),
        _ => spot,
    }
}

/// The facts of a finding, to be wrapped.
pub(crate) fn facts(finding: &Finding, style: &Style) -> String {
    let facts: Vec<String> = finding
        .facts
        .iter()
        .map(|(name, fact)| {
            let shown = escape(name, style.unicode).replace('_', "\u{a0}");
            format!("{shown}{GLUE}{}", value(name, fact, style))
        })
        .collect();
    facts.join(", ")
}

fn value(name: &str, fact: &Fact, style: &Style) -> String {
    match fact {
        Fact::Number(number) => match quantity(name) {
            Quantity::Bytes if *number >= 1024 => format!("{number}{GLUE}({})", size(*number)),
            Quantity::Offset => offset(*number),
            _ => number.to_string(),
        },
        Fact::Truth(true) => "yes".to_owned(),
        Fact::Truth(false) => "no".to_owned(),
        Fact::Text(text) => quoted(text, style),
        Fact::List(list) => {
            let most = if style.verbose { list.len() } else { ITEMS };
            let mut items: Vec<String> = list
                .iter()
                .take(most)
                .map(|item| quoted(item, style))
                .collect();
            if list.len() > most {
                items.push(format!(
                    "{} {} more",
                    ellipsis(style.unicode),
                    list.len() - most
                ));
            }
            format!("[{}]", items.join(", "))
        }
    }
}

/// What a number counts.
enum Quantity {
    Bytes,
    Offset,
    Things,
}

/// The words of a fact's name tell what its number counts.
fn quantity(name: &str) -> Quantity {
    let has = |words: &[&str]| name.split('_').any(|word| words.contains(&word));
    if has(&["offset"]) {
        Quantity::Offset
    } else if has(&["size", "length", "bytes", "reached", "missing"]) {
        Quantity::Bytes
    } else {
        Quantity::Things
    }
}

/// A text of a fact: quoted unless it is one plain word, digests cut to what tells them apart.
fn quoted(text: &str, style: &Style) -> String {
    let is_digest = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest && !style.verbose {
        let head: String = text.chars().take(DIGEST).collect();
        return format!("{head}{}", ellipsis(style.unicode));
    }
    let shown = shorten(text, FACT[usize::from(style.verbose)], style.unicode);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".:/_-+%".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        shown
    } else {
        format!("\"{shown}\"")
    }
}

/// What xapi would answer and what to do, each advice once per input.
fn consequences<'a>(
    group: &Group<'a>,
    given: &mut Vec<(&'a str, Code)>,
    style: &Style,
) -> Vec<String> {
    let (errors, advices) = group.consequences();
    let mut lines = Vec::new();
    for error in errors {
        let error = format!("xapi would answer {}", shorten(error, 60, style.unicode));
        lines.extend(wrap(&error, style.columns(), "    ", "      "));
    }
    let arrow = if style.unicode { "→" } else { "->" };
    let first = format!("    {arrow} ");
    let rest = if style.unicode { "      " } else { "       " };
    let mut again = None;
    for advice in advices {
        if let Some((_, code)) = given.iter().find(|(known, _)| *known == advice) {
            again = Some(*code);
            continue;
        }
        given.push((advice, group.code));
        let text = shorten(advice, 2000, style.unicode);
        lines.extend(wrap(&text, style.columns(), &first, rest));
    }
    if let Some(code) = again {
        let again = format!("{first}as for {code}");
        lines.push(style.paint().paint(DIM, &again));
    }
    lines
}

/// The texts, each once, in order of their first appearance.
fn distinct(texts: Vec<&str>) -> Vec<&str> {
    let mut distinct = Vec::new();
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}
