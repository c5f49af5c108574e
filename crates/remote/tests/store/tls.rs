//! TLS, against a server that is not of our making.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use xenspect_remote::{Listing, Remote, RemoteError};

use crate::support::{little_patience, url};

/// `openssl s_server` with a certificate that nobody has signed. It answers each request with a page about the connection.
struct Foreign {
    server: Child,
    address: String,
    /// What it writes, which it must be able to.
    _said: BufReader<ChildStdout>,
    _directory: tempfile::TempDir,
}

impl Foreign {
    fn start() -> Option<Self> {
        let directory = tempfile::tempdir().ok()?;
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            ])
            .args([
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
            ])
            .args(["-keyout", "key.pem", "-out", "cert.pem"])
            .current_dir(&directory)
            .stderr(Stdio::null())
            .status()
            .ok()?;
        if !made.success() {
            return None;
        }
        let mut server = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-www"])
            .args(["-key", "key.pem", "-cert", "cert.pem"])
            .current_dir(&directory)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut said = BufReader::new(server.stdout.take()?);
        let port = (&mut said).lines().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("ACCEPT 127.0.0.1:")
                .map(ToOwned::to_owned)
        });
        let Some(port) = port else {
            let _ = server.kill();
            return None;
        };
        Some(Self {
            server,
            address: format!("https://localhost:{port}"),
            _said: said,
            _directory: directory,
        })
    }

    fn asked(&self, more: &[(&str, &str)]) -> Result<Listing, RemoteError> {
        let variables = [
            ("AWS_ENDPOINT_URL", self.address.as_str()),
            ("AWS_ACCESS_KEY_ID", "access"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
        ];
        let variables = variables.iter().chain(more);
        let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let remote = Remote::new(variables, little_patience()).expect("a client");
        // A listing, since that server says nothing to HEAD.
        remote.list(&url(""))
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn certificates_are_checked_and_the_handshake_works() {
    let Some(foreign) = Foreign::start() else {
        eprintln!("left out: there is no openssl that serves");
        return;
    };
    let checked = foreign.asked(&[]);
    let Err(RemoteError::Unreachable(reason)) = &checked else {
        panic!("{checked:?}");
    };
    assert!(reason.contains("certificate"), "{reason}");
    // Told not to check, the client comes as far as the page, in which there are no objects.
    let unchecked = foreign.asked(&[("AWS_ALLOW_INVALID_CERTIFICATES", "true")]);
    assert!(
        matches!(&unchecked, Ok(listing) if listing.objects.is_empty())
            || matches!(&unchecked, Err(RemoteError::Nonsense(_))),
        "{unchecked:?}"
    );
}
