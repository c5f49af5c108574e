//! Why a database was not compared with what xapi writes: what is said is why.

use xenspect_scan::{Depth, Options, Progress, Source, scan};
use xenspect_synth::DumpRecipe;

const WHAT: &str = "The bytes against what xapi writes: ";

/// What is said behind the colon, of a database that is read to a depth.
fn why(bytes: Vec<u8>, depth: Depth) -> Option<String> {
    let options = Options {
        depth,
        ..Options::default()
    };
    let catalog = scan(Source::memory(bytes), &options, &Progress::default()).expect("a catalog");
    let input = xenspect_rules::input("fixture".to_owned(), &catalog);
    let mut said = input
        .not_checked
        .iter()
        .filter_map(|open| open.strip_prefix(WHAT));
    let why = said.next().map(str::to_owned);
    assert_eq!(said.next(), None);
    let compared = input
        .checked
        .iter()
        .any(|what| what == "Every byte against what xapi writes");
    assert!(!compared || why.is_none());
    why
}

#[test]
fn each_reason_is_told_from_the_others() {
    let made = |recipe: &str| DumpRecipe::named(recipe).expect(recipe).build();
    let without_schema = || {
        let text = String::from_utf8(made("pool-8.2")).expect("text");
        text.replacen("schema_minor_vsn", "schema_minor_vsx", 1)
            .into_bytes()
    };
    let headers = Some("only headers were asked for");
    let old = Some("the schema is older than 66");
    let log = Some("the changes of a redo log are no part of the text");
    for (what, bytes, full, less) in [
        ("pool-8.2", made("pool-8.2"), None, headers),
        ("pool-5.6", made("pool-5.6"), old, old),
        ("redo-log", made("redo-log"), log, log),
        (
            "without a schema",
            without_schema(),
            Some("the schema is not known"),
            Some("the schema is not known"),
        ),
    ] {
        assert_eq!(why(bytes.clone(), Depth::Full).as_deref(), full, "{what}");
        assert_eq!(why(bytes, Depth::Headers).as_deref(), less, "{what}");
    }
}
