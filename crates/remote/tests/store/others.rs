//! Azure's and Google's stores. No server of theirs is to be had here; one of S3's that asks for no signature understands what
//! reading takes of their languages.

use xenspect_objects::Server;
use xenspect_remote::{Remote, RemoteError, Url};
use xenspect_scan::{Depth, Source};
use xenspect_synth::Recipe;

use crate::support::{catalog, little_patience};

fn serve(variables: &[(&str, &str)], front: &str) {
    let directory = tempfile::tempdir().expect("a directory");
    let folder = directory.path().join("backups/a b");
    std::fs::create_dir_all(&folder).expect("folders");
    let bytes = Recipe::named("two-disks").expect("a recipe").build();
    std::fs::write(folder.join("50%.xva"), &bytes).expect("a file");
    let server = Server::start_public(directory.path()).expect("a server");
    let endpoint = format!("http://{}", server.address());
    let variables = variables.iter().map(|(name, value)| {
        let value = value.replace("ENDPOINT", &endpoint);
        ((*name).to_owned(), value)
    });
    let remote = Remote::new(variables, little_patience()).expect("a client");
    let url = Url::parse(&format!("{front}/a b/50%.xva")).expect("a URL");
    let expected = catalog(Source::memory(bytes.clone()), Depth::Full);
    let random = remote.open_random(&url).expect("there");
    assert_eq!(catalog(random, Depth::Full), expected);
    assert_eq!(remote.small(&url, 1 << 30), Ok(bytes));
    let missing = url.beside("missing");
    assert_eq!(remote.about(&missing), Err(RemoteError::NoSuchObject));
    for request in server.requests() {
        assert!(
            matches!(request.method.as_str(), "GET" | "HEAD"),
            "{request:?}"
        );
    }
}

#[test]
fn google() {
    let variables = [
        ("GOOGLE_BASE_URL", "ENDPOINT"),
        ("GOOGLE_SKIP_SIGNATURE", "true"),
        ("GOOGLE_ALLOW_HTTP", "true"),
    ];
    serve(&variables, "gs://backups");
}

#[test]
fn azure() {
    let variables = [
        ("AZURE_STORAGE_ENDPOINT", "ENDPOINT"),
        ("AZURE_SKIP_SIGNATURE", "true"),
        ("AZURE_ALLOW_HTTP", "true"),
    ];
    serve(&variables, "az://backups@account");
    let variables = [&variables[..], &[("AZURE_STORAGE_ACCOUNT_NAME", "account")]].concat();
    serve(&variables, "abfss://backups");
}
