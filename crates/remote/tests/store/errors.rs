//! What cannot be read is said in words, and no secret is among them.

use std::net::TcpListener;

use xenspect_objects::{ACCESS_KEY, SECRET_KEY};
use xenspect_remote::{Remote, RemoteError, Url, UrlError};

use crate::support::{Store, little_patience, url};

fn with(store: &Store, changes: &[(&str, &str)]) -> Remote {
    let mut variables = store.server.variables();
    for (name, value) in changes {
        variables.retain(|(known, _)| known != name);
        variables.push(((*name).to_owned(), (*value).to_owned()));
    }
    Remote::new(variables, little_patience()).expect("a client")
}

fn words(remote: &Remote, url: &Url) -> String {
    let error = remote.about(url).expect_err("no object");
    let words = error.to_string();
    for secret in [
        SECRET_KEY,
        "another-secret",
        "a-session-token",
        "Signature=",
    ] {
        assert!(!words.contains(secret), "{words}");
        assert!(!format!("{error:?}").contains(secret), "{error:?}");
    }
    words
}

#[test]
fn what_is_not_there() {
    let store = Store::new();
    let remote = store.remote();
    assert_eq!(words(&remote, &url("none")), "404: there is no such object");
    assert_eq!(
        words(&remote, &url("folder/")),
        "404: there is no such object"
    );
    let elsewhere = Url::parse("s3://nowhere/key").expect("a URL");
    let no_bucket = "404: there is no such bucket or container";
    assert_eq!(words(&remote, &elsewhere), no_bucket);
    assert_eq!(remote.list(&elsewhere), Err(RemoteError::NoSuchBucket));
}

#[test]
fn wrong_credentials() {
    let store = Store::new();
    let there = store.put("a", b"hello");
    let remote = with(&store, &[("AWS_SECRET_ACCESS_KEY", "another-secret")]);
    assert_eq!(
        words(&remote, &there),
        "403: the store gives no access (SignatureDoesNotMatch: the secret key is not the one of this access key)"
    );
    let listed = remote.list(&url("")).expect_err("no access");
    assert!(matches!(listed, RemoteError::Denied { status: 403, .. }));
    let remote = with(&store, &[("AWS_ACCESS_KEY_ID", "another")]);
    let said = words(&remote, &there);
    assert!(
        said.starts_with("403: the store gives no access ("),
        "{said}"
    );
    // Nothing of that is worth a second try.
    let asked = store.server.requests().len();
    assert_eq!(asked, 5);
}

#[test]
fn no_credentials() {
    let store = Store::new();
    let there = store.put("a", b"hello");
    let mut variables = store.server.variables();
    variables.retain(|(name, _)| !name.contains("ACCESS_KEY"));
    // Where a machine in a cloud is told its credentials: nobody is there.
    let nobody = (
        "AWS_METADATA_ENDPOINT".to_owned(),
        format!("http://{}", free_address()),
    );
    variables.push(nobody);
    let remote = Remote::new(variables, little_patience()).expect("a client");
    assert_eq!(
        words(&remote, &there),
        "there are no credentials for the store: none are in the environment, and this machine is given none (set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
    );
}

#[test]
fn half_of_the_credentials() {
    let store = Store::new();
    let mut variables = store.server.variables();
    variables.retain(|(name, _)| name != "AWS_ACCESS_KEY_ID");
    let remote = Remote::new(variables, little_patience()).expect("a client");
    assert_eq!(
        words(&remote, &url("a")),
        "the environment does not tell how to reach the store: Missing AccessKeyId"
    );
}

#[test]
fn a_variable_set_to_nothing_is_not_set() {
    let store = Store::new();
    let there = store.put("a", b"hello");
    let remote = with(
        &store,
        &[("AWS_SESSION_TOKEN", ""), ("AWS_ENDPOINT_URL_S3", "")],
    );
    assert_eq!(remote.small(&there, 5), Ok(b"hello".to_vec()));
}

#[test]
fn nobody_listens() {
    let store = Store::new();
    let address = free_address();
    let endpoint = format!("http://{address}");
    let remote = with(
        &store,
        &[
            ("AWS_ENDPOINT_URL", &endpoint),
            ("AWS_SESSION_TOKEN", "a-session-token"),
        ],
    );
    let said = words(&remote, &url("a"));
    assert!(
        said.starts_with("the store cannot be reached: Connection refused"),
        "{said}"
    );
}

#[test]
fn a_host_without_an_address() {
    let store = Store::new();
    let remote = with(&store, &[("AWS_ENDPOINT_URL", "http://store.invalid")]);
    let said = words(&remote, &url("a"));
    assert!(
        said.starts_with("the store cannot be reached: failed to lookup address"),
        "{said}"
    );
}

#[test]
fn a_plain_endpoint_has_to_be_allowed() {
    let store = Store::new();
    let mut variables = store.server.variables();
    variables.retain(|(name, _)| name != "AWS_ALLOW_HTTP");
    let remote = Remote::new(variables, little_patience()).expect("a client");
    let said = words(&remote, &url("a"));
    assert!(said.contains("AWS_ALLOW_HTTP=true"), "{said}");
    assert!(store.server.requests().is_empty());
}

#[test]
fn a_server_of_something_else() {
    let store = Store::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let mut socket = socket;
            let _ = std::io::Write::write_all(&mut socket, b"220 mail.invalid ESMTP\r\n");
        }
    });
    let remote = with(&store, &[("AWS_ENDPOINT_URL", &endpoint)]);
    let said = words(&remote, &url("a"));
    assert!(
        said.starts_with("the connection to the store breaks"),
        "{said}"
    );
}

#[test]
fn settings_that_are_none() {
    let store = Store::new();
    let remote = with(&store, &[("AWS_CONNECT_TIMEOUT", "soon")]);
    let said = words(&remote, &url("a"));
    assert!(said.contains("soon"), "{said}");
    let azure = Url::parse("az://container/key").expect("a URL");
    let said = words(&remote, &azure);
    assert!(
        said.starts_with("the environment does not tell how to reach the store: "),
        "{said}"
    );
    // A key that is no base64 is not repeated.
    let secret = [
        ("AZURE_STORAGE_ACCOUNT_NAME", "acc"),
        ("AZURE_STORAGE_ACCOUNT_KEY", "another-secret!"),
    ];
    words(&with(&store, &secret), &azure);
}

#[test]
fn more_than_is_read_of_a_small_file() {
    let store = Store::new();
    let there = store.put("a", b"hello");
    assert_eq!(
        store.remote().small(&there, 4),
        Err(RemoteError::TooLarge { size: 5, limit: 4 })
    );
}

#[test]
fn credentials_in_a_url_are_refused() {
    let refused = Url::parse(&format!("s3://{ACCESS_KEY}:{SECRET_KEY}@backups/a"));
    assert_eq!(refused, Err(UrlError::Credentials));
}

/// An address where nobody listens.
fn free_address() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}
