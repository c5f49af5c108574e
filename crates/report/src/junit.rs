//! The report as JUnit XML, which CI systems show as test results: a suite for each input, in it a case for each disk and for each
//! group of rules that looked at the input. A group is what the codes of findings begin with.
//!
//! A finding that fails makes its case fail; others are told in the output of their case. Nothing depends on a clock.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use xenspect_model::report::{Disk, Envelope, Input, Kind, Left, Report, Verdict};
use xenspect_model::{Code, Finding, Severity};

use crate::ending::{self, Omitted};
use crate::quantity::{count, size};
use crate::sentence::{self, Extent};
use crate::text::{escape, shorten};

/// Columns of the message of a failure; everything is in its text.
const MESSAGE: usize = 300;

/// Writes the report as JUnit XML. A finding of `fail_on` or worse fails, unless a baseline accepts it.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, fail_on: Severity, w: &mut impl io::Write) -> io::Result<()> {
    let mut document = quick_junit::Report::new(escape(&report.tool.name, true));
    for input in &report.inputs {
        document.add_test_suite(suite(input, fail_on));
    }
    for left in &report.left {
        document.add_test_suite(skipped(left));
    }
    document.serialize(w).map_err(io::Error::other)
}

/// What a case is about; in the order of the cases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Subject<'a> {
    /// A disk, by its place among the disks and its id.
    Disk(usize, &'a str),
    /// The group of a code.
    Group(&'a str),
}

impl Subject<'_> {
    fn name(&self) -> String {
        match self {
            Self::Disk(_, id) => format!("disk {}", shown(id)),
            Self::Group(group) => (*group).to_owned(),
        }
    }
}

/// What is said of a subject.
#[derive(Default)]
struct Said<'a> {
    findings: Vec<&'a Finding>,
    omitted: Vec<Omitted>,
}

fn suite(input: &Input, fail_on: Severity) -> TestSuite {
    let path = name(&input.path);
    let mut suite = TestSuite::new(&path);
    for (name, value) in properties(input) {
        suite.add_property((name, value.as_str()));
    }
    if input.verdict == Verdict::Unreadable {
        suite.add_test_case(unreadable(input, &path));
    }
    let disks: BTreeMap<&str, &Disk> = input.disks.iter().map(|disk| (&*disk.id, disk)).collect();
    for (subject, said) in subjects(input) {
        let disk = match subject {
            Subject::Disk(_, id) => disks.get(id).copied(),
            Subject::Group(_) => None,
        };
        suite.add_test_case(case(&subject, &said, disk, &path, fail_on));
    }
    suite
}

/// What the input is, for who looks at the suite.
fn properties(input: &Input) -> Vec<(&'static str, String)> {
    let mut properties = vec![("verdict", input.verdict.word().to_owned())];
    if let Some(kind) = input.kind {
        properties.push(("kind", kind.name().to_owned()));
    }
    if let Some(envelope) = input.envelope {
        properties.push(("envelope", envelope.name().to_owned()));
    }
    properties.push(("bytes", input.bytes.to_string()));
    properties
}

/// The subjects that were looked at, with what was found of them.
fn subjects(input: &Input) -> BTreeMap<Subject<'_>, Said<'_>> {
    let mut subjects: BTreeMap<Subject<'_>, Said<'_>> = BTreeMap::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, disk) in input.disks.iter().enumerate() {
        let place = *places.entry(&disk.id).or_insert(place);
        subjects.entry(Subject::Disk(place, &disk.id)).or_default();
    }
    for group in looked_at(input) {
        subjects.entry(Subject::Group(group)).or_default();
    }
    for finding in &input.findings {
        let subject = match &finding.place.disk {
            Some(disk) => {
                let place = places.get(disk.as_str()).copied();
                Subject::Disk(place.unwrap_or(usize::MAX), disk)
            }
            None => Subject::Group(group(finding.code)),
        };
        subjects.entry(subject).or_default().findings.push(finding);
    }
    for omitted in ending::omitted(input) {
        let subject = Subject::Group(group(omitted.code));
        subjects.entry(subject).or_default().omitted.push(omitted);
    }
    subjects
}

/// What a code begins with.
fn group(code: Code) -> &'static str {
    code.name().split('/').next().unwrap_or_default()
}

/// The groups whose rules looked at an input, whatever they found.
fn looked_at(input: &Input) -> BTreeSet<&'static str> {
    let mut groups = BTreeSet::new();
    let Some(kind) = input.kind else {
        return groups;
    };
    groups.extend(["source", "scan"]);
    if input
        .envelope
        .is_some_and(|packed| packed != Envelope::Plain)
    {
        groups.insert("envelope");
    }
    let of_kind: &[&str] = match kind {
        Kind::Xva | Kind::XvaVersion1 | Kind::Metadata | Kind::VdiTar => &["tar", "xva"],
        Kind::OvaXml => &["xva"],
        Kind::PoolDb | Kind::RedoLog => &["db"],
        Kind::HostBackup => &["tar", "host", "db"],
    };
    groups.extend(of_kind);
    let copy = &input.copy;
    let compared = [
        (!copy.sidecars.is_empty(), "sidecar"),
        (copy.seal.is_some(), "seal"),
        (copy.against.is_some(), "against"),
        (copy.label.is_some(), "store"),
    ];
    groups.extend(
        compared
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, group)| *group),
    );
    groups
}

fn unreadable(input: &Input, path: &str) -> TestCase {
    let reason = input.error.as_deref().unwrap_or("It cannot be read.");
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status
        .set_type("unreadable")
        .set_message(xml(shorten(reason, MESSAGE, true)))
        .set_description(shown(reason));
    let mut case = TestCase::new("readable", status);
    case.set_classname(path);
    case
}

fn case(
    subject: &Subject<'_>,
    said: &Said<'_>,
    disk: Option<&Disk>,
    path: &str,
    fail_on: Severity,
) -> TestCase {
    let fails = |severity: Severity, accepted: bool| !accepted && severity >= fail_on;
    let (failing, passing): (Vec<&Finding>, Vec<&Finding>) = said
        .findings
        .iter()
        .partition(|finding| fails(finding.severity, finding.accepted));
    let (counted, merely): (Vec<&Omitted>, Vec<&Omitted>) = said
        .omitted
        .iter()
        .partition(|omitted| fails(omitted.severity, omitted.accepted));
    let mut case = TestCase::new(subject.name(), status(&failing, &counted));
    case.set_classname(path);
    let mut output: Vec<String> = disk.map(about).into_iter().collect();
    output.extend(passing.into_iter().map(paragraph));
    output.extend(merely.into_iter().map(only_counted));
    if !output.is_empty() {
        case.set_system_out(xml(output.join("\n")));
    }
    case
}

fn status(failing: &[&Finding], counted: &[&Omitted]) -> TestCaseStatus {
    let first = failing.iter().max_by(|a, b| {
        // The first one of the worst.
        a.severity
            .cmp(&b.severity)
            .then(std::cmp::Ordering::Greater)
    });
    let mut message = match (first, counted.first()) {
        (Some(finding), _) => format!("{}: {}", finding.code, sentence::title(finding)),
        (None, Some(omitted)) => format!("{}: {}", omitted.code, omitted.code.entry().title),
        (None, None) => return TestCaseStatus::success(),
    };
    let counted_only: u64 = counted.iter().map(|omitted| omitted.number).sum();
    let all = (failing.len() as u64).saturating_add(counted_only);
    if all > 1 {
        message.push_str(&format!(" (and {} more)", count(all.saturating_sub(1))));
    }
    let code = first.map(|finding| finding.code);
    let code = code.or_else(|| counted.first().map(|omitted| omitted.code));
    let text = failing.iter().copied().map(paragraph);
    let text: Vec<String> = text
        .chain(counted.iter().copied().map(only_counted))
        .collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_type(code.map_or("", Code::name))
        .set_message(xml(shorten(&message, MESSAGE, true)))
        .set_description(xml(text.join("\n")));
    status
}

/// A finding in full.
fn paragraph(finding: &Finding) -> String {
    let accepted = if finding.accepted {
        " (accepted by the baseline)"
    } else {
        ""
    };
    let mut text = format!(
        "{} {}: {}{accepted}\n",
        finding.severity,
        finding.code,
        sentence::title(finding)
    );
    let details = sentence::details(finding, Extent::Whole);
    let lines = [Some(details), sentence::answer(finding)];
    for line in lines.into_iter().flatten().filter(|line| !line.is_empty()) {
        text.push_str(&format!("  {line}\n"));
    }
    if let Some(advice) = sentence::advice(finding) {
        text.push_str(&format!("  What to do: {advice}\n"));
    }
    text
}

fn only_counted(omitted: &Omitted) -> String {
    format!(
        "{} {}: {}\n  {}, only counted\n",
        omitted.severity,
        omitted.code,
        omitted.code.entry().title,
        count(omitted.number)
    )
}

/// A disk on one line.
fn about(disk: &Disk) -> String {
    let name = disk.name.as_deref().map(shown).unwrap_or_default();
    let bytes = disk.virtual_size.map_or_else(String::new, size);
    let told = [name, bytes].into_iter().filter(|part| !part.is_empty());
    let mut parts: Vec<String> = told.collect();
    parts.push(format!(
        "{} blocks, {} good, {} bad, {} unchecked\n",
        count(disk.blocks),
        count(disk.good),
        count(disk.bad),
        count(disk.unchecked)
    ));
    parts.join(", ")
}

fn skipped(left: &Left) -> TestSuite {
    let path = name(&left.path);
    let mut status = TestCaseStatus::skipped();
    status.set_message(xml(shorten(&left.detail, MESSAGE, true)));
    let mut case = TestCase::new("verified", status);
    case.set_classname(&path);
    let mut suite = TestSuite::new(&path);
    suite.add_test_case(case);
    suite
}

fn name(path: &str) -> String {
    xml(sentence::path(path))
}

fn shown(text: &str) -> String {
    xml(escape(text, true))
}

/// Without the two characters that XML forbids and that are neither controls nor hidden.
fn xml(text: String) -> String {
    if text.contains(['\u{fffe}', '\u{ffff}']) {
        text.replace(['\u{fffe}', '\u{ffff}'], "")
    } else {
        text
    }
}
