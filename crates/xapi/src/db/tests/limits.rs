//! Every limit is a refusal of its own, and none is passed by one too few.

use super::super::{Database, DumpLimits};
use super::dump;

fn refused(text: &str, change: impl Fn(&mut DumpLimits)) -> &'static str {
    let mut limits = DumpLimits::default();
    change(&mut limits);
    match Database::read(text.as_bytes(), &limits) {
        Ok(_) => "",
        Err(error) => {
            assert!(error.kind.is_limit());
            error.kind.name()
        }
    }
}

#[test]
fn each_limit() {
    let text = dump("<table name='a'><row ref='1' b='23456' c=''/><row ref='2' d=''/></table>");
    assert_eq!(
        refused(&text, |limits| limits.bytes = text.len() - 1),
        "too-large"
    );
    assert_eq!(refused(&text, |limits| limits.bytes = text.len()), "");
    assert_eq!(
        refused(&text, |limits| limits.attributes = 2),
        "too-many-attributes"
    );
    assert_eq!(refused(&text, |limits| limits.attributes = 3), "");
    assert_eq!(
        refused(&text, |limits| limits.value_bytes = 4),
        "value-too-long"
    );
    assert_eq!(refused(&text, |limits| limits.rows = 1), "too-many-rows");
    assert_eq!(refused(&text, |limits| limits.rows = 2), "");
    assert_eq!(
        refused(&text, |limits| limits.columns = 3),
        "too-many-columns"
    );
    assert_eq!(refused(&text, |limits| limits.columns = 4), "");
    assert_eq!(
        refused(&text, |limits| limits.tables = 2),
        "too-many-tables"
    );
    assert_eq!(refused(&text, |limits| limits.tables = 3), "");
    let deep = dump(&format!("{}{}", "<x>".repeat(40), "</x>".repeat(40)));
    assert_eq!(refused(&deep, |_| {}), "too-deep");
    assert_eq!(refused(&deep, |limits| limits.depth = 41), "");
}

#[test]
fn oddities_of_a_kind_are_counted_past_the_limit() {
    let text = dump(&format!(
        "<table name='a'>{}<x/></table>",
        "<row/>".repeat(10)
    ));
    let limits = DumpLimits {
        oddities: 3,
        ..DumpLimits::default()
    };
    let database = Database::read(text.as_bytes(), &limits).unwrap();
    let oddities = database.oddities();
    assert_eq!(oddities.count("missing-ref"), 10);
    assert_eq!(oddities.dropped.get("missing-ref"), Some(&7));
    assert_eq!(oddities.count("unknown-element"), 1);
    assert_eq!(oddities.kept.len(), 4);
    assert_eq!(oddities.count("cut"), 0);
}
