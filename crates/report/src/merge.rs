//! Several JSON reports of `verify` as one: what shards of one run over a store found becomes what the run itself would have
//! found.

use std::cmp::Ordering;
use std::fmt;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;
use xenspect_model::Severity;
use xenspect_model::report::{Input, Left, PolicyApplied, Report, SCHEMA, Tool, by_path};

/// Why a document is no report that can be joined with others.
#[derive(Debug)]
pub enum Refused {
    /// It is no JSON.
    NoJson(serde_json::Error),
    /// It ends before it is complete.
    CutShort,
    /// It is JSON, and no report of `verify`.
    NoReport,
    /// Its shape is of another version.
    OtherSchema(u64),
    /// It holds what this version does not know, a code for instance.
    Unknown(serde_json::Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoJson(error) => write!(f, "is no JSON: {error}"),
            Self::CutShort => f.write_str(
                "ends too early; the run that wrote it was interrupted, or is still going on",
            ),
            Self::NoReport => f.write_str("is no JSON report of `xenspect verify`"),
            Self::OtherSchema(schema) => write!(
                f,
                "is a report of shape {schema}, and this version reads shape {SCHEMA} only"
            ),
            Self::Unknown(error) => write!(
                f,
                "holds what this version does not know, so a later one has written it: {error}"
            ),
        }
    }
}

impl std::error::Error for Refused {}

/// Reads a report.
///
/// # Errors
///
/// What it is instead.
pub fn parse(document: &[u8]) -> Result<Report, Refused> {
    match serde_json::from_slice::<Report>(document) {
        Ok(report) if report.schema != SCHEMA => {
            Err(Refused::OtherSchema(u64::from(report.schema)))
        }
        Ok(report) if report.tool.name != "xenspect" => Err(Refused::NoReport),
        Ok(report) => Ok(report),
        Err(error) => Err(why_not(document, error)),
    }
}

/// What a document is that could not be read as a report.
fn why_not(document: &[u8], error: serde_json::Error) -> Refused {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<u64>,
        inputs: Option<IgnoredAny>,
    }
    match error.classify() {
        Category::Eof => return Refused::CutShort,
        Category::Syntax | Category::Io => return Refused::NoJson(error),
        Category::Data => {}
    }
    match serde_json::from_slice::<Head>(document) {
        Ok(Head {
            schema: Some(schema),
            inputs: Some(_),
        }) if schema == u64::from(SCHEMA) => Refused::Unknown(error),
        Ok(Head {
            schema: Some(schema),
            ..
        }) if schema != u64::from(SCHEMA) => Refused::OtherSchema(schema),
        Err(error) if error.is_eof() => Refused::CutShort,
        Err(error) if error.is_syntax() => Refused::NoJson(error),
        _ => Refused::NoReport,
    }
}

/// One input that two reports tell different things of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The input.
    pub path: String,
    /// The reports, by their places among those that were given.
    pub reports: (usize, usize),
}

/// Joins reports. Inputs are in the order in which a single run over their folder has them; one that two reports say the same of
/// is there once, and one that was verified in one report is not left in another. The tool is the newest of theirs.
///
/// # Errors
///
/// If two reports do not say the same of an input: one of them is older than the other, or of another store.
pub fn merge(reports: Vec<Report>, own: Tool) -> Result<Report, Contradiction> {
    let mut tool: Option<Tool> = None;
    let mut inputs: Vec<(usize, Input)> = Vec::new();
    let mut left: Vec<Left> = Vec::new();
    let mut policy: Option<PolicyApplied> = None;
    let mut interrupted = false;
    let mut fail_on: Option<Severity> = None;
    for (index, report) in reports.into_iter().enumerate() {
        let is_newer = |tool: &Tool| by_version(&report.tool.version, &tool.version).is_gt();
        if tool.as_ref().is_none_or(is_newer) {
            tool = Some(report.tool);
        }
        inputs.extend(report.inputs.into_iter().map(|input| (index, input)));
        left.extend(report.left);
        policy = join(policy, report.policy);
        interrupted |= report.interrupted;
        // The strictest of them, so that nothing passes that failed one of the runs.
        fail_on = [fail_on, report.fail_on].into_iter().flatten().min();
    }
    // Stable, so of one path those of the report that was given first come first.
    inputs.sort_by(|(_, a), (_, b)| by_path(&a.path, &b.path));
    let mut joined: Vec<(usize, Input)> = Vec::with_capacity(inputs.len());
    for (index, input) in inputs {
        match joined.last() {
            Some((first, last)) if last.path == input.path => {
                if *last != input {
                    return Err(Contradiction {
                        path: input.path,
                        reports: (*first, index),
                    });
                }
            }
            _ => joined.push((index, input)),
        }
    }
    let inputs: Vec<Input> = joined.into_iter().map(|(_, input)| input).collect();
    left.sort_by(|a, b| by_path(&a.path, &b.path));
    left.dedup_by(|a, b| a.path == b.path);
    left.retain(|left| {
        let found = inputs.binary_search_by(|input| by_path(&input.path, &left.path));
        found.is_err()
    });
    Ok(Report {
        schema: SCHEMA,
        tool: tool.unwrap_or(own),
        inputs,
        left,
        interrupted,
        fail_on,
        policy,
    })
}

/// What policies and baselines made of two reports. Files that are not the same in both are not named.
fn join(one: Option<PolicyApplied>, other: Option<PolicyApplied>) -> Option<PolicyApplied> {
    let (Some(mut one), Some(other)) = (one.clone(), other.clone()) else {
        return one.or(other);
    };
    one.path = one.path.filter(|path| other.path.as_ref() == Some(path));
    one.baseline = one
        .baseline
        .filter(|baseline| other.baseline.as_ref() == Some(baseline));
    one.changed = one.changed.saturating_add(other.changed);
    one.accepted = one.accepted.saturating_add(other.accepted);
    one.stale = one.stale.saturating_add(other.stale);
    let new = other.not_judged.into_iter();
    for sentence in new {
        if !one.not_judged.contains(&sentence) {
            one.not_judged.push(sentence);
        }
    }
    Some(one)
}

/// Compares two versions by their numbers.
#[must_use]
pub fn by_version(a: &str, b: &str) -> Ordering {
    let numbers = |version: &str| -> Vec<u64> {
        let release = version.split(['-', '+']).next().unwrap_or(version);
        release
            .split('.')
            .map(|number| number.parse().unwrap_or(0))
            .collect()
    };
    numbers(a).cmp(&numbers(b))
}

#[cfg(test)]
mod tests {
    use xenspect_model::report::LeftReason;

    use super::*;

    fn tool(version: &str) -> Tool {
        Tool {
            name: "xenspect".to_owned(),
            version: version.to_owned(),
        }
    }

    fn report(paths: &[&str]) -> Report {
        let input = |path: &&str| Input::unreadable((*path).to_owned(), "no backup".to_owned());
        Report {
            schema: SCHEMA,
            tool: tool("0.1.0"),
            inputs: paths.iter().map(input).collect(),
            left: Vec::new(),
            interrupted: false,
            fail_on: None,
            policy: None,
        }
    }

    fn paths(report: &Report) -> Vec<&str> {
        report.inputs.iter().map(|input| &*input.path).collect()
    }

    fn merged(reports: Vec<Report>) -> Report {
        merge(reports, tool("0.1.0")).expect("no contradiction")
    }

    #[test]
    fn inputs_are_in_the_order_of_a_walk() {
        let reports = vec![
            report(&["s/b", "s/a-b/x"]),
            report(&[]),
            report(&["s/a/z", "s/B"]),
        ];
        assert_eq!(paths(&merged(reports)), ["s/B", "s/a/z", "s/a-b/x", "s/b"]);
    }

    #[test]
    fn what_is_said_twice_counts_once() {
        let merged = merged(vec![report(&["a", "b"]), report(&["b", "c"])]);
        assert_eq!(paths(&merged), ["a", "b", "c"]);
    }

    #[test]
    fn a_contradiction_is_refused() {
        let mut other = report(&["b"]);
        other.inputs[0].error = Some("gone".to_owned());
        let refused = merge(vec![report(&["a", "b"]), report(&[]), other], tool("0.1.0"));
        let contradiction = refused.expect_err("they differ");
        assert_eq!((&*contradiction.path, contradiction.reports), ("b", (0, 2)));
    }

    #[test]
    fn what_was_verified_is_not_left() {
        let left = |path: &str| Left {
            below: None,
            path: path.to_owned(),
            reason: LeftReason::NotInSample,
            detail: String::new(),
        };
        let (mut one, mut two) = (report(&["a"]), report(&["c"]));
        one.left = vec![left("d"), left("c"), left("b")];
        two.left = vec![left("b")];
        let merged = merged(vec![one, two]);
        let left: Vec<_> = merged.left.iter().map(|left| &*left.path).collect();
        assert_eq!(left, ["b", "d"]);
    }

    #[test]
    fn the_newest_tool_is_named() {
        let (mut old, mut new) = (report(&["a"]), report(&["b"]));
        (old.tool, new.tool) = (tool("0.9.0"), tool("0.10.1-rc.1"));
        assert_eq!(merged(vec![new, old]).tool.version, "0.10.1-rc.1");
        assert_eq!(merged(Vec::new()).tool.version, "0.1.0");
    }

    #[test]
    fn what_is_no_report_is_refused_in_words() {
        let mut json = Vec::new();
        crate::json::write(&report(&["a"]), &mut json).expect("a Vec takes everything");
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        assert_eq!(parse(json.as_bytes()).expect("a report"), report(&["a"]));
        for end in [0, 1, 20, json.len() / 2, json.len() - 2] {
            let refused = parse(&json.as_bytes()[..end]).expect_err("it is cut");
            assert!(matches!(refused, Refused::CutShort), "{end}: {refused}");
        }
        let diff = r#"{"schema":1,"tool":{"name":"xenspect","version":"0"},"old":{},"new":{}}"#;
        for (document, words) in [
            ("Dear reader", "is no JSON: "),
            ("[]", "is no JSON report of"),
            ("{}", "is no JSON report of"),
            (diff, "is no JSON report of"),
            (&json.replace("\"schema\": 1", "\"schema\": 2"), "is a report of shape 2"),
            (r#"{"schema":7,"things":[]}"#, "is a report of shape 7"),
            (&json.replace("\"xenspect\"", "\"other\""), "is no JSON report of"),
            (
                &json.replace("\"unreadable\"", "\"haunted\""),
                "holds what this version does not know",
            ),
            (
                &json.replace(
                    "\"findings\": []",
                    "\"findings\": [{\"code\":\"xva/haunted\",\"severity\":\"error\",\"title\":\"\",\
                     \"place\":{},\"facts\":{}}]",
                ),
                "`xva/haunted` is no code that this version knows",
            ),
        ] {
            let refused = parse(document.as_bytes()).expect_err(document).to_string();
            assert!(refused.contains(words), "{document}: {refused}");
        }
    }
}
