//! One change in a pool is told as that change, and nothing else is.

mod real;
mod series;
mod support;
mod table;

use std::collections::BTreeSet;

use support::{compare, compare_with, lines};
use table::TABLE;
use xenspect_diff::Settings;
use xenspect_synth::{Change, DumpKind, DumpRecipe, change};

#[test]
fn each_change_is_told_as_what_it_is() {
    let mut wrong = Vec::new();
    for (name, expected) in TABLE {
        let (old, new) = Change::named(name).expect(name).pair();
        let report = compare(&old, &new);
        let told = lines(&report);
        if told != *expected {
            wrong.push(format!("{name}: {told:#?}"));
        }
        assert_eq!(report.same, expected.is_empty(), "{name}");
        assert!(report.not_compared.is_empty(), "{name}: {report:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_change() {
    let known: BTreeSet<_> = Change::all().map(Change::name).collect();
    let told: BTreeSet<_> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(known, told);
}

#[test]
fn no_secret_is_shown() {
    for change in Change::all() {
        let (old, new) = change.pair();
        let all = Settings {
            all: true,
            ..Settings::default()
        };
        for (old, new) in [(&old, &new), (&new, &old)] {
            let json = serde_json::to_string(&compare_with(old, new, &all)).unwrap();
            assert!(!json.contains("PLANTED-SECRET"), "{}", change.name());
            assert!(!json.contains("PLANTED_SECRET"), "{}", change.name());
        }
    }
}

/// What is left out is counted, by what it is.
#[test]
fn what_is_left_out_is_counted() {
    let left_out = |name: &str| {
        let (old, new) = Change::named(name).expect(name).pair();
        let report = compare(&old, &new);
        report.left_out.into_iter().collect::<Vec<_>>()
    };
    let keys: Vec<String> = left_out("volatile-only")
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    for key in [
        "PIF_metrics.last_updated",
        "SR.physical_utilisation",
        "VDI.allowed_operations",
        "VDI.physical_utilisation",
        "VM.allowed_operations",
        "VM.current_operations",
        "VM_guest_metrics.last_updated",
        "VM_guest_metrics.memory",
        "VM_metrics.last_updated",
        "console.*",
        "host_metrics.last_updated",
        "host_metrics.memory_free",
    ] {
        assert!(keys.iter().any(|known| known == key), "{key}: {keys:?}");
    }
    for name in ["rewritten-lines", "rewritten-old"] {
        assert_eq!(left_out(name), [], "{name}");
    }
}

/// What is left out is told on demand; another spelling is no difference then either.
#[test]
fn everything_is_told_if_asked_for() {
    let all = Settings {
        all: true,
        ..Settings::default()
    };
    let is_same = |name: &str| {
        let (old, new) = Change::named(name).expect(name).pair();
        compare_with(&old, &new, &all).same
    };
    assert!(!is_same("volatile-only"));
    assert!(is_same("rewritten-lines"));
    assert!(is_same("rewritten-old"));
}

/// The other way round what came goes, and the same objects change.
#[test]
fn changes_have_two_directions() {
    for change in Change::all() {
        let (old, new) = change.pair();
        support::assert_symmetric(change.name(), &compare(&old, &new), &compare(&new, &old));
    }
}

#[test]
fn a_pool_is_the_same_as_itself() {
    let recipes =
        DumpRecipe::names().filter_map(|(name, _)| Some((name, DumpRecipe::named(name)?)));
    let mut compared = 0;
    for (name, recipe) in recipes {
        if recipe.vms.is_some() || recipe.kind == DumpKind::Stub {
            continue;
        }
        let bytes = recipe.build();
        let report = compare(&bytes, &bytes);
        assert!(
            report.same && report.left_out.is_empty(),
            "{name}: {report:#?}"
        );
        compared += 1;
    }
    assert!(compared > 10, "{compared}");
}

#[test]
fn neighbours_of_the_series_differ() {
    let dumps = change::series();
    for pair in dumps.windows(2) {
        assert!(!compare(&pair[0], &pair[1]).same);
    }
}
