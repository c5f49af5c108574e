//! SARIF against its published schema, and that nothing of a report is lost in it.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;
use xenspect_report::sarif;

use super::{Form, everything, reports, skipped};
use crate::sample;

/// The schema of SARIF as it is published; it comes with the package that the types come from. `None`, said, without its source.
pub(crate) fn published_schema() -> Option<&'static Validator> {
    static SCHEMA: OnceLock<Option<Validator>> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        let text = std::fs::read_to_string(schema_path()?).expect("the schema");
        // The pattern of a language has a bracket too many, which a strict reader of patterns refuses.
        let text = text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
        let schema: Value = serde_json::from_str(&text).expect("a document");
        Some(jsonschema::validator_for(&schema).expect("the schema is one"))
    });
    if schema.is_none() {
        skipped(format_args!(
            "the source of serde-sarif, with the schema in it, is not to be had"
        ));
    }
    schema.as_ref()
}

fn schema_path() -> Option<PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .ok()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).ok()?;
    let packages = metadata["packages"].as_array()?;
    let package = packages
        .iter()
        .find(|package| package["name"] == "serde-sarif");
    let manifest = PathBuf::from(package?["manifest_path"].as_str()?);
    let path = manifest.parent()?.join("src/schema.json");
    path.is_file().then_some(path)
}

#[test]
fn sarif_fits_the_published_schema() {
    let Some(schema) = published_schema() else {
        return;
    };
    for report in reports() {
        let document: Value =
            serde_json::from_str(&Form::Sarif.render(&report)).expect("a document");
        let errors: Vec<String> = schema
            .iter_errors(&document)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let wrong = document
            .to_string()
            .replace("\"level\":\"note\"", "\"level\":\"fatal\"");
        let wrong: Value = serde_json::from_str(&wrong).expect("a document");
        assert!(wrong == document || !schema.is_valid(&wrong));
    }
}

#[test]
fn sarif_loses_nothing() {
    let report = everything();
    let document: Value = serde_json::from_str(&Form::Sarif.render(&report)).expect("a document");
    let run = &document["runs"][0];
    let results = run["results"].as_array().expect("results");
    let kept: usize = report.inputs.iter().map(|input| input.findings.len()).sum();
    let counted: usize = report.inputs.iter().map(|input| input.omitted.len()).sum();
    assert_eq!(results.len(), kept + counted);
    // The unreadable one, and the one that was left.
    let notifications = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notifications.as_array().map(Vec::len), Some(2));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let mut ids = HashSet::new();
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index");
        assert_eq!(rules[index as usize]["id"], result["ruleId"]);
        ids.insert(result["ruleId"].as_str().expect("an id"));
        let artifact = result["locations"][0]["physicalLocation"]["artifactLocation"].clone();
        let index = artifact["index"].as_u64().expect("an index");
        assert_eq!(
            run["artifacts"][index as usize]["location"]["uri"],
            artifact["uri"]
        );
    }
    assert_eq!(ids.len(), rules.len(), "rules are those that were found");
    let suppressed = results.iter().filter(|result| {
        let list = result["suppressions"].as_array().expect("all of them tell");
        !list.is_empty()
    });
    assert_eq!(suppressed.count(), 1);
}

#[test]
fn a_fingerprint_is_that_of_the_finding_whatever_the_input_is_called() {
    let of = |path: &str| {
        let mut input = sample::damaged();
        input.path = path.to_owned();
        let text = Form::Sarif.render(&sample::report(vec![input]));
        let document: Value = serde_json::from_str(&text).expect("a document");
        document["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    assert_eq!(of("a.xva"), of("/mnt/b.xva"));
    let digits = sample::damaged().findings[0].fingerprint();
    assert_eq!(of("a.xva")[sarif::FINGERPRINT], digits.as_str());
}

/// A region is of the file as stored, so what is packed has none.
#[test]
fn only_what_is_not_packed_has_regions() {
    let mut packed = sample::suspect();
    packed.envelope = Some(xenspect_model::report::Envelope::Gzip);
    for (input, has) in [(sample::suspect(), true), (packed, false)] {
        let text = Form::Sarif.render(&sample::report(vec![input]));
        assert_eq!(text.contains("\"byteOffset\": 9216"), has);
        assert!(text.contains("\"offset\": 9216"), "{text}");
    }
}
