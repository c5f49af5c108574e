//! The report as SARIF 2.1.0, which GitHub and other collectors of findings read: one run, with a rule for each code that was
//! found and a result for each finding. Where results are is in `places`, what names an input in `uri`, the rules in `rules`.
//!
//! Nothing is left out: findings that were only counted are one result for each code, inputs that could not be read and inputs
//! that were left are notifications of the run.

mod places;
mod rules;
mod uri;

use std::collections::BTreeMap;
use std::io;

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    Artifact, Invocation, Location, Message, Notification, PropertyBag, Result as SarifResult,
    ResultLevel, Suppression, Tool as SarifTool, ToolComponent,
};
use xenspect_model::report::{Input, Report};
use xenspect_model::{Finding, Severity};

use crate::ending::{self, Ending, Omitted, meaning};
use crate::json as document;
use crate::quantity::count;
use crate::sentence::{self, Extent};
use crate::text::shorten;
use places::Places;
use rules::Rules;

/// Where the schema is published.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What a finding's fingerprint is called; its end is the version of how it is computed.
pub const FINGERPRINT: &str = "xenspectFinding/v1";
/// Columns of a message.
const MESSAGE: usize = 2000;

/// Writes the report as SARIF.
///
/// # Errors
///
/// Those of `w`.
pub fn write(report: &Report, ending: &Ending, w: &mut impl io::Write) -> io::Result<()> {
    let rules = Rules::of(report);
    let driver = ToolComponent::builder()
        .name(report.tool.name.as_str())
        .version(report.tool.version.as_str())
        .semantic_version(report.tool.version.as_str())
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .rules(rules.descriptors())
        .build();
    let inputs = report.inputs.iter().enumerate();
    let log = Log {
        schema: SCHEMA,
        runs: [LogRun {
            artifacts: inputs
                .map(|(index, input)| artifact(input, &Places::of(input, index)))
                .collect(),
            invocations: [invocation(report, ending)],
            results: Results {
                inputs: &report.inputs,
                rules: &rules,
                // If one result tells of suppressions, all have to.
                accepts: ending::Totals::of(report).accepted > 0,
            },
            tool: SarifTool::builder().driver(driver).build(),
        }],
        version: "2.1.0",
    };
    document::write_quiet(&log, w)
}

/// The document.
#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    runs: [LogRun<'a>; 1],
    version: &'static str,
}

#[derive(Serialize)]
struct LogRun<'a> {
    artifacts: Vec<Artifact>,
    invocations: [Invocation; 1],
    results: Results<'a>,
    tool: SarifTool,
}

/// The results, each of which is made when it is written: one takes several kilobytes, and there can be tens of thousands.
struct Results<'a> {
    inputs: &'a [Input],
    rules: &'a Rules,
    accepts: bool,
}

impl Results<'_> {
    fn each(&self) -> impl Iterator<Item = SarifResult> {
        let inputs = self.inputs.iter().enumerate();
        inputs.flat_map(move |(index, input)| {
            let (places, counted) = (Places::of(input, index), Places::of(input, index));
            let findings = input.findings.iter();
            let found =
                findings.map(move |finding| result(finding, &places, self.rules, self.accepts));
            let omitted = ending::omitted(input).into_iter();
            found.chain(
                omitted
                    .map(move |omitted| only_counted(&omitted, &counted, self.rules, self.accepts)),
            )
        })
    }
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

/// How the run went, and what gave no result.
fn invocation(report: &Report, ending: &Ending) -> Invocation {
    let mut notifications = Vec::new();
    for (index, input) in report.inputs.iter().enumerate() {
        if let Some(error) = &input.error {
            let location = Places::of(input, index).whole();
            notifications.push(notification("error", error, location));
        }
    }
    for left in &report.left {
        let words = format!("left for another run: {}", left.detail);
        notifications.push(notification("note", &words, places::of_path(&left.path)));
    }
    if ending.interrupted {
        let words = "the run was interrupted; inputs are missing";
        notifications.push(
            Notification::builder()
                .level(json!("error"))
                .message(message(words))
                .build(),
        );
    }
    Invocation::builder()
        // Findings are what the run is for.
        .execution_successful(ending.exit_status <= 1)
        .exit_code(i64::from(ending.exit_status))
        .exit_code_description(meaning(ending.exit_status))
        .tool_execution_notifications(notifications)
        .build()
}

fn notification(level: &str, words: &str, location: Location) -> Notification {
    Notification::builder()
        .level(json!(level))
        .message(message(words))
        .locations(vec![location])
        .build()
}

fn artifact(input: &Input, places: &Places<'_>) -> Artifact {
    let role = match input.path.as_str() {
        "-" => json!("standardStream"),
        _ => json!("analysisTarget"),
    };
    let mut properties = BTreeMap::from([("verdict".to_owned(), json!(input.verdict))]);
    if let Some(kind) = input.kind {
        properties.insert("kind".to_owned(), json!(kind));
    }
    let mut artifact = Artifact::builder()
        .location(places.artifact(false))
        .roles(vec![role])
        .properties(bag(properties))
        .build();
    artifact.length = i64::try_from(input.bytes).ok();
    artifact
}

fn result(finding: &Finding, places: &Places<'_>, rules: &Rules, accepts: bool) -> SarifResult {
    let details = sentence::details(finding, Extent::Whole);
    let mut words = sentence::title(finding);
    if !details.is_empty() {
        words.push_str(&format!(" ({details})"));
    }
    let more = [sentence::answer(finding), sentence::advice(finding)];
    for sentence in more.into_iter().flatten() {
        let sentence = sentence.trim_end_matches('.');
        words.push_str(&format!(". {sentence}"));
    }
    words.push('.');
    let mut properties = BTreeMap::from([
        ("place".to_owned(), json!(finding.place)),
        ("facts".to_owned(), json!(finding.facts)),
    ]);
    if let Some(severity) = finding.default_severity {
        properties.insert("defaultSeverity".to_owned(), json!(severity));
    }
    let mut result = SarifResult::builder()
        .rule_id(finding.code.name())
        .level(level(finding.severity))
        .message(message(&words))
        .locations(vec![places.finding(&finding.place)])
        .partial_fingerprints(BTreeMap::from([(
            FINGERPRINT.to_owned(),
            finding.fingerprint().as_str().to_owned(),
        )]))
        .properties(bag(properties))
        .build();
    result.rule_index = rules.index(finding.code);
    result.suppressions = suppressions(accepts, finding.accepted);
    result
}

/// One result for all findings of a code that were only counted.
fn only_counted(
    omitted: &Omitted,
    places: &Places<'_>,
    rules: &Rules,
    accepts: bool,
) -> SarifResult {
    let words = format!(
        "{}: {} more, which were only counted.",
        omitted.code.entry().title,
        count(omitted.number)
    );
    let properties = BTreeMap::from([("onlyCounted".to_owned(), json!(omitted.number))]);
    let mut result = SarifResult::builder()
        .rule_id(omitted.code.name())
        .level(level(omitted.severity))
        .message(message(&words))
        .locations(vec![places.whole()])
        .partial_fingerprints(BTreeMap::from([(
            FINGERPRINT.to_owned(),
            Finding::new(omitted.code).fingerprint().as_str().to_owned(),
        )]))
        .properties(bag(properties))
        .build();
    result.occurrence_count = i64::try_from(omitted.number)
        .ok()
        .filter(|number| *number > 0);
    result.rule_index = rules.index(omitted.code);
    result.suppressions = suppressions(accepts, omitted.accepted);
    result
}

fn suppressions(accepts: bool, accepted: bool) -> Option<Vec<Suppression>> {
    let suppression = || {
        Suppression::builder()
            .kind(json!("external"))
            .status(json!("accepted"))
            .justification("The baseline accepts it.")
            .build()
    };
    accepts.then(|| accepted.then(suppression).into_iter().collect())
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Note => ResultLevel::Note,
        Severity::Warning => ResultLevel::Warning,
        Severity::Error => ResultLevel::Error,
    }
}

/// A plain message. Brackets would be links and braces would stand for arguments (SARIF 2.1.0, sections 3.11.5 and 3.11.6).
fn message(words: &str) -> Message {
    let shown = shorten(words, MESSAGE, true);
    let mut text = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '[' | ']' | '\\' => text.extend(['\\', c]),
            '{' | '}' => text.extend([c, c]),
            c => text.push(c),
        }
    }
    Message::builder().text(text).build()
}

fn bag(properties: BTreeMap<String, Value>) -> PropertyBag {
    let properties = properties.into_iter();
    let properties: BTreeMap<String, Value> = properties
        .map(|(name, value)| (name, in_order(value)))
        .collect();
    PropertyBag::builder()
        .additional_properties(properties)
        .build()
}

/// The same with fields by their names. Otherwise it would depend on a feature of `serde_json`, which any package can set.
fn in_order(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.cmp(b));
            let fields = fields.into_iter();
            Value::Object(
                fields
                    .map(|(name, value)| (name, in_order(value)))
                    .collect(),
            )
        }
        other => other,
    }
}
