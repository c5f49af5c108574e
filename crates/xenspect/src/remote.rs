//! Inputs in object stores: what the commands need of them, by the text that was given.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use xenspect_remote::{About, Remote, RemoteError, Url};
use xenspect_scan::Source;
use xenspect_state::Look;

/// How an input is going to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Parts of it, wherever they are.
    Random,
    /// All of it, from front to end.
    Stream,
}

/// An object below a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its URL, to be opened and shown.
    pub(crate) url: PathBuf,
    /// Its key without the prefix, with `/` between the parts.
    pub(crate) relative: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// When it was written.
    pub(crate) modified: SystemTime,
    /// What changes whenever the object does.
    pub(crate) etag: Option<String>,
}

/// What lies below a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Below {
    /// The objects, by key.
    pub(crate) objects: Vec<Listed>,
    /// URLs of those that cannot be asked for, each with the reason. The first thousand.
    pub(crate) unreadable: Vec<(PathBuf, String)>,
    /// How many of these are not named.
    pub(crate) more_unreadable: u64,
}

/// Whether an input is meant as a URL (`scheme://`). A file whose name looks like one is given as `./scheme://`.
pub(crate) fn is_url(path: &Path) -> bool {
    path.to_str().is_some_and(Url::is_remote)
}

/// Whether a URL means all that is below it, and nothing else: it ends in a slash.
pub(crate) fn is_prefix(path: &Path) -> bool {
    url(path).is_ok_and(|url| url.is_prefix())
}

/// The URL as it may be shown: without a password that somebody put into it.
pub(crate) fn shown(path: &Path) -> String {
    Url::shown(&path.to_string_lossy())
}

/// The URL of something with another name beside an object.
pub(crate) fn beside(path: &Path, file_name: &str) -> Option<PathBuf> {
    let url = url(path).ok()?;
    Some(url.beside(file_name).to_string().into())
}

/// Opens an object.
pub(crate) fn open(path: &Path, manner: Manner) -> Result<Source, String> {
    words(|| {
        let url = url(path)?;
        if url.is_prefix() {
            return Err(Failure::Prefix);
        }
        let opened = match manner {
            Manner::Random => remote()?.open_random(&url),
            Manner::Stream => remote()?.open_stream(&url),
        };
        match opened {
            // Perhaps a slash at its end was forgotten.
            Err(RemoteError::NoSuchObject) if remote()?.is_any_below(&url) == Ok(true) => {
                Err(Failure::OnlyPrefix)
            }
            opened => Ok(opened?),
        }
    })
}

/// Size, time and tag of an object.
pub(crate) fn about(path: &Path) -> Result<About, String> {
    words(|| Ok(remote()?.about(&url(path)?)?))
}

/// What stands for the time of a change where a store tells no tag.
const BY_TIME: &str = "written ";

/// A look at an object. It is there as a whole or not at all, so its time says nothing of whether somebody writes it; it stands in
/// for a tag where there is none.
pub(crate) fn look(size: u64, etag: Option<String>, modified: SystemTime) -> Look {
    let second = || {
        modified
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    };
    Look {
        size,
        tag: etag.unwrap_or_else(|| format!("{BY_TIME}{}", second())),
        ..Look::default()
    }
}

/// Whether a look has a tag of the store's own.
pub(crate) fn has_tag(look: &Look) -> bool {
    !look.tag.starts_with(BY_TIME)
}

/// The same; `None` where there is none of that name.
pub(crate) fn find(path: &Path) -> Result<Option<About>, String> {
    words(|| Ok(remote()?.find(&url(path)?)?))
}

/// A small object whole; `None` where there is none of that name.
pub(crate) fn small(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, String> {
    words(|| match remote()?.small(&url(path)?, limit) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(RemoteError::NoSuchObject) => Ok(None),
        Err(error) => Err(error.into()),
    })
}

/// All objects below a prefix, with or without a slash at its end.
pub(crate) fn list(path: &Path) -> Result<Below, String> {
    words(|| {
        let url = url(path)?;
        let listing = remote()?.list(&url)?;
        let prefix = match url.key() {
            "" => String::new(),
            key => format!("{}/", key.strip_suffix('/').unwrap_or(key)),
        };
        let of_key = |key: &str| PathBuf::from(url.with_key(key).to_string());
        let reason = RemoteError::from(xenspect_remote::UrlError::BadKey).to_string();
        Ok(Below {
            more_unreadable: listing
                .odd_count
                .saturating_sub(listing.odd.len().try_into().unwrap_or(u64::MAX)),
            unreadable: listing
                .odd
                .iter()
                .map(|key| (of_key(key), reason.clone()))
                .collect(),
            objects: listing
                .objects
                .into_iter()
                .map(|object| Listed {
                    url: of_key(&object.key),
                    relative: object
                        .key
                        .strip_prefix(&prefix)
                        .unwrap_or(&object.key)
                        .to_owned(),
                    size: object.size,
                    modified: object.modified,
                    etag: object.etag,
                })
                .collect(),
        })
    })
}

fn url(path: &Path) -> Result<Url, RemoteError> {
    Ok(Url::parse(path.to_str().unwrap_or_default())?)
}

/// The one client of the process, made when it is first needed.
fn remote() -> Result<&'static Remote, RemoteError> {
    static REMOTE: OnceLock<Result<Remote, RemoteError>> = OnceLock::new();
    let made = REMOTE.get_or_init(Remote::from_environment);
    made.as_ref().map_err(Clone::clone)
}

/// Why nothing is opened.
enum Failure {
    Remote(RemoteError),
    Prefix,
    /// The same, and it has no slash at its end.
    OnlyPrefix,
}

impl From<RemoteError> for Failure {
    fn from(error: RemoteError) -> Self {
        Self::Remote(error)
    }
}

/// Runs an action, and puts into words why it did not succeed.
fn words<T>(action: impl FnOnce() -> Result<T, Failure>) -> Result<T, String> {
    action().map_err(|failure| match failure {
        Failure::Remote(error) => error.to_string(),
        Failure::OnlyPrefix => {
            "404: there is no such object, but there are some below it; use -r for the backups there"
                .to_owned()
        }
        Failure::Prefix => "names all that is below it; use -r for the backups there".to_owned(),
    })
}
