//! The findings that are known and accepted, so that a run fails on new ones alone.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use xenspect_model::report::{Input, Verdict};
use xenspect_model::{Code, Finding, Fingerprint, Place, Severity};

use crate::policy::Unusable;

/// Version of the baseline's shape.
pub const BASELINE: u32 = 1;

/// Findings that are accepted, by inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Version of the file's shape: 1.
    #[schemars(range(min = 1, max = 1))]
    pub baseline: u32,
    /// The inputs, in the order of their paths.
    pub inputs: Vec<Entry>,
}

/// An input with accepted findings. Both its path and its size have to be the same for it to be the same input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path below the folder that was verified; the file's name of one that was named itself.
    pub path: String,
    /// Its size, as stored.
    pub bytes: u64,
    /// The findings, in the order of their codes.
    pub findings: Vec<Known>,
    /// How many more of a code are accepted that were only counted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub omitted: BTreeMap<String, u64>,
}

/// An accepted finding. Only the fingerprint decides; the rest is for who reads the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Its code.
    pub code: String,
    /// Where it is, in a few words.
    pub place: String,
    /// Its title.
    pub title: String,
    /// What it is known by.
    pub fingerprint: Fingerprint,
}

/// What came of a baseline in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Findings that it accepts.
    pub accepted: u64,
    /// Findings of it that were not found again in inputs that it names.
    pub stale: u64,
    /// Inputs of it that were not among those of the run.
    pub unseen: u64,
}

/// Whether nobody can accept it: what was not read to the end may hold anything.
fn is_never_accepted(code: Code) -> bool {
    matches!(
        code,
        Code::ScanInterrupted
            | Code::ScanInternalError
            | Code::ScanLimit
            | Code::SourceReadError
            | Code::SourceUnstable
            | Code::SourceChanged
    )
}

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// With the line.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Head {
            baseline: Option<u64>,
        }
        let wrong = |error: serde_json::Error| Unusable::Wrong(error.to_string());
        match serde_json::from_str::<Head>(text).map_err(wrong)?.baseline {
            None => return Err(Unusable::NoVersion("baseline")),
            Some(version) if version != u64::from(BASELINE) => {
                return Err(Unusable::Version {
                    what: "baseline",
                    version,
                });
            }
            Some(_) => {}
        }
        serde_json::from_str(text).map_err(wrong)
    }

    /// One that accepts nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            baseline: BASELINE,
            inputs: Vec::new(),
        }
    }

    /// Adds all findings of an input that are at least as bad as `least`, given with the path it is known by. What cannot be read is
    /// not accepted.
    pub fn add(&mut self, path: &str, input: &Input, least: Severity) {
        if input.verdict == Verdict::Unreadable {
            return;
        }
        let entry = entry(path, input, least);
        if !(entry.findings.is_empty() && entry.omitted.is_empty()) {
            self.inputs.push(entry);
        }
    }

    /// Puts the inputs in their order.
    pub fn sort(&mut self) {
        self.inputs.sort();
    }

    /// The text of it: one line for each finding, the same for the same findings, and in ASCII alone, so that a name cannot do
    /// anything to who looks at it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{{\n  \"baseline\": {},\n  \"inputs\": [", self.baseline);
        for (index, entry) in self.inputs.iter().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            let (path, bytes) = (json(&entry.path), entry.bytes);
            // Writing to a String cannot fail, here and below.
            let _ = write!(
                text,
                "    {{\"path\": {path}, \"bytes\": {bytes}, \"findings\": ["
            );
            for (index, known) in entry.findings.iter().enumerate() {
                text.push_str(if index == 0 { "\n" } else { ",\n" });
                let _ = write!(
                    text,
                    "      {{\"code\": {}, \"place\": {}, \"title\": {}, \"fingerprint\": {}}}",
                    json(&known.code),
                    json(&known.place),
                    json(&known.title),
                    json(&known.fingerprint),
                );
            }
            if !entry.findings.is_empty() {
                text.push_str("\n    ");
            }
            text.push(']');
            if !entry.omitted.is_empty() {
                let _ = write!(text, ", \"omitted\": {}", json(&entry.omitted));
            }
            text.push('}');
        }
        if !self.inputs.is_empty() {
            text.push_str("\n  ");
        }
        text.push_str("]\n}\n");
        text
    }

    /// Begins to use it.
    #[must_use]
    pub fn begin(&self) -> Use<'_> {
        let mut by_path: HashMap<&str, HashMap<u64, Open<'_>>> = HashMap::new();
        for entry in &self.inputs {
            let by_size = by_path.entry(&entry.path).or_default();
            by_size.entry(entry.bytes).or_default().add(entry);
        }
        let paths = self.inputs.iter().map(|entry| (entry.path.as_str(), false));
        Use {
            by_path,
            seen: paths.collect(),
            baseline: self,
            came: Accepted::default(),
            found: 0,
        }
    }

    /// The JSON Schema of the file.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

/// A baseline in a run.
#[derive(Debug)]
pub struct Use<'a> {
    baseline: &'a Baseline,
    by_path: HashMap<&'a str, HashMap<u64, Open<'a>>>,
    /// Paths of the baseline, and whether they were among the inputs.
    seen: HashMap<&'a str, bool>,
    came: Accepted,
    /// Findings of the baseline that were found again.
    found: u64,
}

/// What is left to accept of an input, by its path and size: each line of the baseline accepts one finding, also where a second input
/// goes by the same path.
#[derive(Debug, Default)]
struct Open<'a> {
    known: HashMap<&'a Fingerprint, u64>,
    counted: BTreeMap<&'a str, u64>,
}

impl<'a> Open<'a> {
    fn add(&mut self, entry: &'a Entry) {
        for finding in &entry.findings {
            *self.known.entry(&finding.fingerprint).or_default() += 1;
        }
        for (code, count) in &entry.omitted {
            let sum = self.counted.entry(code).or_default();
            *sum = sum.saturating_add(*count);
        }
    }
}

impl Use<'_> {
    /// Accepts the findings of an input that are known. Each finding of the baseline accepts one.
    pub fn judge(&mut self, path: &str, input: &mut Input) {
        if let Some(seen) = self.seen.get_mut(path) {
            *seen = true;
        }
        for finding in &mut input.findings {
            finding.accepted = false;
        }
        if input.verdict == Verdict::Unreadable {
            return;
        }
        let by_size = self.by_path.get_mut(path);
        let Some(Open { known, counted }) = by_size.and_then(|of| of.get_mut(&input.bytes)) else {
            return;
        };
        // Among more than were counted is a new one, and nothing tells which.
        let allowed = |code: Code| {
            let omitted = input.omitted.get(&code).copied().unwrap_or(0);
            omitted <= counted.get(code.name()).copied().unwrap_or(0)
        };
        for finding in &mut input.findings {
            let Some(left) = known.get_mut(&finding.fingerprint()) else {
                continue;
            };
            if *left == 0 {
                continue;
            }
            *left -= 1;
            self.found += 1;
            if allowed(finding.code) && !is_never_accepted(finding.code) {
                finding.accepted = true;
                self.came.accepted += 1;
            }
        }
        for (code, count) in &input.omitted {
            if let Some(open) = counted.get_mut(code.name())
                && *count <= *open
            {
                *open -= *count;
                self.came.accepted = self.came.accepted.saturating_add(*count);
            }
        }
    }

    /// What came of it.
    #[must_use]
    pub fn finish(self) -> Accepted {
        let of_seen: u64 = self
            .baseline
            .inputs
            .iter()
            .filter(|entry| self.seen.get(entry.path.as_str()) == Some(&true))
            .map(|entry| entry.findings.len() as u64)
            .sum();
        Accepted {
            stale: of_seen.saturating_sub(self.found),
            unseen: self.seen.values().filter(|seen| !**seen).count() as u64,
            ..self.came
        }
    }
}

fn entry(path: &str, input: &Input, least: Severity) -> Entry {
    let mut findings: Vec<Known> = input
        .findings
        .iter()
        .filter(|finding| finding.severity >= least && !is_never_accepted(finding.code))
        .map(known)
        .collect();
    findings.sort();
    Entry {
        path: path.to_owned(),
        bytes: input.bytes,
        findings,
        omitted: input
            .omitted
            .iter()
            .map(|(code, count)| (code.name().to_owned(), *count))
            .collect(),
    }
}

fn known(finding: &Finding) -> Known {
    Known {
        code: finding.code.name().to_owned(),
        place: place(&finding.place),
        title: finding.title.clone(),
        fingerprint: finding.fingerprint(),
    }
}

/// Where a finding is, for who reads the file.
fn place(place: &Place) -> String {
    let mut parts = Vec::new();
    if let Some(member) = &place.member {
        parts.push(member.text.clone());
    }
    if let Some(disk) = &place.disk {
        parts.push(format!("disk {disk}"));
    }
    if let Some(block) = place.block {
        parts.push(format!("block {block}"));
    }
    if let Some(object) = &place.object {
        parts.push(object.clone());
    }
    for (name, text) in [
        ("table", &place.table),
        ("row", &place.row),
        ("column", &place.column),
    ] {
        if let Some(text) = text {
            parts.push(format!("{name} {text}"));
        }
    }
    if let (true, Some(offset)) = (parts.is_empty(), place.offset) {
        parts.push(format!("offset {offset}"));
    }
    parts.join(", ")
}

/// JSON in ASCII.
fn json(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut ascii = String::with_capacity(text.len());
    let mut units = [0; 2];
    for c in text.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            ascii.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut units) {
            let _ = write!(ascii, "\\u{unit:04x}");
        }
    }
    ascii
}
