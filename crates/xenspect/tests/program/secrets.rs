//! Secrets: listed by place, and shown by no command unless that is asked for.

use xenspect_synth::{DumpRecipe, Recipe};

use crate::run::{Folder, dump, good};

/// Planted texts that are about somebody and open nothing: they are shown, and redacted.
const PERSONAL: [&str; 1] = ["host.license_params[serialnumber]"];

/// A recipe's name, what it builds, and the secrets in that: place and text.
type Planted = (&'static str, Vec<u8>, Vec<(String, String)>);

/// Recipes with the secrets planted in them.
fn planted() -> Vec<Planted> {
    // The others hold the same in another envelope or another half.
    let databases = [
        "pool-8.2",
        "pool-xs8",
        "pool-5.6",
        "bugtool-copy",
        "redo-log",
    ];
    let databases = databases.into_iter().filter_map(|name| {
        let mut planted = DumpRecipe::named(name).unwrap().planted();
        planted.retain(|(place, _)| !PERSONAL.contains(&place.as_str()));
        (!planted.is_empty()).then(|| (name, dump(name), planted))
    });
    let archives = Recipe::names().filter_map(|(name, _)| {
        let planted = Recipe::named(name).unwrap().planted();
        (!planted.is_empty()).then(|| (name, good(name), planted))
    });
    databases.chain(archives).collect()
}

/// Whether a text is in what was shown, whatever stands between its characters.
fn shows(shown: &str, secret: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\\' | '%'))
            .collect()
    };
    bare(shown).contains(&bare(secret))
}

#[test]
fn no_command_shows_a_secret() {
    let recipes = planted();
    assert!(recipes.len() > 3, "{} recipes have secrets", recipes.len());
    for (recipe, bytes, planted) in recipes {
        let folder = Folder::with("input", &bytes);
        folder.put(
            "host.xml",
            &xenspect_synth::restore::fresh_host().database(),
        );
        let mut runs: Vec<Vec<&str>> = [
            &["verify", "-v", "input"][..],
            &["verify", "--format", "json", "input"],
            &["inspect", "-v", "input"],
            &["inspect", "--format", "json", "input"],
            &["inspect", "--format", "markdown", "input"],
            &["ls", "input"],
            &["ls", "--format", "json", "input"],
            &["cat", "input", "ova.xml"],
            &["cat", "--pretty", "input", "ova.xml"],
            &["secrets", "--personal", "input"],
            &["secrets", "--personal", "--format", "json", "input"],
            &["redact", "input", "-o", "-"],
            &["preflight", "-v", "input", "--target", "host.xml"],
            &[
                "preflight",
                "--format",
                "json",
                "input",
                "--target",
                "host.xml",
            ],
            &[
                "preflight",
                "--format",
                "markdown",
                "--also",
                "input",
                "input",
                "--target",
                "host.xml",
            ],
            &["preflight", "-v", "host.xml", "--target", "input"],
            &["preflight", "--print-profile", "input"],
        ]
        .into_iter()
        .map(<[&str]>::to_vec)
        .collect();
        let secrets: Vec<&str> = planted.iter().map(|(_, text)| text.as_str()).collect();
        for secret in &secrets {
            runs.push(vec!["inspect", "--find", secret, "input"]);
        }
        let sections = folder
            .run(&["inspect", "--format", "json", "input"])
            .input();
        let sections: Vec<&str> = sections["sections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|section| section["name"].as_str().unwrap())
            .collect();
        for section in &sections {
            runs.push(vec![
                "inspect", "--format", "csv", "--table", section, "input",
            ]);
        }
        let tables = folder.run(&["ls", "--format", "json", "input"]).json();
        let tables: Vec<&str> = tables
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|table| table["table"].as_str())
            .collect();
        for table in &tables {
            runs.push(vec!["cat", "input", table]);
        }
        for args in &runs {
            let answer = folder.run(args);
            // A search repeats what was looked for, in the title of its results.
            let searched = args.get(1) == Some(&"--find");
            for (place, secret) in &planted {
                let shown = |text: &str| {
                    let lines = text
                        .lines()
                        .filter(|line| !(searched && line.contains('"')));
                    shows(&lines.collect::<Vec<_>>().join("\n"), secret)
                };
                let found = shown(&answer.stdout) || shown(&answer.stderr);
                assert!(!found, "{recipe}: {args:?} shows {place}");
            }
        }
    }
}

#[test]
fn every_planted_secret_is_listed() {
    for (recipe, bytes, planted) in planted() {
        let folder = Folder::with("input", &bytes);
        let answer = folder.run(&["secrets", "--format", "json", "input"]);
        assert_eq!(answer.status, 1, "{recipe}: {}", answer.stderr);
        let input = answer.input();
        let listed = input["secrets"].as_array().unwrap();
        assert!(
            listed.len() >= planted.len() / 2,
            "{recipe}: {} of {} are listed",
            listed.len(),
            planted.len()
        );
        for secret in listed {
            assert!(secret["length"].as_u64().unwrap() > 0);
            assert_eq!(secret["grade"], "secret");
        }
    }
}

#[test]
fn secrets_are_printed_when_that_is_asked_for() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let hidden = folder.run(&["cat", "pool.xml", "secret"]);
    let shown = folder.run(&["cat", "--show-secrets", "pool.xml", "secret"]);
    let planted = DumpRecipe::named("pool-8.2").unwrap().planted();
    let of_table: Vec<_> = planted
        .iter()
        .filter(|(place, _)| place.starts_with("secret"))
        .collect();
    assert!(!of_table.is_empty());
    for (_, secret) in of_table {
        assert!(shown.stdout.contains(secret.as_str()));
        assert!(!hidden.stdout.contains(secret.as_str()));
    }
    assert!(hidden.stdout.contains("(secret, "), "{}", hidden.stdout);
}

#[test]
fn a_description_by_another_name_is_masked_too() {
    let recipe = Recipe::named("vtpm-nvram").unwrap();
    let mut archive = recipe.archive();
    archive.members[0].name = b"backup/ova.xml".to_vec();
    let folder = Folder::with("a.xva", &archive.encode());
    let hidden = folder.run(&["cat", "a.xva", "backup/ova.xml"]);
    assert_eq!(hidden.status, 0, "{}", hidden.stderr);
    assert!(hidden.stdout.contains("(secret, "));
    for (place, secret) in recipe.planted() {
        assert!(!hidden.stdout.contains(&secret), "{place}");
    }
}

#[test]
fn the_manifest_is_printed_without_its_token() {
    let folder = Folder::with("pool.xml", &dump("pool-5.6"));
    let manifest = folder.run(&["cat", "pool.xml", "manifest"]).json();
    assert_eq!(manifest["schema_minor_vsn"], "61");
    let token = manifest["pool_token"].as_str().unwrap();
    assert!(token.starts_with("(secret, "), "{token}");
}

#[test]
fn the_list_for_people_names_rows_fields_and_lengths() {
    let folder = Folder::with("pool.xml", &dump("pool-8.2"));
    let answer = folder.run(&["secrets", "pool.xml"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (1, ""));
    insta::assert_snapshot!("secrets_pool", answer.stdout);
    for line in answer.stdout.lines() {
        assert!(xenspect_report::text::columns(line) <= 80, "{line}");
    }
}

#[test]
fn what_could_not_be_read_to_its_end_is_never_free_of_secrets() {
    let mut cut = dump("pool-8.2");
    cut.truncate(200);
    let folder = Folder::with("pool.xml", &cut);
    let answer = folder.run(&["secrets", "pool.xml"]);
    assert_eq!(answer.status, 2, "{}{}", answer.stdout, answer.stderr);
}
