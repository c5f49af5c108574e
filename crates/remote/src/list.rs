//! All objects below a prefix.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::SystemTime;

use object_store::list::PaginatedListOptions;
use object_store::{GetOptions, ObjectMeta, path};

use crate::error::RemoteError;
use crate::patience::{Attempts, Patience};
use crate::setup::Bucket;
use crate::url::Url;

/// No more objects are listed. Ten million take about a gigabyte and a half.
const MOST: usize = 10_000_000;
/// Keys that cannot be asked for are kept up to here, and counted beyond.
const MOST_ODD: usize = 1_000;
/// Keys asked for at once: what stores give at most.
const PAGE: usize = 1_000;
/// Empty objects that are looked at to see whether they are folders.
const MOST_LOOKED_AT: usize = 1_000;

/// An object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its whole key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written.
    pub modified: SystemTime,
    /// What changes whenever the object does.
    pub etag: Option<String>,
}

/// What lies below a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The objects, by key.
    pub objects: Vec<Object>,
    /// Keys that cannot be asked for (`a//b`, `a/../b`, control characters), the first thousand.
    pub odd: Vec<String>,
    /// How many there are of these.
    pub odd_count: u64,
}

pub(crate) async fn list(
    bucket: &Bucket,
    url: &Url,
    patience: &Patience,
) -> Result<Listing, RemoteError> {
    // `-r` means a folder, with or without the slash.
    let prefix = match url.key() {
        "" => None,
        key if key.ends_with('/') => Some(key.to_owned()),
        key => Some(format!("{key}/")),
    };
    let mut listing = Listing::default();
    let mut place = Place::default();
    loop {
        match page(bucket, prefix.as_deref(), &place, patience).await? {
            Page::Good { objects, token } => {
                let last = objects.last().map(|object| object.location.to_string());
                listing.add(objects, prefix.as_deref())?;
                match token.filter(|token| !token.is_empty()) {
                    Some(token) => place.go_on(token, last),
                    None => break,
                }
            }
            // One bad key hides the whole page: it is asked for in ever smaller ones, until it stands alone.
            Page::Odd(key) => {
                if !bucket.starts_anywhere || !prefix.as_deref().is_none_or(|p| key.starts_with(p))
                {
                    return Err(RemoteError::Nonsense(
                        "it lists a key that cannot be asked for",
                    ));
                }
                if place.most > 1 {
                    place.narrow();
                } else {
                    place.skip(&key);
                    listing.add_odd(key);
                }
            }
        }
    }
    // A folder and an object of the same name look alike here, but a folder is empty.
    let order = |object: &Object| (object.key.clone(), Reverse(object.size));
    listing.objects.sort_by_cached_key(order);
    listing.objects.dedup_by(|a, b| a.key == b.key);
    drop_folders(bucket, &mut listing.objects).await;
    Ok(listing)
}

/// Where a listing is.
struct Place {
    token: Option<String>,
    after: Option<String>,
    most: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            token: None,
            after: None,
            most: PAGE,
        }
    }
}

impl Place {
    fn go_on(&mut self, token: String, last: Option<String>) {
        self.token = Some(token);
        self.after = last.or(self.after.take());
        self.most = self.most.saturating_mul(2).min(PAGE);
    }

    fn narrow(&mut self) {
        self.most = (self.most / 2).max(1);
    }

    fn skip(&mut self, key: &str) {
        self.token = None;
        self.after = Some(key.to_owned());
    }
}

enum Page {
    Good {
        objects: Vec<ObjectMeta>,
        token: Option<String>,
    },
    /// It holds a key that the crate does not take.
    Odd(String),
}

async fn page(
    bucket: &Bucket,
    prefix: Option<&str>,
    place: &Place,
    patience: &Patience,
) -> Result<Page, RemoteError> {
    let mut attempts = match place.token {
        None => Attempts::first(patience),
        Some(_) => Attempts::new(patience),
    };
    loop {
        let options = PaginatedListOptions {
            // A token counts for the place; a key behind which to begin is for when there is none.
            offset: place.after.clone().filter(|_| place.token.is_none()),
            page_token: place.token.clone(),
            max_keys: Some(place.most),
            ..PaginatedListOptions::default()
        };
        match bucket.pages.list_paginated(prefix, options).await {
            Ok(page) => {
                return Ok(Page::Good {
                    objects: page.result.objects,
                    token: page.page_token,
                });
            }
            Err(object_store::Error::InvalidPath {
                source: path::Error::EmptySegment { path } | path::Error::BadSegment { path, .. },
            }) => return Ok(Page::Odd(path)),
            Err(error) => {
                let error = match RemoteError::of_client(&error) {
                    RemoteError::NoSuchObject => RemoteError::NoSuchBucket,
                    error => error,
                };
                attempts.again(error).await?;
            }
        }
    }
}

impl Listing {
    fn add(&mut self, objects: Vec<ObjectMeta>, prefix: Option<&str>) -> Result<(), RemoteError> {
        for object in objects {
            let key = String::from(object.location);
            // The folder itself, `prefix/`, comes without its slash.
            if prefix.is_some_and(|prefix| !key.starts_with(prefix)) {
                continue;
            }
            if self.objects.len() >= MOST {
                return Err(RemoteError::TooMany { limit: MOST });
            }
            self.objects.push(Object {
                key,
                size: object.size,
                modified: object.last_modified.into(),
                etag: object.e_tag,
            });
        }
        Ok(())
    }

    fn add_odd(&mut self, key: String) {
        self.odd_count = self.odd_count.saturating_add(1);
        if self.odd.len() < MOST_ODD {
            self.odd.push(key);
        }
    }
}

/// Leaves out the empty objects by which consoles show folders: their keys end with a slash, which is gone from what the client
/// gives. So an empty object is one that can be asked for by what is left of its key.
async fn drop_folders(bucket: &Bucket, objects: &mut Vec<Object>) {
    let mut folders = BTreeSet::new();
    for object in objects
        .iter()
        .filter(|object| object.size == 0)
        .take(MOST_LOOKED_AT)
    {
        let Ok(path) = path::Path::parse(&object.key) else {
            continue;
        };
        let head = GetOptions::new().with_head(true);
        let answer = bucket.objects.get_opts(&path, head).await;
        let error = answer.err().map(|error| RemoteError::of_client(&error));
        if error == Some(RemoteError::NoSuchObject) {
            folders.insert(object.key.clone());
        }
    }
    objects.retain(|object| object.size > 0 || !folders.contains(&object.key));
}
