//! Secrets are compared, and never told.

use xenspect_diff::Settings;
use xenspect_model::diff::{Change, Delta};
use xenspect_synth::{DumpRecipe, Recipe};

use crate::build::{changed, compare, dump, objects, ova_xml};

fn secret(change: Change, key: Option<&str>) -> Delta {
    let key = key.map(str::to_owned);
    Delta::Secret { change, key }
}

#[test]
fn that_a_secret_differs_is_all_that_is_told() {
    for (from, to, class, delta) in [
        (
            "value=\"hunter3\"",
            "value=\"hunter4\"",
            "secret",
            secret(Change::Changed, None),
        ),
        (
            "value=\"hunter3\"",
            "value=\"\"",
            "secret",
            secret(Change::Removed, None),
        ),
        (
            "wlb_password=\"\"",
            "wlb_password=\"hunter5\"",
            "pool",
            secret(Change::Added, None),
        ),
        (
            "'hunter2'",
            "'hunter6'",
            "PBD",
            secret(Change::Changed, Some("cifspassword")),
        ),
        (
            "'hunter2'",
            "'longer-hunter6'",
            "PBD",
            secret(Change::Changed, Some("cifspassword")),
        ),
        (
            "%.('cifspassword'%.'hunter2')",
            "",
            "PBD",
            secret(Change::Removed, Some("cifspassword")),
        ),
        (
            "other_config=\"()\"",
            "other_config=\"(('api_key' 'hunter7'))\"",
            "pool",
            secret(Change::Added, Some("api_key")),
        ),
    ] {
        let report = changed(from, to);
        let objects = objects(&report);
        assert_eq!((objects.len(), &*objects[0].class), (1, class), "{to}");
        let deltas: Vec<_> = objects[0].fields.iter().map(|field| &field.delta).collect();
        assert_eq!(deltas, [&delta], "{to}");
        assert!(!format!("{report:?}").contains("hunter"), "{to}");
    }
}

#[test]
fn a_map_with_a_secret_tells_its_other_keys() {
    let report = changed(
        "(('server'%.'10.0.0.9')%.('cifspassword'%.'hunter2'))",
        "(('server'%.'10.0.0.8')%.('cifspassword'%.'hunter9'))",
    );
    let fields = &objects(&report)[0].fields;
    assert!(matches!(&fields[0].delta, Delta::Map { changed, .. } if changed[0].key == "server"));
    assert_eq!(
        fields[1].delta,
        secret(Change::Changed, Some("cifspassword"))
    );
    assert_eq!(fields.len(), 2);
    assert!(!format!("{report:?}").contains("hunter"));
}

#[test]
fn passwords_within_texts_are_masked() {
    let report = changed("%.quiet", "%.password=hunter2%.quiet");
    let shown = format!("{:?}", objects(&report)[0].fields);
    assert!(
        shown.contains("root=/dev/xvda") && !shown.contains("hunter"),
        "{shown}"
    );
}

/// Where a fixture has what is personal and no secret.
const PERSONAL: [&str; 1] = ["host.license_params[serialnumber]"];

/// Every planted text of the fixtures is changed, taken out and put in; no report has any.
#[test]
fn planted_secrets_are_in_no_report() {
    let all = Settings {
        all: true,
        ..Settings::default()
    };
    let recipe = DumpRecipe::named("pool-8.2").unwrap();
    let mut planted = recipe.planted();
    planted.retain(|(place, text)| !PERSONAL.contains(&&**place) && text.len() > 5);
    assert!(!planted.is_empty());
    let text = String::from_utf8(recipe.build()).unwrap();
    let mut other = text.clone();
    for (at, (_, secret)) in planted.iter().enumerate() {
        other = other.replace(&**secret, &format!("CHANGED-{at}"));
    }
    assert_ne!(text, other);
    let empty = "<database><manifest/></database>".to_owned();
    for (old, new) in [
        (&text, &other),
        (&other, &text),
        (&text, &empty),
        (&empty, &text),
    ] {
        let report = compare(&dump(old.as_bytes()), &dump(new.as_bytes()), &all);
        let shown = format!("{report:?}");
        for (place, secret) in &planted {
            assert!(!shown.contains(&**secret), "{place}");
        }
        assert!(!shown.contains("CHANGED"));
        assert!(!report.same);
    }
}

#[test]
fn planted_secrets_of_exports_are_in_no_report() {
    let settings = Settings {
        all: true,
        ..Settings::default()
    };
    for (name, _) in Recipe::names() {
        let recipe = Recipe::named(name).unwrap();
        let planted = recipe.planted();
        let Some(bytes) = recipe.document().and(recipe.document_text()) else {
            continue;
        };
        let changed = String::from_utf8_lossy(&bytes).replace("PLANTED", "CHANGED");
        let report = compare(&ova_xml(&bytes), &ova_xml(changed.as_bytes()), &settings);
        let shown = format!("{report:?}");
        for (place, text) in planted {
            assert!(!shown.contains(&*text), "{name}: {place}");
        }
        assert!(
            !shown.contains("PLANTED") && !shown.contains("CHANGED"),
            "{name}"
        );
    }
}
