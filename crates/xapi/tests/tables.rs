//! The generated tables against the shared data they are made from, read in a simpler way than the generator does.
//! Skips, and says so, where the data is not there.

use std::path::Path;

use xenspect_xapi::datamodel::{self, Type};
use xenspect_xapi::releases;

/// Rows of a table, without its header.
fn rows(name: &str) -> Vec<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.is_dir() {
        say_skipped(format_args!(
            "skipped: no sample data at {}",
            folder.display()
        ));
        return Vec::new();
    }
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

fn spelled(ty: &Type) -> String {
    match ty {
        Type::String => "string".to_owned(),
        Type::Int => "int".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Float => "float".to_owned(),
        Type::DateTime => "datetime".to_owned(),
        Type::Enum(name) => format!("enum {name}"),
        Type::Ref(class) => format!("{class} ref"),
        Type::Record(class) => format!("{class} record"),
        Type::Set(inner) => format!("{} set", spelled(inner)),
        Type::Option(inner) => format!("{} option", spelled(inner)),
        Type::Map(key, value) => format!("({} -> {}) map", spelled(key), spelled(value)),
        Type::Unlisted => String::new(),
    }
}

#[test]
fn every_column_of_the_datamodel() {
    let rows = rows("xapi-datamodel.tsv");
    for row in &rows {
        let field = datamodel::field(&row[0], &row[1]).unwrap();
        assert_eq!(spelled(&field.ty), row[3], "{row:?}");
        assert_eq!(
            [
                field.api_field,
                field.since,
                field.deprecated,
                field.removed,
                field.default
            ],
            [&row[2], &row[5], &row[6], &row[7], &row[8]].map(String::as_str)
        );
        assert_eq!(field.observed, row[9] == "y");
    }
    assert!(rows.is_empty() || rows.len() == datamodel::fields().len());
}

#[test]
fn every_release_and_every_tag() {
    let expected = rows("xapi-releases.tsv");
    for (row, release) in expected.iter().zip(releases::releases()) {
        assert_eq!(
            [release.name, release.product, release.date],
            [&*row[0], &*row[1], &*row[3]]
        );
        assert_eq!(release.minor, row[2].parse().ok());
    }
    assert!(expected.is_empty() || expected.len() == releases::releases().len());

    let mut plain = 0;
    for row in rows("xapi-schema-versions.tsv") {
        let version = row[0].trim_start_matches('v');
        if version
            .split('.')
            .all(|number| number.parse::<u32>().is_ok())
        {
            let minor: u32 = row[3].parse().unwrap();
            assert!(
                releases::schemas_of_xapi(version).contains(&minor),
                "{row:?}"
            );
            plain += 1;
        }
    }
    assert!(expected.is_empty() || plain > 700);
}

/// Straight to standard error: the test harness hides what its own macros print.
fn say_skipped(what: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{what}");
}
