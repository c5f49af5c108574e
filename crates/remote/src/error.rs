//! Why something in an object store cannot be read, in words of our own.
//!
//! No text of the client libraries is passed on as it is: it may hold a URL with a signature in it. What is taken of an answer is
//! its status, the store's own code for the error where it is made of letters, and, of what lies beneath, the words of the
//! operating system and of TLS.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use object_store::client::{HttpError, HttpErrorKind};

use crate::url::UrlError;

/// Something in an object store cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// The URL is none.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// The variables of the environment do not make a client.
    #[error("the environment does not tell how to reach the store: {0}")]
    Setup(String),
    /// Nothing to sign requests with.
    #[error(
        "there are no credentials for the store: none are in the environment, and this machine is given none ({0})"
    )]
    NoCredentials(&'static str),
    /// No object of that name.
    #[error("404: there is no such object")]
    NoSuchObject,
    /// No bucket of that name.
    #[error("404: there is no such bucket or container")]
    NoSuchBucket,
    /// The credentials are not good for this.
    #[error("{status}: the store gives no access{code}")]
    Denied {
        /// The status of HTTP.
        status: u16,
        /// What the store calls it.
        code: Code,
    },
    /// The bucket is elsewhere.
    #[error(
        "the store points to another place: the bucket is in another region, so set AWS_REGION (or AWS_ENDPOINT_URL)"
    )]
    OtherRegion,
    /// The object is another one than when it was opened.
    #[error("the object was changed while it was read")]
    Changed,
    /// No connection.
    #[error("the store cannot be reached: {0}")]
    Unreachable(String),
    /// Connected, and then silence.
    #[error("the store does not answer in time")]
    TimedOut,
    /// Connections that end, again and again, before anything comes.
    #[error("the connection to the store breaks again and again: {0}")]
    Broken(String),
    /// Any other answer that is no success.
    #[error("the store answers {status}{code}")]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// What the store calls it.
        code: Code,
    },
    /// An answer that is none.
    #[error("the store's answer makes no sense: {0}")]
    Nonsense(&'static str),
    /// Longer than asked for.
    #[error("has {size} bytes, and no more than {limit} are read of such a file")]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// More objects than are kept.
    #[error("holds more than {limit} objects, the most that are listed: name a longer prefix")]
    TooMany {
        /// The limit.
        limit: usize,
    },
}

/// The store's own name of an error, `SignatureDoesNotMatch` for one. Nothing but letters, so it is safe to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code(Option<String>);

/// Codes that call for more than their name.
const HINTS: [(&str, &str); 5] = [
    ("RequestTimeTooSkewed", "the clock of this machine is wrong"),
    (
        "SignatureDoesNotMatch",
        "the secret key is not the one of this access key",
    ),
    ("InvalidAccessKeyId", "the access key is not known there"),
    ("ExpiredToken", "the session token has expired"),
    (
        "InvalidObjectState",
        "the object is in an archive tier, and has to be restored from it before",
    ),
];

impl Code {
    /// What stands in `<Code>` of an answer.
    fn of_body(body: Option<&str>) -> Self {
        let code = body
            .and_then(|body| body.split_once("<Code>"))
            .and_then(|(_, rest)| rest.split_once("</Code>"))
            .map(|(code, _)| code)
            .filter(|code| (1..=64).contains(&code.len()))
            .filter(|code| code.bytes().all(|b| b.is_ascii_alphabetic()));
        Self(code.map(ToOwned::to_owned))
    }

    fn is(&self, code: &str) -> bool {
        self.0.as_deref() == Some(code)
    }

    /// Whether the store gave one.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(code) = &self.0 else {
            return Ok(());
        };
        match HINTS.iter().find(|(known, _)| known == code) {
            Some((_, hint)) => write!(f, " ({code}: {hint})"),
            None => write!(f, " ({code})"),
        }
    }
}

impl RemoteError {
    /// Whether asking once more can help.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(reason) => !is_certificate(reason),
            Self::TimedOut | Self::Broken(_) => true,
            Self::Refused { status, .. } => matches!(status, 408 | 429 | 500..),
            _ => false,
        }
    }

    /// What an error of the client says of a request.
    pub(crate) fn of_client(error: &object_store::Error) -> Self {
        if let Some(hint) = asks_for_credentials(error) {
            return Self::NoCredentials(hint);
        }
        if let Some((status, body)) = answer(error) {
            return Self::of_answer(status, Code::of_body(body.as_deref()));
        }
        match error {
            object_store::Error::NotFound { .. } => Self::NoSuchObject,
            object_store::Error::Precondition { .. } => Self::Changed,
            object_store::Error::PermissionDenied { .. } => Self::of_answer(403, Code::default()),
            object_store::Error::Unauthenticated { .. } => Self::of_answer(401, Code::default()),
            object_store::Error::InvalidPath { .. } => Self::Url(UrlError::BadKey),
            _ => Self::of_transport(error),
        }
    }

    fn of_answer(status: u16, code: Code) -> Self {
        match status {
            300..=399 => Self::OtherRegion,
            400 if code.is("AuthorizationHeaderMalformed") => Self::OtherRegion,
            401 | 403 => Self::Denied { status, code },
            404 if code.is("NoSuchBucket") || code.is("ContainerNotFound") => Self::NoSuchBucket,
            404 => Self::NoSuchObject,
            412 => Self::Changed,
            _ => Self::Refused { status, code },
        }
    }

    fn of_transport(error: &object_store::Error) -> Self {
        let mut kind = None;
        let mut reason = None;
        for cause in causes(error) {
            if let Some(http) = cause.downcast_ref::<HttpError>() {
                kind = Some(http.kind());
            }
            if let Some(words) = safe_words(cause) {
                reason = Some(words);
            }
        }
        // The client's own complaint of a plain http:// has no type to tell it by.
        let plain = causes(error).any(|cause| cause.to_string() == "URL scheme is not allowed");
        if plain {
            let hint = "the endpoint is http://, which takes AWS_ALLOW_HTTP=true (or AZURE_, GOOGLE_ALLOW_HTTP)";
            return Self::Setup(hint.to_owned());
        }
        let reason = |other: &str| reason.clone().unwrap_or_else(|| other.to_owned());
        match kind {
            Some(HttpErrorKind::Connect) => Self::Unreachable(reason("there is no connection")),
            Some(HttpErrorKind::Timeout) => Self::TimedOut,
            Some(_) => Self::Broken(reason("it ends before all has come")),
            None if causes(error).any(|cause| {
                let words = cause.to_string();
                words.starts_with("Received redirect without LOCATION")
            }) =>
            {
                Self::OtherRegion
            }
            None => Self::Nonsense("it is not what the protocol of the store promises"),
        }
    }
}

impl From<RemoteError> for io::Error {
    fn from(error: RemoteError) -> Self {
        let kind = match &error {
            RemoteError::NoSuchObject | RemoteError::NoSuchBucket => io::ErrorKind::NotFound,
            RemoteError::Denied { .. } | RemoteError::NoCredentials(_) => {
                io::ErrorKind::PermissionDenied
            }
            RemoteError::TimedOut => io::ErrorKind::TimedOut,
            RemoteError::Url(_) => io::ErrorKind::InvalidInput,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

fn is_certificate(reason: &str) -> bool {
    reason.contains("certificate")
}

/// An error and what it comes from, from the outside inwards.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| beneath(*error)).take(32)
}

fn beneath<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    // An error of I/O hides the one it carries behind that one's own source.
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// Status and body of an answer that was no success. The crate keeps the type to itself, but not its words, which begin with the
/// status.
fn answer(error: &object_store::Error) -> Option<(u16, Option<String>)> {
    const WORDS: &str = "Server returned non-2xx status code: ";
    causes(error).find_map(|cause| {
        let words = cause.to_string();
        // In front of anything that a key or a body could say.
        let rest = words.strip_prefix(WORDS)?;
        let status = rest.get(..3)?.parse().ok()?;
        Some((status, rest.get(3..).map(ToOwned::to_owned)))
    })
}

/// What can be shown of a cause: the words of the operating system, and of TLS.
fn safe_words(cause: &(dyn StdError + 'static)) -> Option<String> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(error.to_string());
    }
    let error = cause.downcast_ref::<io::Error>()?;
    let words = error.to_string();
    // What the standard library says of a name without an address is no error of the operating system, by its type.
    let safe = error.get_ref().is_none() || words.starts_with("failed to lookup address");
    safe.then_some(words)
}

/// Whether it failed at asking the machine it runs on for credentials; and what could be set instead.
///
/// The crate tells the request in words alone, `Error performing GET http://host/path in …`, and a key can hold any words. So it
/// counts where the address is that of a machine's metadata, or where something was to be written, which is never done to a store.
fn asks_for_credentials(error: &object_store::Error) -> Option<&'static str> {
    const PLACES: [(&str, &str); 4] = [
        (
            "/latest/api/token",
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ),
        (
            "/latest/meta-data",
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ),
        (
            "/metadata/identity",
            "set AZURE_STORAGE_ACCOUNT_KEY or AZURE_STORAGE_SAS_TOKEN",
        ),
        (
            "/computeMetadata/",
            "set GOOGLE_SERVICE_ACCOUNT or GOOGLE_APPLICATION_CREDENTIALS",
        ),
    ];
    causes(error).find_map(|cause| {
        let words = cause.to_string();
        let mut request = words.strip_prefix("Error performing ")?.split(' ');
        let (method, address) = (request.next()?, request.next()?);
        let (_, address) = address.split_once("://")?;
        let (host, path) = address.split_at_checked(address.find('/')?)?;
        if method != "PUT" && !is_of_the_machine(host) {
            return None;
        }
        let place = PLACES.iter().find(|(place, _)| path.starts_with(place));
        place.map(|(_, hint)| *hint)
    })
}

/// Whether an address, with or without a port, is one at which machines in a cloud are told of themselves.
fn is_of_the_machine(address: &str) -> bool {
    const HOSTS: [&str; 5] = [
        "169.254.169.254",
        "169.254.170.2",
        "[fd00:ec2::254]",
        "metadata.google.internal",
        "metadata",
    ];
    HOSTS.iter().any(|host| {
        let port = address.strip_prefix(host);
        port.is_some_and(|port| port.is_empty() || port.starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{words}")]
    struct Said {
        words: String,
        source: Option<Box<Said>>,
    }

    /// An error whose causes say these words, from the outside inwards.
    fn client(words: &[&str]) -> object_store::Error {
        let mut source = None;
        for words in words.iter().rev() {
            let words = (*words).to_owned();
            source = Some(Box::new(Said { words, source }));
        }
        object_store::Error::Generic {
            store: "S3",
            source: source.expect("words"),
        }
    }

    const TOKEN: &str = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

    #[test]
    fn what_a_key_says_is_no_answer() {
        let nonsense = "it is not what the protocol of the store promises";
        for (words, expected) in [
            (
                vec![
                    "Error performing PUT http://169.254.169.254/latest/api/token in 1s - x",
                    "x",
                ],
                RemoteError::NoCredentials(TOKEN),
            ),
            (
                vec![
                    "Error performing GET http://169.254.169.254/latest/meta-data/iam in 1s - x",
                    "x",
                ],
                RemoteError::NoCredentials(TOKEN),
            ),
            (
                vec![
                    "Error performing GET http://store/latest/meta-data/a.xva in 1s - x",
                    "x",
                ],
                RemoteError::Nonsense(nonsense),
            ),
            (
                vec!["Error performing GET http://store/bucket/latest/api/token in 1s - x"],
                RemoteError::Nonsense(nonsense),
            ),
            (
                vec![
                    "Error performing GET",
                    "Server returned non-2xx status code: 404 Not Found: ",
                ],
                RemoteError::NoSuchObject,
            ),
            (
                vec!["Object at location Server returned non-2xx status code: 404 not found: x"],
                RemoteError::Nonsense(nonsense),
            ),
            (
                vec![
                    "a",
                    "Received redirect without LOCATION, this normally indicates",
                ],
                RemoteError::OtherRegion,
            ),
            (
                vec!["Object at location redirect without LOCATION"],
                RemoteError::Nonsense(nonsense),
            ),
        ] {
            assert_eq!(
                RemoteError::of_client(&client(&words)),
                expected,
                "{words:?}"
            );
        }
    }
}
