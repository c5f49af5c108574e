//! Profiles: the example of the documentation, the schema, and what is refused.

use xenspect_target::{Error, Target, from_profile, of_text, to_json, to_toml};

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

fn example() -> String {
    let text = std::fs::read_to_string(format!("{DOCS}/manual/src/profile.md")).expect("the page");
    let (_, rest) = text.split_once("```toml\n").expect("an example");
    rest.split_once("```").expect("its end").0.to_owned()
}

#[test]
fn the_example_is_read_and_written_back() {
    let target = from_profile(&example()).expect("a profile");
    assert_eq!(target.management_device(), Some("eth0"));
    assert_eq!(target.schema(), Some((5, 603)));
    assert_eq!(
        from_profile(&to_toml(&target).expect("TOML")),
        Ok(target.clone())
    );
    assert_eq!(from_profile(&to_json(&target)), Ok(target));
}

#[test]
fn an_unknown_field_is_named() {
    for text in ["[host]\nnaem = \"x\"\n", "{\"host\": {\"naem\": \"x\"}}"] {
        match of_text("a", text.as_bytes()) {
            Err(Error::Profile(why)) => {
                assert!(why.contains("naem") && why.contains("line"), "{why}");
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(from_profile("profile = 2"), Err(Error::ProfileVersion(2)));
}

#[test]
fn the_schema_is_the_one_in_the_documentation() {
    let path = format!("{DOCS}/profile.schema.json");
    let schema = schemars::schema_for!(Target);
    let text = serde_json::to_string_pretty(&schema).expect("a schema") + "\n";
    if std::env::var_os("XENSPECT_BLESS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let kept = std::fs::read_to_string(&path).expect("docs/profile.schema.json");
    assert_eq!(kept, text, "run this test with XENSPECT_BLESS=1");
}
