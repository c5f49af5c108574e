//! What an object store answers, read as a listing of its keys.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use xenspect_remote::{Patience, Remote, Url};

/// Statuses that are answered with; one that asks for another attempt would only cost time.
const STATUSES: [&str; 4] = ["200 OK", "200 OK", "404 Not Found", "403 Forbidden"];

/// A store on loopback that gives every question the same answer.
struct Store {
    answer: Arc<Mutex<Vec<u8>>>,
    remote: Remote,
}

/// Answers every request with the bytes, under a status that the first one chooses, and asks for the objects below a prefix, and
/// whether there are any.
///
/// Invariants:
/// - a listing ends, whatever the store says of further pages;
/// - its keys lie below the prefix, are in order, none is there twice, and each can be asked for;
/// - keys that cannot be asked for are counted, and no more of them are kept than a thousand;
/// - what is refused is refused in words.
///
/// # Panics
///
/// When one of them does not hold, or there is no port on loopback.
pub fn listings(data: &[u8]) {
    thread_local! {
        static STORE: Store = Store::start();
    }
    STORE.with(|store| {
        *store.answer.lock().unwrap_or_else(PoisonError::into_inner) = data.to_vec();
        let url = Url::parse("s3://bucket/a/").expect("a prefix");
        let _ = store.remote.is_any_below(&url);
        match store.remote.list(&url) {
            Ok(listing) => {
                let keys = || listing.objects.iter().map(|object| object.key.as_str());
                assert!(keys().is_sorted_by(|one, next| one < next));
                for key in keys() {
                    assert!(key.starts_with("a/"), "{key:?} is not below the prefix");
                    let object = format!("s3://bucket/{key}");
                    assert!(Url::parse(&object).is_ok(), "{key:?} cannot be asked for");
                }
                let kept = listing.odd.len() as u64;
                assert!(kept <= 1000 && kept <= listing.odd_count);
            }
            Err(why) => assert!(!why.to_string().is_empty()),
        }
    });
}

impl Store {
    fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port on loopback");
        let address = listener.local_addr().expect("a bound socket has one");
        let answer = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::clone(&answer);
        // It lives as long as the process.
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let answers = Arc::clone(&answers);
                thread::spawn(move || serve(&connection, &answers));
            }
        });
        let variables = [
            ("AWS_ENDPOINT_URL", format!("http://{address}")),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value));
        let second = Duration::from_secs(1);
        let patience = Patience {
            connect: second,
            idle: second,
            overall: second,
            attempts: 1,
            first_attempts: 1,
        };
        Self {
            answer,
            remote: Remote::new(variables, patience).expect("threads can be started"),
        }
    }
}

/// Answers the requests of one connection.
fn serve(connection: &TcpStream, answer: &Mutex<Vec<u8>>) {
    let _ = connection.set_nodelay(true);
    let mut lines = BufReader::new(connection);
    let mut line = String::new();
    let mut is_head = false;
    loop {
        line.clear();
        match lines.read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => is_head |= line.starts_with("HEAD "),
        }
        if !line.trim_end().is_empty() {
            continue;
        }
        let answer = answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let (status, body) = answer.split_first().unwrap_or((&0, &[]));
        let status = STATUSES[usize::from(*status) % STATUSES.len()];
        let mut response = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {}\r\n\
             Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT\r\nETag: \"1\"\r\n\r\n",
            body.len()
        )
        .into_bytes();
        if !std::mem::take(&mut is_head) {
            response.extend_from_slice(body);
        }
        let mut connection = connection;
        if connection.write_all(&response).is_err() {
            return;
        }
    }
}
