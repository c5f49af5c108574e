//! The JSON report: it follows its schema, and is the same for any number of threads and for a
//! file and a pipe.

use std::path::Path;

use jsonschema::Validator;
use serde_json::Value;
use xenspect_synth::{Content, DiskRecipe, Envelope, Fault, Recipe, Release, Role};

use crate::run::{Folder, codes, good};

fn schema() -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json");
    let text = std::fs::read_to_string(path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn assert_valid(schema: &Validator, report: &Value, what: &str) {
    let errors: Vec<String> = schema
        .iter_errors(report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

/// The report without what may differ between a file and a pipe: the path.
fn without_path(mut report: Value) -> Value {
    report["inputs"][0]["path"] = Value::Null;
    report
}

/// Verifies one archive in all ways that must not make a difference.
fn same_in_all_ways(schema: &Validator, folder: &Folder, bytes: &[u8], what: &str) {
    folder.put("a.xva", bytes);
    let one = folder.run(&["verify", "--format", "json", "--threads", "1", "a.xva"]);
    assert_eq!(one.stderr, "", "{what}");
    assert_valid(schema, &one.json(), what);
    let four = folder.run(&["verify", "--format", "json", "--threads", "4", "a.xva"]);
    assert_eq!(
        (four.status, &four.stdout),
        (one.status, &one.stdout),
        "{what}: four threads"
    );
    let pipe = ["verify", "--format", "json", "--threads", "3", "-"];
    let pipe = folder.pipe(&pipe, bytes.to_vec());
    assert_eq!(pipe.status, one.status, "{what}: pipe");
    assert_eq!(
        without_path(pipe.json()),
        without_path(one.json()),
        "{what}: pipe"
    );
}

#[test]
fn every_fault_is_reported_the_same_in_all_ways() {
    let (schema, folder) = (schema(), Folder::new());
    for fault in Fault::all() {
        same_in_all_ways(&schema, &folder, &fault.build(), fault.name());
    }
}

#[test]
fn every_recipe_is_reported_the_same_in_all_ways() {
    let (schema, folder) = (schema(), Folder::new());
    for (name, _) in Recipe::names() {
        same_in_all_ways(&schema, &folder, &good(name), name);
    }
}

#[test]
fn several_inputs_and_unreadable_ones_follow_the_schema() {
    let folder = Folder::with("good.xva", &good("small"));
    folder.put("letter.txt", b"Dear reader");
    let args = [
        "verify",
        "--format",
        "json",
        "good.xva",
        "letter.txt",
        "missing.xva",
    ];
    let report = folder.run(&args).json();
    assert_valid(&schema(), &report, "several");
    assert_eq!(report["schema"], 1);
    assert_eq!(report["tool"]["name"], "xenspect");
    assert_eq!(report["tool"]["version"], env!("CARGO_PKG_VERSION"));
}

/// One disk of 100 small blocks, of which every second one has a byte flipped.
fn fifty_bad_blocks() -> Vec<u8> {
    let recipe = Recipe {
        chunk_size: 512,
        disks: vec![DiskRecipe::new(100 * 512, Content::Random)],
        ..Recipe::new(Release::V8_2)
    };
    let mut archive = recipe.archive();
    for member in &mut archive.members {
        if matches!(member.role, Role::Block { number, .. } if number % 2 == 1) {
            member.payload[100] ^= 1;
        }
    }
    archive.encode()
}

#[test]
fn fifty_bad_blocks_are_fifty_findings_in_order() {
    const CODE: &str = "xva/block-checksum-mismatch";
    for envelope in [Envelope::Plain, Envelope::Gzip] {
        let folder = Folder::with("a.xva", &envelope.encode(&fifty_bad_blocks()));
        let answer = folder.run(&["verify", "--format", "json", "--threads", "4", "a.xva"]);
        assert_eq!(answer.status, 1);
        let input = answer.input();
        assert_eq!(
            codes(&input).iter().filter(|code| **code == CODE).count(),
            50
        );
        let bad: Vec<(u64, u64)> = input["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["code"] == CODE)
            .map(|finding| {
                let place = &finding["place"];
                (
                    place["block"].as_u64().unwrap(),
                    place["disk_range"]["start"].as_u64().unwrap(),
                )
            })
            .collect();
        let expected: Vec<(u64, u64)> = (0..50).map(|n| (2 * n + 1, (2 * n + 1) * 512)).collect();
        assert_eq!(bad, expected);
        assert_eq!(input["disks"][0]["bad"], 50);
        assert_eq!(input["disks"][0]["good"], 50);
        let human = folder.run(&["verify", "a.xva"]).stdout;
        assert_eq!(human.matches(CODE).count(), 1, "{human}");
        let words: Vec<&str> = human.split_whitespace().collect();
        assert!(
            words
                .join(" ")
                .contains("a block's contents differ from its checksum (50)")
        );
        assert!(human.contains("and 40 more"), "{human}");
        assert!(human.lines().count() < 100, "{human}");
        let verbose = folder.run(&["verify", "--verbose", "a.xva"]).stdout;
        assert_eq!(verbose.matches("computed ").count(), 50, "{verbose}");
    }
}

#[test]
fn headers_alone_check_no_block() {
    let folder = Folder::with("a.xva", &crate::run::damaged("flip-block-byte"));
    let answer = folder.run(&["verify", "--format", "json", "--depth", "headers", "a.xva"]);
    assert_eq!(answer.status, 0);
    let input = answer.input();
    for disk in input["disks"].as_array().unwrap() {
        assert_eq!(
            (&disk["good"], &disk["bad"]),
            (&Value::from(0), &Value::from(0))
        );
        assert_eq!(disk["unchecked"], disk["blocks"]);
    }
    assert!(!input["not_checked"].as_array().unwrap().is_empty());
}
