//! Answers as stores give them on bad days, and as no store gives them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use xenspect_remote::{Remote, RemoteError};
use xenspect_scan::Source;

use crate::support::{little_patience, said_by, url};

/// A server that answers as it is told: by the number of the request and its first line.
fn server(
    answer: impl Fn(usize, &str) -> String + Send + Sync + 'static,
) -> (Remote, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let Some(line) = request(&socket) else {
                continue;
            };
            let number = counted.fetch_add(1, Ordering::Relaxed);
            let _ = (&socket).write_all(answer(number, &line).as_bytes());
        }
    });
    let variables = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "access"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let remote = Remote::new(variables, little_patience()).expect("a client");
    (remote, count)
}

/// An object, read through.
fn whole(remote: &Remote) -> Result<Vec<u8>, RemoteError> {
    let Source::Sized { mut reader, .. } = remote.open_stream(&url("a"))? else {
        panic!("one pass");
    };
    let mut bytes = Vec::new();
    match reader.read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(said_by(&error)),
    }
}

/// The first line of a request, when all of it has come.
fn request(socket: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(socket).lines().map_while(Result::ok);
    let first = lines.next()?;
    lines.find(String::is_empty)?;
    Some(first)
}

/// An answer; to `HEAD` its length alone is told.
fn answer(line: &str, status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let body = if line.starts_with("HEAD") { "" } else { body };
    format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
}

const META: &str = "ETag: \"x\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n";

fn good(line: &str) -> String {
    if line.starts_with("HEAD") {
        answer(line, "200 OK", META, "hello")
    } else {
        let headers = format!("{META}Content-Range: bytes 0-4/5\r\n");
        answer(line, "206 Partial Content", &headers, "hello")
    }
}

fn failure(code: &str) -> String {
    format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>m</Message></Error>")
}

#[test]
fn a_store_that_is_busy_is_asked_again() {
    let (remote, count) = server(|number, line| match number {
        // `HEAD`, and the request that asks why.
        0 | 1 => answer(line, "503 Slow Down", "", &failure("SlowDown")),
        3 => answer(
            line,
            "500 Internal Server Error",
            "",
            &failure("InternalError"),
        ),
        4 => answer(line, "429 Too Many Requests", "", ""),
        _ => good(line),
    });
    assert_eq!(whole(&remote), Ok(b"hello".to_vec()));
    assert_eq!(count.load(Ordering::Relaxed), 6);
}

#[test]
fn a_store_that_stays_busy_is_given_up() {
    let (remote, count) = server(|_, line| answer(line, "503 Slow Down", "", &failure("SlowDown")));
    let error = whole(&remote).expect_err("busy");
    assert_eq!(error.to_string(), "the store answers 503 (SlowDown)");
    assert_eq!(count.load(Ordering::Relaxed), 4);
}

#[test]
fn codes_that_are_no_words_are_not_shown() {
    for code in ["\u{1b}[31mred", "a b", "", "x'y", "&lt;", &"A".repeat(65)] {
        let body = failure(code);
        let (remote, _) = server(move |_, line| answer(line, "403 Forbidden", "", &body));
        let error = remote.about(&url("a")).expect_err("no access");
        assert_eq!(
            error.to_string(),
            "403: the store gives no access",
            "{code}"
        );
    }
}

#[test]
fn another_region() {
    let redirect = |_: usize, line: &str| {
        answer(
            line,
            "301 Moved Permanently",
            "",
            &failure("PermanentRedirect"),
        )
    };
    let (remote, _) = server(redirect);
    assert_eq!(remote.about(&url("a")), Err(RemoteError::OtherRegion));
    let malformed = |_: usize, line: &str| {
        answer(
            line,
            "400 Bad Request",
            "",
            &failure("AuthorizationHeaderMalformed"),
        )
    };
    let (remote, _) = server(malformed);
    assert_eq!(remote.about(&url("a")), Err(RemoteError::OtherRegion));
}

#[test]
fn a_store_that_knows_no_conditions_is_watched() {
    let (remote, _) = server(|_, line| {
        good(line).replace(
            if line.starts_with("HEAD") {
                "nothing"
            } else {
                "\"x\""
            },
            "\"y\"",
        )
    });
    assert_eq!(whole(&remote), Err(RemoteError::Changed));
}

#[test]
fn a_store_that_knows_no_ranges_makes_no_sense() {
    let (remote, _) = server(|_, line| answer(line, "200 OK", META, "hello"));
    let error = whole(&remote).expect_err("no range");
    assert!(matches!(error, RemoteError::Nonsense(_)), "{error:?}");
}

#[test]
fn another_range_than_was_asked_for_is_not_taken() {
    let (remote, _) = server(|_, line| good(line).replace("bytes 0-4/5", "bytes 1-5/6"));
    let error = whole(&remote).expect_err("another range");
    assert!(
        matches!(error, RemoteError::Nonsense(_) | RemoteError::Changed),
        "{error:?}"
    );
}

#[test]
fn an_object_in_the_archive_tier() {
    let frozen = |_: usize, line: &str| {
        if line.starts_with("HEAD") {
            good(line)
        } else {
            answer(line, "403 Forbidden", "", &failure("InvalidObjectState"))
        }
    };
    let (remote, _) = server(frozen);
    let error = whole(&remote).expect_err("frozen");
    assert!(error.to_string().contains("(InvalidObjectState"), "{error}");
}
