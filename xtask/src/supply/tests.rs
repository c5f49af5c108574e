use super::*;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn allowed() -> Allowed {
    let text = "licences = [\"MIT\"]\n[build-scripts]\n[macros]\n[doubled]\n[banned]\nopenssl-sys = \"another TLS\"\n";
    Allowed::read(text).unwrap()
}

/// One crate of others beside one of the workspace.
fn packages(name: &str, version: &str, source: &str, license: &str, kind: &str) -> Packages {
    let json = format!(
        r#"{{"packages":[
            {{"id":"own","name":"own","version":"0.1.0","source":null,"license":"MIT","targets":[],
              "dependencies":[{{"name":"{name}","req":"^1","path":null}}]}},
            {{"id":"other","name":"{name}","version":"{version}","source":"{source}","license":"{license}",
              "targets":[{{"kind":["lib"]}},{{"kind":["{kind}"]}}],"dependencies":[]}}],
            "workspace_members":["own"]}}"#
    );
    Packages::of_metadata(json.as_bytes()).unwrap()
}

fn wrong(packages: &Packages) -> Vec<String> {
    let mut allowed = allowed();
    // What is allowed and not there is another test.
    let mut wrong = check(packages, &allowed);
    allowed.licences.clear();
    wrong.retain(|sentence| !sentence.contains("nothing of that is there"));
    wrong
}

#[test]
fn a_crate_of_the_registry_with_a_usual_licence_passes() {
    for license in ["MIT", "MIT OR Apache-2.0", "Apache-2.0/MIT"] {
        assert!(wrong(&packages("one", "1.0.0", REGISTRY, license, "test")).is_empty());
    }
}

#[test]
fn each_thing_that_is_not_allowed_is_said() {
    for (packages, words) in [
        (
            packages("one", "1.0.0", "git+ssh://somewhere", "MIT", "test"),
            "not from the registry",
        ),
        (
            packages("one", "1.0.0", REGISTRY, "MIT AND GPL-3.0-only", "test"),
            "has the licence",
        ),
        (
            packages("one", "1.0.0", REGISTRY, "whatever", "test"),
            "has the licence",
        ),
        (
            packages("one", "1.0.0", REGISTRY, "MIT", "custom-build"),
            "(build script)",
        ),
        (
            packages("one", "1.0.0", REGISTRY, "MIT", "proc-macro"),
            "(procedural macro)",
        ),
        (
            packages("openssl-sys", "1.0.0", REGISTRY, "MIT", "test"),
            "is banned: another TLS",
        ),
    ] {
        let wrong = wrong(&packages);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert!(wrong[0].contains(words), "{wrong:?}");
    }
}

#[test]
fn two_versions_and_no_version_are_said() {
    let mut both = packages("one", "1.0.0", REGISTRY, "MIT", "test");
    both.foreign
        .extend(packages("one", "2.0.0", REGISTRY, "MIT", "test").foreign);
    assert_eq!(wrong(&both), ["one is there as 1.0.0 and 2.0.0"]);
    let json = r#"{"packages":[{"id":"own","name":"own","version":"0.1.0","source":null,"license":"MIT","targets":[],
        "dependencies":[{"name":"any","req":"*","path":null},{"name":"near","req":"*","path":"/near"}]}],
        "workspace_members":["own"]}"#;
    let packages = Packages::of_metadata(json.as_bytes()).unwrap();
    assert_eq!(wrong(&packages), ["own asks for any without a version"]);
}

#[test]
fn what_is_allowed_for_nothing_is_said() {
    let none = Packages::default();
    assert_eq!(
        check(&none, &allowed()),
        ["supply.toml allows MIT in licences, and nothing of that is there"]
    );
}

#[test]
fn an_entry_needs_a_reason() {
    let text = "licences = []\n[build-scripts]\none = \"\"\n[macros]\n[doubled]\n[banned]\n";
    let error = Allowed::read(text).unwrap_err().to_string();
    assert!(error.contains("one has no reason"), "{error}");
}

#[test]
fn a_lock_names_sources_and_checksums() {
    let good = format!(
        "[[package]]\nname = \"a\"\nsource = \"{REGISTRY}\"\nchecksum = \"00\"\n\n[[package]]\nname = \"own\"\n"
    );
    assert!(lock(&good).is_empty());
    let without = good.replace("checksum", "sum");
    assert_eq!(lock(&without), ["fuzz: a has no checksum"]);
    let elsewhere = good.replace(REGISTRY, "git+ssh://somewhere");
    assert_eq!(lock(&elsewhere), ["fuzz: a comes from git+ssh://somewhere"]);
}

/// What cargo-deny is asked has the same licences, and bans the same crates.
#[test]
fn both_files_allow_the_same() {
    #[derive(serde::Deserialize)]
    struct Deny {
        licenses: Licenses,
        bans: Bans,
    }
    #[derive(serde::Deserialize)]
    struct Licenses {
        allow: BTreeSet<String>,
    }
    #[derive(serde::Deserialize)]
    struct Bans {
        deny: Vec<Banned>,
    }
    #[derive(serde::Deserialize)]
    struct Banned {
        #[serde(rename = "crate")]
        name: String,
    }
    let root = crate::Folders::find().root;
    let allowed = Allowed::read(&read(&root.join("supply.toml")).unwrap()).unwrap();
    let deny: Deny = toml::from_str(&read(&root.join("deny.toml")).unwrap()).unwrap();
    assert_eq!(deny.licenses.allow, allowed.licences);
    for Banned { name } in deny.bans.deny {
        assert!(
            allowed.banned.keys().any(|pattern| fits(pattern, &name)),
            "{name} is banned in deny.toml alone"
        );
    }
}
